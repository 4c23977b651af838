/* mail.h: mail to people. mail_queue stores it in the transaction of its cause; the jobs process
 * renders, composes and sends it after the commit, again and again until the server takes it or
 * refuses it for good. Once per (event, to, template): a second call with the same three does
 * nothing (T32).
 *
 * A mail is two templates of one name: templates/mail/order_placed.tpl (HTML, the content inside
 * mail/shell.tpl) and templates/mail/order_placed.txt.tpl (text, its first line is the subject).
 * Both are declared in the app_template table of the module that sends. values is JSON text of an
 * object whose keys are the templates' names:
 *   "NAME": "text" or 12      value
 *   "PAID": true              section shown (false: not)
 *   "TOTALS": { .. }          section shown with values of its own
 *   "LINE": [ { .. }, { .. }] section once per element
 * Set for every mail template: TENANT_NAME, LANG, DIR, SHOP_URL (the shop's own host with the
 * language's prefix, no final /): links are written {{SHOP_URL}}/account/orders/{{NUMBER}}.
 * Amounts, dates and words in values are formatted by the caller, in the mail's language. */
#ifndef APP_MAIL_H
#define APP_MAIL_H

#include "app/module.h"
#include "app/types.h"
#include "base/id.h"

struct locale;

struct mail {
    struct uuid event;           /* what it is about: the order, the token, the change */
    const char *template;        /* "mail/order_placed" */
    const char *to, *name;       /* normalised address; name may be NULL */
    const struct locale *locale; /* NULL: the shop's first */
    const char *values;          /* NULL: {} */
    bool marketing;              /* carries List-Unsubscribe; the caller has the consent */
    int64_t not_after;           /* a link that has run out is not sent any more; 0: no end */
};

/* Inside db_tx. RC_INVALID when to is no address or values no JSON object. */
KADE_API enum rc mail_queue(struct db *db, const struct mail *m) ATTR_MUST_CHECK;
/* Keyed hash under which a recipient is known (32 bytes); as hexadecimal digits for events. */
KADE_API void mail_recipient_hash(const char *to, unsigned char out[32]);
/* The token of an unsubscribe link, and who it is of: sealed, good for ever. RC_INVALID a token
 * that is not ours for this shop. */
KADE_API const char *mail_unsubscribe_token(struct arena *a, struct uuid tenant, const char *to);
KADE_API enum rc mail_unsubscribe_open(struct arena *a, struct uuid tenant, const char *token,
                                       const char **to) ATTR_MUST_CHECK;

/* ---- of the built-in module: jobs --------------------------------------------------------------
 */
enum { MAIL_TRIES = 20, MAIL_TIMEOUT_S = 240 };
enum rc mail_send_job(struct app_ctx *app, const struct job *j) ATTR_MUST_CHECK;
enum rc mail_forget(struct app_ctx *app, const struct event *e) ATTR_MUST_CHECK;
enum rc mail_expire_job(struct app_ctx *app, const struct job *j) ATTR_MUST_CHECK;

#endif
