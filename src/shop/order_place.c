/* order_place.c: a cart becomes an order, once. What is written is the cart as it is read here; the
 * hash of what the buyer saw must be its hash (T14). The number is taken before, everything else
 * leaves in one pipeline and commits together. Invariant: a cart has at most one order, by a unique
 * key, so a second click finds the first one's. */
#include <string.h>

#include "app/audit.h"
#include "app/event.h"
#include "app/req.h"
#include "base/buf.h"
#include "base/time.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/json.h"
#include "shop/order_int.h"
#include "shop/payment.h"

enum { DONE_DAYS = 365, SPENDS_MAX = PRICING_DISCOUNTS_MAX };

struct placing {
    const struct trade *t;
    const struct cart *c;
    struct order_rows rows;
    struct uuid id, payment;
    const char *number, *token, *email;
    unsigned char person[CRYPTO_HASH], token_hash[CRYPTO_HASH];
    enum order_refusal why;
};

const char *order_actor(struct db *db, const struct uuid **id)
{
    static const char *const kinds[] = { "nobody", "customer", "user", "operator", "key" };
    const struct req *r = db_user(db);
    *id = r != NULL && r->who.kind != WHO_NOBODY ? &r->who.id : NULL;
    return r != NULL ? kinds[r->who.kind] : "system";
}

/* The token of the confirmation page follows from the cart: a second click opens the same page. */
static const char *done_token(struct arena *a, struct uuid cart)
{
    unsigned char mac[CRYPTO_HASH];
    crypto_mac("order done", cart.b, sizeof(cart.b), mac);
    return crypto_base64url(a, mac, sizeof(mac));
}

static bool has_text(const char *s)
{
    return *s != '\0';
}

static enum order_refusal check(struct arena *a, const struct cart *c)
{
    const struct checkout *k = &c->checkout;
    if (c->nitems == 0)
        return ORDER_EMPTY;
    for (size_t i = 0; i < c->nitems; i++)
        if (c->item[i].notice == CART_SOLD_OUT || c->item[i].notice == CART_LESS_STOCK)
            return ORDER_STOCK;
    if (c->blocked)
        return ORDER_BLOCKED;
    if (!has_text(k->name) || (!has_text(k->phone) && !has_text(k->email)))
        return ORDER_ADDRESS;
    if (c->needs_shipping && !checkout_complete(a, k))
        return ORDER_ADDRESS;
    if (c->npayment == 0 || (c->needs_shipping && c->nshipping == 0))
        return ORDER_BLOCKED;
    return ORDER_FINE;
}

static const char *rounding_name(enum rounding r)
{
    static const char *const names[] = { "half_up", "half_even", "down", "up" };
    return names[r];
}

/* Cash is owed at the door and nothing is owed for nothing: such an order is confirmed at once. */
static const char *first_state(const struct cart *c)
{
    const struct pay_adapter *a = pay_adapter_find(c->payment[c->chosen_payment].provider);
    return c->totals.total == 0 || (a != NULL && a->offline) ? "confirmed" : "pending";
}

static void send_head(struct db_pipe *p, const struct placing *w)
{
    const struct cart *c = w->c;
    const struct pricing_totals *s = &c->totals;
    const struct checkout *k = &c->checkout;
    const int64_t amounts[] = { s->items, s->shipping,  s->fees, s->discount,
                                s->tax,   s->tax_added, s->total };
    const struct shipping_option *ship =
        c->needs_shipping ? &c->shipping[c->chosen_shipping] : NULL;
    shop_q_order_add_send(
        p, w->id, w->number, w->t->store, c->id,
        uuid_is_nil(w->t->customer) ? NULL : &w->t->customer,
        (struct bytes){ w->person, sizeof(w->person) }, w->email,
        has_text(k->phone) ? k->phone : NULL, c->terms.currency->code, w->t->locale,
        c->terms.include_tax, c->terms.tax_rounding == TAX_PER_ORDER ? "order" : "line",
        rounding_name(c->terms.rounding), (struct int8s){ amounts, COUNT_OF(amounts) },
        first_state(c), c->payment[c->chosen_payment].code, ship != NULL ? ship->method->name : "",
        ship != NULL ? &ship->promise.from : NULL, ship != NULL ? &ship->promise.until : NULL,
        (struct bytes){ c->shown_hash, sizeof(c->shown_hash) }, k->note, w->t->now, NULL);
    order_rows_send(p, w->id, c, &w->rows);
    shop_q_order_address_add_send(p, w->id, "shipping", k->name, k->phone, k->company, k->line1,
                                  k->line2, k->city, k->region, k->postcode, k->country,
                                  k->landmark, k->instructions, NULL);
}

static const char *json_or(const struct json *o, const char *key)
{
    return o == NULL ? "" : json_text(json_get(o, key), "");
}

/* Billing is the delivery address unless another one was given. */
static void send_billing(struct db_pipe *p, struct arena *a, const struct placing *w)
{
    const struct checkout *k = &w->c->checkout;
    struct json *b = NULL;
    const char *problem;
    if (k->billing == NULL || json_parse(a, k->billing, strlen(k->billing), &b, &problem) != RC_OK)
        return;
    shop_q_order_address_add_send(p, w->id, "billing", json_or(b, "name"), json_or(b, "phone"),
                                  json_or(b, "company"), json_or(b, "line1"), json_or(b, "line2"),
                                  json_or(b, "city"), json_or(b, "region"), json_or(b, "postcode"),
                                  json_or(b, "country"), "", "", NULL);
}

static void send_payment(struct db_pipe *p, const struct placing *w)
{
    const struct payment_option *pay = &w->c->payment[w->c->chosen_payment];
    int64_t expires = w->t->now + SECONDS((int64_t)pay->hold_minutes * 60);
    char key[UUID_TEXT];
    uuid_format(w->c->id, key);
    shop_q_payment_add_send(p, w->payment, w->id, pay->id, pay->provider, key,
                            w->c->terms.currency->code, w->c->totals.total,
                            pay->hold_minutes > 0 ? &expires : NULL, NULL);
}

static size_t send_coupons(struct db_pipe *p, const struct placing *w,
                           struct shop_spent_maybe spent[SPENDS_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < w->c->ncodes && n < SPENDS_MAX; i++) {
        const struct cart_code *c = &w->c->code[i];
        if (c->problem == COUPON_OK)
            shop_q_coupon_spend_send(p, c->coupon.id, c->coupon.code_id,
                                     (struct bytes){ w->person, sizeof(w->person) }, w->id,
                                     c->taken, w->t->now, &spent[n++]);
    }
    return n;
}

static enum rc refuse(struct placing *w, enum order_refusal why)
{
    w->why = why;
    return RC_CONFLICT;
}

static enum rc place_in_tx(struct db *db, void *arg)
{
    struct placing *w = arg;
    const struct cart *c = w->c;
    struct shop_spent_maybe spent[SPENDS_MAX] = { { .found = false } };
    struct event_queued *event;
    const struct uuid *actor;
    const char *actor_kind = order_actor(db, &actor);
    int64_t converted = 0, stock = 0;
    char total[32];
    struct db_pipe *p = db_pipe(db);
    money_plain(c->totals.total, c->terms.currency, total, sizeof(total));
    shop_q_cart_convert_send(p, c->id, c->version, &converted);
    send_head(p, w);
    send_billing(p, db_arena(db), w);
    send_payment(p, w);
    size_t coupons = send_coupons(p, w, spent);
    const struct order_rows *o = &w->rows;
    shop_q_stock_allocate_send(p, c->id, w->t->now, (struct uuids){ o->take_variant, o->ntakes },
                               (struct uuids){ o->take_warehouse, o->ntakes },
                               (struct int4s){ o->take_quantity, o->ntakes }, &stock);
    if (o->ntakes > 0)
        shop_q_order_allocations_add_send(p, (struct uuids){ o->take_item, o->ntakes },
                                          (struct uuids){ o->take_variant, o->ntakes },
                                          (struct uuids){ o->take_warehouse, o->ntakes },
                                          (struct int4s){ o->take_quantity, o->ntakes }, NULL);
    shop_q_order_history_add_send(p, w->id, "order", "", first_state(c), "", actor_kind, actor,
                                  NULL);
    shop_q_order_token_add_send(p, (struct bytes){ w->token_hash, sizeof(w->token_hash) }, w->id,
                                "done", w->t->now + SECONDS(INT64_C(86400) * DONE_DAYS), NULL);
    audit_send(p, db, "order.placed", "order", w->id, NULL,
               arena_printf(db_arena(db), "{\"number\":\"%s\",\"total\":\"%s %s\"}", w->number,
                            total, c->terms.currency->code));
    enum rc rc = event_send(p, db, "order.placed", w->id, 1, &event,
                            "number=%s total=%lld currency=%s payment=%s locale=%s", w->number,
                            (long long)c->totals.total, c->terms.currency->code,
                            c->payment[c->chosen_payment].code, w->t->locale);
    if (rc == RC_OK)
        rc = db_pipe_run(p);
    if (rc != RC_OK)
        return rc;
    if (converted == 0)
        return refuse(w, ORDER_CHANGED);
    if (stock == 0 && o->ntakes > 0)
        return refuse(w, ORDER_STOCK);
    for (size_t i = 0; i < coupons; i++)
        if (!spent[i].found)
            return refuse(w, ORDER_COUPON);
    return event_sent(event);
}

/* This cart is an order already: the same one. */
static enum rc find_again(struct db *db, const struct trade *t, struct uuid cart,
                          struct order_placed *out)
{
    struct shop_order_found_maybe found;
    enum rc rc = shop_q_order_again(
        db, cart, (struct bytes){ t->session, t->session != NULL ? CRYPTO_HASH : 0 },
        uuid_is_nil(t->customer) ? NULL : &t->customer, &found);
    if (rc != RC_OK)
        return rc;
    if (!found.found)
        return RC_NOTFOUND;
    *out = (struct order_placed){ .id = found.row.id,
                                  .number = found.row.number,
                                  .token = done_token(db_arena(db), cart),
                                  .again = true };
    return RC_OK;
}

static void prepare(struct db *db, const struct trade *t, const struct cart *c, struct placing *w)
{
    const struct checkout *k = &c->checkout;
    const char *email = has_text(k->email) ? str_lower(db_arena(db), k->email) : c->customer_email;
    const char *who = email != NULL ? email : k->phone;
    *w = (struct placing){ .t = t,
                           .c = c,
                           .id = uuid7_new(),
                           .payment = uuid7_new(),
                           .email = email,
                           .token = done_token(db_arena(db), c->id) };
    crypto_mac("person", who, strlen(who), w->person);
    crypto_token_hash(w->token, w->token_hash);
    order_rows_make(db_arena(db), c, &w->rows);
}

static enum rc place_once(struct db *db, const struct trade *t, const struct cart *c,
                          struct order_placed *out, enum order_refusal *why)
{
    struct placing w;
    prepare(db, t, c, &w);
    enum rc rc = order_number_next(db, "order", t->zone, t->now, &w.number);
    if (rc == RC_OK)
        rc = db_tx(db, DB_TX_RETRY, place_in_tx, &w);
    if (rc == RC_OK)
        *out = (struct order_placed){ .id = w.id,
                                      .payment = w.payment,
                                      .number = w.number,
                                      .token = w.token,
                                      .is_owed = str_eq(first_state(c), "pending") };
    else if (rc == RC_CONFLICT)
        *why = w.why == ORDER_FINE ? ORDER_CHANGED : w.why;
    return rc;
}

enum rc order_place(struct db *db, const struct trade *t, struct uuid cart_id,
                    const unsigned char shown[32], struct order_placed *out,
                    enum order_refusal *why, struct cart *cart)
{
    for (int tries = 0;; tries++) {
        struct cart c;
        enum order_refusal no;
        int64_t ended = 0;
        enum rc rc = cart_read(db, t, &cart_id, &c);
        if (rc == RC_NOTFOUND)
            return find_again(db, t, cart_id, out);
        if (rc != RC_OK)
            return rc;
        no = check(db_arena(db), &c);
        if (no == ORDER_FINE && !crypto_equal(shown, c.shown_hash, sizeof(c.shown_hash)))
            no = ORDER_CHANGED;
        if (no == ORDER_FINE) {
            rc = place_once(db, t, &c, out, &no);
            if (rc != RC_CONFLICT)
                return rc;
            if (find_again(db, t, cart_id, out) == RC_OK)
                return RC_OK;
        }
        /* Stock may be held by carts that gave up: they are swept, and it is tried once more. */
        if (no == ORDER_STOCK && tries == 0) {
            rc = hold_sweep(db, t->now, 1000, &ended);
            if (rc == RC_OK && ended > 0)
                continue;
        }
        if (no != ORDER_STOCK || cart_read(db, t, &cart_id, cart) != RC_OK)
            *cart = c;
        *why = no;
        return RC_CONFLICT;
    }
}
