/* order_int.h: between the files of placing. */
#ifndef SHOP_ORDER_INT_H
#define SHOP_ORDER_INT_H

#include "base/str.h"
#include "gen/shop_q.h"
#include "shop/order.h"

struct db_pipe;

/* An order's rows by column, as the statements take them. */
struct order_rows {
    size_t n, ntaxes, ndiscounts, ntakes;
    struct uuid *id, *parent, *product, *variant, *seller;
    const char **kind, **sku, **name, **options, **image, **class, **unit;
    int32_t *weight, *quantity, *price_quantity;
    int64_t *amounts;
    bool *tracked;
    struct uuid *tax_item, *tax_rate;
    int32_t *tax_position, *tax_ppm;
    const char **tax_name, **tax_country, **tax_region;
    bool *tax_compound;
    int64_t *tax_base, *tax_amount;
    struct uuid *discount_item, *discount_source_id;
    int32_t *discount_position;
    const char **discount_source, **discount_code, **discount_label;
    int64_t *discount_amount;
    struct uuid *take_item, *take_variant, *take_warehouse;
    int32_t *take_quantity;
};
/* c: not blocked; every item has its priced line. */
void order_rows_make(struct arena *a, const struct cart *c, struct order_rows *o);
void order_rows_send(struct db_pipe *p, struct uuid order, const struct cart *c,
                     const struct order_rows *o);
/* Who acts, as order_status_history writes it, from the request tied to db; id NULL: nobody. */
const char *order_actor(struct db *db, const struct uuid **id);

/* One step of the order machine with its history and event, inside db_tx. RC_CONFLICT: not allowed,
 * or it is elsewhere by now. */
enum rc order_step(struct db *db, struct uuid id, const char *from, const char *to,
                   const char *note) ATTR_MUST_CHECK;

#endif
