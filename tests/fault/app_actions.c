/* app_actions.c: every kind of page and action while the first, the second, the third ... call to
 * database, cache or file that can fail does, until a run meets no fault. After each: a whole page
 * or a clean error, no mark of a hole, and what was answered is what is stored. */
#include <string.h>

#include "../http/app/common.h"
#include "base/str.h"
#include "platform/cache.h"
#include "platform/fault.h"

#ifdef KADE_FAULT
enum { MOST = 400, ALL = (1u << FAULT_DB) | (1u << FAULT_CACHE) | (1u << FAULT_FILE) };

static const char *const names[] = { "skeleton", NULL };

static bool whole(const struct kit_answer *a)
{
    if (a->nbody && memchr(a->body, 0x1e, a->nbody))
        return false;
    switch (a->status) {
    case 200:
        return a->nbody > 0;
    case 303:
        return kit_header(a, "Location") != NULL;
    case 503:
        return kit_header(a, "Retry-After") != NULL && a->nbody > 0;
    case 500:
    case 403: /* a lost session: the token proves nothing */
    case 401:
        return a->nbody > 0;
    default:
        return false;
    }
}

/* Asks until no fault was met; check says whether the answer and the world agree. */
static unsigned torture(struct kit *k, const struct kit_ask *q,
                        void (*check)(struct kit *k, const struct kit_answer *a))
{
    for (unsigned n = 1; n < MOST; n++) {
        kit_pass(k, 121);         /* limits are not what is tested */
        cache_free(k->app.cache); /* nor is a circuit that the fault before opened */
        k->app.cache = cache_new(k->conf.cache_servers, k->conf.cache_timeout_ms);
        fault_arm(ALL, n);
        struct kit_answer a = kit_ask(k, q);
        bool met = fault_count() >= n;
        fault_arm(0, 0);
        ck_assert_msg(whole(&a), "fault %u of %s %s: %d %.300s", n, q->method ? q->method : "GET",
                      q->path, a.status, a.body);
        if (check)
            check(k, &a);
        if (!met) {
            ck_assert_msg(a.status == 200 || a.status == 303, "untouched %s: %d", q->path,
                          a.status);
            return n;
        }
    }
    ck_abort_msg("%s never ran untouched", q->path);
    return 0;
}

START_TEST(pages)
{
    struct kit *k = kit_default();
    const char *ann = kit_session(k, KIT_SHOP_A, NULL, KIT_ANN, 0);
    static const char *const paths[] = { "/", "/note", "/list", "/si", "/readyz" };
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        (void)torture(k, &(struct kit_ask){ .host = "a.test", .path = paths[i] }, NULL);
        (void)torture(k, &(struct kit_ask){ .host = "a.test", .path = paths[i], .cookie = ann },
                      NULL);
    }
    (void)torture(k, &(struct kit_ask){ .host = "a.test", .path = "/me", .cookie = ann }, NULL);
    kit_close(k);
}
END_TEST

static int64_t had;

static int64_t number(struct kit *k, const char *sql)
{
    int64_t n;
    ck_assert_int_eq(str_int(kit_cell(k, sql), 0, INT64_MAX, &n), RC_OK);
    return n;
}

/* A sign-in that was answered made one session; one that failed made none. */
static void one_session_or_none(struct kit *k, const struct kit_answer *a)
{
    int64_t now = number(k, "SELECT count(*) FROM app.sessions");
    ck_assert_int_eq(now - had, a->status == 303 ? 1 : 0);
    ck_assert_int_eq(kit_set_cookie(k, a, "session") != NULL, a->status == 303);
    had = now;
}

START_TEST(signing_in)
{
    struct kit *k = kit_default();
    had = number(k, "SELECT count(*) FROM app.sessions");
    struct kit_ask q = { .method = "POST", .host = "a.test", .path = "/login", .body = "" };
    ck_assert_uint_gt(torture(k, &q, one_session_or_none), 3);
    q.path = "/guest";
    ck_assert_uint_gt(torture(k, &q, one_session_or_none), 3);
    q.path = "/preferences";
    q.body = "theme=dark";
    (void)torture(k, &q, NULL);
    kit_close(k);
}
END_TEST

/* The note, its event, and the answer: all three or none. */
static void note_and_event(struct kit *k, const struct kit_answer *a)
{
    int64_t notes = number(k, "SELECT count(*) FROM skeleton.notes");
    ck_assert_int_eq(notes,
                     number(k, "SELECT count(*) FROM app.outbox WHERE topic = 'skeleton.added'"));
    ck_assert_int_eq(notes - had, a->status == 303 ? 1 : 0);
    had = notes;
}

START_TEST(adding_a_note)
{
    struct kit *k = kit_open(&(struct kit_opt){ .load = names, .admin = true });
    kit_sql(k,
            "INSERT INTO app.role_permissions (tenant_id, role_id, permission) SELECT tenant_id, "
            "id, 'skeleton.manage' FROM app.roles WHERE code = 'kit' ON CONFLICT DO NOTHING");
    const char *staff = kit_session(k, KIT_SHOP_A, KIT_STAFF, NULL, 0);
    struct kit_answer page =
        kit_ask(k, &(struct kit_ask){ .host = "a.test", .path = "/skeleton", .cookie = staff });
    const char *token = strstr(page.body, "name=\"csrf\" value=\"");
    ck_assert_ptr_nonnull(token);
    had = number(k, "SELECT count(*) FROM skeleton.notes");
    struct kit_ask q = { .method = "POST",
                         .host = "a.test",
                         .path = "/skeleton",
                         .cookie = staff,
                         .body = arena_printf(k->arena, "csrf=%.43s&body=shelf", token + 19) };
    ck_assert_uint_gt(torture(k, &q, note_and_event), 5);
    kit_close(k);
}
END_TEST

START_TEST(uploading)
{
    struct kit *k = kit_default();
    struct kit_ask q = { .method = "POST",
                         .host = "a.test",
                         .path = "/upload",
                         .type = "multipart/form-data; boundary=x",
                         .body = "--x\r\nContent-Disposition: form-data; name=\"file\"; "
                                 "filename=\"a\"\r\n\r\nbytes\r\n--x--\r\n" };
    ck_assert_uint_gt(torture(k, &q, NULL), 2);
    kit_close(k);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("app_actions");
    const TTest *const all[] = { pages, signing_in, adding_a_note, uploading, NULL };
    kit_case(s, "faults", all);
    return kit_run(s);
}
#else
int main(void)
{
    return kit_run(suite_create("app_actions"));
}
#endif
