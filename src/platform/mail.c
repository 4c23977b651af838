/* mail.c: the last look at a letter before it leaves, the loading of the library that writes it,
 * and the folder that takes mail where no server is configured. Sending is mail_smtp.c's.
 * Invariant: no byte of a name, subject or address reaches a header unless it is one line of clean
 * text. */
#include "platform/mail.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/str.h"
#include "base/utf8.h"
#include "platform/fault.h"
#include "platform/mail_int.h"

enum { ADDRESS_MOST = 254, NAME_MOST = 120 };

bool mail_address_ok(const char *s)
{
    const char *at = s ? strchr(s, '@') : NULL;
    if (!at || at == s || !at[1] || strchr(at + 1, '@') || strlen(s) > ADDRESS_MOST)
        return false;
    if (*s == '-' || *s == '.' || at[-1] == '.')
        return false;
    for (const char *p = s; *p; p++)
        if ((unsigned char)*p <= ' ' || *p == 0x7f || strchr("<>()[]\\,;:\"", *p))
            return false;
    for (const char *p = at + 1; *p; p++)
        if ((unsigned char)*p >= 0x80)
            return false; /* the domain is in ASCII by IDNA */
    return utf8_valid(s, strlen(s));
}

/* Characters that show nothing but change how a line reads or ends. */
static bool is_break(const unsigned char *p, size_t *len)
{
    *len = 1;
    if (*p <= ' ' || *p == 0x7f)
        return true;
    *len = 2;
    if (p[0] == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f)
        return true; /* C1, with NEL */
    *len = 3;
    if (p[0] == 0xe2 && p[1] == 0x80 && (p[2] == 0xa8 || p[2] == 0xa9))
        return true; /* line and paragraph separator */
    return p[0] == 0xe2 && p[1] == 0x80 && p[2] >= 0xaa &&
           p[2] <= 0xae; /* overrides of direction */
}

char *mail_line(struct arena *a, const char *s, size_t most)
{
    struct buf b;
    size_t len;
    buf_init(&b, a, strlen(s) + 2);
    buf_str(&b, "");
    while (*s) {
        if (!is_break((const unsigned char *)s, &len)) {
            buf_char(&b, *s++);
            continue;
        }
        s += len;
        if (b.n > 0 && b.p[b.n - 1] != ' ')
            buf_char(&b, ' ');
    }
    if (b.n > 0 && b.p[b.n - 1] == ' ')
        b.p[--b.n] = '\0';
    return utf8_cut(a, b.p, most);
}

/* ---- the library ------------------------------------------------------------------------------
 */

/* Beside libkade itself, where both are installed and built. */
static void *open_library(struct arena *a)
{
    Dl_info here;
    if (dladdr((const void *)(uintptr_t)&mail_address_ok, &here) != 0 && here.dli_fname) {
        const char *slash = strrchr(here.dli_fname, '/');
        int n = slash ? (int)(slash - here.dli_fname) : 0;
        void *lib = dlopen(arena_printf(a, "%.*s/libkade-mail.so", n, here.dli_fname),
                           RTLD_NOW | RTLD_LOCAL);
        if (lib)
            return lib;
    }
    return dlopen(KADE_LIBDIR "/libkade-mail.so", RTLD_NOW | RTLD_LOCAL);
}

static mail_write_fn *library(struct arena *a)
{
    static struct {
        mail_write_fn *write;
    } self;
    if (self.write)
        return self.write;
    void *lib = open_library(a);
    void *symbol = lib ? dlsym(lib, MAIL_WRITE_SYMBOL) : NULL;
    if (!symbol) {
        log_error("no mail can be written", "why=%s hint=%s", dlerror(),
                  "install libkade-mail.so beside libkade.so");
        return NULL;
    }
    memcpy(&self.write, &symbol, sizeof symbol); /* an object pointer that is a function */
    return self.write;
}

static void take(void *arg, const void *p, size_t n)
{
    buf_put(arg, p, n);
}

enum rc mail_compose(struct arena *a, const struct mail_letter *letter, const char **out, size_t *n)
{
    struct mail_letter l = *letter;
    if (!mail_address_ok(l.to) || !mail_address_ok(l.from))
        return RC_INVALID;
    if (l.reply_to && !mail_address_ok(l.reply_to))
        l.reply_to = NULL;
    if (l.unsubscribe && (strlen(l.unsubscribe) > 900 || strpbrk(l.unsubscribe, " <>\r\n\"")))
        l.unsubscribe = NULL;
    l.from_name = mail_line(a, l.from_name ? l.from_name : "", NAME_MOST);
    l.to_name = l.to_name ? mail_line(a, l.to_name, NAME_MOST) : NULL;
    l.subject = mail_line(a, l.subject, MAIL_SUBJECT_MOST);
    mail_write_fn *write = library(a);
    if (!write)
        return RC_UPSTREAM;
    struct buf b;
    buf_init(&b, a, MAIL_BYTES_MOST);
    bool good = write(&l, take, &b);
    if (!good || buf_rc(&b) != RC_OK)
        return RC_BUG;
    *out = b.p;
    *n = b.n;
    return RC_OK;
}

/* ---- delivery ---------------------------------------------------------------------------------
 */

static bool write_file(const char *file, const char *p, size_t n)
{
    int fd = fault_here(FAULT_FILE, "mail file")
                 ? -1
                 : open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (fd < 0)
        return false;
    ssize_t w = 0;
    for (size_t at = 0; at < n && w >= 0; at += (size_t)w)
        w = write(fd, p + at, n - at);
    return (close(fd) == 0) & (w >= 0);
}

/* Whole or not at all, and the same letter is the same file. */
static enum rc to_folder(const struct conf *c, struct arena *a, const char *id, const char *p,
                         size_t n, const char **problem)
{
    char *dir = arena_printf(a, "%s/mail", c->state_dir);
    char *made = arena_printf(a, "%s/.%s.%d", dir, id, (int)getpid());
    if (mkdir(dir, 0750) != 0 && errno != EEXIST) {
        *problem = arena_printf(a, "cannot make the folder %s: %s", dir, strerror(errno));
        return RC_UPSTREAM;
    }
    if (write_file(made, p, n) && rename(made, arena_printf(a, "%s/%s.eml", dir, id)) == 0)
        return RC_OK;
    *problem = arena_printf(a, "cannot write into %s: %s", dir, strerror(errno));
    (void)unlink(made);
    return RC_UPSTREAM;
}

enum rc mail_deliver(const struct conf *c, struct arena *a, const char *id, const char *to,
                     const char *p, size_t n, const char **problem)
{
    *problem = "";
    if (!mail_address_ok(to)) {
        *problem = "this is no address mail can be sent to";
        return RC_INVALID;
    }
    if (str_empty(c->smtp_url))
        return to_folder(c, a, id, p, n, problem);
    return mail_smtp(c, a, to, p, n, problem);
}
