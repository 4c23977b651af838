/* csrf.c: does this request come from a page of ours? With a session its token decides, a MAC over
 * the session that only our pages can contain; without one the browser's own word does
 * (Sec-Fetch-Site, else Origin, else Referer), so that a page for visitors carries nothing personal
 * and can be shared. Invariant: what cannot be proved is refused; nothing here writes. */
#include <string.h>

#include "app/req_priv.h"
#include "base/str.h"
#include "platform/crypto.h"

const char *csrf_token(struct req *r)
{
    unsigned char mac[CRYPTO_HASH];
    if (!r->session)
        return "";
    crypto_mac("csrf", r->session->hash, sizeof r->session->hash, mac);
    return crypto_base64url(r->arena, mac, sizeof mac);
}

/* url: "https://shop.example[:port][/...]". The Host header's port counts when it has one. */
static bool same_origin(struct req *r, const char *url)
{
    bool https = strncasecmp(url, "https://", 8) == 0;
    if (!https && strncasecmp(url, "http://", 7) != 0)
        return false;
    if (r->https && !https)
        return false;
    const char *authority = url + (https ? 8 : 7), *host = req_live(r)->in->host;
    size_t n = strcspn(authority, "/?#");
    if (n == 0 || n > 260 || !host || memchr(authority, '@', n))
        return false;
    char *theirs = arena_strndup(r->arena, authority, n), *clean;
    const char *port = host[0] == '[' ? strstr(host, "]:") : strchr(host, ':');
    if (port)
        return str_ieq(theirs, host);
    return req_host_clean(r->arena, theirs, &clean) == RC_OK && str_eq(clean, r->host) &&
           !strchr(theirs[0] == '[' ? theirs + strcspn(theirs, "]") : theirs, ':');
}

static bool browser_says_ours(struct req *r)
{
    const char *site = req_header(r, "sec-fetch-site"), *origin = req_header(r, "origin");
    const char *referer = req_header(r, "referer");
    if (site)
        return str_eq(site, "same-origin");
    if (origin)
        return same_origin(r, origin);
    return referer && same_origin(r, referer);
}

static bool token_matches(struct req *r)
{
    const char *sent = req_pair(req_live(r), "csrf"), *want = csrf_token(r);
    if (!sent)
        sent = req_header(r, "x-csrf-token");
    size_t n = strlen(want);
    return sent && strlen(sent) == n && crypto_equal(sent, want, n);
}

enum rc csrf_check(struct req *r)
{
    struct req_live *l = req_live(r);
    if (r->method == M_GET || l->cookies_ignored || (r->route && (r->route->flags & R_CSRF_OFF)))
        return RC_OK;
    if (r->session) {
        const char *site = req_header(r, "sec-fetch-site");
        if (token_matches(r) && (!site || str_eq(site, "same-origin")))
            return RC_OK;
    } else if (browser_says_ours(r)) {
        return RC_OK;
    }
    return req_fail(r, RC_DENIED,
                    _("This was not sent from a page of this shop, or the page was open for too "
                      "long. Open the page again and repeat what you did."),
                    "csrf: session=%d site=%s origin=%s", r->session != NULL,
                    req_header(r, "sec-fetch-site") ? req_header(r, "sec-fetch-site") : "-",
                    req_header(r, "origin") ? req_header(r, "origin") : "-");
}
