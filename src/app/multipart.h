/* multipart.h: a multipart/form-data body (RFC 7578) read as a stream: small values into the
 * arena, files into a private spool. Private to src/app; fuzzed. */
#ifndef APP_MULTIPART_H
#define APP_MULTIPART_H

#include "app/types.h"

struct multipart_part {
    const char *name;
    const char *value;    /* of a plain field; NULL for a file */
    const char *filename; /* last path component, clean; "" when no file was chosen */
    const char *type;     /* as the client says: a hint, never believed */
    const char *path;     /* in the spool; unlinked when the arena is reset */
    size_t size;
};
struct multipart_opt {
    const char *spool_dir; /* exists, mode 0700 */
    size_t max_parts, max_value, max_total;
    /* Bytes a file sent under name may have; < 0 = no file is expected there. */
    int64_t (*file_max)(void *arg, const char *name);
    void *arg;
    long (*read)(void *arg, char *p, size_t n); /* as req_in.read */
    void *read_arg;
};

/* RC_INVALID not well-formed (or the connection broke), RC_LIMIT one of the limits, RC_UPSTREAM the
 * spool cannot be written. */
KADE_API enum rc multipart_read(struct arena *a, const char *content_type,
                                const struct multipart_opt *opt, struct multipart_part **out,
                                size_t *count) ATTR_MUST_CHECK;

#endif
