/* crypto.c: tests of platform/crypto.h. What could break: domain separation, tampering, the key
 * file's rights, strictness of base64url, passwords at the edges. Known answers come from FIPS
 * 180-4 and RFC 4648. */
#include "platform/crypto.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/fault.h"
#include "suites.h"

static struct arena *a;
static char *key_file;

static void setup(void)
{
    a = arena_new_sized(256 * 1024 * 1024);
    key_file = arena_printf(a, "%s/secret.key", scratch());
    ck_assert_int_eq(crypto_load_key(key_file, true), RC_OK);
}

static void teardown(void)
{
    unlink(key_file);
    arena_free(a);
}

START_TEST(known_hashes)
{
    ck_assert_str_eq(crypto_sha256_hex(a, "abc", 3),
                     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    ck_assert_str_eq(crypto_sha256_hex(a, NULL, 0),
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    unsigned char h[CRYPTO_HASH];
    crypto_digest("abc", 3, h); /* BLAKE2b-256 */
    ck_assert_mem_eq(h, "\xbd\xdd\x81\x3c\x63\x42\x39\x72", 8);
}
END_TEST

START_TEST(base64url)
{
    static const char *const pairs[][2] = { { "", "" },           { "f", "Zg" },
                                            { "fo", "Zm8" },      { "foo", "Zm9v" },
                                            { "foob", "Zm9vYg" }, { "\xfb\xff", "-_8" } };
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        unsigned char *p;
        size_t n;
        ck_assert_str_eq(crypto_base64url(a, pairs[i][0], strlen(pairs[i][0])), pairs[i][1]);
        ck_assert_int_eq(crypto_base64url_decode(a, pairs[i][1], &p, &n), RC_OK);
        ck_assert_uint_eq(n, strlen(pairs[i][0]));
        ck_assert_int_eq(memcmp(p, pairs[i][0], n), 0);
    }
    static const char *const bad[] = { "Zg==", "Zg=",  "Z",   "Zh",    "Zm9",
                                       "+/8",  "Zg\n", " Zg", "Zm9vY", "\x93hA" };
    unsigned char *p = NULL;
    size_t n = 77;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        ck_assert_msg(crypto_base64url_decode(a, bad[i], &p, &n) == RC_INVALID, "%s", bad[i]);
    ck_assert_ptr_null(p);
    ck_assert_uint_eq(n, 77);
}
END_TEST

START_TEST(tokens_and_ids)
{
    char *t = crypto_token(a), *u = crypto_token(a);
    ck_assert_uint_eq(strlen(t) + 1, CRYPTO_TOKEN_TEXT);
    ck_assert_str_ne(t, u);
    unsigned char h[CRYPTO_HASH], k[CRYPTO_HASH];
    crypto_token_hash(t, h);
    crypto_token_hash(t, k);
    ck_assert(crypto_equal(h, k, sizeof(h)));
    crypto_token_hash(u, k);
    ck_assert(!crypto_equal(h, k, sizeof(h)));
    struct uuid x = uuid7_new(), y = uuid7_new();
    ck_assert_int_ne(uuid_cmp(x, y), 0);
    ck_assert_int_eq(x.b[6] >> 4, 7);
    ck_assert_int_eq(x.b[8] >> 6, 2);
}
END_TEST

START_TEST(macs_are_separate)
{
    unsigned char csrf[CRYPTO_HASH], flash[CRYPTO_HASH], again[CRYPTO_HASH], token[CRYPTO_HASH];
    crypto_mac("csrf", "m", 1, csrf);
    crypto_mac("flash", "m", 1, flash);
    crypto_mac("csrf", "m", 1, again);
    crypto_token_hash("m", token);
    ck_assert(crypto_equal(csrf, again, sizeof(csrf)));
    ck_assert(!crypto_equal(csrf, flash, sizeof(csrf)));
    ck_assert(!crypto_equal(csrf, token, sizeof(csrf)));
    crypto_mac("csrfm", "", 0, again); /* purpose and message cannot run together */
    ck_assert(!crypto_equal(csrf, again, sizeof(csrf)));
}
END_TEST

START_TEST(seal_and_open)
{
    unsigned char *box, *box2, *out = NULL;
    size_t n, n2, m = 0;
    ck_assert_int_eq(crypto_seal(a, "row 1", "secret", 6, &box, &n), RC_OK);
    ck_assert_int_eq(crypto_seal(a, "row 1", "secret", 6, &box2, &n2), RC_OK);
    ck_assert_uint_eq(n, n2);
    ck_assert(memcmp(box, box2, n) != 0); /* a fresh nonce */
    ck_assert_int_eq(crypto_open(a, "row 1", box, n, &out, &m), RC_OK);
    ck_assert_uint_eq(m, 6);
    ck_assert_str_eq((char *)out, "secret");
    out = NULL;
    ck_assert_int_eq(crypto_open(a, "row 2", box, n, &out, &m), RC_INVALID);
    for (size_t i = 0; i < n; i++) {
        box[i] ^= 1;
        ck_assert_int_eq(crypto_open(a, "row 1", box, n, &out, &m), RC_INVALID);
        box[i] ^= 1;
        ck_assert_int_eq(crypto_open(a, "row 1", box, i, &out, &m), RC_INVALID);
    }
    ck_assert_ptr_null(out);
    ck_assert_int_eq(crypto_seal(a, "", NULL, 0, &box, &n), RC_OK);
    ck_assert_int_eq(crypto_open(a, "", box, n, &out, &m), RC_OK);
    ck_assert_uint_eq(m, 0);
}
END_TEST

START_TEST(passwords)
{
    char *hash = NULL, *other, longest[1026];
    bool rehash = true;
    crypto_set_password_cost(CRYPTO_COST_MIN);
    ck_assert_int_eq(crypto_password_hash(a, "kade-shopper-1", &hash), RC_OK);
    ck_assert_int_eq(crypto_password_hash(a, "kade-shopper-1", &other), RC_OK);
    ck_assert_str_ne(hash, other); /* salted */
    ck_assert_mem_eq(hash, "$argon2id$", 10);
    ck_assert(crypto_password_check(hash, "kade-shopper-1", &rehash));
    ck_assert(!rehash);
    ck_assert(!crypto_password_check(hash, "kade-shopper-2", &rehash));
    ck_assert(!crypto_password_check(hash, "", NULL));
    ck_assert(!crypto_password_check("", "kade-shopper-1", NULL));
    ck_assert(!crypto_password_check("$argon2id$", "kade-shopper-1", NULL));
    memset(longest, 'p', sizeof(longest));
    longest[1025] = '\0';
    ck_assert(!crypto_password_check(longest, "x", NULL));
    ck_assert_int_eq(crypto_password_hash(a, longest, &hash), RC_INVALID);
    ck_assert_int_eq(crypto_password_hash(a, "", &hash), RC_INVALID);
    longest[1024] = '\0';
    ck_assert_int_eq(crypto_password_hash(a, longest, &other), RC_OK);
    ck_assert(crypto_password_check(other, longest, NULL));
    crypto_set_password_cost(CRYPTO_COST_FULL);
    ck_assert(crypto_password_check(hash, "kade-shopper-1", &rehash));
    ck_assert(rehash); /* made under another cost */
    ck_assert_int_eq(crypto_password_hash(a, "x", &other), RC_OK);
    ck_assert_ptr_nonnull(strstr(other, "$m=65536,t=2,"));
}
END_TEST

static void write_key(size_t n, mode_t mode)
{
    unsigned char bytes[64] = { 1 };
    FILE *f = fopen(key_file, "w");
    ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
    fclose(f);
    chmod(key_file, mode);
}

START_TEST(key_file_rules)
{
    struct stat st;
    unsigned char before[CRYPTO_HASH], after[CRYPTO_HASH];
    ck_assert_int_eq(stat(key_file, &st), 0);
    ck_assert_int_eq(st.st_mode & 0777, 0600);
    ck_assert_int_eq(st.st_size, 32);
    crypto_mac("p", "m", 1, before);
    ck_assert_int_eq(crypto_load_key(key_file, true), RC_OK); /* keeps the one that is there */
    crypto_mac("p", "m", 1, after);
    ck_assert(crypto_equal(before, after, sizeof(before)));
    write_key(31, 0600);
    ck_assert_int_eq(crypto_load_key(key_file, true), RC_INVALID);
    write_key(33, 0600);
    ck_assert_int_eq(crypto_load_key(key_file, true), RC_INVALID);
    write_key(32, 0640);
    ck_assert_int_eq(crypto_load_key(key_file, true), RC_INVALID);
    unlink(key_file);
    ck_assert_int_eq(crypto_load_key(key_file, false), RC_NOTFOUND);
    ck_assert_int_ne(access(key_file, F_OK), 0);
    ck_assert_int_ne(crypto_load_key("/proc/no/secret.key", true), RC_OK);
    crypto_mac("p", "m", 1, after); /* a failed load leaves the key in use */
    ck_assert(crypto_equal(before, after, sizeof(before)));
}
END_TEST

#ifdef KADE_FAULT
/* Whatever file call fails: no half key is left behind, and the next start works. */
START_TEST(key_file_faults)
{
    for (unsigned n = 1;; n++) {
        unlink(key_file);
        fault_arm(1u << FAULT_FILE, n);
        enum rc rc = crypto_load_key(key_file, true);
        unsigned counted = fault_count();
        fault_arm(0, 0);
        if (counted < n) {
            ck_assert_int_eq(rc, RC_OK);
            ck_assert_uint_gt(n, 3);
            return;
        }
        ck_assert_int_ne(rc, RC_OK);
        ck_assert_int_eq(crypto_load_key(key_file, true), RC_OK);
    }
}
END_TEST
#endif

Suite *suite_crypto(void)
{
    Suite *s = suite_create("crypto");
    TCase *tc = tcase_create("crypto");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, known_hashes);
    tcase_add_test(tc, base64url);
    tcase_add_test(tc, tokens_and_ids);
    tcase_add_test(tc, macs_are_separate);
    tcase_add_test(tc, seal_and_open);
    tcase_add_test(tc, passwords);
    tcase_add_test(tc, key_file_rules);
#ifdef KADE_FAULT
    tcase_add_test(tc, key_file_faults);
#endif
    suite_add_tcase(s, tc);
    return s;
}
