/* fuzz_tax_rates.c: bytes as a table of tax rates. Every row either has a reason or holds only what
 * the database takes; nothing else is looked at here. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/utf8.h"
#include "shop/import_tax_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char code_letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

static void good_areas(const struct tax_row *r)
{
    check_that(r->from.n == r->to.n && r->from.n == r->city.n);
    check_that(r->from.n >= 1 && r->from.n <= TAX_AREAS_MAX);
    for (size_t i = 0; i < r->from.n; i++) {
        const char *to = r->to.v[i];
        size_t n = strspn(to, code_letters);
        check_that(strlen(r->from.v[i]) <= 20 &&
                   strspn(r->from.v[i], code_letters) == strlen(r->from.v[i]));
        check_that(n <= 20 && (to[n] == '\0' || (to[n] == '~' && to[n + 1] == '\0')));
        check_that(strcmp(r->from.v[i], to) <= 0 && utf8_length(r->city.v[i]) <= 120);
    }
}

static void look_at(const struct tax_row *r)
{
    if (r->bad_reason != NULL)
        return;
    check_that(strlen(r->country) == 0 || strlen(r->country) == 2);
    check_that(utf8_length(r->region) <= 100 && utf8_valid(r->region, strlen(r->region)));
    check_that(r->ppm >= 0 && r->ppm <= 10000000 && r->priority >= 1 && r->priority <= 1000);
    check_that(*r->name != '\0' && utf8_length(r->name) <= 120);
    check_that(*r->tax_class != '\0' && utf8_length(r->tax_class) <= 60);
    check_that(*r->zone_code != '\0' && utf8_length(r->zone_code) <= TAX_ZONE_CODE_MAX);
    good_areas(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new_sized(512 * 1024 * 1024);
    FILE *in = size > 0 ? fmemopen(arena_memdup(a, data, size), size, "r") : NULL;
    struct tax_header h;
    struct csv_row row;
    const char *unused, *problem;
    if (in != NULL) {
        struct csv_reader *r = csv_open(a, in, 4096);
        bool ok = csv_next(r, a, &row) == RC_OK &&
                  tax_header_read(a, &row, &h, &unused, &problem) == RC_OK;
        for (size_t n = 0; ok && n < 200 && csv_next(r, a, &row) == RC_OK; n++) {
            struct tax_row out;
            tax_row_read(&h, a, &row, &out);
            look_at(&out);
        }
        csv_close(r);
        fclose(in);
    }
    arena_free(a);
    return 0;
}
