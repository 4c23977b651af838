/* text.c: HTML of other systems to Markdown and back to safe HTML; SKUs; rows of CSV files. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "platform/csv.h"
#include "shop/product.h"
#include "shop/text.h"

static struct arena *a;

static void setup(void)
{
    a = arena_new_sized(0);
}
static void teardown(void)
{
    arena_free(a);
}

static const struct {
    const char *html, *markdown;
} cases[] = {
    { "Plain * text_stays", "Plain * text_stays" },
    { "<p>One</p><p>Two</p>", "One\n\nTwo" },
    { "a<br>b<br/>c", "a\nb\nc" },
    { "<b>bold</b> and <em>soft</em>", "**bold** and *soft*" },
    { "<ul><li>x</li><li>y</li></ul>", "- x\n- y" },
    { "<ol><li>x</li></ol>after", "1. x\n\nafter" },
    { "<h2>Size</h2>5 &lt; 6 &amp; more", "### Size\n\n5 \\< 6 \\& more" },
    { "<b>a</b> &amp;lt; &amp;#30;", "**a** \\&lt; \\&#30;" },
    { "<a href=\"https://x.test/a\">link</a>", "[link](https://x.test/a)" },
    { "<a href=\"javascript:alert(1)\">x</a>", "x" },
    { "<a href=\"https://x.test/)(\">x</a>", "x" },
    { "<script>alert(1)</script>safe<style>p{}</style>", "safe" },
    { "1 &#60;b&#62; &#x1F600; &#0; &bogus;", "1 \\<b\\> \xf0\x9f\x98\x80 \xef\xbf\xbd &bogus;" },
    { "<p>* not a list</p># not a head", "\\* not a list\n\n\\# not a head" },
    { "<!-- hidden <b>x</b> -->seen<p>", "seen" },
    { "<p>unclosed <b", "unclosed \\<b" },
    { "\xe0\xb6\x9a <b>\xe0\xb7\x83</b>", "\xe0\xb6\x9a **\xe0\xb7\x83**" },
};

START_TEST(html_to_markdown)
{
    ck_assert_str_eq(text_from_html(a, cases[_i].html), cases[_i].markdown);
}
END_TEST

START_TEST(what_goes_out_is_safe)
{
    static const char *const bad[] = { "<script>alert(1)</script>",
                                       "<img src=x onerror=alert(1)>",
                                       "[x](javascript:alert(1))",
                                       "<a href='javascript:x'>y</a>",
                                       "<iframe>",
                                       "![x](vbscript:y)" };
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        char *html;
        ck_assert_int_eq(text_html(a, bad[i], &html), RC_OK);
        ck_assert_msg(strstr(html, "<script") == NULL && strstr(html, "onerror") == NULL &&
                          strstr(html, "script:") == NULL && strstr(html, "<iframe") == NULL,
                      "%s", html);
        ck_assert_int_eq(text_html(a, text_from_html(a, bad[i]), &html), RC_OK);
        ck_assert_msg(strstr(html, "<script") == NULL && strstr(html, "onerror") == NULL, "%s",
                      html);
    }
    char *html, *big = arena_alloc(a, TEXT_MAX + 2);
    /* control characters written as entities: two of them mark the holes of a stored page */
    ck_assert_int_eq(text_html(a, "x &#30;csrf&#x1f; `&` &#127;", &html), RC_OK);
    for (const char *p = html; *p != '\0'; p++)
        ck_assert_msg(((unsigned char)*p >= ' ' && *p != 0x7f) || *p == '\n', "%s", html);
    ck_assert_str_eq(text_plain(a, "x &#30;csrf&#31;", 50), "x  csrf");
    ck_assert_int_eq(text_html(a, text_from_html(a, "<p>&amp;lt;b&amp;gt; &amp; c</p>"), &html),
                     RC_OK);
    ck_assert_str_eq(html, "<p>&amp;lt;b&amp;gt; &amp; c</p>\n");
    memset(big, 'x', TEXT_MAX + 1);
    ck_assert_int_eq(text_html(a, big, &html), RC_LIMIT);
}
END_TEST

START_TEST(plain_words)
{
    ck_assert_str_eq(text_plain(a, "# Head\n\nSome **bold** [link](https://x.test).", 100),
                     "Head Some bold link.");
    ck_assert_uint_le(utf8_length(text_plain(a, "long text that is cut", 8)), 8);
    ck_assert_str_eq(text_plain(a, "", 8), "");
}
END_TEST

START_TEST(skus)
{
    ck_assert_str_eq(product_sku_norm(a, " ab-1\t2\xc2\xa0z "), "AB-12Z");
    ck_assert_str_eq(product_sku_norm(a, " \t"), "");
    ck_assert_str_eq(product_sku_norm(a, "\xe0\xb6\x9a"), "\xe0\xb6\x9a");
    ck_assert_str_eq(product_sku_norm(a, "\xc2"), "\xc2");
}
END_TEST

/* Rows as "line:field|field;" and how reading ended. */
static const struct {
    const char *text, *rows;
    enum rc end;
} files[] = {
    { "a,b\n1,2\n", "1:a|b;2:1|2;", RC_NOTFOUND },
    { "a,b\r\n\r\n\r\n1,2", "1:a|b;4:1|2;", RC_NOTFOUND },
    { "a\rb\r", "1:a;2:b;", RC_NOTFOUND },
    { "a,b\n\"x\ny\",2\n3,4\n", "1:a|b;2:x\ny|2;4:3|4;", RC_NOTFOUND },
    { "a;b;c\n1;2,5;3\n", "1:a|b|c;2:1|2,5|3;", RC_NOTFOUND },
    { "a\tb\n1\t2\n", "1:a|b;2:1|2;", RC_NOTFOUND },
    { "\xef\xbb\xbf"
      "a,b\n",
      "1:a|b;", RC_NOTFOUND },
    { "a,\"b \"\"q\"\" c\"\n", "1:a|b \"q\" c;", RC_NOTFOUND },
    { "a,b\n1,\"2\n", "1:a|b;", RC_INVALID },
    { "\xff\xfe"
      "a",
      "", RC_INVALID },
    { "", "", RC_NOTFOUND },
    { "\n\n \n", "", RC_NOTFOUND },
    { "a,5\" wide,c\n", "1:a|5\" wide|c;", RC_NOTFOUND },
};

START_TEST(csv_rows)
{
    FILE *f = tmpfile();
    ck_assert_ptr_nonnull(f);
    fputs(files[_i].text, f);
    rewind(f);
    struct csv_reader *r = csv_open(a, f, 1000);
    struct csv_row row;
    struct buf b;
    enum rc rc;
    buf_init(&b, a, 10000);
    while ((rc = csv_next(r, a, &row)) == RC_OK) {
        buf_printf(&b, "%zu:", row.line);
        for (size_t i = 0; i < row.n; i++)
            buf_printf(&b, "%s%s", i > 0 ? "|" : "", row.field[i].p);
        buf_char(&b, ';');
    }
    ck_assert_str_eq(b.p, files[_i].rows);
    ck_assert_int_eq(rc, files[_i].end);
    ck_assert_int_eq(csv_next(r, a, &row), files[_i].end); /* and stays so */
    csv_close(r);
    fclose(f);
}
END_TEST

START_TEST(csv_limits)
{
    FILE *f = tmpfile();
    ck_assert_ptr_nonnull(f);
    for (int i = 0; i < 3000; i++)
        fprintf(f, "%s%d", i > 0 ? "," : "", i);
    fputs("\nx,", f);
    for (int i = 0; i < 1001; i++)
        fputc('y', f);
    fputs(",z\n", f);
    rewind(f);
    struct csv_reader *r = csv_open(a, f, 1000);
    struct csv_row row;
    ck_assert_int_eq(csv_next(r, a, &row), RC_OK);
    ck_assert_uint_eq(row.n, CSV_ROW_COLUMNS);
    ck_assert_uint_eq(row.dropped, 3000 - CSV_ROW_COLUMNS);
    ck_assert_int_eq(csv_next(r, a, &row), RC_OK);
    ck_assert(row.n == 3 && row.field[1].too_long && row.field[1].n == 1001 &&
              *row.field[1].p == '\0');
    csv_close(r);
    fclose(f);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("shop text");
    TCase *t = tcase_create("text");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, html_to_markdown, 0, (int)(sizeof(cases) / sizeof(*cases)));
    tcase_add_test(t, what_goes_out_is_safe);
    tcase_add_test(t, plain_words);
    tcase_add_test(t, skus);
    tcase_add_loop_test(t, csv_rows, 0, (int)(sizeof(files) / sizeof(*files)));
    tcase_add_test(t, csv_limits);
    suite_add_tcase(s, t);
    SRunner *sr = srunner_create(s);
    srunner_set_tap(sr, "-");
    srunner_run_all(sr, CK_SILENT);
    int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed > 0;
}
