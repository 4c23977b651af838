/* demo.c: loads the demo shops, one folder of the demo directory after the other, each in
 * transactions of its own so that a fault in one leaves the others whole. Not an importer: products
 * go through the same one that shops use. Invariant: a second run changes nothing. */
#include "shop/demo.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "app/ctx.h"
#include "app/event.h"
#include "app/statistics.h"
#include "base/str.h"
#include "base/time.h"
#include "base/utf8.h"
#include "platform/db.h"
#include "platform/fault.h"
#include "shop/demo_int.h"

enum { DEMO_FIELD_MAX = 64 * 1024, DEMO_SHOPS = 32 };

const char *demo_fact(const struct demo_run *d, const char *key, const char *otherwise)
{
    const char *v = map_get(d->facts, key);
    return v != NULL ? v : otherwise;
}

enum rc demo_problem(struct demo_run *d, enum rc rc, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    if (d->report->problem == NULL)
        d->report->problem =
            arena_printf(d->app->work, "%s: %s", d->slug, arena_vprintf(d->arena, fmt, ap));
    va_end(ap);
    return rc;
}

/* Fields as clean text; what is missing at the end of a row is "". */
static enum rc clean_row(struct demo_run *d, struct arena *a, const char *file,
                         const struct csv_row *row, size_t n, char **field)
{
    for (size_t i = 0; i < n; i++) {
        field[i] = arena_strdup(a, "");
        if (i >= row->n)
            continue;
        if (row->field[i].too_long ||
            utf8_clean(a, row->field[i].p, row->field[i].n, UTF8_MULTILINE, &field[i]) != RC_OK)
            return demo_problem(d, RC_INVALID, "%s line %zu: column %zu is not usable text", file,
                                row->line, i + 1);
    }
    return RC_OK;
}

enum rc demo_file(struct demo_run *d, const char *file, size_t n, demo_row *row, void *arg)
{
    const char *path = arena_printf(d->arena, "%s/%s", d->dir, file);
    FILE *in = fault_here(FAULT_FILE, "demo open") ? NULL : fopen(path, "rbe");
    if (in == NULL)
        return errno == ENOENT ? RC_OK : demo_problem(d, RC_UPSTREAM, "cannot read %s", file);
    struct arena *a = arena_new_sized(0);
    struct csv_reader *r = csv_open(d->arena, in, DEMO_FIELD_MAX);
    char **field = arena_array(d->arena, char *, n);
    struct csv_row line;
    bool header = true;
    enum rc rc;
    while ((rc = csv_next(r, a, &line)) == RC_OK) {
        if (!header)
            rc = clean_row(d, a, file, &line, n, field);
        if (!header && rc == RC_OK)
            rc = row(d, field, arg);
        if (rc != RC_OK) {
            rc = demo_problem(d, rc, "%s line %zu was not taken", file, line.line);
            break;
        }
        header = false;
        arena_reset(a);
    }
    if (csv_problem(r) != NULL)
        rc = demo_problem(d, RC_INVALID, "%s: %s", file, csv_problem(r));
    csv_close(r);
    arena_free(a);
    fclose(in);
    return rc == RC_NOTFOUND ? RC_OK : rc;
}

static enum rc take_fact(struct demo_run *d, char **field, void *arg)
{
    (void)arg;
    map_put(d->facts, field[0], arena_strdup(d->arena, field[1]));
    return RC_OK;
}

/* Modules have demo data of their own: they take it in this transaction. */
static enum rc tell_in_tx(struct db *db, void *arg)
{
    const struct demo_run *d = arg;
    return event_emit(db, "demo.shop", d->tenant, 0, "slug=%s", d->slug);
}

static enum rc tell_modules(struct demo_run *d)
{
    struct db *db = d->app->db;
    db_scope_begin(db, d->arena, &d->tenant, instant_now());
    enum rc rc = db_tx(db, DB_TX_RETRY, tell_in_tx, d);
    db_scope_end(db);
    return rc == RC_OK ? rc : demo_problem(d, rc, "a module did not take its demo data");
}

static enum rc load_shop(struct demo_run *d)
{
    enum rc rc = demo_file(d, "shop.csv", 2, take_fact, NULL);
    if (rc == RC_OK && map_count(d->facts) == 0)
        rc = demo_problem(d, RC_INVALID, "no shop.csv in %s", d->dir);
    if (rc == RC_OK)
        rc = demo_tenant(d);
    if (rc == RC_OK)
        rc = demo_people(d);
    if (rc == RC_OK)
        rc = demo_catalogue(d);
    if (rc == RC_OK)
        rc = tell_modules(d);
    if (rc == RC_OK)
        d->report->shops++;
    return rc;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Folders of the demo directory that hold a shop.csv, in order of name. */
static size_t list_shops(struct arena *a, const char *root, char **out)
{
    size_t n = 0;
    DIR *dir = opendir(root);
    const struct dirent *e;
    while (dir != NULL && n < DEMO_SHOPS && (e = readdir(dir)) != NULL) {
        FILE *f = e->d_name[0] == '.'
                      ? NULL
                      : fopen(arena_printf(a, "%s/%s/shop.csv", root, e->d_name), "rbe");
        if (f == NULL)
            continue;
        fclose(f);
        out[n++] = arena_strdup(a, e->d_name);
    }
    if (dir != NULL)
        closedir(dir);
    qsort(out, n, sizeof *out, by_name);
    return n;
}

enum rc shop_demo_load(struct app_ctx *app, const struct shop_demo_options *options,
                       struct shop_demo_report *report)
{
    const char *root = app->conf->demo_dir;
    char *name[DEMO_SHOPS];
    *report = (struct shop_demo_report){ 0 };
    struct arena *list = arena_new_sized(0);
    size_t n = list_shops(list, root, name), matched = 0;
    enum rc rc = RC_OK;
    for (size_t i = 0; i < n && rc == RC_OK; i++) {
        if (options->only != NULL && !str_eq(options->only, name[i]))
            continue;
        matched++;
        struct demo_run d = { .app = app, .o = options, .report = report, .slug = name[i] };
        d.arena = arena_new_sized(0);
        d.facts = map_new();
        d.dir = arena_printf(d.arena, "%s/%s", root, name[i]);
        if (options->say != NULL)
            options->say(options->arg, arena_printf(d.arena, "Loading %s ...", name[i]));
        rc = load_shop(&d);
        map_free(d.facts, NULL);
        arena_free(d.arena);
    }
    arena_free(list);
    if (report->products_created + report->products_updated > 0)
        statistics_refresh(app);
    if (rc == RC_OK && matched == 0) {
        report->problem =
            arena_printf(app->work, "no demo shop%s%s in %s", options->only != NULL ? " " : "",
                         options->only != NULL ? options->only : "", root);
        rc = RC_NOTFOUND;
    }
    return rc;
}
