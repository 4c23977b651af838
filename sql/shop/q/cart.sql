-- Carts: finding, reading in one trip, changing. A cart is found by its owner (the hash of a guest's
-- session or a customer) and everything else by its id; the caller has looked at the owner first.

-- Whether tax is charged follows from who buys and where it goes: a reverse charge needs a business in another
-- country than the shop's (T36).
-- stmt: cart_head(cart uuid?, token bytea?, customer uuid?, country text, moment timestamptz) -> maybe cart_head
-- row:  id uuid, version int4, currency text, expires_at timestamptz, store_id uuid, rounding text,
-- row:  tax_rounding text, group_id uuid?, customer_email text?, email text, name text, phone text,
-- row:  company text, line1 text, line2 text, city text, region text, postcode text, country text,
-- row:  landmark text, instructions text, billing jsonb?, shipping_method uuid?, payment_method text,
-- row:  note text, relief text?, evidence text?
-- plan: index
SELECT c.id, c.version, c.currency, c.expires_at, c.store_id, s.rounding, s.tax_rounding, u.group_id,
       u.email AS customer_email, coalesce(k.email, '') AS email, coalesce(k.name, '') AS name,
       coalesce(k.phone, '') AS phone, coalesce(k.company, '') AS company, coalesce(k.line1, '') AS line1,
       coalesce(k.line2, '') AS line2, coalesce(k.city, '') AS city, coalesce(k.region, '') AS region,
       coalesce(k.postcode, '') AS postcode, coalesce(k.country, '') AS country,
       coalesce(k.landmark, '') AS landmark, coalesce(k.instructions, '') AS instructions, k.billing,
       k.shipping_method, coalesce(k.payment_method, '') AS payment_method, coalesce(k.note, '') AS note,
       x.kind AS relief, x.evidence
  FROM shop.carts c
  JOIN app.stores s ON s.id = c.store_id
  LEFT JOIN shop.customers u ON u.id = c.customer_id
  LEFT JOIN shop.checkouts k ON k.cart_id = c.id
  LEFT JOIN LATERAL (
       SELECT e.kind, e.evidence FROM shop.tax_exemptions e
        WHERE e.customer_id = c.customer_id AND e.deleted_at IS NULL
          AND $5 >= e.valid_from AND $5 < e.valid_until
          AND e.country = ANY (ARRAY['', coalesce(nullif(k.country, ''), $4)])
          AND (e.kind = 'exempt' OR (u.type = 'business' AND k.country <> '' AND k.country <> $4))
        ORDER BY e.kind, e.country DESC LIMIT 1) x ON true
 WHERE c.status = 'active'
   /*[frag by_id]*/ AND c.id = $1 /*[/frag]*/
   /*[frag guest]*/ AND c.token_hash = $2 /*[/frag]*/
   /*[frag customer]*/ AND c.customer_id = $3 /*[/frag]*/
 LIMIT 1;

-- stmt: cart_lines(chain text[], cart uuid, moment timestamptz) -> many cart_row
-- row:  id uuid, variant_id uuid, product_id uuid, seller_id uuid, slug text, name text, options text,
-- row:  sku text, image text, unit text, tax_class text, quantity int4, price_quantity int4,
-- row:  min_quantity int4, max_quantity int4, weight_g int4, stock_policy text, kind text, for_sale bool,
-- row:  price_seen int8, is_saved bool, is_removed bool, categories uuid[]
-- plan: index
SELECT i.id, i.variant_id, v.product_id, i.seller_id, p.slug,
       /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'product' AND t.resource_id = p.id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),/*[/frag]*/ p.name/*[frag tr]*/)/*[/frag]*/ AS name,
       coalesce((SELECT string_agg(o.value, ', ' ORDER BY n.position, n.id)
                   FROM shop.variant_attribute_values a
                   JOIN shop.attributes n ON n.id = a.attribute_id
                   JOIN shop.attribute_options o ON o.id = a.option_id
                  WHERE a.variant_id = v.id), '') AS options,
       v.sku,
       coalesce((SELECT m.path FROM shop.product_media x JOIN shop.media m ON m.id = x.media_id
                  WHERE x.product_id = p.id AND m.state = 'ready' AND m.kind = 'image' AND m.deleted_at IS NULL
                  ORDER BY (x.variant_id IS NOT DISTINCT FROM v.id) DESC, x.position, x.media_id LIMIT 1), '') AS image,
       v.unit, p.tax_class, i.quantity, v.price_quantity, v.min_quantity, v.max_quantity,
       coalesce(v.weight_g, 0) AS weight_g, v.stock_policy, p.kind,
       v.is_active AND v.deleted_at IS NULL AND p.deleted_at IS NULL AND p.status = 'active'
         AND p.kind <> 'external' AND $3 >= p.publish_from AND $3 < p.publish_until AS for_sale,
       i.price_at_add_minor AS price_seen, i.saved_at IS NOT NULL AS is_saved,
       i.removed_at IS NOT NULL AS is_removed,
       ARRAY(SELECT DISTINCT t.ancestor_id FROM shop.product_categories g
               JOIN shop.category_tree t ON t.descendant_id = g.category_id
              WHERE g.product_id = p.id LIMIT 200) AS categories
  FROM shop.cart_items i
  JOIN shop.product_variants v ON v.id = i.variant_id
  JOIN shop.products p ON p.id = v.product_id
 WHERE i.cart_id = $2 AND (i.removed_at IS NULL OR i.removed_at > $3 - interval '10 minutes')
 ORDER BY i.created_at, i.id LIMIT 400;

-- stmt: cart_prices(cart uuid, currency text) -> many cart_price
-- row:  variant_id uuid, kind text, priority int4, min_quantity int4, amount_minor int8,
-- row:  lowest_30d_minor int8?, valid_from timestamptz, valid_until timestamptz
-- plan: index
SELECT a.variant_id, l.kind, l.priority, a.min_quantity, a.amount_minor, a.lowest_30d_minor,
       greatest(a.valid_from, l.valid_from) AS valid_from,
       least(a.valid_until, l.valid_until) AS valid_until
  FROM shop.carts c
  JOIN shop.cart_items i ON i.cart_id = c.id
  JOIN shop.prices a ON a.variant_id = i.variant_id
  JOIN shop.price_lists l ON l.id = a.price_list_id
  LEFT JOIN shop.customers u ON u.id = c.customer_id
 WHERE c.id = $1 AND l.currency = $2 AND l.is_active AND l.deleted_at IS NULL
   AND (l.kind IN ('base', 'sale') OR (l.kind = 'group' AND l.group_id = u.group_id))
 LIMIT 20000;

-- What is there of all that the cart needs, parts of kits too; what the cart holds itself counts as free.
-- stmt: cart_levels(cart uuid, moment timestamptz) -> many cart_level
-- row:  variant_id uuid, warehouse_id uuid, priority int4, free int8
-- plan: index
WITH need AS (
     SELECT i.variant_id AS id FROM shop.cart_items i WHERE i.cart_id = $1
     UNION
     SELECT k.variant_id FROM shop.cart_items i JOIN shop.kit_items k ON k.kit_id = i.variant_id WHERE i.cart_id = $1)
SELECT l.variant_id, l.warehouse_id, w.priority,
       (l.on_hand::int8 + l.backorder_limit - l.held - l.allocated + coalesce(h.quantity, 0))::int8 AS free
  FROM need n
  JOIN shop.stock_levels l ON l.variant_id = n.id
  JOIN shop.warehouses w ON w.id = l.warehouse_id AND w.deleted_at IS NULL AND w.kind <> 'transit'
  LEFT JOIN shop.stock_holds h ON h.cart_id = $1 AND h.variant_id = l.variant_id
   AND h.warehouse_id = l.warehouse_id AND h.state = 'live' AND h.expires_at > $2
 ORDER BY l.variant_id, l.warehouse_id;

-- stmt: cart_parts(cart uuid) -> many cart_part_row
-- row:  kit_id uuid, variant_id uuid, product_id uuid, sku text, name text, quantity int4,
-- row:  stock_policy text, for_sale bool
-- plan: index
SELECT k.kit_id, k.variant_id, v.product_id, v.sku, p.name, k.quantity, v.stock_policy,
       v.is_active AND v.deleted_at IS NULL AND p.status = 'active' AND p.deleted_at IS NULL AS for_sale
  FROM shop.cart_items i
  JOIN shop.kit_items k ON k.kit_id = i.variant_id
  JOIN shop.product_variants v ON v.id = k.variant_id
  JOIN shop.products p ON p.id = v.product_id
 WHERE i.cart_id = $1
 ORDER BY k.kit_id, k.position, k.variant_id LIMIT 2000;

-- stmt: cart_count(token bytea?, customer uuid?) -> one cart_pieces
-- row:  pieces int8
-- plan: index
SELECT coalesce(sum(i.quantity), 0)::int8 AS pieces
  FROM shop.carts c
  JOIN shop.cart_items i ON i.cart_id = c.id AND i.saved_at IS NULL AND i.removed_at IS NULL
 WHERE c.status = 'active'
   /*[frag guest]*/ AND c.token_hash = $1 /*[/frag]*/
   /*[frag customer]*/ AND c.customer_id = $2 /*[/frag]*/;

-- stmt: variant_offer(variant uuid, customer uuid?, currency text, moment timestamptz) -> many variant_offer
-- row:  seller_id uuid, min_quantity int4, max_quantity int4, kind text, priority int4, from_quantity int4,
-- row:  amount_minor int8, valid_from timestamptz, valid_until timestamptz
-- plan: index
SELECT s.id AS seller_id, v.min_quantity, v.max_quantity, l.kind, l.priority, a.min_quantity AS from_quantity,
       a.amount_minor, greatest(a.valid_from, l.valid_from) AS valid_from,
       least(a.valid_until, l.valid_until) AS valid_until
  FROM shop.product_variants v
  JOIN shop.products p ON p.id = v.product_id
  JOIN shop.sellers s ON s.code = 'house' AND s.deleted_at IS NULL
  JOIN shop.prices a ON a.variant_id = v.id
  JOIN shop.price_lists l ON l.id = a.price_list_id AND l.currency = $3 AND l.is_active AND l.deleted_at IS NULL
  LEFT JOIN shop.customers u ON u.id = $2
 WHERE v.id = $1 AND v.is_active AND v.deleted_at IS NULL AND p.deleted_at IS NULL AND p.status = 'active'
   AND p.kind <> 'external' AND v.stock_policy <> 'never' AND $4 >= p.publish_from AND $4 < p.publish_until
   AND (l.kind IN ('base', 'sale') OR (l.kind = 'group' AND l.group_id = u.group_id))
 LIMIT 1000;

-- stmt: cart_new(id uuid, token bytea?, customer uuid?, store uuid, currency text, expires timestamptz) -> exec
-- writes
INSERT INTO shop.carts (id, token_hash, customer_id, store_id, currency, expires_at)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING;

-- Every change goes through here first: it locks the cart, and counts.
-- stmt: cart_lock(token bytea?, customer uuid?, expires timestamptz) -> maybe cart_key
-- row:  id uuid, version int4
-- writes
UPDATE shop.carts c SET version = c.version + 1, expires_at = $3
 WHERE c.status = 'active'
   /*[frag guest]*/ AND c.token_hash = $1 /*[/frag]*/
   /*[frag customer]*/ AND c.customer_id = $2 /*[/frag]*/
RETURNING c.id, c.version;

-- stmt: cart_item_add(id uuid, cart uuid, variant uuid, seller uuid, quantity int4, most int4, price int8) -> exec
-- writes
INSERT INTO shop.cart_items AS x (id, cart_id, variant_id, seller_id, quantity, price_at_add_minor)
SELECT $1, $2, $3, $4, $5, $7
 WHERE (SELECT count(*) FROM shop.cart_items n WHERE n.cart_id = $2 AND n.variant_id <> $3
           AND n.removed_at IS NULL) < 200
ON CONFLICT (tenant_id, cart_id, variant_id, seller_id, choice_hash) DO UPDATE
   SET quantity = CASE WHEN x.removed_at IS NULL AND x.saved_at IS NULL
                       THEN least(x.quantity + excluded.quantity, $6) ELSE excluded.quantity END,
       price_at_add_minor = excluded.price_at_add_minor, removed_at = NULL, saved_at = NULL;

-- stmt: cart_item_set(cart uuid, item uuid, quantity int4) -> exec
-- writes
UPDATE shop.cart_items i SET quantity = $3
  FROM shop.product_variants v
 WHERE i.cart_id = $1 AND i.id = $2 AND i.removed_at IS NULL AND v.id = i.variant_id
   AND $3 BETWEEN v.min_quantity AND v.max_quantity;

-- stmt: cart_item_remove(cart uuid, item uuid, at timestamptz) -> exec
-- writes
UPDATE shop.cart_items SET removed_at = $3 WHERE cart_id = $1 AND id = $2 AND removed_at IS NULL;

-- stmt: cart_item_restore(cart uuid, item uuid, since timestamptz) -> exec
-- writes
UPDATE shop.cart_items SET removed_at = NULL WHERE cart_id = $1 AND id = $2 AND removed_at >= $3;

-- stmt: cart_item_save(cart uuid, item uuid, at timestamptz?) -> exec
-- writes
UPDATE shop.cart_items SET saved_at = $3 WHERE cart_id = $1 AND id = $2 AND removed_at IS NULL;

-- stmt: cart_prices_seen(cart uuid, items uuid[], prices int8[]) -> exec
-- writes
UPDATE shop.cart_items i SET price_at_add_minor = x.price
  FROM unnest($2::uuid[], $3::int8[]) AS x (id, price)
 WHERE i.cart_id = $1 AND i.id = x.id AND i.price_at_add_minor <> x.price;

-- stmt: cart_code_add(cart uuid, code uuid) -> exec
-- writes
INSERT INTO shop.cart_coupons (cart_id, code_id)
SELECT $1, $2 WHERE (SELECT count(*) FROM shop.cart_coupons WHERE cart_id = $1) < 5
ON CONFLICT DO NOTHING;

-- stmt: cart_code_remove(cart uuid, code uuid) -> exec
-- writes
DELETE FROM shop.cart_coupons WHERE cart_id = $1 AND code_id = $2;

-- stmt: cart_share_add(token bytea, cart uuid, expires timestamptz) -> exec
-- writes
INSERT INTO shop.cart_shares (token_hash, variant_ids, quantities, expires_at)
SELECT $1, x.variants, x.quantities, $3
  FROM (SELECT array_agg(i.variant_id ORDER BY i.created_at, i.id) AS variants,
               array_agg(i.quantity ORDER BY i.created_at, i.id) AS quantities
          FROM shop.cart_items i
         WHERE i.cart_id = $2 AND i.saved_at IS NULL AND i.removed_at IS NULL) x
 WHERE x.variants IS NOT NULL;

-- stmt: cart_share_find(token bytea, moment timestamptz) -> maybe cart_shared
-- row:  variant_ids uuid[], quantities int4[]
-- plan: index
SELECT s.variant_ids, s.quantities FROM shop.cart_shares s WHERE s.token_hash = $1 AND s.expires_at > $2;

-- stmt: cart_share_lines(chain text[], token bytea, moment timestamptz) -> many cart_row
-- plan: index
SELECT v.id, v.id AS variant_id, v.product_id, v.product_id AS seller_id, p.slug,
       /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'product' AND t.resource_id = p.id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),/*[/frag]*/ p.name/*[frag tr]*/)/*[/frag]*/ AS name,
       ''::text AS options, v.sku,
       coalesce((SELECT m.path FROM shop.product_media y JOIN shop.media m ON m.id = y.media_id
                  WHERE y.product_id = p.id AND m.state = 'ready' AND m.kind = 'image' AND m.deleted_at IS NULL
                  ORDER BY y.position, y.media_id LIMIT 1), '') AS image,
       v.unit, p.tax_class, x.quantity, v.price_quantity, v.min_quantity, v.max_quantity,
       coalesce(v.weight_g, 0) AS weight_g, v.stock_policy, p.kind,
       v.is_active AND v.deleted_at IS NULL AND p.deleted_at IS NULL AND p.status = 'active'
         AND p.kind <> 'external' AND $3 >= p.publish_from AND $3 < p.publish_until AS for_sale,
       0::int8 AS price_seen, false AS is_saved, false AS is_removed, '{}'::uuid[] AS categories
  FROM shop.cart_shares s
  CROSS JOIN LATERAL unnest(s.variant_ids, s.quantities) WITH ORDINALITY AS x (variant, quantity, position)
  JOIN shop.product_variants v ON v.id = x.variant
  JOIN shop.products p ON p.id = v.product_id
 WHERE s.token_hash = $2 AND s.expires_at > $3
 ORDER BY x.position LIMIT 400;

-- What is put in at login, by strategy: the guest's lines into the customer's cart.
-- stmt: cart_guest_lock(token bytea) -> maybe cart_key
-- writes
UPDATE shop.carts SET version = version + 1 WHERE token_hash = $1 AND status = 'active' AND customer_id IS NULL
RETURNING id, version;

-- stmt: cart_adopt(cart uuid, customer uuid) -> exec
-- writes
UPDATE shop.carts SET customer_id = $2, token_hash = NULL WHERE id = $1;

-- stmt: cart_lines_merge(into_cart uuid, from_cart uuid, how text) -> exec
-- writes
INSERT INTO shop.cart_items AS x (id, cart_id, variant_id, seller_id, choice_hash, quantity,
                                  price_at_add_minor, saved_at, created_at)
SELECT app.uuid7(), $1, i.variant_id, i.seller_id, i.choice_hash, i.quantity, i.price_at_add_minor,
       CASE WHEN $3 = 'keep' THEN app.now() ELSE i.saved_at END, i.created_at
  FROM shop.cart_items i WHERE i.cart_id = $2 AND i.removed_at IS NULL
ON CONFLICT (tenant_id, cart_id, variant_id, seller_id, choice_hash) DO UPDATE
   SET quantity = CASE WHEN x.removed_at IS NOT NULL THEN excluded.quantity
                       WHEN $3 = 'sum' THEN least(x.quantity + excluded.quantity, 1000000)
                       WHEN $3 = 'larger' THEN greatest(x.quantity, excluded.quantity)
                       WHEN $3 = 'guest' THEN excluded.quantity ELSE x.quantity END,
       saved_at = CASE WHEN $3 = 'keep' THEN x.saved_at ELSE excluded.saved_at END,
       removed_at = CASE WHEN $3 = 'keep' THEN x.removed_at END;

-- stmt: cart_lines_for_later(cart uuid) -> exec
-- writes
UPDATE shop.cart_items SET saved_at = app.now() WHERE cart_id = $1 AND saved_at IS NULL AND removed_at IS NULL;

-- stmt: cart_codes_merge(into_cart uuid, from_cart uuid) -> exec
-- writes
INSERT INTO shop.cart_coupons (cart_id, code_id)
SELECT $1, c.code_id FROM shop.cart_coupons c WHERE c.cart_id = $2 ON CONFLICT DO NOTHING;

-- stmt: cart_end(cart uuid, status text, merged_into uuid?) -> exec
-- writes
UPDATE shop.carts SET status = $2, merged_into_id = $3 WHERE id = $1 AND status = 'active';

-- stmt: checkout_put(cart uuid, email text, name text, phone text, company text, line1 text, line2 text, city text, region text, postcode text, country text, landmark text, instructions text, billing jsonb?, shipping_method uuid?, payment_method text, note text, place_region text, place_city text, place_postcode text, person bytea?) -> exec
-- writes
INSERT INTO shop.checkouts AS x (cart_id, email, name, phone, company, line1, line2, city, region, postcode,
       country, landmark, instructions, billing, shipping_method, payment_method, note, place_region,
       place_city, place_postcode, person_key)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
ON CONFLICT (tenant_id, cart_id) DO UPDATE SET
       email = excluded.email, name = excluded.name, phone = excluded.phone, company = excluded.company,
       line1 = excluded.line1, line2 = excluded.line2, city = excluded.city, region = excluded.region,
       postcode = excluded.postcode, country = excluded.country, landmark = excluded.landmark,
       instructions = excluded.instructions, billing = excluded.billing,
       shipping_method = excluded.shipping_method, payment_method = excluded.payment_method,
       note = excluded.note, place_region = excluded.place_region, place_city = excluded.place_city,
       place_postcode = excluded.place_postcode, person_key = excluded.person_key;

-- Carts past their time: nothing is deleted at once, the owner simply begins anew.
-- stmt: carts_expire(moment timestamptz, most int4) -> exec
-- writes
UPDATE shop.carts SET status = 'expired'
 WHERE id IN (SELECT c.id FROM shop.carts c WHERE c.status = 'active' AND c.expires_at <= $1
               ORDER BY c.expires_at LIMIT $2 FOR UPDATE SKIP LOCKED);
