/* mails.c: the letters of an order: what the outbox tells becomes at most one mail per cause. The
 * event only says which order to look at; what is told is read from the database, so events that
 * come twice, late or in another order change nothing. Not here: sending, which is app/mail.h's.
 * Invariant: every mail is keyed by the row that caused it, and goes to the order's own address. */
#include <string.h>

#include "app/ctx.h"
#include "app/mail.h"
#include "app/tenant.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/orders_q.h"
#include "orders.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/fmt.h"
#include "platform/i18n.h"
#include "platform/json.h"
#include "shop/order.h"

enum { VALUES_MOST = 512 * 1024, LOOKUP_S = 3600 };

struct mailing {
    const struct event *e;
    const struct tenant *tenant;
    enum rc (*body)(struct db *db, struct mailing *m);
    int64_t now;
    /* made anew by every run of the transaction */
    struct arena *a;
    const struct locale *locale;
    struct order o;
    struct buf b;
    struct jw w;
};

/* ---- values -----------------------------------------------------------------------------------
 */

static void text(struct mailing *m, const char *name, const char *value)
{
    jw_key(&m->w, name);
    jw_text(&m->w, value);
}

static void one(struct mailing *m, const char *section, const char *name, const char *value)
{
    jw_key(&m->w, section);
    jw_object(&m->w);
    text(m, name, value);
    jw_end_object(&m->w);
}

static const char *money(const struct mailing *m, int64_t minor)
{
    return fmt_money(m->a, m->locale, minor, m->o.currency);
}

static const char *day(const struct mailing *m, int32_t days)
{
    return fmt_time(m->a, m->locale, SECONDS((int64_t)days * 86400), "UTC", FMT_DATE);
}

/* Opens the values with what every mail of an order has: number, greeting, and where it is looked
 * at: by a token of the mail's own for a guest, in the account for a customer. */
static enum rc begin(struct db *db, struct mailing *m)
{
    const char *token;
    buf_init(&m->b, m->a, VALUES_MOST);
    jw_init(&m->w, &m->b);
    jw_object(&m->w);
    text(m, "NUMBER", m->o.number);
    if (m->o.naddresses > 0 && !str_empty(m->o.address[0].name))
        one(m, "GREET", "NAME", m->o.address[0].name);
    if (!uuid_is_nil(m->o.customer)) {
        one(m, "OWNER", "NUMBER", m->o.number);
        return RC_OK;
    }
    enum rc rc = order_track_link(db, m->o.id, m->now, &token);
    if (rc == RC_OK)
        one(m, "GUEST", "TOKEN", token);
    return rc;
}

static enum rc send(struct db *db, struct mailing *m, const char *template, struct uuid cause)
{
    jw_end_object(&m->w);
    if (buf_rc(&m->b) != RC_OK)
        return RC_LIMIT;
    enum rc rc =
        mail_queue(db, &(struct mail){ .event = cause,
                                       .template = template,
                                       .to = m->o.email,
                                       .name = m->o.naddresses > 0 ? m->o.address[0].name : NULL,
                                       .locale = m->locale,
                                       .values = m->b.p });
    return rc == RC_INVALID ? RC_OK : rc; /* no address that mail can go to: nothing to try again */
}

static void sum_row(struct mailing *m, const char *label, int64_t amount)
{
    jw_object(&m->w);
    text(m, "LABEL", label);
    text(m, "AMOUNT", money(m, amount));
    jw_end_object(&m->w);
}

/* Goods before discounts, then what changes the sum, then the sum: it adds up as it stands. */
static void lines(struct mailing *m)
{
    const struct order *o = &m->o;
    jw_key(&m->w, "ITEM");
    jw_array(&m->w);
    for (size_t i = 0; i < o->nlines; i++) {
        const struct order_line *l = &o->line[i];
        if (!str_eq(l->kind, "item"))
            continue;
        jw_object(&m->w);
        text(m, "ITEM_NAME", l->name);
        if (!str_empty(l->options))
            one(m, "OPTIONS_SET", "OPTIONS", l->options);
        text(m, "QUANTITY", fmt_int(m->a, m->locale, l->quantity));
        text(m, "AMOUNT", money(m, l->subtotal));
        jw_end_object(&m->w);
    }
    jw_end_array(&m->w);
    jw_key(&m->w, "SUM");
    jw_array(&m->w);
    for (size_t i = 0; i < o->nlines; i++) {
        const struct order_line *l = &o->line[i];
        if (str_eq(l->kind, "shipping"))
            sum_row(m, arena_printf(m->a, _("Delivery: %s"), l->name), l->subtotal);
        else if (str_eq(l->kind, "fee"))
            sum_row(m, l->name, l->subtotal);
    }
    if (o->discount > 0)
        sum_row(m, _("Discount"), -o->discount);
    if (o->tax_added > 0)
        sum_row(m, _("Tax"), o->tax_added);
    jw_end_array(&m->w);
    text(m, "TOTAL", money(m, o->total));
    if (o->tax > 0 && o->tax_added == 0)
        one(m, "TAX_NOTE", "TAX_TEXT", arena_printf(m->a, _("Contains %s tax"), money(m, o->tax)));
}

static void where_to(struct mailing *m)
{
    const struct order *o = &m->o;
    for (size_t i = 0; i < o->naddresses; i++) {
        const struct order_address *d = &o->address[i];
        const char *parts[] = { d->name, d->company,  d->line1,   d->line2,
                                d->city, d->postcode, d->landmark };
        if (!str_eq(d->kind, "shipping"))
            continue;
        jw_key(&m->w, "ADDRESS");
        jw_array(&m->w);
        for (size_t k = 0; k < COUNT_OF(parts); k++) {
            if (str_empty(parts[k]))
                continue;
            jw_object(&m->w);
            text(m, "TEXT", parts[k]);
            jw_end_object(&m->w);
        }
        jw_end_array(&m->w);
    }
    if (!o->has_promise)
        return;
    const char *from = day(m, o->promised_from), *until = day(m, o->promised_until);
    one(m, "PROMISE", "DAYS",
        o->promised_from == o->promised_until ? from
                                              : arena_printf(m->a, "%s \u2013 %s", from, until));
}

/* ---- the letters ------------------------------------------------------------------------------
 */

static enum rc write_placed(struct db *db, struct mailing *m)
{
    enum rc rc = begin(db, m);
    if (rc != RC_OK)
        return rc;
    lines(m);
    where_to(m);
    if (!str_empty(m->o.payment_method))
        one(m, "PAYMENT", "METHOD",
            str_eq(m->o.payment_method, "Cash on delivery") ? _("Cash on delivery")
                                                            : m->o.payment_method);
    return send(db, m, "mail/order_placed", m->o.id);
}

static enum rc write_paid(struct db *db, struct mailing *m)
{
    struct orders_capture_list list;
    enum rc rc = orders_q_captures(db, m->o.id, &list);
    for (size_t i = 0; rc == RC_OK && i < list.n; i++) {
        rc = begin(db, m);
        if (rc != RC_OK)
            return rc;
        text(m, "AMOUNT", money(m, list.row[i].amount));
        if (m->o.due > 0)
            one(m, "PART", "DUE", money(m, m->o.due));
        jw_key(&m->w, "WHOLE");
        jw_bool(&m->w, m->o.due == 0);
        rc = send(db, m, "mail/order_paid", list.row[i].id);
    }
    return rc;
}

static void parcel(struct mailing *m, const struct orders_parcel *p,
                   const struct orders_parcel_line_list *all)
{
    if (!str_empty(p->carrier))
        one(m, "BY", "CARRIER", p->carrier);
    if (!str_empty(p->tracking_number)) {
        jw_key(&m->w, str_empty(p->tracking_url) ? "NUMBERED" : "TRACKED");
        jw_object(&m->w);
        text(m, "TRACKING", p->tracking_number);
        if (!str_empty(p->tracking_url))
            text(m, "HREF", p->tracking_url);
        jw_end_object(&m->w);
    }
    jw_key(&m->w, "ITEM");
    jw_array(&m->w);
    for (size_t i = 0; i < all->n; i++) {
        const struct orders_parcel_line *l = &all->row[i];
        if (uuid_cmp(l->fulfilment_id, p->id) != 0)
            continue;
        jw_object(&m->w);
        text(m, "ITEM_NAME", l->name);
        if (!str_empty(l->options))
            one(m, "OPTIONS_SET", "OPTIONS", l->options);
        text(m, "QUANTITY", fmt_int(m->a, m->locale, l->quantity));
        jw_end_object(&m->w);
    }
    jw_end_array(&m->w);
}

static enum rc write_shipped(struct db *db, struct mailing *m)
{
    struct orders_parcel_list list;
    struct orders_parcel_line_list all;
    struct db_pipe *p = db_pipe(db);
    orders_q_parcels_send(p, m->o.id, &list);
    orders_q_parcel_lines_send(p, m->o.id, &all);
    enum rc rc = db_pipe_run(p);
    for (size_t i = 0; rc == RC_OK && i < list.n; i++) {
        rc = begin(db, m);
        if (rc != RC_OK)
            return rc;
        parcel(m, &list.row[i], &all);
        rc = send(db, m, "mail/order_shipped", list.row[i].id);
    }
    return rc;
}

static enum rc write_cancelled(struct db *db, struct mailing *m)
{
    bool whole = str_eq(m->o.category, "cancelled");
    enum rc rc = begin(db, m);
    if (rc != RC_OK)
        return rc;
    jw_key(&m->w, "WHOLE");
    jw_bool(&m->w, whole);
    jw_key(&m->w, "REST");
    jw_bool(&m->w, !whole);
    int64_t back = m->o.paid - m->o.refunded - (m->o.total - m->o.cancelled);
    if (back > 0)
        one(m, "BACK", "AMOUNT", money(m, back));
    return send(db, m, "mail/order_cancelled", m->o.id);
}

static enum rc write_refunded(struct db *db, struct mailing *m)
{
    struct orders_refund_list list;
    enum rc rc = orders_q_refunds(db, m->o.id, &list);
    for (size_t i = 0; rc == RC_OK && i < list.n; i++) {
        rc = begin(db, m);
        if (rc != RC_OK)
            return rc;
        text(m, "AMOUNT", money(m, list.row[i].amount));
        if (!str_empty(list.row[i].reason))
            one(m, "WHY", "REASON", list.row[i].reason);
        rc = send(db, m, "mail/order_refunded", list.row[i].id);
    }
    return rc;
}

/* ---- consumers --------------------------------------------------------------------------------
 */

/* The order's language while the shop offers it, as the mail around it will be. */
static const struct locale *locale_of(const struct tenant *t, const char *tag)
{
    for (size_t i = 0; i < t->nlocales; i++)
        if (str_eq(t->locales[i]->tag, tag))
            return t->locales[i];
    return t->locale;
}

static enum rc mail_in_tx(struct db *db, void *arg)
{
    struct mailing *m = arg;
    m->a = db_arena(db);
    enum rc rc = order_read(db, m->e->object_id, "open", &m->o);
    if (rc == RC_NOTFOUND)
        return RC_OK;
    if (rc != RC_OK || str_empty(m->o.email)) /* by phone alone: nothing to write to */
        return rc;
    m->locale = locale_of(m->tenant, m->o.locale);
    i18n_use(m->locale);
    return m->body(db, m);
}

static enum rc mail_about(struct app_ctx *app, const struct event *e,
                          enum rc (*body)(struct db *db, struct mailing *m))
{
    struct mailing m = { .e = e, .body = body, .now = instant_now() };
    enum rc rc = tenant_by_id(app, e->tenant, &m.tenant);
    if (rc == RC_OK)
        rc = db_tx(e->db, DB_TX_RETRY, mail_in_tx, &m);
    i18n_use(i18n_find("en"));
    return rc;
}

enum rc mail_placed(struct app_ctx *app, const struct event *e)
{
    return mail_about(app, e, write_placed);
}

enum rc mail_paid(struct app_ctx *app, const struct event *e)
{
    return mail_about(app, e, write_paid);
}

enum rc mail_shipped(struct app_ctx *app, const struct event *e)
{
    return mail_about(app, e, write_shipped);
}

enum rc mail_cancelled(struct app_ctx *app, const struct event *e)
{
    return mail_about(app, e, write_cancelled);
}

enum rc mail_refunded(struct app_ctx *app, const struct event *e)
{
    return mail_about(app, e, write_refunded);
}

/* ---- the link that was asked for --------------------------------------------------------------
 */

/* Each time it is asked for it is another link: its token is the cause of the mail. */
static enum rc write_lookup(struct db *db, struct mailing *m)
{
    unsigned char *sealed, *token, hash[CRYPTO_HASH];
    size_t n = 0, ntoken = 0;
    struct uuid cause;
    const char *in = event_get(m->e, "token");
    if (in == NULL || crypto_base64url_decode(m->a, in, &sealed, &n) != RC_OK ||
        crypto_open(m->a, "order.lookup", sealed, n, &token, &ntoken) != RC_OK)
        return RC_OK; /* sealed with a key that is gone: nobody can open it any more */
    const char *link = arena_strndup(m->a, (const char *)token, ntoken);
    crypto_token_hash(link, hash);
    memcpy(cause.b, hash, sizeof cause.b);
    buf_init(&m->b, m->a, VALUES_MOST);
    jw_init(&m->w, &m->b);
    jw_object(&m->w);
    text(m, "NUMBER", m->o.number);
    text(m, "TOKEN", link);
    jw_end_object(&m->w);
    if (buf_rc(&m->b) != RC_OK)
        return RC_LIMIT;
    enum rc rc = mail_queue(db, &(struct mail){ .event = cause,
                                                .template = "mail/order_lookup",
                                                .to = m->o.email,
                                                .locale = m->locale,
                                                .values = m->b.p,
                                                .not_after = m->now + SECONDS(LOOKUP_S) });
    return rc == RC_INVALID ? RC_OK : rc;
}

enum rc mail_lookup(struct app_ctx *app, const struct event *e)
{
    return mail_about(app, e, write_lookup);
}
