/* utf8_fold.c: text made comparable, for search, uniqueness and URL names. Not for display: what
 * people read is never folded. Marks that only colour a letter go (accents, Arabic and Hebrew
 * vowel points); signs that spell the word stay (Indic vowel signs and viramas, kana voicing, Thai
 * vowels), or Sinhala and Tamil words would become their bare consonants.
 * Invariant: both sides of a comparison go through here; folding twice changes nothing. */
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum { SLUG_MAX = 80, MORE_PASSES = 3 };

static bool is_colour_mark(int32_t cp)
{
    const utf8proc_property_t *prop = utf8proc_get_property(cp);
    int cc = prop->combining_class;
    return prop->category == UTF8PROC_CATEGORY_MN &&
           (cc == 1 || (cc >= 10 && cc <= 36) || cc >= 200);
}

/* Letters that Arabic writers use for one another; 0 drops. */
static int32_t unify(int32_t cp)
{
    switch (cp) {
    case 0x0640: /* tatweel stretches, it spells nothing */
    case 0x200b:
    case 0x200c:
    case 0x200d:
        return 0;
    case 0x0671: /* alef wasla */
        return 0x0627;
    case 0x0649: /* alef maksura */
    case 0x06cc: /* Farsi yeh */
        return 0x064a;
    case 0x0629: /* teh marbuta */
    case 0x06c1: /* heh goal */
        return 0x0647;
    case 0x06a9: /* keheh */
        return 0x0643;
    default:
        return is_colour_mark(cp) ? 0 : cp;
    }
}

/* One pass over n bytes at s into a new string in the arena. */
static char *fold_once(struct arena *a, const char *s, size_t n)
{
    const utf8proc_option_t how = UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                  UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
    const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s;
    utf8proc_ssize_t need = utf8proc_decompose(p, (utf8proc_ssize_t)n, NULL, 0, how);
    if (need < 0)
        return arena_strndup(a, "", 0); /* not valid UTF-8: the edge was passed by */
    utf8proc_int32_t *cp = malloc(((size_t)need + 1) * sizeof(*cp)); /* + 1: reencode's NUL */
    if (!cp)
        memory_exhausted("utf8", (size_t)need);
    utf8proc_decompose(p, (utf8proc_ssize_t)n, cp, need, how);
    utf8proc_ssize_t kept = 0;
    for (utf8proc_ssize_t i = 0; i < need; i++) {
        int32_t c = unify(cp[i]);
        if (c)
            cp[kept++] = c;
    }
    utf8proc_ssize_t len = utf8proc_reencode(cp, kept, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    const char *bytes = (const char *)cp;
    char *out = arena_strndup(a, bytes, len < 0 ? 0 : (size_t)len);
    free(cp);
    return out;
}

char *utf8_fold(struct arena *a, const char *s)
{
    size_t n = strlen(s), i = 0;
    while (i < n && (unsigned char)s[i] < 0x80)
        i++;
    if (i == n) { /* ASCII folds to its lower case */
        char *out = arena_strndup(a, s, n);
        for (i = 0; i < n; i++) {
            if (out[i] >= 'A' && out[i] <= 'Z')
                out[i] = (char)(out[i] + ('a' - 'A'));
        }
        return out;
    }
    char *out = fold_once(a, s, n);
    for (i = 0; i < MORE_PASSES; i++) { /* rare: a fold may bring up something to fold */
        char *again = fold_once(a, out, strlen(out));
        if (strcmp(again, out) == 0)
            break;
        out = again;
    }
    return out;
}

enum kind { WORD, MARK, SILENT, GAP };

static enum kind kind_of(int32_t cp)
{
    if (cp == '\'' || cp == 0x2019 || cp == 0x02bc)
        return SILENT; /* "men's" is one word */
    switch (utf8proc_category(cp)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
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

char *utf8_slug(struct arena *a, const char *s)
{
    const char *folded = utf8_fold(a, s);
    const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)folded;
    char *out = arena_alloc(a, strlen(folded) + 1), *to = out;
    bool gap = false;
    for (utf8proc_ssize_t len; *p; p += len) {
        utf8proc_int32_t cp;
        len = utf8proc_iterate(p, -1, &cp);
        if (len <= 0)
            break;
        enum kind kind = kind_of(cp);
        if (kind == GAP || (kind == MARK && (gap || to == out))) {
            gap = true; /* a mark with no letter to sit on goes too */
            continue;
        }
        if (kind == SILENT)
            continue;
        if (gap && to != out)
            *to++ = '-';
        gap = false;
        memcpy(to, p, (size_t)len);
        to += len;
    }
    *to = '\0';
    char *cut = utf8_cut(a, out, SLUG_MAX);
    size_t n = strlen(cut);
    if (n > 0 && cut[n - 1] == '-')
        cut[n - 1] = '\0';
    return cut;
}
