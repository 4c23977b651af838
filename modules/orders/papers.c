/* papers.c: invoices and credit notes for who ordered: as files, from private storage, after the
 * order was found by its owner or by a token. What is not drawn yet is a page that says so.
 * Invariant: a document is looked for among those of the order that was opened, never by its own id
 * alone. */
#include "app/page.h"
#include "app/req.h"
#include "app/tenant.h"
#include "base/str.h"
#include "gen/orders_q.h"
#include "orders.h"
#include "platform/fmt.h"
#include "platform/i18n.h"
#include "platform/pdf.h"
#include "platform/storage.h"
#include "shop/document.h"
#include "shop/order.h"

enum rc papers_fill(struct req *r, struct tpl *page, const struct order *o)
{
    struct orders_paper_list list;
    struct tpl *all = NULL;
    if (!o->invoiced)
        return RC_OK;
    enum rc rc = orders_q_papers(r->db, o->id, &list);
    for (size_t i = 0; rc == RC_OK && i < list.n; i++) {
        const struct orders_paper *d = &list.row[i];
        if (all == NULL)
            all = tpl_row(page, "PAPERS");
        struct tpl *t = tpl_row(all, "PAPER");
        tpl_set_text(t, "LABEL", document_kind_text(d->kind));
        tpl_set_text(t, "NUMBER", d->number);
        tpl_set_text(
            t, "HREF",
            url_path(r, "/account/orders/%s/papers/%s", o->number, uuid_str(r->arena, d->id)));
        tpl_set_text(t, "AT",
                     fmt_time(r->arena, r->locale, d->issued_at, r->tenant->zone, FMT_DATE));
    }
    return rc;
}

static enum rc prepare(struct req *r, const struct orders_paper *d, const char *href)
{
    const char *title = arena_printf(r->arena, "%s %s", document_kind_text(d->kind), d->number);
    struct tpl *page = page_new(r, "orders/preparing.tpl", title);
    page_noindex(r);
    r->out.no_store = true;
    tpl_set_text(page, "TITLE", title);
    tpl_set_text(page, "HREF", href);
    return page_send(r, page);
}

static enum rc give(struct req *r, const struct orders_paper *d, const char *href)
{
    char *p;
    size_t n;
    if (d->path == NULL)
        return prepare(r, d, href);
    enum rc rc = storage_get(r->app->conf, r->arena, d->path, PDF_BYTES_MOST, &p, &n);
    if (rc != RC_OK) /* the row says it is there */
        return req_fail(r, RC_UPSTREAM, _("This file cannot be read now. Try again later."),
                        "document %s: %s", d->number, rc_name(rc));
    r->out.status = 200;
    r->out.type = "application/pdf";
    r->out.no_store = true;
    buf_clear(&r->out.body);
    buf_put(&r->out.body, p, n);
    req_set_header(r, "Content-Disposition",
                   arena_printf(r->arena, "attachment; filename=\"%s\"",
                                document_file_name(r->arena, d->number)));
    return buf_rc(&r->out.body);
}

/* wanted NULL: the invoice. */
static enum rc of_order(struct req *r, struct uuid order, const struct uuid *wanted,
                        const char *href)
{
    struct orders_paper_list list;
    enum rc rc = orders_q_papers(r->db, order, &list);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < list.n; i++) {
        const struct orders_paper *d = &list.row[i];
        bool same = wanted != NULL ? uuid_cmp(*wanted, d->id) == 0 : str_eq(d->kind, "invoice");
        if (same)
            return give(r, d, href);
    }
    return RC_NOTFOUND;
}

enum rc page_invoice(struct req *r)
{
    struct uuid id;
    const char *number = req_param(r, "number");
    enum rc rc = order_of_customer(r->db, r->who.id, number, &id);
    return rc == RC_OK ? of_order(r, id, NULL, url_path(r, "/account/orders/%s/invoice", number))
                       : rc;
}

enum rc page_paper(struct req *r)
{
    struct uuid id, paper = req_param_id(r, "paper");
    const char *number = req_param(r, "number");
    enum rc rc = order_of_customer(r->db, r->who.id, number, &id);
    return rc == RC_OK ? of_order(r, id, &paper,
                                  url_path(r, "/account/orders/%s/papers/%s", number,
                                           uuid_str(r->arena, paper)))
                       : rc;
}

enum rc page_tracked_invoice(struct req *r)
{
    struct uuid id;
    const char *token = req_param(r, "token");
    enum rc rc = order_by_token(r->db, token, r->now, &id);
    return rc == RC_OK ? of_order(r, id, NULL, url_path(r, "/track/%s/invoice", token)) : rc;
}
