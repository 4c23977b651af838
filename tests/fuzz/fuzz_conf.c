/* fuzz_conf.c: configuration files. A file is loaded or refused with one line that can be printed;
 * what is loaded is complete. The file is kept in memory. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/utf8.h"
#include "fuzz.h"
#include "platform/conf.h"

static void check_conf(const struct conf *c)
{
    HOLDS(c->npools > 0 && *c->state_dir == '/' && *c->secret_file == '/');
    HOLDS(c->db_port > 0 && c->modules && c->trusted_proxies && *c->public_url);
    for (size_t i = 0; i < c->npools; i++)
        HOLDS(*c->pools[i].name && *c->pools[i].listen && c->pools[i].prefixes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 16 * 1024)
        return 0;
    struct arena *a = arena_new_sized(0);
    int fd = memfd_create("conf", MFD_CLOEXEC);
    HOLDS(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    struct conf *c;
    const char *problem = NULL;
    if (conf_load(arena_printf(a, "/proc/self/fd/%d", fd), a, &c, &problem) == RC_OK) {
        check_conf(c);
        conf_free(c);
    } else {
        HOLDS(problem && utf8_valid(problem, strlen(problem)));
        HOLDS(!strpbrk(problem, "\r\n"));
    }
    close(fd);
    arena_free(a);
    return 0;
}
