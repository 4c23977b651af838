/* document_draw.c: the job document.draw: a document's frozen row becomes a PDF, once, kept in
 * private storage under a hash of its bytes. Words are those of the document's language, figures
 * are written as that language writes them. Invariant: a document that was drawn is never drawn
 * again; what the order, the shop or its settings became since then plays no part. */
#include <string.h>

#include "app/ctx.h"
#include "app/job.h"
#include "app/tenant.h"
#include "base/buf.h"
#include "base/str.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/fmt.h"
#include "platform/i18n.h"
#include "platform/json.h"
#include "platform/pdf.h"
#include "platform/storage.h"
#include "platform/totp.h"
#include "shop/document.h"

enum { WORK_MOST = 64 * 1024 * 1024, FACTS = 8, NOTES = 3 };

struct drawing {
    struct app_ctx *app;
    struct arena *a;
    const struct shop_document_full *d;
    const struct json *c;
    const struct locale *l;
    const char *zone;
    struct pdf_sheet s;
    struct pdf_pair fact[FACTS], note[NOTES];
    struct uuid tenant;
    const char *path, *sha256;
    size_t bytes;
};

static const char *text(const struct json *o, const char *key)
{
    return json_text(json_get(o, key), "");
}

static const char *money(const struct drawing *w, int64_t minor)
{
    return fmt_money(w->a, w->l, minor, w->d->currency);
}

static void fact(struct drawing *w, const char *label, const char *value)
{
    if (!str_empty(value) && w->s.nfacts < FACTS)
        w->fact[w->s.nfacts++] = (struct pdf_pair){ label, value };
}

static void note(struct drawing *w, const char *label, const char *value)
{
    if (!str_empty(value) && w->s.nnotes < NOTES)
        w->note[w->s.nnotes++] = (struct pdf_pair){ label, value };
}

static void facts(struct drawing *w)
{
    bool credit = str_eq(w->d->kind, "credit_note");
    w->s.fact = w->fact;
    fact(w, _("Number"), w->d->number);
    fact(w, _("Date"), fmt_time(w->a, w->l, w->d->issued_at, w->zone, FMT_DATE));
    fact(w, _("Order"), text(w->c, "order"));
    fact(w, _("Ordered"),
         fmt_time(w->a, w->l, json_int(json_get(w->c, "placed_at"), 0), w->zone, FMT_DATE));
    fact(w, _("Corrects invoice"), text(w->c, "corrects"));
    fact(w, _("Refund"), text(w->c, "refund"));
    fact(w, _("Parcel"), text(w->c, "parcel"));
    if (!credit)
        fact(w, _("Payment"),
             str_eq(text(w->c, "payment"), "Cash on delivery") ? _("Cash on delivery")
                                                               : text(w->c, "payment"));
}

static void buyer(struct drawing *w)
{
    const struct json *lines = json_get(w->c, "buyer");
    struct buf b;
    buf_init(&b, w->a, 16 * 1024);
    for (size_t i = 0; i < json_size(lines); i++)
        buf_printf(&b, "%s%s", i > 0 ? "\n" : "", json_text(json_at(lines, i), ""));
    if (!str_empty(text(w->c, "country")))
        buf_printf(&b, "\n%s", fmt_country(w->a, w->l, text(w->c, "country")));
    w->s.to_label = str_eq(w->d->kind, "delivery_note") ? _("Delivered to") : _("Billed to");
    w->s.to = b.p;
}

static void goods(struct drawing *w)
{
    const struct json *lines = json_get(w->c, "lines");
    size_t n = json_size(lines);
    bool slip = str_eq(w->d->kind, "delivery_note"), invoice = str_eq(w->d->kind, "invoice");
    struct pdf_row *row = arena_array(w->a, struct pdf_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct json *x = json_at(lines, i);
        const char *name = text(x, "name");
        int64_t quantity = json_int(json_get(x, "quantity"), 0);
        row[i] =
            (struct pdf_row){ .name = *name ? name : _("Given back"), .detail = text(x, "detail") };
        row[i].cell[0] = quantity > 0 ? fmt_int(w->a, w->l, quantity) : "";
        if (invoice)
            row[i].cell[1] = money(w, json_int(json_get(x, "unit"), 0));
        if (!slip)
            row[i].cell[2] = money(w, json_int(json_get(x, "amount"), 0));
    }
    w->s.goods =
        (struct pdf_table){ .head = { _("Description"), _("Quantity"), invoice ? _("Price") : NULL,
                                      slip ? NULL : _("Amount") },
                            .row = row,
                            .n = n };
}

static const char *sum_label(struct drawing *w, const struct json *x)
{
    const char *kind = text(x, "kind");
    return str_eq(kind, "shipping")    ? arena_printf(w->a, _("Delivery: %s"), text(x, "name"))
           : str_eq(kind, "discount")  ? _("Discount")
           : str_eq(kind, "tax")       ? _("Tax")
           : str_eq(kind, "cancelled") ? _("Cancelled")
                                       : text(x, "name");
}

static void sums(struct drawing *w)
{
    const struct json *list = json_get(w->c, "sums");
    size_t n = 0;
    struct pdf_sum *sum = arena_array(w->a, struct pdf_sum, json_size(list) + 4);
    int64_t due = json_int(json_get(w->c, "due"), 0);
    if (str_eq(w->d->kind, "delivery_note"))
        return;
    for (size_t i = 0; i < json_size(list); i++) {
        const struct json *x = json_at(list, i);
        sum[n++] = (struct pdf_sum){ sum_label(w, x), money(w, json_int(json_get(x, "amount"), 0)),
                                     false };
    }
    sum[n++] = (struct pdf_sum){ _("Total"), money(w, w->d->total), true };
    if (w->d->tax > 0 && json_bool(json_get(w->c, "tax_included"), false))
        sum[n++] = (struct pdf_sum){ arena_printf(w->a, _("Contains %s tax"), money(w, w->d->tax)),
                                     "", false };
    if (due > 0)
        sum[n++] = (struct pdf_sum){ _("Still to pay"), money(w, due), false };
    w->s.sum = sum;
    w->s.nsums = n;
}

static void taxes(struct drawing *w)
{
    const struct json *list = json_get(w->c, "taxes");
    size_t n = json_size(list);
    struct pdf_row *row = arena_array(w->a, struct pdf_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct json *x = json_at(list, i);
        const char *reason = text(x, "reason");
        row[i] = (struct pdf_row){ .name = text(x, "name"),
                                   .detail = str_eq(reason, "rate") ? NULL : text(x, "evidence") };
        row[i].cell[0] = fmt_percent(w->a, w->l, json_int(json_get(x, "ppm"), 0));
        row[i].cell[1] = money(w, json_int(json_get(x, "base"), 0));
        row[i].cell[2] = money(w, json_int(json_get(x, "amount"), 0));
    }
    w->s.taxes = (struct pdf_table){
        .head = { _("Tax"), _("Rate"), _("Taxed amount"), _("Tax amount") }, .row = row, .n = n
    };
}

/* What the paper says at one glance, for a machine: who, which, when, how much. */
static void code(struct drawing *w)
{
    struct qr q;
    const char *about = arena_printf(w->a, "%s\n%s\n%s\n%s %s", text(w->c, "brand"), w->d->number,
                                     text(w->c, "order"), w->d->currency,
                                     fmt_money(w->a, i18n_find("en"), w->d->total, w->d->currency));
    if (str_eq(w->d->kind, "delivery_note") || qr_make(w->a, about, &q) != RC_OK)
        return;
    w->s.qr_size = q.size;
    w->s.qr_path = q.path;
}

static enum rc compose(struct drawing *w, const char **pdf, size_t *n)
{
    w->s = (struct pdf_sheet){ .language = w->l->tag,
                               .rtl = str_eq(w->l->dir, "rtl"),
                               .date = w->d->issued_at,
                               .title = arena_printf(w->a, "%s %s", document_kind_text(w->d->kind),
                                                     w->d->number),
                               .brand = text(w->c, "brand"),
                               .colour = text(w->c, "colour"),
                               .from = text(w->c, "seller"),
                               .note = w->note };
    facts(w);
    buyer(w);
    goods(w);
    sums(w);
    taxes(w);
    note(w, _("Reason"), text(w->c, "reason"));
    note(w, _("Bank details"), text(w->c, "bank"));
    note(w, "", text(w->c, "note"));
    code(w);
    return pdf_draw(w->a, &w->s, pdf, n);
}

static enum rc file_in_tx(struct db *db, void *arg)
{
    const struct drawing *w = arg;
    return shop_q_document_file_add(db, w->d->id, w->l->tag, w->path, w->sha256, (int64_t)w->bytes,
                                    NULL);
}

static enum rc draw(struct drawing *w, struct db *db)
{
    struct json *c;
    const char *pdf;
    enum rc rc = json_parse(w->a, w->d->content, strlen(w->d->content), &c, NULL);
    if (rc != RC_OK)
        return rc;
    w->c = c;
    w->l = i18n_find(text(c, "locale"));
    if (w->l == NULL)
        w->l = i18n_find("en");
    w->zone = text(c, "zone");
    i18n_use(w->l);
    rc = compose(w, &pdf, &w->bytes);
    i18n_use(i18n_find("en"));
    if (rc != RC_OK)
        return rc;
    w->sha256 = crypto_sha256_hex(w->a, pdf, w->bytes);
    w->path = storage_key(w->a, STORAGE_PRIVATE, w->tenant, w->sha256, ".pdf");
    rc = storage_put(w->app->conf, w->a, w->path, "application/pdf", pdf, w->bytes);
    return rc == RC_OK ? db_tx(db, DB_TX_RETRY, file_in_tx, w) : rc;
}

enum rc document_draw_job(struct app_ctx *app, const struct job *j)
{
    struct uuid id;
    struct shop_document_full_maybe d;
    const char *text_id = job_get(j, "document");
    if (text_id == NULL || uuid_parse(text_id, &id) != RC_OK)
        return RC_OK;
    enum rc rc = shop_q_document_to_draw(j->db, id, &d);
    if (rc != RC_OK || !d.found || d.row.is_drawn)
        return rc;
    struct drawing w = { .app = app, .d = &d.row, .tenant = j->tenant };
    w.a = arena_new_sized(WORK_MOST);
    rc = draw(&w, j->db);
    arena_free(w.a);
    return rc;
}
