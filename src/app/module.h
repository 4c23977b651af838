/* module.h: the module ABI. A module is one shared object with one exported symbol, a const table;
 * everything it adds to Kade is data here, so that `kade check` prints sitemap, permissions and
 * events without a database. The loader (loader.h) refuses what does not fit, with a reason.
 *
 * ABI history
 *   1.0  2026-11-20  first
 */
#ifndef APP_MODULE_H
#define APP_MODULE_H

#include "app/types.h"

#define APP_ABI_MAJOR 1u /* layout or meaning changed: every module rebuilds */
#define APP_ABI_MINOR 0u /* fields appended at the end only; log each bump above */
#define APP_MAGIC     0x45434f4du

/* Digest of src/ headers and layout-changing flags, made by the build. */
extern const char app_build_id_of_core[] KADE_API;

enum { M_GET = 1, M_POST = 2, M_PUT = 4, M_PATCH = 8, M_DELETE = 16 }; /* M_GET implies HEAD */
enum {
    R_JSON = 1,       /* answers JSON: errors are RFC 9457 problem documents */
    R_NO_SESSION = 2, /* no session is read: health, metrics, static-like pages */
    R_CSRF_OFF = 4,   /* a signature or token in the request speaks for it */
    R_NO_TENANT = 8,  /* served for any host */
    R_LOOPBACK = 16,  /* only for clients on loop-back */
    R_FRAGMENT = 32,  /* answers a part of a page: it needs no menu */
    R_ANY_QUERY = 64  /* a query string that cannot be read is no fault: r->args has what can */
};

typedef enum rc(app_handler)(struct req *);

struct app_route { /* the table IS the sitemap */
    unsigned methods;
    const char
        *pattern; /* "/wishlist/{item:id}"; kinds: id (uuid), slug, int, token, any (one segment),
                     rest (all that follows); a literal beats a capture; a clash refuses to start */
    app_handler *handler;
    const char *perm; /* NULL: public; "shop.customer"; "wishlist.manage" */
    unsigned flags;
    const struct form_spec
        *form;            /* body (POST) or query (GET) fields, checked before the handler */
    unsigned max_body_kb; /* 0: 64 */
    const char *limit;    /* "wishlist:30/min": bucket, count, per sec|min|hour */
};
struct app_perm {
    const char *name, *label;
};
struct app_template {
    const char *file;
    const char *const *names;
}; /* every name the C side sets, NULL-terminated; tpllint compares */
enum setting_type {
    SETTING_TEXT,
    SETTING_INT,
    SETTING_BOOL,
    SETTING_CHOICE,
    SETTING_MONEY,
    SETTING_COLOUR,
    SETTING_JSON
};
struct app_setting {
    const char *key, *dflt, *label;
    unsigned type;
    const char *const *choices;
};
struct app_nav {
    const char *area, *label, *href, *perm;
    int order;
}; /* area: "admin", "account", "header", "footer" */

enum { SLOT_PERSONAL = 1 }; /* left as a hole in cached pages and filled after the fetch */
struct app_slot { /* subject = kind + ids of all cards on the page: a list costs one statement */
    const char *slot; /* "product.actions" */
    int order;        /* unique per slot */
    unsigned flags;
    enum rc (*send)(struct req *, struct db_pipe *,
                    const struct slot_subject *); /* queues into the page's pipeline; may be NULL */
    enum rc (*render)(struct req *, const struct slot_subject *, size_t i, struct buf *out);
};
enum { PHASE_AUTHED, PHASE_RESPONSE, PHASE_LOG };
struct app_hook {
    unsigned phase;
    int order;
    app_handler *fn;
};

enum { EV_IN_TX = 1, EV_AFTER_COMMIT = 2, EV_JOB = 4 };
struct app_event_sub {
    const char *event; /* "order.placed" */
    unsigned when;     /* EV_IN_TX (may veto by its rc) | EV_AFTER_COMMIT (same process) | EV_JOB
                          (outbox, retried) */
    enum rc (*fn)(struct app_ctx *, const struct event *);
};
struct app_job { /* same .so, run by the jobs process */
    const char *name;
    unsigned every_s; /* 0: only when enqueued */
    unsigned timeout_s, max_tries;
    enum rc (*run)(struct app_ctx *, const struct job *);
};

struct app_module {
    uint32_t magic, size; /* sizeof as the module saw it: minor bumps stay loadable */
    uint16_t abi_major, abi_minor;
    const char *build_id;
    const char *name;         /* = folder, = SQL schema, = test folder, = log field */
    const char *const *needs; /* module names, NULL-terminated; the loader sorts, refuses cycles */
    unsigned schema_version;  /* highest sql/<name>/NNN this code expects; 0 = no schema */
    const struct app_route *routes; /* tables end with a zeroed entry; NULL = none */
    const struct app_perm *perms;
    const struct app_template *templates;
    const struct app_setting *settings;
    const struct app_nav *nav;
    const struct app_slot *slots;
    const struct app_hook *hooks;
    const struct app_event_sub *events;
    const struct app_job *jobs;
    const struct db_stmt *const *stmts; /* generated, NULL-terminated */
    const struct resource *const *resources;
    enum rc (*load)(struct app_ctx *);  /* once, in the master: no I/O, no threads */
    enum rc (*start)(struct app_ctx *); /* each process after fork */
    void (*stop)(struct app_ctx *);
};

/* APP_BUILD_ID is defined by the build (-DAPP_BUILD_ID="..."). A static build defines APP_ENTRY per
 * module. */
#ifndef APP_ENTRY
#define APP_ENTRY app_module_entry
#endif
#define APP_MODULE(...)                                                                            \
    extern const struct app_module APP_ENTRY;                                                      \
    const struct app_module APP_ENTRY                                                              \
        __attribute__((visibility("default"))) = { .magic = APP_MAGIC,                             \
                                                   .size = sizeof(struct app_module),              \
                                                   .abi_major = APP_ABI_MAJOR,                     \
                                                   .abi_minor = APP_ABI_MINOR,                     \
                                                   .build_id = APP_BUILD_ID,                       \
                                                   __VA_ARGS__ }

#endif
