/* headers.c: what every answer says about itself: what a browser may do with it, how long anybody
 * may keep it, and how long it took. Invariant: an answer that set a cookie, showed something
 * personal or failed is never marked as shareable. */
#include <string.h>

#include "app/req_priv.h"
#include "base/str.h"

/* Everything from ourselves, nothing inline, nothing framed (ux.md 2.5 was measured under it). */
#define POLICY_BEFORE "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'"
#define POLICY_AFTER                                                                               \
    "; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "             \
    "frame-ancestors 'none'; base-uri 'none'"
static const char page_policy[] = POLICY_BEFORE POLICY_AFTER;
/* A worker of the browser loads our scripts and asks us for pages, and no more. */
static const char script_policy[] =
    "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'";
static const char data_policy[] = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

static bool has_header(const struct req *r, const char *name)
{
    for (size_t i = 0; i < r->out.nheaders; i++)
        if (str_ieq(r->out.header[i].name, name))
            return true;
    return false;
}

/* A 304 stands for the page a browser has: what it says replaces what was said with that page, and
 * the policy for data would leave it without style and script. Only pages have a validator. */
static bool is_html(const struct req *r)
{
    if (r->out.status == 304)
        return true;
    return r->out.type && str_starts(r->out.type, "text/html");
}

/* Pictures may lie with a store on another host: its origin and no more. */
static const char *policy_of_pages(struct req *r)
{
    const char *url = r->app->conf->storage_public_url, *host = url ? strstr(url, "://") : NULL;
    if (!host)
        return page_policy;
    size_t n = (size_t)(host - url) + 3 + strcspn(host + 3, "/?#");
    if (strcspn(url, " ;,'\"\t\r\n") < n)
        return page_policy;
    return arena_printf(r->arena, POLICY_BEFORE " %.*s" POLICY_AFTER, (int)n, url);
}

static bool is_script(const struct req *r)
{
    return r->out.type && str_starts(r->out.type, "text/javascript");
}

void headers_secure(struct req_live *l)
{
    struct req *r = &l->r;
    req_set_header(r, "Content-Security-Policy",
                   is_html(r)     ? policy_of_pages(r)
                   : is_script(r) ? script_policy
                                  : data_policy);
    req_set_header(r, "X-Content-Type-Options", "nosniff");
    req_set_header(r, "Referrer-Policy", "strict-origin-when-cross-origin");
    req_set_header(r, "X-Request-Id", r->id);
    if (!is_html(r))
        return;
    req_set_header(r, "Cross-Origin-Opener-Policy", "same-origin");
    req_set_header(r, "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()");
    if (r->out.status == 200 && r->method == M_GET && r->tenant)
        req_set_header(r, "Speculation-Rules", "\"/speculation.json\"");
}

/* Weak comparison (RFC 9110 8.8.3.2): compression in front of us makes strong tags weak. */
static bool etag_matches(const char *list, const char *etag)
{
    size_t n = strlen(etag);
    for (const char *p = list; *p;) {
        p += strspn(p, " \t,");
        if (*p == '*')
            return true;
        const char *tag = str_starts(p, "W/") ? p : NULL;
        const char *opaque = tag ? p + 2 : p, *ours = etag + 2;
        if (strncmp(opaque, ours, n - 2) == 0 &&
            (opaque[n - 2] == '\0' || strchr(" \t,", opaque[n - 2])))
            return true;
        p += strcspn(p, ",");
    }
    return false;
}

void headers_cache(struct req_live *l)
{
    struct req *r = &l->r;
    bool failed = r->out.status >= 400, get = r->method == M_GET;
    bool cookie = has_header(r, "Set-Cookie");
    if (is_html(r))
        req_set_header(r, "Vary", "Cookie, HX-Request, Accept-Language");
    if (failed || !get || cookie) {
        req_set_header(r, "Cache-Control", "private, no-store");
        return;
    }
    if (r->out.no_store || r->session) {
        req_set_header(r, "Cache-Control", "private, no-cache");
        return;
    }
    if (has_header(r, "Cache-Control"))
        return;
    if (!l->etag || r->out.status != 200) {
        req_set_header(r, "Cache-Control",
                       r->out.status == 301 ? "public, max-age=3600" : "private, no-cache");
        return;
    }
    req_set_header(r, "Cache-Control", "public, max-age=0, must-revalidate");
    req_set_header(r, "ETag", l->etag);
    const char *have = req_header(r, "if-none-match");
    if (have && etag_matches(have, l->etag)) {
        r->out.status = 304;
        r->out.type = NULL;
        buf_clear(&r->out.body);
    }
}

void headers_timing(struct req_live *l, int64_t us)
{
    struct req *r = &l->r;
    struct db_counters d = db_counters(r->db);
    struct cache_counters c = r->cache ? cache_counters(r->cache) : (struct cache_counters){ 0 };
    req_set_header(r, "Server-Timing",
                   arena_printf(r->arena,
                                "app;dur=%lld.%lld, db;dur=%lld.%lld;desc=\"%u in %u\", "
                                "cache;desc=\"%u hit %u miss\"",
                                (long long)us / 1000, (long long)us % 1000 / 100,
                                (long long)d.us / 1000, (long long)d.us % 1000 / 100, d.statements,
                                d.trips, c.hits, c.misses));
}
