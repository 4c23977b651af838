/* pages.c: what all pages of the storefront do alike: languages, settings, caching, menu, trail,
 * and what becomes of an address that shows nothing. Invariant: nothing here depends on who is
 * looking, so that pages can be shared. */
#include "pages.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "platform/fmt.h"
#include "platform/storage.h"
#include "shop/search_index.h"

struct texts storefront_chain(struct req *r)
{
    const char **v = arena_array(r->arena, const char *, 2);
    size_t n = 0;
    if (r->locale == r->tenant->locale)
        return (struct texts){ v, 0 };
    v[n++] = r->locale->tag;
    /* English helps out where the shop's own language is another and the page's text is missing. */
    if (!str_eq(r->locale->tag, "en") && !str_eq(r->tenant->locale->tag, "en"))
        v[n++] = "en";
    return (struct texts){ v, n };
}

unsigned storefront_texts(struct texts chain)
{
    return chain.n > 0 ? ~0u : 0;
}

const char *storefront_setting(struct req *r, const char *key)
{
    const char *own = "";
    if (r->locale != r->tenant->locale)
        own =
            tenant_setting(r->app, r->tenant, arena_printf(r->arena, "%s.%s", key, r->locale->tag));
    return *own != '\0' ? own : tenant_setting(r->app, r->tenant, key);
}

enum rc storefront_cached(struct req *r, const struct frag_spec *spec, const char *vary,
                          app_handler *build)
{
    static const struct frag_tag tags[] = { { LISTING_TAG_SPACE, LISTING_TAG_ID }, { 0 } };
    return page_cached(r, spec, tags,
                       arena_printf(r->arena, "%" PRIu64 "|%s", r->tenant->generation, vary),
                       build);
}

void storefront_shows(struct req *r, struct uuid product)
{
    page_depends(r, PRODUCT_TAG_SPACE, uuid_str(r->arena, product));
}

/* ---- the menu of every page: slot shell.nav ----------------------------------------------------
 */
enum rc slot_menu_send(struct req *r, struct db_pipe *p, const struct slot_subject *s)
{
    struct texts chain = storefront_chain(r);
    (void)s;
    storefront_q_category_menu_send(p, STOREFRONT_CATEGORY_MENU_FRAG_TR & storefront_texts(chain),
                                    chain, MENU_MOST,
                                    &req_ctx(r, struct storefront_state, &APP_ENTRY)->menu);
    return RC_OK;
}

enum rc slot_menu(struct req *r, const struct slot_subject *s, size_t i, struct buf *out)
{
    const struct storefront_category_tile_list *menu =
        &req_ctx(r, struct storefront_state, &APP_ENTRY)->menu;
    (void)s;
    (void)i;
    (void)out;
    for (size_t k = 0; k < menu->n; k++)
        page_nav(r, "NAV_CATEGORY", menu->row[k].name, url_path(r, "/c/%s", menu->row[k].slug));
    return RC_OK;
}

const char *storefront_count(struct req *r, int64_t n)
{
    return arena_printf(r->arena, tr_n("%s product", "%s products", (unsigned long)n),
                        fmt_int(r->arena, r->locale, n));
}

const char *storefront_media(struct req *r, const char *path)
{
    return storage_url(r->app->conf, r->arena, path);
}

/* The name stands beside it, so the picture is decoration. */
void storefront_tile_image(struct req *r, struct tpl *t, const struct storefront_category_tile *c,
                           enum picture_place place)
{
    if (c->image_path == NULL) {
        tpl_show(t, "NO_IMAGE", true);
        return;
    }
    const struct picture p = { c->image_path, c->image_width, c->image_height, c->image_look };
    picture_show(r->app->conf, r->arena, t, "PICTURE", &p, place, "", false);
}

void storefront_trail(struct req *r, const struct storefront_crumb_list *trail, const char *here)
{
    size_t n = here == NULL && trail->n > 0 ? trail->n - 1 : trail->n;
    page_crumb(r, _("Home"), url_path(r, "/"));
    for (size_t i = 0; i < n; i++)
        page_crumb(r, trail->row[i].name, url_path(r, "/c/%s", trail->row[i].slug));
    if (here == NULL && trail->n > 0)
        here = trail->row[n].name;
    page_crumb(r, here != NULL ? here : "", NULL);
}

enum rc storefront_missing(struct req *r, char kind, const char *slug)
{
    struct storefront_address_maybe a;
    enum rc rc = kind == 'p' ? storefront_q_product_address(r->db, slug, r->now, &a)
                             : storefront_q_category_address(r->db, slug, &a);
    if (rc != RC_OK)
        return rc;
    if (a.found && a.row.is_gone)
        return req_fail(r, RC_GONE, NULL, "%c %s was here", kind, slug);
    if (a.found && a.row.is_live && !str_eq(a.row.slug, slug)) {
        struct buf path;
        buf_init(&path, r->arena, 2000);
        buf_printf(&path, "/%c/", kind);
        buf_url(&path, a.row.slug);
        return buf_rc(&path) == RC_OK ? req_moved(r, path.p) : RC_BUG;
    }
    return req_fail(r, RC_NOTFOUND, NULL, "no %c %s", kind, slug);
}
