/* cart.c: the page of a cart and what is done on it. Amounts come from cart_read alone; forms send
 * a variant and a quantity, never an amount. Every action ends on the cart's page, which says what
 * changed. Invariant: a line is changed only in the cart of who asks. */
#include <string.h>

#include "base/str.h"
#include "checkout.h"
#include "platform/fmt.h"

struct add {
    struct uuid variant;
    int64_t quantity;
};
static const struct form_field add_fields[] = {
    FIELD(struct add, variant, F_ID, .required = true, .label = N_("Version")),
    FIELD(struct add, quantity, F_INT, .min = 1, .max = 1000000, .required = true,
          .label = N_("Quantity")),
    { 0 }
};
const struct form_spec checkout_add_form = {
    .name = "cart.add", .fields = add_fields, .size = sizeof(struct add), .page = page_cart
};

static const char *const line_actions[] = { "set", "remove", "restore", "save", "use", NULL };
struct line {
    const char *action;
    int64_t quantity;
};
static const struct form_field line_fields[] = {
    FIELD(struct line, action, F_CHOICE, .required = true, .choices = line_actions,
          .label = N_("Action")),
    FIELD(struct line, quantity, F_INT, .min = 0, .max = 1000000, .label = N_("Quantity")),
    { 0 }
};
const struct form_spec checkout_line_form = {
    .name = "cart.line", .fields = line_fields, .size = sizeof(struct line), .page = page_cart
};

struct code {
    const char *code;
    struct uuid remove;
};
static const struct form_field code_fields[] = {
    FIELD(struct code, code, F_TEXT, .max = 60, .label = N_("Code")),
    FIELD(struct code, remove, F_ID, .label = N_("Code")),
    { 0 }
};
const struct form_spec checkout_code_form = {
    .name = "cart.code", .fields = code_fields, .size = sizeof(struct code), .page = page_cart
};

/* ---- the page ---------------------------------------------------------------------------------
 */
static void fill_line(struct req *r, struct tpl *t, const struct cart *c, const struct cart_line *l)
{
    const char *notice = checkout_notice(r, c, l);
    tpl_set_text(t, "NAME", l->name);
    tpl_set_text(t, "HREF", url_path(r, "/p/%s", l->slug));
    tpl_set_text(t, "ACTION", url_path(r, "/cart/lines/%s", uuid_str(r->arena, l->id)));
    tpl_set_text(t, "QUANTITY_ID", uuid_str(r->arena, l->id));
    tpl_set_int(t, "QUANTITY", l->quantity);
    tpl_set_int(t, "MIN", l->min_quantity);
    tpl_set_int(t, "MAX", l->free < l->max_quantity && l->free > 0 ? l->free : l->max_quantity);
    if (*l->options != '\0')
        tpl_set_text(tpl_row(t, "OPTIONS_SET"), "OPTIONS", l->options);
    if (*l->image != '\0')
        tpl_set_text(tpl_row(t, "IMAGE"), "SRC", checkout_media(r, l->image));
    if (notice != NULL)
        tpl_set_text(tpl_row(t, "NOTICE"), "NOTICE_TEXT", notice);
    if (l->line != SIZE_MAX) {
        struct tpl *p = tpl_row(t, "PRICED");
        tpl_set_text(
            p, "UNIT_PRICE",
            fmt_money(r->arena, r->locale, c->lines[l->line].unit, c->terms.currency->code));
        tpl_set_text(
            p, "LINE_TOTAL",
            fmt_money(r->arena, r->locale, c->lines[l->line].subtotal, c->terms.currency->code));
    }
}

void checkout_codes(struct req *r, struct tpl *page, const struct cart *c)
{
    for (size_t i = 0; i < c->ncodes; i++) {
        const struct cart_code *x = &c->code[i];
        struct tpl *t = tpl_row(page, "CODE");
        const char *problem = coupon_problem_text(x->problem);
        tpl_set_text(t, "CODE_TEXT", x->coupon.code);
        tpl_set_text(t, "CODE_ID", uuid_str(r->arena, x->coupon.code_id));
        tpl_set_text(t, "CODE_SAYS", problem != NULL ? problem : x->coupon.name);
    }
}

/* Who keeps a default address skips the form: the button uses it. */
static enum rc fill_way_on(struct req *r, struct tpl *t, const struct cart *c)
{
    const char *address = NULL;
    enum rc rc = c->blocked ? RC_OK : checkout_default(r, &c->checkout, &address);
    if (rc != RC_OK)
        return rc;
    if (address != NULL)
        tpl_set_text(tpl_row(t, "READY_AT_ONCE"), "ADDRESS_ID", address);
    else
        tpl_show(t, c->blocked ? "BLOCKED" : "READY", true);
    return RC_OK;
}

static enum rc show_cart(struct req *r, const struct cart *c)
{
    struct tpl *page = checkout_page(r, "checkout/cart.tpl", _("Cart"));
    page_crumb(r, _("Cart"), NULL);
    if (form_failed(r))
        form_bind(r, page, r->route->form);
    tpl_show(page, "EMPTY", c->nitems == 0);
    for (size_t i = 0; i < c->nremoved; i++) {
        struct tpl *t = tpl_row(page, "REMOVED");
        tpl_set_text(t, "NAME", c->removed[i].name);
        tpl_set_text(t, "ACTION",
                     url_path(r, "/cart/lines/%s", uuid_str(r->arena, c->removed[i].id)));
    }
    for (size_t i = 0; i < c->nitems; i++)
        fill_line(r, tpl_row(page, "LINE"), c, &c->item[i]);
    for (size_t i = 0; i < c->nsaved; i++)
        fill_line(r, tpl_row(tpl_row(page, "SAVED"), "SAVED_LINE"), c, &c->saved[i]);
    if (c->nitems > 0) {
        struct tpl *t = tpl_row(page, "FILLED");
        checkout_sums(r, t, c);
        checkout_codes(r, t, c);
        checkout_delivery(r, t, c);
        enum rc rc = fill_way_on(r, t, c);
        if (rc != RC_OK)
            return rc;
    }
    return page_send(r, page);
}

enum rc page_cart(struct req *r)
{
    struct trade t;
    struct cart c = { .nitems = 0 };
    enum rc rc = checkout_who(r, &t);
    if (rc == RC_OK)
        rc = cart_read(r->db, &t, NULL, &c);
    return rc == RC_OK || rc == RC_NOTFOUND ? show_cart(r, &c) : rc;
}

/* ---- actions ----------------------------------------------------------------------------------
 */
static enum rc back(struct req *r, enum rc rc, const char *said)
{
    const char *to = req_next(r, "/cart");
    if (rc == RC_OK && said != NULL)
        flash_set(r, FLASH_OK, said);
    else if (rc == RC_INVALID)
        flash_set(r, FLASH_WARN, _("This quantity cannot be ordered."));
    else if (rc == RC_NOTFOUND)
        flash_set(r, FLASH_WARN, _("That is no longer there."));
    else if (rc == RC_CONFLICT)
        flash_set(r, FLASH_WARN, _("The cart is full."));
    else if (rc != RC_OK)
        return rc;
    return req_redirect(r, to);
}

enum rc act_add(struct req *r)
{
    const struct add *in = req_form(r);
    struct session *s;
    enum rc rc = session_need(r, &s); /* having a cart is having a session */
    if (rc != RC_OK)
        return rc;
    struct trade t = checkout_trade(r);
    return back(r, cart_add(r->db, &t, in->variant, in->quantity), _("Added to the cart."));
}

enum rc act_line(struct req *r)
{
    const struct line *in = req_form(r);
    struct trade t = checkout_trade(r);
    struct uuid line = req_param_id(r, "line");
    if (str_eq(in->action, "set"))
        return back(r, cart_set(r->db, &t, line, in->quantity), NULL);
    if (str_eq(in->action, "remove"))
        return back(r, cart_remove(r->db, &t, line), NULL);
    if (str_eq(in->action, "restore"))
        return back(r, cart_restore(r->db, &t, line), NULL);
    return back(r, cart_save(r->db, &t, line, str_eq(in->action, "save")), NULL);
}

enum rc act_code(struct req *r)
{
    const struct code *in = req_form(r);
    struct trade t = checkout_trade(r);
    if (!uuid_is_nil(in->remove))
        return back(r, cart_code_remove(r->db, &t, in->remove), NULL);
    enum rc rc = cart_code_add(r->db, &t, in->code);
    if (rc != RC_NOTFOUND)
        return back(r, rc, NULL);
    if (str_eq(req_next(r, "/cart"), "/checkout/pay"))
        return req_redirect(r, "/checkout/pay?code=refused");
    form_set_error(r, "code", coupon_problem_text(COUPON_UNKNOWN));
    return form_refuse(r);
}

enum rc act_share(struct req *r)
{
    struct trade t = checkout_trade(r);
    const char *token;
    enum rc rc = cart_share(r->db, &t, &token);
    return rc == RC_OK ? req_redirect(r, arena_printf(r->arena, "/cart/s/%s", token))
                       : back(r, rc, NULL);
}

/* ---- a shared cart: lines and nothing of a person ----------------------------------------------
 */
enum rc page_shared(struct req *r)
{
    struct trade t;
    struct cart_copy copy;
    const char *token = req_param(r, "token");
    enum rc rc = checkout_who(r, &t);
    if (rc == RC_OK)
        rc = cart_shared(r->db, &t, token, &copy);
    if (rc != RC_OK)
        return rc;
    struct tpl *page = checkout_page(r, "checkout/shared.tpl", _("Shared cart"));
    const char *path = arena_printf(r->arena, "/cart/s/%s", token);
    tpl_set_text(page, "ACTION", url_path(r, "/cart/s/%s", token));
    tpl_set_text(page, "LINK", url_absolute(r, path));
    for (size_t i = 0; i < copy.n; i++) {
        const struct cart_line *l = &copy.line[i];
        struct tpl *row = tpl_row(page, l->for_sale ? "LINE" : "GONE");
        tpl_set_text(row, "NAME", l->name);
        tpl_set_text(row, "HREF", url_path(r, "/p/%s", l->slug));
        tpl_set_int(row, "QUANTITY", l->quantity);
    }
    return page_send(r, page);
}

enum rc act_copy(struct req *r)
{
    struct session *s;
    size_t added = 0;
    enum rc rc = session_need(r, &s);
    if (rc != RC_OK)
        return rc;
    struct trade t = checkout_trade(r);
    rc = cart_copy_shared(r->db, &t, req_param(r, "token"), &added);
    return rc == RC_NOTFOUND ? rc : back(r, rc, _("Added to the cart."));
}
