/* fuzz_woo.c: bytes as a WooCommerce product file: header, rows, texts. Every row either has a
 * reason or holds only what the database takes; nothing else is looked at here. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "base/utf8.h"
#include "platform/csv.h"
#include "shop/import_item.h"
#include "shop/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void good_text(const char *s, size_t most)
{
    if (s != NULL)
        check_that(utf8_valid(s, strlen(s)) && utf8_length(s) <= most);
}

static void look_at(struct arena *a, const struct import_item *it)
{
    if (it->bad_reason != NULL)
        return;
    check_that(*it->sku_norm != '\0' && utf8_length(it->sku_norm) <= 100);
    good_text(it->name, 300);
    good_text(it->summary, 2000);
    good_text(it->description, TEXT_MAX);
    check_that(it->description == NULL || strlen(it->description) <= TEXT_MAX);
    check_that(!it->has_regular || it->regular >= 0);
    check_that(!it->has_sale || (it->has_regular && it->sale >= 0 && it->sale < it->regular));
    check_that(it->on_hand >= 0);
    check_that(it->weight_g == NULL || *it->weight_g >= -1);
    for (size_t i = 0; i < it->npaths; i++)
        check_that(it->path[i].n >= 1 && it->path[i].n <= 10);
    for (size_t i = 0; i < it->nattrs; i++)
        for (size_t k = 0; k < it->attr[i].values.n; k++)
            good_text(it->attr[i].values.v[k], 200);
    char *html;
    if (it->description != NULL && text_html(a, it->description, &html) == RC_OK)
        check_that(strstr(html, "<script") == NULL);
}

static void read_as(const uint8_t *data, size_t size, bool is_kade)
{
    struct arena *a = arena_new_sized(512 * 1024 * 1024);
    FILE *in = size > 0 ? fmemopen(arena_memdup(a, data, size), size, "r") : NULL;
    struct woo_header *h;
    struct csv_row row;
    const char *unused = "", *problem = NULL;
    if (in != NULL) {
        struct csv_reader *r = csv_open(a, in, 4096);
        bool ok = csv_next(r, a, &row) == RC_OK &&
                  woo_header_read(a, &row, is_kade, &h, &unused, &problem) == RC_OK;
        for (size_t n = 0; ok && n < 200 && csv_next(r, a, &row) == RC_OK; n++) {
            struct import_item it;
            woo_row_read(h, a, &row, currency_find(n % 2 == 0 ? "LKR" : "IQD"), &it);
            look_at(a, &it);
        }
        csv_close(r);
        fclose(in);
    }
    arena_free(a);
}

/* Both layouts: the export's titles, and our own with its further columns. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_as(data, size, false);
    read_as(data, size, true);
    return 0;
}
