/* device.h: where a customer is signed in. A device is one session; its name on a page is a digest
 * that opens nothing. */
#ifndef APP_DEVICE_H
#define APP_DEVICE_H

#include "app/types.h"
#include "base/id.h"

struct device {
    const char *name; /* for forms */
    unsigned char hash[32];
    const char *ip, *agent; /* "" unknown */
    int64_t seen_at, created_at;
};
struct device_list {
    struct device *row;
    size_t n;
};
/* Last seen first, at most 100. */
KADE_API enum rc devices_of(struct db *db, struct uuid customer,
                            struct device_list *out) ATTR_MUST_CHECK;
/* Inside db_tx. One by its name; all but one. */
KADE_API enum rc device_end(struct db *db, struct uuid customer, const char *name,
                            bool *found) ATTR_MUST_CHECK;
KADE_API enum rc devices_end(struct db *db, struct uuid customer,
                             const unsigned char but[32]) ATTR_MUST_CHECK;

#endif
