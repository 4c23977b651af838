/* skeleton.c: the module as a shop's staff meets it: the list, a note added and shown, a refused
 * form, the event that follows, and nobody else's notes. It is loaded as the programs load it. */
#include <string.h>

#include "kit/http.h"

static const char *const names[] = { "skeleton", NULL };

static struct kit *open_kit(void)
{
    return kit_open(&(struct kit_opt){ .load = names, .admin = true });
}

/* The page as staff of the shop; NULL cookie = nobody. */
static struct kit_answer page(struct kit *k, const char *host, const char *cookie)
{
    return kit_ask(k, &(struct kit_ask){ .host = host, .path = "/skeleton", .cookie = cookie });
}

static const char *staff_of(struct kit *k, const char *shop)
{
    kit_sql(k,
            "INSERT INTO app.role_permissions (tenant_id, role_id, permission) SELECT tenant_id, "
            "id, 'skeleton.manage' FROM app.roles WHERE code = 'kit' ON CONFLICT DO NOTHING");
    return kit_session(k, shop, KIT_STAFF, NULL, 0);
}

static struct kit_answer add(struct kit *k, const char *cookie, const char *body)
{
    struct kit_answer a = page(k, "a.test", cookie);
    const char *token = strstr(a.body, "name=\"csrf\" value=\"");
    ck_assert_ptr_nonnull(token);
    return kit_ask(k, &(struct kit_ask){
                          .method = "POST",
                          .host = "a.test",
                          .path = "/skeleton",
                          .cookie = cookie,
                          .body = arena_printf(k->arena, "csrf=%.43s&body=%s", token + 19, body) });
}

START_TEST(a_note_is_added_and_shown)
{
    struct kit *k = open_kit();
    const char *staff = staff_of(k, KIT_SHOP_A);
    ck_has(page(k, "a.test", staff).body, "Nothing yet");
    struct kit_answer a = add(k, staff, "Count+the+%3Cb%3Eshelf");
    ck_status(a, 303);
    ck_assert_str_eq(kit_header(&a, "Location"), "/skeleton");
    a = page(k, "a.test", staff);
    ck_status(a, 200);
    ck_has(a.body, "Count the &lt;b&gt;shelf");
    ck_lacks(a.body, "Nothing yet");
    ck_assert_str_eq(kit_cell(k, "SELECT count(*) FROM app.outbox WHERE topic = 'skeleton.added'"),
                     "1");
    /* the other shop sees nothing of it */
    ck_has(page(k, "b.test", staff_of(k, KIT_SHOP_B)).body, "</form>");
    ck_lacks(page(k, "b.test", staff_of(k, KIT_SHOP_B)).body, "shelf");
    kit_close(k);
}
END_TEST

START_TEST(an_empty_note_is_refused)
{
    struct kit *k = open_kit();
    struct kit_answer a = add(k, staff_of(k, KIT_SHOP_A), "+");
    ck_status(a, 422);
    ck_has(a.body, "fill this in");
    kit_close(k);
}
END_TEST

START_TEST(it_needs_the_permission)
{
    struct kit *k = open_kit();
    ck_status(page(k, "a.test", NULL), 403); /* nobody serves a way to sign in here */
    ck_status(page(k, "a.test", kit_session(k, KIT_SHOP_A, KIT_CLERK, NULL, 0)), 403);
    kit_close(k);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("skeleton");
    TCase *tc = tcase_create("skeleton");
    tcase_set_timeout(tc, 60);
    tcase_add_unchecked_fixture(tc, kit_database, kit_database_drop);
    tcase_add_test(tc, a_note_is_added_and_shown);
    tcase_add_test(tc, an_empty_note_is_refused);
    tcase_add_test(tc, it_needs_the_permission);
    suite_add_tcase(s, tc);
    return kit_run(s);
}
