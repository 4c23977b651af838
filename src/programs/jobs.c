/* jobs.c: the loop of a jobs process: hand out events, run jobs, keep the schedules, and sleep
 * until the database says there is work (NOTIFY kade_work at the commit that made it) or something
 * is due. Idle it runs a few statements a minute. Any number of such processes may run on any
 * number of hosts: the database decides who gets what.
 *
 * Without a database it waits and tries again; a job in hand when it goes away is left to its
 * lease. Stopping: the work in hand is finished, or given back when it asks job_should_stop(). */
#include <string.h>
#include <time.h>

#include "app/event.h"
#include "app/job.h"
#include "base/log.h"
#include "base/time.h"
#include "platform/db.h"
#include "programs/prog.h"

enum { EVENTS_AT_ONCE = 200, JOBS_AT_ONCE = 20, WAIT_MOST_MS = 1000 };
static const int64_t publish_every = SECONDS(15), look_every = SECONDS(30),
                     forget_every = SECONDS(3600);

struct round {
    struct app_ctx *app;
    bool listening;
    int64_t publish_at, look_at, forget_at; /* monotonic */
    int64_t due_at;                         /* instant: the next job that waits for its time */
};

/* First what is late by nature, then the loop's own work. */
static enum rc upkeep(struct round *r)
{
    int64_t now = monotonic_us();
    enum rc rc = RC_OK;
    size_t taken;
    if (now >= r->look_at) {
        r->look_at = now + look_every;
        rc = job_take_over(r->app, &taken);
        if (rc == RC_OK)
            rc = job_schedule(r->app);
    }
    if (rc == RC_OK && now >= r->forget_at) {
        r->forget_at = now + forget_every;
        rc = job_forget(r->app);
    }
    if (rc == RC_OK && now >= r->publish_at) {
        r->publish_at = now + publish_every;
        rc = job_publish(r->app);
    }
    return rc;
}

static enum rc work(struct round *r, bool *busy)
{
    size_t events = 0;
    bool ran = false;
    enum rc rc = outbox_dispatch(r->app, EVENTS_AT_ONCE, &events);
    *busy = events > 0;
    if (rc == RC_OK)
        rc = outbox_retry_one(r->app, &ran);
    *busy |= ran;
    ran = true;
    for (int i = 0; rc == RC_OK && ran && i < JOBS_AT_ONCE && !serve_stopping(); i++) {
        rc = job_run_one(r->app, &ran);
        *busy |= ran;
    }
    return rc;
}

/* Sleeps in short pieces: a piece costs one poll and no statement, and a stop is seen in time. */
static enum rc sleep_until_work(struct round *r)
{
    enum rc rc = job_next_at(r->app, &r->due_at);
    bool woken = false;
    while (rc == RC_OK && !woken && !serve_stopping()) {
        int64_t now = monotonic_us(), ms = WAIT_MOST_MS;
        int64_t due = r->due_at == INSTANT_MAX ? INSTANT_MAX : r->due_at - instant_now();
        if (now >= r->look_at || now >= r->publish_at || due <= 0)
            break;
        if (due < SECONDS(1))
            ms = due / 1000 + 1;
        rc = db_wait_notify(r->app->db, (int)ms, &woken);
    }
    if (r->due_at <= instant_now())
        r->look_at = 0; /* a schedule's period may have begun */
    return rc;
}

static enum rc one_round(struct round *r)
{
    enum rc rc = RC_OK;
    if (!r->listening) {
        rc = db_listen(r->app->db, "kade_work");
        r->listening = rc == RC_OK;
        r->look_at = 0;
    }
    bool busy = false;
    prog_clock(r->app->conf);
    if (rc == RC_OK)
        rc = upkeep(r);
    if (rc == RC_OK)
        rc = work(r, &busy);
    if (rc == RC_OK && !busy && !serve_stopping())
        rc = sleep_until_work(r);
    return rc;
}

static void pause_ms(long ms)
{
    const struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
    (void)nanosleep(&t, NULL); /* a signal ends it early, as it should */
}

static void loop(struct app_ctx *app, struct score *score)
{
    struct round r = { .app = app, .due_at = INSTANT_MAX };
    enum rc last = RC_OK;
    score_state(score, SCORE_IDLE);
    while (!serve_stopping()) {
        enum rc rc = one_round(&r);
        if (rc != RC_OK) {
            const struct db_error *e = db_error(app->db);
            if (rc != last)
                log_warn("queue not reached", "rc=%s detail=%s statement=%s", rc_name(rc),
                         e->message == NULL ? "-" : e->message,
                         e->statement == NULL ? "-" : e->statement);
            r.listening = r.listening && db_is_connected(app->db);
            pause_ms(500);
        } else if (last != RC_OK) {
            log_info("queue reached again", "was=%s", rc_name(last));
        }
        last = rc;
        if (!db_is_connected(app->db))
            r.listening = false;
    }
}

int jobs_run(const struct prog *p, struct score *score)
{
    struct app_ctx app = {
        .conf = p->conf, .registry = p->registry, .score = score, .pool = "jobs", .arena = p->arena
    };
    log_set_context("pool", "jobs");
    serve_signals();
    job_stop_flag(serve_stop_flag());
    enum rc rc = app_open(&app, "kade_jobs", "kade-jobs");
    if (rc == RC_OK)
        rc = loader_call_start(&app);
    if (rc != RC_OK) {
        log_error("jobs did not start", "rc=%s", rc_name(rc));
        return EXIT_FAILED;
    }
    loop(&app, score);
    score_state(score, SCORE_DRAINING);
    loader_call_stop(&app);
    app_close(&app);
    return 0;
}
