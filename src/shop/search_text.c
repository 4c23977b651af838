/* search_text.c: words, parts, codes and distances. Light stems are rules for the commonest endings
 * only: they bring "the lamps" to "lamp", they do not know grammar. A rule may join two words that
 * have nothing in common; it never loses the word itself, which is always indexed beside its stem.
 * Romanised words are in search_roman.c. */
#include "shop/search_text.h"

#include <stdint.h>
#include <string.h>

#include "base/str.h"

/* Next code point of valid UTF-8; 0 at the end. */
static uint32_t next(const char **s)
{
    const unsigned char *p = (const unsigned char *)*s;
    if (*p == '\0')
        return 0;
    size_t n = *p < 0x80 ? 1 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
    uint32_t cp = n == 1 ? *p : *p & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80) { /* cut short: not text of ours */
            n = i;
            break;
        }
        cp = cp << 6 | (p[i] & 0x3f);
    }
    *s += n;
    return cp;
}

enum search_script search_script(const char *word)
{
    bool letters = false;
    for (const char *p = word; *p != '\0';) {
        uint32_t cp = next(&p);
        if (cp >= 0x0d80 && cp <= 0x0dff)
            return SCRIPT_SINHALA;
        if (cp >= 0x0b80 && cp <= 0x0bff)
            return SCRIPT_TAMIL;
        if ((cp >= 0x0600 && cp <= 0x06ff) || (cp >= 0x0750 && cp <= 0x077f))
            return SCRIPT_ARABIC;
        if (cp > 0x24f)
            return SCRIPT_OTHER;
        letters |= !(cp >= '0' && cp <= '9') && cp != '.';
    }
    return letters ? SCRIPT_LATIN : SCRIPT_NUMBER;
}

/* ---- stems -------------------------------------------------------------------------------------
 */
struct ending {
    const char *off, *on;
};
enum { KEEP_SINHALA = 6, KEEP_TAMIL = 9, KEEP_ARABIC = 6 }; /* bytes that must stay */

static const char *take_ending(struct arena *a, const char *word, const struct ending *list,
                               size_t n, size_t keep)
{
    size_t len = strlen(word);
    for (size_t i = 0; i < n; i++) {
        size_t off = strlen(list[i].off);
        if (len >= keep + off && str_ends(word, list[i].off))
            return arena_printf(a, "%.*s%s", (int)(len - off), word, list[i].on);
    }
    return word;
}

/* Indefinite, plural and definite endings; the longest first. */
static const struct ending sinhala[] = { { "වල්", "" }, { "යක්", "" }, { "වක්", "" },
                                         { "ක්", "" },  { "ය", "" },  { "ව", "" } };
static const struct ending tamil[] = { { "ங்கள்", "ம்" }, { "க்கள்", "" }, { "கள்", "" } };
static const struct ending arabic[] = { { "ات", "" }, { "ون", "" }, { "ين", "" }, { "ان", "" },
                                        { "يه", "" }, { "ها", "" }, { "ه", "" },  { "ي", "" } };

static const char *stem_arabic(struct arena *a, const char *word)
{
    static const char *const fronts[] = { "وال", "بال", "كال", "فال", "ال", "لل" };
    const char *s = word;
    for (size_t i = 0; i < COUNT_OF(fronts) && s == word; i++)
        if (str_starts(word, fronts[i]) && strlen(word) >= strlen(fronts[i]) + KEEP_ARABIC)
            s = word + strlen(fronts[i]);
    return take_ending(a, s, arabic, COUNT_OF(arabic), KEEP_ARABIC);
}

const char *search_stem(struct arena *a, const char *word)
{
    switch (search_script(word)) {
    case SCRIPT_SINHALA:
        return take_ending(a, word, sinhala, COUNT_OF(sinhala), KEEP_SINHALA);
    case SCRIPT_TAMIL:
        return take_ending(a, word, tamil, COUNT_OF(tamil), KEEP_TAMIL);
    case SCRIPT_ARABIC:
        return stem_arabic(a, word);
    default:
        return word;
    }
}

/* ---- parts and codes ---------------------------------------------------------------------------
 */
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

size_t search_parts(struct arena *a, const char *word, const char *out[SEARCH_PARTS])
{
    size_t n = 0;
    const char *from = word;
    for (const char *p = word + 1; *from != '\0' && n < SEARCH_PARTS; p++) {
        bool border = *p == '\0' || (is_digit(*p) != is_digit(p[-1]) && *p != '.' && p[-1] != '.' &&
                                     ((unsigned char)*p & 0xc0) != 0x80); /* not inside a letter */
        if (!border)
            continue;
        if (n + 1 == SEARCH_PARTS)
            p = from + strlen(from); /* the rest is the last part */
        out[n++] = arena_strndup(a, from, (size_t)(p - from));
        from = p;
        if (*p == '\0')
            break;
    }
    return n > 1 ? n : 0;
}

const char *search_join(struct arena *a, const struct utf8_word *words, size_t n)
{
    struct buf b;
    buf_init(&b, a, 4096);
    for (size_t i = 0; i < n; i++)
        buf_str(&b, words[i].folded);
    return b.p;
}

size_t search_chain(const struct utf8_word *words, size_t n)
{
    size_t k = 1;
    while (k < n && k < SEARCH_CHAIN && words[k].joined)
        k++;
    return k;
}

const char *search_code(struct arena *a, const char *text)
{
    struct utf8_word *words;
    size_t n = utf8_words(a, text, 16, &words);
    const char *joined = search_join(a, words, n);
    char *out = arena_alloc(a, strlen(joined) + 2), *to = out;
    *to++ = '=';
    for (const char *p = joined; *p != '\0'; p++)
        if (*p != '.')
            *to++ = *p;
    size_t len = (size_t)(to - out) - 1;
    return len >= SEARCH_CODE_MIN && len <= SEARCH_CODE_MAX ? out : NULL;
}

void search_quote(struct buf *b, const char *lexeme)
{
    buf_char(b, '\'');
    for (const char *p = lexeme; *p != '\0'; p++) {
        if (*p == '\'' || *p == '\\')
            buf_char(b, *p);
        buf_char(b, *p);
    }
    buf_char(b, '\'');
}

/* ---- distance ----------------------------------------------------------------------------------
 */
enum { POINTS = 40 };

static size_t points(const char *s, uint32_t out[POINTS])
{
    size_t n = 0;
    for (uint32_t cp; n < POINTS && (cp = next(&s)) != 0;)
        out[n++] = cp;
    return *s == '\0' ? n : POINTS + 1;
}

static int least(int a, int b, int c)
{
    int m = a < b ? a : b;
    return m < c ? m : c;
}

int search_distance(const char *x, const char *y, int most)
{
    uint32_t p[POINTS], q[POINTS];
    int row[3][POINTS + 1] = { { 0 } };
    size_t n = points(x, p), m = points(y, q);
    if (n > POINTS || m > POINTS || n > m + (size_t)most || m > n + (size_t)most)
        return most + 1;
    for (size_t j = 0; j <= m; j++)
        row[0][j] = (int)j;
    for (size_t i = 1; i <= n; i++) {
        int *now = row[i % 3], *up = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        int best = now[0] = (int)i;
        for (size_t j = 1; j <= m; j++) {
            now[j] = least(up[j] + 1, now[j - 1] + 1, up[j - 1] + (p[i - 1] != q[j - 1]));
            if (i > 1 && j > 1 && p[i - 1] == q[j - 2] && p[i - 2] == q[j - 1] &&
                before[j - 2] + 1 < now[j])
                now[j] = before[j - 2] + 1;
            best = now[j] < best ? now[j] : best;
        }
        if (best > most)
            return most + 1;
    }
    return row[n % 3][m] > most ? most + 1 : row[n % 3][m];
}
