/* wire.c: what arrives, decoded: pairs of a form, cookies, hosts, paths, languages, places to go;
 * and limits as text. The multipart reader is met in tests/http/app/forms.c and by its fuzz target.
 */
#include <check.h>
#include <string.h>

#include "app/rate.h"
#include "app/req_priv.h"
#include "base/arena.h"
#include "base/str.h"
#include "platform/i18n.h"
#include "platform/idna.h"

static struct arena *a;

static void setup(void)
{
    a = arena_new_sized(0);
}
static void teardown(void)
{
    arena_free(a);
}

/* ---- urlencoded ---- */

/* "k=v|k=v" of what came out, or the code's name. */
static const char *decoded(const char *text, size_t n)
{
    struct form_pair *p;
    size_t count;
    struct buf b;
    enum rc rc = form_decode(a, text, n, &p, &count);
    if (rc != RC_OK)
        return rc_name(rc);
    buf_init(&b, a, 100000);
    for (size_t i = 0; i < count; i++)
        buf_printf(&b, "%s%s=%s", i ? "|" : "", p[i].key, p[i].value);
    return b.p;
}

static const struct {
    const char *in, *out;
} forms[] = {
    { "", "" },
    { "a=1&b=2", "a=1|b=2" },
    { "a=1&a=2", "a=1|a=2" },
    { "a", "a=" },
    { "=x", "=x" },
    { "&&a=1&&", "a=1" },
    { "a=b=c", "a=b=c" },
    { "a+b=c+d", "a b=c d" },
    { "a=%2B%26%3D%25", "a=+&=%" },
    { "a=%e0%b6%9A", "a=\xe0\xb6\x9a" },
    { "a=e%CC%81", "a=\xc3\xa9" }, /* NFC */
    { "a=x%0D%0Ay", "a=x\ny" },
    { "a=%", "invalid" },
    { "a=%4", "invalid" },
    { "a=%4g", "invalid" },
    { "a=%00", "invalid" },
    { "a=%01", "invalid" },
    { "a=%ff", "invalid" },
    { "a=%c0%ae", "invalid" },
    { "a=%ed%a0%80", "invalid" },
    { "%zz=a", "invalid" },
};

START_TEST(pairs)
{
    ck_assert_str_eq(decoded(forms[_i].in, strlen(forms[_i].in)), forms[_i].out);
}
END_TEST

START_TEST(pairs_have_a_number)
{
    struct buf b;
    buf_init(&b, a, 10000);
    for (int i = 0; i < 1000; i++)
        buf_str(&b, i ? "&a" : "a");
    ck_assert_int_eq(strncmp(decoded(b.p, b.n), "a=|a=", 5), 0);
    buf_str(&b, "&a");
    ck_assert_str_eq(decoded(b.p, b.n), "limit");
    ck_assert_str_eq(decoded("a=\0b", 4), "invalid");
}
END_TEST

/* ---- cookies ---- */

static const struct {
    const char *in, *out;
} jars[] = {
    { "a=1; b=2", "a=1|b=2" },
    { "a=1;b=2", "a=1|b=2" },
    { " a=1 ", "a=1" },
    { "a=\"x\"; b=2", "a=x|b=2" },
    { "a=", "a=" },
    { "a; b=2", "b=2" },
    { "=1; b=2", "b=2" },
    { "a b=1; c=2", "c=2" },
    { "a=x y; c=2", "c=2" },
    { "a=\x01; c=2", "c=2" },
    { "a=\xff; c=2", "c=2" },
    { ";;;a=1;;", "a=1" },
    { "a=b=c", "a=b=c" },
    { "a=1; a=2", "a=1|a=2" },
    { "", "" },
};

START_TEST(cookies)
{
    struct req_param *v;
    struct buf b;
    size_t n = req_cookies_parse(a, jars[_i].in, &v);
    buf_init(&b, a, 1000);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s%s=%s", i ? "|" : "", v[i].name, v[i].value);
    ck_assert_str_eq(b.p, jars[_i].out);
}
END_TEST

START_TEST(cookies_have_a_size)
{
    struct req_param *v;
    char *big = arena_alloc(a, 9001);
    memset(big, 'a', 9000);
    big[1] = '=';
    ck_assert_uint_eq(req_cookies_parse(a, big, &v), 0);
    ck_assert_uint_eq(req_cookies_parse(a, NULL, &v), 0);
}
END_TEST

/* ---- languages ---- */

static const struct {
    const char *header, *tag;
} languages[] = {
    { "si", "si" },
    { "si-LK,si;q=0.9,en;q=0.8", "si" },
    { "en;q=0.5, si;q=0.9", "si" },
    { "de, fr", NULL },
    { "de, en;q=0.1", "en" },
    { "SI", "si" },
    { "en;q=0", NULL },
    { "si;q=abc, en;q=0.1", "en" },
    { "six, en", "en" },
    { "", NULL },
    { "*", NULL },
};

START_TEST(accept_language)
{
    static const struct locale en = { .tag = "en" }, si = { .tag = "si" };
    static const struct locale *const offered[] = { &en, &si };
    const struct locale *l = req_language(languages[_i].header, offered, 2);
    ck_assert_pstr_eq(l ? l->tag : NULL, languages[_i].tag);
}
END_TEST

/* ---- limits ---- */

static const struct {
    const char *text;
    unsigned count, period;
} limits[] = {
    { "cart:60/min", 60, 60 }, { "a.b-c_1:1/sec", 1, 1 }, { "x:5/hour", 5, 3600 },
    { "x:0/min", 0, 0 },       { "x:5/day", 0, 0 },       { ":5/min", 0, 0 },
    { "x5/min", 0, 0 },        { "x:5", 0, 0 },           { "X:5/min", 0, 0 },
    { "x:-5/min", 0, 0 },      { "x:9999999/min", 0, 0 }, { "", 0, 0 },
};

START_TEST(limit_texts)
{
    struct rate_spec s = { .count = 0 };
    enum rc rc = rate_parse(limits[_i].text, &s);
    ck_assert_int_eq(rc, limits[_i].count ? RC_OK : RC_INVALID);
    ck_assert_uint_eq(s.count, limits[_i].count);
    ck_assert_uint_eq(s.period_s, limits[_i].period);
}
END_TEST

/* ---- hosts of e-mail addresses ---- */

static const struct {
    const char *in, *out;
} domains[] = {
    { "Example.COM", "example.com" },
    { "b\xc3\xbc"
      "cher.example",
      "xn--bcher-kva.example" },
    { "example.com.", "example.com" },
    { "", NULL },
    { "-a.example", NULL },
    { "a-.example", NULL },
    { "a..example", NULL },
    { "a_b.example", NULL },
    { "a b.example", NULL },
};

START_TEST(idna)
{
    char *out = NULL;
    enum rc rc = idna_to_ascii(a, domains[_i].in, &out);
    ck_assert_int_eq(rc, domains[_i].out ? RC_OK : RC_INVALID);
    ck_assert_pstr_eq(out, domains[_i].out);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("wire");
    TCase *tc = tcase_create("wire");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, pairs, 0, (int)COUNT_OF(forms));
    tcase_add_test(tc, pairs_have_a_number);
    tcase_add_loop_test(tc, cookies, 0, (int)COUNT_OF(jars));
    tcase_add_test(tc, cookies_have_a_size);
    tcase_add_loop_test(tc, accept_language, 0, (int)COUNT_OF(languages));
    tcase_add_loop_test(tc, limit_texts, 0, (int)COUNT_OF(limits));
    tcase_add_loop_test(tc, idna, 0, (int)COUNT_OF(domains));
    suite_add_tcase(s, tc);
    SRunner *sr = srunner_create(s);
    srunner_set_tap(sr, "-");
    srunner_run_all(sr, CK_SILENT);
    int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? 1 : 0;
}
