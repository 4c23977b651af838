/* score_text.c: the scoreboard as Prometheus text (exposition format 0.0.4). Every family has HELP
 * and TYPE, times are in seconds, label values are escaped. Reads shared memory only: /metrics
 * costs no statement and works while the database is away. Counters are never reset here. */
#include <inttypes.h>

#include "app/score_internal.h"
#include "base/buf.h"
#include "base/str.h"

static const char *const bucket_text[SCORE_BUCKETS] = { "0.001", "0.0025", "0.005", "0.01",
                                                        "0.025", "0.05",   "0.1",   "0.25",
                                                        "0.5",   "1",      "2.5",   "+Inf" };
static const char *const state_text[] = { "free", "starting", "idle", "busy", "draining" };

struct family {
    const char *name, *type, *help;
};
static const struct family gauge_family[SCORE_GAUGES] = {
    [SCORE_JOBS_READY] = { "kade_jobs_ready", "gauge", "Jobs that are due and wait." },
    [SCORE_JOBS_RUNNING] = { "kade_jobs_running", "gauge", "Jobs in hand." },
    [SCORE_JOBS_DEAD] = { "kade_jobs_dead", "gauge", "Jobs given up after their last attempt." },
    [SCORE_JOBS_AGE] = { "kade_jobs_oldest_seconds", "gauge",
                         "How long the oldest due job has waited." },
    [SCORE_OUTBOX_LAG] = { "kade_outbox_lag_events", "gauge",
                           "Events the slowest consumer has not seen." },
    [SCORE_OUTBOX_LAG_MS] = { "kade_outbox_lag_milliseconds", "gauge",
                              "Age of the oldest event not seen: how far lists and search are "
                              "behind the catalogue." },
    [SCORE_OUTBOX_WAITING] = { "kade_outbox_waiting", "gauge", "Events that wait for a retry." },
    [SCORE_OUTBOX_DEAD] = { "kade_outbox_dead", "gauge", "Events given up by a consumer." },
};
static const struct family counter_family[SCORE_COUNTERS] = {
    [SCORE_SPAWNS] = { "kade_process_starts_total", "counter", "Processes started." },
    [SCORE_CRASHES] = { "kade_process_crashes_total", "counter",
                        "Processes that ended by a signal or an error." },
    [SCORE_WATCHDOG_KILLS] = { "kade_watchdog_kills_total", "counter",
                               "Processes ended because work passed its deadline." },
    [SCORE_RELOADS] = { "kade_reloads_total", "counter", "Reloads begun." },
    [SCORE_RELOADS_REFUSED] = { "kade_reloads_refused_total", "counter",
                                "Reloads refused because the new configuration did not load." },
    [SCORE_JOBS_DONE] = { "kade_jobs_done_total", "counter", "Jobs finished." },
    [SCORE_JOBS_FAILED] = { "kade_jobs_failed_total", "counter", "Attempts of jobs that failed." },
    [SCORE_JOBS_TAKEN_OVER] = { "kade_jobs_taken_over_total", "counter",
                                "Jobs taken over from a process that had gone." },
    [SCORE_EVENTS_DONE] = { "kade_events_done_total", "counter", "Events handled by a consumer." },
    [SCORE_EVENTS_FAILED] = { "kade_events_failed_total", "counter",
                              "Attempts of events that failed." },
};

static void head(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void label(struct buf *out, const char *s)
{
    for (; *s != '\0'; s++) {
        if (*s == '\\' || *s == '"')
            buf_char(out, '\\');
        if (*s == '\n')
            buf_str(out, "\\n");
        else
            buf_char(out, *s);
    }
}

static void route_labels(struct buf *out, const struct score_route *t)
{
    buf_str(out, "{module=\"");
    label(out, t->module);
    buf_str(out, "\",route=\"");
    label(out, t->pattern);
    buf_char(out, '"');
}

static void seconds(struct buf *out, uint64_t us)
{
    buf_printf(out, "%" PRIu64 ".%06" PRIu64 "\n", us / 1000000, us % 1000000);
}

static uint64_t get(const _Atomic uint64_t *c)
{
    return atomic_load_explicit(c, memory_order_relaxed);
}

static void requests_text(const struct scoreboard *b, struct buf *out)
{
    head(out, "kade_requests_total", "counter", "Requests answered, by route and status class.");
    for (size_t i = 0; i < SCORE_ROUTES; i++) {
        const struct score_route *t = &b->route[i];
        for (size_t c = 0; atomic_load(&t->named) && c < COUNT_OF(t->status); c++) {
            if (get(&t->status[c]) == 0)
                continue;
            buf_str(out, "kade_requests_total");
            route_labels(out, t);
            buf_printf(out, ",class=\"%zuxx\"} %" PRIu64 "\n", c + 1, get(&t->status[c]));
        }
    }
}

static void latency_text(const struct scoreboard *b, struct buf *out)
{
    head(out, "kade_request_seconds", "histogram", "Time from arrival to the answer, by route.");
    for (size_t i = 0; i < SCORE_ROUTES; i++) {
        const struct score_route *t = &b->route[i];
        if (!atomic_load(&t->named))
            continue;
        uint64_t sum = 0;
        for (size_t k = 0; k < SCORE_BUCKETS; k++) {
            sum += get(&t->bucket[k]);
            buf_str(out, "kade_request_seconds_bucket");
            route_labels(out, t);
            buf_printf(out, ",le=\"%s\"} %" PRIu64 "\n", bucket_text[k], sum);
        }
        buf_str(out, "kade_request_seconds_sum");
        route_labels(out, t);
        buf_str(out, "} ");
        seconds(out, get(&t->us));
        buf_str(out, "kade_request_seconds_count");
        route_labels(out, t);
        buf_printf(out, "} %" PRIu64 "\n", sum);
    }
}

static void totals_text(const struct scoreboard *b, struct buf *out)
{
    uint64_t statements = 0, trips = 0, db_us = 0, hits = 0, misses = 0;
    for (size_t i = 0; i < SCORE_ROUTES; i++) {
        const struct score_route *t = &b->route[i];
        statements += get(&t->statements);
        trips += get(&t->trips);
        db_us += get(&t->db_us);
        hits += get(&t->cache_hits);
        misses += get(&t->cache_misses);
    }
    head(out, "kade_statements_total", "counter", "Database statements run for requests.");
    buf_printf(out, "kade_statements_total %" PRIu64 "\n", statements);
    head(out, "kade_db_trips_total", "counter", "Database round trips waited for by requests.");
    buf_printf(out, "kade_db_trips_total %" PRIu64 "\n", trips);
    head(out, "kade_db_seconds_total", "counter", "Time requests waited for the database.");
    buf_str(out, "kade_db_seconds_total ");
    seconds(out, db_us);
    head(out, "kade_cache_reads_total", "counter", "Reads from memcached, by outcome.");
    buf_printf(out, "kade_cache_reads_total{outcome=\"hit\"} %" PRIu64 "\n", hits);
    buf_printf(out, "kade_cache_reads_total{outcome=\"miss\"} %" PRIu64 "\n", misses);
}

/* Rows are few: for each pool seen first at i, count the rest by state. */
static void workers_text(const struct scoreboard *b, struct buf *out)
{
    struct score_row row[SCORE_WORKERS];
    size_t n = scoreboard_rows(b, row, COUNT_OF(row));
    head(out, "kade_workers", "gauge", "Processes, by pool and state.");
    for (size_t i = 0; i < n; i++) {
        bool first = true;
        for (size_t j = 0; j < i && first; j++)
            first = !str_eq(row[j].pool, row[i].pool);
        if (!first)
            continue;
        for (unsigned st = SCORE_STARTING; st <= SCORE_DRAINING; st++) {
            unsigned count = 0;
            for (size_t j = i; j < n; j++)
                count += row[j].state == st && str_eq(row[j].pool, row[i].pool);
            buf_str(out, "kade_workers{pool=\"");
            label(out, row[i].pool);
            buf_printf(out, "\",state=\"%s\"} %u\n", state_text[st], count);
        }
    }
}

void scoreboard_metrics(const struct scoreboard *b, struct buf *out)
{
    requests_text(b, out);
    latency_text(b, out);
    totals_text(b, out);
    workers_text(b, out);
    for (size_t i = 0; i < SCORE_GAUGES; i++) {
        const struct family *f = &gauge_family[i];
        head(out, f->name, f->type, f->help);
        buf_printf(out, "%s %" PRId64 "\n", f->name,
                   atomic_load_explicit(&b->gauge[i], memory_order_relaxed));
    }
    for (size_t i = 0; i < SCORE_COUNTERS; i++) {
        const struct family *f = &counter_family[i];
        head(out, f->name, f->type, f->help);
        buf_printf(out, "%s %" PRIu64 "\n", f->name, get(&b->counter[i]));
    }
    head(out, "kade_start_time_seconds", "gauge", "When this installation was started.");
    buf_printf(out, "kade_start_time_seconds %" PRId64 "\n", b->started / 1000000);
}
