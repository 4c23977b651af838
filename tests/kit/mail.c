/* mail.c: the jobs process, letters and an SMTP server for tests. */
#include "kit/mail.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/event.h"
#include "app/job.h"
#include "base/str.h"

static void bail(const char *what)
{
    printf("Bail out! %s\n", what);
    exit(99);
}

void kit_work(struct kit *k)
{
    struct app_ctx jobs = {
        .conf = &k->conf, .registry = k->app.registry, .pool = "jobs", .arena = k->arena
    };
    if (app_open(&jobs, "kade_jobs", "test") != RC_OK)
        bail("the jobs process does not start");
    bool busy = true;
    for (int i = 0; busy && i < 500; i++) {
        size_t events = 0;
        bool ran = false, again = false;
        if (outbox_dispatch(&jobs, 100, &events) != RC_OK ||
            outbox_retry_one(&jobs, &again) != RC_OK || job_run_one(&jobs, &ran) != RC_OK)
            bail("the queue is not reached");
        busy = events > 0 || ran || again;
    }
    app_close(&jobs);
}

/* ---- letters ----------------------------------------------------------------------------------
 */

static char *slurp(struct kit *k, const char *file)
{
    FILE *f = fopen(file, "re");
    char *p = arena_alloc(k->arena, 1 << 20);
    size_t n = f ? fread(p, 1, (1 << 20) - 1, f) : 0;
    if (f)
        fclose(f);
    p[n] = '\0';
    return p;
}

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Quoted-printable anywhere in the text; a 7-bit part has no "=XX" in our letters' links. */
static void undo_qp(char *p)
{
    char *o = p;
    while (*p) {
        if (p[0] == '=' && p[1] == '\r' && p[2] == '\n') {
            p += 3;
        } else if (p[0] == '=' && hex(p[1]) >= 0 && hex(p[2]) >= 0) {
            *o++ = (char)(hex(p[1]) * 16 + hex(p[2]));
            p += 3;
        } else {
            *o++ = *p++;
        }
    }
    *o = '\0';
}

static void undo_base64(char *p)
{
    static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *body = p;
    while ((body = strstr(body, "Content-Transfer-Encoding: base64"))) {
        char *from = strstr(body, "\r\n\r\n");
        if (!from)
            return;
        char *at = from += 4, *o = from;
        unsigned bits = 0, held = 0;
        for (; *at && strncmp(at, "\r\n--", 4) != 0; at++) {
            const char *d = strchr(set, *at);
            if (!d || !*d)
                continue;
            bits = bits << 6 | (unsigned)(d - set);
            held += 6;
            if (held >= 8) {
                held -= 8;
                *o++ = (char)(bits >> held);
            }
        }
        memmove(o, at, strlen(at) + 1);
        body = o;
    }
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_letter(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

static const char *find(struct kit *k, const char *to, unsigned nth, unsigned *count)
{
    struct dirent **name;
    const char *dir = arena_printf(k->arena, "%s/mail", k->conf.state_dir), *found = NULL;
    const char *bare = arena_printf(k->arena, "\r\nTo: %s\r\n", to);
    const char *named = arena_printf(k->arena, "<%s>", to);
    int n = scandir(dir, &name, is_letter, by_name);
    *count = 0;
    for (int i = 0; i < n; i++) {
        char *text = slurp(k, arena_printf(k->arena, "%s/%s", dir, name[i]->d_name));
        const char *line = strstr(text, "\r\nTo: ");
        const char *end = line ? strstr(line + 2, "\r\n") : NULL;
        while (end && end[2] == ' ')
            end = strstr(end + 2, "\r\n");
        const char *at = line ? strstr(line, named) : NULL;
        bool match = str_starts(line ? line : "", bare) || (at && end && at < end);
        if (match && ++*count == nth) {
            undo_base64(text);
            undo_qp(text);
            found = text;
        }
        free(name[i]);
    }
    if (n >= 0)
        free(name);
    return found;
}

const char *kit_letter(struct kit *k, const char *to, unsigned nth)
{
    unsigned count;
    return find(k, to, nth, &count);
}

unsigned kit_letters(struct kit *k, const char *to)
{
    unsigned count;
    (void)find(k, to, 0, &count);
    return count;
}

const char *kit_after(struct kit *k, const char *letter, const char *needle)
{
    const char *p = letter ? strstr(letter, needle) : NULL;
    if (!p)
        bail(arena_printf(k->arena, "no \"%s\" in the letter: %.2000s", needle,
                          letter ? letter : "(none)"));
    p += strlen(needle);
    return arena_strndup(k->arena, p, strcspn(p, " \r\n\t\"<>"));
}

int kit_shell(struct kit *k, const char *fmt, ...)
{
    extern char **environ;
    va_list ap;
    va_start(ap, fmt);
    char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" }, arena_vprintf(k->arena, fmt, ap), NULL };
    va_end(ap);
    pid_t pid;
    int how = 0;
    if (posix_spawn(&pid, "/bin/sh", NULL, NULL, argv, environ) != 0 ||
        waitpid(pid, &how, 0) != pid || !WIFEXITED(how))
        bail("sh does not run");
    return WEXITSTATUS(how);
}

/* ---- server -----------------------------------------------------------------------------------
 */

struct smtp smtp_start(const char *dir, const char *const *options)
{
    struct smtp s = { .dir = dir };
    int in[2], out[2];
    char script[1024], line[32] = "";
    char *argv[20] = { (char[]){ "python3" }, script };
    char folder[1024];
    size_t n = 2;
    extern char **environ;
    snprintf(script, sizeof script, "%s/tests/kit/smtp.py", getenv("KADE_TEST_SRC"));
    snprintf(folder, sizeof folder, "%s", dir);
    argv[n++] = folder;
    for (; options && *options && n < 19; options++)
        argv[n++] = strdup(*options);
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0)
        bail("no pipe");
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, out[1], STDOUT_FILENO);
    if (posix_spawn(&s.pid, "/usr/bin/python3", &files, NULL, argv, environ) != 0)
        bail("python3 does not start");
    posix_spawn_file_actions_destroy(&files);
    close(in[0]);
    close(out[1]);
    s.in = in[1];
    FILE *f = fdopen(out[0], "r");
    if (!f || !fgets(line, sizeof line, f))
        bail("the mail server does not start: install python3-aiosmtpd");
    fclose(f);
    s.port = (int)strtol(line, NULL, 10);
    for (size_t i = 3; i < n; i++)
        free(argv[i]);
    return s;
}

void smtp_stop(struct smtp *s)
{
    int how = 0;
    close(s->in);
    kill(s->pid, SIGTERM);
    (void)waitpid(s->pid, &how, 0);
    s->pid = 0;
}
