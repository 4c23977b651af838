/* pages.c: one text of the shop, and the links to all of them. The text is Markdown; its headings
 * of the second level make sections with an outline above them. Not an editor. Invariant: nothing
 * here depends on who is looking. */
#include <string.h>

#include "app/tenant.h"
#include "base/str.h"
#include "base/time.h"
#include "cms.h"
#include "gen/cms_q.h"
#include "platform/fmt.h"
#include "platform/i18n.h"
#include "shop/text.h"

enum { PARTS_MOST = 60, OUTLINE_FROM = 3 };

/* Languages to look in, best first; empty in the shop's own. English helps out where it is another.
 */
static struct texts chain_of(struct req *r)
{
    const char **v = arena_array(r->arena, const char *, 2);
    size_t n = 0;
    if (r->locale == r->tenant->locale)
        return (struct texts){ v, 0 };
    v[n++] = r->locale->tag;
    if (!str_eq(r->locale->tag, "en") && !str_eq(r->tenant->locale->tag, "en"))
        v[n++] = "en";
    return (struct texts){ v, n };
}

/* ---- links ------------------------------------------------------------------------------------
 */
struct links {
    struct cms_link_list rows, map;
};

enum rc slot_links_send(struct req *r, struct db_pipe *p, const struct slot_subject *s)
{
    (void)s;
    cms_q_links_send(p, chain_of(r), r->now, &req_ctx(r, struct links, &APP_ENTRY)->rows);
    return RC_OK;
}

enum rc slot_map_send(struct req *r, struct db_pipe *p, const struct slot_subject *s)
{
    (void)s;
    cms_q_links_send(p, chain_of(r), r->now, &req_ctx(r, struct links, &APP_ENTRY)->map);
    return RC_OK;
}

enum rc slot_links(struct req *r, const struct slot_subject *s, size_t i, struct buf *out)
{
    const struct cms_link_list *rows = &req_ctx(r, struct links, &APP_ENTRY)->rows;
    (void)s;
    (void)i;
    (void)out;
    for (size_t k = 0; k < rows->n; k++) {
        const char *href = url_path(r, "/pages/%s", rows->row[k].slug);
        if (str_eq(rows->row[k].slug, "help"))
            page_nav(r, "NAV_HELP", rows->row[k].title, href);
        else if (rows->row[k].in_footer)
            page_nav(r, "NAV_FOOTER", rows->row[k].title, href);
    }
    return RC_OK;
}

enum rc slot_map(struct req *r, const struct slot_subject *s, size_t i, struct buf *out)
{
    const struct cms_link_list *rows = &req_ctx(r, struct links, &APP_ENTRY)->map;
    (void)s;
    (void)i;
    for (size_t k = 0; k < rows->n; k++)
        if (rows->row[k].is_indexed)
            buf_printf(out, "/pages/%s\t%s\t%s\n", rows->row[k].slug,
                       instant_rfc3339(r->arena, rows->row[k].updated_at), rows->row[k].title);
    return RC_OK;
}

/* ---- one text ---------------------------------------------------------------------------------
 */
/* "## Heading" begins a part; what stands before the first is the lead. Fenced code is left whole.
 */
static bool begins_part(const char *line)
{
    return str_starts(line, "## ");
}

static enum rc fill_part(struct req *r, struct tpl *page, struct tpl *outline, const char *heading,
                         const char *body, int no)
{
    char *html;
    enum rc rc = text_html(r->arena, body, &html);
    if (rc != RC_OK)
        return rc;
    if (heading == NULL) {
        if (*html != '\0')
            tpl_set_text(tpl_row(page, "LEAD"), "BODY_HTML", html);
        return RC_OK;
    }
    const char *id = arena_printf(r->arena, "part-%d", no);
    struct tpl *part = tpl_row(page, "PART");
    tpl_set_text(part, "ID", id);
    tpl_set_text(part, "HEADING", heading);
    tpl_set_text(part, "BODY_HTML", html);
    if (outline != NULL) {
        struct tpl *entry = tpl_row(outline, "ENTRY");
        tpl_set_text(entry, "ID", id);
        tpl_set_text(entry, "HEADING", heading);
    }
    return RC_OK;
}

static int count_parts(char **line, size_t n)
{
    int parts = 0;
    for (size_t i = 0; i < n; i++)
        parts += begins_part(line[i]);
    return parts;
}

static enum rc fill_body(struct req *r, struct tpl *page, const char *body)
{
    char **line;
    size_t n = str_split(r->arena, body, '\n', &line);
    int parts = count_parts(line, n), no = 0;
    struct tpl *outline =
        parts >= OUTLINE_FROM && parts <= PARTS_MOST ? tpl_row(page, "OUTLINE") : NULL;
    const char *heading = NULL;
    struct buf part;
    enum rc rc = RC_OK;
    buf_init(&part, r->arena, TEXT_MAX + 2);
    for (size_t i = 0; i <= n && rc == RC_OK; i++) {
        if (i == n || begins_part(line[i])) {
            rc = fill_part(r, page, outline, heading, part.n > 0 ? part.p : "", no++);
            if (i < n)
                heading = str_trim(r->arena, line[i] + 3);
            buf_clear(&part);
        } else {
            buf_str(&part, line[i]);
            buf_char(&part, '\n');
        }
    }
    return rc;
}

/* The other texts, as in the footer: who reads one often wants the next. */
static void fill_others(struct req *r, struct tpl *page, const char *slug)
{
    const struct cms_link_list *rows = &req_ctx(r, struct links, &APP_ENTRY)->rows;
    if (rows->n < 2)
        return;
    struct tpl *all = tpl_row(page, "OTHERS");
    for (size_t i = 0; i < rows->n; i++) {
        struct tpl *row = tpl_row(all, "OTHER");
        tpl_set_text(row, "LABEL", rows->row[i].title);
        tpl_set_text(row, "HREF", url_path(r, "/pages/%s", rows->row[i].slug));
        tpl_show(row, "CURRENT", str_eq(rows->row[i].slug, slug));
    }
}

static enum rc missing(struct req *r, const char *slug)
{
    struct cms_address_maybe a;
    enum rc rc = cms_q_page_address(r->db, slug, r->now, &a);
    if (rc != RC_OK)
        return rc;
    if (a.found && a.row.is_gone)
        return req_fail(r, RC_GONE, NULL, "text %s was here", slug);
    if (a.found && a.row.is_live && !str_eq(a.row.slug, slug)) {
        struct buf path;
        buf_init(&path, r->arena, 2000);
        buf_str(&path, "/pages/");
        buf_url(&path, a.row.slug);
        return buf_rc(&path) == RC_OK ? req_moved(r, path.p) : RC_BUG;
    }
    return req_fail(r, RC_NOTFOUND, NULL, "no text %s", slug);
}

static enum rc build_text(struct req *r)
{
    const char *slug = req_param(r, "slug");
    struct cms_page_maybe found;
    cms_q_page_send(page_pipe(r), chain_of(r), slug, r->now, &found);
    enum rc rc = page_run(r);
    if (rc != RC_OK)
        return rc;
    if (!found.found)
        return missing(r, slug);
    const struct cms_page *p = &found.row;
    const char *path = arena_printf(r->arena, "/pages/%s", p->slug);
    struct tpl *page = page_new(r, "cms/page.tpl", p->title);
    page_canonical(r, path);
    page_description(r, *p->summary != '\0' ? p->summary : text_plain(r->arena, p->body, 160));
    page_body_class(r, "text");
    if (!p->is_indexed)
        page_noindex(r);
    page_crumb(r, _("Home"), url_path(r, "/"));
    page_crumb(r, p->title, NULL);
    tpl_set_text(page, "TITLE", p->title);
    if (*p->summary != '\0')
        tpl_set_text(tpl_row(page, "SUMMARY_SET"), "SUMMARY", p->summary);
    tpl_set_text(page, "UPDATED",
                 fmt_time(r->arena, r->locale, p->updated_at, r->tenant->zone, FMT_DATE));
    tpl_set_text(page, "UPDATED_AT",
                 arena_printf(r->arena, "%.19sZ", instant_rfc3339(r->arena, p->updated_at)));
    tpl_set_text(page, "SHARE_URL", url_absolute(r, url_path(r, "/pages/%s", p->slug)));
    fill_others(r, page, p->slug);
    rc = fill_body(r, page, p->body);
    return rc == RC_OK ? page_send(r, page) : rc;
}

enum rc page_text(struct req *r)
{
    static const struct frag_spec spec = { "cms.page", .layout = 1, .fresh_s = 60, .stale_s = 600 };
    return page_cached(r, &spec, NULL, "", build_text);
}
