/* http.h: requests without sockets. A kit is one worker in this process: configuration, modules,
 * languages, templates, connection and cache; kit_ask serves one request through req_serve as the
 * FastCGI loop does. Shops and people it knows are below. Needs tests/kit/with-servers. Failures of
 * the kit itself end the process with a message: they are no finding about the product. */
#ifndef TESTS_KIT_HTTP_H
#define TESTS_KIT_HTTP_H

#include <check.h>
#include <stddef.h>
#include <stdint.h>

#include "app/ctx.h"
#include "app/loader.h"
#include "app/req.h"

/* Shops: a.test (en first, si and ar; LKR, USD), b.test (ar first, en; IQD), s.test suspended,
 * c.test closed. */
#define KIT_SHOP_A "0190a000-0000-7000-8000-000000000001"
#define KIT_SHOP_B "0190a000-0000-7000-8000-000000000002"
/* In both shops: a user with permission kit.manage, a user with none, two customers. */
#define KIT_STAFF "0190a000-0000-7000-8000-0000000000a1"
#define KIT_CLERK "0190a000-0000-7000-8000-0000000000a2"
#define KIT_ANN   "0190a000-0000-7000-8000-0000000000c1"
#define KIT_BEN   "0190a000-0000-7000-8000-0000000000c2"

struct kit_file { /* a template or a table's text, beside those of the build */
    const char *name, *text;
};
struct kit_opt {
    const struct app_module *const
        *modules; /* besides app and shop; NULL-terminated; may be NULL */
    const char *const
        *load;            /* names of modules loaded from the build, as programs do; may be NULL */
    const char *load_dir; /* below the build folder; NULL: modules */
    const struct kit_file *templates;  /* ends with a zeroed entry; may be NULL */
    bool development, no_cache, admin; /* admin: kade_admin instead of kade_web */
    const char *database;              /* NULL: the one of kit_database */
};
struct kit {
    struct app_ctx app;
    struct conf conf;
    struct arena *arena; /* answers live here until kit_close */
    struct arenas *requests;
    const char *dir; /* own scratch folder */
    int log_fd;
    int64_t passed;
};

/* One database for this program, from the template, with the shops above. Unchecked fixtures. */
void kit_database(void);
void kit_database_drop(void);

struct kit *kit_open(const struct kit_opt *opt);
void kit_close(struct kit *k);

struct kit_ask {
    const char *method, *host, *path; /* path: as on the request line, with query */
    const char *body, *type;          /* type NULL with a body: urlencoded */
    size_t nbody;                     /* 0: strlen(body) */
    const char *const *headers;       /* name, value, name, value, NULL; names in lower case */
    const char *cookie;
    const char *ip;      /* NULL: 203.0.113.7 */
    bool https, foreign; /* foreign: without Sec-Fetch-Site: same-origin on a POST */
    int64_t length;      /* announced; 0: that of body */
};
struct kit_answer {
    int status;
    const char *body, *type;
    size_t nbody;
    const struct req *r;
    unsigned statements, trips; /* before the response */
    size_t arena_bytes;
};
struct kit_answer kit_ask(struct kit *k, const struct kit_ask *ask);
struct kit_answer kit_get(struct kit *k, const char *host, const char *path);
struct kit_answer kit_post(struct kit *k, const char *host, const char *path, const char *body);
/* First header of that name; NULL when absent. */
const char *kit_header(const struct kit_answer *a, const char *name);
/* Value of a cookie the answer sets; NULL when it does not. */
const char *kit_set_cookie(struct kit *k, const struct kit_answer *a, const char *name);

/* A session of a user or customer of a shop made in the database; the cookie header for it. */
const char *kit_session(struct kit *k, const char *shop, const char *user, const char *customer,
                        int epoch);
/* As superuser, several statements; and one cell as text ("" when no row). */
void kit_sql(struct kit *k, const char *sql);
const char *kit_cell(struct kit *k, const char *sql);
/* Moves the product's clock on; limits and sessions see it. Back to the real one at kit_close. */
void kit_pass(struct kit *k, int64_t seconds);
/* What was logged since the last call. */
const char *kit_log(struct kit *k);

/* Runs the suite, prints TAP, returns the exit status. */
int kit_run(Suite *s);

#define ck_has(haystack, needle)                                                                   \
    ck_assert_msg(strstr((haystack), (needle)) != NULL, "no \"%s\" in: %.1500s", (needle),         \
                  (haystack))
#define ck_lacks(haystack, needle)                                                                 \
    ck_assert_msg(strstr((haystack), (needle)) == NULL, "\"%s\" found", (needle))
#define ck_status(a, want)                                                                         \
    ck_assert_msg((a).status == (want), "status %d, not %d: %.1500s", (a).status, (want), (a).body)

#endif
