/* pay_jobs.c: what time and events do to payments: deliveries are read, attempts that wait are
 * asked for, refunds are sent, both sides are compared at night. Each piece may run twice or late.
 * Gateways are asked outside transactions; what they say goes through payment_report. */
#include "shop/pay_jobs.h"

#include "app/ctx.h"
#include "app/event.h"
#include "app/job.h"
#include "app/tenant.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "shop/payment.h"

enum { MOST = 100, FRESH_S = 120, POLL_DAYS = 2, NIGHT_DAYS = 14, LEFT_S = 600 };

static enum rc read_delivery(struct app_ctx *app, struct db *db, struct arena *a,
                             const char *provider, const char *event, int64_t now)
{
    const struct pay_adapter *adapter = pay_adapter_find(provider);
    struct shop_gateway_body_maybe kept;
    const char *problem = "";
    if (adapter == NULL || adapter->apply == NULL)
        return RC_OK;
    enum rc rc = shop_q_gateway_event_body(db, provider, event, &kept);
    if (rc != RC_OK || !kept.found)
        return rc;
    rc = adapter->apply(app, a, kept.row.body, now, &problem);
    if (rc == RC_DECLINED) {
        log_warn("payment delivery without a payment", "provider=%s event=%s why=%s", provider,
                 event, problem);
        rc = RC_OK;
    }
    return rc == RC_OK ? gateway_event_done(db, provider, event, problem) : rc;
}

enum rc pay_job_event(struct app_ctx *app, const struct job *j)
{
    const char *provider = job_get(j, "provider"), *event = job_get(j, "event");
    if (str_empty(provider) || str_empty(event))
        return RC_OK;
    return read_delivery(app, j->db, j->arena, provider, event, j->now);
}

/* A gateway that is away is asked again next time: others are asked nevertheless. */
static enum rc poll_waiting(struct app_ctx *app, const struct job *j, int64_t since)
{
    struct shop_payment_waiting_list rows;
    enum rc rc = shop_q_payments_waiting(j->db, since, j->now - SECONDS(FRESH_S), MOST, &rows);
    for (size_t i = 0; rc == RC_OK && i < rows.n && !job_should_stop(); i++) {
        struct payment p;
        rc = payment_read(j->db, rows.row[i].id, &p);
        const struct pay_adapter *adapter = rc == RC_OK ? pay_adapter_find(p.provider) : NULL;
        if (adapter != NULL && adapter->poll != NULL)
            rc = adapter->poll(app, j->arena, &p);
        if (rc == RC_UPSTREAM || rc == RC_INVALID)
            rc = RC_OK;
    }
    return rc;
}

enum rc pay_job_upkeep(struct app_ctx *app, const struct job *j)
{
    return poll_waiting(app, j, j->now - SECONDS(INT64_C(86400) * POLL_DAYS));
}

/* ---- refunds -----------------------------------------------------------------------------------
 */
static enum rc send_refund(struct app_ctx *app, struct db *db, struct arena *a, struct uuid refund)
{
    struct shop_refund_row_maybe r;
    struct payment p;
    const char *ref = "", *problem = "";
    enum rc rc = shop_q_refund_read(db, refund, &r);
    if (rc != RC_OK || !r.found || !str_eq(r.row.method, "original") ||
        !str_eq(r.row.state, "pending"))
        return rc;
    rc = payment_read(db, r.row.payment_id, &p);
    const struct pay_adapter *adapter = rc == RC_OK ? pay_adapter_find(p.provider) : NULL;
    if (adapter == NULL || adapter->refund == NULL)
        return rc; /* by hand: it stays pending until staff say it is done */
    rc = adapter->refund(app, a, &p, refund, r.row.amount, &ref, &problem);
    if (rc == RC_INVALID || rc == RC_NOTFOUND)
        rc = refund_failed(db, refund, problem, false);
    return rc;
}

enum rc pay_on_refund(struct app_ctx *app, const struct event *e)
{
    struct uuid id;
    const char *refund = event_get(e, "refund");
    if (refund == NULL || uuid_parse(refund, &id) != RC_OK)
        return RC_OK;
    return send_refund(app, e->db, e->arena, id);
}

enum rc pay_on_surplus(struct app_ctx *app, const struct event *e)
{
    const struct tenant *t = NULL;
    size_t n = 0;
    enum rc rc = tenant_by_id(app, e->tenant, &t);
    if (rc == RC_OK)
        rc = refund_surplus(e->db, e->object_id, t->zone, "", instant_now(), &n);
    return rc == RC_CONFLICT ? RC_OK : rc; /* meanwhile it is less: the next one asks anew */
}

/* ---- at night ----------------------------------------------------------------------------------
 */
static enum rc left_lying(struct app_ctx *app, const struct job *j)
{
    struct shop_gateway_left_list events;
    struct shop_refund_left_list refunds;
    int64_t before = j->now - SECONDS(LEFT_S);
    enum rc rc = shop_q_gateway_events_left(j->db, before, MOST, &events);
    for (size_t i = 0; rc == RC_OK && i < events.n; i++) {
        rc = read_delivery(app, j->db, j->arena, events.row[i].provider, events.row[i].event_ref,
                           j->now);
        if (rc == RC_CONFLICT || rc == RC_UPSTREAM)
            rc = RC_OK; /* its time is still to come */
    }
    if (rc == RC_OK)
        rc = shop_q_refunds_left(j->db, before, MOST, &refunds);
    for (size_t i = 0; rc == RC_OK && i < refunds.n; i++) {
        rc = send_refund(app, j->db, j->arena, refunds.row[i].id);
        if (rc == RC_UPSTREAM)
            rc = RC_OK;
    }
    return rc;
}

enum rc pay_job_reconcile(struct app_ctx *app, const struct job *j)
{
    struct shop_payment_gateway_list methods;
    struct shop_order_without_payment_list unpaid;
    size_t orphans = 0;
    int64_t since = j->now - SECONDS(INT64_C(86400) * NIGHT_DAYS);
    enum rc rc = left_lying(app, j);
    if (rc == RC_OK)
        rc = poll_waiting(app, j, since);
    if (rc == RC_OK)
        rc = shop_q_payment_gateways(j->db, &methods);
    for (size_t i = 0; rc == RC_OK && i < methods.n; i++) {
        const struct pay_adapter *adapter = pay_adapter_find(methods.row[i].provider);
        if (adapter != NULL && adapter->sweep != NULL)
            rc = adapter->sweep(app, j->arena, methods.row[i].code, methods.row[i].sealed,
                                j->now - SECONDS(INT64_C(86400) * POLL_DAYS), &orphans);
        if (rc == RC_UPSTREAM)
            rc = RC_OK;
    }
    if (rc == RC_OK)
        rc = shop_q_orders_without_payment(j->db, &unpaid);
    if (rc == RC_OK && (orphans > 0 || unpaid.n > 0))
        log_warn("payments and orders disagree", "paid_without_order=%zu order_without_payment=%zu",
                 orphans, unpaid.n);
    return rc;
}
