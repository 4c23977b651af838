/* payment.h: money coming in and going back. A payment's row exists before a gateway is called
 * (T18); what happened to it are events, each applied once, in any order, whoever reports it (T16);
 * sums and the order's payment state derive from them. Refunds never exceed what was captured
 * (T19). Amounts are minor units of the order's currency.
 *
 * An adapter (payments room) is a struct pay_adapter in a file of its own; it talks to its gateway
 * outside transactions and reports through payment_report. */
#ifndef SHOP_PAYMENT_H
#define SHOP_PAYMENT_H

#include "base/arena.h"
#include "base/field.h"
#include "base/id.h"
#include "base/rc.h"

struct app_ctx;
struct db;

struct payment {
    struct uuid id, order, method;
    const char *provider, *provider_ref, *currency, *state,
        *problem;                                    /* provider_ref NULL: none yet */
    const char *order_number, *order_email, *config; /* config: JSON of the method */
    struct bytes sealed;                             /* method's config_sealed */
    int64_t amount, authorized, captured, refund_pending, refunded, order_due;
    const char *order_state, *locale, *method_code, *method_name, *instructions;
    int64_t expires_at;     /* an unpaid order ends then; 0: never */
    const char *action_url; /* the gateway's page, "" none yet */
    const char *told_ref;   /* what the buyer said about a transfer */
    int64_t told_at;        /* 0: nothing yet */
};
KADE_API enum rc payment_read(struct db *db, struct uuid id,
                              struct payment *out) ATTR_NONNULL ATTR_MUST_CHECK;
KADE_API enum rc payment_by_ref(struct db *db, const char *provider, const char *ref,
                                struct payment *out) ATTR_NONNULL ATTR_MUST_CHECK;
/* A further attempt for what is due on an order, with any method offered; same key = same row.
 * RC_CONFLICT: nothing is due. Own transaction. */
KADE_API enum rc payment_again(struct db *db, struct uuid order, const char *method_code,
                               const char *attempt_key, int64_t now,
                               struct uuid *out) ATTR_NONNULL ATTR_MUST_CHECK;
/* The attempts for an order, the last one first; n is 0 for an order that is none. */
KADE_API enum rc payments_of_order(struct db *db, struct uuid order, struct payment **out,
                                   size_t *n) ATTR_NONNULL ATTR_MUST_CHECK;
/* What it may be paid with as it stands, by amount, currency, address and group. */
struct payment_choice {
    const char *code, *provider, *name, *instructions;
    int64_t due;
};
KADE_API enum rc payment_choices(struct db *db, struct uuid order, struct payment_choice **out,
                                 size_t *n) ATTR_NONNULL ATTR_MUST_CHECK;
/* The gateway's name for it, as soon as it is known; RC_CONFLICT when it has another one. */
KADE_API enum rc payment_set_ref(struct db *db, struct uuid id,
                                 const char *ref) ATTR_NONNULL ATTR_MUST_CHECK;

/* The same together with where the buyer goes on; the attempt waits for the buyer then. */
KADE_API enum rc payment_begun(struct db *db, struct uuid id, const char *ref,
                               const char *url) ATTR_NONNULL ATTR_MUST_CHECK;

/* A slip: a picture or PDF of the buyer's, judged and stored as a private file outside any
 * transaction. RC_INVALID with *problem, a sentence for the person (for tr()). */
enum { SLIP_BYTES_MOST = 6 * 1024 * 1024 };
struct payment_slip {
    const char *path, *mime, *sha256;
    int64_t bytes;
};
KADE_API enum rc payment_slip_take(struct app_ctx *app, struct arena *a, struct uuid tenant,
                                   const char *file, struct payment_slip *out,
                                   const char **problem) ATTR_NONNULL ATTR_MUST_CHECK;
/* The buyer says that it is paid: reference ("" none), slip (NULL none). Nothing counts as paid by
 * it; the deadline is gone and payment.slip is told. RC_CONFLICT: it is paid already. */
KADE_API enum rc payment_told(struct db *db, struct uuid id, const char *reference,
                              const struct payment_slip *slip, int64_t now) ATTR_MUST_CHECK;

struct payment_report {
    struct uuid payment;
    const char *kind;    /* authorize capture refund void fail dispute dispute_won */
    const char *ref;     /* names the charge, not the delivery; refund: refund.id, or the gateway's
                            name of one that somebody made there. 1 to 200 characters */
    int64_t amount;      /* of this event */
    const char *source;  /* webhook return poll staff */
    const char *detail;  /* JSON object, nothing secret; NULL: {} */
    const char *problem; /* of fail: what the gateway says, for the team; NULL: nothing */
    int64_t now;
};
/* Applies it once: event row, sums, states, history, order confirmed when paid, event
 * payment.captured, payment.failed, ... *news is false when it was known. A capture above what is
 * due is kept and told as payment.surplus (T17). RC_NOTFOUND no such payment; RC_CONFLICT a refund
 * of more than was captured, or one whose capture is still to come: tell it again later. kind
 * refund is for staff and jobs alone. Own transaction. */
KADE_API enum rc payment_report(struct db *db, const struct payment_report *what,
                                bool *news) ATTR_NONNULL ATTR_MUST_CHECK;

/* Where deliveries for a method arrive, by its code; it may be switched off meanwhile. */
struct payment_door {
    const char *provider;
    struct bytes sealed;
};
KADE_API enum rc payment_door(struct db *db, const char *method_code,
                              struct payment_door *out) ATTR_NONNULL ATTR_MUST_CHECK;
/* A delivery of a gateway: true in *fresh the first time its event_ref is seen, or while it has not
 * been applied. body is kept, at most GATEWAY_BODY_MOST bytes; the job shop.gateway_event follows
 * in the same transaction, which reads it (payload provider, event). */
enum { GATEWAY_BODY_MOST = 65536 };
KADE_API enum rc gateway_event_take(struct db *db, const char *provider, const char *event_ref,
                                    const char *body, bool *fresh) ATTR_NONNULL ATTR_MUST_CHECK;
KADE_API enum rc gateway_event_done(struct db *db, const char *provider, const char *event_ref,
                                    const char *problem) ATTR_NONNULL ATTR_MUST_CHECK;

struct refund_line {
    struct uuid order_item;
    int32_t quantity;
    int64_t amount;          /* tax included */
    const char *disposition; /* none sellable damaged lost */
};
struct refund_ask {
    struct uuid order, payment;
    int64_t amount;
    const char *reason, *method, *attempt_key,
        *number; /* number: of series "refund", taken before */
    const struct refund_line *line;
    size_t n;
    int64_t now;
};
/* Reserves the amount and writes the refund as pending; the adapter (or staff, by bank or cash)
 * then sends it and reports kind "refund" with refund.id as ref. RC_CONFLICT: more than is left of
 * the payment or of a line. Same attempt_key = same refund. Own transaction. */
KADE_API enum rc refund_start(struct db *db, const struct refund_ask *ask,
                              struct uuid *out) ATTR_NONNULL ATTR_MUST_CHECK;
/* Sent by hand (cash, bank transfer): reports it as done. provider_ref "": none. */
KADE_API enum rc refund_done(struct db *db, struct uuid refund, const char *provider_ref,
                             int64_t now) ATTR_NONNULL ATTR_MUST_CHECK;
/* On its way: the gateway has it under this name. RC_CONFLICT: it is done or closed. */
KADE_API enum rc refund_sent(struct db *db, struct uuid refund,
                             const char *provider_ref) ATTR_NONNULL ATTR_MUST_CHECK;
/* What an order was paid too much (cancelled, paid twice) becomes refunds of the attempts that took
 * it, the last one first. Asked again it finds nothing left. *n: refunds begun. */
KADE_API enum rc refund_surplus(struct db *db, struct uuid order, const char *zone,
                                const char *reason, int64_t now,
                                size_t *n) ATTR_NONNULL ATTR_MUST_CHECK;
/* Failed at the gateway; with let_go the amount is free again. */
KADE_API enum rc refund_failed(struct db *db, struct uuid refund, const char *problem,
                               bool let_go) ATTR_NONNULL ATTR_MUST_CHECK;

/* ---- adapters ----------------------------------------------------------------------------------
 */
struct pay_next { /* what the buyer does now */
    enum { PAY_NOTHING, PAY_REDIRECT, PAY_SHOW } kind;
    const char *url; /* PAY_REDIRECT: absolute; PAY_SHOW: NULL, /pay/{order} shows method's page */
};
/* A delivery as it arrived, nothing believed yet. */
struct pay_hook {
    const char *body; /* text without NUL */
    size_t n;
    const char *signature; /* header of the adapter's, "" none */
    int64_t now;
};
struct pay_adapter {
    const char *provider; /* payment_methods.provider */
    bool offline;         /* confirmed without money: cash on delivery */
    /* Outside transactions; NULL where there is nothing to call. idempotent by payment.id. begin
     * writes payment_begun; refund reports kind refund when the gateway has done it already, *ref
     * is the gateway's name; poll reports what it finds. RC_UPSTREAM: no answer, ask again later;
     * RC_INVALID: the gateway refuses, *problem says why, for the team. */
    enum rc (*begin)(struct app_ctx *, struct arena *, const struct payment *,
                     const char *return_url, struct pay_next *);
    enum rc (*refund)(struct app_ctx *, struct arena *, const struct payment *, struct uuid refund,
                      int64_t amount, const char **ref, const char **problem);
    enum rc (*poll)(struct app_ctx *, struct arena *, const struct payment *);
    /* Deliveries: proven says whether it is the gateway's, by the method's sealed secret, and names
     * it (*event; NULL: nothing we follow). apply, in a job, reports what it says; RC_DECLINED with
     * *problem (never NULL): no payment of ours, done. */
    const char *signature; /* header name in lower case */
    enum rc (*proven)(struct arena *, const char *method, struct bytes sealed,
                      const struct pay_hook *, const char **event);
    enum rc (*apply)(struct app_ctx *, struct arena *, const char *body, int64_t now,
                     const char **problem);
    /* What was paid there since an instant is reported here; *orphans grows by what has no payment
     * here. NULL where there is nothing to ask. */
    enum rc (*sweep)(struct app_ctx *, struct arena *, const char *method, struct bytes sealed,
                     int64_t since, size_t *orphans);
};
/* The name under which a method's secrets are sealed (crypto_seal). */
KADE_API const char *payment_seal_name(struct arena *a,
                                       const char *method_code) ATTR_NONNULL ATTR_RETNONNULL;
/* NULL: no adapter of this name, such a method is not offered. */
KADE_API const struct pay_adapter *pay_adapter_find(const char *provider) ATTR_NONNULL;

#endif
