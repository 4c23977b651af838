/* import_tax_int.h: between the reader of tax tables and what saves them. */
#ifndef SHOP_IMPORT_TAX_INT_H
#define SHOP_IMPORT_TAX_INT_H

#include "base/arena.h"
#include "base/field.h"
#include "base/rc.h"
#include "platform/csv.h"

enum tax_column {
    TAX_COUNTRY,
    TAX_STATE,
    TAX_POSTCODE,
    TAX_CITY,
    TAX_RATE,
    TAX_NAME,
    TAX_PRIORITY,
    TAX_COMPOUND,
    TAX_SHIPPING,
    TAX_CLASS,
    TAX_COLUMNS
};
enum { TAX_AREAS_MAX = 2000, TAX_ZONE_CODE_MAX = 400, TAX_FIELD_MAX = 64 * 1024 };

struct tax_header {
    size_t at[TAX_COLUMNS]; /* SIZE_MAX: not there */
};
/* RC_INVALID with *problem when it is no table of tax rates. *unused: the first column without a
 * meaning, NULL none. */
enum rc tax_header_read(struct arena *a, const struct csv_row *row, struct tax_header *out,
                        const char **unused, const char **problem) ATTR_MUST_CHECK;

struct tax_row {
    const char *zone_code, *zone_name; /* the same place has the same code */
    const char *country, *region;
    struct texts city, from, to; /* areas: as many of each */
    const char *tax_class, *name;
    int32_t ppm, priority;
    bool compound, on_shipping;
    const char *bad_column, *bad_reason; /* reason not NULL: of no use */
    const char *note_column, *note;      /* taken, with a remark */
};
void tax_row_read(const struct tax_header *h, struct arena *a, const struct csv_row *row,
                  struct tax_row *out);

#endif
