/* event_internal.h: what event.c, outbox.c and job.c share. */
#ifndef APP_EVENT_INTERNAL_H
#define APP_EVENT_INTERNAL_H

#include "app/ctx.h"
#include "app/module.h"
#include "base/field.h"

struct app_registry;

typedef void event_each_fn(const struct app_module *m, const struct app_event_sub *s, void *arg);
/* Every subscription to topic in one of the timings of when, in the order of modules. */
void event_each(const struct app_registry *g, const char *topic, unsigned when, event_each_fn *fn,
                void *arg);
/* One value of a flat JSON object as text; numbers in digits, true as "1"; NULL when absent. */
const char *payload_get(struct arena *a, const char *payload, const char *key);

/* The one reader of the outbox, in app.outbox_cursors. */
#define OUTBOX_READER "jobs"
/* A module's EV_JOB subscriptions to one topic: "wishlist:product.changed". */
const char *event_consumer(struct arena *a, const struct app_module *m, const char *topic);
struct texts event_consumers(const struct app_registry *g, struct arena *a);

/* This process as holder of queue rows: "host:pid:start". Static. */
const char *holder_self(void);
/* True when text names a process of this host that no longer runs. */
bool holder_is_dead(const char *text);
/* All holders now in the queue that are dead, for a takeover. */
enum rc holder_find_dead(struct db *db, struct arena *a, const char *const **out,
                         size_t *n) ATTR_MUST_CHECK;
/* Instant of the next attempt after `attempt` failed: 5 s doubling to 6 h, a quarter either way. */
int64_t retry_at(int64_t now, int32_t attempt);
/* Ends the process with EXIT 75 when seconds pass before work_alarm(0): the row it holds is then
 * taken over and the attempt counted. what: for the last log line. */
void work_alarm(unsigned seconds, const char *what);

#endif
