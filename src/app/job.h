/* job.h: work for later, in the database (app.jobs), claimed with SKIP LOCKED. A job runs at least
 * once; once_key makes enqueueing idempotent. */
#ifndef APP_JOB_H
#define APP_JOB_H

#include "app/types.h"
#include "base/id.h"

struct job {
    struct uuid tenant, id;
    const char *name, *payload; /* JSON object text */
    int32_t attempt;            /* 1 = first */
    struct db *db;              /* scope open in the job's tenant */
    struct arena *arena;
    int64_t now;
};

enum { JOB_LOW = 0, JOB_NORMAL = 50, JOB_HIGH = 100 };
/* Inside db_tx. once_key NULL = always a new one. run_at 0 = now. */
KADE_API enum rc job_enqueue(struct db *db, const char *name, int priority, int64_t run_at,
                             const char *once_key, const char *payload_json) ATTR_MUST_CHECK;
/* One value of the payload; NULL when absent. */
KADE_API const char *job_get(const struct job *j, const char *key);
/* A long job asks now and then: true = this process is to stop. It may then return RC_DECLINED to
 * be given back as it was (the attempt does not count) and started again elsewhere. */
KADE_API bool job_should_stop(void);
KADE_API void job_stop_flag(const volatile int *flag); /* set by the program */
/* Jobs process: claims and runs at most one ready job; *ran says whether there was one. */
KADE_API enum rc job_run_one(struct app_ctx *app, bool *ran) ATTR_MUST_CHECK;
/* Enqueues schedules (app_job.every_s) that are due, once per tenant and period. */
KADE_API enum rc job_schedule(struct app_ctx *app) ATTR_MUST_CHECK;
/* Attempts whose process is gone (or lease has run out) are ended as failed, so that they run again
 * now or are given up. */
KADE_API enum rc job_take_over(struct app_ctx *app, size_t *taken) ATTR_MUST_CHECK;
/* When the next waiting job, retry or schedule is due; INSTANT_MAX when none. */
KADE_API enum rc job_next_at(struct app_ctx *app, int64_t *out) ATTR_MUST_CHECK;
/* Counts the queues into the scoreboard; forgets finished work past its keeping time. */
KADE_API enum rc job_publish(struct app_ctx *app) ATTR_MUST_CHECK;
KADE_API enum rc job_forget(struct app_ctx *app) ATTR_MUST_CHECK;

#endif
