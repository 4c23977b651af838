/* s3.h: a store that speaks as much S3 as Kade does, in a process of its own, and checks every
 * signature by computing it anew. How it misbehaves is set through shared memory. */
#ifndef TESTS_KIT_S3_H
#define TESTS_KIT_S3_H

#include <stdbool.h>
#include <sys/types.h>

#define S3_ACCESS "AKIDKADETEST"
#define S3_SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define S3_REGION "eu-test-1"
#define S3_BUCKET "kade-test"

enum s3_mood {
    S3_GOOD,
    S3_ERRORS,   /* 503 to everything */
    S3_SILENT,   /* takes the request and says nothing */
    S3_REDIRECT, /* 301 to another address of itself */
    S3_CUT       /* announces more than it sends */
};
struct s3_control {
    enum s3_mood mood;
    int for_requests;      /* the mood holds for so many; -1 for ever */
    int requests, refused; /* counted by the store */
    char why[200];         /* why the last one was refused */
    char last_type[80], last_cache[80];
};
struct s3 {
    pid_t pid;
    int port;
    struct s3_control *control;
};

/* dir: an existing folder for the objects. Ends the program when it cannot start. */
struct s3 s3_start(const char *dir);
void s3_stop(struct s3 *s);

#endif
