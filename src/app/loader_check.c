/* loader_check.c: every rule a module's table must keep (architecture.md 3), each with its one-line
 * refusal. It reads const data only: no database, no templates, no I/O. Invariant: what gets into
 * the registry has unique names, known permissions, handlers that exist and limits that parse, so
 * that request code checks none of it again. */
#include <string.h>

#include "app/form.h"
#include "app/loader_priv.h"
#include "app/rate.h"
#include "app/resource.h"
#include "app/router.h"
#include "base/log.h"
#include "base/map.h"
#include "base/str.h"

#define REFUSE(a, problem, ...) (*(problem) = arena_printf((a), __VA_ARGS__), RC_INVALID)

enum rc loader_accept(const struct app_module *m, const char *file, bool relaxed, struct arena *a,
                      const char **problem)
{
    const char *f = file ? file : "(unnamed)";
    if (m->magic != APP_MAGIC)
        return REFUSE(a, problem, "module %s: is not a Kade module (magic %08x, not %08x)", f,
                      m->magic, APP_MAGIC);
    if (m->abi_major != APP_ABI_MAJOR)
        return REFUSE(a, problem,
                      "module %s: was built for ABI %u.%u, this is %u.%u; rebuild the module", f,
                      m->abi_major, m->abi_minor, APP_ABI_MAJOR, APP_ABI_MINOR);
    if (m->abi_minor > APP_ABI_MINOR)
        return REFUSE(a, problem,
                      "module %s: was built for ABI %u.%u, this is %u.%u; update Kade or rebuild "
                      "the module",
                      f, m->abi_major, m->abi_minor, APP_ABI_MAJOR, APP_ABI_MINOR);
    if (m->size > sizeof(struct app_module) || m->size < offsetof(struct app_module, routes))
        return REFUSE(a, problem, "module %s: its table has %u bytes, ours %zu; rebuild the module",
                      f, m->size, sizeof(struct app_module));
    if (!relaxed && !str_eq(m->build_id, app_build_id_of_core))
        return REFUSE(a, problem,
                      "module %s: was built with other headers or flags (%s, not %s); rebuild the "
                      "module",
                      f, m->build_id ? m->build_id : "none", app_build_id_of_core);
    if (!m->name || !m->name[0])
        return REFUSE(a, problem, "module %s: has no .name", f);
    if (!str_eq(m->name, f))
        return REFUSE(a, problem, "module %s: calls itself %s; file and .name must be the same", f,
                      m->name);
    return RC_OK;
}

enum { T_PERM, T_SETTING, T_JOB, T_TEMPLATE, T_RESOURCE };

static bool in_perms(const struct app_module *m, const void *p)
{
    for (const struct app_perm *x = m->perms; x && x->name; x++)
        if (x == p)
            return true;
    return false;
}
static bool in_settings(const struct app_module *m, const void *p)
{
    for (const struct app_setting *x = m->settings; x && x->key; x++)
        if (x == p)
            return true;
    return false;
}
static bool in_jobs(const struct app_module *m, const void *p)
{
    for (const struct app_job *x = m->jobs; x && x->name; x++)
        if (x == p)
            return true;
    return false;
}
static bool in_templates(const struct app_module *m, const void *p)
{
    for (const struct app_template *x = m->templates; x && x->file; x++)
        if (x == p)
            return true;
    return false;
}
static bool in_resources(const struct app_module *m, const void *p)
{
    for (const struct resource *const *x = m->resources; x && *x; x++)
        if (*x == p)
            return true;
    return false;
}

/* Whose table holds it; for messages. */
static const char *owner_of(const struct app_registry *g, const void *p, size_t kind)
{
    static bool (*const in[])(const struct app_module *, const void *) = { in_perms, in_settings,
                                                                           in_jobs, in_templates,
                                                                           in_resources };
    for (size_t i = 0; i < g->nmodules; i++)
        if (in[kind](g->modules[i], p))
            return g->modules[i]->name;
    return "(unknown)";
}

/* The map keeps no const; what goes in is never written through. */
static void *unconst(const void *p)
{
    return (void *)(uintptr_t)p;
}

static enum rc add_unique(struct app_registry *g, struct map *map, const struct app_module *m,
                          const char *what, const char *name, const void *value, size_t kind,
                          const char **problem)
{
    const void *old = map_get(map, name);
    if (old)
        return REFUSE(g->arena, problem, "module %s: %s \"%s\" is already declared by module %s",
                      m->name, what, name, owner_of(g, old, kind));
    map_put(map, name, unconst(value));
    return RC_OK;
}

static enum rc check_form(struct app_registry *g, const struct app_module *m,
                          const struct app_route *r, const char **problem)
{
    const struct form_spec *f = r->form;
    if (!f->name || !f->fields || (f->fields[0].name && f->size == 0))
        return REFUSE(g->arena, problem,
                      "module %s: route \"%s\": its form needs .name, .fields and .size", m->name,
                      r->pattern);
    for (const struct form_field *x = f->fields; x->name; x++) {
        if (x->offset >= f->size)
            return REFUSE(g->arena, problem,
                          "module %s: form \"%s\": field \"%s\" lies outside the struct", m->name,
                          f->name, x->name);
        if (x->type == F_CHOICE && !x->choices)
            return REFUSE(g->arena, problem,
                          "module %s: form \"%s\": field \"%s\" is F_CHOICE without .choices",
                          m->name, f->name, x->name);
        for (const struct form_field *y = f->fields; y < x; y++)
            if (str_eq(x->name, y->name))
                return REFUSE(g->arena, problem,
                              "module %s: form \"%s\": field \"%s\" is there twice", m->name,
                              f->name, x->name);
    }
    return RC_OK;
}

static enum rc add_routes(struct app_registry *g, const struct app_module *m, const char **problem)
{
    for (const struct app_route *r = m->routes; r && (r->pattern || r->methods); r++) {
        struct rate_spec spec;
        enum rc rc = router_add(g->router, m, r, problem);
        if (rc != RC_OK)
            return rc;
        if (!r->handler)
            return REFUSE(g->arena, problem, "module %s: route \"%s\": handler is NULL", m->name,
                          r->pattern);
        if (r->limit && rate_parse(r->limit, &spec) != RC_OK)
            return REFUSE(g->arena, problem,
                          "module %s: route \"%s\": limit \"%s\" is not bucket:count/sec|min|hour",
                          m->name, r->pattern, r->limit);
        if ((r->flags & R_NO_SESSION) && r->perm)
            return REFUSE(g->arena, problem,
                          "module %s: route \"%s\": R_NO_SESSION and a permission exclude each "
                          "other",
                          m->name, r->pattern);
        if (r->form && (rc = check_form(g, m, r, problem)) != RC_OK)
            return rc;
    }
    return RC_OK;
}

static enum rc add_names(struct app_registry *g, const struct app_module *m, const char **problem)
{
    enum rc rc = RC_OK;
    for (const struct app_perm *p = m->perms; p && p->name && rc == RC_OK; p++)
        rc = strpbrk(p->name, " \t") || !strchr(p->name, '.')
                 ? REFUSE(g->arena, problem,
                          "module %s: permission \"%s\" is not area.verb without spaces", m->name,
                          p->name)
                 : add_unique(g, g->perms, m, "permission", p->name, p, T_PERM, problem);
    for (const struct app_setting *s = m->settings; s && s->key && rc == RC_OK; s++)
        rc = s->type > SETTING_JSON || (s->type == SETTING_CHOICE && !s->choices)
                 ? REFUSE(g->arena, problem, "module %s: setting \"%s\" has no valid type", m->name,
                          s->key)
                 : add_unique(g, g->settings, m, "setting", s->key, s, T_SETTING, problem);
    for (const struct app_template *t = m->templates; t && t->file && rc == RC_OK; t++)
        rc = !t->names
                 ? REFUSE(g->arena, problem, "module %s: template %s does not declare its names",
                          m->name, t->file)
                 : add_unique(g, g->templates, m, "template", t->file, t, T_TEMPLATE, problem);
    for (const struct resource *const *x = m->resources; x && *x && rc == RC_OK; x++)
        rc = add_unique(g, g->resources, m, "resource", (*x)->name, *x, T_RESOURCE, problem);
    return rc;
}

static enum rc add_jobs(struct app_registry *g, const struct app_module *m, const char **problem)
{
    size_t n = 0;
    for (const struct app_job *j = m->jobs; j && j->name; j++, n++) {
        enum rc rc = add_unique(g, g->job_names, m, "job", j->name, j, T_JOB, problem);
        if (rc != RC_OK)
            return rc;
        if (!j->run)
            return REFUSE(g->arena, problem, "module %s: job \"%s\": run is NULL", m->name,
                          j->name);
        if (j->timeout_s == 0 || j->max_tries == 0)
            return REFUSE(g->arena, problem,
                          "module %s: job \"%s\": timeout_s and max_tries must be at least 1",
                          m->name, j->name);
    }
    if (n == 0)
        return RC_OK;
    const struct app_job **jobs = arena_array(g->arena, const struct app_job *, g->njobs + n);
    const struct app_module **of = arena_array(g->arena, const struct app_module *, g->njobs + n);
    for (size_t i = 0; i < g->njobs; i++) {
        jobs[i] = g->jobs[i];
        of[i] = g->job_module[i];
    }
    for (size_t i = 0; i < n; i++) {
        jobs[g->njobs + i] = &m->jobs[i];
        of[g->njobs + i] = m;
    }
    g->jobs = jobs;
    g->job_module = of;
    g->njobs += n;
    return RC_OK;
}

static enum rc add_slots(struct app_registry *g, const struct app_module *m, const char **problem)
{
    for (const struct app_slot *s = m->slots; s && s->slot; s++) {
        if (!s->render)
            return REFUSE(g->arena, problem, "module %s: slot \"%s\": render is NULL", m->name,
                          s->slot);
        if (strpbrk(s->slot, "| \t"))
            return REFUSE(g->arena, problem, "module %s: slot \"%s\": bad name", m->name, s->slot);
        struct slot_use *u = arena_new(g->arena, struct slot_use);
        struct slot_use *head = map_get(g->slots, s->slot), **link = &head;
        *u = (struct slot_use){ m, s, NULL };
        while (*link && (*link)->slot->order < s->order)
            link = unconst(&(*link)->next);
        if (*link && (*link)->slot->order == s->order)
            return REFUSE(g->arena, problem,
                          "module %s: slot \"%s\": order %d is taken by module %s; choose another",
                          m->name, s->slot, s->order, (*link)->module->name);
        u->next = *link;
        *link = u;
        map_put(g->slots, s->slot, head);
    }
    return RC_OK;
}

static enum rc add_events(struct app_registry *g, const struct app_module *m, const char **problem)
{
    const unsigned all = EV_IN_TX | EV_AFTER_COMMIT | EV_JOB;
    for (const struct app_event_sub *s = m->events; s && s->event; s++) {
        if (!s->fn)
            return REFUSE(g->arena, problem, "module %s: event \"%s\": fn is NULL", m->name,
                          s->event);
        if (s->when == 0 || (s->when & ~all))
            return REFUSE(
                g->arena, problem,
                "module %s: event \"%s\": when is none of EV_IN_TX EV_AFTER_COMMIT EV_JOB", m->name,
                s->event);
        struct event_use *u = arena_new(g->arena, struct event_use);
        struct event_use *head = map_get(g->events, s->event), **link = &head;
        *u = (struct event_use){ m, s, NULL };
        while (*link)
            link = unconst(&(*link)->next);
        *link = u;
        map_put(g->events, s->event, head);
    }
    return RC_OK;
}

static enum rc add_hooks(struct app_registry *g, const struct app_module *m, const char **problem)
{
    for (const struct app_hook *h = m->hooks; h && h->fn; h++) {
        if (h->phase >= APP_PHASES)
            return REFUSE(g->arena, problem, "module %s: a hook names no phase", m->name);
        struct hook_use *u = arena_new(g->arena, struct hook_use);
        struct hook_use **link = unconst(&g->hooks[h->phase]);
        while (*link && (*link)->hook->order <= h->order)
            link = unconst(&(*link)->next);
        *u = (struct hook_use){ m, h, *link };
        *link = u;
    }
    return RC_OK;
}

static enum rc add_navs(struct app_registry *g, const struct app_module *m, const char **problem)
{
    for (const struct app_nav *n = m->nav; n && n->area; n++) {
        if (!n->label || !n->href || n->href[0] != '/')
            return REFUSE(g->arena, problem,
                          "module %s: a navigation entry of area %s needs a label and an address "
                          "that starts with '/'",
                          m->name, n->area);
        struct nav_use *u = arena_new(g->arena, struct nav_use);
        struct nav_use *head = map_get(g->navs, n->area), **link = &head;
        while (*link && (*link)->nav->order <= n->order)
            link = unconst(&(*link)->next);
        *u = (struct nav_use){ m, n, *link };
        *link = u;
        map_put(g->navs, n->area, head);
    }
    return RC_OK;
}

enum rc loader_register(struct app_registry *g, const struct app_module *m, const char **problem)
{
    static enum rc (*const parts[])(struct app_registry *, const struct app_module *,
                                    const char **) = { add_names,  add_routes, add_jobs, add_slots,
                                                       add_events, add_hooks,  add_navs };
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        enum rc rc = parts[i](g, m, problem);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

static enum rc perm_known(struct app_registry *g, const struct app_module *m, const char *what,
                          const char *where, const char *perm, const char **problem)
{
    if (!perm || map_get(g->perms, perm))
        return RC_OK;
    return REFUSE(g->arena, problem,
                  "module %s: %s \"%s\": permission \"%s\" is declared by no module", m->name, what,
                  where, perm);
}

enum rc loader_settle(struct app_registry *g, const char **problem)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < g->nmodules; i++) {
        const struct app_module *m = g->modules[i];
        for (const struct app_route *r = m->routes; r && r->pattern && rc == RC_OK; r++)
            rc = perm_known(g, m, "route", r->pattern, r->perm, problem);
        for (const struct app_nav *n = m->nav; n && n->area && rc == RC_OK; n++)
            rc = perm_known(g, m, "navigation entry", n->href, n->perm, problem);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}
