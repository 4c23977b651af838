/* kit.c: see kit.h. The database is made in the program's first process and dropped by that process
 * only: check runs each test in a child, and children end with exit handlers too.
 *
 * Invariant: nothing outside the own database and the scratch folder is touched. */
#include "kit/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/rc.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/migrate.h"

static struct {
    struct kit kit;
    pid_t owner;
    const char *host;
} st;

static void bail(const char *what, const char *why)
{
    printf("Bail out! %s: %s\n", what, why != NULL ? why : "no reason given");
    fflush(stdout);
    _exit(1);
}

static const char *environment(const char *name)
{
    const char *v = getenv(name);
    if (str_empty(v))
        bail(name, "not set: run the test beside tests/kit/with-servers");
    return v;
}

/* A connection to another database than ours. */
static struct db *maintenance(struct conf *c)
{
    *c = *st.kit.conf;
    c->db_name = "postgres";
    return db_new(c, "postgres", "kit");
}

static void drop(void)
{
    if (getpid() != st.owner)
        return;
    struct conf c;
    struct db *db = maintenance(&c);
    char sql[160];
    snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s WITH (FORCE)", st.kit.database);
    if (db_script(db, sql) != RC_OK)
        fprintf(stderr, "# kit: cannot drop %s\n", st.kit.database);
    db_free(db);
    conf_free(st.kit.conf);
    arena_free(st.kit.arena);
}

static void create(void)
{
    struct conf c;
    struct db *db = maintenance(&c);
    char sql[200];
    snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE kade_template STRATEGY file_copy",
             st.kit.database);
    if (db_script(db, sql) != RC_OK)
        bail("CREATE DATABASE", db_error(db)->message);
    db_free(db);
}

static const char shops_sql[] =
    "INSERT INTO app.tenants (id, slug, name) VALUES"
    " ('a0000000-0000-7000-8000-00000000000a', 'a', 'Shop A'),"
    " ('b0000000-0000-7000-8000-00000000000b', 'b', 'Shop B');"
    "INSERT INTO app.stores (tenant_id, id, code, name, locale, currency, zone, country) VALUES"
    " ('a0000000-0000-7000-8000-00000000000a', 'a0000000-0000-7000-8000-0000000000a1', 'main',"
    "  'Shop A', 'en', 'LKR', 'Asia/Colombo', 'LK'),"
    " ('b0000000-0000-7000-8000-00000000000b', 'b0000000-0000-7000-8000-0000000000b1', 'main',"
    "  'Shop B', 'en', 'USD', 'UTC', 'US');"
    "INSERT INTO app.tenant_domains (host, tenant_id, store_id, is_primary) VALUES"
    " ('a.test', 'a0000000-0000-7000-8000-00000000000a', 'a0000000-0000-7000-8000-0000000000a1',"
    "  true),"
    " ('b.test', 'b0000000-0000-7000-8000-00000000000b', 'b0000000-0000-7000-8000-0000000000b1',"
    "  true);"
    "INSERT INTO app.tenant_settings (tenant_id, key, value) VALUES"
    " ('a0000000-0000-7000-8000-00000000000a', 'shop.locales', '[\"en\", \"si\"]'),"
    " ('a0000000-0000-7000-8000-00000000000a', 'shop.currencies', '[\"LKR\"]');";

static struct uuid id(const char *text)
{
    struct uuid u;
    if (uuid_parse(text, &u) != RC_OK)
        bail("uuid", text);
    return u;
}

static void configure(void)
{
    const char *build = environment("KADE_TEST_BUILD"), *src = environment("KADE_TEST_SRC");
    const char *tmp = environment("KADE_TEST_TMP"), *problem = NULL;
    st.host = environment("KADE_TEST_PGHOST");
    struct arena *a = st.kit.arena = arena_new_sized(0);
    struct conf *c;
    if (conf_load(NULL, a, &c, &problem) != RC_OK)
        bail("conf_load", problem);
    st.kit.database = arena_printf(a, "kit_%ld", (long)getpid());
    c->db_host = st.host;
    c->db_name = st.kit.database;
    c->db_port = 5432;
    c->db_password_file = "";
    c->cache_servers = environment("KADE_TEST_MEMCACHED");
    c->state_dir = tmp;
    c->secret_file = arena_printf(a, "%s/secret", tmp);
    c->template_dir = arena_printf(a, "%s/templates", build);
    c->static_dir = arena_printf(a, "%s/static", build);
    c->sql_dir = arena_printf(a, "%s/sql", src);
    c->demo_dir = arena_printf(a, "%s/demo", src);
    c->helper_dir = arena_printf(a, "%s/.libs", build);
    st.kit.conf = c;
}

const struct kit *kit_database(void)
{
    if (st.owner != 0)
        return &st.kit;
    setvbuf(stdout, NULL, _IOLBF, 0);
    log_set_level(LOG_ERROR_);
    configure();
    st.owner = getpid();
    st.kit.shop[KIT_A] =
        (struct kit_shop){ id("a0000000-0000-7000-8000-00000000000a"),
                           id("a0000000-0000-7000-8000-0000000000a1"), "a", "a.test" };
    st.kit.shop[KIT_B] =
        (struct kit_shop){ id("b0000000-0000-7000-8000-00000000000b"),
                           id("b0000000-0000-7000-8000-0000000000b1"), "b", "b.test" };
    create();
    atexit(drop);
    struct db *super = kit_db("postgres"); /* grants on the database itself are not copied */
    if (migrate_bootstrap(super, st.kit.conf->sql_dir) != RC_OK)
        bail("bootstrap", db_error(super)->message);
    db_free(super);
    kit_sql(shops_sql);
    return &st.kit;
}

const struct kit *kit(void)
{
    return kit_database();
}

struct db *kit_db(const char *role)
{
    struct db *db = db_new(kit()->conf, role, "test");
    if (db_connect(db) != RC_OK)
        bail(role, db_error(db)->message);
    return db;
}

void kit_scope(struct db *db, struct arena *a, int shop)
{
    db_scope_begin(db, a, shop < 0 ? NULL : &kit()->shop[shop].id, instant_now());
}

void kit_sql(const char *sql)
{
    struct db *db = kit_db("postgres");
    if (db_script(db, sql) != RC_OK)
        bail(sql, db_error(db)->message);
    db_free(db);
}

const char *kit_value(const char *sql)
{
    struct db *db = kit_db("postgres");
    char *out = NULL;
    if (db_cell(db, kit()->arena, sql, NULL, 0, &out) != RC_OK)
        bail(sql, db_error(db)->message);
    db_free(db);
    return out;
}

int64_t kit_number(const char *sql)
{
    const char *v = kit_value(sql);
    int64_t n = 0;
    if (v == NULL || str_int(v, INT64_MIN, INT64_MAX, &n) != RC_OK)
        bail(sql, v);
    return n;
}

char *kit_path(const char *name)
{
    return arena_printf(kit()->arena, "%s/%s", kit()->conf->state_dir, name);
}

int kit_run(Suite *s)
{
    SRunner *sr = srunner_create(s);
    srunner_set_tap(sr, "-");
    srunner_run_all(sr, CK_SILENT);
    int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed == 0 ? 0 : 1;
}
