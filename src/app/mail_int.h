/* mail_int.h: between mail.c (queue, delivery) and mail_render.c (templates). */
#ifndef APP_MAIL_INT_H
#define APP_MAIL_INT_H

#include "app/types.h"

struct app_message;
struct json;
struct mail_letter;

/* Subject, text, HTML, language and unsubscribe link of l; its recipient is known. RC_INVALID a
 * template is missing or its language is gone (logged). */
enum rc mail_render(struct app_ctx *app, const struct job *j, const struct tenant *t,
                    const struct app_message *m, const struct json *values,
                    struct mail_letter *l) ATTR_MUST_CHECK;

#endif
