/* lists.c: lists that are no category: the brands, one brand's products, what is on offer. What is
 * in a list and how it is narrowed is listing.h's; here is only what stands above it. Invariant: a
 * brand without anything to show is not in the index, and its page still says so in words. */
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "listing.h"
#include "platform/i18n.h"
#include "shop/text.h"

const char *const brands_names[] = { "EMPTY", "JUMP", "LETTER", "ID", "GROUP",
                                     "BRAND", "HREF", "NAME",   NULL };
const char *const list_names[] = { "HEADING", "ABOUT",   "DESCRIPTION", "PICTURE",
                                   "FACE",    "LISTING", NULL };

/* ---- all brands -------------------------------------------------------------------------------
 */
/* What a brand is filed under: its first letter, folded; "#" for anything that is no letter. */
static const char *letter_of(struct req *r, const char *name)
{
    const char *folded = utf8_fold(r->arena, name);
    unsigned char first = (unsigned char)*folded;
    if (first < 0x80)
        return first >= 'a' && first <= 'z' ? arena_printf(r->arena, "%c", first - 'a' + 'A') : "#";
    return utf8_cut(r->arena, folded, 1);
}

static void fill_brands(struct req *r, struct tpl *page,
                        const struct storefront_brand_name_list *all)
{
    struct tpl *group = NULL;
    const char *letter = "";
    int no = 0;
    for (size_t i = 0; i < all->n; i++) {
        const char *own = letter_of(r, all->row[i].name);
        if (group == NULL || !str_eq(own, letter)) {
            const char *id = arena_printf(r->arena, "letter-%d", no++);
            struct tpl *jump = tpl_row(page, "JUMP");
            letter = own;
            group = tpl_row(page, "GROUP");
            tpl_set_text(jump, "LETTER", letter);
            tpl_set_text(jump, "ID", id);
            tpl_set_text(group, "LETTER", letter);
            tpl_set_text(group, "ID", id);
        }
        struct tpl *row = tpl_row(group, "BRAND");
        tpl_set_text(row, "NAME", all->row[i].name);
        tpl_set_text(row, "HREF", url_path(r, "/brand/%s", all->row[i].slug));
    }
}

static enum rc build_brands(struct req *r)
{
    struct storefront_brand_name_list all;
    storefront_q_brands_send(page_pipe(r), storefront_chain(r), &all);
    enum rc rc = page_run(r);
    if (rc != RC_OK)
        return rc;
    struct tpl *page = page_new(r, "storefront/brands.tpl", _("Brands"));
    page_canonical(r, "/brands");
    page_description(r, arena_printf(r->arena, _("All brands at %s"), r->tenant->name));
    page_crumb(r, _("Home"), url_path(r, "/"));
    page_crumb(r, _("Brands"), NULL);
    tpl_show(page, "EMPTY", all.n == 0);
    fill_brands(r, page, &all);
    return page_send(r, page);
}

enum rc page_brands(struct req *r)
{
    static const struct frag_spec spec = { "storefront.brands", .layout = 1, .fresh_s = 60,
                                           .stale_s = 600 };
    return storefront_cached(r, &spec, "", build_brands);
}

/* ---- one brand --------------------------------------------------------------------------------
 */
static struct listing *open_brand(struct req *r)
{
    const char *slug = req_param(r, "slug");
    struct search_filter *within = arena_new(r->arena, struct search_filter);
    *within = (struct search_filter){ "brand", slug };
    return listing_open(r, &(struct listing_scope){ .href = url_path(r, "/brand/%s", slug),
                                                    .within = within,
                                                    .nwithin = 1,
                                                    .by_category = true,
                                                    .hide = "brand" });
}

static enum rc missing_brand(struct req *r, const char *slug)
{
    struct storefront_address_maybe a;
    enum rc rc = storefront_q_brand_address(r->db, slug, &a);
    if (rc != RC_OK)
        return rc;
    if (a.found && a.row.is_gone)
        return req_fail(r, RC_GONE, NULL, "brand %s was here", slug);
    if (!a.found || str_eq(a.row.slug, slug))
        return req_fail(r, RC_NOTFOUND, NULL, "no brand %s", slug);
    struct buf path;
    buf_init(&path, r->arena, 2000);
    buf_str(&path, "/brand/");
    buf_url(&path, a.row.slug);
    return buf_rc(&path) == RC_OK ? req_moved(r, path.p) : RC_BUG;
}

static void trail(struct req *r, const char *up, const char *up_href, const char *here)
{
    page_crumb(r, _("Home"), url_path(r, "/"));
    if (up != NULL)
        page_crumb(r, up, up_href);
    page_crumb(r, here, NULL);
}

static enum rc build_brand(struct req *r)
{
    const char *slug = req_param(r, "slug");
    struct storefront_brand_maybe found;
    struct listing *l = open_brand(r);
    storefront_q_brand_send(page_pipe(r), storefront_chain(r), slug, &found);
    enum rc rc = listing_read(r, l);
    if (rc != RC_OK)
        return rc;
    if (!found.found)
        return missing_brand(r, slug);
    const struct storefront_brand *b = &found.row;
    struct tpl *page = page_new(r, "storefront/list.tpl", b->name);
    page_canonical(r, arena_printf(r->arena, "/brand/%s", b->slug));
    page_description(r, *b->description != '\0'
                            ? text_plain(r->arena, b->description, 160)
                            : arena_printf(r->arena, _("Everything by %s"), b->name));
    trail(r, _("Brands"), url_path(r, "/brands"), b->name);
    tpl_set_text(page, "HEADING", b->name);
    if (*b->description != '\0')
        tpl_set_text(tpl_row(page, "ABOUT"), "DESCRIPTION",
                     text_plain(r->arena, b->description, 600));
    if (b->image_path != NULL) {
        const struct picture p = { b->image_path, b->image_width, b->image_height, b->image_look };
        picture_show(r->app->conf, r->arena, tpl_row(page, "FACE"), "PICTURE", &p, PICTURE_THUMB,
                     "", true);
    }
    rc = listing_show(r, l, page);
    return rc == RC_OK ? page_send(r, page) : rc;
}

enum rc page_brand(struct req *r)
{
    static const struct frag_spec spec = { "storefront.brand", .layout = 1, .fresh_s = 60,
                                           .stale_s = 600, .guard = PRODUCT_TAG_SPACE };
    return listing_cached(r, &spec, open_brand(r), build_brand);
}

/* ---- what is on offer -------------------------------------------------------------------------
 */
static struct listing *open_deals(struct req *r)
{
    static const struct search_filter within[] = { { "sale", "1" } };
    return listing_open(r, &(struct listing_scope){ .href = url_path(r, "/deals"),
                                                    .within = within,
                                                    .nwithin = 1,
                                                    .by_category = true,
                                                    .hide = "sale" });
}

static enum rc build_deals(struct req *r)
{
    struct listing *l = open_deals(r);
    enum rc rc = listing_read(r, l);
    if (rc != RC_OK)
        return rc;
    struct tpl *page = page_new(r, "storefront/list.tpl", _("On offer now"));
    page_canonical(r, "/deals");
    page_description(
        r, arena_printf(r->arena, _("What %s sells for less right now"), r->tenant->name));
    trail(r, NULL, NULL, _("On offer now"));
    tpl_set_text(page, "HEADING", _("On offer now"));
    tpl_set_text(
        tpl_row(page, "ABOUT"), "DESCRIPTION",
        _("Each price ends with its offer; the old price beside it is what you paid before."));
    rc = listing_show(r, l, page);
    return rc == RC_OK ? page_send(r, page) : rc;
}

enum rc page_deals(struct req *r)
{
    static const struct frag_spec spec = { "storefront.deals", .layout = 1, .fresh_s = 60,
                                           .stale_s = 600, .guard = PRODUCT_TAG_SPACE };
    return listing_cached(r, &spec, open_deals(r), build_deals);
}
