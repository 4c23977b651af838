/* pay.c: step 2: how it comes, how it is paid, all of it once more, and the one button that buys.
 * The form carries the hash of what this page showed; when what would be paid is no longer that,
 * the page is shown again with what changed and asks anew (T14). */
#include <string.h>

#include "base/str.h"
#include "checkout.h"
#include "platform/crypto.h"
#include "platform/fmt.h"

struct place {
    struct uuid cart, shipping_method, shipping_shown;
    const char *shown, *payment_method, *payment_shown, *note;
};
static const struct form_field place_fields[] = {
    FIELD(struct place, cart, F_ID, .required = true, .label = N_("Cart")),
    FIELD(struct place, shown, F_TOKEN, .required = true, .max = 64, .label = N_("Cart")),
    FIELD(struct place, shipping_method, F_ID, .label = N_("Delivery")),
    FIELD(struct place, payment_method, F_TEXT, .max = 40, .label = N_("Payment")),
    FIELD(struct place, shipping_shown, F_ID, .label = N_("Delivery")),
    FIELD(struct place, payment_shown, F_TEXT, .max = 40, .label = N_("Payment")),
    FIELD(struct place, note, F_LINES, .max = 1000, .label = N_("Note")),
    { 0 }
};
const struct form_spec checkout_place_form = {
    .name = "checkout.place", .fields = place_fields, .size = sizeof(struct place), .page = page_pay
};

static void fill_shipping(struct req *r, struct tpl *page, const struct cart *c)
{
    for (size_t i = 0; i < c->nshipping; i++) {
        const struct shipping_option *o = &c->shipping[i];
        struct tpl *t = tpl_row(tpl_row(page, "SHIPPING"), "METHOD");
        tpl_set_text(t, "VALUE", uuid_str(r->arena, o->method->id));
        tpl_set_text(t, "LABEL", o->method->name);
        tpl_set_text(t, "DAYS", checkout_days(r, o->promise.from, o->promise.until));
        tpl_set_text(t, "AMOUNT",
                     o->amount == 0
                         ? _("free")
                         : fmt_money(r->arena, r->locale, o->amount, c->terms.currency->code));
        tpl_show(t, "CHOSEN", i == c->chosen_shipping);
    }
    tpl_show(page, "NOT_SERVED", c->needs_shipping && c->nshipping == 0);
}

static void fill_payment(struct req *r, struct tpl *page, const struct cart *c)
{
    for (size_t i = 0; i < c->npayment; i++) {
        struct tpl *t = tpl_row(page, "PAYMENT");
        tpl_set_text(t, "VALUE", c->payment[i].code);
        tpl_set_text(t, "LABEL",
                     str_eq(c->payment[i].code, "cod")    ? _("Cash on delivery")
                     : str_eq(c->payment[i].code, "bank") ? _("Bank transfer")
                                                          : c->payment[i].name);
        if (*c->payment[i].instructions != '\0')
            tpl_set_text(tpl_row(t, "INSTRUCTIONS"), "TEXT", c->payment[i].instructions);
        if (c->payment[i].fee > 0)
            tpl_set_text(
                tpl_row(t, "FEE"), "AMOUNT",
                fmt_money(r->arena, r->locale, c->payment[i].fee, c->terms.currency->code));
        tpl_show(t, "CHOSEN", i == c->chosen_payment);
    }
    tpl_show(page, "NO_PAYMENT", c->npayment == 0);
}

static void fill_review(struct req *r, struct tpl *page, const struct cart *c)
{
    const struct checkout *k = &c->checkout;
    tpl_set_text(page, "TO_NAME", k->name);
    tpl_set_text(page, "TO_PHONE", phone_show(r->arena, k->phone, k->country));
    tpl_set_text(page, "TO_ADDRESS", checkout_one_line(r, checkout_address(k)));
    if (k->billing != NULL)
        tpl_set_text(tpl_row(page, "BILLED"), "BILLED_TO", checkout_billed_to(r, k));
    tpl_set_text(page, "NOTE_VALUE", k->note);
    for (size_t i = 0; i < c->nitems; i++) {
        const struct cart_line *l = &c->item[i];
        const char *notice = checkout_notice(r, c, l);
        struct tpl *t = tpl_row(page, "LINE");
        tpl_set_text(t, "NAME", l->name);
        tpl_set_int(t, "QUANTITY", l->quantity);
        if (l->line != SIZE_MAX)
            tpl_set_text(t, "LINE_TOTAL",
                         fmt_money(r->arena, r->locale, c->lines[l->line].subtotal,
                                   c->terms.currency->code));
        if (notice != NULL)
            tpl_set_text(tpl_row(t, "NOTICE"), "NOTICE_TEXT", notice);
    }
}

static enum rc show(struct req *r, const struct cart *c, const char *problem)
{
    struct tpl *page = checkout_page(r, "checkout/pay.tpl", _("Payment and review"));
    page_crumb(r, _("Cart"), url_path(r, "/cart"));
    page_crumb(r, _("Delivery"), url_path(r, "/checkout"));
    page_crumb(r, _("Payment and review"), NULL);
    fill_shipping(r, page, c);
    fill_payment(r, page, c);
    fill_review(r, page, c);
    checkout_sums(r, page, c);
    checkout_codes(r, page, c);
    if (req_arg(r, "code") != NULL)
        tpl_set_text(tpl_row(page, "CODE_REFUSED"), "CODE_REFUSED_TEXT",
                     coupon_problem_text(COUPON_UNKNOWN));
    tpl_set_text(page, "CART_ID", uuid_str(r->arena, c->id));
    if (c->nshipping > 0)
        tpl_set_text(page, "SHIPPING_SHOWN",
                     uuid_str(r->arena, c->shipping[c->chosen_shipping].method->id));
    if (c->npayment > 0)
        tpl_set_text(page, "PAYMENT_SHOWN", c->payment[c->chosen_payment].code);
    tpl_set_text(page, "SHOWN", crypto_base64url(r->arena, c->shown_hash, sizeof(c->shown_hash)));
    if (problem != NULL) {
        tpl_set_text(tpl_row(page, "PROBLEM"), "PROBLEM_TEXT", problem);
        page_status(r, 422);
    }
    tpl_show(page,
             c->blocked || c->npayment == 0 || (c->needs_shipping && c->nshipping == 0) ? "BLOCKED"
                                                                                        : "READY",
             true);
    return page_send(r, page);
}

enum rc page_pay(struct req *r)
{
    struct trade t;
    struct cart c;
    enum rc rc = checkout_who(r, &t);
    if (rc == RC_OK)
        rc = cart_read(r->db, &t, NULL, &c);
    if (rc == RC_NOTFOUND || (rc == RC_OK && c.nitems == 0))
        return req_redirect(r, "/cart");
    if (rc != RC_OK)
        return rc;
    if (!checkout_complete(r->arena, &c.checkout))
        return req_redirect(r, "/checkout");
    return show(r, &c, form_failed(r) ? _("Something was missing. Look at it again.") : NULL);
}

/* Choices onto the checkout; *changed says whether they were others before. */
static enum rc choose(struct req *r, const struct cart *c, struct uuid shipping,
                      const char *payment, const char *note, bool *changed)
{
    struct checkout k = c->checkout;
    bool ship = !uuid_is_nil(shipping) && uuid_cmp(shipping, k.shipping_method) != 0;
    bool pay = !str_empty(payment) && !str_eq(payment, k.payment_method);
    *changed = ship || pay || !str_eq(note, k.note);
    if (ship)
        k.shipping_method = shipping;
    if (pay)
        k.payment_method = payment;
    k.note = note;
    return *changed ? checkout_save(r->db, c->id, &k) : RC_OK;
}

enum rc act_pay(struct req *r)
{
    const struct place *in = req_form(r); /* the form of placing, sent elsewhere */
    struct trade t = checkout_trade(r);
    struct cart c;
    bool changed;
    enum rc rc = cart_read(r->db, &t, NULL, &c);
    if (rc == RC_NOTFOUND)
        return req_redirect(r, "/cart");
    if (rc == RC_OK)
        rc = choose(r, &c, in->shipping_method, in->payment_method, in->note, &changed);
    return rc == RC_OK ? req_redirect(r, "/checkout/pay") : rc;
}

static const char *refusal(enum order_refusal why)
{
    switch (why) {
    case ORDER_FINE:
    case ORDER_CHANGED:
        return _("The total has changed. Please look at it again and confirm.");
    case ORDER_STOCK:
        return _("Not everything is left in this quantity. Nothing was ordered.");
    case ORDER_COUPON:
        return _("A code can no longer be used. Please look at the total again.");
    case ORDER_EMPTY:
        return _("The cart is empty.");
    case ORDER_BLOCKED:
        return _("Something in the cart cannot be ordered this way.");
    case ORDER_ADDRESS:
        return _("Name, number and address are needed.");
    }
    return NULL;
}

/* What the buyer saw stays what is checked: other choices count as seen when the total is the same.
 */
static enum rc take_choices(struct req *r, const struct trade *t, const struct place *in,
                            unsigned char shown[32])
{
    struct cart before, after;
    bool changed = false;
    if (uuid_cmp(in->shipping_method, in->shipping_shown) == 0 &&
        str_eq(in->payment_method, in->payment_shown) && str_empty(in->note))
        return RC_OK; /* as the page had it */
    enum rc rc = cart_read(r->db, t, &in->cart, &before);
    if (rc != RC_OK)
        return rc == RC_NOTFOUND ? RC_OK : rc; /* an order already: order_place says which */
    rc = choose(r, &before, in->shipping_method, in->payment_method, in->note, &changed);
    if (rc != RC_OK || !changed || memcmp(before.shown_hash, shown, 32) != 0)
        return rc;
    rc = cart_read(r->db, t, &in->cart, &after);
    if (rc == RC_OK && after.totals.total == before.totals.total &&
        after.totals.items == before.totals.items)
        memcpy(shown, after.shown_hash, 32);
    return rc == RC_NOTFOUND ? RC_OK : rc;
}

enum rc act_place(struct req *r)
{
    const struct place *in = req_form(r);
    struct trade t = checkout_trade(r);
    struct order_placed done;
    enum order_refusal why = ORDER_FINE;
    struct cart c;
    unsigned char *decoded, shown[32];
    size_t n = 0;
    if (crypto_base64url_decode(r->arena, in->shown, &decoded, &n) != RC_OK || n != sizeof(shown))
        return req_redirect(r, "/checkout/pay");
    memcpy(shown, decoded, sizeof(shown));
    enum rc rc = take_choices(r, &t, in, shown);
    if (rc == RC_OK)
        rc = order_place(r->db, &t, in->cart, shown, &done, &why, &c);
    if (rc == RC_OK)
        return req_redirect(
            r, arena_printf(r->arena, done.is_owed ? "/pay/%s" : "/done/%s", done.token));
    if (rc == RC_NOTFOUND)
        return req_redirect(r, "/cart");
    if (rc != RC_CONFLICT)
        return rc;
    if (why == ORDER_EMPTY)
        return req_redirect(r, "/cart");
    if (why == ORDER_ADDRESS)
        return req_redirect(r, "/checkout");
    return show(r, &c, refusal(why));
}
