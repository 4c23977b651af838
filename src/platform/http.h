/* http.h: asking other servers over HTTP: one request, one answer in memory. Redirects are never
 * followed, only http and https are spoken, every call has a time-out, and the answer has a size it
 * may not pass. For jobs and for storage; a page that shoppers wait for asks nobody. */
#ifndef PLATFORM_HTTP_H
#define PLATFORM_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/rc.h"

/* AWS signature version 4 (also spoken by MinIO, Ceph, Garage). */
struct http_sign {
    const char *region, *service, *access_key, *secret;
    const char *content_sha256; /* hex of the body; sent as x-amz-content-sha256 */
};
struct http_ask {
    const char *method, *url;   /* "GET", "PUT", "HEAD", "DELETE", "POST" */
    const char *const *headers; /* "Name: value" lines, NULL-terminated; NULL: none */
    const void *body;           /* NULL: none */
    size_t nbody;
    int connect_ms, total_ms;     /* 0: 2000 and 10000 */
    size_t most;                  /* bytes of the answer's body; 0: 64 KB */
    const struct http_sign *sign; /* NULL: unsigned */
    bool strangers; /* an address people wrote: only hosts of the public Internet are asked */
};
struct http_answer {
    int status;
    const char *type; /* Content-Type; "" when none */
    const char *body; /* in the arena, followed by a NUL */
    size_t nbody;
    int64_t length; /* Content-Length as announced, -1 unknown; for HEAD */
};

/* RC_OK whatever the status is; RC_UPSTREAM no answer came (*problem, which may be NULL, says why,
 * without secrets); RC_LIMIT it is bigger than most; RC_INVALID the address is no http(s) one. The
 * connection is kept for the next call of this process. */
KADE_API enum rc http_ask(struct arena *a, const struct http_ask *ask, struct http_answer *out,
                          const char **problem) __attribute__((nonnull(1, 2, 3))) ATTR_MUST_CHECK;

/* Whether an address is of the public Internet (no loop-back, private, link-local, shared, ...). */
struct sockaddr;
KADE_API bool http_is_public(const struct sockaddr *sa) ATTR_NONNULL;

#endif
