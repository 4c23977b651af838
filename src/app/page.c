/* page.c: a page is a content template inside a layout. Handlers fill the content; title, trail,
 * navigation, languages and addresses of the layout are filled here, the same way for every page.
 * What differs from visitor to visitor is left as a hole (holes.c), so that what page_send makes
 * can be stored. Invariant: nothing of a session is read here. */
#include "app/page.h"

#include <string.h>

#include "app/loader.h"
#include "app/page_priv.h"
#include "app/router.h"
#include "app/tenant.h"
#include "app/theme.h"
#include "base/log.h"
#include "base/map.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/storage.h"

enum { PAGE_MAX = 8 * 1024 * 1024 };

struct page_state *page_of(struct req *r)
{
    if (!r->page) {
        r->page = arena_new(r->arena, struct page_state);
        r->page->layout = "layout/shell.tpl";
        r->page->status = 200;
    }
    return r->page;
}

void page_forget(struct req *r)
{
    enum shell_stage shell = r->page ? r->page->shell : SHELL_UNASKED;
    r->page =
        NULL; /* its pipeline as well: what a handler queued and did not run has no target now */
    page_of(r)->shell = shell == SHELL_SENT ? SHELL_UNASKED : shell;
    session_requeue(req_live(r));
    buf_clear(&r->out.body);
    r->out.status = 0;
}

static struct page_row *add_row(struct req *r, struct page_rows *rows)
{
    struct page_row *row = arena_new(r->arena, struct page_row);
    if (!rows->last)
        rows->last = &rows->first;
    *rows->last = row;
    rows->last = &row->next;
    return row;
}

bool page_is_served(struct req *r, const char *path)
{
    struct route_match m;
    router_find(r->app->registry->router, r->arena, M_GET, path, &m);
    return m.route != NULL;
}

void page_globals(struct req *r, struct tpl *t)
{
    const char *base = url_prefixed(r, "/");
    tpl_set_global(t, "LANG", r->locale->tag);
    tpl_set_global(t, "DIR", r->locale->dir);
    tpl_set_global(t, "LOCALE", r->locale->tag);
    tpl_set_global(t, "TENANT_NAME", r->tenant ? r->tenant->name : "");
    tpl_set_global(t, "BASE", str_eq(base, "/") ? "" : base);
    tpl_set_global(t, "ICONS", url_asset(r->app, "icons.svg"));
    tpl_set_global(t, "THEME", r->theme);
    tpl_set_global(t, "CURRENCY", r->currency);
    tpl_set_global(t, "CSRF_FIELD", HOLE("csrf"));
}

struct tpl *page_new(struct req *r, const char *file, const char *title)
{
    struct page_state *p = page_of(r);
    check_that(r->locale && r->locale->templates);
    if (!map_get(r->app->registry->templates, file))
        log_error("template not declared", "file=%s module=%s", file,
                  r->module ? r->module->name : "-");
    p->content = tpl_new(r->arena, r->locale->templates, file);
    p->title = arena_strdup(r->arena, title);
    page_globals(r, p->content);
    return p->content;
}

void page_description(struct req *r, const char *text)
{
    page_of(r)->description = arena_strdup(r->arena, text);
}

void page_canonical(struct req *r, const char *path)
{
    page_of(r)->canonical = arena_strdup(r->arena, path);
}

void page_image(struct req *r, const char *url)
{
    page_of(r)->image = arena_strdup(r->arena, url);
}

void page_noindex(struct req *r)
{
    page_of(r)->noindex = true;
}

void page_body_class(struct req *r, const char *cls)
{
    page_of(r)->body_class = cls;
}

void page_query(struct req *r, const char *text)
{
    page_of(r)->query = arena_strdup(r->arena, text);
}

void page_layout(struct req *r, const char *file)
{
    page_of(r)->layout = file;
}

void page_status(struct req *r, int status)
{
    page_of(r)->status = status;
}

void page_jsonld(struct req *r, const struct buf *json)
{
    struct buf b;
    buf_init(&b, r->arena, json->n * 6 + 1);
    for (size_t i = 0; i < json->n; i++) /* "</script" must not end the block */
        if (json->p[i] == '<')
            buf_str(&b, "\\u003c");
        else
            buf_char(&b, json->p[i]);
    if (buf_rc(&b) == RC_OK && buf_rc(json) == RC_OK)
        add_row(r, &page_of(r)->jsonld)->label = b.p;
}

void page_crumb(struct req *r, const char *label, const char *href)
{
    struct page_row *row = add_row(r, &page_of(r)->crumbs);
    row->label = arena_strdup(r->arena, label);
    row->href = arena_strdup(r->arena, href);
}

void page_nav(struct req *r, const char *section, const char *label, const char *href)
{
    struct page_row *row = add_row(r, &page_of(r)->navs);
    row->section = section;
    row->label = arena_strdup(r->arena, label);
    row->href = arena_strdup(r->arena, href);
}

/* ---- the pipeline -----------------------------------------------------------------------------
 */

struct db_pipe *page_pipe(struct req *r)
{
    struct page_state *p = page_of(r);
    if (!p->pipe)
        p->pipe = db_pipe(r->db);
    return p->pipe;
}

enum rc page_run(struct req *r)
{
    shell_send(r);
    enum rc rc = db_pipe_run(page_pipe(r));
    shell_ran(r, rc);
    if (rc == RC_OK)
        session_settle(req_live(r));
    return rc;
}

/* ---- the layout -------------------------------------------------------------------------------
 */

static void optional(struct tpl *t, const char *section, const char *name, const char *value)
{
    if (!str_empty(value))
        tpl_set_text(tpl_row(t, section), name, value);
}

static void fill_head(struct req *r, struct tpl *t)
{
    const struct page_state *p = r->page;
    const char *title = p->title, *shop = r->tenant ? r->tenant->name : NULL;
    if (form_failed(r) && p->status < 400)
        title = arena_printf(r->arena, _("Error: %s"), title ? title : "");
    if (str_empty(title))
        title = shop ? shop : "";
    else if (shop)
        title = arena_printf(r->arena, "%s – %s", title, shop);
    tpl_set_text(t, "TITLE", title);
    tpl_set_text(t, "CSS", url_asset(r->app, "css/app.css"));
    tpl_set_text(t, "FAVICON", url_asset(r->app, "img/favicon.svg"));
    tpl_set_text(t, "REQUEST_ID", HOLE("rid"));
}

static void fill_address(struct req *r, struct tpl *t)
{
    const struct page_state *p = r->page;
    tpl_set_text(t, "ROBOTS", p->noindex ? "noindex" : "index,follow");
    optional(t, "DESCRIPTION_SET", "DESCRIPTION", p->description);
    optional(t, "IMAGE_SET", "IMAGE", p->image ? url_absolute(r, p->image) : NULL);
    if (p->noindex || !p->canonical)
        return;
    optional(t, "CANONICAL_SET", "CANONICAL", url_absolute(r, url_prefixed(r, p->canonical)));
    if (r->tenant->nlocales < 2)
        return;
    const struct locale *now = r->locale;
    for (size_t i = 0; i <= r->tenant->nlocales; i++) { /* the last row is x-default */
        bool any = i == r->tenant->nlocales;
        struct tpl *row = tpl_row(t, "ALTERNATE");
        r->locale = r->tenant->locales[any ? 0 : i];
        tpl_set_text(row, "HREFLANG", any ? "x-default" : r->locale->tag);
        tpl_set_text(row, "HREF", url_absolute(r, url_prefixed(r, p->canonical)));
    }
    r->locale = now;
}

static void fill_crumbs(struct req *r, struct tpl *t)
{
    const struct page_rows *rows = &r->page->crumbs;
    if (!rows->first)
        return;
    struct tpl *all = tpl_row(t, "CRUMBS");
    for (const struct page_row *c = rows->first; c; c = c->next) {
        struct tpl *row = tpl_row(all, "CRUMB");
        tpl_set_text(row, "LABEL", c->label);
        if (c->href)
            tpl_set_text(tpl_row(row, "CRUMB_LINK"), "HREF", c->href);
        else
            tpl_show(row, "CRUMB_HERE", true);
    }
}

static void fill_nav(struct req *r, struct tpl *t, const char *frame, const char *section,
                     const char *area)
{
    struct tpl *all = NULL;
    for (const struct nav_use *u = loader_nav(r->app->registry, area); u; u = u->next) {
        if (u->nav->perm) /* the shell is the same for everybody */
            continue;
        all = all ? all : tpl_row(t, frame);
        struct tpl *row = tpl_row(all, section);
        tpl_set_text(row, "LABEL", tr(u->nav->label));
        tpl_set_text(row, "HREF", url_prefixed(r, u->nav->href));
    }
    for (const struct page_row *n = r->page->navs.first; n; n = n->next) {
        if (!str_eq(n->section, section))
            continue;
        all = all ? all : tpl_row(t, frame);
        struct tpl *row = tpl_row(all, section);
        tpl_set_text(row, "LABEL", n->label);
        tpl_set_text(row, "HREF", n->href);
    }
}

static void fill_choices(struct req *r, struct tpl *t)
{
    const struct tenant *s = r->tenant;
    tpl_set_text(t, "LOCALE_NAME", r->locale->name);
    tpl_show(t, "THEME_LIGHT", str_eq(r->theme, "light"));
    tpl_show(t, "THEME_DARK", str_eq(r->theme, "dark"));
    tpl_show(t, "THEME_AUTO", str_eq(r->theme, "auto"));
    if (s->nlocales > 1) {
        struct tpl *all = tpl_row(t, "LOCALES");
        for (size_t i = 0; i < s->nlocales; i++) {
            struct tpl *row = tpl_row(all, "LOCALE_ITEM");
            tpl_set_text(row, "TAG", s->locales[i]->tag);
            tpl_set_text(row, "NAME", s->locales[i]->name);
            tpl_set_text(row, "HREF", arena_printf(r->arena, HOLE("in-%s"), s->locales[i]->tag));
            tpl_show(row, "CURRENT", s->locales[i] == r->locale);
        }
    }
    if (s->ncurrencies < 2)
        return;
    struct tpl *all = tpl_row(t, "CURRENCIES");
    for (size_t i = 0; i < s->ncurrencies; i++) {
        struct tpl *row = tpl_row(all, "CURRENCY_ITEM");
        tpl_set_text(row, "CODE", s->currencies[i]);
        tpl_set_text(row, "NAME", s->currencies[i]);
        tpl_show(row, "CURRENT", str_eq(s->currencies[i], r->currency));
    }
}

static void fill_theme(struct req *r, struct tpl *t)
{
    const struct theme *look = theme_of(r->app, r->tenant);
    optional(t, "THEME_CSS_SET", "THEME_CSS", look->css);
    tpl_set_text(t, "FAVICON",
                 look->favicon ? look->favicon : url_asset(r->app, "img/favicon.svg"));
    tpl_set_text(t, "LOOK", look->look);
    tpl_set_text(t, "BAR_LIGHT", look->light);
    tpl_set_text(t, "BAR_DARK", look->dark);
    tpl_show(t, "LOGO_NONE", !look->logo);
    tpl_show(t, "BRAND_NAME", !look->logo || !look->logo_alone);
    if (!look->logo)
        return;
    struct tpl *logo = tpl_row(t, "LOGO");
    tpl_set_text(logo, "LOGO_SRC", storage_url(r->app->conf, r->arena, look->logo));
    tpl_set_text(logo, "LOGO_ALT", look->logo_alone ? r->tenant->name : "");
    tpl_set_int(logo, "LOGO_WIDTH", look->logo_width);
    tpl_set_int(logo, "LOGO_HEIGHT", look->logo_height);
}

static void fill_shell(struct req *r, struct tpl *t)
{
    fill_theme(r, t);
    tpl_set_text(t, "JS", url_asset(r->app, "js/app.js"));
    tpl_set_text(t, "HTMX", url_asset(r->app, "vendor/htmx.min.js"));
    tpl_set_text(t, "TOUCH_ICON", url_asset(r->app, "img/touch-icon.png"));
    tpl_set_text(t, "MANIFEST",
                 page_is_served(r, "/site.webmanifest") ? url_prefixed(r, "/site.webmanifest")
                                                        : url_asset(r->app, "site.webmanifest"));
    tpl_set_text(t, "BODY_CLASS", r->page->body_class ? r->page->body_class : "");
    tpl_set_text(t, "QUERY", r->page->query ? r->page->query : "");
    tpl_set_text(t, "HERE", HOLE("here"));
    tpl_set_text(t, "YEAR", arena_strndup(r->arena, instant_rfc3339(r->arena, r->now), 4));
    tpl_set_text(t, "HOLE_FLASH", HOLE("flash"));
    tpl_set_text(t, "HOLE_ACCOUNT", HOLE("account"));
    tpl_set_text(t, "HOLE_CART", HOLE("cart"));
    shell_fill(r);
    page_help(r, t);
    fill_address(r, t);
    fill_crumbs(r, t);
    fill_nav(r, t, "NAV", "NAV_CATEGORY", "header");
    fill_nav(r, t, "NAV_FOOTER_SET", "NAV_FOOTER", "footer");
    fill_choices(r, t);
    for (const struct page_row *j = r->page->jsonld.first; j; j = j->next)
        tpl_set_text(tpl_row(t, "JSONLD"), "JSON", j->label);
}

void page_help(struct req *r, struct tpl *t)
{
    const char *href = page_is_served(r, "/help") ? url_prefixed(r, "/help") : NULL;
    for (const struct page_row *n = r->page->navs.first; n && !href; n = n->next)
        if (str_eq(n->section, "NAV_HELP"))
            href = n->href;
    if (href)
        tpl_set_text(tpl_row(t, "HELP"), "HELP_HREF", href);
}

static enum rc expand(struct req *r, struct tpl *t, struct buf *out)
{
    enum rc rc = tpl_expand(t, out);
    if (rc == RC_OK)
        rc = buf_rc(out);
    return rc == RC_OK ? rc : req_fail(r, RC_BUG, NULL, "template not expanded: %s", rc_name(rc));
}

static enum rc answered(struct req *r, enum rc rc)
{
    if (rc != RC_OK)
        return rc;
    r->out.status = r->page->status;
    r->out.type = "text/html; charset=utf-8";
    return RC_OK;
}

enum rc page_send_fragment(struct req *r, struct tpl *page)
{
    buf_clear(&r->out.body);
    return answered(r, expand(r, page, &r->out.body));
}

enum rc page_send(struct req *r, struct tpl *page)
{
    struct page_state *p = page_of(r);
    struct buf content;
    buf_init(&content, r->arena, PAGE_MAX);
    enum rc rc = expand(r, page, &content);
    if (rc != RC_OK)
        return rc;
    struct tpl *t = tpl_new(r->arena, r->locale->templates, p->layout);
    page_globals(r, t);
    fill_head(r, t);
    tpl_set_bytes(t, "CONTENT", content.p, content.n);
    if (r->tenant)
        fill_shell(r, t);
    buf_clear(&r->out.body);
    return answered(r, expand(r, t, &r->out.body));
}
