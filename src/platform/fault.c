/* fault.c: makes the Nth call that can fail in the field fail, in --enable-fault builds, so that a
 * test can walk through every failure of an operation one by one. Not compiled into other builds.
 * Invariant: once fired it stays quiet until armed again, so that what follows a failure
 * (clean-up, an error page) is tested on a working world. */
#include "platform/fault.h"

#ifdef KADE_FAULT
#include "base/log.h"

static struct {
    unsigned mask, fail_at, count;
} state;

bool fault_here(enum fault_kind kind, const char *what)
{
    if (!(state.mask & (1u << kind)))
        return false;
    if (++state.count != state.fail_at)
        return false;
    log_debug("fault", "kind=%d call=%s n=%u", (int)kind, what, state.count);
    return true;
}

void fault_arm(unsigned mask, unsigned n)
{
    state.mask = mask;
    state.fail_at = n;
    state.count = 0;
}

unsigned fault_count(void)
{
    return state.count;
}
#endif
