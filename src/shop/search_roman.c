/* search_roman.c: finding Sinhala and Tamil words that are typed in Latin letters. There is no one
 * way to write them: හට්ටිය is typed hattiya, hatiya, hattia; சட்டி chatti, satti. So neither side
 * is spelled: both are reduced to a key that keeps what all ways of typing share.
 *
 *   Sinhala: each consonant to one letter (aspirates and retroflex ones to the plain one), long
 *   vowels to short ones, inherent vowel a, doubled letters to one.
 *   Tamil: its letters do not tell k from g, t from d, p from b, c from s and j, so keys do not
 *   either; h is the sound of k between vowels.
 *
 * The typed word takes the same path: digraphs first (th, sh, aa, oo ...), then the same merging.
 * docs/internals/search.md has the table. Keys are only asked for when a word is not known as it
 * is, so an English word never turns into another one. */
#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "shop/search_text.h"

enum { KEY_MAX = 60, SINHALA_FROM = 0x0d80, TAMIL_FROM = 0x0b80 };

struct sound {
    uint8_t at; /* code point less the block's first */
    const char *is;
};

/* Consonants carry a; vowel signs replace it; al-lakuna takes it away. */
static const struct sound sinhala_consonants[] = {
    { 0x1a, "k" }, { 0x1b, "k" }, { 0x1c, "g" }, { 0x1d, "g" }, { 0x1e, "n" }, { 0x1f, "ng" },
    { 0x20, "c" }, { 0x21, "c" }, { 0x22, "j" }, { 0x23, "j" }, { 0x24, "n" }, { 0x25, "n" },
    { 0x26, "j" }, { 0x27, "t" }, { 0x28, "t" }, { 0x29, "d" }, { 0x2a, "d" }, { 0x2b, "n" },
    { 0x2c, "d" }, { 0x2d, "t" }, { 0x2e, "t" }, { 0x2f, "d" }, { 0x30, "d" }, { 0x31, "n" },
    { 0x33, "d" }, { 0x34, "p" }, { 0x35, "p" }, { 0x36, "b" }, { 0x37, "b" }, { 0x38, "m" },
    { 0x39, "b" }, { 0x3a, "y" }, { 0x3b, "r" }, { 0x3d, "l" }, { 0x40, "v" }, { 0x41, "s" },
    { 0x42, "s" }, { 0x43, "s" }, { 0x44, "h" }, { 0x45, "l" }, { 0x46, "f" },
};
static const struct sound sinhala_vowels[] = {
    { 0x05, "a" },  { 0x06, "a" },  { 0x07, "e" },  { 0x08, "e" },  { 0x09, "i" },  { 0x0a, "i" },
    { 0x0b, "u" },  { 0x0c, "u" },  { 0x0d, "ru" }, { 0x0e, "ru" }, { 0x11, "e" },  { 0x12, "e" },
    { 0x13, "ai" }, { 0x14, "o" },  { 0x15, "o" },  { 0x16, "au" }, { 0x4a, "" }, /* al-lakuna */
    { 0x4f, "a" },  { 0x50, "e" },  { 0x51, "e" },  { 0x52, "i" },  { 0x53, "i" },  { 0x54, "u" },
    { 0x56, "u" },  { 0x58, "ru" }, { 0x59, "e" },  { 0x5a, "e" },  { 0x5b, "ai" }, { 0x5c, "o" },
    { 0x5d, "o" },  { 0x5e, "au" }, { 0x5f, "" },   { 0x72, "ru" },
};
static const struct sound tamil_consonants[] = {
    { 0x15, "k" }, { 0x19, "n" }, { 0x1a, "s" }, { 0x1c, "s" }, { 0x1e, "n" }, { 0x1f, "t" },
    { 0x23, "n" }, { 0x24, "t" }, { 0x28, "n" }, { 0x29, "n" }, { 0x2a, "p" }, { 0x2e, "m" },
    { 0x2f, "y" }, { 0x30, "r" }, { 0x31, "r" }, { 0x32, "l" }, { 0x33, "l" }, { 0x34, "l" },
    { 0x35, "v" }, { 0x36, "s" }, { 0x37, "s" }, { 0x38, "s" }, { 0x39, "k" },
};
static const struct sound tamil_vowels[] = {
    { 0x05, "a" }, { 0x06, "a" }, { 0x07, "i" }, { 0x08, "i" }, { 0x09, "u" },  { 0x0a, "u" },
    { 0x0e, "e" }, { 0x0f, "e" }, { 0x10, "a" }, { 0x12, "o" }, { 0x13, "o" },  { 0x14, "au" },
    { 0x3e, "a" }, { 0x3f, "i" }, { 0x40, "i" }, { 0x41, "u" }, { 0x42, "u" },  { 0x46, "e" },
    { 0x47, "e" }, { 0x48, "a" }, { 0x4a, "o" }, { 0x4b, "o" }, { 0x4c, "au" }, { 0x4d, "" },
};

static const char *find(const struct sound *t, size_t n, uint32_t at)
{
    for (size_t i = 0; i < n; i++)
        if (t[i].at == at)
            return t[i].is;
    return NULL;
}

/* Doubled letters to one; y between i and a vowel, v between u and a vowel go (hattiya, hattia);
 * Sinhala's half nasals go (amba, aba). */
static bool is_half_nasal(char mark, const char *p)
{
    return mark == 's' &&
           ((*p == 'n' && (p[1] == 'd' || p[1] == 'g')) || (*p == 'm' && p[1] == 'b'));
}

static const char *settle(struct arena *a, char mark, const char *raw)
{
    char *out = arena_alloc(a, strlen(raw) + 3), *to = out;
    *to++ = '~';
    *to++ = mark;
    const char *from = to;
    for (const char *p = raw; *p != '\0' && to - from < KEY_MAX; p++) {
        bool vowel_next = p[1] != '\0' && strchr("aeiou", p[1]) != NULL;
        if ((to > from && to[-1] == *p) || is_half_nasal(mark, p))
            continue;
        if (to > from && vowel_next &&
            ((*p == 'y' && to[-1] == 'i') || (*p == 'v' && to[-1] == 'u')))
            continue;
        *to++ = *p;
    }
    *to = '\0';
    return out;
}

static uint32_t code_point(const unsigned char *p)
{
    return (uint32_t)(p[0] & 0x0f) << 12 | (uint32_t)(p[1] & 0x3f) << 6 | (p[2] & 0x3fu);
}

struct alphabet {
    uint32_t from;
    char mark;
    const struct sound *consonants, *vowels;
    size_t nconsonants, nvowels;
};
static const struct alphabet sinhala = { SINHALA_FROM,
                                         's',
                                         sinhala_consonants,
                                         sinhala_vowels,
                                         COUNT_OF(sinhala_consonants),
                                         COUNT_OF(sinhala_vowels) };
static const struct alphabet tamil = { TAMIL_FROM,
                                       't',
                                       tamil_consonants,
                                       tamil_vowels,
                                       COUNT_OF(tamil_consonants),
                                       COUNT_OF(tamil_vowels) };

static const char *spell(struct arena *a, const struct alphabet *s, const char *word)
{
    struct buf b;
    bool inherent = false; /* the last consonant still has its a */
    buf_init(&b, a, 4096);
    for (const unsigned char *p = (const unsigned char *)word; *p != '\0';) {
        bool three = p[0] >= 0xe0 && p[0] < 0xf0 && p[1] != 0 && p[2] != 0;
        uint32_t at = three ? code_point(p) - s->from : 0x80;
        const char *c = at < 0x80 ? find(s->consonants, s->nconsonants, at) : NULL;
        const char *v = at < 0x80 ? find(s->vowels, s->nvowels, at) : NULL;
        bool is_sign = v != NULL && at >= 0x3c;
        if (inherent && !is_sign)
            buf_char(&b, 'a');
        inherent = c != NULL;
        if (c != NULL || v != NULL)
            buf_str(&b, c != NULL ? c : v);
        else if (at == 0x02) /* anusvara */
            buf_char(&b, 'n');
        else if (*p < 0x80)
            buf_char(&b, (char)*p);
        p += three ? 3 : 1;
    }
    if (inherent)
        buf_char(&b, 'a');
    return settle(a, s->mark, b.p);
}

const char *search_sound(struct arena *a, const char *word)
{
    switch (search_script(word)) {
    case SCRIPT_SINHALA:
        return spell(a, &sinhala, word);
    case SCRIPT_TAMIL:
        return spell(a, &tamil, word);
    default:
        return NULL;
    }
}

/* ---- typed in Latin letters --------------------------------------------------------------------
 */
struct rewrite {
    const char *typed, *is;
};
/* Longest first. */
static const struct rewrite digraphs[] = {
    { "chch", "c" }, { "thth", "t" }, { "dhdh", "d" }, { "zh", "l" }, { "sh", "s" }, { "th", "t" },
    { "dh", "d" },   { "kh", "k" },   { "gh", "g" },   { "bh", "b" }, { "ch", "c" }, { "jh", "j" },
    { "ph", "p" },   { "ck", "k" },   { "gn", "n" },   { "aa", "a" }, { "ae", "e" }, { "ee", "i" },
    { "ii", "i" },   { "oo", "u" },   { "uu", "u" },   { "oe", "o" }, { "w", "v" },  { "x", "ks" },
    { "q", "k" },    { "z", "s" },
};
static const struct rewrite tamil_digraphs[] = {
    { "ksh", "ks" }, { "zh", "l" }, { "sh", "s" }, { "th", "t" }, { "dh", "t" }, { "kh", "k" },
    { "gh", "k" },   { "bh", "p" }, { "ch", "s" }, { "jh", "s" }, { "ph", "p" }, { "ck", "k" },
    { "aa", "a" },   { "ai", "a" }, { "ei", "a" }, { "ae", "e" }, { "ee", "i" }, { "ii", "i" },
    { "oo", "u" },   { "uu", "u" }, { "b", "p" },  { "d", "t" },  { "g", "k" },  { "h", "k" },
    { "j", "s" },    { "c", "s" },  { "f", "p" },  { "w", "v" },  { "x", "ks" }, { "q", "k" },
    { "z", "s" },
};

static const char *rewrite(struct arena *a, const struct rewrite *t, size_t n, char mark,
                           const char *word)
{
    struct buf b;
    buf_init(&b, a, 4096);
    for (const char *p = word; *p != '\0';) {
        size_t i = 0;
        while (i < n && !str_starts(p, t[i].typed))
            i++;
        if (i < n) {
            buf_str(&b, t[i].is);
            p += strlen(t[i].typed);
        } else {
            if (*p >= 'a' && *p <= 'z')
                buf_char(&b, *p);
            p++;
        }
    }
    return settle(a, mark, b.p);
}

void search_sounds_of_latin(struct arena *a, const char *word, const char **sinhala_key,
                            const char **tamil_key)
{
    *sinhala_key = rewrite(a, digraphs, COUNT_OF(digraphs), 's', word);
    *tamil_key = rewrite(a, tamil_digraphs, COUNT_OF(tamil_digraphs), 't', word);
}
