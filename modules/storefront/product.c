/* product.c: a product's page. All it shows is asked for by slug in one trip; a second one follows
 * only when another module has statements in a slot, or the product values in fields of the shop's
 * own. The variant is in the query (?variant=SKU) and part of the cache key; the canonical address
 * is the product's. */
#include <string.h>

#include "base/str.h"
#include "base/time.h"
#include "platform/fmt.h"
#include "shop/text.h"
#include "specs.h"
#include "variants.h"

enum { RELATED = 4, PLACE_RELATED = 1000, SKU_MOST = 100 };

struct view {
    struct storefront_product_page_maybe page;
    struct product_facts facts;
    struct storefront_custom_field_list fields;
    struct storefront_crumb_list trail;
    struct card_list parts, related;
    struct variant_set set;
    struct price_range shown; /* of the chosen variant */
};

static void take_trail(struct arena *a, const struct storefront_product_page *p,
                       struct storefront_crumb_list *out)
{
    size_t n = p->trail_slugs.n < p->trail_names.n ? p->trail_slugs.n : p->trail_names.n;
    out->row = arena_array(a, struct storefront_crumb, n);
    out->n = n;
    for (size_t i = 0; i < n; i++)
        out->row[i] =
            (struct storefront_crumb){ .slug = p->trail_slugs.v[i], .name = p->trail_names.v[i] };
}

/* The document, with what is live laid over it. */
static enum rc take_facts(struct req *r, struct view *v)
{
    const struct storefront_product_page *p = &v->page.row;
    const struct product_stock stock = { p->stock_variants, p->stock_available, p->stock_backorder,
                                         p->stock_reorder };
    enum rc rc = product_facts_read(r->arena, p->doc, r->tenant->currency, &v->facts);
    if (rc != RC_OK)
        return req_fail(r, rc, NULL, "page facts of %s cannot be read: run kade doctor", p->slug);
    product_facts_stock(&v->facts, str_eq(p->kind, "bundle"), &stock);
    product_facts_words(&v->facts, p->word_ids, p->words);
    page_until(r, price_edge(v->facts.price, v->facts.nprices, r->now));
    return RC_OK;
}

/* Cards come parts first, then what goes with the product. */
static void split_cards(struct view *v, const struct storefront_card_list *all)
{
    size_t n = 0;
    while (n < all->n && all->row[n].sort_key < PLACE_RELATED)
        n++;
    v->parts.rows = (struct storefront_card_list){ all->row, n };
    v->related.rows = (struct storefront_card_list){ all->row + n, all->n - n };
    if (v->related.rows.n > RELATED)
        v->related.rows.n = RELATED;
}

static enum rc read_view(struct req *r, const char *slug, struct view *v)
{
    struct texts chain = storefront_chain(r);
    unsigned texts = storefront_texts(chain);
    struct db_pipe *p = page_pipe(r);
    struct storefront_card_list beside = { 0 };
    storefront_q_product_page_send(p, STOREFRONT_PRODUCT_PAGE_FRAG_TR & texts, chain, slug, r->now,
                                   &v->page);
    storefront_q_cards_beside_send(p, STOREFRONT_CARDS_BESIDE_FRAG_TR & texts, chain, slug, r->now,
                                   RELATED, &beside);
    enum rc rc = page_run(r);
    if (rc != RC_OK || !v->page.found)
        return rc;
    storefront_shows(r, v->page.row.product_id);
    page_until(r, v->page.row.publish_until);
    take_trail(r->arena, &v->page.row, &v->trail);
    split_cards(v, &beside);
    return take_facts(r, v);
}

/* The second trip, for what few products have and for other modules. */
static enum rc send_more(struct req *r, struct view *v, struct slot_subject *subject)
{
    struct texts chain = storefront_chain(r);
    *subject = (struct slot_subject){ .kind = "product", .ids = &v->page.row.product_id, .n = 1 };
    if (v->page.row.has_custom)
        storefront_q_product_fields_send(
            page_pipe(r), STOREFRONT_PRODUCT_FIELDS_FRAG_TR & storefront_texts(chain), chain,
            v->page.row.product_id, &v->fields);
    enum rc rc = slot_send(r, "product.actions", subject);
    if (rc == RC_OK)
        rc = slot_send(r, "product.sections", subject);
    if (rc == RC_OK)
        rc = slot_send(r, "product.summary", subject);
    if (rc == RC_OK)
        rc = slot_send(r, "product.delivery", subject);
    if (rc == RC_OK)
        rc = cards_slots_send(r, &v->parts);
    if (rc == RC_OK)
        rc = cards_slots_send(r, &v->related);
    if (rc == RC_OK)
        rc = page_run(r);
    if (rc == RC_OK)
        rc = own_prices_read(r, &v->page.row.product_id, 1);
    if (rc == RC_OK)
        rc = cards_own_prices(r, &v->parts.rows); /* what a bundle saves is against its parts */
    v->facts.price = own_prices_add(r, v->facts.price, &v->facts.nprices);
    page_until(r, price_edge(v->facts.price, v->facts.nprices, r->now));
    return rc;
}

/* The shop's own fields follow the properties. */
static struct product_specs all_specs(struct req *r, const struct view *v)
{
    const struct product_specs *own = &v->facts.specs;
    struct product_specs all = { arena_array(r->arena, struct product_spec, own->n + v->fields.n),
                                 0 };
    for (size_t i = 0; i < own->n; i++)
        all.row[all.n++] = own->row[i];
    for (size_t i = 0; i < v->fields.n; i++) {
        const struct storefront_custom_field *f = &v->fields.row[i];
        all.row[all.n++] = (struct product_spec){ .attribute_id = f->attribute_id,
                                                  .attribute_name = f->attribute_name,
                                                  .option_value = f->option_value,
                                                  .type = f->type,
                                                  .path = f->path };
    }
    return all;
}

/* ---- filling -----------------------------------------------------------------------------------
 */
static void fill_price(struct req *r, struct tpl *page, struct view *v)
{
    struct price_range shown = { 0 };
    if (v->facts.variants.n > 0) {
        struct uuid chosen = v->facts.variants.row[v->set.chosen].variant_id;
        shown = price_range_of(v->facts.price, v->facts.nprices, &chosen, 1, r->now);
    }
    v->shown = shown;
    price_show(r, page, &shown, true);
    tpl_set_text(page, "TAX_TEXT",
                 !shown.priced                   ? ""
                 : r->tenant->prices_include_tax ? _("Tax included")
                                                 : _("Tax added at checkout"));
    if (shown.priced && shown.low.reason == PRICE_ON_SALE &&
        shown.low.until < r->now + SECONDS(INT64_C(366) * 86400)) {
        const char *until =
            fmt_time(r->arena, r->locale, shown.low.until, r->tenant->zone, FMT_DATETIME);
        tpl_set_text(tpl_row(page, "SALE_ENDS"), "SALE_ENDS_TEXT",
                     arena_printf(r->arena, _("This price ends %s"), until));
    }
}

/* Pictures of the chosen variant lead. */
static void fill_gallery(struct req *r, struct tpl *page, const struct view *v)
{
    if (v->facts.images.n == 0) {
        tpl_show(page, "NO_IMAGE", true);
        return;
    }
    const struct conf *c = r->app->conf;
    struct tpl *gallery = tpl_row(page, "GALLERY");
    size_t shown = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < v->facts.images.n; i++) {
            const struct product_image *m = &v->facts.images.row[i];
            bool mine =
                v->facts.variants.n > 0 &&
                uuid_cmp(m->variant_id, v->facts.variants.row[v->set.chosen].variant_id) == 0;
            if (mine != (pass == 0))
                continue;
            const struct picture p = { m->path, m->width, m->height, m->look };
            const char *alt = *m->alt_text != '\0' ? m->alt_text : v->page.row.name;
            struct tpl *t = tpl_row(gallery, "PICTURE");
            tpl_set_text(t, "ID", arena_printf(r->arena, "picture-%zu", shown + 1));
            tpl_set_text(t, "ZOOM", picture_url(c, r->arena, &p));
            picture_show(c, r->arena, t, "LARGE", &p, PICTURE_GALLERY, alt, shown == 0);
            picture_show(c, r->arena, t, "THUMB", &p, PICTURE_THUMB, alt, false);
            shown++;
        }
    tpl_show(gallery, "MANY", shown > 1);
}

static enum rc fill_texts(struct req *r, struct tpl *page, const struct view *v)
{
    const struct storefront_product_page *p = &v->page.row;
    const char *delivery = storefront_setting(r, "storefront.delivery");
    const char *whatsapp = tenant_setting(r->app, r->tenant, "storefront.whatsapp");
    tpl_set_text(page, "NAME", p->name);
    tpl_set_text(page, "SLUG", p->slug);
    tpl_set_text(page, "COMPARE_HREF", url_path(r, "/compare?items=%s", p->slug));
    tpl_set_text(page, "SHARE_URL", url_absolute(r, url_path(r, "/p/%s", p->slug)));
    if (*p->summary != '\0')
        tpl_set_text(tpl_row(page, "SUMMARY_SET"), "SUMMARY", p->summary);
    if (!str_empty(p->brand_name)) {
        struct tpl *brand = tpl_row(page, "BRAND");
        tpl_set_text(brand, "BRAND_NAME", p->brand_name);
        tpl_set_text(brand, "BRAND_HREF", url_path(r, "/brand/%s", p->brand_slug));
    }
    rating_show(r, page, p->rating_sum, p->rating_count);
    if (*p->description != '\0') {
        char *html;
        enum rc rc = text_html(r->arena, p->description, &html);
        if (rc != RC_OK)
            return rc;
        tpl_set_text(tpl_row(page, "DESCRIPTION_SET"), "DESCRIPTION_HTML", html);
    }
    if (*delivery != '\0')
        tpl_set_text(tpl_row(page, "DELIVERY"), "DELIVERY_TEXT", delivery);
    if (*whatsapp != '\0' && strspn(whatsapp, "0123456789") == strlen(whatsapp)) {
        struct buf b;
        buf_init(&b, r->arena, 2000);
        buf_printf(&b, "https://wa.me/%s?text=", whatsapp);
        buf_url(&b, p->name);
        tpl_set_text(tpl_row(page, "ASK"), "HREF", b.p);
    }
    if (str_eq(p->kind, "external") && !str_empty(p->external_url)) {
        struct tpl *t = tpl_row(page, "BUY_EXTERNAL");
        tpl_set_text(t, "HREF", p->external_url);
        tpl_set_text(t, "LABEL",
                     str_empty(p->external_label) ? _("See it at the seller") : p->external_label);
    }
    if (v->facts.tags.n > 0) {
        struct tpl *zone = tpl_row(page, "TAGS");
        for (size_t i = 0; i < v->facts.tags.n; i++)
            tpl_set_text(tpl_row(zone, "TAG"), "LABEL", v->facts.tags.v[i]);
    }
    return RC_OK;
}

static enum rc fill_jsonld(struct req *r, const struct view *v, const char *description)
{
    static const char *const availability[] = { "InStock", "LimitedAvailability", "BackOrder",
                                                "OutOfStock", "InStock" };
    struct uuid *ids = arena_array(r->arena, struct uuid, v->facts.variants.n);
    const char *sku = v->facts.variants.n > 0 ? v->facts.variants.row[v->set.chosen].sku : "";
    enum stock_word word = STOCK_OUT;
    for (size_t i = 0; i < v->facts.variants.n; i++)
        ids[i] = v->facts.variants.row[i].variant_id;
    if (v->facts.variants.n > 0) {
        struct stock_fact f = variant_stock(&v->set, &v->facts.variants.row[v->set.chosen]);
        word = stock_word(&f);
    }
    struct price_range all =
        price_range_of(v->facts.price, v->facts.nprices, ids, v->facts.variants.n, r->now);
    struct product_offer offer = { .currency = r->tenant->currency,
                                   .availability = availability[word],
                                   .low = all.low.amount,
                                   .high = all.high,
                                   .priced = all.priced,
                                   .n = v->facts.variants.n };
    enum rc rc = jsonld_product(r, &v->page.row, sku, description, &v->facts.images, &offer);
    return rc == RC_OK ? jsonld_trail(r, &v->trail, v->page.row.name) : rc;
}

/* The form that puts it into the cart: where a module sells, for what has a price and can be had.
 */
static void buy_show(struct req *r, struct tpl *page, const struct view *v,
                     const struct product_variant *m, enum stock_word word)
{
    if (m == NULL || word == STOCK_OUT || word == STOCK_EXTERNAL || !page_is_served(r, "/cart") ||
        !price_range_of(v->facts.price, v->facts.nprices, &m->variant_id, 1, r->now).priced)
        return;
    struct tpl *t = tpl_row(page, "BUY");
    tpl_set_text(t, "VARIANT_ID", uuid_str(r->arena, m->variant_id));
    tpl_set_int(t, "MIN", m->min_quantity);
    tpl_set_int(t, "MAX", m->max_quantity);
}

static void fill_variant(struct req *r, struct tpl *page, struct view *v)
{
    struct stock_fact stock = { .external = str_eq(v->page.row.kind, "external") };
    const struct product_variant *m =
        v->facts.variants.n > 0 ? &v->facts.variants.row[v->set.chosen] : NULL;
    if (m != NULL)
        stock = variant_stock(&v->set, m);
    stock_show(r, page, &stock);
    tpl_set_text(page, "SKU", m != NULL ? m->sku : "");
    tpl_set_text(page, "VARIANT_ID", m != NULL ? uuid_str(r->arena, m->variant_id) : "");
    tpl_show(page, "VARIANT_MISSING", v->set.missing);
    buy_show(r, page, v, m, stock_word(&stock));
    variants_show(r, page, &v->set);
}

static bool is_sent(const struct view *v)
{
    return !str_eq(v->page.row.kind, "digital") && !str_eq(v->page.row.kind, "external");
}

static enum rc fill_page(struct req *r, struct view *v, const struct slot_subject *subject)
{
    const struct storefront_product_page *p = &v->page.row;
    struct tpl *page =
        page_new(r, "storefront/product.tpl", str_empty(p->seo_title) ? p->name : p->seo_title);
    const char *about = !str_empty(p->seo_description) ? p->seo_description
                        : *p->summary != '\0'          ? p->summary
                                                       : text_plain(r->arena, p->description, 160);
    page_description(r, about);
    page_canonical(r, arena_printf(r->arena, "/p/%s", p->slug));
    if (v->facts.images.n > 0)
        page_image(r, storefront_media(r, v->facts.images.row[0].path));
    if (str_eq(p->visibility, "hidden"))
        page_noindex(r);
    page_body_class(r, "product-page");
    storefront_trail(r, &v->trail, p->name);
    enum rc rc = fill_texts(r, page, v);
    if (rc != RC_OK)
        return rc;
    fill_variant(r, page, v);
    fill_price(r, page, v);
    fill_gallery(r, page, v);
    struct product_specs specs = all_specs(r, v);
    specs_show(r, page, &specs, &v->facts.options,
               v->facts.variants.n > 0 ? &v->facts.variants.row[v->set.chosen] : NULL);
    parts_show(r, page, &v->facts.parts, &v->parts, &v->shown);
    rc = cards_show(r, page, "PARTS", &v->parts, 0, 0);
    if (rc == RC_OK)
        rc = cards_show(r, page, "RELATED", &v->related, 0, 0);
    if (rc == RC_OK)
        rc = slot_set(r, "product.actions", subject, 0, page, "SLOT_ACTIONS");
    if (rc == RC_OK)
        rc = slot_set(r, "product.sections", subject, 0, page, "SLOT_SECTIONS");
    if (rc == RC_OK)
        rc = slot_set(r, "product.summary", subject, 0, page, "SLOT_SUMMARY");
    if (rc == RC_OK && is_sent(v))
        rc = slot_set(r, "product.delivery", subject, 0, page, "SLOT_DELIVERY");
    if (rc == RC_OK)
        rc = fill_jsonld(r, v, about);
    return rc == RC_OK ? page_send(r, page) : rc;
}

/* The SKU asked for; NULL none. */
static const char *asked(struct req *r)
{
    const char *sku = req_arg(r, "variant");
    return str_empty(sku) || strlen(sku) > SKU_MOST * 4 ? NULL : sku;
}

static enum rc build_product(struct req *r)
{
    const char *slug = req_param(r, "slug");
    struct view v = { 0 };
    struct slot_subject subject;
    enum rc rc = read_view(r, slug, &v);
    if (rc == RC_OK && !v.page.found)
        return storefront_missing(r, 'p', slug);
    if (rc == RC_OK)
        rc = send_more(r, &v, &subject);
    if (rc != RC_OK)
        return rc;
    v.set =
        variants_choose(r, &v.facts.variants, &v.facts.options, v.page.row.kind, slug, asked(r));
    if (v.set.missing) { /* words of a stranger: not worth a place in the cache, nor in an index */
        r->out.no_store = true;
        page_noindex(r);
    }
    return fill_page(r, &v, &subject);
}

enum rc page_product(struct req *r)
{
    static const struct frag_spec spec = { "storefront.product", .layout = 1, .fresh_s = 60,
                                           .stale_s = 600, .guard = PRODUCT_TAG_SPACE };
    const char *sku = asked(r);
    return page_cached(r, &spec, NULL, sku, build_product);
}
