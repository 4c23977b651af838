/* category.c: changes of the category tree. The closure follows by its trigger, which refuses a
 * ring; lists and counters of the products below follow here, in the same transaction. Not here:
 * reading the tree for pages. */
#include "shop/category.h"

#include "app/audit.h"
#include "app/event.h"
#include "base/str.h"
#include "base/utf8.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "platform/json.h"
#include "shop/product.h"

enum rc category_changed(struct db *db, struct uuid id, int64_t version)
{
    return event_emit(db, "category.changed", id, version, NULL);
}

static enum rc why_nothing(struct db *db, struct uuid id)
{
    struct shop_exists there;
    enum rc rc = shop_q_category_exists(db, id, &there);
    if (rc != RC_OK)
        return rc;
    return there.yes ? RC_CONFLICT : RC_NOTFOUND;
}

static const char *named(struct db *db, const char *name, const char *slug)
{
    struct buf b;
    struct jw w;
    buf_init(&b, db_arena(db), 16 * 1024);
    jw_init(&w, &b);
    jw_object(&w);
    jw_key(&w, "name");
    jw_text(&w, name);
    jw_key(&w, "slug");
    jw_text(&w, slug);
    jw_end_object(&w);
    return b.p;
}

static const char *placed(struct db *db, const struct uuid *parent)
{
    struct arena *a = db_arena(db);
    return parent != NULL ? arena_printf(a, "{\"parent_id\":\"%s\"}", uuid_str(a, *parent))
                          : "{\"parent_id\":null}";
}

enum rc category_rename(struct db *db, struct uuid id, int32_t version, const char *name,
                        const char *slug)
{
    int64_t n = 0;
    struct shop_category_state_maybe was;
    enum rc rc = shop_q_category_state(db, id, &was);
    if (rc != RC_OK || !was.found)
        return rc != RC_OK ? rc : RC_NOTFOUND;
    rc = shop_q_slug_take(db, "category", slug, id, &n);
    if (rc != RC_OK)
        return rc;
    if (n == 0)
        return RC_CONFLICT;
    rc = shop_q_category_set_name(db, id, version, name, utf8_fold(db_arena(db), name), slug, &n);
    if (rc != RC_OK)
        return rc;
    if (n == 0)
        return why_nothing(db, id);
    rc = shop_q_slug_retire(db, "category", slug, id, NULL);
    if (rc == RC_OK)
        rc = audit_write(db, "rename", "category", id, named(db, was.row.name, was.row.slug),
                         named(db, name, slug));
    return rc == RC_OK ? category_changed(db, id, version + 1) : rc;
}

enum rc category_move(struct db *db, struct uuid id, int32_t version, const struct uuid *parent,
                      int64_t now)
{
    int64_t n = 0;
    struct shop_product_id_list below;
    struct shop_category_state_maybe was;
    enum rc rc = shop_q_category_state(db, id, &was);
    if (rc == RC_OK)
        rc = shop_q_category_set_parent(db, id, version, parent, &n);
    if (rc != RC_OK)
        return rc;
    if (n == 0 || !was.found)
        return why_nothing(db, id);
    rc = audit_write(db, "move", "category", id,
                     placed(db, was.row.has_parent_id ? &was.row.parent_id : NULL),
                     placed(db, parent));
    if (rc != RC_OK)
        return rc;
    rc = shop_q_category_below(db, id, &below);
    if (rc != RC_OK)
        return rc;
    struct uuid *ids = arena_array(db_arena(db), struct uuid, below.n);
    for (size_t i = 0; i < below.n; i++)
        ids[i] = below.row[i].product_id;
    rc = product_changed(db, ids, below.n, now);
    return rc == RC_OK ? category_changed(db, id, version + 1) : rc;
}
