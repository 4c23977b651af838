/* rate.c: how often somebody may do something. Two windows approximate a sliding one: the count of
 * the window before fades out while this one fills. Counted in memcached for all workers; with
 * memcached away each process counts for itself in a small fixed table, so a limit gets looser,
 * never absent. Identifiers are hashed: no address or account name reaches memcached. */
#include "app/rate.h"

#include <stdio.h>
#include <string.h>

#include "app/ctx.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/cache.h"
#include "platform/crypto.h"

enum { SLOTS = 4096, PROBES = 8 };

static struct {
    struct local {
        uint64_t who;
        int64_t window;
        unsigned now, before;
    } slot[SLOTS];
} local;

enum rc rate_parse(const char *text, struct rate_spec *out)
{
    struct rate_spec s = { .period_s = 0 };
    const char *colon = text ? strchr(text, ':') : NULL;
    if (!colon || colon == text || (size_t)(colon - text) >= sizeof s.bucket)
        return RC_INVALID;
    for (const char *p = text; p < colon; p++)
        if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || strchr("._-", *p)))
            return RC_INVALID;
    memcpy(s.bucket, text, (size_t)(colon - text));
    const char *slash = strchr(colon, '/');
    char digits[8];
    int64_t count;
    if (!slash || (size_t)(slash - colon - 1) >= sizeof digits)
        return RC_INVALID;
    memcpy(digits, colon + 1, (size_t)(slash - colon - 1));
    digits[slash - colon - 1] = '\0';
    if (str_int(digits, 1, 1000000, &count) != RC_OK)
        return RC_INVALID;
    s.count = (unsigned)count;
    s.period_s = str_eq(slash, "/sec")    ? 1
                 : str_eq(slash, "/min")  ? 60
                 : str_eq(slash, "/hour") ? 3600
                                          : 0;
    if (!s.period_s)
        return RC_INVALID;
    *out = s;
    return RC_OK;
}

static uint64_t identity(const struct rate_spec *spec, const char *tenant, const char *who)
{
    unsigned char h[CRYPTO_HASH];
    char text[512];
    uint64_t id;
    int n =
        snprintf(text, sizeof text, "%s|%s|%s", spec->bucket, tenant ? tenant : "", who ? who : "");
    crypto_sha256(text, n < 0 ? 0 : strnlen(text, sizeof text), h);
    memcpy(&id, h, sizeof id);
    return id;
}

/* The window's two counters in memcached; false when it is away. */
static bool count_shared(struct app_ctx *app, uint64_t id, int64_t window, unsigned period_s,
                         unsigned *now, unsigned *before)
{
    char key[64];
    uint64_t n, old;
    if (!app->cache)
        return false;
    (void)snprintf(key, sizeof key, "rl:%016llx:%lld", (unsigned long long)id, (long long)window);
    if (!cache_count(app->cache, key, 1, 1, 2 * period_s + 1, &n))
        return false;
    (void)snprintf(key, sizeof key, "rl:%016llx:%lld", (unsigned long long)id,
                   (long long)window - 1);
    if (!cache_count(app->cache, key, 0, 0, period_s + 1, &old))
        return false;
    *now = n > UINT32_MAX ? UINT32_MAX : (unsigned)n;
    *before = old > UINT32_MAX ? UINT32_MAX : (unsigned)old;
    return true;
}

/* The table forgets whoever was idle longest near the same place: looser under attack, bounded. */
static void count_local(uint64_t id, int64_t window, unsigned *now, unsigned *before)
{
    struct local *s = NULL;
    for (unsigned i = 0; i < PROBES; i++) {
        struct local *c = &local.slot[(id + i) % SLOTS];
        if (c->who == id) {
            s = c;
            break;
        }
        if (!s || c->window < s->window)
            s = c;
    }
    if (s->who != id)
        *s = (struct local){ .who = id, .window = window };
    if (s->window != window) {
        s->before = s->window == window - 1 ? s->now : 0;
        s->now = 0;
        s->window = window;
    }
    if (s->now < UINT32_MAX)
        s->now++;
    *now = s->now;
    *before = s->before;
}

enum rc rate_take(struct app_ctx *app, const struct rate_spec *spec, const char *tenant,
                  const char *who, int64_t now, unsigned *wait_s)
{
    int64_t period = SECONDS(spec->period_s), window = now / period, passed = now % period;
    uint64_t id = identity(spec, tenant, who), weighted;
    unsigned cur, before;
    if (!count_shared(app, id, window, spec->period_s, &cur, &before))
        count_local(id, window, &cur, &before);
    if (before > spec->count) /* refused calls do not lengthen the wait beyond one period */
        before = spec->count;
    weighted = (uint64_t)before * (uint64_t)(period - passed) / (uint64_t)period + cur;
    if (weighted <= spec->count)
        return RC_OK;
    int64_t left = (period - passed) / SECONDS(1) + 1;
    if (cur <= spec->count && before > 0) /* only the old window weighs: it fades sooner */
        left -= (int64_t)((uint64_t)(spec->count - cur) * spec->period_s / before);
    *wait_s = left < 1 ? 1 : (unsigned)left;
    return RC_LIMIT;
}
