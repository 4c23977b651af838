/* json.c: jansson behind our names. Depth and size are bounded before jansson sees a byte, and
 * every string inside passes the edge (utf8_clean): what json_text returns is a string like any
 * other. Writing is json_write.c. Invariant: a parsed value lives as long as its arena and is never
 * changed after json_parse returned it. */
#include "platform/json.h"

#include <jansson.h>
#include <string.h>

#include "base/id.h"
#include "base/utf8.h"
#undef json_is_null /* ours is a function */

static const json_t *in(const struct json *v)
{
    return (const json_t *)(const void *)v;
}

static const struct json *wrap(const json_t *v)
{
    return (const struct json *)(const void *)v;
}

static void drop(void *v)
{
    json_decref(v);
}

/* Depth of brackets outside strings; strings are skipped by their escapes alone, so that malformed
 * text is left to the parser to name. */
static bool too_deep(const char *p, size_t n)
{
    bool text = false;
    unsigned depth = 0;
    for (size_t i = 0; i < n; i++) {
        if (text) {
            if (p[i] == '\\')
                i++;
            else if (p[i] == '"')
                text = false;
        } else if (p[i] == '"') {
            text = true;
        } else if (p[i] == '{' || p[i] == '[') {
            if (++depth > JSON_DEPTH_MAX)
                return true;
        } else if ((p[i] == '}' || p[i] == ']') && depth > 0) {
            depth--;
        }
    }
    return false;
}

/* Makes every string inside clean; NULL or what is wrong. Bounded by JSON_DEPTH_MAX. */
static const char *clean(struct arena *a, json_t *v)
{
    const char *key, *wrong, *bad = "a text holds control characters";
    char *made;
    json_t *member;
    size_t i;
    void *next;
    switch (json_typeof(v)) {
    case JSON_STRING:
        if (utf8_clean(a, json_string_value(v), json_string_length(v), UTF8_MULTILINE, &made) !=
            RC_OK)
            return bad;
        return strcmp(made, json_string_value(v)) != 0 && json_string_set(v, made) != 0 ? bad
                                                                                        : NULL;
    case JSON_ARRAY:
        json_array_foreach(v, i, member)
        {
            wrong = clean(a, member);
            if (wrong)
                return wrong;
        }
        return NULL;
    case JSON_OBJECT:
        json_object_foreach_safe(v, next, key, member)
        {
            if (utf8_clean(a, key, strlen(key), 0, &made) != RC_OK || strcmp(made, key) != 0)
                return "a key is not clean text (control characters, or not in NFC)";
            wrong = clean(a, member);
            if (wrong)
                return wrong;
        }
        return NULL;
    default:
        return NULL;
    }
}

static enum rc fail(const char **problem, const char *text, enum rc rc)
{
    if (problem)
        *problem = text;
    return rc;
}

enum rc json_parse(struct arena *a, const char *p, size_t n, struct json **out,
                   const char **problem)
{
    if (n > JSON_SIZE_MAX)
        return fail(problem, "the text is too large", RC_LIMIT);
    if (too_deep(p, n))
        return fail(problem, "the text is nested too deeply", RC_LIMIT);
    json_error_t error;
    json_t *v = json_loadb(p, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!v) {
        char *text =
            arena_printf(a, "line %d, column %d: %s", error.line, error.column, error.text);
        return fail(problem, utf8_valid(text, strlen(text)) ? text : "not UTF-8", RC_INVALID);
    }
    arena_defer(a, drop, v);
    const char *wrong = clean(a, v);
    if (wrong)
        return fail(problem, wrong, RC_INVALID);
    *out = (struct json *)(void *)v;
    return RC_OK;
}

const struct json *json_get(const struct json *o, const char *key)
{
    return wrap(json_object_get(in(o), key));
}

size_t json_size(const struct json *v)
{
    return json_array_size(in(v));
}

const struct json *json_at(const struct json *v, size_t i)
{
    return wrap(json_array_get(in(v), i));
}

const char *json_text(const struct json *v, const char *otherwise)
{
    return v && json_is_string(in(v)) ? json_string_value(in(v)) : otherwise;
}

int64_t json_int(const struct json *v, int64_t otherwise)
{
    return v && json_is_integer(in(v)) ? json_integer_value(in(v)) : otherwise;
}

bool json_bool(const struct json *v, bool otherwise)
{
    return v && json_is_boolean(in(v)) ? json_is_true(in(v)) : otherwise;
}

enum json_kind json_kind(const struct json *v)
{
    switch (v ? json_typeof(in(v)) : JSON_NULL) {
    case JSON_OBJECT:
        return JSON_KIND_OBJECT;
    case JSON_ARRAY:
        return JSON_KIND_ARRAY;
    case JSON_STRING:
        return JSON_KIND_TEXT;
    case JSON_INTEGER:
        return JSON_KIND_INT;
    case JSON_REAL:
        return JSON_KIND_REAL;
    case JSON_TRUE:
    case JSON_FALSE:
        return JSON_KIND_BOOL;
    default:
        return JSON_KIND_NULL;
    }
}

bool json_is_null(const struct json *v)
{
    return v && json_typeof(in(v)) == JSON_NULL;
}

void json_each(const struct json *o, bool (*fn)(const char *key, const struct json *v, void *arg),
               void *arg)
{
    if (!o || !json_is_object(in(o)))
        return;
    json_t *object = (json_t *)(uintptr_t)o; /* iterators want it mutable and leave it as it is */
    for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
        if (!fn(json_object_iter_key(at), wrap(json_object_iter_value(at)), arg))
            return;
    }
}

/* ---- rows --------------------------------------------------------------------------------------
 */
static bool take_value(const json_t *v, const struct field *f, char *at)
{
    switch (f->type) {
    case FT_UUID:
        return json_is_string(v) && uuid_parse(json_string_value(v), (struct uuid *)at) == RC_OK;
    case FT_TEXT:
        if (json_is_string(v))
            *(const char **)at = json_string_value(v);
        return json_is_string(v);
    case FT_INT4:
        if (!json_is_integer(v) || json_integer_value(v) < INT32_MIN ||
            json_integer_value(v) > INT32_MAX)
            return false;
        *(int32_t *)at = (int32_t)json_integer_value(v);
        return true;
    case FT_INT8:
    case FT_INSTANT:
        if (json_is_integer(v))
            *(int64_t *)at = json_integer_value(v);
        return json_is_integer(v);
    case FT_BOOL:
        if (json_is_boolean(v))
            *(bool *)at = json_is_true(v);
        return json_is_boolean(v);
    default:
        return false;
    }
}

bool json_take_row(const struct json *array, const struct field *fields, size_t n, void *row)
{
    if (!array || !json_is_array(in(array)))
        return false;
    for (size_t i = 0; i < n && i < json_array_size(in(array)); i++) {
        const json_t *v = json_array_get(in(array), i);
        if (json_typeof(v) == JSON_NULL) {
            if (!fields[i].nullable)
                return false;
            continue;
        }
        if (!take_value(v, &fields[i], (char *)row + fields[i].offset))
            return false;
        if (fields[i].null_offset != FIELD_NOT_NULL)
            *((bool *)row + fields[i].null_offset) = true;
    }
    return true;
}
