/* event.h: what happened, told in the transaction in which it happened. event_emit writes the
 * outbox row, runs EV_IN_TX subscribers at once (a failure vetoes the transaction), and remembers
 * EV_AFTER_COMMIT ones for after the commit. EV_JOB subscribers run in the jobs process from the
 * outbox, at least once, in order per object. */
#ifndef APP_EVENT_H
#define APP_EVENT_H

#include "app/types.h"
#include "base/id.h"

struct event {
    const char *topic;             /* "product.changed" */
    struct uuid tenant, object_id; /* object_id nil = about no one object */
    int64_t seq;                   /* outbox sequence; 0 while in the transaction */
    int64_t object_version;
    const char *payload; /* JSON object text */
    struct db *db;       /* EV_IN_TX: the open transaction; EV_JOB: in the event's tenant */
    struct arena *arena;
};

/* Inside db_tx only. pairs is "key=%s key2=%d ..." in printf form, becomes a flat JSON object of
 * strings and numbers; may be NULL. The app_ctx is found through db_app. */
KADE_API enum rc event_emit(struct db *db, const char *topic, struct uuid object_id,
                            int64_t object_version, const char *pairs, ...)
    ATTR_FORMAT(5, 6) ATTR_MUST_CHECK;
/* The same in two steps, for a transaction whose statements leave together: event_send queues the
 * row into p, event_sent, after db_pipe_run, runs EV_IN_TX subscribers and remembers the others. */
struct event_queued;
KADE_API enum rc event_send(struct db_pipe *p, struct db *db, const char *topic,
                            struct uuid object_id, int64_t object_version,
                            struct event_queued **out, const char *pairs, ...)
    ATTR_FORMAT(7, 8) ATTR_MUST_CHECK;
KADE_API enum rc event_sent(struct event_queued *q) ATTR_MUST_CHECK;
/* One value of a payload; NULL when absent. Arena of the event. */
KADE_API const char *event_get(const struct event *e, const char *key);
/* Jobs process: reads the outbox for one consumer and runs EV_JOB subscribers; *handled says how
 * many events. Order and completeness: data-model.md 1.20. */
KADE_API enum rc outbox_dispatch(struct app_ctx *app, size_t most, size_t *handled) ATTR_MUST_CHECK;
/* Jobs process: tries again at most one event that failed for a consumer and is due. A consumer is
 * a module's subscriptions to one topic, "wishlist:product.changed"; it fails alone. */
KADE_API enum rc outbox_retry_one(struct app_ctx *app, bool *ran) ATTR_MUST_CHECK;

#endif
