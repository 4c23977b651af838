/* oldbuild.c: a module compiled against other headers than the core. For the refusal, and for the
 * relaxed loading of third-party modules. */
#include "app/module.h"

#undef APP_BUILD_ID
#define APP_BUILD_ID "0000000000000000"

APP_MODULE(.name = "oldbuild");
