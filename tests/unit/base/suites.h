/* suites.h: the suites of this program, one a file, and what they share. */
#ifndef TESTS_UNIT_BASE_SUITES_H
#define TESTS_UNIT_BASE_SUITES_H

#include <check.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_arena(void);
Suite *suite_buf(void);
Suite *suite_id(void);
Suite *suite_log(void);
Suite *suite_map(void);
Suite *suite_money(void);
Suite *suite_str(void);
Suite *suite_time(void);
Suite *suite_utf8(void);

/* One case with every test of a file: SUITE("str", int_whole, int_range). */
#define SUITE_OF(name, ...)                                                                        \
    suite_of(name, (const TTest *const[]){ __VA_ARGS__ },                                          \
             sizeof((const TTest *const[]){ __VA_ARGS__ }) / sizeof(const TTest *))

static inline Suite *suite_of(const char *name, const TTest *const *tests, size_t n)
{
    Suite *s = suite_create(name);
    TCase *tc = tcase_create(name);
    tcase_set_timeout(tc, 60);
    for (size_t i = 0; i < n; i++)
        tcase_add_test(tc, tests[i]);
    suite_add_tcase(s, tc);
    return s;
}

/* CK_FORK=no (debuggers, valgrind) runs tests in this process: then none may end it. */
static inline bool is_forking(void)
{
    const char *fork = getenv("CK_FORK");
    return !fork || strcmp(fork, "no") != 0;
}

/* For loops of many thousands: ck_assert sends a message for every call. */
#define HOLDS(e, ...)                                                                              \
    do {                                                                                           \
        if (!(e))                                                                                  \
            ck_abort_msg(__VA_ARGS__);                                                             \
    } while (0)

/* Numbers for property tests: the same in every run (splitmix64). */
static inline uint64_t next_random(uint64_t *seed)
{
    uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

#endif
