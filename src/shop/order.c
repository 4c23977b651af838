/* order.c: reading orders and steering them. States are data of the shop: what may follow what is
 * asked of the database, which refuses the rest; this file only decides on categories. Invariant:
 * an order is found by its owner or by a token, and by number alone only for staff. */
#include "shop/order.h"

#include <string.h>

#include "app/audit.h"
#include "app/event.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "shop/order_int.h"

enum { TRACK_DAYS = 180, LOOKUP_MINUTES = 60 };

/* How far an order has come; -1 for what can no longer be cancelled. */
static int progress(const char *category)
{
    static const char *const steps[] = { "draft", "open", "picking", "ready" };
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        if (str_eq(category, steps[i]))
            return (int)i;
    return -1;
}

static bool may_cancel(const char *category, const char *until)
{
    int at = progress(category), most = progress(until);
    return at >= 0 && at <= (most >= 0 ? most : 1);
}

struct reading {
    struct shop_order_head_maybe head;
    struct shop_order_line_row_list lines;
    struct shop_order_tax_row_list taxes;
    struct shop_order_parcel_row_list parcels;
    struct shop_order_change_row_list changes;
    struct shop_order_address_row_list addresses;
};

static void take_lines(struct arena *a, const struct reading *r, struct order *o)
{
    struct order_line *l = arena_array(a, struct order_line, r->lines.n);
    for (size_t i = 0; i < r->lines.n; i++) {
        const struct shop_order_line_row *x = &r->lines.row[i];
        l[i] = (struct order_line){ .id = x->id,
                                    .has_variant = x->has_variant_id,
                                    .kind = x->kind,
                                    .sku = x->sku,
                                    .name = x->name,
                                    .options = x->options,
                                    .image = x->image,
                                    .quantity = x->quantity,
                                    .sent = x->qty_sent,
                                    .cancelled = x->qty_cancelled,
                                    .returned = x->qty_returned,
                                    .unit = x->unit_price,
                                    .list = x->list_price,
                                    .subtotal = x->subtotal,
                                    .discount = x->discount,
                                    .total = x->total,
                                    .tax = x->tax,
                                    .tax_added = x->tax_added,
                                    .refunded = x->refunded };
        if (x->has_variant_id)
            l[i].variant = x->variant_id;
        if (x->has_product_id)
            l[i].product = x->product_id;
    }
    o->line = l;
    o->nlines = r->lines.n;
}

static void take_rest(struct arena *a, const struct reading *r, struct order *o)
{
    struct order_tax *t = arena_array(a, struct order_tax, r->taxes.n);
    struct order_parcel *p = arena_array(a, struct order_parcel, r->parcels.n);
    struct order_change *c = arena_array(a, struct order_change, r->changes.n);
    struct order_address *d = arena_array(a, struct order_address, r->addresses.n);
    for (size_t i = 0; i < r->taxes.n; i++) {
        const struct shop_order_tax_row *x = &r->taxes.row[i];
        t[i] =
            (struct order_tax){ x->name, x->reason, x->evidence, x->rate_ppm, x->base, x->amount };
    }
    for (size_t i = 0; i < r->parcels.n; i++) {
        const struct shop_order_parcel_row *x = &r->parcels.row[i];
        p[i] = (struct order_parcel){ x->number,
                                      x->state,
                                      x->carrier,
                                      x->tracking_number,
                                      x->tracking_url,
                                      x->has_shipped_at ? x->shipped_at : 0,
                                      x->has_delivered_at ? x->delivered_at : 0 };
    }
    for (size_t i = 0; i < r->changes.n; i++) {
        const struct shop_order_change_row *x = &r->changes.row[i];
        c[i] = (struct order_change){ x->machine,    x->from_state, x->to_state, x->note,
                                      x->actor_kind, x->at,         x->is_public };
    }
    for (size_t i = 0; i < r->addresses.n; i++) {
        const struct shop_order_address_row *x = &r->addresses.row[i];
        d[i] = (struct order_address){ x->kind,     x->name,    x->phone,    x->company,
                                       x->line1,    x->line2,   x->city,     x->region,
                                       x->postcode, x->country, x->landmark, x->instructions };
    }
    o->taxes = t;
    o->ntaxes = r->taxes.n;
    o->parcel = p;
    o->nparcels = r->parcels.n;
    o->change = c;
    o->nchanges = r->changes.n;
    o->address = d;
    o->naddresses = r->addresses.n;
}

static struct order order_of(const struct shop_order_head *h, const char *cancel_until)
{
    struct order o = { .id = h->id,
                       .store = h->store_id,
                       .number = h->number,
                       .email = h->email,
                       .phone = h->phone,
                       .currency = h->currency,
                       .locale = h->locale,
                       .state = h->state,
                       .label = h->label,
                       .category = h->category,
                       .payment_state = h->payment_state,
                       .fulfilment_state = h->fulfilment_state,
                       .payment_method = h->payment_method,
                       .shipping_method = h->shipping_method,
                       .customer_note = h->customer_note,
                       .include_tax = h->include_tax,
                       .invoiced = h->is_invoiced,
                       .may_cancel = may_cancel(h->category, cancel_until) && !h->is_sent,
                       .has_promise = h->has_promised_from && h->has_promised_until,
                       .items = h->items,
                       .shipping = h->shipping,
                       .fees = h->fees,
                       .discount = h->discount,
                       .tax = h->tax,
                       .tax_added = h->tax_added,
                       .total = h->total,
                       .cancelled = h->cancelled,
                       .paid = h->paid,
                       .refunded = h->refunded,
                       .due = h->due,
                       .placed_at = h->placed_at,
                       .promised_from = h->promised_from,
                       .promised_until = h->promised_until,
                       .version = h->version };
    if (h->has_customer_id)
        o.customer = h->customer_id;
    return o;
}

enum rc order_read(struct db *db, struct uuid id, const char *cancel_until, struct order *out)
{
    struct reading r = { .head.found = false };
    struct db_pipe *p = db_pipe(db);
    shop_q_order_head_send(p, id, &r.head);
    shop_q_order_lines_send(p, id, &r.lines);
    shop_q_order_taxes_send(p, id, &r.taxes);
    shop_q_order_parcels_send(p, id, &r.parcels);
    shop_q_order_changes_send(p, id, &r.changes);
    shop_q_order_addresses_send(p, id, &r.addresses);
    enum rc rc = db_pipe_run(p);
    if (rc != RC_OK)
        return rc;
    if (!r.head.found)
        return RC_NOTFOUND;
    struct order o = order_of(&r.head.row, cancel_until);
    take_lines(db_arena(db), &r, &o);
    take_rest(db_arena(db), &r, &o);
    *out = o;
    return RC_OK;
}

enum rc order_of_customer(struct db *db, struct uuid customer, const char *number, struct uuid *out)
{
    struct shop_order_found_maybe found;
    enum rc rc = shop_q_order_of_customer(db, customer, number, &found);
    if (rc != RC_OK)
        return rc;
    if (!found.found)
        return RC_NOTFOUND;
    *out = found.row.id;
    return RC_OK;
}

enum rc order_by_number(struct db *db, const char *number, struct uuid *out)
{
    struct shop_order_found_maybe found;
    enum rc rc = shop_q_order_of_number(db, number, &found);
    if (rc != RC_OK)
        return rc;
    if (!found.found)
        return RC_NOTFOUND;
    *out = found.row.id;
    return RC_OK;
}

/* ---- links ------------------------------------------------------------------------------------
 */
enum rc order_by_token(struct db *db, const char *token, int64_t now, struct uuid *out)
{
    unsigned char hash[CRYPTO_HASH];
    struct shop_order_token_maybe found;
    crypto_token_hash(token, hash);
    enum rc rc = shop_q_order_of_token(db, (struct bytes){ hash, sizeof(hash) }, now, &found);
    if (rc != RC_OK)
        return rc;
    /* A look-up link is not a page: it is exchanged for one, once. */
    if (!found.found || str_eq(found.row.purpose, "lookup"))
        return RC_NOTFOUND;
    *out = found.row.order_id;
    return RC_OK;
}

enum rc order_token_waits(struct db *db, const char *token, int64_t now)
{
    unsigned char hash[CRYPTO_HASH];
    struct shop_order_token_maybe found;
    crypto_token_hash(token, hash);
    enum rc rc = shop_q_order_of_token(db, (struct bytes){ hash, sizeof(hash) }, now, &found);
    if (rc != RC_OK)
        return rc;
    return found.found && str_eq(found.row.purpose, "lookup") && !found.row.is_used ? RC_OK
                                                                                    : RC_NOTFOUND;
}

struct use {
    const char *token, *next;
    int64_t now;
    struct uuid order;
};

static enum rc add_token(struct db *db, struct uuid order, const char *token, const char *purpose,
                         int64_t expires)
{
    unsigned char hash[CRYPTO_HASH];
    crypto_token_hash(token, hash);
    return shop_q_order_token_add(db, (struct bytes){ hash, sizeof(hash) }, order, purpose, expires,
                                  NULL);
}

enum rc order_track_link(struct db *db, struct uuid id, int64_t now, const char **out)
{
    const char *token = crypto_token(db_arena(db));
    enum rc rc = add_token(db, id, token, "track", now + SECONDS(INT64_C(86400) * TRACK_DAYS));
    if (rc == RC_OK)
        *out = token;
    return rc;
}

static enum rc use_in_tx(struct db *db, void *arg)
{
    struct use *u = arg;
    unsigned char hash[CRYPTO_HASH];
    struct shop_order_spent_maybe spent;
    crypto_token_hash(u->token, hash);
    enum rc rc = shop_q_order_token_spend(db, (struct bytes){ hash, sizeof(hash) }, u->now, &spent);
    if (rc != RC_OK)
        return rc;
    if (!spent.found)
        return RC_NOTFOUND;
    u->order = spent.row.order_id;
    return order_track_link(db, u->order, u->now, &u->next);
}

enum rc order_token_use(struct db *db, const char *token, int64_t now, struct uuid *out,
                        const char **next)
{
    struct use u = { .token = token, .now = now };
    enum rc rc = db_tx(db, DB_TX_RETRY, use_in_tx, &u);
    if (rc != RC_OK)
        return rc;
    *out = u.order;
    *next = u.next;
    return RC_OK;
}

/* Both sides in one shape: an address in lower case, a number as its last nine digits. */
static const char *contact_key(struct arena *a, const char *s)
{
    if (strchr(s, '@') != NULL)
        return str_lower(a, str_trim(a, s));
    char *digits = arena_strdup(a, s);
    size_t n = 0;
    for (const char *p = s; *p != '\0'; p++)
        if (*p >= '0' && *p <= '9')
            digits[n++] = *p;
    digits[n] = '\0';
    return n > 9 ? digits + n - 9 : digits;
}

struct lookup {
    const char *number, *contact;
    int64_t now;
};

static enum rc lookup_in_tx(struct db *db, void *arg)
{
    const struct lookup *l = arg;
    struct arena *a = db_arena(db);
    struct shop_order_contact_maybe found;
    enum rc rc = shop_q_order_contact(db, l->number, &found);
    if (rc != RC_OK || !found.found)
        return rc;
    const char *asked = contact_key(a, l->contact);
    const struct shop_order_contact *c = &found.row;
    bool same = (c->email != NULL && str_eq(asked, contact_key(a, c->email))) ||
                (c->phone != NULL && strlen(asked) >= 7 && str_eq(asked, contact_key(a, c->phone)));
    if (!same || c->email == NULL)
        return RC_OK;
    const char *token = crypto_token(a);
    unsigned char *sealed;
    size_t n = 0;
    rc = crypto_seal(a, "order.lookup", token, strlen(token), &sealed, &n);
    if (rc == RC_OK)
        rc = add_token(db, c->id, token, "lookup", l->now + SECONDS(LOOKUP_MINUTES * 60));
    return rc == RC_OK ? event_emit(db, "order.lookup_asked", c->id, 0, "token=%s locale=%s",
                                    crypto_base64url(a, sealed, n), c->locale)
                       : rc;
}

enum rc order_lookup_ask(struct db *db, const char *number, const char *contact, int64_t now)
{
    struct lookup l = { .number = number, .contact = contact, .now = now };
    return db_tx(db, DB_TX_RETRY, lookup_in_tx, &l);
}

/* ---- steering ---------------------------------------------------------------------------------
 */
struct move {
    struct uuid id;
    const char *to, *note, *until;
    int64_t now;
    bool if_unpaid; /* only while nothing was paid and nobody confirmed it */
};

static enum rc add_history(struct db *db, struct uuid id, const char *from, const char *to,
                           const char *note)
{
    const struct uuid *actor;
    const char *kind = order_actor(db, &actor);
    return shop_q_order_history_add(db, id, "order", from, to, note, kind, actor, NULL);
}

enum rc order_step(struct db *db, struct uuid id, const char *from, const char *to,
                   const char *note)
{
    int64_t n = 0;
    enum rc rc = shop_q_order_state_set(db, id, from, to, &n);
    if (rc != RC_OK) /* the machine does not know this step */
        return db_error(db) != NULL && str_eq(db_error(db)->sqlstate, "KD001") ? RC_CONFLICT : rc;
    if (n == 0)
        return RC_CONFLICT;
    rc = add_history(db, id, from, to, note);
    return rc == RC_OK ? event_emit(db, "order.changed", id, 0, "from=%s to=%s", from, to) : rc;
}

static enum rc move_in_tx(struct db *db, void *arg)
{
    const struct move *m = arg;
    struct shop_order_locked_maybe o;
    enum rc rc = shop_q_order_lock(db, m->id, &o);
    if (rc != RC_OK)
        return rc;
    if (!o.found)
        return RC_NOTFOUND;
    /* To stay is no step: a row that does not change passes the guard. */
    return str_eq(o.row.state, m->to) ? RC_CONFLICT
                                      : order_step(db, m->id, o.row.state, m->to, m->note);
}

enum rc order_move(struct db *db, struct uuid id, const char *to, const char *note, int64_t now)
{
    struct move m = { .id = id, .to = to, .note = note, .now = now };
    if (str_eq(to, "cancelled")) /* gives stock, coupon and money back */
        return order_cancel(db, id, "ready", note, now);
    return db_tx(db, DB_TX_RETRY, move_in_tx, &m);
}

static enum rc cancel_in_tx(struct db *db, void *arg)
{
    const struct move *m = arg;
    struct shop_order_locked_maybe o;
    struct shop_order_cancelled_line_list lines;
    struct shop_order_cancel_sum sum;
    enum rc rc = shop_q_order_lock(db, m->id, &o);
    if (rc != RC_OK)
        return rc;
    if (!o.found)
        return RC_NOTFOUND;
    if (str_eq(o.row.category, "cancelled"))
        return RC_OK; /* asked twice, done once */
    if (!may_cancel(o.row.category, m->until) ||
        (m->if_unpaid &&
         (!str_eq(o.row.state, "pending") || !str_eq(o.row.payment_state, "pending"))))
        return RC_CONFLICT;
    rc = coupon_give_back(db, m->id);
    if (rc == RC_OK)
        rc = shop_q_order_cancel_open(db, m->id, &lines);
    if (rc == RC_OK)
        rc = shop_q_order_cancel_head(db, m->id, &sum);
    if (rc != RC_OK)
        return rc;
    rc = order_step(db, m->id, o.row.state, sum.nothing_sent ? "cancelled" : "shipped", m->note);
    if (rc == RC_OK)
        rc = audit_write(db, "order.cancelled", "order", m->id, NULL, NULL);
    return rc == RC_OK
               ? event_emit(db, "order.cancelled", m->id, 0, "number=%s surplus=%lld currency=%s",
                            o.row.number, (long long)sum.surplus, o.row.currency)
               : rc;
}

enum rc order_cancel(struct db *db, struct uuid id, const char *cancel_until, const char *reason,
                     int64_t now)
{
    struct move m = { .id = id, .until = cancel_until, .note = reason, .now = now };
    return db_tx(db, DB_TX_RETRY, cancel_in_tx, &m);
}

enum rc order_cancel_unpaid(struct db *db, int64_t now, int32_t most)
{
    struct shop_order_spent_list due;
    enum rc rc = shop_q_orders_unpaid(db, now, most, &due);
    for (size_t i = 0; i < due.n && rc == RC_OK; i++) {
        struct move m = {
            .id = due.row[i].order_id, .until = "open", .note = "", .now = now, .if_unpaid = true
        };
        rc = db_tx(db, DB_TX_RETRY, cancel_in_tx, &m);
        if (rc == RC_CONFLICT) /* paid in the same moment: the payment wins */
            rc = RC_OK;
    }
    return rc;
}

struct noting {
    struct uuid order;
    const char *body, *author;
    bool is_public;
};

static enum rc note_in_tx(struct db *db, void *arg)
{
    const struct noting *n = arg;
    int64_t added = 0;
    enum rc rc =
        shop_q_order_note_add(db, uuid7_new(), n->order, n->body, n->is_public, n->author, &added);
    return rc == RC_OK && added == 0 ? RC_NOTFOUND : rc;
}

enum rc order_note_add(struct db *db, struct uuid id, const char *body, bool is_public,
                       const char *author)
{
    struct noting n = { .order = id, .body = body, .author = author, .is_public = is_public };
    return db_tx(db, DB_TX_RETRY, note_in_tx, &n);
}
