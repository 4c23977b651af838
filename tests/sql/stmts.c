/* The contract of every statement of every module: it prepares in the role that will prepare it,
 * its parameters and columns are what the file says, and where the file says "plan: index" it reads
 * no whole table; and the contract itself finds planted lies. */
#include "sql/stmts.h"

#include <stdio.h>
#include <string.h>

#include "base/rc.h"
#include "base/str.h"
#include "kit/kit.h"

START_TEST(statements_keep_their_contract)
{
    const struct stmts_of *m = &all_stmts[_i];
    struct arena *a = arena_new_sized(0);
    struct db *web = kit_db("kade_web"), *desk = kit_db("kade_jobs");
    struct buf problems;
    buf_init(&problems, a, 1 << 20);
    size_t n = 0;
    for (; m->stmts[n] != NULL; n++) {
        struct db *db = str_eq(m->stmts[n]->role, "desk") ? desk : web;
        kit_ok(db, db_contract(db, m->stmts[n], &problems));
    }
    ck_assert_msg(problems.n == 0, "\n%s", problems.p);
    ck_assert_uint_gt(n, 0);
    printf("# %s: %zu statements\n", m->module, n);
    db_free(web);
    db_free(desk);
    arena_free(a);
}
END_TEST

START_TEST(statement_names_are_unique)
{
    for (const struct stmts_of *m = all_stmts; m->module != NULL; m++)
        for (size_t i = 0; m->stmts[i] != NULL; i++) {
            ck_assert_msg(str_starts(m->stmts[i]->name, m->module), "%s", m->stmts[i]->name);
            for (size_t j = i + 1; m->stmts[j] != NULL; j++)
                ck_assert_str_ne(m->stmts[i]->name, m->stmts[j]->name);
        }
}
END_TEST

/* ---- planted lies ------------------------------------------------------------------------------
 */

static const struct field one_text[] = { { "name", FT_TEXT, false, 0, FIELD_NOT_NULL } };
static const struct db_param one_uuid[] = { { "id", FT_UUID, false } };
static const struct db_param wrong[] = { { "key", FT_UUID, false } };
static const struct db_frag frag[] = { { "more" } };

static const struct {
    struct db_stmt s;
    const char *finding; /* NULL: keeps its contract */
} lies[] = {
    { { .sql = "SELECT s.name FROM app.stores s WHERE s.id = $1",
        .params = one_uuid,
        .nparams = 1,
        .flags = DB_STMT_PLAN_INDEX },
      NULL },
    { { .sql = "SELECT s.nam FROM app.stores s WHERE s.id = $1", .params = one_uuid, .nparams = 1 },
      "does not exist (42703)" },
    { { .sql = "SELECT name FROM stores" }, "does not exist (42P01)" },
    { { .sql = "SELECT s.name, s.code FROM app.stores s" }, "2 columns come, 1 are described" },
    { { .sql = "SELECT s.code FROM app.stores s" }, "is named code, described as name" },
    { { .sql = "SELECT s.version AS name FROM app.stores s" }, "type 23, described as text" },
    { { .sql = "SELECT s.name FROM app.stores s", .params = one_uuid, .nparams = 1 },
      NULL }, /* unused: sqlgen's finding, the server cannot tell */
    { { .sql = "SELECT s.name FROM app.stores s WHERE s.id = $1 AND s.code = $2",
        .params = one_uuid,
        .nparams = 1 },
      "2 parameters in the text, 1 described" },
    { { .sql = "SELECT s.name FROM app.stores s WHERE s.code = $1", .params = wrong, .nparams = 1 },
      "text = uuid (42883)" },
    { { .sql = "SELECT s.name FROM app.stores s WHERE s.name = 'x'", .flags = DB_STMT_PLAN_INDEX },
      NULL }, /* an index of the shop serves the policy */
    { { .sql =
            "SELECT t.slug::text AS name FROM app.schema_migrations m, LATERAL (SELECT m.name AS "
            "slug) t WHERE m.name > 'x'",
        .flags = DB_STMT_PLAN_INDEX },
      "plan without an index" },
    { { .sql = "SELECT s.name FROM app.stores s\x01"
               "0\x02 WHERE s.nothing\x03",
        .frags = frag,
        .nfrags = 1 },
      "(fragments 1)" },
};

START_TEST(lies_are_found)
{
    struct arena *a = arena_new_sized(0);
    struct db *db = kit_db("kade_web");
    struct db_stmt s = lies[_i].s;
    struct buf problems;
    s.name = "test.lie";
    s.file = "test.sql";
    s.line = 12;
    s.card = DB_MANY;
    s.cols = one_text;
    s.ncols = 1;
    s.row_size = sizeof(const char *);
    buf_init(&problems, a, 1 << 16);
    kit_ok(db, db_contract(db, &s, &problems));
    if (lies[_i].finding == NULL)
        ck_assert_msg(problems.n == 0, "%s", problems.p);
    else
        ck_assert_msg(strstr(problems.p, lies[_i].finding) != NULL &&
                          str_starts(problems.p, "test.sql:12: test.lie"),
                      "%s: %s", lies[_i].finding, problems.p);
    db_free(db);
    arena_free(a);
}
END_TEST

int main(void)
{
    kit_database();
    int modules = 0;
    while (all_stmts[modules].module != NULL)
        modules++;
    Suite *s = suite_create("stmts");
    TCase *t = tcase_create("contract");
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, statements_keep_their_contract, 0, modules);
    tcase_add_test(t, statement_names_are_unique);
    tcase_add_loop_test(t, lies_are_found, 0, (int)COUNT_OF(lies));
    suite_add_tcase(s, t);
    return kit_run(s);
}
