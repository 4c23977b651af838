/* worker_main.c: kade-worker, one worker by hand: for a debugger, valgrind or another supervisor.
 * In ordinary running kade-master forks workers itself and this program is not used. With
 * --listen-fd it serves a socket it inherits (0 in the FastCGI tradition). */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "config.h"
#include "programs/prog.h"

static const char usage[] =
    "usage: kade-worker --config FILE --pool NAME [--listen-fd N]\n"
    "Serves one pool by hand, in the foreground; SIGTERM ends it after the request in hand.\n";

static const struct conf_pool *find_pool(const struct conf *c, const char *name)
{
    for (size_t i = 0; i < c->npools; i++)
        if (str_eq(c->pools[i].name, name))
            return &c->pools[i];
    return NULL;
}

/* fd < 0: open the pool's own address. */
static int serve(const struct prog *p, const struct conf_pool *pool, int fd)
{
    bool ours = fd < 0;
    if (ours && listen_open(pool->listen, p->conf->user, &fd) != RC_OK)
        return EXIT_FAILED;
    int status = worker_run(p, pool, fd, NULL);
    close(fd);
    if (ours)
        listen_forget(pool->listen);
    return status;
}

static int run(const char *file, const char *pool_name, int fd)
{
    struct prog p = { 0 };
    int status = EXIT_FAILED;
    if (prog_conf(&p, "kade-worker", file) == RC_OK) {
        const struct conf_pool *pool = find_pool(p.conf, pool_name);
        if (pool == NULL)
            log_error("no such pool", "pool=%s file=%s", pool_name, file == NULL ? "-" : file);
        else if (prog_load(&p, true) == RC_OK)
            status = serve(&p, pool, fd);
    }
    prog_free(&p);
    return status;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        { "config", required_argument, NULL, 'c' },    { "pool", required_argument, NULL, 'p' },
        { "listen-fd", required_argument, NULL, 'l' }, { "help", no_argument, NULL, 'h' },
        { "version", no_argument, NULL, 'v' },         { 0 }
    };
    const char *file = getenv("KADE_CONFIG"), *pool = NULL;
    int64_t fd = -1;
    int o;
    while ((o = getopt_long(argc, argv, "c:p:hv", options, NULL)) != -1) {
        if (o == 'c')
            file = optarg;
        else if (o == 'p')
            pool = optarg;
        else if (o == 'l' && str_int(optarg, 0, 1023, &fd) == RC_OK)
            continue;
        else if (o == 'v')
            return puts("kade-worker " PACKAGE_VERSION) < 0;
        else
            return fputs(usage, o == 'h' ? stdout : stderr) < 0 || o == 'h' ? 0 : EXIT_USAGE;
    }
    if (pool == NULL || optind != argc) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    return run(file, pool, (int)fd);
}
