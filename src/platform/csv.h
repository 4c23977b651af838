/* csv.h: rows of a CSV file, one at a time, with the line each began in. The splitting is
 * libcsv's; here are the limits, the line numbers, the delimiter (comma, semicolon or tab,
 * whichever the header uses) and what is wrong with a row in words. */
#ifndef PLATFORM_CSV_H
#define PLATFORM_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/rc.h"

enum {
    CSV_FIELD_HARD = 64 * 1024 * 1024, /* a field past this ends the reading */
    CSV_ROW_COLUMNS = 1024
};

struct csv_field {
    const char *p; /* NUL-terminated copy; may hold any byte */
    size_t n;
    bool too_long; /* more than the max given to csv_open: p is "" and n its size */
};
struct csv_row {
    size_t line; /* first line, from 1 */
    struct csv_field *field;
    size_t n;
    size_t dropped; /* fields past CSV_ROW_COLUMNS */
};

struct csv_reader;
/* Lives in a until csv_close; in stays the caller's. max: bytes of a field. */
KADE_API struct csv_reader *csv_open(struct arena *a, FILE *in, size_t max) ATTR_RETNONNULL;
KADE_API void csv_close(struct csv_reader *r);
/* The next row that is not empty, its fields in row_arena. RC_NOTFOUND at the end of the file;
 * RC_INVALID when the file cannot be read on: csv_problem says why. */
KADE_API enum rc csv_next(struct csv_reader *r, struct arena *row_arena,
                          struct csv_row *out) ATTR_MUST_CHECK;
KADE_API const char *csv_problem(const struct csv_reader *r);

#endif
