/* utf8.c: the edge every text passes. One pass decides: plain ASCII is copied as it is, other text
 * is validated and asked whether it can be anything but NFC (UAX #15 quick check); only then is
 * it normalised, by libutf8proc. Folding and slugs are in utf8_fold.c.
 * Invariant: what utf8_clean returns, utf8_clean returns unchanged. */
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/buf.h"

/* Code points that may change under NFC. With first set they compose only with a starter in
 * [first, last], so after any other starter they are harmless: Sinhala and Tamil words are full of
 * such signs and almost never of such pairs. Rare blocks are taken whole. */
struct suspect {
    uint32_t lo, hi, first, last;
};

static const struct suspect suspects[] = {
    { 0x0300, 0x0345, 0, 0 },           { 0x0374, 0x0374, 0, 0 },
    { 0x037e, 0x037e, 0, 0 },           { 0x0387, 0x0387, 0, 0 },
    { 0x0653, 0x0655, 0, 0 },           { 0x093c, 0x093c, 0, 0 },
    { 0x0958, 0x095f, 0, 0 },           { 0x09be, 0x09be, 0x09c7, 0x09c7 },
    { 0x09d7, 0x09d7, 0x09c7, 0x09c7 }, { 0x09dc, 0x09df, 0, 0 },
    { 0x0a33, 0x0a36, 0, 0 },           { 0x0a59, 0x0a5e, 0, 0 },
    { 0x0b3e, 0x0b3e, 0x0b47, 0x0b47 }, { 0x0b56, 0x0b57, 0x0b47, 0x0b47 },
    { 0x0b5c, 0x0b5d, 0, 0 },           { 0x0bbe, 0x0bbe, 0x0bc6, 0x0bc7 },
    { 0x0bd7, 0x0bd7, 0x0b92, 0x0bc6 }, { 0x0c56, 0x0c56, 0x0c46, 0x0c46 },
    { 0x0cc2, 0x0cc2, 0x0cc6, 0x0cc6 }, { 0x0cd5, 0x0cd6, 0x0cbf, 0x0cca },
    { 0x0d3e, 0x0d3e, 0x0d46, 0x0d47 }, { 0x0d57, 0x0d57, 0x0d46, 0x0d46 },
    { 0x0dca, 0x0dca, 0x0dd9, 0x0ddc }, { 0x0dcf, 0x0dcf, 0x0dd9, 0x0dd9 },
    { 0x0ddf, 0x0ddf, 0x0dd9, 0x0dd9 }, { 0x0f43, 0x0fb9, 0, 0 },
    { 0x102e, 0x102e, 0x1025, 0x1025 }, { 0x1161, 0x11c2, 0, 0 },
    { 0x1b35, 0x1b35, 0, 0 },           { 0x1f71, 0x1ffd, 0, 0 },
    { 0x2000, 0x2001, 0, 0 },           { 0x2126, 0x212b, 0, 0 },
    { 0x2329, 0x232a, 0, 0 },           { 0x2adc, 0x2adc, 0, 0 },
    { 0x3099, 0x309a, 0, 0 },           { 0xf900, 0xfaff, 0, 0 },
    { 0xfb1d, 0xfb4e, 0, 0 },           { 0x110ba, 0x11930, 0, 0 },
    { 0x1d15e, 0x1d1c0, 0, 0 },         { 0x2f800, 0x2fa1d, 0, 0 },
};

/* Bytes of the sequence at p (n > 0 bytes follow) and its code point; 0 when malformed. */
static size_t decode(const unsigned char *p, size_t n, uint32_t *out)
{
    unsigned char c = p[0];
    if (c < 0x80) {
        *out = c;
        return 1;
    }
    size_t len = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    if (c < 0xc2 || c > 0xf4 || n < len)
        return 0;
    uint32_t cp = c & (0x7fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        cp = cp << 6 | (p[i] & 0x3f);
    }
    if ((len == 3 && (cp < 0x800 || (cp >= 0xd800 && cp < 0xe000))) ||
        (len == 4 && (cp < 0x10000 || cp > 0x10ffff)))
        return 0;
    *out = cp;
    return len;
}

/* Length of the leading run of ASCII, eight bytes at a time. */
static size_t ascii_run(const unsigned char *p, size_t n)
{
    size_t i = 0;
    for (uint64_t word; i + 8 <= n; i += 8) {
        memcpy(&word, p + i, 8);
        if (word & UINT64_C(0x8080808080808080))
            break;
    }
    while (i < n && p[i] < 0x80)
        i++;
    return i;
}

bool utf8_valid(const char *s, size_t n)
{
    const unsigned char *p = (const unsigned char *)s;
    for (size_t i = ascii_run(p, n); i < n; i += ascii_run(p + i, n - i)) {
        uint32_t cp;
        size_t len = decode(p + i, n - i, &cp);
        if (len == 0)
            return false;
        i += len;
    }
    return true;
}

static bool is_suspect(uint32_t cp, uint32_t before, unsigned before_class)
{
    size_t lo = 0, hi = COUNT_OF(suspects);
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        const struct suspect *s = &suspects[mid];
        if (cp < s->lo)
            hi = mid;
        else if (cp > s->hi)
            lo = mid + 1;
        else
            return !s->first || before_class != 0 || (before >= s->first && before <= s->last);
    }
    return false;
}

struct scan {
    bool crlf, denormal;
    uint32_t before;
    unsigned before_class;
};

/* True when p[0..n) is ASCII without control characters other than those allowed. Eight bytes at a
 * time: a byte below 0x20 borrows, 0x7f carries, anything above has its high bit. */
static bool ascii_is_plain(const unsigned char *p, size_t n, size_t *run)
{
    const uint64_t high = UINT64_C(0x8080808080808080), ones = UINT64_C(0x0101010101010101);
    size_t i = 0;
    for (uint64_t w; i + 8 <= n; i += 8) {
        memcpy(&w, p + i, 8);
        if ((w | (w - ones * 0x20) | (w + ones)) & high)
            break;
    }
    while (i < n && p[i] >= 0x20 && p[i] < 0x7f)
        i++;
    *run = i;
    return i == n;
}

/* The byte at p[i] is a control character: is it one that flags allow? */
static bool take_control(const unsigned char *p, size_t n, size_t i, unsigned flags, struct scan *s)
{
    if (!(flags & UTF8_MULTILINE))
        return false;
    if (p[i] == '\n' || p[i] == '\t')
        return true;
    if (p[i] == '\r' && i + 1 < n && p[i + 1] == '\n') {
        s->crlf = true;
        return true;
    }
    return false;
}

static bool take_point(uint32_t cp, struct scan *s)
{
    if (cp < 0xa0 || (cp & 0xfffe) == 0xfffe || (cp >= 0xfdd0 && cp <= 0xfdef))
        return false; /* C1 controls and noncharacters */
    unsigned combining = 0;
    if (cp >= 0x300 && !s->denormal) {
        combining = (unsigned)utf8proc_get_property((utf8proc_int32_t)cp)->combining_class;
        s->denormal = (combining != 0 && combining < s->before_class) ||
                      is_suspect(cp, s->before, s->before_class);
    }
    s->before = cp;
    s->before_class = combining;
    return true;
}

static bool scan_rest(const unsigned char *p, size_t n, size_t i, unsigned flags, struct scan *s)
{
    while (i < n) {
        if (p[i] < 0x80) {
            size_t run;
            ascii_is_plain(p + i, n - i, &run);
            if (run > 0) {
                i += run;
            } else {
                if (!take_control(p, n, i, flags, s))
                    return false;
                i++;
            }
            s->before = 0;
            s->before_class = 0;
            /* An ASCII letter before a mark: the mark itself is a suspect without a first. */
            continue;
        }
        uint32_t cp;
        size_t len = decode(p + i, n - i, &cp);
        if (len == 0 || !take_point(cp, s))
            return false;
        i += len;
    }
    return true;
}

static char *copy_lines(struct arena *a, const char *p, size_t n, size_t *out_n)
{
    char *copy = arena_alloc(a, n + 1), *to = copy;
    for (size_t i = 0; i < n; i++) {
        if (p[i] != '\r') /* scan_rest saw that \n follows */
            *to++ = p[i];
    }
    *to = '\0';
    *out_n = (size_t)(to - copy);
    return copy;
}

static void put_nfc(struct buf *b, const char *p, size_t n)
{
    utf8proc_uint8_t *made;
    utf8proc_ssize_t len = utf8proc_map((const utf8proc_uint8_t *)p, (utf8proc_ssize_t)n, &made,
                                        UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (len < 0)
        memory_exhausted("utf8", n); /* valid input leaves no other reason */
    buf_put(b, made, (size_t)len);
    free(made);
}

/* libutf8proc 2.8 takes U+11A7 for a Hangul final consonant and drops it after a syllable. It is a
 * starter that composes with nothing, so the text is normalised in the pieces around it. */
static char *to_nfc(struct arena *a, const char *p, size_t n)
{
    static const char outcast[] = "\xe1\x86\xa7";
    struct buf b;
    buf_init(&b, a, n * 3 + 1); /* UAX #15: NFC is at most three times as long in UTF-8 */
    for (;;) {
        const char *at = memmem(p, n, outcast, 3);
        size_t piece = at ? (size_t)(at - p) : n;
        put_nfc(&b, p, piece);
        if (!at)
            return b.p;
        buf_put(&b, outcast, 3);
        p += piece + 3;
        n -= piece + 3;
    }
}

enum rc utf8_clean(struct arena *a, const char *s, size_t n, unsigned flags, char **out)
{
    const unsigned char *p = (const unsigned char *)s;
    size_t run;
    if (ascii_is_plain(p, n, &run)) {
        *out = arena_strndup(a, s, n);
        return RC_OK;
    }
    struct scan scan = { .before = 0 };
    if (!scan_rest(p, n, run, flags, &scan))
        return RC_INVALID;
    char *text = scan.crlf ? copy_lines(a, s, n, &n) : NULL;
    if (scan.denormal)
        text = to_nfc(a, text ? text : s, n);
    *out = text ? text : arena_strndup(a, s, n);
    return RC_OK;
}

size_t utf8_length(const char *s)
{
    size_t n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xc0) != 0x80;
    return n;
}

char *utf8_cut(struct arena *a, const char *s, size_t n)
{
    const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s;
    size_t at = 0, cluster = 0; /* cluster: end of the last whole grapheme cluster that fits */
    utf8proc_int32_t before = 0, state = 0;
    for (size_t seen = 0;; seen++) {
        utf8proc_int32_t cp = 0;
        utf8proc_ssize_t len = p[at] ? utf8proc_iterate(p + at, -1, &cp) : 0;
        if (len <= 0)
            return arena_strndup(a, s, at); /* the end: all of it fits */
        if (seen > 0 && utf8proc_grapheme_break_stateful(before, cp, &state))
            cluster = at;
        if (seen == n)
            return arena_strndup(a, s, cluster ? cluster : at);
        before = cp;
        at += (size_t)len;
    }
}
