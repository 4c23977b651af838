/* Write transactions: all or nothing, run again when two collided, hooks only after COMMIT. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/time.h"
#include "db_try.h"

static struct db *db, *other;
static struct arena *a, *b;

static void setup(void)
{
    db = kit_db("kade_admin");
    other = kit_db("kade_admin");
    a = arena_new_sized(0);
    b = arena_new_sized(0);
    kit_scope(db, a, KIT_A);
    kit_scope(other, b, KIT_A);
    kit_sql("CREATE TABLE IF NOT EXISTS app.tally (k int8 PRIMARY KEY, n int8 NOT NULL);"
            "GRANT ALL ON app.tally TO kade_rt; TRUNCATE app.tally;"
            "INSERT INTO app.tally VALUES (1, 0), (2, 0)");
}

static void teardown(void)
{
    db_scope_end(db);
    db_scope_end(other);
    db_free(db);
    db_free(other);
    arena_free(a);
    arena_free(b);
}

static int64_t tally(int k)
{
    char sql[80];
    snprintf(sql, sizeof sql, "SELECT n FROM app.tally WHERE k = %d", k);
    return kit_number(sql);
}

static enum rc add_in_tx(struct db *d, void *arg)
{
    (void)arg;
    int64_t n = 0;
    enum rc rc = try_run(d, "UPDATE app.tally SET n = n + 1 WHERE k = 1", DB_EXEC, &n);
    ck_assert(rc != RC_OK || n == 1);
    return rc;
}

START_TEST(commits_what_the_body_did)
{
    kit_ok(db, db_tx(db, 0, add_in_tx, NULL));
    ck_assert_int_eq(tally(1), 1);
    ck_assert_uint_eq(db_counters(db).trips, 2); /* BEGIN with the statement, COMMIT */
    ck_assert(!db_in_tx(db));
}
END_TEST

START_TEST(reads_before_and_after_are_trips_of_their_own)
{
    int64_t n = 0;
    kit_ok(db, try_run(db, "SELECT n FROM app.tally WHERE k = 1", DB_ONE, &n));
    kit_ok(db, db_tx(db, 0, add_in_tx, NULL));
    ck_assert_uint_eq(db_counters(db).trips, 3);
    kit_ok(db, try_run(db, "SELECT n FROM app.tally WHERE k = 1", DB_ONE, &n));
    ck_assert_int_eq(n, 1);
    kit_rc(try_run(db, "DELETE FROM app.tally", DB_EXEC, NULL), RC_BUG); /* reading again */
}
END_TEST

static enum rc add_and_refuse_in_tx(struct db *d, void *arg)
{
    (void)arg;
    enum rc rc = add_in_tx(d, NULL);
    return rc != RC_OK ? rc : RC_CONFLICT;
}

START_TEST(rolls_back_what_the_body_refused)
{
    kit_rc(db_tx(db, DB_TX_RETRY, add_and_refuse_in_tx, NULL), RC_CONFLICT);
    ck_assert_int_eq(tally(1), 0);
}
END_TEST

static enum rc swallow_in_tx(struct db *d, void *arg)
{
    int *later = arg;
    (void)add_in_tx(d, NULL);
    if (try_run(d, "INSERT INTO app.tally VALUES (1, 0)", DB_EXEC, NULL) == RC_OK)
        return RC_BUG;
    *later = (int)add_in_tx(d, NULL);
    return RC_OK;
}

START_TEST(a_swallowed_failure_cannot_commit)
{
    int later = 0;
    kit_rc(db_tx(db, 0, swallow_in_tx, &later), RC_CONFLICT);
    ck_assert_int_eq(later, RC_CONFLICT);
    ck_assert_int_eq(tally(1), 0);
}
END_TEST

static enum rc nothing_in_tx(struct db *d, void *arg)
{
    (void)d;
    (void)arg;
    return RC_OK;
}

START_TEST(a_body_without_statements_opens_nothing)
{
    kit_ok(db, db_tx(db, 0, nothing_in_tx, NULL));
    ck_assert_uint_eq(db_counters(db).trips, 0);
}
END_TEST

/* A real serialization failure: the other connection commits between our read and our write, as
 * often as `collide` says. */
struct collision {
    int runs, collide;
    void *seen[4]; /* arena addresses of the runs */
};

static enum rc bump_other_in_tx(struct db *d, void *arg)
{
    (void)arg;
    return try_run(d, "UPDATE app.tally SET n = n + 10 WHERE k = 1", DB_EXEC, NULL);
}

static enum rc collide_in_tx(struct db *d, void *arg)
{
    struct collision *c = arg;
    int64_t n = 0;
    c->seen[c->runs] = arena_alloc(db_arena(d), 64);
    c->runs++;
    enum rc rc = try_run(d, "SELECT n FROM app.tally WHERE k = 1", DB_ONE, &n);
    if (rc != RC_OK)
        return rc;
    if (c->collide-- > 0)
        ck_assert_int_eq(db_tx(other, 0, bump_other_in_tx, NULL), RC_OK);
    return try_run(d, "UPDATE app.tally SET n = n + 1 WHERE k = 1", DB_EXEC, NULL);
}

START_TEST(runs_again_after_a_serialization_failure)
{
    struct collision c = { .collide = 2 };
    size_t before = arena_used(a);
    kit_ok(db, db_tx(db, DB_TX_RETRY | DB_TX_SERIALIZABLE, collide_in_tx, &c));
    ck_assert_int_eq(c.runs, 3);
    ck_assert_int_eq(tally(1), 21);
    /* two of the three runs left nothing in the arena */
    ck_assert_uint_lt(arena_used(a) - before, 4096);
}
END_TEST

START_TEST(gives_up_after_three_runs)
{
    struct collision c = { .collide = 100 };
    kit_rc(db_tx(db, DB_TX_RETRY | DB_TX_SERIALIZABLE, collide_in_tx, &c), RC_RETRY);
    ck_assert_int_eq(c.runs, 3);
    ck_assert_str_eq(db_error(db)->sqlstate, "40001");
    ck_assert_int_eq(tally(1), 30);
    kit_ok(db, db_tx(db, 0, add_in_tx, NULL));
}
END_TEST

START_TEST(runs_once_without_the_flag)
{
    struct collision c = { .collide = 1 };
    kit_rc(db_tx(db, DB_TX_SERIALIZABLE, collide_in_tx, &c), RC_RETRY);
    ck_assert_int_eq(c.runs, 1);
}
END_TEST

/* ---- hooks -------------------------------------------------------------------------------------
 */

static char trail[8], letter_a = 'a', letter_b = 'b', letter_x = 'x';

static void append(struct db *d, void *arg)
{
    size_t n = strlen(trail);
    ck_assert(!db_in_tx(d) && n + 1 < sizeof trail);
    trail[n] = *(const char *)arg;
}

static enum rc hooks_in_tx(struct db *d, void *arg)
{
    struct collision *c = arg;
    db_after_commit(d, append, &letter_a);
    enum rc rc = collide_in_tx(d, c);
    db_after_commit(d, append, &letter_b);
    return rc;
}

START_TEST(hooks_run_once_in_order_after_commit)
{
    struct collision c = { .collide = 1 };
    kit_ok(db, db_tx(db, DB_TX_RETRY | DB_TX_SERIALIZABLE, hooks_in_tx, &c));
    ck_assert_int_eq(c.runs, 2);
    ck_assert_str_eq(trail, "ab");
}
END_TEST

static enum rc hook_and_refuse_in_tx(struct db *d, void *arg)
{
    db_after_commit(d, append, &letter_x);
    return add_and_refuse_in_tx(d, arg);
}

START_TEST(hooks_are_forgotten_on_rollback)
{
    kit_rc(db_tx(db, 0, hook_and_refuse_in_tx, NULL), RC_CONFLICT);
    kit_ok(db, db_tx(db, 0, add_in_tx, NULL));
    ck_assert_str_eq(trail, "");
}
END_TEST

static void add_again(struct db *d, void *arg)
{
    *(enum rc *)arg = db_tx(d, 0, add_in_tx, NULL);
}

static enum rc hook_with_tx_in_tx(struct db *d, void *arg)
{
    db_after_commit(d, add_again, arg);
    return add_in_tx(d, NULL);
}

START_TEST(a_hook_may_open_a_transaction)
{
    enum rc rc = RC_BUG;
    kit_ok(db, db_tx(db, 0, hook_with_tx_in_tx, &rc));
    ck_assert_int_eq(rc, RC_OK);
    ck_assert_int_eq(tally(1), 2);
}
END_TEST

/* ---- misuse and loss ---------------------------------------------------------------------------
 */

static enum rc nested_in_tx(struct db *d, void *arg)
{
    return db_tx(d, 0, add_in_tx, arg);
}

START_TEST(nesting_aborts_and_names_both_places)
{
    int fd[2];
    ck_assert_int_eq(pipe(fd), 0);
    pid_t pid = fork();
    if (pid == 0) {
        close(fd[0]);
        log_set_level(LOG_ERROR_);
        log_set_fd(fd[1]);
        (void)!db_tx(db, 0, nested_in_tx, NULL);
        _exit(0);
    }
    close(fd[1]);
    char text[4096] = "";
    size_t n = 0;
    ssize_t got;
    while (n < sizeof text - 1 && (got = read(fd[0], text + n, sizeof text - 1 - n)) > 0)
        n += (size_t)got;
    close(fd[0]);
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(!WIFEXITED(status) || WEXITSTATUS(status) != 0);
    const char *outer = strstr(text, "outer=");
    ck_assert_msg(outer != NULL && strstr(outer, "db_tx.c:") != NULL &&
                      strstr(outer, "inner=") != NULL,
                  "%s", text);
}
END_TEST

static enum rc lose_in_tx(struct db *d, void *arg)
{
    int *after = arg;
    int64_t pid = 0;
    enum rc rc = add_in_tx(d, NULL);
    if (rc != RC_OK)
        return rc;
    kit_ok(d, try_run(d, "SELECT pg_catalog.pg_backend_pid()::int8 AS n", DB_ONE, &pid));
    char sql[100];
    snprintf(sql, sizeof sql, "SELECT pg_catalog.pg_terminate_backend(%lld, 5000)", (long long)pid);
    ck_assert_str_eq(kit_value(sql), "t");
    *after = (int)add_in_tx(d, NULL);
    (void)add_in_tx(d, NULL); /* must not begin anew and keep half of the work */
    return RC_OK;
}

START_TEST(a_connection_lost_in_a_transaction_loses_all_of_it)
{
    int after = 0;
    kit_rc(db_tx(db, DB_TX_RETRY, lose_in_tx, &after), RC_UPSTREAM);
    ck_assert_int_eq(after, RC_UPSTREAM);
    ck_assert_int_eq(tally(1), 0);
    kit_ok(db, db_tx(db, 0, add_in_tx, NULL));
    ck_assert_int_eq(tally(1), 1);
}
END_TEST

START_TEST(a_connection_lost_before_the_transaction_is_reopened)
{
    int64_t pid = 0;
    kit_ok(db, try_run(db, "SELECT pg_catalog.pg_backend_pid()::int8 AS n", DB_ONE, &pid));
    char sql[100];
    snprintf(sql, sizeof sql, "SELECT pg_catalog.pg_terminate_backend(%lld, 5000)", (long long)pid);
    ck_assert_str_eq(kit_value(sql), "t");
    kit_ok(db, db_tx(db, 0, add_in_tx, NULL));
    ck_assert_int_eq(tally(1), 1);
}
END_TEST

static enum rc stale_in_tx(struct db *d, void *arg)
{
    int *runs = arg;
    if (++*runs == 1)
        kit_ok(d, db_script(d, "DEALLOCATE ALL"));
    return add_in_tx(d, NULL);
}

START_TEST(forgotten_statements_run_the_body_again)
{
    int runs = 0;
    kit_ok(db, db_tx(db, 0, add_in_tx, NULL));
    kit_ok(db, db_tx(db, DB_TX_RETRY, stale_in_tx, &runs));
    ck_assert_int_eq(runs, 2);
    ck_assert_int_eq(tally(1), 2);
}
END_TEST

static enum rc settings_in_tx(struct db *d, void *arg)
{
    char *v = NULL;
    enum rc rc = db_cell(d, db_arena(d),
                         "SELECT current_setting('synchronous_commit') || ' ' || "
                         "current_setting('transaction_isolation')",
                         NULL, 0, &v);
    *(const char **)arg = v;
    return rc;
}

START_TEST(flags_reach_the_server)
{
    const char *v = NULL;
    kit_ok(db, db_tx(db, DB_TX_ASYNC_COMMIT, settings_in_tx, &v));
    ck_assert_str_eq(v, "off read committed");
    kit_ok(db, db_tx(db, DB_TX_SERIALIZABLE, settings_in_tx, &v));
    ck_assert_str_eq(v, "on serializable");
}
END_TEST

int main(void)
{
    kit_database();
    Suite *s = suite_create("db_tx");
    TCase *t = tcase_create("tx");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, commits_what_the_body_did);
    tcase_add_test(t, reads_before_and_after_are_trips_of_their_own);
    tcase_add_test(t, rolls_back_what_the_body_refused);
    tcase_add_test(t, a_swallowed_failure_cannot_commit);
    tcase_add_test(t, a_body_without_statements_opens_nothing);
    tcase_add_test(t, runs_again_after_a_serialization_failure);
    tcase_add_test(t, gives_up_after_three_runs);
    tcase_add_test(t, runs_once_without_the_flag);
    tcase_add_test(t, hooks_run_once_in_order_after_commit);
    tcase_add_test(t, hooks_are_forgotten_on_rollback);
    tcase_add_test(t, a_hook_may_open_a_transaction);
    tcase_add_test(t, nesting_aborts_and_names_both_places);
    tcase_add_test(t, a_connection_lost_in_a_transaction_loses_all_of_it);
    tcase_add_test(t, a_connection_lost_before_the_transaction_is_reopened);
    tcase_add_test(t, forgotten_statements_run_the_body_again);
    tcase_add_test(t, flags_reach_the_server);
    suite_add_tcase(s, t);
    return kit_run(s);
}
