/* tenant_priv.h: making and freeing the store of known shops, for ctx.c; the copy of a shop in
 * memcached, for tenant.c. */
#ifndef APP_TENANT_PRIV_H
#define APP_TENANT_PRIV_H

#include "app/tenant.h"

/* The struct lives in a; free before the arena. */
struct tenant_store *tenant_store_new(struct arena *a);
void tenant_store_free(struct tenant_store *s);

struct app_shop_row;
/* tenant_copy.c. key as the store has it ("host:demo.localhost"); the row's texts lie in a. */
void tenant_copy_put(struct app_ctx *app, struct arena *a, const char *key, uint64_t generation,
                     const struct app_shop_row *row);
bool tenant_copy_get(struct app_ctx *app, struct arena *a, const char *key, uint64_t *generation,
                     struct app_shop_row *out) ATTR_MUST_CHECK;

#endif
