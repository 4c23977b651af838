/* cms.c: the shop's own texts: shown in the visitor's language, linked from every page, moved,
 * gone, not yet, never another shop's; Markdown without its dangers; demo texts taken once. */
#include <string.h>

#include "kit/http.h"

static const char *const names[] = { "cms", "site", NULL };
static struct kit *k;

static void setup(void)
{
    k = kit_open(&(struct kit_opt){ .load = names });
    kit_sql(
        k, "INSERT INTO cms.pages (tenant_id, id, slug, title, summary, body, position) VALUES "
           "('" KIT_SHOP_A "', '0190a000-0000-7000-8000-0000000d0001', 'returns', "
           "'Sending back', 'Within 14 days', "
           "E'Lead words.\\n\\n## First\\nOne **bold**.\\n\\n## Second\\n<script>x()</script>\\n\\n"
           "## Third\\n[bad](javascript:alert(1)) [good](https://example.org/)', 20), "
           "('" KIT_SHOP_A "', '0190a000-0000-7000-8000-0000000d0002', 'help', 'Help & contact', "
           "'', 'Write to us.', 10), "
           "('" KIT_SHOP_A
           "', '0190a000-0000-7000-8000-0000000d0003', 'later', 'Later', '', 'x', 30), "
           "('" KIT_SHOP_B "', '0190a000-0000-7000-8000-0000000d0009', 'secret', 'Of the other', "
           "'', 'x', 1) ON CONFLICT DO NOTHING");
    kit_sql(k, "UPDATE cms.pages SET publish_from = '2100-01-01Z' WHERE slug = 'later'");
    kit_sql(k,
            "INSERT INTO app.translations (tenant_id, resource, resource_id, locale, field, value) "
            "VALUES ('" KIT_SHOP_A
            "', 'page', '0190a000-0000-7000-8000-0000000d0001', 'si', 'title', "
            "'ආපසු එවීම') ON CONFLICT DO NOTHING");
}
static void teardown(void)
{
    kit_close(k);
}

START_TEST(a_text_is_a_page)
{
    struct kit_answer a = kit_get(k, "a.test", "/pages/returns");
    ck_status(a, 200);
    ck_has(a.body, "<h1 dir=\"auto\">Sending back</h1>");
    ck_has(a.body, "Within 14 days");
    ck_has(a.body, "<p>Lead words.</p>");
    ck_has(a.body, "href=\"#part-1\"");
    ck_has(a.body, "<strong>bold</strong>");
    ck_has(a.body, "content=\"index,follow\"");
    ck_has(a.body, "rel=\"canonical\" href=\"http://a.test/pages/returns\"");
    ck_has(a.body, "https://wa.me/?text=http");
    ck_lacks(a.body, "<script>x()");
    ck_lacks(a.body, "javascript:");
}
END_TEST

START_TEST(the_language_falls_back)
{
    struct kit_answer a = kit_get(k, "a.test", "/si/pages/returns");
    ck_status(a, 200);
    ck_has(a.body, "ආපසු එවීම");
    ck_has(a.body, "Lead words."); /* the body has no translation: never blank */
}
END_TEST

START_TEST(every_page_links_the_texts)
{
    struct kit_answer a = kit_get(k, "a.test", "/sitemap");
    ck_status(a, 200);
    ck_has(a.body, "href=\"/pages/returns\"");
    ck_has(a.body, "class=\"foot-help\" href=\"/pages/help\"");
    ck_lacks(a.body, "/pages/later");
    ck_lacks(a.body, "/pages/secret");
    a = kit_get(k, "a.test", "/no-such-page");
    ck_status(a, 404);
    ck_has(a.body, "href=\"/pages/returns\"");
}
END_TEST

START_TEST(a_page_costs_one_trip_and_then_none)
{
    ck_status(kit_get(k, "a.test", "/preferences"),
              200); /* the shop itself is known from here on */
    struct kit_answer a = kit_get(k, "a.test", "/pages/help");
    ck_status(a, 200);
    ck_assert_uint_eq(a.trips, 1);
    a = kit_get(k, "a.test", "/pages/help");
    ck_assert_uint_eq(a.trips, 0);
}
END_TEST

START_TEST(what_is_not_there)
{
    ck_status(kit_get(k, "a.test", "/pages/nothing"), 404);
    ck_status(kit_get(k, "a.test", "/pages/later"), 404);
    ck_status(kit_get(k, "a.test", "/pages/secret"), 404);
    kit_close(k); /* a stored page does not hear of what a test does to the table */
    k = kit_open(&(struct kit_opt){ .load = names, .no_cache = true });
    kit_sql(k, "UPDATE cms.pages SET slug = 'send-back' WHERE slug = 'returns'");
    struct kit_answer a = kit_get(k, "a.test", "/pages/returns");
    ck_status(a, 301);
    ck_assert_str_eq(kit_header(&a, "Location"), "/pages/send-back");
    kit_sql(k, "UPDATE cms.pages SET deleted_at = now() WHERE slug = 'send-back'");
    ck_status(kit_get(k, "a.test", "/pages/returns"), 410);
    kit_sql(k, "DELETE FROM cms.pages");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("cms");
    TCase *c = tcase_create("cms");
    tcase_set_timeout(c, 60);
    tcase_add_unchecked_fixture(c, kit_database, kit_database_drop);
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, a_text_is_a_page);
    tcase_add_test(c, the_language_falls_back);
    tcase_add_test(c, every_page_links_the_texts);
    tcase_add_test(c, a_page_costs_one_trip_and_then_none);
    tcase_add_test(c, what_is_not_there);
    suite_add_tcase(s, c);
    return kit_run(s);
}
