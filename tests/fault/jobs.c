/* jobs.c: every job and every consumer of events of every module while the first, the second, the
 * third ... call to database, cache or file that can fail does, until a run meets no fault. The
 * process then goes on as it would: the attempt is taken over or tried again. In the end the work
 * is done as if nothing had failed, nothing is given up, and doctor finds nothing. Jobs and
 * consumers come from the registry: one without a row in tests/fault/calls_MODULE.c fails. */
#include <stdio.h>
#include <string.h>

#include "app/event.h"
#include "app/job.h"
#include "base/map.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/db.h"
#include "platform/fault.h"
#include "torture.h"

#ifdef KADE_FAULT
enum { MOST = 600, TURNS = 6 };

static struct {
    struct kit *k;
    size_t found, rows, missing;
} t;

/* ---- the tables are complete ---- */

static const struct torture_job *job_row(const char *name)
{
    for (const struct torture_module **m = torture_modules; *m; m++)
        for (const struct torture_job *j = (*m)->jobs; j && j->job; j++)
            if (str_eq(j->job, name))
                return j;
    return NULL;
}

static bool event_row(const char *consumer)
{
    for (const struct torture_module **m = torture_modules; *m; m++)
        for (const struct torture_event *e = (*m)->events; e && e->consumer; e++)
            if (str_eq(e->consumer, consumer))
                return true;
    return false;
}

static void want(bool has, const char *what, const char *module)
{
    t.found++;
    if (has)
        return;
    t.missing++;
    printf("# %s has no row: say in tests/fault/calls_%s.c how it is called\n", what, module);
}

/* Two subscriptions of a module to one topic are one consumer. */
static bool repeated(const struct app_event_sub *first, const struct app_event_sub *s)
{
    for (; first < s; first++)
        if ((first->when & EV_JOB) && str_eq(first->event, s->event))
            return true;
    return false;
}

START_TEST(every_job_and_consumer_has_a_row)
{
    t.k = torture_open_role("kade_jobs");
    const struct app_registry *g = t.k->app.registry;
    t.found = t.missing = t.rows = 0;
    for (size_t i = 0; i < g->njobs; i++)
        want(job_row(g->jobs[i]->name) != NULL, g->jobs[i]->name, g->job_module[i]->name);
    for (size_t i = 0; i < g->nmodules; i++) {
        const struct app_event_sub *first = g->modules[i]->events;
        for (const struct app_event_sub *s = first; s && s->event; s++) {
            char *name = arena_printf(t.k->arena, "%s:%s", g->modules[i]->name, s->event);
            if ((s->when & EV_JOB) && !repeated(first, s))
                want(event_row(name), name, g->modules[i]->name);
        }
    }
    for (const struct torture_module **m = torture_modules; *m; m++) {
        for (const struct torture_job *j = (*m)->jobs; j && j->job; j++)
            t.rows++;
        for (const struct torture_event *e = (*m)->events; e && e->consumer; e++)
            t.rows++;
    }
    ck_assert_msg(t.missing == 0, "%zu jobs or consumers have no row in tests/fault", t.missing);
    ck_assert_msg(t.rows == t.found, "%zu rows for %zu: one is of something that is gone", t.rows,
                  t.found);
    torture_close(t.k);
}
END_TEST

/* ---- what every row comes to ---- */

static void hold(const char *const *sql, size_t n, void (*check)(struct kit *), const char *what,
                 unsigned fault)
{
    for (size_t i = 0; i < n && sql[i]; i++)
        ck_assert_msg(torture_true(t.k, sql[i]), "fault %u of %s: not so: %s\n%.3000s", fault, what,
                      sql[i], kit_log(t.k));
    if (check)
        check(t.k);
    torture_doctor(t.k, what);
}

/* Time goes on: leases run out, what waits is due. */
static void later(void)
{
    kit_sql(t.k,
            "UPDATE app.jobs SET locked_until = now() - interval '1 s' WHERE state = 'running';"
            "UPDATE app.jobs SET run_at = now() - interval '1 s' WHERE state = 'ready';"
            "UPDATE app.outbox_retries SET next_at = now() - interval '1 s';"
            "UPDATE app.outbox_cursors SET locked_until = now() - interval '1 s'");
}

/* One round of the process; a failure ends it, as in its loop. */
static void round_of_work(void)
{
    size_t n;
    bool ran = true;
    enum rc rc = job_take_over(&t.k->app, &n);
    if (rc == RC_OK)
        rc = outbox_dispatch(&t.k->app, 100, &n);
    for (bool more = true; rc == RC_OK && more;)
        rc = outbox_retry_one(&t.k->app, &more);
    for (int i = 0; rc == RC_OK && ran && i < 20; i++)
        rc = job_run_one(&t.k->app, &ran);
}

/* ---- jobs ---- */

static const char *state(void)
{
    return kit_cell(t.k, "SELECT state FROM app.jobs WHERE once_key = 'torture'");
}

static bool run_job(const struct torture_job *j, unsigned n)
{
    bool ran;
    const char *payload = j->before ? j->before(t.k) : NULL;
    kit_sql(t.k, arena_printf(t.k->arena,
                              "DELETE FROM app.jobs; INSERT INTO app.jobs (tenant_id, name, "
                              "once_key, payload, run_at) VALUES ('" KIT_SHOP_A
                              "', '%s', 'torture', '%s', now() - interval '1 s')",
                              j->job, payload ? payload : "{}"));
    torture_arm(t.k, n);
    enum rc rc = job_run_one(&t.k->app, &ran);
    bool met = torture_met(n);
    ck_assert_msg(rc == RC_OK || met, "untouched %s: %s", j->job, rc_name(rc));
    ck_assert_msg(!str_eq(state(), "dead"), "fault %u of %s: given up at once", n, j->job);
    for (int turn = 0; turn < TURNS && !str_eq(state(), "done"); turn++) {
        ck_assert_msg(met, "untouched %s is %s: %s", j->job, state(), kit_log(t.k));
        later();
        torture_arm(t.k, 0);
        round_of_work();
        (void)torture_met(1);
    }
    ck_assert_msg(str_eq(state(), "done"), "after fault %u %s is %s\n%.3000s", n, j->job, state(),
                  kit_log(t.k));
    hold(j->holds, COUNT_OF(j->holds), j->check, j->job, n);
    return met;
}

START_TEST(jobs_of_every_module)
{
    t.k = torture_open_role("kade_jobs");
    for (const struct torture_module **m = torture_modules; *m; m++)
        for (const struct torture_job *j = (*m)->jobs; j && j->job; j++) {
            unsigned n = 1;
            while (run_job(j, n))
                ck_assert_msg(++n < MOST, "%s never ran untouched", j->job);
            printf("# %-40s %3u faults\n", j->job, n - 1);
            ck_assert_uint_gt(n, 3);
        }
    torture_close(t.k);
}
END_TEST

/* ---- consumers ---- */

/* The planted event alone: what its consumer tells in turn is another's. */
static bool delivered(void)
{
    return torture_true(t.k,
                        "SELECT NOT EXISTS (SELECT 1 FROM app.outbox_retries r WHERE "
                        "r.object_version = 977) AND NOT EXISTS (SELECT 1 "
                        "FROM app.outbox o WHERE o.object_version = 977 AND (o.xid, o.seq) > "
                        "(coalesce((SELECT c.xid FROM app.outbox_cursors c WHERE c.consumer = "
                        "'jobs'), '0'), coalesce((SELECT c.seq FROM app.outbox_cursors c WHERE "
                        "c.consumer = 'jobs'), 0)))");
}

static bool run_event(const struct torture_event *e, unsigned n)
{
    size_t handled;
    kit_sql(t.k, "DELETE FROM app.jobs; DELETE FROM app.outbox; DELETE FROM app.outbox_retries");
    const char *object = e->before(t.k);
    kit_sql(t.k,
            arena_printf(t.k->arena,
                         "INSERT INTO app.outbox (tenant_id, topic, object_id, object_version) "
                         "VALUES ('" KIT_SHOP_A "', '%s', '%s', 977)",
                         strchr(e->consumer, ':') + 1, object));
    torture_arm(t.k, n);
    enum rc rc = outbox_dispatch(&t.k->app, 10, &handled);
    bool met = torture_met(n);
    ck_assert_msg(met || (rc == RC_OK && delivered()), "untouched %s: %s\n%.3000s", e->consumer,
                  rc_name(rc), kit_log(t.k));
    for (int turn = 0; turn < TURNS && !delivered(); turn++) {
        later();
        torture_arm(t.k, 0);
        size_t more;
        rc = outbox_dispatch(&t.k->app, 10, &more);
        for (bool ran = true; rc == RC_OK && ran;)
            rc = outbox_retry_one(&t.k->app, &ran);
        (void)torture_met(1);
    }
    ck_assert_msg(delivered(), "after fault %u of %s the event is not delivered", n, e->consumer);
    hold(e->holds, COUNT_OF(e->holds), NULL, e->consumer, n);
    return met;
}

START_TEST(consumers_of_every_module)
{
    t.k = torture_open_role("kade_jobs");
    for (const struct torture_module **m = torture_modules; *m; m++)
        for (const struct torture_event *e = (*m)->events; e && e->consumer; e++) {
            unsigned n = 1;
            while (run_event(e, n))
                ck_assert_msg(++n < MOST, "%s never ran untouched", e->consumer);
            printf("# %-40s %3u faults\n", e->consumer, n - 1);
            ck_assert_uint_gt(n, 3);
        }
    torture_close(t.k);
}
END_TEST

/* ---- what the process does besides: schedules, retention, figures ---- */

static enum rc take_over(struct app_ctx *app)
{
    size_t n;
    return job_take_over(app, &n);
}

static enum rc next_at(struct app_ctx *app)
{
    int64_t at;
    return job_next_at(app, &at);
}

static const struct {
    const char *name, *before, *holds;
    enum rc (*fn)(struct app_ctx *app);
} upkeep[] = {
    { "schedules", "DELETE FROM app.jobs",
      "SELECT count(*) > 0 AND count(*) = count(DISTINCT (tenant_id, name)) FROM app.jobs",
      job_schedule },
    { "retention",
      "DELETE FROM app.jobs; INSERT INTO app.jobs (tenant_id, name, state, run_at, finished_at, "
      "updated_at) VALUES ('" KIT_SHOP_A "', 'shop.price_edges', 'done', now() - interval '1 "
      "year', now() - interval '1 year', now() - interval '1 year')",
      "SELECT count(*) = 0 FROM app.jobs", job_forget },
    { "take-over",
      "DELETE FROM app.jobs; INSERT INTO app.jobs (tenant_id, name, state, attempts, locked_by, "
      "locked_until) VALUES ('" KIT_SHOP_A "', 'shop.price_edges', 'running', 1, 'gone:1:1', "
      "now() - interval '1 minute')",
      "SELECT state = 'ready' AND attempts = 1 FROM app.jobs", take_over },
    { "what is due next", NULL, NULL, next_at },
    { "figures", NULL, NULL, job_publish },
};

START_TEST(upkeep_of_the_queue)
{
    t.k = torture_open_role("kade_jobs");
    for (size_t i = 0; i < COUNT_OF(upkeep); i++) {
        unsigned n = 0;
        bool met = true;
        while (met) {
            if (upkeep[i].before)
                kit_sql(t.k, upkeep[i].before);
            torture_arm(t.k, ++n);
            enum rc rc = upkeep[i].fn(&t.k->app);
            met = torture_met(n);
            ck_assert_msg(met || rc == RC_OK, "untouched %s: %s", upkeep[i].name, rc_name(rc));
            ck_assert_msg(rc == RC_OK || rc == RC_UPSTREAM || rc == RC_RETRY || rc == RC_LIMIT,
                          "fault %u of %s: %s", n, upkeep[i].name, rc_name(rc));
            torture_arm(t.k, 0);
            ck_assert_int_eq(upkeep[i].fn(&t.k->app), RC_OK);
            if (upkeep[i].holds)
                ck_assert_msg(torture_true(t.k, upkeep[i].holds), "fault %u of %s: not so: %s", n,
                              upkeep[i].name, upkeep[i].holds);
            ck_assert_uint_lt(n, MOST);
        }
        printf("# %-40s %3u faults\n", upkeep[i].name, n - 1);
        ck_assert_uint_gt(n, 1);
    }
    torture_close(t.k);
}
END_TEST

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    Suite *s = suite_create("jobs");
    TCase *c = tcase_create("faults");
    tcase_set_timeout(c, 600);
    tcase_add_unchecked_fixture(c, shop_open, shop_close);
    tcase_add_test(c, every_job_and_consumer_has_a_row);
    tcase_add_test(c, jobs_of_every_module);
    tcase_add_test(c, consumers_of_every_module);
    tcase_add_test(c, upkeep_of_the_queue);
    suite_add_tcase(s, c);
    return kit_run(s);
}
#else
int main(void)
{
    puts("1..0 # SKIP this build cannot make calls fail (--enable-fault)");
    return 0;
}
#endif
