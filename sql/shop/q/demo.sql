-- What the demo loader writes besides what importers write.

-- stmt: demo_customer_put(id uuid, email text, name text, password_hash text, locale text) -> exec
-- role: desk
-- writes
-- An account that is there keeps its password and name.
INSERT INTO shop.customers (tenant_id, id, email, name, password_hash, locale, email_verified_at)
SELECT app.tenant(), $1, $2, $3, $4, $5, app.now()
 WHERE NOT EXISTS (SELECT 1 FROM shop.customers c WHERE c.email = $2 AND c.deleted_at IS NULL);
