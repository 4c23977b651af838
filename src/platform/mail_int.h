/* mail_int.h: the one symbol of libkade-mail and the parts of mail.c. Private to them. */
#ifndef PLATFORM_MAIL_INT_H
#define PLATFORM_MAIL_INT_H

#include "platform/mail.h"

#define MAIL_WRITE_SYMBOL "kade_mail_write"
/* Bytes are handed to put, in pieces; false when the letter cannot be made. Uses nothing of
 * libkade, so that the library needs only what it wraps. */
typedef bool mail_write_fn(const struct mail_letter *l, void (*put)(void *, const void *, size_t),
                           void *arg);
KADE_API mail_write_fn kade_mail_write;

enum rc mail_smtp(const struct conf *c, struct arena *a, const char *to, const char *p, size_t n,
                  const char **problem);

#endif
