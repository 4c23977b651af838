/* setup.c: the rows every shop needs before it can have a product. Asked for at the start of every
 * import; it writes only what is missing. Not for demo data. Invariant: afterwards the shop has a
 * house, a warehouse and both price lists. */
#include "shop/setup.h"

#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"

static enum rc make_missing(struct db *db, const char *currency)
{
    struct db_pipe *p = db_pipe(db);
    shop_q_setup_seller_send(p, uuid7_new(), "House", NULL);
    shop_q_setup_warehouse_send(p, uuid7_new(), "Main", NULL);
    shop_q_setup_price_list_send(p, uuid7_new(), "base", "Prices", currency, "base", 0, NULL);
    shop_q_setup_price_list_send(p, uuid7_new(), "sale", "Reductions", currency, "sale", 0, NULL);
    enum rc rc = db_pipe_run(p);
    struct shop_seeded seeded;
    return rc == RC_OK ? shop_q_seed_trade(db, &seeded) : rc;
}

enum rc shop_tenant_ready(struct db *db, const char *currency, struct shop_basics *out)
{
    struct shop_basic_maybe found;
    enum rc rc = shop_q_basics(db, &found);
    if (rc != RC_OK)
        return rc;
    if (!found.found) {
        rc = make_missing(db, currency);
        if (rc == RC_OK)
            rc = shop_q_basics(db, &found);
        if (rc != RC_OK)
            return rc;
        if (!found.found)
            return RC_BUG;
    }
    *out = (struct shop_basics){ .seller_id = found.row.seller_id,
                                 .warehouse_id = found.row.warehouse_id,
                                 .base_list_id = found.row.base_list_id,
                                 .sale_list_id = found.row.sale_list_id };
    return RC_OK;
}
