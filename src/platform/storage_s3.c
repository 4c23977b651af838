/* storage_s3.c: objects in an S3-compatible store: <endpoint>/<bucket>/<key>, each request signed
 * (AWS signature version 4, by libcurl), with time-outs, three tries, no redirects. What is public
 * must be readable through storage.public_url or a proxy in front; that is the bucket's policy, not
 * ours. Invariant: the secret is neither logged nor kept outside this process. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/str.h"
#include "platform/crypto.h"
#include "platform/fault.h"
#include "platform/http.h"
#include "platform/storage_int.h"

enum { TRIES = 3, PAUSE_MS = 200, SECRET_MOST = 256 };
static const char empty_sha256[] =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

static enum rc read_secret(const struct conf *c, char out[SECRET_MOST])
{
    FILE *f = fault_here(FAULT_FILE, "storage secret") ? NULL : fopen(c->s3_secret_file, "re");
    if (f == NULL || fgets(out, SECRET_MOST, f) == NULL)
        *out = '\0';
    if (f != NULL)
        fclose(f);
    out[strcspn(out, " \t\r\n")] = '\0';
    if (*out != '\0')
        return RC_OK;
    log_error("no secret for the store", "file=%s hint=\"write the key there, readable by Kade\"",
              c->s3_secret_file);
    return RC_UPSTREAM;
}

static void pause_ms(long ms)
{
    const struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
    (void)nanosleep(&t, NULL);
}

static bool worth_another(enum rc rc, int status)
{
    return rc == RC_UPSTREAM || (rc == RC_OK && (status >= 500 || status == 429));
}

static enum rc ask(const struct conf *c, struct arena *a, struct http_ask *q, const char *sha256,
                   const char *key, struct http_answer *out)
{
    char secret[SECRET_MOST];
    const char *problem = NULL;
    enum rc rc = read_secret(c, secret);
    if (rc != RC_OK)
        return rc;
    struct http_sign sign = { .region = c->s3_region,
                              .service = "s3",
                              .access_key = c->s3_access_key,
                              .secret = secret,
                              .content_sha256 = sha256 };
    q->url = arena_printf(a, "%s/%s/%s", c->s3_endpoint, c->s3_bucket, key);
    q->total_ms = c->storage_timeout_ms;
    q->sign = &sign;
    for (int i = 0; i < TRIES; i++) {
        if (i > 0)
            pause_ms((long)PAUSE_MS << (2 * (i - 1)));
        rc = http_ask(a, q, out, &problem);
        if (!worth_another(rc, out->status))
            break;
    }
    explicit_bzero(secret, sizeof secret);
    if (rc == RC_UPSTREAM)
        log_error("store not reached", "method=%s key=%s why=%s", q->method, key, problem);
    return rc;
}

/* What an answer other than the expected one means. The store's own words go to the log. */
static enum rc refused(const char *method, const char *key, const struct http_answer *r)
{
    if (r->status == 404)
        return RC_NOTFOUND;
    log_error("store refused", "method=%s key=%s status=%d answer=%.200s", method, key, r->status,
              r->body);
    return RC_UPSTREAM;
}

enum rc s3_put(const struct conf *c, struct arena *a, const char *key, const char *mime,
               const void *p, size_t n)
{
    bool open = str_starts(key, "media/");
    const char *headers[] = { arena_printf(a, "Content-Type: %s", mime),
                              open ? "Cache-Control: public, max-age=31536000, immutable" : NULL,
                              NULL };
    struct http_ask q = { .method = "PUT", .headers = headers, .body = p, .nbody = n };
    struct http_answer r = { 0 };
    enum rc rc = ask(c, a, &q, crypto_sha256_hex(a, p, n), key, &r);
    if (rc != RC_OK || r.status == 200)
        return rc;
    rc = refused("PUT", key, &r);
    return rc == RC_NOTFOUND ? RC_UPSTREAM : rc; /* the bucket is missing */
}

enum rc s3_get(const struct conf *c, struct arena *a, const char *key, size_t most, char **out,
               size_t *n)
{
    struct http_ask q = { .method = "GET", .most = most };
    struct http_answer r = { 0 };
    enum rc rc = ask(c, a, &q, empty_sha256, key, &r);
    if (rc != RC_OK)
        return rc;
    if (r.status != 200)
        return refused("GET", key, &r);
    if (r.nbody > most)
        return RC_LIMIT;
    *out = arena_memdup(a, r.body, r.nbody + 1); /* with the NUL */
    *n = r.nbody;
    return RC_OK;
}

enum rc s3_exists(const struct conf *c, struct arena *a, const char *key, bool *out)
{
    struct http_ask q = { .method = "HEAD" };
    struct http_answer r = { 0 };
    enum rc rc = ask(c, a, &q, empty_sha256, key, &r);
    if (rc != RC_OK)
        return rc;
    if (r.status != 200 && r.status != 404)
        return refused("HEAD", key, &r);
    *out = r.status == 200;
    return RC_OK;
}

enum rc s3_delete(const struct conf *c, struct arena *a, const char *key)
{
    struct http_ask q = { .method = "DELETE" };
    struct http_answer r = { 0 };
    enum rc rc = ask(c, a, &q, empty_sha256, key, &r);
    if (rc != RC_OK)
        return rc;
    return r.status == 204 || r.status == 200 || r.status == 404 ? RC_OK
                                                                 : refused("DELETE", key, &r);
}
