/* form.h: forms as data. The framework decodes (urlencoded, multipart), bounds, cleans (UTF-8,
 * NFC), rejects unknown and duplicate keys, fills the struct; the handler only ever sees a valid
 * one. On failure the spec's page is rendered again as 422 with the values kept and an error per
 * field. */
#ifndef APP_FORM_H
#define APP_FORM_H

#include <stddef.h>

#include "app/module.h"
#include "app/types.h"

enum form_type {
    F_TEXT,     /* const char *; one line */
    F_LINES,    /* const char *; several lines */
    F_INT,      /* int64_t in min..max */
    F_BOOL,     /* bool; absent = false; "1" "on" "true" = true */
    F_ID,       /* struct uuid */
    F_SLUG,     /* const char *: letters, digits, hyphens of utf8_slug */
    F_EMAIL,    /* const char *: normalised (lower case, domain to ASCII by IDNA) */
    F_PASSWORD, /* const char *: never trimmed, never echoed */
    F_CHOICE,   /* const char * of choices */
    F_MONEY,    /* int64_t minor units of the request's currency, parsed by locale */
    F_PHONE,    /* const char *: digits, +, spaces; normalised later by country */
    F_TOKEN,    /* const char *: base64url */
    F_FILE,     /* const struct req_file * */
    F_LIST,     /* struct texts: a repeated key, at most max entries */
    F_PATH      /* const char *: an inside path */
};

struct form_field {
    const char *name; /* snake_case, as in the HTML */
    enum form_type type;
    size_t offset;
    bool required, trim_off; /* text is trimmed unless trim_off */
    int64_t min,
        max; /* length in code points for text (max 0 = 200), value for F_INT, bytes for F_FILE */
    const char *const *choices;
    const char *label; /* N_("E-mail"), for messages */
    const char *pattern_hint;
};
#define FIELD(T, m, ty, ...)                                                                       \
    {                                                                                              \
        .name = #m, .type = (ty), .offset = offsetof(T, m), __VA_ARGS__                            \
    }

struct form_spec {
    const char *name;                /* "wishlist.add" */
    const struct form_field *fields; /* ends with a zeroed entry */
    size_t size;                     /* of the struct */
    app_handler *page;  /* renders the form again on failure; NULL: generic error page */
    bool allow_unknown; /* GET filters: unknown keys are ignored, reported by form_unknown */
};

/* Fields every POST may carry besides its own: csrf, next. Absent optional fields: text "", id nil,
 * number and money 0, bool false, list empty, file NULL. Where GET filters (allow_unknown) hold a
 * bad value the handler still runs, with that field as if absent and its form_error set. */

/* After a failure (or in page when called as GET): the error of a field, NULL when none. */
KADE_API const char *form_error(const struct req *r, const char *field);
KADE_API bool form_failed(const struct req *r);
/* What the person typed, for re-display; "" when nothing; passwords never. */
KADE_API const char *form_value(const struct req *r, const char *field);
/* The first key that is no field of an allow_unknown form; NULL none. */
KADE_API const char *form_unknown(const struct req *r);
/* A handler's own finding about a field (email taken); then return form_refuse(r). */
KADE_API void form_set_error(struct req *r, const char *field, const char *message);
KADE_API enum rc form_refuse(struct req *r) ATTR_MUST_CHECK; /* renders spec->page as 422 */
/* Fills page variables: <FIELD>_VALUE, <FIELD>_ERROR and section <FIELD>_INVALID for each field,
 * and rows FORM_ERROR {FIELD, MESSAGE} of the summary, inside section FORM_ERRORS (shown when there
 * is one). */
KADE_API void form_bind(struct req *r, struct tpl *page, const struct form_spec *spec);

/* Pure parser, fuzzed: body or query to pairs. RC_INVALID bad escape, NUL, UTF-8; RC_LIMIT too many
 * (1000). */
struct form_pair {
    const char *key, *value;
};
KADE_API enum rc form_decode(struct arena *a, const char *p, size_t n, struct form_pair **out,
                             size_t *count) ATTR_MUST_CHECK;
/* The same for addresses of lists: what cannot be read is left out and counted, and so is what
 * comes after the thousandth. */
KADE_API void form_decode_some(struct arena *a, const char *p, size_t n, struct form_pair **out,
                               size_t *count, size_t *left_out);

#endif
