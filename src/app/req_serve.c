/* req_serve.c: one request from its first byte to its access line, step by step in one list. Each
 * step either lets the request pass or names a failure, which errors.c turns into a page; nothing
 * is sent before the end. Invariants: every request gets exactly one answer and one access line,
 * and a handler runs only after host, route, permission, limit, body, CSRF and form were good. */
#include <string.h>

#include "app/loader.h"
#include "app/page.h"
#include "app/rate.h"
#include "app/req_priv.h"
#include "app/score.h"
#include "app/tenant.h"
#include "base/log.h"
#include "base/map.h"
#include "base/str.h"
#include "base/time.h"

enum { BODY_MAX = 16 * 1024 * 1024 };

static struct req_live *req_new(struct app_ctx *app, struct arena *a, const struct req_in *in)
{
    struct req_live *l = arena_new(a, struct req_live);
    struct req *r = &l->r;
    l->in = in;
    r->magic = REQ_MAGIC;
    r->app = app;
    r->arena = a;
    r->db = app->db;
    r->cache = app->cache;
    r->t0 = monotonic_us();
    r->now = instant_now();
    r->modctx = arena_array(a, void *, app->registry->nmodules);
    r->theme = "auto";
    r->currency = "";
    r->method_name = "";
    buf_init(&r->out.body, a, BODY_MAX);
    return l;
}

static enum rc step_host(struct req_live *l)
{
    enum rc rc = req_find_tenant(l);
    if (rc != RC_OK || l->r.route)
        return rc;
    return req_find_route(l);
}

static enum rc step_reach(struct req_live *l)
{
    if ((l->r.route->flags & R_LOOPBACK) && !l->r.loopback)
        return req_fail(&l->r, RC_NOTFOUND, NULL, "only for loop-back");
    return RC_OK;
}

static enum rc step_session(struct req_live *l)
{
    const struct app_route *route = l->r.route;
    if ((route->flags & R_NO_SESSION) || !l->r.tenant)
        return RC_OK;
    if (route->perm || l->r.method != M_GET)
        return session_resolve(l);
    if (tenant_setting_bool(l->r.app, l->r.tenant, "shop.group_prices")) {
        enum rc rc = session_resolve(l); /* what things cost depends on who asks */
        if (rc == RC_OK && l->r.session)
            l->r.price_group = l->r.session->group;
        return rc == RC_UPSTREAM ? RC_OK : rc;
    }
    session_queue(l); /* travels with the page's own statements */
    return RC_OK;
}

static enum rc step_permission(struct req_live *l)
{
    struct req *r = &l->r;
    const char *perm = r->route->perm;
    if (session_may(r, perm))
        return RC_OK;
    bool staff = r->who.kind == WHO_USER || r->who.kind == WHO_OPERATOR;
    if (!staff || str_eq(perm, "shop.customer"))
        return req_fail(r, RC_UNAUTH, NULL, "needs %s", perm);
    const struct app_perm *p = map_get(r->app->registry->perms, perm);
    return req_fail(r, RC_DENIED,
                    arena_printf(r->arena,
                                 _("This needs the permission \"%s\" (%s). Whoever manages the "
                                   "shop's staff can give it to you."),
                                 p && p->label ? tr(p->label) : perm, perm),
                    "needs %s", perm);
}

static enum rc step_limit(struct req_live *l)
{
    struct req *r = &l->r;
    struct rate_spec spec;
    char tenant[UUID_TEXT] = "", owner[UUID_TEXT];
    if (!r->route->limit || rate_parse(r->route->limit, &spec) != RC_OK)
        return RC_OK;
    if (r->tenant)
        uuid_format(r->tenant->id, tenant);
    uuid_format(r->who.id, owner);
    enum rc rc = rate_take(r->app, &spec, tenant, r->who.kind == WHO_NOBODY ? r->ip : owner, r->now,
                           &l->wait_s);
    if (rc != RC_LIMIT)
        return rc;
    return req_fail(r, rc,
                    arena_printf(r->arena,
                                 tr_n("That was too many requests in a short time. Nothing is "
                                      "lost: try again in %u second.",
                                      "That was too many requests in a short time. Nothing is "
                                      "lost: try again in %u seconds.",
                                      l->wait_s),
                                 l->wait_s),
                    "limit %s", r->route->limit);
}

static enum rc step_csrf(struct req_live *l)
{
    return csrf_check(&l->r);
}

/* Hooks of a phase: RC_DECLINED and RC_OK let the next one run; one that answered ends the list. */
static enum rc hooks_run(struct req_live *l, unsigned phase)
{
    for (const struct hook_use *u = l->r.app->registry->hooks[phase]; u; u = u->next) {
        enum rc rc = u->hook->fn(&l->r);
        if (rc != RC_OK && rc != RC_DECLINED)
            return rc;
    }
    return RC_OK;
}

static enum rc step_hooks(struct req_live *l)
{
    return hooks_run(l, PHASE_AUTHED);
}

static enum rc step_form(struct req_live *l)
{
    const struct form_spec *spec = l->r.route->form;
    if (!spec)
        return RC_OK;
    enum rc rc = form_take(l, spec);
    return rc == RC_INVALID ? form_refuse(&l->r) : rc;
}

static enum rc step_handler(struct req_live *l)
{
    enum rc rc = l->r.route->handler(&l->r);
    if (rc == RC_OK && l->r.out.status == 0)
        return req_fail(&l->r, RC_BUG, NULL, "the handler answered nothing");
    return rc;
}

static enum rc serve(struct req_live *l)
{
    static enum rc (*const steps[])(struct req_live *) = {
        req_decode,    step_host, step_reach, step_session, step_permission, step_limit,
        req_read_body, step_csrf, step_hooks, step_form,    step_handler,
    };
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        enum rc rc = steps[i](l);
        if (l->r.route && i == 1)
            score_begin(l->r.app->score, l->r.module->name, l->r.route->pattern, l->r.id);
        if (l->r.out.status != 0 && (rc == RC_OK || rc == RC_DECLINED))
            break; /* answered: the rest has nothing to add */
        if (rc != RC_OK)
            return rc;
    }
    return page_finish(l);
}

/* Tokens in addresses open things: the log gets the pattern in their place. */
static const char *loggable_path(struct req *r)
{
    if (r->route && strstr(r->route->pattern, ":token}"))
        return r->route->pattern;
    return log_redact(r->arena, r->path ? r->path : "");
}

static void access_line(struct req_live *l, enum rc rc, int64_t us)
{
    struct req *r = &l->r;
    struct db_counters d = db_counters(r->db);
    struct cache_counters c = r->cache ? cache_counters(r->cache) : (struct cache_counters){ 0 };
    log_info("request",
             "mod=%s route=%s method=%s path=%s shop=%s status=%d ms=%lld.%03lld "
             "db_ms=%lld.%03lld db_n=%u trips=%u cache_hit=%u cache_miss=%u rc=%s",
             r->module ? r->module->name : "-", r->route ? r->route->pattern : "-", r->method_name,
             loggable_path(r), r->tenant ? r->tenant->slug : "-", r->out.status,
             (long long)us / 1000, (long long)us % 1000, (long long)d.us / 1000,
             (long long)d.us % 1000, d.statements, d.trips, c.hits, c.misses, rc_name(rc));
    score_end(r->app->score, r->out.status, us, d.statements, d.trips, d.us, c.hits, c.misses);
}

static const struct locale *neutral_language(struct req *r)
{
    const struct locale *offered[16], *best;
    size_t n;
    const struct locale *all = i18n_locales(&n);
    for (size_t i = 0; i < n && i < COUNT_OF(offered); i++)
        offered[i] = &all[i];
    best = req_language(req_header(r, "accept-language"), offered,
                        n < COUNT_OF(offered) ? n : COUNT_OF(offered));
    return best ? best : i18n_find("en");
}

void req_serve(struct app_ctx *app, struct arena *a, const struct req_in *in, struct req **out)
{
    struct req_live *l = req_new(app, a, in);
    struct req *r = &l->r;
    if (app->cache)
        cache_counters_reset(app->cache);
    db_scope_begin(app->db, a, NULL, r->now);
    db_set_user(app->db, r);
    i18n_use(i18n_find("en"));
    enum rc rc = serve(l);
    if (rc == RC_OK)
        rc = hooks_run(l, PHASE_RESPONSE);
    if (rc != RC_OK) {
        if (!r->locale)
            i18n_use(r->locale = neutral_language(r));
        error_answer(l, rc);
    }
    int64_t us = monotonic_us() - r->t0;
    headers_cache(l);
    headers_secure(l);
    headers_timing(l, us);
    access_line(l, rc, us);
    (void)hooks_run(l, PHASE_LOG);
    *out = r;
}

void req_finish(struct req *r)
{
    check_that(r->magic == REQ_MAGIC);
    session_touch(req_live(r));
    db_scope_end(r->db);
    db_set_user(r->db, NULL);
    log_set_request(NULL);
}
