/* plans.c: on a shop of real size, does the planner by itself choose an index for every statement
 * that says "plan: index"? Connects to the instance whose configuration file is given; prints the
 * statements that would read a whole table of weight, one a line, and how many were looked at. */
#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "platform/conf.h"
#include "platform/db.h"
#include "sql/stmts.h"

enum { HEAVY = 300 /* planner units: small tables are best read whole */ };

int main(int argc, char **argv)
{
    struct arena *a = arena_new_sized(0);
    struct conf *conf;
    struct buf problems;
    const char *why = NULL;
    size_t n = 0;
    if (argc != 2 || conf_load(argv[1], a, &conf, &why) != RC_OK) {
        fprintf(stderr, "usage: plans kade.conf%s%s\n", why ? ": " : "", why ? why : "");
        return 2;
    }
    struct db *web = db_new(conf, "kade_web", "plans"), *desk = db_new(conf, "kade_jobs", "plans");
    buf_init(&problems, a, 1 << 20);
    for (const struct stmts_of *m = all_stmts; m->module != NULL; m++)
        /* the skeleton is there to be copied: no instance has its tables */
        for (size_t i = 0; m->stmts[i] != NULL && !str_eq(m->module, "skeleton"); i++) {
            const struct db_stmt *s = m->stmts[i];
            if (db_contract_plans(str_eq(s->role, "desk") ? desk : web, s, HEAVY, &problems) !=
                RC_OK) {
                fprintf(stderr, "%s: database away\n", s->name);
                return 1;
            }
            n += (s->flags & DB_STMT_PLAN_INDEX) != 0;
        }
    printf("%s%zu statements\n", problems.p, n);
    db_free(web);
    db_free(desk);
    conf_free(conf);
    bool good = problems.n == 0 && n > 0;
    arena_free(a);
    return good ? 0 : 1;
}
