/* tenant_copy.c: what a worker needs to know of a shop, kept beside its stored pages in memcached,
 * so that a worker which starts while the database is away can serve them. It is never asked while
 * the database answers. Invariant: a copy whose generation is not the shop's present one is no
 * copy. */
#include <string.h>

#include "app/tenant.h"
#include "base/log.h"
#include "base/str.h"
#include "gen/app_q.h"
#include "platform/cache.h"
#include "platform/crypto.h"
#include "platform/json.h"

#include "app/tenant_priv.h"

enum { COPY_MAX = 256 * 1024, COPY_TTL_S = 86400, COPY_KEY = 48 };

#define AT(member, type)                                                                           \
    {                                                                                              \
#member, type, false, offsetof(struct app_shop_row, member), FIELD_NOT_NULL                \
    }
/* settings and flags are kept as the text they are. */
static const struct field copied[] = {
    AT(tenant_id, FT_UUID),
    AT(slug, FT_TEXT),
    AT(name, FT_TEXT),
    AT(status, FT_TEXT),
    AT(store_id, FT_UUID),
    AT(store_code, FT_TEXT),
    AT(locale, FT_TEXT),
    AT(currency, FT_TEXT),
    AT(zone, FT_TEXT),
    { "country", FT_TEXT, true, offsetof(struct app_shop_row, country), FIELD_NOT_NULL },
    AT(settings, FT_TEXT),
    AT(flags, FT_TEXT),
    AT(prices_include_tax, FT_BOOL),
};

static void copy_key(struct arena *a, const char *key, char out[COPY_KEY])
{
    unsigned char h[CRYPTO_HASH];
    crypto_digest(key, strlen(key), h);
    out[0] = 's';
    out[1] = ':';
    check_that(str_copy(out + 2, COPY_KEY - 2, crypto_base64url(a, h, sizeof h)));
}

static void put_value(struct jw *w, struct arena *a, const struct field *f, const char *at)
{
    if (f->type == FT_UUID)
        jw_text(w, uuid_str(a, *(const struct uuid *)(const void *)at));
    else if (f->type == FT_BOOL)
        jw_bool(w, *(const bool *)at);
    else
        jw_text(w, *(const char *const *)(const void *)at);
}

void tenant_copy_put(struct app_ctx *app, struct arena *a, const char *key, uint64_t generation,
                     const struct app_shop_row *row)
{
    char name[COPY_KEY];
    struct buf b;
    struct jw w;
    if (generation == 0 || app->cache == NULL)
        return;
    copy_key(a, key, name);
    buf_init(&b, a, COPY_MAX);
    jw_init(&w, &b);
    jw_array(&w);
    jw_int(&w, (int64_t)generation);
    jw_array(&w);
    for (size_t i = 0; i < COUNT_OF(copied); i++)
        put_value(&w, a, &copied[i], (const char *)row + copied[i].offset);
    jw_end_array(&w);
    jw_end_array(&w);
    if (buf_rc(&b) == RC_OK)
        (void)cache_set(app->cache, name, b.p, b.n, COPY_TTL_S);
}

bool tenant_copy_get(struct app_ctx *app, struct arena *a, const char *key, uint64_t *generation,
                     struct app_shop_row *out)
{
    char name[COPY_KEY];
    struct cache_value v;
    struct json *j;
    if (app->cache == NULL)
        return false;
    copy_key(a, key, name);
    if (!cache_get(app->cache, a, name, &v) || json_parse(a, v.p, v.n, &j, NULL) != RC_OK)
        return false;
    memset(out, 0, sizeof *out);
    *generation = (uint64_t)json_int(json_at(j, 0), 0);
    const struct json *row = json_at(j, 1);
    return *generation != 0 && json_size(row) == COUNT_OF(copied) &&
           json_take_row(row, copied, COUNT_OF(copied), out);
}
