/* nosymbol.c: a shared object that is no module: it exports something, but not the one symbol the
 * loader asks for. For the refusal only. */
#include "base/attr.h"

extern const int nosymbol_something KADE_API;
const int nosymbol_something = 1;
