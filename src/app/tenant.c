/* tenant.c: the shops this process has met, by host, slug and id, each with its settings and flags.
 * An entry is good while the shop's generation in memcached has not moved; with memcached away it
 * is good for five seconds. When the database is away an old entry is better than none, so warm
 * pages go on. A tenant handed out stays valid for ten minutes after it was replaced, longer than
 * any request. It never writes settings (setting.c) and never decides who may enter. */
#include "app/tenant.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/loader.h"
#include "base/log.h"
#include "base/map.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/app_q.h"
#include "platform/cache.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/i18n.h"
#include "platform/json.h"

#include "app/tenant_priv.h"

enum { ENTRIES_MAX = 256, MISSING_MAX = 512 };
#define FRESH_WITHOUT_CACHE SECONDS(5)
#define RETIRED_FOR         SECONDS(600)

struct entry {
    struct arena *arena; /* owns everything below, and this struct */
    struct tenant t;
    const char *key; /* "host:demo.localhost" */
    int64_t read_at; /* monotonic */
    struct entry *next;
};
struct tenant_store {
    struct map *entries;
    struct map *missing;   /* hosts known not to exist: value = the store itself */
    uint64_t missing_gen;  /* generation under which they were missing */
    int64_t missing_at;    /* when the first of them was learned */
    struct entry *retired; /* replaced, perhaps still in use; read_at = when */
    struct arena *arena;
};

struct tenant_store *tenant_store_new(struct arena *a)
{
    struct tenant_store *s = arena_new(a, struct tenant_store);
    s->arena = a;
    s->entries = map_new();
    s->missing = map_new();
    return s;
}

static void entry_free(struct entry *e)
{
    map_free(e->t.settings, NULL);
    map_free(e->t.flags, NULL);
    arena_free(e->arena);
}

static void entry_free_value(void *p)
{
    entry_free(p);
}

void tenant_store_free(struct tenant_store *s)
{
    if (!s)
        return;
    while (s->retired) {
        struct entry *e = s->retired;
        s->retired = e->next;
        entry_free(e);
    }
    map_free(s->entries, entry_free_value);
    map_free(s->missing, NULL);
}

static void retire(struct tenant_store *s, struct entry *e)
{
    int64_t now = monotonic_us();
    e->read_at = now;
    e->next = s->retired;
    s->retired = e;
    for (struct entry **link = &s->retired; *link;) {
        struct entry *old = *link;
        if (now - old->read_at < RETIRED_FOR) {
            link = &old->next;
            continue;
        }
        *link = old->next;
        entry_free(old);
    }
}

/* Counter of one shop ("t:<uuid>") or of all host names ("t:hosts"); false: memcached is away. */
static bool generation(struct app_ctx *app, const char *key, uint64_t step, uint64_t *out)
{
    return app->cache && cache_count(app->cache, key, step, (uint64_t)instant_now(), 0, out);
}

static void shop_key(struct uuid id, char out[2 + UUID_TEXT])
{
    out[0] = 't';
    out[1] = ':';
    uuid_format(id, out + 2);
}

static bool fresh(struct app_ctx *app, const struct entry *e)
{
    char key[2 + UUID_TEXT];
    uint64_t now;
    shop_key(e->t.id, key);
    if (generation(app, key, 0, &now))
        return now == e->t.generation;
    return monotonic_us() - e->read_at < FRESH_WITHOUT_CACHE;
}

/* ---- a row to a tenant ------------------------------------------------------------------------
 */

struct into {
    struct entry *e;
};

static bool put_setting(const char *key, const struct json *v, void *arg)
{
    struct entry *e = ((struct into *)arg)->e;
    const char *text = json_text(v, NULL);
    if (!text && !json_is_null(v))
        text = arena_printf(e->arena, "%" PRId64, json_int(v, json_bool(v, false)));
    if (text)
        map_put(e->t.settings, key, arena_strdup(e->arena, text));
    return true;
}

static bool put_flag(const char *key, const struct json *v, void *arg)
{
    struct entry *e = ((struct into *)arg)->e;
    int64_t *ppm = arena_new(e->arena, int64_t);
    if (json_bool(json_get(v, "on"), false))
        *ppm = json_int(json_get(v, "ppm"), 1000000);
    map_put(e->t.flags, key, ppm);
    return true;
}

static const struct json *parsed(struct arena *a, const char *text)
{
    struct json *j;
    const char *problem;
    return text && json_parse(a, text, strlen(text), &j, &problem) == RC_OK ? j : NULL;
}

static void offered_locales(struct entry *e, struct arena *scratch, const char *first)
{
    const struct json *list = parsed(scratch, map_get(e->t.settings, "shop.locales"));
    size_t most = json_size(list) + 1, n = 0;
    const struct locale **v = arena_array(e->arena, const struct locale *, most);
    const struct locale *own = i18n_find(first);
    e->t.locale = own ? own : i18n_find("en");
    v[n++] = e->t.locale;
    for (size_t i = 0; i + 1 < most; i++) {
        const struct locale *l = i18n_find(json_text(json_at(list, i), ""));
        bool seen = l == NULL;
        for (size_t k = 0; k < n; k++)
            seen |= v[k] == l;
        if (!seen)
            v[n++] = l;
    }
    e->t.locales = v;
    e->t.nlocales = n;
}

static void offered_currencies(struct entry *e, struct arena *scratch)
{
    const struct json *list = parsed(scratch, map_get(e->t.settings, "shop.currencies"));
    size_t most = json_size(list) + 1, n = 0;
    const char **v = arena_array(e->arena, const char *, most);
    v[n++] = e->t.currency;
    for (size_t i = 0; i + 1 < most; i++) {
        const char *c = json_text(json_at(list, i), "");
        if (!str_eq(c, e->t.currency) && currency_find(c))
            v[n++] = arena_strdup(e->arena, c);
    }
    e->t.currencies = v;
    e->t.ncurrencies = n;
}

static struct entry *entry_make(const struct app_shop_row *row, const char *key, uint64_t gen,
                                struct arena *scratch)
{
    struct arena *a = arena_new_sized(4 * 1024 * 1024);
    struct entry *e = arena_new(a, struct entry);
    struct into in = { e };
    *e = (struct entry){ .arena = a, .key = arena_strdup(a, key), .read_at = monotonic_us() };
    e->t = (struct tenant){
        .id = row->tenant_id,
        .store_id = row->store_id,
        .slug = arena_strdup(a, row->slug),
        .name = arena_strdup(a, row->name),
        .status = str_eq(row->status, "active")      ? TENANT_ACTIVE
                  : str_eq(row->status, "suspended") ? TENANT_SUSPENDED
                                                     : TENANT_CLOSED,
        .store_code = arena_strdup(a, row->store_code),
        .currency = arena_strdup(a, row->currency),
        .zone = arena_strdup(a, row->zone),
        .country = arena_strdup(a, row->country),
        .prices_include_tax = row->prices_include_tax,
        .generation = gen,
        .settings = map_new(),
        .flags = map_new(),
    };
    json_each(parsed(scratch, row->settings), put_setting, &in);
    json_each(parsed(scratch, row->flags), put_flag, &in);
    offered_locales(e, scratch, row->locale);
    offered_currencies(e, scratch);
    return e;
}

/* ---- looking up -------------------------------------------------------------------------------
 */

struct wanted {
    const char *key, *host, *slug;
    struct uuid id;
};

static enum rc ask(struct db *db, const struct wanted *w, struct app_shop_row_maybe *row)
{
    if (w->host)
        return app_q_host(db, w->host, row);
    if (w->slug)
        return app_q_shop_by_slug(db, w->slug, row);
    return app_q_shop_by_id(db, w->id, row);
}

/* The generation is read before the row: a change in between makes the entry stale, never wrong.
 * It cannot be known before the row when the shop is new to us; then the row is read once more. */
static enum rc load(struct app_ctx *app, const struct wanted *w, const struct entry *old,
                    struct entry **out)
{
    struct app_shop_row_maybe row;
    char key[2 + UUID_TEXT];
    uint64_t gen = 0;
    if (old) {
        shop_key(old->t.id, key);
        (void)generation(app, key, 0, &gen);
    }
    enum rc rc = ask(app->db, w, &row);
    if (rc != RC_OK)
        return rc;
    if (!row.found)
        return RC_NOTFOUND;
    if (!old || uuid_cmp(old->t.id, row.row.tenant_id) != 0) {
        shop_key(row.row.tenant_id, key);
        (void)generation(app, key, 0, &gen);
        if (gen && (rc = ask(app->db, w, &row)) != RC_OK)
            return rc;
        if (!row.found)
            return RC_NOTFOUND;
    }
    *out = entry_make(&row.row, w->key, gen, db_arena(app->db));
    tenant_copy_put(app, db_arena(app->db), w->key, gen, &row.row);
    return RC_OK;
}

/* A shop that this process never met, while the database is away: as others left it. */
static struct entry *load_copy(struct app_ctx *app, const struct wanted *w)
{
    struct app_shop_row row;
    char key[2 + UUID_TEXT];
    uint64_t then, now;
    if (!tenant_copy_get(app, db_arena(app->db), w->key, &then, &row))
        return NULL;
    shop_key(row.tenant_id, key);
    if (!generation(app, key, 0, &now) || now != then)
        return NULL;
    return entry_make(&row, w->key, then, db_arena(app->db));
}

static bool known_missing(struct app_ctx *app, const char *key)
{
    struct tenant_store *s = app->tenants;
    uint64_t gen;
    if (map_count(s->missing) == 0)
        return false;
    bool up = generation(app, "t:hosts", 0, &gen);
    if (up ? gen != s->missing_gen : monotonic_us() - s->missing_at > FRESH_WITHOUT_CACHE) {
        map_free(s->missing, NULL);
        s->missing = map_new();
        return false;
    }
    return map_get(s->missing, key) != NULL;
}

static void remember_missing(struct app_ctx *app, const char *key, uint64_t gen)
{
    struct tenant_store *s = app->tenants;
    if (map_count(s->missing) >= MISSING_MAX) {
        map_free(s->missing, NULL);
        s->missing = map_new();
    }
    if (map_count(s->missing) == 0) {
        s->missing_gen = gen;
        s->missing_at = monotonic_us();
    }
    map_put(s->missing, key, s);
}

static bool oldest(const char *key, void *value, void *arg)
{
    struct entry **best = arg, *e = value;
    (void)key;
    if (!*best || e->read_at < (*best)->read_at)
        *best = e;
    return true;
}

static void keep(struct tenant_store *s, struct entry *e)
{
    struct entry *old = map_put(s->entries, e->key, e);
    if (old)
        retire(s, old);
    if (map_count(s->entries) > ENTRIES_MAX) {
        struct entry *out = NULL;
        map_each(s->entries, oldest, &out);
        map_remove(s->entries, out->key);
        retire(s, out);
    }
}

static enum rc find(struct app_ctx *app, const struct wanted *w, const struct tenant **out)
{
    struct entry *e = map_get(app->tenants->entries, w->key), *loaded = NULL;
    uint64_t hosts = 0;
    if (e && fresh(app, e)) {
        *out = &e->t;
        return RC_OK;
    }
    if (!e && known_missing(app, w->key))
        return RC_NOTFOUND;
    (void)generation(app, "t:hosts", 0, &hosts);
    enum rc rc = load(app, w, e, &loaded);
    if (rc == RC_UPSTREAM && !e && (loaded = load_copy(app, w)) != NULL)
        rc = RC_OK;
    if (rc == RC_OK) {
        keep(app->tenants, loaded);
        *out = &loaded->t;
        return RC_OK;
    }
    if (e && rc != RC_NOTFOUND) {
        log_warn("shop not refreshed", "shop=%s rc=%s", e->t.slug, rc_name(rc));
        e->read_at = monotonic_us();
        *out = &e->t;
        return RC_OK;
    }
    if (rc == RC_NOTFOUND) {
        if (e) {
            map_remove(app->tenants->entries, w->key);
            retire(app->tenants, e);
        }
        remember_missing(app, w->key, hosts);
    }
    return rc;
}

static const char *make_key(struct app_ctx *app, const char *kind, const char *name)
{
    return arena_printf(db_arena(app->db), "%s:%s", kind, name);
}

enum rc tenant_by_host(struct app_ctx *app, const char *host, const struct tenant **out)
{
    struct wanted w = { .key = make_key(app, "host", host), .host = host };
    return find(app, &w, out);
}

enum rc tenant_by_slug(struct app_ctx *app, const char *slug, const struct tenant **out)
{
    struct wanted w = { .key = make_key(app, "slug", slug), .slug = slug };
    return find(app, &w, out);
}

enum rc tenant_by_id(struct app_ctx *app, struct uuid id, const struct tenant **out)
{
    char text[UUID_TEXT];
    uuid_format(id, text);
    struct wanted w = { .key = make_key(app, "id", text), .id = id };
    return find(app, &w, out);
}

static bool expire(const char *key, void *value, void *arg)
{
    struct entry *e = value;
    (void)key;
    if (uuid_cmp(e->t.id, *(const struct uuid *)arg) == 0) {
        e->t.generation = 0;
        e->read_at = monotonic_us() - 2 * FRESH_WITHOUT_CACHE;
    }
    return true;
}

void tenant_changed(struct app_ctx *app, struct uuid tenant)
{
    char key[2 + UUID_TEXT];
    uint64_t now;
    shop_key(tenant, key);
    bool told = generation(app, key, 1, &now) && generation(app, "t:hosts", 1, &now);
    if (!told)
        log_warn("shop change seen late", "why=%s after_s=%d", "memcached is away", 5);
    if (!app->tenants)
        return;
    map_each(app->tenants->entries, expire, &tenant);
    map_free(app->tenants->missing, NULL);
    app->tenants->missing = map_new();
}

/* ---- settings and flags -----------------------------------------------------------------------
 */

const char *tenant_setting(struct app_ctx *app, const struct tenant *t, const char *key)
{
    const char *v = t ? map_get(t->settings, key) : NULL;
    if (v)
        return v;
    const struct app_setting *s =
        app->registry && app->registry->settings ? map_get(app->registry->settings, key) : NULL;
    return s ? (s->dflt ? s->dflt : "") : NULL;
}

int64_t tenant_setting_int(struct app_ctx *app, const struct tenant *t, const char *key)
{
    const char *v = tenant_setting(app, t, key);
    int64_t n = 0;
    return v && str_int(v, INT64_MIN, INT64_MAX, &n) == RC_OK ? n : 0;
}

bool tenant_setting_bool(struct app_ctx *app, const struct tenant *t, const char *key)
{
    const char *v = tenant_setting(app, t, key);
    return str_eq(v, "true") || str_eq(v, "1") || str_eq(v, "on");
}

bool tenant_flag(struct app_ctx *app, const struct tenant *t, const char *flag, const char *who)
{
    const int64_t *ppm = t ? map_get(t->flags, flag) : NULL;
    (void)app;
    if (!ppm || *ppm <= 0)
        return false;
    if (*ppm >= 1000000 || !who)
        return *ppm >= 1000000;
    unsigned char h[CRYPTO_HASH];
    char text[200];
    (void)snprintf(text, sizeof text, "%s:%s", flag, who);
    crypto_sha256(text, strlen(text), h);
    uint32_t n = (uint32_t)h[0] << 24 | (uint32_t)h[1] << 16 | (uint32_t)h[2] << 8 | h[3];
    return n % 1000000 < (uint64_t)*ppm;
}
