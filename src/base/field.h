/* field.h: what a struct member is. sqlgen writes these tables for rows; templates, JSON and CSV
 * read members through them, so no one counts columns by hand. */
#ifndef BASE_FIELD_H
#define BASE_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"

enum field_type {
    FT_UUID,    /* struct uuid */
    FT_TEXT,    /* const char *; NULL = null */
    FT_INT4,    /* int32_t */
    FT_INT8,    /* int64_t */
    FT_BOOL,    /* bool */
    FT_INSTANT, /* int64_t microseconds (timestamptz) */
    FT_DATE,    /* int32_t days since 1970-01-01 */
    FT_BYTES,   /* struct bytes; p NULL = null */
    FT_JSON,    /* const char *, JSON text (jsonb) */
    FT_UUIDS,   /* struct uuids */
    FT_TEXTS,   /* struct texts */
    FT_INT4S,   /* struct int4s */
    FT_INT8S,   /* struct int8s */
    FT_BOOLS    /* struct bools */
};

struct bytes {
    const unsigned char *p;
    size_t n;
};
struct uuids {
    const struct uuid *v;
    size_t n;
};
struct texts {
    const char *const *v;
    size_t n;
}; /* an element may be NULL */
struct int4s {
    const int32_t *v;
    size_t n;
};
struct int8s {
    const int64_t *v;
    size_t n;
};
struct bools {
    const bool *v;
    size_t n;
};

/* One member. null_offset: offset of the companion "bool has_x" of a nullable member that is not a
 * pointer, else FIELD_NOT_NULL. */
#define FIELD_NOT_NULL ((size_t)-1)
struct field {
    const char *name;
    enum field_type type;
    bool nullable;
    size_t offset, null_offset;
};

#endif
