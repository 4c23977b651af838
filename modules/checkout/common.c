/* common.c: what the pages of cart, checkout and order share: whose cart it is, how amounts, days
 * and notices are worded, the count in the header. No page is here. Invariant: nothing of these
 * pages may be stored by anybody. */
#include <inttypes.h>

#include "base/str.h"
#include "base/time.h"
#include "checkout.h"
#include "platform/fmt.h"
#include "platform/storage.h"

struct trade checkout_trade(struct req *r)
{
    const char **chain = arena_array(r->arena, const char *, 1);
    chain[0] = r->locale->tag;
    bool own = r->locale == r->tenant->locale;
    return (struct trade){ .store = r->tenant->store_id,
                           .currency = r->tenant->currency,
                           .country = r->tenant->country != NULL ? r->tenant->country : "",
                           .zone = r->tenant->zone,
                           .include_tax = r->tenant->prices_include_tax,
                           .chain = { chain, own ? 0 : 1 },
                           .locale = r->locale->tag,
                           .customer =
                               r->who.kind == WHO_CUSTOMER ? r->who.id : (struct uuid){ { 0 } },
                           .session = r->session != NULL ? r->session->hash : NULL,
                           .now = r->now };
}

/* On a public page the session travels with the page's statements: it is asked for first. */
enum rc checkout_who(struct req *r, struct trade *t)
{
    enum rc rc = page_run(r);
    if (rc == RC_OK)
        *t = checkout_trade(r);
    return rc;
}

struct tpl *checkout_page(struct req *r, const char *file, const char *title)
{
    struct tpl *t = page_new(r, file, title);
    page_noindex(r);
    r->out.no_store = true;
    return t;
}

static void sum_row(struct req *r, struct tpl *t, const char *label, int64_t amount,
                    const char *currency)
{
    struct tpl *row = tpl_row(t, "SUM");
    tpl_set_text(row, "LABEL", label);
    tpl_set_text(row, "AMOUNT", fmt_money(r->arena, r->locale, amount, currency));
}

/* Tax that prices contain and that is not charged. */
static int64_t relief_of(const struct cart *c)
{
    int64_t sum = 0;
    for (size_t i = 0; i < c->nlines; i++)
        sum +=
            c->lines[i].part[c->ndiscounts]; /* each below its line: the sum is below the total's */
    return sum;
}

void checkout_sums(struct req *r, struct tpl *t, const struct cart *c)
{
    const char *currency = c->terms.currency->code;
    sum_row(r, t, _("Goods"), c->totals.subtotal, currency);
    for (size_t i = 0; i < c->ndiscounts; i++)
        if (c->discounts[i].taken > 0)
            sum_row(r, t, c->discounts[i].label, -c->discounts[i].taken, currency);
    if (c->nshipping > 0)
        sum_row(
            r, t,
            arena_printf(r->arena, _("Delivery: %s"), c->shipping[c->chosen_shipping].method->name),
            c->shipping[c->chosen_shipping].amount, currency);
    if (c->totals.fees > 0)
        sum_row(r, t, _("Fee for this way to pay"), c->totals.fees, currency);
    if (c->totals.tax_added > 0)
        sum_row(r, t, _("Tax"), c->totals.tax_added, currency);
    if (c->terms.relief != NULL)
        sum_row(r, t, _("Free of tax"), -relief_of(c), currency);
    tpl_set_text(t, "TOTAL", fmt_money(r->arena, r->locale, c->totals.total, currency));
    if (c->totals.tax > 0 && c->totals.tax_added == 0)
        tpl_set_text(tpl_row(t, "TAX_NOTE"), "TAX_TEXT",
                     arena_printf(r->arena, _("Contains %s tax"),
                                  fmt_money(r->arena, r->locale, c->totals.tax, currency)));
}

const char *checkout_days(struct req *r, int32_t from, int32_t until)
{
    const char *a = fmt_time(r->arena, r->locale, SECONDS((int64_t)from * 86400), "UTC", FMT_DATE);
    const char *b = fmt_time(r->arena, r->locale, SECONDS((int64_t)until * 86400), "UTC", FMT_DATE);
    return from == until ? a : arena_printf(r->arena, "%s \u2013 %s", a, b);
}

void checkout_delivery(struct req *r, struct tpl *page, const struct cart *c)
{
    tpl_show(page, "NOT_SERVED", c->needs_shipping && c->nshipping == 0 && c->place_known);
    if (!c->needs_shipping || c->nshipping == 0)
        return;
    const struct shipping_option *o = &c->shipping[c->chosen_shipping];
    struct tpl *t = tpl_row(page, "DELIVERY");
    tpl_set_text(t, "DELIVERY_DAYS", checkout_days(r, o->promise.from, o->promise.until));
    if (o->free_gap > 0)
        tpl_set_text(
            tpl_row(t, "FREE_GAP"), "GAP_TEXT",
            arena_printf(r->arena, _("%s more and delivery is free."),
                         fmt_money(r->arena, r->locale, o->free_gap, c->terms.currency->code)));
}

const char *checkout_notice(struct req *r, const struct cart *c, const struct cart_line *l)
{
    const char *currency = c->terms.currency->code;
    switch (l->notice) {
    case CART_FINE:
        break;
    case CART_PRICE_UP:
    case CART_PRICE_DOWN:
        return arena_printf(
            r->arena, _("The price changed from %s to %s."),
            fmt_money(r->arena, r->locale, l->price_seen, currency),
            fmt_money(r->arena, r->locale, pricing_unit(&c->terms, l->price.amount), currency));
    case CART_LESS_STOCK:
        return arena_printf(r->arena, _("Only %s left."), fmt_int(r->arena, r->locale, l->free));
    case CART_SOLD_OUT:
        return _("Sold out.");
    case CART_GONE:
        return _("No longer for sale.");
    case CART_TOO_FEW:
        return arena_printf(r->arena, _("The smallest quantity is %s."),
                            fmt_int(r->arena, r->locale, l->min_quantity));
    case CART_TOO_MANY:
        return arena_printf(r->arena, _("The largest quantity is %s."),
                            fmt_int(r->arena, r->locale, l->max_quantity));
    }
    return NULL;
}

const char *checkout_media(struct req *r, const char *path)
{
    return storage_url(r->app->conf, r->arena, path);
}

/* ---- the count in the header: travels with the page's other personal statements ----------------
 */
struct badge {
    struct shop_cart_pieces *pieces;
};

enum rc slot_count_send(struct req *r, struct db_pipe *p, const struct slot_subject *s)
{
    struct trade *t = arena_new(r->arena, struct trade);
    (void)s;
    *t = checkout_trade(r);
    struct badge *b = arena_new(r->arena, struct badge);
    b->pieces = cart_count_send(p, r->arena, t);
    req_ctx(r, struct checkout_slots, &APP_ENTRY)->badge = b;
    return RC_OK;
}

enum rc slot_count(struct req *r, const struct slot_subject *s, size_t i, struct buf *out)
{
    const struct badge *b = req_ctx(r, struct checkout_slots, &APP_ENTRY)->badge;
    int64_t n = b != NULL ? cart_count_of(b->pieces) : 0;
    struct tpl *t = tpl_new(r->arena, r->locale->templates, "checkout/count.tpl");
    (void)s;
    (void)i;
    tpl_set_text(t, "HREF", url_path(r, "/cart"));
    tpl_set_text(t, "ICONS", url_asset(r->app, "icons.svg"));
    if (n > 0) {
        struct tpl *row = tpl_row(t, "FILLED");
        tpl_set_text(row, "COUNT", fmt_int(r->arena, r->locale, n));
        tpl_set_text(row, "COUNT_TEXT",
                     arena_printf(r->arena, _("%s in the cart"), fmt_int(r->arena, r->locale, n)));
    }
    return tpl_expand(t, out);
}
