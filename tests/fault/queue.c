/* Every call to the database that a jobs process makes fails once, one at a time: connection lost,
 * timeout, serialization failure. Afterwards the process goes on without faults. Whatever failed:
 * the job ends as done, both consumers have seen the event, nothing is given up, and neither ran
 * more than twice (at least once is the promise; twice is what one fault may cost). */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "app/ctx.h"
#include "app/event.h"
#include "app/job.h"
#include "app/loader.h"
#include "base/log.h"
#include "base/time.h"
#include "kit/kit.h"
#include "platform/crypto.h"
#include "platform/fault.h"

#ifdef KADE_FAULT
static struct {
    int job, one, two;
} ran;

static enum rc run(struct app_ctx *app, const struct job *j)
{
    (void)app;
    (void)j;
    ran.job++;
    return RC_OK;
}

static enum rc first(struct app_ctx *app, const struct event *e)
{
    (void)app;
    (void)e;
    ran.one++;
    return RC_OK;
}

static enum rc second(struct app_ctx *app, const struct event *e)
{
    (void)app;
    (void)e;
    ran.two++;
    return RC_OK;
}

static const struct app_event_sub events_one[] = { { "test.thing", EV_JOB, first }, { 0 } };
static const struct app_event_sub events_two[] = { { "test.thing", EV_JOB, second }, { 0 } };
static const struct app_job job_table[] = { { "test.plain", 0, 10, 5, run }, { 0 } };
static const struct app_module one = { .name = "one", .events = events_one, .jobs = job_table };
static const struct app_module two = { .name = "two", .events = events_two };
static const struct app_module *const modules[] = { &one, &two };
static const struct app_job *const jobs[] = { &job_table[0] };
static const struct app_module *const job_module[] = { &one };
static struct app_registry registry = {
    .modules = modules, .nmodules = 2, .jobs = jobs, .njobs = 1, .job_module = job_module
};

static enum rc fill_in_tx(struct db *db, void *arg)
{
    (void)arg;
    enum rc rc = job_enqueue(db, "test.plain", JOB_NORMAL, 0, NULL, NULL);
    return rc == RC_OK ? event_emit(db, "test.thing", uuid7_new(), 1, "n=%d", 1) : rc;
}

static void fill(struct app_ctx *app)
{
    struct arena *a = arena_new_sized(0);
    kit_sql("DELETE FROM app.outbox; DELETE FROM app.jobs; DELETE FROM app.outbox_cursors;"
            "DELETE FROM app.outbox_retries");
    struct db *web = kit_db("kade_web");
    db_set_app(web, app);
    kit_scope(web, a, KIT_A);
    kit_rc(db_tx(web, 0, fill_in_tx, NULL), RC_OK);
    db_scope_end(web);
    db_free(web);
    arena_free(a);
    memset(&ran, 0, sizeof ran);
}

/* One round of the process; a failure ends it, as in the loop. */
static void work(struct app_ctx *app)
{
    size_t n;
    bool busy;
    if (job_take_over(app, &n) != RC_OK || outbox_dispatch(app, 10, &n) != RC_OK ||
        outbox_retry_one(app, &busy) != RC_OK)
        return;
    enum rc rc = job_run_one(app, &busy);
    (void)rc;
}

static void recovers(struct app_ctx *app, unsigned n)
{
    for (int turn = 0; turn < 10; turn++) {
        kit_sql("UPDATE app.jobs SET locked_until = now() - interval '1 s' WHERE state = 'running';"
                "UPDATE app.jobs SET run_at = now() - interval '1 s' WHERE state = 'ready';"
                "UPDATE app.outbox_retries SET next_at = now() - interval '1 s'");
        while (db_is_down(app->db)) /* its back-off, 0.1 s */
            nanosleep(&(const struct timespec){ .tv_nsec = 5000000 }, NULL);
        work(app);
        if (kit_number("SELECT count(*) FROM app.jobs WHERE state = 'done'") == 1 && ran.one > 0 &&
            ran.two > 0 && kit_number("SELECT count(*) FROM app.outbox_retries") == 0)
            break;
    }
    ck_assert_msg(kit_number("SELECT count(*) FROM app.jobs WHERE state = 'done'") == 1,
                  "after fault %u the job is not done", n);
    ck_assert_msg(ran.job >= 1 && ran.job <= 2, "after fault %u the job ran %d times", n, ran.job);
    ck_assert_msg(ran.one >= 1 && ran.one <= 2 && ran.two >= 1 && ran.two <= 2,
                  "after fault %u the consumers ran %d and %d times", n, ran.one, ran.two);
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.outbox_retries"), 0);
}

START_TEST(no_single_fault_loses_work)
{
    log_set_level(LOG_ERROR_);
    struct app_ctx app = {
        .conf = kit()->conf, .registry = &registry, .pool = "test", .arena = kit()->arena
    };
    unsigned n = 0, calls;
    do {
        n++;
        app.db = kit_db("kade_jobs");
        db_set_app(app.db, &app);
        fill(&app);
        fault_arm(1u << FAULT_DB, n);
        work(&app);
        calls = fault_count();
        fault_arm(0, 0);
        recovers(&app, n);
        db_free(app.db);
        ck_assert_uint_lt(n, 500);
    } while (calls >= n); /* until a run met no fault */
    printf("# %u calls, each failed once\n", n - 1);
    ck_assert_uint_gt(n, 15);
}
END_TEST

int main(void)
{
    (void)kit_database();
    Suite *s = suite_create("queue");
    TCase *c = tcase_create("queue");
    tcase_set_timeout(c, 300);
    tcase_add_test(c, no_single_fault_loses_work);
    suite_add_tcase(s, c);
    return kit_run(s);
}
#else
int main(void)
{
    puts("1..0 # SKIP built without --enable-fault");
    return 0;
}
#endif
