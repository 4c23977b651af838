/* money.h: money is an integer of minor units and a currency (ISO 4217). The exponent comes from
 * the table here and is never a literal. Every sum is checked: overflow is RC_LIMIT, never a wrap.
 * Products go through __int128. Formatting for people is platform/fmt's. */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"

struct currency {
    char code[4];
    unsigned exponent;       /* ISO 4217 minor unit digits: JPY 0, LKR 2, IQD 3 */
    unsigned shown_exponent; /* digits shown and charged: IQD 0, so the step is 1000 minor units */
};

/* DOWN is towards zero, UP away from it. */
enum rounding { ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN, ROUND_UP };

/* NULL when the code is not an active ISO 4217 code. */
KADE_API const struct currency *currency_find(const char *code);
/* The smallest amount charged in this currency, in minor units (IQD: 1000, LKR: 1). */
KADE_API int64_t currency_step(const struct currency *c) ATTR_NONNULL;

KADE_API enum rc money_add(int64_t a, int64_t b, int64_t *out) ATTR_NONNULL ATTR_MUST_CHECK;
KADE_API enum rc money_sub(int64_t a, int64_t b, int64_t *out) ATTR_NONNULL ATTR_MUST_CHECK;
KADE_API enum rc money_mul(int64_t amount, int64_t quantity,
                           int64_t *out) ATTR_NONNULL ATTR_MUST_CHECK;
/* amount * num / den, rounded by mode (half away from zero for HALF_UP); den > 0. */
KADE_API enum rc money_ratio(int64_t amount, int64_t num, int64_t den, enum rounding mode,
                             int64_t *out) ATTR_NONNULL ATTR_MUST_CHECK;
/* Nearest multiple of step by mode; step > 0. */
KADE_API enum rc money_round(int64_t amount, int64_t step, enum rounding mode,
                             int64_t *out) ATTR_NONNULL ATTR_MUST_CHECK;
/* Largest-remainder split of total over weights (all >= 0, sum > 0): out[i] sum exactly to total,
 * each at most one unit from its share, ties to the lower index; none has the other sign. */
KADE_API enum rc money_split(int64_t total, const int64_t *weights, size_t n,
                             int64_t *out) ATTR_NONNULL ATTR_MUST_CHECK;
/* Plain decimal text as in files and APIs: optional '-', digits, optional '.' fraction; exact, no
 * grouping. "12.5" LKR gives 1250. More fraction digits than the exponent (other than zeros) are
 * RC_INVALID. */
KADE_API enum rc money_parse(const char *s, const struct currency *c,
                             int64_t *out) ATTR_NONNULL ATTR_MUST_CHECK;
/* The same form back, all exponent digits: 1250 LKR gives "12.50". size >= 32. */
KADE_API void money_plain(int64_t amount, const struct currency *c, char *out,
                          size_t size) ATTR_NONNULL;

#endif
