/* mail.h: one letter: written as MIME by libkade-mail (GMime, loaded by the process that sends and
 * by no other), then given to an SMTP server by libcurl, or to a folder. What is queued and when it
 * is tried again is app/mail.h's. No value can add a header or a recipient: lines are refused here
 * whatever was checked before. */
#ifndef PLATFORM_MAIL_H
#define PLATFORM_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/rc.h"
#include "platform/conf.h"

struct mail_letter {
    const char *id;               /* local part of Message-ID: the same letter, the same id */
    const char *from, *from_name; /* address; name for people, may be "" */
    const char *to, *to_name;     /* to_name may be NULL */
    const char *reply_to;         /* NULL: none */
    const char *subject;          /* one line */
    const char *text, *html;      /* both forms of the same */
    const char *language;         /* BCP 47 */
    const char *unsubscribe;      /* https address for List-Unsubscribe; NULL: no marketing */
    int64_t date;                 /* instant */
};

enum { MAIL_BYTES_MOST = 4 * 1024 * 1024, MAIL_SUBJECT_MOST = 200 /* characters */ };

/* An address that may be put into an envelope: local@domain, no blanks, brackets, quotes or
 * controls, 254 bytes. The form's F_EMAIL has already normalised it; this is the last look. */
KADE_API bool mail_address_ok(const char *address);
/* One line for a header: controls and blanks become single spaces, cut at most characters. */
KADE_API char *mail_line(struct arena *a, const char *s, size_t most) ATTR_RETNONNULL;
/* The letter in MIME with CRLF line ends. RC_INVALID an address is none; RC_UPSTREAM the library is
 * not installed (logged). */
KADE_API enum rc mail_compose(struct arena *a, const struct mail_letter *letter, const char **out,
                              size_t *n) ATTR_MUST_CHECK;
/* To the server of conf.smtp_url, or as <state>/mail/<id>.eml. RC_OK it was taken; RC_INVALID it
 * was refused for good (no such recipient); RC_UPSTREAM try again later. *problem: one line, with
 * the address of the recipient masked. */
KADE_API enum rc mail_deliver(const struct conf *c, struct arena *a, const char *id, const char *to,
                              const char *p, size_t n, const char **problem) ATTR_MUST_CHECK;

#endif
