/* refund.c: money going back. A refund holds its amount from the moment it is asked for, under the
 * order's lock, until it is done or let go; done is an event of its payment like any other. No
 * gateway is called here. Invariant: refunded and pending together never pass what was captured,
 * nor what a line cost (T19); units go back to stock only when they can be sold (T4). */
#include <string.h>

#include "app/audit.h"
#include "app/event.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "shop/fulfilment.h"
#include "shop/order.h"
#include "shop/order_int.h"
#include "shop/payment_int.h"

struct starting {
    const struct refund_ask *ask;
    struct uuid id;
};

static enum rc write_lines(struct db *db, const struct starting *s)
{
    const struct refund_ask *ask = s->ask;
    struct arena *a = db_arena(db);
    struct uuid *item = arena_array(a, struct uuid, ask->n);
    int32_t *quantity = arena_array(a, int32_t, ask->n);
    int64_t *amount = arena_array(a, int64_t, ask->n), sum = 0, added = 0;
    const char **disposition = arena_array(a, const char *, ask->n);
    enum rc rc = RC_OK;
    if (ask->n == 0)
        return RC_OK;
    for (size_t i = 0; i < ask->n && rc == RC_OK; i++) {
        item[i] = ask->line[i].order_item;
        quantity[i] = ask->line[i].quantity;
        amount[i] = ask->line[i].amount;
        disposition[i] = ask->line[i].disposition;
        rc = quantity[i] < 0 || amount[i] < 0 ? RC_INVALID : money_add(sum, amount[i], &sum);
    }
    if (rc != RC_OK || sum > ask->amount)
        return RC_INVALID;
    rc = shop_q_refund_lines_add(
        db, s->id, (struct uuids){ item, ask->n }, (struct int4s){ quantity, ask->n },
        (struct int8s){ amount, ask->n }, (struct texts){ disposition, ask->n }, &added);
    if (rc == RC_OK && added != (int64_t)ask->n)
        return RC_INVALID; /* a line of another order */
    if (rc == RC_OK)
        rc = shop_q_refund_lines_sum(db, s->id, NULL);
    if (rc != RC_OK) /* more than the line cost: the table refuses */
        return db_error(db) != NULL && str_eq(db_error(db)->sqlstate, "23514") ? RC_CONFLICT : rc;
    for (size_t i = 0; i < ask->n && rc == RC_OK; i++)
        if (quantity[i] > 0 && !str_eq(disposition[i], "none"))
            rc = fulfilment_take_back(db, item[i], quantity[i], disposition[i], s->id, ask->now);
    return rc;
}

static enum rc start_in_tx(struct db *db, void *arg)
{
    struct starting *s = arg;
    const struct refund_ask *ask = s->ask;
    struct arena *a = db_arena(db);
    struct shop_order_locked_maybe o;
    struct shop_refund_key_maybe known;
    struct shop_payment_order_sums sums;
    int64_t added = 0;
    enum rc rc = shop_q_order_lock(db, ask->order, &o);
    if (rc == RC_OK)
        rc = shop_q_refund_by_key(db, ask->attempt_key, &known);
    if (rc != RC_OK)
        return rc;
    if (!o.found)
        return RC_NOTFOUND;
    if (known.found) {
        s->id = known.row.id;
        return uuid_cmp(known.row.payment_id, ask->payment) == 0 && known.row.amount == ask->amount
                   ? RC_OK
                   : RC_CONFLICT;
    }
    s->id = uuid7_new();
    rc = shop_q_refund_add(db, s->id, ask->number, ask->order, ask->payment, ask->amount,
                           ask->reason, ask->method, ask->attempt_key, &added);
    if (rc != RC_OK)
        return rc;
    if (added == 0)
        return RC_CONFLICT;
    rc = write_lines(db, s);
    if (rc == RC_OK)
        rc = payment_sums(db, ask->payment, ask->order, NULL, &sums);
    if (rc == RC_OK)
        rc = audit_write(db, "refund.started", "order", ask->order, NULL,
                         arena_printf(a, "{\"refund\":\"%s\",\"minor\":%lld}", uuid_str(a, s->id),
                                      (long long)ask->amount));
    return rc == RC_OK ? event_emit(db, "refund.started", ask->order, 0,
                                    "number=%s refund=%s payment=%s amount=%lld currency=%s "
                                    "method=%s",
                                    o.row.number, uuid_str(a, s->id), uuid_str(a, ask->payment),
                                    (long long)ask->amount, o.row.currency, ask->method)
                       : rc;
}

enum rc refund_start(struct db *db, const struct refund_ask *ask, struct uuid *out)
{
    struct starting s = { .ask = ask };
    if (ask->amount <= 0)
        return RC_INVALID;
    enum rc rc = db_tx(db, DB_TX_RETRY, start_in_tx, &s);
    if (rc == RC_OK)
        *out = s.id;
    return rc;
}

/* ---- what became of it -------------------------------------------------------------------------
 */
enum rc refund_settle(struct db *db, const struct payment_report *what, struct uuid *refund)
{
    struct shop_refund_row_maybe r = { .found = false };
    struct shop_refund_key_maybe known;
    struct arena *a = db_arena(db);
    struct uuid id;
    int64_t n = 0;
    enum rc rc = RC_OK;
    if (uuid_parse(what->ref, &id) == RC_OK)
        rc = shop_q_refund_read(db, id, &r);
    if (rc != RC_OK)
        return rc;
    if (r.found) { /* ours */
        if (uuid_cmp(r.row.payment_id, what->payment) != 0 || r.row.amount != what->amount)
            return RC_INVALID;
        *refund = id;
        return shop_q_refund_state_set(db, id, "done", NULL, "", NULL);
    }
    const char *key = arena_printf(a, "told:%.90s", what->ref);
    id = uuid7_new();
    if (what->amount <= 0)
        return RC_INVALID;
    rc = shop_q_refund_told(db, id, arena_printf(a, "%.60s", what->ref), what->payment,
                            what->amount, key, what->ref, &n);
    if (rc == RC_OK && n == 0) {
        rc = shop_q_refund_by_key(db, key, &known);
        if (rc == RC_OK && !known.found)
            rc = RC_NOTFOUND;
        if (rc == RC_OK)
            id = known.row.id;
    }
    *refund = id;
    return rc;
}

struct ending {
    struct uuid refund;
    const char *provider_ref, *problem, *source;
    int64_t now;
    bool let_go;
};

/* Reads it and locks its order. */
static enum rc read_locked(struct db *db, struct uuid refund, struct shop_refund_row *out)
{
    struct shop_refund_row_maybe r;
    struct shop_order_locked_maybe o;
    enum rc rc = shop_q_refund_read(db, refund, &r);
    if (rc == RC_OK && r.found)
        rc = shop_q_order_lock(db, r.row.order_id, &o);
    if (rc == RC_OK && r.found)
        rc = shop_q_refund_read(db, refund, &r);
    if (rc != RC_OK)
        return rc;
    if (!r.found)
        return RC_NOTFOUND;
    *out = r.row;
    return RC_OK;
}

static enum rc done_in_tx(struct db *db, void *arg)
{
    const struct ending *x = arg;
    struct shop_refund_row r;
    bool news;
    enum rc rc = read_locked(db, x->refund, &r);
    if (rc != RC_OK)
        return rc;
    if (str_eq(r.state, "done"))
        return RC_OK;
    if (str_eq(r.state, "closed"))
        return RC_CONFLICT;
    if (!str_empty(x->provider_ref))
        rc = shop_q_refund_state_set(db, x->refund, "sent", x->provider_ref, "", NULL);
    struct payment_report what = { .payment = r.payment_id,
                                   .kind = "refund",
                                   .ref = uuid_str(db_arena(db), x->refund),
                                   .amount = r.amount,
                                   .source = "staff",
                                   .now = x->now };
    return rc == RC_OK ? payment_apply(db, &what, &news) : rc;
}

enum rc refund_done(struct db *db, struct uuid refund, const char *provider_ref, int64_t now)
{
    struct ending x = { .refund = refund, .provider_ref = provider_ref, .now = now };
    return db_tx(db, DB_TX_RETRY, done_in_tx, &x);
}

static enum rc sent_in_tx(struct db *db, void *arg)
{
    const struct ending *x = arg;
    int64_t n = 0;
    enum rc rc = shop_q_refund_state_set(db, x->refund, "sent", x->provider_ref, "", &n);
    return rc == RC_OK && n == 0 ? RC_CONFLICT : rc;
}

enum rc refund_sent(struct db *db, struct uuid refund, const char *provider_ref)
{
    struct ending x = { .refund = refund, .provider_ref = provider_ref };
    return db_tx(db, DB_TX_RETRY, sent_in_tx, &x);
}

static enum rc failed_in_tx(struct db *db, void *arg)
{
    const struct ending *x = arg;
    struct shop_refund_row r;
    struct shop_payment_order_sums sums;
    struct arena *a = db_arena(db);
    int64_t n = 0;
    enum rc rc = read_locked(db, x->refund, &r);
    if (rc != RC_OK)
        return rc;
    rc = shop_q_refund_state_set(db, x->refund, x->let_go ? "closed" : "failed", NULL, x->problem,
                                 &n);
    if (rc == RC_OK && n == 0)
        return str_eq(r.state, "closed") && x->let_go ? RC_OK : RC_CONFLICT;
    if (rc == RC_OK && x->let_go)
        rc = shop_q_refund_lines_sum(db, x->refund, NULL);
    if (rc == RC_OK)
        rc = payment_sums(db, r.payment_id, r.order_id, NULL, &sums);
    if (rc == RC_OK)
        rc = audit_write(db, x->let_go ? "refund.closed" : "refund.failed", "order", r.order_id,
                         NULL, NULL);
    return rc == RC_OK ? event_emit(db, "refund.failed", r.order_id, 0,
                                    "number=%s refund=%s payment=%s amount=%lld currency=%s",
                                    r.order_number, uuid_str(a, x->refund),
                                    uuid_str(a, r.payment_id), (long long)r.amount, r.currency)
                       : rc;
}

enum rc refund_failed(struct db *db, struct uuid refund, const char *problem, bool let_go)
{
    struct ending x = { .refund = refund, .problem = problem, .let_go = let_go };
    return db_tx(db, DB_TX_RETRY, failed_in_tx, &x);
}

/* ---- what was paid too much --------------------------------------------------------------------
 */
enum rc refund_surplus(struct db *db, struct uuid order, const char *zone, const char *reason,
                       int64_t now, size_t *n)
{
    struct arena *a = db_arena(db);
    struct shop_refund_source_list from;
    size_t begun = 0;
    enum rc rc = shop_q_refund_sources(db, order, &from);
    if (rc != RC_OK)
        return rc;
    int64_t left = from.n > 0 ? from.row[0].surplus - from.row[0].pending : 0;
    for (size_t i = 0; i < from.n && left > 0 && rc == RC_OK; i++) {
        int64_t amount = left < from.row[i].free ? left : from.row[i].free;
        struct uuid id;
        const char *number;
        rc = order_number_next(db, "refund", zone, now, &number);
        /* The key is what moved so far: two that saw the same surplus ask for one refund. */
        struct refund_ask ask = { .order = order,
                                  .payment = from.row[i].id,
                                  .amount = amount,
                                  .reason = reason,
                                  .method = "original",
                                  .attempt_key = arena_printf(
                                      a, "surplus:%s:%lld:%lld:%lld", uuid_str(a, from.row[i].id),
                                      (long long)from.row[i].captured, (long long)from.row[i].free,
                                      (long long)left),
                                  .number = number,
                                  .now = now };
        if (rc == RC_OK)
            rc = refund_start(db, &ask, &id);
        left -= amount;
        begun += rc == RC_OK;
    }
    *n = begun;
    return rc;
}
