/* device.c: what a phone asks of a shop: the manifest that lets it be put on the home screen, and
 * the service worker's first lines: which page to show when there is no network, and which assets
 * that page needs. The worker itself is static/js/sw.js. Invariant: the worker's text changes when
 * an asset does, and never with who asks. */
#include "app/tenant.h"
#include "app/theme.h"
#include "base/str.h"
#include "platform/i18n.h"
#include "platform/json.h"
#include "site.h"

enum { JSON_MAX = 16 * 1024 };

static void pair(struct jw *w, const char *key, const char *value)
{
    jw_key(w, key);
    jw_text(w, value);
}

static void icon(struct jw *w, const char *src, const char *sizes, const char *type)
{
    jw_object(w);
    pair(w, "src", src);
    pair(w, "sizes", sizes);
    pair(w, "type", type);
    pair(w, "purpose", "any maskable");
    jw_end_object(w);
}

enum rc page_manifest(struct req *r)
{
    const struct theme *look = theme_of(r->app, r->tenant);
    struct buf b;
    struct jw w;
    buf_init(&b, r->arena, JSON_MAX);
    jw_init(&w, &b);
    jw_object(&w);
    pair(&w, "id", "/");
    pair(&w, "name", r->tenant->name);
    pair(&w, "short_name", r->tenant->name);
    pair(&w, "lang", r->locale->tag);
    pair(&w, "dir", r->locale->dir);
    pair(&w, "start_url", url_path(r, "/"));
    pair(&w, "scope", "/");
    pair(&w, "display", "minimal-ui");
    pair(&w, "background_color", look->light);
    pair(&w, "theme_color", look->light);
    jw_key(&w, "icons");
    jw_array(&w);
    icon(&w, url_asset(r->app, "img/icon-192.png"), "192x192", "image/png");
    icon(&w, url_asset(r->app, "img/icon-512.png"), "512x512", "image/png");
    if (look->favicon != NULL && str_ends(look->favicon, ".svg"))
        icon(&w, look->favicon, "any", "image/svg+xml");
    jw_end_array(&w);
    jw_end_object(&w);
    enum rc rc = req_json(r, 200, &b);
    r->out.type = "application/manifest+json";
    req_set_header(r, "Cache-Control", "public, max-age=3600");
    return rc;
}

/* {"offline":{"":"/offline","si":"/si/offline"},"assets":[...],"seen":["/p/"]} */
static enum rc worker_facts(struct req *r, struct buf *b)
{
    static const char *const assets[] = { "css/app.css", "icons.svg", "js/app.js", "js/offline.js",
                                          "img/favicon.svg" };
    const struct locale *now = r->locale;
    struct jw w;
    buf_init(b, r->arena, JSON_MAX);
    jw_init(&w, b);
    jw_object(&w);
    jw_key(&w, "offline");
    jw_object(&w);
    for (size_t i = 0; i < r->tenant->nlocales; i++) {
        r->locale = r->tenant->locales[i];
        pair(&w, i == 0 ? "" : r->locale->tag, url_path(r, "/offline"));
    }
    r->locale = now;
    jw_end_object(&w);
    jw_key(&w, "assets");
    jw_array(&w);
    for (size_t i = 0; i < COUNT_OF(assets); i++)
        jw_text(&w, url_asset(r->app, assets[i]));
    jw_end_array(&w);
    jw_end_object(&w);
    return buf_rc(b);
}

enum rc page_worker(struct req *r)
{
    struct buf facts;
    struct tpl *t = tpl_new(r->arena, r->locale->templates, "site/worker.txt.tpl");
    enum rc rc = worker_facts(r, &facts);
    if (rc != RC_OK)
        return rc;
    tpl_set_text(t, "JSON", facts.p);
    tpl_set_text(t, "SCRIPT", url_asset(r->app, "js/sw.js"));
    buf_clear(&r->out.body);
    rc = tpl_expand(t, &r->out.body);
    r->out.status = 200;
    r->out.type = "text/javascript; charset=utf-8";
    req_set_header(r, "Cache-Control", "public, max-age=0, must-revalidate");
    return rc;
}
