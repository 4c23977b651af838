-- Refuses a database in which somebody has made something: `kade restore` runs it first, as a
-- superuser, so that it never loads a backup over other people's tables. Changes nothing.
DO $do$
DECLARE
    n int8;
BEGIN
    SELECT count(*) INTO n
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
       AND s.nspname <> 'information_schema' AND s.nspname NOT LIKE 'pg\_%';
    IF n > 0 THEN
        RAISE EXCEPTION 'database % has % tables, views or sequences in it', pg_catalog.current_database(), n
              USING DETAIL = 'restore goes into an empty database: drop this one, or name a new one in section db';
    END IF;
END
$do$;
