/* jobs_main.c: kade-jobs, one jobs process by hand or under another supervisor, for instance on a
 * machine that runs no web workers. kade-master forks its own and does not use this program. The
 * work itself is jobs.c's; any number of such processes share one queue. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "config.h"
#include "programs/prog.h"

static const char usage[] =
    "usage: kade-jobs --config FILE\n"
    "Runs jobs, schedules and the outbox in the foreground; SIGTERM ends it after the work in "
    "hand.\n";

int main(int argc, char **argv)
{
    static const struct option options[] = { { "config", required_argument, NULL, 'c' },
                                             { "help", no_argument, NULL, 'h' },
                                             { "version", no_argument, NULL, 'v' },
                                             { 0 } };
    const char *file = getenv("KADE_CONFIG");
    int o;
    while ((o = getopt_long(argc, argv, "c:hv", options, NULL)) != -1) {
        if (o == 'c') {
            file = optarg;
        } else if (o == 'v') {
            return puts("kade-jobs " PACKAGE_VERSION) < 0;
        } else {
            fputs(usage, o == 'h' ? stdout : stderr);
            return o == 'h' ? 0 : EXIT_USAGE;
        }
    }
    if (optind != argc) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    struct prog p = { 0 };
    int status = EXIT_FAILED;
    if (prog_conf(&p, "kade-jobs", file) == RC_OK && prog_load(&p, true) == RC_OK)
        status = jobs_run(&p, NULL);
    prog_free(&p);
    return status;
}
