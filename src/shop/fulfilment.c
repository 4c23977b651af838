/* fulfilment.c: parcels leaving and units coming back. Who may send what is in the allocations: a
 * parcel takes from them, and stock falls in the same statement. Invariant: on hand changes only
 * with a movement whose cause is the parcel or the return, each once. */
#include "shop/fulfilment.h"

#include "app/audit.h"
#include "app/event.h"
#include "base/str.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "shop/order_int.h"

struct shipping_out {
    const struct ship_ask *ask;
    const char *number;
    struct shipped out;
};

/* How much of an allocation goes: what is asked for of its line, or all that is open. */
static int32_t share(const struct ship_ask *ask, struct uuid item, int32_t open, int32_t *left)
{
    if (ask->n == 0)
        return open;
    for (size_t i = 0; i < ask->n; i++)
        if (uuid_cmp(ask->line[i].order_item, item) == 0) {
            int32_t q = left[i] < open ? left[i] : open;
            left[i] -= q;
            return q;
        }
    return 0;
}

struct parcel {
    struct uuid *allocation, *item;
    int32_t *quantity;
    size_t n;
    struct uuid warehouse, seller;
    bool has_seller;
};

/* One parcel leaves one warehouse: that of the first allocation it takes from. */
static enum rc collect(struct arena *a, const struct ship_ask *ask,
                       const struct shop_ship_open_row_list *open, struct parcel *p)
{
    int32_t *left = arena_array(a, int32_t, ask->n);
    for (size_t i = 0; i < ask->n; i++)
        left[i] = ask->line[i].quantity;
    *p = (struct parcel){ .allocation = arena_array(a, struct uuid, open->n),
                          .item = arena_array(a, struct uuid, open->n),
                          .quantity = arena_array(a, int32_t, open->n) };
    for (size_t i = 0; i < open->n; i++) {
        const struct shop_ship_open_row *r = &open->row[i];
        if (p->n > 0 && uuid_cmp(p->warehouse, r->warehouse_id) != 0)
            continue;
        int32_t q = share(ask, r->order_item_id, r->open, left);
        if (q <= 0)
            continue;
        p->warehouse = r->warehouse_id;
        p->has_seller = r->has_seller_id;
        if (r->has_seller_id)
            p->seller = r->seller_id;
        p->allocation[p->n] = r->allocation_id;
        p->item[p->n] = r->order_item_id;
        p->quantity[p->n++] = q;
    }
    for (size_t i = 0; i < ask->n; i++)
        if (left[i] != 0)
            return RC_CONFLICT; /* more than is open, or from several warehouses */
    return RC_OK;
}

static enum rc write_parcel(struct db *db, struct shipping_out *s, const struct parcel *p)
{
    const struct ship_ask *ask = s->ask;
    int64_t moved = 0;
    struct db_pipe *pipe = db_pipe(db);
    shop_q_fulfilment_add_send(pipe, s->out.fulfilment, s->number, ask->order, p->warehouse,
                               p->has_seller ? &p->seller : NULL, "handed_over", NULL);
    shop_q_fulfilment_items_add_send(pipe, s->out.fulfilment, (struct uuids){ p->allocation, p->n },
                                     (struct uuids){ p->item, p->n },
                                     (struct int4s){ p->quantity, p->n }, NULL);
    shop_q_shipment_add_send(pipe, s->out.shipment, s->out.fulfilment, ask->order, ask->carrier,
                             str_empty(ask->tracking_number) ? NULL : ask->tracking_number,
                             ask->tracking_url, ask->now, NULL);
    shop_q_ship_move_send(pipe, s->out.fulfilment, (struct uuids){ p->allocation, p->n },
                          (struct int4s){ p->quantity, p->n }, &moved);
    enum rc rc = db_pipe_run(pipe);
    return rc == RC_OK && moved == 0 ? RC_CONFLICT : rc;
}

/* The order follows its parcels: being packed from the first one, on its way with the last. */
static enum rc follow(struct db *db, struct uuid order, const char *state, bool complete)
{
    enum rc rc = RC_OK;
    if (str_eq(state, "confirmed")) {
        rc = order_step(db, order, "confirmed", "processing", "");
        state = "processing";
    }
    if (rc == RC_OK && complete && str_eq(state, "processing"))
        rc = order_step(db, order, "processing", "shipped", "");
    return rc;
}

static enum rc ship_in_tx(struct db *db, void *arg)
{
    struct shipping_out *s = arg;
    const struct ship_ask *ask = s->ask;
    struct shop_order_locked_maybe o;
    struct shop_ship_open_row_list open;
    struct shop_ship_head_row head;
    struct parcel p;
    enum rc rc = shop_q_order_lock(db, ask->order, &o);
    if (rc != RC_OK)
        return rc;
    if (!o.found)
        return RC_NOTFOUND;
    if (!str_eq(o.row.state, "confirmed") && !str_eq(o.row.category, "picking"))
        return RC_CONFLICT;
    rc = shop_q_ship_open(db, ask->order, &open);
    if (rc == RC_OK)
        rc = collect(db_arena(db), ask, &open, &p);
    if (rc == RC_OK && p.n == 0)
        rc = RC_CONFLICT;
    s->out =
        (struct shipped){ .fulfilment = uuid7_new(), .shipment = uuid7_new(), .number = s->number };
    if (rc == RC_OK)
        rc = write_parcel(db, s, &p);
    if (rc == RC_OK && ask->n == 0)
        rc = shop_q_ship_untracked(db, ask->order, NULL);
    if (rc == RC_OK)
        rc = shop_q_ship_head(db, ask->order, &head);
    if (rc != RC_OK)
        return rc;
    s->out.complete = head.is_complete;
    rc = follow(db, ask->order, o.row.state, head.is_complete);
    if (rc == RC_OK)
        rc = audit_write(db, "order.shipped", "order", ask->order, NULL, NULL);
    return rc == RC_OK ? event_emit(db, "order.shipped", ask->order, 0,
                                    "fulfilment=%s number=%s carrier=%s tracking=%s",
                                    uuid_str(db_arena(db), s->out.fulfilment), s->number,
                                    ask->carrier, ask->tracking_number)
                       : rc;
}

enum rc fulfilment_ship(struct db *db, const struct ship_ask *ask, const char *number,
                        struct shipped *out)
{
    struct shipping_out s = { .ask = ask, .number = number };
    enum rc rc = db_tx(db, DB_TX_RETRY, ship_in_tx, &s);
    if (rc == RC_OK)
        *out = s.out;
    return rc;
}

struct arrival {
    struct uuid fulfilment;
    int64_t now;
};

static enum rc arrived_in_tx(struct db *db, void *arg)
{
    const struct arrival *x = arg;
    struct shop_fulfilment_arrived_maybe f;
    struct shop_order_arrived_maybe o;
    enum rc rc = shop_q_fulfilment_arrived(db, x->fulfilment, x->now, &f);
    if (rc != RC_OK)
        return rc;
    if (!f.found)
        return RC_CONFLICT;
    rc = shop_q_order_arrived(db, f.row.order_id, &o);
    if (rc == RC_OK && o.found && str_eq(o.row.state, "shipped"))
        rc = order_step(db, f.row.order_id, "shipped", "delivered", "");
    return rc;
}

enum rc fulfilment_delivered(struct db *db, struct uuid fulfilment, int64_t now)
{
    struct arrival x = { .fulfilment = fulfilment, .now = now };
    return db_tx(db, DB_TX_RETRY, arrived_in_tx, &x);
}

enum rc fulfilment_take_back(struct db *db, struct uuid order_item, int32_t quantity,
                             const char *disposition, struct uuid cause, int64_t now)
{
    struct shop_taken_back_maybe back;
    (void)now;
    enum rc rc =
        shop_q_take_back(db, order_item, quantity, str_eq(disposition, "sellable"), cause, &back);
    return rc == RC_OK && !back.found ? RC_CONFLICT : rc;
}
