/* session.h: sessions, CSRF and flash. A session is a user's, a customer's or a guest's; only the
 * hash of its 256-bit token is stored; it is valid only while its epoch equals its owner's (T31).
 * Loaded in the page's first round trip; touched after the response. */
#ifndef APP_SESSION_H
#define APP_SESSION_H

#include "app/req.h"
#include "app/types.h"

struct session {
    const char *token; /* from or for the cookie */
    unsigned char hash[32];
    bool is_new;
    struct principal who;
    const char *perms; /* space-separated, " a b "; loaded with the session for users */
    int64_t seen_at, expires_at;
    int32_t epoch;
    struct uuid group; /* of a customer; nil: none */
    bool stays;        /* the browser keeps the cookie after it is closed */
};

/* The request's session, made when there is none (inside a POST). The cookie is set on the answer.
 */
KADE_API enum rc session_need(struct req *r, struct session **out) ATTR_MUST_CHECK;
/* Signs in: new token (fixation), old row replaced. inside db_tx or not. */
KADE_API enum rc session_login(struct req *r, struct principal who, int32_t epoch) ATTR_MUST_CHECK;
/* The same; stays false: the cookie ends with the browser, the session after twelve quiet hours. */
KADE_API enum rc session_login_for(struct req *r, struct principal who, int32_t epoch,
                                   bool stays) ATTR_MUST_CHECK;
KADE_API enum rc session_logout(struct req *r) ATTR_MUST_CHECK;
KADE_API bool session_may(const struct req *r, const char *perm); /* NULL perm: true */

/* Token for forms of this session; "" without one. */
KADE_API const char *csrf_token(struct req *r);
/* The check every non-GET passes (contract.md): RC_OK or RC_DENIED. */
KADE_API enum rc csrf_check(struct req *r) ATTR_MUST_CHECK;

enum flash_kind { FLASH_OK, FLASH_INFO, FLASH_WARN, FLASH_BAD };
/* Shown by the next page: a signed cookie, cleared by the page that shows it. */
KADE_API void flash_set(struct req *r, enum flash_kind kind, const char *text);
/* False when there is none. */
KADE_API bool flash_take(struct req *r, enum flash_kind *kind, const char **text);

#endif
