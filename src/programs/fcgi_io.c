/* fcgi_io.c: one FastCGI request in, one answer out. Trusts nobody's bytes: it only moves them;
 * decoding, limits and cleaning are app/req.c's. Environment strings are copied because libfcgi
 * frees them while the request's after-work still runs. Header values from handlers are sent only
 * when they hold no line break, so an answer can never be split. */
#include "programs/fcgi_io.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/str.h"

enum { HEADERS_MOST = 128, HEADER_NAME_MOST = 128, HEAD_MOST = 64 * 1024 };
/* The protocol's own numbers (FastCGI 1.0, section 8). */
enum { FCGI_HEADER = 8, FCGI_END = 3, FCGI_STDOUT = 6, FCGI_CONTENT_MOST = 65535 };
enum { PARTS_MOST = 1024 }; /* of one writev; IOV_MAX on Linux */

static long body_read(void *arg, char *p, size_t n)
{
    FCGX_Request *q = arg;
    int most = n > INT32_MAX ? INT32_MAX : (int)n;
    int got = FCGX_GetStr(p, most, q->in);
    if (got > 0)
        return got;
    return FCGX_GetError(q->in) != 0 ? -1 : 0;
}

/* HTTP_ACCEPT_LANGUAGE -> accept-language */
static const char *header_name(struct arena *a, const char *name, size_t n)
{
    char *out = arena_strndup(a, name, n);
    for (char *p = out; *p != '\0'; p++)
        *p = *p == '_' ? '-' : (char)tolower((unsigned char)*p);
    return out;
}

static const char *param(FCGX_Request *q, struct arena *a, const char *name)
{
    return arena_strdup(a, FCGX_GetParam(name, q->envp));
}

static void read_headers(FCGX_Request *q, struct arena *a, struct req_in *out)
{
    struct req_header *h = arena_array(a, struct req_header, HEADERS_MOST);
    size_t n = 0;
    for (char **e = q->envp; *e != NULL && n < HEADERS_MOST; e++) {
        const char *name = *e;
        const char *eq = strchr(name, '=');
        if (eq == NULL || (size_t)(eq - name) > HEADER_NAME_MOST)
            continue;
        /* a Proxy header would become HTTP_PROXY, which libraries obey */
        if (str_starts(name, "HTTP_") && !str_starts(name, "HTTP_PROXY="))
            h[n].name = header_name(a, name + 5, (size_t)(eq - name) - 5);
        else if (str_starts(name, "CONTENT_TYPE=") && eq[1] != '\0')
            h[n].name = "content-type";
        else
            continue;
        h[n++].value = arena_strdup(a, eq + 1);
    }
    out->headers = h;
    out->nheaders = n;
}

void fcgi_read_head(FCGX_Request *q, struct arena *a, struct req_in *out)
{
    *out = (struct req_in){ .content_length = -1, .read = body_read, .read_arg = q };
    out->method = param(q, a, "REQUEST_METHOD");
    out->uri = param(q, a, "REQUEST_URI");
    out->host = param(q, a, "HTTP_HOST");
    out->ip = param(q, a, "REMOTE_ADDR");
    out->request_id = param(q, a, "REQUEST_ID");
    if (out->method == NULL)
        out->method = "";
    if (out->uri == NULL)
        out->uri = "";
    out->https = str_eq(FCGX_GetParam("HTTPS", q->envp), "on");
    const char *length = FCGX_GetParam("CONTENT_LENGTH", q->envp);
    int64_t n;
    if (!str_empty(length) && str_int(length, 0, INT64_MAX, &n) == RC_OK)
        out->content_length = n;
    read_headers(q, a, out);
}

/* ---- the answer -------------------------------------------------------------------------------
 * Written by us, not through libfcgi's stream: that one writes 8 KB at a time and then waits until
 * the web server has closed. Here an answer is one system call, and the worker is free at once. */

static bool one_line(const char *s)
{
    return s != NULL && strpbrk(s, "\r\n") == NULL;
}

static void put_header(struct buf *b, const char *name, const char *value)
{
    if (!one_line(name) || !one_line(value)) {
        log_error("header dropped", "name=%s", name == NULL ? "-" : name);
        return;
    }
    buf_str(b, name);
    buf_str(b, ": ");
    buf_str(b, value);
    buf_str(b, "\r\n");
}

/* False: this status has no body. */
static bool has_body(const struct req_out *o)
{
    return o->status != 204 && o->status != 304 && o->status / 100 != 1 && o->accel == NULL;
}

static void make_head(struct buf *b, const struct req *r)
{
    const struct req_out *o = &r->out;
    buf_printf(b, "Status: %d\r\n", o->status == 0 ? 500 : o->status);
    if (o->type != NULL)
        put_header(b, "Content-Type", o->type);
    for (size_t i = 0; i < o->nheaders; i++)
        put_header(b, o->header[i].name, o->header[i].value);
    if (o->accel != NULL)
        put_header(b, "X-Accel-Redirect", o->accel);
    else if (has_body(o))
        buf_printf(b, "Content-Length: %zu\r\n", o->body.n);
    buf_str(b, "\r\n");
}

/* Records that carry head and body, as parts of one write. */
struct records {
    struct arena *arena;
    struct iovec part[PARTS_MOST];
    size_t n;
    int id; /* of the request */
};

static void add_part(struct records *w, const void *p, size_t n)
{
    w->part[w->n].iov_base = (void *)(uintptr_t)p; /* only read */
    w->part[w->n++].iov_len = n;
}

static void add_header(struct records *w, int type, size_t n)
{
    unsigned char *h = arena_alloc(w->arena, FCGI_HEADER);
    h[0] = 1; /* version */
    h[1] = (unsigned char)type;
    h[2] = (unsigned char)(w->id >> 8);
    h[3] = (unsigned char)w->id;
    h[4] = (unsigned char)(n >> 8);
    h[5] = (unsigned char)n;
    add_part(w, h, FCGI_HEADER);
}

static size_t at_most(size_t n, size_t most)
{
    return n < most ? n : most;
}

static void make_records(struct records *w, const struct buf *head, const char *body, size_t nbody)
{
    static const unsigned char complete[8] = { 0 }; /* status 0, FCGI_REQUEST_COMPLETE */
    size_t first = at_most(nbody, FCGI_CONTENT_MOST - head->n);
    add_header(w, FCGI_STDOUT, head->n + first);
    add_part(w, head->p, head->n);
    add_part(w, body, first);
    for (size_t at = first; at < nbody && w->n < PARTS_MOST - 6;) {
        size_t n = at_most(nbody - at, FCGI_CONTENT_MOST);
        add_header(w, FCGI_STDOUT, n);
        add_part(w, body + at, n);
        at += n;
    }
    add_header(w, FCGI_STDOUT, 0);
    add_header(w, FCGI_END, sizeof complete);
    add_part(w, complete, sizeof complete);
}

static void send_records(int fd, struct records *w)
{
    struct iovec *p = w->part;
    size_t left = w->n;
    while (left > 0) {
        const struct msghdr m = { .msg_iov = p, .msg_iovlen = left };
        ssize_t n = sendmsg(fd, &m, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return; /* the reader has gone: nobody is left to tell */
        for (; left > 0 && (size_t)n >= p->iov_len; p++, left--)
            n -= (ssize_t)p->iov_len;
        if (left > 0) {
            p->iov_base = (char *)p->iov_base + n;
            p->iov_len -= (size_t)n;
        }
    }
}

/* Closing a socket with unread bytes in it would reset the connection, and the answer with it. */
static bool all_was_read(FCGX_Request *q)
{
    char rest[4096];
    return FCGX_GetStr(rest, sizeof rest, q->in) < (int)sizeof rest && FCGX_GetError(q->in) == 0;
}

void fcgi_write(FCGX_Request *q, const struct req *r)
{
    const struct req_out *o = &r->out;
    struct records w = { .arena = r->arena, .id = q->requestId };
    struct buf head;
    buf_init(&head, r->arena, HEAD_MOST - 1);
    make_head(&head, r);
    if (buf_rc(&head) != RC_OK) { /* a handler's doing: an answer all the same */
        log_error("head too big", "most=%d", (int)HEAD_MOST);
        buf_clear(&head);
        buf_str(&head, "Status: 500\r\nContent-Length: 0\r\n\r\n");
        make_records(&w, &head, "", 0);
    } else {
        make_records(&w, &head, o->body.p, r->head || !has_body(o) ? 0 : o->body.n);
    }
    send_records(q->ipcFd, &w);
    if (all_was_read(q))
        FCGX_Detach(q); /* close without waiting for the other side */
    FCGX_Free(q, 1);
}
