/* Every type goes to the server and comes back the same, null or not; what cannot be represented or
 * does not fit its description is refused with a reason. */
#include <string.h>

#include "base/rc.h"
#include "base/time.h"
#include "kit/kit.h"

struct all {
    struct uuid u;
    const char *t;
    int32_t i4;
    int64_t i8;
    bool b;
    int64_t at;
    int32_t day;
    struct bytes bin;
    const char *j;
    struct uuids us;
    struct texts ts;
    struct int4s i4s;
    struct int8s i8s;
    struct bools bs;
    bool has_u, has_i4, has_i8, has_b, has_at, has_day;
};

#define COL(m, ty)                                                                                 \
    {                                                                                              \
#m, ty, false, offsetof(struct all, m), FIELD_NOT_NULL                                     \
    }
#define COL_NULL(m, ty)                                                                            \
    {                                                                                              \
#m, ty, true, offsetof(struct all, m), FIELD_NOT_NULL                                      \
    }
#define COL_NULL_HAS(m, ty)                                                                        \
    {                                                                                              \
#m, ty, true, offsetof(struct all, m), offsetof(struct all, has_##m)                       \
    }

static const struct field all_cols[] = {
    COL(u, FT_UUID),    COL(t, FT_TEXT),     COL(i4, FT_INT4),  COL(i8, FT_INT8),
    COL(b, FT_BOOL),    COL(at, FT_INSTANT), COL(day, FT_DATE), COL(bin, FT_BYTES),
    COL(j, FT_JSON),    COL(us, FT_UUIDS),   COL(ts, FT_TEXTS), COL(i4s, FT_INT4S),
    COL(i8s, FT_INT8S), COL(bs, FT_BOOLS),
};
static const struct db_param all_params[] = {
    { "u", FT_UUID, false },    { "t", FT_TEXT, false },    { "i4", FT_INT4, false },
    { "i8", FT_INT8, false },   { "b", FT_BOOL, false },    { "at", FT_INSTANT, false },
    { "day", FT_DATE, false },  { "bin", FT_BYTES, false }, { "j", FT_JSON, false },
    { "us", FT_UUIDS, false },  { "ts", FT_TEXTS, false },  { "i4s", FT_INT4S, false },
    { "i8s", FT_INT8S, false }, { "bs", FT_BOOLS, false },
};
static const struct db_stmt echo = {
    .name = "test.echo",
    .sql = "SELECT $1 AS u, $2 AS t, $3 AS i4, $4 AS i8, $5 AS b, $6 AS at, $7 AS day, $8 AS bin, "
           "$9 AS j, $10 AS us, $11 AS ts, $12 AS i4s, $13 AS i8s, $14 AS bs",
    .file = "tests",
    .line = 1,
    .card = DB_ONE,
    .params = all_params,
    .nparams = COUNT_OF(all_params),
    .cols = all_cols,
    .ncols = COUNT_OF(all_cols),
    .row_size = sizeof(struct all),
    .row_align = _Alignof(struct all),
    .hash = 1,
};

static const struct field null_cols[] = {
    COL_NULL_HAS(u, FT_UUID),   COL_NULL(t, FT_TEXT),     COL_NULL_HAS(i4, FT_INT4),
    COL_NULL_HAS(i8, FT_INT8),  COL_NULL_HAS(b, FT_BOOL), COL_NULL_HAS(at, FT_INSTANT),
    COL_NULL_HAS(day, FT_DATE), COL_NULL(bin, FT_BYTES),  COL_NULL(j, FT_JSON),
};
static const struct db_param null_params[] = {
    { "u", FT_UUID, true },   { "t", FT_TEXT, true },    { "i4", FT_INT4, true },
    { "i8", FT_INT8, true },  { "b", FT_BOOL, true },    { "at", FT_INSTANT, true },
    { "day", FT_DATE, true }, { "bin", FT_BYTES, true }, { "j", FT_JSON, true },
};
static const struct db_stmt echo_null = {
    .name = "test.echo_null",
    .sql = "SELECT $1 AS u, $2 AS t, $3 AS i4, $4 AS i8, $5 AS b, $6 AS at, $7 AS day, $8 AS bin, "
           "$9 AS j",
    .file = "tests",
    .line = 2,
    .card = DB_ONE,
    .params = null_params,
    .nparams = COUNT_OF(null_params),
    .cols = null_cols,
    .ncols = COUNT_OF(null_cols),
    .row_size = sizeof(struct all),
    .row_align = _Alignof(struct all),
    .hash = 2,
};

static struct db *db;
static struct arena *a;

static void setup(void)
{
    db = kit_db("kade_web");
    a = arena_new_sized(0);
    kit_scope(db, a, KIT_A);
}

static void teardown(void)
{
    db_scope_end(db);
    db_free(db);
    arena_free(a);
}

static struct all *run(const struct db_stmt *s, const union db_arg *args)
{
    struct db_result r = { 0 };
    kit_ok(db, db_run(db, s, 0, args, &r));
    ck_assert_uint_eq(r.n, 1);
    return r.rows;
}

START_TEST(values_return_as_they_went)
{
    static const struct uuid ids[] = { { { 1, 2, 3 } }, { { 255 } } };
    static const char *const texts[] = { "one", NULL, "", "සිංහල \"{,}\\" };
    static const int32_t i4[] = { 0, INT32_MIN, INT32_MAX };
    static const int64_t i8[] = { -1, INT64_MIN, INT64_MAX };
    static const bool bools[] = { true, false };
    static const unsigned char bin[] = { 0, 1, 255, 0 };
    const union db_arg args[] = {
        { .uuid = ids[0] },
        { .text = "a'b\\ \x7f ₨" },
        { .i4 = INT32_MIN },
        { .i8 = INT64_MAX },
        { .b = true },
        { .i8 = INT64_C(1763630999123456) },
        { .i4 = -25567 },
        { .bytes = { bin, sizeof bin } },
        { .text = "{\"k\": [1, \"x\"]}" },
        { .uuids = { ids, 2 } },
        { .texts = { texts, 4 } },
        { .int4s = { i4, 3 } },
        { .int8s = { i8, 3 } },
        { .bools = { bools, 2 } },
    };
    struct all *r = run(&echo, args);
    ck_assert_mem_eq(&r->u, &ids[0], 16);
    ck_assert_str_eq(r->t, "a'b\\ \x7f ₨");
    ck_assert_int_eq(r->i4, INT32_MIN);
    ck_assert_int_eq(r->i8, INT64_MAX);
    ck_assert(r->b);
    ck_assert_int_eq(r->at, INT64_C(1763630999123456));
    ck_assert_int_eq(r->day, -25567);
    ck_assert_uint_eq(r->bin.n, sizeof bin);
    ck_assert_mem_eq(r->bin.p, bin, sizeof bin);
    ck_assert_str_eq(r->j, "{\"k\": [1, \"x\"]}");
    ck_assert_uint_eq(r->us.n, 2);
    ck_assert_mem_eq(r->us.v, ids, sizeof ids);
    ck_assert_uint_eq(r->ts.n, 4);
    ck_assert_str_eq(r->ts.v[0], "one");
    ck_assert_ptr_null(r->ts.v[1]);
    ck_assert_str_eq(r->ts.v[2], "");
    ck_assert_str_eq(r->ts.v[3], texts[3]);
    ck_assert_mem_eq(r->i4s.v, i4, sizeof i4);
    ck_assert_mem_eq(r->i8s.v, i8, sizeof i8);
    ck_assert_uint_eq(r->bs.n, 2);
    ck_assert(r->bs.v[0] && !r->bs.v[1]);
}
END_TEST

START_TEST(empty_values_are_not_null)
{
    const union db_arg args[] = {
        { .uuid = { { 0 } } },
        { .text = "" },
        { .i4 = 0 },
        { .i8 = 0 },
        { .b = false },
        { .i8 = INSTANT_MIN },
        { .i4 = INT32_MAX },
        { .bytes = { NULL, 0 } },
        { .text = "null" },
        { .uuids = { NULL, 0 } },
        { .texts = { NULL, 0 } },
        { .int4s = { NULL, 0 } },
        { .int8s = { NULL, 0 } },
        { .bools = { NULL, 0 } },
    };
    struct all *r = run(&echo, args);
    ck_assert_str_eq(r->t, "");
    ck_assert_int_eq(r->at, INSTANT_MIN);
    ck_assert_int_eq(r->day, INT32_MAX); /* infinity */
    ck_assert_ptr_nonnull(r->bin.p);
    ck_assert_uint_eq(r->bin.n, 0);
    ck_assert_str_eq(r->j, "null");
    ck_assert_uint_eq(r->us.n + r->ts.n + r->i4s.n + r->i8s.n + r->bs.n, 0);
}
END_TEST

START_TEST(nulls_return_as_nulls)
{
    const union db_arg args[COUNT_OF(null_params)] = { 0 };
    struct all *r = run(&echo_null, args);
    ck_assert(!r->has_u && !r->has_i4 && !r->has_i8 && !r->has_b && !r->has_at && !r->has_day);
    ck_assert_ptr_null(r->t);
    ck_assert_ptr_null(r->bin.p);
    ck_assert_ptr_null(r->j);
}
END_TEST

START_TEST(nullable_values_say_they_are_there)
{
    const struct uuid u = { { 9 } };
    const int32_t i4 = 4, day = 0;
    const int64_t i8 = 8, at = 0;
    const bool b = false;
    const union db_arg args[] = {
        { .uuid_or_null = &u }, { .text = "x" },          { .i4_or_null = &i4 },
        { .i8_or_null = &i8 },  { .b_or_null = &b },      { .i8_or_null = &at },
        { .i4_or_null = &day }, { .bytes = { u.b, 16 } }, { .text = "[]" },
    };
    struct all *r = run(&echo_null, args);
    ck_assert(r->has_u && r->has_i4 && r->has_i8 && r->has_b && r->has_at && r->has_day);
    ck_assert_mem_eq(&r->u, &u, 16);
    ck_assert_int_eq(r->i4, 4);
    ck_assert_int_eq(r->i8, 8);
    ck_assert(!r->b);
    ck_assert_int_eq(r->at, 0);
    ck_assert_int_eq(r->day, 0);
    ck_assert_uint_eq(r->bin.n, 16);
}
END_TEST

START_TEST(instants_at_the_end_of_the_calendar)
{
    static const int64_t first = INSTANT_MIN + 1, last = INSTANT_MAX - 1;
    union db_arg args[COUNT_OF(null_params)] = { 0 };
    struct db_result r = { 0 };
    args[5].i8_or_null = &first; /* before the calendar begins */
    kit_rc(db_run(db, &echo_null, 0, args, &r), RC_INVALID);
    args[5].i8_or_null = &last;
    ck_assert_int_eq(run(&echo_null, args)->at, last);
}
END_TEST

static const struct field one_text[] = { COL(t, FT_TEXT) };

static enum rc ask(const char *sql, enum db_card card, struct db_result *r)
{
    struct db_stmt s = { .name = "test.ask",
                         .sql = sql,
                         .file = "tests",
                         .line = 3,
                         .card = card,
                         .cols = one_text,
                         .ncols = 1,
                         .row_size = sizeof(struct all) };
    for (const char *p = sql; *p != '\0'; p++)
        s.hash = s.hash * 31 + (unsigned char)*p;
    return db_run(db, &s, 0, NULL, r);
}

START_TEST(results_unlike_their_description_are_refused)
{
    struct db_result r = { 0 };
    kit_rc(ask("SELECT 1 AS t", DB_ONE, &r), RC_BUG);
    ck_assert_ptr_nonnull(strstr(db_error(db)->message, "column t is not text"));
    kit_rc(ask("SELECT 'x'::text AS t, 2 AS more", DB_ONE, &r), RC_BUG);
    ck_assert_ptr_nonnull(strstr(db_error(db)->message, "2 columns"));
    kit_rc(ask("SELECT NULL::text AS t", DB_ONE, &r), RC_BUG);
    ck_assert_ptr_nonnull(strstr(db_error(db)->message, "null but not described"));
    kit_rc(ask("SELECT 'x'::text AS t FROM pg_catalog.generate_series(1, 2)", DB_MAYBE, &r),
           RC_BUG);
    ck_assert_str_eq(db_error(db)->statement, "test.ask");
    ck_assert_ptr_null(r.rows);
}
END_TEST

START_TEST(cardinalities)
{
    struct db_result r = { 0 };
    kit_rc(ask("SELECT 'x'::text AS t WHERE false", DB_ONE, &r), RC_NOTFOUND);
    kit_ok(db, ask("SELECT 'x'::text AS t WHERE false ", DB_MAYBE, &r));
    ck_assert(!r.found && r.n == 0);
    kit_ok(db, ask("SELECT 'x'::text AS t", DB_MAYBE, &r));
    ck_assert(r.found);
    kit_ok(db, ask("SELECT i::text AS t FROM pg_catalog.generate_series(1, 1000) i", DB_MANY, &r));
    ck_assert_uint_eq(r.n, 1000);
    ck_assert_str_eq(((struct all *)r.rows)[999].t, "1000");
}
END_TEST

START_TEST(results_too_big_are_refused)
{
    struct db_result r = { 0 };
    kit_rc(ask("SELECT 'x'::text AS t FROM pg_catalog.generate_series(1, 100001)", DB_MANY, &r),
           RC_LIMIT);
    kit_rc(ask("SELECT pg_catalog.repeat('x', 1048576) AS t FROM pg_catalog.generate_series(1, 33)",
               DB_MANY, &r),
           RC_LIMIT);
    kit_ok(db, ask("SELECT 'still here'::text AS t", DB_ONE, &r));
}
END_TEST

START_TEST(texts_the_server_refuses)
{
    union db_arg args[COUNT_OF(null_params)] = { 0 };
    struct db_result r = { 0 };
    args[1].text = "\xff\xfe";
    kit_rc(db_run(db, &echo_null, 0, args, &r), RC_INVALID);
    ck_assert_str_eq(db_error(db)->sqlstate, "22021");
    args[1].text = "fine";
    args[8].text = "{broken";
    kit_rc(db_run(db, &echo_null, 0, args, &r), RC_INVALID);
    ck_assert_str_eq(db_error(db)->sqlstate, "22P02");
}
END_TEST

int main(void)
{
    kit_database();
    Suite *s = suite_create("db_types");
    TCase *t = tcase_create("types");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, values_return_as_they_went);
    tcase_add_test(t, empty_values_are_not_null);
    tcase_add_test(t, nulls_return_as_nulls);
    tcase_add_test(t, nullable_values_say_they_are_there);
    tcase_add_test(t, instants_at_the_end_of_the_calendar);
    tcase_add_test(t, results_unlike_their_description_are_refused);
    tcase_add_test(t, cardinalities);
    tcase_add_test(t, results_too_big_are_refused);
    tcase_add_test(t, texts_the_server_refuses);
    suite_add_tcase(s, t);
    return kit_run(s);
}
