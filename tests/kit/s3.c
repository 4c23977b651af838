/* s3.c: see s3.h. One connection at a time, kept alive; objects are files named by the hash of
 * their key. The signature is computed from the request as it arrived, by the rules of AWS
 * signature version 4, and not by any code of the product. */
#include "kit/s3.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_MOST = 16384, BODY_MOST = 40 * 1024 * 1024, HEADERS = 40 };

struct ask {
    char method[16], uri[1024];
    char *name[HEADERS], *value[HEADERS];
    int n;
    unsigned char *body;
    size_t nbody;
};

static struct {
    struct s3_control *control;
    const char *dir;
    int fd;
} sim;

static void hex(const unsigned char *p, size_t n, char *out)
{
    sodium_bin2hex(out, n * 2 + 1, p, n);
}

static void sha(const void *p, size_t n, char out[65])
{
    unsigned char h[32];
    crypto_hash_sha256(h, p, n);
    hex(h, 32, out);
}

static void hmac(const unsigned char *key, size_t nkey, const char *text, unsigned char out[32])
{
    crypto_auth_hmacsha256_state st;
    crypto_auth_hmacsha256_init(&st, key, nkey);
    crypto_auth_hmacsha256_update(&st, (const unsigned char *)text, strlen(text));
    crypto_auth_hmacsha256_final(&st, out);
}

static const char *header(const struct ask *q, const char *name)
{
    for (int i = 0; i < q->n; i++)
        if (strcasecmp(q->name[i], name) == 0)
            return q->value[i];
    return "";
}

/* ---- reading ---- */

static bool receive(unsigned char *p, size_t n)
{
    while (n > 0) {
        ssize_t r = recv(sim.fd, p, n, 0);
        if (r <= 0)
            return false;
        p += r;
        n -= (size_t)r;
    }
    return true;
}

static bool read_head(char *head)
{
    size_t n = 0;
    while (n < HEAD_MOST - 1) {
        if (!receive((unsigned char *)head + n, 1))
            return false;
        n++;
        if (n >= 4 && memcmp(head + n - 4, "\r\n\r\n", 4) == 0) {
            head[n] = '\0';
            return true;
        }
    }
    return false;
}

static bool read_ask(char *head, struct ask *q)
{
    *q = (struct ask){ .n = 0 };
    if (!read_head(head) || sscanf(head, "%15s %1023s", q->method, q->uri) != 2)
        return false;
    char *line = strstr(head, "\r\n") + 2;
    while (*line != '\r' && q->n < HEADERS) {
        char *end = strstr(line, "\r\n"), *colon = strchr(line, ':');
        *end = *colon = '\0';
        q->name[q->n] = line;
        q->value[q->n++] = colon + 1 + strspn(colon + 1, " \t");
        line = end + 2;
    }
    long length = strtol(header(q, "Content-Length"), NULL, 10);
    if (length < 0 || length > BODY_MOST)
        return false;
    q->nbody = (size_t)length;
    q->body = malloc(q->nbody + 1);
    return q->body != NULL && receive(q->body, q->nbody);
}

/* ---- signature ---- */

static bool refuse(const char *why)
{
    snprintf(sim.control->why, sizeof sim.control->why, "%s", why);
    return false;
}

/* "Credential=a/b/c, SignedHeaders=x;y, Signature=z" */
static bool field(const char *auth, const char *name, char *out, size_t size)
{
    const char *p = strstr(auth, name);
    if (p == NULL)
        return false;
    p += strlen(name);
    size_t n = strcspn(p, ", ");
    if (n >= size)
        return false;
    memcpy(out, p, n);
    out[n] = '\0';
    return true;
}

static void canonical(const struct ask *q, const char *signed_headers, const char *sha256,
                      char *out, size_t size)
{
    size_t n = (size_t)snprintf(out, size, "%s\n%s\n\n", q->method, q->uri);
    char list[500], *save = NULL;
    snprintf(list, sizeof list, "%s", signed_headers);
    for (char *h = strtok_r(list, ";", &save); h != NULL; h = strtok_r(NULL, ";", &save))
        n += (size_t)snprintf(out + n, size - n, "%s:%s\n", h, header(q, h));
    snprintf(out + n, size - n, "\n%s\n%s", signed_headers, sha256);
}

static bool date_ok(const char *stamp)
{
    struct tm tm = { 0 };
    const char *end = strptime(stamp, "%Y%m%dT%H%M%SZ", &tm);
    return end != NULL && *end == '\0' && labs((long)(time(NULL) - timegm(&tm))) < 900;
}

static bool signature_ok(const struct ask *q)
{
    const char *auth = header(q, "Authorization"), *stamp = header(q, "X-Amz-Date");
    char credential[200], list[500], signature[100], scope[200], real[65], day[9];
    if (strncmp(auth, "AWS4-HMAC-SHA256 ", 17) != 0 ||
        !field(auth, "Credential=", credential, sizeof credential) ||
        !field(auth, "SignedHeaders=", list, sizeof list) ||
        !field(auth, "Signature=", signature, sizeof signature))
        return refuse("no signature");
    if (!date_ok(stamp))
        return refuse("date");
    snprintf(day, sizeof day, "%s", stamp);
    snprintf(scope, sizeof scope, "%s/" S3_REGION "/s3/aws4_request", day);
    char want[300];
    snprintf(want, sizeof want, S3_ACCESS "/%s", scope);
    if (strcmp(credential, want) != 0)
        return refuse("credential");
    if (strstr(list, "host") == NULL || strstr(list, "x-amz-date") == NULL ||
        strstr(list, "x-amz-content-sha256") == NULL)
        return refuse("headers that must be signed are not");
    sha(q->body, q->nbody, real);
    if (strcmp(header(q, "x-amz-content-sha256"), real) != 0)
        return refuse("hash of the content");
    static char text[20000], to_sign[600];
    char hashed[65];
    canonical(q, list, real, text, sizeof text);
    sha(text, strlen(text), hashed);
    snprintf(to_sign, sizeof to_sign, "AWS4-HMAC-SHA256\n%s\n%s\n%s", stamp, scope, hashed);
    unsigned char key[32];
    hmac((const unsigned char *)"AWS4" S3_SECRET, strlen("AWS4" S3_SECRET), day, key);
    hmac(key, 32, S3_REGION, key);
    hmac(key, 32, "s3", key);
    hmac(key, 32, "aws4_request", key);
    hmac(key, 32, to_sign, key);
    hex(key, 32, hashed);
    return strcmp(hashed, signature) == 0 ? true : refuse("signature");
}

/* ---- answering ---- */

static void answer(int status, const char *more, const void *body, size_t n, size_t announced)
{
    char head[500];
    int h = snprintf(head, sizeof head, "HTTP/1.1 %d X\r\nContent-Length: %zu\r\n%s\r\n", status,
                     announced, more);
    (void)!send(sim.fd, head, (size_t)h, MSG_NOSIGNAL);
    if (n > 0)
        (void)!send(sim.fd, body, n, MSG_NOSIGNAL);
}

static void object_path(const struct ask *q, char *out, size_t size)
{
    char name[65];
    sha(q->uri, strlen(q->uri), name);
    snprintf(out, size, "%s/%s", sim.dir, name);
}

static void put(const struct ask *q, const char *path)
{
    snprintf(sim.control->last_type, sizeof sim.control->last_type, "%s",
             header(q, "Content-Type"));
    snprintf(sim.control->last_cache, sizeof sim.control->last_cache, "%s",
             header(q, "Cache-Control"));
    FILE *f = fopen(path, "we");
    bool ok = f != NULL && fwrite(q->body, 1, q->nbody, f) == q->nbody;
    if (f != NULL)
        fclose(f);
    answer(ok ? 200 : 500, "", NULL, 0, 0);
}

static void get(const char *path, bool head, bool cut)
{
    FILE *f = fopen(path, "re");
    if (f == NULL) {
        answer(404, "", NULL, 0, 0);
        return;
    }
    unsigned char *p = malloc(BODY_MOST);
    size_t n = p == NULL ? 0 : fread(p, 1, BODY_MOST, f);
    fclose(f);
    answer(200, "Content-Type: application/octet-stream\r\n", p, head ? 0 : cut ? n / 2 : n, n);
    free(p);
}

static bool serve(const struct ask *q, enum s3_mood mood)
{
    char path[600];
    object_path(q, path, sizeof path);
    if (mood == S3_SILENT) {
        char c;
        while (recv(sim.fd, &c, 1, 0) > 0) /* until the other side gives up */
            ;
        return false;
    }
    if (mood == S3_REDIRECT)
        answer(301, "Location: http://127.0.0.1:1/elsewhere\r\n", NULL, 0, 0);
    else if (mood == S3_ERRORS)
        answer(503, "", "busy", 4, 4);
    else if (!signature_ok(q)) {
        sim.control->refused++;
        answer(403, "", sim.control->why, strlen(sim.control->why), strlen(sim.control->why));
    } else if (strncmp(q->uri, "/" S3_BUCKET "/", strlen(S3_BUCKET) + 2) != 0)
        answer(404, "", NULL, 0, 0);
    else if (strcmp(q->method, "PUT") == 0)
        put(q, path);
    else if (strcmp(q->method, "DELETE") == 0)
        answer(unlink(path) == 0 ? 204 : 404, "", NULL, 0, 0);
    else
        get(path, strcmp(q->method, "HEAD") == 0, mood == S3_CUT);
    return mood != S3_CUT;
}

static void run(int listener)
{
    static char head[HEAD_MOST];
    for (;;) {
        sim.fd = accept(listener, NULL, NULL);
        struct ask q;
        bool more = sim.fd >= 0;
        while (more && read_ask(head, &q)) {
            struct s3_control *c = sim.control;
            c->requests++;
            enum s3_mood mood = c->for_requests != 0 ? c->mood : S3_GOOD;
            if (c->for_requests > 0)
                c->for_requests--;
            more = serve(&q, mood);
            free(q.body);
        }
        close(sim.fd);
    }
}

struct s3 s3_start(const char *dir)
{
    struct s3 s = { .control = mmap(NULL, sizeof *s.control, PROT_READ | PROT_WRITE,
                                    MAP_SHARED | MAP_ANONYMOUS, -1, 0) };
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s.control == MAP_FAILED || fd < 0 || bind(fd, (struct sockaddr *)&at, size) != 0 ||
        listen(fd, 16) != 0 || getsockname(fd, (struct sockaddr *)&at, &size) != 0) {
        printf("Bail out! the store did not start: %s\n", strerror(errno));
        exit(1);
    }
    s.port = ntohs(at.sin_port);
    fflush(NULL);
    s.pid = fork();
    if (s.pid == 0) {
        sim.control = s.control;
        sim.dir = dir;
        run(fd);
    }
    close(fd);
    return s;
}

void s3_stop(struct s3 *s)
{
    kill(s->pid, SIGKILL);
    waitpid(s->pid, NULL, 0);
    munmap(s->control, sizeof *s->control);
}
