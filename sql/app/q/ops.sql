-- What the command line does to shops and staff. Tenants and their host names have no policy: these
-- statements are for kade_admin and kade_jobs only.

-- stmt: tenant_list() -> many tenant_line
-- row:  id uuid, slug text, name text, status text, hosts text, created_at timestamptz
-- role: desk
SELECT t.id, t.slug, t.name, t.status,
       coalesce((SELECT string_agg(d.host, ' ' ORDER BY d.is_primary DESC, d.host)
                   FROM app.tenant_domains d WHERE d.tenant_id = t.id), '') AS hosts,
       t.created_at
  FROM app.tenants t
 ORDER BY t.slug;

-- stmt: tenant_add(id uuid, slug text, name text, zone text) -> exec
-- role: desk
-- writes
INSERT INTO app.tenants (id, slug, name, zone) VALUES ($1, $2, $3, $4);

-- In the new tenant's scope.
-- stmt: store_add(id uuid, name text, locale text, currency text, zone text, country text?) -> exec
-- role: desk
-- writes
INSERT INTO app.stores (id, code, name, locale, currency, zone, country)
VALUES ($1, 'main', $2, $3, $4, $5, $6);

-- stmt: domain_add(host text, tenant uuid, store uuid, is_primary bool) -> exec
-- role: desk
-- writes
INSERT INTO app.tenant_domains (host, tenant_id, store_id, is_primary) VALUES ($1, $2, $3, $4);

-- stmt: tenant_set_status(id uuid, status text, now timestamptz) -> exec
-- role: desk
-- writes
UPDATE app.tenants SET status = $2, updated_at = $3 WHERE id = $1 AND status <> $2;

-- A closed shop's host names are free for others.
-- stmt: domain_free(tenant uuid) -> exec
-- role: desk
-- writes
DELETE FROM app.tenant_domains WHERE tenant_id = $1;

-- stmt: role_find(code text) -> maybe role_found
-- row:  id uuid
SELECT r.id FROM app.roles r WHERE r.code = $1 AND r.deleted_at IS NULL;

-- stmt: user_list() -> many user_line
-- row:  email text, name text, status text, roles text
-- role: desk
SELECT u.email, u.name, u.status,
       coalesce((SELECT string_agg(r.code, ' ' ORDER BY r.code)
                   FROM app.user_roles x
                   JOIN app.roles r ON (r.tenant_id, r.id) = (x.tenant_id, x.role_id)
                  WHERE x.user_id = u.id), '') AS roles
  FROM app.users u
 WHERE u.deleted_at IS NULL
 ORDER BY u.email;

-- stmt: job_counts() -> many job_count
-- row:  name text, state text, n int8, tries int4, oldest timestamptz, last_error text?
-- role: desk
SELECT j.name, j.state, count(*) AS n, max(j.attempts) AS tries, min(j.run_at) AS oldest,
       (array_agg(j.last_error ORDER BY j.updated_at DESC) FILTER (WHERE j.last_error IS NOT NULL))[1] AS last_error
  FROM app.jobs j
 GROUP BY j.name, j.state
 ORDER BY j.name, j.state;

-- stmt: retry_counts() -> many retry_count
-- row:  consumer text, state text, n int8, tries int4, oldest timestamptz, last_error text?
-- role: desk
SELECT r.consumer, r.state, count(*) AS n, max(r.attempts) AS tries, min(r.next_at) AS oldest,
       (array_agg(r.last_error ORDER BY r.next_at DESC) FILTER (WHERE r.last_error IS NOT NULL))[1] AS last_error
  FROM app.outbox_retries r
 GROUP BY r.consumer, r.state
 ORDER BY r.consumer, r.state;

-- Dead letters once more, from their first attempt.
-- stmt: job_revive(name text?, now timestamptz) -> exec
-- role: desk
-- writes
UPDATE app.jobs SET state = 'ready', attempts = 0, run_at = $2, finished_at = NULL
 WHERE state = 'dead' AND ($1::text IS NULL OR name = $1);

-- stmt: retry_revive(consumer text?, now timestamptz) -> exec
-- role: desk
-- writes
UPDATE app.outbox_retries SET state = 'waiting', attempts = 0, next_at = $2
 WHERE state = 'dead' AND ($1::text IS NULL OR consumer = $1);

-- stmt: wake() -> one woken
-- row:  told text
SELECT pg_notify('kade_work', '')::text AS told;

-- Our tables that changed since the planner last looked.
-- stmt: statistics_tables() -> many statistics_table
-- row:  name text
-- role: desk
SELECT t.name FROM app.stale_statistics() AS t (name) ORDER BY 1;

-- stmt: statistics_refresh(name text) -> one statistics_done
-- row:  done bool
-- role: desk
SELECT app.refresh_statistics($1) AS done;
