/* details.c: step 2 of 3, who and where. What was typed is kept with the cart, so that nothing is
 * lost when a step fails or a session ends on another device; the same is kept while it is typed
 * (act_draft), which is how the totals follow. Amounts are not decided here. Invariant: the stock
 * that is held is never a condition of going on. */
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "checkout.h"
#include "shop/address.h"
#include "shop/customer.h"

struct details {
    const char *name, *phone, *email, *company, *address_line1, *address_line2, *city, *region,
        *postcode, *landmark, *instructions, *country;
    const char *billing_name, *billing_company, *billing_address_line1, *billing_address_line2,
        *billing_city, *billing_region, *billing_postcode, *billing_country;
};
#define TEXT(m, most, text) FIELD(struct details, m, F_TEXT, .max = most, .label = text)
static const struct form_field details_fields[] = {
    TEXT(name, 200, N_("Full name")),
    TEXT(phone, 40, N_("Mobile number")),
    FIELD(struct details, email, F_EMAIL, .max = 254, .label = N_("E-mail")),
    TEXT(company, 200, N_("Company")),
    TEXT(address_line1, 200, N_("Street and number")),
    TEXT(address_line2, 200, N_("Flat, floor, building")),
    TEXT(city, 120, N_("City or town")),
    TEXT(region, 120, N_("Region")),
    TEXT(postcode, 20, N_("Postcode")),
    TEXT(landmark, 200, N_("Landmark nearby")),
    FIELD(struct details, instructions, F_LINES, .max = 500,
          .label = N_("Instructions for delivery")),
    TEXT(country, 2, N_("Country")),
    TEXT(billing_name, 200, N_("Full name")),
    TEXT(billing_company, 200, N_("Company")),
    TEXT(billing_address_line1, 200, N_("Street and number")),
    TEXT(billing_address_line2, 200, N_("Flat, floor, building")),
    TEXT(billing_city, 120, N_("City or town")),
    TEXT(billing_region, 120, N_("Region")),
    TEXT(billing_postcode, 20, N_("Postcode")),
    TEXT(billing_country, 2, N_("Country")),
    { 0 }
};
const struct form_spec checkout_details_form = { .name = "checkout.details",
                                                 .fields = details_fields,
                                                 .size = sizeof(struct details),
                                                 .page = page_details };

/* ---- the page ---------------------------------------------------------------------------------
 */
static void fill_form(struct req *r, struct tpl *page, struct checkout *k)
{
    const struct address_country *c =
        checkout_country(r, form_failed(r) ? form_value(r, "country") : k->country);
    bool known = r->who.kind == WHO_CUSTOMER;
    if (known && *k->email == '\0' && r->who.email != NULL)
        k->email = r->who.email;
    if (known && *k->name == '\0' && r->who.name != NULL)
        k->name = r->who.name;
    if (form_failed(r))
        form_bind(r, page, &checkout_details_form);
    checkout_countries(r, page, c);
    checkout_fields(r, page, c, k);
    checkout_billing(r, page, c, k);
}

enum rc page_details(struct req *r)
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
    struct tpl *page = checkout_page(r, "checkout/details.tpl", _("Delivery"));
    page_crumb(r, _("Cart"), url_path(r, "/cart"));
    page_crumb(r, _("Delivery"), NULL);
    tpl_show(page, "GUEST", r->who.kind != WHO_CUSTOMER && page_is_served(r, "/login"));
    rc = checkout_saved(r, page);
    if (rc != RC_OK)
        return rc;
    fill_form(r, page, &c.checkout);
    checkout_sums(r, page, &c);
    checkout_delivery(r, page, &c);
    return page_send(r, page);
}

/* ---- what was typed ---------------------------------------------------------------------------
 */
static void tell(void *arg, enum address_key key, const char *message)
{
    form_set_error(arg, address_name(key), message);
}

static void tell_billing(void *arg, enum address_key key, const char *message)
{
    if (key != ADDRESS_PHONE) /* of the delivery, told there */
        form_set_error(arg, checkout_billing_name(arg, key), message);
}

static struct address delivery_of(const struct details *in)
{
    return (struct address){ .text = { [ADDRESS_NAME] = in->name,
                                       [ADDRESS_COMPANY] = in->company,
                                       [ADDRESS_PHONE] = in->phone,
                                       [ADDRESS_LINE1] = in->address_line1,
                                       [ADDRESS_LINE2] = in->address_line2,
                                       [ADDRESS_CITY] = in->city,
                                       [ADDRESS_REGION] = in->region,
                                       [ADDRESS_POSTCODE] = in->postcode,
                                       [ADDRESS_LANDMARK] = in->landmark,
                                       [ADDRESS_INSTRUCTIONS] = in->instructions },
                             .country = in->country };
}

static struct address billing_of(const struct details *in, const struct address *delivery)
{
    return (struct address){ .text = { [ADDRESS_NAME] = str_empty(in->billing_name)
                                                            ? delivery->text[ADDRESS_NAME]
                                                            : in->billing_name,
                                       [ADDRESS_COMPANY] = in->billing_company,
                                       [ADDRESS_PHONE] = delivery->text[ADDRESS_PHONE],
                                       [ADDRESS_LINE1] = in->billing_address_line1,
                                       [ADDRESS_LINE2] = in->billing_address_line2,
                                       [ADDRESS_CITY] = in->billing_city,
                                       [ADDRESS_REGION] = in->billing_region,
                                       [ADDRESS_POSTCODE] = in->billing_postcode },
                             .country = in->billing_country };
}

/* Something of it was typed: then all of it counts. A country alone is only the list's default. */
static bool wants_billing(const struct details *in)
{
    const char *const typed[] = { in->billing_name,          in->billing_company,
                                  in->billing_address_line1, in->billing_address_line2,
                                  in->billing_city,          in->billing_region,
                                  in->billing_postcode };
    for (size_t i = 0; i < COUNT_OF(typed); i++)
        if (!str_empty(typed[i]))
            return true;
    return false;
}

/* Onto the checkout; finished: every problem is told, else what cannot be read is kept as it is. */
static void take(struct req *r, const struct details *in, bool finished, struct checkout *k)
{
    struct address to = delivery_of(in);
    if (str_empty(to.country))
        to.country = checkout_country(r, NULL)->code;
    if (address_country(to.country) == NULL) {
        form_set_error(r, "country", _("Choose a country of the list."));
        return;
    }
    enum rc rc = checkout_keep(r->arena, &to, finished ? tell : NULL, r);
    k->email = in->email;
    k->billing = NULL;
    checkout_deliver_to(k, &to);
    if (!wants_billing(in))
        return;
    struct address pays = billing_of(in, &to);
    if (str_empty(pays.country))
        pays.country = to.country;
    if (address_country(pays.country) == NULL) {
        form_set_error(r, "billing_country", _("Choose a country of the list."));
        return;
    }
    rc = checkout_keep(r->arena, &pays, finished ? tell_billing : NULL, r);
    (void)rc; /* told to the form, or kept as typed */
    k->billing = checkout_billing_json(r, &pays);
}

static enum rc keep(struct req *r, bool finished, struct cart *c)
{
    const struct details *in = req_form(r);
    struct trade t = checkout_trade(r);
    enum rc rc = cart_read(r->db, &t, NULL, c);
    if (rc != RC_OK)
        return rc;
    struct checkout k = c->checkout;
    take(r, in, finished, &k);
    struct address to = checkout_address(&k);
    checkout_remember_place(r, &to);
    return form_failed(r) ? RC_INVALID : checkout_save(r->db, c->id, &k);
}

static bool price_moved(const struct cart *c)
{
    for (size_t i = 0; i < c->nitems; i++)
        if (c->item[i].notice == CART_PRICE_UP || c->item[i].notice == CART_PRICE_DOWN)
            return true;
    return false;
}

/* Kept while they decide how to pay. Where it cannot be, the next page says which line is short. */
enum rc checkout_go_on(struct req *r, const struct cart *c)
{
    enum rc held = c->blocked ? RC_CONFLICT : hold_start(r->db, c, r->now);
    if (held != RC_OK && held != RC_CONFLICT)
        log_warn("stock not held", "rc=%s", rc_name(held));
    /* The cart named what changed since; from the review on, its prices are the ones seen; where
     * that cannot be kept they are named again. */
    struct trade t = checkout_trade(r);
    enum rc seen = price_moved(c) ? cart_confirm(r->db, &t, c) : RC_OK;
    if (seen != RC_OK)
        log_warn("prices not confirmed", "rc=%s", rc_name(seen));
    return req_redirect(r, "/checkout/pay");
}

enum rc act_details(struct req *r)
{
    struct cart c;
    enum rc rc = keep(r, true, &c);
    if (rc == RC_NOTFOUND)
        return req_redirect(r, "/cart");
    if (rc == RC_INVALID)
        return form_refuse(r);
    return rc == RC_OK ? checkout_go_on(r, &c) : rc;
}

/* Not finished: another country's fields, or totals for the place typed so far. */
enum rc act_draft(struct req *r)
{
    struct cart c;
    enum rc rc = keep(r, false, &c);
    if (rc == RC_NOTFOUND)
        return req_redirect(r, "/cart");
    if (rc == RC_INVALID)
        return form_refuse(r);
    return rc == RC_OK ? req_redirect(r, "/checkout") : rc;
}
