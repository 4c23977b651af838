/* sign_in.c: registering, signing in and out, forgotten and changed passwords, devices, locks, the
 * second factor: through the pages, with the mails. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "account.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/crypto.h"
#include "platform/totp.h"

#define PASSWORD  "blue+lantern+7"
#define PASSWORD2 "green+lantern+8"

START_TEST(an_account_from_the_first_mail)
{
    struct kit *k = account_kit();
    struct person p = person(k, "a.test");
    go(&p, "/register");
    ck_status(p.a, 200);
    ck_has(p.a.body, "autocomplete=\"new-password\"");
    ck_lacks(p.a.body, " checked"); /* consent is not ticked for anybody */
    send_form(&p, "/register",
              "name=Nimal&email=Nimal1@Example.TEST&password=" PASSWORD "&marketing=1");
    sent_to(&p, "/register/sent");
    follow(&p);
    ck_status(p.a, 200);
    /* nothing is an account yet */
    ck_assert_str_eq(
        kit_cell(k, "SELECT count(*) FROM shop.customers WHERE email = 'nimal1@example.test'"),
        "0");
    sign_in(&p, "nimal1@example.test", PASSWORD);
    ck_status(p.a, 422);
    const char *t = link_of(&p, "nimal1@example.test", "/verify/");
    const char *path = arena_printf(k->arena, "/verify/%s", t);
    go(&p, path); /* mail programs look at links: nothing happens */
    go(&p, path);
    ck_status(p.a, 200);
    send_form(&p, path, "%s", "");
    sent_to(&p, "/account");
    ck_assert(signed_in(&p));
    ck_has(p.a.body, "Hello Nimal");
    ck_has(p.a.body, "nimal1@example.test");
    /* the link is used up */
    struct person q = person(k, "a.test");
    send_form(&q, path, "%s", "");
    ck_status(q.a, 410);
    ck_assert_str_eq(
        kit_cell(
            k,
            "SELECT (email_verified_at IS NOT NULL)::text || (marketing_opt_in_at IS NOT NULL) || "
            "left(password_hash, 9) FROM shop.customers WHERE email = 'nimal1@example.test'"),
        "truetrue$argon2id");
    ck_assert_str_eq(kit_cell(k, "SELECT string_agg(topic, ',' ORDER BY seq) FROM app.outbox WHERE "
                                 "topic LIKE 'customer.%'"),
                     "customer.registered,customer.logged_in");
    ck_assert_str_eq(
        kit_cell(k, "SELECT count(*) > 2 FROM app.entity_words WHERE resource = 'customer'"), "t");
    kit_work(k);
    ck_has(kit_letter(k, "nimal1@example.test", kit_letters(k, "nimal1@example.test")),
           "Your account is ready");
    kit_close(k);
}
END_TEST

/* What an answer tells besides the address typed. */
static const char *shape(struct person *p)
{
    const char *to = kit_header(&p->a, "Location");
    return arena_printf(p->k->arena, "%d %s %u", p->a.status, to ? to : "-", p->a.statements);
}

START_TEST(nobody_learns_whether_an_address_exists)
{
    struct kit *k = account_kit();
    struct person p = person(k, "a.test"), q = person(k, "a.test");
    join(&p, "known@example.test", PASSWORD);
    /* register */
    send_form(&q, "/register", "name=X&email=known@example.test&password=" PASSWORD2);
    const char *known = shape(&q);
    q = person(k, "a.test");
    send_form(&q, "/register", "name=X&email=stranger@example.test&password=" PASSWORD2);
    ck_assert_str_eq(known, shape(&q));
    /* forgot */
    q = person(k, "a.test");
    send_form(&q, "/forgot", "email=known@example.test");
    known = shape(&q);
    q = person(k, "a.test");
    send_form(&q, "/forgot", "email=nobody@example.test");
    ck_assert_str_eq(known, shape(&q));
    /* log in: same status, same sentence; and a hash is worked in both cases */
    q = person(k, "a.test");
    sign_in(&q, "known@example.test", "wrong-password");
    const char *says = strstr(q.a.body, "is not right");
    ck_status(q.a, 422);
    ck_assert_ptr_nonnull(says);
    q = person(k, "a.test");
    sign_in(&q, "nobody@example.test", "wrong-password");
    ck_status(q.a, 422);
    ck_has(q.a.body, "is not right");
    kit_work(k);
    /* told to the mailbox alone */
    ck_has(kit_letter(k, "known@example.test", 3), "You have an account already");
    ck_has(kit_letter(k, "stranger@example.test", 1), "/verify/");
    ck_assert_uint_eq(kit_letters(k, "nobody@example.test"), 0);
    kit_close(k);
}
END_TEST

/* What this process has computed, in microseconds: others on the machine do not count. */
static int64_t computed_us(void)
{
    struct timespec t;
    ck_assert_int_eq(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t), 0);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

START_TEST(it_takes_as_long)
{
    struct kit *k = account_kit();
    struct person p = person(k, "a.test");
    join(&p, "timed@example.test", PASSWORD);
    int64_t best[2] = { INT64_MAX, INT64_MAX };
    for (int i = 0; i < 8; i++) {
        struct person q = person(k, "a.test");
        kit_sql(k, "DELETE FROM app.login_attempts");
        int64_t t0 = computed_us();
        sign_in(&q, i % 2 ? "timed@example.test" : "nobody@example.test", "wrong-password");
        int64_t us = computed_us() - t0;
        if (us < best[i % 2])
            best[i % 2] = us;
    }
    /* a hash of 64 MB is most of it: without one it would be a tenth */
    ck_assert_msg(best[0] * 3 > best[1] && best[1] * 3 > best[0], "%lld us and %lld us",
                  (long long)best[0], (long long)best[1]);
    kit_close(k);
}
END_TEST

START_TEST(a_lock_says_how_long)
{
    struct kit *k = account_kit();
    struct person p = person(k, "a.test");
    join(&p, "nimal4@example.test", PASSWORD);
    struct person q = person(k, "a.test");
    for (int i = 0; i < 5; i++) {
        sign_in(&q, "nimal4@example.test", "guess-number-x");
        ck_has(q.a.body, "is not right");
    }
    /* also the right one waits, from anywhere */
    struct person other = person(k, "a.test");
    sign_in(&other, "nimal4@example.test", PASSWORD);
    ck_status(other.a, 422);
    ck_has(other.a.body, "Too many attempts. Try again in 1 minute");
    ck_has(other.a.body, "nimal4@example.test"); /* what was typed stays */
    /* a session that is there stays */
    ck_assert(signed_in(&p));
    /* an address without an account is locked the same way */
    for (int i = 0; i < 6; i++)
        sign_in(&q, "nobody@example.test", "guess-number-x");
    ck_has(q.a.body, "Too many attempts");
    kit_pass(k, 61);
    sign_in(&other, "nimal4@example.test", PASSWORD);
    sent_to(&other, "/account");
    kit_close(k);
}
END_TEST

START_TEST(many_addresses_from_one_place_are_locked)
{
    struct kit *k = account_kit();
    struct person q = person(k, "a.test");
    for (int i = 0; i < 31; i++)
        sign_in(&q, arena_printf(k->arena, "x%d@example.test", i), "guess-number-x");
    ck_has(q.a.body, "Too many attempts");
    struct person p = person(k, "a.test");
    sign_in(&p, "x1@example.test", "guess-number-x");
    ck_has(p.a.body, "is not right");
    kit_close(k);
}
END_TEST

START_TEST(t31_a_reset_ends_every_device)
{
    struct kit *k = account_kit();
    struct person p = person(k, "a.test"), q = person(k, "a.test");
    join(&p, "nimal6@example.test", PASSWORD);
    send_form(&q, "/forgot", "email=nimal6@example.test");
    sent_to(&q, "/forgot/sent");
    const char *first = link_of(&q, "nimal6@example.test", "/reset/");
    send_form(&q, "/forgot", "email=nimal6@example.test");
    const char *path = arena_printf(k->arena, "/reset/%s", first);
    go(&q, path);
    ck_status(q.a, 200);
    send_form(&q, path, "password=1234567");
    ck_status(q.a, 422);
    ck_has(q.a.body, "at least 8");
    send_form(&q, path, "password=12345678");
    ck_has(q.a.body, "first that are guessed");
    send_form(&q, path, "password=" PASSWORD2);
    sent_to(&q, "/login");
    ck_assert(!signed_in(&p)); /* T31: out on its next request */
    sent_to(&p, "/login?next=%2Faccount");
    /* once, and the other link is overtaken */
    send_form(&q, path, "password=" PASSWORD);
    ck_status(q.a, 410);
    const char *second = link_of(&q, "nimal6@example.test", "/reset/");
    go(&q, arena_printf(k->arena, "/reset/%s", second));
    ck_status(q.a, 410);
    sign_in(&q, "nimal6@example.test", PASSWORD);
    ck_status(q.a, 422);
    sign_in(&q, "nimal6@example.test", PASSWORD2);
    sent_to(&q, "/account");
    kit_close(k);
}
END_TEST

START_TEST(a_reset_link_runs_out)
{
    struct kit *k = account_kit();
    struct person p = person(k, "a.test"), q = person(k, "a.test");
    join(&p, "nimal7@example.test", PASSWORD);
    send_form(&q, "/forgot", "email=nimal7@example.test");
    const char *path =
        arena_printf(k->arena, "/reset/%s", link_of(&q, "nimal7@example.test", "/reset/"));
    kit_pass(k, 3601);
    go(&q, path);
    ck_status(q.a, 410);
    send_form(&q, path, "password=" PASSWORD2);
    ck_status(q.a, 410);
    go(&q, "/reset/wZVx0m3h8bqkQe4nT7uYd1sLr5aGf9oCjX2iB6pKv0U");
    ck_status(q.a, 410);
    kit_close(k);
}
END_TEST

START_TEST(t31_a_changed_password_ends_the_others)
{
    struct kit *k = account_kit();
    struct person p = person(k, "a.test"), q = person(k, "a.test");
    join(&p, "nimal8@example.test", PASSWORD);
    sign_in(&q, "nimal8@example.test", PASSWORD);
    ck_assert(signed_in(&q));
    send_form(&p, "/account/password", "password=wrong-one&new_password=" PASSWORD2);
    ck_status(p.a, 422);
    ck_has(p.a.body, "This is not your password");
    send_form(&p, "/account/password", "password=" PASSWORD "&new_password=nimal8@example.test");
    ck_has(p.a.body, "too close to your name");
    send_form(&p, "/account/password", "password=" PASSWORD "&new_password=" PASSWORD2);
    sent_to(&p, "/account");
    ck_assert(signed_in(&p));
    ck_assert(!signed_in(&q));
    kit_work(k);
    ck_has(kit_letter(k, "nimal8@example.test", kit_letters(k, "nimal8@example.test")),
           "password was changed");
    kit_close(k);
}
END_TEST

START_TEST(devices_are_seen_and_ended)
{
    struct kit *k = account_kit();
    struct person p = person(k, "a.test"), q = person(k, "a.test"), s = person(k, "a.test");
    join(&p, "nimal9@example.test", PASSWORD);
    sign_in(&q, "nimal9@example.test", PASSWORD);
    sign_in(&s, "nimal9@example.test", PASSWORD);
    go(&p, "/account/devices");
    ck_status(p.a, 200);
    ck_has(p.a.body, "This device");
    const char *name = kit_after(k, p.a.body, "name=\"device\" value=\"");
    ck_lacks(p.a.body, strchr(q.cookie, '=') + 1);
    send_form(&p, "/account/devices/end", "device=%s", name);
    sent_to(&p, "/account/devices");
    ck_assert_int_eq(signed_in(&q) + signed_in(&s), 1);
    send_form(&p, "/account/devices/end-others", "%s", "");
    ck_assert_int_eq(signed_in(&q) + signed_in(&s), 0);
    ck_assert(signed_in(&p));
    kit_close(k);
}
END_TEST

START_TEST(signing_out)
{
    struct kit *k = account_kit();
    struct person p = person(k, "a.test");
    join(&p, "nimal10@example.test", PASSWORD);
    char was[512];
    memcpy(was, p.cookie, sizeof was);
    send_form(&p, "/logout", "%s", "");
    sent_to(&p, "/");
    memcpy(p.cookie, was, sizeof was);
    ck_assert(!signed_in(&p)); /* the row is gone, not only the cookie */
    kit_close(k);
}
END_TEST

START_TEST(next_stays_inside)
{
    struct kit *k = account_kit();
    struct person p = person(k, "a.test");
    join(&p, "nimal11@example.test", PASSWORD);
    static const char *const bad[] = {
        "https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2F%5Cevil.example",
        "javascript%3Aalert(1)",      "%2F..%2F..%2F",      ""
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct person q = person(k, "a.test");
        send_form(&q, "/login", "email=nimal11@example.test&password=" PASSWORD "&next=%s", bad[i]);
        sent_to(&q, "/account");
    }
    struct person q = person(k, "a.test");
    go(&q, "/account/devices");
    sent_to(&q, "/login?next=%2Faccount%2Fdevices");
    follow(&q);
    ck_has(q.a.body, "name=\"next\" value=\"/account/devices\"");
    send_form(&q, "/login",
              "email=nimal11@example.test&password=" PASSWORD "&next=%%2Faccount%%2Fdevices");
    sent_to(&q, "/account/devices");
    kit_close(k);
}
END_TEST

START_TEST(the_same_person_in_two_shops)
{
    struct kit *k = account_kit();
    struct person a = person(k, "a.test"), b = person(k, "b.test");
    join(&a, "nimal12@example.test", PASSWORD);
    sign_in(&b, "nimal12@example.test", PASSWORD);
    ck_status(b.a, 422);
    join(&b, "nimal12@example.test", PASSWORD2);
    ck_assert_str_eq(
        kit_cell(k, "SELECT count(*) FROM shop.customers WHERE email = 'nimal12@example.test' "
                    "AND deleted_at IS NULL"),
        "2");
    /* a session of one opens nothing in the other */
    struct person c = b;
    memcpy(c.cookie, a.cookie, sizeof c.cookie);
    ck_assert(!signed_in(&c));
    /* a link of one neither */
    struct person d = person(k, "a.test");
    send_form(&d, "/forgot", "email=nimal12@example.test");
    const char *t = link_of(&d, "nimal12@example.test", "/reset/");
    d.host = "b.test";
    go(&d, arena_printf(k->arena, "/reset/%s", t));
    ck_status(d.a, 410);
    /* attempts in one lock nothing in the other */
    d = person(k, "a.test");
    for (int i = 0; i < 6; i++)
        sign_in(&d, "nimal12@example.test", "guess-number-x");
    d = person(k, "b.test");
    sign_in(&d, "nimal12@example.test", PASSWORD2);
    sent_to(&d, "/account");
    kit_close(k);
}
END_TEST

/* The secret of the set-up page, from the key shown. */
static void read_key(const char *body, unsigned char out[TOTP_SECRET])
{
    static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const char *p = strstr(body, "class=\"account-key\"");
    p = strchr(p, '>') + 1;
    unsigned bits = 0, held = 0;
    size_t n = 0;
    for (; *p != '<'; p++) {
        const char *d = strchr(set, *p);
        if (!d)
            continue;
        bits = bits << 5 | (unsigned)(d - set);
        held += 5;
        if (held >= 8) {
            held -= 8;
            out[n++] = (unsigned char)(bits >> held);
        }
    }
    ck_assert_uint_eq(n, TOTP_SECRET);
}

static const char *code_now(struct kit *k, const unsigned char *secret, int64_t add)
{
    char *code;
    ck_assert_int_eq(totp_code(k->arena, secret, totp_step(instant_now()) + add, &code), RC_OK);
    return code;
}

START_TEST(two_steps)
{
    struct kit *k = account_kit();
    struct person p = person(k, "a.test"), q = person(k, "a.test");
    unsigned char secret[TOTP_SECRET];
    join(&p, "nimal13@example.test", PASSWORD);
    go(&p, "/account/2fa");
    ck_status(p.a, 200);
    ck_has(p.a.body, "<path d=\"M");
    read_key(p.a.body, secret);
    const char *sealed = kit_after(k, p.a.body, "name=\"secret\" value=\"");
    /* a wrong code keeps the offered secret */
    send_form(&p, "/account/2fa", "secret=%s&code=000000&password=" PASSWORD, sealed);
    ck_status(p.a, 422);
    ck_has(p.a.body, sealed);
    send_form(&p, "/account/2fa", "secret=%s&code=%s&password=" PASSWORD, sealed,
              code_now(k, secret, 0));
    ck_status(p.a, 200);
    ck_has(p.a.body, "data-test=\"recovery-code\"");
    const char *recovery = kit_after(k, p.a.body, "data-test=\"recovery-code\">");
    ck_assert_uint_eq(strlen(recovery), 11);
    ck_assert_str_eq(kit_cell(k, "SELECT count(*) FROM app.recovery_codes"), "10");
    /* the password alone is not enough */
    sign_in(&q, "nimal13@example.test", PASSWORD);
    sent_to(&q, "/2fa");
    ck_assert(!signed_in(&q));
    send_form(&q, "/2fa", "code=123");
    ck_status(q.a, 422);
    /* the code that switched it on is used */
    send_form(&q, "/2fa", "code=%s", code_now(k, secret, 0));
    ck_status(q.a, 422);
    ck_has(q.a.body, "used before");
    send_form(&q, "/2fa", "code=%s", code_now(k, secret, 1));
    sent_to(&q, "/account");
    ck_assert(signed_in(&q));
    /* a recovery code, typed as people type */
    struct person s = person(k, "a.test");
    sign_in(&s, "nimal13@example.test", PASSWORD);
    char typed[32];
    snprintf(typed, sizeof typed, "%.5s+%s", recovery, recovery + 6);
    send_form(&s, "/2fa", "code=%s", typed);
    sent_to(&s, "/account");
    s = person(k, "a.test");
    sign_in(&s, "nimal13@example.test", PASSWORD);
    send_form(&s, "/2fa", "code=%s", recovery);
    ck_status(s.a, 422);
    /* guessing is locked */
    for (int i = 0; i < 6; i++)
        send_form(&s, "/2fa", "code=%06d", i);
    ck_has(s.a.body, "Too many attempts");
    go(&p, "/account/2fa");
    ck_has(p.a.body, "9 recovery codes are left");
    /* off again, with the password */
    send_form(&p, "/account/2fa/off", "password=nope-nope");
    ck_status(p.a, 422);
    send_form(&p, "/account/2fa/off", "password=" PASSWORD);
    sent_to(&p, "/account/2fa");
    ck_assert_str_eq(kit_cell(k, "SELECT (SELECT count(*) FROM app.second_factors) || ' ' || "
                                 "(SELECT count(*) FROM app.recovery_codes)"),
                     "0 0");
    kit_close(k);
}
END_TEST

START_TEST(a_new_address_is_confirmed_there)
{
    struct kit *k = account_kit();
    struct person p = person(k, "a.test"), q = person(k, "a.test");
    join(&p, "old@example.test", PASSWORD);
    sign_in(&q, "old@example.test", PASSWORD);
    send_form(&p, "/account/email", "email=new@example.test&password=" PASSWORD);
    sent_to(&p, "/account");
    go(&p, "/account");
    ck_has(p.a.body, "old@example.test");
    const char *path =
        arena_printf(k->arena, "/email/%s", link_of(&p, "new@example.test", "/email/"));
    go(&p, path);
    ck_has(p.a.body, "new@example.test");
    send_form(&p, path, "%s", "");
    sent_to(&p, "/account");
    ck_assert(signed_in(&p));
    ck_has(p.a.body, "new@example.test");
    ck_assert(!signed_in(&q));
    kit_work(k);
    ck_has(kit_letter(k, "old@example.test", kit_letters(k, "old@example.test")),
           "e-mail address was changed");
    /* one that somebody has: the same answer, and told there alone */
    struct person r = person(k, "a.test");
    join(&r, "taken@example.test", PASSWORD);
    send_form(&p, "/account/email", "email=taken@example.test&password=" PASSWORD);
    sent_to(&p, "/account");
    ck_assert_ptr_null(link_of(&p, "taken@example.test", "/email/"));
    kit_close(k);
}
END_TEST

START_TEST(forms_keep_what_was_typed)
{
    struct kit *k = account_kit();
    struct person p = person(k, "a.test");
    send_form(&p, "/register", "name=&email=not-an-address&password=" PASSWORD);
    ck_status(p.a, 422);
    ck_has(p.a.body, "<title>Error: ");
    ck_has(p.a.body, "value=\"not-an-address\"");
    ck_has(p.a.body, "href=\"#email\"");
    ck_has(p.a.body, "href=\"#name\"");
    ck_has(p.a.body, "aria-invalid=\"true\"");
    ck_lacks(p.a.body, "lantern");
    send_form(&p, "/login", "email=&password=");
    ck_status(p.a, 422);
    send_form(&p, "/forgot", "email=%%00");
    ck_assert(p.a.status == 400 || p.a.status == 422);
    /* other sites cannot post */
    struct kit_answer a = kit_ask(k, &(struct kit_ask){ .method = "POST",
                                                        .host = "a.test",
                                                        .path = "/login",
                                                        .body = "email=a@b.test&password=x",
                                                        .foreign = true });
    ck_status(a, 403);
    kit_close(k);
}
END_TEST

START_TEST(a_guest_session_is_handed_over)
{
    struct kit *k = account_kit();
    struct person p = person(k, "a.test"), q = person(k, "a.test");
    join(&p, "nimal16@example.test", PASSWORD);
    const char *cookie = kit_session(k, KIT_SHOP_A, NULL, NULL, 0);
    snprintf(q.cookie, sizeof q.cookie, "%s", cookie);
    const char *hash =
        kit_cell(k, "SELECT encode(token_hash, 'hex') FROM app.sessions WHERE customer_id IS NULL");
    ck_assert_uint_eq(strlen(hash), 64);
    sign_in(&q, "nimal16@example.test", PASSWORD);
    sent_to(&q, "/account");
    ck_assert_str_eq(
        kit_cell(k, "SELECT payload->>'session' FROM app.outbox WHERE topic = 'customer.logged_in' "
                    "ORDER BY seq DESC LIMIT 1"),
        hash);
    ck_assert_str_eq(kit_cell(k, "SELECT count(*) FROM app.sessions WHERE customer_id IS NULL"),
                     "0");
    kit_close(k);
}
END_TEST

START_TEST(staying_signed_in_is_a_choice)
{
    struct kit *k = account_kit();
    struct person p = person(k, "a.test");
    join(&p, "nimal17@example.test", PASSWORD);
    struct person q = person(k, "a.test"), s = person(k, "a.test");
    sign_in(&q, "nimal17@example.test", PASSWORD);
    ck_lacks(kit_header(&q.a, "Set-Cookie"), "Max-Age");
    send_form(&s, "/login", "email=nimal17@example.test&password=" PASSWORD "&stays=1");
    ck_has(kit_header(&s.a, "Set-Cookie"), "Max-Age=2592000");
    kit_pass(k, 13 * 3600);
    ck_assert(!signed_in(&q));
    ck_assert(signed_in(&s));
    kit_close(k);
}
END_TEST

START_TEST(an_old_hash_is_renewed_at_login)
{
    struct kit *k = account_kit();
    struct person p = person(k, "a.test"), q = person(k, "a.test");
    crypto_set_password_cost(CRYPTO_COST_MIN);
    join(&p, "nimal18@example.test", PASSWORD);
    crypto_set_password_cost(CRYPTO_COST_FULL);
    const char *sql =
        "SELECT password_hash FROM shop.customers WHERE email = 'nimal18@example.test' "
        "AND deleted_at IS NULL AND tenant_id = '" KIT_SHOP_A "'";
    const char *old = arena_strdup(k->arena, kit_cell(k, sql));
    sign_in(&q, "nimal18@example.test", PASSWORD);
    sent_to(&q, "/account");
    ck_assert_str_ne(kit_cell(k, sql), old);
    ck_assert(signed_in(&p)); /* nothing ended */
    crypto_set_password_cost(CRYPTO_COST_MIN);
    kit_close(k);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = { an_account_from_the_first_mail,
                                   nobody_learns_whether_an_address_exists,
                                   it_takes_as_long,
                                   a_lock_says_how_long,
                                   many_addresses_from_one_place_are_locked,
                                   t31_a_reset_ends_every_device,
                                   a_reset_link_runs_out,
                                   t31_a_changed_password_ends_the_others,
                                   devices_are_seen_and_ended,
                                   signing_out,
                                   next_stays_inside,
                                   the_same_person_in_two_shops,
                                   two_steps,
                                   a_new_address_is_confirmed_there,
                                   forms_keep_what_was_typed,
                                   a_guest_session_is_handed_over,
                                   staying_signed_in_is_a_choice,
                                   an_old_hash_is_renewed_at_login };
    Suite *s = suite_create("sign_in");
    TCase *tc = tcase_create("sign_in");
    tcase_set_timeout(tc, 180);
    tcase_add_unchecked_fixture(tc, kit_database, kit_database_drop);
    for (size_t i = 0; i < COUNT_OF(tests); i++)
        tcase_add_test(tc, tests[i]);
    suite_add_tcase(s, tc);
    return kit_run(s);
}
