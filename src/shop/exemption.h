/* exemption.h: customers who are not charged tax, and the proof that goes onto their orders. Only
 * staff writes them. Whether one counts for a cart is decided where the cart is read. */
#ifndef SHOP_EXEMPTION_H
#define SHOP_EXEMPTION_H

#include "app/types.h"
#include "base/id.h"

struct exemption {
    struct uuid customer;
    const char *kind;     /* "exempt" "reverse_charge" */
    const char *country;  /* of delivery; "": anywhere */
    const char *evidence; /* 3 to 200 characters */
};
/* Inside db_tx: the proof of a kind and country, instead of the one before it; with audit row and
 * event customer.changed. RC_INVALID: no such kind or country, or no proof. */
KADE_API enum rc exemption_put(struct db *db,
                               const struct exemption *e) ATTR_NONNULL ATTR_MUST_CHECK;
/* Ends all of a customer; *ended counts them. Inside db_tx. */
KADE_API enum rc exemption_end(struct db *db, struct uuid customer, int64_t now,
                               int64_t *ended) ATTR_NONNULL ATTR_MUST_CHECK;

#endif
