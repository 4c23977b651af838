/* emvqr.h: payment codes as buyers scan them: the merchant-presented format of EMVCo, which LankaQR
 * and its like are: pieces of id (2 digits), length (2 digits), value, closed by a CRC-16. Pure. */
#ifndef SHOP_EMVQR_H
#define SHOP_EMVQR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/rc.h"

enum { EMVQR_MOST = 512, EMVQR_PIECES = 64 };

/* CRC-16 of the format: polynomial 1021 hex, begins with FFFF, nothing reflected. */
KADE_API uint16_t emvqr_crc(const char *p, size_t n) ATTR_NONNULL;

struct emvqr_piece {
    const char *value;
    size_t n; /* bytes; lengths in a code count characters */
    unsigned id;
};
/* Pieces of a template or of a whole code, each once, without looking at the CRC. RC_INVALID: not
 * well formed, RC_LIMIT: more than EMVQR_PIECES. */
KADE_API enum rc emvqr_split(const char *p, size_t n, struct emvqr_piece out[EMVQR_PIECES],
                             size_t *count) ATTR_NONNULL ATTR_MUST_CHECK;
/* A whole code: begins with piece 00 "01", ends with the CRC, which fits. */
KADE_API enum rc emvqr_parse(const char *text, struct emvqr_piece out[EMVQR_PIECES],
                             size_t *count) ATTR_NONNULL ATTR_MUST_CHECK;

struct emvqr {
    const char *account;               /* the merchant at the scheme: 1 to 99 letters and digits */
    unsigned account_id;               /* of the template it stands in, 26 to 51; LankaQR: 26 */
    const char *category;              /* of the merchant, 4 digits; "0000": none */
    const char *currency;              /* ISO 4217 code */
    int64_t amount;                    /* minor units; > 0 */
    const char *country, *name, *city; /* name, city: cut to 25 and 15 ASCII characters */
    const char *reference;             /* what the transfer is for, at most 25 characters */
};
/* For one payment ("dynamic"). RC_INVALID: a member cannot stand in a code (currency without a
 * number here, text that is not ASCII through and through and becomes empty, ...). */
KADE_API enum rc emvqr_make(struct arena *a, const struct emvqr *what,
                            const char **out) ATTR_NONNULL ATTR_MUST_CHECK;

#endif
