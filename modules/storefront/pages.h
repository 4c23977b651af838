/* pages.h: what the pages of the storefront share. */
#ifndef STOREFRONT_PAGES_H
#define STOREFRONT_PAGES_H

#include "app/page.h"
#include "app/req.h"
#include "app/tenant.h"
#include "base/field.h"
#include "gen/storefront_q.h"
#include "shop/picture.h"
#include "shop/price.h"
#include "shop/product.h"
#include "shop/product_facts.h"

enum {
    PAGE_CARDS = 24, /* of a category */
    ZONE_CARDS = 8,  /* of a zone of the home page */
    MENU_MOST = 8
};

extern const struct app_module APP_ENTRY;
app_handler page_home, page_categories, page_category, page_product, page_search, part_suggest;
app_handler page_brands, page_brand, page_deals; /* lists.c */
app_handler page_collection;
app_handler page_compare, part_recent; /* compare.c */
extern const char *const compare_names[], *const recent_names[];
extern const char *const brands_names[], *const list_names[];
extern const char *const search_names[], *const suggest_names[]; /* of their templates */

/* Of one request. own: what the visitor's group pays, as far as it was asked for. */
struct storefront_state {
    struct storefront_category_tile_list menu;
    struct price_row *own;
    size_t nown;
    const void *own_of;
};

/* Languages to look for translations in, best first; empty in the shop's own language. */
struct texts storefront_chain(struct req *r);
/* All bits when texts in other languages are to be looked up, else none: and-ed with a statement's
 * FRAG_TR. A page in the shop's own language then asks for no translations at all. */
unsigned storefront_texts(struct texts chain);
/* A text setting in the page's language: "storefront.tagline" or "storefront.tagline.si". "" when
 * the shop has not set it. */
const char *storefront_setting(struct req *r, const char *key);
/* page_cached for pages of lists: made anew when the listing index was written, when a product they
 * show changed (storefront_shows), or at an edge of one of its prices. vary: what the page reads of
 * its query. */
enum rc storefront_cached(struct req *r, const struct frag_spec *spec, const char *vary,
                          app_handler *build) ATTR_MUST_CHECK;
/* While a page is built: it shows this product. Cards say so by themselves. */
void storefront_shows(struct req *r, struct uuid product);
/* Slot shell.nav: the roots of the category tree in the shell of every page. */
enum rc slot_menu_send(struct req *r, struct db_pipe *p, const struct slot_subject *s);
enum rc slot_menu(struct req *r, const struct slot_subject *s, size_t i, struct buf *out);
/* "12 products". */
const char *storefront_count(struct req *r, int64_t n);
/* A picture of a category into include PICTURE, or section NO_IMAGE. */
void storefront_tile_image(struct req *r, struct tpl *t, const struct storefront_category_tile *c,
                           enum picture_place place);
/* Address of a stored picture. */
const char *storefront_media(struct req *r, const char *path);
/* Trail of a page and its BreadcrumbList; here: the page's own name, last. NULL: the last crumb is
 * the page. */
void storefront_trail(struct req *r, const struct storefront_crumb_list *trail, const char *here);
/* An address nobody has: moved, gone, or never there. kind: 'p' or 'c'. */
enum rc storefront_missing(struct req *r, char kind, const char *slug) ATTR_MUST_CHECK;

/* jsonld.c */
struct product_offer {
    const char *currency, *availability; /* "InStock" */
    int64_t low, high;
    bool priced;
    size_t n;
};
enum rc jsonld_product(struct req *r, const struct storefront_product_page *p, const char *sku,
                       const char *description, const struct product_images *images,
                       const struct product_offer *offer) ATTR_MUST_CHECK;
enum rc jsonld_shop(struct req *r) ATTR_MUST_CHECK; /* Organization, WebSite with SearchAction */
enum rc jsonld_trail(struct req *r, const struct storefront_crumb_list *trail,
                     const char *here) ATTR_MUST_CHECK;

#endif
