/* frag.c: fragments in memcached that are never wrong for long and never rebuilt by everybody at
 * once. A key is the hash of all the content depends on and of the generations of its tags, read
 * before the database is; a bump makes every older key unreachable, so nothing is searched for or
 * deleted. Not here: what the content is, and which event bumps which tag.
 * Invariant: what a filler stores lies under the generations that were valid before it read. */
#include "app/frag.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/tenant.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/crypto.h"
#include "platform/tpl.h"

enum {
    ENTRY_MAGIC = 0x4746524b, /* "KRFG" */
    ENTRY_VERSION = 2,
    TAGS_MAX = 32,
    HOLD_MAX = TAGS_MAX + FRAG_DEPS_MAX + 1,
    KEY_TEXT_MAX = 8192,
    META_MAX = 64 * 1024,
    LOCK_TTL_S = 10,
    LOCK_TTL_MAX_S = 60,
    POLLS = 3,
    POLL_MS = 20
};

/* What precedes a stored fragment; written and read on machines of one kind, version says which.
 * nhold struct frag_hold follow, then meta, then body. */
struct entry {
    uint32_t magic, version;
    int64_t soft_at; /* instant after which one process refills it */
    int64_t until;   /* instant from which nobody serves it */
    uint32_t cost_us, nmeta, nhold, reserved;
};

/* A tag that an entry hangs on, and the generation it had before the content was read. */
struct frag_hold {
    char key[FRAG_KEY_SIZE];
    uint64_t generation;
};

/* prefix and 43 characters of base64url: valid in memcached whatever text went in. */
static void hashed_key(struct arena *a, char prefix, const struct buf *text,
                       char out[FRAG_KEY_SIZE])
{
    unsigned char h[CRYPTO_HASH];
    crypto_digest(text->p, text->n, h);
    out[0] = prefix;
    out[1] = ':';
    check_that(str_copy(out + 2, FRAG_KEY_SIZE - 2, crypto_base64url(a, h, sizeof h)));
}

/* One part of a key text; 0x1f cannot occur in clean text, so parts never run together. */
static void part(struct buf *b, const char *s)
{
    buf_str(b, s != NULL ? s : "");
    buf_char(b, '\x1f');
}

static const char *tag_key(struct arena *a, struct uuid tenant, const struct frag_tag *t)
{
    struct buf b;
    buf_init(&b, a, KEY_TEXT_MAX);
    part(&b, uuid_str(a, tenant));
    part(&b, t->space);
    part(&b, t->id);
    check_that(!b.failed);
    char *key = arena_alloc(a, FRAG_KEY_SIZE);
    hashed_key(a, 'g', &b, key);
    return key;
}

static struct uuid tenant_of(const struct req *r)
{
    return r->tenant != NULL ? r->tenant->id : (struct uuid){ { 0 } };
}

/* ---- generations ------------------------------------------------------------------------------
 */
/* A missing generation starts at the time in microseconds, never at 1: after an eviction it must
 * not come back to a number that old entries know. */
static bool start_generation(struct req *r, const char *key, struct cache_value *out)
{
    char *now = arena_printf(r->arena, "%lld", (long long)instant_now());
    if (cache_add(r->cache, key, now, strlen(now), 0)) {
        *out = (struct cache_value){ now, strlen(now), true };
        return true;
    }
    return cache_get(r->cache, r->arena, key, out); /* another process was first, or it is away */
}

/* Generations of all tags into values; false when memcached is away. */
static bool generations(struct req *r, const struct frag_tag *tags, size_t n,
                        struct cache_value *values)
{
    const char *keys[TAGS_MAX];
    for (size_t i = 0; i < n; i++)
        keys[i] = tag_key(r->arena, tenant_of(r), &tags[i]);
    if (n > 0)
        cache_mget(r->cache, r->arena, keys, n, values);
    for (size_t i = 0; i < n; i++)
        if (!values[i].hit && !start_generation(r, keys[i], &values[i]))
            return false;
    return cache_is_up(r->cache);
}

static size_t count_tags(const struct frag_tag *tags)
{
    size_t n = 0;
    while (tags != NULL && tags[n].space != NULL)
        n++;
    check_that(n <= TAGS_MAX);
    return n;
}

static bool make_keys(struct req *r, const struct frag_tag *tags, const char *vary,
                      struct frag_lookup *l)
{
    struct cache_value generation[TAGS_MAX];
    const size_t n = l->spec->guard != NULL ? 0 : count_tags(tags);
    if (!generations(r, tags, n, generation))
        return false;

    struct buf b;
    buf_init(&b, r->arena, KEY_TEXT_MAX);
    part(&b, uuid_str(r->arena, tenant_of(r)));
    part(&b, l->spec->name);
    buf_printf(&b, "%u.%llx\x1f", l->spec->layout,
               r->locale != NULL && r->locale->templates != NULL
                   ? (unsigned long long)tpl_set_digest(r->locale->templates)
                   : 0ULL);
    part(&b, r->locale != NULL ? r->locale->tag : NULL);
    part(&b, r->currency);
    part(&b, r->theme);
    part(&b, vary);
    for (size_t i = 0; i < n; i++) {
        part(&b, tags[i].space);
        part(&b, tags[i].id);
        buf_put(&b, generation[i].p, generation[i].n);
        buf_char(&b, '\x1f');
    }
    if (buf_rc(&b) != RC_OK) {
        log_warn("fragment key too long", "name=%s", l->spec->name);
        return false;
    }
    hashed_key(r->arena, 'f', &b, l->key);
    memcpy(l->lock, l->key, sizeof l->lock);
    l->lock[0] = 'l';
    return true;
}

/* ---- what an entry hangs on -------------------------------------------------------------------
 */
static bool number_of(const struct cache_value *v, uint64_t *out)
{
    char text[24];
    char *end;
    if (!v->hit || v->n == 0 || v->n >= sizeof text)
        return false;
    memcpy(text, v->p, v->n);
    text[v->n] = '\0';
    *out = strtoull(text, &end, 10);
    while (*end == ' ') /* memcached pads a number that became shorter */
        end++;
    return *end == '\0';
}

/* Generations of these tags now; false when one cannot be known. */
static bool hold_now(struct req *r, struct frag_hold *hold, size_t n)
{
    const char *keys[HOLD_MAX];
    struct cache_value v[HOLD_MAX];
    check_that(n <= HOLD_MAX);
    for (size_t i = 0; i < n; i++)
        keys[i] = hold[i].key;
    if (n > 0)
        cache_mget(r->cache, r->arena, keys, n, v);
    for (size_t i = 0; i < n; i++)
        if ((!v[i].hit && !start_generation(r, keys[i], &v[i])) ||
            !number_of(&v[i], &hold[i].generation))
            return false;
    return cache_is_up(r->cache);
}

static void name_hold(struct req *r, struct frag_hold *h, const struct frag_tag *t)
{
    memcpy(h->key, tag_key(r->arena, tenant_of(r), t), FRAG_KEY_SIZE);
}

/* Before the database is read: the tags, and the guard. */
static bool hold_tags(struct req *r, const struct frag_tag *tags, struct frag_lookup *l)
{
    const size_t n = count_tags(tags);
    l->hold = arena_array(r->arena, struct frag_hold, n + 1);
    l->nhold = n + 1;
    for (size_t i = 0; i < n; i++)
        name_hold(r, &l->hold[i], &tags[i]);
    name_hold(r, &l->hold[n], &(struct frag_tag){ l->spec->guard, "all" });
    return hold_now(r, l->hold, l->nhold);
}

/* Whether nothing that an entry hangs on was bumped since. */
static bool still_holds(struct req *r, const char *holds, uint32_t n)
{
    const char *keys[HOLD_MAX];
    struct cache_value v[HOLD_MAX];
    struct frag_hold *h = arena_array(r->arena, struct frag_hold, n);
    uint64_t generation;
    if (n == 0)
        return true;
    memcpy(h, holds, n * sizeof *h);
    for (uint32_t i = 0; i < n; i++) {
        if (h[i].key[FRAG_KEY_SIZE - 1] != '\0')
            return false;
        keys[i] = h[i].key;
    }
    cache_mget(r->cache, r->arena, keys, n, v);
    for (uint32_t i = 0; i < n; i++)
        if (!number_of(&v[i], &generation) || generation != h[i].generation)
            return false;
    return true;
}

/* ---- entries ----------------------------------------------------------------------------------
 */
/* Reads the entry under l->key: fills body and meta; false = nothing usable there. */
static bool read_entry(struct req *r, struct frag_lookup *l, uint32_t *cost_us)
{
    struct cache_value v;
    struct entry e;
    if (!cache_get(r->cache, r->arena, l->key, &v) || v.n < sizeof e)
        return false;
    memcpy(&e, v.p, sizeof e);
    if (e.magic != ENTRY_MAGIC || e.version != ENTRY_VERSION || e.nhold > HOLD_MAX ||
        e.nhold * sizeof(struct frag_hold) > v.n - sizeof e ||
        e.nmeta > v.n - sizeof e - e.nhold * sizeof(struct frag_hold))
        return false;
    const int64_t now = instant_now();
    const int64_t fresh = SECONDS(l->spec->fresh_s), stale = SECONDS(l->spec->stale_s);
    if (now > e.soft_at + stale)
        return false;
    const char *holds = v.p + sizeof e;
    if (!still_holds(r, holds, e.nhold))
        return false;
    /* an expiry further ahead than we ever write: the clock was set back */
    l->expired = now >= e.until;
    l->stale = l->expired || now >= e.soft_at || e.soft_at - now > fresh + fresh / 5 + SECONDS(1);
    l->meta = holds + e.nhold * sizeof(struct frag_hold);
    l->nmeta = e.nmeta;
    l->body = l->meta + e.nmeta;
    l->nbody = v.n - (size_t)(l->body - v.p);
    *cost_us = e.cost_us;
    return true;
}

static bool take_lock(struct req *r, const struct frag_lookup *l, uint32_t cost_us)
{
    unsigned ttl = LOCK_TTL_S;
    if (cost_us / 500000 > ttl) /* twice what the last build took */
        ttl = cost_us / 500000 < LOCK_TTL_MAX_S ? cost_us / 500000 : LOCK_TTL_MAX_S;
    return cache_add(r->cache, l->lock, r->id != NULL ? r->id : "-",
                     r->id != NULL ? strlen(r->id) : 1, ttl);
}

/* Somebody else fills a cold entry: give it a moment. */
static bool wait_for_entry(struct req *r, struct frag_lookup *l)
{
    const struct timespec pause = { .tv_nsec = POLL_MS * 1000000L };
    uint32_t cost;
    for (int i = 0; i < POLLS && cache_is_up(r->cache); i++) {
        nanosleep(&pause, NULL);
        if (read_entry(r, l, &cost) && !l->expired)
            return true;
    }
    return false;
}

/* Ours to build, unless the last owner stored between our look and our lock. */
static void start_fill(struct req *r, const struct frag_tag *tags, struct frag_lookup *l,
                       bool found)
{
    uint32_t cost;
    found = read_entry(r, l, &cost) || found;
    l->state = found && !l->stale ? FRAG_HIT : FRAG_FILL;
    l->has_stale = found;
    if (l->state == FRAG_FILL && (l->spec->guard == NULL || hold_tags(r, tags, l)))
        return;
    cache_delete(r->cache, l->lock);
    if (l->state == FRAG_FILL)
        l->state = FRAG_BUILD;
}

void frag_fetch(struct req *r, const struct frag_spec *spec, const struct frag_tag *tags,
                const char *vary, struct frag_lookup *out)
{
    memset(out, 0, sizeof *out);
    out->spec = spec;
    out->state = FRAG_BUILD;
    out->started = monotonic_us();
    if (r->cache == NULL || !make_keys(r, tags, vary, out))
        return;

    uint32_t cost = 0;
    bool found = read_entry(r, out, &cost);
    if (found && !out->stale)
        out->state = FRAG_HIT;
    else if (take_lock(r, out, cost))
        start_fill(r, tags, out, found);
    else if ((found && !out->expired) || wait_for_entry(r, out))
        out->state = FRAG_HIT;
    else
        out->has_stale = found;
    out->started = monotonic_us();
}

/* fresh_s with up to 10 % more or less, so that what was built together does not expire together.
 */
static int64_t jittered(unsigned fresh_s)
{
    uint32_t random;
    crypto_random(&random, sizeof random);
    const int64_t whole = SECONDS(fresh_s);
    return whole - whole / 10 + (whole / 5) * (int64_t)(random % 1001) / 1000;
}

/* Adds what the content turned out to hang on; false when it may show what was before a change. */
static bool add_deps(struct req *r, const struct frag_lookup *l, const struct frag_tag *deps,
                     struct frag_hold *hold, size_t *n)
{
    size_t more = 0;
    while (deps != NULL && deps[more].space != NULL)
        more++;
    check_that(l->spec->guard != NULL || more == 0);
    *n = l->nhold > 0 ? l->nhold - 1 : 0;
    if (*n > 0)
        memcpy(hold, l->hold, *n * sizeof *hold);
    if (more == 0)
        return true;
    check_that(more <= FRAG_DEPS_MAX);
    struct frag_hold *fresh = hold + *n;
    for (size_t i = 0; i < more; i++)
        name_hold(r, &fresh[i], &deps[i]);
    struct frag_hold guard = l->hold[l->nhold - 1];
    const uint64_t before = guard.generation;
    /* The guard is read after them and bumped before them: unmoved, they are from before. */
    if (!hold_now(r, fresh, more) || !hold_now(r, &guard, 1) || guard.generation != before)
        return false;
    *n += more;
    return true;
}

void frag_store_as(struct req *r, const struct frag_lookup *l, const struct frag_tag *deps,
                   int64_t until, const void *meta, size_t nmeta, const void *body, size_t nbody)
{
    struct frag_hold hold[HOLD_MAX + 1];
    size_t nhold = 0;
    if (l->state != FRAG_FILL)
        return;
    check_that(nmeta <= META_MAX);
    if (!add_deps(r, l, deps, hold, &nhold)) {
        cache_delete(r->cache, l->lock);
        return;
    }
    const int64_t cost = monotonic_us() - l->started;
    const struct entry e = { .magic = ENTRY_MAGIC,
                             .version = ENTRY_VERSION,
                             .soft_at = instant_now() + jittered(l->spec->fresh_s),
                             .until = until,
                             .cost_us = cost < UINT32_MAX ? (uint32_t)cost : UINT32_MAX,
                             .nmeta = (uint32_t)nmeta,
                             .nhold = (uint32_t)nhold };
    struct buf b;
    buf_init(&b, r->arena, sizeof e + nhold * sizeof *hold + nmeta + nbody + 1);
    buf_put(&b, (const char *)&e, sizeof e);
    buf_put(&b, (const char *)hold, nhold * sizeof *hold);
    buf_put(&b, meta, nmeta);
    buf_put(&b, body, nbody);
    const unsigned ttl = l->spec->fresh_s + l->spec->fresh_s / 10 + l->spec->stale_s + 1;
    if (buf_rc(&b) == RC_OK)
        cache_set(r->cache, l->key, b.p, b.n, ttl);
    cache_delete(r->cache, l->lock);
}

void frag_store(struct req *r, const struct frag_lookup *l, const void *meta, size_t nmeta,
                const void *body, size_t nbody)
{
    frag_store_as(r, l, NULL, INSTANT_MAX, meta, nmeta, body, nbody);
}

void frag_abandon(struct req *r, const struct frag_lookup *l, bool back_off)
{
    if (l->state == FRAG_FILL && !back_off)
        cache_delete(r->cache, l->lock);
}

/* ---- one call ---------------------------------------------------------------------------------
 */
static bool is_away(enum rc rc)
{
    return rc == RC_UPSTREAM || rc == RC_RETRY;
}

enum rc frag_render(struct req *r, const struct frag_spec *spec, const struct frag_tag *tags,
                    const char *vary, frag_fill *fill, void *arg, struct buf *out)
{
    struct frag_lookup l;
    frag_fetch(r, spec, tags, vary, &l);
    if (l.state == FRAG_HIT) {
        buf_put(out, l.body, l.nbody);
        return buf_rc(out);
    }

    const size_t before = out->n;
    const bool no_store = r->out.no_store;
    const struct req_err err = r->err;
    r->out.no_store = false; /* to see whether the filler sets it */
    enum rc rc = fill(r, arg, out);
    const bool personal = r->out.no_store;
    r->out.no_store = no_store || personal;
    if (rc == RC_OK)
        rc = buf_rc(out);

    if (rc == RC_OK && !personal) {
        frag_store(r, &l, NULL, 0, out->p + before, out->n - before);
        return RC_OK;
    }
    frag_abandon(r, &l, is_away(rc) && l.has_stale);
    if (rc == RC_OK)
        return RC_OK;
    out->n = before;
    out->p[before] = '\0';
    if (!is_away(rc) || !l.has_stale)
        return rc;
    log_warn("stale fragment served", "name=%s rc=%s", spec->name, rc_name(rc));
    r->err = err;
    buf_put(out, l.body, l.nbody);
    return buf_rc(out);
}

bool frag_bump(struct app_ctx *app, struct uuid tenant, const char *space, const char *id)
{
    if (app->cache == NULL || !cache_is_configured(app->cache))
        return true; /* nothing is stored anywhere */
    struct arena *a = arena_new_sized(0);
    bool away;
    const char *key = tag_key(a, tenant, &(struct frag_tag){ space, id });
    const bool found = cache_incr(app->cache, key, &away);
    arena_free(a);
    return found || !away; /* no generation: no entry can be reached either */
}
