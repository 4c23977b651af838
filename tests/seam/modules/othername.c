/* othername.c: a module whose file and name differ: half of the system would look for the one, half
 * for the other. For the refusal only. */
#include "app/module.h"

APP_MODULE(.name = "another");
