/* sqlgen_tree.h: one parse of one SQL text, as sqlgen_check.c needs it: what it reads and writes,
 * which parameters and how many result columns it has. Walking the tree reports the faults that
 * depend on the text alone (foreign schema, SELECT *, now()). */
#ifndef TOOLS_SQLGEN_TREE_H
#define TOOLS_SQLGEN_TREE_H

#include "sqlgen.h"

struct sg_tree {
    const char *file, *module;
    int line;           /* of the statement */
    const int *line_of; /* of each byte of the text */
    size_t nline_of;
    bool params[SG_MAX_PARAMS + 2]; /* [n]: $n occurs */
    int max_param;
    bool writes;      /* INSERT, UPDATE, DELETE, MERGE, nextval, row locks */
    bool calls;       /* calls a function of a schema: may write */
    bool returning;   /* the statement itself is a write with RETURNING */
    bool select;      /* the statement itself is SELECT or VALUES */
    size_t ncols;     /* of its result */
    const char **col; /* names the server will give, NULL where not known here */
};

/* Parses sql and walks it. false: an error was reported and *out is not usable. */
bool sg_tree_read(struct sg_tree *t, const char *sql);

#endif
