/* json.c: tests of platform/json.h. What could break: bounds, texts that are not clean, escapes
 * that let a text leave a script element, rows with nulls. */
#include "platform/json.h"

#include <string.h>

#include "suites.h"

static struct arena *a;

static void setup(void)
{
    a = arena_new_sized(0);
}

static void teardown(void)
{
    arena_free(a);
}

static const struct json *parsed(const char *text)
{
    struct json *v = NULL;
    const char *problem = "none";
    ck_assert_msg(json_parse(a, text, strlen(text), &v, &problem) == RC_OK, "%s: %s", text,
                  problem);
    return v;
}

static bool collect(const char *key, const struct json *v, void *arg)
{
    buf_str(arg, key);
    buf_int(arg, json_int(v, -1));
    return strcmp(key, "stop") != 0;
}

START_TEST(reads)
{
    const struct json *v =
        parsed("{\"z\": 1, \"a\": [true, null, \"x\", -9223372036854775808, 1.5],"
               " \"stop\": 2, \"after\": 3}");
    const struct json *list = json_get(v, "a");
    ck_assert_uint_eq(json_size(list), 5);
    ck_assert(json_bool(json_at(list, 0), false));
    ck_assert(json_is_null(json_at(list, 1)));
    ck_assert(!json_is_null(NULL));
    ck_assert_str_eq(json_text(json_at(list, 2), "no"), "x");
    ck_assert_int_eq(json_int(json_at(list, 3), 0), INT64_MIN);
    ck_assert_int_eq(json_int(json_at(list, 4), 7), 7); /* no rounding behind one's back */
    ck_assert_ptr_null(json_at(list, 5));
    ck_assert_ptr_null(json_get(v, "none"));
    ck_assert_ptr_null(json_get(list, "z"));
    ck_assert_ptr_null(json_get(NULL, "z"));
    ck_assert_uint_eq(json_size(NULL), 0);
    ck_assert_str_eq(json_text(NULL, "no"), "no");
    ck_assert_ptr_null(json_text(json_at(list, 1), NULL));
    ck_assert(json_bool(json_get(v, "z"), true));
    struct buf b;
    buf_init(&b, a, 100);
    json_each(v, collect, &b);
    json_each(list, collect, &b);
    json_each(NULL, collect, &b);
    ck_assert_str_eq(b.p, "z1a-1stop2"); /* the order of the text, until false */
    ck_assert_str_eq(json_text(parsed("\"alone\""), ""), "alone");
}
END_TEST

START_TEST(texts_are_clean)
{
    const struct json *v = parsed("[\"Cafe\\u0301\", \"a\\r\\nb\\tc\", \"\\ud83d\\ude00\"]");
    ck_assert_str_eq(json_text(json_at(v, 0), ""), "Café");
    ck_assert_str_eq(json_text(json_at(v, 1), ""), "a\nb\tc");
    ck_assert_str_eq(json_text(json_at(v, 2), ""), "😀");
}
END_TEST

static void refused(const char *p, size_t n, enum rc want, const char *say)
{
    struct json *v = NULL;
    const char *problem = "none";
    ck_assert_msg(json_parse(a, p, n, &v, &problem) == want, "%s", p);
    ck_assert_ptr_null(v);
    ck_assert_msg(strstr(problem, say) != NULL, "%s", problem);
    ck_assert_int_eq(json_parse(a, p, n, &v, NULL), want);
}

START_TEST(refuses)
{
    static const char *const bad[] = { "",        "{",        "[1,]",       "{\"a\" 1}",
                                       "'a'",     "[01]",     "nul",        "[1] x",
                                       "\"\\u00", "\"\t\"",   "[1e999]",    "99999999999999999999",
                                       "\"\\x\"", "\"\xff\"", "\"\\ud800\"" };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        refused(bad[i], strlen(bad[i]), RC_INVALID, "line 1, column");
    refused("\"\\u0000\"", 8, RC_INVALID, "line 1");
    refused("\"a\0b\"", 5, RC_INVALID, "line 1");
    refused("{\"a\":1,\"a\":2}", 13, RC_INVALID, "duplicate");
    refused("[\"\\u001b\"]", 10, RC_INVALID, "control characters");
    refused("[\"\\u0085\"]", 10, RC_INVALID, "control characters");
    refused("{\"e\\u0301\":1}", 13, RC_INVALID, "key");
}
END_TEST

START_TEST(bounded)
{
    char deep[200];
    memset(deep, '[', 100);
    memset(deep + 100, ']', 100);
    refused(deep, 200, RC_LIMIT, "too deeply");
    struct json *v;
    ck_assert_int_eq(json_parse(a, deep + 100 - JSON_DEPTH_MAX, 2 * JSON_DEPTH_MAX, &v, NULL),
                     RC_OK);
    refused("", JSON_SIZE_MAX + 1, RC_LIMIT, "too large"); /* not a byte is read */
    /* Brackets inside texts are no depth. */
    char text[300] = "[\"\\\"";
    memset(text + 4, '[', 200);
    memcpy(text + 204, "\"]", 3);
    ck_assert_int_eq(json_parse(a, text, strlen(text), &v, NULL), RC_OK);
}
END_TEST

START_TEST(writes)
{
    struct buf b;
    struct jw w;
    buf_init(&b, a, 1000);
    jw_init(&w, &b);
    jw_object(&w);
    jw_key(&w, "list");
    jw_array(&w);
    jw_int(&w, INT64_MIN);
    jw_bool(&w, true);
    jw_null(&w);
    jw_text(&w, NULL);
    jw_object(&w);
    jw_end_object(&w);
    jw_array(&w);
    jw_end_array(&w);
    jw_end_array(&w);
    jw_key(&w, "t");
    jw_text(&w, "a\"b\\c\nd");
    jw_key(&w, "raw");
    jw_raw(&w, "{\"x\":1}");
    jw_end_object(&w);
    ck_assert_str_eq(b.p, "{\"list\":[-9223372036854775808,true,null,null,{},[]],"
                          "\"t\":\"a\\\"b\\\\c\\nd\",\"raw\":{\"x\":1}}");
    ck_assert_int_eq(buf_rc(&b), RC_OK);
}
END_TEST

START_TEST(stays_inside_a_script_element)
{
    struct buf b;
    struct jw w;
    buf_init(&b, a, 1000);
    jw_init(&w, &b);
    jw_text(&w, "</script><!-- & \xe2\x80\xa8\xe2\x80\xa9\xe2\x82\xac");
    ck_assert_str_eq(b.p, "\"\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028\\u2029\xe2\x82\xac\"");
    ck_assert_str_eq(json_text(parsed(b.p), ""),
                     "</script><!-- & \xe2\x80\xa8\xe2\x80\xa9\xe2\x82\xac");
}
END_TEST

struct row {
    struct uuid id;
    const char *name;
    const char *notes;
    int32_t i4;
    int64_t i8, at, due;
    bool on, has_due, has_day;
    int32_t day, no_day;
    struct bytes bytes;
    const char *doc;
    struct texts texts;
    struct int4s ints;
};

#define F(type, member, null)                                                                      \
    {                                                                                              \
#member, type, null != FIELD_NOT_NULL, offsetof(struct row, member), null                  \
    }

START_TEST(rows)
{
    static const struct field fields[] = {
        F(FT_UUID, id, FIELD_NOT_NULL),
        F(FT_TEXT, name, FIELD_NOT_NULL),
        F(FT_TEXT, notes, FIELD_NOT_NULL),
        F(FT_INT4, i4, FIELD_NOT_NULL),
        F(FT_INT8, i8, FIELD_NOT_NULL),
        F(FT_INSTANT, at, FIELD_NOT_NULL),
        F(FT_INSTANT, due, offsetof(struct row, has_due)),
        F(FT_BOOL, on, FIELD_NOT_NULL),
        F(FT_DATE, day, offsetof(struct row, has_day)),
        F(FT_BYTES, bytes, FIELD_NOT_NULL),
        F(FT_JSON, doc, FIELD_NOT_NULL),
        F(FT_TEXTS, texts, FIELD_NOT_NULL),
        F(FT_INT4S, ints, FIELD_NOT_NULL),
    };
    static const char *const two[] = { "x", NULL };
    static const int32_t three[] = { 1, -2, 3 };
    const struct row row = { .name = "<b>",
                             .i4 = -1,
                             .i8 = INT64_MAX,
                             .at = 1500000,
                             .on = true,
                             .has_day = true,
                             .day = 20777,
                             .bytes = { (const unsigned char *)"foo", 3 },
                             .doc = "[1]",
                             .texts = { two, 2 },
                             .ints = { three, 3 } };
    struct buf b;
    struct jw w;
    buf_init(&b, a, 1000);
    jw_init(&w, &b);
    jw_row(&w, fields, COUNT_OF(fields), &row);
    ck_assert_str_eq(
        b.p, "{\"id\":\"00000000-0000-0000-0000-000000000000\",\"name\":\"\\u003cb\\u003e\","
             "\"notes\":null,\"i4\":-1,\"i8\":9223372036854775807,"
             "\"at\":\"1970-01-01T00:00:01.5Z\",\"due\":null,\"on\":true,"
             "\"day\":\"2026-11-20\",\"bytes\":\"Zm9v\",\"doc\":[1],"
             "\"texts\":[\"x\",null],\"ints\":[1,-2,3]}");
    parsed(b.p);
}
END_TEST

Suite *suite_json(void)
{
    Suite *s = suite_create("json");
    TCase *tc = tcase_create("json");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, reads);
    tcase_add_test(tc, texts_are_clean);
    tcase_add_test(tc, refuses);
    tcase_add_test(tc, bounded);
    tcase_add_test(tc, writes);
    tcase_add_test(tc, stays_inside_a_script_element);
    tcase_add_test(tc, rows);
    suite_add_tcase(s, tc);
    return s;
}
