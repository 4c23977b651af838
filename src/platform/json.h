/* json.h: jansson behind our names; values live in the arena (deferred decref). Depth and size are
 * bounded before parsing. Writing goes through struct jw, which streams into a buf. */
#ifndef PLATFORM_JSON_H
#define PLATFORM_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/field.h"
#include "base/rc.h"

struct json; /* a parsed value; opaque json_t */

enum { JSON_DEPTH_MAX = 64, JSON_SIZE_MAX = 16 * 1024 * 1024 };

/* Any JSON value; duplicate keys, NUL and control characters in texts are refused, texts become
 * NFC. RC_INVALID, or RC_LIMIT past depth or size; *problem (may be NULL) says where and why. */
KADE_API enum rc json_parse(struct arena *a, const char *p, size_t n, struct json **out,
                            const char **problem) ATTR_MUST_CHECK;
KADE_API const struct json *json_get(const struct json *o,
                                     const char *key); /* NULL when absent or no object */
KADE_API size_t json_size(const struct json *v);       /* array length */
KADE_API const struct json *json_at(const struct json *v, size_t i);
KADE_API const char *json_text(const struct json *v, const char *otherwise);
KADE_API int64_t json_int(const struct json *v, int64_t otherwise);
KADE_API bool json_bool(const struct json *v, bool otherwise);
KADE_API bool json_is_null(const struct json *v);
enum json_kind {
    JSON_KIND_NULL, /* and NULL */
    JSON_KIND_BOOL,
    JSON_KIND_INT,
    JSON_KIND_REAL,
    JSON_KIND_TEXT,
    JSON_KIND_ARRAY,
    JSON_KIND_OBJECT
};
KADE_API enum json_kind json_kind(const struct json *v);
/* Calls fn for every member of an object, in the order of the text. */
KADE_API void json_each(const struct json *o,
                        bool (*fn)(const char *key, const struct json *v, void *arg), void *arg);
/* A row from an array of values in the order of fields: numbers (instants in microseconds), texts,
 * switches, ids as text. NULL where the field may be NULL leaves the member as it is; a shorter
 * array leaves the rest. False when something does not fit; row is then half filled. */
KADE_API bool json_take_row(const struct json *array, const struct field *fields, size_t n,
                            void *row) ATTR_MUST_CHECK;

/* Writer: commas and escaping by itself; sticky through the buf. */
struct jw {
    struct buf *b;
    bool comma;
};
KADE_API void jw_init(struct jw *w, struct buf *b);
KADE_API void jw_object(struct jw *w);
KADE_API void jw_end_object(struct jw *w);
KADE_API void jw_array(struct jw *w);
KADE_API void jw_end_array(struct jw *w);
KADE_API void jw_key(struct jw *w, const char *key);
KADE_API void jw_text(struct jw *w, const char *v); /* NULL writes null */
KADE_API void jw_int(struct jw *w, int64_t v);
KADE_API void jw_bool(struct jw *w, bool v);
KADE_API void jw_null(struct jw *w);
KADE_API void jw_raw(struct jw *w, const char *json); /* trusted JSON text */
/* {"col":value,...} of a generated row: instants as RFC 3339, dates as "2026-11-20", bytes as
 * base64url. */
KADE_API void jw_row(struct jw *w, const struct field *fields, size_t n, const void *row);

#endif
