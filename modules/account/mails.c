/* mails.c: mails of accounts: which template, in which language, with which values. They go through
 * the queue like all mail and are never sent from here; a limit per address keeps strangers from
 * filling somebody's mailbox, whoever asks. */
#include "account.h"

#include "app/mail.h"
#include "app/rate.h"
#include "app/tenant.h"
#include "base/log.h"
#include "base/str.h"
#include "platform/json.h"

enum rc account_mail(struct req *r, struct db *db, const char *template, struct uuid event,
                     const char *to, const char *name, int64_t not_after, const char *const *pairs)
{
    struct buf b;
    struct jw w;
    buf_init(&b, r->arena, 64 * 1024);
    jw_init(&w, &b);
    jw_object(&w);
    for (; pairs && pairs[0]; pairs += 2) {
        jw_key(&w, pairs[0]);
        jw_text(&w, pairs[1]);
    }
    jw_end_object(&w);
    if (buf_rc(&b) != RC_OK)
        return RC_LIMIT;
    return mail_queue(db, &(struct mail){ .event = event,
                                          .template = template,
                                          .to = to,
                                          .name = name,
                                          .locale = r->locale,
                                          .values = b.p,
                                          .not_after = not_after });
}

bool account_may_mail(struct req *r, const char *to)
{
    static const struct rate_spec limit = { .bucket = "account.mail",
                                            .count = 6,
                                            .period_s = 3600 };
    unsigned wait;
    enum rc rc = rate_take(r->app, &limit, uuid_str(r->arena, r->tenant->id), to, r->now, &wait);
    if (rc == RC_LIMIT)
        log_info("mail held back", "why=%s wait=%u", "too many to one address", wait);
    return rc == RC_OK;
}
