/* loader.c: finds the modules, sorts them by what they need and runs their life. The rules a table
 * must keep are in loader_check.c. A module is one const table behind one symbol; it is resolved at
 * once (RTLD_NOW) and its names stay its own (RTLD_LOCAL). Invariant: a registry is made whole or
 * not at all, and a refusal is one line that names the module, the rule and what to do. Nothing is
 * ever unloaded: pointers into a module may live anywhere. */
#include "app/loader.h"

#include <dlfcn.h>
#include <string.h>
#include <unistd.h>

#include "app/loader_priv.h"
#include "app/router.h"
#include "base/log.h"
#include "base/map.h"
#include "base/str.h"
#include "platform/i18n.h"
#include "platform/migrate.h"

const char app_build_id_of_core[] = APP_BUILD_ID;

static const struct app_module *static_find(const char *name)
{
    for (const struct app_module *const *m = app_static_modules; m && *m; m++)
        if (str_eq((*m)->name, name))
            return *m;
    return NULL;
}

static const char *const *static_names(struct arena *a, size_t *n)
{
    while (app_static_modules && app_static_modules[*n])
        (*n)++;
    const char **names = arena_array(a, const char *, *n + 1);
    for (size_t i = 0; i < *n; i++)
        names[i] = app_static_modules[i]->name;
    return names;
}

static bool name_ok(const char *s)
{
    size_t n = s ? strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_") : 0;
    return n > 0 && n <= 40 && s[n] == '\0' && s[0] >= 'a' && s[0] <= 'z';
}

static enum rc open_one(const char *dir, const char *name, bool relaxed, struct arena *a,
                        const struct app_module **out, const char **problem)
{
    const struct app_module *m = static_find(name);
    if (m) {
        *out = m;
        return RC_OK;
    }
    if (!name_ok(name)) {
        *problem = arena_printf(a,
                                "module \"%s\": a module name is lower-case letters, digits and _; "
                                "correct app.modules in the configuration",
                                name ? name : "");
        return RC_INVALID;
    }
    char *file = arena_printf(a, "%s/%s.so", dir, name);
    if (access(file, R_OK) != 0) {
        *problem = arena_printf(a,
                                "module %s: not found at %s; build it, or remove it from "
                                "app.modules in the configuration",
                                name, file);
        return RC_INVALID;
    }
    void *so = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (!so) {
        *problem = arena_printf(a, "module %s: cannot be loaded: %s", name, dlerror());
        return RC_INVALID;
    }
    m = dlsym(so, "app_module_entry");
    if (!m) {
        *problem = arena_printf(a,
                                "module %s: %s has no symbol app_module_entry; end its module.c "
                                "with APP_MODULE(...)",
                                name, file);
        return RC_INVALID;
    }
    enum rc rc = loader_accept(m, name, relaxed, a, problem);
    if (rc == RC_OK)
        *out = m;
    return rc;
}

enum rc loader_load(const char *dir, const char *const *names, bool relaxed, struct arena *a,
                    struct app_registry **out, const char **problem)
{
    size_t n = 0;
    while (names && names[n])
        n++;
    if (n == 0) /* a program that contains its modules needs no list of them */
        names = static_names(a, &n);
    const struct app_module **all = arena_array(a, const struct app_module *, n + 2);
    all[0] = &app_builtin;
    all[1] = &shop_builtin;
    for (size_t i = 0; i < n; i++) {
        enum rc rc = open_one(dir, names[i], relaxed, a, &all[i + 2], problem);
        if (rc != RC_OK)
            return rc;
    }
    return loader_check(all, n + 2, relaxed, a, out, problem);
}

/* ---- order of needs ---------------------------------------------------------------------------
 */

static bool placed(const struct app_module *const *done, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(done[i]->name, name))
            return true;
    return false;
}

static const char *first_need(const struct app_module *m, const struct app_module *const *done,
                              size_t n)
{
    for (const char *const *need = m->needs; need && *need; need++)
        if (!placed(done, n, *need))
            return *need;
    return NULL;
}

static enum rc needs_problem(const struct app_module *const *in, size_t n,
                             const struct app_module *const *done, size_t ndone, struct arena *a,
                             const char **problem)
{
    for (size_t i = 0; i < n; i++) {
        const char *need = first_need(in[i], in, n);
        if (need) {
            *problem = arena_printf(a,
                                    "module %s: needs module %s, which is not enabled; add it to "
                                    "app.modules in the configuration",
                                    in[i]->name, need);
            return RC_INVALID;
        }
    }
    for (size_t i = 0; i < n; i++)
        if (!placed(done, ndone, in[i]->name)) {
            *problem = arena_printf(
                a, "module %s: needs module %s, which needs it in turn; break the cycle in .needs",
                in[i]->name, first_need(in[i], done, ndone));
            break;
        }
    return RC_INVALID;
}

/* Stable: as given, except that what is needed comes first. */
static enum rc sort_by_needs(const struct app_module *const *in, size_t n, struct arena *a,
                             const struct app_module ***out, const char **problem)
{
    const struct app_module **done = arena_array(a, const struct app_module *, n);
    size_t ndone = 0;
    for (bool moved = true; moved && ndone < n;) {
        moved = false;
        for (size_t i = 0; i < n; i++) {
            if (placed(done, ndone, in[i]->name) || first_need(in[i], done, ndone))
                continue;
            done[ndone++] = in[i];
            moved = true;
        }
    }
    if (ndone < n)
        return needs_problem(in, n, done, ndone, a, problem);
    *out = done;
    return RC_OK;
}

static struct app_registry *registry_new(struct arena *a)
{
    struct app_registry *g = arena_new(a, struct app_registry);
    g->arena = a;
    g->router = router_new(a);
    g->perms = map_new();
    g->settings = map_new();
    g->resources = map_new();
    g->templates = map_new();
    g->job_names = map_new();
    g->slots = map_new();
    g->events = map_new();
    g->navs = map_new();
    return g;
}

void loader_free(struct app_registry *g)
{
    if (!g)
        return;
    map_free(g->perms, NULL);
    map_free(g->settings, NULL);
    map_free(g->resources, NULL);
    map_free(g->templates, NULL);
    map_free(g->job_names, NULL);
    map_free(g->slots, NULL);
    map_free(g->events, NULL);
    map_free(g->navs, NULL);
}

static enum rc build(struct app_registry *g, const struct app_module *const *in, size_t n,
                     const char **problem)
{
    const struct app_module **order;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            if (str_eq(in[i]->name, in[k]->name)) {
                *problem =
                    arena_printf(g->arena, "module %s: is there twice; name it once in app.modules",
                                 in[i]->name);
                return RC_INVALID;
            }
    enum rc rc = sort_by_needs(in, n, g->arena, &order, problem);
    if (rc != RC_OK)
        return rc;
    g->modules = order;
    g->nmodules = n;
    for (size_t i = 0; i < n; i++)
        if ((rc = loader_register(g, order[i], problem)) != RC_OK)
            return rc;
    return loader_settle(g, problem);
}

enum rc loader_check(const struct app_module *const *modules, size_t n, bool relaxed,
                     struct arena *a, struct app_registry **out, const char **problem)
{
    const struct app_module **whole = arena_array(a, const struct app_module *, n);
    for (size_t i = 0; i < n; i++) {
        enum rc rc = loader_accept(modules[i], modules[i]->name, relaxed, a, problem);
        if (rc != RC_OK)
            return rc;
        whole[i] = modules[i];
        if (modules[i]->size < sizeof(struct app_module)) { /* of an older minor: rest is zero */
            struct app_module *copy = arena_new(a, struct app_module);
            memcpy(copy, modules[i], modules[i]->size);
            whole[i] = copy;
        }
    }
    struct app_registry *g = registry_new(a);
    enum rc rc = build(g, whole, n, problem);
    if (rc != RC_OK) {
        loader_free(g);
        return rc;
    }
    *out = g;
    return RC_OK;
}

/* ---- asking the registry ----------------------------------------------------------------------
 */

size_t loader_index(const struct app_registry *g, const struct app_module *m)
{
    for (size_t i = 0; i < g->nmodules; i++)
        if (g->modules[i] == m)
            return i;
    for (size_t i = 0; i < g->nmodules; i++) /* a table that was completed is another object */
        if (str_eq(g->modules[i]->name, m->name))
            return i;
    check_that(!"module is loaded");
    return 0;
}

const struct slot_use *loader_slot(const struct app_registry *g, const char *slot)
{
    return map_get(g->slots, slot);
}

const struct event_use *loader_events(const struct app_registry *g, const char *topic)
{
    return map_get(g->events, topic);
}

const struct nav_use *loader_nav(const struct app_registry *g, const char *area)
{
    return map_get(g->navs, area);
}

enum rc loader_check_templates(const struct app_registry *g, struct arena *a, const char **problem)
{
    size_t nlocales;
    const struct locale *all = i18n_locales(&nlocales);
    for (size_t i = 0; i < g->nmodules; i++)
        for (const struct app_template *t = g->modules[i]->templates; t && t->file; t++)
            for (size_t k = 0; k < nlocales; k++)
                if (all[k].templates && !tpl_set_has(all[k].templates, t->file)) {
                    *problem = arena_printf(a,
                                            "module %s: template %s is missing in language %s; "
                                            "write templates/%s and build",
                                            g->modules[i]->name, t->file, all[k].tag, t->file);
                    return RC_INVALID;
                }
    return RC_OK;
}

enum rc loader_check_schema(const struct app_registry *g, struct db *db, struct arena *a,
                            const char **problem)
{
    for (size_t i = 0; i < g->nmodules; i++) {
        const struct app_module *m = g->modules[i];
        unsigned have = 0;
        if (m->schema_version == 0)
            continue;
        enum rc rc = migrate_version(db, a, m->name, &have);
        if (rc != RC_OK) {
            *problem = arena_printf(a, "module %s: its schema version cannot be read", m->name);
            return rc;
        }
        if (have < m->schema_version) {
            *problem = arena_printf(a,
                                    "module %s: expects schema %u, the database has %u; run "
                                    "\"kade migrate\"",
                                    m->name, m->schema_version, have);
            return RC_INVALID;
        }
    }
    return RC_OK;
}

enum rc loader_call_load(struct app_ctx *app)
{
    for (size_t i = 0; i < app->registry->nmodules; i++) {
        const struct app_module *m = app->registry->modules[i];
        enum rc rc = m->load ? m->load(app) : RC_OK;
        if (rc != RC_OK) {
            log_error("module refused to load", "module=%s rc=%s", m->name, rc_name(rc));
            return rc;
        }
    }
    return RC_OK;
}

enum rc loader_call_start(struct app_ctx *app)
{
    for (size_t i = 0; i < app->registry->nmodules; i++) {
        const struct app_module *m = app->registry->modules[i];
        enum rc rc = m->start ? m->start(app) : RC_OK;
        if (rc != RC_OK) {
            log_error("module refused to start", "module=%s rc=%s", m->name, rc_name(rc));
            return rc;
        }
    }
    return RC_OK;
}

void loader_call_stop(struct app_ctx *app)
{
    for (size_t i = app->registry->nmodules; i-- > 0;)
        if (app->registry->modules[i]->stop)
            app->registry->modules[i]->stop(app);
}
