/* import_save.c: saves a chunk of checked items. First it learns in a few trips what is there, then
 * all writes of all items leave in one pipeline, then lists, counters and events of the products
 * that changed. A row that cannot be (a SKU of another product) is refused here in words; what the
 * database refuses fails the transaction and the caller runs the rows one by one. */
#include "shop/import_save.h"

#include <stdlib.h>
#include <string.h>

#include "app/audit.h"
#include "base/str.h"
#include "base/time.h"
#include "base/utf8.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/json.h"
#include "shop/import_save_int.h"
#include "shop/product.h"

static void forget_maps(struct saver *s, bool again)
{
    struct map **maps[] = { &s->known,  &s->categories, &s->attributes, &s->options,
                            &s->brands, &s->media,      &s->instants };
    for (size_t i = 0; i < COUNT_OF(maps); i++) {
        if (*maps[i] != NULL)
            map_free(*maps[i], NULL);
        *maps[i] = again ? map_new() : NULL;
    }
    s->ready = false;
}

void save_open(struct saver *s)
{
    forget_maps(s, true);
    s->pictures = map_new();
    s->refs = map_new();
}

void save_forget(struct saver *s)
{
    forget_maps(s, true);
}

void save_close(struct saver *s)
{
    forget_maps(s, false);
    map_free(s->pictures, NULL);
    map_free(s->refs, NULL);
}

void save_refuse(struct work *w, const char *column, const char *reason)
{
    w->res->action = SHOP_IMPORT_REFUSED;
    w->res->column = column;
    w->res->reason = reason;
}

bool save_refused(const struct work *w)
{
    return w->res->action == SHOP_IMPORT_REFUSED || w->res->deferred;
}

/* "id:741" by the IDs of this file, anything else by SKU. NULL: an ID nobody has. */
static const char *key_of(struct saver *s, struct arena *a, const char *text)
{
    if (str_starts(text, "id:") || str_starts(text, "ID:"))
        return map_get(s->refs, str_trim(a, text + 3));
    return product_sku_norm(a, text);
}

static void learn(struct saver *s, const char *key, struct uuid product, struct uuid variant,
                  bool is_code, const char *kind)
{
    struct save_known *k = arena_new(s->home, struct save_known);
    *k = (struct save_known){ product, variant, is_code, arena_strdup(s->home, kind) };
    map_put(s->known, key, k);
}

/* What the shop has under these keys; one trip for all that are not known yet. */
static enum rc look_up(struct saver *s, struct db *db, const char **keys, size_t n)
{
    struct shop_import_found_list found;
    if (n == 0)
        return RC_OK;
    enum rc rc = shop_q_import_find(db, (struct texts){ .v = keys, .n = n }, &found);
    for (size_t i = 0; rc == RC_OK && i < found.n; i++) {
        const struct shop_import_found *f = &found.row[i];
        if (map_get(s->known, f->key) == NULL || f->is_code)
            learn(s, f->key, f->product_id, f->variant_id, f->is_code, f->kind);
    }
    return rc;
}

static enum rc look_up_items(struct saver *s, struct db *db, struct work *w, size_t n)
{
    struct arena *a = db_arena(db);
    const char **keys = arena_array(a, const char *, n * 2);
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        const struct import_item *it = w[i].it;
        if (map_get(s->known, it->sku_norm) == NULL)
            keys[k++] = it->sku_norm;
        const char *parent = it->type == ITEM_VARIATION ? key_of(s, a, it->parent) : NULL;
        if (parent != NULL && map_get(s->known, parent) == NULL)
            keys[k++] = parent;
    }
    return look_up(s, db, keys, k);
}

/* ---- what each item is about -------------------------------------------------------------------
 */
static void aim_variable(struct work *w, const struct save_known *k)
{
    w->product_level = true;
    if (k != NULL && !k->is_code) {
        save_refuse(w, "Type", "says variable, but this SKU is sold as it is in the shop");
        return;
    }
    w->new_product = k == NULL;
    w->product = k == NULL ? uuid7_new() : k->product;
}

static void aim_variation(struct saver *s, struct arena *a, struct work *w,
                          const struct save_known *k, bool last)
{
    const char *key = key_of(s, a, w->it->parent);
    const struct save_known *parent = key == NULL ? NULL : map_get(s->known, key);
    w->variant_level = true;
    if (parent == NULL) {
        w->res->deferred = !last;
        if (last)
            save_refuse(w, "Parent",
                        arena_printf(s->home, "\"%s\" is neither in this file nor in the shop",
                                     w->it->parent));
        return;
    }
    if (!parent->is_code) {
        save_refuse(w, "Parent", "names a product that has no variations");
        return;
    }
    if (k != NULL && (k->is_code || uuid_cmp(k->product, parent->product) != 0)) {
        save_refuse(w, "SKU", "belongs to another product");
        return;
    }
    w->new_variant = k == NULL;
    w->product = parent->product;
    w->variant = k == NULL ? uuid7_new() : k->variant;
}

static void aim_single(struct work *w, const struct save_known *k)
{
    w->product_level = w->variant_level = true;
    if (k != NULL && k->is_code) {
        save_refuse(w, "Type",
                    "is not variable, but the shop has a product with variations under this SKU");
        return;
    }
    if (k != NULL && str_eq(k->kind, "variable")) {
        save_refuse(w, "SKU", "is a variation of another product");
        return;
    }
    w->new_product = w->new_variant = k == NULL;
    w->product = k == NULL ? uuid7_new() : k->product;
    w->variant = k == NULL ? uuid7_new() : k->variant;
}

/* A file without types speaks of what is there: a product with variations or one of them. */
static void aim_untyped(struct work *w, const struct save_known *k)
{
    if (k->is_code)
        aim_variable(w, k);
    w->variant_level = !k->is_code;
    w->product_level = w->product_level || !str_eq(k->kind, "variable");
    w->type = k->is_code ? ITEM_VARIABLE : w->product_level ? ITEM_SIMPLE : ITEM_VARIATION;
    w->product = k->product;
    w->variant = k->variant;
}

static void aim(struct saver *s, struct arena *a, struct work *w, bool last)
{
    const struct save_known *k = map_get(s->known, w->it->sku_norm);
    w->type = w->it->type;
    if (w->it->kind == NULL && k != NULL)
        aim_untyped(w, k);
    else if (w->type == ITEM_VARIABLE)
        aim_variable(w, k);
    else if (w->type == ITEM_VARIATION)
        aim_variation(s, a, w, k, last);
    else
        aim_single(w, k);
    if (!save_refused(w) && w->new_product && w->it->name == NULL)
        save_refuse(w, "Name", "is not in this file, and the shop has no such product yet");
    if (save_refused(w))
        return;
    w->res->has_product = true;
    w->res->product = w->product;
    w->res->variant = w->variant;
    if (w->new_product && w->type == ITEM_VARIABLE)
        learn(s, w->it->sku_norm, w->product, w->variant, true, "variable");
    else if (w->new_variant)
        learn(s, w->it->sku_norm, w->product, w->variant, false,
              w->type == ITEM_VARIATION ? "variable"
              : w->it->kind != NULL     ? w->it->kind
                                        : "simple");
}

/* ---- sending -----------------------------------------------------------------------------------
 */
int64_t *row_count(struct work *w)
{
    return &w->rows[w->nrows++];
}
struct shop_counted *counter(struct work *w)
{
    return &w->counted[w->ncounted++];
}

static int cmp_text(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

/* The options that pick this variant, and their canonical key. */
static enum rc send_options(struct saver *s, struct db *db, struct db_pipe *p, struct work *w,
                            const char **options_key)
{
    struct arena *a = db_arena(db);
    const struct import_item *it = w->it;
    struct uuid *attrs = arena_array(a, struct uuid, it->nattrs);
    struct uuid *opts = arena_array(a, struct uuid, it->nattrs);
    const char **names = arena_array(a, const char *, it->nattrs);
    size_t n = 0;
    for (size_t i = 0; i < it->nattrs; i++) {
        if (it->attr[i].values.n == 0)
            continue;
        struct ref_attr attr;
        enum rc rc = ref_attribute(s, db, &it->attr[i], &attr);
        if (rc == RC_OK)
            rc = ref_option(s, db, &attr, it->attr[i].name, it->attr[i].values.v[0], &opts[n]);
        if (rc != RC_OK)
            return rc;
        attrs[n] = attr.id;
        names[n] = uuid_str(a, opts[n]);
        n++;
    }
    qsort(names, n, sizeof(*names), cmp_text);
    char *key = arena_strdup(a, "");
    for (size_t i = 0; i < n && i < 24; i++)
        key = arena_printf(a, "%s%s%s", key, i > 0 ? "," : "", names[i]);
    *options_key = key;
    shop_q_import_variant_options_send(p, w->variant, (struct uuids){ attrs, n },
                                       (struct uuids){ opts, n }, counter(w));
    return RC_OK;
}

static bool is_chosen(const struct item_attr *at, const char *value)
{
    return at->chosen.n > 0 && str_ieq(at->chosen.v[0], value);
}

static enum rc send_values(struct saver *s, struct db *db, struct db_pipe *p, struct work *w)
{
    struct arena *a = db_arena(db);
    const struct import_item *it = w->it;
    size_t most = 0, n = 0;
    for (size_t i = 0; i < it->nattrs; i++)
        most += it->attr[i].values.n;
    struct uuid *attrs = arena_array(a, struct uuid, most),
                *opts = arena_array(a, struct uuid, most);
    int32_t *place = arena_array(a, int32_t, most);
    const char **text = arena_array(a, const char *, most);
    bool *shown = arena_array(a, bool, most), *chosen = arena_array(a, bool, most);
    for (size_t i = 0; i < it->nattrs; i++) {
        const struct item_attr *at = &it->attr[i];
        struct ref_attr attr;
        enum rc rc = ref_attribute(s, db, at, &attr);
        for (size_t k = 0; rc == RC_OK && k < at->values.n; k++, n++) {
            if (attr.is_text)
                text[n] = at->values.v[k];
            else
                rc = ref_option(s, db, &attr, at->name, at->values.v[k], &opts[n]);
            attrs[n] = attr.id;
            place[n] = (int32_t)k;
            shown[n] = at->shown;
            chosen[n] = !attr.is_text && is_chosen(at, at->values.v[k]);
        }
        if (rc != RC_OK)
            return rc;
    }
    shop_q_import_product_values_send(p, w->product, (struct uuids){ attrs, n },
                                      (struct int4s){ place, n }, (struct uuids){ opts, n },
                                      (struct texts){ text, n }, (struct bools){ shown, n },
                                      (struct bools){ chosen, n }, counter(w));
    return RC_OK;
}

static enum rc send_categories(struct saver *s, struct db *db, struct db_pipe *p, struct work *w,
                               struct uuid *first)
{
    const struct import_item *it = w->it;
    struct uuid *ids = arena_array(db_arena(db), struct uuid, it->npaths);
    size_t n = 0;
    for (size_t i = 0; i < it->npaths; i++) {
        struct uuid id;
        enum rc rc = ref_category(s, db, &it->path[i], &id);
        if (rc != RC_OK)
            return rc;
        bool there = false;
        for (size_t k = 0; k < n; k++)
            there |= uuid_cmp(ids[k], id) == 0;
        if (!there)
            ids[n++] = id;
    }
    if (n > 0)
        *first = ids[0];
    shop_q_import_product_categories_send(p, w->product, (struct uuids){ ids, n }, counter(w));
    return RC_OK;
}

static enum rc send_media(struct saver *s, struct db *db, struct db_pipe *p, struct work *w)
{
    const struct import_item *it = w->it;
    struct uuid *ids = arena_array(db_arena(db), struct uuid, it->images.n);
    size_t n = 0;
    for (size_t i = 0; i < it->images.n; i++) {
        bool ok;
        enum rc rc = ref_media(s, db, it->images.v[i], "", &ok, &ids[n]);
        if (rc != RC_OK)
            return rc;
        n += ok;
    }
    shop_q_import_product_media_send(p, w->product, w->product_level ? NULL : &w->variant,
                                     (struct uuids){ ids, n }, counter(w));
    return RC_OK;
}

static void send_tags(struct db *db, struct db_pipe *p, struct work *w)
{
    struct arena *a = db_arena(db);
    const struct item_list *t = &w->it->tags;
    const char **norm = arena_array(a, const char *, t->n),
               **tag = arena_array(a, const char *, t->n);
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        char *slug = utf8_slug(a, t->v[i]);
        bool there = *slug == '\0';
        for (size_t k = 0; k < n; k++)
            there |= str_eq(norm[k], slug);
        if (there)
            continue;
        norm[n] = slug;
        tag[n++] = t->v[i];
    }
    shop_q_import_product_tags_send(p, w->product, (struct texts){ norm, n },
                                    (struct texts){ tag, n }, counter(w));
}

static enum rc send_product(struct saver *s, struct db *db, struct db_pipe *p, struct work *w)
{
    const struct import_item *it = w->it;
    struct uuid brand, category;
    bool has_brand = !str_empty(it->brand), has_category = it->npaths > 0;
    enum rc rc = RC_OK;
    const char *slug;
    if (w->new_product) {
        slug = w->slug;
        if (slug == NULL)
            rc = ref_slug(s, db, "product", it->name, it->sku, w->product, &slug);
        if (rc != RC_OK)
            return rc;
        shop_q_import_product_add_send(
            p, w->product, it->kind != NULL && w->type != ITEM_EXTERNAL ? it->kind : "simple",
            w->type == ITEM_VARIABLE ? it->sku_norm : NULL, it->name, slug, NULL);
    }
    if (has_brand)
        rc = ref_brand(s, db, it->brand, &brand);
    if (rc == RC_OK && it->paths_given)
        rc = send_categories(s, db, p, w, &category);
    if (rc == RC_OK && it->attrs_given)
        rc = send_values(s, db, p, w);
    if (rc == RC_OK && it->images.given)
        rc = send_media(s, db, p, w);
    if (rc != RC_OK)
        return rc;
    if (it->tags.given)
        send_tags(db, p, w);
    shop_q_import_product_set_send(p, w->product, it->kind, it->name, it->summary, it->description,
                                   it->status != NULL ? it->status
                                   : w->new_product   ? "active"
                                                      : NULL,
                                   it->visibility, it->is_featured, it->allows_reviews,
                                   it->position, it->tax_class, it->shipping_class,
                                   it->external_url, it->external_label, it->purchase_note,
                                   has_brand ? &brand : NULL, it->brand != NULL,
                                   has_category ? &category : NULL, it->paths_given, row_count(w));
    return send_product_more(s, db, p, w);
}

static enum rc send_prices(struct saver *s, struct db *db, struct db_pipe *p, struct work *w)
{
    const struct import_item *it = w->it;
    struct uuid base = s->basics.base_list_id, sale = s->basics.sale_list_id;
    int64_t from = INSTANT_MIN, until = INSTANT_MAX;
    enum rc rc = RC_OK;
    if (it->has_regular)
        shop_q_price_put_send(p, base, w->variant, it->regular, INSTANT_MIN, INSTANT_MAX,
                              row_count(w));
    else
        shop_q_price_clear_send(p, base, w->variant, NULL, row_count(w));
    if (it->has_sale && it->sale_from != NULL)
        rc = ref_instant(s, db, it->sale_from, &from);
    if (rc == RC_OK && it->has_sale && it->sale_until != NULL)
        rc = ref_instant(s, db, it->sale_until, &until);
    if (rc != RC_OK)
        return rc;
    shop_q_price_clear_send(p, sale, w->variant, it->has_sale ? &from : NULL, row_count(w));
    if (it->has_sale)
        shop_q_price_put_send(p, sale, w->variant, it->sale, from, until, row_count(w));
    if (it->has_sale)
        shop_q_price_lowest_send(p, w->variant, s->now, NULL);
    return RC_OK;
}

static enum rc send_variant(struct saver *s, struct db *db, struct db_pipe *p, struct work *w)
{
    const struct import_item *it = w->it;
    const char *options_key = NULL;
    bool variation = w->type == ITEM_VARIATION;
    enum rc rc = RC_OK;
    if (w->new_variant)
        shop_q_import_variant_add_send(p, w->variant, w->product, it->sku, it->sku_norm,
                                       arena_printf(db_arena(db), "new:%s", it->sku_norm), NULL);
    if (variation && it->attrs_given)
        rc = send_options(s, db, p, w, &options_key);
    if (rc != RC_OK)
        return rc;
    bool *active = arena_new(db_arena(db), bool);
    *active = !str_eq(it->status, "draft");
    shop_q_import_variant_set_send(
        p, w->variant, it->sku, it->barcode, variation ? options_key : "",
        it->stock_given ? it->stock_policy : NULL, it->weight_g, it->length_mm, it->width_mm,
        it->height_mm, it->max_quantity, variation && it->status != NULL ? active : NULL,
        variation ? it->position : NULL, it->min_quantity, it->unit, it->price_quantity,
        row_count(w));
    if (it->prices_given && !w->has_lists)
        rc = send_prices(s, db, p, w);
    if (rc == RC_OK && it->stock_given && str_eq(it->stock_policy, "tracked")) {
        shop_q_stock_ensure_send(p, w->variant, s->basics.warehouse_id, NULL);
        shop_q_stock_count_send(p, w->variant, s->basics.warehouse_id, it->on_hand,
                                it->backorder_limit, it->reorder_point, "import", uuid7_new(),
                                counter(w));
    }
    if (rc == RC_OK && variation && it->images.given)
        rc = send_media(s, db, p, w);
    return rc == RC_OK ? send_variant_more(s, db, p, w) : rc;
}

static enum rc send_all(struct saver *s, struct db *db, struct work *w, size_t n)
{
    struct db_pipe *p = db_pipe(db);
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        if (!save_refused(&w[i]) && w[i].product_level)
            rc = send_product(s, db, p, &w[i]);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        if (!save_refused(&w[i]) && w[i].variant_level)
            rc = send_variant(s, db, p, &w[i]);
    return rc == RC_OK ? db_pipe_run(p) : rc;
}

static void conclude(struct work *w)
{
    int64_t changed = 0;
    for (size_t i = 0; i < w->nrows; i++)
        changed += w->rows[i];
    for (size_t i = 0; i < w->ncounted; i++)
        changed += w->counted[i].n;
    w->res->action = w->new_product || w->new_variant ? SHOP_IMPORT_CREATED
                     : changed > 0                    ? SHOP_IMPORT_UPDATED
                                                      : SHOP_IMPORT_UNCHANGED;
}

/* Who brought what in: one line of audit a row that changed something; the file keeps the values.
 */
static enum rc audit_all(struct db *db, const struct work *w, size_t n)
{
    struct arena *a = db_arena(db);
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        if (save_refused(&w[i]) || w[i].res->action == SHOP_IMPORT_UNCHANGED)
            continue;
        struct buf b;
        struct jw j;
        buf_init(&b, a, 4096);
        jw_init(&j, &b);
        jw_object(&j);
        jw_key(&j, "sku");
        jw_text(&j, w[i].it->sku);
        jw_key(&j, "line");
        jw_int(&j, (int64_t)w[i].it->line);
        jw_end_object(&j);
        rc = audit_write(
            db, w[i].res->action == SHOP_IMPORT_CREATED ? "import.create" : "import.update",
            w[i].product_level ? "product" : "variant",
            w[i].product_level ? w[i].product : w[i].variant, NULL, b.p);
    }
    return rc;
}

enum rc save_items(struct saver *s, struct db *db, const struct import_item *items, size_t n,
                   bool last, struct save_result *res)
{
    struct arena *a = db_arena(db);
    struct work *w = arena_array(a, struct work, n);
    struct uuid *changed = arena_array(a, struct uuid, n);
    size_t nchanged = 0;
    enum rc rc = s->ready ? RC_OK : shop_tenant_ready(db, s->currency, &s->basics);
    for (size_t i = 0; i < n; i++) {
        res[i] = (struct save_result){ .action = SHOP_IMPORT_UNCHANGED };
        w[i] = (struct work){ .it = &items[i], .res = &res[i] };
    }
    s->ready = rc == RC_OK;
    if (rc == RC_OK)
        rc = look_up_items(s, db, w, n);
    /* Products first, so that a variation finds its product wherever it stands in the chunk. */
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        if (items[i].type != ITEM_VARIATION)
            aim(s, a, &w[i], last);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        if (items[i].type == ITEM_VARIATION)
            aim(s, a, &w[i], last);
    if (rc == RC_OK)
        rc = save_judge(s, db, w, n);
    if (rc == RC_OK)
        rc = send_all(s, db, w, n);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < n; i++) {
        if (save_refused(&w[i]))
            continue;
        conclude(&w[i]);
        if (res[i].action != SHOP_IMPORT_UNCHANGED)
            changed[nchanged++] = w[i].product;
    }
    if (s->dry)
        return RC_OK;
    rc = audit_all(db, w, n);
    return rc == RC_OK ? product_changed(db, changed, nchanged, s->now) : rc;
}

/* ---- relations ---------------------------------------------------------------------------------
 */
/* Ids of the products a list names; *missing the first that nobody has. */
static enum rc named(struct saver *s, struct db *db, const struct item_list *l, struct uuids *out,
                     const char **missing)
{
    struct arena *a = db_arena(db);
    const char **keys = arena_array(a, const char *, l->n);
    struct uuid *ids = arena_array(a, struct uuid, l->n);
    size_t n = 0, unknown = 0;
    for (size_t i = 0; i < l->n; i++) {
        const char *key = key_of(s, a, l->v[i]);
        if (key != NULL && map_get(s->known, key) == NULL)
            keys[unknown++] = key;
    }
    enum rc rc = look_up(s, db, keys, unknown);
    for (size_t i = 0; rc == RC_OK && i < l->n; i++) {
        const char *key = key_of(s, a, l->v[i]);
        const struct save_known *k = key == NULL ? NULL : map_get(s->known, key);
        if (k != NULL)
            ids[n++] = k->product;
        else if (*missing == NULL)
            *missing = l->v[i];
    }
    *out = (struct uuids){ ids, n };
    return rc;
}

/* A part is a variant by its SKU, or the first one of a product; a bundle is never a part. */
static enum rc save_parts(struct saver *s, struct db *db, const struct import_item *it,
                          const struct save_result *of, int64_t *n, const char **missing)
{
    struct uuids products;
    struct shop_import_first_variant_list first;
    struct shop_counted done;
    struct arena *a = db_arena(db);
    enum rc rc = named(s, db, &it->grouped, &products, missing);
    if (rc == RC_OK)
        rc = shop_q_import_first_variants(db, products, &first);
    if (rc != RC_OK)
        return rc;
    struct uuid *parts = arena_array(a, struct uuid, it->grouped.n);
    int32_t *quantity = arena_array(a, int32_t, it->grouped.n);
    size_t k = 0;
    for (size_t i = 0; i < it->grouped.n; i++) { /* in the order of the file */
        const char *key = key_of(s, a, it->grouped.v[i]);
        const struct save_known *part = key == NULL ? NULL : map_get(s->known, key);
        if (part == NULL)
            continue;
        if (str_eq(part->kind, "bundle")) {
            *missing = *missing != NULL ? *missing : it->grouped.v[i];
            continue;
        }
        parts[k] = part->variant;
        for (size_t j = 0; part->is_code && j < first.n; j++)
            if (uuid_cmp(first.row[j].product_id, part->product) == 0)
                parts[k] = first.row[j].variant_id;
        quantity[k] = it->part_quantity[i];
        k += !uuid_is_nil(parts[k]);
    }
    rc = shop_q_import_parts(db, of->variant, (struct uuids){ parts, k },
                             (struct int4s){ quantity, k }, &done);
    *n += rc == RC_OK ? done.n : 0;
    return rc;
}

enum rc save_relations(struct saver *s, struct db *db, const struct import_item *it,
                       const struct save_result *of, bool *changed, const char **missing)
{
    const struct {
        const struct item_list *list;
        const char *kind;
    } kinds[] = { { &it->upsells, "upsell" },
                  { &it->cross, "cross" },
                  { &it->related, "related" } };
    int64_t n = 0;
    enum rc rc = RC_OK;
    *missing = NULL;
    for (size_t i = 0; rc == RC_OK && i < COUNT_OF(kinds); i++) {
        struct uuids others;
        struct shop_counted done;
        if (!kinds[i].list->given)
            continue;
        rc = named(s, db, kinds[i].list, &others, missing);
        if (rc == RC_OK)
            rc = shop_q_import_relations(db, of->product, kinds[i].kind, others, &done);
        n += rc == RC_OK ? done.n : 0;
    }
    if (rc == RC_OK && it->type == ITEM_GROUPED && it->grouped.given)
        rc = save_parts(s, db, it, of, &n, missing);
    *changed = n > 0;
    if (rc == RC_OK && n > 0 && !s->dry)
        rc = product_changed(db, &of->product, 1, s->now);
    return rc;
}
