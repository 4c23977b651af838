/* Law 1 and the conventions of the data model, asked of the catalogue itself: each rule is a query
 * that returns what breaks it. On the migrated database none returns a row; and each is tried on
 * planted faults, so that a rule that stopped seeing is noticed.
 *
 * sql/unprotected lists the tables without a policy; what is listed must exist and have none.
 * sql/web_writes lists what shoppers' role may write. */
#include <stdio.h>
#include <string.h>

#include "base/rc.h"
#include "base/str.h"
#include "kit/kit.h"

/* Tables of ours (no partitions), with class and whether they are listed. */
#define OURS                                                                                       \
    "WITH ours AS (SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relkind, c.relowner, "   \
    "  c.relrowsecurity, c.relforcerowsecurity, c.relacl, u.name IS NOT NULL AS listed, "          \
    "  substring(obj_description(c.oid, 'pg_class') FROM '^@class ([A-Z])\\M') AS class "          \
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "                              \
    " LEFT JOIN pg_temp.unprotected u ON u.name = n.nspname || '.' || c.relname "                  \
    " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^pg_' "             \
    "  AND n.nspname NOT IN ('information_schema', 'ext', 'public')), "                            \
    "first_col AS (SELECT indexrelid, indrelid, indisunique, indisprimary, "                       \
    "  (SELECT attname FROM pg_attribute WHERE attrelid = indrelid AND attnum = indkey[0]) AS "    \
    "col "                                                                                         \
    " FROM pg_index), "                                                                            \
    "runtime AS (SELECT oid, rolname FROM pg_roles WHERE rolname IN ('kade_web', 'kade_admin', "   \
    "  'kade_jobs', 'kade_rt', 'kade_desk')) "

#define GOOD_COLUMNS                                                                               \
    "tenant_id uuid NOT NULL, id uuid NOT NULL, created_at timestamptz, updated_at timestamptz"
#define CLASS_S "COMMENT ON TABLE app.bad IS '@class S planted';"

static const struct {
    const char *name, *sql, *plant;
} rules[] = {
    { "a table has tenant_id uuid NOT NULL or is listed in sql/unprotected",
      OURS "SELECT name FROM ours o WHERE (NOT listed OR class = 'X') AND NOT EXISTS (SELECT FROM "
           "pg_attribute a WHERE a.attrelid = o.oid AND attname = 'tenant_id' AND attnotnull AND "
           "atttypid = 'uuid'::regtype)",
      "CREATE TABLE app.bad (id uuid PRIMARY KEY)" },
    { "what is listed exists and has no policy",
      OURS "SELECT u.name FROM pg_temp.unprotected u WHERE NOT EXISTS (SELECT FROM ours o WHERE "
           "o.name = u.name AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = o.oid))",
      "ALTER TABLE app.workers RENAME TO bad" },
    { "a table has a primary key that starts with tenant_id",
      OURS "SELECT name FROM ours o WHERE NOT listed AND NOT EXISTS (SELECT FROM first_col WHERE "
           "indrelid = o.oid AND indisprimary AND col = 'tenant_id')",
      "CREATE TABLE app.bad (" GOOD_COLUMNS ", PRIMARY KEY (id, tenant_id))" },
    { "a unique key starts with tenant_id",
      OURS "SELECT name FROM ours o JOIN first_col ON indrelid = o.oid WHERE NOT listed AND "
           "indisunique AND col IS DISTINCT FROM 'tenant_id'",
      "CREATE TABLE app.bad (" GOOD_COLUMNS ", PRIMARY KEY (tenant_id, id)); "
      "CREATE UNIQUE INDEX ON app.bad (id)" },
    { "a foreign key starts with tenant_id on both sides; only roots point at tenants",
      OURS
      ", fk AS (SELECT o.name, f.conname, f.confrelid::regclass::text AS target, "
      "(SELECT attname FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1]) AS a, "
      "(SELECT attname FROM pg_attribute WHERE attrelid = confrelid AND attnum = confkey[1]) AS b "
      "FROM ours o JOIN pg_constraint f ON f.conrelid = o.oid WHERE contype = 'f') "
      "SELECT name || ' ' || conname FROM fk WHERE CASE WHEN target = 'app.tenants' THEN name "
      "NOT IN ('app.stores', 'app.tenant_domains') ELSE a <> 'tenant_id' OR b <> 'tenant_id' END",
      "CREATE TABLE app.bad (" GOOD_COLUMNS ", PRIMARY KEY (tenant_id, id), "
      "FOREIGN KEY (tenant_id) REFERENCES app.tenants (id))" },
    { "a foreign key that sets null names its column",
      OURS "SELECT name || ' ' || conname FROM ours o JOIN pg_constraint f ON f.conrelid = o.oid "
           "WHERE contype = 'f' AND confdeltype = 'n' AND confdelsetcols IS NULL",
      "CREATE TABLE app.bad (" GOOD_COLUMNS ", PRIMARY KEY (tenant_id, id), "
      "FOREIGN KEY (tenant_id, id) REFERENCES app.stores (tenant_id, id) ON DELETE SET NULL)" },
    { "a foreign key has its index",
      OURS
      "SELECT name || ' ' || conname FROM ours o JOIN pg_constraint f ON f.conrelid = o.oid "
      "WHERE contype = 'f' AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = o.oid AND "
      "(SELECT array_agg(k ORDER BY k) FROM unnest(f.conkey) k) = (SELECT array_agg(k ORDER BY "
      "k) FROM unnest((i.indkey::int2[])[0:cardinality(f.conkey) - 1]) k))",
      "CREATE TABLE app.bad (" GOOD_COLUMNS ", store_id uuid, PRIMARY KEY (tenant_id, id), "
      "FOREIGN KEY (tenant_id, store_id) REFERENCES app.stores (tenant_id, id))" },
    { "row security is enabled, forced and has the one policy",
      OURS "SELECT name FROM ours o WHERE NOT listed AND (NOT relrowsecurity OR NOT "
           "relforcerowsecurity OR NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = o.oid AND "
           "polname = 'tenant' AND polpermissive AND polcmd = '*' AND polroles = '{0}' AND "
           "pg_get_expr(polqual, polrelid) = '(tenant_id = ( SELECT app.tenant() AS tenant))'))",
      "CREATE TABLE app.bad (" GOOD_COLUMNS ", PRIMARY KEY (tenant_id, id)); "
      "ALTER TABLE app.bad ENABLE ROW LEVEL SECURITY; "
      "CREATE POLICY tenant ON app.bad USING (true); ALTER TABLE app.bad FORCE ROW LEVEL "
      "SECURITY" },
    { "a further policy is that of a queue, for kade_jobs only, or hides staff's proofs from "
      "kade_web",
      OURS
      "SELECT name || ' ' || polname FROM ours o JOIN pg_policy p ON p.polrelid = o.oid WHERE "
      "polname <> 'tenant' AND NOT (polname = 'queue' AND (class = 'Q' OR name = 'app.outbox') "
      "AND polroles = ARRAY['kade_jobs'::regrole::oid]) AND NOT (polname = 'shoppers' AND NOT "
      "polpermissive AND polroles = ARRAY['kade_web'::regrole::oid] AND pg_get_expr(polqual, "
      "polrelid) = '(user_id IS NULL)')",
      "CREATE POLICY wide ON app.stores TO kade_web USING (true)" },
    { "a class is declared",
      OURS "SELECT name FROM ours WHERE (class IS NULL AND NOT listed) OR class NOT IN ('E', 'C', "
           "'S', 'L', 'Q', 'X') OR (class = 'X') <> (listed AND class IS NOT NULL)",
      "CREATE TABLE app.bad (" GOOD_COLUMNS ", PRIMARY KEY (tenant_id, id))" },
    { "a class has its columns",
      OURS ", need (class, col) AS (VALUES ('E', 'version'), ('E', 'created_at'), ('E', "
           "'updated_at'), ('E', 'deleted_at'), ('E', 'created_by'), ('E', 'updated_by'), ('C', "
           "'created_at'), ('C', 'updated_at'), ('S', 'created_at'), ('S', 'updated_at'), ('L', "
           "'created_at'), ('L', 'created_by'), ('Q', 'created_at'), ('Q', 'updated_at')) "
           "SELECT name || '.' || col FROM ours o JOIN need USING (class) WHERE NOT EXISTS (SELECT "
           "FROM pg_attribute WHERE attrelid = o.oid AND attname = col AND NOT attisdropped)",
      "CREATE TABLE app.bad (" GOOD_COLUMNS ", PRIMARY KEY (tenant_id, id)); "
      "COMMENT ON TABLE app.bad IS '@class E planted'" },
    { "a class has its trigger",
      OURS
      "SELECT name FROM ours o WHERE class IN ('E', 'C', 'S', 'Q') AND NOT EXISTS (SELECT FROM "
      "pg_trigger t WHERE t.tgrelid = o.oid AND tgname = 'touch' AND tgenabled = 'O' AND "
      "tgfoid::regproc::text = CASE class WHEN 'E' THEN 'app.touch' ELSE 'app.touch_at' END)",
      "CREATE TABLE app.bad (" GOOD_COLUMNS ", PRIMARY KEY (tenant_id, id)); " CLASS_S },
    { "kade_owner owns tables, sequences and views",
      "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = "
      "c.relnamespace WHERE c.relkind IN ('r', 'p', 'S', 'v', 'm') AND n.nspname !~ '^pg_' AND "
      "n.nspname NOT IN ('information_schema', 'ext', 'public') AND c.relowner <> "
      "'kade_owner'::regrole",
      "CREATE SEQUENCE app.bad" },
    { "kade_owner or kade_lookup owns functions and schemas",
      "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = "
      "p.pronamespace "
      "WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'ext', 'public') AND "
      "p.proowner NOT IN ('kade_owner'::regrole, 'kade_lookup'::regrole) UNION ALL SELECT nspname "
      "FROM pg_namespace n WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', "
      "'ext', "
      "'public') AND nspowner <> 'kade_owner'::regrole",
      "CREATE FUNCTION app.bad() RETURNS int LANGUAGE sql AS 'SELECT 1'" },
    { "runtime roles are plain",
      OURS "SELECT r.rolname FROM pg_roles p JOIN runtime r USING (oid) WHERE rolsuper OR "
           "rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication",
      "ALTER ROLE kade_web CREATEDB" },
    { "runtime roles are members of kade_rt and kade_desk only",
      OURS
      "SELECT r.rolname || ' in ' || m.roleid::regrole FROM pg_auth_members m JOIN runtime r ON "
      "r.oid = m.member WHERE m.roleid::regrole::text NOT IN ('kade_rt', 'kade_desk') OR "
      "m.admin_option OR (r.rolname = 'kade_web' AND m.roleid <> 'kade_rt'::regrole)",
      "GRANT kade_desk TO kade_web" },
    { "no runtime role owns anything",
      OURS
      "SELECT rolname || ' ' || d.classid::regclass || ' ' || d.objid FROM pg_shdepend d JOIN "
      "runtime ON oid = refobjid WHERE deptype = 'o' AND d.dbid = (SELECT oid FROM pg_database "
      "WHERE datname = current_database())",
      "CREATE TABLE app.bad (" GOOD_COLUMNS ", PRIMARY KEY (tenant_id, id)); "
      "ALTER TABLE app.bad OWNER TO kade_web" },
    { "nobody may truncate, reference or put triggers, and PUBLIC may nothing",
      OURS "SELECT name || ' ' || grantee::regrole || ' ' || privilege_type FROM ours, "
           "aclexplode(relacl) x WHERE grantee <> relowner AND (grantee = 0 OR privilege_type IN "
           "('TRUNCATE', 'REFERENCES', 'TRIGGER') OR is_grantable)",
      "GRANT TRUNCATE ON app.stores TO kade_jobs" },
    { "a ledger grants reading and inserting only",
      OURS
      "SELECT name || ' ' || grantee::regrole || ' ' || privilege_type FROM ours, "
      "aclexplode(relacl) x WHERE grantee <> relowner AND class = 'L' AND privilege_type NOT IN "
      "('SELECT', 'INSERT')",
      "GRANT UPDATE ON app.audit_logs TO kade_admin" },
    { "no column grants around the table grants",
      OURS
      "SELECT name || '.' || attname FROM ours o JOIN pg_attribute a ON a.attrelid = o.oid WHERE "
      "attacl IS NOT NULL",
      "GRANT UPDATE (created_at) ON app.audit_logs TO kade_web" },
    { "partitions are reached through their parent only",
      "SELECT oid::regclass::text FROM pg_class WHERE relispartition AND relkind = 'r' AND "
      "(relacl IS NOT NULL AND EXISTS (SELECT FROM aclexplode(relacl) WHERE grantee <> relowner) "
      "OR "
      "relowner <> 'kade_owner'::regrole)",
      "GRANT SELECT ON app.outbox_default TO kade_jobs" },
    { "runtime roles may not create",
      OURS "SELECT rolname || ' in ' || nspname FROM runtime, pg_namespace WHERE "
           "has_schema_privilege(rolname, nspname, 'CREATE') UNION ALL SELECT rolname || ' in the "
           "database' FROM runtime WHERE has_database_privilege(rolname, current_database(), "
           "'CREATE') OR has_database_privilege(rolname, current_database(), 'TEMP')",
      "GRANT CREATE ON SCHEMA app TO kade_web" },
    { "a function with its owner's rights has a search path and is not for PUBLIC",
      "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = "
      "p.pronamespace "
      "WHERE prosecdef AND n.nspname !~ '^pg_' AND (NOT coalesce(proconfig @> "
      "ARRAY['search_path=\"\"'], "
      "false) OR proacl IS NULL OR EXISTS (SELECT FROM aclexplode(proacl) WHERE grantee = 0))",
      "CREATE FUNCTION app.bad() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'; "
      "ALTER FUNCTION app.bad() OWNER TO kade_owner" },
    { "a view asks with its reader's rights",
      "SELECT oid::regclass::text FROM pg_class c WHERE relkind = 'v' AND "
      "relnamespace::regnamespace::"
      "text !~ '^pg_' AND relnamespace::regnamespace::text NOT IN ('information_schema', 'ext') "
      "AND "
      "NOT coalesce(reloptions @> ARRAY['security_invoker=true'], false)",
      "CREATE VIEW app.bad AS SELECT * FROM app.stores" },
    { "columns have types that are indexable under a policy and exact",
      OURS
      "SELECT name || '.' || attname || ' ' || format_type(atttypid, NULL) FROM ours o JOIN "
      "pg_attribute a ON a.attrelid = o.oid JOIN pg_type t ON t.oid = atttypid WHERE attnum > 0 "
      "AND NOT attisdropped AND (t.typtype <> 'b' OR atttypid::regtype::text IN ('real', "
      "'double precision', 'numeric', 'money', 'timestamp without time zone', 'json', "
      "'character', 'character varying'))",
      "CREATE TABLE app.bad (" GOOD_COLUMNS ", price numeric, PRIMARY KEY (tenant_id, id))" },
    { "an amount is int8 of minor units",
      OURS
      "SELECT name || '.' || attname FROM ours o JOIN pg_attribute a ON a.attrelid = o.oid WHERE "
      "attname ~ '_minor$' AND atttypid <> 'int8'::regtype",
      "CREATE TABLE app.bad (" GOOD_COLUMNS ", price_minor int4, PRIMARY KEY (tenant_id, id))" },
    { "a partitioned table has a DEFAULT partition",
      "SELECT partrelid::regclass::text FROM pg_partitioned_table WHERE partdefid = 0",
      "CREATE TABLE app.bad (" GOOD_COLUMNS
      ", PRIMARY KEY (tenant_id, id)) PARTITION BY RANGE (id)" },
    { "shoppers' role writes what sql/web_writes lists, and all of it",
      "WITH has AS (SELECT c.oid::regclass::text AS name, string_agg(p, ' ' ORDER BY p) AS rights "
      "FROM pg_class c, unnest(ARRAY['DELETE', 'INSERT', 'TRUNCATE', 'UPDATE']) p WHERE "
      "c.relkind IN ('r', 'p', 'v', 'f') AND c.relnamespace::regnamespace::text !~ '^pg_|^info' "
      "AND NOT c.relispartition AND has_table_privilege('kade_web', c.oid, p) GROUP BY 1 UNION ALL "
      "SELECT oid::regprocedure::text, 'EXECUTE' FROM pg_proc WHERE prosecdef AND "
      "has_function_privilege('kade_web', oid, 'EXECUTE')) SELECT coalesce(h.name, w.name) || ': ' "
      "|| coalesce(h.rights, 'nothing') || ' granted, ' || coalesce(w.rights, 'nothing') || ' "
      "listed' FROM has h FULL JOIN pg_temp.web_writes w USING (name) WHERE h.rights IS DISTINCT "
      "FROM w.rights",
      "GRANT INSERT ON app.stores TO kade_web" },
    { "no constraint was left unchecked",
      "SELECT conrelid::regclass || ' ' || conname FROM pg_constraint WHERE NOT convalidated",
      "ALTER TABLE app.stores ADD CONSTRAINT bad CHECK (code <> 'x') NOT VALID" },
};

/* The list, as a table of this session. */
static void load_list(struct db *db, struct arena *a)
{
    FILE *f = fopen(arena_printf(a, "%s/unprotected", kit()->conf->sql_dir), "re");
    ck_assert_ptr_nonnull(f);
    char line[400];
    kit_ok(db, db_script(db, "CREATE TEMP TABLE unprotected (name text PRIMARY KEY)"));
    while (fgets(line, sizeof line, f) != NULL) {
        size_t n = strcspn(line, " \n");
        if (line[0] == '#' || n == 0)
            continue;
        ck_assert_msg(strlen(line) > n + 20, "sql/unprotected gives no reason: %s", line);
        kit_ok(db, db_script(db, arena_printf(a, "INSERT INTO pg_temp.unprotected VALUES ('%.*s')",
                                              (int)n, line)));
    }
    fclose(f);
}

/* sql/web_writes: name, rights in capitals, reason. */
static void load_rights(struct db *db, struct arena *a)
{
    FILE *f = fopen(arena_printf(a, "%s/web_writes", kit()->conf->sql_dir), "re");
    ck_assert_ptr_nonnull(f);
    char line[400];
    kit_ok(db, db_script(db, "CREATE TEMP TABLE web_writes (name text PRIMARY KEY, rights text)"));
    while (fgets(line, sizeof line, f) != NULL) {
        size_t n = strcspn(line, " \n");
        if (line[0] == '#' || n == 0)
            continue;
        const char *rights = line + n + strspn(line + n, " ");
        size_t m = strspn(rights, "ABCDEFGHIJKLMNOPQRSTUVWXYZ ");
        ck_assert_msg(m > 0 && strlen(rights) > m + 5, "sql/web_writes gives no reason: %s", line);
        while (rights[m - 1] == ' ')
            m--;
        kit_ok(db, db_script(db, arena_printf(a,
                                              "INSERT INTO pg_temp.web_writes VALUES ('%.*s', "
                                              "'%.*s')",
                                              (int)n, line, (int)m, rights)));
    }
    fclose(f);
}

/* What breaks rule i, one a line. */
static char *broken(struct db *db, struct arena *a, int i)
{
    struct db_table t;
    struct buf b;
    buf_init(&b, a, 1 << 16);
    kit_ok(db, db_table(db, a, rules[i].sql, NULL, 0, &t));
    for (size_t r = 0; r < t.rows; r++)
        buf_printf(&b, "%s\n", t.cell[r]);
    return b.p;
}

START_TEST(the_schema_keeps_every_rule)
{
    struct arena *a = arena_new_sized(0);
    struct db *db = kit_db("postgres");
    load_list(db, a);
    load_rights(db, a);
    char *found = broken(db, a, _i);
    ck_assert_msg(*found == '\0', "%s:\n%s", rules[_i].name, found);
    db_free(db);
    arena_free(a);
}
END_TEST

struct plant {
    int rule;
    bool seen;
};

static enum rc plant_in_tx(struct db *db, void *arg)
{
    struct plant *p = arg;
    kit_ok(db, db_script(db, rules[p->rule].plant));
    p->seen = *broken(db, db_arena(db), p->rule) != '\0';
    return RC_DECLINED; /* and away with it */
}

START_TEST(every_rule_finds_its_planted_fault)
{
    struct arena *a = arena_new_sized(0);
    struct db *db = kit_db("postgres");
    struct plant p = { .rule = _i };
    load_list(db, a);
    load_rights(db, a);
    kit_scope(db, a, -1);
    kit_rc(db_tx(db, 0, plant_in_tx, &p), RC_DECLINED);
    ck_assert_msg(p.seen, "not found: %s", rules[_i].name);
    ck_assert_str_eq(broken(db, a, _i), "");
    db_scope_end(db);
    db_free(db);
    arena_free(a);
}
END_TEST

int main(void)
{
    kit_database();
    Suite *s = suite_create("catalogue");
    TCase *t = tcase_create("rules");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, the_schema_keeps_every_rule, 0, (int)COUNT_OF(rules));
    tcase_add_loop_test(t, every_rule_finds_its_planted_fault, 0, (int)COUNT_OF(rules));
    suite_add_tcase(s, t);
    return kit_run(s);
}
