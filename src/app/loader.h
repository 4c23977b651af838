/* loader.h: loads modules (dlopen, or the table of a static build), checks every rule of module.h,
 * orders by needs, and indexes routes, slots, events, jobs, permissions, settings. Each refusal is
 * one line that names module, rule and what to do. Nothing is ever unloaded in production. */
#ifndef APP_LOADER_H
#define APP_LOADER_H

#include "app/ctx.h"
#include "app/module.h"
#include "base/arena.h"

/* One module's part in a slot, topic or phase; lists are in the order in which they run. */
struct slot_use {
    const struct app_module *module;
    const struct app_slot *slot;
    const struct slot_use *next;
};
struct event_use {
    const struct app_module *module;
    const struct app_event_sub *sub;
    const struct event_use *next;
};
struct hook_use {
    const struct app_module *module;
    const struct app_hook *hook;
    const struct hook_use *next;
};
struct nav_use {
    const struct app_module *module;
    const struct app_nav *nav;
    const struct nav_use *next;
};
enum { APP_PHASES = PHASE_LOG + 1 };

struct app_registry {
    struct arena *arena;
    const struct app_module *const *modules;
    size_t nmodules; /* in order of needs: "app", "shop", ... */
    struct router *router;
    const struct app_job *const *jobs;
    size_t njobs;
    const struct app_module *const *job_module; /* same index */
    /* name -> struct app_perm, app_setting, resource, app_template, app_job */
    struct map *perms, *settings, *resources, *templates, *job_names;
    struct map *slots;  /* slot -> first struct slot_use */
    struct map *events; /* topic -> first struct event_use */
    struct map *navs;   /* area -> first struct nav_use */
    const struct hook_use *hooks[APP_PHASES];
};
/* NULL when nobody takes part. */
KADE_API const struct slot_use *loader_slot(const struct app_registry *g, const char *slot);
KADE_API const struct event_use *loader_events(const struct app_registry *g, const char *topic);
KADE_API const struct nav_use *loader_nav(const struct app_registry *g, const char *area);

/* Built-in modules "app" and "shop" come first; dir holds <name>.so; names NULL-terminated.
 * relaxed: a third-party module may have another build id. RC_INVALID with *problem. */
KADE_API enum rc loader_load(const char *dir, const char *const *names, bool relaxed,
                             struct arena *a, struct app_registry **out,
                             const char **problem) ATTR_MUST_CHECK;
/* The same for tables already in memory (tests, static build); app_builtin must be among them. */
KADE_API enum rc loader_check(const struct app_module *const *modules, size_t n, bool relaxed,
                              struct arena *a, struct app_registry **out,
                              const char **problem) ATTR_MUST_CHECK;
/* Index in registry->modules, for req_ctx. */
KADE_API size_t loader_index(const struct app_registry *g, const struct app_module *m);
/* Declared templates exist in the set; schema versions are there (db connected). */
KADE_API enum rc loader_check_templates(const struct app_registry *g, struct arena *a,
                                        const char **problem) ATTR_MUST_CHECK;
KADE_API enum rc loader_check_schema(const struct app_registry *g, struct db *db, struct arena *a,
                                     const char **problem) ATTR_MUST_CHECK;
/* Runs load / start / stop of every module, stop in reverse. */
KADE_API enum rc loader_call_load(struct app_ctx *app) ATTR_MUST_CHECK;
KADE_API enum rc loader_call_start(struct app_ctx *app) ATTR_MUST_CHECK;
KADE_API void loader_call_stop(struct app_ctx *app);

/* The maps of a registry are not in its arena; call before freeing that (tests, command line). */
KADE_API void loader_free(struct app_registry *g);

/* Modules linked into the program (--enable-static-modules), NULL-terminated; made by the build. */
extern const struct app_module *const app_static_modules[] KADE_API __attribute__((weak));

/* Built-in tables (src/app/builtin.c, src/shop/builtin.c). */
extern const struct app_module app_builtin KADE_API;
extern const struct app_module shop_builtin KADE_API;

#endif
