/* show.c: what a way to pay shows: the account of a transfer, the code to scan. No gateway is asked
 * and nothing is written. Invariant: both come from the method's config, which holds only what
 * everybody may see, and from what is still due. */
#include <string.h>

#include "base/str.h"
#include "payment.h"
#include "platform/fmt.h"
#include "platform/json.h"
#include "platform/totp.h"
#include "shop/emvqr.h"

static const struct json *config_of(struct req *r, const struct payment *p)
{
    struct json *config = NULL;
    const char *problem;
    if (json_parse(r->arena, p->config, strlen(p->config), &config, &problem) != RC_OK)
        return NULL;
    return config;
}

static void detail(struct tpl *t, const char *label, const char *value)
{
    struct tpl *row;
    if (str_empty(value))
        return;
    row = tpl_row(t, "DETAIL");
    tpl_set_text(row, "LABEL", label);
    tpl_set_text(row, "VALUE", value);
}

enum rc fill_bank(struct req *r, struct tpl *page, const struct payment *p)
{
    const struct json *c = config_of(r, p);
    if (c == NULL)
        return RC_OK;
    detail(page, _("Account name"), json_text(json_get(c, "account_name"), ""));
    detail(page, _("Bank"), json_text(json_get(c, "bank"), ""));
    detail(page, _("Branch"), json_text(json_get(c, "branch"), ""));
    detail(page, _("Account number"), json_text(json_get(c, "account_number"), ""));
    detail(page, _("IBAN"), json_text(json_get(c, "iban"), ""));
    detail(page, _("SWIFT code"), json_text(json_get(c, "swift"), ""));
    detail(page, _("Amount"), fmt_money(r->arena, r->locale, p->order_due, p->currency));
    detail(page, _("Reference"), p->order_number);
    return RC_OK;
}

enum rc fill_code(struct req *r, struct tpl *page, const struct payment *p)
{
    const struct json *c = config_of(r, p);
    struct qr qr;
    const char *text;
    if (c == NULL)
        return RC_DECLINED;
    struct emvqr what = { .account = json_text(json_get(c, "account"), ""),
                          .account_id = (unsigned)json_int(json_get(c, "account_id"), 26),
                          .category = json_text(json_get(c, "category"), "0000"),
                          .currency = p->currency,
                          .amount = p->order_due,
                          .country = json_text(json_get(c, "country"), "LK"),
                          .name = json_text(json_get(c, "name"), ""),
                          .city = json_text(json_get(c, "city"), ""),
                          .reference = p->order_number };
    /* Schemes take so much at once and no more; above it there is no code. */
    int64_t most = json_int(json_get(c, "most"), INT64_MAX);
    if (p->order_due > most || emvqr_make(r->arena, &what, &text) != RC_OK ||
        qr_make(r->arena, text, &qr) != RC_OK)
        return RC_DECLINED;
    struct tpl *t = tpl_row(page, "CODE");
    tpl_set_int(t, "QR_SIZE", qr.size);
    tpl_set_text(t, "QR_PATH", qr.path);
    detail(t, _("Paid to"), what.name);
    detail(t, _("Amount"), fmt_money(r->arena, r->locale, p->order_due, p->currency));
    detail(t, _("Reference"), p->order_number);
    return RC_OK;
}
