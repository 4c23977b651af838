/* rc.c: the words for result codes, as logs and tests print them. Not the texts that people read:
 * those are chosen by the router and translated. Invariant: every code has a word, an unknown one
 * is "unknown". */
#include "base/rc.h"

const char *rc_name(enum rc rc)
{
    switch (rc) {
    case RC_OK:
        return "ok";
    case RC_DECLINED:
        return "declined";
    case RC_INVALID:
        return "invalid";
    case RC_UNAUTH:
        return "unauth";
    case RC_DENIED:
        return "denied";
    case RC_NOTFOUND:
        return "notfound";
    case RC_GONE:
        return "gone";
    case RC_CONFLICT:
        return "conflict";
    case RC_LIMIT:
        return "limit";
    case RC_RETRY:
        return "retry";
    case RC_UPSTREAM:
        return "upstream";
    case RC_BUG:
        return "bug";
    }
    return "unknown";
}
