/* kade_jobs.c: kade jobs and kade doctor. Doctor runs, in every shop, each generated statement
 * whose name begins with doctor_: a row is a problem. So a new check is one statement in
 * sql/<module>/q/doctor.sql and no C. It reads only; what to do about a finding is in
 * docs/operations.md. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "base/time.h"
#include "gen/app_q.h"
#include "platform/db.h"
#include "programs/kade.h"

static const char *number(struct kade *k, int64_t n)
{
    return arena_printf(k->arena, "%lld", (long long)n);
}

/* Of one shop through its policy, or of all as the jobs process sees them. */
static int open_queue(struct kade *k)
{
    struct uuid tenant;
    int status = kade_open(k, kade_has(k, OPT_TENANT) ? "kade_admin" : "kade_jobs");
    if (status == 0 && kade_has(k, OPT_TENANT))
        status = kade_tenant(k, &tenant);
    if (status == 0)
        kade_scope(k, kade_has(k, OPT_TENANT) ? &tenant : NULL);
    return status;
}

static int status_rows(struct kade *k, const struct app_job_count_list *jobs,
                       const struct app_retry_count_list *events)
{
    static const char *const cols[] = { "what",     "name",  "state", "n",
                                        "attempts", "since", "error", NULL };
    struct kade_rows o;
    kade_rows_begin(&o, k, cols);
    for (size_t i = 0; i < jobs->n; i++) {
        const struct app_job_count *j = &jobs->row[i];
        const char *cells[] = { "job",
                                j->name,
                                j->state,
                                number(k, j->n),
                                number(k, j->tries),
                                instant_rfc3339(k->arena, j->oldest),
                                j->last_error };
        kade_rows_add(&o, cells);
    }
    for (size_t i = 0; i < events->n; i++) {
        const struct app_retry_count *e = &events->row[i];
        const char *cells[] = {
            "event",         e->consumer,         e->state,
            number(k, e->n), number(k, e->tries), instant_rfc3339(k->arena, e->oldest),
            e->last_error
        };
        kade_rows_add(&o, cells);
    }
    return kade_rows_end(&o);
}

static int jobs_status(struct kade *k, char **arg)
{
    (void)arg;
    int status = open_queue(k);
    if (status != 0)
        return status;
    struct app_job_count_list jobs;
    struct app_retry_count_list events;
    struct app_queue_depths d;
    enum rc rc = app_q_job_counts(k->app.db, &jobs);
    if (rc == RC_OK)
        rc = app_q_retry_counts(k->app.db, &events);
    if (rc == RC_OK)
        rc = app_q_queue_depth(k->app.db, "jobs", instant_now(), &d);
    if (rc != RC_OK)
        return kade_fail_db(k, "reading the queue", rc);
    if (!kade_has(k, OPT_JSON))
        printf("ready %lld (oldest %lld s), running %lld, dead %lld; events unread %lld, waiting "
               "%lld, dead %lld\n",
               (long long)d.ready, (long long)d.age_s, (long long)d.running, (long long)d.dead,
               (long long)d.lag, (long long)d.waiting, (long long)d.dead_events);
    return status_rows(k, &jobs, &events);
}

struct revive {
    const char *name;
    int64_t jobs, events;
};

static enum rc revive_in_tx(struct db *db, void *arg)
{
    struct revive *x = arg;
    struct app_woken told;
    enum rc rc = app_q_job_revive(db, x->name, instant_now(), &x->jobs);
    if (rc == RC_OK)
        rc = app_q_retry_revive(db, x->name, instant_now(), &x->events);
    return rc == RC_OK ? app_q_wake(db, &told) : rc;
}

static int jobs_retry(struct kade *k, char **arg)
{
    struct revive x = { .name = arg[0] }; /* NULL: all of them */
    int status = open_queue(k);
    if (status != 0)
        return status;
    enum rc rc = db_tx(k->app.db, DB_TX_RETRY, revive_in_tx, &x);
    if (rc != RC_OK)
        return kade_fail_db(k, "starting again", rc);
    printf("%lld jobs and %lld events start again\n", (long long)x.jobs, (long long)x.events);
    return 0;
}

/* ---- doctor ---- */

struct doctor {
    struct kade *k;
    struct kade_rows rows;
    const char *slug;
    size_t checks, broken;
};

/* The shape every doctor statement has; its column table is compared before it is read so. */
struct problem {
    const char *what, *id, *detail;
};

static bool has_shape(const struct db_stmt *s)
{
    static const char *const names[] = { "what", "id", "detail" };
    if (s->card != DB_MANY || s->nparams != 0 || s->ncols != COUNT_OF(names) ||
        s->row_size != sizeof(struct problem))
        return false;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (!str_eq(s->cols[i].name, names[i]) || s->cols[i].type != FT_TEXT ||
            s->cols[i].offset != i * sizeof(char *))
            return false;
    return true;
}

static int run_check(struct doctor *d, const struct db_stmt *s)
{
    if (!has_shape(s)) {
        d->broken++;
        return kade_fail("%s (%s:%d) is not '() -> many' of what, id, detail text", s->name,
                         s->file, s->line);
    }
    struct db_result r = { 0 };
    enum rc rc = db_run(d->k->app.db, s, 0, NULL, &r);
    if (rc != RC_OK) {
        d->broken++;
        return kade_fail_db(d->k, s->name, rc);
    }
    d->checks++;
    const struct problem *p = r.rows;
    for (size_t i = 0; i < r.n; i++) {
        const char *cells[] = { d->slug, s->name, p[i].what, p[i].id, p[i].detail };
        kade_rows_add(&d->rows, cells);
    }
    return 0;
}

static int examine(struct doctor *d, struct uuid tenant)
{
    const struct app_registry *g = d->k->prog.registry;
    int status = 0;
    for (size_t i = 0; i < g->nmodules; i++) {
        const struct db_stmt *const *s = g->modules[i]->stmts;
        for (; s != NULL && *s != NULL; s++) {
            const char *dot = strchr((*s)->name, '.');
            if (dot == NULL || !str_starts(dot + 1, "doctor_"))
                continue;
            kade_scope(d->k, &tenant);
            status |= run_check(d, *s);
            db_scope_end(d->k->app.db);
        }
    }
    return status;
}

static int doctor(struct kade *k, char **arg)
{
    (void)arg;
    static const char *const cols[] = { "shop", "check", "problem", "id", "detail", NULL };
    struct doctor d = { .k = k };
    struct app_tenant_line_list list;
    int status = kade_open(k, "kade_admin");
    if (status != 0)
        return status;
    kade_scope(k, NULL);
    enum rc rc = app_q_tenant_list(k->app.db, &list);
    if (rc != RC_OK)
        return kade_fail_db(k, "listing the shops", rc);
    db_scope_end(k->app.db);
    kade_rows_begin(&d.rows, k, cols);
    size_t shops = 0;
    for (size_t i = 0; i < list.n; i++) {
        d.slug = list.row[i].slug;
        if (kade_has(k, OPT_TENANT) && !str_eq(d.slug, k->value[OPT_TENANT]))
            continue;
        shops++;
        status |= examine(&d, list.row[i].id);
    }
    if (kade_has(k, OPT_TENANT) && shops == 0)
        return kade_fail("there is no shop '%s': see 'kade tenant list'", k->value[OPT_TENANT]);
    if (d.rows.n > 0 || kade_has(k, OPT_JSON))
        status |= kade_rows_end(&d.rows);
    fprintf(stderr, "%zu shops, %zu checks, %zu problems\n", shops, d.checks, d.rows.n + d.broken);
    return d.rows.n > 0 || status != 0 ? EXIT_FAILED : 0;
}

static const enum kade_option no_options[] = { OPTIONS };
const struct command kade_jobs_commands[] = {
    { "jobs", "status", "[--tenant SLUG]", "What is in the queue: jobs and events.", 0, 0,
      no_options, jobs_status },
    { "jobs", "retry", "[NAME] [--tenant SLUG]",
      "Start dead jobs (or a consumer's dead events) again.", 0, 1, no_options, jobs_retry },
    { "doctor", NULL, "[--tenant SLUG]",
      "Look for inconsistencies in every shop; exit 1 when there is one.", 0, 0, no_options,
      doctor },
    { 0 }
};
