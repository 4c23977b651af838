/* conf.c: tests of platform/conf.h. What could break: the exact words a person gets for a mistake,
 * which source wins, values out of range. */
#include "platform/conf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "suites.h"

static struct arena *a;

static const char *write_file(const char *text)
{
    char *path = arena_printf(a, "%s/kade.conf", scratch());
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(fputs(text, f) < 0, 0);
    ck_assert_int_eq(fclose(f), 0);
    return path;
}

static struct conf *loads(const char *text)
{
    struct conf *c = NULL;
    const char *problem = "none", *path = write_file(text);
    enum rc rc = conf_load(path, a, &c, &problem);
    unlink(path);
    ck_assert_msg(rc == RC_OK, "%s", problem);
    return c;
}

/* The problem without the folder in front of the file's name. */
static void refused(const char *text, const char *want)
{
    struct conf *c = NULL;
    const char *problem = NULL, *path = write_file(text);
    ck_assert_int_eq(conf_load(path, a, &c, &problem), RC_INVALID);
    unlink(path);
    ck_assert_ptr_null(c);
    ck_assert_ptr_nonnull(problem);
    if (str_starts(problem, path))
        problem += strlen(path) - strlen("kade.conf");
    ck_assert_str_eq(problem, want);
}

static void setup(void)
{
    a = arena_new_sized(0);
}

static void teardown(void)
{
    arena_free(a);
}

START_TEST(builtin)
{
    struct conf *c = NULL;
    const char *problem = NULL;
    ck_assert_int_eq(conf_load(NULL, a, &c, &problem), RC_OK);
    ck_assert_str_eq(c->state_dir, "/var/lib/kade");
    ck_assert_str_eq(c->secret_file, "/var/lib/kade/secret.key");
    ck_assert(!c->development && !c->password_cost_min);
    ck_assert_int_eq(c->db_port, 5432);
    ck_assert_str_eq(c->cache_servers, "");
    ck_assert_uint_eq(c->npools, 2);
    ck_assert_str_eq(c->pools[0].name, "shop");
    ck_assert_str_eq(c->pools[0].role, "kade_web");
    ck_assert_str_eq(c->pools[0].listen, "unix:/var/lib/kade/shop.sock");
    ck_assert_ptr_null(c->pools[0].prefixes[0]);
    ck_assert_str_eq(c->pools[1].role, "kade_admin");
    ck_assert_str_eq(c->pools[1].prefixes[3], "/platform");
    ck_assert_ptr_null(c->pools[1].prefixes[4]);
    ck_assert_str_eq(c->trusted_proxies[1], "::1");
    ck_assert_ptr_null(c->file);
    conf_free(c);
    conf_free(NULL);
}
END_TEST

START_TEST(the_longest_prefix_has_the_path)
{
    struct conf *c =
        loads("pool shop { }\n"
              "pool staff { prefixes = {\"/admin\", \"/api\"} listen = \"127.0.0.1:1\" }\n"
              "pool feed { prefixes = {\"/api/feed\"} listen = \"127.0.0.1:2\" }\n");
    static const struct {
        const char *path, *pool;
    } rows[] = { { "/", "shop" },           { "/admin", "staff" },
                 { "/admin/x", "staff" },   { "/administrator", "shop" },
                 { "/si/admin", "shop" },   { "/api", "staff" },
                 { "/api/feeds", "staff" }, { "/api/feed", "feed" },
                 { "/api/feed/1", "feed" } };
    static const char *const pools[] = { "shop", "staff", "feed" };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (size_t k = 0; k < COUNT_OF(pools); k++)
            ck_assert_msg(conf_pool_serves(c, pools[k], rows[i].path) ==
                              str_eq(pools[k], rows[i].pool),
                          "%s in %s", rows[i].path, pools[k]);
    ck_assert(conf_pool_serves(c, "cli", "/admin"));
    conf_free(c);
}
END_TEST

START_TEST(every_key)
{
    struct conf *c = loads("# a comment\n"
                           "app {\n state_dir = \"/s\"\n module_dir = /m\n template_dir = /t\n"
                           " static_dir = /x\n locale_dir = /l\n sql_dir = /q\n demo_dir = /d\n"
                           " development = yes\n log_level = debug\n user = kade\n"
                           " secret_file = /k\n password_cost = min\n modules = {b, \"a\"}\n"
                           " request_deadline_s = 7\n drain_s = 0\n jobs_workers = 3\n}\n"
                           "db {\n host = \"/run/pg\"\n port = 5433\n name = shop_db\n"
                           " password_file = /p\n statement_timeout_ms = 11\n"
                           " lock_timeout_ms = 12\n}\n"
                           "cache {\n servers = \"unix:/run/m.sock,[::1]:11211\"\n"
                           " timeout_ms = 13\n}\n"
                           "http {\n public_url = \"https://shop.example\"\n"
                           " trusted_proxies = {\"10.0.0.0/8\", \"fe80::/10\"}\n}\n"
                           "mail {\n smtp_url = \"smtps://m:465\"\n from = \"a@b\"\n}\n"
                           "storage {\n backend = s3\n public_url = \"https://cdn.example/b\"\n"
                           " s3_endpoint = \"https://s3.example\"\n s3_bucket = b-1\n"
                           " s3_region = eu-1\n s3_access_key = AK\n s3_secret_file = /sf\n"
                           " timeout_ms = 14000\n}\n"
                           "pool p1 {\n listen = \"127.0.0.1:9000\"\n role = r1\n"
                           " prefixes = {/a, /b}\n workers = 14\n max_requests = 0\n}\n"
                           "pool p2 {\n}\n");
    ck_assert_str_eq(c->state_dir, "/s");
    ck_assert_str_eq(c->module_dir, "/m");
    ck_assert_str_eq(c->template_dir, "/t");
    ck_assert_str_eq(c->static_dir, "/x");
    ck_assert_str_eq(c->locale_dir, "/l");
    ck_assert_str_eq(c->sql_dir, "/q");
    ck_assert_str_eq(c->demo_dir, "/d");
    ck_assert(c->development && c->password_cost_min);
    ck_assert_str_eq(c->log_level, "debug");
    ck_assert_str_eq(c->user, "kade");
    ck_assert_str_eq(c->secret_file, "/k");
    ck_assert_str_eq(c->modules[0], "b");
    ck_assert_str_eq(c->modules[1], "a");
    ck_assert_ptr_null(c->modules[2]);
    ck_assert_int_eq(c->request_deadline_s, 7);
    ck_assert_int_eq(c->drain_s, 0);
    ck_assert_int_eq(c->jobs_workers, 3);
    ck_assert_str_eq(c->db_host, "/run/pg");
    ck_assert_int_eq(c->db_port, 5433);
    ck_assert_str_eq(c->db_name, "shop_db");
    ck_assert_str_eq(c->db_password_file, "/p");
    ck_assert_int_eq(c->db_statement_timeout_ms, 11);
    ck_assert_int_eq(c->db_lock_timeout_ms, 12);
    ck_assert_str_eq(c->cache_servers, "unix:/run/m.sock,[::1]:11211");
    ck_assert_int_eq(c->cache_timeout_ms, 13);
    ck_assert_str_eq(c->public_url, "https://shop.example");
    ck_assert_str_eq(c->trusted_proxies[0], "10.0.0.0/8");
    ck_assert_ptr_null(c->trusted_proxies[2]);
    ck_assert_str_eq(c->smtp_url, "smtps://m:465");
    ck_assert_str_eq(c->mail_from, "a@b");
    ck_assert_str_eq(c->storage_backend, "s3");
    ck_assert_str_eq(c->storage_public_url, "https://cdn.example/b");
    ck_assert_str_eq(c->s3_endpoint, "https://s3.example");
    ck_assert_str_eq(c->s3_bucket, "b-1");
    ck_assert_str_eq(c->s3_region, "eu-1");
    ck_assert_str_eq(c->s3_access_key, "AK");
    ck_assert_str_eq(c->s3_secret_file, "/sf");
    ck_assert_int_eq(c->storage_timeout_ms, 14000);
    ck_assert_uint_eq(c->npools, 2);
    ck_assert_str_eq(c->pools[0].listen, "127.0.0.1:9000");
    ck_assert_str_eq(c->pools[0].role, "r1");
    ck_assert_str_eq(c->pools[0].prefixes[1], "/b");
    ck_assert_int_eq(c->pools[0].workers, 14);
    ck_assert_int_eq(c->pools[0].max_requests, 0);
    ck_assert_str_eq(c->pools[1].listen, "unix:/s/p2.sock");
    conf_free(c);
}
END_TEST

START_TEST(environment_wins)
{
    setenv("KADE_DB_PORT", "6000", 1);
    setenv("KADE_CACHE_SERVERS", "", 1);
    setenv("KADE_POOL_SHOP_WORKERS", "9", 1);
    setenv("KADE_HTTP_TRUSTED_PROXIES", "10.0.0.1, ::1", 1);
    setenv("KADE_STATE", "/elsewhere", 1); /* not a section: somebody else's */
    struct conf *c =
        loads("db { port = 5 }\ncache { servers = \"h:1\" }\npool shop { workers = 1 }\n");
    ck_assert_int_eq(c->db_port, 6000);
    ck_assert_str_eq(c->cache_servers, "");
    ck_assert_int_eq(c->pools[0].workers, 9);
    ck_assert_str_eq(c->trusted_proxies[0], "10.0.0.1");
    ck_assert_str_eq(c->trusted_proxies[1], "::1");
    ck_assert_ptr_null(c->trusted_proxies[2]);
    conf_free(c);
    setenv("KADE_DB_PORT", "", 1);
    refused("", "environment: KADE_DB_PORT: \"\": use a whole number from 1 to 65535");
    unsetenv("KADE_DB_PORT");
    setenv("KADE_DB_PROT", "1", 1);
    refused("pool shop { }",
            "environment: KADE_DB_PROT: unknown key; unset it or correct its name");
    unsetenv("KADE_DB_PROT");
    refused("pool web { }",
            "environment: KADE_POOL_SHOP_WORKERS: unknown key; unset it or correct its name");
    unsetenv("KADE_POOL_SHOP_WORKERS"); /* where tests share one process */
    unsetenv("KADE_CACHE_SERVERS");
    unsetenv("KADE_HTTP_TRUSTED_PROXIES");
    unsetenv("KADE_STATE");
}
END_TEST

START_TEST(empty_lists)
{
    struct conf *c = loads("http { trusted_proxies = {} }\napp { modules = {} }\n");
    ck_assert_ptr_null(c->trusted_proxies[0]);
    ck_assert_ptr_null(c->modules[0]);
    conf_free(c);
}
END_TEST

START_TEST(modules_of_the_folder)
{
    static const char *const names[] = { "wishlist.so", "cart.so", ".so", "notes.txt", ".x.so" };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        fclose(fopen(arena_printf(a, "%s/%s", scratch(), names[i]), "w"));
    struct conf *c = loads(arena_printf(a, "app { module_dir = \"%s\" }\n", scratch()));
    for (size_t i = 0; i < COUNT_OF(names); i++)
        unlink(arena_printf(a, "%s/%s", scratch(), names[i]));
    ck_assert_str_eq(c->modules[0], "cart");
    ck_assert_str_eq(c->modules[1], "wishlist");
    ck_assert_ptr_null(c->modules[2]);
    conf_free(c);
}
END_TEST

START_TEST(values_refused)
{
    refused("app {\n log_level = loud\n}\n",
            "kade.conf:2: app.log_level: \"loud\": use debug, info, warn or error");
    refused("db {\n\n port = 70000\n}\n",
            "kade.conf:3: db.port: \"70000\": use a whole number from 1 to 65535");
    refused("db {\n port = 0\n}\n",
            "kade.conf:2: db.port: \"0\": use a whole number from 1 to 65535");
    refused("app {\n development = maybe\n}\n",
            "kade.conf:2: app.development: \"maybe\": use true or false");
    refused("app {\n state_dir = \"var\"\n}\n",
            "kade.conf:2: app.state_dir: \"var\": use an absolute path, starting with /");
    refused("cache {\n servers = \"localhost\"\n}\n",
            "kade.conf:2: cache.servers: \"localhost\": use unix:/path or host:port");
    refused("cache {\n servers = \"a:1,b:0\"\n}\n",
            "kade.conf:2: cache.servers: \"a:1,b:0\": use a port from 1 to 65535");
    refused("cache {\n servers = \"::1:11211\"\n}\n",
            "kade.conf:2: cache.servers: \"::1:11211\": write an IPv6 address in brackets, "
            "[::1]:9000");
    refused("http {\n public_url = \"shop.example\"\n}\n",
            "kade.conf:2: http.public_url: \"shop.example\": use http:// or https:// and a host, "
            "without a path or a final /");
    refused("http {\n trusted_proxies = {\"10.0.0.0/33\"}\n}\n",
            "kade.conf:2: http.trusted_proxies: \"10.0.0.0/33\": use an address, or a network such "
            "as 10.0.0.0/8");
    refused("mail {\n from = nobody\n}\n",
            "kade.conf:2: mail.from: \"nobody\": use a plain mail address, shop@example.com");
    refused("storage {\n backend = ftp\n}\n",
            "kade.conf:2: storage.backend: \"ftp\": use files or s3");
    refused("storage {\n public_url = \"https://cdn.example/\"\n}\n",
            "kade.conf:2: storage.public_url: \"https://cdn.example/\": use http:// or https://, a "
            "host and perhaps a path, no final /");
    refused("storage {\n s3_bucket = \"a/b\"\n}\n",
            "kade.conf:2: storage.s3_bucket: \"a/b\": use lower-case letters, digits, . and -");
    refused("storage {\n backend = s3\n}\n",
            "kade.conf: storage.backend: s3 needs s3_endpoint, s3_bucket, s3_access_key and "
            "s3_secret_file as well");
    refused("app {\n modules = {cart, \"../x\"}\n}\n",
            "kade.conf:2: app.modules: \"../x\": use lower-case letters, digits and _, starting "
            "with a letter");
    refused("pool shop {\n workers = many\n}\n",
            "kade.conf:2: pool shop.workers: \"many\": use a whole number from 1 to 1024");
    refused("pool shop {\n prefixes = {admin}\n}\n",
            "kade.conf:2: pool shop.prefixes: \"admin\": use a path such as /admin, without a "
            "final /");
    refused("app {\n user = \"a\xff\"\n}\n",
            "kade.conf:2: app.user: \"?\": use UTF-8 text without control characters");
}
END_TEST

START_TEST(forms_refused)
{
    refused("app {\n lgo_level = info\n}\n",
            "kade.conf:2: app.lgo_level: unknown key; remove it or correct its name");
    refused("pool shop {\n wokers = 1\n}\n",
            "kade.conf:2: pool shop.wokers: unknown key; remove it or correct its name");
    refused("nope {\n}\n", "kade.conf:1: nope: unknown section; remove it or correct its name");
    refused("db {\n port = 1\n port = 2\n}\n",
            arena_printf(a,
                         "kade.conf:3: db.port: given twice, here and at %s/kade.conf:2; keep one",
                         scratch()));
    refused("db {\n port = 1\n}\ndb {\n}\n", "kade.conf:5: section db: given twice; make them one");
    refused("pool a {\n}\npool a {\n}\n",
            "kade.conf:3: found duplicate title 'a'; correct this line");
    refused("pool {\n}\n", "kade.conf:1: missing title for section 'pool'; correct this line");
    refused("pool \"a b\" {\n}\n",
            "kade.conf:2: pool \"a b\": name at most 32 pools, in lower-case "
            "letters, digits and _");
    refused("db {\n port 5\n}\n",
            "kade.conf:2: missing equal sign after option 'port'; correct this line");
    refused("db {\n port = 1\n", "kade.conf:3: section db: not closed; add } at its end");
}
END_TEST

START_TEST(files_cut_short)
{
    refused("app {\n}\npool shop {\n workers = 1\n",
            "kade.conf:5: section pool shop: not closed; add } at its end");
    refused("db {\n name = \"kade\n}\n", "kade.conf:5: premature end of file; correct this line");
    refused("db { }\n/* note\n", "kade.conf: a comment is not closed; add */ at its end");
    refused("http {\n trusted_proxies = {\"::1\",\n",
            "kade.conf:3: http.trusted_proxies: not closed; add } at its end");
}
END_TEST

START_TEST(whole_refused)
{
    refused("pool a { }\npool b { }\n", "kade.conf: pool b.prefixes: pool a already serves the "
                                        "rest; name the paths of one of them");
    refused("pool a { prefixes = {/x} }\n",
            "kade.conf: no pool serves the rest; leave the prefixes of one pool empty");
    refused("pool a { listen = \"h:1\" }\npool b { listen = \"h:1\"\n prefixes = {/x} }\n",
            "kade.conf: pool b.listen: h:1 is pool a's already; give each pool its own");
    refused("app { password_cost = min }\n",
            "kade.conf: app.password_cost: min makes passwords easy to guess; use full, or set "
            "app.development = true on a developer's own machine");
    char dir[130] = "/";
    memset(dir + 1, 'd', 108);
    refused(arena_printf(a, "app { state_dir = \"%s\" }\n", dir),
            arena_printf(a,
                         "kade.conf: pool shop.listen: \"unix:%s/shop.sock\": the path of a socket "
                         "may have 107 bytes: use a shorter folder (/run/kade)",
                         dir));
}
END_TEST

START_TEST(files_refused)
{
    struct conf *c = NULL;
    const char *problem = NULL;
    ck_assert_int_eq(conf_load("/nonexistent/kade.conf", a, &c, &problem), RC_INVALID);
    ck_assert_str_eq(problem, "/nonexistent/kade.conf: cannot be read: No such file or directory; "
                              "give the right file with --config");
    ck_assert_int_eq(conf_load("/tmp", a, &c, &problem), RC_INVALID);
    ck_assert_str_eq(problem, "/tmp: cannot be read: Is a directory; give the right file with "
                              "--config");
    ck_assert_ptr_null(c);
}
END_TEST

Suite *suite_conf(void)
{
    Suite *s = suite_create("conf");
    TCase *tc = tcase_create("conf");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, builtin);
    tcase_add_test(tc, every_key);
    tcase_add_test(tc, the_longest_prefix_has_the_path);
    tcase_add_test(tc, environment_wins);
    tcase_add_test(tc, empty_lists);
    tcase_add_test(tc, modules_of_the_folder);
    tcase_add_test(tc, values_refused);
    tcase_add_test(tc, forms_refused);
    tcase_add_test(tc, files_cut_short);
    tcase_add_test(tc, whole_refused);
    tcase_add_test(tc, files_refused);
    suite_add_tcase(s, tc);
    return s;
}
