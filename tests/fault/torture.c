/* torture.c: see torture.h. */
#include "torture.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/map.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/cache.h"
#include "platform/db.h"
#include "platform/fault.h"

enum { NAMES_MOST = 64, ALL = (1u << FAULT_DB) | (1u << FAULT_CACHE) | (1u << FAULT_FILE) };

const struct torture_module *torture_modules[NAMES_MOST];

void torture_add(const struct torture_module *m)
{
    size_t n = 0;
    while (torture_modules[n])
        n++;
    check_that(n + 1 < NAMES_MOST);
    torture_modules[n] = m;
}

static struct {
    const char *name[NAMES_MOST];
    struct db *doctor;
} own;

static void find_modules(struct arena *a)
{
    DIR *d = opendir(arena_printf(a, "%s/modules/.libs", getenv("KADE_TEST_BUILD")));
    struct dirent *e;
    size_t n = 0;
    while (d && (e = readdir(d)) && n + 1 < NAMES_MOST)
        if (str_ends(e->d_name, ".so"))
            own.name[n++] = arena_strndup(a, e->d_name, strlen(e->d_name) - 3);
    if (d)
        (void)closedir(d);
    own.name[n] = NULL;
    ck_assert_uint_ge(n, 2);
}

static bool permit(const char *key, void *value, void *arg)
{
    struct kit *k = arg;
    (void)value;
    kit_sql(k, arena_printf(k->arena,
                            "INSERT INTO app.role_permissions (tenant_id, role_id, permission) "
                            "SELECT tenant_id, id, '%s' FROM app.roles WHERE code = 'kit' ON "
                            "CONFLICT DO NOTHING",
                            key));
    return true;
}

struct kit *torture_open(bool staff)
{
    struct arena *a = arena_new_sized(0); /* the kit keeps the names while it loads */
    find_modules(a);
    struct kit *k = kit_open(&(struct kit_opt){ .load = own.name, .admin = staff });
    arena_defer(k->arena, (void (*)(void *))arena_free, a);
    k->conf.storage_backend = "files";
    k->conf.helper_dir = arena_printf(k->arena, "%s/.libs", getenv("KADE_TEST_BUILD"));
    map_each(k->app.registry->perms, permit, k);
    own.doctor = db_new(&k->conf, "kade_admin", "doctor");
    return k;
}

struct kit *torture_open_role(const char *role)
{
    struct kit *k = torture_open(true);
    db_free(k->app.db);
    k->app.db = db_new(&k->conf, role, "torture");
    db_set_app(k->app.db, &k->app);
    return k;
}

void torture_close(struct kit *k)
{
    db_free(own.doctor);
    kit_close(k);
}

#ifdef KADE_FAULT
void torture_arm(struct kit *k, unsigned n)
{
    cache_free(k->app.cache);
    k->app.cache = cache_new(k->conf.cache_servers, k->conf.cache_timeout_ms);
    while (db_is_down(k->app.db)) /* its back-off, 0.1 s */
        (void)nanosleep(&(const struct timespec){ .tv_nsec = 5000000 }, NULL);
    fault_arm(ALL, n);
}

bool torture_met(unsigned n)
{
    bool met = fault_count() >= n;
    fault_arm(0, 0);
    return met;
}
#endif

int64_t torture_number(struct kit *k, const char *sql)
{
    int64_t n = 0;
    const char *cell = kit_cell(k, sql);
    ck_assert_msg(str_int(cell, INT64_MIN, INT64_MAX, &n) == RC_OK, "%s gives \"%s\"", sql, cell);
    return n;
}

bool torture_true(struct kit *k, const char *sql)
{
    return str_eq(kit_cell(k, sql), "t");
}

struct problem { /* the shape of every doctor_* statement: src/programs/kade_jobs.c compares it */
    const char *what, *id, *detail;
};

static void examine(const struct db_stmt *s, const char *after)
{
    struct arena *a = arena_new_sized(0);
    struct db_result r = { 0 };
    struct uuid shop;
    ck_assert_int_eq(uuid_parse(KIT_SHOP_A, &shop), RC_OK);
    ck_assert_uint_eq(s->row_size, sizeof(struct problem));
    db_scope_begin(own.doctor, a, &shop, instant_now());
    enum rc rc = db_run(own.doctor, s, 0, NULL, &r);
    ck_assert_msg(rc == RC_OK, "%s: %s", s->name, rc_name(rc));
    const struct problem *p = r.rows;
    ck_assert_msg(r.n == 0, "%s after %s: %s %s %s", s->name, after, p->what, p->id, p->detail);
    db_scope_end(own.doctor);
    arena_free(a);
}

void torture_doctor(struct kit *k, const char *after)
{
    instant_set_offset(0); /* work that waits has not waited for hours: the clock was moved */
    const struct app_registry *g = k->app.registry;
    for (size_t i = 0; i < g->nmodules; i++)
        for (const struct db_stmt *const *s = g->modules[i]->stmts; s && *s; s++) {
            const char *dot = strchr((*s)->name, '.');
            if (dot && str_starts(dot + 1, "doctor_"))
                examine(*s, after);
        }
    kit_pass(k, 0);
}
