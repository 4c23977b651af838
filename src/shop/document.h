/* document.h: invoices, credit notes, packing slips: what is numbered without a hole. The number is
 * taken in the transaction that writes the row (T20), and the row holds all that is ever printed,
 * frozen (T15); a job draws it once and the bytes stay. */
#ifndef SHOP_DOCUMENT_H
#define SHOP_DOCUMENT_H

#include "app/module.h"
#include "app/types.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/rc.h"

struct db;
struct tenant;

struct document_ask {
    const char *kind, *series; /* invoice credit_note delivery_note; of app.number_series */
    struct uuid order, refund, corrects, fulfilment; /* nil where there is none */
    const char *currency, *content;                  /* content: JSON object, complete */
    const char *taxes;                               /* JSON array for the ledger; NULL: none */
    int64_t total, tax;
    const char *zone; /* whose year and month stand in the number */
    int64_t now;
};
struct document_row {
    struct uuid id;
    const char *number;
    bool again; /* the order, refund or parcel has that document already: this one */
};
/* Last step of a transaction, before COMMIT: number and row in one statement; the drawing follows
 * by a job. RC_INVALID: the series' pattern cannot number documents. For staff and jobs. */
KADE_API enum rc document_issue(struct db *db, const struct document_ask *ask,
                                struct document_row *out) ATTR_NONNULL ATTR_MUST_CHECK;

/* ---- document_make.c: from an order to what is printed -----------------------------------------
 * Each in a transaction of its own; asked again it changes nothing. */
struct document_for {
    struct app_ctx *app;
    const struct tenant *tenant;
    struct db *db;
    struct uuid order;
    int64_t now;
};
/* Nothing while there is nothing to pay for any more (cancelled). */
KADE_API enum rc document_invoice(const struct document_for *f) ATTR_NONNULL ATTR_MUST_CHECK;
/* For every refund that is done, where there is an invoice to correct. */
KADE_API enum rc document_credit(const struct document_for *f) ATTR_NONNULL ATTR_MUST_CHECK;
/* For every parcel that left. */
KADE_API enum rc document_slips(const struct document_for *f) ATTR_NONNULL ATTR_MUST_CHECK;

/* "Invoice", "Credit note", "Packing slip" in the language in use. */
KADE_API const char *document_kind_text(const char *kind);
/* File name for browsers: "INV-000001.pdf", harmless characters only. */
KADE_API const char *document_file_name(struct arena *a, const char *number);

/* ---- of the built-in module: consumers, the job, settings --------------------------------------
 */
enum rc document_on_paid(struct app_ctx *app, const struct event *e) ATTR_MUST_CHECK;
enum rc document_on_shipped(struct app_ctx *app, const struct event *e) ATTR_MUST_CHECK;
enum rc document_on_refund(struct app_ctx *app, const struct event *e) ATTR_MUST_CHECK;
enum rc document_draw_job(struct app_ctx *app, const struct job *j) ATTR_MUST_CHECK;

#endif
