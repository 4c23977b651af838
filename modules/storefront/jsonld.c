/* jsonld.c: what a page tells search engines (schema.org): Product with its offer, BreadcrumbList,
 * the shop and its search.
 * page_jsonld escapes what could end the script element. Invariant: it says the same price and
 * stock as the page beside it. */
#include "base/money.h"
#include "base/str.h"
#include "pages.h"
#include "platform/json.h"

enum { JSONLD_MOST = 64 * 1024 };

static void put_price(struct jw *w, const char *key, int64_t amount, const char *currency)
{
    char text[40] = "";
    const struct currency *c = currency_find(currency);
    if (c == NULL)
        return;
    money_plain(amount, c, text, sizeof(text));
    jw_key(w, key);
    jw_text(w, text);
}

static void put_offer(struct req *r, struct jw *w, const struct storefront_product_page *p,
                      const struct product_offer *o)
{
    bool range = o->low != o->high;
    jw_key(w, "offers");
    jw_object(w);
    jw_key(w, "@type");
    jw_text(w, range ? "AggregateOffer" : "Offer");
    jw_key(w, "priceCurrency");
    jw_text(w, o->currency);
    if (range) {
        put_price(w, "lowPrice", o->low, o->currency);
        put_price(w, "highPrice", o->high, o->currency);
        jw_key(w, "offerCount");
        jw_int(w, (int64_t)o->n);
    } else {
        put_price(w, "price", o->low, o->currency);
        jw_key(w, "itemCondition");
        jw_text(w, "https://schema.org/NewCondition");
    }
    jw_key(w, "availability");
    jw_text(w, arena_printf(r->arena, "https://schema.org/%s", o->availability));
    jw_key(w, "url");
    jw_text(w, url_absolute(r, url_path(r, "/p/%s", p->slug)));
    jw_end_object(w);
}

enum rc jsonld_product(struct req *r, const struct storefront_product_page *p, const char *sku,
                       const char *description, const struct product_images *images,
                       const struct product_offer *offer)
{
    struct buf b;
    struct jw w;
    buf_init(&b, r->arena, JSONLD_MOST);
    jw_init(&w, &b);
    jw_object(&w);
    jw_key(&w, "@context");
    jw_text(&w, "https://schema.org");
    jw_key(&w, "@type");
    jw_text(&w, "Product");
    jw_key(&w, "name");
    jw_text(&w, p->name);
    jw_key(&w, "sku");
    jw_text(&w, sku);
    if (*description != '\0') {
        jw_key(&w, "description");
        jw_text(&w, description);
    }
    if (!str_empty(p->brand_name)) {
        jw_key(&w, "brand");
        jw_object(&w);
        jw_key(&w, "@type");
        jw_text(&w, "Brand");
        jw_key(&w, "name");
        jw_text(&w, p->brand_name);
        jw_end_object(&w);
    }
    if (images->n > 0) {
        jw_key(&w, "image");
        jw_array(&w);
        for (size_t i = 0; i < images->n && i < 8; i++)
            jw_text(&w, url_absolute(r, storefront_media(r, images->row[i].path)));
        jw_end_array(&w);
    }
    if (p->rating_count > 0) {
        int64_t tenths = (p->rating_sum * 10 + p->rating_count / 2) / p->rating_count;
        jw_key(&w, "aggregateRating");
        jw_object(&w);
        jw_key(&w, "@type");
        jw_text(&w, "AggregateRating");
        jw_key(&w, "ratingValue");
        jw_text(&w, arena_printf(r->arena, "%d.%d", (int)(tenths / 10), (int)(tenths % 10)));
        jw_key(&w, "reviewCount");
        jw_int(&w, p->rating_count);
        jw_end_object(&w);
    }
    if (offer->priced)
        put_offer(r, &w, p, offer);
    jw_end_object(&w);
    if (buf_rc(&b) == RC_OK)
        page_jsonld(r, &b);
    return buf_rc(&b);
}

static void put_step(struct req *r, struct jw *w, int64_t at, const char *name, const char *href)
{
    jw_object(w);
    jw_key(w, "@type");
    jw_text(w, "ListItem");
    jw_key(w, "position");
    jw_int(w, at);
    jw_key(w, "name");
    jw_text(w, name);
    if (href != NULL) {
        jw_key(w, "item");
        jw_text(w, url_absolute(r, href));
    }
    jw_end_object(w);
}

enum rc jsonld_trail(struct req *r, const struct storefront_crumb_list *trail, const char *here)
{
    struct buf b;
    struct jw w;
    int64_t at = 1;
    buf_init(&b, r->arena, JSONLD_MOST);
    jw_init(&w, &b);
    jw_object(&w);
    jw_key(&w, "@context");
    jw_text(&w, "https://schema.org");
    jw_key(&w, "@type");
    jw_text(&w, "BreadcrumbList");
    jw_key(&w, "itemListElement");
    jw_array(&w);
    put_step(r, &w, at++, _("Home"), url_path(r, "/"));
    for (size_t i = 0; i < trail->n; i++)
        put_step(r, &w, at++, trail->row[i].name, url_path(r, "/c/%s", trail->row[i].slug));
    if (here != NULL)
        put_step(r, &w, at, here, NULL);
    jw_end_array(&w);
    jw_end_object(&w);
    if (buf_rc(&b) == RC_OK)
        page_jsonld(r, &b);
    return buf_rc(&b);
}

static void pair(struct jw *w, const char *key, const char *value)
{
    jw_key(w, key);
    jw_text(w, value);
}

/* The shop as an organisation, and its site with the way to search it. */
enum rc jsonld_shop(struct req *r)
{
    const char *whatsapp = tenant_setting(r->app, r->tenant, "storefront.whatsapp");
    const char *home = url_absolute(r, url_path(r, "/"));
    struct buf b;
    struct jw w;
    buf_init(&b, r->arena, JSONLD_MOST);
    jw_init(&w, &b);
    jw_object(&w);
    pair(&w, "@context", "https://schema.org");
    jw_key(&w, "@graph");
    jw_array(&w);
    jw_object(&w);
    pair(&w, "@type", "Organization");
    pair(&w, "@id", arena_printf(r->arena, "%s#shop", home));
    pair(&w, "name", r->tenant->name);
    pair(&w, "url", home);
    if (!str_empty(whatsapp))
        pair(&w, "telephone", arena_printf(r->arena, "+%s", whatsapp));
    jw_end_object(&w);
    jw_object(&w);
    pair(&w, "@type", "WebSite");
    pair(&w, "name", r->tenant->name);
    pair(&w, "url", home);
    pair(&w, "inLanguage", r->locale->tag);
    jw_key(&w, "potentialAction");
    jw_object(&w);
    pair(&w, "@type", "SearchAction");
    pair(&w, "target",
         arena_printf(r->arena, "%s?q={search_term_string}",
                      url_absolute(r, url_path(r, "/search"))));
    pair(&w, "query-input", "required name=search_term_string");
    jw_end_object(&w);
    jw_end_object(&w);
    jw_end_array(&w);
    jw_end_object(&w);
    enum rc rc = buf_rc(&b);
    if (rc == RC_OK)
        page_jsonld(r, &b);
    return rc;
}
