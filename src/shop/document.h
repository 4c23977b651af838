/* document.h: invoices, credit notes and what else is numbered without a hole. The number is taken
 * in the transaction that writes the row (T20), and the row holds all that is ever printed, frozen
 * (T15); a job draws it once and the bytes stay. */
#ifndef SHOP_DOCUMENT_H
#define SHOP_DOCUMENT_H

#include "base/arena.h"
#include "base/id.h"
#include "base/rc.h"

struct db;

struct document_ask {
    const char *kind, *series;           /* series: of app.number_series */
    struct uuid order, refund, corrects; /* refund, corrects: nil where there is none */
    const char *currency, *content;      /* content: JSON object, complete */
    int64_t total, tax;
    int year, month; /* local, for the pattern */
};
struct document_row {
    struct uuid id;
    const char *number;
    bool again; /* the order was invoiced already: that document */
};
/* Last step of a transaction, before COMMIT: number and row in one statement. */
KADE_API enum rc document_issue(struct db *db, const struct document_ask *ask,
                                struct document_row *out) ATTR_NONNULL ATTR_MUST_CHECK;

#endif
