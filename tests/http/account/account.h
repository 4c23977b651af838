/* account.h: a browser of one person for the tests of accounts: it keeps its cookie, takes tokens
 * from the forms it sees, and reads its mail. */
#ifndef TESTS_HTTP_ACCOUNT_H
#define TESTS_HTTP_ACCOUNT_H

#include "kit/mail.h"

struct person {
    struct kit *k;
    const char *host, *ip;
    char cookie[512];
    struct kit_answer a; /* the last one */
};

/* A kit with the account module, mails and attempts of before forgotten. */
struct kit *account_kit(void);
struct person person(struct kit *k, const char *host);
/* A request with the cookie; what the answer sets is kept. */
void go(struct person *p, const char *path);
/* POST with the session's token, when there is a session. */
void send_form(struct person *p, const char *path, const char *body_fmt, ...) ATTR_FORMAT(3, 4);
/* GET where the last answer sends to. */
void follow(struct person *p);
/* ends the test unless the last answer sends to path */
void sent_to(const struct person *p, const char *path);
/* An account of that address in the person's shop, by way of the mail; signed in. */
void join(struct person *p, const char *email, const char *password);
/* The token of the newest link of a kind ("/reset/") in the mailbox of an address. */
const char *link_of(struct person *p, const char *email, const char *kind);
void sign_in(struct person *p, const char *email, const char *password);
bool signed_in(struct person *p);

#endif
