/* http.c: libcurl behind one function. One handle per process keeps the connection to a store
 * alive; it is thrown away after a fork, because a socket shared by two processes mixes answers.
 * Not a browser: no cookies, no redirects, no proxies, no credentials from the environment or
 * .netrc. Invariant: nothing of one request stays set for the next. */
#include "platform/http.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/str.h"
#include "platform/fault.h"

enum { CONNECT_MS = 2000, TOTAL_MS = 10000, ANSWER_MOST = 64 * 1024 };

static struct {
    CURL *curl;
    pid_t pid;
} self;

static CURL *handle(void)
{
    if (self.curl != NULL && self.pid == getpid()) {
        curl_easy_reset(self.curl);
        return self.curl;
    }
    if (self.curl == NULL && curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return NULL;
    /* The parent's handle is left alone: closing it would say goodbye on the parent's connection.
     */
    self.curl = curl_easy_init();
    self.pid = getpid();
    return self.curl;
}

static size_t take(char *p, size_t size, size_t n, void *arg)
{
    struct buf *b = arg;
    buf_put(b, p, size * n);
    return buf_rc(b) == RC_OK ? size * n : 0;
}

static struct curl_slist *headers_of(const struct http_ask *ask)
{
    struct curl_slist *list = NULL;
    for (const char *const *h = ask->headers; h != NULL && *h != NULL; h++)
        list = curl_slist_append(list, *h);
    if (ask->body == NULL && str_eq(ask->method, "PUT"))
        list = curl_slist_append(list, "Content-Length: 0");
    return curl_slist_append(list, "Expect:"); /* no round trip before the body */
}

static void sign(CURL *c, struct arena *a, const struct http_sign *s, struct curl_slist **list)
{
    curl_easy_setopt(c, CURLOPT_AWS_SIGV4, arena_printf(a, "aws:amz:%s:%s", s->region, s->service));
    curl_easy_setopt(c, CURLOPT_USERPWD, arena_printf(a, "%s:%s", s->access_key, s->secret));
    *list =
        curl_slist_append(*list, arena_printf(a, "x-amz-content-sha256: %s", s->content_sha256));
}

/* ---- addresses that people wrote ---------------------------------------------------------------
 */
static bool in_net(uint32_t ip, uint32_t net, int bits)
{
    return (ip ^ net) >> (32 - bits) == 0;
}

/* RFC 6890: what is not of the public Internet. */
static bool is_private4(uint32_t ip)
{
    static const struct {
        uint32_t net;
        int bits;
    } nets[] = { { 0x00000000, 8 },  { 0x0a000000, 8 },  { 0x64400000, 10 }, { 0x7f000000, 8 },
                 { 0xa9fe0000, 16 }, { 0xac100000, 12 }, { 0xc0000000, 24 }, { 0xc0000200, 24 },
                 { 0xc0a80000, 16 }, { 0xc6120000, 15 }, { 0xc6336400, 24 }, { 0xcb007100, 24 },
                 { 0xe0000000, 3 } };
    for (size_t i = 0; i < COUNT_OF(nets); i++)
        if (in_net(ip, nets[i].net, nets[i].bits))
            return true;
    return false;
}

static uint32_t be32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Only 2000::/3 is in use; in it, what carries an IPv4 address is judged by that. */
static bool is_private6(const unsigned char *p)
{
    static const unsigned char mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
    static const unsigned char nat64[12] = { 0, 0x64, 0xff, 0x9b };
    if (memcmp(p, mapped, 12) == 0 || memcmp(p, nat64, 12) == 0)
        return is_private4(be32(p + 12));
    if (p[0] == 0x20 && p[1] == 0x02) /* 6to4 */
        return is_private4(be32(p + 2));
    bool documents = be32(p) == 0x20010db8, teredo = be32(p) == 0x20010000;
    return p[0] >> 5 != 1 || documents || teredo;
}

bool http_is_public(const struct sockaddr *sa)
{
    if (sa->sa_family == AF_INET)
        return !is_private4(ntohl(((const struct sockaddr_in *)(const void *)sa)->sin_addr.s_addr));
    if (sa->sa_family == AF_INET6)
        return !is_private6(((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr.s6_addr);
    return false;
}

/* Asked after the name was resolved, so no name can lead elsewhere than what was judged. */
static curl_socket_t open_public(void *arg, curlsocktype what, struct curl_sockaddr *to)
{
    (void)arg;
    (void)what;
    if (!http_is_public(&to->addr))
        return CURL_SOCKET_BAD;
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static void prepare(CURL *c, const struct http_ask *ask, struct buf *body)
{
    curl_easy_setopt(c, CURLOPT_URL, ask->url);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(c, CURLOPT_PROXY, "");
    curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(c, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS,
                     ask->connect_ms > 0 ? (long)ask->connect_ms : (long)CONNECT_MS);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS,
                     ask->total_ms > 0 ? (long)ask->total_ms : (long)TOTAL_MS);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "Kade");
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, body);
    if (ask->strangers) {
        curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_public);
        curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, 1L);
    }
    if (ask->body != NULL) {
        curl_easy_setopt(c, CURLOPT_POSTFIELDS, ask->body);
        curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)ask->nbody);
    }
    if (str_eq(ask->method, "HEAD"))
        curl_easy_setopt(c, CURLOPT_NOBODY, 1L);
    else
        curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, ask->method);
}

static enum rc judge(CURLcode e, const struct buf *body)
{
    if (e == CURLE_OK)
        return RC_OK;
    if (e == CURLE_URL_MALFORMAT || e == CURLE_UNSUPPORTED_PROTOCOL)
        return RC_INVALID;
    return e == CURLE_WRITE_ERROR && body->failed ? RC_LIMIT : RC_UPSTREAM;
}

enum rc http_ask(struct arena *a, const struct http_ask *ask, struct http_answer *out,
                 const char **problem)
{
    if (problem != NULL)
        *problem = "it does not answer";
    CURL *c = fault_here(FAULT_HTTP, ask->method) ? NULL : handle();
    if (c == NULL)
        return RC_UPSTREAM;
    struct buf body;
    buf_init(&body, a, (ask->most > 0 ? ask->most : ANSWER_MOST) + 1);
    struct curl_slist *list = headers_of(ask);
    prepare(c, ask, &body);
    if (ask->sign != NULL)
        sign(c, a, ask->sign, &list);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, list);
    CURLcode e = curl_easy_perform(c);
    enum rc rc = judge(e, &body);
    if (rc == RC_OK) {
        long status = 0;
        curl_off_t length = -1;
        char *type = NULL;
        curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
        curl_easy_getinfo(c, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
        curl_easy_getinfo(c, CURLINFO_CONTENT_TYPE, &type);
        *out = (struct http_answer){ .status = (int)status,
                                     .type = arena_strdup(a, type == NULL ? "" : type),
                                     .body = body.p,
                                     .nbody = body.n,
                                     .length = length };
    } else if (problem != NULL) {
        *problem = curl_easy_strerror(e);
    }
    curl_easy_reset(c); /* the list and the secret are not kept by reference */
    curl_slist_free_all(list);
    return rc;
}
