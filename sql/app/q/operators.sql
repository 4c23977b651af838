-- Operators of the platform and their ledger. No tenant: both tables belong to the installation, and
-- only kade_admin may ask.

-- stmt: operator_by_email(email text) -> maybe operator_row
-- row:  id uuid, email text, name text, password_hash text?, epoch int4, locale text?, status text
-- role: desk
SELECT o.id, o.email, o.name, o.password_hash, o.epoch, o.locale, o.status
  FROM app.operators o WHERE o.email = $1;

-- stmt: operator_list() -> many operator_line
-- row:  email text, name text, status text, created_at timestamptz
-- role: desk
SELECT o.email, o.name, o.status, o.created_at FROM app.operators o ORDER BY o.email;

-- *affected 0: the address is taken.
-- stmt: operator_add(id uuid, email text, name text, password_hash text) -> exec
-- role: desk
-- writes
INSERT INTO app.operators (id, email, name, password_hash) VALUES ($1, $2, $3, $4)
    ON CONFLICT (email) DO NOTHING;

-- A new password ends every session and opens the account again.
-- stmt: operator_set_password(id uuid, password_hash text, now timestamptz) -> exec
-- role: desk
-- writes
UPDATE app.operators SET password_hash = $2, epoch = epoch + 1, status = 'active', updated_at = $3
 WHERE id = $1;

-- Ends the sessions as well.
-- stmt: operator_disable(id uuid, now timestamptz) -> exec
-- role: desk
-- writes
UPDATE app.operators SET status = 'disabled', epoch = epoch + 1, updated_at = $2
 WHERE id = $1 AND status <> 'disabled';

-- stmt: operator_log_add(id uuid, operator_id uuid?, action text, resource text, resource_id uuid?, old_values jsonb?, new_values jsonb?, ip text?, agent text?, request_id text?) -> exec
-- role: desk
-- writes
INSERT INTO app.operator_logs (id, operator_id, action, resource, resource_id, old_values, new_values, ip, agent, request_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);
