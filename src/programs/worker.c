/* worker.c: the loop of one worker: accept, serve, answer, tidy up, again, until told to stop or
 * until it has served its number of requests. One request at a time; concurrency is the pool.
 *
 * Stopping: SIGTERM is blocked except while the worker waits for a connection, and there it comes
 * without SA_RESTART, so accept returns at once. libfcgi's own accept is not used: it drops a
 * connection when a signal comes between accept and the first byte, or when that byte takes 2 s.
 * Between our look at the flag and accept a signal can still be missed, so the master repeats it.
 * A request in hand is always answered first. Accept blocks in the kernel, which wakes exactly one
 * worker a connection.
 * Invariant: the process never exits between accepting a connection and answering it. */
#include <errno.h>
#include <fcgiapp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/req.h"
#include "base/log.h"
#include "base/time.h"
#include "platform/crypto.h"
#include "programs/fcgi_io.h"
#include "programs/prog.h"

static struct {
    volatile int stop; /* one word: written by the handler, read by the loop */
} self;

static void on_stop(int sig)
{
    (void)sig;
    self.stop = 1;
}

void serve_signals(void)
{
    struct sigaction sa = { .sa_handler = on_stop }; /* no SA_RESTART: see above */
    sigemptyset(&sa.sa_mask);
    sigaction(SIGTERM, &sa, NULL);
    sigaction(SIGINT, &sa, NULL);
    sa.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &sa, NULL);
    sigaction(SIGHUP, &sa, NULL); /* the master's business */
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

const volatile int *serve_stop_flag(void)
{
    return &self.stop;
}

bool serve_stopping(void)
{
    return self.stop != 0;
}

/* A web server sends its request at once; one that stops in the middle of it must not keep us. */
enum { HEAD_TIMEOUT_S = 15 };

static void block_stop(bool on)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(on ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}

/* The next connection, or -1 with errno. What was accepted is served, whatever comes meanwhile. */
static int next_connection(int listen_fd)
{
    const struct timeval most = { .tv_sec = HEAD_TIMEOUT_S };
    const int on = 1;
    block_stop(false); /* one that waits is taken here */
    errno = EINTR;
    int fd = serve_stopping() ? -1 : accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC);
    int why = errno;
    block_stop(true);
    if (fd >= 0) {
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* not on Unix sockets */
    }
    errno = why;
    return fd;
}

/* Reads the head of the request on a connection of ours. q has no listening socket: where there is
 * no request on the connection, FCGX_Accept_r closes it and comes back instead of waiting for
 * another. That it takes a connection it is given is how libfcgi serves kept connections. */
static bool read_request(FCGX_Request *q, int fd)
{
    q->ipcFd = fd;
    q->keepConnection = 1; /* or it would be closed before it is read */
    return FCGX_Accept_r(q) == 0;
}

static void serve_one(struct app_ctx *app, FCGX_Request *q, struct arena *a, struct score *score)
{
    struct req_in in;
    struct req *r = NULL;
    score_state(score, SCORE_BUSY);
    prog_clock(app->conf);
    fcgi_read_head(q, a, &in);
    req_serve(app, a, &in, &r);
    fcgi_write(q, r);
    req_finish(r); /* what may follow the answer: the reader does not wait for it */
    arena_reset(a);
    score_state(score, SCORE_IDLE);
}

/* Errors of the one connection, or a signal, are no reason to leave. */
static bool is_lasting(int e)
{
    return e != EINTR && e != ECONNABORTED && e != EAGAIN && e != EPROTO && e != EPERM;
}

/* A tenth either way, so that the workers of a pool do not end in the same moment. */
static int64_t quota(int max_requests)
{
    if (max_requests <= 0)
        return INT64_MAX;
    uint32_t r;
    crypto_random(&r, sizeof r);
    int64_t tenth = max_requests / 10;
    return max_requests - tenth + (tenth > 0 ? (int64_t)(r % (uint64_t)(2 * tenth + 1)) : 0);
}

static int serve(struct app_ctx *app, const struct conf_pool *pool, int listen_fd,
                 struct score *score)
{
    FCGX_Request q;
    if (FCGX_Init() != 0 || FCGX_InitRequest(&q, -1, 0) != 0) {
        log_error("FastCGI did not start", "pool=%s", pool->name);
        return EXIT_FAILED;
    }
    struct arena *a = arena_new_sized(0);
    int64_t left = quota(pool->max_requests);
    int status = 0;
    block_stop(true);
    score_state(score, SCORE_IDLE);
    while (!serve_stopping() && left > 0) {
        int fd = next_connection(listen_fd);
        if (fd >= 0) {
            if (!read_request(&q, fd))
                continue; /* somebody who only looked whether we are there */
            serve_one(app, &q, a, score);
            left--;
        } else if (is_lasting(errno)) {
            log_error("accept failed", "pool=%s errno=%s", pool->name, strerror(errno));
            status = EXIT_FAILED;
            break;
        }
    }
    score_state(score, SCORE_DRAINING);
    arena_free(a);
    return status;
}

int worker_run(const struct prog *p, const struct conf_pool *pool, int listen_fd,
               struct score *score)
{
    struct app_ctx app = { .conf = p->conf,
                           .registry = p->registry,
                           .score = score,
                           .pool = pool->name,
                           .arena = p->arena };
    log_set_context("pool", pool->name);
    serve_signals();
    enum rc rc = app_open(&app, pool->role, arena_printf(p->arena, "kade-worker %s", pool->name));
    if (rc == RC_OK)
        rc = loader_call_start(&app);
    if (rc != RC_OK) {
        log_error("worker did not start", "pool=%s rc=%s", pool->name, rc_name(rc));
        return EXIT_FAILED;
    }
    /* Connected before the first request where possible; without a database pages from the cache
     * are served all the same and the rest answers 503 until it is back. */
    rc = db_connect(app.db); /* logs itself */
    log_debug("started", "pool=%s database=%s", pool->name, rc_name(rc));
    int status = serve(&app, pool, listen_fd, score);
    loader_call_stop(&app);
    app_close(&app);
    return status;
}
