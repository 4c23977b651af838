/* fuzz_shopify.c: bytes as a Shopify product export: whatever the lines are, rows come out in our
 * own layout, each read to an item that has a reason or a key, and the reading ends. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/money.h"
#include "base/utf8.h"
#include "platform/csv.h"
#include "shop/import.h"
#include "shop/import_item.h"
#include "shop/import_shopify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 65536)
        return 0;
    FILE *f = fmemopen((void *)(uintptr_t)data, size, "r");
    struct arena *a = arena_new_sized(256 * 1024 * 1024);
    struct csv_reader *csv = csv_open(a, f, SHOP_IMPORT_FIELD_MAX);
    struct csv_row row;
    struct shopify *s = NULL;
    struct woo_header *h;
    const char *unused, *problem;
    bool ok = csv_next(csv, a, &row) == RC_OK &&
              shopify_open(a, &row, &s, &h, &unused, &problem) == RC_OK;
    for (size_t n = 0; ok && shopify_next(s, csv, a, &row) == RC_OK; n++) {
        struct import_item it;
        check_that(n <= size); /* at most two rows a line, and a line has a byte and its end */
        woo_row_read(h, a, &row, currency_find(n % 2 == 0 ? "USD" : "JPY"), &it);
        if (it.bad_reason == NULL)
            check_that(*it.sku_norm != '\0' && utf8_length(it.sku_norm) <= 100);
    }
    shopify_close(s);
    csv_close(csv);
    fclose(f);
    arena_free(a);
    return 0;
}
