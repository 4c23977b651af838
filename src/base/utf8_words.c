/* utf8_words.c: cuts a text into the words that are indexed and searched. Whoever writes an index
 * and whoever reads it come through here, so that both see the same words. Not a tokenizer of any
 * one language: no stemming, no stop words.
 * Invariant: what is returned as folded holds only letters, digits, marks and points between
 * digits, and is never empty. */
#include <string.h>
#include <utf8proc.h>

#include "base/utf8.h"

enum kind { GAP, WORD, DIGIT, MARK, SILENT, JOINER, QUOTE };

static enum kind kind_of(int32_t cp)
{
    switch (cp) {
    case '\'':
    case 0x2019:
    case 0x02bc:
    case 0x00ad: /* soft hyphen */
    case 0x200b:
    case 0x200c: /* joiners spell Sinhala, Tamil and Arabic words */
    case 0x200d:
    case 0x0640:
        return SILENT;
    case '-':
    case '/':
    case '.':
    case '_':
    case 0x2010:
    case 0x2011:
        return JOINER;
    case '"':
    case 0x00ab:
    case 0x00bb:
    case 0x201c:
    case 0x201d:
    case 0x201e:
        return QUOTE;
    default:
        break;
    }
    switch (utf8proc_category(cp)) {
    case UTF8PROC_CATEGORY_ND:
        return DIGIT;
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return WORD;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
        return MARK;
    default:
        return GAP;
    }
}

/* Zeros of the scripts whose digits people of our shops type; ten digits follow each. */
static int digit_value(int32_t cp)
{
    static const int32_t zeros[] = { '0',    0x0660, 0x06f0, 0x0966, 0x09e6,
                                     0x0be6, 0x0de6, 0x0e50, 0xff10 };
    for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++)
        if (cp >= zeros[i] && cp <= zeros[i] + 9)
            return (int)(cp - zeros[i]);
    return -1;
}

char *utf8_digits(struct arena *a, const char *s)
{
    char *out = arena_alloc(a, strlen(s) + 1), *to = out;
    const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s;
    utf8proc_int32_t cp;
    for (utf8proc_ssize_t len; *p != '\0'; p += len) {
        len = utf8proc_iterate(p, -1, &cp);
        if (len <= 0)
            break;
        int digit = digit_value(cp);
        if (digit >= 0) {
            *to++ = (char)('0' + digit);
        } else {
            memcpy(to, p, (size_t)len);
            to += len;
        }
    }
    *to = '\0';
    return out;
}

struct cutter {
    struct arena *arena;
    struct utf8_word *word;
    size_t n, max;
    char *text; /* of the word being read */
    size_t len;
    int joiners; /* since the last word: how many, and whether something else stood there too */
    bool gap, in_quote, has_quote;
    int quotes;
};

static void put(struct cutter *c, int32_t cp)
{
    c->len += (size_t)utf8proc_encode_char(cp, (utf8proc_uint8_t *)c->text + c->len);
}

/* The folded form once more without what folding brought that is no word (a fraction's slash). */
static const char *strip(struct arena *a, const char *folded)
{
    char *out = arena_alloc(a, strlen(folded) + 1), *to = out;
    const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)folded;
    utf8proc_int32_t cp;
    for (utf8proc_ssize_t len; *p != '\0'; p += len) {
        len = utf8proc_iterate(p, -1, &cp);
        if (len <= 0)
            break;
        enum kind k = kind_of(cp);
        if (k != WORD && k != DIGIT && !(k == MARK && to != out) && !(cp == '.' && to != out))
            continue;
        memcpy(to, p, (size_t)len);
        to += len;
    }
    *to = '\0';
    return out;
}

static void finish(struct cutter *c)
{
    if (c->len == 0)
        return;
    while (c->len > 0 && c->text[c->len - 1] == '\'')
        c->len--;
    c->text[c->len] = '\0';
    const char *shown = arena_strndup(c->arena, c->text, c->len);
    const char *folded = strip(c->arena, utf8_fold(c->arena, shown));
    c->len = 0;
    if (*folded == '\0' || c->n >= c->max)
        return;
    c->word[c->n] = (struct utf8_word){ .shown = shown,
                                        .folded = folded,
                                        .joined = c->n > 0 && c->joiners == 1 && !c->gap,
                                        .quoted = c->in_quote,
                                        .quote = c->quotes };
    c->n++;
    c->joiners = 0;
    c->gap = false;
}

static void see_gap(struct cutter *c, enum kind k)
{
    finish(c);
    if (k == JOINER)
        c->joiners++;
    else
        c->gap = true;
    if (k == QUOTE) {
        c->in_quote = !c->in_quote;
        c->quotes += c->in_quote;
    }
}

/* Silent signs that belong to how a word is written. */
static bool is_written(int32_t cp)
{
    return cp != 0x00ad && cp != 0x200b;
}

static int32_t peek(const utf8proc_uint8_t *p)
{
    utf8proc_int32_t cp = 0;
    return *p != '\0' && utf8proc_iterate(p, -1, &cp) > 0 ? cp : 0;
}

size_t utf8_words(struct arena *a, const char *s, size_t max, struct utf8_word **out)
{
    size_t bytes = strlen(s), most = bytes / 2 + 1;
    struct cutter c = { .arena = a, .max = max < most ? max : most };
    const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s;
    bool last_digit = false;
    c.word = arena_array(a, struct utf8_word, c.max);
    c.text = arena_alloc(a, bytes * 2 + 8); /* lower case of one byte may take two or three */
    for (utf8proc_ssize_t len; *p != '\0' && c.n < c.max; p += len) {
        utf8proc_int32_t cp;
        len = utf8proc_iterate(p, -1, &cp);
        if (len <= 0)
            break;
        enum kind k = kind_of(cp);
        if (cp == '.' && last_digit && kind_of(peek(p + 1)) == DIGIT) {
            put(&c, '.');
            continue;
        }
        last_digit = k == DIGIT;
        if (k == WORD || k == DIGIT || (k == MARK && c.len > 0))
            put(&c, digit_value(cp) >= 0 ? '0' + digit_value(cp) : utf8proc_tolower(cp));
        else if (k == SILENT && c.len > 0 && is_written(cp))
            put(&c, cp);
        else if (k != SILENT)
            see_gap(&c, k);
    }
    finish(&c);
    *out = c.word;
    return c.n;
}
