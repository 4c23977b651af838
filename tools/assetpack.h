/* assetpack.h: the parts of assetpack: the set of files and their outputs (assetpack.c), and the
 * rewriting of references inside CSS, ES modules and web manifests (assetpack_refs.c). */
#ifndef TOOLS_ASSETPACK_H
#define TOOLS_ASSETPACK_H

#include "kit.h"

enum { HASH_TEXT = 9 };

struct asset {
    const char *rel;  /* css/app.css */
    const char *path; /* where it was read, for messages */
    const char *text; /* as read, then as rewritten */
    size_t n;
    const char *name; /* app.3f2a91c0.css; NULL until hashed */
    bool open;        /* being worked on: meeting it again is a cycle */
};
struct pack {
    struct asset *v;
    size_t n;
};

/* The hashed name of what ref (relative, from asset a) points at; NULL when there is no such asset.
 * Hashes it first when it has not been. */
const char *pack_resolve(struct pack *p, const struct asset *a, const char *ref, int line);
/* The text of a with its references replaced by hashed names. */
void pack_rewrite(struct pack *p, const struct asset *a, struct text *out);

#endif
