/* home.c: the home page, composed of blocks that the shop keeps as data (shop/home.h). One trip for
 * the blocks and the products of all of them, a second one only when another module has something
 * to say on the cards. Which products a block shows is asked of the database. Invariant: a block
 * that has nothing to show is not there, and the page has one h1 whatever was composed. */
#include "base/str.h"
#include "cards.h"
#include "platform/i18n.h"
#include "shop/text.h"

enum { TILES_MOST = 24, BRANDS_MOST = 24, PLACES = 1000 };

struct home {
    struct storefront_home_block_list blocks;
    struct storefront_category_tile_list tiles;
    struct storefront_home_brand_list brands;
    struct card_list cards;
    bool has_h1;
    size_t pictures; /* shown so far: the first is above the fold */
};

static const struct slot_subject subject = { "home", NULL, 0 };

static enum rc read_home(struct req *r, struct home *h)
{
    struct texts chain = storefront_chain(r);
    struct db_pipe *p = page_pipe(r);
    storefront_q_home_blocks_send(p, chain, &h->blocks);
    storefront_q_cards_home_send(p, chain, r->now, r->tenant->currency, &h->cards.rows);
    storefront_q_category_menu_send(p, STOREFRONT_CATEGORY_MENU_FRAG_TR & storefront_texts(chain),
                                    chain, TILES_MOST, &h->tiles);
    storefront_q_home_brands_send(p, chain, BRANDS_MOST, &h->brands);
    enum rc rc = page_run(r);
    if (rc == RC_OK)
        rc = cards_slots_send(r, &h->cards);
    return rc == RC_OK ? slot_send(r, "home.top", &subject) : rc;
}

/* ---- blocks ------------------------------------------------------------------------------------
 */
static const char *href_of(struct req *r, const struct storefront_home_block *b)
{
    const char *base = url_path(r, "/");
    if (*b->href == '\0')
        return NULL;
    if (str_eq(base, "/"))
        return b->href;
    return str_eq(b->href, "/") ? base : arena_printf(r->arena, "%s%s", base, b->href);
}

static void show_picture(struct req *r, struct tpl *t, struct home *h,
                         const struct storefront_home_block *b, enum picture_place place)
{
    const struct picture p = { b->image_path, b->image_width, b->image_height, b->image_look };
    if (b->image_path != NULL)
        picture_show(r->app->conf, r->arena, t, "PICTURE", &p, place, "", h->pictures++ == 0);
}

/* Texts, tone, picture and link: what a hero and a banner share. */
static void fill_banner(struct req *r, struct tpl *t, struct home *h,
                        const struct storefront_home_block *b)
{
    const char *href = href_of(r, b), *layout = *b->layout != '\0' ? b->layout : "split";
    tpl_set_text(t, "TONE", b->tone);
    tpl_set_text(t, "LAYOUT", b->image_path == NULL && str_eq(layout, "wide") ? "split" : layout);
    tpl_set_text(t, "TITLE", b->title);
    if (*b->body != '\0')
        tpl_set_text(tpl_row(t, "LEAD"), "TEXT", b->body);
    show_picture(r, t, h, b, str_eq(layout, "split") ? PICTURE_HERO : PICTURE_WIDE);
    if (href == NULL)
        return;
    struct tpl *link = tpl_row(t, "LINK");
    tpl_set_text(link, "HREF", href);
    tpl_set_text(link, "LABEL", *b->label != '\0' ? b->label : _("See all products"));
}

static void fill_hero(struct req *r, struct tpl *row, struct home *h,
                      struct storefront_home_block b)
{
    struct tpl *t = tpl_row(row, "HERO");
    if (*b.title == '\0') {
        b.title = storefront_setting(r, "storefront.tagline");
        if (*b.title == '\0')
            b.title = arena_printf(r->arena, _("Welcome to %s"), r->tenant->name);
    }
    if (*b.body == '\0')
        b.body = storefront_setting(r, "storefront.intro");
    tpl_show(t, h->has_h1 ? "SECOND" : "FIRST", true);
    h->has_h1 = true;
    fill_banner(r, t, h, &b);
}

static void fill_promises(struct req *r, struct tpl *row, const struct storefront_home_block *b)
{
    char **line;
    size_t n = str_split(r->arena, b->lines, '\n', &line);
    struct tpl *zone = NULL;
    for (size_t i = 0; i < n; i++) {
        if (*line[i] == '\0')
            continue;
        zone = zone != NULL ? zone : tpl_row(row, "PROMISES");
        struct tpl *t = tpl_row(zone, "PROMISE");
        tpl_set_text(t, "ICON", i < b->icons.n ? b->icons.v[i] : "circle-check");
        tpl_set_text(t, "TEXT", line[i]);
    }
}

/* Heading of a zone, with the page where there is more. */
static void fill_head(struct req *r, struct tpl *zone, const struct storefront_home_block *b,
                      const char *otherwise, const char *more)
{
    const char *href = href_of(r, b);
    tpl_set_int(zone, "PLACE", b->place);
    tpl_set_text(zone, "TITLE", *b->title != '\0' ? b->title : otherwise);
    if (*b->body != '\0')
        tpl_set_text(tpl_row(zone, "LEAD"), "TEXT", b->body);
    if (href == NULL)
        return;
    struct tpl *link = tpl_row(zone, "LINK");
    tpl_set_text(link, "HREF", href);
    tpl_set_text(link, "LABEL", *b->label != '\0' ? b->label : more);
}

static void fill_categories(struct req *r, struct tpl *row, const struct home *h,
                            const struct storefront_home_block *b)
{
    if (h->tiles.n == 0)
        return;
    struct tpl *zone = tpl_row(row, "CATEGORIES");
    fill_head(r, zone, b, _("Shop by category"), _("All categories"));
    for (size_t i = 0; i < h->tiles.n; i++) {
        const struct storefront_category_tile *c = &h->tiles.row[i];
        struct tpl *t = tpl_row(zone, "CATEGORY");
        tpl_set_text(t, "HREF", url_path(r, "/c/%s", c->slug));
        tpl_set_text(t, "NAME", c->name);
        tpl_set_text(t, "COUNT_TEXT", storefront_count(r, c->product_count));
        storefront_tile_image(r, t, c, PICTURE_TILE);
    }
}

static const char *name_of_rule(const char *rule)
{
    return str_eq(rule, "deals")      ? _("On offer now")
           : str_eq(rule, "featured") ? _("Chosen for you")
           : str_eq(rule, "newest")   ? _("Just arrived")
                                      : _("Products");
}

/* The cards of one block stand together: sort_key is its place times 1000 and theirs. */
static enum rc fill_products(struct req *r, struct tpl *row, const struct home *h,
                             const struct storefront_home_block *b)
{
    size_t from = 0, n = 0;
    while (from < h->cards.rows.n && h->cards.rows.row[from].sort_key / PLACES < b->place)
        from++;
    while (from + n < h->cards.rows.n && h->cards.rows.row[from + n].sort_key / PLACES == b->place)
        n++;
    if (n == 0)
        return RC_OK;
    struct tpl *zone = tpl_row(row, "PRODUCTS");
    struct storefront_home_block named = *b;
    bool deals = str_eq(b->rule, "deals");
    if (deals && *b->href == '\0')
        named.href = "/deals";
    if (str_eq(b->rule, "collection") && *b->href == '\0')
        named.href = arena_printf(r->arena, "/collection/%s", b->argument);
    tpl_show(zone, "DEALS", deals);
    tpl_set_text(zone, "TONE", b->tone);
    tpl_show(zone, "SHELF", deals || str_eq(b->layout, "shelf"));
    fill_head(r, zone, &named, name_of_rule(b->rule), _("See all"));
    return cards_fill_part(r, zone, &h->cards, from, n);
}

static void fill_brands(struct req *r, struct tpl *row, const struct home *h,
                        const struct storefront_home_block *b)
{
    if (h->brands.n == 0)
        return;
    struct tpl *zone = tpl_row(row, "BRANDS");
    fill_head(r, zone, b, _("Brands"), _("See all"));
    for (size_t i = 0; i < h->brands.n; i++) {
        const struct storefront_home_brand *m = &h->brands.row[i];
        const struct picture p = { m->image_path, m->image_width, m->image_height, m->image_look };
        struct tpl *t = tpl_row(zone, "BRAND");
        tpl_set_text(t, "HREF", url_path(r, "/brand/%s", m->slug));
        tpl_set_text(t, "NAME", m->name);
        if (p.path != NULL)
            picture_show(r->app->conf, r->arena, t, "PICTURE", &p, PICTURE_THUMB, "", false);
    }
}

static enum rc fill_text(struct req *r, struct tpl *row, const struct storefront_home_block *b)
{
    char *html;
    enum rc rc = text_html(r->arena, b->body, &html);
    if (rc != RC_OK)
        return rc;
    struct tpl *t = tpl_row(row, "PROSE");
    tpl_set_text(t, "TONE", b->tone);
    if (*b->title != '\0')
        tpl_set_text(tpl_row(t, "HEADED"), "TITLE", b->title);
    tpl_set_text(t, "BODY_HTML", html);
    return RC_OK;
}

/* A stored page ends where a block's time begins or ends. */
static bool is_on(struct req *r, const struct storefront_home_block *b)
{
    page_until(r, r->now < b->valid_from ? b->valid_from : b->valid_until);
    return r->now >= b->valid_from && r->now < b->valid_until;
}

static enum rc fill_block(struct req *r, struct tpl *page, struct home *h,
                          const struct storefront_home_block *b)
{
    if (!is_on(r, b))
        return RC_OK;
    struct tpl *row = tpl_row(page, "BLOCK");
    if (str_eq(b->kind, "hero"))
        fill_hero(r, row, h, *b);
    else if (str_eq(b->kind, "banner"))
        fill_banner(r, tpl_row(row, "BANNER"), h, b);
    else if (str_eq(b->kind, "promises"))
        fill_promises(r, row, b);
    else if (str_eq(b->kind, "categories"))
        fill_categories(r, row, h, b);
    else if (str_eq(b->kind, "brands"))
        fill_brands(r, row, h, b);
    else if (str_eq(b->kind, "products"))
        return fill_products(r, row, h, b);
    else if (str_eq(b->kind, "text"))
        return fill_text(r, row, b);
    else if (str_eq(b->kind, "slot"))
        return slot_set(r, "home.top", &subject, 0, tpl_row(row, "MODULES"), "SLOT_TOP");
    return RC_OK;
}

/* ---- the page ----------------------------------------------------------------------------------
 */
static enum rc build_home(struct req *r)
{
    struct home h = { .has_h1 = false };
    enum rc rc = read_home(r, &h);
    if (rc == RC_OK)
        rc = page_run(r);
    if (rc != RC_OK)
        return rc;
    const char *tagline = storefront_setting(r, "storefront.tagline");
    struct tpl *page =
        page_new(r, "storefront/home.tpl", *tagline != '\0' ? tagline : _("Welcome"));
    page_description(r, storefront_setting(r, "storefront.intro"));
    page_canonical(r, "/");
    page_body_class(r, "home");
    for (size_t i = 0; rc == RC_OK && i < h.blocks.n; i++)
        rc = fill_block(r, page, &h, &h.blocks.row[i]);
    tpl_show(page, "UNTITLED", !h.has_h1);
    tpl_show(page, "EMPTY", h.cards.rows.n == 0 && h.tiles.n == 0);
    if (rc == RC_OK)
        rc = jsonld_shop(r);
    return rc == RC_OK ? page_send(r, page) : rc;
}

enum rc page_home(struct req *r)
{
    static const struct frag_spec spec = { "storefront.home", .layout = 2, .fresh_s = 60,
                                           .stale_s = 600, .guard = PRODUCT_TAG_SPACE };
    return storefront_cached(r, &spec, "", build_home);
}
