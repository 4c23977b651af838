/* redact.c: takes out of a text what a log must not keep: mail addresses, passwords and keys given
 * by name, tokens, telephone and card numbers. A net below good habits, not a licence to log
 * secrets. Invariant: plain words, UUIDs, dates and short numbers come through unchanged. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"

enum {
    SPAN_MAX = 512,
    TOKEN_MIXED = 20,
    TOKEN_LONG = 32,
    DIGITS_PLAIN = 9,
    DIGITS_PHONE = 8,
    DIGITS_CARD = 13
};

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_token(char c)
{
    return is_word(c) || c == '-' || c == '_';
}

static bool is_local(char c)
{
    return is_word(c) || (c && strchr(".%+-_", c)) || (unsigned char)c >= 0x80;
}

static bool is_host(char c)
{
    return is_word(c) || c == '.' || c == '-' || (unsigned char)c >= 0x80;
}

/* At most SPAN_MAX, so that no text makes the search quadratic. */
static size_t span(const char *s, bool (*is)(char))
{
    size_t n = 0;
    while (n < SPAN_MAX && s[n] && is(s[n]))
        n++;
    return n;
}

/* Length of a UUID at s, or 0: identifiers stay readable. */
static size_t uuid_at(const char *s)
{
    for (size_t i = 0; i < 36; i++) {
        bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        bool hex = (s[i] >= '0' && s[i] <= '9') || (s[i] >= 'a' && s[i] <= 'f');
        if (hyphen ? s[i] != '-' : !hex)
            return 0;
    }
    return is_token(s[36]) ? 0 : 36;
}

/* Length of a mail address at s, or 0. */
static size_t mail_at(const char *s)
{
    size_t local = span(s, is_local);
    if (local == 0 || s[local] != '@')
        return 0;
    size_t host = span(s + local + 1, is_host);
    return host ? local + 1 + host : 0;
}

/* Digits, with a leading '+' or single blanks and hyphens between groups; 0 when too few. */
static size_t number_at(const char *s)
{
    bool plus = *s == '+', grouped = false;
    size_t i = plus, end = 0, digits = 0;
    while (end < SPAN_MAX) {
        size_t group = strspn(s + i, "0123456789");
        if (group == 0 || is_word(s[i + group]))
            break; /* a group that goes on in letters is no number */
        digits += group;
        grouped = grouped || end > 0;
        end = i + group;
        i = end + 1;
        if (s[end] != ' ' && s[end] != '-')
            break;
    }
    size_t least = plus ? DIGITS_PHONE : grouped ? DIGITS_CARD : DIGITS_PLAIN;
    return digits >= least ? end : 0;
}

static size_t token_at(const char *s)
{
    size_t n = span(s, is_token);
    bool upper = false, lower = false, digit = false, hex = true;
    for (size_t i = 0; i < n; i++) {
        upper |= s[i] >= 'A' && s[i] <= 'Z';
        lower |= s[i] >= 'a' && s[i] <= 'z';
        digit |= s[i] >= '0' && s[i] <= '9';
        hex &= isxdigit((unsigned char)s[i]) != 0;
    }
    bool token = (n >= TOKEN_MIXED && upper && lower && digit) ||
                 (n >= TOKEN_LONG && ((upper && lower) || hex));
    return token ? n : 0;
}

/* A name that announces a secret, up to where its value starts; 0 when none is at s. */
static size_t secret_name_at(const char *s)
{
    static const char *const names[] = { "password", "passwd",        "pwd",     "secret", "token",
                                         "api_key",  "apikey",        "api-key", "cookie", "csrf",
                                         "session",  "authorization", "bearer" };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        size_t n = strlen(names[i]);
        if (strncasecmp(s, names[i], n) != 0)
            continue;
        bool bearer = strcmp(names[i], "bearer") == 0;
        if (s[n] == '"' || s[n] == '\'')
            n++;
        size_t blanks = strspn(s + n, " ");
        if (bearer && blanks > 0)
            return n + blanks;
        n += blanks;
        if (s[n] != '=' && s[n] != ':')
            continue;
        n++;
        n += strspn(s + n, " ");
        return n;
    }
    return 0;
}

/* Length of a secret's value: a quoted text with its quotes, else up to a separator. */
static size_t secret_value(const char *s)
{
    if (*s == '"' || *s == '\'') {
        size_t i = 1;
        while (s[i] && s[i] != *s)
            i += s[i] == '\\' && s[i + 1] ? 2 : 1;
        return s[i] ? i + 1 : i;
    }
    if (strncasecmp(s, "bearer ", 7) == 0 || strncasecmp(s, "basic ", 6) == 0)
        return strcspn(s, "\r\n,");
    return strcspn(s, " \t\r\n&;,)}]");
}

/* Copies or masks what starts at s, where a word starts; returns its length, at least 1. */
static size_t step(struct buf *b, const char *s)
{
    size_t n = uuid_at(s);
    if (n) {
        buf_put(b, s, n);
        return n;
    }
    n = secret_name_at(s);
    if (n) {
        buf_put(b, s, n);
        buf_put(b, "***", 3);
        return n + secret_value(s + n);
    }
    n = mail_at(s);
    if (n) {
        const char *at = memchr(s, '@', n);
        size_t first = 1;
        while (((unsigned char)s[first] & 0xc0) == 0x80)
            first++; /* the whole first character */
        buf_put(b, s, first);
        buf_put(b, "***", 3);
        buf_put(b, at, (size_t)(s + n - at));
        return n;
    }
    n = number_at(s);
    if (!n)
        n = token_at(s);
    if (n) {
        buf_put(b, "***", 3);
        return n;
    }
    return 0;
}

char *log_redact(struct arena *a, const char *s)
{
    struct buf b;
    buf_init(&b, a, strlen(s) * 4 + 16); /* "a@b" is the worst: it gains three bytes */
    for (bool start = true; *s;) {
        size_t n = start ? step(&b, s) : 0;
        if (n) {
            s += n;
            start = true;
            continue;
        }
        start = !is_token(*s) && (unsigned char)*s < 0x80;
        buf_char(&b, *s++);
    }
    return b.p;
}
