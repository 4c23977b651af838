/* resource.h: one description of an entity, from which admin list, form and view, API, OpenAPI,
 * import, export, audit, custom fields and field permissions follow (architecture.md 2). The struct
 * is part of the module ABI from the start; its screens are built on top of it. */
#ifndef APP_RESOURCE_H
#define APP_RESOURCE_H

#include "app/types.h"
#include "base/id.h"

enum res_type {
    RES_TEXT,
    RES_LINES,
    RES_MARKDOWN,
    RES_INT,
    RES_DECIMAL,
    RES_MONEY,
    RES_PERCENT,
    RES_BOOL,
    RES_CHOICE,
    RES_DATE,
    RES_INSTANT,
    RES_EMAIL,
    RES_PHONE,
    RES_URL,
    RES_COLOUR,
    RES_REF,
    RES_MEDIA,
    RES_JSON,
    RES_STATE
};
enum {
    RES_REQUIRED = 1,
    RES_READONLY = 2,
    RES_LIST = 4,
    RES_SORT = 8,
    RES_FILTER = 16,
    RES_SEARCH = 32,
    RES_SECRET = 64,
    RES_TRANSLATED = 128,
    RES_API = 256,
    RES_UNIQUE = 512,
    RES_CREATE_ONLY = 1024
};

struct res_field {
    const char *name, *label, *hint;
    enum res_type type;
    unsigned flags;
    int64_t min, max;
    const char *const *choices;         /* NULL-terminated */
    const char *ref;                    /* resource name of RES_REF */
    const char *read_perm, *write_perm; /* NULL = the resource's */
};
struct res_action {
    const char *name, *label, *perm;
    bool danger;
    enum rc (*run)(struct db *, const struct uuid *ids, size_t n, int64_t *done);
};
struct res_view {
    const char *name, *label, *query;
};

struct resource {
    const char *name; /* "products": URL part of admin and API */
    const char *label, *label_many;
    const char *table; /* "shop.products" */
    const char *read_perm, *write_perm, *delete_perm;
    const char *title_field;
    const struct res_field *fields; /* ends with a zeroed entry */
    const struct res_view *views;
    const struct res_action *actions;
    const struct db_stmt *list, *get, *insert, *update, *remove;
    unsigned flags;
};

#endif
