/* tax.h: which tax rates apply, and what they come to. Picking is pure: the database gives every
 * rate whose area covers the place (tax_candidates), C keeps the closest one per priority. Rates
 * are parts per million. Amounts are worked out in millionths of a minor unit and rounded once, by
 * the named mode, to the step the currency is charged in. */
#ifndef SHOP_TAX_H
#define SHOP_TAX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/id.h"
#include "base/money.h"

enum tax_rounding { TAX_PER_LINE, TAX_PER_ORDER };
enum { TAX_SET_MAX = 8 /* rates on one line: one a priority */ };

/* Where something is taxed or delivered: upper case, postcode without blanks and signs; made by
 * tax_place. Any part may be "". */
struct tax_place {
    const char *country, *region, *city, *postcode;
};
KADE_API struct tax_place tax_place(struct arena *a, const char *country, const char *region,
                                    const char *city, const char *postcode)
    __attribute__((nonnull(1)));

struct tax_rate {
    struct uuid id;
    const char *tax_class, *name, *country, *region;
    int32_t ppm, priority;
    int32_t closeness; /* of its area: postcode 8, city 4, region 2, country 1, added */
    int32_t position;
    bool compound;    /* on the net and the taxes before it */
    bool on_shipping; /* goods and shipping, else goods only */
};

/* Rates of one line in the order they apply: by priority, compound ones after plain ones. */
struct tax_set {
    const struct tax_rate *rate[TAX_SET_MAX];
    size_t n;
};
/* The rates for goods (or shipping) of a class among candidates; class "none" has none. At most
 * TAX_SET_MAX priorities: more is RC_LIMIT. */
KADE_API enum rc tax_pick(const struct tax_rate *rates, size_t n, const char *tax_class,
                          bool shipping, struct tax_set *out) ATTR_MUST_CHECK
    __attribute__((nonnull(3, 5)));

/* Exact taxes of an amount, in millionths of a minor unit (up to the last digit of that): out[i]
 * belongs to set->rate[i]. included: the amount contains them. Amounts up to 2^62. */
__extension__ typedef __int128 tax_micro;
KADE_API void tax_exact(const struct tax_set *set, int64_t amount, bool included,
                        tax_micro out[TAX_SET_MAX]) ATTR_NONNULL;
/* Millionths to minor units, to a multiple of step by mode. RC_LIMIT past int64. */
KADE_API enum rc tax_round(tax_micro micro, int64_t step, enum rounding mode,
                           int64_t *out) ATTR_NONNULL ATTR_MUST_CHECK;

#endif
