/* ctx.c: opens and closes what one process holds: its connection, its cache, its known shops. It
 * connects to nothing yet; the first use does. Invariant: called after fork, never before, because
 * none of it survives one. */
#include "app/ctx.h"

#include "app/tenant_priv.h"
#include "base/log.h"
#include "platform/cache.h"
#include "platform/db.h"

enum rc app_open(struct app_ctx *app, const char *role, const char *name)
{
    check_that(app->conf && app->registry && app->arena);
    app->db = db_new(app->conf, role, name);
    if (!app->db)
        return RC_UPSTREAM;
    db_set_app(app->db, app);
    app->cache = cache_new(app->conf->cache_servers, app->conf->cache_timeout_ms);
    app->tenants = tenant_store_new(app->arena);
    return RC_OK;
}

void app_close(struct app_ctx *app)
{
    tenant_store_free(app->tenants);
    if (app->cache)
        cache_free(app->cache);
    if (app->db)
        db_free(app->db);
    app->tenants = NULL;
    app->cache = NULL;
    app->db = NULL;
}
