/* payment.c: money coming in. What gateways, pages and staff tell about an attempt to pay becomes
 * an event row once; every sum is then computed anew from the events, so order and repetition do
 * not matter. No gateway is called here. Invariant: whatever moves money first locks the order. */
#include "shop/payment.h"

#include <string.h>

#include "app/audit.h"
#include "app/event.h"
#include "app/job.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/json.h"
#include "shop/order_int.h"
#include "shop/payment_int.h"

static struct payment payment_of(const struct shop_payment_row *r)
{
    return (struct payment){ .id = r->id,
                             .order = r->order_id,
                             .method = r->method_id,
                             .provider = r->provider,
                             .provider_ref = r->provider_ref,
                             .currency = r->currency,
                             .state = r->state,
                             .problem = r->problem,
                             .order_number = r->order_number,
                             .order_email = r->order_email,
                             .config = r->config,
                             .sealed = r->sealed,
                             .amount = r->amount,
                             .authorized = r->authorized,
                             .captured = r->captured,
                             .refund_pending = r->refund_pending,
                             .refunded = r->refunded,
                             .order_due = r->order_due,
                             .order_state = r->order_state,
                             .locale = r->locale,
                             .method_code = r->method_code,
                             .method_name = r->method_name,
                             .instructions = r->instructions,
                             .expires_at = r->has_expires_at ? r->expires_at : 0,
                             .action_url = r->action_url,
                             .told_ref = r->told_ref,
                             .told_at = r->has_told_at ? r->told_at : 0 };
}

enum rc payment_read(struct db *db, struct uuid id, struct payment *out)
{
    struct shop_payment_row_maybe found;
    enum rc rc = shop_q_payment_read(db, id, &found);
    if (rc != RC_OK)
        return rc;
    if (!found.found)
        return RC_NOTFOUND;
    *out = payment_of(&found.row);
    return RC_OK;
}

enum rc payment_by_ref(struct db *db, const char *provider, const char *ref, struct payment *out)
{
    struct shop_payment_row_maybe found;
    enum rc rc = shop_q_payment_by_ref(db, provider, ref, &found);
    if (rc != RC_OK)
        return rc;
    if (!found.found)
        return RC_NOTFOUND;
    *out = payment_of(&found.row);
    return RC_OK;
}

enum rc payments_of_order(struct db *db, struct uuid order, struct payment **out, size_t *n)
{
    struct shop_payment_row_list rows;
    enum rc rc = shop_q_payments_of_order(db, order, &rows);
    if (rc != RC_OK)
        return rc;
    struct payment *p = arena_array(db_arena(db), struct payment, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        p[i] = payment_of(&rows.row[i]);
    *out = p;
    *n = rows.n;
    return RC_OK;
}

/* Methods whose adapter is there and whose order still owes something. */
static enum rc offered(struct db *db, struct uuid order, struct shop_payment_choice_list *out)
{
    struct shop_payment_choice_list rows;
    size_t n = 0;
    enum rc rc = shop_q_payment_methods_of_order(db, order, &rows);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < rows.n; i++)
        if (pay_adapter_find(rows.row[i].provider) != NULL && rows.row[i].due > 0)
            rows.row[n++] = rows.row[i];
    rows.n = n;
    *out = rows;
    return RC_OK;
}

enum rc payment_choices(struct db *db, struct uuid order, struct payment_choice **out, size_t *n)
{
    struct shop_payment_choice_list rows;
    enum rc rc = offered(db, order, &rows);
    if (rc != RC_OK)
        return rc;
    struct payment_choice *c = arena_array(db_arena(db), struct payment_choice, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        c[i] = (struct payment_choice){ .code = rows.row[i].code,
                                        .provider = rows.row[i].provider,
                                        .name = rows.row[i].name,
                                        .instructions = rows.row[i].instructions,
                                        .due = rows.row[i].due };
    *out = c;
    *n = rows.n;
    return RC_OK;
}

/* ---- a further attempt --------------------------------------------------------------------------
 */
struct attempt {
    struct uuid order, id;
    const char *method, *key;
    int64_t now;
};

static enum rc write_attempt(struct db *db, struct attempt *a, const struct shop_payment_choice *c)
{
    int64_t expires =
        a->now + SECONDS((c->has_hold_minutes ? (int64_t)c->hold_minutes : INT64_C(0)) * 60);
    struct db_pipe *p = db_pipe(db);
    a->id = uuid7_new();
    shop_q_payment_supersede_send(p, a->order, NULL);
    shop_q_payment_add_send(p, a->id, a->order, c->id, c->provider, a->key, c->currency, c->due,
                            c->has_hold_minutes ? &expires : NULL, NULL);
    shop_q_payment_method_chosen_send(p, a->order, c->code, NULL);
    enum rc rc = db_pipe_run(p);
    if (rc == RC_OK)
        rc = audit_write(db, "payment.attempted", "order", a->order, NULL,
                         arena_printf(db_arena(db), "{\"method\":\"%s\"}", c->code));
    const struct pay_adapter *adapter = pay_adapter_find(c->provider);
    if (rc == RC_OK && adapter != NULL && adapter->offline && str_eq(c->state, "pending"))
        rc = order_step(db, a->order, "pending", "confirmed", "");
    return rc;
}

static enum rc again_in_tx(struct db *db, void *arg)
{
    struct attempt *a = arg;
    struct shop_order_locked_maybe o;
    struct shop_payment_key_maybe known;
    struct shop_payment_choice_list choices;
    enum rc rc = shop_q_order_lock(db, a->order, &o);
    if (rc == RC_OK)
        rc = shop_q_payment_by_key(db, a->key, &known);
    if (rc != RC_OK)
        return rc;
    if (!o.found)
        return RC_NOTFOUND;
    if (known.found) {
        a->id = known.row.id;
        return uuid_cmp(known.row.order_id, a->order) == 0 ? RC_OK : RC_CONFLICT;
    }
    if (str_eq(o.row.category, "cancelled"))
        return RC_CONFLICT;
    rc = offered(db, a->order, &choices);
    for (size_t i = 0; i < choices.n && rc == RC_OK; i++)
        if (str_eq(choices.row[i].code, a->method))
            return write_attempt(db, a, &choices.row[i]);
    return rc == RC_OK ? RC_CONFLICT : rc;
}

enum rc payment_again(struct db *db, struct uuid order, const char *method_code,
                      const char *attempt_key, int64_t now, struct uuid *out)
{
    struct attempt a = { .order = order, .method = method_code, .key = attempt_key, .now = now };
    enum rc rc = db_tx(db, DB_TX_RETRY, again_in_tx, &a);
    if (rc == RC_OK)
        *out = a.id;
    return rc;
}

struct naming {
    struct uuid id;
    const char *ref, *url;
};

static enum rc name_in_tx(struct db *db, void *arg)
{
    const struct naming *x = arg;
    int64_t n = 0;
    enum rc rc = x->url == NULL ? shop_q_payment_set_ref(db, x->id, x->ref, &n)
                                : shop_q_payment_begun(db, x->id, x->ref, x->url, &n);
    return rc == RC_OK && n == 0 ? RC_CONFLICT : rc;
}

enum rc payment_set_ref(struct db *db, struct uuid id, const char *ref)
{
    struct naming x = { id, ref, NULL };
    return db_tx(db, DB_TX_RETRY, name_in_tx, &x);
}

enum rc payment_begun(struct db *db, struct uuid id, const char *ref, const char *url)
{
    struct naming x = { id, ref, url };
    return db_tx(db, DB_TX_RETRY, name_in_tx, &x);
}

/* ---- what happened -----------------------------------------------------------------------------
 */
enum rc payment_sums(struct db *db, struct uuid payment, struct uuid order, const char *problem,
                     struct shop_payment_order_sums *out)
{
    struct shop_payment_sums_maybe one;
    struct shop_payment_order_sums_maybe all;
    struct db_pipe *p = db_pipe(db);
    shop_q_payment_sum_send(p, payment, problem, &one);
    shop_q_payment_order_sum_send(p, order, &all);
    enum rc rc = db_pipe_run(p);
    if (rc != RC_OK) /* refunded above captured: the table refuses */
        return db_error(db) != NULL && str_eq(db_error(db)->sqlstate, "23514") ? RC_CONFLICT : rc;
    if (!one.found || !all.found)
        return RC_NOTFOUND;
    *out = all.row;
    return RC_OK;
}

/* What follows from new sums: the payment's line in the history, an order that waited for it. */
static enum rc follow(struct db *db, const struct shop_payment_locked *o,
                      const struct shop_payment_order_sums *sums)
{
    const struct uuid *actor;
    const char *kind = order_actor(db, &actor);
    enum rc rc = RC_OK;
    if (!str_eq(o->payment_state, sums->payment_state))
        rc = shop_q_order_history_add(db, o->order_id, "payment", o->payment_state,
                                      sums->payment_state, "", kind, actor, NULL);
    if (rc == RC_OK && str_eq(sums->state, "pending") &&
        (str_eq(sums->payment_state, "paid") || str_eq(sums->payment_state, "authorized")))
        rc = order_step(db, o->order_id, "pending", "confirmed", "");
    return rc;
}

static enum rc tell(struct db *db, const struct payment_report *what,
                    const struct shop_payment_locked *o, const struct shop_payment_order_sums *sums,
                    struct uuid refund)
{
    static const struct {
        const char *kind, *topic;
    } topics[] = { { "authorize", "payment.authorized" },
                   { "capture", "payment.captured" },
                   { "refund", "refund.done" },
                   { "void", "payment.voided" },
                   { "fail", "payment.failed" },
                   { "dispute", "payment.disputed" },
                   { "dispute_won", "payment.dispute_won" } };
    struct arena *a = db_arena(db);
    const char *topic = NULL;
    for (size_t i = 0; i < COUNT_OF(topics); i++)
        if (str_eq(topics[i].kind, what->kind))
            topic = topics[i].topic;
    if (str_eq(what->kind, "refund")) {
        struct shop_refund_row_maybe r;
        enum rc rc = shop_q_refund_read(db, refund, &r);
        if (rc != RC_OK || !r.found)
            return rc == RC_OK ? RC_NOTFOUND : rc;
        return event_emit(db, topic, o->order_id, 0,
                          "number=%s refund=%s payment=%s refund_number=%s amount=%lld currency=%s "
                          "locale=%s",
                          o->number, uuid_str(a, refund), uuid_str(a, what->payment), r.row.number,
                          (long long)what->amount, o->currency, o->locale);
    }
    enum rc rc =
        event_emit(db, topic, o->order_id, 0,
                   "number=%s payment=%s ref=%s amount=%lld currency=%s method=%s locale=%s "
                   "due=%lld",
                   o->number, uuid_str(a, what->payment), what->ref, (long long)what->amount,
                   o->currency, o->method, o->locale, (long long)sums->due);
    if (rc == RC_OK && str_eq(what->kind, "capture") && sums->surplus > o->surplus)
        rc = event_emit(db, "payment.surplus", o->order_id, 0,
                        "number=%s payment=%s ref=%s amount=%lld currency=%s locale=%s", o->number,
                        uuid_str(a, what->payment), what->ref,
                        (long long)(sums->surplus - o->surplus), o->currency, o->locale);
    return rc;
}

static const char *audit_text(struct arena *a, const struct payment_report *what,
                              const char *currency)
{
    struct buf b;
    struct jw w;
    buf_init(&b, a, 2048);
    jw_init(&w, &b);
    jw_object(&w);
    jw_key(&w, "ref");
    jw_text(&w, what->ref);
    jw_key(&w, "minor");
    jw_int(&w, what->amount);
    jw_key(&w, "currency");
    jw_text(&w, currency);
    jw_key(&w, "source");
    jw_text(&w, what->source);
    jw_end_object(&w);
    return b.p;
}

enum rc payment_apply(struct db *db, const struct payment_report *what, bool *news)
{
    struct shop_payment_locked_maybe o;
    struct shop_payment_order_sums sums;
    struct uuid refund = { { 0 } };
    int64_t added = 0;
    enum rc rc = shop_q_payment_lock(db, what->payment, &o);
    if (rc != RC_OK)
        return rc;
    if (!o.found)
        return RC_NOTFOUND;
    *news = false;
    const char *ref = what->ref;
    if (str_eq(what->kind, "refund")) {
        rc = refund_settle(db, what, &refund);
        ref = uuid_str(db_arena(db), refund);
    }
    if (rc == RC_OK)
        rc = shop_q_payment_event_add(db, uuid7_new(), what->payment, what->kind, ref, what->amount,
                                      what->source, what->detail != NULL ? what->detail : "{}",
                                      what->now, &added);
    if (rc != RC_OK || added == 0)
        return rc;
    rc = payment_sums(db, what->payment, o.row.order_id, what->problem, &sums);
    if (rc == RC_OK)
        rc = follow(db, &o.row, &sums);
    if (rc == RC_OK)
        rc = audit_write(db, arena_printf(db_arena(db), "payment.%s", what->kind), "order",
                         o.row.order_id, NULL, audit_text(db_arena(db), what, o.row.currency));
    if (rc == RC_OK)
        rc = tell(db, what, &o.row, &sums, refund);
    *news = rc == RC_OK;
    return rc;
}

struct reporting {
    const struct payment_report *what;
    bool news;
};

static enum rc report_in_tx(struct db *db, void *arg)
{
    struct reporting *x = arg;
    return payment_apply(db, x->what, &x->news);
}

enum rc payment_report(struct db *db, const struct payment_report *what, bool *news)
{
    struct reporting x = { .what = what };
    size_t n = strlen(what->ref);
    if (n == 0 || n > 200 || what->amount < 0)
        return RC_INVALID;
    enum rc rc = db_tx(db, DB_TX_RETRY, report_in_tx, &x);
    if (rc == RC_OK)
        *news = x.news;
    return rc;
}

/* ---- deliveries --------------------------------------------------------------------------------
 */
enum rc payment_door(struct db *db, const char *method_code, struct payment_door *out)
{
    struct shop_payment_door_maybe found;
    enum rc rc = shop_q_payment_door(db, method_code, &found);
    if (rc != RC_OK)
        return rc;
    if (!found.found)
        return RC_NOTFOUND;
    *out = (struct payment_door){ found.row.provider, found.row.sealed };
    return RC_OK;
}

struct delivery {
    const char *provider, *ref, *body, *problem;
    bool fresh;
};

static enum rc take_in_tx(struct db *db, void *arg)
{
    struct delivery *d = arg;
    struct arena *a = db_arena(db);
    struct shop_gateway_event_row_maybe kept;
    struct buf b;
    struct jw w;
    enum rc rc = shop_q_gateway_event_add(db, d->provider, d->ref, d->body, &kept);
    if (rc != RC_OK)
        return rc;
    d->fresh = kept.found;
    if (!kept.found)
        return RC_OK;
    buf_init(&b, a, 2048);
    jw_init(&w, &b);
    jw_object(&w);
    jw_key(&w, "provider");
    jw_text(&w, d->provider);
    jw_key(&w, "event");
    jw_text(&w, d->ref);
    jw_end_object(&w);
    return job_enqueue(db, "shop.gateway_event", JOB_HIGH, 0,
                       arena_printf(a, "%s:%s", d->provider, d->ref), b.p);
}

enum rc gateway_event_take(struct db *db, const char *provider, const char *event_ref,
                           const char *body, bool *fresh)
{
    struct delivery d = { .provider = provider, .ref = event_ref, .body = body };
    size_t n = strlen(event_ref);
    if (n == 0 || n > 200 || strlen(body) > GATEWAY_BODY_MOST)
        return RC_INVALID;
    enum rc rc = db_tx(db, DB_TX_RETRY, take_in_tx, &d);
    if (rc == RC_OK)
        *fresh = d.fresh;
    return rc;
}

static enum rc done_in_tx(struct db *db, void *arg)
{
    const struct delivery *d = arg;
    int64_t now = instant_now();
    return shop_q_gateway_event_done(db, d->provider, d->ref, d->problem, &now, NULL);
}

enum rc gateway_event_done(struct db *db, const char *provider, const char *event_ref,
                           const char *problem)
{
    struct delivery d = { .provider = provider, .ref = event_ref, .problem = problem };
    return db_tx(db, DB_TX_RETRY, done_in_tx, &d);
}
