/* The functions of schema app, one property each. */
#include <stdio.h>
#include <string.h>

#include "base/rc.h"
#include "base/time.h"
#include "gen/app_q.h"
#include "kit/kit.h"

static struct db *db;
static struct arena *a;

static void setup(void)
{
    db = kit_db("kade_web");
    a = arena_new_sized(0);
}

static void teardown(void)
{
    db_free(db);
    arena_free(a);
}

START_TEST(uuid7_has_version_variant_and_time)
{
    ck_assert_str_eq(
        kit_value(
            "SELECT bool_and(substr(u::text, 15, 1) = '7' AND substr(u::text, 20, 1) IN "
            "('8', '9', 'a', 'b'))::text || ' ' || count(DISTINCT u) FROM (SELECT app.uuid7() AS u "
            "FROM generate_series(1, 1000)) x"),
        "true 1000");
    ck_assert_str_eq(
        kit_value(
            "SELECT set_config('kade.now', '2026-01-02T03:04:05.678Z', false) IS NOT NULL AND "
            "substr(app.uuid7()::text, 1, 13) = "
            "substr(app.uuid7_floor('2026-01-02T03:04:05.678Z')::text, 1, 13)"),
        "t");
    ck_assert_str_eq(kit_value("SELECT app.uuid7_floor('1970-01-01T00:00:00.001Z')"),
                     "00000000-0001-0000-0000-000000000000");
}
END_TEST

START_TEST(a_shop_is_found_without_a_tenant)
{
    struct app_shop_row_maybe m;
    db_scope_begin(db, a, NULL, instant_now());
    kit_ok(db, app_q_host(db, "a.test", &m));
    ck_assert(m.found);
    ck_assert_mem_eq(&m.row.tenant_id, &kit()->shop[KIT_A].id, 16);
    ck_assert_mem_eq(&m.row.store_id, &kit()->shop[KIT_A].store, 16);
    ck_assert_str_eq(m.row.slug, "a");
    ck_assert_str_eq(m.row.currency, "LKR");
    ck_assert_ptr_nonnull(strstr(m.row.settings, "\"shop.locales\": \"[\\\"en\\\", \\\"si\\\"]\""));
    ck_assert_str_eq(m.row.flags, "{}");
    kit_ok(db, app_q_shop_by_slug(db, "b", &m));
    ck_assert(m.found);
    ck_assert_str_eq(m.row.settings, "{}"); /* and none of shop a's */
    kit_ok(db, app_q_shop_by_id(db, kit()->shop[KIT_B].id, &m));
    ck_assert(m.found);
    ck_assert_str_eq(m.row.slug, "b");
    kit_ok(db, app_q_host(db, "nowhere.test", &m));
    ck_assert(!m.found);
    kit_ok(db, app_q_shop_by_slug(db, "nothing", &m));
    ck_assert(!m.found);
    ck_assert_uint_eq(db_counters(db).trips, 5);
    db_scope_end(db);
}
END_TEST

/* ---- sessions ----------------------------------------------------------------------------------
 */

static const unsigned char hash[32] = { 7 };
static const struct bytes token = { hash, 32 };

static enum rc add_session_in_tx(struct db *d, void *arg)
{
    return app_q_session_add(d, token, arg, NULL, 3, "127.0.0.1", "test", true,
                             instant_now() + SECONDS(60), NULL);
}

static enum rc remove_session_in_tx(struct db *d, void *arg)
{
    return app_q_session_remove(d, token, arg);
}

START_TEST(a_session_is_valid_with_its_owners_epoch)
{
    static const char *const ends[] = {
        "UPDATE app.users SET epoch = 4", "UPDATE app.users SET status = 'disabled'",
        "UPDATE app.users SET deleted_at = now()",
        "UPDATE app.sessions SET expires_at = now() - interval '1 second'"
    };
    struct uuid user;
    kit_sql("INSERT INTO app.users (tenant_id, id, email, name, epoch) VALUES "
            "('a0000000-0000-7000-8000-00000000000a', "
            "'a0000000-0000-7000-8000-0000000000f1', 'staff@a.test', 'Staff', 3);"
            "INSERT INTO app.roles (tenant_id, id, code, name) VALUES "
            "('a0000000-0000-7000-8000-00000000000a', "
            "'a0000000-0000-7000-8000-0000000000f2', 'clerk', 'Clerk');"
            "INSERT INTO app.role_permissions (tenant_id, role_id, permission) SELECT "
            "'a0000000-0000-7000-8000-00000000000a', "
            "'a0000000-0000-7000-8000-0000000000f2', p FROM unnest('{b.write,a.read}'::text[]) p;"
            "INSERT INTO app.user_roles (tenant_id, user_id, role_id) VALUES "
            "('a0000000-0000-7000-8000-00000000000a', "
            "'a0000000-0000-7000-8000-0000000000f1', 'a0000000-0000-7000-8000-0000000000f2')");
    ck_assert_int_eq(uuid_parse("a0000000-0000-7000-8000-0000000000f1", &user), RC_OK);
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        struct app_session_row_maybe m;
        kit_scope(db, a, KIT_A);
        kit_ok(db, db_tx(db, 0, add_session_in_tx, &user));
        kit_ok(db, app_q_session_get(db, token, &m));
        ck_assert(m.found && m.row.has_user_id && !m.row.has_customer_id);
        ck_assert_str_eq(m.row.perms, "a.read b.write");
        ck_assert_str_eq(m.row.email, "staff@a.test");
        db_scope_tenant(db, &kit()->shop[KIT_B].id);
        kit_ok(db, app_q_session_get(db, token, &m));
        ck_assert(!m.found); /* a token of one shop opens nothing in another */
        db_scope_tenant(db, &kit()->shop[KIT_A].id);
        kit_sql(ends[i]);
        kit_ok(db, app_q_session_get(db, token, &m));
        ck_assert_msg(!m.found, "%s", ends[i]);
        int64_t gone = 0;
        kit_ok(db, db_tx(db, 0, remove_session_in_tx, &gone));
        ck_assert_int_eq(gone, 1);
        db_scope_end(db);
        kit_sql("UPDATE app.users SET epoch = 3, status = 'active', deleted_at = NULL");
    }
}
END_TEST

START_TEST(a_guest_has_a_session_without_owner)
{
    struct app_session_row_maybe m;
    kit_scope(db, a, KIT_A);
    kit_ok(db, db_tx(db, 0, add_session_in_tx, NULL));
    kit_ok(db, app_q_session_get(db, token, &m));
    ck_assert(m.found && !m.row.has_user_id && !m.row.has_customer_id);
    ck_assert_ptr_null(m.row.name);
    ck_assert_str_eq(m.row.perms, "");
    db_scope_end(db);
}
END_TEST

/* ---- triggers and partitions -------------------------------------------------------------------
 */

START_TEST(touch_counts_versions_and_takes_the_instant)
{
    ck_assert_str_eq(
        kit_value("WITH x AS (SELECT set_config('kade.now', '2030-01-01T00:00:00Z', false)) "
                  "SELECT 1 FROM x"),
        "1");
    kit_sql("SELECT set_config('kade.now', '2030-01-01T00:00:00Z', false);"
            "UPDATE app.stores SET name = 'Changed', created_at = 'epoch', version = 40 WHERE "
            "currency = 'LKR'");
    ck_assert_str_eq(
        kit_value("SELECT version || ' ' || (updated_at = '2030-01-01T00:00:00Z') || ' ' || "
                  "(created_at > '2000-01-01') FROM app.stores WHERE currency = 'LKR'"),
        "2 true true");
}
END_TEST

START_TEST(a_row_may_not_change_its_shop)
{
    struct db *super = kit_db("postgres"); /* not even past row security */
    kit_rc(db_script(super,
                     "UPDATE app.stores SET tenant_id = 'b0000000-0000-7000-8000-00000000000b', "
                     "code = 'moved' WHERE currency = 'LKR'"),
           RC_DENIED);
    ck_assert_str_eq(db_error(super)->sqlstate, "KD002");
    db_free(super);
}
END_TEST

START_TEST(partitions_are_made_ahead_and_default_empties_into_them)
{
    struct db *jobs = kit_db("kade_jobs");
    char *n = NULL;
    kit_sql("INSERT INTO app.audit_logs (tenant_id, id, actor_kind, action, resource) SELECT "
            "'a0000000-0000-7000-8000-00000000000a', app.uuid7_floor(now() + interval '5 months' + "
            "make_interval(secs => i)), 'system', 'test', 'thing' FROM generate_series(1, 10) i");
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.audit_logs_default"), 10);
    kit_ok(jobs, db_cell(jobs, a, "SELECT app.make_partitions(5)", NULL, 0, &n));
    ck_assert_str_eq(n, "6"); /* audit_logs, outbox, job_runs: two more months each */
    kit_ok(jobs, db_cell(jobs, a, "SELECT app.make_partitions(5)", NULL, 0, &n));
    ck_assert_str_eq(n, "0");
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.audit_logs_default"), 0);
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.audit_logs"), 10);
    kit_ok(jobs,
           db_cell(jobs, a,
                   "SELECT app.drop_partitions('app.audit_logs', now() + interval '8 months')",
                   NULL, 0, &n));
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.audit_logs"), 0);
    ck_assert_str_eq(kit_value("SELECT to_regclass('app.audit_logs_default')"),
                     "app.audit_logs_default");
    kit_ok(jobs, db_cell(jobs, a, "SELECT app.make_partitions()", NULL, 0, &n));
    db_free(jobs);
    kit_rc(db_cell(db, a, "SELECT app.make_partitions()", NULL, 0, &n), RC_DENIED);
    kit_rc(db_cell(db, a, "SELECT count(*) FROM app.audit_logs_default", NULL, 0, &n), RC_DENIED);
}
END_TEST

START_TEST(a_state_follows_only_where_a_transition_leads)
{
    kit_sql("INSERT INTO app.states (tenant_id, machine, code, label, category) VALUES "
            "('a0000000-0000-7000-8000-00000000000a', 'lamp', 'off', 'Off', 'open'), "
            "('a0000000-0000-7000-8000-00000000000a', 'lamp', 'on', 'On', 'done');"
            "INSERT INTO app.state_transitions (tenant_id, machine, from_code, to_code) VALUES "
            "('a0000000-0000-7000-8000-00000000000a', 'lamp', 'off', 'on');"
            "CREATE TABLE app.lamps (tenant_id uuid, state text);"
            "CREATE TRIGGER state BEFORE UPDATE ON app.lamps FOR EACH ROW EXECUTE FUNCTION "
            "app.guard_state('lamp', 'state');"
            "INSERT INTO app.lamps VALUES ('a0000000-0000-7000-8000-00000000000a', 'off')");
    struct db *super = kit_db("postgres");
    kit_ok(super, db_script(super, "UPDATE app.lamps SET state = 'on'"));
    kit_ok(super, db_script(super, "UPDATE app.lamps SET state = 'on'"));
    kit_rc(db_script(super, "UPDATE app.lamps SET state = 'off'"), RC_CONFLICT);
    ck_assert_str_eq(db_error(super)->sqlstate, "KD001");
    kit_sql(
        "UPDATE app.lamps SET tenant_id = 'b0000000-0000-7000-8000-00000000000b', state = 'on'");
    db_free(super);
}
END_TEST

START_TEST(protect_wants_a_class)
{
    struct db *m = kit_db("kade_migrate");
    kit_rc(db_script(m, "CREATE TABLE app.bare (tenant_id uuid); SELECT app.protect('app.bare')"),
           RC_BUG);
    ck_assert_ptr_nonnull(strstr(db_error(m)->message, "needs COMMENT ON TABLE"));
    db_free(m);
    kit_rc(db_script(db, "SELECT app.protect('app.stores')"), RC_DENIED);
}
END_TEST

int main(void)
{
    kit_database();
    Suite *s = suite_create("functions");
    TCase *t = tcase_create("functions");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, uuid7_has_version_variant_and_time);
    tcase_add_test(t, a_shop_is_found_without_a_tenant);
    tcase_add_test(t, a_session_is_valid_with_its_owners_epoch);
    tcase_add_test(t, a_guest_has_a_session_without_owner);
    tcase_add_test(t, touch_counts_versions_and_takes_the_instant);
    tcase_add_test(t, a_row_may_not_change_its_shop);
    tcase_add_test(t, partitions_are_made_ahead_and_default_empties_into_them);
    tcase_add_test(t, a_state_follows_only_where_a_transition_leads);
    tcase_add_test(t, protect_wants_a_class);
    suite_add_tcase(s, t);
    return kit_run(s);
}
