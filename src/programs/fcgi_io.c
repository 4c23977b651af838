/* fcgi_io.c: one FastCGI request in, one answer out. Trusts nobody's bytes: it only moves them;
 * decoding, limits and cleaning are app/req.c's. Environment strings are copied because libfcgi
 * frees them while the request's after-work still runs. Header values from handlers are sent only
 * when they hold no line break, so an answer can never be split. */
#include "programs/fcgi_io.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"

enum { HEADERS_MOST = 128, HEADER_NAME_MOST = 128 };

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

static bool one_line(const char *s)
{
    return s != NULL && strpbrk(s, "\r\n") == NULL;
}

static void put(FCGX_Request *q, const char *s)
{
    (void)FCGX_PutStr(s, (int)strlen(s), q->out);
}

static void put_header(FCGX_Request *q, const char *name, const char *value)
{
    if (!one_line(name) || !one_line(value)) {
        log_error("header dropped", "name=%s", name == NULL ? "-" : name);
        return;
    }
    put(q, name);
    put(q, ": ");
    put(q, value);
    put(q, "\r\n");
}

void fcgi_write(FCGX_Request *q, const struct req *r)
{
    const struct req_out *o = &r->out;
    char line[64];
    (void)snprintf(line, sizeof line, "Status: %d\r\n", o->status == 0 ? 500 : o->status);
    put(q, line);
    if (o->type != NULL)
        put_header(q, "Content-Type", o->type);
    for (size_t i = 0; i < o->nheaders; i++)
        put_header(q, o->header[i].name, o->header[i].value);
    bool bodiless = o->status == 204 || o->status == 304 || o->status / 100 == 1;
    if (o->accel != NULL) {
        put_header(q, "X-Accel-Redirect", o->accel);
    } else if (!bodiless) {
        (void)snprintf(line, sizeof line, "Content-Length: %zu\r\n", o->body.n);
        put(q, line);
    }
    put(q, "\r\n");
    if (!r->head && !bodiless && o->accel == NULL)
        (void)FCGX_PutStr(o->body.p, (int)o->body.n, q->out);
}
