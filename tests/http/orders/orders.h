/* orders.h: orders of shop a for tests, made by SQL: two lamps and a shirt, delivered by post, with
 * tax inside the price; parcels, payments and refunds on them. */
#ifndef TESTS_ORDERS_H
#define TESTS_ORDERS_H

#include "../storefront/shop.h"

#define ORDERS_TOTAL  1055000 /* LKR 10,550.00 */
#define ORDERS_TENANT "SELECT set_config('kade.tenant', '" KIT_SHOP_A "', false);"

struct orders_ask {
    const char *number;   /* NULL: the next of T-1, T-2, ... */
    const char *email;    /* NULL: none, as with a phone alone */
    const char *customer; /* KIT_ANN; NULL: a guest */
    const char *locale;   /* NULL: en */
    const char *name;     /* of who gets it; NULL: Nimal Perera */
    const char *state;    /* NULL: confirmed */
};
/* Everything of orders in shop a is gone; what an order needs to be made is there. */
void orders_wipe(struct kit *k);
/* The id of a new order. */
const char *orders_add(struct kit *k, const struct orders_ask *ask);
/* Half of the total was paid, by a charge called n; twice with different n: all of it. */
void orders_capture(struct kit *k, const char *order, int n);
/* The nth parcel leaves: one lamp. */
void orders_ship(struct kit *k, const char *order, int n);
/* LKR 100.00 were given back. */
void orders_refund(struct kit *k, const char *order, int n);
/* The two rights of a customer as their account page asks for them: the copy, being forgotten. */
struct orders_copy {
    const char *json;
};
struct orders_copy orders_copy(struct kit *k, const char *customer);
void orders_forget(struct kit *k, const char *customer);
/* What the outbox would say. payload NULL: {}. */
void orders_tell(struct kit *k, const char *topic, const char *order, const char *payload);

#endif
