/* compare.c: up to four products side by side, and the products somebody looked at before. The list
 * is in the address itself (?items=a,b,c), so it needs neither session nor script and can be sent
 * to somebody else. Invariant: what is not there any more is left out, never an error. */
#include <string.h>

#include "base/str.h"
#include "cards.h"
#include "platform/i18n.h"
#include "shop/product.h"

enum { COMPARED = 4, LOOKED_AT = 12, SLUG_MOST = 400 };

const char *const compare_names[] = {
    "EMPTY",     "ONE",        "TABLE",       "PRODUCT",  "HREF",      "NAME",      "PICTURE",
    "NO_IMAGE",  "PRICE",      "REMOVE_HREF", "IN_STOCK", "LOW_STOCK", "SOLD_OUT",  "BACKORDER",
    "EXTERNAL",  "STOCK_TEXT", "ATTRIBUTE",   "LABEL",    "CELL",      "VALUE",     "DIFFERS",
    "SAME_HREF", "ONLY",       "ALL",         "ADD",      "ITEMS",     "SHARE_URL", NULL
};
const char *const recent_names[] = { "CARD", NULL };

/* ---- the list in the address ------------------------------------------------------------------
 */
static struct texts named(struct req *r, size_t most)
{
    const char *items = req_arg(r, "items");
    const char **v = arena_array(r->arena, const char *, most);
    char **part;
    size_t n = 0, parts = items != NULL ? str_split(r->arena, items, ',', &part) : 0;
    for (size_t i = 0; i < parts && n < most; i++) {
        bool known = *part[i] == '\0' || strlen(part[i]) > SLUG_MOST;
        for (size_t k = 0; k < n && !known; k++)
            known = str_eq(v[k], part[i]);
        if (!known)
            v[n++] = part[i];
    }
    return (struct texts){ v, n };
}

static const char *joined(struct req *r, const struct storefront_named_product_list *all,
                          size_t without)
{
    const char *list = "";
    for (size_t i = 0; i < all->n; i++)
        if (i != without)
            list =
                arena_printf(r->arena, "%s%s%s", list, *list != '\0' ? "," : "", all->row[i].slug);
    return list;
}

static const char *compare_href(struct req *r, const char *items)
{
    return *items == '\0' ? url_path(r, "/compare") : url_path(r, "/compare?items=%s", items);
}

/* ---- reading ----------------------------------------------------------------------------------
 */
struct compared {
    struct storefront_named_product_list named;
    struct storefront_named_spec_list specs;
    struct card_list cards; /* in the order of named */
};

static enum rc read_cards(struct req *r, struct compared *c)
{
    struct storefront_card_list rows;
    struct uuid *ids = arena_array(r->arena, struct uuid, c->named.n);
    for (size_t i = 0; i < c->named.n; i++)
        ids[i] = c->named.row[i].product_id;
    struct texts chain = storefront_chain(r);
    storefront_q_cards_found_send(page_pipe(r),
                                  STOREFRONT_CARDS_FOUND_FRAG_TR & storefront_texts(chain), chain,
                                  (struct uuids){ ids, c->named.n }, r->now, &rows);
    enum rc rc = page_run(r);
    if (rc != RC_OK)
        return rc;
    struct storefront_card *row = arena_array(r->arena, struct storefront_card, c->named.n);
    size_t n = 0;
    for (size_t i = 0; i < c->named.n; i++)
        for (size_t k = 0; k < rows.n; k++)
            if (uuid_cmp(rows.row[k].product_id, ids[i]) == 0) {
                c->named.row[n] = c->named.row[i];
                row[n++] = rows.row[k];
                break;
            }
    c->named.n = n;
    c->cards.rows = (struct storefront_card_list){ row, n };
    return RC_OK;
}

static enum rc read_named(struct req *r, struct texts slugs, bool specs, struct compared *c)
{
    if (slugs.n == 0)
        return page_run(r);
    storefront_q_named_products_send(page_pipe(r), slugs, r->now, &c->named);
    if (specs)
        storefront_q_named_specs_send(page_pipe(r), storefront_chain(r), slugs, &c->specs);
    enum rc rc = page_run(r);
    if (rc == RC_OK && c->named.n > 0)
        rc = read_cards(r, c);
    return rc == RC_OK ? cards_own_prices(r, &c->cards.rows) : rc;
}

/* ---- the table --------------------------------------------------------------------------------
 */
static void fill_head(struct req *r, struct tpl *table, const struct compared *c, size_t i)
{
    const struct storefront_card *card = &c->cards.rows.row[i];
    struct tpl *t = tpl_row(table, "PRODUCT");
    struct price_range price = card_price(r, card);
    tpl_set_text(t, "HREF", url_path(r, "/p/%s", card->slug));
    tpl_set_text(t, "NAME", card->name);
    tpl_set_text(t, "REMOVE_HREF", compare_href(r, joined(r, &c->named, i)));
    if (card->image_paths.n > 0) {
        const struct picture p = { card->image_paths.v[0], card->image_widths.v[0],
                                   card->image_heights.v[0], card->image_looks.v[0] };
        picture_show(r->app->conf, r->arena, t, "PICTURE", &p, PICTURE_TILE, "", i == 0);
    } else {
        tpl_show(t, "NO_IMAGE", true);
    }
    price_show(r, t, &price, false);
    stock_show(r, t,
               &(struct stock_fact){ .external = str_eq(card->kind, "external"),
                                     .always = card->always,
                                     .free = card->free,
                                     .backorder = card->backorder,
                                     .reorder = card->reorder });
}

/* All values a product has of an attribute, "" when none. */
static const char *value_of(struct req *r, const struct storefront_named_spec_list *s,
                            struct uuid attribute, struct uuid product)
{
    const char *value = "";
    for (size_t i = 0; i < s->n; i++) {
        const struct storefront_named_spec *x = &s->row[i];
        if (uuid_cmp(x->attribute_id, attribute) != 0 || uuid_cmp(x->product_id, product) != 0)
            continue;
        const char *one =
            x->unit != NULL ? arena_printf(r->arena, "%s %s", x->value, x->unit) : x->value;
        value = *value != '\0' ? arena_printf(r->arena, "%s, %s", value, one) : one;
    }
    return value;
}

static void fill_attribute(struct req *r, struct tpl *table, const struct compared *c, size_t at,
                           bool only)
{
    const struct storefront_named_spec *s = &c->specs.row[at];
    const char *value[COMPARED];
    bool differs = false;
    for (size_t i = 0; i < c->named.n; i++) {
        value[i] = value_of(r, &c->specs, s->attribute_id, c->named.row[i].product_id);
        differs = differs || !str_eq(value[i], value[0]);
    }
    if (only && !differs)
        return;
    struct tpl *row = tpl_row(table, "ATTRIBUTE");
    tpl_set_text(row, "LABEL", s->attribute_name);
    tpl_show(row, "DIFFERS", differs && c->named.n > 1);
    for (size_t i = 0; i < c->named.n; i++)
        tpl_set_text(tpl_row(row, "CELL"), "VALUE", *value[i] != '\0' ? value[i] : "–");
}

static void fill_table(struct req *r, struct tpl *page, const struct compared *c)
{
    const char *items = joined(r, &c->named, c->named.n);
    bool only = str_eq(req_arg(r, "only"), "differences");
    struct tpl *table = tpl_row(page, "TABLE");
    for (size_t i = 0; i < c->named.n; i++)
        fill_head(r, table, c, i);
    for (size_t i = 0; i < c->specs.n; i++) {
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++)
            seen = uuid_cmp(c->specs.row[k].attribute_id, c->specs.row[i].attribute_id) == 0;
        if (!seen)
            fill_attribute(r, table, c, i, only);
    }
    if (c->named.n > 1 && only)
        tpl_set_text(tpl_row(table, "ALL"), "SAME_HREF", compare_href(r, items));
    else if (c->named.n > 1)
        tpl_set_text(tpl_row(table, "ONLY"), "SAME_HREF",
                     url_path(r, "/compare?items=%s&only=differences", items));
    tpl_set_text(table, "SHARE_URL", url_absolute(r, compare_href(r, items)));
    tpl_show(page, "ONE", c->named.n == 1);
}

/* The form's one field: a product's code or its name in addresses; anything else is searched for.
 */
static enum rc add_one(struct req *r, const char *text)
{
    struct storefront_found_slug_maybe f;
    struct texts have = named(r, COMPARED);
    enum rc rc = storefront_q_named_find(r->db, text, product_sku_norm(r->arena, text), &f);
    if (rc != RC_OK)
        return rc;
    struct buf b;
    buf_init(&b, r->arena, 8192);
    if (!f.found) {
        buf_str(&b, "/search?q=");
        buf_url(&b, text);
    } else {
        buf_str(&b, "/compare?items=");
        for (size_t i = 0; i < have.n && i < COMPARED - 1; i++) {
            buf_url(&b, have.v[i]);
            buf_str(&b, "%2C");
        }
        buf_url(&b, f.row.slug);
    }
    return buf_rc(&b) == RC_OK ? req_redirect(r, b.p) : RC_BUG;
}

enum rc page_compare(struct req *r)
{
    struct compared c = { 0 };
    const char *add = req_arg(r, "add");
    if (!str_empty(add) && strlen(add) <= SLUG_MOST)
        return add_one(r, str_trim(r->arena, add));
    enum rc rc = read_named(r, named(r, COMPARED), true, &c);
    if (rc != RC_OK)
        return rc;
    struct tpl *page = page_new(r, "storefront/compare.tpl", _("Compare products"));
    page_noindex(r);
    page_crumb(r, _("Home"), url_path(r, "/"));
    page_crumb(r, _("Compare products"), NULL);
    tpl_show(page, "EMPTY", c.named.n == 0);
    if (c.named.n > 0)
        fill_table(r, page, &c);
    if (c.named.n < COMPARED)
        tpl_set_text(tpl_row(page, "ADD"), "ITEMS", joined(r, &c.named, c.named.n));
    return page_send(r, page);
}

/* ---- looked at before -------------------------------------------------------------------------
 */
enum rc part_recent(struct req *r)
{
    struct compared c = { 0 };
    enum rc rc = read_named(r, named(r, LOOKED_AT), false, &c);
    if (rc == RC_OK)
        rc = cards_slots_send(r, &c.cards);
    if (rc == RC_OK)
        rc = page_run(r);
    if (rc != RC_OK)
        return rc;
    struct tpl *part = page_new(r, "storefront/recent.tpl", "");
    rc = cards_fill(r, part, &c.cards, 0, 0);
    return rc == RC_OK ? page_send_fragment(r, part) : rc;
}
