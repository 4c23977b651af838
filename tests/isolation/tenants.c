/* Law 1 as an attacker of the next shop would try it: read, insert, move, overwrite, delete, point
 * at; with no tenant set; by switching row security or role. The tables are taken from the
 * catalogue, so that a new one is tried on the day it is made. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/rc.h"
#include "base/str.h"
#include "kit/kit.h"

#define A "'a0000000-0000-7000-8000-00000000000a'"
#define B "'b0000000-0000-7000-8000-00000000000b'"

static struct arena *a;
static struct db_table tables; /* name, class */

static void setup(void)
{
    struct db *super = kit_db("postgres");
    a = arena_new_sized(0);
    kit_ok(
        super,
        db_table(super, a,
                 "SELECT oid::regclass::text, substring(obj_description(oid, 'pg_class') FROM "
                 "'^@class (.)') FROM pg_class WHERE relkind IN ('r', 'p') AND NOT "
                 "relispartition AND EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid "
                 "AND polname = 'tenant') ORDER BY 1",
                 NULL, 0, &tables));
    db_free(super);
    ck_assert_uint_gt(tables.rows, 40);
}

static void teardown(void)
{
    arena_free(a);
}

static const char *table(size_t i)
{
    return tables.cell[i * 2];
}

static bool is_queue(size_t i)
{
    return str_eq(tables.cell[i * 2 + 1], "Q") || str_eq(table(i), "app.outbox");
}

/* A session of a role that serves a shop: what a hole in our C would have in its hands. */
static struct db *as(const char *role, const char *tenant)
{
    struct db *db = kit_db(role);
    kit_ok(db,
           db_script(db, arena_printf(a, "SELECT set_config('kade.tenant', '%s', false)", tenant)));
    return db;
}

static int64_t number(struct db *db, const char *sql)
{
    char *out = NULL;
    int64_t n = -1;
    enum rc rc = db_cell(db, a, sql, NULL, 0, &out);
    if (rc == RC_DENIED) /* no grant: nothing to see either */
        return 0;
    ck_assert_msg(rc == RC_OK, "%s: %s", sql, db_error(db)->message);
    ck_assert_int_eq(str_int(out, INT64_MIN, INT64_MAX, &n), RC_OK);
    return n;
}

static const char a_id[] = "a0000000-0000-7000-8000-00000000000a";
static const char *const roles[] = { "kade_web", "kade_admin", "kade_jobs" };

/* A row of each shop in tables of every class. */
static void populate(void)
{
    kit_sql(
        "CREATE TEMP TABLE s AS SELECT t::uuid, p FROM (VALUES (" A ", 'a0'), (" B
        ", 'b0')) AS v (t, p);"
        "INSERT INTO app.users (tenant_id, id, email, name) SELECT t, (p || "
        "'000000-0000-7000-8000-0000000000c1')::uuid, 'x@x.test', 'X' FROM pg_temp.s;"
        "INSERT INTO app.roles (tenant_id, id, code, name) SELECT t, (p || "
        "'000000-0000-7000-8000-0000000000c2')::uuid, 'clerk', 'Clerk' FROM pg_temp.s;"
        "INSERT INTO app.role_permissions (tenant_id, role_id, permission) SELECT t, (p || "
        "'000000-0000-7000-8000-0000000000c2')::uuid, 'p.q' FROM pg_temp.s;"
        "INSERT INTO app.user_roles (tenant_id, user_id, role_id) SELECT t, (p || "
        "'000000-0000-7000-8000-0000000000c1')::uuid, (p || "
        "'000000-0000-7000-8000-0000000000c2')::uuid FROM pg_temp.s;"
        "INSERT INTO app.sessions (tenant_id, token_hash, expires_at) SELECT t, "
        "decode(repeat('0a', 32), 'hex'), 'infinity' FROM pg_temp.s;"
        "INSERT INTO app.tenant_settings (tenant_id, key, value) SELECT t, 'secret', to_jsonb(p) "
        "FROM pg_temp.s;"
        "INSERT INTO app.feature_flags (tenant_id, flag) SELECT t, 'new' FROM pg_temp.s;"
        "INSERT INTO app.jobs (tenant_id, name) SELECT t, 'work' FROM pg_temp.s;"
        "INSERT INTO app.outbox (tenant_id, topic, object_id) SELECT t, 'a.b', t FROM pg_temp.s;"
        "INSERT INTO app.audit_logs (tenant_id, actor_kind, action, resource) SELECT t, 'system', "
        "'x', 'y' FROM pg_temp.s;"
        "INSERT INTO app.translations (tenant_id, resource, resource_id, locale, field, value) "
        "SELECT t, 'product', t, 'si', 'name', 'x' FROM pg_temp.s;"
        "INSERT INTO app.number_series (tenant_id, series, pattern) SELECT t, 'order', 'N' FROM "
        "pg_temp.s;"
        "INSERT INTO shop.customers (tenant_id, name) SELECT t, 'Someone' FROM pg_temp.s");
}

START_TEST(no_tenant_no_rows)
{
    for (size_t r = 0; r < COUNT_OF(roles); r++) {
        struct db *db = as(roles[r], "");
        for (size_t i = 0; i < tables.rows; i++) {
            if (is_queue(i) && str_eq(roles[r], "kade_jobs"))
                continue;
            int64_t n = number(db, arena_printf(a, "SELECT count(*) FROM %s", table(i)));
            ck_assert_msg(n == 0, "%s sees %lld of %s", roles[r], (long long)n, table(i));
        }
        db_free(db);
    }
}
END_TEST

START_TEST(the_next_shop_is_invisible)
{
    int64_t populated = 0;
    for (size_t r = 0; r < COUNT_OF(roles); r++) {
        struct db *db = as(roles[r], a_id);
        for (size_t i = 0; i < tables.rows; i++) {
            if (is_queue(i) && str_eq(roles[r], "kade_jobs"))
                continue;
            int64_t n = number(
                db, arena_printf(a, "SELECT count(*) FROM %s WHERE tenant_id <> " A, table(i)));
            ck_assert_msg(n == 0, "%s sees %s", roles[r], table(i));
            if (r == 0)
                populated += kit_number(arena_printf(
                                 a, "SELECT count(*) FROM %s WHERE tenant_id = " B, table(i))) > 0;
        }
        db_free(db);
    }
    ck_assert_int_ge(populated, 13); /* there was something to see */
}
END_TEST

START_TEST(a_row_for_the_next_shop_is_refused)
{
    size_t tried = 0;
    for (size_t r = 0; r < 2; r++) { /* kade_jobs may, in queues */
        struct db *db = as(roles[r], a_id);
        for (size_t i = 0; i < tables.rows; i++) {
            enum rc rc = db_script(
                db, arena_printf(a, "INSERT INTO %s (tenant_id) VALUES (" B ")", table(i)));
            ck_assert_msg(rc == RC_DENIED, "%s into %s: %s %s", roles[r], table(i), rc_name(rc),
                          db_error(db)->message);
            tried += strstr(db_error(db)->message, "row-level security") != NULL;
        }
        db_free(db);
    }
    ck_assert_uint_gt(tried, 60);
}
END_TEST

START_TEST(rows_of_the_next_shop_are_not_changed)
{
    static const char *const changes[] = {
        "UPDATE app.users SET name = 'taken'",
        "UPDATE app.users SET name = 'taken' WHERE email = 'x@x.test'",
        "UPDATE app.tenant_settings SET value = '1'",
        "UPDATE shop.customers SET name = 'taken'",
        "DELETE FROM app.sessions",
        "DELETE FROM app.tenant_settings",
        "DELETE FROM app.role_permissions",
    };
    for (size_t r = 0; r < COUNT_OF(roles); r++) {
        struct db *db = as(roles[r], a_id);
        for (size_t i = 0; i < COUNT_OF(changes); i++) {
            enum rc rc = db_script(db, changes[i]);
            ck_assert_msg(rc == RC_OK || (r == 0 && rc == RC_DENIED), "%s", changes[i]);
        }
        db_free(db);
    }
    ck_assert_int_eq(
        kit_number(
            "SELECT (SELECT count(*) FROM app.users WHERE tenant_id = " B " AND name = 'X') + "
            "(SELECT count(*) FROM app.tenant_settings WHERE tenant_id = " B
            " AND value = '\"b0\"') + "
            "(SELECT count(*) FROM shop.customers WHERE tenant_id = " B " AND name = 'Someone') + "
            "(SELECT count(*) FROM app.sessions WHERE tenant_id = " B ") + "
            "(SELECT count(*) FROM app.role_permissions WHERE tenant_id = " B ")"),
        5);
}
END_TEST

static const struct {
    const char *sql;
    enum rc rc;
    const char *sqlstate;
} attempts[] = {
    /* move a row */
    { "UPDATE app.users SET tenant_id = " B, RC_DENIED, NULL },
    { "UPDATE app.tenant_settings SET tenant_id = " B, RC_DENIED, NULL },
    /* write over one */
    { "INSERT INTO app.tenant_settings (tenant_id, key, value) VALUES (" B
      ", 'secret', '1') ON CONFLICT (tenant_id, key) DO UPDATE SET value = '1'",
      RC_DENIED, "42501" },
    /* point at one: the parent is there, but in another shop */
    { "INSERT INTO app.user_roles (user_id, role_id) VALUES "
      "('b0000000-0000-7000-8000-0000000000c1', 'a0000000-0000-7000-8000-0000000000c2')",
      RC_INVALID, "23503" },
    { "INSERT INTO app.role_permissions (role_id, permission) VALUES "
      "('b0000000-0000-7000-8000-0000000000c2', 'x')",
      RC_INVALID, "23503" },
    { "INSERT INTO app.sessions (token_hash, user_id, expires_at) VALUES (decode(repeat('0b', 32), "
      "'hex'), 'b0000000-0000-7000-8000-0000000000c1', 'infinity')",
      RC_INVALID, "23503" },
    /* switch the guard off */
    { "SET row_security = off; SELECT count(*) FROM app.users", RC_DENIED, "42501" },
    { "SET ROLE kade_owner", RC_DENIED, "42501" },
    { "SET ROLE kade_lookup", RC_DENIED, "42501" },
    { "SET SESSION AUTHORIZATION postgres", RC_DENIED, "42501" },
    { "ALTER TABLE app.users DISABLE ROW LEVEL SECURITY", RC_DENIED, "42501" },
    { "DROP POLICY tenant ON app.users", RC_DENIED, "42501" },
    { "CREATE TABLE app.mine (a int)", RC_DENIED, "42501" },
    { "CREATE FUNCTION app.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'", RC_DENIED, "42501" },
    { "TRUNCATE app.sessions", RC_DENIED, "42501" },
    /* around the table */
    { "SELECT count(*) FROM app.audit_logs_default", RC_DENIED, "42501" },
    { "SELECT app.shop_facts(" B ", NULL)", RC_DENIED, "42501" },
    { "UPDATE app.audit_logs SET action = 'nothing happened'", RC_DENIED, "42501" },
    { "DELETE FROM app.audit_logs", RC_DENIED, "42501" },
    { "INSERT INTO app.schema_migrations (module, no, name, sha256) VALUES ('app', 900, 'x', "
      "repeat('0', 64))",
      RC_DENIED, "42501" },
    { "COPY app.users TO '/tmp/out'", RC_DENIED, "42501" },
    { "COPY app.users TO PROGRAM 'cat'", RC_DENIED, "42501" },
};

START_TEST(attempts_are_refused)
{
    for (size_t r = 0; r < COUNT_OF(roles); r++) {
        if (r == 0 && str_eq(attempts[_i].sqlstate, "23503") && strstr(attempts[_i].sql, "role"))
            continue; /* not even in its own shop: who may do what is for the desk */
        struct db *db = as(roles[r], a_id);
        enum rc rc = db_script(db, attempts[_i].sql);
        ck_assert_msg(
            rc == attempts[_i].rc && (attempts[_i].sqlstate == NULL ||
                                      str_eq(db_error(db)->sqlstate, attempts[_i].sqlstate)),
            "%s: %s: %s %s", roles[r], attempts[_i].sql, rc_name(rc), db_error(db)->sqlstate);
        db_free(db);
    }
}
END_TEST

START_TEST(the_web_role_cannot_list_shops_or_read_costs)
{
    static const char *const tables_of_desk[] = { "app.tenants", "app.tenant_domains",
                                                  "app.workers", "shop.variant_costs" };
    struct db *db = as("kade_web", a_id);
    for (size_t i = 0; i < COUNT_OF(tables_of_desk); i++)
        kit_rc(db_script(db, arena_printf(a, "SELECT count(*) FROM %s", tables_of_desk[i])),
               RC_DENIED);
    db_free(db);
}
END_TEST

START_TEST(the_web_role_cannot_change_what_rules_the_shop)
{
    static const char *const ruling[] = { "app.users",
                                          "app.roles",
                                          "app.role_permissions",
                                          "app.user_roles",
                                          "app.stores",
                                          "app.tenant_settings",
                                          "app.feature_flags",
                                          "app.custom_fields",
                                          "app.states",
                                          "app.state_transitions" };
    struct db *db = as("kade_web", a_id);
    for (size_t i = 0; i < COUNT_OF(ruling); i++) {
        kit_rc(db_script(db, arena_printf(a, "DELETE FROM %s", ruling[i])), RC_DENIED);
        kit_rc(db_script(db, arena_printf(a, "UPDATE %s SET created_at = NULL", ruling[i])),
               RC_DENIED);
        kit_rc(db_script(db, arena_printf(a, "INSERT INTO %s DEFAULT VALUES", ruling[i])),
               RC_DENIED);
    }
    db_free(db);
}
END_TEST

START_TEST(the_jobs_role_sees_all_queues_and_only_queues)
{
    struct db *db = as("kade_jobs", "");
    ck_assert_int_eq(number(db, "SELECT count(DISTINCT tenant_id) FROM app.jobs"), 2);
    ck_assert_int_eq(number(db, "SELECT count(DISTINCT tenant_id) FROM app.outbox"), 2);
    ck_assert_int_eq(number(db, "SELECT count(*) FROM app.users"), 0);
    db_free(db);
    db = as("kade_admin", a_id);
    ck_assert_int_eq(number(db, "SELECT count(DISTINCT tenant_id) FROM app.jobs"), 1);
    db_free(db);
}
END_TEST

int main(void)
{
    kit_database();
    populate();
    Suite *s = suite_create("tenants");
    TCase *t = tcase_create("tenants");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, no_tenant_no_rows);
    tcase_add_test(t, the_next_shop_is_invisible);
    tcase_add_test(t, a_row_for_the_next_shop_is_refused);
    tcase_add_loop_test(t, attempts_are_refused, 0, (int)COUNT_OF(attempts));
    tcase_add_test(t, the_web_role_cannot_list_shops_or_read_costs);
    tcase_add_test(t, the_web_role_cannot_change_what_rules_the_shop);
    tcase_add_test(t, the_jobs_role_sees_all_queues_and_only_queues);
    tcase_add_test(t, rows_of_the_next_shop_are_not_changed);
    suite_add_tcase(s, t);
    return kit_run(s);
}
