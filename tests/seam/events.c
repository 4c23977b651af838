/* events.c: modules meet only through the seam: one emits, another may veto in the same transaction
 * or follow after the commit; one calls a loaded file's page. Nothing of a vetoed change remains.
 */
#include <string.h>

#include "app/event.h"
#include "app/setting.h"
#include "app/tenant.h"
#include "base/str.h"
#include "kit/http.h"
#include "platform/db.h"

static unsigned seen_in_tx, seen_after;

/* ---- the module that changes something ---- */

static enum rc change_in_tx(struct db *db, void *arg)
{
    const struct req *r = arg;
    enum rc rc = setting_put(r->app, db, "emit.word", req_arg(r, "word"));
    return rc == RC_OK
               ? event_emit(db, "emit.changed", r->tenant->id, 1, "word=%s", req_arg(r, "word"))
               : rc;
}

static enum rc act_change(struct req *r)
{
    enum rc rc = db_tx(r->db, DB_TX_RETRY, change_in_tx, r);
    return rc == RC_OK ? req_text(r, 200, "text/plain", "changed") : rc;
}

static const struct app_route emit_routes[] = { { M_POST, "/change", act_change }, { 0 } };
static const struct app_setting emit_settings[] = { { "emit.word", "none", "Word", SETTING_TEXT },
                                                    { 0 } };

/* ---- the module that minds ---- */

static enum rc mind(struct app_ctx *app, const struct event *e)
{
    (void)app;
    seen_in_tx++;
    ck_assert(db_in_tx(e->db));
    return str_eq(event_get(e, "word"), "forbidden") ? RC_CONFLICT : RC_OK;
}

static enum rc follow(struct app_ctx *app, const struct event *e)
{
    (void)app;
    seen_after++;
    ck_assert_str_eq(event_get(e, "word"), "fine");
    return RC_OK;
}

static const struct app_event_sub mind_events[] = { { "emit.changed", EV_IN_TX, mind },
                                                    { "emit.changed", EV_AFTER_COMMIT, follow },
                                                    { 0 } };

#define HEAD(n)                                                                                    \
    .magic = APP_MAGIC, .size = sizeof(struct app_module), .abi_major = APP_ABI_MAJOR,             \
    .abi_minor = APP_ABI_MINOR, .build_id = APP_BUILD_ID, .name = (n)
static const struct app_module emit = { HEAD("emit"), .routes = emit_routes,
                                        .settings = emit_settings };
static const struct app_module minder = { HEAD("minder"), .events = mind_events };
static const struct app_module *const modules[] = { &emit, &minder, NULL };

static struct kit *open_kit(void)
{
    seen_in_tx = seen_after = 0;
    return kit_open(&(struct kit_opt){ .modules = modules, .admin = true });
}

static const char *stored(struct kit *k)
{
    return kit_cell(k, "SELECT value #>> '{}' FROM app.tenant_settings WHERE key = 'emit.word'");
}

START_TEST(a_veto_leaves_nothing)
{
    struct kit *k = open_kit();
    ck_status(kit_post(k, "a.test", "/change?word=forbidden", ""), 409);
    ck_assert_uint_eq(seen_in_tx, 1);
    ck_assert_uint_eq(seen_after, 0);
    ck_assert_str_eq(stored(k), "");
    ck_assert_str_eq(kit_cell(k, "SELECT count(*) FROM app.outbox WHERE topic = 'emit.changed'"),
                     "0");
    ck_assert_str_eq(kit_cell(k, "SELECT count(*) FROM app.audit_logs"), "0");
    kit_close(k);
}
END_TEST

START_TEST(a_change_its_audit_row_and_its_event_commit_together)
{
    struct kit *k = open_kit();
    ck_status(kit_post(k, "a.test", "/change?word=fine", ""), 200);
    ck_assert_uint_eq(seen_in_tx, 1);
    ck_assert_uint_eq(seen_after, 1);
    ck_assert_str_eq(stored(k), "fine");
    ck_assert_str_eq(kit_cell(k, "SELECT count(*) FROM app.outbox WHERE topic = 'emit.changed'"),
                     "1");
    ck_assert_str_eq(kit_cell(k, "SELECT new_values->>'emit.word' FROM app.audit_logs"), "fine");
    ck_assert_str_eq(kit_cell(k, "SELECT ip FROM app.audit_logs"), "203.0.113.7");
    kit_close(k);
}
END_TEST

START_TEST(a_loaded_file_answers)
{
    static const char *const names[] = { "hello", NULL };
    struct kit *k = kit_open(&(struct kit_opt){ .load = names, .load_dir = "tests/seam/modules" });
    struct kit_answer a = kit_get(k, "a.test", "/hello");
    ck_status(a, 200);
    ck_assert_str_eq(a.body, "hello");
    kit_close(k);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("events");
    TCase *tc = tcase_create("events");
    tcase_set_timeout(tc, 60);
    tcase_add_unchecked_fixture(tc, kit_database, kit_database_drop);
    tcase_add_test(tc, a_veto_leaves_nothing);
    tcase_add_test(tc, a_change_its_audit_row_and_its_event_commit_together);
    tcase_add_test(tc, a_loaded_file_answers);
    suite_add_tcase(s, tc);
    return kit_run(s);
}
