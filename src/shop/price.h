/* price.h: the one answer to "what does it cost". Callers bring the prices that could apply (lists,
 * windows, quantities, as the database holds them) and the instant; nobody else compares prices.
 * Pure: no I/O, integers only. */
#ifndef SHOP_PRICE_H
#define SHOP_PRICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/id.h"

/* Kinds of list in rising strength: where two lists apply, the stronger kind decides; within one
 * kind the higher priority, then the higher minimum quantity, then the later start. */
enum price_kind { PRICE_BASE, PRICE_SELLER, PRICE_SALE, PRICE_GROUP, PRICE_CONTRACT };

/* One candidate: a row of shop.prices with its list. The window is the intersection of both,
 * [from, until). */
struct price_row {
    struct uuid variant_id;
    enum price_kind kind;
    int32_t priority, min_quantity;
    int64_t amount, lowest_30d; /* minor units; lowest_30d < 0 = not known */
    int64_t from, until;
};

enum price_reason {
    PRICE_NONE,   /* no list has a price now: on request */
    PRICE_LISTED, /* the base (or seller) price */
    PRICE_ON_SALE,
    PRICE_OWN /* by group or contract */
};

struct price {
    enum price_reason reason;
    int64_t amount;     /* what is charged for price_quantity pieces */
    int64_t was;        /* the base price to strike through; -1 when there is nothing to compare */
    int64_t lowest_30d; /* lowest of the 30 days before the reduction; -1 when not known */
    int64_t until;      /* instant at which this answer may change; INSTANT_MAX = not foreseen */
    int64_t list;       /* the base price of one; -1 when there is none */
    int32_t min_quantity; /* the quantity from which amount holds: above 1 it is a tier */
};

/* Price of quantity pieces of one variant at now, from rows of any variants. A sale that is not
 * below the base price is no sale: the base price is answered. */
KADE_API struct price price_resolve(const struct price_row *rows, size_t n, struct uuid variant,
                                    int32_t quantity, int64_t now);

/* The range over several variants, for cards: low is the cheapest, high the dearest amount. */
struct price_range {
    bool priced;
    bool varies; /* low.amount differs from the dearest */
    struct price low;
    int64_t high;
};
KADE_API struct price_range price_range_of(const struct price_row *rows, size_t n,
                                           const struct uuid *variants, size_t nvariants,
                                           int64_t now);

/* The next instant after now at which one of the rows begins or ends; INSTANT_MAX: none does. */
KADE_API int64_t price_edge(const struct price_row *rows, size_t n, int64_t now);

/* Whole percent saved, rounded down, 1..99; 0 when nothing is saved. */
KADE_API int price_saving_percent(const struct price *p) ATTR_NONNULL;

KADE_API bool price_kind_parse(const char *word, enum price_kind *out) ATTR_NONNULL;

#endif
