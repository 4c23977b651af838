/* checkout.h: between the files of the module that sells: cart, checkout, orders of who placed
 * them. */
#ifndef CHECKOUT_H
#define CHECKOUT_H

#include "app/form.h"
#include "app/module.h"
#include "app/page.h"
#include "app/req.h"
#include "app/session.h"
#include "app/tenant.h"
#include "platform/i18n.h"
#include "shop/order.h"

enum { PAY_HASH_TEXT = 44 };

extern const struct form_spec checkout_add_form, checkout_line_form, checkout_code_form,
    checkout_details_form, checkout_place_form, checkout_track_form, checkout_link_form;

/* Whose cart and in which shop. */
struct trade checkout_trade(struct req *r);
enum rc checkout_who(struct req *r, struct trade *t) ATTR_MUST_CHECK;
/* A page of these is about one person: never stored, never in a search engine. */
struct tpl *checkout_page(struct req *r, const char *file, const char *title);
/* Sums of a cart: rows SUM {LABEL, AMOUNT}, TOTAL. */
void checkout_sums(struct req *r, struct tpl *t, const struct cart *c);
/* "Tue 24 November 2026 – Thu 26 November 2026" of a promise. */
const char *checkout_days(struct req *r, int32_t from, int32_t until);
const char *checkout_notice(struct req *r, const struct cart *c, const struct cart_line *l);
const char *checkout_media(struct req *r, const char *path);

app_handler page_cart, page_shared, page_details, page_pay, page_done, page_track, page_order;
app_handler act_add, act_line, act_code, act_share, act_copy, act_details, act_pay, act_place,
    act_track, act_link;
enum rc slot_count(struct req *r, const struct slot_subject *s, size_t i, struct buf *out);
enum rc slot_count_send(struct req *r, struct db_pipe *p, const struct slot_subject *s);
extern const struct app_module APP_ENTRY;

#endif
