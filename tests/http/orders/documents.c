/* documents.c: invoices, credit notes and packing slips: numbered without a hole whatever aborts,
 * frozen, drawn once, with the order's totals in every language, and for who ordered alone. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"
#include "base/time.h"
#include "kit/mail.h"
#include "orders.h"
#include "platform/db.h"
#include "platform/storage.h"
#include "shop/document.h"

static struct kit *k;
static const char *cookie;

static void open_shop(void)
{
    shop_open();
    struct kit *own = shop_kit(false);
    kit_sql(own,
            "UPDATE app.tenant_settings SET value = '[\"en\",\"si\",\"ta\",\"ar\"]' WHERE key = "
            "'shop.locales' AND tenant_id = '" KIT_SHOP_A "'; INSERT INTO app.tenant_settings "
            "(tenant_id, key, value) VALUES ('" KIT_SHOP_A "', 'document.seller', "
            "'\"Lamps Ltd\\n7 Temple Road, Kandy\\nVAT 123456789\"'), ('" KIT_SHOP_A
            "', 'document.bank', '\"Bank of Kandy 0011 2233\"')");
    kit_close(own);
}

static void setup(void)
{
    k = kit_open(&(struct kit_opt){
        .load = (const char *const[]){ "storefront", "checkout", "account", "orders", NULL } });
    orders_wipe(k);
    kit_sql(k, "DELETE FROM app.messages; DELETE FROM app.jobs; DELETE FROM app.outbox");
    cookie = kit_session(k, KIT_SHOP_A, NULL, KIT_ANN, 0);
}

static void teardown(void)
{
    kit_close(k);
}

static struct kit_answer get(const char *path)
{
    return kit_ask(
        k, &(struct kit_ask){ .method = "GET", .host = "a.test", .path = path, .cookie = cookie });
}

static const char *ann(const char *locale, const char *name)
{
    return orders_add(k,
                      &(struct orders_ask){
                          .customer = KIT_ANN, .number = "N-1", .locale = locale, .name = name });
}

static void ship(const char *id, int n)
{
    orders_ship(k, id, n);
    orders_tell(k, "order.shipped", id, NULL);
    kit_work(k);
}

/* What a reader of the file reads, blanks as single spaces. */
static const char *text_of(const struct kit_answer *a)
{
    const char *pdf = arena_printf(k->arena, "%s/paper.pdf", k->dir);
    const char *txt = arena_printf(k->arena, "%s/paper.txt", k->dir);
    FILE *f = fopen(pdf, "wb");
    ck_assert(f != NULL && fwrite(a->body, 1, a->nbody, f) == a->nbody && fclose(f) == 0);
    ck_assert_int_eq(kit_shell(k, "pdftotext -layout '%s' '%s'", pdf, txt), 0);
    char *text = arena_alloc(k->arena, 1 << 20);
    f = fopen(txt, "rb");
    size_t n = fread(text, 1, (1 << 20) - 1, f);
    fclose(f);
    text[n] = '\0';
    char *o = text;
    for (const char *p = text; *p;) {
        bool nbsp = (unsigned char)p[0] == 0xc2 && (unsigned char)p[1] == 0xa0;
        bool blank = nbsp || *p == ' ' || *p == '\n' || *p == '\f';
        if (!blank)
            *o++ = *p;
        else if (o > text && o[-1] != ' ')
            *o++ = ' ';
        p += nbsp ? 2 : 1;
    }
    *o = '\0';
    return text;
}

START_TEST(an_order_that_leaves_is_invoiced_and_drawn)
{
    const char *id = ann(NULL, NULL);
    ck_status(get("/account/orders/N-1/invoice"), 404); /* nothing yet */
    ship(id, 1);
    struct kit_answer a = get("/account/orders/N-1");
    ck_has(a.body, "INV-000001");
    a = get("/account/orders/N-1/invoice");
    ck_status(a, 200);
    ck_assert_str_eq(a.type, "application/pdf");
    ck_assert_str_eq(kit_header(&a, "Content-Disposition"),
                     "attachment; filename=\"INV-000001.pdf\"");
    ck_has(kit_header(&a, "Cache-Control"), "private");
    const char *t = text_of(&a);
    ck_has(t, "Shop A");
    ck_has(t, "Invoice INV-000001");
    ck_has(t, "Lamps Ltd");
    ck_has(t, "VAT 123456789");
    ck_has(t, "Nimal Perera");
    ck_has(t, "Brass lamp");
    ck_has(t, "LKR 7,801.00");
    ck_has(t, "Linen shirt");
    ck_has(t, "Red, S");
    ck_has(t, "Delivery: Post LKR 350.00");
    ck_has(t, "Discount -LKR 101.00");
    ck_has(t, "Total LKR 10,550.00"); /* what the order says */
    ck_has(t, "Contains LKR 1,555.94 tax");
    ck_has(t, "18%");
    ck_has(t, "LKR 8,644.06"); /* taxed amount */
    ck_has(t, "Bank of Kandy 0011 2233");
    /* the order is invoiced once, whatever is told again */
    ship(id, 2);
    orders_capture(k, id, 1);
    orders_capture(k, id, 2);
    orders_tell(k, "payment.captured", id, NULL);
    kit_work(k);
    ck_assert_str_eq(
        kit_cell(k, "SELECT string_agg(kind || ' ' || number, ',' ORDER BY kind, number) FROM "
                    "shop.documents"),
        "delivery_note DN-000001,delivery_note DN-000002,invoice INV-000001");
    ck_assert_str_eq(kit_cell(k, "SELECT sum(amount_minor) FROM shop.tax_ledger_entries"),
                     "155594");
}
END_TEST

START_TEST(t15_what_was_issued_is_frozen)
{
    const char *id = ann(NULL, NULL);
    ship(id, 1);
    struct kit_answer before = get("/account/orders/N-1/invoice");
    ck_status(before, 200);
    kit_sql(k, "UPDATE shop.order_addresses SET name = 'Somebody else'; UPDATE shop.products SET "
               "name = 'Iron lamp' WHERE slug = 'brass-lamp'; UPDATE app.tenants SET name = 'Shop "
               "Z' WHERE slug = 'a'; UPDATE app.jobs SET state = 'ready', run_at = '-infinity', "
               "finished_at = NULL WHERE name = 'document.draw'");
    kit_work(k); /* the job again */
    struct kit_answer after = get("/account/orders/N-1/invoice");
    kit_sql(k, "UPDATE shop.products SET name = 'Brass lamp' WHERE slug = 'brass-lamp'; UPDATE "
               "app.tenants SET name = 'Shop A' WHERE slug = 'a'");
    ck_assert_uint_eq(before.nbody, after.nbody);
    ck_assert(memcmp(before.body, after.body, before.nbody) == 0);
    /* nobody who serves or works may change or take back a row */
    static const char *const roles[] = { "kade_web", "kade_admin", "kade_jobs" };
    for (size_t i = 0; i < COUNT_OF(roles); i++)
        ck_assert_str_eq(
            kit_cell(k, arena_printf(k->arena,
                                     "SELECT has_table_privilege('%s', 'shop.documents', 'UPDATE') "
                                     "OR has_table_privilege('%s', 'shop.documents', 'DELETE') OR "
                                     "has_table_privilege('%s', 'shop.document_files', 'UPDATE')",
                                     roles[i], roles[i], roles[i])),
            "f");
}
END_TEST

/* ---- T20 ---- */

struct issuing {
    struct uuid order;
    bool abort;
};

static enum rc issue_in_tx(struct db *db, void *arg)
{
    const struct issuing *x = arg;
    struct document_row out;
    struct document_ask ask = { .kind = "invoice",
                                .series = "invoice",
                                .order = x->order,
                                .currency = "LKR",
                                .content = "{}",
                                .zone = "Asia/Colombo",
                                .now = instant_now() };
    enum rc rc = document_issue(db, &ask, &out);
    return rc == RC_OK && x->abort ? RC_DECLINED : rc;
}

static int issue_some(struct db *db, const char *ids, int part)
{
    struct uuid tenant;
    struct arena *a = arena_new_sized(0);
    char **line;
    size_t n = str_split(a, ids, ',', &line);
    if (uuid_parse(KIT_SHOP_A, &tenant) != RC_OK)
        return 1;
    for (size_t i = 0; i < n; i++) {
        struct issuing x = { .abort = i % 10 == 3 };
        if ((int)(i % 10) != part % 10 && i / 50 != (size_t)part) /* two of them at each order */
            continue;
        if (uuid_parse(line[i], &x.order) != RC_OK)
            return 1;
        struct arena *own = arena_new_sized(0);
        db_scope_begin(db, own, &tenant, instant_now());
        enum rc rc = db_tx(db, DB_TX_RETRY, issue_in_tx, &x);
        db_scope_end(db);
        arena_free(own);
        if (rc != (x.abort ? RC_DECLINED : RC_OK))
            return 1;
    }
    arena_free(a);
    return 0;
}

START_TEST(t20_500_parallel_invoices_have_no_hole)
{
    enum { PROCESSES = 10 };
    pid_t pid[PROCESSES];
    kit_sql(k, ORDERS_TENANT
            "INSERT INTO shop.orders (number, store_id, person_key, currency, locale, "
            "prices_include_tax, tax_rounding, rounding_mode, items_minor, shipping_minor, "
            "tax_minor, tax_added_minor, total_minor) SELECT 'P-' || i, s.id, sha256('x'), 'LKR', "
            "'en', true, 'line', 'half_up', 0, 0, 0, 0, 0 FROM app.stores s, generate_series(1, "
            "500) i WHERE s.tenant_id = '" KIT_SHOP_A "'");
    const char *ids = kit_cell(
        k, "SELECT string_agg(id::text, ',' ORDER BY id) FROM shop.orders WHERE number LIKE 'P-%'");
    db_scope_end(k->app.db);
    for (int i = 0; i < PROCESSES; i++) {
        pid[i] = fork();
        if (pid[i] == 0) {
            struct app_ctx own = k->app;
            if (app_open(&own, "kade_jobs", "racer") != RC_OK)
                _exit(1);
            _exit(issue_some(own.db, ids, i));
        }
    }
    for (int i = 0; i < PROCESSES; i++) {
        int how;
        ck_assert_int_eq(waitpid(pid[i], &how, 0), pid[i]);
        ck_assert(WIFEXITED(how) && WEXITSTATUS(how) == 0);
    }
    ck_assert_str_eq(kit_cell(k, "SELECT count(*) || ' ' || min(number_no) || ' ' || "
                                 "max(number_no) || ' ' || count(DISTINCT order_id) FROM "
                                 "shop.documents WHERE kind = 'invoice'"),
                     "450 1 450 450");
    ck_assert_str_eq(kit_cell(k, "SELECT next_no FROM app.number_series WHERE series = 'invoice' "
                                 "AND tenant_id = '" KIT_SHOP_A "'"),
                     "451");
}
END_TEST

START_TEST(a_refund_is_a_credit_note)
{
    const char *id = ann(NULL, NULL);
    orders_capture(k, id, 1);
    orders_refund(k, id, 1);
    orders_tell(k, "refund.done", id, NULL);
    kit_work(k); /* not invoiced: nothing to correct */
    ck_assert_str_eq(kit_cell(k, "SELECT count(*) FROM shop.documents"), "0");
    ship(id, 1);
    orders_refund(k, id, 2);
    orders_tell(k, "refund.done", id, NULL);
    orders_tell(k, "refund.done", id, NULL);
    kit_work(k);
    ck_assert_str_eq(
        kit_cell(k, "SELECT string_agg(d.number || ' ' || d.total_minor || ' ' || c.number, ',' "
                    "ORDER BY d.number_no) FROM shop.documents d JOIN shop.documents c ON c.id = "
                    "d.corrects_id WHERE d.kind = 'credit_note'"),
        "CN-000001 10000 INV-000001,CN-000002 10000 INV-000001");
    /* 155594 / 1055000 of it is tax, taken back from the ledger */
    ck_assert_str_eq(
        kit_cell(k, "SELECT sum(e.amount_minor) FROM shop.tax_ledger_entries e JOIN shop.documents "
                    "d ON d.id = e.document_id WHERE d.kind = 'credit_note'"),
        "-2950");
    struct kit_answer a = get("/account/orders/N-1");
    const char *at = strstr(a.body, "Credit note");
    ck_assert(at != NULL);
    a = get(arena_printf(k->arena, "/account/orders/N-1/papers/%s",
                         kit_cell(k, "SELECT id FROM shop.documents WHERE number = 'CN-000001'")));
    ck_status(a, 200);
    const char *t = text_of(&a);
    ck_has(t, "Credit note CN-000001");
    ck_has(t, "INV-000001");
    ck_has(t, "It was broken");
    ck_has(t, "Total LKR 100.00");
}
END_TEST

START_TEST(drawn_in_the_language_of_the_order)
{
    static const struct {
        const char *tag, *name, *total;
    } all[] = { { "si", "ශ්‍රී ලංකා ස්තූතියි", "10,550.00" },
                { "ta", "கொழும்பு தமிழ்ச்செல்வி", "10,550.00" },
                { "ar", "محمد الأمين", "10,550.00" } };
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        orders_wipe(k);
        const char *id = ann(all[i].tag, all[i].name);
        ship(id, 1);
        struct kit_answer a = get("/account/orders/N-1/invoice");
        ck_status(a, 200);
        const char *t = text_of(&a);
        ck_has(t, all[i].total);
        ck_has(t, "INV-000001");
        ck_lacks(t, "Description");
        ck_assert_str_eq(kit_cell(k, "SELECT max(locale) FROM shop.document_files"), all[i].tag);
        /* every letter has its shape: no font is missing one */
        ck_assert_int_eq(kit_shell(k,
                                   "pdffonts '%s/paper.pdf' | tail -n +3 | grep -q 'Noto' && ! "
                                   "pdffonts '%s/paper.pdf' | tail -n +3 | grep -qv 'Noto'",
                                   k->dir, k->dir),
                         0);
    }
}
END_TEST

START_TEST(t24_a_document_is_of_its_order_alone)
{
    const char *id = ann(NULL, NULL);
    ship(id, 1);
    const char *invoice = kit_cell(k, "SELECT id FROM shop.documents WHERE kind = 'invoice'");
    const char *slip = kit_cell(k, "SELECT id FROM shop.documents WHERE kind = 'delivery_note'");
    (void)orders_add(k, &(struct orders_ask){ .number = "B-1", .customer = KIT_BEN });
    const char *mine = cookie;
    ck_status(get(arena_printf(k->arena, "/account/orders/N-1/papers/%s", slip)), 404);
    ck_status(get(arena_printf(k->arena, "/account/orders/B-1/papers/%s", invoice)), 404);
    cookie = kit_session(k, KIT_SHOP_A, NULL, KIT_BEN, 0);
    ck_status(get("/account/orders/N-1/invoice"), 404);
    ck_status(get(arena_printf(k->arena, "/account/orders/N-1/papers/%s", invoice)), 404);
    ck_status(get(arena_printf(k->arena, "/account/orders/B-1/papers/%s", invoice)), 404);
    cookie = NULL;
    ck_assert_int_ne(get("/account/orders/N-1/invoice").status, 200);
    ck_status(get("/track/nonsense-token-00000000000000000/invoice"), 404);
    cookie = mine;
    ck_status(get(arena_printf(k->arena, "/account/orders/N-1/papers/%s", invoice)), 200);
}
END_TEST

START_TEST(until_it_is_drawn_the_page_says_so)
{
    const char *id =
        orders_add(k, &(struct orders_ask){ .number = "G-1", .email = "guest@example.test" });
    orders_tell(k, "order.placed", id, NULL);
    kit_work(k);
    const char *token = kit_after(k, kit_letter(k, "guest@example.test", 1), "a.test/track/");
    ck_lacks(get(arena_printf(k->arena, "/track/%s", token)).body, "/invoice\"");
    ship(id, 1);
    const char *path = arena_printf(k->arena, "/track/%s/invoice", token);
    ck_has(get(arena_printf(k->arena, "/track/%s", token)).body, path);
    struct kit_answer a = get(path);
    ck_status(a, 200);
    ck_assert_str_eq(a.type, "application/pdf");
    kit_sql(k, "DELETE FROM shop.document_files");
    a = get(path);
    ck_status(a, 200);
    ck_has(a.body, "It is being prepared");
    ck_has(a.body, path);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("documents");
    TCase *t = tcase_create("orders");
    tcase_add_unchecked_fixture(t, open_shop, shop_close);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 240);
    tcase_add_test(t, an_order_that_leaves_is_invoiced_and_drawn);
    tcase_add_test(t, t15_what_was_issued_is_frozen);
    tcase_add_test(t, t20_500_parallel_invoices_have_no_hole);
    tcase_add_test(t, a_refund_is_a_credit_note);
    tcase_add_test(t, drawn_in_the_language_of_the_order);
    tcase_add_test(t, t24_a_document_is_of_its_order_alone);
    tcase_add_test(t, until_it_is_drawn_the_page_says_so);
    suite_add_tcase(s, t);
    return kit_run(s);
}
