/* setup.h: what every shop has from its first minute: the house as seller, a warehouse "main",
 * price lists "base" and "sale" in the shop's currency. Idempotent. */
#ifndef SHOP_SETUP_H
#define SHOP_SETUP_H

#include "app/types.h"
#include "base/id.h"

struct shop_basics {
    struct uuid seller_id, warehouse_id, base_list_id, sale_list_id;
};

/* Inside db_tx, in the tenant's scope. currency: the store's. */
KADE_API enum rc shop_tenant_ready(struct db *db, const char *currency,
                                   struct shop_basics *out) ATTR_NONNULL ATTR_MUST_CHECK;

#endif
