/* image_main.c: kade-image, started by image_make for one picture: standard input is the original,
 * standard output a memory file for the result (image_wire.h). It has no database, no key, no
 * network; before it looks at a byte it gives up opening files, starting programs and using more
 * memory or time than one picture may. Not for use by hand. Exit: 0 judged, 69 no library, 70 the
 * result cannot be written. */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "media/media.h"

enum { NO_LIBRARY = 69, NO_OUTPUT = 70, USAGE = 64 };
enum { FILES_MOST = 64, NICE = 10 };
static const rlim_t memory_most = (rlim_t)1536 * 1024 * 1024;

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifdef SANITIZED
/* Libraries keep what they made until the process ends. */
extern const char *__asan_default_options(void);
__attribute__((visibility("default"))) const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}
#endif

static void limit(int what, rlim_t most)
{
    const struct rlimit r = { most, most };
    (void)setrlimit(what, &r);
}

static void limits(bool make)
{
#ifndef SANITIZED /* whose shadow memory is terabytes */
    limit(RLIMIT_AS, memory_most);
#else
    (void)memory_most;
#endif
    limit(RLIMIT_CPU, make ? IMAGE_TIME_S - 10 : IMAGE_CHECK_TIME_S - 5);
    limit(RLIMIT_FSIZE, IMAGE_WIRE_MOST);
    limit(RLIMIT_NOFILE, FILES_MOST);
    limit(RLIMIT_CORE, 0);
    (void)prctl(PR_SET_DUMPABLE, 0);
}

/* From here on no file can be opened. Kernels without Landlock go without. */
static void close_files(void)
{
    struct landlock_ruleset_attr all = { .handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE |
                                                              LANDLOCK_ACCESS_FS_WRITE_FILE |
                                                              LANDLOCK_ACCESS_FS_READ_FILE |
                                                              LANDLOCK_ACCESS_FS_READ_DIR |
                                                              LANDLOCK_ACCESS_FS_MAKE_REG };
    int fd = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0u);
    if (fd < 0)
        return;
    (void)syscall(SYS_landlock_restrict_self, fd, 0u);
    (void)close(fd);
}

#if defined(__x86_64__)
#define OUR_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCH AUDIT_ARCH_AARCH64
#endif

/* No network, no other programs, no looking into other processes: those calls answer EPERM. */
static void close_calls(void)
{
#ifdef OUR_ARCH
    static const int refused[] = { SYS_socket, SYS_connect,          SYS_execve, SYS_execveat,
                                   SYS_ptrace, SYS_process_vm_readv, SYS_bpf,    SYS_io_uring_setup,
                                   SYS_kill,   SYS_unshare,          SYS_mount };
    enum { N = sizeof refused / sizeof *refused };
    struct sock_filter f[N * 2 + 5];
    size_t n = 0;
    const struct sock_filter arch =
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    const struct sock_filter ours = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCH, 1, 0);
    const struct sock_filter number =
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    const struct sock_filter deny = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    const struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    f[n++] = arch;
    f[n++] = ours;
    f[n++] = deny;
    f[n++] = number;
    for (size_t i = 0; i < N; i++) {
        const struct sock_filter is =
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)refused[i], 0, 1);
        f[n++] = is;
        f[n++] = deny;
    }
    f[n++] = allow;
    const struct sock_fprog program = { .len = (unsigned short)n, .filter = f };
    (void)prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
#endif
}

int main(int argc, char **argv)
{
    static struct image_wire result;
    struct stat st;
    bool make = argc == 3 && strcmp(argv[1], "make") == 0;
    if (argc != 3 || (!make && strcmp(argv[1], "check") != 0) || strlen(argv[2]) != 1)
        return USAGE;
    int kind = argv[2][0] - '0';
    if (kind <= IMAGE_NONE || kind > IMAGE_SVG)
        return USAGE;
    (void)close_range(3, ~0u, 0);
    (void)!nice(NICE);
    limits(make);
    if (!media_open())
        return NO_LIBRARY;
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    close_files();
    close_calls();
    if (fstat(STDIN_FILENO, &st) != 0 || st.st_size <= 0 || st.st_size > IMAGE_BYTES_MOST)
        return NO_OUTPUT;
    void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0);
    if (p == MAP_FAILED ||
        !media_picture(p, (size_t)st.st_size, (enum image_kind)kind, make, STDOUT_FILENO,
                       &result) ||
        pwrite(STDOUT_FILENO, &result, sizeof result, 0) != (ssize_t)sizeof result)
        return NO_OUTPUT;
    _exit(0); /* what libraries would tidy up ends with the process */
}
