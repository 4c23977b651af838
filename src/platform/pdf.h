/* pdf.h: a sheet of business paper as PDF: a head with the shop's name, who it is for, facts, a
 * table over as many pages as it needs, sums, a second table, notes, a QR code. What is printed is
 * said here in words and figures as they shall read; shaping, lines and pages are found by pango
 * and cairo, in a library of its own that only the process that draws loads. The same sheet gives
 * the same bytes on the same machine. */
#ifndef PLATFORM_PDF_H
#define PLATFORM_PDF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/rc.h"

enum { PDF_CELLS = 3, PDF_BYTES_MOST = 8 * 1024 * 1024, PDF_PAGES_MOST = 200 };

struct pdf_pair {
    const char *label, *value;
};
struct pdf_row {
    const char *name, *detail;   /* detail: small, below; may be NULL */
    const char *cell[PDF_CELLS]; /* figures; unused ones NULL */
};
struct pdf_table {
    const char *head[1 + PDF_CELLS]; /* NULL where there is no column */
    const struct pdf_row *row;
    size_t n;
};
struct pdf_sum {
    const char *label, *amount;
    bool strong;
};
struct pdf_sheet {
    const char *language; /* BCP 47 */
    bool rtl;
    int64_t date;               /* instant written into the file */
    const char *title;          /* "Invoice INV-000001" */
    const char *brand, *colour; /* name at the top, "#1976D2" below it */
    const char *from;           /* texts of several lines: '\n' */
    const char *to_label, *to;
    const struct pdf_pair *fact;
    size_t nfacts;
    struct pdf_table goods, taxes; /* n 0: left out */
    const struct pdf_sum *sum;
    size_t nsums;
    const struct pdf_pair *note; /* headed texts; label "" for none */
    size_t nnotes;
    int qr_size; /* modules a side; 0: none. qr_path as qr_make gives it */
    const char *qr_path;
};

/* RC_UPSTREAM the library is not installed (logged); RC_LIMIT too many pages or bytes. */
KADE_API enum rc pdf_draw(struct arena *a, const struct pdf_sheet *sheet, const char **out,
                          size_t *n) ATTR_NONNULL ATTR_MUST_CHECK;

#endif
