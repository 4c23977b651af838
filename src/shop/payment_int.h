/* payment_int.h: between the files of payments. */
#ifndef SHOP_PAYMENT_INT_H
#define SHOP_PAYMENT_INT_H

#include "gen/shop_q.h"
#include "shop/payment.h"

/* Inside db_tx: payment_report without its transaction. */
enum rc payment_apply(struct db *db, const struct payment_report *what, bool *news) ATTR_MUST_CHECK;
/* Inside db_tx, the order locked: the sums of a payment anew, and those of its order. */
enum rc payment_sums(struct db *db, struct uuid payment, struct uuid order, const char *problem,
                     struct shop_payment_order_sums *out) ATTR_MUST_CHECK;
/* Inside db_tx, before the event row is added: a refund told by ref becomes a row that is done.
 * *refund is that row. */
enum rc refund_settle(struct db *db, const struct payment_report *what,
                      struct uuid *refund) ATTR_MUST_CHECK;

#endif
