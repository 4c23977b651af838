/* cache.c: memcached as a helper that may fail, against a real one that is stopped, started, frozen
 * and filled beyond its memory. What architecture.md 8 marks as tried about the client library is
 * tested on the library itself. */
#include <libmemcached-1.0/memcached.h>

#include "kit.h"
#include "platform/cache.h"
#include "platform/fault.h"

/* A busy machine must not look like a dead server; only the frozen one is given up quickly. */
enum { PATIENT_MS = 10000, SHORT_MS = 100 };

static struct arena *a;
static const char *path;
static pid_t server;
static struct cache *c;

static struct cache *connect_to(const char *socket, int timeout_ms)
{
    return cache_new(arena_printf(a, "unix:%s", socket), timeout_ms);
}

static void setup(void)
{
    a = arena_new_sized(0);
    path = kit_path(a, "m.sock");
    server = kit_memcached(path, "64");
    c = connect_to(path, PATIENT_MS);
}

static void teardown(void)
{
    cache_free(c);
    kit_stop(server);
    arena_free(a);
    kit_rmtree();
}

static bool has(const char *key, const char *want)
{
    struct cache_value v;
    return cache_get(c, a, key, &v) && v.n == strlen(want) && memcmp(v.p, want, v.n) == 0;
}

START_TEST(set_get_delete)
{
    struct cache_value v;
    ck_assert(cache_is_up(c) && cache_is_configured(c));
    ck_assert(!cache_get(c, a, "k", &v) && !v.hit);
    ck_assert(cache_set(c, "k", "a\0b", 3, 60));
    ck_assert(cache_get(c, a, "k", &v) && v.n == 3 && memcmp(v.p, "a\0b", 4) == 0);
    ck_assert(cache_set(c, "empty", "", 0, 60));
    ck_assert(cache_get(c, a, "empty", &v) && v.n == 0 && v.p != NULL);
    ck_assert(cache_delete(c, "k"));
    ck_assert(cache_delete(c, "k")); /* gone is gone */
    ck_assert(!cache_get(c, a, "k", &v));
    const struct cache_counters n = cache_counters(c);
    ck_assert_uint_eq(n.hits, 2);
    ck_assert_uint_eq(n.misses, 2);
    ck_assert_uint_eq(n.trips, 8);
    ck_assert_uint_eq(n.failures, 0);
    cache_counters_reset(c);
    ck_assert_uint_eq(cache_counters(c).trips, 0);
}
END_TEST

START_TEST(mget_is_one_trip)
{
    const char *keys[100];
    struct cache_value v[100];
    for (int i = 0; i < 100; i++) {
        keys[i] = arena_printf(a, "k%d", i);
        if (i % 3 != 0)
            ck_assert(cache_set(c, keys[i], keys[i], strlen(keys[i]), 0));
    }
    cache_counters_reset(c);
    cache_mget(c, a, keys, 60, v);
    ck_assert_uint_eq(cache_counters(c).trips, 1);
    for (int i = 0; i < 60; i++) {
        ck_assert_int_eq(v[i].hit, i % 3 != 0);
        if (v[i].hit)
            ck_assert_str_eq(v[i].p, keys[i]);
    }
    cache_mget(c, a, keys, 100, v); /* more than fit in one request */
    ck_assert(v[98].hit && !v[99].hit);
    const char *twice[] = { "k1", "k1", "k0" };
    cache_mget(c, a, twice, 3, v);
    ck_assert(v[0].hit && v[1].hit && !v[2].hit);
    cache_mget(c, a, twice, 0, v);
    ck_assert_uint_eq(cache_counters(c).trips, 4);
}
END_TEST

START_TEST(only_one_add_wins)
{
    struct cache *other = connect_to(path, PATIENT_MS);
    ck_assert(cache_add(c, "lock", "a", 1, 10));
    ck_assert(!cache_add(other, "lock", "b", 1, 10));
    ck_assert(!cache_add(c, "lock", "a", 1, 10));
    ck_assert(has("lock", "a"));
    ck_assert(cache_is_up(other)); /* losing is an answer, not a failure */
    ck_assert_uint_eq(cache_counters(other).failures, 0);
    ck_assert(cache_delete(c, "lock"));
    ck_assert(cache_add(other, "lock", "b", 1, 10));
    cache_free(other);
}
END_TEST

/* The code for losing differs by protocol, so cache.c trusts SUCCESS alone. */
START_TEST(library_says_data_exists_in_binary_and_not_stored_in_text)
{
    for (uint64_t binary = 0; binary < 2; binary++) {
        memcached_st *mc = memcached_create(NULL);
        memcached_behavior_set(mc, MEMCACHED_BEHAVIOR_BINARY_PROTOCOL, binary);
        memcached_server_add_unix_socket(mc, path);
        memcached_add(mc, "l", 1, "x", 1, 0, 0);
        ck_assert_int_eq(memcached_add(mc, "l", 1, "x", 1, 0, 0),
                         binary ? MEMCACHED_DATA_EXISTS : MEMCACHED_NOTSTORED);
        uint64_t value = 5;
        ck_assert_int_eq(memcached_increment(mc, "none", 4, 1, &value), MEMCACHED_NOTFOUND);
        ck_assert_uint_eq(value, UINT64_MAX);
        memcached_free(mc);
    }
}
END_TEST

START_TEST(counters)
{
    bool away = true;
    uint64_t v = 0;
    ck_assert(!cache_incr(c, "g", &away) && !away);
    ck_assert(cache_set(c, "g", "1700000000000000", 16, 0));
    ck_assert(cache_incr(c, "g", &away) && !away);
    ck_assert(has("g", "1700000000000001"));

    ck_assert(cache_count(c, "n", 5, 1, 60, &v) && v == 1);
    ck_assert(cache_count(c, "n", 5, 1, 60, &v) && v == 6);
    ck_assert(has("n", "6"));
    ck_assert(cache_set(c, "text", "abc", 3, 0));
    v = 42;
    ck_assert(!cache_count(c, "text", 1, 1, 60, &v) && v == 42);
    ck_assert(has("text", "abc"));
}
END_TEST

START_TEST(keys_and_values_out_of_bounds)
{
    char key[252];
    memset(key, 'k', sizeof key);
    key[250] = '\0';
    ck_assert(cache_set(c, key, "x", 1, 0));
    ck_assert(has(key, "x"));
    key[250] = 'k';
    key[251] = '\0';
    ck_assert(!cache_set(c, key, "x", 1, 0));
    ck_assert(!cache_set(c, "", "x", 1, 0));
    ck_assert(!cache_set(c, "a b", "x", 1, 0));
    ck_assert(!cache_set(c, "a\r\nset b 0 0 1", "x", 1, 0));
    ck_assert(!cache_set(c, "සිංහල", "x", 1, 0));
    const char *mixed[] = { "a b", key, "good" };
    struct cache_value v[3];
    ck_assert(cache_set(c, "good", "x", 1, 0));
    cache_mget(c, a, mixed, 3, v);
    ck_assert(!v[0].hit && !v[1].hit && v[2].hit);

    char *big = arena_alloc(a, 2 << 20);
    memset(big, 'b', 2 << 20);
    ck_assert(!cache_set(c, "big", big, 2 << 20, 0));
    ck_assert(!cache_set(c, "big", big, (1 << 20) - 1023, 0));
    ck_assert(cache_set(c, "big", big, (1 << 20) - 1024, 0));
    ck_assert(cache_get(c, a, "big", &v[0]) && v[0].n == (1 << 20) - 1024);
    ck_assert(cache_is_up(c));
    ck_assert_uint_eq(cache_counters(c).failures, 0);
}
END_TEST

START_TEST(evicted_keys_miss)
{
    kit_stop(server);
    server = kit_memcached(path, "2");
    cache_free(c);
    c = connect_to(path, PATIENT_MS);
    char *big = arena_alloc(a, 100000);
    struct cache_value v;
    unsigned hits = 0;
    for (int i = 0; i < 200; i++)
        cache_set(c, arena_printf(a, "e%d", i), big, 100000, 0);
    for (int i = 0; i < 200; i++)
        hits += cache_get(c, a, arena_printf(a, "e%d", i), &v);
    ck_assert_uint_lt(hits, 200);
    ck_assert_uint_eq(cache_counters(c).failures, 0);
}
END_TEST

START_TEST(restarted_between_two_calls)
{
    ck_assert(cache_set(c, "k", "v", 1, 0));
    kit_stop(server);
    server = kit_memcached(path, "64");
    struct cache_value v;
    ck_assert(!cache_get(c, a, "k", &v)); /* one reconnect, a miss, and no circuit */
    ck_assert(cache_is_up(c));
    ck_assert(cache_set(c, "k", "v", 1, 0));
    kit_stop(server);
    server = kit_memcached(path, "64");
    ck_assert(cache_set(c, "k", "w", 1, 0));
    ck_assert(has("k", "w"));
    ck_assert_uint_eq(cache_counters(c).failures, 0);
}
END_TEST

START_TEST(stopped_opens_the_circuit)
{
    ck_assert(cache_set(c, "k", "v", 1, 0));
    kit_stop(server);
    struct cache_value v;
    bool away;
    uint64_t n;
    ck_assert(!cache_get(c, a, "k", &v));
    ck_assert(!cache_is_up(c) && cache_is_configured(c));
    const unsigned trips = cache_counters(c).trips;
    const int64_t t0 = kit_ms();
    for (int i = 0; i < 1000; i++) {
        ck_assert(!cache_get(c, a, "k", &v));
        ck_assert(!cache_set(c, "k", "v", 1, 0));
        ck_assert(!cache_incr(c, "k", &away) && away);
        ck_assert(!cache_count(c, "k", 1, 1, 1, &n));
    }
    ck_assert_int_lt(kit_ms() - t0, 3000);
    ck_assert_uint_eq(cache_counters(c).trips, trips); /* nobody was asked */

    server = kit_memcached(path, "64");
    const int64_t end = kit_ms() + 20000;
    const struct timespec tick = { .tv_nsec = 20000000 };
    while (!cache_set(c, "k", "v", 1, 0)) {
        ck_assert_int_lt(kit_ms(), end); /* 5 s */
        nanosleep(&tick, NULL);
    }
    ck_assert(has("k", "v"));
}
END_TEST

/* The worst of all: it accepts and says nothing. Every kind of call must come back by its timeout,
 * and what it says when it wakes must not be taken for the answer to something else. */
START_TEST(frozen_server_costs_one_timeout)
{
    ck_assert(cache_set(c, "a", "aaa", 3, 0));
    ck_assert(cache_set(c, "b", "bbb", 3, 0));
    cache_free(c);
    c = connect_to(path, SHORT_MS);
    struct cache_value v;
    while (!cache_get(c, a, "a", &v)) /* connected */
        ck_assert(!cache_is_up(c));
    kit_freeze(server);
    int64_t t0 = kit_ms();
    ck_assert(!cache_get(c, a, "a", &v));
    ck_assert_int_lt(kit_ms() - t0, 2000);
    ck_assert(!cache_is_up(c));

    struct cache *fresh = connect_to(path, SHORT_MS); /* connects to the backlog */
    t0 = kit_ms();
    ck_assert(!cache_set(fresh, "a", "x", 1, 0));
    ck_assert_int_lt(kit_ms() - t0, 2000);
    cache_free(fresh);
    char *big = arena_alloc(a, 1000000);
    fresh = connect_to(path, SHORT_MS); /* fills the socket's buffer */
    t0 = kit_ms();
    ck_assert(!cache_set(fresh, "big", big, 1000000, 0));
    ck_assert_int_lt(kit_ms() - t0, 2000);
    t0 = kit_ms();
    cache_free(fresh);
    ck_assert_int_lt(kit_ms() - t0, 2000);

    kill(server, SIGCONT);
    const int64_t end = kit_ms() + 20000;
    const struct timespec tick = { .tv_nsec = 20000000 };
    while (!cache_get(c, a, "b", &v)) {
        ck_assert_int_lt(kit_ms(), end);
        nanosleep(&tick, NULL);
    }
    ck_assert_str_eq(v.p, "bbb"); /* not the late answer for a */
    ck_assert(has("a", "aaa") || has("a", "x"));
}
END_TEST

START_TEST(nobody_there)
{
    struct cache_value v;
    static const char *const none[] = { "unix:/nonexistent/m.sock", "127.0.0.1:1",
                                        "no-such-host.invalid:11211" };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        struct cache *n = cache_new(none[i], 100);
        ck_assert(!cache_get(n, a, "k", &v) && !v.hit);
        ck_assert(!cache_set(n, "k", "v", 1, 0));
        ck_assert(!cache_is_up(n));
        cache_free(n);
    }
    struct cache *off = cache_new("", 100);
    bool away;
    ck_assert(!cache_is_configured(off) && !cache_is_up(off));
    ck_assert(!cache_get(off, a, "k", &v));
    ck_assert(!cache_add(off, "k", "v", 1, 0));
    ck_assert(!cache_incr(off, "k", &away) && away);
    cache_free(off);
    cache_free(NULL);
}
END_TEST

/* Keys keep their server when another one dies: no old value turns up somewhere else. */
START_TEST(three_servers)
{
    const char *name[3] = { path, kit_path(a, "n.sock"), kit_path(a, "o.sock") };
    pid_t pid[3] = { server, kit_memcached(name[1], "8"), kit_memcached(name[2], "8") };
    const char *all = arena_printf(a, "unix:%s, unix:%s,unix:%s", name[0], name[1], name[2]);
    cache_free(c);
    c = cache_new(all, PATIENT_MS);
    const char *keys[60];
    struct cache_value v[60];
    for (int i = 0; i < 60; i++) {
        keys[i] = arena_printf(a, "key-%d", i);
        ck_assert(cache_set(c, keys[i], keys[i], strlen(keys[i]), 0));
    }
    cache_counters_reset(c);
    cache_mget(c, a, keys, 60, v);
    ck_assert_uint_eq(cache_counters(c).trips, 1);
    ck_assert_uint_eq(cache_counters(c).hits, 60);

    unsigned at[3] = { 0 };
    for (int s = 0; s < 3; s++) {
        struct cache *one = connect_to(name[s], PATIENT_MS);
        for (int i = 0; i < 60; i++)
            at[s] += cache_get(one, a, keys[i], &v[i]);
        cache_free(one);
        ck_assert_uint_gt(at[s], 5); /* spread */
    }
    kit_stop(pid[2]);
    cache_counters_reset(c);
    for (int round = 0; round < 2; round++)
        cache_mget(c, a, keys, 60, v);
    ck_assert_uint_eq(cache_counters(c).hits, 2 * (60 - at[2]));
    ck_assert(cache_is_up(c));
    unsigned stored = 0;
    for (int i = 0; i < 60; i++)
        stored += cache_set(c, keys[i], "new", 3, 0);
    ck_assert_uint_eq(stored, 60 - at[2]);
    kit_stop(pid[1]);
}
END_TEST

#ifdef KADE_FAULT
START_TEST(every_call_may_fail)
{
    struct cache_value v;
    bool away;
    uint64_t n;
    for (unsigned at = 1; at <= 6; at++) {
        struct cache *f = connect_to(path, PATIENT_MS);
        fault_arm(1u << FAULT_CACHE, at);
        (void)cache_get(f, a, "k", &v);
        (void)cache_set(f, "k", "v", 1, 0);
        (void)cache_add(f, "k2", "v", 1, 0);
        (void)cache_count(f, "k3", 1, 1, 0, &n);
        (void)cache_incr(f, "k3", &away);
        (void)cache_delete(f, "k2");
        ck_assert(!cache_is_up(f)); /* the failure opened the circuit */
        fault_arm(0, 0);
        cache_free(f);
    }
}
END_TEST
#endif

int main(void)
{
    Suite *s = suite_create("cache");
    TCase *t = tcase_create("cache");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, set_get_delete);
    tcase_add_test(t, mget_is_one_trip);
    tcase_add_test(t, only_one_add_wins);
    tcase_add_test(t, library_says_data_exists_in_binary_and_not_stored_in_text);
    tcase_add_test(t, counters);
    tcase_add_test(t, keys_and_values_out_of_bounds);
    tcase_add_test(t, evicted_keys_miss);
    tcase_add_test(t, restarted_between_two_calls);
    tcase_add_test(t, stopped_opens_the_circuit);
    tcase_add_test(t, frozen_server_costs_one_timeout);
    tcase_add_test(t, nobody_there);
    tcase_add_test(t, three_servers);
#ifdef KADE_FAULT
    tcase_add_test(t, every_call_may_fail);
#endif
    suite_add_tcase(s, t);
    return kit_run(s);
}
