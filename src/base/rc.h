/* rc.h: the one result code. Functions that can fail return it; outputs come last, are named
 * "out" and are untouched on failure. The router maps a code to a status and a page. */
#ifndef BASE_RC_H
#define BASE_RC_H

#include "base/attr.h"

enum rc {
    RC_OK = 0,
    RC_DECLINED, /* not mine: try the next one */
    RC_INVALID,  /* the caller's data is wrong: 422 (400 where there is no form) */
    RC_UNAUTH,   /* nobody is signed in: login page or 401 */
    RC_DENIED,   /* signed in, not allowed: 403 */
    RC_NOTFOUND, /* 404; a row of somebody else looks the same */
    RC_GONE,     /* 410: was here, is not coming back */
    RC_CONFLICT, /* version or state moved on: 409 */
    RC_LIMIT,    /* too fast or too big: 429 or 413 */
    RC_RETRY,    /* serialization failure or deadlock: db_tx runs the body again */
    RC_UPSTREAM, /* database, cache or a service is away: 503 with Retry-After */
    RC_BUG       /* our fault: 500 */
};

/* Stable lower-case word for logs: "ok", "notfound", ... Never NULL. */
KADE_API const char *rc_name(enum rc rc);

#endif
