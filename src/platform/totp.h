/* totp.h: one-time codes by time (RFC 6238: SHA-1, 6 digits, 30 s, what every authenticator app
 * speaks) by liboath, and QR codes by libqrencode, as the path of an SVG. */
#ifndef PLATFORM_TOTP_H
#define PLATFORM_TOTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/rc.h"

enum { TOTP_SECRET = 20, TOTP_DIGITS = 6, TOTP_STEP_S = 30 };

/* Step of an instant; the code of a step, for tests. */
KADE_API int64_t totp_step(int64_t instant);
KADE_API enum rc totp_code(struct arena *a, const unsigned char secret[TOTP_SECRET], int64_t step,
                           char **out) ATTR_MUST_CHECK;
/* Is code that of this step or a neighbour (a clock half a minute off)? *step says which. Blanks in
 * code are skipped. Constant in time over the three. */
KADE_API bool totp_check(const unsigned char secret[TOTP_SECRET], const char *code, int64_t now,
                         int64_t *step);
/* The secret as apps take it by hand: base32 in groups of four; and as otpauth: address. */
KADE_API char *totp_text(struct arena *a, const unsigned char secret[TOTP_SECRET]) ATTR_RETNONNULL;
KADE_API char *totp_url(struct arena *a, const unsigned char secret[TOTP_SECRET],
                        const char *issuer, const char *account) ATTR_RETNONNULL;

struct qr {
    int size;         /* of the square in modules, with a quiet zone of 4 */
    const char *path; /* of an SVG: dark modules, one unit each */
};
/* Error correction M. RC_LIMIT text does not fit. */
KADE_API enum rc qr_make(struct arena *a, const char *text, struct qr *out) ATTR_MUST_CHECK;

#endif
