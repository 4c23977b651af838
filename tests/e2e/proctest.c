/* proctest.c: a module for the tests of processes: routes that sleep or crash, jobs that mark,
 * fail, hang or crash, and a consumer of events that fails while a file says so. Never installed.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/event.h"
#include "app/job.h"
#include "app/module.h"
#include "app/req.h"

/* The whole time, whatever signals come. */
static void sleep_ms(int64_t ms)
{
    struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
    while (nanosleep(&t, &t) != 0 && errno == EINTR)
        ;
}

static enum rc page_pid(struct req *r)
{
    return req_text(r, 200, "text/plain", arena_printf(r->arena, "%d\n", (int)getpid()));
}

static enum rc page_big(struct req *r)
{
    size_t n = (size_t)req_param_int(r, "n");
    char *text = arena_alloc(r->arena, n + 1);
    memset(text, 'x', n);
    return req_text(r, 200, "text/plain", text);
}

static enum rc page_crash(struct req *r)
{
    (void)r;
    raise(SIGKILL);
    return RC_BUG;
}

/* Appends a line to <state>/<name>, so that a test sees what ran, in which order and how often. */
static void mark(struct app_ctx *app, const char *name, const char *line)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", app->conf->state_dir, name);
    FILE *f = fopen(path, "ae");
    if (f == NULL)
        return;
    fprintf(f, "%s\n", line);
    fclose(f);
}

static bool is_there(struct app_ctx *app, const char *name)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", app->conf->state_dir, name);
    return access(path, F_OK) == 0;
}

static enum rc page_sleep(struct req *r)
{
    mark(r->app, "sleeping", r->id);
    sleep_ms(req_param_int(r, "ms"));
    return req_text(r, 200, "text/plain", arena_printf(r->arena, "slept in %d\n", (int)getpid()));
}

static enum rc job_mark(struct app_ctx *app, const struct job *j)
{
    const char *word = job_get(j, "word");
    mark(app, "marks", word == NULL ? "-" : word);
    return RC_OK;
}

static enum rc job_hang(struct app_ctx *app, const struct job *j)
{
    mark(app, "hangs", arena_printf(j->arena, "%d %d", (int)j->attempt, (int)getpid()));
    if (j->attempt == 1)
        sleep_ms(600000);
    return RC_OK;
}

static enum rc job_fail(struct app_ctx *app, const struct job *j)
{
    mark(app, "fails", arena_printf(j->arena, "%d", (int)j->attempt));
    return RC_UPSTREAM;
}

static enum rc on_thing(struct app_ctx *app, const struct event *e)
{
    mark(app, "things", e->payload);
    return is_there(app, "refuse") ? RC_UPSTREAM : RC_OK;
}

static const struct app_route routes[] = {
    { M_GET, "/test/sleep/{ms:int}", page_sleep, .flags = R_NO_TENANT | R_NO_SESSION },
    { M_GET, "/test/big/{n:int}", page_big, .flags = R_NO_TENANT | R_NO_SESSION },
    { M_GET, "/test/pid", page_pid, .flags = R_NO_TENANT | R_NO_SESSION },
    { M_GET, "/test/crash", page_crash, .flags = R_NO_TENANT | R_NO_SESSION },
    { 0 }
};
static const struct app_job jobs[] = { { "proctest.mark", 0, 10, 3, job_mark },
                                       { "proctest.hang", 0, 2, 3, job_hang },
                                       { "proctest.long", 0, 300, 3, job_hang },
                                       { "proctest.fail", 0, 10, 1, job_fail },
                                       { 0 } };
static const struct app_event_sub events[] = { { "proctest.thing", EV_JOB, on_thing }, { 0 } };

APP_MODULE(.name = "proctest", .needs = (const char *const[]){ "app", NULL }, .routes = routes,
           .events = events, .jobs = jobs);
