/* fcgi_client.c: just enough FastCGI (one responder request, no multiplexing, no kept connection)
 * to drive workers without a web server between. Every wait has the same deadline. */
#include "fcgi_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { BEGIN_REQUEST = 1, END_REQUEST = 3, PARAMS = 4, STDIN = 5, STDOUT = 6, STDERR = 7 };
enum { HEADER = 8, CHUNK = 32768, ANSWER_MOST = 64 * 1024 * 1024 };

struct call {
    int fd;
    long long deadline; /* ms */
    char *out;
    size_t nout, cap;
};

static long long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void put(struct call *c, const void *p, size_t n)
{
    if (c->nout + n > c->cap) {
        c->cap = (c->nout + n) * 2;
        c->out = realloc(c->out, c->cap);
        if (c->out == NULL)
            abort();
    }
    if (n > 0)
        memcpy(c->out + c->nout, p, n);
    c->nout += n;
}

static void record(struct call *c, int type, const void *p, size_t n)
{
    const unsigned char h[HEADER] = {
        1, (unsigned char)type, 0, 1, (unsigned char)(n >> 8), (unsigned char)n, 0, 0
    };
    put(c, h, sizeof h);
    put(c, p, n);
}

static void stream(struct call *c, int type, const char *p, size_t n)
{
    while (n > 0) {
        size_t part = n > CHUNK ? CHUNK : n;
        record(c, type, p, part);
        p += part;
        n -= part;
    }
    record(c, type, NULL, 0);
}

static void length(struct call *params, size_t n)
{
    unsigned char b[4] = { (unsigned char)(0x80 | n >> 24), (unsigned char)(n >> 16),
                           (unsigned char)(n >> 8), (unsigned char)n };
    if (n < 128) {
        b[0] = (unsigned char)n;
        put(params, b, 1);
    } else {
        put(params, b, 4);
    }
}

static void encode(struct call *c, const char *const *params, const char *body, size_t nbody)
{
    static const unsigned char responder[8] = { 0, 1, 0, 0, 0, 0, 0, 0 };
    struct call list = { .fd = -1 };
    for (; *params != NULL; params++) {
        const char *eq = strchr(*params, '=');
        size_t name = (size_t)(eq - *params), value = strlen(eq + 1);
        length(&list, name);
        length(&list, value);
        put(&list, *params, name);
        put(&list, eq + 1, value);
    }
    record(c, BEGIN_REQUEST, responder, sizeof responder);
    stream(c, PARAMS, list.out, list.nout);
    stream(c, STDIN, body, nbody);
    free(list.out);
}

static int open_address(const char *address)
{
    struct sockaddr_un un = { .sun_family = AF_UNIX };
    struct sockaddr_in in = { .sin_family = AF_INET };
    if (strncmp(address, "unix:", 5) == 0) {
        if (strlen(address + 5) >= sizeof un.sun_path)
            return -1;
        memcpy(un.sun_path, address + 5, strlen(address + 5) + 1);
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd >= 0 && connect(fd, (struct sockaddr *)&un, sizeof un) == 0)
            return fd;
        close(fd);
        return -1;
    }
    char host[64];
    const char *colon = strrchr(address, ':');
    if (colon == NULL || (size_t)(colon - address) >= sizeof host)
        return -1;
    memcpy(host, address, (size_t)(colon - address));
    host[colon - address] = '\0';
    in.sin_port = htons((unsigned short)strtoul(colon + 1, NULL, 10));
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (inet_pton(AF_INET, host, &in.sin_addr) == 1 &&
        connect(fd, (struct sockaddr *)&in, sizeof in) == 0)
        return fd;
    close(fd);
    return -1;
}

static int ready(const struct call *c, short what)
{
    struct pollfd p = { .fd = c->fd, .events = what };
    long long left = c->deadline - now_ms();
    return left > 0 && poll(&p, 1, (int)left) > 0;
}

/* Exactly n bytes. */
static enum fcgi_end take(const struct call *c, void *to, size_t n)
{
    char *p = to;
    while (n > 0) {
        if (!ready(c, POLLIN))
            return FCGI_TIMEOUT;
        ssize_t got = read(c->fd, p, n);
        if (got <= 0 && errno != EINTR)
            return FCGI_BROKEN;
        if (got > 0) {
            p += got;
            n -= (size_t)got;
        }
    }
    return FCGI_DONE;
}

static enum fcgi_end receive(struct call *c, struct call *answer)
{
    unsigned char h[HEADER];
    static char content[65536 + 256];
    for (;;) {
        enum fcgi_end e = take(c, h, sizeof h);
        if (e != FCGI_DONE)
            return e;
        size_t n = (size_t)(h[4] << 8 | h[5]);
        e = take(c, content, n + h[6]);
        if (e != FCGI_DONE)
            return e;
        if (h[0] != 1 || answer->nout > ANSWER_MOST)
            return FCGI_BROKEN;
        if (h[1] == STDOUT)
            put(answer, content, n);
        if (h[1] == END_REQUEST)
            return content[4] == 0 ? FCGI_DONE : FCGI_BROKEN; /* protocol status */
    }
}

static enum fcgi_end send_all(const struct call *c)
{
    for (size_t at = 0; at < c->nout;) {
        if (!ready(c, POLLOUT))
            return FCGI_TIMEOUT;
        ssize_t n = send(c->fd, c->out + at, c->nout - at, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno != EAGAIN && errno != EINTR)
            return FCGI_DONE; /* it answers before it has read all: look at what it says */
        at += n > 0 ? (size_t)n : 0;
    }
    return FCGI_DONE;
}

static void finish(struct fcgi_answer *out, struct call *answer)
{
    put(answer, "", 1);
    out->text = answer->out;
    out->ntext = answer->nout - 1;
    char *blank = strstr(out->text, "\r\n\r\n");
    out->body = blank == NULL ? out->text + out->ntext : blank + 4;
    out->nbody = out->ntext - (size_t)(out->body - out->text);
    const char *status = strstr(out->text, "Status: ");
    out->status = status == NULL ? 200 : (int)strtol(status + 8, NULL, 10);
}

static int pause_ms;

void fcgi_set_pause(int ms)
{
    pause_ms = ms;
}

enum fcgi_end fcgi_call(const char *address, const char *const *params, const char *body,
                        size_t nbody, int timeout_ms, struct fcgi_answer *out)
{
    struct call c = { .deadline = now_ms() + timeout_ms }, answer = { .fd = -1 };
    *out = (struct fcgi_answer){ 0 };
    c.fd = open_address(address);
    if (c.fd < 0)
        return FCGI_NO_CONNECTION;
    if (pause_ms > 0)
        (void)poll(NULL, 0, pause_ms);
    encode(&c, params, body, nbody);
    enum fcgi_end e = send_all(&c);
    if (e == FCGI_DONE)
        e = receive(&c, &answer);
    close(c.fd);
    free(c.out);
    if (e == FCGI_DONE)
        finish(out, &answer);
    else
        free(answer.out);
    return e;
}

enum fcgi_end fcgi_get(const char *address, const char *host, const char *uri,
                       const char *request_id, int timeout_ms, struct fcgi_answer *out)
{
    char line[4][2200];
    (void)snprintf(line[0], sizeof line[0], "REQUEST_URI=%s", uri);
    (void)snprintf(line[1], sizeof line[1], "HTTP_HOST=%s", host);
    (void)snprintf(line[2], sizeof line[2], "REQUEST_ID=%s", request_id == NULL ? "" : request_id);
    (void)snprintf(line[3], sizeof line[3], "QUERY_STRING=%s",
                   strchr(uri, '?') == NULL ? "" : strchr(uri, '?') + 1);
    const char *const params[] = { "REQUEST_METHOD=GET",
                                   line[0],
                                   line[1],
                                   line[2],
                                   line[3],
                                   "REMOTE_ADDR=127.0.0.1",
                                   "SERVER_PROTOCOL=HTTP/1.1",
                                   "GATEWAY_INTERFACE=CGI/1.1",
                                   NULL };
    return fcgi_call(address, params, NULL, 0, timeout_ms, out);
}

void fcgi_answer_free(struct fcgi_answer *a)
{
    free(a->text);
    *a = (struct fcgi_answer){ 0 };
}

const char *fcgi_end_name(enum fcgi_end e)
{
    static const char *const names[] = { "done", "no connection", "broken", "timeout" };
    return names[e];
}
