/* image_make.c: hands a picture to kade-image and reads what it made. Input and output are memory
 * files, so nothing strangers sent touches the disk on the way; a process that dies, hangs or lies
 * costs a refusal and nothing else. No picture is decoded here. Invariant: every number of the
 * answer is checked against what it can be, every file against what it says it is. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/fault.h"
#include "platform/i18n.h"
#include "platform/image_wire.h"

#define DAMAGED                                                                                    \
    N_("The picture is damaged, or of a kind that cannot be read. Open it, save it anew as JPEG "  \
       "or "                                                                                       \
       "PNG, and send that.")
#define TOO_MUCH                                                                                   \
    N_("The picture needs more memory or time than one picture may have. Make it smaller and "     \
       "send "                                                                                     \
       "that.")

static int memory_file(const void *p, size_t n)
{
    int fd = fault_here(FAULT_FILE, "image memory") ? -1 : memfd_create("kade-image", MFD_CLOEXEC);
    if (fd < 0)
        return -1;
    for (const char *at = p; n > 0;) {
        ssize_t w = write(fd, at, n);
        if (w <= 0) {
            close(fd);
            return -1;
        }
        at += w;
        n -= (size_t)w;
    }
    return fd;
}

/* Only what finding libraries needs: no key, no password, no proxy. */
static void environment(char *out[5])
{
    static const char *const kept[] = { "LD_LIBRARY_PATH=", "ASAN_OPTIONS=", "UBSAN_OPTIONS=",
                                        "PATH=" };
    extern char **environ;
    size_t n = 0;
    for (char **e = environ; e != NULL && *e != NULL; e++)
        for (size_t i = 0; i < COUNT_OF(kept) && n < 4; i++)
            if (str_starts(*e, kept[i]))
                out[n++] = *e;
    out[n] = NULL;
}

static enum rc start(const struct conf *c, struct arena *a, bool make, enum image_kind kind, int in,
                     int out, pid_t *pid)
{
    char *env[5], what[2][8] = { "check", "make" }, type[2] = { (char)('0' + (int)kind), '\0' };
    char *program = arena_printf(a, "%s/kade-image", c->helper_dir == NULL ? "" : c->helper_dir);
    char *argv[] = { program, what[make], type, NULL };
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none;
    environment(env);
    sigemptyset(&none);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
    int e = fault_here(FAULT_FILE, "image spawn")
                ? EAGAIN
                : posix_spawn(pid, program, &files, &attr, argv, env);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&files);
    if (e == 0)
        return RC_OK;
    log_error("kade-image did not start", "file=%s why=%s hint=\"check app.helper_dir\"", program,
              strerror(e));
    return RC_UPSTREAM;
}

/* Waits for its end, but not longer than seconds; then it is killed. */
static int wait_for(pid_t pid, int seconds)
{
    int how = 0, fd = (int)syscall(SYS_pidfd_open, pid, 0u);
    int64_t until = monotonic_us() + SECONDS(seconds);
    struct pollfd p = { .fd = fd, .events = POLLIN };
    bool ended = false;
    while (fd >= 0 && !ended) {
        int64_t left = (until - monotonic_us()) / 1000;
        if (left <= 0)
            break;
        ended = poll(&p, 1, (int)left) > 0;
    }
    if (!ended)
        kill(pid, SIGKILL);
    while (waitpid(pid, &how, 0) < 0 && errno == EINTR)
        ;
    if (fd >= 0)
        close(fd);
    return how;
}

struct mapping {
    void *p;
    size_t n;
};

static void unmap(void *arg)
{
    const struct mapping *m = arg;
    munmap(m->p, m->n);
}

static const char *map_result(struct arena *a, int fd, size_t *n)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || st.st_size < (off_t)sizeof(struct image_wire) ||
        st.st_size > IMAGE_WIRE_MOST)
        return NULL;
    struct mapping *m = arena_new(a, struct mapping);
    *m = (struct mapping){ mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0),
                           (size_t)st.st_size };
    if (m->p == MAP_FAILED)
        return NULL;
    arena_defer(a, unmap, m);
    *n = m->n;
    return m->p;
}

static bool take_file(const struct image_wire *w, size_t i, const char *all, size_t n,
                      struct image_made *out)
{
    static const enum image_kind kinds[IMAGE_FORMATS] = { IMAGE_AVIF, IMAGE_WEBP, IMAGE_JPEG };
    const struct image_wire_file *f = &w->file[i];
    struct image_head is;
    if (f->format != i % IMAGE_FORMATS || f->bit >= IMAGE_SIZES || !(out->sizes & 1u << f->bit) ||
        f->offset > n || f->bytes > n - f->offset)
        return false;
    int32_t width = image_size_width(f->bit, out->width);
    int32_t height = image_size_height(f->bit, out->width, out->height);
    if (!image_read_size(all + f->offset, f->bytes, &is) || is.kind != kinds[f->format] ||
        is.width != width || is.height != height)
        return false;
    out->file[i] = (struct image_file){
        (enum image_format)f->format, f->bit, width, height, all + f->offset, f->bytes
    };
    return true;
}

static enum rc take(const char *all, size_t n, const struct image_head *head, bool make,
                    struct image_made *out, const char **problem)
{
    struct image_wire w;
    memcpy(&w, all, sizeof w);
    *problem = w.status == IMAGE_WIRE_TOO_MUCH ? TOO_MUCH : DAMAGED;
    if (w.magic != IMAGE_WIRE_MAGIC || w.status != IMAGE_WIRE_OK)
        return RC_INVALID;
    bool same = w.width == (uint32_t)head->width && w.height == (uint32_t)head->height;
    bool turned = w.width == (uint32_t)head->height && w.height == (uint32_t)head->width;
    struct image_made made = { .width = (int32_t)w.width,
                               .height = (int32_t)w.height,
                               .colour = w.colour < IMAGE_COLOURS ? (int32_t)w.colour : -1 };
    bool drawn = head->kind == IMAGE_SVG && w.width >= 1 && w.width <= IMAGE_SIDE_MOST &&
                 w.height >= 1 && w.height <= IMAGE_SIDE_MOST;
    if (!same && !turned && !drawn)
        return RC_INVALID;
    made.sizes = make ? image_sizes(made.width, made.height) : 0;
    made.nfiles = (size_t)__builtin_popcount(made.sizes) * IMAGE_FORMATS;
    if (w.nfiles != made.nfiles)
        return RC_INVALID;
    for (size_t i = 0; i < made.nfiles; i++)
        if (!take_file(&w, i, all, n, &made))
            return RC_INVALID;
    *out = made;
    return RC_OK;
}

static enum rc judge(int how, const char **problem)
{
    *problem = TOO_MUCH;
    if (WIFSIGNALED(how)) {
        log_warn("picture refused", "signal=%d", WTERMSIG(how));
        return RC_INVALID;
    }
    if (WEXITSTATUS(how) == 0)
        return RC_OK;
    log_error("kade-image failed", "status=%d", WEXITSTATUS(how));
    return RC_UPSTREAM;
}

enum rc image_make(const struct conf *c, struct arena *a, const struct image_head *head,
                   const void *p, size_t n, bool make, struct image_made *out, const char **problem)
{
    *problem = N_("Pictures cannot be read at the moment. Try again later.");
    if (head->kind == IMAGE_NONE || n == 0 || n > IMAGE_BYTES_MOST)
        return RC_INVALID;
    int in = memory_file(p, n), result = memory_file("", 0);
    pid_t pid = 0;
    enum rc rc =
        in < 0 || result < 0 ? RC_UPSTREAM : start(c, a, make, head->kind, in, result, &pid);
    if (rc == RC_OK)
        rc = judge(wait_for(pid, make ? IMAGE_TIME_S : IMAGE_CHECK_TIME_S), problem);
    if (rc == RC_OK) {
        size_t all_n = 0;
        const char *all = map_result(a, result, &all_n);
        *problem = DAMAGED;
        rc = all == NULL ? RC_INVALID : take(all, all_n, head, make, out, problem);
    }
    if (in >= 0)
        close(in);
    if (result >= 0)
        close(result);
    return rc;
}
