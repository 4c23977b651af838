/* order.h: orders. Placing takes a cart as it was shown to an order, once: stock, coupon, lines,
 * taxes, addresses, payment intent, history, audit and event in one transaction (laws 4 to 6).
 * State, payment and fulfilment are three things: the first is steered along transitions that are
 * data of the shop, the other two follow from facts. */
#ifndef SHOP_ORDER_H
#define SHOP_ORDER_H

#include "shop/cart.h"

struct order_placed {
    struct uuid id, payment; /* payment: the attempt's row, made before any gateway is called */
    const char *number,
        *token;   /* token opens /done/{token}; NULL when it was placed before (again) */
    bool again;   /* this cart was an order already: the same one (double click, T16) */
    bool is_owed; /* it waits for its payment: /pay/{token}. false when again */
};
enum order_refusal {
    ORDER_FINE,
    ORDER_CHANGED, /* what would be paid is not what was shown: show cart again (T14) */
    ORDER_STOCK,   /* not all is there any more; cart.item[].notice names the lines */
    ORDER_COUPON,  /* a limit was reached meanwhile */
    ORDER_EMPTY,
    ORDER_BLOCKED, /* a line that cannot be sold, no way to deliver or to pay */
    ORDER_ADDRESS  /* contact or address incomplete */
};
/* cart: the one the form names, of this owner. shown: the hash of the page the buyer saw.
 * RC_CONFLICT with *why (and *cart as it is now); RC_NOTFOUND: no such cart of this owner. At most
 * 6 round trips, the session's included. */
KADE_API enum rc order_place(struct db *db, const struct trade *t, struct uuid cart_id,
                             const unsigned char shown[32], struct order_placed *out,
                             enum order_refusal *why,
                             struct cart *cart) ATTR_NONNULL ATTR_MUST_CHECK;

/* The next number of a series by its pattern: {yyyy} {yy} {mm} {no} {no:6}, {code:5} (5 or 6
 * characters that do not count up). A transaction of its own, before the one that uses it: gaps are
 * allowed. */
KADE_API enum rc order_number_next(struct db *db, const char *series, const char *zone, int64_t now,
                                   const char **out) ATTR_NONNULL ATTR_MUST_CHECK;
/* Pure: pattern, number and local date to text. RC_INVALID: bad pattern. key: 32 bytes, for
 * {code:n}. */
KADE_API enum rc order_number_format(struct arena *a, const char *pattern, int64_t no, int year,
                                     int month, const unsigned char *key, const char **out)
    __attribute__((nonnull(1, 2, 7))) ATTR_MUST_CHECK;

/* ---- reading -----------------------------------------------------------------------------------
 * Orders are found by their owner or by a token, never by number alone (T24): another's looks the
 * same as none, RC_NOTFOUND. */
struct order_line {
    struct uuid id, variant, product;
    bool has_variant;
    const char *kind, *sku, *name, *options, *image;
    int32_t quantity, sent, cancelled, returned;
    int64_t unit, list, subtotal, discount, total, tax, tax_added, refunded;
};
struct order_tax { /* by rate over the whole order */
    const char *name, *reason, *evidence;
    int32_t ppm;
    int64_t base, amount;
};
struct order_parcel {
    const char *number, *state, *carrier, *tracking_number, *tracking_url;
    int64_t shipped_at, delivered_at; /* 0: not yet */
};
struct order_change {
    const char *machine, *from, *to, *note, *actor_kind;
    int64_t at;
    bool is_public;
};
struct order_address {
    const char *kind, *name, *phone, *company, *line1, *line2, *city, *region, *postcode, *country,
        *landmark, *instructions;
};
struct order {
    struct uuid id, customer, store;
    const char *number, *email, *phone, *currency, *locale;
    const char *state, *label, *category, *payment_state,
        *fulfilment_state; /* label, category: of state */
    const char *payment_method, *shipping_method, *customer_note;
    bool include_tax, may_cancel, has_promise, invoiced; /* may_cancel: by the customer, now */
    int64_t items, shipping, fees, discount, tax, tax_added, total, cancelled, paid, refunded, due;
    int64_t placed_at;
    int32_t promised_from, promised_until, version;
    const struct order_line *line;
    size_t nlines;
    const struct order_tax *taxes;
    size_t ntaxes;
    const struct order_parcel *parcel;
    size_t nparcels;
    const struct order_change *change;
    size_t nchanges;
    const struct order_address *address;
    size_t naddresses;
};
/* cancel_until: setting order.cancel_until, a category ("open", "picking", "ready"). One trip after
 * the id is known. */
KADE_API enum rc order_read(struct db *db, struct uuid id, const char *cancel_until,
                            struct order *out) ATTR_NONNULL ATTR_MUST_CHECK;
KADE_API enum rc order_of_customer(struct db *db, struct uuid customer, const char *number,
                                   struct uuid *out) ATTR_NONNULL ATTR_MUST_CHECK;
/* For staff and the command line. */
KADE_API enum rc order_by_number(struct db *db, const char *number,
                                 struct uuid *out) ATTR_NONNULL ATTR_MUST_CHECK;
/* By a token of purpose "done", "track" or "lookup"; a lookup token works once and is then
 * exchanged for a track token, given in *next (NULL otherwise). */
KADE_API enum rc order_by_token(struct db *db, const char *token, int64_t now,
                                struct uuid *out) ATTR_NONNULL ATTR_MUST_CHECK;
KADE_API enum rc order_token_use(struct db *db, const char *token, int64_t now, struct uuid *out,
                                 const char **next) ATTR_NONNULL ATTR_MUST_CHECK;
/* RC_OK while token is a look-up link that was not used yet. */
KADE_API enum rc order_token_waits(struct db *db, const char *token,
                                   int64_t now) ATTR_NONNULL ATTR_MUST_CHECK;
/* A link of its own to an order, for a mail: a new track token, good for half a year. Inside db_tx.
 */
KADE_API enum rc order_track_link(struct db *db, struct uuid id, int64_t now,
                                  const char **out) ATTR_NONNULL ATTR_MUST_CHECK;
/* Asks for a look-up link: when number and contact (e-mail or phone) belong together an event
 * order.lookup_asked with the sealed token follows, which mails the link. The answer and its time
 * do not tell whether they did. */
KADE_API enum rc order_lookup_ask(struct db *db, const char *number, const char *contact,
                                  int64_t now) ATTR_NONNULL ATTR_MUST_CHECK;

/* States in the language in use; label: what a state of the shop's own is called. */
KADE_API const char *order_state_text(const char *state, const char *label);
KADE_API const char *order_payment_text(const char *state);

/* ---- changing ----------------------------------------------------------------------------------
 */
/* Along a transition of the shop. RC_CONFLICT: not allowed from where it is, or it moved meanwhile.
 * note may be "". */
KADE_API enum rc order_move(struct db *db, struct uuid id, const char *to, const char *note,
                            int64_t now) ATTR_NONNULL ATTR_MUST_CHECK;
/* Cancels what has not been sent: allocations and coupons go back, captured money becomes refunds
 * to make. categories: how far it may have come ("open" for a customer by default). Asked twice it
 * is done once. */
KADE_API enum rc order_cancel(struct db *db, struct uuid id, const char *cancel_until,
                              const char *reason, int64_t now) ATTR_NONNULL ATTR_MUST_CHECK;
/* Cancels orders whose payment was not made in its time (payments.expires_at), at most most of
 * them; one that is paid meanwhile stays (T5). For the jobs process. */
KADE_API enum rc order_cancel_unpaid(struct db *db, int64_t now,
                                     int32_t most) ATTR_NONNULL ATTR_MUST_CHECK;
KADE_API enum rc order_note_add(struct db *db, struct uuid id, const char *body, bool is_public,
                                const char *author) ATTR_NONNULL ATTR_MUST_CHECK;

#endif
