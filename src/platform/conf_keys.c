/* conf_keys.c: every key of the configuration: section, name, type, default and what it may be. The
 * table is the documentation's source: docs/operations.md lists the same keys. Reading files and
 * the environment is conf.c's. Invariant: a default passes its own check. */
#include <arpa/inet.h>
#include <string.h>

#include "base/str.h"
#include "platform/conf_int.h"

enum { SOCKET_PATH_MAX = 107 };

#ifndef KADE_LIBDIR
#define KADE_LIBDIR "/usr/lib/kade"
#endif
#ifndef KADE_LIBEXECDIR
#define KADE_LIBEXECDIR "/usr/libexec/kade"
#endif
#ifndef KADE_DATADIR
#define KADE_DATADIR "/usr/share/kade"
#endif

static const char *check_path(struct arena *a, const char *v)
{
    (void)a;
    return *v == '/' ? NULL : "use an absolute path, starting with /";
}

static const char *check_path_or_none(struct arena *a, const char *v)
{
    return *v ? check_path(a, v) : NULL;
}

static const char *check_level(struct arena *a, const char *v)
{
    (void)a;
    bool known = str_eq(v, "debug") || str_eq(v, "info") || str_eq(v, "warn") || str_eq(v, "error");
    return known ? NULL : "use debug, info, warn or error";
}

static const char *check_cost(struct arena *a, const char *v)
{
    (void)a;
    return str_eq(v, "full") || str_eq(v, "min") ? NULL : "use full (or min, in development)";
}

static const char *check_url(struct arena *a, const char *v)
{
    (void)a;
    const char *host = str_starts(v, "https://") ? v + 8 : str_starts(v, "http://") ? v + 7 : "";
    bool good = *host && *host != '/' && !strpbrk(host, " /?#\"<>\\");
    return good ? NULL : "use http:// or https:// and a host, without a path or a final /";
}

static const char *check_url_or_none(struct arena *a, const char *v)
{
    return *v ? check_url(a, v) : NULL;
}

/* A place that names are put behind: it may have a path. */
static const char *check_place_or_none(struct arena *a, const char *v)
{
    (void)a;
    const char *host = str_starts(v, "https://") ? v + 8 : str_starts(v, "http://") ? v + 7 : "";
    bool good = *host && *host != '/' && !strpbrk(host, " ?#\"<>\\;,'") && !str_ends(host, "/");
    return !*v || good ? NULL : "use http:// or https://, a host and perhaps a path, no final /";
}

static const char *check_backend(struct arena *a, const char *v)
{
    (void)a;
    return str_eq(v, "files") || str_eq(v, "s3") ? NULL : "use files or s3";
}

static const char *check_bucket(struct arena *a, const char *v)
{
    (void)a;
    size_t n = strspn(v, "abcdefghijklmnopqrstuvwxyz0123456789.-");
    return v[n] || n > 63 || strstr(v, "..") ? "use lower-case letters, digits, . and -" : NULL;
}

static const char *check_smtp(struct arena *a, const char *v)
{
    (void)a;
    bool good =
        !*v || ((str_starts(v, "smtp://") || str_starts(v, "smtps://")) && !strpbrk(v, " \"<>\\"));
    return good ? NULL : "use smtp://host:port or smtps://host:port, or \"\" for files";
}

static const char *check_mail(struct arena *a, const char *v)
{
    (void)a;
    const char *at = strchr(v, '@');
    bool good = at && at != v && at[1] && !strchr(at + 1, '@') && !strpbrk(v, " <>,;\"");
    return good ? NULL : "use a plain mail address, shop@example.com";
}

static const char *check_tls(struct arena *a, const char *v)
{
    (void)a;
    return str_eq(v, "required") || str_eq(v, "none")
               ? NULL
               : "use required (or none, for a relay on this machine)";
}

static const char *check_identifier(struct arena *a, const char *v)
{
    (void)a;
    size_t n = strspn(v, "abcdefghijklmnopqrstuvwxyz0123456789_");
    bool good = n > 0 && n <= 63 && !v[n] && (*v < '0' || *v > '9');
    return good ? NULL : "use lower-case letters, digits and _, starting with a letter";
}

static const char *check_port(const char *v)
{
    int64_t port;
    return str_int(v, 1, 65535, &port) == RC_OK ? NULL : "use a port from 1 to 65535";
}

/* "unix:/path" or "host:port"; an IPv6 host stands in brackets. */
static const char *check_address(struct arena *a, const char *v)
{
    if (str_starts(v, "unix:")) {
        if (v[5] != '/')
            return "use an absolute path after unix:";
        return strlen(v + 5) <= SOCKET_PATH_MAX
                   ? NULL
                   : "the path of a socket may have 107 bytes: use a shorter folder (/run/kade)";
    }
    const char *colon = strrchr(v, ':');
    if (!colon || colon == v || strpbrk(v, " ,/"))
        return "use unix:/path or host:port";
    const char *host = arena_strndup(a, v, (size_t)(colon - v));
    size_t n = strlen(host);
    struct in6_addr ip;
    if (*host == '[' && host[n - 1] == ']') {
        if (inet_pton(AF_INET6, arena_strndup(a, host + 1, n - 2), &ip) != 1)
            return "no IPv6 address stands between the brackets";
    } else if (strchr(host, ':')) {
        return "write an IPv6 address in brackets, [::1]:9000";
    }
    return check_port(colon + 1);
}

static const char *check_listen(struct arena *a, const char *v)
{
    return *v ? check_address(a, v) : NULL; /* "" = a socket in the state folder */
}

static const char *check_servers(struct arena *a, const char *v)
{
    char **server;
    if (!*v)
        return NULL;
    size_t n = str_split(a, v, ',', &server);
    for (size_t i = 0; i < n; i++) {
        const char *wrong = check_address(a, str_trim(a, server[i]));
        if (wrong)
            return wrong;
    }
    return NULL;
}

static const char *check_host(struct arena *a, const char *v)
{
    (void)a;
    return *v && !strpbrk(v, " ,'\"=\\") ? NULL : "use a host name, or the folder of a Unix socket";
}

static const char *check_module(struct arena *a, const char *v)
{
    return check_identifier(a, v);
}

static const char *check_prefix(struct arena *a, const char *v)
{
    (void)a;
    size_t n = strlen(v);
    bool good = *v == '/' && (n == 1 || v[n - 1] != '/') && !strpbrk(v, " ?#%");
    return good ? NULL : "use a path such as /admin, without a final /";
}

static const char *check_proxy(struct arena *a, const char *v)
{
    const char *slash = strchr(v, '/');
    const char *ip = slash ? arena_strndup(a, v, (size_t)(slash - v)) : v;
    struct in6_addr made;
    int64_t bits, most = inet_pton(AF_INET, ip, &made) == 1    ? 32
                         : inet_pton(AF_INET6, ip, &made) == 1 ? 128
                                                               : 0;
    bool good = most > 0 && (!slash || str_int(slash + 1, 0, most, &bits) == RC_OK);
    return good ? NULL : "use an address, or a network such as 10.0.0.0/8";
}

enum rc conf_flag(const char *v, bool *out)
{
    bool on = str_eq(v, "true") || str_eq(v, "yes") || str_eq(v, "on") || str_eq(v, "1");
    bool off = str_eq(v, "false") || str_eq(v, "no") || str_eq(v, "off") || str_eq(v, "0");
    if (!on && !off)
        return RC_INVALID;
    *out = on;
    return RC_OK;
}

#define TEXT(section, key, member, dflt, check)                                                    \
    {                                                                                              \
        section, key, CONF_TEXT, offsetof(struct conf, member), dflt, 0, 0, check                  \
    }
#define NUMBER(section, key, member, dflt, min, max)                                               \
    {                                                                                              \
        section, key, CONF_NUMBER, offsetof(struct conf, member), dflt, min, max, NULL             \
    }
#define LIST(section, key, member, dflt, check)                                                    \
    {                                                                                              \
        section, key, CONF_LIST, offsetof(struct conf, member), dflt, 0, 0, check                  \
    }
#define POOL(key, kind, member, dflt, min, max, check)                                             \
    {                                                                                              \
        "pool", key, kind, offsetof(struct conf_pool, member), dflt, min, max, check               \
    }

const struct conf_key conf_keys[] = {
    TEXT("app", "state_dir", state_dir, "/var/lib/kade", check_path),
    TEXT("app", "module_dir", module_dir, KADE_LIBDIR "/modules", check_path),
    TEXT("app", "template_dir", template_dir, KADE_DATADIR "/templates", check_path),
    TEXT("app", "static_dir", static_dir, KADE_DATADIR "/static", check_path),
    TEXT("app", "locale_dir", locale_dir, KADE_DATADIR "/locale", check_path),
    TEXT("app", "sql_dir", sql_dir, KADE_DATADIR "/sql", check_path),
    TEXT("app", "demo_dir", demo_dir, KADE_DATADIR "/demo", check_path),
    TEXT("app", "helper_dir", helper_dir, KADE_LIBEXECDIR, check_path),
    { "app", "development", CONF_FLAG, offsetof(struct conf, development), "false", 0, 0, NULL },
    TEXT("app", "log_level", log_level, "info", check_level),
    TEXT("app", "user", user, "", NULL),
    TEXT("app", "secret_file", secret_file, "", check_path_or_none),
    TEXT("app", "password_cost", password_cost, "full", check_cost),
    LIST("app", "modules", modules, "", check_module),
    NUMBER("app", "request_deadline_s", request_deadline_s, "30", 1, 3600),
    NUMBER("app", "drain_s", drain_s, "20", 0, 3600),
    NUMBER("app", "jobs_workers", jobs_workers, "1", 1, 64),
    TEXT("db", "host", db_host, "/var/run/postgresql", check_host),
    NUMBER("db", "port", db_port, "5432", 1, 65535),
    TEXT("db", "name", db_name, "kade", check_identifier),
    TEXT("db", "password_file", db_password_file, "", check_path_or_none),
    NUMBER("db", "statement_timeout_ms", db_statement_timeout_ms, "5000", 1, 3600000),
    NUMBER("db", "lock_timeout_ms", db_lock_timeout_ms, "3000", 1, 3600000),
    TEXT("cache", "servers", cache_servers, "", check_servers),
    NUMBER("cache", "timeout_ms", cache_timeout_ms, "100", 1, 10000),
    TEXT("http", "public_url", public_url, "http://127.0.0.1:8080", check_url),
    LIST("http", "trusted_proxies", trusted_proxies, "127.0.0.1,::1", check_proxy),
    { "http", "fetch_private", CONF_FLAG, offsetof(struct conf, fetch_private), "false", 0, 0,
      NULL },
    TEXT("mail", "smtp_url", smtp_url, "", check_smtp),
    TEXT("mail", "smtp_user", smtp_user, "", NULL),
    TEXT("mail", "smtp_password_file", smtp_password_file, "", check_path_or_none),
    TEXT("mail", "smtp_tls", smtp_tls, "required", check_tls),
    TEXT("mail", "smtp_ca_file", smtp_ca_file, "", check_path_or_none),
    TEXT("mail", "from", mail_from, "shop@localhost", check_mail),
    NUMBER("mail", "timeout_ms", mail_timeout_ms, "30000", 1000, 120000),
    TEXT("storage", "backend", storage_backend, "files", check_backend),
    TEXT("storage", "public_url", storage_public_url, "", check_place_or_none),
    TEXT("storage", "s3_endpoint", s3_endpoint, "", check_url_or_none),
    TEXT("storage", "s3_bucket", s3_bucket, "", check_bucket),
    TEXT("storage", "s3_region", s3_region, "us-east-1", check_bucket),
    TEXT("storage", "s3_access_key", s3_access_key, "", NULL),
    TEXT("storage", "s3_secret_file", s3_secret_file, "", check_path_or_none),
    NUMBER("storage", "timeout_ms", storage_timeout_ms, "10000", 100, 600000),
    TEXT("pay", "stripe_url", stripe_url, "https://api.stripe.com", check_url),
    POOL("listen", CONF_TEXT, listen, "", 0, 0, check_listen),
    POOL("role", CONF_TEXT, role, "kade_web", 0, 0, check_identifier),
    POOL("prefixes", CONF_LIST, prefixes, "", 0, 0, check_prefix),
    POOL("workers", CONF_NUMBER, workers, "2", 1, 1024, NULL),
    POOL("max_requests", CONF_NUMBER, max_requests, "100000", 0, 1000000000, NULL),
};
const size_t conf_nkeys = COUNT_OF(conf_keys);

static enum rc say(struct arena *a, const struct conf *c, const char **problem, const char *what)
{
    *problem = arena_printf(a, "%s: %s", c->file ? c->file : "built-in configuration", what);
    return RC_INVALID;
}

enum rc conf_check_whole(const struct conf *c, struct arena *a, const char **problem)
{
    if (c->password_cost_min && !c->development)
        return say(a, c, problem,
                   "app.password_cost: min makes passwords easy to guess; use full, or set "
                   "app.development = true on a developer's own machine");
    bool s3 = str_eq(c->storage_backend, "s3");
    if (s3 && (!*c->s3_endpoint || !*c->s3_bucket || !*c->s3_access_key || !*c->s3_secret_file))
        return say(a, c, problem,
                   "storage.backend: s3 needs s3_endpoint, s3_bucket, s3_access_key and "
                   "s3_secret_file as well");
    const char *rest = NULL;
    for (size_t i = 0; i < c->npools; i++) {
        const struct conf_pool *p = &c->pools[i];
        for (size_t k = 0; k < i; k++) {
            if (str_eq(p->listen, c->pools[k].listen))
                return say(a, c, problem,
                           arena_printf(a,
                                        "pool %s.listen: %s is pool %s's already; give each pool "
                                        "its own",
                                        p->name, p->listen, c->pools[k].name));
        }
        const char *wrong = check_address(a, p->listen); /* the default depends on state_dir */
        if (wrong)
            return say(a, c, problem,
                       arena_printf(a, "pool %s.listen: \"%s\": %s", p->name, p->listen, wrong));
        if (*p->prefixes)
            continue;
        if (rest)
            return say(a, c, problem,
                       arena_printf(a,
                                    "pool %s.prefixes: pool %s already serves the rest; name the "
                                    "paths of one of them",
                                    p->name, rest));
        rest = p->name;
    }
    if (!rest)
        return say(a, c, problem, "no pool serves the rest; leave the prefixes of one pool empty");
    return RC_OK;
}
