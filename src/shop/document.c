/* document.c: issuing, and when documents are issued by themselves. What stands in one is
 * document_make.c's, drawing document_draw.c's. Invariant: a number is taken in the statement that
 * writes the row, the last of its transaction, after the order was locked and nothing like it was
 * found: so no number is lost and nothing is issued twice. */
#include "shop/document.h"

#include "app/audit.h"
#include "app/ctx.h"
#include "app/event.h"
#include "app/job.h"
#include "app/tenant.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/i18n.h"
#include "shop/order.h"

static const struct uuid *or_null(const struct uuid *id)
{
    return uuid_is_nil(*id) ? NULL : id;
}

static enum rc follow(struct db *db, struct uuid id, const struct document_ask *ask)
{
    const char *text = uuid_str(db_arena(db), id);
    enum rc rc = job_enqueue(db, "document.draw", JOB_HIGH, 0, text,
                             arena_printf(db_arena(db), "{\"document\":\"%s\"}", text));
    if (rc == RC_OK)
        rc = audit_write(db, "document.issued", "document", id, NULL, NULL);
    return rc == RC_OK ? event_emit(db, "document.issued", ask->order, 0, "document=%s kind=%s",
                                    text, ask->kind)
                       : rc;
}

enum rc document_issue(struct db *db, const struct document_ask *ask, struct document_row *out)
{
    struct shop_order_locked_maybe order;
    struct shop_document_found_maybe found;
    struct shop_document_issued made;
    struct uuid id = uuid7_new();
    enum rc rc = shop_q_order_lock(db, ask->order, &order);
    if (rc != RC_OK)
        return rc;
    if (!order.found)
        return RC_NOTFOUND;
    rc = shop_q_document_of(db, ask->kind, ask->order, or_null(&ask->refund),
                            or_null(&ask->fulfilment), &found);
    if (rc != RC_OK)
        return rc;
    if (found.found) {
        *out = (struct document_row){ found.row.id, found.row.number, true };
        return RC_OK;
    }
    rc = follow(db, id, ask);
    if (rc == RC_OK)
        rc = shop_q_document_issue(
            db, id, ask->kind, ask->series, ask->order, or_null(&ask->refund),
            or_null(&ask->corrects), or_null(&ask->fulfilment), ask->currency, ask->total, ask->tax,
            ask->content, ask->zone, ask->now, ask->taxes != NULL ? ask->taxes : "[]", &made);
    if (rc == RC_OK)
        *out = (struct document_row){ id, made.number, false };
    return rc;
}

const char *document_kind_text(const char *kind)
{
    return str_eq(kind, "invoice")         ? _("Invoice")
           : str_eq(kind, "credit_note")   ? _("Credit note")
           : str_eq(kind, "delivery_note") ? _("Packing slip")
                                           : kind;
}

const char *document_file_name(struct arena *a, const char *number)
{
    char *name = arena_printf(a, "%s.pdf", number);
    for (char *p = name; *p; p++)
        if (!((*p >= '0' && *p <= '9') || (*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z') ||
              *p == '-' || *p == '_' || *p == '.'))
            *p = '-';
    return name;
}

/* ---- when --------------------------------------------------------------------------------------
 */

static enum rc about(struct app_ctx *app, const struct event *e, struct document_for *f)
{
    *f = (struct document_for){
        .app = app, .db = e->db, .order = e->object_id, .now = instant_now()
    };
    return tenant_by_id(app, e->tenant, &f->tenant);
}

static bool issued_at(const struct document_for *f, const char *moment)
{
    const char *when = tenant_setting(f->app, f->tenant, "document.invoice_at");
    return str_eq(when, moment) || str_eq(when, "first");
}

enum rc document_on_paid(struct app_ctx *app, const struct event *e)
{
    struct document_for f;
    struct order o;
    enum rc rc = about(app, e, &f);
    if (rc != RC_OK || !issued_at(&f, "paid"))
        return rc;
    rc = order_read(e->db, e->object_id, "open", &o);
    if (rc != RC_OK)
        return rc == RC_NOTFOUND ? RC_OK : rc;
    return o.due == 0 ? document_invoice(&f) : RC_OK;
}

enum rc document_on_shipped(struct app_ctx *app, const struct event *e)
{
    struct document_for f;
    enum rc rc = about(app, e, &f);
    if (rc == RC_OK)
        rc = document_slips(&f);
    return rc == RC_OK && issued_at(&f, "shipped") ? document_invoice(&f) : rc;
}

enum rc document_on_refund(struct app_ctx *app, const struct event *e)
{
    struct document_for f;
    enum rc rc = about(app, e, &f);
    return rc == RC_OK ? document_credit(&f) : rc;
}
