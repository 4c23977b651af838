/* collection.c: the page of a collection: its words and picture above a listing. What is in it and
 * how it is narrowed is listing.h's. Invariant: an address that shows nothing says why: a new one
 * (301), one that is gone (410), or none (404). */
#include "base/str.h"
#include "listing.h"
#include "platform/i18n.h"
#include "shop/text.h"

static struct listing *open_collection(struct req *r)
{
    const char *slug = req_param(r, "slug");
    return listing_open(r, &(struct listing_scope){ .href = url_path(r, "/collection/%s", slug),
                                                    .collection = slug,
                                                    .by_category = true });
}

static enum rc missing(struct req *r, const char *slug)
{
    struct storefront_address_maybe a;
    enum rc rc = storefront_q_collection_address(r->db, slug, &a);
    if (rc != RC_OK)
        return rc;
    if (a.found && a.row.is_gone)
        return req_fail(r, RC_GONE, NULL, "collection %s was here", slug);
    if (!a.found || str_eq(a.row.slug, slug))
        return req_fail(r, RC_NOTFOUND, NULL, "no collection %s", slug);
    struct buf path;
    buf_init(&path, r->arena, 2000);
    buf_str(&path, "/collection/");
    buf_url(&path, a.row.slug);
    return buf_rc(&path) == RC_OK ? req_moved(r, path.p) : RC_BUG;
}

static enum rc build_collection(struct req *r)
{
    const char *slug = req_param(r, "slug");
    struct storefront_collection_maybe found;
    struct listing *l = open_collection(r);
    storefront_q_collection_send(page_pipe(r), storefront_chain(r), slug, r->now, &found);
    enum rc rc = listing_read(r, l);
    if (rc != RC_OK)
        return rc;
    if (!found.found)
        return missing(r, slug);
    const struct storefront_collection *c = &found.row;
    struct tpl *page = page_new(r, "storefront/list.tpl", str_empty(c->title) ? c->name : c->title);
    page_until(r, c->valid_until);
    page_canonical(r, arena_printf(r->arena, "/collection/%s", c->slug));
    page_description(r, !str_empty(c->about)      ? c->about
                        : *c->description != '\0' ? text_plain(r->arena, c->description, 160)
                                                  : c->name);
    page_crumb(r, _("Home"), url_path(r, "/"));
    page_crumb(r, c->name, NULL);
    tpl_set_text(page, "HEADING", c->name);
    if (*c->description != '\0')
        tpl_set_text(tpl_row(page, "ABOUT"), "DESCRIPTION",
                     text_plain(r->arena, c->description, 600));
    if (c->image_path != NULL) {
        const struct picture p = { c->image_path, c->image_width, c->image_height, c->image_look };
        picture_show(r->app->conf, r->arena, tpl_row(page, "FACE"), "PICTURE", &p, PICTURE_THUMB,
                     "", true);
    }
    rc = listing_show(r, l, page);
    return rc == RC_OK ? page_send(r, page) : rc;
}

enum rc page_collection(struct req *r)
{
    static const struct frag_spec spec = { "storefront.collection", .layout = 1, .fresh_s = 60,
                                           .stale_s = 600, .guard = PRODUCT_TAG_SPACE };
    return listing_cached(r, &spec, open_collection(r), build_collection);
}
