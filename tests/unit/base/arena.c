/* arena.c: tests of base/arena.h. What could break: alignment, zeroing of reused memory, marks,
 * deferred calls and their order, the limit. */
#include "base/arena.h"

#include <stdint.h>
#include <string.h>

#include "suites.h"

static struct {
    int order[16], n;
} calls;

/* Tests may share a process. */
static void forget(void)
{
    calls.n = 0;
}

static void note(void *ptr)
{
    calls.order[calls.n++] = *(const int *)ptr;
}

START_TEST(memory_is_zeroed_and_aligned)
{
    struct arena *a = arena_new_sized(0);
    for (int round = 0; round < 3; round++) {
        for (size_t n = 0; n < 300; n++) {
            unsigned char *p = arena_alloc(a, n);
            HOLDS((uintptr_t)p % 16 == 0, "%zu", n);
            for (size_t i = 0; i < n; i++)
                HOLDS(p[i] == 0, "%zu of %zu", i, n);
            memset(p, 0xff, n);
        }
        arena_reset(a);
    }
    arena_free(a);
}
END_TEST

START_TEST(zero_bytes_are_unique_objects)
{
    struct arena *a = arena_new_sized(0);
    const void *p = arena_alloc(a, 0), *q = arena_alloc(a, 0);
    ck_assert_ptr_nonnull(p);
    ck_assert_ptr_ne(p, q);
    arena_free(a);
}
END_TEST

START_TEST(objects_do_not_overlap)
{
    struct arena *a = arena_new_sized(0);
    unsigned char *p[2000];
    uint64_t seed = 1;
    size_t n[2000];
    for (int i = 0; i < 2000; i++) {
        n[i] = next_random(&seed) % (i % 100 == 0 ? 40000 : 200);
        p[i] = arena_alloc(a, n[i]);
        memset(p[i], i & 0xff, n[i]);
    }
    for (int i = 0; i < 2000; i++) {
        for (size_t k = 0; k < n[i]; k++)
            HOLDS(p[i][k] == (i & 0xff), "%d %zu", i, k);
    }
    arena_free(a);
}
END_TEST

START_TEST(defers_run_newest_first)
{
    static int id[] = { 1, 2, 3 };
    struct arena *a = arena_new_sized(0);
    forget();
    for (int i = 0; i < 3; i++)
        arena_defer(a, note, &id[i]);
    arena_reset(a);
    ck_assert_int_eq(calls.n, 3);
    ck_assert_int_eq(calls.order[0], 3);
    ck_assert_int_eq(calls.order[2], 1);
    arena_free(a);
    ck_assert_int_eq(calls.n, 3); /* once only */
}
END_TEST

START_TEST(rewind_runs_only_newer_defers)
{
    static int id[] = { 1, 2, 3 };
    struct arena *a = arena_new_sized(0);
    forget();
    arena_defer(a, note, &id[0]);
    struct arena_mark_at outer = arena_mark(a);
    arena_defer(a, note, &id[1]);
    struct arena_mark_at inner = arena_mark(a);
    arena_defer(a, note, &id[2]);
    arena_alloc(a, 100000); /* another block */
    arena_rewind(a, inner);
    ck_assert_int_eq(calls.n, 1);
    ck_assert_int_eq(calls.order[0], 3);
    arena_rewind(a, outer);
    ck_assert_int_eq(calls.n, 2);
    ck_assert_int_eq(calls.order[1], 2);
    arena_free(a);
    ck_assert_int_eq(calls.n, 3);
}
END_TEST

START_TEST(rewind_keeps_what_is_older)
{
    struct arena *a = arena_new_sized(0);
    char *kept = arena_strdup(a, "kept");
    size_t used = arena_used(a), objects = arena_objects(a);
    struct arena_mark_at m = arena_mark(a);
    for (int run = 0; run < 3; run++) {
        for (int i = 0; i < 100; i++)
            memset(arena_alloc(a, 3000), 'x', 3000);
        arena_rewind(a, m);
        ck_assert_uint_eq(arena_used(a), used);
        ck_assert_uint_eq(arena_objects(a), objects);
        ck_assert_str_eq(kept, "kept");
    }
    arena_free(a);
}
END_TEST

static void defer_again(void *ptr)
{
    static int id = 7;
    arena_defer(ptr, note, &id);
}

START_TEST(a_deferred_call_may_defer)
{
    struct arena *a = arena_new_sized(0);
    forget();
    arena_defer(a, defer_again, a);
    arena_reset(a);
    ck_assert_int_eq(calls.n, 1);
    ck_assert_int_eq(calls.order[0], 7);
    arena_free(a);
}
END_TEST

START_TEST(counts_start_again_at_reset)
{
    struct arena *a = arena_new_sized(0);
    arena_alloc(a, 1);
    arena_alloc(a, 100000);
    ck_assert_uint_eq(arena_objects(a), 2);
    ck_assert_uint_ge(arena_used(a), 100001);
    arena_reset(a);
    ck_assert_uint_eq(arena_objects(a), 0);
    ck_assert_uint_eq(arena_used(a), 0);
    arena_free(a);
}
END_TEST

START_TEST(grow_keeps_the_bytes)
{
    struct arena *a = arena_new_sized(0);
    for (int other = 0; other < 2; other++) {
        char *p = arena_alloc(a, 10);
        memcpy(p, "0123456789", 10);
        for (size_t n = 10; n < 200000; n = n * 3 / 2) {
            if (other)
                arena_alloc(a, 1); /* p is not the newest object any more */
            p = arena_grow(a, p, n, n * 3 / 2);
            ck_assert_mem_eq(p, "0123456789", 10);
            memset(p + n, 'x', n * 3 / 2 - n);
        }
    }
    arena_free(a);
}
END_TEST

START_TEST(copies)
{
    struct arena *a = arena_new_sized(0);
    char text[600];
    memset(text, 'y', 599);
    text[599] = '\0';
    ck_assert_ptr_null(arena_strdup(a, NULL));
    ck_assert_ptr_null(arena_memdup(a, NULL, 5));
    ck_assert_str_eq(arena_strndup(a, "abcdef", 3), "abc");
    ck_assert_str_eq(arena_strndup(a, "ab", 30), "ab");
    ck_assert_str_eq(arena_printf(a, "%s!", text), arena_printf(a, "%s%c", text, '!'));
    ck_assert_uint_eq(strlen(arena_printf(a, "%s", text)), 599); /* longer than the fast path */
    ck_assert_str_eq(arena_printf(a, "%d-%s", 5, ""), "5-");
    arena_free(a);
    arena_free(NULL);
}
END_TEST

START_TEST(limit_is_exact)
{
    struct arena *a = arena_new_sized(100000);
    for (int i = 0; i < 6250; i++)
        arena_alloc(a, 16);
    ck_assert_uint_eq(arena_used(a), 100000);
    arena_free(a);
}
END_TEST

/* These end the process with 70. */
START_TEST(past_the_limit)
{
    struct arena *a = arena_new_sized(100000);
    for (int i = 0; i < 6251; i++)
        arena_alloc(a, 16);
}
END_TEST

START_TEST(huge_object)
{
    arena_alloc(arena_new_sized(0), SIZE_MAX);
}
END_TEST

START_TEST(overflowing_array)
{
    arena_calloc(arena_new_sized(0), SIZE_MAX / 4, 8);
}
END_TEST

Suite *suite_arena(void)
{
    Suite *s =
        SUITE_OF("arena", memory_is_zeroed_and_aligned, zero_bytes_are_unique_objects,
                 objects_do_not_overlap, defers_run_newest_first, rewind_runs_only_newer_defers,
                 rewind_keeps_what_is_older, a_deferred_call_may_defer, counts_start_again_at_reset,
                 grow_keeps_the_bytes, copies, limit_is_exact);
    if (!is_forking())
        return s;
    TCase *ends = tcase_create("arena ends");
    tcase_add_exit_test(ends, past_the_limit, 70);
    tcase_add_exit_test(ends, huge_object, 70);
    tcase_add_exit_test(ends, overflowing_array, 70);
    suite_add_tcase(s, ends);
    return s;
}
