/* replay.c: main() of a fuzz target in builds without libFuzzer. It feeds every file of the
 * target's corpus (tests/fuzz/corpus/<what>, or the files and folders named) to the target once and
 * prints a TAP line for each; a finding ends the program under the sanitizer, which the runner
 * counts. It mutates nothing. Invariant: a target without a single input fails, so a lost corpus is
 * noticed. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

static int n_files;

static void one_file(const char *path, const char *name)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL || fseek(f, 0, SEEK_END) != 0) {
        printf("not ok %d - %s cannot be read\n", ++n_files, name);
        exit(1);
    }
    size_t n = (size_t)ftell(f);
    rewind(f);
    uint8_t *data = malloc(n == 0 ? 1 : n); /* exact size: a byte too far is seen */
    if (data == NULL || fread(data, 1, n, f) != n) {
        printf("not ok %d - %s cannot be read\n", ++n_files, name);
        exit(1);
    }
    fclose(f);
    (void)LLVMFuzzerTestOneInput(data, n);
    free(data);
    printf("ok %d - %s\n", ++n_files, name);
    fflush(stdout);
}

static int visible(const struct dirent *e)
{
    return e->d_name[0] != '.';
}

static void one_path(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return;
    if (!S_ISDIR(st.st_mode)) {
        one_file(path, path);
        return;
    }
    struct dirent **list = NULL;
    int n = scandir(path, &list, visible, alphasort);
    for (int i = 0; i < n; i++) {
        char file[4096];
        int len = snprintf(file, sizeof file, "%s/%s", path, list[i]->d_name);
        if (len > 0 && (size_t)len < sizeof file && stat(file, &st) == 0 && S_ISREG(st.st_mode))
            one_file(file, list[i]->d_name);
        free(list[i]);
    }
    free(list);
}

/* "/x/tests/fuzz/.libs/lt-fuzz_utf8" is about "utf8". */
static const char *what(const char *program)
{
    const char *mark = strstr(program, "fuzz_");
    for (const char *next = mark; next != NULL; next = strstr(next + 1, "fuzz_"))
        mark = next;
    return mark == NULL ? program : mark + strlen("fuzz_");
}

int main(int argc, char **argv)
{
    if (LLVMFuzzerInitialize != NULL)
        (void)LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++)
        one_path(argv[i]);
    if (argc == 1) {
        const char *src = getenv("KADE_TEST_SRC");
        char dir[4096];
        snprintf(dir, sizeof dir, "%s/tests/fuzz/corpus/%s", src == NULL ? "." : src,
                 what(argv[0]));
        one_path(dir);
    }
    if (n_files == 0)
        printf("not ok 1 - no input: set KADE_TEST_SRC or name files\n");
    printf("1..%d\n", n_files == 0 ? 1 : n_files);
    return n_files == 0;
}
