/* pdf.c: the loading of the library that draws, and the limits of what it may make. Drawing is
 * pdf_draw.c's, which is not part of libkade. Invariant: a process that draws nothing has neither
 * pango nor cairo in its memory. */
#include "platform/pdf.h"

#include <dlfcn.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "platform/fault.h"
#include "platform/pdf_int.h"

/* Beside libkade itself, where both are installed and built. */
static void *open_library(struct arena *a)
{
    Dl_info here;
    if (dladdr((const void *)(uintptr_t)&pdf_draw, &here) != 0 && here.dli_fname) {
        const char *slash = strrchr(here.dli_fname, '/');
        int n = slash ? (int)(slash - here.dli_fname) : 0;
        void *lib = dlopen(arena_printf(a, "%.*s/libkade-pdf.so", n, here.dli_fname),
                           RTLD_NOW | RTLD_LOCAL);
        if (lib)
            return lib;
    }
    return dlopen(KADE_LIBDIR "/libkade-pdf.so", RTLD_NOW | RTLD_LOCAL);
}

static pdf_write_fn *library(struct arena *a)
{
    static struct {
        pdf_write_fn *write;
    } self;
    if (self.write)
        return self.write;
    void *lib = fault_here(FAULT_FILE, "pdf library") ? NULL : open_library(a);
    void *symbol = lib ? dlsym(lib, PDF_WRITE_SYMBOL) : NULL;
    if (!symbol) {
        const char *why = dlerror();
        log_error("no document can be drawn", "why=%s hint=%s", why ? why : "not found",
                  "install libkade-pdf.so beside libkade.so");
        return NULL;
    }
    memcpy(&self.write, &symbol, sizeof symbol); /* an object pointer that is a function */
    return self.write;
}

static void take(void *arg, const void *p, size_t n)
{
    buf_put(arg, p, n);
}

enum rc pdf_draw(struct arena *a, const struct pdf_sheet *sheet, const char **out, size_t *n)
{
    pdf_write_fn *write = library(a);
    struct buf b;
    if (!write)
        return RC_UPSTREAM;
    buf_init(&b, a, PDF_BYTES_MOST);
    if (!write(sheet, take, &b) || buf_rc(&b) != RC_OK)
        return RC_LIMIT;
    *out = b.p;
    *n = b.n;
    return RC_OK;
}
