/* details.c: step 2 of 3, who and where. What was typed is kept with the cart, so that nothing is
 * lost when a step fails or a session ends on another device. Amounts are not decided here.
 * Invariant: the stock that is held is never a condition of going on. */
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "checkout.h"

struct details {
    const char *name, *phone, *email, *line1, *line2, *city, *postcode, *country, *instructions;
};
static const struct form_field details_fields[] = {
    FIELD(struct details, name, F_TEXT, .required = true, .max = 200, .label = N_("Name")),
    FIELD(struct details, phone, F_PHONE, .required = true, .max = 40,
          .label = N_("Mobile number")),
    FIELD(struct details, email, F_EMAIL, .max = 254, .label = N_("E-mail")),
    FIELD(struct details, line1, F_TEXT, .required = true, .max = 200, .label = N_("Address")),
    FIELD(struct details, line2, F_TEXT, .max = 200, .label = N_("Address, second line")),
    FIELD(struct details, city, F_TEXT, .required = true, .max = 120, .label = N_("City")),
    FIELD(struct details, postcode, F_TEXT, .max = 20, .label = N_("Postcode")),
    FIELD(struct details, country, F_TEXT, .max = 2, .label = N_("Country")),
    FIELD(struct details, instructions, F_TEXT, .max = 500, .label = N_("Note for the driver")),
    { 0 }
};
const struct form_spec checkout_details_form = { .name = "checkout.details",
                                                 .fields = details_fields,
                                                 .size = sizeof(struct details),
                                                 .page = page_details };

static void fill_saved(struct tpl *page, const struct checkout *k, const char *country)
{
    const struct {
        const char *name, *value;
    } values[] = { { "NAME_VALUE", k->name },
                   { "PHONE_VALUE", k->phone },
                   { "EMAIL_VALUE", k->email },
                   { "LINE1_VALUE", k->line1 },
                   { "LINE2_VALUE", k->line2 },
                   { "CITY_VALUE", k->city },
                   { "POSTCODE_VALUE", k->postcode },
                   { "COUNTRY_VALUE", country },
                   { "INSTRUCTIONS_VALUE", k->instructions } };
    for (size_t i = 0; i < COUNT_OF(values); i++)
        tpl_set_text(page, values[i].name, values[i].value);
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
    if (form_failed(r)) {
        form_bind(r, page, &checkout_details_form);
    } else {
        if (*c.checkout.email == '\0' && r->who.kind == WHO_CUSTOMER && r->who.email != NULL)
            c.checkout.email = r->who.email;
        if (*c.checkout.name == '\0' && r->who.kind == WHO_CUSTOMER && r->who.name != NULL)
            c.checkout.name = r->who.name;
        fill_saved(page, &c.checkout, *c.checkout.country != '\0' ? c.checkout.country : t.country);
    }
    checkout_sums(r, page, &c);
    return page_send(r, page);
}

static bool is_phone(const char *s)
{
    size_t digits = 0;
    for (; *s != '\0'; s++)
        digits += *s >= '0' && *s <= '9' ? 1 : 0;
    return digits >= 7 && digits <= 15;
}

static bool is_country(const char *s)
{
    return strlen(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z';
}

enum rc act_details(struct req *r)
{
    const struct details *in = req_form(r);
    struct trade t = checkout_trade(r);
    struct cart c;
    const char *country = str_empty(in->country) ? t.country : in->country;
    if (!is_phone(in->phone))
        form_set_error(r, "phone", _("Type the number with its area code, 7 to 15 digits."));
    if (!is_country(country))
        form_set_error(r, "country", _("Type the two letters of the country, as LK."));
    if (form_failed(r))
        return form_refuse(r);
    enum rc rc = cart_read(r->db, &t, NULL, &c);
    if (rc == RC_NOTFOUND)
        return req_redirect(r, "/cart");
    if (rc != RC_OK)
        return rc;
    struct checkout k = c.checkout;
    k.name = in->name;
    k.phone = in->phone;
    k.email = in->email;
    k.line1 = in->line1;
    k.line2 = in->line2;
    k.city = in->city;
    k.postcode = in->postcode;
    k.country = country;
    k.instructions = in->instructions;
    rc = checkout_save(r->db, c.id, &k);
    if (rc != RC_OK)
        return rc;
    /* Kept while they decide how to pay. Where it cannot be, the next page says which line is
     * short. */
    enum rc held = c.blocked ? RC_CONFLICT : hold_start(r->db, &c, r->now);
    if (held != RC_OK && held != RC_CONFLICT)
        log_warn("stock not held", "rc=%s", rc_name(held));
    return req_redirect(r, "/checkout/pay");
}
