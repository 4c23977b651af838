/* rate.h: request limits, "bucket:count/period", counted in memcached for all workers, per process
 * when memcached is away. Identifier: session's owner, else client address. */
#ifndef APP_RATE_H
#define APP_RATE_H

#include "app/types.h"

struct rate_spec {
    char bucket[32];
    unsigned count, period_s;
};
KADE_API enum rc rate_parse(const char *text,
                            struct rate_spec *out) ATTR_MUST_CHECK; /* "cart:60/min" */
/* RC_OK or RC_LIMIT with the seconds to wait. Sliding by two windows. */
KADE_API enum rc rate_take(struct app_ctx *app, const struct rate_spec *spec, const char *tenant,
                           const char *who, int64_t now, unsigned *wait_s) ATTR_MUST_CHECK;

#endif
