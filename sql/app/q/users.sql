-- stmt: user_by_email(email text) -> maybe user_row
-- row:  id uuid, email text, name text, password_hash text?, epoch int4, locale text?, status text, version int4
-- plan: index
SELECT u.id, u.email, u.name, u.password_hash, u.epoch, u.locale, u.status, u.version
  FROM app.users u
 WHERE u.email = $1 AND u.deleted_at IS NULL;

-- stmt: user_add(id uuid, email text, name text, password_hash text?, locale text?) -> exec
-- role: desk
-- writes
INSERT INTO app.users (id, email, name, password_hash, locale) VALUES ($1, $2, $3, $4, $5);

-- stmt: user_set_password(id uuid, password_hash text) -> exec
-- plan: index
-- role: desk
-- writes
-- A new password ends every session and link of the person: the epoch they carry is past.
UPDATE app.users SET password_hash = $2, epoch = epoch + 1, status = 'active'
 WHERE id = $1 AND deleted_at IS NULL;

-- stmt: user_rehash(id uuid, password_hash text) -> exec
-- plan: index
-- role: desk
-- writes
-- Same password, newer parameters: sessions stay.
UPDATE app.users SET password_hash = $2 WHERE id = $1 AND deleted_at IS NULL;

-- stmt: role_put(id uuid, code text, name text, is_system bool) -> one role_row
-- row:  id uuid
-- role: desk
-- writes
INSERT INTO app.roles (id, code, name, is_system) VALUES ($1, $2, $3, $4)
    ON CONFLICT (tenant_id, code) WHERE deleted_at IS NULL DO UPDATE SET name = excluded.name
RETURNING id;

-- stmt: role_permit(role_id uuid, permissions text[]) -> exec
-- role: desk
-- writes
INSERT INTO app.role_permissions (role_id, permission)
SELECT $1, p FROM unnest($2) AS x (p)
    ON CONFLICT DO NOTHING;

-- stmt: role_give(user_id uuid, role_id uuid) -> exec
-- role: desk
-- writes
INSERT INTO app.user_roles (user_id, role_id) VALUES ($1, $2) ON CONFLICT DO NOTHING;
