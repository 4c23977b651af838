/* Round trips: what travels together, what a failure leaves behind, and how a connection that was
 * lost comes back. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"
#include "db_try.h"

static struct db *db;
static struct arena *a;

static void setup(void)
{
    db = kit_db("kade_admin");
    a = arena_new_sized(0);
    kit_scope(db, a, KIT_A);
}

static void teardown(void)
{
    db_scope_end(db);
    db_free(db);
    arena_free(a);
}

static void kill_connection(void)
{
    int64_t pid = 0;
    struct db *other = kit_db("postgres");
    kit_ok(db, try_run(db, "SELECT pg_catalog.pg_backend_pid()::int8 AS n", DB_ONE, &pid));
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT pg_catalog.pg_terminate_backend(%lld, 5000)", (long long)pid);
    char *out = NULL;
    ck_assert_int_eq(db_cell(other, a, sql, NULL, 0, &out), RC_OK);
    ck_assert_str_eq(out, "t");
    db_free(other);
}

START_TEST(nothing_travels_before_the_first_statement)
{
    ck_assert_uint_eq(db_counters(db).trips, 0);
    kit_ok(db, db_pipe_run(db_pipe(db)));
    ck_assert_uint_eq(db_counters(db).trips, 0);
}
END_TEST

static void count(void *target, const struct db_result *r)
{
    *(int64_t *)target += ((struct try_row *)r->rows)[0].n;
}

START_TEST(tenant_and_statements_are_one_trip)
{
    struct db_stmt one = try_stmt("SELECT $1 + $2 AS n", DB_ONE, 2);
    struct db_stmt tenants = try_stmt("SELECT pg_catalog.count(*) AS n FROM app.stores", DB_ONE, 0);
    struct db_result r = { 0 };
    int64_t sum = 0;
    struct db_pipe *p = db_pipe(db);
    for (int64_t i = 0; i < 10; i++)
        db_send(p, &one, 0, (union db_arg[]){ { .i8 = i }, { .i8 = 1 } }, NULL, count, &sum);
    db_send(p, &tenants, 0, NULL, &r, NULL, NULL);
    kit_ok(db, db_pipe_run(p));
    ck_assert_int_eq(sum, 55);
    ck_assert_int_eq(((struct try_row *)r.rows)[0].n, 1);
    ck_assert_uint_eq(db_counters(db).trips, 1);
    ck_assert_uint_eq(db_counters(db).statements, 11);
    ck_assert_int_gt(db_counters(db).us, 0);
    /* filled and run again; nothing is prepared twice */
    db_send(p, &one, 0, (union db_arg[]){ { .i8 = 40 }, { .i8 = 5 } }, NULL, count, &sum);
    kit_ok(db, db_pipe_run(p));
    ck_assert_int_eq(sum, 100);
    ck_assert_uint_eq(db_counters(db).trips, 2);
}
END_TEST

START_TEST(the_first_failure_stops_the_rest)
{
    struct db_stmt good = try_stmt("SELECT 1::int8 AS n", DB_ONE, 0);
    struct db_stmt bad = try_stmt("SELECT 1::int8 / $1 AS n", DB_ONE, 1);
    struct db_result first = { 0 }, last = { 0 };
    struct db_pipe *p = db_pipe(db);
    db_send(p, &good, 0, NULL, &first, NULL, NULL);
    db_send(p, &bad, 0, (union db_arg[]){ { .i8 = 0 } }, NULL, NULL, NULL);
    db_send(p, &good, 0, NULL, &last, NULL, NULL);
    kit_rc(db_pipe_run(p), RC_INVALID);
    ck_assert_str_eq(db_error(db)->sqlstate, "22012");
    ck_assert_str_eq(db_error(db)->statement, "test.try");
    ck_assert_str_eq(db_error(db)->file, "tests/try.sql");
    ck_assert_int_eq(db_error(db)->line, 7);
    ck_assert_uint_eq(first.n, 1);
    ck_assert_ptr_null(last.rows);
    /* the rest of the page still works, in the same shop */
    int64_t n = 0;
    kit_ok(db, try_run(db, "SELECT pg_catalog.count(*) AS n FROM app.stores", DB_ONE, &n));
    ck_assert_int_eq(n, 1);
}
END_TEST

START_TEST(a_missing_row_stops_filling_but_poisons_nothing)
{
    struct db_stmt none = try_stmt("SELECT 1::int8 AS n WHERE false", DB_ONE, 0);
    struct db_stmt good = try_stmt("SELECT 1::int8 AS n", DB_ONE, 0);
    struct db_result last = { 0 };
    struct db_pipe *p = db_pipe(db);
    db_send(p, &none, 0, NULL, NULL, NULL, NULL);
    db_send(p, &good, 0, NULL, &last, NULL, NULL);
    kit_rc(db_pipe_run(p), RC_NOTFOUND);
    ck_assert_ptr_null(last.rows);
    kit_ok(db, db_run(db, &good, 0, NULL, &last));
}
END_TEST

START_TEST(a_page_cannot_write)
{
    kit_rc(try_run(db, "INSERT INTO app.tenant_settings (key, value) VALUES ('x', '1')", DB_EXEC,
                   NULL),
           RC_BUG);
    ck_assert_str_eq(db_error(db)->sqlstate, "25006");
}
END_TEST

START_TEST(codes_follow_from_sqlstates)
{
    static const struct {
        const char *sql;
        enum rc rc;
    } t[] = {
        { "SELECT 1::int8 AS n FROM app.nowhere", RC_BUG },
        { "SELECT pg_catalog.count(*) AS n FROM pg_catalog.pg_authid", RC_DENIED },
        { "SELECT 'x'::int8 AS n", RC_INVALID },
        { "DO $$BEGIN RAISE SQLSTATE '23505'; END$$", RC_CONFLICT },
        { "DO $$BEGIN RAISE SQLSTATE '23P01'; END$$", RC_CONFLICT },
        { "DO $$BEGIN RAISE SQLSTATE '23503'; END$$", RC_INVALID },
        { "DO $$BEGIN RAISE SQLSTATE '40001'; END$$", RC_RETRY },
        { "DO $$BEGIN RAISE SQLSTATE '40P01'; END$$", RC_RETRY },
        { "DO $$BEGIN RAISE SQLSTATE '55P03'; END$$", RC_LIMIT },
        { "DO $$BEGIN RAISE SQLSTATE '53100'; END$$", RC_UPSTREAM },
        { "DO $$BEGIN RAISE SQLSTATE 'KD001'; END$$", RC_CONFLICT },
        { "DO $$BEGIN RAISE EXCEPTION 'no'; END$$", RC_BUG },
    };
    for (size_t i = 0; i < COUNT_OF(t); i++) {
        enum rc rc =
            try_run(db, t[i].sql, strstr(t[i].sql, "DO") == t[i].sql ? DB_EXEC : DB_ONE, NULL);
        ck_assert_msg(rc == t[i].rc, "%s: %s", t[i].sql, rc_name(rc));
    }
}
END_TEST

START_TEST(a_statement_that_takes_too_long_is_cut)
{
    struct conf c = *kit()->conf;
    c.db_statement_timeout_ms = 50;
    struct db *quick = db_new(&c, "kade_web", "test");
    db_scope_begin(quick, a, NULL, instant_now());
    kit_rc(try_run(quick, "SELECT 1::int8 AS n FROM pg_catalog.pg_sleep(5)", DB_ONE, NULL),
           RC_LIMIT);
    ck_assert_str_eq(db_error(quick)->sqlstate, "57014");
    kit_ok(quick, try_run(quick, "SELECT 1::int8 AS n", DB_ONE, NULL));
    db_scope_end(quick);
    db_free(quick);
}
END_TEST

/* What the server says of our connection, asked by somebody else. */
static const char *state_of(int64_t pid)
{
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT state FROM pg_catalog.pg_stat_activity WHERE pid = %lld",
             (long long)pid);
    return kit_value(sql);
}

START_TEST(nothing_stays_open_between_trips)
{
    int64_t pid = 0;
    kit_ok(db, try_run(db, "SELECT pg_catalog.pg_backend_pid()::int8 AS n", DB_ONE, &pid));
    ck_assert_str_eq(state_of(pid), "idle");
    kit_rc(try_run(db, "SELECT 'x'::int8 AS n", DB_ONE, NULL), RC_INVALID);
    ck_assert_str_eq(state_of(pid), "idle");
    /* and neither shop nor instant is left for whoever comes next */
    char *left = NULL;
    kit_ok(db, db_cell(db, a, "SELECT pg_catalog.current_setting('kade.tenant', true)", NULL, 0,
                       &left));
    ck_assert_str_eq(left, "");
}
END_TEST

START_TEST(a_connection_lost_between_requests_is_not_noticed)
{
    int64_t pid = 0, n = 0;
    kit_ok(db, try_run(db, "SELECT pg_catalog.pg_backend_pid()::int8 AS n", DB_ONE, &pid));
    db_scope_end(db);
    char sql[100];
    snprintf(sql, sizeof sql, "SELECT pg_catalog.pg_terminate_backend(%lld, 5000)", (long long)pid);
    ck_assert_str_eq(kit_value(sql), "t");
    kit_scope(db, a, KIT_A);
    kit_ok(db, try_run(db, "SELECT pg_catalog.count(*) AS n FROM app.stores", DB_ONE, &n));
    ck_assert_int_eq(n, 1);
}
END_TEST

START_TEST(a_connection_lost_in_the_middle_of_a_page_is_reopened)
{
    int64_t n = 0;
    kill_connection();
    kit_ok(db, try_run(db, "SELECT pg_catalog.count(*) AS n FROM app.stores", DB_ONE, &n));
    ck_assert_int_eq(n, 1); /* in the same shop */
}
END_TEST

START_TEST(an_absent_server_is_asked_with_pauses)
{
    struct conf c = *kit()->conf;
    c.db_host = kit_path("no-such-folder");
    struct db *none = db_new(&c, "kade_web", "test");
    db_scope_begin(none, a, NULL, instant_now());
    kit_rc(try_run(none, "SELECT 1::int8 AS n", DB_ONE, NULL), RC_UPSTREAM);
    ck_assert(db_is_down(none));
    kit_rc(try_run(none, "SELECT 1::int8 AS n", DB_ONE, NULL), RC_UPSTREAM);
    ck_assert_ptr_nonnull(strstr(db_error(none)->message, "waiting"));
    while (db_is_down(none))
        usleep(1000);
    c.db_host = kit()->conf->db_host; /* it is back */
    kit_ok(none, try_run(none, "SELECT 1::int8 AS n", DB_ONE, NULL));
    ck_assert(!db_is_down(none));
    db_scope_end(none);
    db_free(none);
}
END_TEST

START_TEST(a_changed_table_prepares_again)
{
    int64_t n = 0;
    kit_sql("CREATE TABLE app.changing (a int8); INSERT INTO app.changing VALUES (7);"
            "GRANT SELECT ON app.changing TO kade_rt");
    kit_ok(db, try_run(db, "SELECT a AS n FROM app.changing", DB_ONE, &n));
    db_scope_end(db);
    kit_sql("ALTER TABLE app.changing ALTER a TYPE int4"); /* 0A000, then RC_BUG: not int8 */
    kit_scope(db, a, KIT_A);
    kit_rc(try_run(db, "SELECT a AS n FROM app.changing", DB_ONE, &n), RC_BUG);
    ck_assert_ptr_nonnull(strstr(db_error(db)->message, "column n is not int8"));
    db_scope_end(db);
    kit_sql("ALTER TABLE app.changing ALTER a TYPE int8");
    kit_scope(db, a, KIT_A);
    kit_ok(db, try_run(db, "SELECT a AS n FROM app.changing", DB_ONE, &n));
    ck_assert_int_eq(n, 7);
}
END_TEST

START_TEST(forgotten_statements_prepare_again)
{
    int64_t n = 0;
    kit_ok(db, try_run(db, "SELECT 5::int8 AS n", DB_ONE, &n));
    db_scope_end(db);
    kit_ok(db, db_script(db, "DEALLOCATE ALL")); /* behind the back of the layer: 26000 */
    kit_scope(db, a, KIT_A);
    kit_ok(db, try_run(db, "SELECT 5::int8 AS n", DB_ONE, &n));
    kit_ok(db, db_script(db, "DEALLOCATE ALL"));
    kit_ok(db,
           try_run(db, "SELECT 5::int8 AS n", DB_ONE, &n)); /* in the middle of a page as well */
    ck_assert_int_eq(n, 5);
}
END_TEST

START_TEST(the_shop_changes_in_the_same_trip)
{
    static const char *const slug_of_a =
        "SELECT pg_catalog.count(*) AS n FROM app.stores WHERE currency = 'LKR'";
    int64_t n = -1;
    kit_ok(db, try_run(db, slug_of_a, DB_ONE, &n));
    ck_assert_int_eq(n, 1);
    unsigned trips = db_counters(db).trips;
    db_scope_tenant(db, &kit()->shop[KIT_B].id);
    kit_ok(db, try_run(db, slug_of_a, DB_ONE, &n));
    ck_assert_int_eq(n, 0);
    ck_assert_uint_eq(db_counters(db).trips, trips + 1);
    db_scope_tenant(db, NULL);
    kit_ok(db, try_run(db, "SELECT pg_catalog.count(*) AS n FROM app.stores", DB_ONE, &n));
    ck_assert_int_eq(n, 0);
}
END_TEST

START_TEST(the_instant_of_the_request_reaches_sql)
{
    db_scope_end(db);
    db_scope_begin(db, a, &kit()->shop[KIT_A].id, INT64_C(1763630999123456));
    int64_t n = 0;
    kit_ok(db,
           try_run(db, "SELECT (extract(epoch FROM app.now()) * 1000000)::int8 AS n", DB_ONE, &n));
    ck_assert_int_eq(n, INT64_C(1763630999123456));
}
END_TEST

START_TEST(sessions_are_set_up_at_connect)
{
    static const char *const should[][2] = {
        { "search_path", "" },          { "TimeZone", "UTC" },
        { "application_name", "test" }, { "plan_cache_mode", "force_generic_plan" },
        { "client_encoding", "UTF8" },
    };
    for (size_t i = 0; i < COUNT_OF(should); i++) {
        char *is = NULL;
        kit_ok(db, db_cell(db, a, "SELECT pg_catalog.current_setting($1)",
                           (const char *const[]){ should[i][0] }, 1, &is));
        ck_assert_str_eq(is, should[i][1]);
    }
    char *ms = NULL;
    kit_ok(db,
           db_cell(db, a,
                   "SELECT pg_catalog.count(*) FROM pg_catalog.pg_settings WHERE source = 'client' "
                   "AND name IN "
                   "('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout')",
                   NULL, 0, &ms));
    ck_assert_str_eq(ms, "3");
}
END_TEST

START_TEST(pieces_of_text_are_chosen_by_bit)
{
    static const struct db_frag frags[] = { { "plus" }, { "twice" } };
    struct db_stmt s = try_stmt("SELECT 1::int8\x01"
                                "0\x02 + $1\x03\x01"
                                "1\x02 * 2 + $1\x03 AS n",
                                DB_ONE, 1);
    s.frags = frags;
    s.nfrags = 2;
    static const int64_t should[] = { 1, 11, 12, 22 };
    for (unsigned mask = 0; mask < 4; mask++) {
        struct db_result r = { 0 };
        if (mask == 3) { /* 1 + 10 * 2 + 10 */
            kit_ok(db, db_run(db, &s, mask, (union db_arg[]){ { .i8 = 10 } }, &r));
            ck_assert_int_eq(((struct try_row *)r.rows)[0].n, 31);
            continue;
        }
        kit_ok(db, db_run(db, &s, mask, (union db_arg[]){ { .i8 = 10 } }, &r));
        ck_assert_int_eq(((struct try_row *)r.rows)[0].n, should[mask]);
    }
}
END_TEST

START_TEST(the_tenant_may_be_the_first_argument)
{
    static const struct db_param p = { "more", FT_INT8, false };
    struct db_stmt s = try_stmt(
        "SELECT pg_catalog.count(*) + $2 AS n FROM app.stores WHERE tenant_id = $1", DB_ONE, 1);
    s.params = &p;
    s.flags = DB_STMT_TENANT_FIRST;
    struct db_result r = { 0 };
    kit_ok(db, db_run(db, &s, 0, (union db_arg[]){ { .i8 = 10 } }, &r));
    ck_assert_int_eq(((struct try_row *)r.rows)[0].n, 11);
    db_scope_tenant(db, NULL);
    kit_ok(db, db_run(db, &s, 0, (union db_arg[]){ { .i8 = 10 } }, &r));
    ck_assert_int_eq(((struct try_row *)r.rows)[0].n, 10);
}
END_TEST

/* More than the sockets hold in both directions at once: neither side may wait for the other. */
START_TEST(a_big_pipeline_does_not_stall)
{
    static const struct db_param p = { "text", FT_TEXT, false };
    struct db_stmt s = try_stmt("SELECT i AS n FROM pg_catalog.generate_series(1, 5000) i "
                                "WHERE pg_catalog.length($1) > 0",
                                DB_MANY, 1);
    s.params = &p;
    s.sql = "SELECT i::int8 AS n FROM pg_catalog.generate_series(1, 5000) i WHERE "
            "pg_catalog.length($1) > 0";
    char *big = arena_alloc(a, 200001);
    memset(big, 'x', 200000);
    struct db_result r[40];
    struct db_pipe *pipe = db_pipe(db);
    for (size_t i = 0; i < COUNT_OF(r); i++)
        db_send(pipe, &s, 0, (union db_arg[]){ { .text = big } }, &r[i], NULL, NULL);
    kit_ok(db, db_pipe_run(pipe));
    for (size_t i = 0; i < COUNT_OF(r); i++)
        ck_assert_uint_eq(r[i].n, 5000);
    ck_assert_uint_eq(db_counters(db).trips, 1);
}
END_TEST

int main(void)
{
    kit_database();
    Suite *s = suite_create("db_trips");
    TCase *t = tcase_create("trips");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, nothing_travels_before_the_first_statement);
    tcase_add_test(t, tenant_and_statements_are_one_trip);
    tcase_add_test(t, the_first_failure_stops_the_rest);
    tcase_add_test(t, a_missing_row_stops_filling_but_poisons_nothing);
    tcase_add_test(t, a_page_cannot_write);
    tcase_add_test(t, codes_follow_from_sqlstates);
    tcase_add_test(t, a_statement_that_takes_too_long_is_cut);
    tcase_add_test(t, nothing_stays_open_between_trips);
    tcase_add_test(t, a_connection_lost_between_requests_is_not_noticed);
    tcase_add_test(t, a_connection_lost_in_the_middle_of_a_page_is_reopened);
    tcase_add_test(t, an_absent_server_is_asked_with_pauses);
    tcase_add_test(t, a_changed_table_prepares_again);
    tcase_add_test(t, forgotten_statements_prepare_again);
    tcase_add_test(t, the_shop_changes_in_the_same_trip);
    tcase_add_test(t, the_instant_of_the_request_reaches_sql);
    tcase_add_test(t, sessions_are_set_up_at_connect);
    tcase_add_test(t, pieces_of_text_are_chosen_by_bit);
    tcase_add_test(t, the_tenant_may_be_the_first_argument);
    tcase_add_test(t, a_big_pipeline_does_not_stall);
    suite_add_tcase(s, t);
    return kit_run(s);
}
