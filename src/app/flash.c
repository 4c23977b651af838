/* flash.c: one sentence for the next page, in a signed cookie that the page showing it clears. It
 * is plain text; the template escapes it. Invariant: what was not signed for this shop by us is
 * never shown, and a page that shows one is never stored. */
#include <string.h>

#include "app/req_priv.h"
#include "app/tenant.h"
#include "base/str.h"
#include "base/utf8.h"
#include "platform/crypto.h"

enum { TEXT_MAX = 300, LIFE_S = 300, MAC_BYTES = 16 };
static const char cookie_name[] = "flash";

static void sign(const struct req *r, const unsigned char *p, size_t n,
                 unsigned char out[CRYPTO_HASH])
{
    unsigned char bound[16 + 1 + TEXT_MAX * 4];
    size_t take = n < sizeof bound - 16 ? n : sizeof bound - 16;
    memcpy(bound, r->tenant->id.b, 16);
    memcpy(bound + 16, p, take);
    crypto_mac("flash", bound, 16 + take, out);
}

void flash_set(struct req *r, enum flash_kind kind, const char *text)
{
    struct req_live *l = req_live(r);
    unsigned char whole[MAC_BYTES + 1 + TEXT_MAX * 4 + 1], mac[CRYPTO_HASH];
    const char *cut = utf8_cut(r->arena, text, TEXT_MAX);
    size_t n = strlen(cut);
    if (!r->tenant)
        return;
    if (n > TEXT_MAX * 4)
        n = TEXT_MAX * 4;
    whole[MAC_BYTES] = (unsigned char)kind;
    memcpy(whole + MAC_BYTES + 1, cut, n);
    sign(r, whole + MAC_BYTES, n + 1, mac);
    memcpy(whole, mac, MAC_BYTES);
    l->flash_set = true;
    l->flash_kind = kind;
    l->flash_text = cut;
    req_set_cookie(r, cookie_name, crypto_base64url(r->arena, whole, MAC_BYTES + 1 + n), LIFE_S,
                   COOKIE_HTTP_ONLY);
}

static bool read_cookie(struct req *r, enum flash_kind *kind, const char **text)
{
    const char *cookie = req_cookie(r, cookie_name);
    unsigned char *p, mac[CRYPTO_HASH];
    char *clean;
    size_t n;
    if (str_empty(cookie) || !r->tenant ||
        crypto_base64url_decode(r->arena, cookie, &p, &n) != RC_OK || n < MAC_BYTES + 2 ||
        n > MAC_BYTES + 1 + TEXT_MAX * 4)
        return false;
    sign(r, p + MAC_BYTES, n - MAC_BYTES, mac);
    if (!crypto_equal(mac, p, MAC_BYTES) || p[MAC_BYTES] > FLASH_BAD ||
        utf8_clean(r->arena, (const char *)p + MAC_BYTES + 1, n - MAC_BYTES - 1, UTF8_MULTILINE,
                   &clean) != RC_OK)
        return false;
    *kind = (enum flash_kind)p[MAC_BYTES];
    *text = clean;
    return true;
}

bool flash_take(struct req *r, enum flash_kind *kind, const char **text)
{
    struct req_live *l = req_live(r);
    bool ours = l->flash_set;
    if (l->flash_seen)
        return false;
    if (ours) { /* set and shown by the same request */
        *kind = l->flash_kind;
        *text = l->flash_text;
    } else if (!read_cookie(r, kind, text)) {
        if (req_cookie(r, cookie_name) && !l->cookies_ignored) {
            req_set_cookie(r, cookie_name, "", 0, COOKIE_HTTP_ONLY);
            r->out.no_store = true;
        }
        return false;
    }
    l->flash_seen = true;
    r->out.no_store = true;
    req_set_cookie(r, cookie_name, "", 0, COOKIE_HTTP_ONLY);
    return true;
}
