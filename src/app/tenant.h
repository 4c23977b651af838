/* tenant.h: which shop a host name is, and what that shop has set. Kept per process under a
 * generation in memcached (5 s when memcached is away), so a change is seen at the next request. */
#ifndef APP_TENANT_H
#define APP_TENANT_H

#include "app/ctx.h"
#include "app/types.h"
#include "base/id.h"

enum tenant_status { TENANT_ACTIVE, TENANT_SUSPENDED, TENANT_CLOSED };

struct tenant {
    struct uuid id, store_id;
    const char *slug, *name;
    enum tenant_status status;
    const char *store_code;
    const char *currency, *zone, *country; /* of the store */
    const struct locale *locale;           /* the store's first language: no URL prefix */
    const struct locale *const *locales;
    size_t nlocales; /* offered, first one first */
    const char *const *currencies;
    size_t ncurrencies;
    bool prices_include_tax;
    uint64_t generation;
    struct map *settings; /* key -> text; tenant_setting() */
    struct map *flags;
};

/* RC_NOTFOUND unknown host; a suspended tenant is returned, the caller looks at status. */
KADE_API enum rc tenant_by_host(struct app_ctx *app, const char *host,
                                const struct tenant **out) ATTR_MUST_CHECK;
KADE_API enum rc tenant_by_slug(struct app_ctx *app, const char *slug,
                                const struct tenant **out) ATTR_MUST_CHECK;
KADE_API enum rc tenant_by_id(struct app_ctx *app, struct uuid id,
                              const struct tenant **out) ATTR_MUST_CHECK;
/* The shop's value or the default its module declares; never NULL for a declared key. */
KADE_API const char *tenant_setting(struct app_ctx *app, const struct tenant *t, const char *key);
KADE_API int64_t tenant_setting_int(struct app_ctx *app, const struct tenant *t, const char *key);
KADE_API bool tenant_setting_bool(struct app_ctx *app, const struct tenant *t, const char *key);
/* Feature flag; rollout is by a stable hash of who (session, customer), NULL = tenant-wide. */
KADE_API bool tenant_flag(struct app_ctx *app, const struct tenant *t, const char *flag,
                          const char *who);
/* After a change of domains, settings or flags committed: every process reads again. */
KADE_API void tenant_changed(struct app_ctx *app, struct uuid tenant);

#endif
