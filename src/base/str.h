/* str.h: small string questions and strict number parsing. Strings are NUL-terminated, NUL-free,
 * valid UTF-8 in NFC (law of the edge: utf8_clean). No locale is ever consulted. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/rc.h"

KADE_API bool str_eq(const char *a, const char *b) ATTR_PURE; /* NULL equals only NULL */
KADE_API bool str_empty(const char *s) ATTR_PURE;             /* NULL or "" */
KADE_API bool str_starts(const char *s, const char *prefix) ATTR_NONNULL ATTR_PURE;
KADE_API bool str_ends(const char *s, const char *suffix) ATTR_NONNULL ATTR_PURE;
KADE_API bool str_ieq(const char *a, const char *b) ATTR_PURE; /* ASCII case-insensitive */
/* Copy without leading and trailing ASCII white space. */
KADE_API char *str_trim(struct arena *a, const char *s) ATTR_NONNULL ATTR_RETNONNULL;
/* ASCII lower case copy; other bytes unchanged. */
KADE_API char *str_lower(struct arena *a, const char *s) ATTR_NONNULL ATTR_RETNONNULL;
/* Splits at sep; empty parts are kept; *out has n entries in the arena. */
KADE_API size_t str_split(struct arena *a, const char *s, char sep, char ***out) ATTR_NONNULL;

/* The whole string must be one decimal number in range [min, max]: no spaces, no '+', no hex.
 * RC_INVALID otherwise. */
KADE_API enum rc str_int(const char *s, int64_t min, int64_t max,
                         int64_t *out) ATTR_NONNULL ATTR_MUST_CHECK;

/* Decimal text to value * 10^scale, exact: "10.25" with scale 4 gives 102500. Extra fraction digits
 * other than zeros are RC_INVALID, overflow RC_LIMIT. Accepts a leading '-'. */
KADE_API enum rc str_decimal(const char *s, unsigned scale,
                             int64_t *out) ATTR_NONNULL ATTR_MUST_CHECK;

/* Bounded copy, always terminated; false when it was cut. */
KADE_API bool str_copy(char *dst, size_t size, const char *src) ATTR_NONNULL;

#endif
