/* The migration runner: from empty, again, dry, two at once; a past that was edited, removed,
 * renumbered or added to is refused with words that say what to do, before anything has run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/loader.h"
#include "app/module.h"
#include "base/rc.h"
#include "base/str.h"
#include "kit/kit.h"
#include "platform/migrate.h"

static struct db *db;
static struct arena *a;
static char *dir;
static const struct migrate_module modules[] = { { "one" }, { "two" } };

static void put(const char *name, const char *text)
{
    FILE *f = fopen(arena_printf(a, "%s/%s", dir, name), "we");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    ck_assert_int_eq(fclose(f), 0);
}

static void drop_file(const char *name)
{
    ck_assert_int_eq(unlink(arena_printf(a, "%s/%s", dir, name)), 0);
}

/* Each test has its own folder and a record without the modules of the others. */
static void setup(void)
{
    db = kit_db("kade_migrate");
    a = arena_new_sized(0);
    dir = kit_path("migrations-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    ck_assert_int_eq(mkdir(arena_printf(a, "%s/one", dir), 0755), 0);
    ck_assert_int_eq(mkdir(arena_printf(a, "%s/two", dir), 0755), 0);
    kit_sql("DELETE FROM app.schema_migrations WHERE module IN ('one', 'two');"
            "DROP SCHEMA IF EXISTS one CASCADE");
    put("one/001_start.sql", "CREATE SCHEMA one; CREATE TABLE one.log (n int8);");
    put("one/002_more.sql", "INSERT INTO one.log VALUES (2);");
    put("two/001_after.sql", "INSERT INTO one.log VALUES (10);");
}

static void teardown(void)
{
    db_free(db);
    arena_free(a);
}

static struct migrate_report run(enum rc should, bool dry)
{
    struct migrate_report r = { 0 };
    enum rc rc = migrate_run(db, a, dir, modules, COUNT_OF(modules), dry, &r);
    ck_assert_msg(rc == should, "%s, not %s: %s", rc_name(rc), rc_name(should),
                  r.problem != NULL ? r.problem : "-");
    ck_assert((rc == RC_OK) == (r.problem == NULL));
    return r;
}

static void refused(enum rc should, const char *words)
{
    struct migrate_report r = run(should, false);
    ck_assert_msg(str_eq(r.problem, words), "said: %s\nnot:  %s", r.problem, words);
}

static int64_t rows(void)
{
    return kit_number("SELECT count(*) FROM one.log");
}

START_TEST(runs_in_order_once)
{
    struct migrate_report r = run(RC_OK, false);
    ck_assert_uint_eq(r.applied, 3);
    ck_assert_uint_eq(r.present, 0);
    ck_assert_int_eq(rows(), 2);
    r = run(RC_OK, false);
    ck_assert_uint_eq(r.applied, 0);
    ck_assert_uint_eq(r.present, 3);
    ck_assert_int_eq(rows(), 2);
    unsigned v = 99;
    kit_ok(db, migrate_version(db, a, "one", &v));
    ck_assert_uint_eq(v, 2);
    kit_ok(db, migrate_version(db, a, "nothing", &v));
    ck_assert_uint_eq(v, 0);
}
END_TEST

START_TEST(a_dry_run_changes_nothing)
{
    struct migrate_report r = run(RC_OK, true);
    ck_assert_uint_eq(r.applied, 3);
    ck_assert_ptr_null(kit_value("SELECT to_regclass('one.log')"));
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.schema_migrations WHERE module = 'one'"),
                     0);
}
END_TEST

START_TEST(every_runtime_role_reads_the_version)
{
    static const char *const roles[] = { "kade_web", "kade_admin", "kade_jobs" };
    for (size_t i = 0; i < COUNT_OF(roles); i++) {
        struct db *r = kit_db(roles[i]);
        unsigned v = 0;
        kit_ok(r, migrate_version(r, a, "app", &v));
        ck_assert_uint_ge(v, 5);
        db_free(r);
    }
}
END_TEST

START_TEST(edited_history_is_refused)
{
    run(RC_OK, false);
    put("one/002_more.sql", "INSERT INTO one.log VALUES (3);");
    put("two/002_new.sql", "INSERT INTO one.log VALUES (11);");
    refused(RC_CONFLICT, "sql/one/002_more.sql was edited after it ran: restore it and put the "
                         "change into a new file");
    ck_assert_int_eq(rows(), 2); /* nor did two/002 run */
}
END_TEST

START_TEST(missing_history_is_refused)
{
    run(RC_OK, false);
    drop_file("one/001_start.sql");
    refused(RC_CONFLICT, "sql/one/001_start.sql has run here but is missing: restore the file, "
                         "history is kept");
}
END_TEST

START_TEST(renamed_history_is_refused)
{
    run(RC_OK, false);
    drop_file("one/002_more.sql");
    put("one/002_other.sql", "INSERT INTO one.log VALUES (2);");
    refused(RC_CONFLICT, "sql/one/002_more.sql has run here but is missing: restore the file, "
                         "history is kept");
}
END_TEST

START_TEST(a_file_before_the_last_is_refused)
{
    put("one/004_late.sql", "INSERT INTO one.log VALUES (4);");
    run(RC_OK, false);
    put("one/003_between.sql", "INSERT INTO one.log VALUES (3);");
    refused(RC_CONFLICT,
            "sql/one/003_between.sql is new but 004 has already run: give it a number above that");
}
END_TEST

START_TEST(names_are_checked)
{
    static const char *const bad[] = { "one/3_x.sql", "one/003-x.sql", "one/000_x.sql",
                                       "one/003_X.sql", "one/003x.sql" };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        put(bad[i], "SELECT 1");
        refused(RC_INVALID, arena_printf(a, "sql/%s: a migration is named NNN_words.sql", bad[i]));
        drop_file(bad[i]);
    }
    put("one/002_twin.sql", "SELECT 1");
    refused(RC_INVALID, "sql/one: 002_more.sql and 002_twin.sql have the same number");
}
END_TEST

START_TEST(a_failing_file_leaves_what_was_before)
{
    put("one/003_bad.sql", "INSERT INTO one.log VALUES (3);\nSELECT 1 / 0;");
    refused(RC_INVALID, "sql/one/003_bad.sql failed and nothing of it was kept: division by zero "
                        "(22012)");
    ck_assert_int_eq(rows(), 1);
    put("one/003_bad.sql", "INSERT INTO one.log VALUES (3);"); /* it never ran, so it may change */
    ck_assert_uint_eq(run(RC_OK, false).applied, 2);
    ck_assert_int_eq(rows(), 3);
}
END_TEST

START_TEST(a_file_may_not_end_its_transaction)
{
    static const char *const bad[] = { "INSERT INTO one.log VALUES (3); COMMIT;",
                                       "INSERT INTO one.log VALUES (3); ROLLBACK;" };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        put("one/003_commit.sql", bad[i]);
        refused(RC_BUG,
                "sql/one/003_commit.sql failed and nothing of it was kept: the script ended "
                "the transaction it runs in: leave out COMMIT and ROLLBACK (no SQLSTATE)");
        ck_assert_int_eq(
            kit_number("SELECT count(*) FROM app.schema_migrations WHERE module = 'one'"), 2);
    }
}
END_TEST

START_TEST(an_unprepared_database_says_so)
{
    kit_sql("ALTER SCHEMA app RENAME TO elsewhere");
    struct migrate_report r = run(RC_INVALID, false);
    kit_sql("ALTER SCHEMA elsewhere RENAME TO app");
    ck_assert_str_eq(r.problem,
                     "this database was never prepared: run sql/bootstrap.sql as a superuser");
}
END_TEST

START_TEST(bootstrap_may_be_repeated)
{
    struct db *super = kit_db("postgres");
    kit_ok(super, migrate_bootstrap(super, kit()->conf->sql_dir));
    kit_ok(super, migrate_bootstrap(super, kit()->conf->sql_dir));
    kit_rc(migrate_bootstrap(super, "/nonexistent"), RC_NOTFOUND);
    db_free(super);
}
END_TEST

/* Three processes at once: every file runs once, all succeed. */
START_TEST(runners_wait_for_each_other)
{
    put("two/002_slow.sql", "SELECT pg_sleep(0.3); INSERT INTO one.log VALUES (11);");
    pid_t pid[3];
    for (size_t i = 0; i < COUNT_OF(pid); i++) {
        pid[i] = fork();
        if (pid[i] != 0)
            continue;
        struct db *own = kit_db("kade_migrate");
        struct migrate_report r;
        enum rc rc = migrate_run(own, a, dir, modules, COUNT_OF(modules), false, &r);
        _exit(rc == RC_OK && (r.applied == 0 || r.applied == 4) ? (int)r.applied : 99);
    }
    int applied = 0;
    for (size_t i = 0; i < COUNT_OF(pid); i++) {
        int status;
        ck_assert_int_eq(waitpid(pid[i], &status, 0), pid[i]);
        ck_assert(WIFEXITED(status) && WEXITSTATUS(status) != 99);
        applied += WEXITSTATUS(status);
    }
    ck_assert_int_eq(applied, 4);
    ck_assert_int_eq(rows(), 3);
}
END_TEST

/* Law 10: a backfill under FORCEd row security changes the rows of every shop. */
START_TEST(a_backfill_reaches_every_shop)
{
    put("one/003_backfill.sql", "UPDATE app.stores SET name = name || '!';");
    run(RC_OK, false);
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.stores WHERE name LIKE '%!'"), 2);
}
END_TEST

START_TEST(ours_run_from_empty)
{
    /* The template was made by this runner; what it recorded is what the files are now. */
    static const struct migrate_module core[] = { { "app" }, { "shop" } };
    struct migrate_report r = { 0 };
    kit_ok(db, migrate_run(db, a, kit()->conf->sql_dir, core, COUNT_OF(core), false, &r));
    ck_assert_uint_eq(r.applied, 0);
    ck_assert_uint_ge(r.present, 10);
    /* ... and what the code says it needs is all of it, or readyz would call half a schema ready.
     */
    const struct app_module *const ours[] = { &app_builtin, &shop_builtin };
    for (size_t i = 0; i < COUNT_OF(ours); i++) {
        unsigned have = 0;
        kit_ok(db, migrate_version(db, a, ours[i]->name, &have));
        ck_assert_msg(have == ours[i]->schema_version, "%s: schema_version %u, last file %u",
                      ours[i]->name, ours[i]->schema_version, have);
    }
}
END_TEST

int main(void)
{
    kit_database();
    Suite *s = suite_create("migrations");
    TCase *t = tcase_create("migrations");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, runs_in_order_once);
    tcase_add_test(t, a_dry_run_changes_nothing);
    tcase_add_test(t, every_runtime_role_reads_the_version);
    tcase_add_test(t, edited_history_is_refused);
    tcase_add_test(t, missing_history_is_refused);
    tcase_add_test(t, renamed_history_is_refused);
    tcase_add_test(t, a_file_before_the_last_is_refused);
    tcase_add_test(t, names_are_checked);
    tcase_add_test(t, a_failing_file_leaves_what_was_before);
    tcase_add_test(t, a_file_may_not_end_its_transaction);
    tcase_add_test(t, an_unprepared_database_says_so);
    tcase_add_test(t, bootstrap_may_be_repeated);
    tcase_add_test(t, runners_wait_for_each_other);
    tcase_add_test(t, a_backfill_reaches_every_shop);
    tcase_add_test(t, ours_run_from_empty);
    suite_add_tcase(s, t);
    return kit_run(s);
}
