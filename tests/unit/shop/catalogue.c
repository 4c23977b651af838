/* catalogue.c: what the catalogue promises whoever changes it: a bundle is as available as its
 * scarcest part, a name that redirects is never given away, a publish window is kept to the
 * instant, custom values and their copies say the same, two who edit at once are told. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "shop/product.h"
#include "shop/product_custom.h"
#include "shop_kit.h"

static struct app_ctx *app;
static struct arena *a;

static void setup(void)
{
    app = shop_kit_open("kade_admin");
    a = arena_new_sized(64 * 1024 * 1024);
}
static void teardown(void)
{
    arena_free(a);
    shop_kit_close(app);
}

#define HEAD                                                                                       \
    "Type,SKU,Name,Published,In stock?,Stock,Backorders allowed?,Regular "                         \
    "price,Categories,Grouped products\n"

static const char shop[] =
    HEAD "simple,K-PANEL,Panel,1,1,20,0,100,Solar,\n"
         "simple,K-INV,Inverter,1,1,3,0,500,Solar,\n"
         "simple,K-PLAN,Planning,1,1,,0,50,Solar,\n"
         "grouped,K-KIT,Home kit,1,1,,0,1900,Solar,\"K-PANEL,K-INV,K-PLAN\"\n";

static void load(void)
{
    struct shop_kit_import i = shop_kit_import(app, shop, strlen(shop), false);
    kit_rc(i.rc, RC_OK);
    ck_assert_msg(i.report.refused == 0, "%s", i.said);
}

static struct uuid id_of(const char *sql)
{
    struct uuid id;
    const char *text = kit_value(sql);
    ck_assert_msg(text != NULL, "%s", sql);
    ck_assert_int_eq(uuid_parse(text, &id), RC_OK);
    return id;
}

static struct uuid variant(const char *sku)
{
    return id_of(arena_printf(a, "SELECT id FROM shop.product_variants WHERE sku = '%s'", sku));
}
static struct uuid product(const char *sku)
{
    return id_of(
        arena_printf(a, "SELECT product_id FROM shop.product_variants WHERE sku = '%s'", sku));
}
static int32_t version(const char *sku)
{
    return (int32_t)kit_number(arena_printf(
        a,
        "SELECT p.version FROM shop.products p JOIN shop.product_variants v ON v.product_id = "
        "p.id WHERE v.sku = '%s'",
        sku));
}

/* ---- bundles -----------------------------------------------------------------------------------
 */
struct count {
    struct uuid variant;
    int32_t n;
};

static enum rc count_in_tx(struct db *db, void *arg)
{
    const struct count *c = arg;
    return product_stock(db, c->variant, c->n, "test", uuid7_new(), instant_now());
}

static void stock(const char *sku, int32_t n)
{
    struct count c = { variant(sku), n };
    kit_scope(app->db, a, KIT_A);
    kit_ok(app->db, db_tx(app->db, DB_TX_RETRY, count_in_tx, &c));
    db_scope_end(app->db);
}

#define KIT_CARD(what) kit_value("SELECT " what " FROM shop.product_cards WHERE slug = 'home-kit'")
#define KIT_LISTED                                                                                 \
    kit_value("SELECT bool_or(c.in_stock) FROM shop.category_products c JOIN shop.products p ON "  \
              "p.id = c.product_id WHERE p.slug = 'home-kit'")

static enum rc archive_in_tx(struct db *db, void *arg)
{
    const struct uuid *id = arg;
    struct shop_product_state_maybe now;
    enum rc rc = shop_q_product_state(db, *id, &now);
    return rc == RC_OK ? product_status(db, *id, now.row.version, "archived", instant_now()) : rc;
}

START_TEST(a_bundle_is_as_available_as_its_scarcest_part)
{
    load();
    kit_sql("UPDATE shop.kit_items k SET quantity = 6 FROM shop.product_variants v WHERE v.id = "
            "k.variant_id AND v.sku = 'K-PANEL'");
    ck_assert_str_eq(KIT_CARD("free"), "3"); /* 20 / 6, 3 / 1 */
    ck_assert_str_eq(KIT_CARD("always"), "f");
    stock("K-PANEL", 17);
    ck_assert_str_eq(KIT_CARD("free"), "2");
    ck_assert_str_eq(KIT_LISTED, "t");
    stock("K-INV", 0);
    ck_assert_str_eq(KIT_CARD("free"), "0");
    /* The list of its category was changed with the part, in the same transaction. */
    ck_assert_str_eq(KIT_LISTED, "f");
    ck_assert_int_ge(kit_number("SELECT count(*) FROM app.outbox o JOIN shop.products p ON p.id = "
                                "o.object_id WHERE p.slug = 'home-kit' AND o.topic = "
                                "'product.changed'"),
                     3);
    stock("K-INV", 9);
    ck_assert_str_eq(KIT_LISTED, "t");
    struct uuid inverter = product("K-INV");
    kit_scope(app->db, a, KIT_A);
    kit_ok(app->db, db_tx(app->db, DB_TX_RETRY, archive_in_tx, &inverter));
    db_scope_end(app->db);
    ck_assert_str_eq(KIT_CARD("free"), "0");
}
END_TEST

START_TEST(a_bundle_is_no_part_of_a_bundle)
{
    load();
    struct shop_kit_import i = shop_kit_import(
        app, HEAD "grouped,K-SUPER,Super kit,1,1,,0,1,Solar,\"K-PANEL,K-KIT\"\n",
        strlen(HEAD) + strlen("grouped,K-SUPER,Super kit,1,1,,0,1,Solar,\"K-PANEL,K-KIT\"\n"),
        false);
    ck_assert_msg(strstr(i.said, "K-KIT") != NULL || i.rc != RC_OK, "%s", i.said);
    ck_assert_int_eq(
        kit_number("SELECT count(*) FROM shop.kit_items k JOIN shop.product_variants v "
                   "ON v.id = k.variant_id WHERE v.sku = 'K-KIT'"),
        0);
}
END_TEST

/* ---- names -------------------------------------------------------------------------------------
 */
struct naming {
    struct uuid id;
    int32_t version;
    const char *name, *slug;
};

static enum rc rename_in_tx(struct db *db, void *arg)
{
    const struct naming *n = arg;
    return product_rename(db, n->id, n->version, n->name, n->slug, instant_now());
}

static enum rc rename_to(const char *sku, const char *to)
{
    struct naming n = { product(sku), version(sku), to, to };
    kit_scope(app->db, a, KIT_A);
    enum rc rc = db_tx(app->db, DB_TX_RETRY, rename_in_tx, &n);
    db_scope_end(app->db);
    return rc;
}

START_TEST(a_name_that_redirects_is_never_given_away)
{
    load();
    kit_rc(rename_to("K-PANEL", "panel-b"), RC_OK);
    kit_rc(rename_to("K-PANEL", "panel-c"), RC_OK);
    /* Every old name leads to the present one in one step. */
    ck_assert_int_eq(kit_number("SELECT count(*) FROM shop.slugs s JOIN shop.products p ON p.id = "
                                "s.resource_id WHERE s.slug IN ('panel', 'panel-b') AND NOT "
                                "s.is_live AND p.slug = 'panel-c'"),
                     2);
    kit_rc(rename_to("K-INV", "panel-b"), RC_CONFLICT);
    ck_assert_int_eq(kit_number("SELECT count(*) FROM shop.products WHERE slug = 'inverter'"), 1);
    /* Its own old name it may have again. */
    kit_rc(rename_to("K-PANEL", "panel"), RC_OK);
    ck_assert_str_eq(kit_value("SELECT is_live FROM shop.slugs WHERE slug = 'panel'"), "t");
}
END_TEST

/* T22: of two who change what they both saw, the second is told and nothing of his is kept. */
START_TEST(t22_the_second_of_two_edits_is_refused)
{
    load();
    struct naming first = { product("K-PANEL"), version("K-PANEL"), "First", "first" },
                  second = { first.id, first.version, "Second", "second" };
    kit_scope(app->db, a, KIT_A);
    kit_ok(app->db, db_tx(app->db, DB_TX_RETRY, rename_in_tx, &first));
    kit_rc(db_tx(app->db, DB_TX_RETRY, rename_in_tx, &second), RC_CONFLICT);
    db_scope_end(app->db);
    ck_assert_int_eq(kit_number("SELECT count(*) FROM shop.slugs WHERE slug = 'second'"), 0);
    ck_assert_str_eq(kit_value(arena_printf(a, "SELECT name FROM shop.products WHERE id = '%s'",
                                            uuid_str(a, first.id))),
                     "First");
}
END_TEST

/* ---- custom fields -----------------------------------------------------------------------------
 */
struct defining {
    struct custom_field f;
    bool reindex;
    const char *problem;
};

static enum rc define_in_tx(struct db *db, void *arg)
{
    struct defining *d = arg;
    return custom_put(db, &d->f, "LKR", &d->reindex, &d->problem);
}

static enum rc define(struct defining *d)
{
    kit_scope(app->db, a, KIT_A);
    enum rc rc = db_tx(app->db, DB_TX_RETRY, define_in_tx, d);
    db_scope_end(app->db);
    return rc;
}

struct setting {
    struct uuid id;
    int32_t version;
    const char *name, *text, *problem;
};

static enum rc set_in_tx(struct db *db, void *arg)
{
    struct setting *s = arg;
    return product_custom_set(db, s->id, s->version, s->name, s->text, instant_now(), &s->problem);
}

static enum rc set(const char *sku, const char *name, const char *text, const char **problem)
{
    struct setting s = { product(sku), version(sku), name, text, NULL };
    kit_scope(app->db, a, KIT_A);
    enum rc rc = db_tx(app->db, DB_TX_RETRY, set_in_tx, &s);
    db_scope_end(app->db);
    *problem = s.problem;
    return rc;
}

#define COPIES(field)                                                                              \
    kit_number(                                                                                    \
        "SELECT count(*) FROM app.custom_field_values v JOIN app.custom_fields f ON f.id = "       \
        "v.field_id WHERE f.name = '" field "'")

START_TEST(custom_values_and_their_copies_say_the_same)
{
    load();
    const char *problem = NULL;
    struct custom_choice states[] = { { .label = "New" }, { .label = "Used" } };
    struct defining d = { .f = { .resource = "product",
                                 .name = "condition",
                                 .label = "Condition",
                                 .type = CUSTOM_DROPDOWN,
                                 .choice = states,
                                 .nchoices = 2,
                                 .is_filterable = true,
                                 .is_shown = true } };
    kit_rc(define(&d), RC_OK);
    kit_rc(set("K-PLAN", "condition", "used", &problem), RC_OK);
    ck_assert_str_eq(
        kit_value("SELECT custom ->> 'condition' FROM shop.products WHERE slug = 'planning'"),
        "used");
    /* The copy carries the id of the choice, which is what lists are narrowed by. */
    ck_assert_int_eq(
        kit_number("SELECT count(*) FROM app.custom_field_values v JOIN app.custom_fields f "
                   "ON f.id = v.field_id WHERE v.value_text = 'used' AND v.ref = "
                   "(f.options -> 1 ->> 'id')::uuid"),
        1);
    kit_rc(set("K-PLAN", "condition", "broken", &problem), RC_INVALID);
    ck_assert_ptr_nonnull(strstr(problem, "none of the choices: New, Used"));
    kit_rc(set("K-PLAN", "nothing", "x", &problem), RC_NOTFOUND);
    /* Not filterable any more: no copies; again: they are made anew. */
    d.f.is_filterable = false;
    kit_rc(define(&d), RC_OK);
    ck_assert(d.reindex);
    size_t done;
    kit_scope(app->db, a, KIT_A);
    kit_ok(app->db, product_custom_reindex(app->db, "condition", instant_now(), &done));
    db_scope_end(app->db);
    ck_assert_int_eq(COPIES("condition"), 0);
    d.f.is_filterable = true;
    kit_rc(define(&d), RC_OK);
    kit_scope(app->db, a, KIT_A);
    kit_ok(app->db, product_custom_reindex(app->db, "condition", instant_now(), &done));
    db_scope_end(app->db);
    ck_assert_int_eq(COPIES("condition"), 1);
    /* A field keeps its type. */
    struct defining other = d;
    other.f.type = CUSTOM_TEXT;
    other.f.choice = NULL;
    other.f.nchoices = 0;
    kit_rc(define(&other), RC_CONFLICT);
    kit_rc(set("K-PLAN", "condition", "", &problem), RC_OK);
    ck_assert_int_eq(COPIES("condition"), 0);
    ck_assert_str_eq(kit_value("SELECT custom FROM shop.products WHERE slug = 'planning'"), "{}");
}
END_TEST

/* ---- windows -----------------------------------------------------------------------------------
 */
START_TEST(t27_the_clock_puts_products_into_lists_and_takes_them_out)
{
    load();
    int64_t now = instant_now();
    kit_sql(
        "UPDATE shop.products SET publish_from = now() - interval '30 seconds', publish_until = "
        "now() + interval '1 day' WHERE slug = 'planning'");
    kit_sql("UPDATE shop.products SET publish_until = now() - interval '10 seconds' WHERE slug = "
            "'inverter'");
    struct shop_product_id_list found;
    kit_scope(app->db, a, KIT_A);
    kit_ok(app->db, shop_q_lists_edges(app->db, now - SECONDS(180), now + SECONDS(1), 500, &found));
    size_t hits = 0;
    struct uuid panel = product("K-PLAN"), inverter = product("K-INV");
    for (size_t i = 0; i < found.n; i++)
        hits += uuid_cmp(found.row[i].product_id, panel) == 0 ||
                uuid_cmp(found.row[i].product_id, inverter) == 0;
    db_scope_end(app->db);
    ck_assert_uint_eq(hits, 2);
}
END_TEST

int main(void)
{
    kit_database();
    Suite *s = suite_create("catalogue");
    TCase *c = tcase_create("catalogue");
    tcase_set_timeout(c, 60);
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, a_bundle_is_as_available_as_its_scarcest_part);
    tcase_add_test(c, a_bundle_is_no_part_of_a_bundle);
    tcase_add_test(c, a_name_that_redirects_is_never_given_away);
    tcase_add_test(c, t22_the_second_of_two_edits_is_refused);
    tcase_add_test(c, custom_values_and_their_copies_say_the_same);
    tcase_add_test(c, t27_the_clock_puts_products_into_lists_and_takes_them_out);
    suite_add_tcase(s, c);
    return kit_run(s);
}
