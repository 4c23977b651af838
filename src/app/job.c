/* job.c: work for later. A job is claimed by one statement that skips rows others hold, runs
 * outside any transaction of ours in its shop's scope, and is ended by its holder alone. So it runs
 * at least once; what may happen only once is guarded by unique keys of its own (law 5).
 *
 * Lost processes: the claim carries its holder and a lease. An alarm ends a process whose job runs
 * past timeout_s; whoever sees that the holder is gone, or the lease over, ends the attempt as
 * failed. The attempt was counted at the claim, so a job that kills its process is given up like
 * any other after max_tries. */
#include "app/job.h"

#include <string.h>

#include "app/event_internal.h"
#include "app/loader.h"
#include "app/score.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/app_q.h"
#include "platform/crypto.h"
#include "platform/db.h"

enum { TIMEOUT_DEFAULT = 60, TRIES_DEFAULT = 5, LEASE_SPARE = 30 };
static const int64_t keep_jobs = SECONDS(14 * 86400), keep_events = SECONDS(30 * 86400);

static struct {
    const volatile int *stop;
} self;

void job_stop_flag(const volatile int *flag)
{
    self.stop = flag;
}

bool job_should_stop(void)
{
    return self.stop != NULL && *self.stop != 0;
}

enum rc job_enqueue(struct db *db, const char *name, int priority, int64_t run_at,
                    const char *once_key, const char *payload_json)
{
    check_that(db_in_tx(db));
    struct app_job_added added;
    return app_q_job_add(db, uuid7_new(), name, priority, run_at == 0 ? instant_now() : run_at,
                         once_key, payload_json == NULL ? "{}" : payload_json, &added);
}

const char *job_get(const struct job *j, const char *key)
{
    return payload_get(j->arena, j->payload, key);
}

static const struct app_job *find(const struct app_registry *g, const char *name)
{
    for (size_t i = 0; i < g->njobs; i++)
        if (str_eq(g->jobs[i]->name, name))
            return g->jobs[i];
    return NULL;
}

static unsigned timeout_of(const struct app_job *j)
{
    return j == NULL || j->timeout_s == 0 ? TIMEOUT_DEFAULT : j->timeout_s;
}

static int32_t tries_of(const struct app_job *j)
{
    return j == NULL || j->max_tries == 0 ? TRIES_DEFAULT : (int32_t)j->max_tries;
}

/* ---- one job ---- */

struct turn {
    struct app_ctx *app;
    struct arena *arena;
    struct app_job_taken_maybe taken;
    int64_t now;
    /* how it ended */
    const char *state, *error;
    int64_t run_at;
    int32_t back;
    int64_t ended; /* rows */
};

static enum rc take_in_tx(struct db *db, void *arg)
{
    struct turn *t = arg;
    const struct app_registry *g = t->app->registry;
    const char **name = arena_array(t->arena, const char *, g->njobs);
    int32_t *lease = arena_array(t->arena, int32_t, g->njobs);
    for (size_t i = 0; i < g->njobs; i++) {
        name[i] = g->jobs[i]->name;
        lease[i] = (int32_t)timeout_of(g->jobs[i]) + LEASE_SPARE;
    }
    return app_q_job_take(db, (struct texts){ name, g->njobs }, (struct int4s){ lease, g->njobs },
                          holder_self(), t->now, &t->taken);
}

static enum rc end_in_tx(struct db *db, void *arg)
{
    struct turn *t = arg;
    const struct app_job_taken *j = &t->taken.row;
    return app_q_job_end(db, j->tenant_id, j->id, holder_self(), t->state,
                         t->run_at == 0 ? NULL : &t->run_at, t->error, t->back, instant_now(),
                         &t->ended);
}

static void judge(struct turn *t, const struct app_job *def, enum rc rc)
{
    struct scoreboard *b = score_board(t->app->score);
    const struct app_job_taken *j = &t->taken.row;
    if (rc == RC_OK) {
        t->state = "done";
        scoreboard_count(b, SCORE_JOBS_DONE, 1);
        return;
    }
    if (rc == RC_DECLINED) { /* given back */
        t->state = "ready";
        t->back = 1;
        return;
    }
    const struct db_error *e = db_error(t->app->db);
    bool db = rc == e->rc && e->message != NULL;
    t->error = arena_printf(t->arena, "%s%s%s", rc_name(rc), db ? ": " : "",
                            db ? log_redact(t->arena, e->message) : "");
    t->state = j->attempts >= tries_of(def) ? "dead" : "ready";
    if (str_eq(t->state, "ready"))
        t->run_at = retry_at(instant_now(), j->attempts);
    scoreboard_count(b, SCORE_JOBS_FAILED, 1);
    log_warn("job failed", "job=%s id=%s attempt=%d of=%d state=%s error=%s", j->name,
             uuid_str(t->arena, j->id), (int)j->attempts, (int)tries_of(def), t->state, t->error);
}

static enum rc run_it(struct turn *t, const struct app_job *def)
{
    struct app_ctx *app = t->app;
    const struct app_job_taken *j = &t->taken.row;
    struct job job = { .tenant = j->tenant_id,
                       .id = j->id,
                       .name = j->name,
                       .payload = j->payload,
                       .attempt = j->attempts,
                       .db = app->db,
                       .arena = t->arena,
                       .now = instant_now() };
    const char *id = uuid_str(t->arena, j->id);
    int64_t t0 = monotonic_us();
    score_begin(app->score, "jobs", def->name, id);
    score_deadline(app->score, timeout_of(def) + LEASE_SPARE / 2);
    log_set_request(id);
    work_alarm(timeout_of(def), def->name);
    db_scope_end(app->db); /* the one of the queue: this one is the shop's */
    db_scope_begin(app->db, t->arena, &job.tenant, job.now);
    enum rc rc = def->run(app, &job);
    work_alarm(0, NULL);
    judge(t, def, rc);
    struct db_counters c = db_counters(app->db);
    int64_t us = monotonic_us() - t0;
    score_end(app->score, rc == RC_OK ? 200 : 500, us, c.statements, c.trips, c.us, 0, 0);
    log_info("job", "job=%s attempt=%d state=%s rc=%s ms=%lld db_n=%u", def->name, (int)j->attempts,
             t->state, rc_name(rc), (long long)(us / 1000), c.statements);
    log_set_request(NULL);
    return rc;
}

static enum rc turn_once(struct turn *t, bool *ran)
{
    struct app_ctx *app = t->app;
    db_scope_begin(app->db, t->arena, NULL, t->now);
    enum rc rc = db_tx(app->db, DB_TX_RETRY, take_in_tx, t);
    if (rc != RC_OK || !t->taken.found)
        return rc;
    *ran = true;
    (void)run_it(t, find(app->registry, t->taken.row.name));
    db_scope_tenant(app->db, NULL);
    rc = db_tx(app->db, DB_TX_RETRY, end_in_tx, t);
    if (rc != RC_OK || t->ended == 0)
        log_warn("job not ended", "job=%s rc=%s hint=%s", t->taken.row.name, rc_name(rc),
                 "its lease runs out and it runs again");
    return rc;
}

enum rc job_run_one(struct app_ctx *app, bool *ran)
{
    *ran = false;
    if (app->registry->njobs == 0)
        return RC_OK;
    struct arena *keep = app->work;
    struct turn t = { .app = app, .arena = arena_new_sized(0), .now = instant_now() };
    app->work = t.arena;
    enum rc rc = turn_once(&t, ran);
    db_scope_end(app->db);
    score_state(app->score, SCORE_IDLE);
    app->work = keep;
    arena_free(t.arena);
    return rc;
}

/* ---- lost processes ---- */

struct orphans {
    struct app_ctx *app;
    struct arena *arena;
    size_t taken;
};

static enum rc end_orphan(struct db *db, const struct app_job_orphan *o, const struct app_job *def)
{
    bool dead = o->attempts >= tries_of(def);
    int64_t now = instant_now(), n = 0;
    enum rc rc = app_q_job_end(db, o->tenant_id, o->id, o->holder, dead ? "dead" : "ready", &now,
                               "its process ended before the job did", 0, now, &n);
    if (rc == RC_OK && n > 0)
        log_warn("job taken over", "job=%s holder=%s attempt=%d state=%s", o->name, o->holder,
                 (int)o->attempts, dead ? "dead" : "ready");
    return rc;
}

static enum rc take_over_in_tx(struct db *db, void *arg)
{
    struct orphans *x = arg;
    const char *const *dead;
    size_t n;
    x->taken = 0;
    enum rc rc = holder_find_dead(db, x->arena, &dead, &n);
    if (rc != RC_OK)
        return rc;
    struct app_job_orphan_list list;
    rc = app_q_job_orphans(db, (struct texts){ dead, n }, instant_now(), &list);
    for (size_t i = 0; rc == RC_OK && i < list.n; i++) {
        rc = end_orphan(db, &list.row[i], find(x->app->registry, list.row[i].name));
        x->taken++;
    }
    return rc;
}

enum rc job_take_over(struct app_ctx *app, size_t *taken)
{
    struct orphans x = { .app = app, .arena = arena_new_sized(0) };
    db_scope_begin(app->db, x.arena, NULL, instant_now());
    enum rc rc = db_tx(app->db, DB_TX_RETRY, take_over_in_tx, &x);
    db_scope_end(app->db);
    arena_free(x.arena);
    if (rc != RC_OK)
        return rc;
    scoreboard_count(score_board(app->score), SCORE_JOBS_TAKEN_OVER, x.taken);
    *taken = x.taken;
    return RC_OK;
}

/* ---- schedules, upkeep ---- */

struct upkeep {
    struct app_ctx *app;
    struct arena *arena;
    int64_t now;
    struct app_job_due due;
    struct app_queue_depths depth;
};

static enum rc schedule_in_tx(struct db *db, void *arg)
{
    struct upkeep *u = arg;
    const struct app_registry *g = u->app->registry;
    const char **name = arena_array(u->arena, const char *, g->njobs);
    const char **key = arena_array(u->arena, const char *, g->njobs);
    size_t n = 0;
    for (size_t i = 0; i < g->njobs; i++) {
        if (g->jobs[i]->every_s == 0)
            continue;
        name[n] = g->jobs[i]->name;
        key[n++] = arena_printf(u->arena, "every:%lld",
                                (long long)(u->now / SECONDS(g->jobs[i]->every_s)));
    }
    if (n == 0)
        return RC_OK;
    return app_q_job_add_periods(db, (struct texts){ name, n }, (struct texts){ key, n }, u->now,
                                 NULL);
}

static enum rc forget_in_tx(struct db *db, void *arg)
{
    const struct upkeep *u = arg;
    struct app_partitions_row made;
    struct app_outbox_dropped dropped;
    enum rc rc = app_q_partitions_make(db, 3, &made); /* the months ahead */
    if (rc == RC_OK)
        rc = app_q_outbox_drop(db, u->now - keep_events, &dropped);
    if (rc == RC_OK && (made.made > 0 || dropped.dropped > 0))
        log_info("partitions", "made=%d dropped=%d", (int)made.made, (int)dropped.dropped);
    return rc != RC_OK ? rc
                       : app_q_queue_forget(db, u->now - keep_jobs, u->now - keep_events, NULL);
}

static enum rc upkeep(struct app_ctx *app, db_tx_fn *fn)
{
    struct upkeep u = { .app = app, .arena = arena_new_sized(0), .now = instant_now() };
    db_scope_begin(app->db, u.arena, NULL, u.now);
    enum rc rc = db_tx(app->db, DB_TX_RETRY, fn, &u);
    db_scope_end(app->db);
    arena_free(u.arena);
    return rc;
}

enum rc job_schedule(struct app_ctx *app)
{
    return upkeep(app, schedule_in_tx);
}

enum rc job_forget(struct app_ctx *app)
{
    return upkeep(app, forget_in_tx);
}

/* The next period of a schedule begins at a multiple of its length. */
static int64_t next_period(const struct app_registry *g, int64_t now)
{
    int64_t next = INSTANT_MAX;
    for (size_t i = 0; i < g->njobs; i++) {
        int64_t every = SECONDS(g->jobs[i]->every_s);
        if (every > 0 && now - now % every + every < next)
            next = now - now % every + every;
    }
    return next;
}

enum rc job_next_at(struct app_ctx *app, int64_t *out)
{
    const struct app_registry *g = app->registry;
    struct arena *a = arena_new_sized(0);
    int64_t now = instant_now(), next = next_period(g, now);
    const char **name = arena_array(a, const char *, g->njobs);
    for (size_t i = 0; i < g->njobs; i++)
        name[i] = g->jobs[i]->name;
    struct app_job_due due;
    db_scope_begin(app->db, a, NULL, now);
    enum rc rc =
        app_q_job_next(app->db, (struct texts){ name, g->njobs }, event_consumers(g, a), &due);
    db_scope_end(app->db);
    if (rc == RC_OK)
        *out = due.has_at && due.at < next ? due.at : next;
    arena_free(a);
    return rc;
}

enum rc job_publish(struct app_ctx *app)
{
    struct scoreboard *b = score_board(app->score);
    struct arena *a = arena_new_sized(0);
    struct app_queue_depths d;
    db_scope_begin(app->db, a, NULL, instant_now());
    enum rc rc = app_q_queue_depth(app->db, OUTBOX_READER, instant_now(), &d);
    db_scope_end(app->db);
    arena_free(a);
    if (rc != RC_OK)
        return rc;
    scoreboard_gauge(b, SCORE_JOBS_READY, d.ready);
    scoreboard_gauge(b, SCORE_JOBS_RUNNING, d.running);
    scoreboard_gauge(b, SCORE_JOBS_DEAD, d.dead);
    scoreboard_gauge(b, SCORE_JOBS_AGE, d.age_s);
    scoreboard_gauge(b, SCORE_OUTBOX_LAG, d.lag);
    scoreboard_gauge(b, SCORE_OUTBOX_LAG_MS, d.lag_ms > 0 ? d.lag_ms : 0);
    scoreboard_gauge(b, SCORE_OUTBOX_WAITING, d.waiting);
    scoreboard_gauge(b, SCORE_OUTBOX_DEAD, d.dead_events);
    return RC_OK;
}
