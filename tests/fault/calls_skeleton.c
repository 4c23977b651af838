/* calls_skeleton.c: how the skeleton's actions are called while calls fail (torture.h). The note,
 * its event and the answer: all three or none. */
#include "torture.h"

static const struct torture_call calls[] = {
    { .route = "POST /skeleton",
      .who = AS_STAFF,
      .body = "body=shelf",
      .counts = { { "SELECT count(*) FROM skeleton.notes", 1 },
                  { "SELECT count(*) FROM app.outbox WHERE topic = 'skeleton.added'", 1 } } },
    { 0 }
};

static const char *note(struct kit *k)
{
    (void)k;
    return "0190a000-0000-7000-8000-00000000bbbb"; /* the consumer only empties a page */
}

static const struct torture_event events[] = {
    { .consumer = "skeleton:skeleton.added", .before = note }, { 0 }
};

TORTURE(.name = "skeleton", .calls = calls, .events = events)
