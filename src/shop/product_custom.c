/* product_custom.c: values of custom fields on products. Not here: what a value may be
 * (app/custom_value.c), how it is shown (modules/storefront). Invariant: a filterable field's
 * copies say what the product's row says; doctor_custom compares. */
#include "shop/product_custom.h"

#include <string.h>

#include "app/audit.h"
#include "base/buf.h"
#include "base/str.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "platform/json.h"
#include "shop/product.h"

enum { REINDEX_CHUNK = 200, CUSTOM_JSON_MOST = 1024 * 1024 };

void product_custom_send(struct db *db, struct db_pipe *p, struct uuid product,
                         const struct custom_field *const *f, const struct custom_value *v,
                         size_t n, int64_t *rows)
{
    struct arena *a = db_arena(db);
    const char **gone = arena_array(a, const char *, n);
    size_t ngone = 0;
    struct buf b;
    struct jw w;
    buf_init(&b, a, CUSTOM_JSON_MOST);
    jw_init(&w, &b);
    jw_object(&w);
    for (size_t i = 0; i < n; i++) {
        if (v[i].json == NULL) {
            gone[ngone++] = f[i]->name;
            continue;
        }
        jw_key(&w, f[i]->name);
        jw_raw(&w, v[i].json);
    }
    jw_end_object(&w);
    shop_q_product_custom_put_send(p, product, b.p, (struct texts){ gone, ngone }, rows);
    custom_copies_send(db, p, product, f, v, n, NULL);
}

struct setting {
    const struct custom_field *f;
    struct custom_value v;
    const char *currency;
};

static enum rc judge(struct db *db, const char *name, const char *text, struct setting *s,
                     const char **problem)
{
    struct custom_fields all;
    struct shop_basic_maybe basics;
    enum rc rc = custom_load(db, "product", &all);
    if (rc == RC_OK)
        rc = shop_q_basics(db, &basics);
    if (rc != RC_OK)
        return rc;
    s->f = custom_find(&all, name);
    s->currency = basics.found ? basics.row.currency : "USD";
    if (s->f == NULL) {
        *problem = "is no field of products";
        return RC_NOTFOUND;
    }
    return custom_read(db_arena(db), s->f, s->currency, text, &s->v, problem);
}

enum rc product_custom_set(struct db *db, struct uuid id, int32_t version, const char *name,
                           const char *text, int64_t now, const char **problem)
{
    struct setting s = { 0 };
    struct shop_product_custom_maybe was;
    int64_t n = 0;
    enum rc rc = judge(db, name, text, &s, problem);
    if (rc == RC_OK)
        rc = shop_q_product_custom(db, id, &was);
    if (rc != RC_OK)
        return rc;
    if (!was.found || was.row.version != version) {
        *problem = was.found ? "was changed by somebody else meanwhile" : "is no product";
        return was.found ? RC_CONFLICT : RC_NOTFOUND;
    }
    struct db_pipe *p = db_pipe(db);
    product_custom_send(db, p, id, &s.f, &s.v, 1, &n);
    rc = db_pipe_run(p);
    if (rc != RC_OK || n == 0)
        return rc;
    struct buf b;
    struct jw w;
    buf_init(&b, db_arena(db), CUSTOM_JSON_MOST);
    jw_init(&w, &b);
    jw_object(&w);
    jw_key(&w, name);
    jw_raw(&w, s.v.json != NULL ? s.v.json : "null");
    jw_end_object(&w);
    rc = audit_write(db, "custom", "product", id, was.row.custom, b.p);
    return rc == RC_OK ? product_changed(db, &id, 1, now) : rc;
}

/* ---- copies anew -------------------------------------------------------------------------------
 */
struct chunk {
    const char *name;
    struct uuid after;
    int64_t now;
    size_t n;
};

static enum rc one_product(struct db *db, struct db_pipe *p, const struct custom_field *f,
                           const struct shop_custom_row *row)
{
    struct arena *a = db_arena(db);
    struct json *value;
    const char *problem = NULL;
    struct custom_value *v = arena_new(a, struct custom_value);
    enum rc rc = json_parse(a, row->value, strlen(row->value), &value, NULL);
    /* What is no value any more (a choice that was taken away) has no copy. */
    if (rc == RC_OK && custom_read(a, f, "USD", custom_write(a, f, value), v, &problem) != RC_OK)
        *v = (struct custom_value){ 0 };
    const struct custom_field **one = arena_new(a, const struct custom_field *);
    *one = f;
    if (rc == RC_OK)
        custom_copies_send(db, p, row->product_id, one, v, 1, NULL);
    return rc;
}

static enum rc chunk_in_tx(struct db *db, void *arg)
{
    struct chunk *c = arg;
    struct custom_fields all;
    struct shop_custom_row_list rows;
    enum rc rc = custom_load(db, "product", &all);
    const struct custom_field *f = rc == RC_OK ? custom_find(&all, c->name) : NULL;
    c->n = 0;
    if (rc != RC_OK || f == NULL)
        return rc != RC_OK ? rc : RC_NOTFOUND;
    rc = shop_q_product_custom_next(db, c->name, c->after, REINDEX_CHUNK, &rows);
    if (rc != RC_OK || rows.n == 0)
        return rc;
    struct db_pipe *p = db_pipe(db);
    struct uuid *ids = arena_array(db_arena(db), struct uuid, rows.n);
    for (size_t i = 0; rc == RC_OK && i < rows.n; i++) {
        ids[i] = rows.row[i].product_id;
        rc = one_product(db, p, f, &rows.row[i]);
    }
    if (rc == RC_OK)
        rc = db_pipe_run(p);
    if (rc == RC_OK)
        rc = product_changed(db, ids, rows.n, c->now);
    if (rc == RC_OK) {
        c->after = ids[rows.n - 1];
        c->n = rows.n;
    }
    return rc;
}

enum rc product_custom_reindex(struct db *db, const char *name, int64_t now, size_t *done)
{
    struct chunk c = { .name = name, .now = now };
    enum rc rc;
    *done = 0;
    do {
        rc = db_tx(db, DB_TX_RETRY, chunk_in_tx, &c);
        *done += rc == RC_OK ? c.n : 0;
    } while (rc == RC_OK && c.n == REINDEX_CHUNK);
    return rc;
}
