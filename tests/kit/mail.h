/* mail.h: the mail of a test: the jobs process at work in this process, the letters it wrote, and a
 * real SMTP server (aiosmtpd) that can misbehave. */
#ifndef TESTS_KIT_MAIL_H
#define TESTS_KIT_MAIL_H

#include <sys/types.h>

#include "kit/http.h"

/* Hands out events and runs jobs as kade_jobs does, until nothing is ready. */
void kit_work(struct kit *k);
/* The nth letter (1 = first written) to an address from the state folder's mail/, decoded: headers
 * as they are, bodies in UTF-8; NULL when there is none. */
const char *kit_letter(struct kit *k, const char *to, unsigned nth);
unsigned kit_letters(struct kit *k, const char *to);
/* What follows the first needle in a letter up to white space; ends the program when it is not
 * there.
 */
const char *kit_after(struct kit *k, const char *letter, const char *needle);

/* Exit status of a line of shell. */
int kit_shell(struct kit *k, const char *fmt, ...) ATTR_FORMAT(2, 3);

struct smtp {
    pid_t pid;
    int port, in;
    const char *dir;
};
/* options: NULL-terminated, see smtp.py. dir: an existing folder. */
struct smtp smtp_start(const char *dir, const char *const *options);
void smtp_stop(struct smtp *s);

#endif
