/* export.h: the catalogue out of a shop as CSV in our own format: everything shop/import.h takes of
 * it, so that exporting and importing again changes nothing. Cells that a spreadsheet would take
 * for formulas are marked. */
#ifndef SHOP_EXPORT_H
#define SHOP_EXPORT_H

#include <stdio.h>

#include "app/types.h"
#include "base/id.h"

struct shop_export_report {
    size_t products, variants;
};

/* Reads in pages of its own transactions; opens and ends the database scope itself. RC_UPSTREAM
 * when the file cannot be written. */
KADE_API enum rc shop_export_products(struct app_ctx *app, struct uuid tenant, FILE *out,
                                      struct shop_export_report *report)
    __attribute__((nonnull(1, 3, 4))) ATTR_MUST_CHECK;

#endif
