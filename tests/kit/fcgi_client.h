/* fcgi_client.h: the web server's side of FastCGI, for tests: one request a connection, as nginx
 * with fastcgi_keep_conn off. Answers are malloc'ed; free with fcgi_answer_free. */
#ifndef TESTS_KIT_FCGI_CLIENT_H
#define TESTS_KIT_FCGI_CLIENT_H

#include <stddef.h>

enum fcgi_end {
    FCGI_DONE,
    FCGI_NO_CONNECTION, /* nobody listens, or the queue is full */
    FCGI_BROKEN,        /* closed or garbled before the end of the answer */
    FCGI_TIMEOUT
};

struct fcgi_answer {
    int status;   /* of the Status header; 200 when there is none */
    char *text;   /* head and body, NUL-terminated */
    size_t ntext; /* without the NUL */
    char *body;   /* inside text */
    size_t nbody;
};

/* address: "unix:/path" or "127.0.0.1:9000". params: "NAME=value", NULL-terminated. */
enum fcgi_end fcgi_call(const char *address, const char *const *params, const char *body,
                        size_t nbody, int timeout_ms, struct fcgi_answer *out);
/* GET of uri with the params a web server sets; request_id may be NULL. */
enum fcgi_end fcgi_get(const char *address, const char *host, const char *uri,
                       const char *request_id, int timeout_ms, struct fcgi_answer *out);
/* Every later call waits this long between connecting and sending, as on a busy machine. */
void fcgi_set_pause(int ms);
void fcgi_answer_free(struct fcgi_answer *a);
const char *fcgi_end_name(enum fcgi_end e);

#endif
