-- What the demo loader writes besides what importers write.

-- stmt: demo_customer_put(id uuid, email text, name text, password_hash text, locale text) -> exec
-- role: desk
-- writes
-- An account that is there keeps its password and name.
INSERT INTO shop.customers (tenant_id, id, email, name, password_hash, locale, email_verified_at)
SELECT app.tenant(), $1, $2, $3, $4, $5, app.now()
 WHERE NOT EXISTS (SELECT 1 FROM shop.customers c WHERE c.email = $2 AND c.deleted_at IS NULL);

-- A way to get things to people in a demo shop: one zone for its country, post and a pickup.
-- stmt: demo_shipping(country text, currency text, amount int8, free_from int8) -> exec
-- role: desk
-- writes
WITH z AS (
     INSERT INTO shop.shipping_zones (code, name)
     SELECT 'home', 'Home' WHERE NOT EXISTS (SELECT 1 FROM shop.shipping_zones WHERE code = 'home')
     ON CONFLICT DO NOTHING RETURNING id),
a AS (INSERT INTO shop.shipping_zone_areas (zone_id, country) SELECT z.id, $1 FROM z RETURNING id),
m AS (
     INSERT INTO shop.shipping_methods (zone_id, code, name, kind, handling_days, days_min, days_max, position)
     SELECT z.id, x.code, x.name, x.kind, 0, x.days_min, x.days_max, x.position
       FROM z, (VALUES ('post', 'Post', 'flat', 1, 3, 0), ('pickup', 'Pickup at the shop', 'pickup', 0, 0, 1))
            AS x (code, name, kind, days_min, days_max, position)
  RETURNING id, kind)
INSERT INTO shop.shipping_rates (method_id, currency, amount_minor, free_from_minor)
SELECT m.id, $2, CASE m.kind WHEN 'pickup' THEN 0 ELSE $3 END, CASE m.kind WHEN 'pickup' THEN NULL ELSE $4 END
  FROM m;

-- A way to pay besides cash; what is there already stays.
-- stmt: demo_payment(code text, name text, config jsonb, hold_minutes int4, place int4) -> exec
-- role: desk
-- writes
INSERT INTO shop.payment_methods (code, provider, name, config, hold_minutes, position)
SELECT $1, $1, $2, $3, $4, $5
 WHERE NOT EXISTS (SELECT 1 FROM shop.payment_methods m WHERE m.code = $1 AND m.deleted_at IS NULL);
