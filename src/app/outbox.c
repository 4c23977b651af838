/* outbox.c: the reader of the outbox. One process at a time (a lease on the reader's place) reads
 * events in the order (xid, seq), never past a transaction that may still commit, and hands each to
 * every consumer: a module's EV_JOB subscriptions to that topic.
 *
 * A consumer that fails does not hold up the others: its event is parked and tried again with
 * back-off, and later events of the same object for the same consumer are parked behind it, so each
 * consumer sees an object's events in order. After TRIES_MOST the event is dead: kept for staff,
 * the next of its object goes on. The place moves after every event with a consumer; a place taken
 * several times without moving means that its first event kills the process, so that one is parked
 * instead of run. Events reach a consumer at least once. */
#include <string.h>

#include "app/event.h"
#include "app/event_internal.h"
#include "app/job.h"
#include "app/loader.h"
#include "app/score.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/app_q.h"
#include "platform/db.h"

enum { TRIES_MOST = 12, TAKEN_MOST = 3, EVENT_SECONDS = 60 };
static const int64_t lease = SECONDS(EVENT_SECONDS + 30);

const char *event_consumer(struct arena *a, const struct app_module *m, const char *topic)
{
    return arena_printf(a, "%s:%s", m->name, topic);
}

static bool seen_before(const struct app_event_sub *first, const struct app_event_sub *s)
{
    for (; first < s; first++)
        if ((first->when & EV_JOB) != 0 && str_eq(first->event, s->event))
            return true;
    return false;
}

struct texts event_consumers(const struct app_registry *g, struct arena *a)
{
    size_t most = 0, n = 0;
    for (size_t i = 0; i < g->nmodules; i++)
        for (const struct app_event_sub *s = g->modules[i]->events; s && s->event; s++)
            most++;
    const char **out = arena_array(a, const char *, most);
    for (size_t i = 0; i < g->nmodules; i++) {
        const struct app_event_sub *first = g->modules[i]->events;
        for (const struct app_event_sub *s = first; s && s->event; s++)
            if ((s->when & EV_JOB) != 0 && !seen_before(first, s))
                out[n++] = event_consumer(a, g->modules[i], s->event);
    }
    return (struct texts){ out, n };
}

/* ---- one consumer, one event ---- */

static const char *error_text(struct app_ctx *app, struct arena *a, enum rc rc)
{
    const struct db_error *e = db_error(app->db);
    bool db = e->rc == rc && e->message != NULL;
    return arena_printf(a, "%s%s%s", rc_name(rc), db ? ": " : "",
                        db ? log_redact(a, e->message) : "");
}

/* In the event's shop; leaves a scope without one, for the queue. *error: why it failed. */
static enum rc run_consumer(struct app_ctx *app, const struct app_module *m, struct event *e,
                            const char **error)
{
    enum rc rc = RC_OK;
    int64_t t0 = monotonic_us();
    const char *what = event_consumer(e->arena, m, e->topic);
    score_begin(app->score, m->name, e->topic, NULL);
    score_deadline(app->score, EVENT_SECONDS + 15);
    work_alarm(EVENT_SECONDS, what);
    db_scope_end(app->db);
    db_scope_begin(app->db, e->arena, &e->tenant, instant_now());
    for (const struct app_event_sub *s = m->events; rc == RC_OK && s != NULL && s->event; s++) {
        if ((s->when & EV_JOB) == 0 || !str_eq(s->event, e->topic))
            continue;
        rc = s->fn(app, e);
        if (rc == RC_DECLINED)
            rc = RC_OK;
    }
    work_alarm(0, NULL);
    struct db_counters c = db_counters(app->db);
    score_end(app->score, rc == RC_OK ? 200 : 500, monotonic_us() - t0, c.statements, c.trips, c.us,
              0, 0);
    if (rc != RC_OK)
        *error = error_text(app, e->arena, rc);
    db_scope_end(app->db);
    db_scope_begin(app->db, e->arena, NULL, instant_now());
    scoreboard_count(score_board(app->score), rc == RC_OK ? SCORE_EVENTS_DONE : SCORE_EVENTS_FAILED,
                     1);
    if (rc != RC_OK)
        log_warn("event failed", "consumer=%s seq=%lld error=%s", what, (long long)e->seq, *error);
    return rc;
}

/* ---- the reader ---- */

struct reader {
    struct app_ctx *app;
    struct arena *arena;
    struct app_outbox_place_maybe place;
    /* for one statement */
    const struct app_outbox_event *e;
    const char *consumer, *error;
    int32_t attempts;
    int64_t next_at;
    bool blocked;
    int64_t rows;
};

static enum rc take_in_tx(struct db *db, void *arg)
{
    struct reader *x = arg;
    const char *const *dead;
    size_t n;
    enum rc rc = holder_find_dead(db, x->arena, &dead, &n);
    if (rc != RC_OK)
        return rc;
    int64_t now = instant_now();
    return app_q_outbox_take(db, OUTBOX_READER, holder_self(), (struct texts){ dead, n }, now,
                             now + lease, &x->place);
}

static enum rc move_in_tx(struct db *db, void *arg)
{
    struct reader *x = arg;
    int64_t now = instant_now();
    return app_q_outbox_move(db, OUTBOX_READER, holder_self(), x->e->xid, x->e->seq, now,
                             now + lease, &x->rows);
}

static enum rc leave_in_tx(struct db *db, void *arg)
{
    struct reader *x = arg;
    return app_q_outbox_leave(db, OUTBOX_READER, holder_self(), &x->rows);
}

static enum rc park_in_tx(struct db *db, void *arg)
{
    struct reader *x = arg;
    const struct app_outbox_event *e = x->e;
    return app_q_retry_park(db, e->tenant_id, x->consumer, e->seq, e->topic, e->object_id,
                            e->object_version, e->payload, x->attempts, x->next_at, "waiting",
                            x->error, NULL);
}

static enum rc park(struct reader *x, const char *consumer, int32_t attempts, const char *error)
{
    x->consumer = consumer;
    x->attempts = attempts;
    x->error = error;
    x->next_at = attempts == 0 ? instant_now() : retry_at(instant_now(), attempts);
    return db_tx(x->app->db, DB_TX_RETRY, park_in_tx, x);
}

static enum rc is_blocked(struct reader *x, const char *consumer, bool *out)
{
    struct app_retry_blocked b = { 0 };
    *out = false;
    if (uuid_is_nil(x->e->object_id))
        return RC_OK;
    enum rc rc = app_q_retry_blocks(x->app->db, x->e->tenant_id, consumer, x->e->object_id, &b);
    *out = b.blocked;
    return rc;
}

static enum rc offer(struct reader *x, const struct app_module *m, bool deadly)
{
    const char *consumer = event_consumer(x->arena, m, x->e->topic);
    bool blocked;
    enum rc rc = is_blocked(x, consumer, &blocked);
    if (rc != RC_OK)
        return rc;
    if (blocked)
        return park(x, consumer, 0, NULL);
    if (deadly)
        return park(x, consumer, 1, "its process ended before the handler did");
    struct event e = { .topic = x->e->topic,
                       .tenant = x->e->tenant_id,
                       .object_id = x->e->object_id,
                       .seq = x->e->seq,
                       .object_version = x->e->object_version,
                       .payload = x->e->payload,
                       .db = x->app->db,
                       .arena = x->arena };
    const char *error = NULL;
    rc = run_consumer(x->app, m, &e, &error);
    return rc == RC_OK ? RC_OK : park(x, consumer, 1, error);
}

/* Offers one event to each module that subscribed; *ran says whether any did. */
static enum rc dispatch_one(struct reader *x, bool deadly, bool *ran)
{
    const struct app_registry *g = x->app->registry;
    *ran = false;
    for (size_t i = 0; i < g->nmodules; i++) {
        const struct app_event_sub *s = g->modules[i]->events;
        while (s != NULL && s->event != NULL &&
               ((s->when & EV_JOB) == 0 || !str_eq(s->event, x->e->topic)))
            s++;
        if (s == NULL || s->event == NULL)
            continue;
        *ran = true;
        enum rc rc = offer(x, g->modules[i], deadly);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

static enum rc move(struct reader *x)
{
    enum rc rc = db_tx(x->app->db, DB_TX_RETRY | DB_TX_ASYNC_COMMIT, move_in_tx, x);
    return rc == RC_OK && x->rows == 0 ? RC_CONFLICT : rc; /* somebody else reads now */
}

static enum rc read_batch(struct reader *x, size_t most, size_t *handled)
{
    struct app_outbox_event_list list;
    const struct app_outbox_place *at = &x->place.row;
    bool deadly = at->tries > TAKEN_MOST;
    if (deadly)
        log_error("event ends its reader", "after_seq=%lld tries=%d", (long long)at->seq,
                  (int)at->tries);
    enum rc rc = app_q_outbox_batch(x->app->db, at->xid, at->seq, (int32_t)most, &list);
    bool moved = true;
    for (size_t i = 0; rc == RC_OK && i < list.n && !job_should_stop(); i++) {
        x->e = &list.row[i];
        bool ran;
        rc = dispatch_one(x, deadly && i == 0, &ran);
        (*handled)++;
        moved = ran || i + 1 == list.n;
        if (rc == RC_OK && moved)
            rc = move(x);
    }
    if (rc == RC_OK && !moved)
        rc = move(x); /* asked to stop in the middle of events nobody wants */
    return rc;
}

static enum rc dispatch(struct reader *x, size_t most, size_t *handled)
{
    struct db *db = x->app->db;
    struct app_outbox_more more;
    db_scope_begin(db, x->arena, NULL, instant_now());
    enum rc rc = app_q_outbox_waiting(db, OUTBOX_READER, &more);
    if (rc != RC_OK || !more.more)
        return rc;
    rc = db_tx(db, DB_TX_RETRY, take_in_tx, x);
    if (rc != RC_OK || !x->place.found)
        return rc;
    rc = read_batch(x, most, handled);
    if (rc == RC_CONFLICT)
        return RC_OK;
    enum rc left = db_tx(db, DB_TX_RETRY, leave_in_tx, x);
    return rc == RC_OK ? left : rc;
}

enum rc outbox_dispatch(struct app_ctx *app, size_t most, size_t *handled)
{
    struct arena *keep = app->work;
    struct reader x = { .app = app, .arena = arena_new_sized(0) };
    *handled = 0;
    app->work = x.arena;
    enum rc rc = dispatch(&x, most, handled);
    db_scope_end(app->db);
    score_state(app->score, SCORE_IDLE);
    app->work = keep;
    arena_free(x.arena);
    return rc;
}

/* ---- retries ---- */

struct again {
    struct app_ctx *app;
    struct arena *arena;
    struct app_retry_taken_maybe taken;
    enum rc how;
    const char *error;
};

static enum rc retry_take_in_tx(struct db *db, void *arg)
{
    struct again *x = arg;
    int64_t now = instant_now();
    return app_q_retry_take(db, event_consumers(x->app->registry, x->arena), now, now + lease,
                            &x->taken);
}

static enum rc retry_end_in_tx(struct db *db, void *arg)
{
    struct again *x = arg;
    const struct app_retry_taken *r = &x->taken.row;
    if (x->how == RC_OK)
        return app_q_retry_done(db, r->tenant_id, r->consumer, r->seq, NULL);
    bool dead = r->attempts >= TRIES_MOST;
    return app_q_retry_failed(db, r->tenant_id, r->consumer, r->seq,
                              retry_at(instant_now(), r->attempts), dead ? "dead" : "waiting",
                              x->error, NULL);
}

static const struct app_module *module_of(const struct app_registry *g, const char *consumer)
{
    size_t n = strcspn(consumer, ":");
    for (size_t i = 0; i < g->nmodules; i++)
        if (strlen(g->modules[i]->name) == n && strncmp(g->modules[i]->name, consumer, n) == 0)
            return g->modules[i];
    return NULL;
}

static enum rc retry(struct again *x, bool *ran)
{
    struct app_ctx *app = x->app;
    db_scope_begin(app->db, x->arena, NULL, instant_now());
    enum rc rc = db_tx(app->db, DB_TX_RETRY, retry_take_in_tx, x);
    if (rc != RC_OK || !x->taken.found)
        return rc;
    *ran = true;
    const struct app_retry_taken *r = &x->taken.row;
    if (r->attempts > TRIES_MOST) { /* its last attempt ended the process */
        x->how = RC_BUG;
        x->error = "its process ended before the handler did";
    } else {
        struct event e = { .topic = r->topic,
                           .tenant = r->tenant_id,
                           .object_id = r->object_id,
                           .seq = r->seq,
                           .object_version = r->object_version,
                           .payload = r->payload,
                           .db = app->db,
                           .arena = x->arena };
        x->how = run_consumer(app, module_of(app->registry, r->consumer), &e, &x->error);
    }
    return db_tx(app->db, DB_TX_RETRY, retry_end_in_tx, x);
}

enum rc outbox_retry_one(struct app_ctx *app, bool *ran)
{
    struct arena *keep = app->work;
    struct again x = { .app = app, .arena = arena_new_sized(0) };
    *ran = false;
    app->work = x.arena;
    enum rc rc = retry(&x, ran);
    db_scope_end(app->db);
    score_state(app->score, SCORE_IDLE);
    app->work = keep;
    arena_free(x.arena);
    return rc;
}
