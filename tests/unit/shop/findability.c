/* findability.c: what shoppers type finds what they mean: the queries of
 * tests/fixtures/findability.tsv against the demo shops; at least 95 of 100 in the first five. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "base/time.h"
#include "base/utf8.h"
#include "shop/demo.h"
#include "shop/search.h"
#include "shop/search_index.h"
#include "shop_kit.h"

enum { FIRST = 5, LINE_FIELDS = 4, LOCALES = 4, PERCENT = 95 };

static struct app_ctx *app;

struct line {
    char *field[LINE_FIELDS];
    size_t n;
};

static struct line fields_of(char *text)
{
    struct line l = { .n = 0 };
    for (char *save = NULL, *s = strtok_r(text, "\t\n", &save); s != NULL && l.n < LINE_FIELDS;
         s = strtok_r(NULL, "\t\n", &save))
        l.field[l.n++] = s;
    return l;
}

static struct uuid shop_of(const char *slug)
{
    struct uuid id;
    const char *text =
        kit_value(arena_printf(app->work, "SELECT id FROM app.tenants WHERE slug = '%s'", slug));
    ck_assert_msg(text != NULL && uuid_parse(text, &id) == RC_OK, "no shop %s", slug);
    return id;
}

static FILE *set(void)
{
    const char *path =
        arena_printf(app->work, "%s/../tests/fixtures/findability.tsv", kit()->conf->demo_dir);
    FILE *f = fopen(path, "r");
    ck_assert_msg(f != NULL, "%s", path);
    return f;
}

/* ---- what the shop adds to its catalogue -------------------------------------------------------
 */
static enum rc put_synonym(struct db *db, void *arg)
{
    int64_t changed;
    char **two = arg;
    return search_synonym_put(db, two[0], two[1], true, &changed);
}

static void prepare_line(struct line *l)
{
    if (l->n < LINE_FIELDS || *l->field[0] != '@')
        return;
    struct uuid shop = shop_of(l->field[1]);
    if (str_eq(l->field[0], "@barcode")) {
        kit_sql(arena_printf(app->work,
                             "UPDATE shop.product_variants SET barcode = '%s' WHERE sku = '%s' AND "
                             "tenant_id = '%s'",
                             l->field[3], l->field[2], uuid_str(app->work, shop)));
        return;
    }
    db_scope_begin(app->db, app->work, &shop, instant_now());
    kit_ok(app->db, db_tx(app->db, DB_TX_RETRY, put_synonym, &l->field[2]));
    db_scope_end(app->db);
}

static void prepare(void)
{
    static const char *const shops[] = { "demo", "solar", "fresh", "souk" };
    struct shop_demo_options o = { 0 };
    struct shop_demo_report report;
    char text[600];
    kit_ok(app->db, shop_demo_load(app, &o, &report));
    FILE *f = set();
    while (fgets(text, sizeof text, f) != NULL) {
        struct line l = fields_of(text);
        prepare_line(&l);
    }
    fclose(f);
    for (size_t i = 0; i < COUNT_OF(shops); i++) {
        size_t n;
        struct uuid shop = shop_of(shops[i]);
        db_scope_begin(app->db, app->work, &shop, instant_now());
        kit_ok(app->db, search_rebuild(app, shop, NULL, NULL, &n));
        db_scope_end(app->db);
    }
}

/* ---- the queries -------------------------------------------------------------------------------
 */
static const char *product_of(const char *shop, const char *sku)
{
    return kit_value(arena_printf(
        app->work,
        "SELECT coalesce((SELECT v.product_id FROM shop.product_variants v WHERE v.sku = '%s' AND "
        "v.tenant_id = t.id), (SELECT p.id FROM shop.products p WHERE p.code = '%s' AND "
        "p.tenant_id = t.id)) FROM app.tenants t WHERE t.slug = '%s'",
        sku, sku, shop));
}

static bool is_found(struct db *db, struct arena *a, const struct line *l, struct search_result *r)
{
    struct uuid shop = shop_of(l->field[0]);
    struct search_ask ask = { .locale = l->field[1], .most = FIRST };
    char *query, **sku;
    ck_assert_int_eq(utf8_clean(a, l->field[2], strlen(l->field[2]), 0, &query), RC_OK);
    ask.query = query;
    db_scope_begin(db, a, &shop, instant_now());
    kit_ok(db, search_run(db, &ask, r));
    db_scope_end(db);
    size_t n = str_split(a, l->field[3], ',', &sku);
    bool found = false;
    for (size_t k = 0; k < n; k++) {
        const char *product = product_of(l->field[0], sku[k]);
        ck_assert_msg(product != NULL, "%s is in no shop", sku[k]);
        for (size_t i = 0; i < r->n && i < FIRST; i++)
            found |= str_eq(uuid_str(a, r->hit[i].product), product);
    }
    return found;
}

START_TEST(what_people_type_is_found)
{
    char text[600];
    size_t all = 0, found = 0;
    app = shop_kit_open("kade_admin");
    prepare();
    struct db *web = kit_db("kade_web");
    FILE *f = set();
    while (fgets(text, sizeof text, f) != NULL) {
        struct line l = fields_of(text);
        struct search_result r;
        if (l.n < LINE_FIELDS || *l.field[0] == '@' || *l.field[0] == '#')
            continue;
        struct arena *a = arena_new_sized(0);
        bool ok = is_found(web, a, &l, &r);
        all++;
        found += ok;
        if (!ok)
            printf("# missed: %s %s \"%s\" should give %s (%zu hits%s%s%s)\n", l.field[0],
                   l.field[1], l.field[2], l.field[3], r.n, r.near ? ", near" : "",
                   r.corrected != NULL ? ", read as " : "", r.corrected != NULL ? r.corrected : "");
        arena_free(a);
    }
    fclose(f);
    printf("# %zu of %zu queries found among the first %d\n", found, all, (int)FIRST);
    ck_assert_uint_ge(all, 200);
    ck_assert_msg(found * 100 >= all * PERCENT, "%zu of %zu", found, all);
    db_free(web);
    shop_kit_close(app);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("findability");
    TCase *t = tcase_create("queries");
    kit_database();
    tcase_set_timeout(t, 300);
    tcase_add_test(t, what_people_type_is_found);
    suite_add_tcase(s, t);
    return kit_run(s);
}
