/* pay_jobs.h: what time and events do to payments: jobs and consumers of the built-in module shop.
 */
#ifndef SHOP_PAY_JOBS_H
#define SHOP_PAY_JOBS_H

#include "app/types.h"

struct event;
struct job;

/* Reads one delivery of a gateway (payload provider, event). */
enum rc pay_job_event(struct app_ctx *app, const struct job *j);
/* Every few minutes: attempts that wait are asked for at their gateway. */
enum rc pay_job_upkeep(struct app_ctx *app, const struct job *j);
/* Nightly: both sides are compared, what was left lying is done. */
enum rc pay_job_reconcile(struct app_ctx *app, const struct job *j);

/* order.cancelled, payment.surplus: what was paid too much goes back. */
enum rc pay_on_surplus(struct app_ctx *app, const struct event *e);
/* refund.started: is sent through the gateway that took it. */
enum rc pay_on_refund(struct app_ctx *app, const struct event *e);

#endif
