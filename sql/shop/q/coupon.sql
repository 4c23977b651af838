-- Codes typed into carts, and spending them. Limits are CHECKs; a statement that finds one reached gives
-- no row and the caller rolls back.

-- stmt: coupon_code_find(code text) -> maybe code_found
-- row:  code_id uuid
-- plan: index
SELECT x.id AS code_id
  FROM shop.coupon_codes x
  JOIN shop.coupons c ON (c.tenant_id, c.id) = (x.tenant_id, x.coupon_id)
 WHERE x.code = $1 AND c.is_active AND c.deleted_at IS NULL;

-- stmt: coupons_of_cart(cart uuid) -> many cart_coupon
-- row:  id uuid, code_id uuid, code text, name text, type text, currency text?, value_ppm int4?,
-- row:  value_minor int8?, minimum_minor int8, cap_minor int8?, usage_limit int4?, used_count int4,
-- row:  code_limit int4?, code_used int4, per_person_limit int4?, person_used int4, is_active bool,
-- row:  is_exclusive bool, excludes_sale bool, group_id uuid?, valid_from timestamptz,
-- row:  valid_until timestamptz, product_ids uuid[], category_ids uuid[]
-- plan: index
SELECT c.id, x.id AS code_id, x.code, c.name, c.type, c.currency, c.value_ppm, c.value_minor,
       c.minimum_minor, c.cap_minor, c.usage_limit, c.used_count, x.usage_limit AS code_limit,
       x.used_count AS code_used, c.per_person_limit, coalesce(p.used_count, 0) AS person_used,
       c.is_active AND c.deleted_at IS NULL AS is_active, c.is_exclusive, c.excludes_sale, c.group_id,
       c.valid_from, c.valid_until, c.product_ids, c.category_ids
  FROM shop.cart_coupons t
  JOIN shop.coupon_codes x ON (x.tenant_id, x.id) = (t.tenant_id, t.code_id)
  JOIN shop.coupons c ON (c.tenant_id, c.id) = (x.tenant_id, x.coupon_id)
  LEFT JOIN shop.checkouts o ON o.cart_id = t.cart_id
  LEFT JOIN shop.coupon_people p ON (p.tenant_id, p.coupon_id, p.person_key) = (c.tenant_id, c.id, o.person_key)
 WHERE t.cart_id = $1
 ORDER BY t.created_at, t.code_id;

-- stmt: coupon_spend(coupon uuid, code uuid, person bytea, ord uuid, discount int8, at timestamptz) -> maybe spent
-- row:  done bool?
-- writes
WITH c AS (
     UPDATE shop.coupons SET used_count = used_count + 1
      WHERE id = $1 AND is_active AND deleted_at IS NULL AND $6 >= valid_from AND $6 < valid_until
        AND (usage_limit IS NULL OR used_count < usage_limit)
  RETURNING tenant_id, id, per_person_limit),
k AS (
     UPDATE shop.coupon_codes x SET used_count = x.used_count + 1
       FROM c
      WHERE (x.tenant_id, x.coupon_id) = (c.tenant_id, c.id) AND x.id = $2
        AND (x.usage_limit IS NULL OR x.used_count < x.usage_limit)
  RETURNING x.id),
p AS (
     INSERT INTO shop.coupon_people AS x (tenant_id, coupon_id, person_key, used_count, usage_limit)
     SELECT c.tenant_id, c.id, $3, 1, c.per_person_limit FROM c, k
     ON CONFLICT (tenant_id, coupon_id, person_key)
     DO UPDATE SET used_count = x.used_count + 1, usage_limit = excluded.usage_limit
         WHERE excluded.usage_limit IS NULL OR x.used_count < excluded.usage_limit
  RETURNING 1)
INSERT INTO shop.coupon_usage (tenant_id, coupon_id, code_id, order_id, person_key, discount_minor)
SELECT c.tenant_id, c.id, k.id, $4, $3, $5 FROM c, k, p
ON CONFLICT DO NOTHING
RETURNING true AS done;

-- stmt: coupon_give_back(ord uuid) -> exec
-- writes
WITH u AS (
     UPDATE shop.coupon_usage SET returned_at = app.now()
      WHERE order_id = $1 AND returned_at IS NULL
  RETURNING tenant_id, coupon_id, code_id, person_key),
c AS (
     UPDATE shop.coupons x SET used_count = x.used_count - 1 FROM u
      WHERE (x.tenant_id, x.id) = (u.tenant_id, u.coupon_id)
  RETURNING x.tenant_id, x.id),
k AS (
     UPDATE shop.coupon_codes x SET used_count = x.used_count - 1 FROM u, c
      WHERE (x.tenant_id, x.id) = (u.tenant_id, u.code_id) AND c.id = u.coupon_id
  RETURNING x.tenant_id, x.id)
UPDATE shop.coupon_people x SET used_count = x.used_count - 1 FROM u, k
 WHERE (x.tenant_id, x.coupon_id, x.person_key) = (u.tenant_id, u.coupon_id, u.person_key) AND k.id = u.code_id;
