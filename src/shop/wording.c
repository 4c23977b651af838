/* wording.c: translations of the shop's own words, by name. How pages read them is in their
 * statements; not here: texts of products (importer) and of the interface (locale/). Invariant: a
 * word that changed is on every page at the next request, for they all hang on the shell's tag. */
#include "shop/wording.h"

#include <string.h>

#include "app/audit.h"
#include "app/event.h"
#include "app/translation.h"
#include "base/str.h"
#include "base/utf8.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "platform/i18n.h"
#include "platform/json.h"
#include "shop/category.h"
#include "shop/product.h"

enum { WORDING_MOST = 5000, WORDING_PRODUCTS = 5000 };

static bool has_field(const char *resource, const char *field)
{
    static const struct {
        const char *resource, *field;
    } known[] = { { "brand", "name" },        { "brand", "description" },
                  { "category", "name" },     { "category", "description" },
                  { "attribute", "name" },    { "attribute_option", "value" },
                  { "custom_field", "label" } };
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (str_eq(known[i].resource, resource) && str_eq(known[i].field, field))
            return true;
    return str_eq(resource, "custom_field") && str_starts(field, "option_") && field[7] != '\0';
}

static const char *told(struct arena *a, const char *locale, const char *field, const char *text)
{
    struct buf b;
    struct jw w;
    buf_init(&b, a, 64 * 1024);
    jw_init(&w, &b);
    jw_object(&w);
    jw_key(&w, arena_printf(a, "%s@%s", field, locale));
    jw_text(&w, text);
    jw_end_object(&w);
    return b.p;
}

static enum rc tell(struct db *db, const char *resource, struct uuid id, int64_t now)
{
    struct shop_product_id_list found;
    if (str_eq(resource, "category"))
        return category_changed(db, id, 0);
    enum rc rc = shop_q_wording_products(db, resource, id, WORDING_PRODUCTS, &found);
    if (rc != RC_OK)
        return rc;
    struct uuid *ids = arena_array(db_arena(db), struct uuid, found.n);
    for (size_t i = 0; i < found.n; i++)
        ids[i] = found.row[i].product_id;
    rc = product_changed(db, ids, found.n, now);
    return rc == RC_OK ? event_emit(db, "words.changed", id, 0, NULL) : rc;
}

enum rc wording_put(struct db *db, const char *resource, const char *key, const char *locale,
                    const char *field, const char *text, int64_t now, bool *changed)
{
    struct arena *a = db_arena(db);
    struct shop_wording_target_maybe target;
    const char *below = "", *slash = strchr(key, '/');
    int64_t n = 0;
    *changed = false;
    if (!has_field(resource, field) || i18n_find(locale) == NULL ||
        utf8_length(text) > WORDING_MOST)
        return RC_INVALID;
    if (str_eq(resource, "attribute_option") && slash != NULL) {
        below = slash + 1;
        key = arena_strndup(a, key, (size_t)(slash - key));
    }
    enum rc rc = shop_q_wording_target(db, resource, key, below, &target);
    if (rc != RC_OK || !target.found)
        return rc != RC_OK ? rc : RC_NOTFOUND;
    struct uuid id = target.row.target_id;
    rc = *text == '\0' ? translation_remove(db, resource, id, locale, field, &n)
                       : translation_put(db, resource, id, locale, field, text, &n);
    *changed = n > 0;
    if (rc != RC_OK || n == 0)
        return rc;
    rc = audit_write(db, "translate", resource, id, NULL, told(a, locale, field, text));
    return rc == RC_OK ? tell(db, resource, id, now) : rc;
}
