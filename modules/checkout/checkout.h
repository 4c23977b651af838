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
    checkout_details_form, checkout_address_form, checkout_place_form, checkout_track_form,
    checkout_link_form;

/* Whose cart and in which shop. */
struct trade checkout_trade(struct req *r);
enum rc checkout_who(struct req *r, struct trade *t) ATTR_MUST_CHECK;
/* A page of these is about one person: never stored, never in a search engine. */
struct tpl *checkout_page(struct req *r, const char *file, const char *title);
/* Sums of a cart: rows SUM {LABEL, AMOUNT}, TOTAL. */
void checkout_sums(struct req *r, struct tpl *t, const struct cart *c);
/* Rows CODE {CODE_TEXT, CODE_ID, CODE_SAYS}. */
void checkout_codes(struct req *r, struct tpl *page, const struct cart *c);
/* Section DELIVERY {DELIVERY_DAYS, FREE_GAP}, or NOT_SERVED once a place is known. */
void checkout_delivery(struct req *r, struct tpl *t, const struct cart *c);
/* "Tue 24 November 2026 – Thu 26 November 2026" of a promise. */
const char *checkout_days(struct req *r, int32_t from, int32_t until);
const char *checkout_notice(struct req *r, const struct cart *c, const struct cart_line *l);
const char *checkout_media(struct req *r, const char *path);

/* ---- fields.c: an address as a form
 * --------------------------------------------------------------
 */
const struct address_country *checkout_country(struct req *r, const char *code) ATTR_RETNONNULL;
void checkout_countries(struct req *r, struct tpl *page, const struct address_country *c);
void checkout_fields(struct req *r, struct tpl *page, const struct address_country *c,
                     const struct checkout *k);
void checkout_billing(struct req *r, struct tpl *page, const struct address_country *c,
                      const struct checkout *k);
const char *checkout_billing_name(struct req *r, enum address_key key) ATTR_RETNONNULL;
const char *checkout_billing_json(struct req *r, const struct address *a); /* NULL: too long */
/* Without name and country; "1 Galle Road, Colombo 00700". */
const char *checkout_one_line(struct req *r, struct address a) ATTR_RETNONNULL;
/* Name and address of the invoice where it is not the delivery's. */
const char *checkout_billed_to(struct req *r, const struct checkout *k) ATTR_RETNONNULL;

/* ---- deliver.c: "Deliver to" on a product's page
 * -------------------------------------------------
 */
extern const struct form_spec checkout_deliver_form;
struct badge;
struct deliver;
struct checkout_slots { /* what the personal parts of this request asked for */
    struct badge *badge;
    struct deliver *deliver;
};
/* The place, in a cookie of the visitor's. */
void checkout_remember_place(struct req *r, const struct address *a);
enum rc slot_deliver(struct req *r, const struct slot_subject *s, size_t i, struct buf *out);
enum rc slot_deliver_send(struct req *r, struct db_pipe *p, const struct slot_subject *s);

/* ---- saved.c: addresses a customer keeps
 * ---------------------------------------------------------
 */
enum rc checkout_saved(struct req *r, struct tpl *page) ATTR_MUST_CHECK;
/* Id of the default address where one click may use it; NULL else. */
enum rc checkout_default(struct req *r, const struct checkout *k, const char **id) ATTR_MUST_CHECK;
/* Holds the stock and goes on to the review. */
enum rc checkout_go_on(struct req *r, const struct cart *c) ATTR_MUST_CHECK;

app_handler page_cart, page_shared, page_details, page_pay, page_done, page_track, page_order;
app_handler act_add, act_line, act_code, act_share, act_copy, act_details, act_draft, act_address,
    act_deliver, act_pay, act_place, act_track, act_link;
enum rc slot_count(struct req *r, const struct slot_subject *s, size_t i, struct buf *out);
enum rc slot_count_send(struct req *r, struct db_pipe *p, const struct slot_subject *s);
extern const struct app_module APP_ENTRY;

#endif
