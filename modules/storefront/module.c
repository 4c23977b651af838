/* module.c: the storefront's face: its pages, the templates they fill, what a shop may set, and the
 * events after which stored pages are made anew. It holds no state and owns no table: it reads the
 * shop's. The pages are in home.c, category.c and product.c. */
#include "app/module.h"
#include "app/event.h"
#include "listing.h"
#include "pages.h"
#include "platform/i18n.h"
#include "shop/search_index.h"

static const struct app_route routes[] = {
    { M_GET, "/", page_home },
    { M_GET, "/c", page_categories },
    { M_GET, "/c/{slug:slug}", page_category, .flags = R_ANY_QUERY },
    { M_GET, "/brands", page_brands },
    { M_GET, "/brand/{slug:slug}", page_brand, .flags = R_ANY_QUERY },
    { M_GET, "/collection/{slug:slug}", page_collection, .flags = R_ANY_QUERY },
    { M_GET, "/compare", page_compare, .flags = R_ANY_QUERY },
    { M_GET, "/recent", part_recent, .flags = R_FRAGMENT | R_ANY_QUERY },
    { M_GET, "/deals", page_deals, .flags = R_ANY_QUERY },
    { M_GET, "/p/{slug:slug}", page_product },
    { M_GET, "/search", page_search, .flags = R_ANY_QUERY },
    { M_GET, "/search/suggest", part_suggest, .flags = R_FRAGMENT | R_ANY_QUERY },
    { 0 },
};

static const char *const card_names[] = {
    "HREF",       "NAME",           "SKU",          "PICTURE",       "NO_IMAGE",
    "PRICE",      "RATING",         "RATING_VALUE", "RATING_HALVES", "RATING_TEXT",
    "SALE_BADGE", "SAVING_PERCENT", "NEW_BADGE",    "OPTIONS",       "OPTIONS_TEXT",
    "SWATCH",     "COLOUR",         "LABEL",        "IN_STOCK",      "LOW_STOCK",
    "SOLD_OUT",   "BACKORDER",      "EXTERNAL",     "STOCK_TEXT",    "SLOT_ACTIONS",
    NULL
};
static const char *const price_names[] = { "PRICED", "NOW",         "FROM",
                                           "SALE",   "WAS",         "SAVING_PERCENT",
                                           "LOWEST", "LOWEST_TEXT", "UNPRICED",
                                           "OWN",    "INSTEAD",     NULL };
static const char *const home_names[] = {
    "UNTITLED", "BLOCK",    "HERO",    "BANNER",     "LAYOUT",   "TONE",     "FIRST",
    "SECOND",   "TITLE",    "LEAD",    "TEXT",       "LINK",     "HREF",     "LABEL",
    "PICTURE",  "PROMISES", "PROMISE", "ICON",       "MODULES",  "SLOT_TOP", "CATEGORIES",
    "PLACE",    "CATEGORY", "NAME",    "COUNT_TEXT", "NO_IMAGE", "PRODUCTS", "DEALS",
    "SHELF",    "CARD",     "BRANDS",  "BRAND",      "PROSE",    "HEADED",   "BODY_HTML",
    "EMPTY",    NULL
};
static const char *const categories_names[] = { "GROUP",       "HREF",    "NAME",     "COUNT_TEXT",
                                                "DESCRIPTION", "PICTURE", "NO_IMAGE", "CHILDREN",
                                                "CHILD",       "EMPTY",   NULL };
static const char *const category_names[] = { "HEADING", "ABOUT",    "DESCRIPTION", "CHILDREN",
                                              "CHILD",   "HREF",     "NAME",        "COUNT_TEXT",
                                              "PICTURE", "NO_IMAGE", "LISTING",     NULL };
static const char *const product_names[] = { "NAME",
                                             "SKU",
                                             "SUMMARY_SET",
                                             "SUMMARY",
                                             "BRAND",
                                             "BRAND_NAME",
                                             "BRAND_HREF",
                                             "COMPARE_HREF",
                                             "SLUG",
                                             "SHARE_URL",
                                             "SLOT_SUMMARY",
                                             "SLOT_DELIVERY",
                                             "GALLERY",
                                             "PICTURE",
                                             "ID",
                                             "ZOOM",
                                             "LARGE",
                                             "THUMB",
                                             "MANY",
                                             "NO_IMAGE",
                                             "PRICE",
                                             "TAX_TEXT",
                                             "SALE_ENDS",
                                             "SALE_ENDS_TEXT",
                                             "RATING",

                                             "RATING_HALVES",
                                             "RATING_TEXT",
                                             "OPTION",
                                             "OPTION_NAME",
                                             "CHOSEN",
                                             "CHOICE",
                                             "LABEL",
                                             "HREF",
                                             "CURRENT",
                                             "GONE",
                                             "SWATCH",
                                             "COLOUR",
                                             "VARIANT_MISSING",
                                             "IN_STOCK",
                                             "LOW_STOCK",
                                             "SOLD_OUT",
                                             "BACKORDER",
                                             "EXTERNAL",
                                             "STOCK_TEXT",
                                             "BUY_EXTERNAL",
                                             "ASK",
                                             "VARIANT_ID",
                                             "BUY",
                                             "MIN",
                                             "MAX",
                                             "SLOT_ACTIONS",
                                             "DESCRIPTION_SET",
                                             "DESCRIPTION_HTML",
                                             "SPECS",
                                             "SPEC",
                                             "VALUE",
                                             "DELIVERY",
                                             "DELIVERY_TEXT",
                                             "TAGS",
                                             "TAG",
                                             "PLAIN",
                                             "LINK",
                                             "KIT",
                                             "KIT_PART",
                                             "QUANTITY",
                                             "KIT_SAVING",
                                             "SAVING_TEXT",
                                             "PARTS",
                                             "RELATED",
                                             "CARD",
                                             "SLOT_SECTIONS",
                                             NULL };
static const char *const picture_names[] = { "SIZED", "AVIF",  "WEBP",  "CHOICE", "SIZES",
                                             "SRC",   "ALT",   "WIDTH", "HEIGHT", "CLASSES",
                                             "CLASS", "FIRST", "LAZY",  NULL };
static const struct app_template templates[] = {
    { "storefront/picture.tpl", picture_names },
    { "storefront/card.tpl", card_names },
    { "storefront/price.tpl", price_names },
    { "storefront/home.tpl", home_names },
    { "storefront/categories.tpl", categories_names },
    { "storefront/category.tpl", category_names },
    { "storefront/listing.tpl", listing_names },
    { "storefront/search.tpl", search_names },
    { "storefront/suggest.tpl", suggest_names },
    { "storefront/product.tpl", product_names },
    { "storefront/brands.tpl", brands_names },
    { "storefront/compare.tpl", compare_names },
    { "storefront/recent.tpl", recent_names },
    { "storefront/list.tpl", list_names },
    { 0 },
};

/* A text in the shop's own language, and in the others it offers. */
#define TEXT_SETTING(key, label)                                                                   \
    { key, "", label, SETTING_TEXT, NULL }, { key ".en", "", label, SETTING_TEXT, NULL },          \
        { key ".si", "", label, SETTING_TEXT, NULL },                                              \
        { key ".ta", "", label, SETTING_TEXT, NULL },                                              \
    {                                                                                              \
        key ".ar", "", label, SETTING_TEXT, NULL                                                   \
    }
static const struct app_setting settings[] = {
    TEXT_SETTING("storefront.tagline", N_("Headline of the home page")),
    TEXT_SETTING("storefront.intro", N_("Sentence below the headline")),
    TEXT_SETTING("storefront.delivery", N_("Delivery and returns, on every product")),
    { "storefront.whatsapp", "", N_("WhatsApp number, digits only"), SETTING_TEXT, NULL },
    { "storefront.new_days", "30", N_("Days a product counts as new (0: never)"), SETTING_INT,
      NULL },
    { 0 },
};

/* Pages that show the product are made anew at the next request, on all workers. Lists follow when
 * the outbox has it: what is in them, and in which order, may be that much behind. The guard is
 * bumped first (app/frag.h). */
static enum rc on_product_changed(struct app_ctx *app, const struct event *e)
{
    bool told = frag_bump(app, e->tenant, PRODUCT_TAG_SPACE, "all") &&
                frag_bump(app, e->tenant, PRODUCT_TAG_SPACE, uuid_str(e->arena, e->object_id));
    if (told && e->seq > 0)
        told = frag_bump(app, e->tenant, LISTING_TAG_SPACE, LISTING_TAG_ID);
    return told ? RC_OK : RC_UPSTREAM;
}

/* What the home page is composed of and what a collection is; their pages hang on the lists. */
static enum rc on_lists_changed(struct app_ctx *app, const struct event *e)
{
    return frag_bump(app, e->tenant, LISTING_TAG_SPACE, LISTING_TAG_ID) ? RC_OK : RC_UPSTREAM;
}

/* The menu of every page, of whichever module, shows categories: a change of one renews them all.
 */
static enum rc on_menu_changed(struct app_ctx *app, const struct event *e)
{
    return frag_bump(app, e->tenant, "shell", "all") ? RC_OK : RC_UPSTREAM;
}

static const struct app_nav nav[] = {
    { "footer", N_("Brands"), "/brands", NULL, 100 },
    { "footer", N_("On offer now"), "/deals", NULL, 110 },
    { 0 },
};

static const struct app_slot slots[] = { { "shell.nav", 10, 0, slot_menu_send, slot_menu }, { 0 } };

static const struct app_event_sub events[] = {
    { "product.changed", EV_AFTER_COMMIT | EV_JOB, on_product_changed },
    { "stock.changed", EV_AFTER_COMMIT | EV_JOB, on_product_changed },
    { "product.rated", EV_AFTER_COMMIT | EV_JOB, on_product_changed },
    { "home.changed", EV_AFTER_COMMIT | EV_JOB, on_lists_changed },
    { "collection.changed", EV_AFTER_COMMIT | EV_JOB, on_lists_changed },
    { "category.changed", EV_AFTER_COMMIT | EV_JOB, on_menu_changed },
    { "words.changed", EV_AFTER_COMMIT | EV_JOB, on_menu_changed },
    { 0 },
};

APP_MODULE(.name = "storefront", .needs = (const char *const[]){ "shop", NULL }, .routes = routes,
           .templates = templates, .settings = settings, .slots = slots, .nav = nav,
           .events = events, .stmts = storefront_stmts);
