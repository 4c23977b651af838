/* conf.h: the installation's configuration, read once at start (libconfuse). Every value has a
 * default and can be given as KADE_SECTION_NAME (KADE_DB_PORT, KADE_POOL_SHOP_WORKERS; lists with
 * commas) in the environment, which wins. A member is the key of its section; where it has the
 * section's name in front (db_host) the key is without it. Unknown keys are refused in both places.
 * What shops change lives in the database (app/setting.h), not here. */
#ifndef PLATFORM_CONF_H
#define PLATFORM_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/rc.h"

struct conf_pool {
    const char *name;            /* "shop", "admin" */
    const char *listen;          /* "unix:/path" or "127.0.0.1:9000"; "" in the file =
                                    <state_dir>/<name>.sock */
    const char *role;            /* database role, "kade_web" */
    const char *const *prefixes; /* NULL-terminated path prefixes it serves; empty = the rest */
    int workers;
    int max_requests; /* a worker ends after so many; 0 = never */
};

struct conf {
    struct arena *arena; /* owns every string */
    const char *file;
    /* section app */
    const char *state_dir, *module_dir, *template_dir, *static_dir, *locale_dir, *sql_dir,
        *demo_dir;
    const char *helper_dir;    /* programs that Kade starts itself: kade-image */
    bool development;          /* error pages with details, template reload, clock file */
    const char *log_level;     /* debug info warn error */
    const char *user;          /* drop privileges to it when started as root; "" = stay */
    const char *secret_file;   /* 32 random bytes, made at first start, mode 0600 */
    const char *password_cost; /* "full", or "min" in development (tests sign in a lot) */
    bool password_cost_min;
    /* NULL-terminated, load order is by needs, not by this. Not given: every <name>.so of
     * module_dir */
    const char *const *modules;
    int request_deadline_s; /* watchdog */
    int drain_s;
    int jobs_workers;
    /* section db */
    const char *db_host, *db_name, *db_password_file;
    int db_port, db_statement_timeout_ms, db_lock_timeout_ms;
    /* section cache: "" = no memcached; "unix:/path" or "host:port", several separated by commas */
    const char *cache_servers;
    int cache_timeout_ms;
    /* section http */
    const char *public_url; /* "http://127.0.0.1:8080", used where no request is at hand */
    const char *const *trusted_proxies;
    bool fetch_private; /* addresses that people wrote may lead into private networks */
    struct conf_pool *pools;
    size_t npools;
    /* section mail; smtp_url "" = files in <state>/mail. smtp_tls: "required", or "none" for a
     * relay on this machine. smtp_ca_file "" = the system's */
    const char *smtp_url, *smtp_user, *smtp_password_file, *smtp_tls, *smtp_ca_file, *mail_from;
    int mail_timeout_ms;
    /* section storage: pictures and files. backend "files" (below state_dir) or "s3". public_url:
     * where browsers find what is public, "" = this host's /media/ */
    const char *storage_backend, *storage_public_url;
    const char *s3_endpoint, *s3_bucket, *s3_region, *s3_access_key, *s3_secret_file;
    int storage_timeout_ms;
    /* section pay: where the card gateway is asked */
    const char *stripe_url;
};

/* file NULL = built-in defaults and environment only. On failure *problem is one line that names
 * file, line, key and what to do; it lives in a. Free with conf_free. */
KADE_API enum rc conf_load(const char *file, struct arena *a, struct conf **out,
                           const char **problem) ATTR_MUST_CHECK;
KADE_API void conf_free(struct conf *c);
/* Whether a path ("/admin/orders", as it was asked for) is that pool's: the longest prefix decides,
 * the pool without prefixes has the rest. True for a name that is no pool (command line, tests). */
KADE_API bool conf_pool_serves(const struct conf *c, const char *pool, const char *path);

#endif
