/* form_decode.c: application/x-www-form-urlencoded text (bodies and query strings) to pairs of
 * inside strings. Pure: no request, no limits of a form, no judgement about keys; that is form.c.
 * Invariant: what comes out is clean UTF-8 in NFC without control characters, or nothing does. */
#include <string.h>

#include "app/form.h"
#include "base/utf8.h"

enum { MAX_PAIRS = 1000 };

static int hex(unsigned char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One key or value: '+' is a space, %XX a byte; decoded exactly once. */
static enum rc decode_part(struct arena *a, const char *p, size_t n, char **out)
{
    char *raw = arena_alloc(a, n + 1);
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '+') {
            raw[len++] = ' ';
        } else if (p[i] == '%') {
            int hi = i + 2 < n ? hex((unsigned char)p[i + 1]) : -1;
            int lo = i + 2 < n ? hex((unsigned char)p[i + 2]) : -1;
            if (hi < 0 || lo < 0)
                return RC_INVALID;
            raw[len++] = (char)(hi * 16 + lo);
            i += 2;
        } else {
            raw[len++] = p[i];
        }
    }
    return utf8_clean(a, raw, len, UTF8_MULTILINE, out);
}

static size_t count_pairs(const char *p, size_t n)
{
    size_t count = 1;
    for (size_t i = 0; i < n; i++)
        count += p[i] == '&';
    return count;
}

/* One pair; RC_INVALID when it cannot be read. */
static enum rc decode_pair(struct arena *a, const char *p, const char *stop, struct form_pair *out)
{
    const char *eq = memchr(p, '=', (size_t)(stop - p));
    char *key, *value;
    enum rc rc = decode_part(a, p, (size_t)((eq ? eq : stop) - p), &key);
    if (rc == RC_OK)
        rc = decode_part(a, eq ? eq + 1 : stop, eq ? (size_t)(stop - eq - 1) : 0, &value);
    if (rc == RC_OK)
        *out = (struct form_pair){ key, value };
    return rc;
}

static const char *end_of_pair(const char *p, const char *end)
{
    const char *stop = memchr(p, '&', (size_t)(end - p));
    return stop ? stop : end;
}

enum rc form_decode(struct arena *a, const char *p, size_t n, struct form_pair **out, size_t *count)
{
    size_t most = count_pairs(p, n), got = 0;
    if (most > MAX_PAIRS)
        return RC_LIMIT;
    struct form_pair *pairs = arena_array(a, struct form_pair, most);
    for (const char *end = p + n; p < end;) {
        const char *stop = end_of_pair(p, end);
        enum rc rc = stop > p ? decode_pair(a, p, stop, &pairs[got]) : RC_OK;
        if (rc != RC_OK)
            return rc;
        got += stop > p;
        p = stop + 1;
    }
    *out = pairs;
    *count = got;
    return RC_OK;
}

void form_decode_some(struct arena *a, const char *p, size_t n, struct form_pair **out,
                      size_t *count, size_t *left_out)
{
    size_t most = count_pairs(p, n), got = 0;
    struct form_pair *pairs =
        arena_array(a, struct form_pair, most < MAX_PAIRS ? most : (size_t)MAX_PAIRS);
    *left_out = 0;
    for (const char *end = p + n; p < end;) {
        const char *stop = end_of_pair(p, end);
        if (stop > p && got < MAX_PAIRS && decode_pair(a, p, stop, &pairs[got]) == RC_OK)
            got++;
        else
            *left_out += stop > p;
        p = stop + 1;
    }
    *out = pairs;
    *count = got;
}
