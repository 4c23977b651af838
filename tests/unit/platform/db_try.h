/* db_try.h: statements written by hand, for tests of the layer below the generated ones. */
#ifndef TESTS_DB_TRY_H
#define TESTS_DB_TRY_H

#include "base/log.h"
#include "base/rc.h"
#include "kit/kit.h"

/* Rows of one int8 column. */
struct try_row {
    int64_t n;
};
static const struct field try_cols[] = { { "n", FT_INT8, false, offsetof(struct try_row, n),
                                           FIELD_NOT_NULL } };
static const struct db_param try_params[] = { { "a", FT_INT8, false }, { "b", FT_INT8, false } };

/* A statement with at most two int8 parameters; one per SQL text. */
static inline struct db_stmt try_stmt(const char *sql, enum db_card card, size_t nparams)
{
    struct db_stmt s = { .name = "test.try",
                         .sql = sql,
                         .file = "tests/try.sql",
                         .line = 7,
                         .card = card,
                         .params = try_params,
                         .nparams = nparams,
                         .row_size = sizeof(struct try_row),
                         .row_align = 8,
                         .hash = 17 };
    if (card != DB_EXEC) {
        s.cols = try_cols;
        s.ncols = 1;
    }
    for (const char *p = sql; *p != '\0'; p++)
        s.hash = s.hash * 31 + (unsigned char)*p;
    return s;
}

/* Runs one; *n is the first row's value (or the rows affected), when not NULL. */
static inline enum rc try_run(struct db *db, const char *sql, enum db_card card, int64_t *n)
{
    struct db_stmt s = try_stmt(sql, card, 0);
    struct db_result r = { 0 };
    enum rc rc = db_run(db, &s, 0, NULL, &r);
    if (rc == RC_OK && n != NULL)
        *n = card == DB_EXEC ? r.affected : r.n > 0 ? ((struct try_row *)r.rows)[0].n : -1;
    return rc;
}

#endif
