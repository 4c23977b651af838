/* mail.c: mail from a transaction to a real SMTP server: once per cause, recipient and template,
 * tried again when the server says later, given up when it says never, and nothing a person typed
 * becomes a header. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/mail.h"
#include "base/str.h"
#include "base/time.h"
#include "kit/mail.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/mail.h"

static const struct kit_file templates[] = {
    { "mail/hello.tpl", "{{%AUTOESCAPE context=\"HTML\"}}\n<h1>Hello {{NAME}}</h1>\n"
                        "{{#LINE}}<p>{{WHAT}} x {{COUNT}}</p>{{/LINE}}\n"
                        "{{#GIFT}}<p>gift</p>{{/GIFT}}{{#TOTALS}}<p>{{SUM}}</p>{{/TOTALS}}\n"
                        "<a href=\"{{SHOP_URL}}/account/orders/{{NUMBER}}\">order</a>\n" },
    { "mail/hello.txt.tpl",
      "Order {{NUMBER}} of {{NAME}}\n\nHello {{NAME}}\n{{#LINE}}\n"
      "{{WHAT}} x {{COUNT}}\n{{/LINE}}\n{{SHOP_URL}}/account/orders/{{NUMBER}}\n" },
    { 0 }
};
static const char values[] =
    "{\"NAME\":\"Nimal <b>\",\"NUMBER\":\"ORD-7\",\"GIFT\":true,\"TOTALS\":{\"SUM\":\"LKR 5\"},"
    "\"LINE\":[{\"WHAT\":\"Lamp\",\"COUNT\":2},{\"WHAT\":\"Rope\",\"COUNT\":1}]}";

struct queueing {
    struct mail m;
    bool fail;
};

static enum rc queue_in_tx(struct db *db, void *arg)
{
    const struct queueing *q = arg;
    enum rc rc = mail_queue(db, &q->m);
    return rc == RC_OK && q->fail ? RC_DECLINED : rc;
}

static enum rc queue(struct kit *k, const char *shop, struct queueing q)
{
    struct uuid tenant;
    struct arena *a = arena_new_sized(0);
    ck_assert_int_eq(uuid_parse(shop, &tenant), RC_OK);
    db_scope_begin(k->app.db, a, &tenant, instant_now());
    enum rc rc = db_tx(k->app.db, DB_TX_RETRY, queue_in_tx, &q);
    db_scope_end(k->app.db);
    arena_free(a);
    return rc;
}

static struct uuid event_no(unsigned char n)
{
    return (struct uuid){ { 1, n } };
}

static void hello(struct kit *k, const char *to, unsigned char event)
{
    ck_assert_int_eq(queue(k, KIT_SHOP_A,
                           (struct queueing){ .m = { .event = event_no(event),
                                                     .template = "mail/hello",
                                                     .to = to,
                                                     .name = "Nimal Perera",
                                                     .values = values } }),
                     RC_OK);
}

static struct kit *open_kit(void)
{
    struct kit *k = kit_open(&(struct kit_opt){ .templates = templates });
    kit_sql(k, "DELETE FROM app.messages; DELETE FROM app.jobs");
    kit_shell(k, "rm -rf '%s/mail'", k->dir);
    return k;
}

static const char *state(struct kit *k)
{
    return kit_cell(
        k, "SELECT string_agg(state || ' ' || attempts, ',' ORDER BY event_id) FROM app.messages");
}

/* Retries are due now, not in some seconds. */
static void work_again(struct kit *k)
{
    kit_sql(k, "UPDATE app.jobs SET run_at = '-infinity' WHERE state = 'ready'");
    kit_work(k);
}

START_TEST(it_is_written_once)
{
    struct kit *k = open_kit();
    for (int i = 0; i < 5; i++)
        hello(k, "nimal@example.test", 1);
    hello(k, "nimal@example.test", 2);
    hello(k, "kamala@example.test", 1);
    ck_assert_str_eq(kit_cell(k, "SELECT count(*) FROM app.messages"), "3");
    ck_assert_str_eq(kit_cell(k, "SELECT count(*) FROM app.jobs WHERE name = 'mail.send'"), "3");
    /* who and what are sealed */
    ck_assert_str_eq(kit_cell(k, "SELECT count(*) FROM app.messages WHERE "
                                 "position('nimal' in encode(payload_sealed, 'escape')) > 0"),
                     "0");
    kit_work(k);
    ck_assert_uint_eq(kit_letters(k, "nimal@example.test"), 2);
    ck_assert_uint_eq(kit_letters(k, "kamala@example.test"), 1);
    ck_assert_str_eq(kit_cell(k, "SELECT count(*) FROM app.messages WHERE state = 'sent' AND "
                                 "payload_sealed IS NULL AND ended_at IS NOT NULL"),
                     "3");
    /* a job that runs again sends nothing */
    kit_sql(k, "UPDATE app.jobs SET state = 'ready', finished_at = NULL");
    kit_work(k);
    ck_assert_uint_eq(kit_letters(k, "nimal@example.test"), 2);
    const char *l = kit_letter(k, "nimal@example.test", 1);
    ck_has(l, "From: ");
    ck_has(l, "<shop@kade.test>");
    ck_has(l, "\r\nSubject: Order ORD-7 of Nimal <b>\r\n");
    ck_has(l, "Hello Nimal <b>");
    ck_has(l, "<h1>Hello Nimal &lt;b&gt;</h1>");
    ck_has(l, "Lamp x 2\r\nRope x 1\r\n");
    ck_has(l, "http://a.test/account/orders/ORD-7");
    ck_has(l, "<p>gift</p><p>LKR 5</p>");
    ck_lacks(l, "List-Unsubscribe");
    kit_close(k);
}
END_TEST

START_TEST(parallel_causes_are_one_mail)
{
    struct kit *k = open_kit();
    pid_t pid[20];
    db_scope_end(k->app.db);
    for (int i = 0; i < 20; i++) {
        pid[i] = fork();
        if (pid[i] == 0) {
            struct app_ctx own = k->app;
            if (app_open(&own, "kade_web", "racer") != RC_OK)
                _exit(1);
            k->app.db = own.db;
            for (unsigned char n = 0; n < 5; n++)
                hello(k, "race@example.test", n);
            _exit(0);
        }
    }
    for (int i = 0; i < 20; i++) {
        int how;
        ck_assert_int_eq(waitpid(pid[i], &how, 0), pid[i]);
        ck_assert(WIFEXITED(how) && WEXITSTATUS(how) == 0);
    }
    ck_assert_str_eq(kit_cell(k, "SELECT count(*) FROM app.messages"), "5");
    kit_work(k);
    ck_assert_uint_eq(kit_letters(k, "race@example.test"), 5);
    kit_close(k);
}
END_TEST

START_TEST(a_rollback_sends_nothing)
{
    struct kit *k = open_kit();
    struct queueing q = { .m = { .event = event_no(1),
                                 .template = "mail/hello",
                                 .to = "nimal@example.test",
                                 .values = values },
                          .fail = true };
    ck_assert_int_eq(queue(k, KIT_SHOP_A, q), RC_DECLINED);
    kit_work(k);
    ck_assert_uint_eq(kit_letters(k, "nimal@example.test"), 0);
    ck_assert_str_eq(kit_cell(k, "SELECT count(*) FROM app.messages"), "0");
    kit_close(k);
}
END_TEST

START_TEST(shops_are_apart)
{
    struct kit *k = open_kit();
    hello(k, "nimal@example.test", 1);
    struct queueing q = { .m = { .event = event_no(1),
                                 .template = "mail/hello",
                                 .to = "nimal@example.test",
                                 .values = values,
                                 .marketing = true } };
    ck_assert_int_eq(queue(k, KIT_SHOP_B, q), RC_OK);
    ck_assert_str_eq(kit_cell(k, "SELECT count(*) FROM app.messages"), "2");
    kit_work(k);
    const char *a = kit_letter(k, "nimal@example.test", 1);
    const char *b = kit_letter(k, "nimal@example.test", 2);
    if (!strstr(b, "b.test/")) {
        const char *swap = a;
        a = b;
        b = swap;
    }
    ck_has(a, "http://a.test/");
    ck_has(b, "http://b.test/");
    ck_has(b, "dir=\"rtl\"");
    ck_has(b, "Content-Language: ar");
    ck_has(b, "List-Unsubscribe-Post: List-Unsubscribe=One-Click");
    /* the link is for that shop alone */
    const char *to, *token = kit_after(k, b, "http://b.test/newsletter/unsubscribe/");
    struct uuid shop_a, shop_b;
    ck_assert_int_eq(uuid_parse(KIT_SHOP_A, &shop_a), RC_OK);
    ck_assert_int_eq(uuid_parse(KIT_SHOP_B, &shop_b), RC_OK);
    ck_assert_int_eq(mail_unsubscribe_open(k->arena, shop_b, token, &to), RC_OK);
    ck_assert_str_eq(to, "nimal@example.test");
    ck_assert_int_eq(mail_unsubscribe_open(k->arena, shop_a, token, &to), RC_INVALID);
    ck_assert_int_eq(mail_unsubscribe_open(k->arena, shop_b, "AAAA", &to), RC_INVALID);
    kit_close(k);
}
END_TEST

START_TEST(what_ran_out_is_not_sent)
{
    struct kit *k = open_kit();
    struct queueing q = { .m = { .event = event_no(1),
                                 .template = "mail/hello",
                                 .to = "nimal@example.test",
                                 .values = values,
                                 .not_after = instant_now() - SECONDS(1) } };
    ck_assert_int_eq(queue(k, KIT_SHOP_A, q), RC_OK);
    kit_work(k);
    ck_assert_uint_eq(kit_letters(k, "nimal@example.test"), 0);
    ck_assert_str_eq(state(k), "dropped 1");
    kit_close(k);
}
END_TEST

static const char *smtp_dir(struct kit *k)
{
    static int n;
    char *dir = arena_printf(k->arena, "%s/smtp%d.%d", k->dir, n++, (int)getpid());
    ck_assert_int_eq(mkdir(dir, 0700), 0);
    return dir;
}

static int arrived(struct kit *k, const struct smtp *s, const char *to)
{
    return kit_shell(k, "exit $(cat %s/*.to 2>/dev/null | grep -c '^%s$')", s->dir, to);
}

START_TEST(a_server_that_misbehaves)
{
    struct kit *k = open_kit();
    struct smtp s = smtp_start(smtp_dir(k), NULL);
    k->conf.smtp_url = arena_printf(k->arena, "smtp://127.0.0.1:%d", s.port);
    k->conf.smtp_tls = "none";
    static const char *const who[] = { "good", "nobody", "later", "full", "never", "cut", "half" };
    for (unsigned char i = 0; i < COUNT_OF(who); i++)
        hello(k, arena_printf(k->arena, "%s@example.test", who[i]), i);
    kit_work(k);
    ck_assert_str_eq(state(k), "sent 1,failed 1,waiting 1,waiting 1,failed 1,waiting 1,waiting 1");
    ck_has(kit_cell(k, "SELECT string_agg(last_error, '|') FROM app.messages"),
           "550 5.1.1 no such mailbox n***@example.test");
    work_again(k);
    ck_assert_str_eq(state(k), "sent 1,failed 1,waiting 2,sent 2,failed 1,sent 2,sent 2");
    work_again(k);
    work_again(k);
    ck_assert_str_eq(state(k), "sent 1,failed 1,sent 3,sent 2,failed 1,sent 2,sent 2");
    ck_assert_int_eq(arrived(k, &s, "good@example.test"), 1);
    ck_assert_int_eq(arrived(k, &s, "nobody@example.test"), 0);
    ck_assert_int_eq(arrived(k, &s, "later@example.test"), 1);
    ck_assert_int_eq(arrived(k, &s, "full@example.test"), 1);
    ck_assert_int_eq(arrived(k, &s, "half@example.test"), 1);
    /* taken, then silence: a second copy with the same Message-ID is all that can be done */
    ck_assert_int_eq(arrived(k, &s, "cut@example.test"), 2);
    ck_assert_int_eq(
        kit_shell(k, "exit $(grep -h -i '^Message-Id' %s/*.eml | sort | uniq -d | wc -l)", s.dir),
        1);
    /* the server is gone: nothing is lost, the queue waits */
    smtp_stop(&s);
    hello(k, "good@example.test", 77);
    kit_work(k);
    ck_has(state(k), ",waiting 1");
    kit_close(k);
}
END_TEST

START_TEST(tls_and_a_password)
{
    struct kit *k = open_kit();
    char *cert = arena_printf(k->arena, "%s/cert.pem", k->dir);
    char *key = arena_printf(k->arena, "%s/key.pem", k->dir);
    char *secret = arena_printf(k->arena, "%s/smtp-password", k->dir);
    ck_assert_int_eq(kit_shell(k,
                               "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "
                               "/CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 "
                               "-keyout %s -out %s 2>/dev/null && printf 'se:cret\\n' > %s",
                               key, cert, secret),
                     0);
    const char *options[] = { "--cert", cert, "--key", key, "--auth", "kade:se:cret", NULL };
    struct smtp s = smtp_start(smtp_dir(k), options);
    k->conf.smtp_url = arena_printf(k->arena, "smtp://127.0.0.1:%d", s.port);
    k->conf.smtp_user = "kade";
    k->conf.smtp_password_file = secret;
    /* its certificate is not one we trust */
    hello(k, "good@example.test", 1);
    kit_work(k);
    ck_assert_str_eq(state(k), "waiting 1");
    k->conf.smtp_ca_file = cert;
    work_again(k);
    ck_assert_str_eq(state(k), "sent 2");
    /* a wrong password is our fault: the mail waits for it to be mended */
    char *wrong = arena_printf(k->arena, "%s/wrong", k->dir);
    ck_assert_int_eq(kit_shell(k, "echo nope > %s", wrong), 0);
    k->conf.smtp_password_file = wrong;
    hello(k, "good@example.test", 2);
    kit_work(k);
    ck_assert_str_eq(state(k), "sent 2,waiting 1");
    ck_lacks(kit_cell(k, "SELECT string_agg(last_error, '|') FROM app.messages"), "nope");
    ck_lacks(kit_log(k), "good@example.test");
    smtp_stop(&s);
    kit_close(k);
}
END_TEST

START_TEST(encryption_is_not_optional)
{
    struct kit *k = open_kit();
    struct smtp s = smtp_start(smtp_dir(k), NULL); /* speaks no TLS */
    k->conf.smtp_url = arena_printf(k->arena, "smtp://127.0.0.1:%d", s.port);
    hello(k, "good@example.test", 1);
    kit_work(k);
    ck_assert_str_eq(state(k), "waiting 1");
    ck_assert_int_eq(arrived(k, &s, "good@example.test"), 0);
    smtp_stop(&s);
    kit_close(k);
}
END_TEST

START_TEST(nothing_typed_becomes_a_header)
{
    struct kit *k = open_kit();
    static const char *const bad[] = { "a@b.test\r\nBcc: evil@x.test",
                                       "a@b.test, evil@x.test",
                                       "<a@b.test>",
                                       "a b@b.test",
                                       "a@b.test\n",
                                       "@b.test",
                                       "a@",
                                       "a@b@c.test",
                                       "\"a\"@b.test",
                                       "-oQ/tmp@b.test" };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct queueing q = {
            .m = { .event = event_no(1), .template = "mail/hello", .to = bad[i], .values = values }
        };
        ck_assert_msg(queue(k, KIT_SHOP_A, q) == RC_INVALID, "%s", bad[i]);
    }
    struct queueing q = {
        .m = { .event = event_no(2),
               .template = "mail/hello",
               .to = "ok@example.test",
               .name = "Eve\r\nBcc: evil@x.test\xe2\x80\xa8X: y",
               .values = "{\"NAME\":\"a\\nBcc: evil@x.test\",\"NUMBER\":\"1\\n\\nX-Evil: 1\"}" }
    };
    ck_assert_int_eq(queue(k, KIT_SHOP_A, q), RC_OK);
    kit_work(k);
    const char *l = kit_letter(k, "ok@example.test", 1);
    ck_assert_ptr_nonnull(l);
    const char *end = strstr(l, "\r\n\r\n");
    ck_assert(end != NULL);
    char *head = arena_strndup(k->arena, l, (size_t)(end - l));
    ck_lacks(head, "\r\nBcc");
    ck_lacks(head, "\r\nX-Evil");
    ck_lacks(head, "\r\nX: y");
    /* a value that is no object is refused where it is queued */
    q.m.values = "[1]";
    ck_assert_int_eq(queue(k, KIT_SHOP_A, q), RC_INVALID);
    kit_close(k);
}
END_TEST

START_TEST(lines_of_headers)
{
    struct arena *a = arena_new_sized(0);
    ck_assert_str_eq(mail_line(a, "  one\r\n two\t\tthree  ", 200), "one two three");
    ck_assert_str_eq(mail_line(a,
                               "a\xc2\x85"
                               "b\xe2\x80\xa9"
                               "c\xe2\x80\xae"
                               "d",
                               200),
                     "a b c d");
    ck_assert_str_eq(mail_line(a, "\xe0\xb6\x9a\xe0\xb6\xa9\xe0\xb7\x9a", 200),
                     "\xe0\xb6\x9a\xe0\xb6\xa9\xe0\xb7\x9a");
    ck_assert_str_eq(mail_line(a, "", 200), "");
    ck_assert_str_eq(mail_line(a, "abcdef", 3), "abc");
    arena_free(a);
}
END_TEST

START_TEST(a_letter_by_any_reader)
{
    struct kit *k = open_kit();
    struct mail_letter l = {
        .id = "0190",
        .from = "shop@kade.test",
        .from_name = "Kade \xe0\xb6\x9a\xe0\xb6\xa9\xe0\xb7\x9a \"quoted\"",
        .to = "nimal@example.test",
        .to_name = "\xd9\x86\xd9\x8a\xd9\x85\xd8\xa7\xd9\x84",
        .reply_to = "desk@kade.test",
        .subject = "\xd8\xb7\xd9\x84\xd8\xa8\xd9\x83 ORD-2026-000123 \xd9\x81\xd9\x8a "
                   "\xd8\xa7\xd9\x84\xd8\xb7\xd8\xb1\xd9\x8a\xd9\x82",
        .text = "one\n.two\nFrom three\n\xe0\xb6\x9a\xe0\xb6\xa9\xe0\xb7\x9a\n",
        .html = "<p>\xe0\xb6\x9a</p>\n",
        .language = "ar",
        .unsubscribe =
            "https://a.test/newsletter/unsubscribe/"
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        .date = 0
    };
    const char *p;
    size_t n;
    ck_assert_int_eq(mail_compose(k->arena, &l, &p, &n), RC_OK);
    for (size_t i = 0; i < n; i++)
        ck_assert_msg(p[i] != '\n' || (i > 0 && p[i - 1] == '\r'), "a bare newline at %zu", i);
    char *file = arena_printf(k->arena, "%s/letter.eml", k->dir);
    FILE *f = fopen(file, "we");
    ck_assert(f != NULL && fwrite(p, 1, n, f) == n && fclose(f) == 0);
    static const char script[] =
        "import email,email.policy,sys\n"
        "m=email.message_from_binary_file(open(sys.argv[1],'rb'),policy=email.policy.default)\n"
        "assert not m.defects, m.defects\n"
        "assert m['From'].addresses[0].display_name=='Kade \\u0d9a\\u0da9\\u0dda \"quoted\"', "
        "m['From']\n"
        "assert m['To'].addresses[0].addr_spec=='nimal@example.test'\n"
        "assert m['To'].addresses[0].display_name=='\\u0646\\u064a\\u0645\\u0627\\u0644'\n"
        "assert m['Subject'].startswith('\\u0637\\u0644\\u0628\\u0643 ORD-2026-000123'), "
        "m['Subject']\n"
        "assert m['Message-ID']=='<0190@kade.test>'\n"
        "assert m['Date'].datetime.timestamp()==0\n"
        "assert m['Reply-To'].addresses[0].addr_spec=='desk@kade.test'\n"
        "u=m['List-Unsubscribe']\n"
        "assert u.startswith('<https://a.test/newsletter/unsubscribe/AAAA') and u.endswith('>'), "
        "u\n"
        "parts=list(m.iter_parts())\n"
        "assert [x.get_content_type() for x in parts]==['text/plain','text/html']\n"
        "t=parts[0].get_content()\n"
        "assert t=='one\\n.two\\nFrom three\\n\\u0d9a\\u0da9\\u0dda\\n', repr(t)\n"
        "assert '=?' not in m['List-Unsubscribe']\n";
    char *py = arena_printf(k->arena, "%s/read.py", k->dir);
    f = fopen(py, "we");
    ck_assert(f != NULL && fputs(script, f) >= 0 && fclose(f) == 0);
    ck_assert_int_eq(kit_shell(k, "/usr/bin/python3 %s %s", py, file), 0);
    kit_close(k);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("mail");
    TCase *tc = tcase_create("mail");
    tcase_set_timeout(tc, 120);
    tcase_add_unchecked_fixture(tc, kit_database, kit_database_drop);
    tcase_add_test(tc, it_is_written_once);
    tcase_add_test(tc, parallel_causes_are_one_mail);
    tcase_add_test(tc, a_rollback_sends_nothing);
    tcase_add_test(tc, shops_are_apart);
    tcase_add_test(tc, what_ran_out_is_not_sent);
    tcase_add_test(tc, a_server_that_misbehaves);
    tcase_add_test(tc, tls_and_a_password);
    tcase_add_test(tc, encryption_is_not_optional);
    tcase_add_test(tc, nothing_typed_becomes_a_header);
    tcase_add_test(tc, lines_of_headers);
    tcase_add_test(tc, a_letter_by_any_reader);
    suite_add_tcase(s, tc);
    return kit_run(s);
}
