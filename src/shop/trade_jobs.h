/* trade_jobs.h: what follows by itself in trade, and what a shop may set about it. */
#ifndef SHOP_TRADE_JOBS_H
#define SHOP_TRADE_JOBS_H

#include "app/module.h"

/* Every minute: holds past their time, orders nobody paid, carts nobody came back to. */
enum rc trade_job_upkeep(struct app_ctx *app, const struct job *j);
/* order.placed, order.cancelled: marks that were crossed (stock.low, stock.out, stock.back). */
enum rc trade_on_stock(struct app_ctx *app, const struct event *e);
/* order.placed: its pieces are in the counters of its products, once. */
enum rc trade_on_sold(struct app_ctx *app, const struct event *e);
/* customer.logged_in: the guest's cart joins the customer's, by setting cart.merge. */
enum rc trade_on_login(struct app_ctx *app, const struct event *e);
/* customer.export, customer.erased: all orders in the copy; who it was is forgotten in them, sums
 * and documents stay. */
enum rc trade_on_export(struct app_ctx *app, const struct event *e);
enum rc trade_on_erased(struct app_ctx *app, const struct event *e);
extern const struct app_setting trade_settings[];

#endif
