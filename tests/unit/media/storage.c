/* storage.c: tests of platform/storage.h with both back ends. What could break: half a file under a
 * final name, a key that leaves its folder, a signature the store refuses, a store that hangs. */
#include "platform/storage.h"

#include <dirent.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "kit/s3.h"
#include "platform/crypto.h"
#include "platform/fault.h"
#include "suites.h"

static struct {
    struct arena *a;
    struct conf c;
    char dir[64];
    struct s3 s3;
    int files, odd;
} t;

static const char hash[] = "ab54d286ec8ffd3bc7a3b0a1e3c3a2b1a0ffeeddccbbaa99887766554433221100"
                           "0000000000000000000000000000000000000000000000000000000000000000";

static struct uuid tenant(void)
{
    struct uuid u;
    ck_assert_int_eq(uuid_parse("a0000000-0000-7000-8000-00000000000a", &u), RC_OK);
    return u;
}

static const char *key(const char *rest)
{
    return storage_key(t.a, STORAGE_PUBLIC, tenant(), arena_strndup(t.a, hash, 64), rest);
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st;
    (void)flag;
    (void)ftw;
    return remove(path);
}

static int count_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)ftw;
    if (flag == FTW_F) {
        t.files++;
        t.odd += strstr(path, ".tmp") != NULL || st->st_size != 5;
    }
    return 0;
}

static void count_files(void)
{
    t.files = t.odd = 0;
    nftw(t.dir, count_one, 8, FTW_PHYS);
}

static void setup(void)
{
    t.a = arena_new_sized(256 * 1024 * 1024);
    snprintf(t.dir, sizeof t.dir, "/tmp/kade-storage.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(t.dir));
    t.c = (struct conf){ .state_dir = t.dir, .storage_timeout_ms = 400 };
    log_set_fd(STDERR_FILENO);
    log_set_level(LOG_ERROR_);
}

static void teardown(void)
{
    nftw(t.dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    arena_free(t.a);
}

START_TEST(keys)
{
    ck_assert_str_eq(
        key(".svg"),
        arena_printf(t.a, "media/a0000000-0000-7000-8000-00000000000a/ab/%.64s.svg", hash));
    ck_assert(str_starts(storage_key(t.a, STORAGE_PRIVATE, tenant(), hash, ""), "private/media/"));
    ck_assert(storage_key_ok(key("/400.webp")));
    static const char *const bad[] = {
        "",
        "/",
        "media/",
        "media/x",
        "/etc/passwd",
        "media/a0000000-0000-7000-8000-00000000000a",
        "media/a0000000-0000-7000-8000-00000000000a/",
        "media/a0000000-0000-7000-8000-00000000000a/../../secret.key",
        "media/a0000000-0000-7000-8000-00000000000a/ab/.hidden",
        "media/a0000000-0000-7000-8000-00000000000a//ab",
        "media/a0000000-0000-7000-8000-00000000000a/ab/a b",
        "media/a0000000-0000-7000-8000-00000000000a/ab/%2e%2e",
        "media/a0000000-0000-7000-8000-00000000000a/ab/A",
        "media/not-a-tenant-at-all-but-as-long-as-it/ab/x",
        "secret.key",
        "private/mail/a0000000-0000-7000-8000-00000000000a/x",
    };
    char *out;
    size_t n;
    bool yes;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        ck_assert_msg(!storage_key_ok(bad[i]), "%s passes", bad[i]);
        ck_assert_int_eq(storage_put(&t.c, t.a, bad[i], "a/b", "x", 1), RC_INVALID);
        ck_assert_int_eq(storage_get(&t.c, t.a, bad[i], 10, &out, &n), RC_INVALID);
        ck_assert_int_eq(storage_delete(&t.c, t.a, bad[i]), RC_INVALID);
        ck_assert_int_eq(storage_exists(&t.c, t.a, bad[i], &yes), RC_INVALID);
    }
    count_files();
    ck_assert_int_eq(t.files, 0);
}
END_TEST

START_TEST(addresses)
{
    const char *k = key(".svg");
    ck_assert_str_eq(storage_url(&t.c, t.a, k), arena_printf(t.a, "/%s", k));
    t.c.storage_public_url = "https://cdn.example/shop";
    ck_assert_str_eq(storage_url(&t.c, t.a, k),
                     arena_printf(t.a, "https://cdn.example/shop/%s", k));
    ck_assert_ptr_null(
        storage_url(&t.c, t.a, storage_key(t.a, STORAGE_PRIVATE, tenant(), hash, "")));
}
END_TEST

static void round_trip(void)
{
    const char *k = key("/400.webp");
    char *out = NULL;
    size_t n = 0;
    bool yes = true;
    ck_assert_int_eq(storage_exists(&t.c, t.a, k, &yes), RC_OK);
    ck_assert(!yes);
    ck_assert_int_eq(storage_get(&t.c, t.a, k, 100, &out, &n), RC_NOTFOUND);
    ck_assert_int_eq(storage_delete(&t.c, t.a, k), RC_OK);
    ck_assert_int_eq(storage_put(&t.c, t.a, k, "image/webp", "a\0b\xff\n", 5), RC_OK);
    ck_assert_int_eq(storage_put(&t.c, t.a, k, "image/webp", "a\0b\xff\n", 5), RC_OK);
    ck_assert_int_eq(storage_exists(&t.c, t.a, k, &yes), RC_OK);
    ck_assert(yes);
    ck_assert_int_eq(storage_get(&t.c, t.a, k, 5, &out, &n), RC_OK);
    ck_assert_uint_eq(n, 5);
    ck_assert_int_eq(memcmp(out, "a\0b\xff\n", 6), 0);
    ck_assert_int_eq(storage_get(&t.c, t.a, k, 4, &out, &n), RC_LIMIT);
    ck_assert_int_eq(storage_delete(&t.c, t.a, k), RC_OK);
    ck_assert_int_eq(storage_get(&t.c, t.a, k, 100, &out, &n), RC_NOTFOUND);
    char *big = arena_alloc(t.a, 3000000);
    memset(big, 'k', 3000000);
    ck_assert_int_eq(storage_put(&t.c, t.a, k, "image/webp", big, 3000000), RC_OK);
    ck_assert_int_eq(storage_get(&t.c, t.a, k, STORAGE_MOST, &out, &n), RC_OK);
    ck_assert_uint_eq(n, 3000000);
    ck_assert_int_eq(memcmp(out, big, n), 0);
    ck_assert_int_eq(storage_put(&t.c, t.a, k, "image/webp", big, (size_t)STORAGE_MOST + 1),
                     RC_LIMIT);
}

START_TEST(files)
{
    round_trip();
    struct stat st;
    ck_assert_int_eq(stat(arena_printf(t.a, "%s/%s", t.dir, key("/400.webp")), &st), 0);
    ck_assert_int_eq(st.st_mode & 0777, 0644);
}
END_TEST

/* A link planted under a key is not followed. */
START_TEST(links)
{
    const char *k = key(".svg");
    char *out;
    size_t n;
    bool yes = true;
    ck_assert_int_eq(storage_put(&t.c, t.a, k, "image/svg+xml", "12345", 5), RC_OK);
    char *path = arena_printf(t.a, "%s/%s", t.dir, k);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(symlink("/etc/passwd", path), 0);
    ck_assert_int_eq(storage_get(&t.c, t.a, k, 1 << 20, &out, &n), RC_UPSTREAM);
    ck_assert_int_eq(storage_exists(&t.c, t.a, k, &yes), RC_OK);
    ck_assert(!yes);
    ck_assert_int_eq(storage_put(&t.c, t.a, k, "image/svg+xml", "12345", 5), RC_OK);
    ck_assert_int_eq(storage_get(&t.c, t.a, k, 10, &out, &n), RC_OK);
    ck_assert_str_eq(out, "12345");
}
END_TEST

/* Every call that can fail, one by one: never half an object, and the next try succeeds. */
START_TEST(faults)
{
#ifdef KADE_FAULT
    const char *k = key("/400.webp");
    char *out;
    size_t n;
    unsigned points = 0;
    log_set_fd(-1);
    for (unsigned i = 1;; i++) {
        fault_arm(1u << FAULT_FILE, i);
        enum rc rc = storage_put(&t.c, t.a, k, "image/webp", "12345", 5);
        unsigned seen = fault_count();
        fault_arm(0, 0);
        count_files();
        ck_assert_msg(t.odd == 0, "fault %u left %d files of which %d odd", i, t.files, t.odd);
        if (seen < i)
            break;
        points++;
        ck_assert_int_eq(rc, RC_UPSTREAM);
        rc = storage_get(&t.c, t.a, k, 100, &out, &n);
        ck_assert(rc == RC_NOTFOUND || (rc == RC_OK && n == 5));
        ck_assert_int_eq(storage_put(&t.c, t.a, k, "image/webp", "12345", 5), RC_OK);
        ck_assert_int_eq(storage_delete(&t.c, t.a, k), RC_OK);
    }
    ck_assert_uint_eq(points, 5); /* open, write, sync, rename, folder */
    log_set_fd(STDERR_FILENO);
#endif
}
END_TEST

START_TEST(full_disk)
{
    log_set_fd(-1);
    ck_assert_int_eq(symlink("/dev/full", arena_printf(t.a, "%s/media", t.dir)), 0);
    ck_assert_int_eq(storage_put(&t.c, t.a, key(".svg"), "image/svg+xml", "12345", 5), RC_UPSTREAM);
    log_set_fd(STDERR_FILENO);
}
END_TEST

static void s3_setup(void)
{
    setup();
    t.s3 = s3_start(t.dir);
    char *file = arena_printf(t.a, "%s/secret", t.dir);
    FILE *f = fopen(file, "w");
    ck_assert_ptr_nonnull(f);
    fputs(S3_SECRET "\n", f);
    fclose(f);
    t.c.storage_backend = "s3";
    t.c.s3_endpoint = arena_printf(t.a, "http://127.0.0.1:%d", t.s3.port);
    t.c.s3_bucket = S3_BUCKET;
    t.c.s3_region = S3_REGION;
    t.c.s3_access_key = S3_ACCESS;
    t.c.s3_secret_file = file;
}

static void s3_teardown(void)
{
    s3_stop(&t.s3);
    teardown();
}

START_TEST(s3_round_trip)
{
    round_trip();
    ck_assert_msg(t.s3.control->refused == 0, "%s", t.s3.control->why);
    ck_assert_str_eq(t.s3.control->last_type, "image/webp");
    ck_assert_str_eq(t.s3.control->last_cache, "public, max-age=31536000, immutable");
    ck_assert_int_eq(storage_put(&t.c, t.a, storage_key(t.a, STORAGE_PRIVATE, tenant(), hash, ""),
                                 "image/png", "x", 1),
                     RC_OK);
    ck_assert_str_eq(t.s3.control->last_cache, "");
}
END_TEST

START_TEST(s3_wrong_secret)
{
    log_set_fd(-1);
    FILE *f = fopen(t.c.s3_secret_file, "w");
    ck_assert_ptr_nonnull(f);
    fputs("not the secret\n", f);
    fclose(f);
    ck_assert_int_eq(storage_put(&t.c, t.a, key(""), "image/webp", "x", 1), RC_UPSTREAM);
    ck_assert_int_eq(t.s3.control->refused, 1); /* tried once: it will not change its mind */
    ck_assert_str_eq(t.s3.control->why, "signature");
    unlink(t.c.s3_secret_file);
    ck_assert_int_eq(storage_put(&t.c, t.a, key(""), "image/webp", "x", 1), RC_UPSTREAM);
    ck_assert_int_eq(t.s3.control->requests, 1);
    log_set_fd(STDERR_FILENO);
}
END_TEST

static void mood(enum s3_mood m, int n)
{
    t.s3.control->mood = m;
    t.s3.control->for_requests = n;
    t.s3.control->requests = 0;
}

START_TEST(s3_moods)
{
    char *out;
    size_t n;
    log_set_fd(-1);
    const char *k = key("");
    mood(S3_ERRORS, 2); /* the third try succeeds */
    ck_assert_int_eq(storage_put(&t.c, t.a, k, "image/webp", "12345", 5), RC_OK);
    ck_assert_int_eq(t.s3.control->requests, 3);
    mood(S3_ERRORS, -1);
    ck_assert_int_eq(storage_get(&t.c, t.a, k, 100, &out, &n), RC_UPSTREAM);
    ck_assert_int_eq(t.s3.control->requests, 3);
    mood(S3_REDIRECT, -1);
    ck_assert_int_eq(storage_get(&t.c, t.a, k, 100, &out, &n), RC_UPSTREAM);
    ck_assert_int_eq(t.s3.control->requests, 1); /* not followed, not repeated */
    mood(S3_CUT, 1);
    ck_assert_int_eq(storage_get(&t.c, t.a, k, 100, &out, &n), RC_OK); /* by the second try */
    ck_assert_str_eq(out, "12345");
    mood(S3_SILENT, -1);
    int64_t t0 = monotonic_us();
    ck_assert_int_eq(storage_get(&t.c, t.a, k, 100, &out, &n), RC_UPSTREAM);
    ck_assert_int_lt(monotonic_us() - t0, SECONDS(8));
    kill(t.s3.pid, SIGKILL);
    ck_assert_int_eq(storage_put(&t.c, t.a, k, "image/webp", "12345", 5), RC_UPSTREAM);
    log_set_fd(STDERR_FILENO);
}
END_TEST

Suite *suite_storage(void)
{
    Suite *s = suite_create("storage");
    TCase *f = tcase_create("files"), *o = tcase_create("s3");
    tcase_add_checked_fixture(f, setup, teardown);
    tcase_add_test(f, keys);
    tcase_add_test(f, addresses);
    tcase_add_test(f, files);
    tcase_add_test(f, links);
    tcase_add_test(f, faults);
    tcase_add_test(f, full_disk);
    tcase_add_checked_fixture(o, s3_setup, s3_teardown);
    tcase_set_timeout(o, 30);
    tcase_add_test(o, s3_round_trip);
    tcase_add_test(o, s3_wrong_secret);
    tcase_add_test(o, s3_moods);
    suite_add_tcase(s, f);
    suite_add_tcase(s, o);
    return s;
}
