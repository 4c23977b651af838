/* fulfilment.h: goods leaving the house and coming back. Stock leaves when a parcel is handed over,
 * and only then; every unit that moves is a movement with a unique cause (T3, T4). */
#ifndef SHOP_FULFILMENT_H
#define SHOP_FULFILMENT_H

#include "base/arena.h"
#include "base/field.h"
#include "base/id.h"
#include "base/rc.h"

struct db;

struct ship_line {
    struct uuid order_item; /* a line or a kit's part */
    int32_t quantity;
};
struct ship_ask {
    struct uuid order;
    const struct ship_line *line; /* n 0: everything that is open */
    size_t n;
    const char *carrier, *tracking_number, *tracking_url; /* "" where there is none */
    int64_t now;
};
struct shipped {
    struct uuid fulfilment, shipment;
    const char *number;
    bool complete; /* nothing of the order is open any more */
};
/* One parcel, handed over: allocations, lines, levels and movements, fulfilment, shipment, states,
 * history and event order.shipped, in one transaction. RC_CONFLICT: more than is open, or the order
 * is not in a state in which it is sent. */
KADE_API enum rc fulfilment_ship(struct db *db, const struct ship_ask *ask, const char *number,
                                 struct shipped *out) ATTR_NONNULL ATTR_MUST_CHECK;
/* A parcel has arrived; the last one moves the order to delivered. */
KADE_API enum rc fulfilment_delivered(struct db *db, struct uuid fulfilment,
                                      int64_t now) ATTR_NONNULL ATTR_MUST_CHECK;

/* Units that came back or were refunded: only "sellable" raises stock (T4). cause makes it once.
 * Inside db_tx. RC_CONFLICT: more than was sent. */
KADE_API enum rc fulfilment_take_back(struct db *db, struct uuid order_item, int32_t quantity,
                                      const char *disposition, struct uuid cause,
                                      int64_t now) ATTR_NONNULL ATTR_MUST_CHECK;

#endif
