/* req_path.c: what a request says before anybody knows what it is for: request line, Host, cookies,
 * Accept-Language. Everything is decoded exactly once and bounded here; nothing later looks at raw
 * bytes again. Invariant: r->path starts with '/', is clean UTF-8, has no empty, "." or ".."
 * segment, no backslash and no encoded slash, so a segment means one thing everywhere. */
#include <string.h>

#include "app/req_priv.h"
#include "base/log.h"
#include "base/str.h"
#include "base/utf8.h"
#include "platform/crypto.h"

enum {
    URI_MAX = 11000,
    PATH_MAX_BYTES = 2000,
    HEADERS_MAX = 100,
    HEADER_BYTES_MAX = 32768,
    COOKIES_MAX = 60,
    COOKIE_HEADER_MAX = 8192,
    AGENT_MAX = 300
};

static int hex(unsigned char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static enum rc segments_check(const char *path)
{
    if (strstr(path, "//"))
        return RC_INVALID;
    for (const char *p = path; *p == '/';) {
        const char *s = p + 1;
        size_t n = strcspn(s, "/");
        if ((n == 1 && s[0] == '.') || (n == 2 && s[0] == '.' && s[1] == '.'))
            return RC_INVALID;
        p = s + n;
    }
    return RC_OK;
}

enum rc req_path_decode(struct arena *a, const char *raw, size_t n, char **out)
{
    char *flat = arena_alloc(a, n + 1), *clean;
    size_t len = 0;
    if (n == 0 || raw[0] != '/')
        return RC_INVALID;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)raw[i];
        if (c == '%') {
            int hi = i + 2 < n ? hex((unsigned char)raw[i + 1]) : -1;
            int lo = i + 2 < n ? hex((unsigned char)raw[i + 2]) : -1;
            if (hi < 0 || lo < 0)
                return RC_INVALID;
            c = (unsigned char)(hi * 16 + lo);
            i += 2;
            if (c == '/') /* would change what a segment is */
                return RC_INVALID;
        } else if (c <= ' ' || c == 0x7f || c == '#') {
            return RC_INVALID;
        }
        if (c == '\\' || c == '\0')
            return RC_INVALID;
        flat[len++] = (char)c;
    }
    if (len > PATH_MAX_BYTES)
        return RC_LIMIT;
    enum rc rc = utf8_clean(a, flat, len, 0, &clean);
    if (rc != RC_OK)
        return rc;
    if ((rc = segments_check(clean)) == RC_OK)
        *out = clean;
    return rc;
}

static bool is_host_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

static bool port_ok(const char *p)
{
    int64_t port;
    return *p == '\0' || (*p == ':' && str_int(p + 1, 1, 65535, &port) == RC_OK);
}

enum rc req_host_clean(struct arena *a, const char *host, char **out)
{
    if (str_empty(host) || strlen(host) > 260)
        return RC_INVALID;
    char *h = str_lower(a, host);
    size_t n;
    if (h[0] == '[') { /* an IPv6 literal */
        n = strspn(h + 1, "0123456789abcdef:.");
        if (n < 2 || n > 45 || h[n + 1] != ']' || !port_ok(h + n + 2))
            return RC_INVALID;
        h[n + 2] = '\0';
        *out = h;
        return RC_OK;
    }
    for (n = 0; is_host_char(h[n]); n++)
        if (h[n] == '.' && (n == 0 || h[n - 1] == '.'))
            return RC_INVALID;
    if (n == 0 || n > 254 || !port_ok(h + n))
        return RC_INVALID;
    if (h[n - 1] == '.') /* the root's dot names the same host */
        n--;
    h[n] = '\0';
    if (n == 0 || n > 253)
        return RC_INVALID;
    *out = h;
    return RC_OK;
}

static bool cookie_name_ok(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s[i] <= ' ' || s[i] >= 0x7f || strchr("()<>@,;:\\\"/[]?={}", s[i]))
            return false;
    return n > 0 && n <= 64;
}

static bool cookie_value_ok(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s[i] < 0x21 || s[i] >= 0x7f || strchr("\",;\\", s[i]))
            return false;
    return n <= 4096;
}

/* Cookies that are malformed are as if not sent: other sites of a shared domain may set any. */
size_t req_cookies_parse(struct arena *a, const char *header, struct req_param **out)
{
    struct req_param *v = arena_array(a, struct req_param, COOKIES_MAX);
    size_t n = 0;
    *out = v;
    if (!header || strlen(header) > COOKIE_HEADER_MAX)
        return 0;
    for (const char *p = header; *p && n < COOKIES_MAX;) {
        p += strspn(p, " \t;");
        size_t len = strcspn(p, ";");
        const char *eq = memchr(p, '=', len);
        if (eq) {
            size_t nname = (size_t)(eq - p), nvalue = len - nname - 1;
            const char *value = eq + 1;
            while (nvalue && (value[nvalue - 1] == ' ' || value[nvalue - 1] == '\t'))
                nvalue--;
            if (nvalue >= 2 && value[0] == '"' && value[nvalue - 1] == '"') {
                value++;
                nvalue -= 2;
            }
            if (cookie_name_ok(p, nname) && cookie_value_ok(value, nvalue)) {
                v[n].name = arena_strndup(a, p, nname);
                v[n].value = arena_strndup(a, value, nvalue);
                n++;
            }
        }
        p += len;
    }
    return n;
}

/* "q=0.8" in thousandths; malformed weights count as 0. */
static int weight(const char *p, const char *end)
{
    const char *q = memmem(p, (size_t)(end - p), "q=", 2);
    if (!q)
        return 1000;
    q += 2;
    int v = *q == '1' ? 1000 : 0;
    if (q < end && (*q == '0' || *q == '1') && q + 1 < end && q[1] == '.') {
        int unit = 100;
        for (q += 2; q < end && *q >= '0' && *q <= '9' && unit; q++, unit /= 10)
            v += (*q - '0') * unit;
    }
    return v > 1000 ? 0 : v;
}

const struct locale *req_language(const char *header, const struct locale *const *offered, size_t n)
{
    const struct locale *best = NULL;
    int best_weight = 0;
    if (!header || strlen(header) > 1000)
        return NULL;
    for (const char *p = header; *p;) {
        p += strspn(p, " ,\t");
        size_t len = strcspn(p, ","), tag = strcspn(p, "-;, \t");
        int w = weight(p, p + len);
        for (size_t i = 0; i < n && w > best_weight; i++)
            if (strlen(offered[i]->tag) == tag && strncasecmp(offered[i]->tag, p, tag) == 0) {
                best = offered[i];
                best_weight = w;
            }
        p += len;
    }
    return best;
}

static const struct {
    const char *name;
    unsigned method;
} methods[] = {
    { "GET", M_GET }, { "HEAD", M_GET },    { "POST", M_POST },
    { "PUT", M_PUT }, { "PATCH", M_PATCH }, { "DELETE", M_DELETE },
};

static enum rc take_method(struct req_live *l)
{
    const char *m = l->in->method ? l->in->method : "";
    size_t n = strspn(m, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-");
    l->r.method_name = "(bad)";
    if (n == 0 || n > 20 || m[n] != '\0')
        return RC_INVALID;
    l->r.method_name = arena_strdup(l->r.arena, m);
    l->r.head = str_eq(m, "HEAD");
    for (size_t i = 0; i < COUNT_OF(methods); i++)
        if (str_eq(methods[i].name, m))
            l->r.method = methods[i].method;
    return RC_OK; /* 0: unknown; answered 405 where the path is known */
}

static enum rc take_headers(struct req_live *l)
{
    size_t bytes = 0;
    for (size_t i = 0; i < l->in->nheaders; i++)
        bytes += strlen(l->in->headers[i].name) + strlen(l->in->headers[i].value);
    if (l->in->nheaders > HEADERS_MAX || bytes > HEADER_BYTES_MAX) {
        l->status = 431;
        return RC_LIMIT;
    }
    l->r.headers = l->in->headers;
    l->r.nheaders = l->in->nheaders;
    struct req_param *cookies;
    l->ncookies = req_cookies_parse(l->r.arena, req_header(&l->r, "cookie"), &cookies);
    l->cookies = cookies;
    l->cookies_ignored = req_header(&l->r, "authorization") != NULL;
    const char *agent = req_header(&l->r, "user-agent");
    char *clean = NULL;
    if (agent && utf8_clean(l->r.arena, agent, strlen(agent), 0, &clean) == RC_OK)
        l->r.agent = utf8_cut(l->r.arena, clean, AGENT_MAX);
    return RC_OK;
}

/* "http://host/path" as proxies send it: the path counts, the host is the Host header's. */
static const char *origin_form(const char *uri)
{
    size_t scheme = strncasecmp(uri, "http://", 7) == 0    ? 7
                    : strncasecmp(uri, "https://", 8) == 0 ? 8
                                                           : 0;
    if (!scheme)
        return uri;
    const char *slash = strchr(uri + scheme, '/');
    return slash ? slash : "/";
}

static enum rc take_uri(struct req_live *l)
{
    const char *uri = l->in->uri ? l->in->uri : "";
    if (strlen(uri) > URI_MAX) {
        l->status = 414;
        return RC_LIMIT;
    }
    uri = origin_form(uri);
    const char *q = strchr(uri, '?');
    size_t n = q ? (size_t)(q - uri) : strlen(uri);
    char *path;
    enum rc rc = req_path_decode(l->r.arena, uri, n, &path);
    if (rc != RC_OK) {
        l->status = rc == RC_LIMIT ? 414 : 400;
        return rc;
    }
    l->r.path = path;
    l->r.query = arena_strdup(l->r.arena, q ? q + 1 : "");
    struct form_pair *got;
    size_t count;
    form_decode_some(l->r.arena, l->r.query, strlen(l->r.query), &got, &count,
                     &l->r.args_left_out); /* whether that is a fault says the route */
    struct req_param *args = arena_array(l->r.arena, struct req_param, count);
    for (size_t i = 0; i < count; i++)
        args[i] = (struct req_param){ got[i].key, got[i].value };
    l->r.args = args;
    l->r.nargs = count;
    if (l->r.method == M_GET) { /* what a form of a GET is made of */
        l->pairs = got;
        l->npairs = count;
    }
    for (const char *p = uri; *p; p++) /* it goes back out in links and headers */
        if ((unsigned char)*p <= ' ' || *p == 0x7f || *p == '#') {
            l->status = 400;
            return RC_INVALID;
        }
    l->r.uri = arena_strdup(l->r.arena, uri);
    return RC_OK;
}

static void take_id(struct req_live *l)
{
    const char *id = l->in->request_id;
    size_t n = id ? strspn(id, "0123456789abcdefABCDEF-") : 0;
    if (n >= 16 && n <= 40 && id[n] == '\0') {
        l->r.id = arena_strdup(l->r.arena, id);
        return;
    }
    unsigned char random[16];
    char text[33];
    static const char digits[] = "0123456789abcdef";
    crypto_random(random, sizeof random);
    for (size_t i = 0; i < sizeof random; i++) {
        text[2 * i] = digits[random[i] >> 4];
        text[2 * i + 1] = digits[random[i] & 15];
    }
    text[32] = '\0';
    l->r.id = arena_strdup(l->r.arena, text);
}

/* Where this request came to, as addresses and keys of the cache say it: the host in its one form,
 * with the port only when it is the one browsers are meant to use. What else a client puts into
 * Host must not make a page of its own. */
static const char *authority(struct req_live *l)
{
    const char *port = strrchr(l->in->host, ':');
    const char *url = l->r.app->conf->public_url;
    const char *ours = url && strstr(url, "://") ? strrchr(strstr(url, "://") + 3, ':') : NULL;
    if (!port || !ours || strchr(port, ']'))
        return l->r.host;
    const size_t n = strcspn(ours, "/");
    return strlen(port) == n && strncmp(port, ours, n) == 0
               ? arena_printf(l->r.arena, "%s%s", l->r.host, port)
               : l->r.host;
}

enum rc req_decode(struct req_live *l)
{
    struct req *r = &l->r;
    take_id(l);
    log_set_request(r->id);
    r->path = r->uri = "/";
    r->query = r->agent = "";
    r->host = l->authority = "";
    r->ip =
        arena_strndup(r->arena, l->in->ip ? l->in->ip : "", l->in->ip ? strnlen(l->in->ip, 64) : 0);
    /* An address that was not sent is nobody's: it opens nothing. */
    r->loopback = str_starts(r->ip, "127.") || str_eq(r->ip, "::1");
    r->https = l->in->https;
    enum rc rc = take_method(l);
    if (rc == RC_OK)
        rc = take_headers(l);
    if (rc == RC_OK)
        rc = take_uri(l);
    char *host;
    if (rc == RC_OK && (rc = req_host_clean(r->arena, l->in->host, &host)) == RC_OK)
        r->host = host;
    if (rc == RC_OK)
        l->authority = authority(l);
    if (rc != RC_OK && !l->status)
        l->status = 400;
    return rc;
}
