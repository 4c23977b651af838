/* sqlgen.h: what the parts of sqlgen share: a statement file as parsed (sqlgen_parse.c), its text
 * cut at comments and pieces (sqlgen_lex.c), checked (sqlgen_check.c), written as C
 * (sqlgen_emit.c). The annotation format is described in tools/README.md. */
#ifndef TOOLS_SQLGEN_H
#define TOOLS_SQLGEN_H

#include "kit.h"

enum { SG_MAX_FRAGS = 30, SG_MAX_PARAMS = 60, SG_MAX_COLS = 200 };
enum sg_card { SG_EXEC, SG_ONE, SG_MAYBE, SG_MANY };

struct sg_type {
    const char *sql;      /* as written in an annotation */
    const char *ft;       /* enum field_type */
    const char *ctype;    /* member and argument type, ends where the name starts */
    const char *arg;      /* member of union db_arg */
    const char *arg_null; /* the same for a pointer that may be NULL; NULL: value carries null */
    bool array;
};
struct sg_var { /* a parameter or a column */
    const char *name;
    const struct sg_type *type;
    bool nullable;
    int line;
};
struct sg_row {
    const char *name; /* T */
    struct sg_var *col;
    size_t n;
    const char *file;
    int line;
    bool used_one, used_maybe, used_many;
};
struct sg_stmt {
    const char *name;
    struct sg_var *param;
    size_t nparams;
    enum sg_card card;
    const char *row_name;
    struct sg_row *row; /* NULL for exec */
    struct sg_var *col; /* of "-- row:" before it becomes a struct sg_row */
    size_t ncols;
    int row_line;
    bool plan_index, writes, tenant, desk;
    const char *frag[SG_MAX_FRAGS];
    size_t nfrags;
    const char *file;  /* as shown in messages */
    const char *place; /* sql/<m>/q/<file>, as stored in the table */
    int line;
    struct text sql; /* with piece markers */
    int *line_of;    /* of each byte of sql */
    size_t nline_of;
};
struct sg_module {
    const char *name;
    struct sg_stmt **stmt;
    size_t n;
    struct sg_row **row;
    size_t nrows;
};

/* Where in the file the reader is. */
struct sg_in {
    const char *file;
    const char *p;
    size_t n, at;
    int line;
};

const struct sg_type *sg_type_find(const char *name);

/* Reads one file into m; false when it is so broken that the rest was skipped. */
bool sg_parse(struct sg_module *m, const char *file, const char *place, const char *text, size_t n);
/* Copies the SQL at in into s until its end (";", the next statement, end of file). */
bool sg_lex_sql(struct sg_in *in, struct sg_stmt *s);
bool sg_is_annotation(const char *comment); /* text after "--" */
/* Joins rows and statements of all files of m, then checks every statement. */
void sg_check(struct sg_module *m);
/* Migrations: parse, and refuse what statements could not live with (domains). */
void sg_check_migration(const char *file, const char *text);
void sg_emit(const struct sg_module *m, struct text *h, struct text *c);

#endif
