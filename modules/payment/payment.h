/* payment.h: between the files of the module that takes money: the page of an order that is still
 * to be paid, and the door for what gateways tell. */
#ifndef PAYMENT_H
#define PAYMENT_H

#include "app/form.h"
#include "app/module.h"
#include "app/page.h"
#include "app/req.h"
#include "app/session.h"
#include "app/tenant.h"
#include "platform/i18n.h"
#include "shop/order.h"
#include "shop/payment.h"

extern const struct form_spec payment_told_form, payment_method_form;

/* The order a token opens, and its attempts, the one that counts first; n is at least 1. */
enum rc payment_of_token(struct req *r, struct uuid *order, struct payment **out,
                         size_t *n) ATTR_MUST_CHECK;
/* Rows of what a transfer needs, from the method's config: DETAIL {LABEL, VALUE}. */
enum rc fill_bank(struct req *r, struct tpl *page, const struct payment *p) ATTR_MUST_CHECK;
/* The code to scan; RC_DECLINED when this amount or shop has none. */
enum rc fill_code(struct req *r, struct tpl *page, const struct payment *p) ATTR_MUST_CHECK;

app_handler page_pay, page_back, act_told, act_method, act_go, act_check, act_hook;
extern const struct app_module APP_ENTRY;

#endif
