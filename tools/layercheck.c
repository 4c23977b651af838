/* layercheck.c: holds every #include against the floors: base <- platform <- app <- shop <-
 * modules, programs beside modules, no module inside another, each library's headers only where the
 * table below says, and one single C++ file. It reads sources, not binaries; what a module does in
 * the database is sqlgen's to judge. Invariant: a header of a library that is not in the table is a
 * fault, so the table is complete. */
#include "csrc.h"
#include "kit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *const floors[] = { "base", "platform", "app", "shop", NULL };

/* Header (or its folder) and the folders whose files may include it. */
static const struct {
    const char *header;
    const char *where[4];
} libraries[] = {
    { "libpq-fe.h", { "src/platform/" } },
    { "libpq/", { "src/platform/" } },
    { "libmemcached", { "src/platform/" } },
    { "sodium.h", { "src/platform/" } },
    { "sodium/", { "src/platform/" } },
    { "curl/", { "src/platform/" } },
    { "vips/", { "src/media/" } },
    { "gmime/", { "src/platform/" } },
    { "cairo", { "src/platform/" } },
    { "pango/", { "src/platform/" } },
    { "jansson.h", { "src/platform/" } },
    { "unicode/", { "src/platform/" } },
    { "confuse.h", { "src/platform/" } },
    { "idn2.h", { "src/platform/" } },
    { "cmark", { "src/platform/", "src/shop/" } },
    { "csv.h", { "src/platform/", "src/shop/" } },
    { "math.h", { "src/app/theme_colour.c" } }, /* colours; never money */
    { "xlsxwriter", { "src/platform/" } },
    { "liboath/", { "src/platform/" } },
    { "qrencode.h", { "src/platform/" } },
    { "zint.h", { "src/platform/" } },
    { "magic.h", { "src/platform/" } },
    { "maxminddb.h", { "src/platform/" } },
    { "pcre2.h", { "src/platform/" } },
    { "libintl.h", { "src/platform/" } },
    { "regex.h", { "src/app/custom_value.c" } },
    { "utf8proc.h", { "src/base/", "src/platform/" } },
    { "uthash.h", { "src/base/" } },
    { "utlist.h", { "src/base/" } },
    { "ctemplate/", { "src/platform/tpl.cc" } },
    { "fcgiapp.h", { "src/programs/" } },
    { "fastcgi.h", { "src/programs/" } },
    { "sanitizer/", { "src/base/", "src/platform/" } },
};

/* The C library and the system, free for everyone. Folders end in '/'. */
static const char *const system_headers[] = {
    "aio.h",       "arpa/",      "assert.h", "complex.h",  "ctype.h",    "dirent.h",
    "dlfcn.h",     "endian.h",   "err.h",    "errno.h",    "execinfo.h", "fcntl.h",
    "fnmatch.h",   "ftw.h",      "getopt.h", "glob.h",     "grp.h",      "inttypes.h",
    "langinfo.h",  "limits.h",   "linux/",   "locale.h",   "malloc.h",   "net/",
    "netdb.h",     "netinet/",   "poll.h",   "pthread.h",  "pwd.h",      "sched.h",
    "semaphore.h", "signal.h",   "spawn.h",  "stdalign.h", "stdarg.h",   "stdatomic.h",
    "stdbool.h",   "stddef.h",   "stdint.h", "stdio.h",    "stdlib.h",   "stdnoreturn.h",
    "string.h",    "strings.h",  "sys/",     "syslog.h",   "termios.h",  "threads.h",
    "time.h",      "ucontext.h", "unistd.h", "utime.h",    "wchar.h",    "wctype.h",
    NULL
};

struct file {
    const char *path; /* from the root: src/app/req.c */
    int floor;        /* index in floors; -1 elsewhere */
    const char *module;
    bool test, tool, program, cpp;
};

static const char *part(const char *path, unsigned i)
{
    for (; i > 0 && path != NULL; i--) {
        path = strchr(path, '/');
        if (path != NULL)
            path++;
    }
    const char *slash = path == NULL ? NULL : strchr(path, '/');
    return slash == NULL ? NULL : kit_strndup(path, (size_t)(slash - path));
}

static int floor_of(const char *name)
{
    for (int i = 0; name != NULL && floors[i] != NULL; i++)
        if (strcmp(floors[i], name) == 0)
            return i;
    return -1;
}

static struct file judge(const char *path)
{
    struct file f = { .path = path, .floor = -1 };
    f.test = kit_starts(path, "tests/");
    f.tool = kit_starts(path, "tools/");
    f.program = kit_starts(path, "src/programs/");
    f.cpp = !(kit_ends(path, ".c") || kit_ends(path, ".h"));
    if (kit_starts(path, "src/"))
        f.floor = floor_of(part(path, 1));
    if (kit_starts(path, "src/media/")) /* a library of its own, beside platform */
        f.floor = floor_of("platform");
    if (kit_starts(path, "modules/"))
        f.module = part(path, 1);
    return f;
}

static bool may_include_library(const struct file *f, size_t i)
{
    for (size_t k = 0; k < 4 && libraries[i].where[k] != NULL; k++)
        if (kit_starts(f->path, libraries[i].where[k]))
            return true;
    return false;
}

static const char *places(size_t i)
{
    struct text t = { 0 };
    for (size_t k = 0; k < 4 && libraries[i].where[k] != NULL; k++)
        text_fmt(&t, "%s%s", k == 0 ? "" : " or ", libraries[i].where[k]);
    return text_get(&t);
}

static bool header_matches(const char *name, const char *pattern)
{
    return strcmp(name, pattern) == 0 || (kit_starts(name, pattern) && !kit_ends(pattern, ".h"));
}

static void library(const struct file *f, const char *name, int line)
{
    if (f->test || f->tool)
        return;
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        if (!header_matches(name, libraries[i].header))
            continue;
        if (!may_include_library(f, i))
            kit_err(f->path, line, "<%s> belongs in %s: call what wraps it there", name, places(i));
        return;
    }
    for (const char *const *s = system_headers; *s != NULL; s++)
        if (strcmp(name, *s) == 0 || (kit_ends(*s, "/") && kit_starts(name, *s)))
            return;
    if (f->cpp && strchr(name, '.') == NULL)
        return; /* the C++ library */
    kit_err(f->path, line,
            "<%s> is not in layercheck's table: add it with the folder that wraps it", name);
}

/* gen/<m>_q.h belongs to the folder of m. */
static void generated(const struct file *f, const char *name, int line)
{
    size_t n = strlen(name);
    if (strcmp(name, "gen/build_id.h") == 0 || f->test)
        return;
    if (n < strlen("gen/x_q.h") || !kit_ends(name, "_q.h"))
        return;
    const char *owner = kit_strndup(name + 4, n - 8);
    if (f->program && floor_of(owner) >= 0)
        return; /* the command line reads and writes what app and shop own */
    if (strcmp(f->path, "src/platform/migrate.c") == 0 && strcmp(owner, "app") == 0)
        return; /* the migration runner keeps app.schema_migrations */
    if (strcmp(owner, "app") == 0 && f->module == NULL && f->floor > floor_of("app"))
        return; /* shop stands on app: making a shop is making its tenant, store and people */
    const char *here =
        f->module != NULL ? f->module : (f->floor >= 0 ? floors[f->floor] : "programs");
    if (strcmp(owner, here) != 0)
        kit_err(f->path, line, "\"%s\" holds the statements of %s: call a function of %s instead",
                name, owner, floor_of(owner) >= 0 ? kit_printf("src/%s", owner) : owner);
}

static void ours(const struct file *f, const char *name, int line)
{
    const char *first = part(name, 0);
    int to = floor_of(first);
    if (f->test && kit_starts(name, "../"))
        return;
    if (strstr(name, "../") != NULL || kit_starts(name, "src/")) {
        kit_err(f->path, line, "\"%s\": name headers from src/, as in \"base/rc.h\"", name);
        return;
    }
    if (kit_starts(name, "gen/")) {
        generated(f, name, line);
        return;
    }
    if (to >= 0 && f->floor >= 0 && to > f->floor)
        kit_err(f->path, line, "src/%s may not include \"%s\": %s is above it", floors[f->floor],
                name, first);
    if (first != NULL && strcmp(first, "programs") == 0 && !f->program && !f->test)
        kit_err(f->path, line, "\"%s\": nothing includes the programs", name);
    if (first != NULL && strcmp(first, "media") == 0 && !kit_starts(f->path, "src/media/") &&
        !kit_starts(f->path, "src/programs/image_") && !f->test)
        kit_err(f->path, line,
                "\"%s\": libkade-media is for kade-image alone: call platform/image.h", name);
    if (first != NULL && strcmp(first, "modules") == 0) {
        const char *other = part(name, 1);
        if (f->test)
            return;
        if (f->module == NULL || other == NULL || strcmp(f->module, other) != 0)
            kit_err(f->path, line,
                    "\"%s\": nothing includes a module; meet through slots, events or src/shop",
                    name);
    }
    if (f->tool && to >= 0)
        kit_err(f->path, line, "\"%s\": tools are built before the library and use none of it",
                name);
}

static void see(void *arg, const char *name, char kind, int line)
{
    const struct file *f = arg;
    if (kind == '<' && part(name, 0) != NULL && floor_of(part(name, 0)) >= 0)
        kit_err(f->path, line, "<%s> is ours: write \"%s\"", name, name);
    else if (kind == '<')
        library(f, name, line);
    else
        ours(f, name, line);
}

static bool is_source(const char *rel)
{
    static const char *const endings[] = { ".c", ".h", ".cc", ".cpp", ".cxx", ".hh", ".hpp", NULL };
    for (size_t i = 0; endings[i] != NULL; i++)
        if (kit_ends(rel, endings[i]))
            return true;
    return false;
}

static void check_folder(const char *root, const char *dir)
{
    struct files files = kit_walk(kit_printf("%s/%s", root, dir), NULL);
    for (size_t i = 0; i < files.n; i++) {
        if (!is_source(files.v[i]))
            continue;
        struct file f = judge(kit_printf("%s/%s", dir, files.v[i]));
        const char *path = kit_printf("%s/%s", root, f.path);
        const char *text = kit_read(path, NULL);
        if (text == NULL)
            kit_die("cannot read %s: %s", path, strerror(errno));
        if (f.cpp && strcmp(f.path, "src/platform/tpl.cc") != 0)
            kit_err(f.path, 0, "C++: src/platform/tpl.cc is the only C++ file");
        if (kit_starts(f.path, "src/") && f.floor < 0 && !f.program)
            kit_err(f.path, 0,
                    "stands on no floor: src holds base, platform, media, app, shop, "
                    "programs");
        struct csrc c = csrc_split(f.path, text);
        csrc_includes(&c, &f, see);
    }
}

int main(int argc, char **argv)
{
    kit_tool = "layercheck";
    if (argc != 2 || argv[1][0] == '-') {
        fputs("usage: layercheck ROOT\nChecks src modules tools tests below ROOT.\n", stderr);
        return 2;
    }
    if (!kit_is_dir(kit_printf("%s/src", argv[1])))
        kit_die("%s/src is not a folder", argv[1]);
    static const char *const dirs[] = { "src", "modules", "tools", "tests" };
    for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++)
        check_folder(argv[1], dirs[i]);
    unsigned problems = kit_problems;
    if (problems != 0)
        fprintf(stderr, "layercheck: %u faults\n", problems);
    kit_end();
    return problems != 0;
}
