/* custom.h: fields a shop adds to its own rows (products first). A field has one of seventeen types
 * and rules; a value is read from text, judged here, and kept as JSON in the row's custom column;
 * values of filterable fields are copied to app.custom_field_values in the same transaction, an
 * index and not the truth. */
#ifndef APP_CUSTOM_H
#define APP_CUSTOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/types.h"
#include "base/arena.h"
#include "base/field.h"
#include "base/id.h"
#include "base/rc.h"

enum custom_type {
    CUSTOM_TEXT,
    CUSTOM_TEXTAREA,
    CUSTOM_NUMBER,   /* whole */
    CUSTOM_DECIMAL,  /* at most six decimals, exact */
    CUSTOM_CURRENCY, /* an amount; "12.50 USD", or in the shop's currency */
    CUSTOM_DATE,     /* "2026-11-30", a day without a zone */
    CUSTOM_DATETIME, /* an instant, RFC 3339 */
    CUSTOM_TIME,     /* "09:30" */
    CUSTOM_DROPDOWN, /* one of the field's choices */
    CUSTOM_MULTI_SELECT,
    CUSTOM_CHECKBOX,
    CUSTOM_URL,
    CUSTOM_EMAIL,
    CUSTOM_PHONE, /* E.164 */
    CUSTOM_COLOR, /* "#1a2b3c" */
    CUSTOM_FILE,  /* id of a row of shop.media */
    CUSTOM_IMAGE
};
enum {
    CUSTOM_TYPES = CUSTOM_IMAGE + 1,
    CUSTOM_CHOICES_MOST = 200,
    CUSTOM_FIELDS_MOST = 200,
    CUSTOM_TEXT_MOST = 500,       /* code points of a line */
    CUSTOM_TEXTAREA_MOST = 10000, /* of a longer text */
    CUSTOM_PATTERN_MOST = 200
};

struct custom_choice {
    struct uuid id;
    const char *code, *label;
};
struct custom_field {
    struct uuid id; /* nil for a new one */
    int32_t version;
    const char *resource, *name, *label, *help;
    enum custom_type type;
    struct custom_choice *choice;
    size_t nchoices;
    bool is_required, is_filterable, is_shown;
    bool has_min, has_max;
    int64_t min, max;    /* of number; millionths of decimal; minor units of currency */
    int32_t max_length;  /* 0: the type's own */
    const char *pattern; /* POSIX extended, the whole text must match; NULL none */
    const char *message; /* what is said when it does not; NULL none */
    const char *preset;  /* text of the value a new row gets; NULL none */
    int32_t position;
};
struct custom_fields {
    struct custom_field *v;
    size_t n;
};

/* One value, judged: JSON for the row, copies for the index (none unless filterable). */
struct custom_copy {
    int kind; /* 0 text, 1 whole number, 2 instant */
    const char *text;
    int64_t number;
    struct uuid ref; /* id of a choice; nil otherwise */
};
struct custom_value {
    const char *json; /* NULL: no value */
    struct custom_copy *copy;
    size_t ncopies;
};

KADE_API const char *custom_type_name(enum custom_type t) ATTR_RETNONNULL;
KADE_API bool custom_type_parse(const char *word, enum custom_type *out) ATTR_NONNULL;

/* Text to a value; "" is no value. currency: the shop's. RC_INVALID with *problem, one part of a
 * sentence ("is not a date ..."), when the text is none of the type's or breaks a rule. Pure. */
KADE_API enum rc custom_read(struct arena *a, const struct custom_field *f, const char *currency,
                             const char *text, struct custom_value *out,
                             const char **problem) ATTR_NONNULL ATTR_MUST_CHECK;
/* A value of the row's JSON back to the text custom_read takes; "" for null and what is none. */
struct json;
KADE_API const char *custom_write(struct arena *a, const struct custom_field *f,
                                  const struct json *value) ATTR_RETNONNULL;
/* Is the definition itself sound? *problem says what is not. Codes of choices without one are made
 * from their labels. Pure. */
KADE_API enum rc custom_check(struct arena *a, struct custom_field *f, const char *currency,
                              const char **problem) ATTR_NONNULL ATTR_MUST_CHECK;

/* ---- in the database, inside a scope -----------------------------------------------------------
 */
KADE_API enum rc custom_load(struct db *db, const char *resource,
                             struct custom_fields *out) ATTR_NONNULL ATTR_MUST_CHECK;
KADE_API const struct custom_field *custom_find(const struct custom_fields *f, const char *name);
/* Adds or changes a field by its name, inside db_tx. A type never changes once the field is there,
 * choices keep their ids by code: RC_CONFLICT when the type differs. What makes the copies of
 * values stale (is_filterable, choices) is *reindex. RC_INVALID with *problem. */
KADE_API enum rc custom_put(struct db *db, struct custom_field *f, const char *currency,
                            bool *reindex, const char **problem) ATTR_NONNULL ATTR_MUST_CHECK;
/* Takes a field away: values stay in the rows and are shown no more. RC_NOTFOUND. */
KADE_API enum rc custom_remove(struct db *db, const char *resource, const char *name,
                               int64_t now) ATTR_NONNULL ATTR_MUST_CHECK;
/* Queues the copies of one row: exactly those of the fields named (indices into f). */
struct db_pipe;
KADE_API void custom_copies_send(struct db *db, struct db_pipe *p, struct uuid entity,
                                 const struct custom_field *const *f, const struct custom_value *v,
                                 size_t n, int64_t *affected);

#endif
