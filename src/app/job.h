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
/* Jobs process: claims and runs at most one ready job; *ran says whether there was one. */
KADE_API enum rc job_run_one(struct app_ctx *app, bool *ran) ATTR_MUST_CHECK;
/* Enqueues schedules (app_job.every_s) that are due, once per tenant and period. */
KADE_API enum rc job_schedule(struct app_ctx *app) ATTR_MUST_CHECK;

#endif
