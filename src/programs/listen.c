/* listen.c: the sockets on which pools are reached by nginx. Opened by the master (and by a worker
 * run by hand); workers inherit them. A socket file left by a process that died is replaced; one on
 * which somebody answers is refused, so two masters never share an address. */
#include <errno.h>
#include <grp.h>
#include <netdb.h>
#include <pwd.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "programs/prog.h"

/* On a Unix socket a full queue is an error at the client at once, not a retry: keep it long. */
enum { BACKLOG = 4096 };

static const char *unix_path(const char *address)
{
    return str_starts(address, "unix:") ? address + 5 : NULL;
}

static bool somebody_answers(const struct sockaddr_un *at)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool yes = fd >= 0 && connect(fd, (const struct sockaddr *)at, sizeof *at) == 0;
    if (fd >= 0)
        close(fd);
    return yes;
}

static enum rc refuse(const char *address, const char *why)
{
    log_error("cannot listen", "address=%s problem=%s", address, why);
    return RC_UPSTREAM;
}

static enum rc open_unix(const char *address, const char *path, const char *user, int *out)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    if (!str_copy(at.sun_path, sizeof at.sun_path, path))
        return refuse(address, "path is longer than 107 bytes: choose a shorter one");
    struct stat st;
    if (lstat(path, &st) == 0) {
        if (!S_ISSOCK(st.st_mode))
            return refuse(address, "a file that is not a socket is in the way");
        if (somebody_answers(&at))
            return refuse(address, "another process answers there: stop it first");
        if (unlink(path) != 0)
            return refuse(address, strerror(errno));
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return refuse(address, strerror(errno));
    mode_t before = umask(0117); /* 0660 from the first moment */
    int bound = bind(fd, (const struct sockaddr *)&at, sizeof at);
    int why = errno;
    umask(before);
    if (bound != 0 || listen(fd, BACKLOG) != 0) {
        why = bound != 0 ? why : errno;
        close(fd);
        return refuse(address, strerror(why));
    }
    const struct passwd *pw = geteuid() == 0 && !str_empty(user) ? getpwnam(user) : NULL;
    if (pw != NULL && chown(path, pw->pw_uid, pw->pw_gid) != 0)
        log_warn("socket keeps its owner", "path=%s errno=%s", path, strerror(errno));
    *out = fd;
    return RC_OK;
}

/* "127.0.0.1:9000" or "[::1]:9000". */
static enum rc open_tcp(const char *address, int *out)
{
    char host[256];
    const char *colon = strrchr(address, ':');
    if (colon == NULL || colon == address || (size_t)(colon - address) >= sizeof host)
        return refuse(address, "write unix:/path or address:port");
    bool brackets = address[0] == '[' && colon[-1] == ']';
    size_t n = (size_t)(colon - address) - (brackets ? 2 : 0);
    memcpy(host, address + (brackets ? 1 : 0), n);
    host[n] = '\0';
    struct addrinfo *found = NULL;
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
                                    .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV };
    int gai = getaddrinfo(host, colon + 1, &hints, &found);
    if (gai != 0)
        return refuse(address, gai_strerror(gai));
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
        int why = errno;
        if (fd >= 0)
            close(fd);
        freeaddrinfo(found);
        return refuse(address, strerror(why));
    }
    freeaddrinfo(found);
    *out = fd;
    return RC_OK;
}

enum rc listen_open(const char *address, const char *user, int *out)
{
    const char *path = unix_path(address);
    return path != NULL ? open_unix(address, path, user, out) : open_tcp(address, out);
}

void listen_forget(const char *address)
{
    const char *path = unix_path(address);
    if (path != NULL)
        (void)unlink(path);
}
