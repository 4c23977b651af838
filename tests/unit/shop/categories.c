/* categories.c: trees from JSON, and changes of the tree by the library: what a good file makes,
 * what is refused by itself, rings, moves, and counters that stay right. */
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "shop/category.h"
#include "shop/product.h"
#include "shop_kit.h"

static struct app_ctx *app;
static struct arena *arena;

static void setup(void)
{
    app = shop_kit_open("kade_admin");
    arena = arena_new_sized(0);
}
static void teardown(void)
{
    arena_free(arena);
    shop_kit_close(app);
}

static struct shop_kit_import run(const char *json, bool dry)
{
    return shop_kit_categories(app, json, strlen(json), dry);
}

static const char tree[] = "[{\"id\":\"c2\",\"name\":\"Tables\",\"parent\":\"c1\"},"
                           "{\"id\":\"c1\",\"name\":\"Furniture\",\"parent\":null},"
                           "{\"id\":\"c3\",\"name\":\"Desks\",\"parent\":\"c2\"}]";

START_TEST(parents_in_any_order)
{
    struct shop_kit_import i = run(tree, true);
    ck_assert_msg(i.rc == RC_OK && i.report.created == 3, "%s", i.said);
    ck_assert_int_eq(kit_number("SELECT count(*) FROM shop.categories WHERE code = 'c1'"), 0);
    i = run(tree, false);
    ck_assert_msg(i.rc == RC_OK && i.report.created == 3, "%s", i.said);
    i = run(tree, false);
    ck_assert_msg(i.report.unchanged == 3, "%s", i.said);
    ck_assert_int_eq(
        kit_number("SELECT max(t.depth) FROM shop.category_tree t JOIN shop.categories g "
                   "ON g.id = t.descendant_id WHERE g.code = 'c3'"),
        2);
}
END_TEST

START_TEST(bad_entries_are_refused_by_themselves)
{
    struct shop_kit_import i = run(
        "[{\"id\":\"x1\",\"name\":\"One\",\"parent\":null},{\"id\":\"x1\",\"name\":\"Twice\","
        "\"parent\":"
        "null},{\"name\":\"No id\",\"parent\":null},{\"id\":\"x3\",\"name\":\"\",\"parent\":null},"
        "{\"id\":\"x4\",\"name\":\"Lost\",\"parent\":\"nobody\"},{\"id\":\"x5\",\"name\":\"Below "
        "lost\","
        "\"parent\":\"x4\"},{\"id\":\"r1\",\"name\":\"Ring "
        "1\",\"parent\":\"r2\"},{\"id\":\"r2\",\"name\":"
        "\"Ring 2\",\"parent\":\"r1\"},{\"id\":\"me\",\"name\":\"Me\",\"parent\":\"me\"},7]",
        false);
    kit_rc(i.rc, RC_OK);
    ck_assert_msg(i.report.created == 3 && i.report.refused == 7, "%s", i.said);
    ck_assert_ptr_nonnull(strstr(i.said, "2 refused x1 [id] is there a second time"));
    ck_assert_ptr_nonnull(strstr(i.said, "5 note x4 [parent] names "));
}
END_TEST

START_TEST(unknown_parents_are_told_and_kept_in_a_holding_branch)
{
    static const char file[] = "[{\"id\":\"h1\",\"name\":\"Lost\",\"parent\":\"nobody\"},"
                               "{\"id\":\"h2\",\"name\":\"Found\",\"parent\":\"h1\"}]";
    struct shop_kit_import i = run(file, false);
    ck_assert_msg(i.report.created == 2 && i.report.refused == 0 && i.report.notes == 1, "%s",
                  i.said);
    ck_assert_ptr_nonnull(strstr(i.said, "1 note h1 [parent] names nobody"));
    ck_assert_str_eq(
        kit_value("SELECT p.code FROM shop.categories g JOIN shop.categories p ON p.id "
                  "= g.parent_id AND p.parent_id IS NULL WHERE g.code = 'h1'"),
        "import:holding");
    /* Staff found its place: the same file leaves it there. */
    kit_sql("UPDATE shop.categories SET parent_id = NULL WHERE code = 'h1'");
    i = run(file, false);
    ck_assert_msg(i.report.unchanged == 2 && i.report.notes == 1, "%s", i.said);
    ck_assert_int_eq(
        kit_number("SELECT count(*) FROM shop.categories WHERE code = 'h1' AND parent_id IS NULL"),
        1);
    /* A parent that only the shop has is one. */
    i = run("[{\"id\":\"h3\",\"name\":\"Below\",\"parent\":\"h2\"}]", false);
    ck_assert_msg(i.report.created == 1 && i.report.notes == 0, "%s", i.said);
    ck_assert_str_eq(
        kit_value("SELECT p.code FROM shop.categories g JOIN shop.categories p ON p.id "
                  "= g.parent_id WHERE g.code = 'h3'"),
        "h2");
}
END_TEST

START_TEST(useless_files)
{
    static const char *const files[] = { "{}", "[]", "[", "", "\"a\"", "[1,2", "\xff\xfe" };
    for (size_t k = 0; k < COUNT_OF(files); k++) {
        struct shop_kit_import i = run(files[k], false);
        kit_rc(i.rc, RC_INVALID);
        ck_assert_ptr_nonnull(i.report.problem);
    }
}
END_TEST

START_TEST(a_moved_entry_moves)
{
    run(tree, false);
    struct shop_kit_import i = run(
        "[{\"id\":\"c1\",\"name\":\"Furniture\",\"parent\":null},{\"id\":\"c3\",\"name\":\"Writing "
        "desks\",\"parent\":\"c1\"}]",
        false);
    ck_assert_msg(i.report.updated == 1 && i.report.unchanged == 1, "%s", i.said);
    ck_assert_int_eq(
        kit_number("SELECT max(t.depth) FROM shop.category_tree t JOIN shop.categories g "
                   "ON g.id = t.descendant_id WHERE g.code = 'c3'"),
        1);
    ck_assert_str_eq(kit_value("SELECT name FROM shop.categories WHERE code = 'c3'"),
                     "Writing desks");
}
END_TEST

/* ---- changes by the library ---- */
static struct uuid id_of(const char *sql)
{
    struct uuid id;
    const char *text = kit_value(sql);
    ck_assert(text != NULL && uuid_parse(text, &id) == RC_OK);
    return id;
}

struct move {
    struct uuid id;
    const struct uuid *to;
    int32_t version;
};

static enum rc move_in_tx(struct db *db, void *arg)
{
    const struct move *m = arg;
    return category_move(db, m->id, m->version, m->to, instant_now());
}

static enum rc move(struct move m)
{
    kit_scope(app->db, arena, KIT_A);
    enum rc rc = db_tx(app->db, 0, move_in_tx, &m);
    db_scope_end(app->db);
    return rc;
}

static int64_t count_of(const char *slug)
{
    char sql[300];
    snprintf(sql, sizeof(sql),
             "SELECT coalesce(max(s.product_count), 0) FROM shop.category_stats s JOIN "
             "shop.categories g ON g.id = s.category_id WHERE g.slug = '%s'",
             slug);
    return kit_number(sql);
}

START_TEST(moves_keep_counters_and_refuse_rings)
{
    static const char csv[] = "SKU,Name,Regular price,Categories\nM-1,Move one,5,Top > Mid > Low\n"
                              "M-2,Move two,5,Top\nM-3,Move three,5,Elsewhere\n";
    shop_kit_import(app, csv, sizeof(csv) - 1, false);
    struct uuid top = id_of("SELECT id FROM shop.categories WHERE slug = 'top'");
    struct uuid mid = id_of("SELECT id FROM shop.categories WHERE slug = 'mid'");
    struct uuid low = id_of("SELECT id FROM shop.categories WHERE slug = 'low'");
    struct uuid away = id_of("SELECT id FROM shop.categories WHERE slug = 'elsewhere'");
    ck_assert_int_eq(count_of("top"), 2);
    kit_rc(move((struct move){ top, &low, 1 }), RC_INVALID); /* a ring */
    kit_rc(move((struct move){ mid, &away, 7 }), RC_CONFLICT);
    kit_rc(move((struct move){ mid, &away, 1 }), RC_OK);
    ck_assert_int_eq(count_of("top"), 1);
    ck_assert_int_eq(count_of("elsewhere"), 2);
    ck_assert_int_eq(count_of("low"), 1);
    kit_rc(move((struct move){ mid, NULL, 2 }), RC_OK);
    ck_assert_int_eq(count_of("elsewhere"), 1);
    /* closure = what the parents say */
    ck_assert_int_eq(
        kit_number(
            "WITH RECURSIVE up AS (SELECT tenant_id, id AS d, id AS a, 0 AS n FROM shop.categories "
            "UNION ALL SELECT u.tenant_id, u.d, g.parent_id, n + 1 FROM up u JOIN shop.categories "
            "g ON g.id = u.a AND g.tenant_id = u.tenant_id WHERE g.parent_id IS NOT NULL) SELECT "
            "count(*) FROM up FULL JOIN shop.category_tree t ON (t.tenant_id, t.descendant_id, "
            "t.ancestor_id, t.depth) = (up.tenant_id, up.d, up.a, up.n) WHERE up.d IS NULL OR "
            "t.descendant_id IS NULL"),
        0);
}
END_TEST

START_TEST(a_real_tree)
{
    const char *path = getenv("KADE_TEST_CATEGORIES");
    FILE *f = path != NULL ? fopen(path, "rb") : NULL;
    if (f == NULL)
        return; /* the file is not part of the project */
    static char text[2 * 1024 * 1024];
    size_t n = fread(text, 1, sizeof(text), f);
    fclose(f);
    struct shop_kit_import i = shop_kit_categories(app, text, n, false);
    size_t created = i.report.created, refused = i.report.refused;
    ck_assert_msg(i.rc == RC_OK && created > 1000 && created + refused == i.report.rows, "%zu %zu",
                  created, refused);
    i = shop_kit_categories(app, text, n, false);
    ck_assert_uint_eq(i.report.unchanged, created);
    ck_assert_uint_eq(i.report.refused, refused);
}
END_TEST

int main(void)
{
    kit_database();
    Suite *s = suite_create("shop categories");
    TCase *t = tcase_create("categories");
    tcase_set_timeout(t, 120);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, parents_in_any_order);
    tcase_add_test(t, bad_entries_are_refused_by_themselves);
    tcase_add_test(t, unknown_parents_are_told_and_kept_in_a_holding_branch);
    tcase_add_test(t, useless_files);
    tcase_add_test(t, a_moved_entry_moves);
    tcase_add_test(t, moves_keep_counters_and_refuse_rings);
    tcase_add_test(t, a_real_tree);
    suite_add_tcase(s, t);
    return kit_run(s);
}
