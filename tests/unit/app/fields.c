/* fields.c: one typed value after another through form_field_parse: what each type takes, what it
 * stores, and that a refusal stores nothing and says one sentence with the field's label. */
#include <check.h>
#include <string.h>

#include "app/req_priv.h"
#include "base/arena.h"
#include "base/str.h"

union value {
    const char *text;
    int64_t number;
    bool yes;
    struct uuid id;
};

static struct req_live live;
static const char *const colours[] = { "red", "blue", NULL };

static void setup(void)
{
    memset(&live, 0, sizeof live);
    live.r.arena = arena_new_sized(0);
    live.r.currency = "LKR";
}
static void teardown(void)
{
    arena_free(live.r.arena);
}

static const struct {
    enum form_type type;
    int64_t min, max;
    const char *in;
    const char *text; /* what is stored; NULL: refused, or a number */
    int64_t number;
} cases[] = {
    { F_TEXT, 0, 5, "hello", "hello", 0 },
    { F_TEXT, 0, 5, "hello!", NULL, 0 },
    { F_TEXT, 0, 2, "\xe0\xb6\x9a\xe0\xb6\xa9", "\xe0\xb6\x9a\xe0\xb6\xa9", 0 },
    { F_TEXT, 3, 9, "ab", NULL, 0 },
    { F_TEXT, 0, 0, "a\nb", NULL, 0 },
    { F_LINES, 0, 0, "a\nb", "a\nb", 0 },
    { F_PASSWORD, 8, 0, "  1234  ", "  1234  ", 0 },
    { F_PASSWORD, 8, 0, "1234567", NULL, 0 },
    { F_INT, 1, 99, "42", NULL, 42 },
    { F_INT, 1, 99, "\xd9\xa4\xd9\xa2", NULL, 42 },         /* Arabic-Indic */
    { F_INT, 1, 99, "\xe0\xaf\xaa\xe0\xaf\xa8", NULL, 42 }, /* Tamil */
    { F_INT, 1, 99, "100", NULL, 0 },
    { F_INT, 0, 0, "-7", NULL, -7 },
    { F_INT, 1, 99, "4.2", NULL, 0 },
    { F_INT, 1, 99, "0x1f", NULL, 0 },
    { F_INT, 0, 0, "99999999999999999999", NULL, 0 },
    { F_EMAIL, 0, 0, "Nimal@Example.LK", "nimal@example.lk", 0 },
    { F_EMAIL, 0, 0,
      "a@b\xc3\xbc"
      "cher.example",
      "a@xn--bcher-kva.example", 0 },
    { F_EMAIL, 0, 0, "a.b+c@example.com", "a.b+c@example.com", 0 },
    { F_EMAIL, 0, 0, "nobody", NULL, 0 },
    { F_EMAIL, 0, 0, "a@localhost", NULL, 0 },
    { F_EMAIL, 0, 0, "@example.com", NULL, 0 },
    { F_EMAIL, 0, 0, "a b@example.com", NULL, 0 },
    { F_EMAIL, 0, 0, ".a@example.com", NULL, 0 },
    { F_EMAIL, 0, 0, "a..b@example.com", NULL, 0 },
    { F_EMAIL, 0, 0, "a@example..com", NULL, 0 },
    { F_EMAIL, 0, 0, "a@example.com\nbcc:x@y.z", NULL, 0 },
    { F_PHONE, 0, 0, "+94 77 123-4567", "+94 77 123-4567", 0 },
    { F_PHONE, 0, 0, "077x123", NULL, 0 },
    { F_PHONE, 0, 0, "12", NULL, 0 },
    { F_PHONE, 0, 0, "77+123456", NULL, 0 },
    { F_SLUG, 0, 0, "solar-lantern", "solar-lantern", 0 },
    { F_SLUG, 0, 0, "Solar Lantern", NULL, 0 },
    { F_SLUG, 0, 0, "a--b", NULL, 0 },
    { F_TOKEN, 0, 0, "abc_-9", "abc_-9", 0 },
    { F_TOKEN, 0, 0, "abc.9", NULL, 0 },
    { F_PATH, 0, 0, "/cart?x=1", "/cart?x=1", 0 },
    { F_PATH, 0, 0, "//evil.example", NULL, 0 },
    { F_PATH, 0, 0, "https://evil.example", NULL, 0 },
};

START_TEST(values)
{
    struct form_field f = { .name = "f",
                            .type = cases[_i].type,
                            .min = cases[_i].min,
                            .max = cases[_i].max,
                            .label = "Thing" };
    union value v = { .number = 0 };
    const char *error = form_field_parse(&live.r, &f, cases[_i].in, &v);
    bool number = cases[_i].type == F_INT;
    if (cases[_i].text || (number && cases[_i].number)) {
        ck_assert_msg(error == NULL, "%s: %s", cases[_i].in, error);
        if (number)
            ck_assert_int_eq(v.number, cases[_i].number);
        else
            ck_assert_str_eq(v.text, cases[_i].text);
        return;
    }
    ck_assert_msg(error != NULL, "\"%s\" was taken", cases[_i].in);
    ck_assert_msg(strncmp(error, "Thing: ", 7) == 0, "%s", error);
    ck_assert_int_eq(v.number, 0);
}
END_TEST

START_TEST(booleans_choices_ids)
{
    struct form_field f = { .name = "f", .type = F_BOOL, .label = "Thing" };
    union value v = { .number = 0 };
    ck_assert_ptr_null(form_field_parse(&live.r, &f, "on", &v));
    ck_assert(v.yes);
    ck_assert_ptr_null(form_field_parse(&live.r, &f, "0", &v));
    ck_assert(!v.yes);
    ck_assert_ptr_nonnull(form_field_parse(&live.r, &f, "maybe", &v));
    f = (struct form_field){ .name = "f", .type = F_CHOICE, .choices = colours };
    ck_assert_ptr_null(form_field_parse(&live.r, &f, "blue", &v));
    ck_assert_ptr_eq(v.text, colours[1]);
    ck_assert_ptr_nonnull(form_field_parse(&live.r, &f, "green", &v));
    f = (struct form_field){ .name = "f", .type = F_ID };
    ck_assert_ptr_null(form_field_parse(&live.r, &f, "0190a000-0000-7000-8000-000000000001", &v));
    ck_assert_ptr_nonnull(form_field_parse(&live.r, &f, "1", &v));
}
END_TEST

START_TEST(a_hint_replaces_the_sentence)
{
    struct form_field f = { .name = "f", .type = F_INT, .label = "Size", .pattern_hint = "in cm." };
    union value v;
    ck_assert_str_eq(form_field_parse(&live.r, &f, "big", &v), "Size: in cm.");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("fields");
    TCase *tc = tcase_create("fields");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, values, 0, (int)COUNT_OF(cases));
    tcase_add_test(tc, booleans_choices_ids);
    tcase_add_test(tc, a_hint_replaces_the_sentence);
    suite_add_tcase(s, tc);
    SRunner *sr = srunner_create(s);
    srunner_set_tap(sr, "-");
    srunner_run_all(sr, CK_SILENT);
    int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? 1 : 0;
}
