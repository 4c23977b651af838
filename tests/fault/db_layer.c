/* Torture of the database layer: a page and a transaction run again and again while the first, the
 * second, the third ... call that can fail does, until a run meets no fault. After each: a whole
 * answer or a clean error, the invariant holds (the two accounts together keep their sum, a
 * transfer happened as often as it was confirmed), and the connection works. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/rc.h"
#include "base/time.h"
#include "kit/kit.h"
#include "platform/fault.h"
#include "platform/migrate.h"
#include "unit/platform/db_try.h"

#ifdef KADE_FAULT
static struct db *db;
static struct arena *a;

static void setup(void)
{
    db = kit_db("kade_admin");
    a = arena_new_sized(0);
    kit_sql("CREATE TABLE IF NOT EXISTS app.accounts (k int8 PRIMARY KEY, n int8 NOT NULL);"
            "GRANT ALL ON app.accounts TO kade_rt; TRUNCATE app.accounts;"
            "INSERT INTO app.accounts VALUES (1, 1000), (2, 0)");
}

static void teardown(void)
{
    fault_arm(0, 0);
    db_free(db);
    arena_free(a);
}

static enum rc transfer_in_tx(struct db *d, void *arg)
{
    (void)arg;
    int64_t n = 0;
    enum rc rc = try_run(d, "UPDATE app.accounts SET n = n - 1 WHERE k = 1", DB_EXEC, &n);
    if (rc == RC_OK)
        rc = try_run(d, "UPDATE app.accounts SET n = n + 1 WHERE k = 2", DB_EXEC, &n);
    return rc;
}

struct hooked {
    int hooks;
};

static void count_hook(struct db *d, void *arg)
{
    (void)d;
    ((struct hooked *)arg)->hooks++;
}

static enum rc hooked_in_tx(struct db *d, void *arg)
{
    db_after_commit(d, count_hook, arg);
    return transfer_in_tx(d, NULL);
}

static bool is_clean(enum rc rc)
{
    return rc == RC_OK || rc == RC_UPSTREAM || rc == RC_LIMIT || rc == RC_RETRY;
}

/* One request: a page of three statements in a trip, one more trip, a transfer, and what follows.
 */
static enum rc request(struct hooked *h)
{
    struct db_stmt s = try_stmt("SELECT n AS n FROM app.accounts WHERE k = 1", DB_ONE, 0);
    struct db_result r[3] = { 0 };
    struct db_pipe *p = db_pipe(db);
    for (size_t i = 0; i < COUNT_OF(r); i++)
        db_send(p, &s, 0, NULL, &r[i], NULL, NULL);
    enum rc rc = db_pipe_run(p);
    if (rc == RC_OK)
        for (size_t i = 0; i < COUNT_OF(r); i++)
            ck_assert_uint_eq(r[i].n, 1);
    if (rc == RC_OK)
        rc = try_run(db, "SELECT pg_catalog.sum(n)::int8 AS n FROM app.accounts", DB_ONE, NULL);
    if (rc == RC_OK)
        rc = db_tx(db, DB_TX_RETRY, hooked_in_tx, h);
    if (rc == RC_OK)
        rc = try_run(db, "SELECT n AS n FROM app.accounts WHERE k = 2", DB_ONE, NULL);
    return rc;
}

START_TEST(every_fault_leaves_a_whole_or_nothing)
{
    struct hooked h = { 0 };
    unsigned n = 0;
    bool fired = true;
    for (n = 1; fired && n < 200; n++) {
        db_scope_begin(db, a, NULL, instant_now());
        fault_arm(1u << FAULT_DB, n);
        enum rc rc = request(&h);
        fired = fault_count() >= n;
        fault_arm(0, 0);
        ck_assert_msg(is_clean(rc), "fault %u: %s", n, rc_name(rc));
        ck_assert(fired || rc == RC_OK);
        db_scope_end(db);
        /* all confirmed transfers are there and no others */
        int64_t moved = kit_number("SELECT n FROM app.accounts WHERE k = 2");
        ck_assert_msg(moved == h.hooks, "fault %u: %lld moved, %d confirmed", n, (long long)moved,
                      h.hooks);
        ck_assert_int_eq(kit_number("SELECT sum(n) FROM app.accounts"), 1000);
        /* and the next request is served */
        while (db_is_down(db))
            usleep(1000);
        db_scope_begin(db, a, NULL, instant_now());
        kit_ok(db, request(&h));
        db_scope_end(db);
        ck_assert(!db_in_tx(db));
        arena_reset(a);
    }
    ck_assert(!fired);
    ck_assert_uint_gt(n, 12);
    printf("# %u faults\n", n - 2);
}
END_TEST

START_TEST(a_refused_connection_is_survived)
{
    db_free(db);
    db = db_new(kit()->conf, "kade_admin", "test");
    struct hooked h = { 0 };
    db_scope_begin(db, a, NULL, instant_now());
    fault_arm(1u << FAULT_DB, 1); /* the connect itself */
    kit_rc(request(&h), RC_UPSTREAM);
    fault_arm(0, 0);
    ck_assert(db_is_down(db));
    while (db_is_down(db))
        usleep(1000);
    kit_ok(db, request(&h));
    db_scope_end(db);
}
END_TEST

/* Migrations: wherever it breaks, running again finishes the work. */
START_TEST(a_broken_migration_is_finished_by_the_next)
{
    static const struct migrate_module m[] = { { "app" }, { "shop" } };
    unsigned n = 0;
    bool fired = true;
    for (n = 1; fired && n < 40; n++) {
        kit_sql("DELETE FROM app.schema_migrations WHERE module = 'shop' AND no > 1000");
        struct db *own = kit_db("kade_migrate");
        struct migrate_report r;
        fault_arm(1u << FAULT_DB, n);
        enum rc rc = migrate_run(own, a, kit()->conf->sql_dir, m, COUNT_OF(m), false, &r);
        fired = fault_count() >= n;
        fault_arm(0, 0);
        ck_assert(is_clean(rc));
        ck_assert((rc == RC_OK) == (r.problem == NULL));
        while (db_is_down(own))
            usleep(1000);
        kit_ok(own, migrate_run(own, a, kit()->conf->sql_dir, m, COUNT_OF(m), false, &r));
        ck_assert_uint_eq(r.applied, 0);
        db_free(own);
    }
    ck_assert(!fired);
}
END_TEST

int main(void)
{
    kit_database();
    log_set_level(LOG_ERROR_ + 1);
    Suite *s = suite_create("db_layer");
    TCase *t = tcase_create("faults");
    tcase_set_timeout(t, 100);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, every_fault_leaves_a_whole_or_nothing);
    tcase_add_test(t, a_refused_connection_is_survived);
    tcase_add_test(t, a_broken_migration_is_finished_by_the_next);
    suite_add_tcase(s, t);
    return kit_run(s);
}
#else
int main(void)
{
    puts("1..0 # SKIP this build cannot make calls fail (--enable-fault)");
    return 0;
}
#endif
