/* use.c: calls every function that sqlgen made of tests/tools/sqlgen/sql, with db_run and db_send
 * replaced by ones that record what they were given and answer with rows made here. It checks what
 * crosses the seam (arguments, pieces, targets), not SQL: the golden files and the contract test
 * do. Compiled by sqlgen.test with warnings as errors; prints TAP. */
#include <stdio.h>
#include <string.h>

#include "gen/wish_q.h"
#include "platform/db.h"

static struct {
    const struct db_stmt *stmt;
    unsigned frags;
    union db_arg args[8];
    struct db_result answer;
    enum rc rc;
    void (*done)(void *target, const struct db_result *r);
    void *target;
} seen;

static int n_tests, n_bad;

static void check(bool good, const char *name)
{
    n_tests++;
    n_bad += !good;
    printf("%sok %d - %s\n", good ? "" : "not ", n_tests, name);
}

static void record(const struct db_stmt *s, unsigned frags, const union db_arg *args)
{
    seen.stmt = s;
    seen.frags = frags;
    if (s->nparams != 0)
        memcpy(seen.args, args, s->nparams * sizeof *args);
}

enum rc db_run(struct db *db, const struct db_stmt *s, unsigned frags, const union db_arg *args,
               struct db_result *out)
{
    (void)db;
    record(s, frags, args);
    if (seen.rc == RC_OK)
        *out = seen.answer;
    return seen.rc;
}

void db_send(struct db_pipe *p, const struct db_stmt *s, unsigned frags, const union db_arg *args,
             struct db_result *out, void (*done)(void *target, const struct db_result *r),
             void *target)
{
    (void)p;
    (void)out;
    record(s, frags, args);
    seen.done = done;
    seen.target = target;
}

static const struct uuid id = { { 1, 2, 3 } };

static void many(void)
{
    struct wish_item rows[2] = { { .name = "a" }, { .name = "b", .has_price_minor = true } };
    struct wish_item_list out = { 0 };
    const char *const w[] = { "x", NULL };
    int64_t since = 7;
    seen.answer = (struct db_result){ .rows = rows, .n = 2 };
    unsigned both = WISH_ITEMS_FRAG_SINCE | WISH_ITEMS_FRAG_BY_PRICE;
    enum rc rc = wish_q_items(NULL, both, id, &since, (struct texts){ w, 2 }, 24, &out);
    check(rc == RC_OK && out.n == 2 && out.row == rows, "many: the list is the rows");
    check(seen.frags == 3, "pieces are bits in the order of the text");
    check(memcmp(&seen.args[0].uuid, &id, sizeof id) == 0 && *seen.args[1].i8_or_null == 7 &&
              seen.args[2].texts.v == w && seen.args[2].texts.n == 2 && seen.args[3].i4 == 24,
          "arguments in the order of the parameters");
    check(seen.stmt->nparams == 4 && seen.stmt->params[1].nullable &&
              seen.stmt->params[1].type == FT_INSTANT && seen.stmt->params[2].type == FT_TEXTS,
          "parameters are described");
    check(seen.stmt->row_size == sizeof(struct wish_item) &&
              seen.stmt->row_align == _Alignof(struct wish_item) &&
              seen.stmt->cols == wish_item_fields && seen.stmt->ncols == wish_item_nfields,
          "the row is described");
    const struct field *f = &wish_item_fields[4];
    check(strcmp(f->name, "price_minor") == 0 && f->nullable &&
              f->offset == offsetof(struct wish_item, price_minor) &&
              f->null_offset == offsetof(struct wish_item, has_price_minor),
          "a nullable number has its mark");
    check(wish_item_fields[2].nullable && wish_item_fields[2].null_offset == FIELD_NOT_NULL,
          "a nullable text has none");
    check(strstr(seen.stmt->sql, "\0010\002 AND w.added_at >= $2 \003") != NULL &&
              strstr(seen.stmt->sql, "minor units") == NULL &&
              strstr(seen.stmt->sql, "'it''s -- no comment ?\? \"q\" \\ ;'") != NULL,
          "pieces are marked, comments are gone, strings are whole");
    uint32_t h = 2166136261u;
    for (const char *p = seen.stmt->sql; *p != '\0'; p++)
        h = (h ^ (unsigned char)*p) * 16777619u;
    check(seen.stmt->hash == h, "the hash is FNV-1a of the text");

    seen.rc = RC_UPSTREAM;
    out = (struct wish_item_list){ .n = 99 };
    rc = wish_q_items(NULL, 0, id, NULL, (struct texts){ 0 }, 0, &out);
    check(rc == RC_UPSTREAM && out.n == 99, "a failure leaves out untouched");
    check(seen.args[1].i8_or_null == NULL, "NULL is null");
    seen.rc = RC_OK;
}

static void exec_maybe_one(void)
{
    int64_t affected = 0;
    seen.answer = (struct db_result){ .affected = 3 };
    enum rc rc = wish_q_add(NULL, id, NULL, NULL, NULL, NULL, (struct bytes){ 0 }, NULL,
                            (struct uuids){ &id, 1 }, &affected);
    check(rc == RC_OK && affected == 3 && seen.stmt->flags == DB_STMT_WRITES, "exec counts rows");
    rc = wish_q_add(NULL, id, NULL, NULL, NULL, NULL, (struct bytes){ 0 }, NULL,
                    (struct uuids){ &id, 1 }, NULL);
    check(rc == RC_OK, "exec may be asked for no count");

    struct wish_item row = { .name = "only" };
    struct wish_item_maybe maybe = { 0 };
    seen.answer = (struct db_result){ .rows = &row, .n = 1, .found = true };
    rc = wish_q_first(NULL, "w", &maybe);
    check(rc == RC_OK && maybe.found && strcmp(maybe.row.name, "only") == 0, "maybe: found");
    check(seen.stmt->nparams == 1 && (seen.stmt->flags & DB_STMT_TENANT_FIRST) != 0 &&
              strcmp(seen.stmt->role, "desk") == 0,
          "the tenant is no argument, the role is named");
    seen.answer = (struct db_result){ .found = false };
    rc = wish_q_first(NULL, "w", &maybe);
    check(rc == RC_OK && !maybe.found && maybe.row.name == NULL,
          "maybe: nothing leaves no old row");

    struct wish_count count = { .n = 5 }, out = { 0 };
    seen.answer = (struct db_result){ .rows = &count, .n = 1, .found = true };
    rc = wish_q_number(NULL, &out);
    check(rc == RC_OK && out.n == 5, "one: the row");
}

static void pipeline(void)
{
    struct wish_item row = { .name = "x" };
    struct wish_item_list list = { 0 };
    wish_q_items_send(NULL, WISH_ITEMS_FRAG_SINCE, id, NULL, (struct texts){ 0 }, 1, &list);
    check(seen.frags == 1 && seen.target == &list, "a pipeline gets pieces and target");
    seen.done(seen.target, &(struct db_result){ .rows = &row, .n = 1 });
    check(list.n == 1 && list.row == &row, "and fills the list when it is done");

    struct wish_count_maybe maybe = { 0 };
    wish_q_lock_send(NULL, id, &maybe);
    seen.done(seen.target, &(struct db_result){ .rows = &(struct wish_count){ 4 }, .found = true });
    check(maybe.found && maybe.row.n == 4, "maybe in a pipeline");
    struct wish_count one = { 0 };
    wish_q_take_send(NULL, id, &one);
    seen.done(seen.target, &(struct db_result){ .rows = &(struct wish_count){ 6 }, .found = true });
    check(one.n == 6, "one in a pipeline");
    int64_t affected = 0;
    wish_q_add_send(NULL, id, NULL, NULL, NULL, NULL, (struct bytes){ 0 }, NULL,
                    (struct uuids){ 0 }, &affected);
    seen.done(seen.target, &(struct db_result){ .affected = 2 });
    check(affected == 2, "exec in a pipeline");
}

int main(void)
{
    many();
    exec_maybe_one();
    pipeline();
    size_t n = 0;
    while (wish_stmts[n] != NULL)
        n++;
    check(n == 6 && strcmp(wish_stmts[5]->name, "wish.lock") == 0, "the table of statements");
    printf("1..%d\n", n_tests);
    return n_bad != 0;
}
