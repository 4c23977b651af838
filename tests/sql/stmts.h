/* stmts.h: all generated statements, module by module; the table is written by the build. */
#ifndef TESTS_SQL_STMTS_H
#define TESTS_SQL_STMTS_H

#include "platform/db.h"

struct stmts_of {
    const char *module;
    const struct db_stmt *const *stmts; /* ends with NULL */
};
extern const struct stmts_of all_stmts[]; /* ends with a NULL module */

#endif
