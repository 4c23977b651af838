/* demo_bulk_rows.c: made-up products to rows. What products point at comes first, through the same
 * functions that importers use; then each table of a chunk in one statement, all in one pipeline.
 * Invariant: the rows are such as the shop's own functions would have written, lists and counters
 * included, so nothing may be wrong with them that doctor would find. */
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "gen/app_q.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "shop/demo_bulk_int.h"
#include "shop/product.h"

/* ---- references --------------------------------------------------------------------------------
 */
static enum rc put_texts(struct db *db, const char *resource, const char *field, struct uuid id,
                         const char *si, const char *ta)
{
    int64_t n;
    enum rc rc = RC_OK;
    if (*si != '\0')
        rc = app_q_translation_put(db, resource, id, "si", field, si, "", &n);
    if (rc == RC_OK && *ta != '\0')
        rc = app_q_translation_put(db, resource, id, "ta", field, ta, "", &n);
    return rc;
}

static const struct bulk_word *category_word(const struct bulk_words *w, const char *en)
{
    for (size_t i = 0; i < w->nwords; i++)
        if (str_eq(w->word[i].kind, "category") && str_eq(w->word[i].en, en))
            return &w->word[i];
    return NULL;
}

/* The path of a family and the texts of its steps. */
static enum rc make_category(struct saver *s, struct db *db, const struct bulk_words *w,
                             struct bulk_family *f)
{
    struct arena *a = db_arena(db);
    char **part;
    size_t n = str_split(a, f->path, '>', &part);
    struct item_path path = { arena_array(a, const char *, n), 0 };
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        path.name[path.n++] = str_trim(a, part[i]);
        rc = ref_category(s, db, &path, &f->category);
        const struct bulk_word *word = category_word(w, path.name[i]);
        if (rc == RC_OK && word != NULL)
            rc = put_texts(db, "category", "name", f->category, word->si, word->ta);
    }
    return rc;
}

static enum rc make_pictures(struct saver *s, struct db *db, struct bulk_family *f)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < f->npictures; i++) {
        bool ok = false;
        rc = ref_media(s, db, arena_printf(db_arena(db), "file:%s.svg", f->picture[i]), f->noun,
                       &ok, &f->media[i]);
        if (rc == RC_OK && !ok)
            rc = RC_NOTFOUND;
    }
    return rc;
}

static enum rc find_attribute(struct saver *s, struct db *db, const char *name, struct uuid *out)
{
    struct ref_attr at;
    enum rc rc = ref_attribute(s, db, &(struct item_attr){ .name = name }, &at);
    if (rc == RC_OK)
        *out = at.id;
    return rc;
}

static enum rc find_option(struct saver *s, struct db *db, struct uuid attribute, const char *name,
                           const char *value, struct uuid *out)
{
    return ref_option(s, db, &(struct ref_attr){ .id = attribute }, name, value, out);
}

static enum rc make_sizes(struct saver *s, struct db *db, struct bulk_family *f)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < f->nsizes; i++) {
        struct bulk_size *z = &f->size[i];
        rc = find_attribute(s, db, z->attribute, &z->attribute_id);
        if (rc == RC_OK)
            rc = find_option(s, db, z->attribute_id, z->attribute, z->text, &z->option_id);
    }
    return rc;
}

static enum rc make_word(struct saver *s, struct db *db, const struct bulk_words *w,
                         struct bulk_word *x)
{
    enum rc rc = RC_OK;
    if (str_eq(x->kind, "brand"))
        return ref_brand(s, db, x->en, &x->id);
    if (str_eq(x->kind, "material"))
        rc = find_option(s, db, w->material_attribute, "Material", x->en, &x->id);
    else if (str_eq(x->kind, "colour"))
        rc = find_option(s, db, w->colour_attribute, "Colour", x->en, &x->id);
    else
        return RC_OK;
    return rc == RC_OK ? put_texts(db, "attribute_option", "value", x->id, x->si, x->ta) : rc;
}

enum rc bulk_refs(struct saver *s, struct db *db, struct bulk_words *w)
{
    enum rc rc = find_attribute(s, db, "Material", &w->material_attribute);
    if (rc == RC_OK)
        rc = find_attribute(s, db, "Colour", &w->colour_attribute);
    for (size_t i = 0; rc == RC_OK && i < w->nwords; i++)
        rc = make_word(s, db, w, &w->word[i]);
    for (size_t i = 0; rc == RC_OK && i < w->nfamilies; i++) {
        rc = make_category(s, db, w, &w->family[i]);
        if (rc == RC_OK)
            rc = make_pictures(s, db, &w->family[i]);
        if (rc == RC_OK)
            rc = make_sizes(s, db, &w->family[i]);
    }
    return rc;
}

/* ---- products ----------------------------------------------------------------------------------
 */
struct chunk {
    struct arena *a;
    const struct bulk_words *w;
    const struct bulk_product *p;
    size_t n, nvariants;
    struct uuid *id;
};

static void send_products(struct chunk *c, struct db_pipe *p)
{
    struct arena *a = c->a;
    size_t n = c->n;
    struct uuid *brand = arena_array(a, struct uuid, n), *category = arena_array(a, struct uuid, n);
    const char **t[6];
    bool *featured = arena_array(a, bool, n);
    int64_t *created = arena_array(a, int64_t, n);
    for (size_t k = 0; k < COUNT_OF(t); k++)
        t[k] = arena_array(a, const char *, n);
    for (size_t i = 0; i < n; i++) {
        const struct bulk_product *x = &c->p[i];
        brand[i] = x->brand->id;
        category[i] = x->family->category;
        t[0][i] = x->variant[0].colour != NULL ? "variable" : "simple";
        t[1][i] = x->code;
        t[2][i] = x->name;
        t[3][i] = x->slug;
        t[4][i] = x->summary;
        t[5][i] = x->description;
        featured[i] = x->featured;
        created[i] = x->created;
    }
    struct uuids ids = { c->id, n };
    shop_q_bulk_products_send(p, ids, (struct texts){ t[0], n }, (struct texts){ t[1], n },
                              (struct texts){ t[2], n }, (struct texts){ t[3], n },
                              (struct texts){ t[4], n }, (struct texts){ t[5], n },
                              (struct uuids){ brand, n }, (struct uuids){ category, n },
                              (struct bools){ featured, n }, (struct int8s){ created, n }, NULL);
    shop_q_bulk_slugs_send(p, ids, (struct texts){ t[3], n }, NULL);
    shop_q_bulk_categories_send(p, ids, (struct uuids){ category, n }, NULL);
}

static void send_variants(struct chunk *c, struct saver *s, struct db_pipe *p)
{
    struct arena *a = c->a;
    size_t n = 0, most = c->nvariants, on_sale = 0;
    struct uuid *id = arena_array(a, struct uuid, most), *of = arena_array(a, struct uuid, most),
                *sold = arena_array(a, struct uuid, most);
    const char **sku = arena_array(a, const char *, most),
               **code = arena_array(a, const char *, most),
               **key = arena_array(a, const char *, most);
    int32_t *weight = arena_array(a, int32_t, most), *place = arena_array(a, int32_t, most),
            *stock = arena_array(a, int32_t, most), *low = arena_array(a, int32_t, most);
    int64_t *amount = arena_array(a, int64_t, most), *none = arena_array(a, int64_t, most),
            *sale = arena_array(a, int64_t, most), *was = arena_array(a, int64_t, most);
    for (size_t i = 0; i < c->n; i++)
        for (size_t k = 0; k < c->p[i].nvariants; k++, n++) {
            const struct bulk_variant *v = &c->p[i].variant[k];
            id[n] = v->id;
            of[n] = c->p[i].id;
            sku[n] = v->sku;
            code[n] = v->barcode;
            key[n] = v->options_key;
            weight[n] = v->weight;
            place[n] = (int32_t)k;
            stock[n] = v->on_hand;
            low[n] = v->reorder;
            amount[n] = v->amount;
            none[n] = -1;
            if (v->sale < 0)
                continue;
            sold[on_sale] = v->id;
            sale[on_sale] = v->sale;
            was[on_sale++] = v->amount;
        }
    struct uuids ids = { id, n };
    shop_q_bulk_variants_send(p, ids, (struct uuids){ of, n }, (struct texts){ sku, n },
                              (struct texts){ code, n }, (struct texts){ key, n },
                              (struct int4s){ weight, n }, (struct int4s){ place, n }, NULL);
    shop_q_bulk_prices_send(p, s->basics.base_list_id, ids, (struct int8s){ amount, n },
                            (struct int8s){ none, n }, NULL);
    shop_q_bulk_prices_send(p, s->basics.sale_list_id, (struct uuids){ sold, on_sale },
                            (struct int8s){ sale, on_sale }, (struct int8s){ was, on_sale }, NULL);
    shop_q_bulk_stock_send(p, s->basics.warehouse_id, ids, (struct int4s){ stock, n },
                           (struct int4s){ low, n }, uuid7_new(), NULL);
}

static void send_values(struct chunk *c, struct db_pipe *p)
{
    struct arena *a = c->a;
    size_t n = 0, k = 0, most = c->n * 2;
    struct uuid *of = arena_array(a, struct uuid, most),
                *attribute = arena_array(a, struct uuid, most),
                *option = arena_array(a, struct uuid, most),
                *variant = arena_array(a, struct uuid, c->nvariants),
                *colours = arena_array(a, struct uuid, c->nvariants),
                *colour = arena_array(a, struct uuid, c->nvariants);
    for (size_t i = 0; i < c->n; i++) {
        const struct bulk_product *x = &c->p[i];
        of[n] = x->id;
        attribute[n] = c->w->material_attribute;
        option[n++] = x->material->id;
        of[n] = x->id;
        attribute[n] = x->size->attribute_id;
        option[n++] = x->size->option_id;
        for (size_t j = 0; j < x->nvariants && x->variant[j].colour != NULL; j++) {
            variant[k] = x->variant[j].id;
            colours[k] = c->w->colour_attribute;
            colour[k++] = x->variant[j].colour->id;
        }
    }
    shop_q_bulk_values_send(p, (struct uuids){ of, n }, (struct uuids){ attribute, n },
                            (struct uuids){ option, n }, NULL);
    shop_q_bulk_variant_values_send(p, (struct uuids){ variant, k }, (struct uuids){ colours, k },
                                    (struct uuids){ colour, k }, NULL);
}

static void send_pictures(struct chunk *c, struct db_pipe *p)
{
    size_t n = 0, most = c->n * 3;
    struct uuid *of = arena_array(c->a, struct uuid, most),
                *media = arena_array(c->a, struct uuid, most);
    int32_t *place = arena_array(c->a, int32_t, most);
    for (size_t i = 0; i < c->n; i++) {
        const struct bulk_family *f = c->p[i].family;
        size_t first = c->p[i].id.b[14] % f->npictures;
        for (size_t k = 0; k < f->npictures && k < 3; k++, n++) {
            of[n] = c->p[i].id;
            media[n] = f->media[(first + k) % f->npictures];
            place[n] = (int32_t)k;
        }
    }
    shop_q_bulk_media_send(p, (struct uuids){ of, n }, (struct uuids){ media, n },
                           (struct int4s){ place, n }, NULL);
}

static void send_tags(struct chunk *c, struct db_pipe *p)
{
    size_t n = 0, most = c->n * BULK_LIST;
    struct uuid *of = arena_array(c->a, struct uuid, most);
    const char **tag = arena_array(c->a, const char *, most),
               **norm = arena_array(c->a, const char *, most);
    for (size_t i = 0; i < c->n; i++)
        for (size_t k = 0; k < c->p[i].family->ntags; k++, n++) {
            of[n] = c->p[i].id;
            tag[n] = c->p[i].family->tag[k];
            norm[n] = utf8_fold(c->a, tag[n]);
        }
    shop_q_bulk_tags_send(p, (struct uuids){ of, n }, (struct texts){ norm, n },
                          (struct texts){ tag, n }, NULL);
}

static void send_stats(struct chunk *c, struct db_pipe *p)
{
    size_t n = c->n;
    int64_t *v[4];
    int32_t *count = arena_array(c->a, int32_t, n);
    for (size_t k = 0; k < COUNT_OF(v); k++)
        v[k] = arena_array(c->a, int64_t, n);
    for (size_t i = 0; i < n; i++) {
        v[0][i] = c->p[i].rating_sum;
        count[i] = c->p[i].rating_count;
        v[1][i] = c->p[i].sold;
        v[2][i] = c->p[i].viewed;
        v[3][i] = c->p[i].popularity;
    }
    shop_q_bulk_stats_send(p, (struct uuids){ c->id, n }, (struct int8s){ v[0], n },
                           (struct int4s){ count, n }, (struct int8s){ v[1], n },
                           (struct int8s){ v[2], n }, (struct int8s){ v[3], n }, NULL);
}

static void send_names(struct chunk *c, struct db_pipe *p)
{
    size_t n = c->n * 2;
    struct uuid *of = arena_array(c->a, struct uuid, n);
    const char **locale = arena_array(c->a, const char *, n),
               **name = arena_array(c->a, const char *, n);
    for (size_t i = 0; i < c->n; i++) {
        of[i * 2] = of[i * 2 + 1] = c->p[i].id;
        locale[i * 2] = "si";
        name[i * 2] = c->p[i].name_si;
        locale[i * 2 + 1] = "ta";
        name[i * 2 + 1] = c->p[i].name_ta;
    }
    app_q_translations_put_send(p, "product", "name", (struct uuids){ of, n },
                                (struct texts){ locale, n }, (struct texts){ name, n }, NULL);
}

enum rc bulk_write(struct saver *s, struct db *db, const struct bulk_words *w,
                   const struct bulk_product *product, size_t n)
{
    struct chunk c = { .a = db_arena(db), .w = w, .p = product, .n = n };
    struct db_pipe *p = db_pipe(db);
    c.id = arena_array(c.a, struct uuid, n);
    for (size_t i = 0; i < n; i++) {
        c.id[i] = product[i].id;
        c.nvariants += product[i].nvariants;
    }
    send_products(&c, p);
    send_variants(&c, s, p);
    send_values(&c, p);
    send_pictures(&c, p);
    send_tags(&c, p);
    send_stats(&c, p);
    send_names(&c, p);
    enum rc rc = db_pipe_run(p);
    return rc == RC_OK ? product_relist(db, c.id, n, s->now) : rc;
}
