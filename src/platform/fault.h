/* fault.h: test builds (--enable-fault) count every call that can fail in the field and make the
 * Nth one fail. In other builds the macro is a constant false and costs nothing. */
#ifndef PLATFORM_FAULT_H
#define PLATFORM_FAULT_H

#include <stdbool.h>

#include "base/attr.h"

enum fault_kind { FAULT_DB, FAULT_CACHE, FAULT_HTTP, FAULT_FILE, FAULT_KINDS };

#ifdef KADE_FAULT
KADE_API bool fault_here(enum fault_kind kind, const char *what);
/* Arms: the n-th counted call of any kind in mask (1u << kind) fails; n = 0 only counts. */
KADE_API void fault_arm(unsigned mask, unsigned n);
KADE_API unsigned fault_count(void); /* calls since fault_arm */
#else
#define fault_here(kind, what) (false)
#endif

#endif
