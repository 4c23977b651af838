-- What needs a superuser, once per database: roles, extensions, schemas app and ext, the record of
-- migrations. May be repeated: it changes only what is missing. Everything else is in migrations,
-- which run as kade_migrate.
--
-- Extensions live in schema ext. Sessions run with search_path = '', so what they bring is named in
-- full: ext.similarity(a, b), a OPERATOR(ext.%) b, gin (w ext.gin_trgm_ops). Default operator classes
-- (btree_gin) are found by type and need no name. A schema of their own keeps pg_catalog clean for
-- pg_upgrade and pg_dump, and our schemas free of names we did not make.
--
-- No password is set here: a private cluster trusts its socket directory, any other installation
-- sets passwords or peer maps of its own (docs/internals/database.md).

SELECT pg_catalog.pg_advisory_xact_lock(4919072501);

DO $do$
DECLARE
    r record;
BEGIN
    FOR r IN
        SELECT * FROM (VALUES
            ('kade_owner', 'NOLOGIN'),               -- owns every object
            ('kade_rt', 'NOLOGIN'),                  -- grants of all runtime roles
            ('kade_desk', 'NOLOGIN'),                -- further grants of staff and jobs
            ('kade_lookup', 'NOLOGIN BYPASSRLS'),    -- owns the functions that find a shop, reads 5 tables
            ('kade_migrate', 'LOGIN BYPASSRLS'),
            ('kade_backup', 'LOGIN BYPASSRLS'),
            ('kade_web', 'LOGIN'),
            ('kade_admin', 'LOGIN'),
            ('kade_jobs', 'LOGIN')
        ) AS v (name, options)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = r.name) THEN
            EXECUTE pg_catalog.format('CREATE ROLE %I %s', r.name, r.options);
        END IF;
    END LOOP;
    EXECUTE pg_catalog.format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE pg_catalog.format('GRANT CONNECT ON DATABASE %I TO kade_rt, kade_backup',
                              current_database());
    EXECUTE pg_catalog.format('GRANT CONNECT, CREATE, TEMPORARY ON DATABASE %I TO kade_migrate',
                              current_database());
    EXECUTE pg_catalog.format('GRANT CREATE ON DATABASE %I TO kade_owner', current_database());
END
$do$;

GRANT kade_owner, kade_lookup TO kade_migrate;
GRANT kade_rt TO kade_web, kade_admin, kade_jobs;
GRANT kade_desk TO kade_admin, kade_jobs;
GRANT pg_read_all_data TO kade_backup;

REVOKE ALL ON SCHEMA public FROM PUBLIC;

CREATE SCHEMA IF NOT EXISTS ext;
GRANT USAGE ON SCHEMA ext TO kade_owner, kade_rt, kade_migrate;
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA ext;
CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA ext;
CREATE EXTENSION IF NOT EXISTS btree_gin WITH SCHEMA ext;

CREATE SCHEMA IF NOT EXISTS app AUTHORIZATION kade_owner;
GRANT USAGE ON SCHEMA app TO kade_rt, kade_lookup;

CREATE TABLE IF NOT EXISTS app.schema_migrations (
    module     text NOT NULL,
    no         int4 NOT NULL CHECK (no > 0),
    name       text NOT NULL,
    sha256     text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    applied_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    PRIMARY KEY (module, no)
);
ALTER TABLE app.schema_migrations OWNER TO kade_owner;
GRANT SELECT ON app.schema_migrations TO kade_rt;
