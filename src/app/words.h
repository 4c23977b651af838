/* words.h: by which words a person (an order, a ticket) is found by staff: folded words, e-mail,
 * and the digits of a phone number forwards and backwards, so that its end is found as well
 * (data-model.md 1.7). Prefix search under the policy. */
#ifndef APP_WORDS_H
#define APP_WORDS_H

#include "app/types.h"
#include "base/id.h"

struct words_of {
    const char *const *texts; /* names, company: folded and cut into words */
    size_t ntexts;
    const char *email; /* whole, and its words; NULL none */
    const char *phone; /* E.164; NULL none */
};
/* Inside db_tx: the words of this one are exactly these. An empty w forgets them. */
KADE_API enum rc words_put(struct db *db, const char *resource, struct uuid id,
                           const struct words_of *w) ATTR_MUST_CHECK;

#endif
