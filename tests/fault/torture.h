/* torture.h: how to call everything that changes something, so that it can be called while the
 * first, the second, the third ... call to database, cache or file fails. Each module has its rows
 * in tests/fault/calls_MODULE.c (fault_calls in its module.am); routes.c and jobs.c compare them
 * with what the registry holds, both ways: a new route, job or consumer without a row fails. */
#ifndef TESTS_FAULT_TORTURE_H
#define TESTS_FAULT_TORTURE_H

#include <stdbool.h>

#include "../http/storefront/shop.h"
#include "app/ctx.h"
#include "base/id.h"
#include "kit/http.h"

enum torture_who {
    AS_VISITOR,
    AS_GUEST,    /* a session of nobody */
    AS_CUSTOMER, /* KIT_ANN */
    AS_STAFF     /* KIT_STAFF with every permission, by a worker of the staff's pool */
};
struct torture_count { /* rows more by one call that succeeded; none by one that did not */
    const char *sql;
    int rows;
};
struct torture_call {
    const char *route; /* "POST /preferences": method and pattern as the module has it */
    enum torture_who who;
    const char *path;                     /* NULL: the pattern itself */
    const char *(*path_of)(struct kit *); /* made before each call; wins over path */
    const char *body, *type;              /* type NULL: urlencoded; the token goes in a header */
    const char *(*body_of)(struct kit *); /* wins over body */
    const char *before;                   /* SQL, before each call */
    int status;                           /* when nothing fails; 0: 303 */
    struct torture_count counts[4];
};
struct torture_job {
    const char *job;                     /* "shop.price_edges" */
    const char *(*before)(struct kit *); /* makes work for it; the payload, NULL: "{}" */
    const char *holds[4];                /* SQL, 't' when it is done, however often it ran */
    void (*check)(struct kit *);         /* what SQL does not see; NULL: nothing */
};
struct torture_event {
    const char *consumer;                /* "shop:product.changed" */
    const char *(*before)(struct kit *); /* the object's id */
    const char *holds[4];
};
struct torture_module {
    const char *name;
    const struct torture_call *calls; /* tables end with a zeroed row; NULL: none */
    const struct torture_job *jobs;
    const struct torture_event *events;
};
/* Puts a module's rows among the others; once a file. */
#define TORTURE(...)                                                                               \
    __attribute__((constructor)) static void torture_rows(void)                                    \
    {                                                                                              \
        static const struct torture_module rows = { __VA_ARGS__ };                                 \
        torture_add(&rows);                                                                        \
    }
void torture_add(const struct torture_module *m);
extern const struct torture_module *torture_modules[]; /* NULL-terminated */

/* ---- running ---- */

/* Every module of the build, as programs load them; staff: as a worker of the staff's pool. */
struct kit *torture_open(bool staff);
struct kit *torture_open_role(const char *role);
void torture_close(struct kit *k);
/* Arms the nth call; the circuit of the cache is closed, the connection is usable. */
void torture_arm(struct kit *k, unsigned n);
/* True when the nth call was met. Nothing is armed afterwards. */
bool torture_met(unsigned n);
/* What holds at every moment: every doctor_* statement finds nothing in shop a. */
void torture_doctor(struct kit *k, const char *after);
/* The cell as a number; as truth. */
int64_t torture_number(struct kit *k, const char *sql);
bool torture_true(struct kit *k, const char *sql);

#endif
