/* pages.c: a customer's orders in their account: the list, one of them, cancelling it while the
 * shop allows it, and buying it again. An order is found by number among the customer's own;
 * anybody else's is not there (T24). Invariant: nothing of these pages is stored. */
#include <string.h>

#include "app/form.h"
#include "app/page.h"
#include "app/req.h"
#include "app/session.h"
#include "app/tenant.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/orders_q.h"
#include "orders.h"
#include "platform/fmt.h"
#include "platform/i18n.h"
#include "shop/cart.h"
#include "shop/order.h"

enum { PAGE = 20, NUMBER_MOST = 60 };

static const char *const actions[] = { "cancel", "again", NULL };
struct acting {
    const char *action;
};
static const struct form_field act_fields[] = { FIELD(struct acting, action, F_CHOICE,
                                                      .required = true, .choices = actions,
                                                      .label = N_("Action")),
                                                { 0 } };
const struct form_spec orders_act_form = {
    .name = "orders.act", .fields = act_fields, .size = sizeof(struct acting), .page = page_one
};

static struct tpl *open_page(struct req *r, const char *file, const char *title)
{
    struct tpl *t = page_new(r, file, title);
    page_noindex(r);
    page_body_class(r, "account");
    r->out.no_store = true;
    page_menu(r, tpl_include(t, "MENU", "account/menu.tpl"), "account", "/account/orders");
    return t;
}

static const char *money(struct req *r, int64_t minor, const char *currency)
{
    return fmt_money(r->arena, r->locale, minor, currency);
}

static const char *when(struct req *r, int64_t at)
{
    return fmt_time(r->arena, r->locale, at, r->tenant->zone, FMT_DATETIME);
}

/* ---- the list ---------------------------------------------------------------------------------
 */

static void fill_brief(struct req *r, struct tpl *t, const struct orders_brief *o)
{
    tpl_set_text(t, "NUMBER", o->number);
    tpl_set_text(t, "HREF", url_path(r, "/account/orders/%s", o->number));
    tpl_set_text(t, "STATE", order_state_text(o->state, o->label));
    tpl_set_text(t, "PAYMENT", order_payment_text(o->payment_state));
    tpl_set_text(t, "PLACED_AT", when(r, o->placed_at));
    tpl_set_text(t, "TOTAL", money(r, o->total, o->currency));
    tpl_set_text(t, "NAME", o->first_name != NULL ? o->first_name : "");
    if (o->more > 0)
        tpl_set_text(
            tpl_row(t, "MORE"), "MORE_TEXT",
            arena_printf(r->arena, _("and %s more"), fmt_int(r->arena, r->locale, o->more)));
}

enum rc page_list(struct req *r)
{
    struct orders_brief_list list;
    const char *after = req_arg(r, "after");
    if (after != NULL && strlen(after) > NUMBER_MOST)
        return RC_NOTFOUND;
    enum rc rc = orders_q_mine(r->db, r->who.id, after, PAGE + 1, &list);
    if (rc != RC_OK)
        return rc;
    struct tpl *page = open_page(r, "orders/list.tpl", _("Your orders"));
    page_crumb(r, _("Your account"), url_path(r, "/account"));
    page_crumb(r, _("Your orders"), NULL);
    for (size_t i = 0; i < list.n && i < PAGE; i++)
        fill_brief(r, tpl_row(page, "ORDER"), &list.row[i]);
    if (list.n > PAGE)
        tpl_set_text(tpl_row(page, "NEXT"), "HREF",
                     arena_printf(r->arena, "%s?after=%s", url_path(r, "/account/orders"),
                                  list.row[PAGE - 1].number));
    tpl_show(page, "EMPTY", list.n == 0);
    return page_send(r, page);
}

/* ---- one of them ------------------------------------------------------------------------------
 */

static void sum_row(struct req *r, struct tpl *page, const struct order *o, const char *label,
                    int64_t amount)
{
    struct tpl *t = tpl_row(page, "SUM");
    tpl_set_text(t, "LABEL", label);
    tpl_set_text(t, "AMOUNT", money(r, amount, o->currency));
}

static const char *line_note(struct req *r, const struct order_line *l)
{
    if (l->cancelled > 0)
        return arena_printf(r->arena, _("%d of %d cancelled"), l->cancelled, l->quantity);
    if (l->sent > 0 && l->sent < l->quantity)
        return arena_printf(r->arena, _("%d of %d sent"), l->sent, l->quantity);
    return NULL;
}

/* Goods before discounts, then what changes the sum: it adds up as it stands. */
static void fill_lines(struct req *r, struct tpl *page, const struct order *o)
{
    for (size_t i = 0; i < o->nlines; i++) {
        const struct order_line *l = &o->line[i];
        if (!str_eq(l->kind, "item"))
            continue;
        const char *note = line_note(r, l);
        struct tpl *t = tpl_row(page, "LINE");
        tpl_set_text(t, "NAME", l->name);
        tpl_set_text(t, "QUANTITY", fmt_int(r->arena, r->locale, l->quantity));
        tpl_set_text(t, "AMOUNT", money(r, l->subtotal, o->currency));
        if (!str_empty(l->options))
            tpl_set_text(tpl_row(t, "OPTIONS_SET"), "OPTIONS", l->options);
        if (note != NULL)
            tpl_set_text(tpl_row(t, "NOTE"), "NOTE_TEXT", note);
    }
    for (size_t i = 0; i < o->nlines; i++) {
        const struct order_line *l = &o->line[i];
        if (str_eq(l->kind, "shipping"))
            sum_row(r, page, o, arena_printf(r->arena, _("Delivery: %s"), l->name), l->subtotal);
        else if (str_eq(l->kind, "fee"))
            sum_row(r, page, o, l->name, l->subtotal);
    }
    if (o->discount > 0)
        sum_row(r, page, o, _("Discount"), -o->discount);
    if (o->tax_added > 0)
        sum_row(r, page, o, _("Tax"), o->tax_added);
    tpl_set_text(page, "TOTAL", money(r, o->total, o->currency));
    if (o->tax > 0 && o->tax_added == 0)
        tpl_set_text(tpl_row(page, "TAX_NOTE"), "TAX_TEXT",
                     arena_printf(r->arena, _("Contains %s tax"), money(r, o->tax, o->currency)));
}

static void fill_parcels(struct req *r, struct tpl *page, const struct order *o)
{
    for (size_t i = 0; i < o->nparcels; i++) {
        const struct order_parcel *p = &o->parcel[i];
        struct tpl *t = tpl_row(page, "PARCEL");
        tpl_set_text(t, "CARRIER", p->carrier);
        tpl_set_text(t, "SENT_AT", p->shipped_at != 0 ? when(r, p->shipped_at) : "");
        if (p->delivered_at != 0)
            tpl_set_text(tpl_row(t, "DELIVERED"), "DELIVERED_AT", when(r, p->delivered_at));
        if (str_empty(p->tracking_number))
            continue;
        bool link = !str_empty(p->tracking_url);
        struct tpl *n = tpl_row(t, link ? "TRACKED" : "NUMBERED");
        tpl_set_text(n, "TRACKING", p->tracking_number);
        if (link)
            tpl_set_text(n, "HREF", p->tracking_url);
    }
}

static void fill_history(struct req *r, struct tpl *page, const struct order *o)
{
    for (size_t i = 0; i < o->nchanges; i++) {
        const struct order_change *c = &o->change[i];
        if (!c->is_public || !str_eq(c->machine, "order"))
            continue;
        struct tpl *t = tpl_row(page, "CHANGE");
        tpl_set_text(t, "WHAT", order_state_text(c->to, c->to));
        tpl_set_text(t, "AT", when(r, c->at));
    }
}

static void fill_addresses(struct req *r, struct tpl *page, const struct order *o)
{
    for (size_t i = 0; i < o->naddresses; i++) {
        const struct order_address *d = &o->address[i];
        const char *parts[] = {
            d->name,     d->company,
            d->line1,    d->line2,
            d->city,     d->region,
            d->postcode, str_empty(d->country) ? "" : fmt_country(r->arena, r->locale, d->country),
            d->landmark, d->phone
        };
        struct tpl *t = tpl_row(page, "ADDRESS");
        tpl_set_text(t, "LABEL",
                     str_eq(d->kind, "billing") ? _("Billing address") : _("Delivery address"));
        for (size_t k = 0; k < COUNT_OF(parts); k++)
            if (!str_empty(parts[k]))
                tpl_set_text(tpl_row(t, "PLACE"), "TEXT", parts[k]);
    }
}

static void fill_payment(struct req *r, struct tpl *page, const struct order *o)
{
    bool cancelled = str_eq(o->category, "cancelled");
    tpl_set_text(page, "METHOD",
                 str_eq(o->payment_method, "Cash on delivery") ? _("Cash on delivery")
                                                               : o->payment_method);
    tpl_set_text(page, "PAYMENT", order_payment_text(o->payment_state));
    if (o->due > 0 && !cancelled)
        tpl_set_text(tpl_row(page, "DUE"), "AMOUNT", money(r, o->due, o->currency));
    if (o->refunded > 0)
        tpl_set_text(tpl_row(page, "BACK"), "AMOUNT", money(r, o->refunded, o->currency));
}

static const char *promise(struct req *r, const struct order *o)
{
    const char *a =
        fmt_time(r->arena, r->locale, SECONDS((int64_t)o->promised_from * 86400), "UTC", FMT_DATE);
    const char *b =
        fmt_time(r->arena, r->locale, SECONDS((int64_t)o->promised_until * 86400), "UTC", FMT_DATE);
    return o->promised_from == o->promised_until ? a : arena_printf(r->arena, "%s \u2013 %s", a, b);
}

enum rc page_one(struct req *r)
{
    struct uuid id;
    struct order o;
    enum rc rc = order_of_customer(r->db, r->who.id, req_param(r, "number"), &id);
    if (rc == RC_OK)
        rc = order_read(r->db, id, tenant_setting(r->app, r->tenant, "order.cancel_until"), &o);
    if (rc != RC_OK)
        return rc;
    struct tpl *page =
        open_page(r, "orders/order.tpl", arena_printf(r->arena, _("Order %s"), o.number));
    page_crumb(r, _("Your account"), url_path(r, "/account"));
    page_crumb(r, _("Your orders"), url_path(r, "/account/orders"));
    page_crumb(r, o.number, NULL);
    tpl_set_text(page, "NUMBER", o.number);
    tpl_set_text(page, "STATE", order_state_text(o.state, o.label));
    tpl_set_text(page, "PLACED_AT", when(r, o.placed_at));
    tpl_set_text(page, "ACTION", url_path(r, "/account/orders/%s", o.number));
    if (o.has_promise && (str_eq(o.category, "open") || str_eq(o.category, "picking")))
        tpl_set_text(tpl_row(page, "PROMISE"), "DAYS", promise(r, &o));
    fill_lines(r, page, &o);
    fill_parcels(r, page, &o);
    fill_payment(r, page, &o);
    rc = papers_fill(r, page, &o);
    if (rc != RC_OK)
        return rc;
    fill_addresses(r, page, &o);
    fill_history(r, page, &o);
    tpl_show(page, "MAY_CANCEL", o.may_cancel);
    return page_send(r, page);
}

/* ---- what is done with one --------------------------------------------------------------------
 */

static enum rc cancel(struct req *r, struct uuid id, const char *number)
{
    enum rc rc = order_cancel(r->db, id, tenant_setting(r->app, r->tenant, "order.cancel_until"),
                              "", r->now);
    if (rc == RC_OK)
        flash_set(r, FLASH_OK, _("The order was cancelled."));
    else if (rc == RC_CONFLICT)
        flash_set(r, FLASH_WARN, _("The order has come too far to be cancelled."));
    else
        return rc;
    return req_redirect(r, arena_printf(r->arena, "/account/orders/%s", number));
}

static struct trade trade_of(struct req *r)
{
    const char **chain = arena_array(r->arena, const char *, 1);
    chain[0] = r->locale->tag;
    return (struct trade){ .store = r->tenant->store_id,
                           .currency = r->tenant->currency,
                           .country = r->tenant->country != NULL ? r->tenant->country : "",
                           .zone = r->tenant->zone,
                           .include_tax = r->tenant->prices_include_tax,
                           .chain = { chain, r->locale == r->tenant->locale ? 0 : 1 },
                           .locale = r->locale->tag,
                           .customer = r->who.id,
                           .now = r->now };
}

/* What is still for sale goes into the cart at today's price; the rest is named. */
static enum rc again(struct req *r, const struct order *o)
{
    struct trade t = trade_of(r);
    struct buf gone;
    size_t added = 0;
    buf_init(&gone, r->arena, 16 * 1024);
    for (size_t i = 0; i < o->nlines; i++) {
        const struct order_line *l = &o->line[i];
        if (!str_eq(l->kind, "item"))
            continue;
        enum rc rc = l->has_variant ? cart_add(r->db, &t, l->variant, l->quantity) : RC_NOTFOUND;
        if (rc == RC_OK) {
            added++;
            continue;
        }
        if (rc != RC_NOTFOUND && rc != RC_INVALID && rc != RC_CONFLICT)
            return rc;
        buf_printf(&gone, "%s%s", gone.n > 0 ? ", " : "", l->name);
    }
    if (gone.n > 0)
        flash_set(r, FLASH_WARN, arena_printf(r->arena, _("Not for sale any more: %s"), gone.p));
    else
        flash_set(r, FLASH_OK, _("It is in your cart, at today's prices."));
    return req_redirect(r, added > 0 ? "/cart"
                                     : arena_printf(r->arena, "/account/orders/%s", o->number));
}

enum rc act_one(struct req *r)
{
    const struct acting *in = req_form(r);
    const char *number = req_param(r, "number");
    struct uuid id;
    struct order o;
    enum rc rc = order_of_customer(r->db, r->who.id, number, &id);
    if (rc != RC_OK)
        return rc;
    if (str_eq(in->action, "cancel"))
        return cancel(r, id, number);
    rc = order_read(r->db, id, "open", &o);
    return rc == RC_OK ? again(r, &o) : rc;
}
