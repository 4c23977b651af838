-- A session is valid only while it carries its owner's epoch (T31). Customers are the shop's; this
-- one statement reads both owners, so that a page knows who asks in its first round trip.
-- stmt: session_get(token_hash bytea) -> maybe session_row
-- row:  user_id uuid?, customer_id uuid?, name text?, email text?, epoch int4
-- row:  seen_at timestamptz, expires_at timestamptz, stays bool, perms text, group_id uuid?
-- plan: index
SELECT s.user_id, s.customer_id, coalesce(u.name, c.name) AS name, coalesce(u.email, c.email) AS email,
       s.epoch, s.seen_at, s.expires_at, s.stays,
       coalesce((SELECT string_agg(DISTINCT p.permission, ' ')
                   FROM app.user_roles ur
                   JOIN app.roles r ON (r.tenant_id, r.id) = (ur.tenant_id, ur.role_id) AND r.deleted_at IS NULL
                   JOIN app.role_permissions p ON (p.tenant_id, p.role_id) = (ur.tenant_id, ur.role_id)
                  WHERE (ur.tenant_id, ur.user_id) = (s.tenant_id, s.user_id)), '') AS perms,
       c.group_id
  FROM app.sessions s
  LEFT JOIN app.users u ON (u.tenant_id, u.id) = (s.tenant_id, s.user_id)
  LEFT JOIN shop.customers c ON (c.tenant_id, c.id) = (s.tenant_id, s.customer_id)
 WHERE s.token_hash = $1 AND s.expires_at > app.now()
   AND (s.user_id IS NULL OR (u.epoch = s.epoch AND u.status = 'active' AND u.deleted_at IS NULL))
   AND (s.customer_id IS NULL OR (c.epoch = s.epoch AND c.status = 'active' AND c.deleted_at IS NULL));

-- stmt: session_add(token_hash bytea, user_id uuid?, customer_id uuid?, epoch int4, ip text, agent text, stays bool, expires_at timestamptz) -> exec
-- writes
INSERT INTO app.sessions (token_hash, user_id, customer_id, epoch, ip, agent, stays, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- stmt: session_remove(token_hash bytea) -> exec
-- plan: index
-- writes
DELETE FROM app.sessions WHERE token_hash = $1;

-- stmt: session_touch(token_hash bytea, seen_at timestamptz, expires_at timestamptz) -> exec
-- plan: index
-- writes
UPDATE app.sessions SET seen_at = $2, expires_at = $3 WHERE token_hash = $1 AND seen_at < $2;

-- stmt: sessions_expire(before timestamptz) -> exec
-- plan: index
-- writes
-- Retention; runs in one shop at a time.
DELETE FROM app.sessions WHERE expires_at < $1;
