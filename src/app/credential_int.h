/* credential_int.h: between credential.c and credential_factor.c. */
#ifndef APP_CREDENTIAL_INT_H
#define APP_CREDENTIAL_INT_H

#include "app/credential.h"

static inline const struct uuid *credential_user(const struct owner *o)
{
    return o && !uuid_is_nil(o->user) ? &o->user : NULL;
}

static inline const struct uuid *credential_customer(const struct owner *o)
{
    return o && !uuid_is_nil(o->customer) ? &o->customer : NULL;
}

static inline struct uuid credential_owner(const struct owner *o)
{
    return uuid_is_nil(o->user) ? o->customer : o->user;
}

#endif
