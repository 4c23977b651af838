/* multipart.c: reads multipart/form-data without ever holding more than one window of it. Strict
 * where browsers are: no preamble, CRLF line ends, one Content-Disposition a part, no nested
 * multiparts, no transfer encodings. It knows nothing of forms beyond the limits it is told.
 * Invariant: a spool file is registered for unlinking before its first byte is written, so no path
 * out of here leaves one behind. */
#include "app/multipart.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"
#include "platform/crypto.h"
#include "platform/fault.h"

enum { WINDOW = 16384, MAX_BOUNDARY = 70, MAX_HEAD = 4096, MAX_NAME = 100, MAX_FILE_NAME = 255 };

struct stream {
    const struct multipart_opt *opt;
    struct arena *arena;
    char *p; /* WINDOW bytes */
    size_t start, end, total;
    bool eof;
    char delim[MAX_BOUNDARY + 5]; /* CRLF -- boundary */
    size_t ndelim;
};

/* Room is made by moving what is left to the front. */
static enum rc stream_fill(struct stream *s)
{
    if (s->eof)
        return RC_OK;
    if (s->start > 0) {
        memmove(s->p, s->p + s->start, s->end - s->start);
        s->end -= s->start;
        s->start = 0;
    }
    if (s->end == WINDOW)
        return RC_OK;
    long n = s->opt->read(s->opt->read_arg, s->p + s->end, WINDOW - s->end);
    if (n < 0 || (size_t)n > WINDOW - s->end)
        return RC_INVALID;
    s->eof = n == 0;
    s->end += (size_t)n;
    s->total += (size_t)n;
    return s->total > s->opt->max_total ? RC_LIMIT : RC_OK;
}

static enum rc stream_need(struct stream *s, size_t n)
{
    while (s->end - s->start < n && !s->eof) {
        enum rc rc = stream_fill(s);
        if (rc != RC_OK)
            return rc;
    }
    return s->end - s->start < n ? RC_INVALID : RC_OK;
}

static bool stream_eat(struct stream *s, const char *text, size_t n)
{
    if (s->end - s->start < n || memcmp(s->p + s->start, text, n) != 0)
        return false;
    s->start += n;
    return true;
}

/* The value of parameter key in "form-data; name=\"x\"; filename=\"y\"". False when malformed;
 * *out NULL when absent. Quoted or token form; a backslash takes the next quote or backslash. */
static bool header_param(struct arena *a, const char *h, const char *key, const char **out)
{
    *out = NULL;
    const char *p = h + strcspn(h, ";");
    while (*p == ';') {
        p++;
        p += strspn(p, " \t");
        size_t nkey = strcspn(p, "=; \t");
        const char *k = p;
        p += nkey;
        if (*p++ != '=')
            return false;
        char *value = arena_alloc(a, strlen(p) + 1);
        size_t n = 0;
        if (*p == '"') {
            for (p++; *p != '"'; p++) {
                if (p[0] == '\\' && (p[1] == '"' || p[1] == '\\'))
                    p++;
                if (*p == '\0')
                    return false;
                value[n++] = *p;
            }
            p++;
        } else {
            while (*p && *p != ';' && *p != ' ' && *p != '\t')
                value[n++] = *p++;
        }
        p += strspn(p, " \t");
        if (*p && *p != ';')
            return false;
        if (nkey == strlen(key) && strncasecmp(k, key, nkey) == 0) {
            if (*out) /* twice: which one would be meant? */
                return false;
            *out = value;
        }
    }
    return true;
}

static bool boundary_set(struct stream *s, const char *content_type)
{
    static const char ok[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                             "'()+_,-./:=? ";
    const char *b;
    if (!header_param(s->arena, content_type, "boundary", &b) || !b)
        return false;
    size_t n = strlen(b);
    if (n == 0 || n > MAX_BOUNDARY || strspn(b, ok) != n || b[n - 1] == ' ')
        return false;
    memcpy(s->delim, "\r\n--", 4);
    memcpy(s->delim + 4, b, n);
    s->ndelim = n + 4;
    return true;
}

static enum rc name_clean(struct arena *a, const char *raw, size_t most, const char **out)
{
    char *clean;
    size_t n = strlen(raw);
    if (n > most)
        return RC_LIMIT;
    enum rc rc = utf8_clean(a, raw, n, 0, &clean);
    if (rc == RC_OK)
        *out = clean;
    return rc;
}

static enum rc disposition(struct arena *a, const char *value, struct multipart_part *part)
{
    const char *name, *file;
    size_t kind = strcspn(value, "; \t");
    if (kind != 9 || strncasecmp(value, "form-data", 9) != 0 ||
        !header_param(a, value, "name", &name) || !name || !*name ||
        !header_param(a, value, "filename", &file))
        return RC_INVALID;
    enum rc rc = name_clean(a, name, MAX_NAME, &part->name);
    if (rc != RC_OK || !file)
        return rc;
    for (const char *p = file; *p; p++) /* a path says nothing to us and much to an attacker */
        if (*p == '/' || *p == '\\')
            file = p + 1;
    if (str_eq(file, ".") || str_eq(file, ".."))
        return RC_INVALID;
    return name_clean(a, file, MAX_FILE_NAME, &part->filename);
}

static enum rc part_header(struct arena *a, const char *line, struct multipart_part *part)
{
    const char *colon = strchr(line, ':');
    if (!colon || colon == line)
        return RC_INVALID;
    const char *value = colon + 1 + strspn(colon + 1, " \t");
    size_t n = (size_t)(colon - line);
    if (n == 19 && strncasecmp(line, "content-disposition", n) == 0)
        return part->name ? RC_INVALID : disposition(a, value, part);
    if (n == 12 && strncasecmp(line, "content-type", n) == 0) {
        if (strncasecmp(value, "multipart/", 10) == 0)
            return RC_INVALID;
        return name_clean(a, value, MAX_NAME, &part->type);
    }
    if (n == 25 && strncasecmp(line, "content-transfer-encoding", n) == 0)
        return str_ieq(value, "binary") || str_ieq(value, "8bit") || str_ieq(value, "7bit")
                   ? RC_OK
                   : RC_INVALID;
    return RC_OK;
}

/* Lines up to the empty one. */
static enum rc part_headers(struct stream *s, struct multipart_part *part)
{
    size_t used = 0;
    for (;;) {
        char *nl;
        while (!(nl = memmem(s->p + s->start, s->end - s->start, "\r\n", 2))) {
            if (s->eof)
                return RC_INVALID;
            if (s->end - s->start > MAX_HEAD)
                return RC_LIMIT;
            enum rc rc = stream_fill(s);
            if (rc != RC_OK)
                return rc;
        }
        size_t n = (size_t)(nl - (s->p + s->start));
        used += n + 2;
        if (used > MAX_HEAD)
            return RC_LIMIT;
        if (memchr(s->p + s->start, '\0', n))
            return RC_INVALID;
        const char *line = arena_strndup(s->arena, s->p + s->start, n);
        s->start += n + 2;
        if (n == 0)
            return part->name ? RC_OK : RC_INVALID;
        enum rc rc = part_header(s->arena, line, part);
        if (rc != RC_OK)
            return rc;
    }
}

typedef enum rc sink_fn(void *arg, const char *p, size_t n);

/* Everything up to the next delimiter goes to sink; the delimiter is eaten. */
static enum rc part_body(struct stream *s, sink_fn *sink, void *arg)
{
    for (;;) {
        size_t have = s->end - s->start;
        char *hit = memmem(s->p + s->start, have, s->delim, s->ndelim);
        size_t n = hit                ? (size_t)(hit - (s->p + s->start))
                   : have < s->ndelim ? 0
                                      : have - s->ndelim + 1;
        enum rc rc = n ? sink(arg, s->p + s->start, n) : RC_OK;
        if (rc != RC_OK)
            return rc;
        s->start += n;
        if (hit) {
            s->start += s->ndelim;
            return RC_OK;
        }
        if (s->eof)
            return RC_INVALID;
        if ((rc = stream_fill(s)) != RC_OK)
            return rc;
    }
}

static enum rc sink_buf(void *arg, const char *p, size_t n)
{
    struct buf *b = arg;
    buf_put(b, p, n);
    return buf_rc(b);
}

struct spool {
    int fd;
    size_t size, max;
};

static enum rc sink_file(void *arg, const char *p, size_t n)
{
    struct spool *f = arg;
    if (n > f->max - f->size)
        return RC_LIMIT;
    f->size += n;
    while (n > 0) {
        ssize_t w =
            fault_here(FAULT_FILE, "spool write") ? (errno = ENOSPC, -1) : write(f->fd, p, n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return RC_UPSTREAM;
        p += w;
        n -= (size_t)w;
    }
    return RC_OK;
}

static void spool_unlink(void *path)
{
    (void)unlink(path);
}

static enum rc part_file(struct stream *s, struct multipart_part *part)
{
    int64_t max = s->opt->file_max ? s->opt->file_max(s->opt->arg, part->name) : -1;
    struct spool f = { .fd = -1, .max = max < 0 ? 0 : (size_t)max };
    if (part->filename[0] == '\0') /* an empty file field: nothing may follow */
        f.max = 0;
    else if (max < 0)
        return RC_INVALID;
    char *path = arena_printf(s->arena, "%s/%s", s->opt->spool_dir, crypto_token(s->arena));
    if (!fault_here(FAULT_FILE, "spool open"))
        f.fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (f.fd < 0)
        return RC_UPSTREAM;
    arena_defer(s->arena, spool_unlink, path);
    enum rc rc = part_body(s, sink_file, &f);
    if (close(f.fd) != 0 && rc == RC_OK)
        rc = RC_UPSTREAM;
    part->path = path;
    part->size = f.size;
    return rc;
}

static enum rc part_read(struct stream *s, struct multipart_part *part)
{
    enum rc rc = part_headers(s, part);
    if (rc != RC_OK)
        return rc;
    if (part->filename)
        return part_file(s, part);
    struct buf b;
    char *clean;
    buf_init(&b, s->arena, s->opt->max_value);
    if ((rc = part_body(s, sink_buf, &b)) != RC_OK)
        return rc;
    if ((rc = utf8_clean(s->arena, b.p, b.n, UTF8_MULTILINE, &clean)) != RC_OK)
        return rc;
    part->value = clean;
    part->size = strlen(clean);
    return RC_OK;
}

/* After the last delimiter only white space may follow. */
static enum rc epilogue(struct stream *s)
{
    for (;;) {
        while (s->start < s->end)
            if (!strchr(" \t\r\n", s->p[s->start]) || s->p[s->start++] == '\0')
                return RC_INVALID;
        if (s->eof)
            return RC_OK;
        enum rc rc = stream_fill(s);
        if (rc != RC_OK)
            return rc;
    }
}

enum rc multipart_read(struct arena *a, const char *content_type, const struct multipart_opt *opt,
                       struct multipart_part **out, size_t *count)
{
    struct stream s = { .opt = opt, .arena = a };
    size_t n = 0;
    if (!boundary_set(&s, content_type))
        return RC_INVALID;
    s.p = arena_alloc(a, WINDOW);
    struct multipart_part *parts = arena_array(a, struct multipart_part, opt->max_parts);
    enum rc rc = stream_need(&s, s.ndelim - 2);
    if (rc != RC_OK)
        return rc;
    if (!stream_eat(&s, s.delim + 2, s.ndelim - 2))
        return RC_INVALID;
    for (;;) {
        if ((rc = stream_need(&s, 2)) != RC_OK)
            return rc;
        if (stream_eat(&s, "--", 2))
            break;
        if (!stream_eat(&s, "\r\n", 2))
            return RC_INVALID;
        if (n == opt->max_parts)
            return RC_LIMIT;
        if ((rc = part_read(&s, &parts[n])) != RC_OK)
            return rc;
        n++;
    }
    if ((rc = epilogue(&s)) != RC_OK)
        return rc;
    *out = parts;
    *count = n;
    return RC_OK;
}
