/* pricing.h: from lines with unit prices to what is paid, to the last minor unit. The one place
 * where amounts of a cart, an order, an invoice, a quote or an API answer are added up. Pure: no
 * I/O, no clock, integers only. Everything is in minor units of terms.currency and a multiple of
 * the step it is charged in (IQD: 1000), so what is shown is what is paid.
 *
 * Invariants, checked by a property test: subtotal = unit x quantity / price_quantity; 0 <=
 * discount <= subtotal; total = subtotal - discount; the parts of discounts and taxes sum exactly
 * to those of the line; the totals are the sums of the lines; sum = items + shipping + fees +
 * tax_added. */
#ifndef SHOP_PRICING_H
#define SHOP_PRICING_H

#include "base/arena.h"
#include "shop/discount.h"
#include "shop/price.h"
#include "shop/tax.h"

enum { PRICING_DISCOUNTS_MAX = 16, PRICING_LINES_MAX = 1000 };
enum pricing_kind { PRICING_ITEM, PRICING_SHIPPING, PRICING_FEE };

struct pricing_terms {
    const struct currency *currency;
    bool include_tax; /* prices contain their tax */
    enum tax_rounding tax_rounding;
    enum rounding rounding;
    /* Nothing is charged, with a proof: "exempt" or "reverse_charge" (order_item_taxes.reason) and
     * the evidence kept with the order. NULL: taxed. Included tax is then taken off the price. */
    const char *relief, *evidence;
};

struct pricing_tax { /* one rate on one line */
    const struct tax_rate *rate;
    int64_t base, amount; /* base: net of all taxes; for a compound rate with those before it */
};

struct pricing_line {
    /* in */
    enum pricing_kind kind;
    int64_t list, unit; /* list price and price charged, for price_quantity units */
    int32_t quantity, price_quantity;
    struct tax_set taxes;
    uint32_t discounts; /* bit i: discounts[i] may take from this line */
    /* out */
    int64_t subtotal, discount, total, tax, tax_added;
    const int64_t *part; /* ndiscounts + 1 amounts: of each discount, then of the relief */
    const struct pricing_tax *lot; /* taxes.n entries; amounts 0 under relief */
};

struct pricing_totals {
    int64_t subtotal; /* of goods before discounts */
    int64_t items, shipping, fees, discount, tax, tax_added, total;
};

/* Fills the out members of lines, discounts[].taken and *out. Discounts are applied in the order
 * given, each on what the ones before have left. RC_INVALID: a quantity or price below 0, quantity
 * 0, more than the maxima; RC_LIMIT: an amount past int64. lines are untouched on failure. */
KADE_API enum rc pricing_total(struct arena *a, const struct pricing_terms *terms,
                               struct pricing_line *lines, size_t n, struct discount *discounts,
                               size_t ndiscounts, struct pricing_totals *out) ATTR_MUST_CHECK
    __attribute__((nonnull(1, 2, 7)));

/* A unit price as it is charged: rounded to the step of its currency. */
KADE_API int64_t pricing_unit(const struct pricing_terms *terms, int64_t amount) ATTR_NONNULL;

/* Why a line costs what it costs, for pages and APIs: entries whose amounts sum to the line's
 * total. */
enum pricing_reason { REASON_LIST, REASON_SALE, REASON_TIER, REASON_OWN, REASON_DISCOUNT };
struct pricing_why {
    enum pricing_reason reason;
    const char *label;    /* of a discount; NULL for the others */
    int32_t min_quantity; /* of REASON_TIER */
    int64_t amount;       /* REASON_LIST positive, the others negative (OWN may be positive) */
};
/* price: the resolver's answer of which the line was made. *n entries in the arena. */
KADE_API const struct pricing_why *
pricing_reasons(struct arena *a, const struct pricing_line *line, const struct price *price,
                const struct discount *discounts, size_t ndiscounts, size_t *n)
    __attribute__((nonnull(1, 2, 3, 6)));

#endif
