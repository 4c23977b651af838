/* saved.c: addresses a customer keeps, offered at checkout: one button and nothing is typed. A
 * guest has none. Invariant: an address is found only by its owner, and it is copied onto the
 * checkout, so changing it later changes no order. */
#include "base/str.h"
#include "checkout.h"
#include "platform/db.h"
#include "platform/fmt.h"
#include "shop/customer.h"

struct chosen {
    struct uuid address;
};
static const struct form_field chosen_fields[] = {
    FIELD(struct chosen, address, F_ID, .required = true, .label = N_("Address")), { 0 }
};
const struct form_spec checkout_address_form = { .name = "checkout.address",
                                                 .fields = chosen_fields,
                                                 .size = sizeof(struct chosen),
                                                 .page = page_details };

static void fill_address(struct req *r, struct tpl *t, const struct customer_address *m)
{
    char **line;
    size_t n = str_split(
        r->arena,
        address_text(r->arena, &m->address, fmt_country(r->arena, r->locale, m->address.country)),
        '\n', &line);
    tpl_set_text(t, "ADDRESS_ID", uuid_str(r->arena, m->id));
    for (size_t i = 0; i < n; i++) {
        struct tpl *row = tpl_row(t, "ADDRESS_LINE");
        tpl_set_text(row, "TEXT", line[i]);
        tpl_show(row, "NEXT", i > 0);
    }
}

enum rc checkout_saved(struct req *r, struct tpl *page)
{
    struct customer_address_list l = { .n = 0 };
    if (r->who.kind != WHO_CUSTOMER)
        return RC_OK;
    enum rc rc = customer_addresses(r->db, r->who.id, &l);
    for (size_t i = 0; rc == RC_OK && i < l.n; i++)
        fill_address(r, tpl_row(tpl_row(page, "SAVED"), "SAVED_ADDRESS"), &l.row[i]);
    return rc;
}

/* Who has a default address and has typed none goes from the cart to the review in one step. */
enum rc checkout_default(struct req *r, const struct checkout *k, const char **id)
{
    struct customer_address_list l = { .n = 0 };
    *id = NULL;
    if (r->who.kind != WHO_CUSTOMER || *k->line1 != '\0')
        return RC_OK;
    enum rc rc = customer_addresses(r->db, r->who.id, &l);
    if (rc == RC_OK && l.n > 0 && l.row[0].is_default)
        *id = uuid_str(r->arena, l.row[0].id);
    return rc;
}

enum rc act_address(struct req *r)
{
    const struct chosen *in = req_form(r);
    struct trade t = checkout_trade(r);
    struct customer_address m;
    struct cart c;
    bool found;
    enum rc rc = customer_address_by_id(r->db, r->who.id, in->address, &found, &m);
    if (rc == RC_OK && !found)
        return RC_NOTFOUND;
    if (rc == RC_OK)
        rc = cart_read(r->db, &t, NULL, &c);
    if (rc == RC_NOTFOUND)
        return req_redirect(r, "/cart");
    if (rc != RC_OK)
        return rc;
    struct checkout k = c.checkout;
    checkout_deliver_to(&k, &m.address);
    if (*k.email == '\0' && r->who.email != NULL)
        k.email = r->who.email;
    rc = checkout_save(r->db, c.id, &k);
    return rc == RC_OK ? checkout_go_on(r, &c) : rc;
}
