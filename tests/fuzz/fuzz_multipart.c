/* fuzz_multipart.c: multipart_read on any bytes, delivered in pieces whose size the first byte
 * says: parts are named and clean, no limit is passed, and no file is left in the spool. */
#include <dirent.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/multipart.h"
#include "base/arena.h"
#include "base/log.h"
#include "base/utf8.h"
#include "platform/crypto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static char spool[64];

static void remove_spool(void)
{
    (void)rmdir(spool);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    memcpy(spool, "/tmp/fuzz-spool.XXXXXX", sizeof "/tmp/fuzz-spool.XXXXXX");
    check_that(crypto_init() == RC_OK && mkdtemp(spool) != NULL);
    return atexit(remove_spool);
}

struct input {
    const char *p;
    size_t left, piece;
};

static long read_piece(void *arg, char *p, size_t n)
{
    struct input *in = arg;
    size_t take = in->left < in->piece ? in->left : in->piece;
    take = take < n ? take : n;
    memcpy(p, in->p, take);
    in->p += take;
    in->left -= take;
    return (long)take;
}

static int64_t file_max(void *arg, const char *name)
{
    (void)arg;
    return name[0] == 'f' ? 1000 : -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct arena *a = arena_new_sized(0);
    struct input in = { (const char *)data + 1, size - 1, data[0] + 1u };
    const struct multipart_opt opt = { .spool_dir = spool,
                                       .max_parts = 8,
                                       .max_value = 2000,
                                       .max_total = 60000,
                                       .file_max = file_max,
                                       .read = read_piece,
                                       .read_arg = &in };
    struct multipart_part *parts;
    size_t n;
    if (multipart_read(a, "multipart/form-data; boundary=x", &opt, &parts, &n) == RC_OK) {
        check_that(n <= 8);
        for (size_t i = 0; i < n; i++) {
            check_that(parts[i].name && parts[i].name[0]);
            check_that(utf8_valid(parts[i].name, strlen(parts[i].name)));
            check_that((parts[i].value == NULL) == (parts[i].filename != NULL));
            if (parts[i].value)
                check_that(utf8_valid(parts[i].value, strlen(parts[i].value)));
            else
                check_that(!strpbrk(parts[i].filename, "/\\") && parts[i].size <= 1000);
        }
    }
    arena_free(a);
    check_that(rmdir(spool) == 0 && mkdir(spool, 0700) == 0); /* nothing is left */
    return 0;
}
