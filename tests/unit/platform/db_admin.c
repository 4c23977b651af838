/* Scripts, results as text, COPY and notifications, alone and inside a transaction. */
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "db_try.h"

static struct db *db;
static struct arena *a;

static void setup(void)
{
    db = kit_db("kade_migrate");
    a = arena_new_sized(0);
    kit_sql("CREATE TABLE IF NOT EXISTS app.bulk (n int8 PRIMARY KEY, t text);"
            "GRANT ALL ON app.bulk TO kade_migrate, kade_rt; TRUNCATE app.bulk");
}

static void teardown(void)
{
    db_scope_end(db);
    db_free(db);
    arena_free(a);
}

static int64_t bulk(void)
{
    return kit_number("SELECT count(*) FROM app.bulk");
}

START_TEST(a_script_is_all_or_nothing)
{
    kit_rc(db_script(db, "INSERT INTO app.bulk VALUES (1, 'x'); SELECT 1 / 0"), RC_INVALID);
    ck_assert_str_eq(db_error(db)->sqlstate, "22012");
    ck_assert_int_eq(bulk(), 0);
    kit_ok(db, db_script(db, "INSERT INTO app.bulk VALUES (1, 'x'); SELECT 1; INSERT INTO app.bulk "
                             "VALUES (2, 'y')"));
    ck_assert_int_eq(bulk(), 2);
}
END_TEST

START_TEST(a_script_may_not_leave_a_transaction_open)
{
    kit_rc(db_script(db, "BEGIN; INSERT INTO app.bulk VALUES (1, 'x')"), RC_BUG);
    ck_assert_ptr_nonnull(strstr(db_error(db)->message, "left a transaction open"));
    ck_assert_int_eq(bulk(), 0);
    kit_ok(db, db_script(db, "SELECT 1")); /* on a new connection */
}
END_TEST

START_TEST(a_script_cannot_talk_to_the_client)
{
    kit_rc(db_script(db, "COPY app.bulk FROM STDIN"), RC_BUG);
    kit_rc(db_script(db, "COPY app.bulk TO STDOUT"), RC_BUG);
    kit_ok(db, db_script(db, "SELECT 1"));
}
END_TEST

static enum rc script_and_fail_in_tx(struct db *d, void *arg)
{
    enum rc rc = db_script(d, "INSERT INTO app.bulk VALUES (1, 'x')");
    if (rc == RC_OK && arg != NULL)
        rc = db_script(d, arg);
    return rc;
}

START_TEST(a_script_is_part_of_the_transaction_around_it)
{
    static char bad[] = "SELECT 1 / 0", good[] = "INSERT INTO app.bulk VALUES (2, 'y')";
    db_scope_begin(db, a, NULL, instant_now());
    kit_rc(db_tx(db, 0, script_and_fail_in_tx, bad), RC_INVALID);
    ck_assert_int_eq(bulk(), 0);
    kit_ok(db, db_tx(db, 0, script_and_fail_in_tx, good));
    ck_assert_int_eq(bulk(), 2);
}
END_TEST

START_TEST(tables_of_text)
{
    struct db_table t;
    kit_ok(db, db_table(db, a,
                        "SELECT 1 AS one, NULL AS nothing, $1 AS said UNION ALL SELECT 2, 'x', 'y'",
                        (const char *const[]){ "a\tb" }, 1, &t));
    ck_assert_uint_eq(t.rows, 2);
    ck_assert_uint_eq(t.cols, 3);
    ck_assert_str_eq(t.name[1], "nothing");
    ck_assert_str_eq(t.cell[0], "1");
    ck_assert_ptr_null(t.cell[1]);
    ck_assert_str_eq(t.cell[2], "a\tb");
    ck_assert_str_eq(t.cell[5], "y");
    char *cell = t.cell[0];
    kit_ok(db, db_cell(db, a, "SELECT 1 WHERE false", NULL, 0, &cell));
    ck_assert_ptr_null(cell);
    kit_rc(db_cell(db, a, "SELECT nothing", NULL, 0, &cell), RC_BUG);
    kit_rc(db_cell(db, a, "SELECT 1; SELECT 2", NULL, 0, &cell), RC_BUG); /* one statement only */
    ck_assert_str_eq(db_error(db)->sqlstate, "42601");
}
END_TEST

START_TEST(copy_takes_what_was_escaped)
{
    static const char *const texts[] = { "plain", "tab\there", "line\nfeed", "back\\slash",
                                         "\\N",   "",          NULL,         "සිංහල" };
    struct buf b;
    buf_init(&b, a, 1 << 16);
    kit_ok(db, db_copy_begin(db, "COPY app.bulk (n, t) FROM STDIN"));
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        buf_clear(&b);
        buf_printf(&b, "%zu\t", i);
        db_copy_escape(&b, texts[i]);
        buf_char(&b, '\n');
        kit_ok(db, db_copy_put(db, b.p, b.n));
    }
    int64_t rows = 0;
    kit_ok(db, db_copy_end(db, &rows));
    ck_assert_int_eq(rows, (int64_t)COUNT_OF(texts));
    struct db_table t;
    kit_ok(db, db_table(db, a, "SELECT t FROM app.bulk ORDER BY n", NULL, 0, &t));
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        if (texts[i] == NULL)
            ck_assert_ptr_null(t.cell[i]);
        else
            ck_assert_str_eq(t.cell[i], texts[i]);
    }
}
END_TEST

START_TEST(a_bad_copy_keeps_nothing)
{
    int64_t rows = -1;
    kit_rc(db_copy_begin(db, "COPY app.nowhere FROM STDIN"), RC_BUG);
    kit_rc(db_copy_begin(db, "SELECT 1"), RC_BUG);
    kit_ok(db, db_copy_begin(db, "COPY app.bulk (n, t) FROM STDIN"));
    kit_ok(db, db_copy_put(db, "1\tx\nnot a number\ty\n", 19));
    kit_rc(db_copy_end(db, &rows), RC_INVALID);
    ck_assert_int_eq(rows, -1);
    ck_assert_int_eq(bulk(), 0);
    kit_ok(db, db_script(db, "SELECT 1"));
}
END_TEST

START_TEST(notifications)
{
    bool came = true;
    kit_ok(db, db_listen(db, "odd \"channel\""));
    int64_t t0 = monotonic_us();
    kit_ok(db, db_wait_notify(db, 30, &came));
    ck_assert(!came);
    ck_assert_int_ge(monotonic_us() - t0, 29000);
    kit_sql("NOTIFY \"odd \"\"channel\"\"\"; NOTIFY elsewhere");
    kit_ok(db, db_wait_notify(db, 5000, &came));
    ck_assert(came);
    kit_ok(db, db_wait_notify(db, 0, &came));
    ck_assert(!came);
    ck_assert_int_ge(db_socket(db), 0);
}
END_TEST

START_TEST(a_listener_notices_a_lost_connection)
{
    bool came = true;
    char *pid = NULL;
    kit_ok(db, db_listen(db, "work"));
    kit_ok(db, db_cell(db, a, "SELECT pg_backend_pid()", NULL, 0, &pid));
    kit_value(arena_printf(a, "SELECT pg_terminate_backend(%s, 5000)", pid));
    kit_rc(db_wait_notify(db, 5000, &came), RC_UPSTREAM);
    ck_assert(!db_is_connected(db));
    ck_assert_int_eq(db_socket(db), -1);
    kit_rc(db_wait_notify(db, 5000, &came), RC_UPSTREAM);
    /* whatever connects again listens again, and wakes once for what may have been missed */
    kit_ok(db, db_script(db, "SELECT 1"));
    kit_ok(db, db_wait_notify(db, 0, &came));
    ck_assert(came);
    kit_ok(db, db_wait_notify(db, 0, &came));
    ck_assert(!came);
    kit_sql("NOTIFY work");
    kit_ok(db, db_wait_notify(db, 5000, &came));
    ck_assert(came);
    kit_ok(db, db_listen(db, "work"));
}
END_TEST

int main(void)
{
    kit_database();
    Suite *s = suite_create("db_admin");
    TCase *t = tcase_create("admin");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_script_is_all_or_nothing);
    tcase_add_test(t, a_script_may_not_leave_a_transaction_open);
    tcase_add_test(t, a_script_cannot_talk_to_the_client);
    tcase_add_test(t, a_script_is_part_of_the_transaction_around_it);
    tcase_add_test(t, tables_of_text);
    tcase_add_test(t, copy_takes_what_was_escaped);
    tcase_add_test(t, a_bad_copy_keeps_nothing);
    tcase_add_test(t, notifications);
    tcase_add_test(t, a_listener_notices_a_lost_connection);
    suite_add_tcase(s, t);
    return kit_run(s);
}
