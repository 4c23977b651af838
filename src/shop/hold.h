/* hold.h: taking stock. Everything that promises or moves stock goes through the statements behind
 * these functions: levels are locked in one sorted order, checked and changed in one statement, so
 * stock is never sold twice (T1) and opposite carts do not deadlock (T2). Units are pieces of a
 * variant. */
#ifndef SHOP_HOLD_H
#define SHOP_HOLD_H

#include "base/arena.h"
#include "base/id.h"
#include "base/rc.h"

struct db;
struct cart;

struct stock_want { /* what somebody wants of what */
    struct uuid variant;
    int64_t quantity;
};
struct stock_place { /* one level as read */
    struct uuid variant, warehouse;
    int32_t priority; /* of the warehouse, higher first */
    int64_t free;     /* on hand + backorder limit - held - allocated, holds of one's own added */
};
struct stock_take {
    struct uuid variant, warehouse;
    int32_t quantity;
    size_t want; /* index of the want it serves */
};
/* Which warehouses serve which wants: a want from one warehouse where one can, else split by
 * priority. Pure. RC_CONFLICT: *missing is the index of the first want that cannot be served. */
KADE_API enum rc stock_plan(struct arena *a, const struct stock_want *wants, size_t nwants,
                            const struct stock_place *places, size_t nplaces,
                            struct stock_take **out, size_t *n, size_t *missing) ATTR_MUST_CHECK;

enum { HOLD_MINUTES = 15 };
/* Holds what a cart as read needs (tracked lines and kit parts) until now + HOLD_MINUTES, instead
 * of what it held before. Own transaction. RC_CONFLICT: not all is there any more; the old holds
 * stay. */
KADE_API enum rc hold_start(struct db *db, const struct cart *cart,
                            int64_t now) ATTR_NONNULL ATTR_MUST_CHECK;
/* Ends holds past their time, at most most of them; own transaction. */
KADE_API enum rc hold_sweep(struct db *db, int64_t now, int32_t most,
                            int64_t *ended) ATTR_NONNULL ATTR_MUST_CHECK;
/* Tells stock.low, stock.out and stock.back for these variants, once a crossing, and stock.changed
 * for products that came or went. Inside db_tx. */
KADE_API enum rc stock_crossings(struct db *db, const struct uuid *variants, size_t n,
                                 int64_t now) ATTR_MUST_CHECK;

#endif
