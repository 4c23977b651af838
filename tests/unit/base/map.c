/* map.c: tests of base/map.h. What could break: replacing, order, copies of keys, removal. */
#include "base/map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suites.h"

static int freed;

static void count_free(void *value)
{
    freed++;
    free(value);
}

static bool collect(const char *key, void *value, void *arg)
{
    (void)value;
    char *seen = arg;
    size_t n = strlen(seen);
    snprintf(seen + n, 16 - n, "%s", key);
    return n + 1 < 4;
}

START_TEST(put_get_replace)
{
    struct map *m = map_new();
    int one = 1, two = 2;
    char key[] = "name";
    ck_assert_ptr_null(map_put(m, key, &one));
    key[0] = 'x'; /* the map has its own copy */
    ck_assert_ptr_eq(map_get(m, "name"), &one);
    ck_assert_ptr_null(map_get(m, "xame"));
    ck_assert_ptr_null(map_get(m, ""));
    ck_assert_ptr_eq(map_put(m, "name", &two), &one);
    ck_assert_ptr_eq(map_get(m, "name"), &two);
    ck_assert_uint_eq(map_count(m), 1);
    map_free(m, NULL);
}
END_TEST

START_TEST(remove_and_free)
{
    struct map *m = map_new();
    for (int i = 0; i < 1000; i++) {
        char key[16];
        int *v = malloc(sizeof(*v));
        *v = i;
        snprintf(key, sizeof(key), "k%d", i);
        map_put(m, key, v);
    }
    int *v = map_remove(m, "k500");
    ck_assert_int_eq(*v, 500);
    free(v);
    ck_assert_ptr_null(map_remove(m, "k500"));
    ck_assert_ptr_null(map_get(m, "k500"));
    ck_assert_int_eq(*(int *)map_get(m, "k999"), 999);
    ck_assert_uint_eq(map_count(m), 999);
    map_free(m, count_free);
    ck_assert_int_eq(freed, 999);
    map_free(NULL, NULL);
}
END_TEST

START_TEST(each_in_order_until_false)
{
    struct map *m = map_new();
    char seen[16] = "";
    int v = 0;
    static const char *const keys[] = { "z", "a", "m", "b", "y" };
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        map_put(m, keys[i], &v);
    map_put(m, "a", &v); /* replacing keeps its place */
    map_each(m, collect, seen);
    ck_assert_str_eq(seen, "zamb");
    map_free(m, NULL);
}
END_TEST

Suite *suite_map(void)
{
    return SUITE_OF("map", put_get_replace, remove_and_free, each_in_order_until_false);
}
