/* str.c: small string questions and strict number parsing. ASCII rules only: no locale is asked,
 * so a worker in any language reads a file the same way.
 * Not for text of people: folding, cutting and cleaning are utf8.c's.
 * Invariant: a parser takes the whole string or nothing, and out is untouched on failure. */
#include "base/str.h"

#include <string.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool str_eq(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool str_empty(const char *s)
{
    return !s || !*s;
}

bool str_starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_ends(const char *s, const char *suffix)
{
    size_t n = strlen(s), m = strlen(suffix);
    return n >= m && memcmp(s + n - m, suffix, m) == 0;
}

bool str_ieq(const char *a, const char *b)
{
    if (!a || !b)
        return a == b;
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return lower(*a) == lower(*b);
}

char *str_trim(struct arena *a, const char *s)
{
    while (is_space(*s))
        s++;
    size_t n = strlen(s);
    while (n > 0 && is_space(s[n - 1]))
        n--;
    return arena_strndup(a, s, n);
}

char *str_lower(struct arena *a, const char *s)
{
    size_t n = strlen(s);
    char *out = arena_strndup(a, s, n);
    for (size_t i = 0; i < n; i++)
        out[i] = lower(out[i]);
    return out;
}

size_t str_split(struct arena *a, const char *s, char sep, char ***out)
{
    size_t n = 1;
    for (const char *p = s; *p; p++)
        n += *p == sep;
    char **part = arena_array(a, char *, n);
    for (size_t i = 0; i < n; i++) {
        const char *end = i + 1 < n ? strchr(s, sep) : s + strlen(s);
        part[i] = arena_strndup(a, s, (size_t)(end - s));
        s = end + 1;
    }
    *out = part;
    return n;
}

/* One more digit; negative numbers are built downwards so that INT64_MIN needs no special case. */
static bool push_digit(int64_t *v, bool negative, int digit)
{
    return !__builtin_mul_overflow(*v, 10, v) &&
           !__builtin_add_overflow(*v, negative ? -digit : digit, v);
}

enum rc str_int(const char *s, int64_t min, int64_t max, int64_t *out)
{
    bool negative = *s == '-';
    if (negative)
        s++;
    if (!is_digit(*s))
        return RC_INVALID;
    int64_t v = 0;
    for (; is_digit(*s); s++) {
        if (!push_digit(&v, negative, *s - '0'))
            return RC_INVALID;
    }
    if (*s || v < min || v > max)
        return RC_INVALID;
    *out = v;
    return RC_OK;
}

enum rc str_decimal(const char *s, unsigned scale, int64_t *out)
{
    bool negative = *s == '-', fits = true;
    if (negative)
        s++;
    if (!is_digit(*s))
        return RC_INVALID;
    int64_t v = 0;
    for (; is_digit(*s); s++)
        fits = fits && push_digit(&v, negative, *s - '0');
    unsigned left = scale;
    if (*s == '.') {
        s++;
        if (!is_digit(*s))
            return RC_INVALID;
        for (; is_digit(*s); s++) {
            if (left > 0) {
                left--;
                fits = fits && push_digit(&v, negative, *s - '0');
            } else if (*s != '0') {
                return RC_INVALID;
            }
        }
    }
    if (*s)
        return RC_INVALID;
    for (; left > 0 && v != 0 && fits; left--)
        fits = push_digit(&v, negative, 0);
    if (!fits)
        return RC_LIMIT;
    *out = v;
    return RC_OK;
}

bool str_copy(char *dst, size_t size, const char *src)
{
    if (size == 0)
        return false;
    size_t n = strnlen(src, size);
    bool whole = n < size;
    if (!whole)
        n = size - 1;
    memcpy(dst, src, n);
    dst[n] = '\0';
    return whole;
}
