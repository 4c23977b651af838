/* custom.c: values of custom fields: for each of the seventeen types what is taken and in which
 * form, what is refused and in which words, and that what is written is read back as the same. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "app/custom.h"
#include "base/str.h"
#include "platform/json.h"

static struct arena *a;
static void setup(void)
{
    a = arena_new_sized(8 * 1024 * 1024);
}
static void teardown(void)
{
    arena_free(a);
}

static struct custom_choice colours[] = { { { { 1 } }, "sea_blue", "Sea blue" },
                                          { { { 2 } }, "sand", "Sand" } };

static struct custom_field field(const char *type)
{
    struct custom_field f = {
        .resource = "product", .name = "x", .label = "X", .is_filterable = true
    };
    ck_assert_msg(custom_type_parse(type, &f.type), "%s", type);
    if (f.type == CUSTOM_DROPDOWN || f.type == CUSTOM_MULTI_SELECT) {
        f.choice = colours;
        f.nchoices = 2;
    }
    return f;
}

static const struct {
    const char *type, *text, *json; /* json NULL: refused */
    const char *back;               /* what custom_write gives */
} values[] = {
    { "text", " IMEI 12 ", "\"IMEI 12\"", "IMEI 12" },
    { "text", "two\nlines", NULL, NULL },
    { "textarea", "two\nlines", "\"two\\nlines\"", "two\nlines" },
    { "number", "12", "12", "12" },
    { "number", "-7.00", "-7", "-7" },
    { "number", "1.5", NULL, NULL },
    { "number", "9007199254740992", NULL, NULL },
    { "decimal", "12.500", "\"12.5\"", "12.5" },
    { "decimal", "-0.000001", "\"-0.000001\"", "-0.000001" },
    { "decimal", "1.0000001", NULL, NULL },
    { "decimal", "1e5", NULL, NULL },
    { "currency", "1250.5", "{\"minor\":125050,\"currency\":\"LKR\"}", "1250.50 LKR" },
    { "currency", "12 USD", "{\"minor\":1200,\"currency\":\"USD\"}", "12.00 USD" },
    { "currency", "12.345 USD", NULL, NULL },
    { "currency", "12 XXQ", NULL, NULL },
    { "date", "2026-02-28", "\"2026-02-28\"", "2026-02-28" },
    { "date", "2026-02-29", NULL, NULL },
    { "date", "28.02.2026", NULL, NULL },
    { "datetime", "2026-11-30T09:00:00+05:30", "\"2026-11-30T03:30:00Z\"", "2026-11-30T03:30:00Z" },
    { "datetime", "2026-11-30 09:00", NULL, NULL },
    { "time", "09:30", "\"09:30\"", "09:30" },
    { "time", "24:00", NULL, NULL },
    { "time", "9:30", NULL, NULL },
    { "dropdown", "Sea Blue", "\"sea_blue\"", "sea_blue" },
    { "dropdown", "green", NULL, NULL },
    { "multi_select", "Sand, sea_blue, sand", "[\"sea_blue\",\"sand\"]", "sea_blue, sand" },
    { "multi_select", "sand, moss", NULL, NULL },
    { "checkbox", "Yes", "true", "yes" },
    { "checkbox", "0", "false", "no" },
    { "checkbox", "perhaps", NULL, NULL },
    { "url", "https://kade.example/a?b=c", "\"https://kade.example/a?b=c\"",
      "https://kade.example/a?b=c" },
    { "url", "javascript:alert(1)", NULL, NULL },
    { "url", "https://", NULL, NULL },
    { "email", "Nimal@Shop.Example", "\"nimal@shop.example\"", "nimal@shop.example" },
    { "email", "nimal@localhost", NULL, NULL },
    { "email", "a@b@c.example", NULL, NULL },
    { "phone", "+94 77 123-4567", "\"+94771234567\"", "+94771234567" },
    { "phone", "077 123 4567", NULL, NULL },
    { "color", "#1A2B3C", "\"#1a2b3c\"", "#1a2b3c" },
    { "color", "red", NULL, NULL },
    { "file", "018f0000-0000-7000-8000-000000000001", "\"018f0000-0000-7000-8000-000000000001\"",
      "018f0000-0000-7000-8000-000000000001" },
    { "image", "../../etc/passwd", NULL, NULL },
    { "checkbox", "", "", "" },
};

START_TEST(a_value_of_each_type)
{
    struct custom_field f = field(values[_i].type);
    struct custom_value v;
    const char *problem = NULL;
    enum rc rc = custom_read(a, &f, "LKR", values[_i].text, &v, &problem);
    if (values[_i].json == NULL) {
        ck_assert_msg(rc == RC_INVALID && !str_empty(problem), "%s took '%s'", values[_i].type,
                      values[_i].text);
        return;
    }
    ck_assert_msg(rc == RC_OK, "%s '%s': %s", values[_i].type, values[_i].text, problem);
    if (*values[_i].json == '\0') {
        ck_assert_ptr_null(v.json);
        ck_assert_uint_eq(v.ncopies, 0);
        return;
    }
    ck_assert_str_eq(v.json, values[_i].json);
    ck_assert_uint_ge(v.ncopies, 1);
    struct json *j;
    ck_assert_int_eq(json_parse(a, v.json, strlen(v.json), &j, NULL), RC_OK);
    const char *back = custom_write(a, &f, j);
    ck_assert_str_eq(back, values[_i].back);
    struct custom_value again;
    ck_assert_int_eq(custom_read(a, &f, "USD", back, &again, &problem), RC_OK);
    ck_assert_str_eq(again.json, v.json);
}
END_TEST

/* C05: a 14-digit IMEI is refused with the rule stated. */
START_TEST(a_pattern_is_said_in_the_words_of_the_shop)
{
    struct custom_field f = field("text");
    struct custom_value v;
    const char *problem = NULL;
    f.pattern = "[0-9]{15}";
    f.message = "is not the 15 digits of an IMEI";
    ck_assert_int_eq(custom_read(a, &f, "LKR", "35209900176148", &v, &problem), RC_INVALID);
    ck_assert_str_eq(problem, "is not the 15 digits of an IMEI");
    ck_assert_int_eq(custom_read(a, &f, "LKR", "352099001761481", &v, &problem), RC_OK);
    f.message = NULL;
    ck_assert_int_eq(custom_read(a, &f, "LKR", "3520990017614811", &v, &problem), RC_INVALID);
    ck_assert_ptr_nonnull(strstr(problem, "[0-9]{15}"));
}
END_TEST

START_TEST(rules_hold)
{
    struct custom_field f = field("number");
    struct custom_value v;
    const char *problem = NULL;
    f.has_min = f.has_max = true;
    f.min = 1;
    f.max = 120;
    ck_assert_int_eq(custom_read(a, &f, "LKR", "0", &v, &problem), RC_INVALID);
    ck_assert_int_eq(custom_read(a, &f, "LKR", "121", &v, &problem), RC_INVALID);
    ck_assert_int_eq(custom_read(a, &f, "LKR", "120", &v, &problem), RC_OK);
    ck_assert_int_eq((int)v.copy[0].number, 120);
    f = field("text");
    f.is_required = true;
    f.max_length = 3;
    ck_assert_int_eq(custom_read(a, &f, "LKR", "  ", &v, &problem), RC_INVALID);
    ck_assert_str_eq(problem, "is required");
    ck_assert_int_eq(custom_read(a, &f, "LKR", "\u0D85\u0D86\u0D87", &v, &problem), RC_OK);
    ck_assert_int_eq(custom_read(a, &f, "LKR", "abcd", &v, &problem), RC_INVALID);
    f.is_filterable = false;
    ck_assert_int_eq(custom_read(a, &f, "LKR", "abc", &v, &problem), RC_OK);
    ck_assert_uint_eq(v.ncopies, 0);
}
END_TEST

START_TEST(definitions_that_cannot_be)
{
    static const struct {
        const char *type, *name, *pattern, *preset;
        bool filterable, ranged;
    } bad[] = {
        { "text", "Name", NULL, NULL, false, false },
        { "text", "a b", NULL, NULL, false, false },
        { "text", "x", "((a{90}){90}){90}", NULL, false, false },
        { "text", "x", "(a)\\1", NULL, false, false },
        { "text", "x", "[0-9", NULL, false, false },
        { "number", "x", "[0-9]", NULL, false, false },
        { "number", "x", NULL, "twelve", false, false },
        { "textarea", "x", NULL, NULL, true, false },
        { "file", "x", NULL, NULL, true, false },
        { "text", "x", NULL, NULL, false, true },
    };
    const char *problem = NULL;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct custom_field f = field(bad[i].type);
        f.name = bad[i].name;
        f.pattern = bad[i].pattern;
        f.preset = bad[i].preset;
        f.is_filterable = bad[i].filterable;
        f.has_min = bad[i].ranged;
        ck_assert_msg(custom_check(a, &f, "LKR", &problem) == RC_INVALID, "%zu was taken", i);
    }
    struct custom_field f = field("dropdown");
    f.nchoices = 0;
    ck_assert_int_eq(custom_check(a, &f, "LKR", &problem), RC_INVALID);
    struct custom_choice same[] = { { .label = "New" }, { .label = "new" } };
    f.choice = same;
    f.nchoices = 2;
    ck_assert_int_eq(custom_check(a, &f, "LKR", &problem), RC_INVALID);
    struct custom_choice two[] = { { .label = "Second hand" }, { .label = "\u0DC0\u0DD2\u0DBA" } };
    f.choice = two;
    ck_assert_int_eq(custom_check(a, &f, "LKR", &problem), RC_OK);
    ck_assert_str_eq(two[0].code, "second_hand");
    ck_assert_str_eq(two[1].code, "choice_2");
}
END_TEST

START_TEST(there_are_seventeen_types)
{
    enum custom_type t;
    for (int i = 0; i < CUSTOM_TYPES; i++) {
        ck_assert(custom_type_parse(custom_type_name((enum custom_type)i), &t));
        ck_assert_int_eq(t, i);
    }
    ck_assert_int_eq(CUSTOM_TYPES, 17);
    ck_assert(!custom_type_parse("decimals", &t));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("custom");
    TCase *c = tcase_create("values");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_loop_test(c, a_value_of_each_type, 0, (int)(sizeof(values) / sizeof(*values)));
    tcase_add_test(c, a_pattern_is_said_in_the_words_of_the_shop);
    tcase_add_test(c, rules_hold);
    tcase_add_test(c, definitions_that_cannot_be);
    tcase_add_test(c, there_are_seventeen_types);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_set_tap(r, "-");
    srunner_run_all(r, CK_SILENT);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
