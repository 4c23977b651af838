/* req_route.c: whose shop, which language and which route a request is for, and what theme and
 * currency its visitor chose. It reads no session and no body. Invariant: after it r->tenant is
 * active (or the route is R_NO_TENANT) and db's scope is that tenant. */
#include <string.h>

#include "app/loader.h"
#include "app/req_priv.h"
#include "app/router.h"
#include "app/tenant.h"
#include "base/log.h"
#include "base/str.h"

/* Nobody knows when a suspended shop opens again: crawlers need not ask every other second. */
enum { SUSPENDED_RETRY_S = 3600 };

static void match(struct req_live *l, unsigned method, struct route_match *m)
{
    router_find(l->r.app->registry->router, l->r.arena, method, l->r.path, m);
}

static void take(struct req_live *l, const struct route_match *m)
{
    l->r.route = m->route;
    l->r.module = m->module;
    l->r.params = m->params;
    l->r.nparams = m->nparams;
}

enum rc req_find_tenant(struct req_live *l)
{
    struct req *r = &l->r;
    struct route_match m;
    match(l, r->method, &m);
    if (m.route && (m.route->flags & R_NO_TENANT)) { /* health answers on any host */
        take(l, &m);
        return RC_OK;
    }
    enum rc rc = tenant_by_host(r->app, r->host, &r->tenant);
    if (rc == RC_NOTFOUND) {
        r->tenant = NULL;
        l->status = 404;
        return req_fail(r, rc, _("There is no shop at this address. Check how it is written."),
                        "host %s is nobody's", r->host);
    }
    if (rc != RC_OK)
        return req_fail(r, rc, NULL, "shop of host %s not read: %s", r->host,
                        db_error(r->db)->message ? db_error(r->db)->message : "");
    if (r->tenant->status != TENANT_ACTIVE) {
        bool closed = r->tenant->status == TENANT_CLOSED;
        const char *slug = r->tenant->slug;
        r->tenant = NULL;
        l->status = closed ? 410 : 503;
        l->wait_s = closed ? 0 : SUSPENDED_RETRY_S;
        return req_fail(r, closed ? RC_GONE : RC_UPSTREAM,
                        closed ? _("This shop has closed.")
                               : _("This shop is not open at the moment. Try again later, or write "
                                   "to the shop directly."),
                        "shop %s is not active", slug);
    }
    db_scope_tenant(r->db, &r->tenant->id);
    return RC_OK;
}

static bool in_area(const char *path, const char *area)
{
    size_t n = strlen(area);
    return strncmp(path, area, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

/* Staff areas and the API take the browser's language; shop pages the address's. nginx chooses the
 * pool by the area, so an area below a language prefix is no address: it would run in the
 * shop's. */
static void choose_language(struct req_live *l)
{
    static const char *const areas[] = { "/admin", "/seller", "/platform", "/api" };
    struct req *r = &l->r;
    const struct tenant *t = r->tenant;
    size_t n = url_prefix_length(r, r->path, &r->locale);
    bool area = false;
    for (size_t i = 0; i < COUNT_OF(areas); i++)
        area |= in_area(r->path + n, areas[i]);
    if (n > 0 && !area) {
        r->path = r->path[n] ? r->path + n : "/";
    } else if (n == 0) {
        const struct locale *asked =
            area ? req_language(req_header(r, "accept-language"), t->locales, t->nlocales) : NULL;
        r->locale = asked ? asked : t->locale;
    }
    i18n_use(r->locale);
}

static void choose_theme(struct req *r)
{
    static const char *const themes[] = { "light", "dark" };
    const char *c = req_cookie(r, "theme");
    r->theme = "auto";
    for (size_t i = 0; i < COUNT_OF(themes); i++)
        if (str_eq(c, themes[i]))
            r->theme = themes[i];
}

static void choose_currency(struct req *r)
{
    const char *c = req_cookie(r, "currency");
    r->currency = r->tenant->currency;
    for (size_t i = 0; i < r->tenant->ncurrencies; i++)
        if (str_eq(c, r->tenant->currencies[i]))
            r->currency = r->tenant->currencies[i];
}

/* "/c/solar/" -> "/c/solar", "/en/p/x" -> "/p/x" where English is the first language. */
static const char *better_address(struct req_live *l)
{
    struct req *r = &l->r;
    struct route_match m;
    const char *path = r->path, *tag = r->tenant->locale->tag;
    size_t n = strlen(path), ntag = strlen(tag);
    if (n > ntag && path[0] == '/' && strncmp(path + 1, tag, ntag) == 0 &&
        (path[ntag + 1] == '/' || path[ntag + 1] == '\0'))
        path = path[ntag + 1] ? path + ntag + 1 : "/";
    n = strlen(path);
    if (n > 1 && path[n - 1] == '/')
        path = arena_strndup(r->arena, path, n - 1);
    if (path == r->path)
        return NULL;
    router_find(r->app->registry->router, r->arena, M_GET, path, &m);
    return m.route ? path : NULL;
}

static const char *encoded(struct req *r, const char *path)
{
    struct buf b;
    buf_init(&b, r->arena, 8192);
    for (const char *p = path; *p;) {
        size_t n = strcspn(p, "/");
        buf_url(&b, arena_strndup(r->arena, p, n));
        if (p[n] == '/')
            buf_char(&b, '/');
        p += n + (p[n] == '/');
    }
    return buf_rc(&b) == RC_OK ? b.p : "/";
}

static enum rc query_check(struct req_live *l)
{
    struct req *r = &l->r;
    if (r->args_left_out == 0 || (r->route->flags & R_ANY_QUERY))
        return RC_OK;
    l->status = 400;
    return req_fail(r, RC_INVALID, NULL, "%zu parts of the query cannot be read", r->args_left_out);
}

enum rc req_find_route(struct req_live *l)
{
    struct req *r = &l->r;
    struct route_match m;
    if (r->route)
        return query_check(l);
    const char *asked_path = r->path;
    choose_language(l);
    choose_theme(r);
    choose_currency(r);
    /* the web server chooses by the same prefixes; what comes here past it is not served by the
     * wrong role */
    if (!conf_pool_serves(r->app->conf, r->app->pool, asked_path))
        return req_fail(r, RC_NOTFOUND, NULL, "not an address of pool %s", r->app->pool);
    match(l, r->method, &m);
    if (m.route) {
        take(l, &m);
        return query_check(l);
    }
    if (m.allowed) {
        l->allowed = m.allowed;
        l->status = 405;
        return req_fail(r, RC_INVALID, _("This address does not answer that kind of request."),
                        "%s is not allowed here", r->method_name);
    }
    const char *better = r->method == M_GET ? better_address(l) : NULL;
    if (better) {
        const char *to = encoded(r, better), *asked = to; /* what was asked of it goes along */
        if (*r->query)
            asked = arena_printf(r->arena, "%s?%s", to, r->query);
        enum rc rc = req_moved(r, url_is_inside(asked) ? asked : to);
        return rc == RC_OK ? RC_DECLINED : rc; /* answered: there is nothing to serve */
    }
    return req_fail(r, RC_NOTFOUND, NULL, "no route");
}
