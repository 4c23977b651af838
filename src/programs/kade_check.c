/* kade_check.c: kade check: loads everything as the master would and says what is wrong, or prints
 * the tables that make up the installation: sitemap, permissions, templates, events and jobs. No
 * database is needed for that; when one answers its schema is compared with the modules'. */
#include <stdio.h>

#include "app/router.h"
#include "base/str.h"
#include "platform/db.h"
#include "programs/kade.h"

static const char *methods(struct arena *a, unsigned m)
{
    static const struct {
        unsigned bit;
        const char *name;
    } all[] = { { M_GET, "GET" },
                { M_POST, "POST" },
                { M_PUT, "PUT" },
                { M_PATCH, "PATCH" },
                { M_DELETE, "DELETE" } };
    struct buf b;
    buf_init(&b, a, 64);
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if ((m & all[i].bit) != 0) {
            buf_str(&b, b.n > 0 ? "," : "");
            buf_str(&b, all[i].name);
        }
    return b.p;
}

static const char *flags(struct arena *a, unsigned f)
{
    struct buf b;
    buf_init(&b, a, 128);
    buf_str(&b, (f & R_JSON) != 0 ? "json " : "");
    buf_str(&b, (f & R_NO_SESSION) != 0 ? "no-session " : "");
    buf_str(&b, (f & R_CSRF_OFF) != 0 ? "csrf-off " : "");
    buf_str(&b, (f & R_NO_TENANT) != 0 ? "any-host " : "");
    buf_str(&b, (f & R_LOOPBACK) != 0 ? "loop-back " : "");
    return b.n == 0 ? "-" : str_trim(a, b.p);
}

static void add_route(const struct app_module *m, const struct app_route *r, void *arg)
{
    struct kade_rows *o = arg;
    const char *cells[] = { methods(o->k->arena, r->methods), r->pattern, m->name, r->perm,
                            flags(o->k->arena, r->flags),     r->limit };
    kade_rows_add(o, cells);
}

static int routes(struct kade *k)
{
    static const char *const cols[] = { "methods", "pattern", "module", "permission",
                                        "flags",   "limit",   NULL };
    struct kade_rows o;
    kade_rows_begin(&o, k, cols);
    router_each(k->prog.registry->router, add_route, &o);
    return kade_rows_end(&o);
}

static int permissions(struct kade *k)
{
    static const char *const cols[] = { "permission", "module", "label", NULL };
    struct kade_rows o;
    kade_rows_begin(&o, k, cols);
    const struct app_registry *g = k->prog.registry;
    for (size_t i = 0; i < g->nmodules; i++)
        for (const struct app_perm *p = g->modules[i]->perms; p != NULL && p->name != NULL; p++) {
            const char *cells[] = { p->name, g->modules[i]->name, p->label };
            kade_rows_add(&o, cells);
        }
    return kade_rows_end(&o);
}

static int templates(struct kade *k)
{
    static const char *const cols[] = { "template", "module", NULL };
    struct kade_rows o;
    kade_rows_begin(&o, k, cols);
    const struct app_registry *g = k->prog.registry;
    for (size_t i = 0; i < g->nmodules; i++)
        for (const struct app_template *t = g->modules[i]->templates; t != NULL && t->file != NULL;
             t++) {
            const char *cells[] = { t->file, g->modules[i]->name };
            kade_rows_add(&o, cells);
        }
    return kade_rows_end(&o);
}

static int events(struct kade *k)
{
    static const char *const cols[] = { "what", "module", "when", NULL };
    struct kade_rows o;
    kade_rows_begin(&o, k, cols);
    const struct app_registry *g = k->prog.registry;
    for (size_t i = 0; i < g->nmodules; i++)
        for (const struct app_event_sub *s = g->modules[i]->events; s != NULL && s->event != NULL;
             s++) {
            const char *when =
                arena_printf(k->arena, "%s%s%s", (s->when & EV_IN_TX) != 0 ? "in-tx " : "",
                             (s->when & EV_AFTER_COMMIT) != 0 ? "after-commit " : "",
                             (s->when & EV_JOB) != 0 ? "job " : "");
            const char *cells[] = { s->event, g->modules[i]->name, str_trim(k->arena, when) };
            kade_rows_add(&o, cells);
        }
    for (size_t i = 0; i < g->njobs; i++) {
        const struct app_job *j = g->jobs[i];
        const char *when =
            j->every_s == 0 ? "when asked" : arena_printf(k->arena, "every %u s", j->every_s);
        const char *cells[] = { arena_printf(k->arena, "job %s", j->name), g->job_module[i]->name,
                                when };
        kade_rows_add(&o, cells);
    }
    return kade_rows_end(&o);
}

static void count_route(const struct app_module *m, const struct app_route *r, void *arg)
{
    size_t *n = arg;
    (void)m;
    (void)r;
    (*n)++;
}

/* Away is no failure here: check is also for machines without a database. */
static int schema(struct kade *k)
{
    struct app_ctx app = {
        .conf = k->prog.conf, .registry = k->prog.registry, .pool = "cli", .arena = k->prog.arena
    };
    if (app_open(&app, "kade_admin", "kade") != RC_OK)
        return kade_fail("cannot open the installation");
    const char *problem = NULL;
    enum rc rc = db_connect(app.db);
    int status = 0;
    if (rc != RC_OK)
        printf("schema      not checked: the database does not answer\n");
    else if ((rc = loader_check_schema(app.registry, app.db, k->arena, &problem)) != RC_OK)
        status = kade_fail("schema: %s", problem == NULL ? rc_name(rc) : problem);
    else
        printf("schema      current\n");
    app_close(&app);
    return status;
}

static int check(struct kade *k, char **arg)
{
    (void)arg;
    int status = kade_load(k, true);
    if (status != 0)
        return status;
    if (kade_has(k, OPT_ROUTES))
        return routes(k);
    if (kade_has(k, OPT_PERMISSIONS))
        return permissions(k);
    if (kade_has(k, OPT_TEMPLATES))
        return templates(k);
    if (kade_has(k, OPT_EVENTS))
        return events(k);
    const struct app_registry *g = k->prog.registry;
    size_t n = 0;
    router_each(g->router, count_route, &n);
    printf("config      %s\n", k->value[OPT_CONFIG] == NULL ? "defaults" : k->value[OPT_CONFIG]);
    printf("modules     %zu:", g->nmodules);
    for (size_t i = 0; i < g->nmodules; i++)
        printf(" %s", g->modules[i]->name);
    printf("\nroutes      %zu\njobs        %zu\n", n, g->njobs);
    return schema(k);
}

static const enum kade_option check_options[] = { OPT_ROUTES, OPT_PERMISSIONS, OPT_TEMPLATES,
                                                  OPT_EVENTS, OPTIONS };
const struct command kade_check_commands[] = {
    { "check", NULL, "[--routes|--permissions|--templates|--events]",
      "Load configuration, modules and templates, compare the schema; or print one of the tables.",
      0, 0, check_options, check },
    { 0 }
};
