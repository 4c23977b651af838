/* cards.c: fills product cards, prices, stock words and ratings. What a price is decides
 * shop/price.h, what a stock word is decides shop/stock.h; here is only how they are
 * shown. Invariant: a card costs no round trip of its own. */
#include "cards.h"

#include "base/str.h"
#include "base/time.h"
#include "platform/fmt.h"
#include "shop/picture.h"

enum rc cards_slots_send(struct req *r, struct card_list *l)
{
    struct uuid *ids = arena_array(r->arena, struct uuid, l->rows.n);
    for (size_t i = 0; i < l->rows.n; i++)
        ids[i] = l->rows.row[i].product_id;
    l->subject = (struct slot_subject){ .kind = "product", .ids = ids, .n = l->rows.n };
    return l->rows.n > 0 ? slot_send(r, "card.actions", &l->subject) : RC_OK;
}

/* ---- parts -------------------------------------------------------------------------------------
 */
static const char *saving(struct req *r, int percent)
{
    return arena_printf(r->arena, "\u2212%s",
                        fmt_percent(r->arena, r->locale, (int64_t)percent * 10000));
}

void price_show(struct req *r, struct tpl *t, const struct price_range *p, bool detailed)
{
    struct tpl *price = tpl_include(t, "PRICE", "storefront/price.tpl");
    if (!p->priced) {
        tpl_show(price, "UNPRICED", true);
        return;
    }
    const char *currency = r->tenant->currency;
    struct tpl *on = tpl_row(price, "PRICED");
    tpl_set_text(on, "NOW", fmt_money(r->arena, r->locale, p->low.amount, currency));
    tpl_show(on, "FROM", p->varies);
    int percent = price_saving_percent(&p->low);
    bool own = p->low.reason == PRICE_OWN;
    tpl_show(on, "OWN", own);
    if (own && p->low.list > p->low.amount)
        tpl_set_text(tpl_row(on, "INSTEAD"), "WAS",
                     fmt_money(r->arena, r->locale, p->low.list, currency));
    if (p->low.reason == PRICE_ON_SALE && p->low.was > p->low.amount) {
        struct tpl *sale = tpl_row(on, "SALE");
        tpl_set_text(sale, "WAS", fmt_money(r->arena, r->locale, p->low.was, currency));
        tpl_set_text(sale, "SAVING_PERCENT", saving(r, percent > 0 ? percent : 1));
    }
    if (detailed && p->low.reason == PRICE_ON_SALE && p->low.lowest_30d >= 0) {
        const char *lowest = fmt_money(r->arena, r->locale, p->low.lowest_30d, currency);
        tpl_set_text(tpl_row(on, "LOWEST"), "LOWEST_TEXT",
                     arena_printf(r->arena, _("Lowest price of the last 30 days: %s"), lowest));
    }
}

void stock_show(struct req *r, struct tpl *t, const struct stock_fact *f)
{
    static const char *const flags[] = { "IN_STOCK", "LOW_STOCK", "BACKORDER", "SOLD_OUT",
                                         "EXTERNAL" };
    enum stock_word w = stock_word(f);
    const char *text = "";
    switch (w) {
    case STOCK_IN:
        text = _("In stock");
        break;
    case STOCK_LOW:
        text = arena_printf(r->arena, tr_n("Only %s left", "Only %s left", (unsigned long)f->free),
                            fmt_int(r->arena, r->locale, f->free));
        break;
    case STOCK_BACKORDER:
        text = _("On backorder");
        break;
    case STOCK_OUT:
        text = _("Sold out");
        break;
    case STOCK_EXTERNAL:
        text = _("Sold by a partner");
        break;
    }
    tpl_show(t, flags[w], true);
    tpl_set_text(t, "STOCK_TEXT", text);
}

void rating_show(struct req *r, struct tpl *t, int64_t sum, int32_t count)
{
    if (count <= 0)
        return;
    struct tpl *rating = tpl_row(t, "RATING");
    int64_t tenths = (sum * 10 + count / 2) / count, halves = (sum * 4 + count) / (count * 2);
    const char *value = arena_printf(r->arena, "%d.%d", (int)(tenths / 10), (int)(tenths % 10));
    tpl_set_text(rating, "RATING_VALUE", value);
    tpl_set_int(rating, "RATING_HALVES", halves);
    tpl_set_text(
        rating, "RATING_TEXT",
        arena_printf(r->arena,
                     tr_n("%s of 5, %s review", "%s of 5, %s reviews", (unsigned long)count), value,
                     fmt_int(r->arena, r->locale, count)));
}

/* ---- one card ----------------------------------------------------------------------------------
 */
enum rc own_prices_read(struct req *r, const struct uuid *products, size_t n)
{
    struct storefront_state *s = req_ctx(r, struct storefront_state, &APP_ENTRY);
    struct storefront_own_price_list got;
    if (uuid_is_nil(r->price_group) || n == 0)
        return RC_OK;
    enum rc rc = storefront_q_own_prices(r->db, r->price_group, (struct uuids){ products, n },
                                         r->tenant->currency, &got);
    if (rc != RC_OK)
        return rc;
    struct price_row *all = arena_array(r->arena, struct price_row, s->nown + got.n);
    for (size_t i = 0; i < s->nown; i++)
        all[i] = s->own[i];
    for (size_t i = 0; i < got.n; i++)
        all[s->nown + i] = (struct price_row){ .variant_id = got.row[i].variant_id,
                                               .kind = PRICE_GROUP,
                                               .priority = got.row[i].priority,
                                               .min_quantity = 1,
                                               .amount = got.row[i].amount_minor,
                                               .lowest_30d = -1,
                                               .from = got.row[i].valid_from,
                                               .until = got.row[i].valid_until };
    s->own = all;
    s->nown += got.n;
    return RC_OK;
}

enum rc cards_own_prices(struct req *r, const struct storefront_card_list *rows)
{
    struct storefront_state *s = req_ctx(r, struct storefront_state, &APP_ENTRY);
    struct uuid *ids = arena_array(r->arena, struct uuid, rows->n);
    if (s->own_of == rows->row) /* a list that is shown in parts is asked about once */
        return RC_OK;
    s->own_of = rows->row;
    for (size_t i = 0; i < rows->n; i++)
        ids[i] = rows->row[i].product_id;
    return own_prices_read(r, ids, rows->n);
}

struct price_row *own_prices_add(struct req *r, const struct price_row *rows, size_t *n)
{
    const struct storefront_state *s = req_ctx(r, struct storefront_state, &APP_ENTRY);
    struct price_row *all = arena_array(r->arena, struct price_row, *n + s->nown);
    for (size_t i = 0; i < *n; i++)
        all[i] = rows[i];
    for (size_t i = 0; i < s->nown; i++)
        all[*n + i] = s->own[i];
    *n += s->nown;
    return all;
}

struct price_range card_price(struct req *r, const struct storefront_card *c)
{
    size_t n = c->price_variants.n, k = 0;
    struct price_row *rows = arena_array(r->arena, struct price_row, n);
    for (size_t i = 0; i < n; i++) {
        enum price_kind kind;
        if (!str_eq(c->price_currencies.v[i], r->tenant->currency) ||
            !price_kind_parse(c->price_kinds.v[i], &kind))
            continue;
        rows[k++] = (struct price_row){ .variant_id = c->price_variants.v[i],
                                        .kind = kind,
                                        .priority = c->price_priorities.v[i],
                                        .min_quantity = 1,
                                        .amount = c->price_amounts.v[i],
                                        .lowest_30d = -1,
                                        .from = c->price_starts.v[i],
                                        .until = c->price_ends.v[i] };
    }
    rows = own_prices_add(r, rows, &k);
    page_until(r, price_edge(rows, k, r->now));
    return price_range_of(rows, k, c->variants.v, c->variants.n, r->now);
}

static void fill_images(struct req *r, struct tpl *t, const struct storefront_card *c, bool eager)
{
    for (size_t i = 0; i < c->image_paths.n; i++) {
        const struct picture p = { c->image_paths.v[i], c->image_widths.v[i], c->image_heights.v[i],
                                   i < c->image_looks.n ? c->image_looks.v[i] : 0 };
        const char *alt = str_empty(c->image_alts.v[i]) ? c->name : c->image_alts.v[i];
        picture_show(r->app->conf, r->arena, t, "PICTURE", &p,
                     i == 0 ? PICTURE_CARD : PICTURE_CARD_MORE, alt, eager && i == 0);
    }
    tpl_show(t, "NO_IMAGE", c->image_paths.n == 0);
}

static enum rc fill_card(struct req *r, struct tpl *list, const struct card_list *l, size_t i,
                         bool eager)
{
    const struct storefront_card *c = &l->rows.row[i];
    struct tpl *t = tpl_include(list, "CARD", "storefront/card.tpl");
    struct price_range price = card_price(r, c);
    int percent = price_saving_percent(&price.low);
    int64_t new_days = tenant_setting_int(r->app, r->tenant, "storefront.new_days");

    storefront_shows(r, c->product_id);
    tpl_set_text(t, "HREF", url_path(r, "/p/%s", c->slug));
    tpl_set_text(t, "NAME", c->name);
    tpl_set_text(t, "SKU", c->sku);
    fill_images(r, t, c, eager);
    price_show(r, t, &price, false);
    if (price.priced && percent > 0)
        tpl_set_text(tpl_row(t, "SALE_BADGE"), "SAVING_PERCENT", saving(r, percent));
    tpl_show(t, "NEW_BADGE", new_days > 0 && c->listed_at > r->now - SECONDS(new_days * 86400));
    rating_show(r, t, c->rating_sum, c->rating_count);
    if (c->variants.n > 1)
        tpl_set_text(tpl_row(t, "OPTIONS"), "OPTIONS_TEXT",
                     arena_printf(r->arena,
                                  tr_n("%s option", "%s options", (unsigned long)c->variants.n),
                                  fmt_int(r->arena, r->locale, (int64_t)c->variants.n)));
    for (size_t k = 0; k < c->swatches.n; k++) {
        struct tpl *w = tpl_row(t, "SWATCH");
        tpl_set_text(w, "COLOUR", c->swatches.v[k]);
        tpl_set_text(w, "LABEL", c->swatch_labels.v[k]);
    }
    stock_show(r, t,
               &(struct stock_fact){ .external = str_eq(c->kind, "external"),
                                     .always = c->always,
                                     .free = c->free,
                                     .backorder = c->backorder,
                                     .reorder = c->reorder });
    return slot_set(r, "card.actions", &l->subject, i, t, "SLOT_ACTIONS");
}

enum rc cards_fill(struct req *r, struct tpl *list, const struct card_list *l, size_t most,
                   size_t eager)
{
    enum rc rc = cards_own_prices(r, &l->rows);
    for (size_t i = 0; rc == RC_OK && i < l->rows.n && (most == 0 || i < most); i++)
        rc = fill_card(r, list, l, i, i < eager);
    return rc;
}

enum rc cards_fill_part(struct req *r, struct tpl *list, const struct card_list *l, size_t from,
                        size_t n)
{
    enum rc rc = cards_own_prices(r, &l->rows);
    for (size_t i = from; rc == RC_OK && i < from + n && i < l->rows.n; i++)
        rc = fill_card(r, list, l, i, false);
    return rc;
}

enum rc cards_show(struct req *r, struct tpl *page, const char *section, const struct card_list *l,
                   size_t most, size_t eager)
{
    if (l->rows.n == 0)
        return RC_OK;
    return cards_fill(r, tpl_row(page, section), l, most, eager);
}
