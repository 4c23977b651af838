/* fcgi-get.c: asks a worker's socket directly, without a web server.
 *   fcgi-get ADDRESS URI [HOST]                prints the answer; exit 0 when its status is below
 * 500
 *   fcgi-get --pause MS ADDRESS URI [HOST]     the same, sending MS after connecting
 *   fcgi-get --load SECONDS CLIENTS ADDRESS URI [HOST]   runs CLIENTS processes asking without
 * pause and prints "N answered, N failed" and, per cause, what failed; a status of 500 or more is a
 * failure. SIGTERM ends a load early, with the report. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fcgi_client.h"

enum { CLIENTS_MOST = 64, TIMEOUT_MS = 10000 };

struct tally {
    unsigned long answered, failed, by_end[4], by_status;
    double slowest_ms;
    int last_status;
};

static volatile sig_atomic_t stop;

static void on_term(int sig)
{
    (void)sig;
    stop = 1;
}

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int get(const char *address, const char *uri, const char *host)
{
    struct fcgi_answer a;
    enum fcgi_end e = fcgi_get(address, host, uri, NULL, TIMEOUT_MS, &a);
    if (e != FCGI_DONE) {
        fprintf(stderr, "fcgi-get: %s\n", fcgi_end_name(e));
        return 1;
    }
    fwrite(a.text, 1, a.ntext, stdout);
    int status = a.status;
    fcgi_answer_free(&a);
    return status < 500 ? 0 : 1;
}

/* A body nobody wants: what matters is that the answer comes through. */
static int post(size_t n, const char *address, const char *uri, const char *host)
{
    char uri_line[2200], host_line[300], length[64];
    (void)snprintf(uri_line, sizeof uri_line, "REQUEST_URI=%s", uri);
    (void)snprintf(host_line, sizeof host_line, "HTTP_HOST=%s", host);
    (void)snprintf(length, sizeof length, "CONTENT_LENGTH=%zu", n);
    const char *const params[] = { "REQUEST_METHOD=POST",
                                   uri_line,
                                   host_line,
                                   length,
                                   "CONTENT_TYPE=application/x-www-form-urlencoded",
                                   "REMOTE_ADDR=127.0.0.1",
                                   NULL };
    char *body = malloc(n + 1);
    if (body == NULL)
        return 2;
    memset(body, 'a', n);
    struct fcgi_answer a;
    enum fcgi_end e = fcgi_call(address, params, body, n, TIMEOUT_MS, &a);
    free(body);
    if (e != FCGI_DONE) {
        fprintf(stderr, "fcgi-get: %s\n", fcgi_end_name(e));
        return 1;
    }
    printf("%d\n", a.status);
    fcgi_answer_free(&a);
    return 0;
}

static void ask(struct tally *t, double until, const char *address, const char *uri,
                const char *host)
{
    while (!stop && now_s() < until) {
        struct fcgi_answer a;
        double t0 = now_s();
        enum fcgi_end e = fcgi_get(address, host, uri, NULL, TIMEOUT_MS, &a);
        double ms = (now_s() - t0) * 1000;
        if (ms > t->slowest_ms)
            t->slowest_ms = ms;
        if (e == FCGI_DONE && a.status < 500) {
            t->answered++;
        } else {
            t->failed++;
            t->by_end[e]++;
            t->by_status += e == FCGI_DONE;
            t->last_status = a.status;
        }
        fcgi_answer_free(&a);
    }
}

static int report(const struct tally *t, int n)
{
    struct tally sum = { 0 };
    for (int i = 0; i < n; i++) {
        sum.answered += t[i].answered;
        sum.failed += t[i].failed;
        for (int e = 0; e < 4; e++)
            sum.by_end[e] += t[i].by_end[e];
        sum.by_status += t[i].by_status;
        if (t[i].slowest_ms > sum.slowest_ms)
            sum.slowest_ms = t[i].slowest_ms;
        if (t[i].last_status != 0)
            sum.last_status = t[i].last_status;
    }
    printf("%lu answered, %lu failed, slowest %.0f ms\n", sum.answered, sum.failed, sum.slowest_ms);
    if (sum.failed > 0)
        printf("no connection %lu, broken %lu, timeout %lu, status %lu (last %d)\n",
               sum.by_end[FCGI_NO_CONNECTION], sum.by_end[FCGI_BROKEN], sum.by_end[FCGI_TIMEOUT],
               sum.by_status, sum.last_status);
    return sum.failed > 0 || sum.answered == 0;
}

static int load(double seconds, int clients, const char *address, const char *uri, const char *host)
{
    if (clients < 1 || clients > CLIENTS_MOST)
        return 2;
    struct tally *t = mmap(NULL, sizeof *t * CLIENTS_MOST, PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t child[CLIENTS_MOST];
    struct sigaction sa = { .sa_handler = on_term };
    sigaction(SIGTERM, &sa, NULL);
    double until = now_s() + seconds;
    for (int i = 0; i < clients; i++) {
        child[i] = fork();
        if (child[i] == 0) {
            ask(&t[i], until, address, uri, host);
            _exit(0);
        }
    }
    for (int left = clients; left > 0;) {
        if (wait(NULL) > 0)
            left--;
        for (int i = 0; stop && i < clients; i++)
            kill(child[i], SIGTERM);
    }
    return report(t, clients);
}

int main(int argc, char **argv)
{
    if (argc >= 5 && strcmp(argv[1], "--pause") == 0) {
        fcgi_set_pause((int)strtol(argv[2], NULL, 10));
        argv += 2;
        argc -= 2;
    }
    if (argc >= 3 && argc <= 4 && strcmp(argv[1], "--load") != 0)
        return get(argv[1], argv[2], argc > 3 ? argv[3] : "localhost");
    if (argc >= 5 && argc <= 6 && strcmp(argv[1], "--post") == 0)
        return post(strtoul(argv[2], NULL, 10), argv[3], argv[4], argc > 5 ? argv[5] : "localhost");
    if (argc >= 6 && argc <= 7 && strcmp(argv[1], "--load") == 0)
        return load(strtod(argv[2], NULL), (int)strtol(argv[3], NULL, 10), argv[4], argv[5],
                    argc > 6 ? argv[6] : "localhost");
    fputs("usage: fcgi-get [--pause MS] ADDRESS URI [HOST]\n"
          "       fcgi-get --post BYTES ADDRESS URI [HOST]\n"
          "       fcgi-get --load SECONDS CLIENTS ADDRESS URI [HOST]\n",
          stderr);
    return 2;
}
