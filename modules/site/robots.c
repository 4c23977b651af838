/* robots.c: what search engines read: robots.txt and the sitemaps. The sitemap is an index of
 * pieces; a piece lists a thousand addresses of one language, each with its other languages, and is
 * found by the id it begins with, so none costs more than another. Not for pages of people.
 * Invariants: no piece holds more than 50,000 addresses (the protocol's limit); only what a visitor
 * may open is listed. Addresses are percent-encoded, so they need no escaping in XML. */
#include <string.h>

#include "app/frag.h"
#include "app/tenant.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/site_q.h"
#include "platform/i18n.h"
#include "shop/search_index.h"
#include "site.h"

enum { PIECE_MOST = 1000, XML_MAX = 15 * 1024 * 1024 };

static const struct frag_tag tags[] = { { LISTING_TAG_SPACE, LISTING_TAG_ID },
                                        { "shell", "all" },
                                        { 0 } };
const struct slot_subject site_subject = { "sitemap", NULL, 0 };

/* ---- robots.txt -------------------------------------------------------------------------------
 */
static struct tpl *text_tpl(struct req *r, const char *file)
{
    return tpl_new(r->arena, r->locale->templates, file);
}

static enum rc send_text(struct req *r, struct tpl *t, const char *type, const char *cache)
{
    buf_clear(&r->out.body);
    enum rc rc = tpl_expand(t, &r->out.body);
    r->out.status = 200;
    r->out.type = type;
    req_set_header(r, "Cache-Control", cache);
    return rc;
}

enum rc page_robots(struct req *r)
{
    struct tpl *t = text_tpl(r, "site/robots.txt.tpl");
    if (!tenant_setting_bool(r->app, r->tenant, "site.search_engines"))
        tpl_show(t, "CLOSED", true);
    else
        tpl_set_text(tpl_row(t, "OPEN"), "SITEMAP", url_absolute(r, "/sitemap.xml"));
    return send_text(r, t, "text/plain; charset=utf-8", "public, max-age=3600");
}

/* ---- lines of the slot ------------------------------------------------------------------------
 */
enum rc site_links(struct req *r, struct site_link **out, size_t *n)
{
    struct tpl *t =
        text_tpl(r, "site/lines.txt.tpl"); /* carries the slot's text through slot_set */
    struct buf b;
    char **line;
    enum rc rc = slot_set(r, "sitemap.links", &site_subject, 0, t, "SLOT_LINKS");
    buf_init(&b, r->arena, XML_MAX);
    if (rc == RC_OK)
        rc = tpl_expand(t, &b);
    if (rc != RC_OK)
        return rc;
    size_t lines = str_split(r->arena, b.n > 0 ? b.p : "", '\n', &line);
    *out = arena_array(r->arena, struct site_link, lines);
    *n = 0;
    for (size_t i = 0; i < lines; i++) {
        char **part;
        if (str_split(r->arena, line[i], '\t', &part) == 3 && part[0][0] == '/')
            (*out)[(*n)++] = (struct site_link){ part[0], part[1], part[2] };
    }
    return RC_OK;
}

/* ---- one address ------------------------------------------------------------------------------
 */
static const char *whole(struct req *r, const char *path)
{
    return url_absolute(r, url_local(r, path));
}

static void add_url(struct req *r, struct tpl *t, const char *path, const char *changed)
{
    struct tpl *row = tpl_row(t, "URL");
    const struct locale *now = r->locale;
    const struct tenant *s = r->tenant;
    tpl_set_text(row, "LOC", whole(r, path));
    if (!str_empty(changed))
        tpl_set_text(tpl_row(row, "CHANGED"), "LASTMOD", changed);
    for (size_t i = 0; s->nlocales > 1 && i <= s->nlocales; i++) { /* the last is x-default */
        struct tpl *alt = tpl_row(row, "ALTERNATE");
        r->locale = s->locales[i % s->nlocales];
        tpl_set_text(alt, "HREFLANG", i == s->nlocales ? "x-default" : r->locale->tag);
        tpl_set_text(alt, "HREF", whole(r, path));
    }
    r->locale = now;
}

static void add_entries(struct req *r, struct tpl *t, const char *area,
                        const struct site_entry_list *e)
{
    for (size_t i = 0; i < e->n; i++)
        add_url(r, t, arena_printf(r->arena, "%s%s", area, e->row[i].slug),
                instant_rfc3339(r->arena, e->row[i].changed));
}

/* ---- pieces -----------------------------------------------------------------------------------
 */
static enum rc fill_pages(struct req *r, struct tpl *t)
{
    static const char *const fixed[] = { "/", "/c", "/brands", "/deals", "/sitemap" };
    struct site_link *l;
    size_t n;
    struct site_entry_list brands = { 0 }, collections = { 0 };
    if (page_is_served(r, "/brands")) {
        site_q_brands_send(page_pipe(r), &brands);
        site_q_collections_send(page_pipe(r), r->now, &collections);
    }
    enum rc rc = slot_send(r, "sitemap.links", &site_subject);
    if (rc == RC_OK)
        rc = page_run(r);
    if (rc == RC_OK)
        rc = site_links(r, &l, &n);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < COUNT_OF(fixed); i++)
        if (page_is_served(r, fixed[i]))
            add_url(r, t, fixed[i], NULL);
    for (size_t i = 0; i < n; i++)
        add_url(r, t, l[i].path, l[i].changed);
    add_entries(r, t, "/brand/", &brands);
    add_entries(r, t, "/collection/", &collections);
    return RC_OK;
}

static enum rc fill_piece(struct req *r, void *arg, struct buf *out)
{
    const char *name = arg;
    struct tpl *t = text_tpl(r, "site/sitemap.txt.tpl");
    struct site_entry_list entries;
    struct uuid first;
    enum rc rc = RC_NOTFOUND;
    if (str_eq(name, "pages"))
        rc = fill_pages(r, t);
    else if (str_starts(name, "products-") && uuid_parse(name + 9, &first) == RC_OK) {
        rc = site_q_products(r->db, first, r->now, PIECE_MOST, &entries);
        if (rc == RC_OK)
            add_entries(r, t, "/p/", &entries);
    } else if (str_starts(name, "categories-") && uuid_parse(name + 11, &first) == RC_OK) {
        rc = site_q_categories(r->db, first, PIECE_MOST, &entries);
        if (rc == RC_OK)
            add_entries(r, t, "/c/", &entries);
    }
    return rc == RC_OK ? tpl_expand(t, out) : rc;
}

static enum rc send_xml(struct req *r, const struct frag_spec *spec, const char *vary,
                        frag_fill *fill, const char *name)
{
    buf_clear(&r->out.body);
    enum rc rc =
        frag_render(r, spec, tags, arena_printf(r->arena, "%s\x1f%s", url_absolute(r, "/"), vary),
                    fill, (void *)(uintptr_t)name, &r->out.body);
    if (rc != RC_OK)
        return rc;
    r->out.status = 200;
    r->out.type = "application/xml; charset=utf-8";
    req_set_header(r, "Cache-Control", "public, max-age=3600");
    return RC_OK;
}

enum rc page_sitemap_part(struct req *r)
{
    static const struct frag_spec spec = { "site.sitemap", .layout = 1, .fresh_s = 3600,
                                           .stale_s = 86400 };
    const char *file = req_param(r, "file"), *dot = strrchr(file, '.');
    if (dot == NULL || !str_eq(dot, ".xml"))
        return req_fail(r, RC_NOTFOUND, NULL, "no sitemap %s", file);
    const char *name = arena_strndup(r->arena, file, (size_t)(dot - file));
    enum rc rc = send_xml(r, &spec, name, fill_piece, name);
    return rc == RC_NOTFOUND ? req_fail(r, rc, NULL, "no sitemap %s", file) : rc;
}

/* ---- the index --------------------------------------------------------------------------------
 */
static void add_piece(struct req *r, struct tpl *t, const char *path, const char *changed)
{
    struct tpl *row = tpl_row(t, "PIECE");
    tpl_set_text(row, "LOC", whole(r, path));
    if (changed != NULL)
        tpl_set_text(tpl_row(row, "CHANGED"), "LASTMOD", changed);
}

static void add_pieces(struct req *r, struct tpl *t, const char *kind,
                       const struct site_piece_list *p)
{
    for (size_t i = 0; i < p->n; i++)
        add_piece(r, t,
                  arena_printf(r->arena, "/sitemap/%s-%s.xml", kind,
                               uuid_str(r->arena, p->row[i].first_id)),
                  instant_rfc3339(r->arena, p->row[i].changed));
}

static enum rc fill_index(struct req *r, void *arg, struct buf *out)
{
    struct site_piece_list products, categories;
    const struct locale *now = r->locale;
    (void)arg;
    site_q_product_pieces_send(page_pipe(r), r->now, PIECE_MOST, &products);
    site_q_category_pieces_send(page_pipe(r), PIECE_MOST, &categories);
    enum rc rc = page_run(r);
    if (rc != RC_OK)
        return rc;
    struct tpl *t = text_tpl(r, "site/index.txt.tpl");
    for (size_t i = 0; i < r->tenant->nlocales; i++) {
        r->locale = r->tenant->locales[i];
        add_piece(r, t, "/sitemap/pages.xml", NULL);
        add_pieces(r, t, "categories", &categories);
        add_pieces(r, t, "products", &products);
    }
    r->locale = now;
    return tpl_expand(t, out);
}

enum rc page_sitemap_index(struct req *r)
{
    static const struct frag_spec spec = { "site.index", .layout = 1, .fresh_s = 3600,
                                           .stale_s = 86400 };
    return send_xml(r, &spec, "", fill_index, NULL);
}
