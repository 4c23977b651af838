/* fmt_parse.c: money as people type it. Digits of any script, grouping in threes or the Indian way,
 * spaces, the currency's code, symbol or name on either side; what could be read in two ways
 * ("12,50", "1.234.567") is refused, never guessed. Not here: amounts in files and APIs
 * (money_parse). Invariant: an accepted text means exactly one amount, a multiple of the currency's
 * step. */
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "base/str.h"
#include "platform/fmt_icu.h"

enum { TYPED_MAX = 200, WORDS_MAX = 20 };

/* What every currency that people call rupees or that shops write by hand is also called. */
static const char *const rupee_words[] = { "Rs", "Rs.", "Re", "Re.", "₨",
                                           "රු",  "රු.",  "ரூ", "ரூ.", "₹" };
static const char *const rupees[] = { "LKR", "INR", "PKR", "NPR", "MUR", "SCR" };

struct typed {
    char number[TYPED_MAX]; /* '0'..'9', ',' group, '.' decimal, '-' */
    size_t n;
    char word[2][TYPED_MAX]; /* before and after the number */
    size_t nword[2];
};

static bool is_space(UChar32 c)
{
    return c == '\t' || u_hasBinaryProperty(c, UCHAR_WHITE_SPACE) || c == 0x200e || c == 0x200f ||
           c == 0x061c || (c >= 0x2066 && c <= 0x2069) || (c >= 0x202a && c <= 0x202e) ||
           c == 0x200c || c == 0x200d;
}

/* The role of a code point inside the number; 0 = none. */
static char number_char(UChar32 c)
{
    const int32_t digit = u_charDigitValue(c);
    if (digit >= 0)
        return (char)('0' + digit);
    switch (c) {
    case '.':
    case 0x066b: /* Arabic decimal separator */
        return '.';
    case ',':
    case 0x066c: /* Arabic thousands separator */
    case 0x060c: /* Arabic comma */
    case '\'':
    case 0x2019:
        return ',';
    case '-':
    case 0x2212: /* minus sign */
        return '-';
    default:
        return 0;
    }
}

static bool put(char *to, size_t *n, const char *p, size_t size)
{
    if (*n + size >= TYPED_MAX)
        return false;
    memcpy(to + *n, p, size);
    *n += size;
    to[*n] = '\0';
    return true;
}

/* Separates words and number. A space inside the number groups; "Rs.": a dot belongs to the word
 * before it unless a number has begun. */
static bool split(const char *text, struct typed *t)
{
    int32_t i = 0;
    const int32_t length = (int32_t)strlen(text);
    bool digits = false, gap = false, after = false;
    while (i < length) {
        const int32_t from = i;
        UChar32 c;
        U8_NEXT((const uint8_t *)text, i, length, c);
        if (c < 0)
            return false;
        if (is_space(c)) {
            gap = true;
            continue;
        }
        const char role = number_char(c);
        const bool digit = role >= '0' && role <= '9';
        const bool in_number = digit || (role == '-' && !digits && !after) ||
                               (role != 0 && role != '-' && digits && !after);
        if (!in_number) {
            after = digits;
            if (!put(t->word[after], &t->nword[after], text + from, (size_t)(i - from)))
                return false;
        } else {
            if (after)
                return false; /* a second number */
            if (gap && digits && !put(t->number, &t->n, ",", 1))
                return false;
            if (!put(t->number, &t->n, &role, 1))
                return false;
            digits = digits || digit;
        }
        gap = false;
    }
    return digits;
}

static const char *skip_spaces(const char *s)
{
    for (;;) {
        int32_t n = 0;
        UChar32 c;
        U8_NEXT((const uint8_t *)s, n, -1, c);
        if (c <= 0 || !is_space(c))
            return s;
        s += n;
    }
}

static char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* typed has lost its spaces in split; word is as CLDR has it. */
static bool same_word(const char *typed, const char *word)
{
    for (word = skip_spaces(word); *word != '\0'; word = skip_spaces(word + 1))
        if (ascii_lower(*typed++) != ascii_lower(*word))
            return false;
    return *typed == '\0';
}

static bool is_rupee(const char *currency)
{
    for (size_t i = 0; i < COUNT_OF(rupees); i++)
        if (strcmp(rupees[i], currency) == 0)
            return true;
    return false;
}

static bool currency_word(const struct fmt_locale *f, const char *currency, const char *typed)
{
    char words[WORDS_MAX][40];
    if (*typed == '\0' || same_word(typed, currency))
        return true;
    if (strcmp(typed, "/=") == 0 || strcmp(typed, "/-") == 0) /* "only", as on a bill */
        return true;
    const unsigned n = fmt_currency_words(f, currency, words, WORDS_MAX);
    for (unsigned i = 0; i < n; i++)
        if (same_word(typed, words[i]))
            return true;
    for (size_t i = 0; is_rupee(currency) && i < COUNT_OF(rupee_words); i++)
        if (same_word(typed, rupee_words[i]))
            return true;
    return false;
}

/* Groups as people write them: the last of three digits, the others of two or three, the first of
 * one to three. Writes the number without them. */
static bool ungroup(const char *number, char *out)
{
    size_t n = 0, run = 0, groups = 0;
    const char *s = number;
    if (*s == '-')
        out[n++] = *s++;
    const char *first = s;
    for (; *s != '\0' && *s != '.'; s++) {
        if (*s >= '0' && *s <= '9') {
            out[n++] = *s;
            run++;
            continue;
        }
        if (*s != ',' || run == 0 || run > 3 || (groups > 0 && run == 1))
            return false;
        groups++;
        run = 0;
    }
    if ((groups > 0 && run != 3) || s == first)
        return false;
    if (*s == '.') {
        out[n++] = *s++;
        for (; *s != '\0'; s++) {
            if (*s < '0' || *s > '9')
                return false; /* a second point, or grouping behind it */
            out[n++] = *s;
        }
        if (out[n - 1] == '.')
            n--; /* "1250." */
    }
    out[n] = '\0';
    return true;
}

enum rc fmt_money_parse(struct arena *a, const struct locale *l, const char *text,
                        const char *currency, int64_t *out)
{
    (void)a;
    const struct currency *c = currency_find(currency);
    struct typed t = { .n = 0 };
    char plain[TYPED_MAX];
    int64_t amount;
    if (c == NULL || !split(text, &t) || !ungroup(t.number, plain))
        return RC_INVALID;
    const struct fmt_locale *f = fmt_locale_of(l);
    if (!currency_word(f, c->code, t.word[0]) || !currency_word(f, c->code, t.word[1]))
        return RC_INVALID;
    if (money_parse(plain, c, &amount) != RC_OK || amount % currency_step(c) != 0)
        return RC_INVALID;
    *out = amount;
    return RC_OK;
}
