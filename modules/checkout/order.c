/* order.c: the order as who placed it sees it: confirmation and tracking by a token, look-up by a
 * link that is mailed. Without the token an order does not exist (T24): a wrong one, another shop's
 * and none look the same. */
#include "base/str.h"
#include "checkout.h"
#include "platform/fmt.h"

struct track {
    const char *number, *contact;
};
static const struct form_field track_fields[] = {
    FIELD(struct track, number, F_TEXT, .required = true, .max = 60, .label = N_("Order number")),
    FIELD(struct track, contact, F_TEXT, .required = true, .max = 254,
          .label = N_("E-mail or phone of the order")),
    { 0 }
};
const struct form_spec checkout_track_form = { .name = "checkout.track",
                                               .fields = track_fields,
                                               .size = sizeof(struct track),
                                               .page = page_track };

static const char *const link_actions[] = { "open", "cancel", NULL };
struct link {
    const char *action;
};
static const struct form_field link_fields[] = { FIELD(struct link, action, F_CHOICE,
                                                       .required = true, .choices = link_actions,
                                                       .label = N_("Action")),
                                                 { 0 } };
const struct form_spec checkout_link_form = {
    .name = "checkout.link", .fields = link_fields, .size = sizeof(struct link), .page = page_order
};

static void fill_lines(struct req *r, struct tpl *page, const struct order *o)
{
    for (size_t i = 0; i < o->nlines; i++) {
        const struct order_line *l = &o->line[i];
        if (str_eq(l->kind, "part"))
            continue;
        struct tpl *t = tpl_row(page, "LINE");
        tpl_set_text(t, "NAME", l->name);
        tpl_set_int(t, "QUANTITY", l->quantity);
        tpl_set_text(t, "AMOUNT", fmt_money(r->arena, r->locale, l->total, o->currency));
        if (l->sent > 0 && l->sent < l->quantity)
            tpl_set_text(tpl_row(t, "SENT"), "SENT_TEXT",
                         arena_printf(r->arena, _("%d of %d sent"), l->sent, l->quantity));
    }
    if (o->tax_added > 0) {
        struct tpl *t = tpl_row(page, "TAX");
        tpl_set_text(t, "AMOUNT", fmt_money(r->arena, r->locale, o->tax_added, o->currency));
    }
    tpl_set_text(page, "TOTAL", fmt_money(r->arena, r->locale, o->total, o->currency));
}

static void fill_progress(struct req *r, struct tpl *page, const struct order *o)
{
    for (size_t i = 0; i < o->nparcels; i++) {
        const struct order_parcel *p = &o->parcel[i];
        struct tpl *t = tpl_row(page, "PARCEL");
        tpl_set_text(t, "CARRIER", p->carrier);
        if (p->tracking_number != NULL) {
            bool link = *p->tracking_url != '\0';
            struct tpl *n = tpl_row(t, link ? "TRACKED" : "NUMBERED");
            tpl_set_text(n, "NUMBER", p->tracking_number);
            if (link)
                tpl_set_text(n, "HREF", p->tracking_url);
        }
        tpl_set_text(t, "SENT_AT",
                     fmt_time(r->arena, r->locale, p->shipped_at, r->tenant->zone, FMT_DATETIME));
    }
    for (size_t i = 0; i < o->nchanges; i++) {
        if (!o->change[i].is_public || !str_eq(o->change[i].machine, "order"))
            continue;
        struct tpl *t = tpl_row(page, "CHANGE");
        tpl_set_text(t, "WHAT", order_state_text(o->change[i].to, o->change[i].to));
        tpl_set_text(t, "AT",
                     fmt_time(r->arena, r->locale, o->change[i].at, r->tenant->zone, FMT_DATETIME));
    }
}

static enum rc show(struct req *r, struct uuid id, const char *token, bool just_placed)
{
    struct order o;
    enum rc rc = order_read(r->db, id, tenant_setting(r->app, r->tenant, "order.cancel_until"), &o);
    if (rc != RC_OK)
        return rc;
    struct tpl *page = checkout_page(r, "checkout/order.tpl",
                                     just_placed ? _("Thank you for your order")
                                                 : arena_printf(r->arena, _("Order %s"), o.number));
    tpl_set_text(page, "NUMBER", o.number);
    tpl_set_text(page, "STATE", order_state_text(o.state, o.label));
    tpl_set_text(page, "PLACED_AT",
                 fmt_time(r->arena, r->locale, o.placed_at, r->tenant->zone, FMT_DATETIME));
    tpl_set_text(page, "PAYMENT",
                 str_eq(o.payment_method, "Cash on delivery") ? _("Cash on delivery")
                                                              : o.payment_method);
    tpl_set_text(page, "DUE", fmt_money(r->arena, r->locale, o.due, o.currency));
    tpl_show(page, just_placed ? "PLACED" : "TRACKING", true);
    if (o.has_promise && !str_eq(o.category, "cancelled") && *o.shipping_method != '\0') {
        struct tpl *t = tpl_row(page, "PROMISE");
        tpl_set_text(t, "DAYS", checkout_days(r, o.promised_from, o.promised_until));
        tpl_set_text(t, "METHOD", o.shipping_method);
    }
    fill_lines(r, page, &o);
    fill_progress(r, page, &o);
    for (size_t i = 0; i < o.naddresses && i < 1; i++) {
        tpl_set_text(page, "TO_NAME", o.address[i].name);
        tpl_set_text(page, "TO_ADDRESS",
                     arena_printf(r->arena, "%s, %s %s", o.address[i].line1, o.address[i].city,
                                  o.address[i].postcode));
    }
    tpl_set_text(page, "TRACK_HREF", url_path(r, "/track/%s", token));
    if (o.due > 0 && str_eq(o.state, "pending"))
        tpl_set_text(tpl_row(page, "PAY_NOW"), "PAY_HREF", url_path(r, "/pay/%s", token));
    if (o.may_cancel)
        tpl_set_text(tpl_row(page, "MAY_CANCEL"), "ACTION", url_path(r, "/track/%s", token));
    if (o.invoiced)
        tpl_set_text(tpl_row(page, "INVOICE"), "INVOICE_HREF",
                     url_path(r, "/track/%s/invoice", token));
    return page_send(r, page);
}

enum rc page_done(struct req *r)
{
    struct uuid id;
    const char *token = req_param(r, "token");
    enum rc rc = order_by_token(r->db, token, r->now, &id);
    return rc == RC_OK ? show(r, id, token, true) : rc;
}

/* A look-up link opens a page whose one button uses it up: mail programs that fetch links do not.
 */
enum rc page_order(struct req *r)
{
    struct uuid id;
    const char *token = req_param(r, "token");
    enum rc rc = order_by_token(r->db, token, r->now, &id);
    if (rc == RC_OK)
        return show(r, id, token, false);
    if (rc == RC_NOTFOUND)
        rc = order_token_waits(r->db, token, r->now);
    if (rc != RC_OK)
        return rc;
    struct tpl *page = checkout_page(r, "checkout/open.tpl", _("Your order"));
    tpl_set_text(page, "ACTION", url_path(r, "/track/%s", token));
    return page_send(r, page);
}

enum rc page_track(struct req *r)
{
    struct tpl *page = checkout_page(r, "checkout/track.tpl", _("Where is my order?"));
    page_crumb(r, _("Where is my order?"), NULL);
    form_bind(r, page, &checkout_track_form);
    return page_send(r, page);
}

enum rc act_track(struct req *r)
{
    const struct track *in = req_form(r);
    enum rc rc = order_lookup_ask(r->db, in->number, in->contact, r->now);
    if (rc != RC_OK)
        return rc;
    flash_set(r, FLASH_INFO,
              _("If number and contact belong together, a link is on its way by e-mail."));
    return req_redirect(r, "/track");
}

enum rc act_link(struct req *r)
{
    const struct link *in = req_form(r);
    const char *token = req_param(r, "token"), *next = NULL;
    struct uuid id;
    if (str_eq(in->action, "open")) {
        enum rc rc = order_token_use(r->db, token, r->now, &id, &next);
        return rc == RC_OK ? req_redirect(r, arena_printf(r->arena, "/track/%s", next)) : rc;
    }
    enum rc rc = order_by_token(r->db, token, r->now, &id);
    if (rc == RC_OK)
        rc = order_cancel(r->db, id, tenant_setting(r->app, r->tenant, "order.cancel_until"), "",
                          r->now);
    if (rc == RC_OK)
        flash_set(r, FLASH_OK, _("The order was cancelled."));
    else if (rc == RC_CONFLICT)
        flash_set(r, FLASH_WARN, _("The order has come too far to be cancelled."));
    else
        return rc;
    return req_redirect(r, arena_printf(r->arena, "/track/%s", token));
}
