/* log.c: one logfmt line an event, one write() a line. The pairs are given in printf form; this
 * file reads the format itself, so that a whole value, text between conversions included, can be
 * quoted and cut. Not the audit trail (a table) and not for secrets: what may hold an address or a
 * token goes through log_redact first.
 * Invariant: no value can start a new line or a new pair; a line that cannot be written is dropped
 * and the caller never learns. */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/time.h"
#include "base/utf8.h"

enum { LINE_MAX_ = 16 * 1024, VALUE_MAX = 2048, CONTEXTS = 4, REQUEST_MAX = 64, SPEC_MAX = 32 };

static struct {
    enum log_level least;
    int fd;
    size_t ncontext;
    struct {
        const char *key, *value;
    } context[CONTEXTS];
    char request[REQUEST_MAX];
} state = { .least = LOG_INFO_, .fd = STDERR_FILENO };

/* A line being made: fixed size, cut when full; room for the final newline is kept. */
struct line {
    size_t n;
    char p[LINE_MAX_];
};

void log_set_level(enum log_level least)
{
    state.least = least;
}

void log_set_fd(int fd)
{
    state.fd = fd;
}

void log_set_context(const char *key, const char *value)
{
    size_t i = 0;
    while (i < state.ncontext && strcmp(state.context[i].key, key) != 0)
        i++;
    if (i == CONTEXTS)
        return;
    if (i == state.ncontext)
        state.ncontext++;
    state.context[i].key = key;
    state.context[i].value = value;
}

void log_set_request(const char *id)
{
    snprintf(state.request, sizeof(state.request), "%s", id ? id : "");
}

static void put(struct line *l, const char *p, size_t n)
{
    size_t room = sizeof(l->p) - 1 - l->n;
    if (n > room)
        n = room;
    memcpy(l->p + l->n, p, n);
    l->n += n;
}

static void put_text(struct line *l, const char *s)
{
    put(l, s, strlen(s));
}

/* Bytes of the well-formed sequence at p, or 0: logs are read by programs that want UTF-8. */
static size_t sequence(const unsigned char *p, size_t n)
{
    size_t len = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    if (len > n || !utf8_valid((const char *)p, len))
        return 0;
    return len == 2 && p[0] == 0xc2 && p[1] < 0xa0 ? 0 : len; /* C1 controls move terminals */
}

static bool is_bare(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];
        if (c <= ' ' || c >= 0x7f || c == '"' || c == '=' || c == '\\')
            return false;
    }
    return n > 0;
}

static void put_escaped(struct line *l, const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n;) {
        size_t len = sequence(p + i, n - i);
        char text[8];
        if (p[i] == '"' || p[i] == '\\')
            snprintf(text, sizeof(text), "\\%c", p[i]);
        else if (p[i] == '\n' || p[i] == '\r' || p[i] == '\t')
            snprintf(text, sizeof(text), "\\%c", p[i] == '\n' ? 'n' : p[i] == '\r' ? 'r' : 't');
        else if (p[i] < ' ' || p[i] == 0x7f || len == 0)
            snprintf(text, sizeof(text), "\\x%02x", p[i]);
        else {
            put(l, (const char *)p + i, len);
            i += len;
            continue;
        }
        put_text(l, text);
        i++;
    }
}

static void put_value(struct line *l, const char *p, size_t n)
{
    bool cut = n > VALUE_MAX;
    if (cut)
        n = VALUE_MAX;
    if (is_bare(p, n) && !cut) {
        put(l, p, n);
        return;
    }
    while (cut && n > 0 && ((unsigned char)p[n] & 0xc0) == 0x80)
        n--; /* not through a character */
    put_text(l, "\"");
    put_escaped(l, (const unsigned char *)p, n);
    put_text(l, cut ? "...\"" : "\"");
}

static void put_pair(struct line *l, const char *key, const char *value)
{
    put_text(l, " ");
    put_text(l, key);
    put_text(l, "=");
    put_value(l, value, strlen(value));
}

/* A value being formatted; one byte more than the most that is shown tells that it was cut. */
struct value {
    size_t n;
    char p[VALUE_MAX + 8];
};

static void value_put(struct value *v, const char *p, size_t n)
{
    size_t room = sizeof(v->p) - v->n;
    if (n > room)
        n = room;
    memcpy(v->p + v->n, p, n);
    v->n += n;
}

struct args {
    va_list ap;
};

static void value_string(struct value *v, struct args *args, int precision)
{
    const char *s = va_arg(args->ap, const char *);
    if (!s)
        s = "-";
    value_put(v, s, strnlen(s, precision >= 0 ? (size_t)precision : sizeof(v->p)));
}

static void value_number(struct value *v, struct args *args, const char *spec, int longs, char type)
{
    char text[64];
    int n;
    if (type == 'p')
        n = snprintf(text, sizeof(text), spec, va_arg(args->ap, void *));
    else if (strchr("eEfFgG", type))
        n = snprintf(text, sizeof(text), spec, va_arg(args->ap, double));
    else if (longs > 0) /* l, ll, z, j, t: all 64 bits on the machines we build for */
        n = snprintf(text, sizeof(text), spec, va_arg(args->ap, long long));
    else
        n = snprintf(text, sizeof(text), spec, va_arg(args->ap, int));
    if (n > 0)
        value_put(v, text, (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1);
}

/* One conversion; *f stands behind its '%'. */
static void value_conversion(struct value *v, const char **f, struct args *args)
{
    _Static_assert(sizeof(long) == 8 && sizeof(size_t) == 8, "longs are 64 bits");
    char spec[SPEC_MAX] = "%";
    size_t n = 1;
    int precision = -1, longs = 0;
    for (; **f && strchr("-+ #0123456789.*hlzjt", **f); (*f)++) {
        int star = 0, len;
        if (**f == '*') {
            star = va_arg(args->ap, int);
            len = snprintf(spec + n, sizeof(spec) - n, "%d", star);
            n += len > 0 && (size_t)len < sizeof(spec) - n ? (size_t)len : 0;
        } else if (n < sizeof(spec) - 2) {
            spec[n++] = **f;
        }
        if (**f == '.')
            precision = 0;
        else if (**f == '*' && precision == 0)
            precision = star;
        else if (precision >= 0 && **f >= '0' && **f <= '9')
            precision = precision * 10 + (**f - '0');
        else if (strchr("lzjt", **f))
            longs++;
    }
    char type = **f;
    if (type)
        (*f)++;
    spec[n] = type;
    if (type == '%')
        value_put(v, "%", 1);
    else if (type == 's')
        value_string(v, args, precision);
    else if (type == 'c') {
        char c = (char)va_arg(args->ap, int);
        value_put(v, &c, 1);
    } else if (type && strchr("diouxXpeEfFgG", type))
        value_number(v, args, spec, longs, type);
}

/* " key=value" for each word of the format; key="literal text" may hold blanks. */
static void put_pairs(struct line *l, const char *f, struct args *args)
{
    while (*f) {
        if (*f == ' ') {
            f++;
            continue;
        }
        size_t key = strcspn(f, "=% ");
        struct value v;
        v.n = 0;
        put_text(l, " ");
        if (f[key] == '=') {
            put(l, f, key + 1);
            f += key + 1;
        }
        char end = *f == '"' ? '"' : ' ';
        if (end == '"')
            f++;
        while (*f && *f != end) {
            if (*f == '%') {
                f++;
                value_conversion(&v, &f, args);
            } else {
                value_put(&v, f++, 1);
            }
        }
        if (end == '"' && *f)
            f++;
        put_value(l, v.p, v.n);
    }
}

static void put_head(struct line *l, enum log_level level, const char *msg)
{
    static const char *const names[] = { "debug", "info", "warn", "error" };
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now); /* the machine's time, whatever the shop's clock says */
    char ts[INSTANT_TEXT];
    instant_rfc3339_to(SECONDS(now.tv_sec) + now.tv_nsec / 1000000 * 1000, ts);
    put_text(l, "ts=");
    put_text(l, ts);
    put_pair(l, "lvl", names[level]);
    for (size_t i = 0; i < state.ncontext; i++)
        put_pair(l, state.context[i].key, state.context[i].value);
    if (state.request[0])
        put_pair(l, "rid", state.request);
    put_pair(l, "msg", msg);
}

void log_line(enum log_level level, const char *msg, const char *pairs_fmt, ...)
{
    if (level < state.least)
        return;
    int saved = errno;
    struct line line;
    line.n = 0;
    put_head(&line, level, msg);
    if (pairs_fmt) {
        struct args args;
        va_start(args.ap, pairs_fmt);
        put_pairs(&line, pairs_fmt, &args);
        va_end(args.ap);
    }
    line.p[line.n++] = '\n';
    for (size_t done = 0; done < line.n;) {
        ssize_t n = write(state.fd, line.p + done, line.n - done);
        if (n > 0)
            done += (size_t)n;
        else if (n == 0 || errno != EINTR)
            break;
    }
    errno = saved;
}

void check_failed(const char *expr, const char *file, int line)
{
    log_error("check failed", "expr=%s at=%s:%d", expr, file, line);
    abort();
}
