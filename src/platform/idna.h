/* idna.h: the host part of e-mail and web addresses in ASCII (IDNA2008, UTS 46 non-transitional).
 * The only place that knows libidn2. */
#ifndef PLATFORM_IDNA_H
#define PLATFORM_IDNA_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/rc.h"

/* "Bücher.Example" -> "xn--bcher-kva.example", lower case, without a last dot. RC_INVALID when it
 * is no host name of at least one dot-separated label of letters, digits and hyphens, 253 bytes. */
KADE_API enum rc idna_to_ascii(struct arena *a, const char *host, char **out) ATTR_MUST_CHECK;

#endif
