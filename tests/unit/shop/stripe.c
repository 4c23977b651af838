/* The card gateway's units and signature. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "base/time.h"
#include "kit/kit.h"
#include "platform/crypto.h"
#include "shop/pay_stripe.h"

/* T10: what is sent and comes back is the amount, in currencies of 0, 2 and 3 digits. */
START_TEST(t10_amounts_come_back_as_they_were)
{
    static const struct {
        const char *currency;
        int64_t minor, sent;
    } rows[] = { { "JPY", 1200, 1200 },   { "EUR", 1999, 1999 }, { "LKR", 1250050, 1250050 },
                 { "KWD", 12340, 12340 }, { "IQD", 5000, 5000 }, { "ISK", 900, 90000 },
                 { "UGX", 7, 700 },       { "MGA", 50000, 500 }, { "USD", 0, 0 } };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t sent = -1, back = -1;
        kit_rc(stripe_amount(rows[i].minor, rows[i].currency, &sent), RC_OK);
        ck_assert_int_eq(sent, rows[i].sent);
        kit_rc(stripe_amount_back(sent, rows[i].currency, &back), RC_OK);
        ck_assert_int_eq(back, rows[i].minor);
    }
    int64_t out;
    kit_rc(stripe_amount(12341, "KWD", &out), RC_INVALID); /* it takes tens of fils */
    kit_rc(stripe_amount(50001, "MGA", &out), RC_INVALID);
    kit_rc(stripe_amount(-1, "EUR", &out), RC_INVALID);
    kit_rc(stripe_amount(1, "XXX", &out), RC_INVALID);
    kit_rc(stripe_amount(INT64_MAX, "ISK", &out), RC_INVALID);
    kit_rc(stripe_amount_back(-1, "EUR", &out), RC_INVALID);
    kit_rc(stripe_amount_back(901, "ISK", &out), RC_INVALID);
}
END_TEST

static void hex(const unsigned char *p, char *out)
{
    for (size_t i = 0; i < CRYPTO_HASH; i++)
        snprintf(out + 2 * i, 3, "%02x", p[i]);
}

/* RFC 4231, test case 2. */
START_TEST(hmac_is_that_of_the_standard)
{
    unsigned char mac[CRYPTO_HASH];
    char text[2 * CRYPTO_HASH + 1];
    crypto_hmac_sha256("Jefe", 4, "what do ya want for nothing?", 28, mac);
    hex(mac, text);
    ck_assert_str_eq(text, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}
END_TEST

static const char *sign(char *out, size_t size, const char *secret, const char *body, int64_t at)
{
    unsigned char mac[CRYPTO_HASH];
    char text[400], code[2 * CRYPTO_HASH + 1];
    snprintf(text, sizeof(text), "%lld.%s", (long long)at, body);
    crypto_hmac_sha256(secret, strlen(secret), text, strlen(text), mac);
    hex(mac, code);
    snprintf(out, size, "t=%lld,v1=%s", (long long)at, code);
    return out;
}

START_TEST(only_a_fresh_signature_over_these_bytes_counts)
{
    static const char body[] = "{\"id\":\"evt_1\"}";
    struct arena *a = arena_new_sized(0);
    const int64_t now = SECONDS(1800000000);
    char good[200], other[200], two[420];
    size_t n = strlen(body);
    sign(good, sizeof(good), "whsec_x", body, 1800000000);
    ck_assert(stripe_signed(a, "whsec_x", good, body, n, now));
    ck_assert(stripe_signed(a, "whsec_x", good, body, n, now + SECONDS(299)));
    ck_assert(!stripe_signed(a, "whsec_x", good, body, n, now + SECONDS(301)));
    ck_assert(!stripe_signed(a, "whsec_x", good, body, n, now - SECONDS(301)));
    ck_assert(!stripe_signed(a, "whsec_y", good, body, n, now));
    ck_assert(!stripe_signed(a, "whsec_x", good, body, n - 1, now));
    ck_assert(!stripe_signed(a, "whsec_x", good, "{\"id\":\"evt_2\"}", n, now));
    sign(other, sizeof(other), "old secret", body, 1800000000); /* while a secret is rolled */
    snprintf(two, sizeof(two), "%s,%s,v0=00", other, strstr(good, "v1="));
    ck_assert(stripe_signed(a, "whsec_x", two, body, n, now));
    static const char *const bad[] = { "",
                                       "t=1800000000",
                                       "v1=00",
                                       "t=,v1=",
                                       "t=abc,v1=00",
                                       "t=-5",
                                       ",,,",
                                       "t=18000000009999999,v1=00",
                                       "v1=zz,t=1800000000" };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        ck_assert_msg(!stripe_signed(a, "whsec_x", bad[i], body, n, now), "%s", bad[i]);
    good[strlen(good) - 1] = good[strlen(good) - 1] == '0' ? '1' : '0';
    ck_assert(!stripe_signed(a, "whsec_x", good, body, n, now));
    arena_free(a);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("stripe");
    TCase *t = tcase_create("stripe");
    if (crypto_init() != RC_OK)
        return 1;
    tcase_add_test(t, t10_amounts_come_back_as_they_were);
    tcase_add_test(t, hmac_is_that_of_the_standard);
    tcase_add_test(t, only_a_fresh_signature_over_these_bytes_counts);
    suite_add_tcase(s, t);
    return kit_run(s);
}
