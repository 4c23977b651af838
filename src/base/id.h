/* id.h: UUIDs (RFC 9562). Keys are version 7, so they grow with time; text form is lower case. */
#ifndef BASE_ID_H
#define BASE_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/rc.h"

struct uuid {
    unsigned char b[16];
};

enum { UUID_TEXT = 37 /* with NUL */ };

/* unix_ms: 48 bits; random: 10 bytes of which 74 bits are used. */
KADE_API struct uuid uuid7_make(uint64_t unix_ms, const unsigned char random[10]) ATTR_NONNULL;
KADE_API enum rc uuid_parse(const char *s, struct uuid *out) ATTR_NONNULL ATTR_MUST_CHECK;
KADE_API void uuid_format(struct uuid id, char out[UUID_TEXT]) ATTR_NONNULL;
KADE_API char *uuid_str(struct arena *a, struct uuid id) ATTR_NONNULL ATTR_RETNONNULL;
KADE_API int uuid_cmp(struct uuid a, struct uuid b);
KADE_API bool uuid_is_nil(struct uuid id);

#endif
