/* document_make.c: what stands in an invoice, a credit note, a packing slip: read from the order
 * and from the shop's settings, once, and written as JSON into the document's row. Amounts are
 * minor units; words and figures for people are made when it is drawn. Invariant: lines, sums and
 * taxes of a document add up to its total and its tax exactly. */
#include <string.h>

#include "app/ctx.h"
#include "app/tenant.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "platform/i18n.h"
#include "platform/json.h"
#include "shop/document.h"
#include "shop/order.h"

enum { CONTENT_MOST = 1024 * 1024, TAXES_MOST = 64 };

struct making {
    const struct document_for *f;
    struct arena *a;
    struct order o;
    struct buf b, ledger;
    struct jw w;
    int64_t total, tax;
    struct shop_document_tax_list rates;
    int64_t base[TAXES_MOST], amount[TAXES_MOST];
};

/* ---- pieces -----------------------------------------------------------------------------------
 */

static void text(struct jw *w, const char *key, const char *value)
{
    jw_key(w, key);
    jw_text(w, value);
}

static void number(struct jw *w, const char *key, int64_t value)
{
    jw_key(w, key);
    jw_int(w, value);
}

static const char *locale_of(const struct making *m)
{
    const struct tenant *t = m->f->tenant;
    for (size_t i = 0; i < t->nlocales; i++)
        if (str_eq(t->locales[i]->tag, m->o.locale))
            return m->o.locale;
    return t->locale->tag;
}

static const char *set(const struct making *m, const char *key)
{
    return tenant_setting(m->f->app, m->f->tenant, key);
}

static void begin(struct making *m)
{
    const char *colour = map_get(m->f->tenant->settings, "theme.primary");
    buf_init(&m->b, m->a, CONTENT_MOST);
    jw_init(&m->w, &m->b);
    jw_object(&m->w);
    text(&m->w, "locale", locale_of(m));
    text(&m->w, "zone", m->f->tenant->zone);
    text(&m->w, "brand", m->f->tenant->name);
    text(&m->w, "colour", colour != NULL ? colour : "#1976D2");
    text(&m->w, "seller", set(m, "document.seller"));
    text(&m->w, "order", m->o.number);
    number(&m->w, "placed_at", m->o.placed_at);
}

/* Who it is for: the billing address where there is one. */
static void buyer(struct making *m, const char *kind)
{
    const struct order_address *d = NULL;
    for (size_t i = 0; i < m->o.naddresses; i++)
        if (d == NULL || str_eq(m->o.address[i].kind, kind))
            d = &m->o.address[i];
    jw_key(&m->w, "buyer");
    jw_array(&m->w);
    if (d != NULL) {
        const char *parts[] = { d->name,
                                d->company,
                                d->line1,
                                d->line2,
                                *d->city || *d->postcode
                                    ? str_trim(m->a,
                                               arena_printf(m->a, "%s %s", d->postcode, d->city))
                                    : "",
                                d->region };
        for (size_t i = 0; i < COUNT_OF(parts); i++)
            if (!str_empty(parts[i]))
                jw_text(&m->w, parts[i]);
    }
    jw_end_array(&m->w);
    text(&m->w, "country", d != NULL ? d->country : "");
}

static void line(struct making *m, const char *name, const char *detail, int64_t quantity,
                 int64_t unit, int64_t amount)
{
    jw_object(&m->w);
    text(&m->w, "name", name);
    text(&m->w, "detail", detail);
    number(&m->w, "quantity", quantity);
    number(&m->w, "unit", unit);
    number(&m->w, "amount", amount);
    jw_end_object(&m->w);
}

static const char *detail_of(struct making *m, const char *options, const char *sku)
{
    return str_empty(options) ? sku
                              : arena_printf(m->a, "%s%s%s", options, str_empty(sku) ? "" : " · ",
                                             str_empty(sku) ? "" : sku);
}

static void sum(struct making *m, const char *kind, const char *name, int64_t amount)
{
    jw_object(&m->w);
    text(&m->w, "kind", kind);
    text(&m->w, "name", name);
    number(&m->w, "amount", amount);
    jw_end_object(&m->w);
}

/* ---- tax --------------------------------------------------------------------------------------
 */

/* How much of the order's tax belongs to a part of its total. */
static enum rc tax_share(const struct making *m, int64_t part, int64_t *out)
{
    if (m->o.total == 0) {
        *out = 0;
        return RC_OK;
    }
    return money_ratio(m->o.tax, part, m->o.total, ROUND_HALF_UP, out);
}

/* The rates of the order, each with its share of this document; the ledger's rows say the same. */
static enum rc taxes(struct making *m, int64_t total, int64_t tax, bool negative)
{
    struct jw l;
    size_t n = m->rates.n < TAXES_MOST ? m->rates.n : TAXES_MOST;
    int64_t bases[TAXES_MOST] = { 0 }, amounts[TAXES_MOST] = { 0 }, b = 0, a = 0;
    for (size_t i = 0; i < n; i++) {
        b += bases[i] = m->rates.row[i].base;
        a += amounts[i] = m->rates.row[i].amount;
    }
    enum rc rc = RC_OK;
    bool same = total == m->o.total && tax == m->o.tax && a == tax;
    if (same) {
        memcpy(m->base, bases, sizeof bases);
        memcpy(m->amount, amounts, sizeof amounts);
    } else {
        memset(m->base, 0, sizeof m->base);
        memset(m->amount, 0, sizeof m->amount);
        if (a > 0)
            rc = money_split(tax, amounts, n, m->amount);
        if (rc == RC_OK && b > 0 && m->o.total > 0) {
            int64_t part = 0;
            rc = money_ratio(b, total, m->o.total, ROUND_HALF_UP, &part);
            if (rc == RC_OK)
                rc = money_split(part, bases, n, m->base);
        }
    }
    if (rc != RC_OK)
        return rc;
    buf_init(&m->ledger, m->a, CONTENT_MOST);
    jw_init(&l, &m->ledger);
    jw_array(&l);
    jw_key(&m->w, "taxes");
    jw_array(&m->w);
    for (size_t i = 0; i < n; i++) {
        const struct shop_document_tax *x = &m->rates.row[i];
        struct jw *both[] = { &m->w, &l };
        for (size_t k = 0; k < 2; k++) {
            int64_t sign = k == 1 && negative ? -1 : 1;
            jw_object(both[k]);
            text(both[k], "name", x->name);
            text(both[k], "country", x->country);
            text(both[k], "region", x->region);
            number(both[k], "ppm", x->ppm);
            text(both[k], "reason", x->reason);
            text(both[k], "evidence", x->evidence);
            number(both[k], "base", sign * m->base[i]);
            number(both[k], "amount", sign * m->amount[i]);
            jw_end_object(both[k]);
        }
    }
    jw_end_array(&m->w);
    jw_end_array(&l);
    m->total = total;
    m->tax = a > 0 || tax == 0 ? tax : 0;
    return RC_OK;
}

static enum rc end(struct making *m, struct db *db, struct document_ask *ask,
                   struct document_row *out)
{
    number(&m->w, "total", m->total);
    number(&m->w, "tax", m->tax);
    jw_end_object(&m->w);
    if (buf_rc(&m->b) != RC_OK || (m->ledger.arena != NULL && buf_rc(&m->ledger) != RC_OK))
        return RC_LIMIT;
    ask->order = m->o.id;
    ask->currency = m->o.currency;
    ask->content = m->b.p;
    ask->taxes = m->ledger.arena != NULL ? m->ledger.p : NULL;
    ask->total = m->total;
    ask->tax = m->tax;
    ask->zone = m->f->tenant->zone;
    ask->now = m->f->now;
    return document_issue(db, ask, out);
}

static enum rc read(struct db *db, const struct document_for *f, struct making *m)
{
    *m = (struct making){ .f = f, .a = db_arena(db) };
    enum rc rc = order_read(db, f->order, "open", &m->o);
    if (rc == RC_OK)
        rc = shop_q_document_taxes(db, f->order, &m->rates);
    return rc;
}

/* ---- invoice ----------------------------------------------------------------------------------
 */

static void invoice_lines(struct making *m)
{
    const struct order *o = &m->o;
    jw_key(&m->w, "lines");
    jw_array(&m->w);
    for (size_t i = 0; i < o->nlines; i++) {
        const struct order_line *l = &o->line[i];
        if (str_eq(l->kind, "item"))
            line(m, l->name, detail_of(m, l->options, l->sku), l->quantity, l->unit, l->subtotal);
    }
    jw_end_array(&m->w);
    jw_key(&m->w, "sums");
    jw_array(&m->w);
    for (size_t i = 0; i < o->nlines; i++) {
        const struct order_line *l = &o->line[i];
        if (str_eq(l->kind, "shipping") || str_eq(l->kind, "fee"))
            sum(m, l->kind, l->name, l->subtotal);
    }
    if (o->discount > 0)
        sum(m, "discount", "", -o->discount);
    if (o->tax_added > 0)
        sum(m, "tax", "", o->tax_added);
    if (o->cancelled > 0)
        sum(m, "cancelled", "", -o->cancelled);
    jw_end_array(&m->w);
}

static enum rc invoice_in_tx(struct db *db, void *arg)
{
    const struct document_for *f = arg;
    struct making m;
    struct document_row out;
    struct document_ask ask = { .kind = "invoice", .series = "invoice" };
    int64_t tax = 0;
    enum rc rc = read(db, f, &m);
    if (rc == RC_NOTFOUND)
        return RC_OK;
    int64_t total = m.o.total - m.o.cancelled;
    if (rc != RC_OK || (total <= 0 && m.o.cancelled > 0))
        return rc;
    begin(&m);
    buyer(&m, "billing");
    invoice_lines(&m);
    rc = m.o.cancelled > 0 ? tax_share(&m, total, &tax) : RC_OK;
    if (rc == RC_OK)
        rc = taxes(&m, total, m.o.cancelled > 0 ? tax : m.o.tax, false);
    if (rc != RC_OK)
        return rc;
    jw_key(&m.w, "tax_included");
    jw_bool(&m.w, m.o.tax_added == 0);
    text(&m.w, "payment", m.o.payment_method);
    number(&m.w, "due", m.o.due);
    text(&m.w, "bank", set(&m, "document.bank"));
    text(&m.w, "note", set(&m, "document.note"));
    return end(&m, db, &ask, &out);
}

enum rc document_invoice(const struct document_for *f)
{
    struct document_for copy = *f;
    return db_tx(f->db, DB_TX_RETRY, invoice_in_tx, &copy);
}

/* ---- credit note ------------------------------------------------------------------------------
 */

struct crediting {
    const struct document_for *f;
    const struct shop_refund_to_credit *refund;
};

static enum rc credit_lines(struct making *m, struct db *db, const struct shop_refund_to_credit *r,
                            int64_t *tax)
{
    struct shop_refund_line_row_list list;
    int64_t left = r->amount, rest = 0;
    *tax = 0;
    enum rc rc = shop_q_refund_lines(db, r->id, &list);
    if (rc != RC_OK)
        return rc;
    jw_key(&m->w, "lines");
    jw_array(&m->w);
    for (size_t i = 0; i < list.n; i++) {
        const struct shop_refund_line_row *l = &list.row[i];
        line(m, l->name, l->options, l->quantity, 0, l->amount);
        left -= l->amount;
        *tax += l->tax;
    }
    if (left > 0) { /* not for a line: a sum given back */
        line(m, "", r->reason, 0, 0, left);
        rc = tax_share(m, left, &rest);
    }
    jw_end_array(&m->w);
    *tax += rest;
    return rc;
}

static enum rc credit_in_tx(struct db *db, void *arg)
{
    const struct crediting *c = arg;
    struct making m;
    struct document_row out;
    struct shop_document_found_maybe invoice;
    int64_t tax = 0;
    enum rc rc = read(db, c->f, &m);
    if (rc == RC_OK)
        rc = shop_q_document_of(db, "invoice", c->f->order, NULL, NULL, &invoice);
    if (rc != RC_OK || !invoice.found)
        return rc; /* what was never invoiced needs no correction */
    struct document_ask ask = { .kind = "credit_note",
                                .series = "credit_note",
                                .refund = c->refund->id,
                                .corrects = invoice.row.id };
    begin(&m);
    buyer(&m, "billing");
    text(&m.w, "corrects", invoice.row.number);
    text(&m.w, "refund", c->refund->number);
    text(&m.w, "reason", c->refund->reason);
    rc = credit_lines(&m, db, c->refund, &tax);
    if (rc == RC_OK)
        rc = taxes(&m, c->refund->amount, tax, true);
    if (rc != RC_OK)
        return rc;
    jw_key(&m.w, "tax_included");
    jw_bool(&m.w, true);
    text(&m.w, "note", set(&m, "document.note"));
    return end(&m, db, &ask, &out);
}

enum rc document_credit(const struct document_for *f)
{
    struct shop_refund_to_credit_list list;
    enum rc rc = shop_q_refunds_to_credit(f->db, f->order, &list);
    for (size_t i = 0; rc == RC_OK && i < list.n; i++) {
        struct crediting c = { f, &list.row[i] };
        rc = db_tx(f->db, DB_TX_RETRY, credit_in_tx, &c);
    }
    return rc;
}

/* ---- packing slip -----------------------------------------------------------------------------
 */

struct slipping {
    const struct document_for *f;
    const struct shop_parcel_to_slip *parcel;
};

static enum rc slip_in_tx(struct db *db, void *arg)
{
    const struct slipping *s = arg;
    struct making m;
    struct document_row out;
    struct shop_slip_line_list list;
    struct document_ask ask = { .kind = "delivery_note",
                                .series = "delivery_note",
                                .fulfilment = s->parcel->id };
    enum rc rc = read(db, s->f, &m);
    if (rc == RC_OK)
        rc = shop_q_slip_lines(db, s->parcel->id, &list);
    if (rc != RC_OK)
        return rc;
    begin(&m);
    buyer(&m, "shipping");
    text(&m.w, "parcel", s->parcel->number);
    jw_key(&m.w, "lines");
    jw_array(&m.w);
    for (size_t i = 0; i < list.n; i++)
        line(&m, list.row[i].name, detail_of(&m, list.row[i].options, list.row[i].sku),
             list.row[i].quantity, 0, 0);
    jw_end_array(&m.w);
    text(&m.w, "note", set(&m, "document.note"));
    return end(&m, db, &ask, &out);
}

enum rc document_slips(const struct document_for *f)
{
    struct shop_parcel_to_slip_list list;
    enum rc rc = shop_q_parcels_to_slip(f->db, f->order, &list);
    for (size_t i = 0; rc == RC_OK && i < list.n; i++) {
        struct slipping s = { f, &list.row[i] };
        rc = db_tx(f->db, DB_TX_RETRY, slip_in_tx, &s);
    }
    return rc;
}
