/* tenant_priv.h: making and freeing the store of known shops; for ctx.c alone. */
#ifndef APP_TENANT_PRIV_H
#define APP_TENANT_PRIV_H

#include "app/tenant.h"

/* The struct lives in a; free before the arena. */
struct tenant_store *tenant_store_new(struct arena *a);
void tenant_store_free(struct tenant_store *s);

#endif
