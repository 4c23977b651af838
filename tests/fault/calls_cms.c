/* calls_cms.c: what the shop's texts do when one changed, while calls fail (torture.h). It only
 * empties stored pages: tests/http/cms.c judges what they show. */
#include "torture.h"

static const char *text(struct kit *k)
{
    (void)k;
    return "0190a000-0000-7000-8000-00000000cccc"; /* the consumer only empties pages */
}

static const struct torture_event events[] = { { .consumer = "cms:page.changed", .before = text },
                                               { 0 } };

TORTURE(.name = "cms", .events = events)
