/* search_text.h: from texts to what is indexed and asked for: words, stems, keys of romanised
 * words, codes. Pure: no I/O. Index and query both come through here. Internal to src/shop. */
#ifndef SHOP_SEARCH_TEXT_H
#define SHOP_SEARCH_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/utf8.h"

enum search_script {
    SCRIPT_LATIN,
    SCRIPT_SINHALA,
    SCRIPT_TAMIL,
    SCRIPT_ARABIC,
    SCRIPT_NUMBER, /* digits alone, with points */
    SCRIPT_OTHER
};

enum { SEARCH_CODE_MIN = 3, SEARCH_CODE_MAX = 60, SEARCH_PARTS = 4, SEARCH_CHAIN = 6 };

KADE_API enum search_script search_script(const char *word) ATTR_NONNULL ATTR_PURE;
/* A folded word without the endings and articles of Sinhala, Tamil and Arabic; itself when there is
 * nothing to take away, and for other scripts (English stems are the database's work). */
KADE_API const char *search_stem(struct arena *a, const char *word) ATTR_NONNULL ATTR_RETNONNULL;
/* Key under which a Sinhala ("~s...") or Tamil ("~t...") word is found when it is typed in Latin
 * letters; NULL for words of other scripts. */
KADE_API const char *search_sound(struct arena *a, const char *word) ATTR_NONNULL;
/* The same of a word typed in Latin letters, which may be either. */
KADE_API void search_sounds_of_latin(struct arena *a, const char *word, const char **sinhala,
                                     const char **tamil) ATTR_NONNULL;
/* "350ml" to "350" and "ml"; 0 when the word has no border between letters and digits. */
KADE_API size_t search_parts(struct arena *a, const char *word,
                             const char *out[SEARCH_PARTS]) ATTR_NONNULL;
/* Key of a SKU or barcode: '=' and its letters and digits; NULL when it has too few or too many. */
KADE_API const char *search_code(struct arena *a, const char *text) ATTR_NONNULL;
/* n words to one: "t", "shirt" is "tshirt". */
KADE_API const char *search_join(struct arena *a, const struct utf8_word *words,
                                 size_t n) ATTR_NONNULL ATTR_RETNONNULL;
/* Words that follow one another joined by hyphens, words[0] first: how many, at least 1. */
KADE_API size_t search_chain(const struct utf8_word *words, size_t n) ATTR_NONNULL ATTR_PURE;
/* A lexeme in quotes, as tsvector and tsquery read it. */
KADE_API void search_quote(struct buf *b, const char *lexeme) ATTR_NONNULL;
/* Single edits (a swap of neighbours counts as one) between two words, in code points; more than
 * most answers most + 1. */
KADE_API int search_distance(const char *x, const char *y, int most) ATTR_NONNULL ATTR_PURE;

#endif
