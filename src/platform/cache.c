/* cache.c: memcached through libmemcached, as a helper that may fail. One connection per server and
 * a ketama ring that never moves: when a server is away its keys miss until it is back, they do not
 * wander to another one, where an old generation might still lie. Each server has its own circuit:
 * after a failure it is not asked for 5 s. Not here: what is cached and for how long (app/frag).
 * Invariant: no call waits longer than a few timeouts, and no failure is more than a miss. */
#include "platform/cache.h"

#include <libmemcached-1.0/memcached.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/fault.h"

enum {
    KEY_MAX = 250,
    VALUE_MAX = 1024 * 1024 - 1024, /* memcached's default item limit less its header and key */
    SERVERS_MAX = 32,
    MGET_MAX = 64,
    CIRCUIT_S = 5,
    TTL_RELATIVE_MAX = 30 * 24 * 3600 /* above it memcached takes a ttl for a date */
};

struct server {
    memcached_st *mc;
    const char *name;
    int64_t open_until; /* monotonic; the circuit is open before it */
    bool failing;       /* the last thing it did was to fail: the log line is written once */
};

struct cache {
    struct server server[SERVERS_MAX];
    size_t n;
    memcached_st *ring; /* only maps keys to servers; never connects. NULL with one server */
    char *names;
    struct cache_counters counters;
};

/* ---- opening ----------------------------------------------------------------------------------
 */
static memcached_st *handle_new(int timeout_ms)
{
    memcached_st *mc = memcached_create(NULL);
    if (mc == NULL)
        return NULL;
    const uint64_t ms = (uint64_t)(timeout_ms > 0 ? timeout_ms : 50);
    memcached_behavior_set(mc, MEMCACHED_BEHAVIOR_BINARY_PROTOCOL, 1);
    memcached_behavior_set(mc, MEMCACHED_BEHAVIOR_NO_BLOCK, 1);
    memcached_behavior_set(mc, MEMCACHED_BEHAVIOR_TCP_NODELAY, 1);
    memcached_behavior_set(mc, MEMCACHED_BEHAVIOR_CONNECT_TIMEOUT, ms);
    memcached_behavior_set(mc, MEMCACHED_BEHAVIOR_POLL_TIMEOUT, ms);
    memcached_behavior_set(mc, MEMCACHED_BEHAVIOR_SND_TIMEOUT, ms * 1000);
    memcached_behavior_set(mc, MEMCACHED_BEHAVIOR_RCV_TIMEOUT, ms * 1000);
    /* the circuit is ours: the library must neither wait nor eject on its own */
    memcached_behavior_set(mc, MEMCACHED_BEHAVIOR_RETRY_TIMEOUT, 0);
    memcached_behavior_set(mc, MEMCACHED_BEHAVIOR_SERVER_FAILURE_LIMIT, UINT32_MAX);
    return mc;
}

/* "unix:/path", "host:port" or "host"; name is cut in place. */
static bool server_add(memcached_st *mc, char *name)
{
    if (str_starts(name, "unix:"))
        return memcached_server_add_unix_socket(mc, name + 5) == MEMCACHED_SUCCESS;
    int64_t port = MEMCACHED_DEFAULT_PORT;
    char *colon = strrchr(name, ':');
    if (colon != NULL) {
        if (str_int(colon + 1, 1, 65535, &port) != RC_OK)
            return false;
        *colon = '\0';
    }
    const bool ok = memcached_server_add(mc, name, (in_port_t)port) == MEMCACHED_SUCCESS;
    if (colon != NULL)
        *colon = ':';
    return ok;
}

static bool add_one(struct cache *c, char *name, int timeout_ms)
{
    struct server *s = &c->server[c->n];
    s->name = name;
    s->mc = handle_new(timeout_ms);
    if (s->mc == NULL)
        return false;
    c->n++;
    return server_add(s->mc, name) && server_add(c->ring, name);
}

struct cache *cache_new(const char *servers, int timeout_ms)
{
    struct cache *c = calloc(1, sizeof *c);
    check_that(c != NULL);
    if (str_empty(servers))
        return c;
    c->names = strdup(servers);
    c->ring = memcached_create(NULL);
    check_that(c->names != NULL && c->ring != NULL);
    memcached_behavior_set(c->ring, MEMCACHED_BEHAVIOR_KETAMA, 1);

    char *next = c->names;
    while (next != NULL && c->n < SERVERS_MAX) {
        char *name = next;
        next = strchr(name, ',');
        if (next != NULL)
            *next++ = '\0';
        while (*name == ' ')
            name++;
        if (*name != '\0' && !add_one(c, name, timeout_ms))
            log_error("cache server refused", "server=%s do=%s", name,
                      "write unix:/path or host:port in cache.servers");
    }
    return c;
}

void cache_free(struct cache *c)
{
    if (c == NULL)
        return;
    for (size_t i = 0; i < c->n; i++)
        memcached_free(c->server[i].mc);
    if (c->ring != NULL)
        memcached_free(c->ring);
    free(c->names);
    free(c);
}

/* ---- circuit ----------------------------------------------------------------------------------
 */
static bool key_ok(const char *key)
{
    size_t n = 0;
    for (; key[n] != '\0'; n++)
        if (key[n] < '!' || key[n] > '~' || n == KEY_MAX)
            return false;
    return n > 0;
}

static struct server *server_of(struct cache *c, const char *key)
{
    if (c->n == 0 || !key_ok(key))
        return NULL;
    if (c->n == 1)
        return &c->server[0];
    return &c->server[memcached_generate_hash(c->ring, key, strlen(key)) % c->n];
}

static void failed(struct cache *c, struct server *s, const char *what, memcached_return_t rc)
{
    c->counters.failures++;
    s->open_until = monotonic_us() + SECONDS(CIRCUIT_S);
    if (!s->failing)
        log_warn("cache down", "server=%s what=%s why=%s retry_s=%d", s->name, what,
                 memcached_strerror(s->mc, rc), CIRCUIT_S);
    s->failing = true;
    memcached_quit(s->mc); /* an answer that comes late must not be taken for the next one */
}

static void worked(struct server *s)
{
    if (s->failing)
        log_info("cache up", "server=%s", s->name);
    s->failing = false;
}

static bool circuit_open(const struct server *s)
{
    return s->open_until != 0 && monotonic_us() < s->open_until;
}

/* Anything the server said in words is an answer. */
static bool is_answer(memcached_return_t rc)
{
    switch (rc) {
    case MEMCACHED_SUCCESS:
    case MEMCACHED_BUFFERED:
    case MEMCACHED_END:
    case MEMCACHED_STORED:
    case MEMCACHED_DELETED:
    case MEMCACHED_NOTFOUND:
    case MEMCACHED_NOTSTORED:
    case MEMCACHED_DATA_EXISTS: /* losing an add, in the binary protocol */
    case MEMCACHED_E2BIG:
    case MEMCACHED_SERVER_MEMORY_ALLOCATION_FAILURE:
        return true;
    default:
        return false;
    }
}

static bool answered(struct cache *c, struct server *s, const char *what, memcached_return_t rc)
{
    if (is_answer(rc))
        worked(s);
    else
        failed(c, s, what, rc);
    return is_answer(rc);
}

/* A server that was restarted has closed our old connection: worth one new one at once. A server
 * that does not answer in time is not asked again. */
static bool worth_retry(const struct server *s, memcached_return_t rc)
{
    return !s->failing && !is_answer(rc) && rc != MEMCACHED_TIMEOUT;
}

bool cache_is_configured(const struct cache *c)
{
    return c->n > 0;
}

bool cache_is_up(const struct cache *c)
{
    for (size_t i = 0; i < c->n; i++)
        if (!circuit_open(&c->server[i]))
            return true;
    return false;
}

static time_t expiry(unsigned ttl_s)
{
    return (time_t)(ttl_s > TTL_RELATIVE_MAX ? TTL_RELATIVE_MAX : ttl_s);
}

/* ---- reading ----------------------------------------------------------------------------------
 */
struct mget {
    const char *const *keys;
    size_t n;
    struct cache_value *out;
    struct arena *arena;
};

static memcached_return_t send_mget(struct cache *c, struct server *s, const struct mget *m)
{
    const char *asked[MGET_MAX];
    size_t length[MGET_MAX], k = 0;
    for (size_t i = 0; i < m->n; i++) {
        if (server_of(c, m->keys[i]) != s)
            continue;
        asked[k] = m->keys[i];
        length[k++] = strlen(m->keys[i]);
    }
    return k == 0 ? MEMCACHED_NOTFOUND : memcached_mget(s->mc, asked, length, k);
}

/* Bytes, not text; a NUL behind them for convenience. */
static const char *copy_value(struct arena *a, const memcached_result_st *result, size_t *n)
{
    *n = memcached_result_length(result);
    char *p = arena_alloc(a, *n + 1);
    if (*n > 0)
        memcpy(p, memcached_result_value(result), *n);
    return p;
}

/* Takes what one server sends; positions are found by key because misses are silent. */
static memcached_return_t fetch_mget(struct server *s, const struct mget *m)
{
    memcached_return_t rc;
    memcached_result_st result;
    memcached_result_create(s->mc, &result);
    while (memcached_fetch_result(s->mc, &result, &rc) != NULL) {
        const char *key = memcached_result_key_value(&result);
        const size_t nkey = memcached_result_key_length(&result);
        for (size_t i = 0; i < m->n; i++) {
            struct cache_value *v = &m->out[i];
            if (v->hit || strlen(m->keys[i]) != nkey || memcmp(m->keys[i], key, nkey) != 0)
                continue;
            v->p = copy_value(m->arena, &result, &v->n);
            v->hit = true;
        }
    }
    memcached_result_free(&result);
    return rc;
}

static void finish_mget(struct cache *c, struct server *s, const struct mget *m,
                        memcached_return_t sent)
{
    memcached_return_t rc = sent == MEMCACHED_SUCCESS ? fetch_mget(s, m) : sent;
    if (worth_retry(s, rc)) {
        memcached_quit(s->mc);
        rc = send_mget(c, s, m);
        if (rc == MEMCACHED_SUCCESS)
            rc = fetch_mget(s, m);
    }
    answered(c, s, "get", rc);
}

/* Every server is sent its keys before the first answer is read: one trip for all. */
static void mget_some(struct cache *c, const struct mget *m)
{
    memcached_return_t sent[SERVERS_MAX];
    bool asked = false;
    for (size_t i = 0; i < c->n; i++) {
        struct server *s = &c->server[i];
        sent[i] = circuit_open(s) ? MEMCACHED_NOTFOUND : send_mget(c, s, m);
        asked = asked || sent[i] != MEMCACHED_NOTFOUND;
    }
    if (!asked)
        return;
    c->counters.trips++;
    const bool fault = fault_here(FAULT_CACHE, "get");
    for (size_t i = 0; i < c->n; i++) {
        if (sent[i] == MEMCACHED_NOTFOUND)
            continue;
        if (fault)
            failed(c, &c->server[i], "get", MEMCACHED_TIMEOUT);
        else
            finish_mget(c, &c->server[i], m, sent[i]);
    }
}

void cache_mget(struct cache *c, struct arena *a, const char *const *keys, size_t n,
                struct cache_value *out)
{
    memset(out, 0, n * sizeof *out);
    for (size_t at = 0; at < n; at += MGET_MAX) {
        const size_t some = n - at < MGET_MAX ? n - at : MGET_MAX;
        mget_some(c, &(struct mget){ keys + at, some, out + at, a });
    }
    for (size_t i = 0; i < n; i++) {
        if (out[i].hit)
            c->counters.hits++;
        else
            c->counters.misses++;
    }
}

bool cache_get(struct cache *c, struct arena *a, const char *key, struct cache_value *out)
{
    cache_mget(c, a, &key, 1, out);
    return out->hit;
}

/* ---- writing ----------------------------------------------------------------------------------
 */
struct call {
    const char *what, *key;
    const void *p;
    size_t n;
    unsigned ttl_s;
    bool counts;
    uint64_t by, initial, value;
    memcached_return_t (*run)(memcached_st *mc, struct call *k);
};

/* Runs one command where its key lives; MEMCACHED_SERVER_TEMPORARILY_DISABLED = was not asked or
 * did not answer. */
static memcached_return_t run(struct cache *c, struct call *k)
{
    struct server *s = k->n > VALUE_MAX ? NULL : server_of(c, k->key);
    if (s == NULL || circuit_open(s))
        return MEMCACHED_SERVER_TEMPORARILY_DISABLED;
    c->counters.trips++;
    if (fault_here(FAULT_CACHE, k->what)) {
        failed(c, s, k->what, MEMCACHED_TIMEOUT);
        return MEMCACHED_SERVER_TEMPORARILY_DISABLED;
    }
    memcached_return_t rc = k->run(s->mc, k);
    if (rc == MEMCACHED_UNKNOWN_READ_FAILURE && k->counts) {
        memcached_quit(s->mc); /* the library's word for "that value is no number" */
        return MEMCACHED_NOTSTORED;
    }
    if (worth_retry(s, rc)) {
        memcached_quit(s->mc);
        rc = k->run(s->mc, k);
    }
    return answered(c, s, k->what, rc) ? rc : MEMCACHED_SERVER_TEMPORARILY_DISABLED;
}

static memcached_return_t run_set(memcached_st *mc, struct call *k)
{
    return memcached_set(mc, k->key, strlen(k->key), k->p, k->n, expiry(k->ttl_s), 0);
}

static memcached_return_t run_add(memcached_st *mc, struct call *k)
{
    return memcached_add(mc, k->key, strlen(k->key), k->p, k->n, expiry(k->ttl_s), 0);
}

static memcached_return_t run_delete(memcached_st *mc, struct call *k)
{
    return memcached_delete(mc, k->key, strlen(k->key), 0);
}

static memcached_return_t run_count(memcached_st *mc, struct call *k)
{
    return memcached_increment_with_initial(mc, k->key, strlen(k->key), k->by, k->initial,
                                            expiry(k->ttl_s), &k->value);
}

/* A missing key sets the value to all ones: only the code counts. */
static memcached_return_t run_incr(memcached_st *mc, struct call *k)
{
    return memcached_increment(mc, k->key, strlen(k->key), 1, &k->value);
}

bool cache_set(struct cache *c, const char *key, const void *p, size_t n, unsigned ttl_s)
{
    struct call k = { .what = "set", .key = key, .p = p, .n = n, .ttl_s = ttl_s, .run = run_set };
    return run(c, &k) == MEMCACHED_SUCCESS;
}

bool cache_add(struct cache *c, const char *key, const void *p, size_t n, unsigned ttl_s)
{
    struct call k = { .what = "add", .key = key, .p = p, .n = n, .ttl_s = ttl_s, .run = run_add };
    return run(c, &k) == MEMCACHED_SUCCESS;
}

bool cache_delete(struct cache *c, const char *key)
{
    struct call k = { .what = "delete", .key = key, .run = run_delete };
    return is_answer(run(c, &k)); /* not there is as good as deleted */
}

bool cache_count(struct cache *c, const char *key, uint64_t by, uint64_t initial, unsigned ttl_s,
                 uint64_t *out)
{
    struct call k = {
        .what = "count", .key = key, .ttl_s = ttl_s, .counts = true, .run = run_count
    };
    k.by = by;
    k.initial = initial;
    if (run(c, &k) != MEMCACHED_SUCCESS)
        return false;
    *out = k.value;
    return true;
}

bool cache_incr(struct cache *c, const char *key, bool *away)
{
    struct call k = { .what = "incr", .key = key, .counts = true, .run = run_incr };
    const memcached_return_t rc = run(c, &k);
    *away = !is_answer(rc);
    return rc == MEMCACHED_SUCCESS;
}

struct cache_counters cache_counters(const struct cache *c)
{
    return c->counters;
}

void cache_counters_reset(struct cache *c)
{
    memset(&c->counters, 0, sizeof c->counters);
}
