/* page_cache.c: whole pages through the fragment cache. What is stored is what page_send made, with
 * its holes, and its validator; what a visitor sees is filled in afterwards (holes.c). Invariant
 * (T21): while a page that may be stored is built, the request has no session and nobody is signed
 * in, so nothing personal can get into it; an answer that is no plain 200 page is never stored. */
#include <string.h>

#include "app/page_priv.h"
#include "app/tenant.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/crypto.h"

struct hidden {
    struct session *session;
    struct principal who;
};

static struct hidden hide(struct req_live *l)
{
    struct hidden h = { l->r.session, l->r.who };
    l->r.session = NULL;
    l->r.who = (struct principal){ 0 };
    return h;
}

/* A session that became known while building (its statement ran with the page's) stays. */
static void show(struct req_live *l, struct hidden h)
{
    if (l->settled) {
        l->r.session = l->settled;
        l->r.who = l->settled->who;
        l->settled = NULL;
    } else {
        l->r.session = h.session;
        l->r.who = h.who;
    }
}

static const char *etag_of(struct req *r)
{
    unsigned char h[CRYPTO_HASH];
    crypto_digest(r->out.body.p, r->out.body.n, h);
    return arena_printf(r->arena, "W/\"%s\"", crypto_base64url(r->arena, h, 12));
}

/* False when what is stored is not what this version writes. */
static bool use_stored(struct req_live *l, const struct frag_lookup *f)
{
    struct req *r = &l->r;
    if (f->nmeta < 5 || f->nmeta > 64 || f->nbody == 0)
        return false;
    page_forget(r);
    buf_put(&r->out.body, f->body, f->nbody);
    if (buf_rc(&r->out.body) != RC_OK)
        return false;
    l->etag = arena_strndup(r->arena, f->meta, f->nmeta);
    r->out.status = 200;
    r->out.type = "text/html; charset=utf-8";
    return true;
}

static bool is_away(enum rc rc)
{
    return rc == RC_UPSTREAM || rc == RC_RETRY;
}

void page_depends(struct req *r, const char *space, const char *id)
{
    struct req_live *l = req_live(r);
    if (!l->building)
        return;
    for (size_t i = 0; i < l->ndeps; i++)
        if (str_eq(l->deps[i].id, id) && str_eq(l->deps[i].space, space))
            return;
    if (l->ndeps == FRAG_DEPS_MAX) {
        l->deps_many = true;
        return;
    }
    if (l->deps == NULL)
        l->deps = arena_array(r->arena, struct frag_tag, FRAG_DEPS_MAX + 1);
    l->deps[l->ndeps++] = (struct frag_tag){ space, arena_strdup(r->arena, id) };
}

void page_until(struct req *r, int64_t instant)
{
    struct req_live *l = req_live(r);
    if (l->building && instant < l->until)
        l->until = instant;
}

/* A page that shows more than can be named hangs on every change there is. */
static void store(struct req_live *l, const struct frag_lookup *f)
{
    struct req *r = &l->r;
    const struct frag_tag all[] = { { f->spec->guard, "all" }, { 0 } };
    const struct frag_tag *deps = l->deps_many ? all : l->ndeps > 0 ? l->deps : NULL;
    if (deps != NULL && f->spec->guard == NULL) {
        log_error("a stored page hangs on what it cannot name", "page=%s", f->spec->name);
        frag_abandon(r, f, false);
        return;
    }
    frag_store_as(r, f, deps, l->until, l->etag, strlen(l->etag), r->out.body.p, r->out.body.n);
}

static enum rc build_page(struct req_live *l, const struct frag_lookup *f, app_handler *build)
{
    struct req *r = &l->r;
    const size_t headers = r->out.nheaders;
    const bool personal = r->out.no_store;
    r->out.no_store = false; /* to see whether build sets it */
    l->building = true;
    l->ndeps = 0;
    l->deps = NULL;
    l->deps_many = false;
    l->until = INSTANT_MAX;
    struct hidden h = hide(l);
    enum rc rc = build(r);
    show(l, h);
    l->building = false;
    const bool plain = rc == RC_OK && r->out.status == 200 && !r->out.no_store &&
                       r->out.nheaders == headers && !form_failed(r);
    r->out.no_store |= personal;
    if (plain) {
        l->etag = etag_of(r);
        store(l, f);
        return RC_OK;
    }
    frag_abandon(r, f, is_away(rc) && f->has_stale);
    return rc;
}

/* The tags of the page and the shell's own: what the slot shell.nav shows changes with it. */
static const struct frag_tag *with_shell(struct req *r, const struct frag_tag *tags)
{
    size_t n = 0;
    while (tags && tags[n].space)
        n++;
    struct frag_tag *all = arena_array(r->arena, struct frag_tag, n + 2);
    for (size_t i = 0; i < n; i++)
        all[i] = tags[i];
    all[n] = (struct frag_tag){ "shell", "all" };
    return all;
}

enum rc page_cached(struct req *r, const struct frag_spec *spec, const struct frag_tag *tags,
                    const char *vary, app_handler *build)
{
    struct req_live *l = req_live(r);
    struct frag_lookup f;
    if (r->method != M_GET)
        return build(r);
    frag_fetch(r, spec, with_shell(r, tags),
               arena_printf(r->arena, "%s\x1e%s\x1e%s\x1e%d\x1e%llx\x1e%s\x1e%s", r->path,
                            l->authority, r->https ? "s" : "", req_is_htmx(r),
                            r->tenant ? (unsigned long long)r->tenant->generation : 0,
                            uuid_is_nil(r->price_group) ? "" : uuid_str(r->arena, r->price_group),
                            vary ? vary : ""),
               &f);
    if (f.state == FRAG_HIT && use_stored(l, &f))
        return RC_OK;
    enum rc rc = build_page(l, &f, build);
    if (is_away(rc) && f.has_stale && use_stored(l, &f)) {
        r->err = (struct req_err){ 0 }; /* law 7: an older page is better than none */
        return RC_OK;
    }
    return rc;
}
