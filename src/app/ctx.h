/* ctx.h: what one process holds. Made by the program, passed to everything. */
#ifndef APP_CTX_H
#define APP_CTX_H

#include "app/types.h"
#include "platform/conf.h"

struct app_registry; /* loaded modules, routes, slots, events, jobs, permissions: loader.h */
struct tenant_store; /* hosts and settings known to this process: tenant.h */
struct score;        /* this process's row on the scoreboard: score.h */

struct app_ctx {
    const struct conf *conf;
    struct app_registry *registry;
    struct db *db; /* this process's connection in its own role */
    struct cache *cache;
    struct tenant_store *tenants;
    struct score *score; /* NULL outside the pool */
    const char *pool;    /* "shop", "admin", "jobs", "cli", "test" */
    struct arena *arena; /* lives as long as the process */
    struct arena *work;  /* of the job or event handler that runs; requests have r->arena */
};

/* Opens db (not yet connected), cache and tenant store after fork; registry and conf are set. */
KADE_API enum rc app_open(struct app_ctx *app, const char *role, const char *name) ATTR_MUST_CHECK;
KADE_API void app_close(struct app_ctx *app);

#endif
