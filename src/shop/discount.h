/* discount.h: taking something off several lines so that the parts are exact. Pure. A line never
 * falls below zero, whatever overlaps. */
#ifndef SHOP_DISCOUNT_H
#define SHOP_DISCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/id.h"
#include "base/money.h"

enum discount_kind { DISCOUNT_PERCENT, DISCOUNT_FIXED, DISCOUNT_ALL };

struct discount {
    enum discount_kind kind;
    int32_t ppm;        /* DISCOUNT_PERCENT: 1..1,000,000 */
    int64_t amount;     /* DISCOUNT_FIXED: at most this, over all its lines together */
    int64_t cap;        /* at most this; < 0: no cap */
    const char *source; /* "coupon" "promotion" "staff" "exemption": order_item_discounts.source */
    struct uuid source_id, code_id; /* nil: none */
    const char *code, *label;
    int64_t taken; /* out: what it came to */
};

/* Spreads one discount over lines of which left[i] (>= 0) can still be taken; weights are what is
 * left, where touches[i]. part[i] sum exactly to *taken, each 0 <= part[i] <= left[i], all
 * multiples of step when left is. RC_LIMIT on overflow. left and part may not overlap. */
KADE_API enum rc discount_spread(const struct discount *d, const int64_t *left, const bool *touches,
                                 size_t n, int64_t step, enum rounding mode, int64_t *part,
                                 int64_t *taken) ATTR_NONNULL ATTR_MUST_CHECK;

#endif
