-- The record of migrations (migrate.c). The table is made by bootstrap.sql, so these prepare before
-- the first migration has run.
-- stmt: migrations(module text) -> many migration_row
-- row:  no int4, name text, sha256 text
-- plan: index
SELECT m.no, m.name, m.sha256 FROM app.schema_migrations m WHERE m.module = $1 ORDER BY m.no;

-- stmt: migration_version(module text) -> one migration_version_row
-- row:  version int4
-- plan: index
SELECT coalesce(max(m.no), 0) AS version FROM app.schema_migrations m WHERE m.module = $1;

-- stmt: migration_add(module text, no int4, name text, sha256 text) -> exec
-- writes
INSERT INTO app.schema_migrations (module, no, name, sha256) VALUES ($1, $2, $3, $4);

-- stmt: migration_lock() -> one migration_lock_row
-- row:  ours bool
-- Of the session, not of the transaction: one runner at a time, asked again while another has it.
SELECT pg_try_advisory_lock(4919072502) AS ours;

-- stmt: migration_unlock() -> one migration_lock_row
SELECT pg_advisory_unlock(4919072502) AS ours;

-- stmt: migration_settings() -> one migration_settings_row
-- row:  timeout text, security text
-- For this transaction: no time limit, and row security an error instead of a filter.
SELECT set_config('statement_timeout', '0', true) AS timeout, set_config('row_security', 'off', true) AS security;
