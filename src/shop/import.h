/* import.h: bringing catalogues in from files. Rows are read one at a time and checked before the
 * database hears of them; good rows are saved in chunks of one transaction each, a bad row is
 * reported with its line, column and reason and stops nobody else. What a file says is made so: a
 * second run of the same file changes nothing. A dry run does all of it in one transaction that is
 * rolled back. Nothing here prints: reports go through callbacks. */
#ifndef SHOP_IMPORT_H
#define SHOP_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "app/types.h"
#include "base/id.h"

enum shop_import_format { SHOP_IMPORT_WOOCOMMERCE, SHOP_IMPORT_KADE, SHOP_IMPORT_SHOPIFY };

enum shop_import_action {
    SHOP_IMPORT_CREATED,
    SHOP_IMPORT_UPDATED,
    SHOP_IMPORT_UNCHANGED,
    SHOP_IMPORT_REFUSED, /* reason says why; nothing of the row was saved */
    SHOP_IMPORT_NOTE /* a remark on a row that was taken: a picture not fetched, a column unused */
};

enum { SHOP_IMPORT_FIELD_MAX = 1024 * 1024, SHOP_IMPORT_COLUMNS_MAX = 512 };

/* One line of the report. Strings live until the callback returns. */
struct shop_import_row {
    enum shop_import_action action;
    size_t line;        /* first line of the row in the file, from 1 */
    const char *key;    /* SKU, or the row's ID; "" when it has none */
    const char *column; /* the column that is wrong or remarked on; NULL */
    const char *reason; /* one sentence; NULL for plain results */
};

struct shop_import_options {
    const char *tenant; /* slug of the shop */
    enum shop_import_format format;
    FILE *in; /* read to its end; stays the caller's */
    bool dry_run;
    const char
        *pictures_dir; /* folder whose files pictures may name as "file:lamp.svg"; NULL: none */
    bool
        draws; /* "file:photo/lamp.svg" is lamp.svg of that folder, drawn into pixels: demo shops */
    /* Called for every row and note; may be NULL. */
    void (*row)(void *arg, const struct shop_import_row *row);
    /* Called after each chunk with the rows read so far; may be NULL. */
    void (*progress)(void *arg, size_t rows);
    void *arg;
};

struct shop_import_report {
    size_t rows; /* data rows read, bad ones included */
    size_t created, updated, unchanged, refused, notes;
    const char *problem; /* the file as a whole cannot be used: why; lives in app->work */
};

/* Word of an action for reports: "created", "refused", ... */
KADE_API const char *shop_import_action_name(enum shop_import_action a) ATTR_RETNONNULL;
/* False when the word is not one of woocommerce, kade, shopify. */
KADE_API bool shop_import_format_parse(const char *word, enum shop_import_format *out) ATTR_NONNULL;

/* RC_OK when the file was read to its end, even if every row was refused; RC_INVALID with
 * report->problem when the file itself is no use (no header, a required column missing, not text);
 * RC_NOTFOUND no such shop; others from the database. Opens and ends the database scope itself. */
KADE_API enum rc
shop_import_products(struct app_ctx *app, const struct shop_import_options *options,
                     struct shop_import_report *report) ATTR_NONNULL ATTR_MUST_CHECK;

/* Categories from JSON: an array of {"id", "name", "parent"}, parents in any order, null = root.
 * Same report, same promises; options->format is not looked at. */
KADE_API enum rc
shop_import_categories(struct app_ctx *app, const struct shop_import_options *options,
                       struct shop_import_report *report) ATTR_NONNULL ATTR_MUST_CHECK;

/* Tax rates from CSV as WooCommerce exports them: place, rate, class, priority. Same report, same
 * promises; rates that are not in the file stay. */
KADE_API enum rc
shop_import_tax_rates(struct app_ctx *app, const struct shop_import_options *options,
                      struct shop_import_report *report) ATTR_NONNULL ATTR_MUST_CHECK;

#endif
