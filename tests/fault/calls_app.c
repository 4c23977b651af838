/* calls_app.c: how the core's own actions are called while calls fail (torture.h). */
#include "torture.h"

static const struct torture_call calls[] = {
    { .route = "POST /preferences", .body = "theme=dark&currency=USD&locale=si&next=%2Flist" },
    { 0 }
};

TORTURE(.name = "app", .calls = calls)
