/* Events and jobs through the functions modules call: vetoes, what follows a commit and what does
 * not follow a rollback, payloads, order, retries, dead letters, once_key, schedules, a job given
 * back. The registry is made by hand: no module is loaded. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/ctx.h"
#include "app/event.h"
#include "app/job.h"
#include "app/loader.h"
#include "app/module.h"
#include "app/score.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "kit/kit.h"
#include "platform/crypto.h"

static struct {
    struct arena *arena;
    struct app_ctx app; /* as the jobs process */
    struct db *web;     /* as a worker of the shop pool */
    struct buf seen;    /* what ran, in order */
    enum rc answer;     /* of handlers */
    int vetoes;
} t;

static void saw(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    buf_vprintf(&t.seen, fmt, ap);
    va_end(ap);
    buf_char(&t.seen, ' ');
}

static enum rc in_tx(struct app_ctx *app, const struct event *e)
{
    (void)app;
    ck_assert(db_in_tx(e->db));
    saw("in:%s", event_get(e, "word"));
    return t.vetoes-- > 0 ? RC_DENIED : RC_OK;
}

static enum rc after(struct app_ctx *app, const struct event *e)
{
    (void)app;
    ck_assert(!db_in_tx(e->db));
    saw("after:%s", event_get(e, "word"));
    return RC_OK;
}

static enum rc later(struct app_ctx *app, const struct event *e)
{
    (void)app;
    char id[UUID_TEXT];
    uuid_format(e->object_id, id);
    ck_assert_ptr_nonnull(db_scope_tenant_id(e->db));
    ck_assert_int_eq(uuid_cmp(*db_scope_tenant_id(e->db), e->tenant), 0);
    saw("later:%s.%lld", event_get(e, "word"), (long long)e->object_version);
    return t.answer;
}

static enum rc other(struct app_ctx *app, const struct event *e)
{
    (void)app;
    saw("other:%s", event_get(e, "word"));
    return RC_OK;
}

static enum rc run(struct app_ctx *app, const struct job *j)
{
    (void)app;
    const char *word = job_get(j, "word");
    ck_assert_int_eq(uuid_cmp(*db_scope_tenant_id(j->db), j->tenant), 0);
    saw("%s:%s.%d", j->name, word == NULL ? "-" : word, (int)j->attempt);
    return t.answer;
}

static const struct app_event_sub events_one[] = { { "test.thing", EV_IN_TX, in_tx },
                                                   { "test.thing", EV_AFTER_COMMIT, after },
                                                   { "test.thing", EV_JOB, later },
                                                   { 0 } };
static const struct app_event_sub events_two[] = { { "test.thing", EV_JOB, other }, { 0 } };
static const struct app_job job_table[] = { { "test.plain", 0, 10, 3, run },
                                            { "test.daily", 86400, 10, 3, run },
                                            { 0 } };
static const struct app_module one = { .name = "one", .events = events_one, .jobs = job_table };
static const struct app_module two = { .name = "two", .events = events_two };
static const struct app_module *const modules[] = { &one, &two };
static const struct app_job *const jobs[] = { &job_table[0], &job_table[1] };
static const struct app_module *const job_module[] = { &one, &one };
static struct app_registry registry = {
    .modules = modules, .nmodules = 2, .jobs = jobs, .njobs = 2, .job_module = job_module
};

static void setup(void)
{
    log_set_level(LOG_ERROR_);
    memset(&t, 0, sizeof t);
    t.arena = arena_new_sized(0);
    buf_init(&t.seen, t.arena, 65536);
    t.app = (struct app_ctx){ .conf = kit()->conf,
                              .registry = &registry,
                              .db = kit_db("kade_jobs"),
                              .pool = "test",
                              .arena = t.arena };
    t.web = kit_db("kade_web");
    db_set_app(t.app.db, &t.app);
    db_set_app(t.web, &t.app);
    kit_sql("DELETE FROM app.outbox; DELETE FROM app.jobs; DELETE FROM app.outbox_cursors;"
            "DELETE FROM app.outbox_retries");
}

static void teardown(void)
{
    db_free(t.app.db);
    db_free(t.web);
    arena_free(t.arena);
}

#define seen(text)                                                                                 \
    do {                                                                                           \
        ck_assert_str_eq(t.seen.p, text);                                                          \
        buf_clear(&t.seen);                                                                        \
    } while (0)

struct emission {
    struct uuid object;
    int64_t version;
    const char *word;
    enum rc then;
    int runs, retries;
};

static enum rc emit_in_tx(struct db *db, void *arg)
{
    struct emission *e = arg;
    e->runs++;
    enum rc rc = event_emit(db, "test.thing", e->object, e->version, "word=%s", e->word);
    if (rc == RC_OK && e->retries-- > 0)
        return RC_RETRY;
    return rc == RC_OK ? e->then : rc;
}

static enum rc emit(struct uuid object, int64_t version, const char *word, enum rc then)
{
    struct emission e = { object, version, word, then, 0, 0 };
    kit_scope(t.web, t.arena, KIT_A);
    enum rc rc = db_tx(t.web, DB_TX_RETRY, emit_in_tx, &e);
    db_scope_end(t.web);
    return rc;
}

static size_t dispatch(void)
{
    size_t n;
    kit_ok(t.app.db, outbox_dispatch(&t.app, 100, &n));
    return n;
}

static bool retry_one(void)
{
    bool ran;
    kit_ok(t.app.db, outbox_retry_one(&t.app, &ran));
    return ran;
}

static bool run_one(void)
{
    bool ran;
    kit_ok(t.app.db, job_run_one(&t.app, &ran));
    return ran;
}

START_TEST(timings_come_in_order)
{
    kit_rc(emit(uuid7_new(), 1, "x", RC_OK), RC_OK);
    seen("in:x after:x ");
    ck_assert_uint_eq(dispatch(), 1);
    seen("later:x.1 other:x ");
    ck_assert_uint_eq(dispatch(), 0);
    seen("");
}
END_TEST

START_TEST(a_veto_leaves_nothing)
{
    t.vetoes = 1;
    kit_rc(emit(uuid7_new(), 1, "x", RC_OK), RC_DENIED);
    seen("in:x ");
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.outbox"), 0);
}
END_TEST

START_TEST(nothing_follows_a_rollback)
{
    kit_rc(emit(uuid7_new(), 1, "x", RC_CONFLICT), RC_CONFLICT);
    seen("in:x ");
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.outbox"), 0);
    ck_assert_uint_eq(dispatch(), 0);
}
END_TEST

START_TEST(a_repeated_transaction_tells_once)
{
    struct emission e = { uuid7_new(), 1, "x", RC_OK, 0, 1 };
    kit_scope(t.web, t.arena, KIT_A);
    kit_rc(db_tx(t.web, DB_TX_RETRY, emit_in_tx, &e), RC_OK);
    db_scope_end(t.web);
    ck_assert_int_eq(e.runs, 2);
    seen("in:x in:x after:x ");
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.outbox"), 1);
}
END_TEST

static enum rc emit_types(struct db *db, void *arg)
{
    const struct uuid *id = arg;
    return event_emit(db, "test.types", *id, 0,
                      "text=%s n=%d big=%lld size=%zu mix=%s-%d pct=5%% quote=%s", "two words", -7,
                      9007199254740993LL, (size_t)12, "a", 3, "say \"x\"\n");
}

START_TEST(pairs_become_json)
{
    struct uuid id = uuid7_new();
    kit_scope(t.web, t.arena, KIT_A);
    kit_rc(db_tx(t.web, 0, emit_types, &id), RC_OK);
    db_scope_end(t.web);
    const char *json = kit_value("SELECT payload::text FROM app.outbox WHERE topic = 'test.types'");
    struct event e = { .payload = json, .arena = t.arena };
    ck_assert_str_eq(event_get(&e, "text"), "two words");
    ck_assert_str_eq(event_get(&e, "n"), "-7");
    ck_assert_str_eq(event_get(&e, "big"), "9007199254740993");
    ck_assert_str_eq(event_get(&e, "size"), "12");
    ck_assert_str_eq(event_get(&e, "mix"), "a-3");
    ck_assert_str_eq(event_get(&e, "pct"), "5%");
    ck_assert_ptr_null(event_get(&e, "none"));
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.outbox WHERE payload -> 'n' = '-7' AND "
                                "payload ->> 'quote' = E'say \"x\"\\n'"),
                     1);
}
END_TEST

START_TEST(a_failed_consumer_waits_alone_and_in_order)
{
    struct uuid a = uuid7_new(), b = uuid7_new();
    t.answer = RC_UPSTREAM;
    kit_rc(emit(a, 1, "a1", RC_OK), RC_OK);
    buf_clear(&t.seen);
    ck_assert_uint_eq(dispatch(), 1);
    seen("later:a1.1 other:a1 ");
    t.answer = RC_OK;
    kit_rc(emit(a, 2, "a2", RC_OK), RC_OK);
    kit_rc(emit(b, 1, "b1", RC_OK), RC_OK);
    buf_clear(&t.seen);
    ck_assert_uint_eq(dispatch(), 2);
    seen("other:a2 later:b1.1 other:b1 ");
    ck_assert(!retry_one()); /* its time has not come, and what waits behind it must not overtake */
    kit_sql("UPDATE app.outbox_retries SET next_at = app.now() - interval '1 s'");
    ck_assert(retry_one());
    ck_assert(retry_one());
    ck_assert(!retry_one());
    seen("later:a1.1 later:a2.2 ");
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.outbox_retries"), 0);
}
END_TEST

START_TEST(an_event_is_given_up_and_the_next_goes_on)
{
    struct uuid a = uuid7_new();
    t.answer = RC_BUG;
    kit_rc(emit(a, 1, "a1", RC_OK), RC_OK);
    kit_rc(emit(a, 2, "a2", RC_OK), RC_OK);
    dispatch();
    int tries = 1;
    for (; kit_number("SELECT count(*) FROM app.outbox_retries WHERE state = 'dead'") == 0;
         tries++) {
        kit_sql("UPDATE app.outbox_retries SET next_at = app.now() - interval '1 s'");
        ck_assert(retry_one());
        ck_assert_int_lt(tries, 50);
    }
    ck_assert_int_eq(tries, 12);
    buf_clear(&t.seen);
    t.answer = RC_OK;
    kit_sql("UPDATE app.outbox_retries SET next_at = app.now() - interval '1 s'");
    ck_assert(retry_one());
    seen("later:a2.2 ");
    ck_assert_str_eq(kit_value("SELECT last_error FROM app.outbox_retries"), "bug");
}
END_TEST

START_TEST(only_one_process_reads)
{
    kit_rc(emit(uuid7_new(), 1, "x", RC_OK), RC_OK);
    buf_clear(&t.seen);
    kit_sql("INSERT INTO app.outbox_cursors (consumer, xid, seq, locked_by, locked_until) VALUES "
            "('jobs', '0', 0, 'elsewhere:1:1', now() + interval '1 minute')");
    ck_assert_uint_eq(dispatch(), 0);
    seen("");
    kit_sql("UPDATE app.outbox_cursors SET locked_until = now() - interval '1 s'");
    ck_assert_uint_eq(dispatch(), 1);
    seen("later:x.1 other:x ");
}
END_TEST

START_TEST(an_event_that_ends_its_reader_is_parked)
{
    kit_rc(emit(uuid7_new(), 1, "x", RC_OK), RC_OK);
    kit_rc(emit(uuid7_new(), 1, "y", RC_OK), RC_OK);
    buf_clear(&t.seen);
    kit_sql(
        "INSERT INTO app.outbox_cursors (consumer, xid, seq, tries) VALUES ('jobs', '0', 0, 3)");
    ck_assert_uint_eq(dispatch(), 2);
    seen("later:y.1 other:y ");
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.outbox_retries WHERE state = 'waiting' "
                                "AND attempts = 1"),
                     2);
}
END_TEST

struct order {
    const char *name, *once, *word;
    int priority;
    int64_t at;
};

static enum rc enqueue_in_tx(struct db *db, void *arg)
{
    const struct order *o = arg;
    return job_enqueue(db, o->name, o->priority, o->at, o->once,
                       arena_printf(t.arena, "{\"word\":\"%s\"}", o->word));
}

static void enqueue(const char *name, const char *once, const char *word, int priority, int64_t at)
{
    struct order o = { name, once, word, priority, at };
    kit_scope(t.web, t.arena, KIT_A);
    kit_rc(db_tx(t.web, 0, enqueue_in_tx, &o), RC_OK);
    db_scope_end(t.web);
}

START_TEST(jobs_run_by_priority_and_time)
{
    enqueue("test.plain", NULL, "low", JOB_LOW, 0);
    enqueue("test.plain", NULL, "future", JOB_HIGH, instant_now() + SECONDS(3600));
    enqueue("test.plain", NULL, "normal", JOB_NORMAL, 0);
    enqueue("test.unknown", NULL, "nobody's", JOB_HIGH, 0);
    enqueue("test.plain", NULL, "high", JOB_HIGH, 0);
    while (run_one())
        ;
    seen("test.plain:high.1 test.plain:normal.1 test.plain:low.1 ");
    int64_t next;
    kit_ok(t.app.db, job_next_at(&t.app, &next));
    ck_assert_int_le(next, instant_now() + SECONDS(3600));
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.jobs WHERE state = 'ready'"), 2);
}
END_TEST

START_TEST(once_means_once)
{
    enqueue("test.plain", "k", "1", JOB_NORMAL, 0);
    enqueue("test.plain", "k", "2", JOB_NORMAL, 0);
    ck_assert(run_one());
    ck_assert(!run_one());
    enqueue("test.plain", "k", "3", JOB_NORMAL, 0); /* even when it is done */
    ck_assert(!run_one());
    seen("test.plain:1.1 ");
}
END_TEST

START_TEST(a_failed_job_is_tried_again_later_and_given_up)
{
    t.answer = RC_UPSTREAM;
    enqueue("test.plain", NULL, "x", JOB_NORMAL, 0);
    for (int attempt = 1; attempt <= 3; attempt++) {
        ck_assert(run_one());
        ck_assert(!run_one());
        int64_t wait = kit_number("SELECT extract(epoch FROM run_at - now())::int8 FROM app.jobs");
        if (attempt < 3)
            ck_assert_msg(wait >= 3 * attempt && wait <= 7 * attempt, "waits %lld s after %d",
                          (long long)wait, attempt);
        kit_sql("UPDATE app.jobs SET run_at = now() - interval '1 s' WHERE state = 'ready'");
    }
    seen("test.plain:x.1 test.plain:x.2 test.plain:x.3 ");
    ck_assert_str_eq(kit_value("SELECT state || ' ' || last_error FROM app.jobs"), "dead upstream");
    ck_assert(!run_one());
}
END_TEST

START_TEST(a_job_given_back_keeps_its_attempts)
{
    t.answer = RC_DECLINED;
    enqueue("test.plain", NULL, "x", JOB_NORMAL, 0);
    ck_assert(run_one());
    t.answer = RC_OK;
    ck_assert(run_one());
    seen("test.plain:x.1 test.plain:x.1 ");
    ck_assert_str_eq(kit_value("SELECT state FROM app.jobs"), "done");
}
END_TEST

START_TEST(work_of_the_dead_is_taken_over)
{
    size_t n;
    enqueue("test.plain", NULL, "x", JOB_NORMAL, 0);
    enqueue("test.plain", NULL, "y", JOB_NORMAL, 0);
    enqueue("test.plain", NULL, "z", JOB_NORMAL, 0);
    char host[64];
    ck_assert_int_eq(gethostname(host, sizeof host), 0);
    /* x: a process of this host that is gone; y: of another host, lease running; z: lease over */
    kit_sql(arena_printf(t.arena,
                         "UPDATE app.jobs SET state = 'running', attempts = 1,"
                         " locked_by = CASE payload ->> 'word' WHEN 'x' THEN '%s:999999999:1' ELSE "
                         "'elsewhere:1:1' END,"
                         " locked_until = now() + CASE payload ->> 'word' WHEN 'z' THEN -1 ELSE 60 "
                         "END * interval '1 s'",
                         host));
    kit_ok(t.app.db, job_take_over(&t.app, &n));
    ck_assert_uint_eq(n, 2);
    while (run_one())
        ;
    seen("test.plain:x.2 test.plain:z.2 ");
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.jobs WHERE state = 'running'"), 1);
}
END_TEST

START_TEST(a_schedule_comes_once_a_period_for_every_shop)
{
    kit_ok(t.app.db, job_schedule(&t.app));
    kit_ok(t.app.db, job_schedule(&t.app));
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.jobs WHERE name = 'test.daily'"),
                     KIT_SHOPS);
    kit_sql("UPDATE app.tenants SET status = 'suspended' WHERE slug = 'b'");
    instant_set_offset(86400);
    kit_ok(t.app.db, job_schedule(&t.app));
    instant_set_offset(0);
    kit_sql("UPDATE app.tenants SET status = 'active' WHERE slug = 'b'");
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.jobs WHERE name = 'test.daily'"),
                     KIT_SHOPS + 1);
}
END_TEST

START_TEST(upkeep_forgets_what_is_long_done)
{
    enqueue("test.plain", NULL, "x", JOB_NORMAL, 0);
    enqueue("test.plain", NULL, "y", JOB_NORMAL, 0);
    ck_assert(run_one());
    kit_sql("UPDATE app.jobs SET finished_at = now() - interval '15 days' WHERE state = 'done'");
    kit_ok(t.app.db, job_forget(&t.app));
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.jobs"), 1);
}
END_TEST

START_TEST(depth_is_published)
{
    int fd;
    struct scoreboard *b;
    ck_assert_int_eq(scoreboard_open(-1, &fd, &b), RC_OK);
    t.app.score = score_take(b, "jobs", 1);
    enqueue("test.plain", NULL, "x", JOB_NORMAL, 0);
    kit_rc(emit(uuid7_new(), 1, "x", RC_OK), RC_OK);
    kit_ok(t.app.db, job_publish(&t.app));
    struct buf out;
    buf_init(&out, t.arena, 65536);
    scoreboard_metrics(b, &out);
    ck_assert_ptr_nonnull(strstr(out.p, "\nkade_jobs_ready 1\n"));
    ck_assert_ptr_nonnull(strstr(out.p, "\nkade_outbox_lag_events 1\n"));
    t.app.score = NULL;
}
END_TEST

int main(void)
{
    (void)kit_database();
    Suite *s = suite_create("events");
    TCase *c = tcase_create("events");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, timings_come_in_order);
    tcase_add_test(c, a_veto_leaves_nothing);
    tcase_add_test(c, nothing_follows_a_rollback);
    tcase_add_test(c, a_repeated_transaction_tells_once);
    tcase_add_test(c, pairs_become_json);
    tcase_add_test(c, a_failed_consumer_waits_alone_and_in_order);
    tcase_add_test(c, an_event_is_given_up_and_the_next_goes_on);
    tcase_add_test(c, only_one_process_reads);
    tcase_add_test(c, an_event_that_ends_its_reader_is_parked);
    tcase_add_test(c, jobs_run_by_priority_and_time);
    tcase_add_test(c, once_means_once);
    tcase_add_test(c, a_failed_job_is_tried_again_later_and_given_up);
    tcase_add_test(c, a_job_given_back_keeps_its_attempts);
    tcase_add_test(c, work_of_the_dead_is_taken_over);
    tcase_add_test(c, a_schedule_comes_once_a_period_for_every_shop);
    tcase_add_test(c, upkeep_forgets_what_is_long_done);
    tcase_add_test(c, depth_is_published);
    suite_add_tcase(s, c);
    return kit_run(s);
}
