/* orders.h: between the files of what follows an order: mails, pages in the account, the two rights
 * of a customer. */
#ifndef ORDERS_H
#define ORDERS_H

#include "app/event.h"
#include "app/module.h"
#include "app/types.h"

/* ---- mails.c: consumers of the outbox ----------------------------------------------------------
 */
enum rc mail_placed(struct app_ctx *app, const struct event *e) ATTR_MUST_CHECK;
enum rc mail_paid(struct app_ctx *app, const struct event *e) ATTR_MUST_CHECK;
enum rc mail_shipped(struct app_ctx *app, const struct event *e) ATTR_MUST_CHECK;
enum rc mail_cancelled(struct app_ctx *app, const struct event *e) ATTR_MUST_CHECK;
enum rc mail_refunded(struct app_ctx *app, const struct event *e) ATTR_MUST_CHECK;
enum rc mail_lookup(struct app_ctx *app, const struct event *e) ATTR_MUST_CHECK;

/* ---- pages.c -----------------------------------------------------------------------------------
 */
struct form_spec;
extern const struct form_spec orders_act_form;
app_handler page_list, page_one, act_one;

/* ---- papers.c: invoices and credit notes -------------------------------------------------------
 */
struct order;
struct tpl;
/* Rows PAPERS { PAPER {LABEL, NUMBER, HREF, AT} } of a customer's order. */
enum rc papers_fill(struct req *r, struct tpl *page, const struct order *o) ATTR_MUST_CHECK;
app_handler page_invoice, page_paper, page_tracked_invoice;

#endif
