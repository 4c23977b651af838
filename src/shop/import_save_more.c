/* import_save_more.c: saving what only our own format says: custom values, texts in other
 * languages, whole price lists, stock by warehouse, addresses, windows, downloads. First a row is
 * judged with what the shop knows, so that it is refused in words before anything of it is written;
 * then its statements join the pipeline of the chunk. */
#include <string.h>

#include "base/money.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/app_q.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "shop/import_save_int.h"
#include "shop/product_custom.h"

/* What the shop has, read once a chunk and only when a row asks for it. */
struct facts {
    struct custom_fields fields;
    struct shop_priced_in_list lists;
    struct shop_import_warehouse_list warehouses;
    struct shop_import_type_list types;
    bool has_fields, has_lists, has_warehouses, has_types;
};

static enum rc learn_facts(struct db *db, const struct work *w, size_t n, struct facts *f)
{
    bool fields = false, lists = false, warehouses = false, types = false;
    for (size_t i = 0; i < n; i++) {
        fields |= w[i].it->ncustoms > 0 || w[i].new_product;
        lists |= w[i].it->nprices > 0;
        warehouses |= w[i].it->nstocks > 0;
        types |= !str_empty(w[i].it->product_type);
    }
    enum rc rc = fields ? custom_load(db, "product", &f->fields) : RC_OK;
    if (rc == RC_OK && lists)
        rc = shop_q_import_lists(db, &f->lists);
    if (rc == RC_OK && warehouses)
        rc = shop_q_import_warehouses(db, &f->warehouses);
    if (rc == RC_OK && types)
        rc = shop_q_import_types(db, &f->types);
    return rc;
}

/* ---- judging -----------------------------------------------------------------------------------
 */
static void take_value(struct work *w, const struct custom_field *f, const struct custom_value *v)
{
    w->field[w->nvalues] = f;
    w->value[w->nvalues++] = *v;
}

/* The values of a row, and for a new product the defaults of fields the file does not name. */
static void judge_custom(struct saver *s, struct arena *a, const struct facts *f, struct work *w)
{
    const struct import_item *it = w->it;
    const char *problem = NULL;
    w->field = arena_array(a, const struct custom_field *, it->ncustoms + f->fields.n);
    w->value = arena_array(a, struct custom_value, it->ncustoms + f->fields.n);
    for (size_t i = 0; i < it->ncustoms; i++) {
        const struct item_custom *c = &it->custom[i];
        const struct custom_field *field = custom_find(&f->fields, c->name);
        struct custom_value v;
        if (field == NULL) {
            if (*c->text == '\0')
                continue;
            save_refuse(w, c->column, "names no field of the shop's products: see kade field add");
            return;
        }
        if (custom_read(a, field, s->currency, c->text, &v, &problem) != RC_OK) {
            save_refuse(w, arena_strdup(s->home, c->column), arena_strdup(s->home, problem));
            return;
        }
        take_value(w, field, &v);
    }
    for (size_t i = 0; w->new_product && i < f->fields.n; i++) {
        const struct custom_field *field = &f->fields.v[i];
        struct custom_value v;
        bool named = str_empty(field->preset);
        for (size_t k = 0; k < w->nvalues && !named; k++)
            named = w->field[k] == field;
        if (!named && custom_read(a, field, s->currency, field->preset, &v, &problem) == RC_OK)
            take_value(w, field, &v);
    }
}

static const struct shop_priced_in *list_of(const struct facts *f, const char *code)
{
    for (size_t i = 0; i < f->lists.n; i++)
        if (str_eq(f->lists.row[i].code, code))
            return &f->lists.row[i];
    return NULL;
}

static bool add_price(struct work_list *l, int32_t quantity, int64_t amount, int64_t from,
                      int64_t until)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->quantity[i] == quantity && l->from[i] == from)
            return false;
    l->quantity[l->n] = quantity;
    l->amount[l->n] = amount;
    l->from[l->n] = from;
    l->until[l->n++] = until;
    return true;
}

static struct work_list *new_list(struct arena *a, struct work *w, struct uuid id, size_t most)
{
    struct work_list *l = &w->list[w->nlists++];
    *l = (struct work_list){ .id = id,
                             .quantity = arena_array(a, int32_t, most),
                             .from = arena_array(a, int64_t, most),
                             .until = arena_array(a, int64_t, most),
                             .amount = arena_array(a, int64_t, most) };
    return l;
}

/* The price and the sale of the plain columns are rows of the lists base and sale, too. */
static enum rc plain_prices(struct saver *s, struct db *db, struct work *w, struct work_list *l,
                            bool is_sale)
{
    const struct import_item *it = w->it;
    int64_t from = INSTANT_MIN, until = INSTANT_MAX;
    enum rc rc = RC_OK;
    if (!it->prices_given || !(is_sale ? it->has_sale : it->has_regular))
        return RC_OK;
    if (is_sale && it->sale_from != NULL)
        rc = ref_instant(s, db, it->sale_from, &from);
    if (rc == RC_OK && is_sale && it->sale_until != NULL)
        rc = ref_instant(s, db, it->sale_until, &until);
    if (rc == RC_OK)
        (void)add_price(l, 1, is_sale ? it->sale : it->regular, from, until);
    return rc;
}

static enum rc judge_lists(struct saver *s, struct db *db, const struct facts *f, struct work *w)
{
    struct arena *a = db_arena(db);
    const struct import_item *it = w->it;
    bool seen_base = false, seen_sale = false;
    enum rc rc = RC_OK;
    w->list = arena_array(a, struct work_list, it->nprices + 2);
    w->has_lists = it->nprices > 0 && w->variant_level;
    for (size_t i = 0; rc == RC_OK && i < it->nprices && w->has_lists; i++) {
        const struct item_prices *p = &it->prices[i];
        const struct shop_priced_in *list = list_of(f, p->code);
        const struct currency *c = list != NULL ? currency_find(list->currency) : NULL;
        if (c == NULL && p->n == 0)
            continue;
        if (c == NULL) {
            save_refuse(w, arena_strdup(s->home, p->column), "names no price list of the shop");
            return RC_OK;
        }
        struct work_list *l = new_list(a, w, list->id, p->n + 1);
        bool base = str_eq(p->code, "base"), sale = str_eq(p->code, "sale");
        seen_base |= base;
        seen_sale |= sale;
        if (base || sale)
            rc = plain_prices(s, db, w, l, sale);
        for (size_t k = 0; rc == RC_OK && k < p->n; k++) {
            int64_t amount;
            if (money_parse(p->v[k].amount, c, &amount) != RC_OK || amount < 0 ||
                amount % currency_step(c) != 0) {
                save_refuse(
                    w, arena_strdup(s->home, p->column),
                    arena_printf(s->home, "\"%s\" is no amount in %s", p->v[k].amount, c->code));
                return RC_OK;
            }
            if (!add_price(l, p->v[k].min_quantity, amount, p->v[k].from, p->v[k].until)) {
                save_refuse(w, arena_strdup(s->home, p->column),
                            "has two prices from the same quantity and instant on");
                return RC_OK;
            }
        }
    }
    /* The plain columns speak for their list where no other column does. */
    if (rc == RC_OK && w->has_lists && it->prices_given && !seen_base)
        rc = plain_prices(s, db, w, new_list(a, w, s->basics.base_list_id, 1), false);
    if (rc == RC_OK && w->has_lists && it->prices_given && !seen_sale)
        rc = plain_prices(s, db, w, new_list(a, w, s->basics.sale_list_id, 1), true);
    return rc;
}

static void judge_codes(struct saver *s, const struct facts *f, struct work *w)
{
    const struct import_item *it = w->it;
    w->has_type = it->product_type != NULL && w->product_level;
    for (size_t i = 0; i < f->types.n && !str_empty(it->product_type); i++)
        if (str_eq(f->types.row[i].code, it->product_type))
            w->type_id = &f->types.row[i].id;
    if (!str_empty(it->product_type) && w->type_id == NULL) {
        save_refuse(w, "product_type", "names no product type of the shop");
        return;
    }
    for (size_t i = 0; i < it->nstocks; i++) {
        bool known = !it->stock[i].has;
        for (size_t k = 0; k < f->warehouses.n && !known; k++)
            known = str_eq(f->warehouses.row[k].code, it->stock[i].code);
        if (!known)
            save_refuse(w, arena_strdup(s->home, it->stock[i].column),
                        "names no warehouse of the shop");
    }
}

/* The address the file gives: taken now, or the row is refused. */
static enum rc judge_slug(struct db *db, struct work *w)
{
    struct shop_product_state_maybe was = { 0 };
    int64_t n = 0;
    enum rc rc = RC_OK;
    if (str_empty(w->it->slug) || !w->product_level)
        return RC_OK;
    if (!w->new_product)
        rc = shop_q_product_state(db, w->product, &was);
    if (rc != RC_OK || (was.found && str_eq(was.row.slug, w->it->slug)))
        return rc;
    rc = shop_q_slug_take(db, "product", w->it->slug, w->product, &n);
    if (rc == RC_OK && n == 0)
        save_refuse(w, "slug", "is, or was, the address of another product");
    else if (rc == RC_OK)
        w->slug = w->it->slug;
    return rc;
}

enum rc save_judge(struct saver *s, struct db *db, struct work *w, size_t n)
{
    struct facts *f = arena_new(db_arena(db), struct facts);
    enum rc rc = learn_facts(db, w, n, f);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        if (save_refused(&w[i]))
            continue;
        judge_codes(s, f, &w[i]);
        if (!save_refused(&w[i]) && w[i].product_level)
            judge_custom(s, db_arena(db), f, &w[i]);
        if (!save_refused(&w[i]))
            rc = judge_lists(s, db, f, &w[i]);
        if (rc == RC_OK && !save_refused(&w[i]))
            rc = judge_slug(db, &w[i]);
    }
    return rc;
}

/* ---- sending -----------------------------------------------------------------------------------
 */
static void send_texts(struct db *db, struct db_pipe *p, struct work *w)
{
    struct arena *a = db_arena(db);
    const struct import_item *it = w->it;
    const char **locale = arena_array(a, const char *, it->ntexts),
               **field = arena_array(a, const char *, it->ntexts),
               **value = arena_array(a, const char *, it->ntexts);
    for (size_t i = 0; i < it->ntexts; i++) {
        locale[i] = it->text[i].locale;
        field[i] = it->text[i].field;
        value[i] = it->text[i].value;
    }
    struct texts l = { locale, it->ntexts }, f = { field, it->ntexts }, v = { value, it->ntexts };
    app_q_translations_set_send(p, "product", w->product, l, f, v, row_count(w));
    app_q_translations_drop_send(p, "product", w->product, l, f, v, row_count(w));
}

static void send_downloads(struct db *db, struct db_pipe *p, struct work *w)
{
    const struct import_item *it = w->it;
    const char **name = arena_array(db_arena(db), const char *, it->ndownloads),
               **url = arena_array(db_arena(db), const char *, it->ndownloads);
    for (size_t i = 0; i < it->ndownloads; i++) {
        name[i] = it->download[i].name;
        url[i] = it->download[i].url;
    }
    shop_q_import_downloads_send(p, w->product, (struct texts){ name, it->ndownloads },
                                 (struct texts){ url, it->ndownloads }, counter(w));
}

/* "" is open. NULL result: the file does not say. */
static enum rc edge(struct saver *s, struct db *db, const char *text, int64_t open,
                    const int64_t **out)
{
    *out = NULL;
    if (text == NULL)
        return RC_OK;
    int64_t *at = arena_new(db_arena(db), int64_t);
    *at = open;
    *out = at;
    return *text != '\0' ? ref_instant(s, db, text, at) : RC_OK;
}

/* Lists of other products that the file empties; filled ones wait until all products are there. */
static void send_emptied(struct db_pipe *p, struct work *w)
{
    const struct import_item *it = w->it;
    const struct {
        const struct item_list *list;
        const char *kind;
    } kinds[] = { { &it->upsells, "upsell" },
                  { &it->cross, "cross" },
                  { &it->related, "related" } };
    for (size_t i = 0; !w->new_product && i < COUNT_OF(kinds); i++)
        if (kinds[i].list->given && kinds[i].list->n == 0)
            shop_q_import_relations_send(p, w->product, kinds[i].kind, (struct uuids){ 0 },
                                         counter(w));
}

enum rc send_product_more(struct saver *s, struct db *db, struct db_pipe *p, struct work *w)
{
    const struct import_item *it = w->it;
    const int64_t *from, *until;
    enum rc rc = edge(s, db, it->publish_from, INSTANT_MIN, &from);
    if (rc == RC_OK)
        rc = edge(s, db, it->publish_until, INSTANT_MAX, &until);
    if (rc != RC_OK)
        return rc;
    if (it->seo_title != NULL || it->seo_description != NULL || w->has_type || from != NULL ||
        until != NULL || it->download_limit != NULL || it->download_days != NULL)
        shop_q_import_product_more_send(p, w->product, it->seo_title, it->seo_description,
                                        w->type_id, w->has_type, from, until, it->download_limit,
                                        it->download_days, row_count(w));
    if (w->slug != NULL && !w->new_product) {
        shop_q_import_slug_set_send(p, w->product, w->slug, row_count(w));
        shop_q_slug_retire_send(p, "product", w->slug, w->product, NULL);
    }
    if (it->ntexts > 0)
        send_texts(db, p, w);
    if (w->nvalues > 0)
        product_custom_send(db, p, w->product, w->field, w->value, w->nvalues, row_count(w));
    if (it->downloads_given)
        send_downloads(db, p, w);
    send_emptied(p, w);
    return RC_OK;
}

static enum rc send_stocks(struct db *db, struct db_pipe *p, struct work *w)
{
    const struct import_item *it = w->it;
    struct shop_import_warehouse_list all;
    if (it->nstocks == 0)
        return RC_OK;
    enum rc rc = shop_q_import_warehouses(db, &all);
    for (size_t i = 0; rc == RC_OK && i < it->nstocks; i++)
        for (size_t k = 0; k < all.n && it->stock[i].has; k++) {
            if (!str_eq(all.row[k].code, it->stock[i].code))
                continue;
            shop_q_stock_ensure_send(p, w->variant, all.row[k].id, NULL);
            shop_q_import_stock_send(p, w->variant, all.row[k].id, it->stock[i].on_hand,
                                     uuid7_new(), counter(w));
        }
    return rc;
}

enum rc send_variant_more(struct saver *s, struct db *db, struct db_pipe *p, struct work *w)
{
    for (size_t i = 0; i < w->nlists; i++) {
        const struct work_list *l = &w->list[i];
        shop_q_price_set_send(p, l->id, w->variant, (struct int4s){ l->quantity, l->n },
                              (struct int8s){ l->from, l->n }, (struct int8s){ l->until, l->n },
                              (struct int8s){ l->amount, l->n }, counter(w));
    }
    if (w->nlists > 0)
        shop_q_price_lowest_send(p, w->variant, s->now, NULL);
    if (w->it->cost_given)
        shop_q_import_cost_send(p, w->variant, s->currency, w->it->has_cost ? &w->it->cost : NULL,
                                counter(w));
    return send_stocks(db, p, w);
}
