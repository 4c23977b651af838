/* shop_kit.h: a process of its own for tests of the shop floor: modules app and shop, a connection
 * as staff, no cache. */
#ifndef TESTS_SHOP_KIT_H
#define TESTS_SHOP_KIT_H

#include "app/ctx.h"
#include "kit/kit.h"
#include "shop/import.h"

/* Opened as role; lives until shop_kit_close. */
struct app_ctx *shop_kit_open(const char *role);
void shop_kit_close(struct app_ctx *app);

/* What an import said, as text: "3 refused SKU-1 [Regular price] why\n". */
struct shop_kit_import {
    struct shop_import_report report;
    char *said;
    enum rc rc;
};
/* Imports text into shop a. */
struct shop_kit_import shop_kit_import(struct app_ctx *app, const char *csv, size_t n, bool dry);
/* The same in a format. */
struct shop_kit_import shop_kit_import_as(struct app_ctx *app, enum shop_import_format format,
                                          const char *csv, size_t n, bool dry);
/* The same for a JSON file of categories. */
struct shop_kit_import shop_kit_categories(struct app_ctx *app, const char *json, size_t n,
                                           bool dry);
/* The same for a table of tax rates. */
struct shop_kit_import shop_kit_tax_rates(struct app_ctx *app, const char *csv, size_t n, bool dry);

#endif
