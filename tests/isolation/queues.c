/* Outbox and jobs under concurrency, through the generated statements: a reader sees every event
 * once although transactions commit in another order than they began; a job is claimed once however
 * many ask; a once_key makes one job of many. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/rc.h"
#include "base/time.h"
#include "gen/app_q.h"
#include "kit/kit.h"
#include "platform/crypto.h"

enum { WRITERS = 6, EVENTS = 120, CLAIMERS = 8, JOBS = 240 };

static struct arena *a;

static void setup(void)
{
    a = arena_new_sized(0);
    kit_sql("DELETE FROM app.outbox; DELETE FROM app.jobs; DELETE FROM app.outbox_cursors");
}

static void teardown(void)
{
    arena_free(a);
}

static void sleep_us(long us)
{
    struct timespec ts = { .tv_nsec = us * 1000 };
    nanosleep(&ts, NULL);
}

/* Children answer by their exit status. */
static void wait_for(pid_t *pid, size_t n, int *sum)
{
    for (size_t i = 0; i < n; i++) {
        int status;
        ck_assert_int_eq(waitpid(pid[i], &status, 0), pid[i]);
        ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) != 255, "child %zu failed", i);
        *sum += WEXITSTATUS(status);
    }
}

struct event_args {
    struct uuid object;
    int64_t version;
    long hold_us; /* how long the transaction stays open after its event has its number */
};

static enum rc event_in_tx(struct db *db, void *arg)
{
    const struct event_args *e = arg;
    struct app_event_added out;
    enum rc rc =
        app_q_event_add(db, uuid7_new(), "test.happened", e->object, e->version, "{}", false, &out);
    if (e->hold_us > 0)
        sleep_us(e->hold_us);
    return rc;
}

static int write_events(int writer)
{
    struct db *db = kit_db("kade_web");
    int failed = 0;
    for (int i = 0; i < EVENTS; i++) {
        struct arena *own = arena_new_sized(0);
        struct event_args e = { .object = { { (unsigned char)(writer + 1), (unsigned char)i } },
                                .version = i,
                                .hold_us = (i * 7 + writer) % 5 == 0 ? 3000 : 0 };
        kit_scope(db, own, writer % 2 == 0 ? KIT_A : KIT_B);
        failed += db_tx(db, DB_TX_RETRY, event_in_tx, &e) != RC_OK;
        db_scope_end(db);
        arena_free(own);
    }
    db_free(db);
    return failed == 0 ? 0 : 255;
}

struct reader {
    struct db *db;
    int64_t xid, seq;
    unsigned char seen[WRITERS + 1][EVENTS];
    size_t total;
};

static size_t read_some(struct reader *r)
{
    struct arena *own = arena_new_sized(0);
    struct app_outbox_event_list l;
    db_scope_begin(r->db, own, NULL, instant_now());
    kit_ok(r->db, app_q_outbox_batch(r->db, r->xid, r->seq, 50, &l));
    for (size_t i = 0; i < l.n; i++) {
        const struct app_outbox_event *e = &l.row[i];
        ck_assert(e->xid > r->xid || (e->xid == r->xid && e->seq > r->seq));
        r->xid = e->xid;
        r->seq = e->seq;
        ck_assert(e->object_id.b[0] <= WRITERS && e->object_id.b[1] < EVENTS);
        ck_assert_int_eq(r->seen[e->object_id.b[0]][e->object_id.b[1]]++, 0);
        r->total++;
    }
    db_scope_end(r->db);
    arena_free(own);
    return l.n;
}

START_TEST(the_outbox_reader_misses_nothing)
{
    pid_t pid[WRITERS];
    for (int w = 0; w < WRITERS; w++) {
        pid[w] = fork();
        if (pid[w] == 0)
            _exit(write_events(w));
    }
    struct reader *r = arena_new(a, struct reader);
    r->db = kit_db("kade_jobs");
    int64_t end = monotonic_us() + SECONDS(40);
    while (r->total < WRITERS * EVENTS && monotonic_us() < end)
        if (read_some(r) == 0)
            sleep_us(500);
    int sum = 0;
    wait_for(pid, WRITERS, &sum);
    while (read_some(r) > 0)
        ;
    ck_assert_uint_eq(r->total, WRITERS * EVENTS);
    db_free(r->db);
}
END_TEST

/* The same by hand: the first to take a number commits last. */
struct overtaken {
    struct db *late, *early;
    struct reader *r;
};

static enum rc late_in_tx(struct db *db, void *arg)
{
    struct overtaken *o = arg;
    struct event_args first = { .object = { { 1, 1 } } }, second = { .object = { { 1, 2 } } };
    enum rc rc = event_in_tx(db, &first);
    if (rc != RC_OK)
        return rc;
    kit_ok(o->early, db_tx(o->early, 0, event_in_tx, &second));
    ck_assert_uint_eq(read_some(o->r), 0); /* the second is committed, but may not be handed out */
    return RC_OK;
}

START_TEST(an_event_does_not_overtake_an_open_transaction)
{
    struct reader *r = arena_new(a, struct reader);
    struct arena *b = arena_new_sized(0);
    struct overtaken o = { .late = kit_db("kade_web"), .early = kit_db("kade_web"), .r = r };
    r->db = kit_db("kade_jobs");
    kit_scope(o.late, a, KIT_A);
    kit_scope(o.early, b, KIT_A);
    kit_ok(o.late, db_tx(o.late, 0, late_in_tx, &o));
    ck_assert_uint_eq(read_some(r), 2);
    ck_assert_int_eq(r->seen[1][1] + r->seen[1][2], 2);
    ck_assert_uint_eq(read_some(r), 0);
    db_scope_end(o.late);
    db_scope_end(o.early);
    db_free(o.late);
    db_free(o.early);
    db_free(r->db);
    arena_free(b);
}
END_TEST

/* ---- jobs --------------------------------------------------------------------------------------
 */

struct job_args {
    const char *once_key;
    int32_t priority;
    bool added;
};

static enum rc job_in_tx(struct db *db, void *arg)
{
    struct job_args *j = arg;
    struct app_job_added out = { 0 };
    enum rc rc = app_q_job_add(db, uuid7_new(), "test.work", j->priority,
                               instant_now() - SECONDS(1), j->once_key, "{}", &out);
    j->added = out.added;
    return rc;
}

struct claim {
    const char *me;
    struct app_job_taken_maybe out;
};

static enum rc take_in_tx(struct db *db, void *arg)
{
    static const char *const names[] = { "test.work" };
    static const int32_t leases[] = { 60 };
    struct claim *c = arg;
    return app_q_job_take(db, (struct texts){ names, 1 }, (struct int4s){ leases, 1 }, c->me,
                          instant_now(), &c->out);
}

static int claim_all(int who)
{
    struct db *db = kit_db("kade_jobs");
    int n = 0;
    for (;;) {
        struct arena *own = arena_new_sized(0);
        struct claim c = { .me = arena_printf(own, "claimer-%d", who) };
        db_scope_begin(db, own, NULL, instant_now());
        enum rc rc = db_tx(db, DB_TX_RETRY, take_in_tx, &c);
        db_scope_end(db);
        bool found = c.out.found && c.out.row.attempts == 1;
        bool twice = c.out.found && c.out.row.attempts != 1;
        arena_free(own);
        if (rc != RC_OK || twice)
            return 255;
        if (!found)
            break;
        n++;
    }
    db_free(db);
    return n;
}

START_TEST(a_job_is_claimed_once)
{
    struct db *db = kit_db("kade_web");
    for (int i = 0; i < JOBS; i++) {
        struct job_args j = { .priority = i % 3 };
        kit_scope(db, a, i % 2 == 0 ? KIT_A : KIT_B);
        kit_ok(db, db_tx(db, 0, job_in_tx, &j));
        ck_assert(j.added);
        db_scope_end(db);
    }
    db_free(db);
    pid_t pid[CLAIMERS];
    for (int w = 0; w < CLAIMERS; w++) {
        pid[w] = fork();
        if (pid[w] == 0)
            _exit(claim_all(w));
    }
    int sum = 0;
    wait_for(pid, CLAIMERS, &sum);
    ck_assert_int_eq(sum, JOBS);
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.jobs WHERE state = 'running' AND "
                                "attempts = 1 AND locked_by IS NOT NULL"),
                     JOBS);
}
END_TEST

static int add_same(void)
{
    struct db *db = kit_db("kade_web");
    struct arena *own = arena_new_sized(0);
    struct job_args j = { .once_key = "2026-11-20" };
    kit_scope(db, own, KIT_A);
    enum rc rc = db_tx(db, DB_TX_RETRY, job_in_tx, &j);
    db_scope_end(db);
    db_free(db);
    arena_free(own);
    return rc != RC_OK ? 255 : j.added ? 1 : 0;
}

START_TEST(a_once_key_makes_one_job_of_many)
{
    pid_t pid[CLAIMERS];
    for (int w = 0; w < CLAIMERS; w++) {
        pid[w] = fork();
        if (pid[w] == 0)
            _exit(add_same());
    }
    int sum = 0;
    wait_for(pid, CLAIMERS, &sum);
    ck_assert_int_eq(sum, 1);
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.jobs"), 1);
    /* the same key in another shop is another job */
    struct db *db = kit_db("kade_web");
    struct job_args j = { .once_key = "2026-11-20" };
    kit_scope(db, a, KIT_B);
    kit_ok(db, db_tx(db, 0, job_in_tx, &j));
    ck_assert(j.added);
    db_scope_end(db);
    db_free(db);
}
END_TEST

START_TEST(higher_priority_goes_first)
{
    struct db *web = kit_db("kade_web"), *jobs = kit_db("kade_jobs");
    static const int32_t order[] = { 50, 0, 100 };
    kit_scope(web, a, KIT_A);
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        struct job_args j = { .priority = order[i] };
        kit_ok(web, db_tx(web, 0, job_in_tx, &j));
    }
    db_scope_end(web);
    db_scope_begin(jobs, a, NULL, instant_now());
    struct claim c = { .me = "one" };
    kit_ok(jobs, db_tx(jobs, 0, take_in_tx, &c));
    ck_assert(c.out.found);
    db_scope_end(jobs);
    ck_assert_int_eq(kit_number("SELECT priority FROM app.jobs WHERE state = 'running'"), 100);
    db_free(web);
    db_free(jobs);
}
END_TEST

START_TEST(an_enqueued_job_wakes_listeners_at_commit)
{
    struct db *web = kit_db("kade_web"), *jobs = kit_db("kade_jobs");
    bool came = true;
    kit_ok(jobs, db_listen(jobs, "kade_work"));
    kit_ok(jobs, db_wait_notify(jobs, 10, &came));
    ck_assert(!came);
    struct job_args j = { 0 };
    kit_scope(web, a, KIT_A);
    kit_ok(web, db_tx(web, 0, job_in_tx, &j));
    db_scope_end(web);
    kit_ok(jobs, db_wait_notify(jobs, 5000, &came));
    ck_assert(came);
    db_free(web);
    db_free(jobs);
}
END_TEST

int main(void)
{
    kit_database();
    if (crypto_init() != RC_OK)
        return 1;
    Suite *s = suite_create("queues");
    TCase *t = tcase_create("queues");
    tcase_set_timeout(t, 100);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, the_outbox_reader_misses_nothing);
    tcase_add_test(t, an_event_does_not_overtake_an_open_transaction);
    tcase_add_test(t, a_job_is_claimed_once);
    tcase_add_test(t, a_once_key_makes_one_job_of_many);
    tcase_add_test(t, higher_priority_goes_first);
    tcase_add_test(t, an_enqueued_job_wakes_listeners_at_commit);
    suite_add_tcase(s, t);
    return kit_run(s);
}
