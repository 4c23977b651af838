/* buf.c: tests of base/buf.h. What could break: the maximum, stickiness, the final NUL, escapes. */
#include "base/buf.h"

#include <string.h>

#include "suites.h"

START_TEST(grows_and_stays_terminated)
{
    struct arena *a = arena_new_sized(0);
    struct buf b;
    buf_init(&b, a, 100000);
    ck_assert_str_eq(b.p, "");
    for (int i = 0; i < 10000; i++) {
        buf_char(&b, (char)('a' + i % 26));
        HOLDS(b.p[b.n] == 0, "%d", i);
    }
    ck_assert_uint_eq(b.n, 10000);
    for (int i = 0; i < 10000; i++)
        HOLDS(b.p[i] == 'a' + i % 26, "%d", i);
    ck_assert_int_eq(buf_rc(&b), RC_OK);
    arena_free(a);
}
END_TEST

START_TEST(maximum_is_exact)
{
    struct arena *a = arena_new_sized(0);
    for (size_t max = 1; max < 700; max += 13) {
        struct buf b;
        buf_init(&b, a, max);
        for (size_t i = 0; i < max; i++)
            buf_char(&b, 'x');
        ck_assert_int_eq(buf_rc(&b), RC_OK);
        ck_assert_uint_eq(b.n, max);
        buf_char(&b, 'x');
        ck_assert_int_eq(buf_rc(&b), RC_LIMIT);
        ck_assert_uint_eq(b.n, max);
    }
    arena_free(a);
}
END_TEST

START_TEST(failure_is_sticky_until_cleared)
{
    struct arena *a = arena_new_sized(0);
    struct buf b;
    buf_init(&b, a, 10);
    buf_str(&b, "12345");
    buf_str(&b, "too long for it");
    buf_str(&b, "6"); /* would fit */
    buf_printf(&b, "%d", 7);
    buf_int(&b, 8);
    ck_assert_ptr_null(buf_reserve(&b, 0));
    ck_assert_str_eq(b.p, "12345");
    ck_assert_int_eq(buf_rc(&b), RC_LIMIT);
    buf_clear(&b);
    buf_str(&b, "ok");
    ck_assert_str_eq(b.p, "ok");
    ck_assert_int_eq(buf_rc(&b), RC_OK);
    arena_free(a);
}
END_TEST

START_TEST(printf_is_whole_or_nothing)
{
    struct arena *a = arena_new_sized(0);
    for (size_t max = 1; max < 600; max += 7) {
        struct buf b;
        buf_init(&b, a, max);
        for (int i = 0; i < 100; i++)
            buf_printf(&b, "<%03d>", i);
        ck_assert_uint_eq(b.n % 5, 0);
        ck_assert_uint_eq(strlen(b.p), b.n);
        ck_assert_uint_eq(b.n, max / 5 * 5 < 500 ? max / 5 * 5 : 500);
        ck_assert_int_eq(buf_rc(&b), max < 500 ? RC_LIMIT : RC_OK);
    }
    arena_free(a);
}
END_TEST

START_TEST(ints)
{
    struct arena *a = arena_new_sized(0);
    struct buf b;
    buf_init(&b, a, 200);
    const int64_t v[] = { 0, -1, 10, INT64_MAX, INT64_MIN };
    for (size_t i = 0; i < COUNT_OF(v); i++) {
        buf_int(&b, v[i]);
        buf_char(&b, ' ');
    }
    ck_assert_str_eq(b.p, "0 -1 10 9223372036854775807 -9223372036854775808 ");
    arena_free(a);
}
END_TEST

START_TEST(escapes)
{
    struct arena *a = arena_new_sized(0);
    struct buf b;
    buf_init(&b, a, 1000);
    buf_html(&b, "<a href=\"x\" title='y'>R&D</a>");
    ck_assert_str_eq(b.p, "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;R&amp;D&lt;/a&gt;");
    buf_clear(&b);
    buf_url(&b, "a b/ක?~-._%+");
    ck_assert_str_eq(b.p, "a%20b%2F%E0%B6%9A%3F~-._%25%2B");
    buf_clear(&b);
    buf_html(&b, "");
    buf_url(&b, "");
    ck_assert_uint_eq(b.n, 0);
    arena_free(a);
}
END_TEST

START_TEST(reserve_and_wrote)
{
    struct arena *a = arena_new_sized(0);
    struct buf b;
    buf_init(&b, a, 5000);
    buf_str(&b, "head ");
    char *p = buf_reserve(&b, 4000);
    ck_assert_ptr_nonnull(p);
    memset(p, 'z', 4000);
    buf_wrote(&b, 4000);
    ck_assert_uint_eq(strlen(b.p), 4005);
    ck_assert_mem_eq(b.p, "head zz", 7);
    ck_assert_ptr_null(buf_reserve(&b, 1000));
    arena_free(a);
}
END_TEST

START_TEST(bytes_with_nul)
{
    struct arena *a = arena_new_sized(0);
    struct buf b;
    buf_init(&b, a, 10);
    buf_put(&b, "a\0b", 3);
    buf_put(&b, NULL, 0);
    ck_assert_uint_eq(b.n, 3);
    ck_assert_mem_eq(b.p, "a\0b", 4);
    arena_free(a);
}
END_TEST

Suite *suite_buf(void)
{
    return SUITE_OF("buf", grows_and_stays_terminated, maximum_is_exact,
                    failure_is_sticky_until_cleared, printf_is_whole_or_nothing, ints, escapes,
                    reserve_and_wrote, bytes_with_nul);
}
