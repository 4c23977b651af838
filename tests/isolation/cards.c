/* Several people work on pictures of one product at the same time, each with a connection of his
 * own. What cards and pages show is a copy made at every change: no change may be lost from it. */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit/shop/shop_kit.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "shop/media.h"

enum { PEOPLE = 6, CHANGES = 40 };

static const char seed[] =
    "SET row_security = off; SELECT set_config('kade.tenant', '%s', false);"
    "INSERT INTO shop.products (id, kind, name, slug, status) VALUES "
    "('0190b000-0000-7000-8000-0000000000e1', 'simple', 'Vase', 'vase', 'active');"
    "INSERT INTO shop.product_variants (product_id, sku, sku_norm) VALUES "
    "('0190b000-0000-7000-8000-0000000000e1', 'VASE', 'VASE');"
    "INSERT INTO shop.media (id, source_key, state, path, mime, sha256, bytes, width, height, "
    "alt_text) SELECT ('0190b000-0000-7000-8000-0000000000f' || n)::uuid, repeat(n::text, 64), "
    "'ready', 'media/x/' || n || '.svg', 'image/svg+xml', repeat(n::text, 64), 100, 800, 800, "
    "'Picture' FROM generate_series(1, 6) n;"
    "INSERT INTO shop.product_media (product_id, media_id, position) SELECT "
    "'0190b000-0000-7000-8000-0000000000e1', ('0190b000-0000-7000-8000-0000000000f' || n)::uuid, n "
    "FROM generate_series(1, 6) n";

struct naming {
    struct uuid id;
    const char *alt;
};

static enum rc name_it(struct db *db, void *arg)
{
    const struct naming *x = arg;
    struct shop_media_maybe was;
    struct media_text t = { .alt = x->alt, .focal_x = 500, .focal_y = 500 };
    enum rc rc = shop_q_media_get(db, x->id, &was);
    return rc == RC_OK ? media_describe(db, x->id, was.row.version, &t, instant_now()) : rc;
}

/* Person p names the p-th picture again and again. */
static void work(int p, int *ready)
{
    struct app_ctx *app = shop_kit_open("kade_admin");
    struct arena *a = arena_new_sized(0);
    char text[] = "0190b000-0000-7000-8000-0000000000f1";
    text[sizeof text - 2] = (char)('1' + p);
    struct naming x = { .alt = "" };
    kit_scope(app->db, a, KIT_A);
    if (uuid_parse(text, &x.id) != RC_OK || db_connect(app->db) != RC_OK)
        _exit(1);
    __atomic_add_fetch(ready, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(ready, __ATOMIC_SEQ_CST) < PEOPLE)
        sched_yield();
    for (int i = 0; i < CHANGES; i++) {
        x.alt = arena_printf(a, "Picture %d as named the %d. time", p, i);
        if (db_tx(app->db, DB_TX_RETRY, name_it, &x) != RC_OK)
            _exit(2);
        db_scope_end(app->db);
        arena_reset(a);
        kit_scope(app->db, a, KIT_A);
    }
    _exit(0);
}

START_TEST(no_change_of_another_is_lost)
{
    struct arena *a = arena_new_sized(0);
    pid_t pid[PEOPLE];
    int *ready =
        mmap(NULL, sizeof(*ready), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    kit_sql(arena_printf(a, seed, uuid_str(a, kit()->shop[KIT_A].id)));
    for (int p = 0; p < PEOPLE; p++) {
        pid[p] = fork();
        if (pid[p] == 0)
            work(p, ready);
    }
    for (int p = 0; p < PEOPLE; p++) {
        int status = 0;
        waitpid(pid[p], &status, 0);
        ck_assert_int_eq(status, 0);
    }
    struct shop_doctor_problem_list found;
    struct db *db = kit_db("kade_jobs");
    kit_scope(db, a, KIT_A);
    kit_ok(db, shop_q_doctor_cards(db, &found));
    ck_assert_msg(found.n == 0, "%s", found.n > 0 ? found.row[0].detail : "");
    kit_ok(db, shop_q_doctor_pages(db, &found));
    ck_assert_uint_eq(found.n, 0);
    db_free(db);
    munmap(ready, sizeof(*ready));
    arena_free(a);
}
END_TEST

int main(void)
{
    kit_database();
    Suite *s = suite_create("cards");
    TCase *t = tcase_create("cards");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, no_change_of_another_is_lost);
    suite_add_tcase(s, t);
    return kit_run(s);
}
