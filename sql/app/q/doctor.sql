-- Checks of the framework's own tables, run for each shop by `kade doctor`. A row is a problem.

-- stmt: doctor_jobs() -> many doctor_problem
-- row:  what text, id text, detail text
-- role: desk
SELECT 'job given up' AS what, j.id::text AS id,
       j.name || ' after ' || j.attempts || ' attempts: ' || coalesce(j.last_error, '?') AS detail
  FROM app.jobs j WHERE j.state = 'dead'
 UNION ALL
SELECT 'job held past its lease', j.id::text,
       j.name || ' by ' || coalesce(j.locked_by, '?') || ' until ' || coalesce(j.locked_until::text, '?')
  FROM app.jobs j WHERE j.state = 'running' AND (j.locked_until IS NULL OR j.locked_until < app.now() - interval '2 minutes')
 UNION ALL
SELECT 'job waits too long', j.id::text, j.name || ' since ' || j.run_at::text || ': does kade-jobs run, is its module loaded?'
  FROM app.jobs j WHERE j.state = 'ready' AND j.run_at < app.now() - interval '1 hour';

-- stmt: doctor_outbox() -> many doctor_problem
-- role: desk
SELECT 'event given up' AS what, r.seq::text AS id,
       r.consumer || ' after ' || r.attempts || ' attempts: ' || coalesce(r.last_error, '?') AS detail
  FROM app.outbox_retries r WHERE r.state = 'dead'
 UNION ALL
SELECT 'event not read', o.seq::text, o.topic || ' of ' || o.created_at::text || ': does kade-jobs run?'
  FROM app.outbox o
 WHERE (o.xid, o.seq) > (coalesce((SELECT c.xid FROM app.outbox_cursors c WHERE c.consumer = 'jobs'), '0'),
                         coalesce((SELECT c.seq FROM app.outbox_cursors c WHERE c.consumer = 'jobs'), 0))
   AND o.created_at < app.now() - interval '10 minutes';

-- stmt: doctor_domains() -> many doctor_problem
-- role: desk
SELECT 'store without a host name' AS what, s.id::text AS id, s.code || ' of ' || t.slug AS detail
  FROM app.stores s
  JOIN app.tenants t ON t.id = s.tenant_id
 WHERE s.deleted_at IS NULL AND t.status = 'active' AND s.code = 'main'
   AND NOT EXISTS (SELECT 1 FROM app.tenant_domains d WHERE d.tenant_id = s.tenant_id AND d.store_id = s.id);
