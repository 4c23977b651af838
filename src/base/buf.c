/* buf.c: a growing byte buffer in an arena. Doubles until its maximum; a write that would pass it
 * marks the buffer failed and from then on nothing is written, so a page is whole or refused.
 * Not a stream: the content is in one piece and always NUL-terminated.
 * Invariant: n < cap, p[n] == 0, n <= max. */
#include "base/buf.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"

enum { FIRST = 256 };

void buf_init(struct buf *b, struct arena *a, size_t max)
{
    check_that(max > 0 && max < SIZE_MAX / 2);
    size_t cap = max < FIRST ? max + 1 : FIRST;
    *b = (struct buf){ .arena = a, .cap = cap, .max = max };
    b->p = arena_alloc(a, cap);
}

static void grow(struct buf *b, size_t need)
{
    size_t cap = b->cap * 2;
    if (cap < need)
        cap = need;
    if (cap > b->max + 1)
        cap = b->max + 1;
    b->p = arena_grow(b->arena, b->p, b->n + 1, cap);
    b->cap = cap;
}

char *buf_reserve(struct buf *b, size_t n)
{
    if (b->failed || n > b->max - b->n) {
        b->failed = true;
        return NULL;
    }
    if (n >= b->cap - b->n)
        grow(b, b->n + n + 1);
    return b->p + b->n;
}

void buf_wrote(struct buf *b, size_t n)
{
    check_that(n < b->cap - b->n);
    b->n += n;
    b->p[b->n] = '\0';
}

void buf_put(struct buf *b, const void *p, size_t n)
{
    char *at = buf_reserve(b, n);
    if (!at || n == 0)
        return;
    memcpy(at, p, n);
    b->n += n;
    b->p[b->n] = '\0';
}

void buf_str(struct buf *b, const char *s)
{
    buf_put(b, s, strlen(s));
}

void buf_char(struct buf *b, char c)
{
    buf_put(b, &c, 1);
}

void buf_int(struct buf *b, int64_t v)
{
    char text[24], *p = text + sizeof(text);
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do
        *--p = (char)('0' + u % 10);
    while ((u /= 10) != 0);
    if (v < 0)
        *--p = '-';
    buf_put(b, p, (size_t)(text + sizeof(text) - p));
}

void buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
    if (b->failed)
        return;
    va_list again;
    va_copy(again, ap);
    size_t room = b->cap - b->n;
    int n = vsnprintf(b->p + b->n, room, fmt, again);
    va_end(again);
    check_that(n >= 0);
    if ((size_t)n < room && (size_t)n <= b->max - b->n) {
        b->n += (size_t)n;
        return;
    }
    b->p[b->n] = '\0'; /* what was cut is taken back */
    if (!buf_reserve(b, (size_t)n))
        return;
    vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
    b->n += (size_t)n;
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    buf_vprintf(b, fmt, ap);
    va_end(ap);
}

void buf_clear(struct buf *b)
{
    b->n = 0;
    b->p[0] = '\0';
    b->failed = false;
}

void buf_html(struct buf *b, const char *s)
{
    for (;;) {
        size_t plain = strcspn(s, "&<>\"'");
        buf_put(b, s, plain);
        s += plain;
        switch (*s++) {
        case '&':
            buf_put(b, "&amp;", 5);
            break;
        case '<':
            buf_put(b, "&lt;", 4);
            break;
        case '>':
            buf_put(b, "&gt;", 4);
            break;
        case '"':
            buf_put(b, "&quot;", 6);
            break;
        case '\'':
            buf_put(b, "&#39;", 5);
            break;
        default:
            return;
        }
    }
}

static bool is_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void buf_url(struct buf *b, const char *s)
{
    static const char hex[] = "0123456789ABCDEF";
    while (*s) {
        const char *start = s;
        while (is_unreserved((unsigned char)*s))
            s++;
        buf_put(b, start, (size_t)(s - start));
        if (*s) {
            unsigned char c = (unsigned char)*s++;
            char out[3] = { '%', hex[c >> 4], hex[c & 15] };
            buf_put(b, out, 3);
        }
    }
}

enum rc buf_rc(const struct buf *b)
{
    return b->failed ? RC_LIMIT : RC_OK;
}
