/* utf8.h: the edge every text passes before it may be a string inside (RFC 3629, UAX #15). */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/rc.h"

enum { UTF8_MULTILINE = 1 /* \n and \t allowed, \r\n becomes \n */ };

/* Valid UTF-8 by RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF. */
KADE_API bool utf8_valid(const char *p, size_t n) ATTR_PURE;
/* n bytes from outside to an inside string: valid UTF-8, no NUL and no other control characters
 * (C0, C1, noncharacters), NFC. RC_INVALID otherwise. Bidi overrides and zero-width characters are
 * kept: they are legal in Arabic, Sinhala and Tamil text; pages isolate user text with <bdi>. */
KADE_API enum rc utf8_clean(struct arena *a, const char *p, size_t n, unsigned flags,
                            char **out) ATTR_NONNULL ATTR_MUST_CHECK;
/* Code points; s must be valid. */
KADE_API size_t utf8_length(const char *s) ATTR_NONNULL ATTR_PURE;
/* Longest prefix of at most n code points, cut between grapheme clusters where possible. */
KADE_API char *utf8_cut(struct arena *a, const char *s, size_t n) ATTR_NONNULL ATTR_RETNONNULL;
/* Folded for comparison and search: NFKD, marks dropped, lower case, Arabic alef/yeh/teh-marbuta
 * forms unified, Sinhala and Tamil zero-width joiners dropped (ux.md 2.4). */
KADE_API char *utf8_fold(struct arena *a, const char *s) ATTR_NONNULL ATTR_RETNONNULL;
/* A URL name from any text: folded, letters and digits of any script kept, the rest single hyphens,
 * at most 80 code points; "" when nothing is left. */
KADE_API char *utf8_slug(struct arena *a, const char *s) ATTR_NONNULL ATTR_RETNONNULL;

/* Digits of the scripts people of our shops type as 0 to 9; the rest as it is. */
KADE_API char *utf8_digits(struct arena *a, const char *s) ATTR_NONNULL ATTR_RETNONNULL;

/* One word of a text: a run of letters, digits and their marks of any script. Numbers keep a point
 * between digits ("2.5"); digits of any script become 0 to 9; apostrophes are silent. */
struct utf8_word {
    const char *shown;  /* as written, in lower case */
    const char *folded; /* utf8_fold of it, without anything that is no word */
    bool joined;        /* only a hyphen, slash or point stood between it and the word before */
    bool quoted;        /* inside double quotes, and quote counts the pairs */
    int quote;
};
/* At most max words; *out in the arena. s must be valid. */
KADE_API size_t utf8_words(struct arena *a, const char *s, size_t max,
                           struct utf8_word **out) ATTR_NONNULL;

#endif
