/* totp.c: liboath and libqrencode behind our names. Codes are compared without telling by time
 * which one nearly fitted; that a step is used once is the caller's to store. QR codes are returned
 * as the path of an SVG, so that markup stays in templates. */
#include "platform/totp.h"

#include <liboath/oath.h>
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/time.h"
#include "platform/crypto.h"

enum { QR_QUIET = 4, QR_TEXT_MOST = 1200 };

int64_t totp_step(int64_t instant)
{
    return instant / SECONDS(TOTP_STEP_S);
}

static bool code_of(const unsigned char *secret, int64_t step, char out[TOTP_DIGITS + 1])
{
    static bool ready;
    if (!ready)
        ready = oath_init() == OATH_OK;
    return ready &&
           oath_hotp_generate((const char *)secret, TOTP_SECRET, (uint64_t)step, TOTP_DIGITS, false,
                              OATH_HOTP_DYNAMIC_TRUNCATION, out) == OATH_OK;
}

enum rc totp_code(struct arena *a, const unsigned char secret[TOTP_SECRET], int64_t step,
                  char **out)
{
    char code[TOTP_DIGITS + 1];
    if (!code_of(secret, step, code))
        return RC_BUG;
    *out = arena_strdup(a, code);
    return RC_OK;
}

bool totp_check(const unsigned char secret[TOTP_SECRET], const char *code, int64_t now,
                int64_t *step)
{
    char typed[TOTP_DIGITS + 1], want[TOTP_DIGITS + 1];
    size_t n = 0;
    bool found = false;
    for (; *code; code++) {
        if (*code == ' ')
            continue;
        if (*code < '0' || *code > '9' || n == TOTP_DIGITS)
            return false;
        typed[n++] = *code;
    }
    if (n != TOTP_DIGITS)
        return false;
    for (int64_t s = totp_step(now) - 1; s <= totp_step(now) + 1; s++) {
        if (!code_of(secret, s, want))
            return false;
        if (crypto_equal(typed, want, TOTP_DIGITS)) {
            found = true;
            *step = s;
        }
    }
    return found;
}

static char *base32(struct arena *a, const unsigned char *p, size_t n, size_t group)
{
    static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    struct buf b;
    unsigned bits = 0, held = 0;
    size_t written = 0;
    buf_init(&b, a, n * 4);
    for (size_t i = 0; i < n; i++) {
        bits = bits << 8 | p[i];
        for (held += 8; held >= 5; held -= 5) {
            if (group && written && written % group == 0)
                buf_char(&b, ' ');
            buf_char(&b, set[bits >> (held - 5) & 31]);
            written++;
        }
    }
    return b.p;
}

char *totp_text(struct arena *a, const unsigned char secret[TOTP_SECRET])
{
    return base32(a, secret, TOTP_SECRET, 4);
}

char *totp_url(struct arena *a, const unsigned char secret[TOTP_SECRET], const char *issuer,
               const char *account)
{
    struct buf b;
    buf_init(&b, a, 4096);
    buf_str(&b, "otpauth://totp/");
    buf_url(&b, issuer);
    buf_str(&b, ":");
    buf_url(&b, account);
    buf_printf(&b, "?secret=%s&issuer=", base32(a, secret, TOTP_SECRET, 0));
    buf_url(&b, issuer);
    return b.p;
}

/* One horizontal bar for each run of dark modules. */
static void row(struct buf *b, const unsigned char *p, int width, int y)
{
    for (int x = 0; x < width;) {
        int from = x;
        while (x < width && (p[x] & 1))
            x++;
        if (x > from)
            buf_printf(b, "M%d %dh%dv1h-%dz", from + QR_QUIET, y + QR_QUIET, x - from, x - from);
        else
            x++;
    }
}

enum rc qr_make(struct arena *a, const char *text, struct qr *out)
{
    QRcode *q = strlen(text) > QR_TEXT_MOST ? NULL : QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (!q)
        return RC_LIMIT;
    struct buf b;
    buf_init(&b, a, 256 * 1024);
    for (int y = 0; y < q->width; y++)
        row(&b, q->data + (size_t)y * (size_t)q->width, q->width, y);
    int size = q->width + 2 * QR_QUIET;
    QRcode_free(q);
    if (buf_rc(&b) != RC_OK)
        return RC_LIMIT;
    *out = (struct qr){ size, b.p };
    return RC_OK;
}
