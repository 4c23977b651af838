/* edits.c: stored pages and change: what the library changed is on every page at the next request,
 * on all workers, whoever is reading meanwhile; what only the clock changes is never shown late; a
 * client's spelling of the host makes no page of its own. */
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "shop.h"
#include "shop/category.h"
#include "shop/media.h"
#include "shop/product.h"

/* Pages that show the vase: its own, a bundle it is part of, a neighbour, lists, in two languages.
 */
static const char *const pages[] = {
    "/p/last-vase", "/p/lamp-and-vase", "/p/no-price-yet", "/c/home", "/", "/si/p/last-vase"
};

#define SHOWN_PRICE                                                                                \
    "LKR\xc2\xa0"                                                                                  \
    "77,7" /* and two digits */

enum { WORKERS = 2, READERS = 8, EDITS = 40, BODY_MAX = 1 << 20 };
static struct kit
    *staff; /* edits; one kit a process, so those who read are processes of their own */

/* ---- workers -----------------------------------------------------------------------------------
 */
struct question {
    char host[40], path[100];
    int64_t offset_s; /* of the clock */
};
struct answer {
    int status;
    unsigned trips;
    size_t nbody;
};
static struct worker {
    pid_t pid;
    int ask, answer;
} worker[WORKERS];
static char body[BODY_MAX];

static void move(int fd, void *p, size_t n, bool in)
{
    for (char *at = p; n > 0;) {
        ssize_t k = in ? read(fd, at, n) : write(fd, at, n);
        if (k <= 0)
            _exit(in && k == 0 ? 0 : 3);
        at += k;
        n -= (size_t)k;
    }
}

static void serve(int ask, int answer)
{
    struct kit *k = shop_kit(false);
    for (;;) {
        struct question q;
        move(ask, &q, sizeof q, true);
        instant_set_offset(q.offset_s);
        struct kit_answer a = kit_get(k, q.host, q.path);
        struct answer head = { a.status, a.trips, strlen(a.body) };
        move(answer, &head, sizeof head, false);
        move(answer, arena_strdup(k->arena, a.body), head.nbody, false);
    }
}

/* The body is good until the next question. */
static struct answer get_at(size_t w, const char *host, const char *path, int64_t offset_s)
{
    struct question q = { .offset_s = offset_s };
    struct answer a;
    ck_assert(str_copy(q.host, sizeof q.host, host) && str_copy(q.path, sizeof q.path, path));
    move(worker[w].ask, &q, sizeof q, false);
    move(worker[w].answer, &a, sizeof a, true);
    ck_assert_uint_lt(a.nbody, BODY_MAX);
    move(worker[w].answer, body, a.nbody, true);
    body[a.nbody] = '\0';
    return a;
}

static void setup(void)
{
    for (size_t i = 0; i < WORKERS; i++) {
        int to[2], from[2];
        ck_assert_int_eq(pipe(to) | pipe(from), 0);
        worker[i] = (struct worker){ fork(), to[1], from[0] };
        if (worker[i].pid == 0) {
            (void)close(to[1]);
            (void)close(from[0]);
            for (size_t k = 0; k < i; k++)
                (void)close(worker[k].ask);
            serve(to[0], from[1]);
        }
        (void)close(to[0]);
        (void)close(from[1]);
    }
    staff = shop_kit(true);
    for (size_t i = 0; i < WORKERS; i++) /* they meet the shop */
        ck_assert_int_eq(get_at(i, "a.test", "/robots.txt", 0).status > 0, 1);
}

static void teardown(void)
{
    for (size_t i = 0; i < WORKERS; i++)
        (void)close(worker[i].ask);
    for (size_t i = 0; i < WORKERS; i++)
        waitpid(worker[i].pid, NULL, 0);
    kit_close(staff);
}

static struct answer get(size_t w, const char *path)
{
    return get_at(w, "a.test", path, 0);
}

static int status(size_t w, const char *path)
{
    return get(w, path).status;
}

/* ---- edits -------------------------------------------------------------------------------------
 */
struct edit {
    struct uuid id;
    const char *name;
    int64_t n;
    struct uuid other;
};

static enum rc rename_in_tx(struct db *db, void *arg)
{
    const struct edit *e = arg;
    struct shop_product_state_maybe now;
    enum rc rc = shop_q_product_state(db, e->id, &now);
    return rc == RC_OK
               ? product_rename(db, e->id, now.row.version, e->name, "last-vase", instant_now())
               : rc;
}

static enum rc price_in_tx(struct db *db, void *arg)
{
    const struct edit *e = arg;
    return product_price(db, e->id, e->n, instant_now());
}

static enum rc stock_in_tx(struct db *db, void *arg)
{
    const struct edit *e = arg;
    return product_stock(db, e->id, (int32_t)e->n, "test", uuid7_new(), instant_now());
}

static enum rc picture_in_tx(struct db *db, void *arg)
{
    const struct edit *e = arg;
    return media_show(db, e->other, e->id, instant_now());
}

static enum rc archive_in_tx(struct db *db, void *arg)
{
    const struct edit *e = arg;
    struct shop_product_state_maybe now;
    enum rc rc = shop_q_product_state(db, e->id, &now);
    return rc == RC_OK ? product_status(db, e->id, now.row.version, e->name, instant_now()) : rc;
}

static enum rc category_in_tx(struct db *db, void *arg)
{
    const struct edit *e = arg;
    return category_rename(db, e->id, (int32_t)e->n, e->name, "home");
}

static struct uuid product(void)
{
    return shop_id(staff, "SELECT id FROM shop.products WHERE tenant_id = '" KIT_SHOP_A
                          "' AND slug = 'last-vase'");
}

static struct uuid variant(void)
{
    return shop_id(staff, "SELECT id FROM shop.product_variants WHERE tenant_id = '" KIT_SHOP_A
                          "' AND sku = 'LAST'");
}

/* ---- one after the other -----------------------------------------------------------------------
 */
static void warm(void)
{
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        ck_assert_int_eq(status(0, pages[i]), 200);
        struct answer a = get(1, pages[i]);
        ck_assert_msg(a.trips == 0, "%s is not stored: %u trips", pages[i], a.trips);
    }
}

/* All pages, or those of a mask, on both workers. */
static void all_have(const char *text, const char *lack, unsigned mask)
{
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        for (size_t w = WORKERS; w > 0 && (mask & 1u << i); w--) {
            ck_assert_int_eq(status(w - 1, pages[i]), 200);
            ck_assert_msg(strstr(body, text) != NULL, "%s lacks \"%s\"", pages[i], text);
            ck_assert_msg(lack == NULL || strstr(body, lack) == NULL, "%s still has \"%s\"",
                          pages[i], lack);
        }
}

START_TEST(t22_an_edit_is_on_every_page_at_the_next_request)
{
    struct edit e = { .id = product(), .name = "Tall vase" };
    warm();
    shop_change(staff, rename_in_tx, &e);
    all_have("Tall vase", "Last vase", 0x3f);
    warm();
    e = (struct edit){ .id = variant(), .n = 133700 };
    shop_change(staff, price_in_tx, &e);
    all_have("1,337.00", "1,200.00", 0x3f);
    warm();
    e.n = 1;
    shop_change(staff, stock_in_tx, &e);
    all_have("Only 1 left", "Only 2 left", 0x1d);
    warm();
    kit_sql(staff, "INSERT INTO shop.media (tenant_id, source_key, state, path, mime, alt_text) "
                   "VALUES ('" KIT_SHOP_A "', 'test', 'ready', 'media/t/vase.svg', "
                   "'image/svg+xml', 'A vase')");
    e = (struct edit){ .id = product(),
                       .other = shop_id(staff, "SELECT id FROM shop.media WHERE source_key = "
                                               "'test'") };
    shop_change(staff, picture_in_tx, &e);
    all_have("media/t/vase.svg", NULL, 0x3d);
    warm();
    e = (struct edit){ .id = shop_id(staff, "SELECT id FROM shop.categories WHERE tenant_id = "
                                            "'" KIT_SHOP_A "' AND slug = 'home'"),
                       .n =
                           strtol(kit_cell(staff, "SELECT version FROM shop.categories WHERE "
                                                  "tenant_id = '" KIT_SHOP_A "' AND slug = 'home'"),
                                  NULL, 10),
                       .name = "Hearth" };
    shop_change(staff, category_in_tx, &e);
    all_have("Hearth", NULL, 0x3f);
    warm();
    e = (struct edit){ .id = product(), .name = "archived" };
    shop_change(staff, archive_in_tx, &e);
    for (size_t w = 0; w < WORKERS; w++) {
        ck_assert_int_eq(status(w, "/p/last-vase"), 410);
        ck_assert_int_eq(status(w, "/"), 200);
        ck_assert_ptr_null(strstr(body, "Tall vase"));
    }
    e.name = "active";
    shop_change(staff, archive_in_tx, &e);
    ck_assert_int_eq(status(0, "/p/last-vase"), 200);
}
END_TEST

/* An edit of one product leaves the pages that do not show it where they are. */
START_TEST(other_pages_stay_stored)
{
    static const char *const others[] = { "/p/future-sale", "/p/linen-shirt", "/c/sales" };
    struct edit e = { .id = variant(), .n = 200000 };
    for (size_t i = 0; i < 3; i++)
        ck_assert_int_eq(status(0, others[i]), 200);
    shop_change(staff, price_in_tx, &e);
    for (size_t i = 0; i < 3; i++)
        ck_assert_msg(get(0, others[i]).trips == 0, "%s was made anew", others[i]);
}
END_TEST

/* ---- while eight read --------------------------------------------------------------------------
 */
static struct shared {
    atomic_int confirmed, old, bad, reads, done;
} * sh;

/* Every "mark" followed by digits says at least known; false when one is older. */
static bool none_older(const char *text, const char *mark, int known)
{
    for (const char *p = text; (p = strstr(p, mark)) != NULL;) {
        p += strlen(mark);
        if (*p >= '0' && *p <= '9' && strtol(p, NULL, 10) < known)
            return false;
    }
    return true;
}

static void read_until_done(int i)
{
    struct kit *k = shop_kit(false);
    for (unsigned n = (unsigned)i; !atomic_load(&sh->done); n++) {
        const char *page = pages[n % (sizeof pages / sizeof *pages)];
        const int known = atomic_load(&sh->confirmed);
        struct kit_answer a = kit_get(k, "a.test", page);
        if (a.status != 200)
            atomic_fetch_add(&sh->bad, 1);
        else if (!none_older(a.body, "Vase number ", known) ||
                 !none_older(a.body, SHOWN_PRICE, known) ||
                 !none_older(a.body, "\"price\":\"777", known))
            atomic_fetch_add(&sh->old, 1);
        atomic_fetch_add(&sh->reads, 1);
    }
    kit_close(k);
}

START_TEST(t22_eight_readers_see_nothing_old_after_an_edit_returned)
{
    pid_t pid[READERS];
    sh = mmap(NULL, sizeof *sh, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(sh, MAP_FAILED);
    kit_close(staff); /* readers start from nothing */
    for (int i = 0; i < READERS; i++) {
        pid[i] = fork();
        if (pid[i] == 0) {
            read_until_done(i);
            _exit(0);
        }
    }
    staff = shop_kit(true);
    struct edit name = { .id = product() }, price = { .id = variant() };
    for (int n = 10; n < 10 + EDITS; n++) { /* two digits, so that "77,7nn.00" compares */
        const int before = atomic_load(&sh->reads);
        name.name = arena_printf(staff->arena, "Vase number %d", n);
        price.n = (77700 + n) * INT64_C(100);
        shop_change(staff, rename_in_tx, &name);
        shop_change(staff, price_in_tx, &price);
        atomic_store(&sh->confirmed, n);
        while (atomic_load(&sh->reads) < before + 2 * READERS)
            sched_yield();
    }
    atomic_store(&sh->done, 1);
    for (int i = 0; i < READERS; i++) {
        int status;
        waitpid(pid[i], &status, 0);
        ck_assert_int_eq(status, 0);
    }
    ck_assert_int_eq(sh->bad, 0);
    ck_assert_int_eq(sh->old, 0);
    ck_assert_int_ge(sh->reads, 2 * READERS * EDITS);
    munmap(sh, sizeof *sh);
}
END_TEST

/* ---- the clock ---------------------------------------------------------------------------------
 */
/* Trap T27: a page stored seconds before a sale begins shows the sale when it has begun. */
START_TEST(t27_a_stored_page_does_not_outlive_an_edge_of_a_price)
{
    static const char *const shows[] = { "/p/future-sale", "/c/sales", "/p/past-sale" };
    int64_t edge = 0;
    ck_assert_int_eq(instant_parse("2999-01-01T00:00:00+05:30", &edge), RC_OK);
    const int64_t before = (edge - instant_now()) / 1000000 - 20, after = before + 22;
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(get_at(0, "a.test", shows[i], before).status, 200);
        ck_assert_ptr_null(strstr(body, "50.00"));
        ck_assert_uint_eq(get_at(1, "a.test", shows[i], before).trips, 0);
    }
    for (size_t i = 0; i < 3; i++) {
        struct answer a = get_at(1, "a.test", shows[i], after);
        ck_assert_msg(a.trips > 0, "%s is the page of before the sale", shows[i]);
        ck_assert_msg(strstr(body, "50.00") != NULL, "%s shows no sale", shows[i]);
    }
}
END_TEST

START_TEST(a_page_does_not_outlive_its_publication)
{
    const int64_t soon = instant_now() + SECONDS(20);
    char text[INSTANT_TEXT];
    instant_rfc3339_to(soon, text);
    kit_sql(staff, arena_printf(staff->arena,
                                "UPDATE shop.products SET publish_until = '%s' WHERE tenant_id = "
                                "'" KIT_SHOP_A "' AND slug = 'past-sale'",
                                text));
    ck_assert_int_eq(get_at(0, "a.test", "/p/past-sale", 0).status, 200);
    ck_assert_int_eq(get_at(0, "a.test", "/p/past-sale", 0).trips, 0);
    ck_assert_int_eq(get_at(0, "a.test", "/p/past-sale", 21).status, 410);
}
END_TEST

/* ---- hosts -------------------------------------------------------------------------------------
 */
START_TEST(spellings_of_the_host_share_one_page)
{
    static const char *const spelled[] = { "A.test", "a.test:1", "a.TEST:65535" };
    ck_assert_int_eq(status(0, "/c/clothes"), 200);
    ck_assert_ptr_nonnull(strstr(body, "href=\"http://a.test/c/clothes\""));
    for (size_t i = 0; i < 3; i++) {
        struct answer a = get_at(1, spelled[i], "/c/clothes", 0);
        ck_assert_int_eq(a.status, 200);
        ck_assert_msg(a.trips == 0, "%s has a page of its own", spelled[i]);
        ck_assert_ptr_nonnull(strstr(body, "href=\"http://a.test/c/clothes\""));
        ck_assert_ptr_null(strstr(body, spelled[i]));
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("edits");
    TCase *t = tcase_create("edits");
    tcase_add_unchecked_fixture(t, shop_open, shop_close);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 240);
    tcase_add_test(t, t22_an_edit_is_on_every_page_at_the_next_request);
    tcase_add_test(t, other_pages_stay_stored);
    tcase_add_test(t, t22_eight_readers_see_nothing_old_after_an_edit_returned);
    tcase_add_test(t, t27_a_stored_page_does_not_outlive_an_edge_of_a_price);
    tcase_add_test(t, a_page_does_not_outlive_its_publication);
    tcase_add_test(t, spellings_of_the_host_share_one_page);
    suite_add_tcase(s, t);
    return kit_run(s);
}
