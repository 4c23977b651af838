/* customer_int.h: between customer.c and customer_rights.c. Inside db_tx. */
#ifndef SHOP_CUSTOMER_INT_H
#define SHOP_CUSTOMER_INT_H

#include "app/types.h"
#include "base/id.h"

/* Audit row and event (NULL: none) of a change. */
enum rc customer_tell(struct db *db, const char *action, const char *event, struct uuid id,
                      int32_t version) ATTR_MUST_CHECK;
const char *customer_hex(struct arena *a, const unsigned char *p, size_t n);

#endif
