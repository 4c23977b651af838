-- stmt: audit_add(id uuid, actor_kind text, actor_id uuid?, action text, resource text, resource_id uuid?, old_values jsonb?, new_values jsonb?, ip text?, agent text?, request_id text?) -> exec
-- writes
INSERT INTO app.audit_logs (id, actor_kind, actor_id, action, resource, resource_id, old_values, new_values, ip, agent, request_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- stmt: audit_of(resource text, resource_id uuid, before uuid) -> many audit_row
-- row:  id uuid, actor_kind text, actor_id uuid?, action text, old_values jsonb?, new_values jsonb?
-- row:  ip text?, request_id text?, created_at timestamptz
-- plan: index
-- Newest first, before an id (app.uuid7_floor of the instant, or the last one shown).
SELECT a.id, a.actor_kind, a.actor_id, a.action, a.old_values, a.new_values, a.ip, a.request_id, a.created_at
  FROM app.audit_logs a
 WHERE a.resource = $1 AND a.resource_id = $2 AND a.id < $3
 ORDER BY a.id DESC LIMIT 100;

-- stmt: partitions_make(ahead int4) -> one partitions_row
-- row:  made int4
-- role: desk
-- writes
-- Months that are missing, `ahead` from now; only kade_jobs may.
SELECT app.make_partitions($1) AS made;
