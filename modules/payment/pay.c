/* pay.c: the page of an order that is still to be paid: what is due, how it is paid, what the buyer
 * has told already, other ways. It opens by the order's token. Reading changes nothing; what a
 * gateway says comes by its own door or is asked for by a button. Invariant: nothing a buyer says
 * counts as money. */
#include <string.h>

#include "app/ctx.h"
#include "base/str.h"
#include "payment.h"
#include "platform/fmt.h"

enum { LOOKS_MOST = 20, LOOK_EVERY_S = 3 };

struct told {
    const char *reference;
    const struct req_file *slip;
};
static const struct form_field told_fields[] = {
    FIELD(struct told, reference, F_TEXT, .max = 100, .label = N_("Reference of the transfer")),
    FIELD(struct told, slip, F_FILE, .max = SLIP_BYTES_MOST, .label = N_("Slip")),
    { 0 }
};
const struct form_spec payment_told_form = {
    .name = "payment.told", .fields = told_fields, .size = sizeof(struct told), .page = page_pay
};

struct choice {
    const char *method;
};
static const struct form_field choice_fields[] = {
    FIELD(struct choice, method, F_TEXT, .required = true, .max = 40, .label = N_("Way to pay")),
    { 0 }
};
const struct form_spec payment_method_form = { .name = "payment.method",
                                               .fields = choice_fields,
                                               .size = sizeof(struct choice),
                                               .page = page_pay };

enum rc payment_of_token(struct req *r, struct uuid *order, struct payment **out, size_t *n)
{
    enum rc rc = order_by_token(r->db, req_param(r, "token"), r->now, order);
    if (rc == RC_OK)
        rc = payments_of_order(r->db, *order, out, n);
    return rc == RC_OK && *n == 0 ? RC_NOTFOUND : rc;
}

/* Names of the ways to pay that come with the shop are translated, a shop's own are its words. */
static const char *method_name(const char *code, const char *name)
{
    static const struct {
        const char *code, *name;
    } known[] = { { "cod", N_("Cash on delivery") },
                  { "bank", N_("Bank transfer") },
                  { "lankaqr", N_("LankaQR") },
                  { "card", N_("Card") } };
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (str_eq(known[i].code, code) && str_eq(known[i].name, name))
            return tr(known[i].name);
    return name;
}

static const char *path_of(struct req *r, const char *what)
{
    return *what == '\0' ? url_path(r, "/pay/%s", req_param(r, "token"))
                         : url_path(r, "/pay/%s/%s", req_param(r, "token"), what);
}

static const char *inside(struct req *r)
{
    return arena_printf(r->arena, "/pay/%s", req_param(r, "token"));
}

static enum rc fill_method(struct req *r, struct tpl *page, const struct payment *p)
{
    const struct pay_adapter *adapter = pay_adapter_find(p->provider);
    enum rc rc = RC_OK;
    if (str_eq(p->provider, "bank")) {
        rc = fill_bank(r, tpl_row(page, "BANK"), p);
    } else if (str_eq(p->provider, "lankaqr")) {
        rc = fill_code(r, page, p);
        if (rc == RC_DECLINED) {
            tpl_show(page, "NO_CODE", true);
            rc = RC_OK;
        }
    } else if (adapter != NULL && adapter->begin != NULL) {
        struct tpl *t = tpl_row(page, "CARD");
        tpl_set_text(t, "ACTION", path_of(r, "go"));
        if (*p->action_url != '\0' && str_eq(p->state, "action_needed"))
            tpl_set_text(tpl_row(t, "RESUME"), "HREF", p->action_url);
        return RC_OK;
    }
    struct tpl *slip = tpl_row(page, "SLIP");
    tpl_set_text(slip, "ACTION", path_of(r, "told"));
    form_bind(r, slip, &payment_told_form);
    return rc;
}

static enum rc fill_others(struct req *r, struct tpl *page, struct uuid order,
                           const struct payment *p)
{
    struct payment_choice *c;
    size_t n = 0;
    struct tpl *t = NULL;
    enum rc rc = payment_choices(r->db, order, &c, &n);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        if (str_eq(c[i].code, p->method_code) && !str_eq(p->state, "failed") &&
            !str_eq(p->state, "voided"))
            continue;
        if (t == NULL) {
            t = tpl_row(page, "OTHERS");
            tpl_set_text(t, "ACTION", path_of(r, "method"));
        }
        struct tpl *row = tpl_row(t, "OTHER");
        tpl_set_text(row, "VALUE", c[i].code);
        tpl_set_text(row, "LABEL", method_name(c[i].code, c[i].name));
    }
    return rc;
}

static enum rc fill_open(struct req *r, struct tpl *page, struct uuid order,
                         const struct payment *p, bool waiting)
{
    const char *due = fmt_money(r->arena, r->locale, p->order_due, p->currency);
    struct tpl *t = tpl_row(page, "OPEN");
    tpl_set_text(t, "DUE", due);
    tpl_set_text(t, "METHOD", method_name(p->method_code, p->method_name));
    if (*p->instructions != '\0')
        tpl_set_text(tpl_row(t, "INSTRUCTIONS"), "TEXT", p->instructions);
    if (p->expires_at > r->now)
        tpl_set_text(tpl_row(t, "DEADLINE"), "UNTIL",
                     fmt_time(r->arena, r->locale, p->expires_at, r->tenant->zone, FMT_DATETIME));
    tpl_show(t, "TOLD", p->told_at > 0);
    tpl_show(t, "FAILED", str_eq(p->state, "failed"));
    if (waiting && str_eq(p->state, "action_needed"))
        tpl_set_text(tpl_row(t, "WAITING"), "ACTION", path_of(r, "check"));
    enum rc rc = fill_method(r, t, p);
    return rc == RC_OK ? fill_others(r, t, order, p) : rc;
}

static enum rc show(struct req *r, bool waiting)
{
    struct uuid order;
    struct payment *p;
    size_t n = 0;
    enum rc rc = payment_of_token(r, &order, &p, &n);
    if (rc != RC_OK)
        return rc;
    const struct pay_adapter *adapter = pay_adapter_find(p->provider);
    struct tpl *page = page_new(r, "payment/pay.tpl", _("Pay for your order"));
    page_noindex(r);
    r->out.no_store = true;
    tpl_set_text(page, "NUMBER", p->order_number);
    tpl_set_text(page, "TRACK_HREF", url_path(r, "/track/%s", req_param(r, "token")));
    bool open = p->order_due > 0 && !str_eq(p->order_state, "cancelled");
    tpl_show(page, "CANCELLED", str_eq(p->order_state, "cancelled"));
    tpl_show(page, "PAID", p->order_due == 0 && !str_eq(p->order_state, "cancelled"));
    if (open && adapter != NULL && adapter->offline)
        tpl_set_text(tpl_row(page, "DOOR"), "DUE",
                     fmt_money(r->arena, r->locale, p->order_due, p->currency));
    else if (open)
        rc = fill_open(r, page, order, p, waiting);
    /* The answer of the bank is on its way: the page looks again by itself, for a minute. */
    const char *looked = req_arg(r, "n");
    int64_t looks = looked != NULL ? (int64_t)strlen(looked) : 0;
    if (open && waiting && str_eq(p->state, "action_needed") && looks < LOOKS_MOST)
        req_set_header(r, "Refresh",
                       arena_printf(r->arena, "%d; url=%s?n=%.*s", LOOK_EVERY_S, path_of(r, "back"),
                                    (int)looks + 1, "iiiiiiiiiiiiiiiiiiiiiiii"));
    if (open && req_arg(r, "go") != NULL && *p->action_url != '\0' &&
        str_eq(p->state, "action_needed"))
        req_set_header(r, "Refresh", arena_printf(r->arena, "0; url=%s", p->action_url));
    return rc == RC_OK ? page_send(r, page) : rc;
}

enum rc page_pay(struct req *r)
{
    return show(r, false);
}

enum rc page_back(struct req *r)
{
    return show(r, true);
}

/* ---- what buyers do ----------------------------------------------------------------------------
 */
enum rc act_told(struct req *r)
{
    const struct told *in = req_form(r);
    struct payment_slip slip;
    struct uuid order;
    struct payment *p;
    const char *problem;
    size_t n = 0;
    enum rc rc = payment_of_token(r, &order, &p, &n);
    if (rc != RC_OK)
        return rc;
    if (in->slip == NULL && str_empty(in->reference)) {
        form_set_error(r, "reference", _("Give the reference, or send a picture of the slip."));
        return form_refuse(r);
    }
    if (in->slip != NULL) {
        rc = payment_slip_take(r->app, r->arena, r->tenant->id, in->slip->path, &slip, &problem);
        if (rc == RC_INVALID) {
            form_set_error(r, "slip", tr(problem));
            return form_refuse(r);
        }
    }
    if (rc == RC_OK && !str_eq(p->order_state, "cancelled") && p->order_due > 0)
        rc = payment_told(r->db, p->id, in->reference, in->slip != NULL ? &slip : NULL, r->now);
    if (rc == RC_OK)
        flash_set(r, FLASH_OK, _("Thank you. We look at it and write to you."));
    return rc == RC_OK || rc == RC_CONFLICT ? req_redirect(r, inside(r)) : rc;
}

/* The key is the attempt it follows: two clicks, one attempt. */
enum rc act_method(struct req *r)
{
    const struct choice *in = req_form(r);
    struct uuid order, made;
    struct payment *p;
    size_t n = 0;
    enum rc rc = payment_of_token(r, &order, &p, &n);
    if (rc != RC_OK)
        return rc;
    rc = payment_again(r->db, order, in->method,
                       arena_printf(r->arena, "after:%s:%s", uuid_str(r->arena, p->id), in->method),
                       r->now, &made);
    if (rc == RC_CONFLICT)
        flash_set(r, FLASH_WARN, _("This way to pay is not open for this order."));
    return rc == RC_OK || rc == RC_CONFLICT ? req_redirect(r, inside(r)) : rc;
}

/* The gateway is asked outside any transaction; where it wants the buyer is kept, and the page that
 * follows leads there: forms may only lead to ourselves. */
enum rc act_go(struct req *r)
{
    struct uuid order;
    struct payment *p;
    struct pay_next next = { .kind = PAY_NOTHING };
    size_t n = 0;
    enum rc rc = payment_of_token(r, &order, &p, &n);
    if (rc != RC_OK)
        return rc;
    const struct pay_adapter *adapter = pay_adapter_find(p->provider);
    if (adapter == NULL || adapter->begin == NULL || p->order_due == 0 ||
        str_eq(p->order_state, "cancelled"))
        return req_redirect(r, inside(r));
    const char *back =
        url_absolute(r, arena_printf(r->arena, "/pay/%s/back", req_param(r, "token")));
    rc = adapter->begin(r->app, r->arena, p, back, &next);
    if (rc == RC_UPSTREAM || rc == RC_INVALID || rc == RC_CONFLICT)
        flash_set(r, FLASH_WARN,
                  _("The payment page cannot be reached. Nothing was taken. Try again, or choose "
                    "another way to pay."));
    else if (rc != RC_OK)
        return rc;
    return req_redirect(r, rc == RC_OK && next.kind == PAY_REDIRECT
                               ? arena_printf(r->arena, "%s?go=1", inside(r))
                               : inside(r));
}

enum rc act_check(struct req *r)
{
    struct uuid order;
    struct payment *p;
    size_t n = 0;
    enum rc rc = payment_of_token(r, &order, &p, &n);
    if (rc != RC_OK)
        return rc;
    const struct pay_adapter *adapter = pay_adapter_find(p->provider);
    if (adapter != NULL && adapter->poll != NULL && p->provider_ref != NULL)
        rc = adapter->poll(r->app, r->arena, p);
    if (rc == RC_UPSTREAM || rc == RC_INVALID)
        flash_set(r, FLASH_WARN, _("There is no answer yet. We keep asking."));
    else if (rc != RC_OK)
        return rc;
    return req_redirect(r, arena_printf(r->arena, "%s/back", inside(r)));
}
