/* tpl.c: the template shim over templates written here. Each fact about ctemplate that the house
 * relies on is a test, so that another ctemplate, or another shim, cannot change it unseen. Not
 * here: the shop's own templates (tpllint and the http tests read them). */

#include "platform/tpl.h"
#include "kit.h"

#define ESC "{{%AUTOESCAPE context=\"HTML\"}}\n"

static struct arena *a;
static struct tpl_set *set;
static struct buf out;

static void setup(void)
{
    a = arena_new_sized(0);
    set = NULL;
    buf_init(&out, a, 1 << 20);
}

static void teardown(void)
{
    tpl_set_free(set);
    arena_free(a);
    kit_rmtree();
}

static void load(bool reload)
{
    const char *problem = "";
    const enum rc rc = tpl_set_load(kit_tmp(), reload, a, &set, &problem);
    ck_assert_msg(rc == RC_OK, "%s", problem);
}

/* Expands the one template "t.tpl" with X. */
static const char *one(const char *text, const char *value)
{
    kit_write(a, "t.tpl", text);
    load(false);
    struct tpl *t = tpl_new(a, set, "t.tpl");
    tpl_set_text(t, "X", value);
    ck_assert_int_eq(tpl_expand(t, &out), RC_OK);
    return out.p;
}

START_TEST(escapes_under_the_pragma)
{
    ck_assert_str_eq(one(ESC "<p title=\"{{X}}\">{{X}}</p>", "a<b>\"'&"),
                     "<p title=\"a&lt;b&gt;&quot;&#39;&amp;\">a&lt;b&gt;&quot;&#39;&amp;</p>");
}
END_TEST

START_TEST(does_not_escape_without_the_pragma)
{
    ck_assert_str_eq(one("<p>{{X}}</p>", "<b>"), "<p><b></p>");
}
END_TEST

START_TEST(none_disables_escaping)
{
    ck_assert_str_eq(one(ESC "<p>{{X:none}}</p>", "<b>"), "<p><b></p>");
}
END_TEST

START_TEST(unset_is_empty)
{
    ck_assert_str_eq(one(ESC "[{{Y}}{{#Z}}z{{/Z}}{{>W}}]", "x"), "[]");
}
END_TEST

START_TEST(include_without_pragma_is_not_escaped)
{
    kit_write(a, "parent.tpl", ESC "{{>INC}}");
    kit_write(a, "plain.tpl", "<i>{{X}}</i>");
    kit_write(a, "safe.tpl", ESC "<i>{{X}}</i>");
    load(false);
    struct tpl *t = tpl_new(a, set, "parent.tpl");
    tpl_set_text(tpl_include(t, "INC", "plain.tpl"), "X", "<");
    tpl_set_text(tpl_include(t, "INC", "safe.tpl"), "X", "<");
    ck_assert_int_eq(tpl_expand(t, &out), RC_OK);
    ck_assert_str_eq(out.p, "<i><</i><i>&lt;</i>");
}
END_TEST

START_TEST(scopes_of_rows_includes_and_globals)
{
    kit_write(a, "page.tpl", ESC "{{#ROW}}[{{X}}|{{G}}|{{R}}]{{/ROW}}{{>INC}}");
    kit_write(a, "inc.tpl", ESC "({{X}}|{{G}}|{{I}}){{#R2}}<b>{{G}}{{I}}</b>{{/R2}}");
    load(false);
    struct tpl *t = tpl_new(a, set, "page.tpl");
    tpl_set_text(t, "X", "page");
    tpl_set_global(t, "G", "all");
    tpl_set_text(tpl_row(t, "ROW"), "R", "1");
    tpl_set_text(tpl_row(t, "ROW"), "R", "2");
    struct tpl *inc = tpl_include(t, "INC", "inc.tpl");
    tpl_set_text(inc, "I", "mine");
    tpl_row(inc, "R2");
    ck_assert_int_eq(tpl_expand(t, &out), RC_OK);
    ck_assert_str_eq(out.p, "[page|all|1][page|all|2](|all|mine)<b>allmine</b>");
}
END_TEST

START_TEST(a_global_of_an_include_stays_below_it)
{
    kit_write(a, "page.tpl", ESC "{{G}}:{{>INC}}");
    kit_write(a, "inc.tpl", ESC "{{G}}");
    load(false);
    struct tpl *t = tpl_new(a, set, "page.tpl");
    tpl_set_global(t, "G", "page");
    tpl_set_global(tpl_include(t, "INC", "inc.tpl"), "G", "inc");
    ck_assert_int_eq(tpl_expand(t, &out), RC_OK);
    ck_assert_str_eq(out.p, "page:inc");
}
END_TEST

START_TEST(failed_expansion_leaves_the_buffer)
{
    kit_write(a, "page.tpl", ESC "<p>much text before</p>{{>INC}}");
    load(false);
    buf_str(&out, "before");
    struct tpl *t = tpl_new(a, set, "page.tpl");
    tpl_include(t, "INC", "missing.tpl");
    ck_assert_int_eq(tpl_expand(t, &out), RC_BUG);
    ck_assert_str_eq(out.p, "before");
    ck_assert_uint_eq(out.n, 6);
    ck_assert_int_eq(tpl_expand(tpl_new(a, set, "nowhere.tpl"), &out), RC_BUG);
    ck_assert_str_eq(out.p, "before");
}
END_TEST

START_TEST(too_much_for_the_buffer_is_a_limit)
{
    struct buf small;
    kit_write(a, "t.tpl", ESC "{{#R}}0123456789{{/R}}");
    load(false);
    buf_init(&small, a, 25);
    buf_str(&small, "ab");
    struct tpl *t = tpl_new(a, set, "t.tpl");
    tpl_row(t, "R");
    tpl_row(t, "R");
    ck_assert_int_eq(tpl_expand(t, &small), RC_OK); /* 22 of 25 */
    ck_assert_uint_eq(small.n, 22);
    ck_assert_int_eq(tpl_expand(t, &small), RC_LIMIT);
    ck_assert_uint_eq(small.n, 22);
    ck_assert_str_eq(small.p, "ab01234567890123456789");
}
END_TEST

START_TEST(unquoted_url_attribute_is_refused)
{
    const char *problem = "";
    kit_write(a, "shop/bad.tpl", ESC "<a href={{X}}>x</a>");
    ck_assert_int_eq(tpl_set_load(kit_tmp(), false, a, &set, &problem), RC_INVALID);
    ck_assert_ptr_nonnull(strstr(problem, "shop/bad.tpl"));
    ck_assert_ptr_nonnull(strstr(problem, "quote"));
    ck_assert_ptr_null(set);
}
END_TEST

START_TEST(url_schemes)
{
    kit_write(a, "t.tpl", ESC "{{#U}}<a href=\"{{X}}\"></a>{{/U}}");
    load(false);
    static const char *const in[] = { "/p/a?b=1&c=2",     "https://x.test/",  "mailto:a@b.test",
                                      "tel:+94112345678", "data:text/html,x", "javascript:x()",
                                      "//evil.example" };
    struct tpl *t = tpl_new(a, set, "t.tpl");
    for (size_t i = 0; i < sizeof in / sizeof *in; i++)
        tpl_set_text(tpl_row(t, "U"), "X", in[i]);
    ck_assert_int_eq(tpl_expand(t, &out), RC_OK);
    ck_assert_str_eq(out.p, "<a href=\"/p/a?b=1&amp;c=2\"></a><a href=\"https://x.test/\"></a>"
                            "<a href=\"#\"></a><a href=\"#\"></a><a href=\"#\"></a>"
                            "<a href=\"#\"></a><a href=\"//evil.example\"></a>");
}
END_TEST

START_TEST(missing_root_says_what_to_do)
{
    const char *problem = "";
    const enum rc rc = tpl_set_load(kit_path(a, "none"), false, a, &set, &problem);
    ck_assert_int_eq(rc, RC_INVALID);
    ck_assert_ptr_nonnull(strstr(problem, "No such file"));
}
END_TEST

START_TEST(sections_show_and_repeat)
{
    kit_write(a, "t.tpl",
              ESC "{{#A}}a{{/A}}{{#B}}b{{/B}}{{#R}}{{N}}{{#LAST}}!{{/LAST}}"
                  "{{#R_separator}},{{/R_separator}}{{/R}}");
    load(false);
    struct tpl *t = tpl_new(a, set, "t.tpl");
    tpl_show(t, "A", true);
    tpl_show(t, "B", false);
    for (int i = 1; i <= 3; i++) {
        struct tpl *row = tpl_row(t, "R");
        tpl_set_int(row, "N", i);
        tpl_show(row, "LAST", i == 3);
    }
    ck_assert_int_eq(tpl_expand(t, &out), RC_OK);
    ck_assert_str_eq(out.p, "a1,2,3!");
}
END_TEST

START_TEST(last_value_wins_and_null_is_empty)
{
    kit_write(a, "t.tpl", ESC "[{{X}}][{{Y}}]");
    load(false);
    struct tpl *t = tpl_new(a, set, "t.tpl");
    tpl_set_text(t, "X", "old");
    tpl_set_text(t, "X", "new");
    tpl_set_text(t, "Y", "old");
    tpl_set_text(t, "Y", NULL);
    ck_assert_int_eq(tpl_expand(t, &out), RC_OK);
    ck_assert_str_eq(out.p, "[new][]");
}
END_TEST

START_TEST(text_is_copied)
{
    kit_write(a, "t.tpl", ESC "{{X}}");
    load(false);
    char here[] = "stack";
    struct tpl *t = tpl_new(a, set, "t.tpl");
    tpl_set_text(t, "X", here);
    here[0] = 'X';
    ck_assert_int_eq(tpl_expand(t, &out), RC_OK);
    ck_assert_str_eq(out.p, "stack");
}
END_TEST

/* More names than the linear scan takes, so the index is used and grown. */
START_TEST(many_names)
{
    struct buf text;
    buf_init(&text, a, 1 << 20);
    buf_str(&text, ESC);
    for (int i = 0; i < 600; i++)
        buf_printf(&text, "{{N%d}};", i);
    kit_write(a, "t.tpl", text.p);
    load(false);
    struct tpl *t = tpl_new(a, set, "t.tpl");
    struct buf want;
    buf_init(&want, a, 1 << 20);
    for (int i = 0; i < 600; i++) {
        tpl_set_int(t, arena_printf(a, "N%d", i), i * 7);
        buf_printf(&want, "%d;", i * 7);
    }
    ck_assert_int_eq(tpl_expand(t, &out), RC_OK);
    ck_assert_str_eq(out.p, want.p);
}
END_TEST

struct item {
    struct uuid id;
    const char *name, *notes;
    int32_t stock;
    int64_t price_minor, sold_at;
    bool has_sold_at, is_new, has_rating;
    int32_t rating;
};
static const struct field item_fields[] = {
    { "id", FT_UUID, false, offsetof(struct item, id), FIELD_NOT_NULL },
    { "name", FT_TEXT, false, offsetof(struct item, name), FIELD_NOT_NULL },
    { "notes", FT_TEXT, true, offsetof(struct item, notes), FIELD_NOT_NULL },
    { "stock", FT_INT4, false, offsetof(struct item, stock), FIELD_NOT_NULL },
    { "price_minor", FT_INT8, false, offsetof(struct item, price_minor), FIELD_NOT_NULL },
    { "sold_at", FT_INSTANT, true, offsetof(struct item, sold_at),
      offsetof(struct item, has_sold_at) },
    { "is_new", FT_BOOL, false, offsetof(struct item, is_new), FIELD_NOT_NULL },
    { "rating", FT_INT4, true, offsetof(struct item, rating), offsetof(struct item, has_rating) },
};

START_TEST(binds_rows_by_field_table)
{
    kit_write(a, "t.tpl",
              ESC "{{#R}}{{ID}} {{NAME}} {{STOCK}} {{PRICE_MINOR}}{{#NOTES_SET}} n={{NOTES}}"
                  "{{/NOTES_SET}}{{#IS_NEW}} new{{/IS_NEW}}{{#RATING_SET}} r={{RATING}}"
                  "{{/RATING_SET}}{{#SOLD_AT_SET}} sold {{SOLD_AT}}{{/SOLD_AT_SET}};{{/R}}");
    load(false);
    const struct item full = { .name = "Lamp & <shade>",
                               .notes = "",
                               .stock = -3,
                               .price_minor = INT64_MIN,
                               .has_sold_at = true,
                               .is_new = true,
                               .has_rating = true,
                               .rating = 5 };
    const struct item bare = { .name = "Rope", .stock = 7 };
    struct tpl *t = tpl_new(a, set, "t.tpl");
    struct tpl *row = tpl_row(t, "R");
    tpl_set_text(row, "SOLD_AT", "today");
    tpl_bind(row, item_fields, 8, &full);
    tpl_bind(tpl_row(t, "R"), item_fields, 8, &bare);
    ck_assert_int_eq(tpl_expand(t, &out), RC_OK);
    ck_assert_str_eq(out.p, "00000000-0000-0000-0000-000000000000 Lamp &amp; &lt;shade&gt; -3 "
                            "-9223372036854775808 n= new r=5 sold today;"
                            "00000000-0000-0000-0000-000000000000 Rope 7 0;");
}
END_TEST

START_TEST(development_sees_changes)
{
    kit_write(a, "t.tpl", ESC "one");
    load(true);
    struct tpl *t = tpl_new(a, set, "t.tpl");
    ck_assert_int_eq(tpl_expand(t, &out), RC_OK);
    const uint64_t before = tpl_set_digest(set);

    kit_write(a, "t.tpl", ESC "two"); /* same size, same second */
    kit_write(a, "new/u.tpl", ESC "three");
    ck_assert_int_eq(tpl_expand(t, &out), RC_OK);
    ck_assert_int_eq(tpl_expand(tpl_new(a, set, "new/u.tpl"), &out), RC_OK);
    ck_assert_str_eq(out.p, "onetwothree");
    ck_assert_uint_ne(tpl_set_digest(set), before);
    ck_assert(tpl_set_has(set, "new/u.tpl"));

    kit_write(a, "t.tpl", ESC "<a href={{X}}>"); /* broken: only this page fails */
    ck_assert_int_eq(tpl_expand(t, &out), RC_BUG);
    ck_assert_int_eq(tpl_expand(tpl_new(a, set, "new/u.tpl"), &out), RC_OK);
    kit_write(a, "t.tpl", ESC "four");
    ck_assert_int_eq(tpl_expand(t, &out), RC_OK);
    ck_assert_str_eq(out.p, "onetwothreethreefour");
}
END_TEST

START_TEST(production_does_not_look)
{
    kit_write(a, "t.tpl", ESC "one");
    load(false);
    kit_write(a, "t.tpl", ESC "two");
    ck_assert_int_eq(tpl_expand(tpl_new(a, set, "t.tpl"), &out), RC_OK);
    ck_assert_str_eq(out.p, "one");
    ck_assert(tpl_set_has(set, "t.tpl"));
    ck_assert(!tpl_set_has(set, "u.tpl"));
}
END_TEST

START_TEST(digest_is_of_the_text)
{
    kit_write(a, "t.tpl", ESC "one");
    load(false);
    const uint64_t one_digest = tpl_set_digest(set);
    tpl_set_free(set);
    load(false);
    ck_assert_uint_eq(tpl_set_digest(set), one_digest);
    tpl_set_free(set);
    kit_write(a, "t.tpl", ESC "two");
    load(false);
    ck_assert_uint_ne(tpl_set_digest(set), one_digest);
}
END_TEST

/* Every locale has a set of its own, and names of files are the same in all. */
START_TEST(sets_do_not_share)
{
    kit_write(a, "en/t.tpl", ESC "Add to cart");
    kit_write(a, "si/t.tpl", ESC "කරත්තයට");
    const char *problem = "";
    struct tpl_set *en, *si;
    ck_assert_int_eq(tpl_set_load(kit_path(a, "en"), false, a, &en, &problem), RC_OK);
    ck_assert_int_eq(tpl_set_load(kit_path(a, "si"), false, a, &si, &problem), RC_OK);
    ck_assert_int_eq(tpl_expand(tpl_new(a, en, "t.tpl"), &out), RC_OK);
    ck_assert_int_eq(tpl_expand(tpl_new(a, si, "t.tpl"), &out), RC_OK);
    ck_assert_str_eq(out.p, "Add to cartකරත්තයට");
    tpl_set_free(en);
    tpl_set_free(si);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("tpl");
    TCase *t = tcase_create("tpl");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, escapes_under_the_pragma);
    tcase_add_test(t, does_not_escape_without_the_pragma);
    tcase_add_test(t, none_disables_escaping);
    tcase_add_test(t, unset_is_empty);
    tcase_add_test(t, include_without_pragma_is_not_escaped);
    tcase_add_test(t, scopes_of_rows_includes_and_globals);
    tcase_add_test(t, a_global_of_an_include_stays_below_it);
    tcase_add_test(t, failed_expansion_leaves_the_buffer);
    tcase_add_test(t, too_much_for_the_buffer_is_a_limit);
    tcase_add_test(t, unquoted_url_attribute_is_refused);
    tcase_add_test(t, url_schemes);
    tcase_add_test(t, missing_root_says_what_to_do);
    tcase_add_test(t, sections_show_and_repeat);
    tcase_add_test(t, last_value_wins_and_null_is_empty);
    tcase_add_test(t, text_is_copied);
    tcase_add_test(t, many_names);
    tcase_add_test(t, binds_rows_by_field_table);
    tcase_add_test(t, development_sees_changes);
    tcase_add_test(t, production_does_not_look);
    tcase_add_test(t, digest_is_of_the_text);
    tcase_add_test(t, sets_do_not_share);
    suite_add_tcase(s, t);
    return kit_run(s);
}
