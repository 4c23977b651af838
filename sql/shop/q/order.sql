-- Placing an order: all of it leaves in one pipeline. Each statement is once by a unique key or a state
-- that must still hold; the caller looks at what came back and rolls back where a row is missing.

-- stmt: cart_convert(cart uuid, version int4) -> exec
-- writes
UPDATE shop.carts SET status = 'converted' WHERE id = $1 AND status = 'active' AND version = $2;

-- stmt: order_add(id uuid, number text, store uuid, cart uuid, customer uuid?, person bytea, email text?, phone text?, currency text, locale text, include_tax bool, tax_rounding text, rounding text, amounts int8[], state text, payment_method text, shipping_method text, promised_from date?, promised_until date?, shown bytea, note text, placed timestamptz) -> exec
-- writes
INSERT INTO shop.orders (id, number, store_id, cart_id, customer_id, person_key, email, phone, currency, locale,
       prices_include_tax, tax_rounding, rounding_mode, items_minor, shipping_minor, fees_minor, discount_minor,
       tax_minor, tax_added_minor, total_minor, state, payment_method, shipping_method, promised_from,
       promised_until, shown_hash, customer_note, placed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, ($14::int8[])[1], ($14::int8[])[2],
        ($14::int8[])[3], ($14::int8[])[4], ($14::int8[])[5], ($14::int8[])[6], ($14::int8[])[7], $15, $16, $17,
        $18, $19, $20, $21, $22);

-- stmt: order_items_add(ord uuid, ids uuid[], kinds text[], parents uuid[], products uuid[], variants uuid[], sellers uuid[], skus text[], names text[], options text[], images text[], classes text[], units text[], weights int4[], quantities int4[], price_quantities int4[], amounts int8[], tracked bool[]) -> exec
-- writes
INSERT INTO shop.order_items (id, order_id, position, kind, parent_item_id, product_id, variant_id, seller_id,
       sku, name, options, image, tax_class, unit, weight_g, quantity, price_quantity, list_price_minor,
       unit_price_minor, subtotal_minor, discount_minor, total_minor, tax_minor, tax_added_minor, is_tracked)
SELECT x.id, $1, (x.no - 1)::int4, x.kind, nullif(x.parent, '00000000-0000-0000-0000-000000000000'),
       nullif(x.product, '00000000-0000-0000-0000-000000000000'),
       nullif(x.variant, '00000000-0000-0000-0000-000000000000'),
       nullif(x.seller, '00000000-0000-0000-0000-000000000000'),
       x.sku, x.name, x.options, x.image, x.class, x.unit, x.weight, x.quantity, x.price_quantity,
       ($17::int8[])[x.no * 7 - 6], ($17::int8[])[x.no * 7 - 5], ($17::int8[])[x.no * 7 - 4],
       ($17::int8[])[x.no * 7 - 3], ($17::int8[])[x.no * 7 - 2], ($17::int8[])[x.no * 7 - 1],
       ($17::int8[])[x.no * 7], x.tracked
  FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::text[], $9::text[],
              $10::text[], $11::text[], $12::text[], $13::text[], $14::int4[], $15::int4[], $16::int4[],
              $18::bool[]) WITH ORDINALITY
       AS x (id, kind, parent, product, variant, seller, sku, name, options, image, class, unit, weight,
             quantity, price_quantity, tracked, no)
 ORDER BY x.no;

-- stmt: order_taxes_add(ord uuid, items uuid[], positions int4[], rates uuid[], ppm int4[], names text[], countries text[], regions text[], compound bool[], reason text, evidence text, bases int8[], amounts int8[]) -> exec
-- writes
INSERT INTO shop.order_item_taxes (order_item_id, position, order_id, rate_id, rate_ppm, name, country, region,
       is_compound, reason, evidence, base_minor, amount_minor)
SELECT x.item, x.position, $1, x.rate, x.ppm, x.name, x.country, x.region, x.compound, $10, $11, x.base, x.amount
  FROM unnest($2::uuid[], $3::int4[], $4::uuid[], $5::int4[], $6::text[], $7::text[], $8::text[], $9::bool[],
              $12::int8[], $13::int8[])
       AS x (item, position, rate, ppm, name, country, region, compound, base, amount);

-- stmt: order_discounts_add(ord uuid, items uuid[], positions int4[], sources text[], source_ids uuid[], codes text[], labels text[], amounts int8[]) -> exec
-- writes
INSERT INTO shop.order_item_discounts (order_item_id, position, order_id, source, source_id, code, label, amount_minor)
SELECT x.item, x.position, $1, x.source, nullif(x.source_id, '00000000-0000-0000-0000-000000000000'), x.code,
       x.label, x.amount
  FROM unnest($2::uuid[], $3::int4[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::int8[])
       AS x (item, position, source, source_id, code, label, amount);

-- stmt: order_address_add(ord uuid, kind text, name text, phone text, company text, line1 text, line2 text, city text, region text, postcode text, country text, landmark text, instructions text) -> exec
-- writes
INSERT INTO shop.order_addresses (order_id, kind, name, phone, company, line1, line2, city, region, postcode,
       country, landmark, instructions)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- stmt: order_allocations_add(items uuid[], variants uuid[], warehouses uuid[], quantities int4[]) -> exec
-- writes
INSERT INTO shop.stock_allocations (id, order_item_id, variant_id, warehouse_id, quantity)
SELECT app.uuid7(), x.item, x.variant, x.warehouse, x.quantity
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int4[]) AS x (item, variant, warehouse, quantity);

-- stmt: payment_add(id uuid, ord uuid, method uuid, provider text, attempt_key text, currency text, amount int8, expires timestamptz?) -> exec
-- writes
INSERT INTO shop.payments (id, order_id, method_id, provider, attempt_key, currency, amount_minor, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- stmt: order_history_add(ord uuid, machine text, from_state text, to_state text, note text, actor_kind text, actor uuid?) -> exec
-- writes
INSERT INTO shop.order_status_history (id, order_id, machine, from_state, to_state, note, actor_kind, actor_id)
VALUES (app.uuid7(), $1, $2, $3, $4, $5, $6, $7);

-- stmt: order_token_add(token bytea, ord uuid, purpose text, expires timestamptz) -> exec
-- writes
INSERT INTO shop.order_access_tokens (token_hash, order_id, purpose, expires_at) VALUES ($1, $2, $3, $4);

-- stmt: order_of_cart(cart uuid) -> maybe order_found
-- row:  id uuid, number text, customer_id uuid?
-- plan: index
SELECT o.id, o.number, o.customer_id FROM shop.orders o WHERE o.cart_id = $1 AND o.parent_id IS NULL;

-- ---- finding: by owner, by number for staff, by token ----
-- stmt: order_of_customer(customer uuid, number text) -> maybe order_found
-- plan: index
SELECT o.id, o.number, o.customer_id FROM shop.orders o WHERE o.number = $2 AND o.customer_id = $1;

-- stmt: order_of_number(number text) -> maybe order_found
-- plan: index
SELECT o.id, o.number, o.customer_id FROM shop.orders o WHERE o.number = $1;

-- stmt: order_of_token(token bytea, moment timestamptz) -> maybe order_token
-- row:  order_id uuid, purpose text, is_used bool
-- plan: index
SELECT t.order_id, t.purpose, t.used_at IS NOT NULL AS is_used
  FROM shop.order_access_tokens t WHERE t.token_hash = $1 AND t.expires_at > $2;

-- stmt: order_token_spend(token bytea, moment timestamptz) -> maybe order_spent
-- row:  order_id uuid
-- writes
UPDATE shop.order_access_tokens SET used_at = $2
 WHERE token_hash = $1 AND purpose = 'lookup' AND used_at IS NULL AND expires_at > $2
RETURNING order_id;

-- stmt: order_contact(number text) -> maybe order_contact
-- row:  id uuid, email text?, phone text?, locale text
-- plan: index
SELECT o.id, o.email, o.phone, o.locale FROM shop.orders o WHERE o.number = $1;

-- ---- one order ----
-- stmt: order_head(id uuid) -> maybe order_head
-- row:  id uuid, number text, store_id uuid, customer_id uuid?, email text?, phone text?, currency text,
-- row:  locale text, include_tax bool, items int8, shipping int8, fees int8, discount int8, tax int8,
-- row:  tax_added int8, total int8, cancelled int8, paid int8, refunded int8, due int8, state text,
-- row:  label text, category text, payment_state text, fulfilment_state text, payment_method text,
-- row:  shipping_method text, customer_note text, promised_from date?, promised_until date?,
-- row:  placed_at timestamptz, version int4, is_sent bool, is_invoiced bool
-- plan: index
SELECT o.id, o.number, o.store_id, o.customer_id, o.email, o.phone, o.currency, o.locale,
       o.prices_include_tax AS include_tax, o.items_minor AS items, o.shipping_minor AS shipping,
       o.fees_minor AS fees, o.discount_minor AS discount, o.tax_minor AS tax, o.tax_added_minor AS tax_added,
       o.total_minor AS total, o.cancelled_minor AS cancelled, o.paid_minor AS paid,
       o.refunded_minor AS refunded, o.due_minor AS due, o.state, coalesce(s.label, o.state) AS label,
       coalesce(s.category, 'open') AS category, o.payment_state, o.fulfilment_state,
       coalesce(m.name, o.payment_method) AS payment_method, o.shipping_method, o.customer_note,
       o.promised_from, o.promised_until, o.placed_at, o.version,
       o.fulfilment_state <> 'open' AS is_sent,
       EXISTS (SELECT 1 FROM shop.documents d WHERE d.order_id = o.id AND d.kind = 'invoice') AS is_invoiced
  FROM shop.orders o
  LEFT JOIN app.states s ON s.machine = 'order' AND s.code = o.state
  LEFT JOIN shop.payment_methods m ON m.code = o.payment_method AND m.deleted_at IS NULL
 WHERE o.id = $1;

-- stmt: order_lines(ord uuid) -> many order_line_row
-- row:  id uuid, kind text, variant_id uuid?, product_id uuid?, sku text, name text, options text, image text,
-- row:  quantity int4, qty_sent int4, qty_cancelled int4, qty_returned int4, unit_price int8, list_price int8,
-- row:  subtotal int8, discount int8, total int8, tax int8, tax_added int8, refunded int8
-- plan: index
SELECT i.id, i.kind, i.variant_id, i.product_id, i.sku, i.name, i.options, i.image, i.quantity, i.qty_sent,
       i.qty_cancelled, i.qty_returned, i.unit_price_minor AS unit_price, i.list_price_minor AS list_price,
       i.subtotal_minor AS subtotal, i.discount_minor AS discount, i.total_minor AS total, i.tax_minor AS tax,
       i.tax_added_minor AS tax_added, i.refunded_minor AS refunded
  FROM shop.order_items i WHERE i.order_id = $1 AND i.deleted_at IS NULL ORDER BY i.position;

-- stmt: order_taxes(ord uuid) -> many order_tax_row
-- row:  name text, rate_ppm int4, reason text, evidence text, base int8, amount int8
-- plan: index
SELECT t.name, t.rate_ppm, t.reason, t.evidence, sum(t.base_minor)::int8 AS base, sum(t.amount_minor)::int8 AS amount
  FROM shop.order_item_taxes t WHERE t.order_id = $1
 GROUP BY t.name, t.rate_ppm, t.reason, t.evidence ORDER BY t.rate_ppm DESC, t.name;

-- stmt: order_parcels(ord uuid) -> many order_parcel_row
-- row:  number text, state text, carrier text, tracking_number text?, tracking_url text,
-- row:  shipped_at timestamptz?, delivered_at timestamptz?
-- plan: index
SELECT f.number, f.state, coalesce(s.carrier, '') AS carrier, s.tracking_number,
       coalesce(s.tracking_url, '') AS tracking_url, s.shipped_at, s.delivered_at
  FROM shop.fulfilments f LEFT JOIN shop.shipments s ON s.fulfilment_id = f.id
 WHERE f.order_id = $1 AND f.deleted_at IS NULL ORDER BY f.id;

-- stmt: order_changes(ord uuid) -> many order_change_row
-- row:  machine text, from_state text, to_state text, note text, actor_kind text, is_public bool, at timestamptz
-- plan: index
SELECT h.machine, h.from_state, h.to_state, h.note, h.actor_kind, h.is_public, h.created_at AS at
  FROM shop.order_status_history h WHERE h.order_id = $1 ORDER BY h.id LIMIT 500;

-- stmt: order_addresses(ord uuid) -> many order_address_row
-- row:  kind text, name text, phone text, company text, line1 text, line2 text, city text, region text,
-- row:  postcode text, country text, landmark text, instructions text
-- plan: index
SELECT a.kind, a.name, a.phone, a.company, a.line1, a.line2, a.city, a.region, a.postcode, a.country,
       a.landmark, a.instructions
  FROM shop.order_addresses a WHERE a.order_id = $1 ORDER BY a.kind DESC;

-- stmt: orders_recent(state text?, before timestamptz, most int4) -> many order_brief
-- row:  number text, placed_at timestamptz, state text, payment_state text, fulfilment_state text,
-- row:  total int8, due int8, currency text, email text?, phone text?
-- plan: index
SELECT o.number, o.placed_at, o.state, o.payment_state, o.fulfilment_state, o.total_minor AS total,
       o.due_minor AS due, o.currency, o.email, o.phone
  FROM shop.orders o
 WHERE o.placed_at < $2 AND o.deleted_at IS NULL AND ($1::text IS NULL OR o.state = $1)
 ORDER BY o.placed_at DESC, o.id DESC LIMIT $3;

-- ---- changing ----
-- stmt: order_lock(id uuid) -> maybe order_locked
-- row:  number text, state text, category text, fulfilment_state text, payment_state text, total int8,
-- row:  currency text, customer_id uuid?, version int4
-- writes
SELECT o.number, o.state, coalesce((SELECT s.category FROM app.states s WHERE s.machine = 'order' AND s.code = o.state), 'open') AS category,
       o.fulfilment_state, o.payment_state, o.total_minor AS total, o.currency, o.customer_id, o.version
  FROM shop.orders o WHERE o.id = $1 FOR NO KEY UPDATE OF o;

-- stmt: order_state_set(id uuid, from_state text, to_state text) -> exec
-- writes
UPDATE shop.orders SET state = $3 WHERE id = $1 AND state = $2;

-- What has not left is cancelled: lines, their allocations, the levels, in this order.
-- stmt: order_cancel_open(ord uuid) -> many order_cancelled_line
-- row:  variant_id uuid
-- writes
WITH a AS (
     SELECT x.tenant_id, x.id, x.open, x.variant_id, x.warehouse_id
       FROM shop.stock_allocations x JOIN shop.order_items i ON i.id = x.order_item_id
      WHERE i.order_id = $1 AND x.open > 0 ORDER BY x.id FOR NO KEY UPDATE OF x),
r AS (
     UPDATE shop.stock_allocations x SET released = x.released + a.open FROM a
      WHERE (x.tenant_id, x.id) = (a.tenant_id, a.id)
  RETURNING a.variant_id, a.warehouse_id, a.open),
i AS (
     UPDATE shop.order_items i SET qty_cancelled = i.quantity - i.qty_sent
      WHERE i.order_id = $1 AND i.kind IN ('item', 'part') AND i.qty_sent + i.qty_cancelled < i.quantity
        AND (SELECT count(*) FROM r) >= 0
  RETURNING i.id),
lvl AS MATERIALIZED (
     SELECT s.tenant_id, s.variant_id, s.warehouse_id, d.q
       FROM shop.stock_levels s
       JOIN (SELECT variant_id, warehouse_id, sum(open)::int4 AS q FROM r WHERE (SELECT count(*) FROM i) >= 0
              GROUP BY 1, 2) d
         ON (s.variant_id, s.warehouse_id) = (d.variant_id, d.warehouse_id)
      ORDER BY s.variant_id, s.warehouse_id FOR NO KEY UPDATE OF s),
l AS (
     UPDATE shop.stock_levels s SET allocated = s.allocated - l.q FROM lvl l
      WHERE (s.tenant_id, s.variant_id, s.warehouse_id) = (l.tenant_id, l.variant_id, l.warehouse_id)
  RETURNING s.variant_id)
SELECT l.variant_id FROM l;

-- cancelled_minor: the whole order when nothing was sent, else the share of what was not.
-- stmt: order_cancel_head(ord uuid) -> one order_cancel_sum
-- row:  cancelled int8, surplus int8, nothing_sent bool
-- writes
UPDATE shop.orders o
   SET cancelled_minor = CASE WHEN s.sent = 0 THEN o.total_minor
                              ELSE least(s.cancelled, o.total_minor) END,
       fulfilment_state = CASE WHEN s.sent = 0 THEN 'cancelled' ELSE 'sent' END
  FROM (SELECT sum(i.qty_sent) AS sent,
               coalesce(sum((i.total_minor + i.tax_added_minor)::numeric * i.qty_cancelled / i.quantity)
                        FILTER (WHERE i.kind = 'item'), 0)::int8 AS cancelled
          FROM shop.order_items i WHERE i.order_id = $1 AND i.kind IN ('item', 'part')) s
 WHERE o.id = $1
RETURNING o.cancelled_minor AS cancelled, o.surplus_minor AS surplus, s.sent = 0 AS nothing_sent;

-- stmt: order_note_add(id uuid, ord uuid, body text, is_public bool, author text) -> exec
-- writes
INSERT INTO shop.order_notes (id, order_id, body, is_public, author)
SELECT $1, o.id, $3, $4, $5 FROM shop.orders o WHERE o.id = $2;

-- ---- leaving the house ----
-- stmt: ship_open(ord uuid) -> many ship_open_row
-- row:  allocation_id uuid, order_item_id uuid, variant_id uuid, warehouse_id uuid, open int4, seller_id uuid?
-- writes
SELECT x.id AS allocation_id, x.order_item_id, x.variant_id, x.warehouse_id, x.open, i.seller_id
  FROM shop.stock_allocations x JOIN shop.order_items i ON i.id = x.order_item_id
 WHERE i.order_id = $1 AND x.open > 0 ORDER BY x.id FOR NO KEY UPDATE OF x;

-- stmt: fulfilment_add(id uuid, number text, ord uuid, warehouse uuid, seller uuid?, state text) -> exec
-- writes
INSERT INTO shop.fulfilments (id, number, order_id, warehouse_id, seller_id, state)
SELECT $1, $2, $3, $4, coalesce($5, s.id), $6 FROM shop.sellers s WHERE s.code = 'house';

-- stmt: fulfilment_items_add(fulfilment uuid, allocations uuid[], items uuid[], quantities int4[]) -> exec
-- writes
INSERT INTO shop.fulfilment_items (fulfilment_id, allocation_id, order_item_id, quantity)
SELECT $1, x.allocation, x.item, x.quantity FROM unnest($2::uuid[], $3::uuid[], $4::int4[]) AS x (allocation, item, quantity);

-- stmt: shipment_add(id uuid, fulfilment uuid, ord uuid, carrier text, tracking text?, url text, at timestamptz) -> exec
-- writes
INSERT INTO shop.shipments (id, fulfilment_id, order_id, carrier, tracking_number, tracking_url, shipped_at)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- Allocation, line, level, movement: each reads from the one before.
-- stmt: ship_move(fulfilment uuid, allocations uuid[], quantities int4[]) -> exec
-- writes
WITH want AS (SELECT a, q FROM unnest($2::uuid[], $3::int4[]) AS x (a, q)),
al AS (
     UPDATE shop.stock_allocations x SET sent = x.sent + w.q FROM want w
      WHERE x.id = w.a AND x.quantity - x.sent - x.released >= w.q
  RETURNING x.order_item_id, x.variant_id, x.warehouse_id, w.q),
it AS (
     UPDATE shop.order_items i SET qty_sent = i.qty_sent + d.q
       FROM (SELECT order_item_id, sum(q)::int4 AS q FROM al GROUP BY 1) d WHERE i.id = d.order_item_id
  RETURNING i.id),
lvl AS MATERIALIZED (
     SELECT s.tenant_id, s.variant_id, s.warehouse_id, d.q
       FROM shop.stock_levels s
       JOIN (SELECT variant_id, warehouse_id, sum(q)::int4 AS q FROM al
              WHERE (SELECT count(*) FROM it) > 0 AND (SELECT count(*) FROM al) = (SELECT count(*) FROM want)
              GROUP BY 1, 2) d ON (s.variant_id, s.warehouse_id) = (d.variant_id, d.warehouse_id)
      ORDER BY s.variant_id, s.warehouse_id FOR NO KEY UPDATE OF s),
gone AS (
     UPDATE shop.stock_levels s SET on_hand = s.on_hand - l.q, allocated = s.allocated - l.q FROM lvl l
      WHERE (s.tenant_id, s.variant_id, s.warehouse_id) = (l.tenant_id, l.variant_id, l.warehouse_id)
  RETURNING s.variant_id, s.warehouse_id, l.q, s.on_hand)
INSERT INTO shop.inventory_movements (id, variant_id, warehouse_id, kind, quantity, balance, cause_kind, cause_id)
SELECT app.uuid7(), g.variant_id, g.warehouse_id, 'sale', -g.q, g.on_hand, 'fulfilment', $1 FROM gone g;

-- Untracked lines leave with the parcel that is named: nothing was allocated for them.
-- stmt: ship_untracked(ord uuid) -> exec
-- writes
UPDATE shop.order_items SET qty_sent = quantity - qty_cancelled
 WHERE order_id = $1 AND kind IN ('item', 'part') AND NOT is_tracked AND qty_sent + qty_cancelled < quantity;

-- stmt: ship_head(ord uuid) -> one ship_head_row
-- row:  is_complete bool, state text
-- writes
UPDATE shop.orders o SET fulfilment_state = CASE WHEN s.open = 0 THEN 'sent' ELSE 'partial' END
  FROM (SELECT coalesce(sum(i.quantity - i.qty_sent - i.qty_cancelled), 0) AS open
          FROM shop.order_items i
         WHERE i.order_id = $1 AND i.kind IN ('item', 'part')
           AND NOT EXISTS (SELECT 1 FROM shop.order_items p WHERE p.parent_item_id = i.id)) s
 WHERE o.id = $1
RETURNING s.open = 0 AS is_complete, o.state;

-- stmt: fulfilment_arrived(id uuid, at timestamptz) -> maybe fulfilment_arrived
-- row:  order_id uuid
-- writes
WITH f AS (
     UPDATE shop.fulfilments SET state = 'delivered' WHERE id = $1 AND state = 'handed_over'
  RETURNING tenant_id, id, order_id),
s AS (
     UPDATE shop.shipments x SET delivered_at = $2 FROM f WHERE x.fulfilment_id = f.id RETURNING x.id)
SELECT f.order_id FROM f WHERE (SELECT count(*) FROM s) >= 0;

-- stmt: order_arrived(ord uuid) -> maybe order_arrived
-- row:  state text
-- writes
UPDATE shop.orders o SET fulfilment_state = 'delivered'
 WHERE o.id = $1 AND o.fulfilment_state = 'sent'
   AND NOT EXISTS (SELECT 1 FROM shop.fulfilments f WHERE f.order_id = $1 AND f.deleted_at IS NULL
                      AND f.state NOT IN ('delivered', 'cancelled'))
RETURNING o.state;

-- stmt: order_variants(ord uuid) -> many order_variant
-- row:  variant_id uuid
-- plan: index
SELECT DISTINCT i.variant_id FROM shop.order_items i WHERE i.order_id = $1 AND i.variant_id IS NOT NULL AND i.is_tracked;

-- A unit that came back: the line first, then the level and its movement where it can be sold again.
-- stmt: take_back(item uuid, quantity int4, restock bool, cause uuid) -> maybe taken_back
-- row:  variant_id uuid?
-- writes
WITH it AS (
     UPDATE shop.order_items i
        SET qty_returned = i.qty_returned + $2,
            qty_restocked = i.qty_restocked + CASE WHEN $3 THEN $2 ELSE 0 END
      WHERE i.id = $1 AND i.qty_sent - i.qty_returned >= $2
  RETURNING i.tenant_id, i.id, i.variant_id, i.is_tracked),
wh AS (
     SELECT it.variant_id, a.warehouse_id
       FROM it JOIN shop.stock_allocations a ON a.order_item_id = it.id AND a.sent > 0
      WHERE $3 AND it.is_tracked ORDER BY a.id LIMIT 1),
lv AS (
     UPDATE shop.stock_levels s SET on_hand = s.on_hand + $2 FROM wh
      WHERE (s.variant_id, s.warehouse_id) = (wh.variant_id, wh.warehouse_id)
  RETURNING s.variant_id, s.warehouse_id, s.on_hand),
mv AS (
     INSERT INTO shop.inventory_movements (id, variant_id, warehouse_id, kind, quantity, balance, cause_kind, cause_id)
     SELECT app.uuid7(), lv.variant_id, lv.warehouse_id, 'return', $2, lv.on_hand, 'return', $4 FROM lv
  RETURNING 1)
SELECT it.variant_id FROM it WHERE (SELECT count(*) FROM mv) >= 0;

-- The order a cart became, for its owner only.
-- stmt: order_again(cart uuid, token bytea?, customer uuid?) -> maybe order_found
-- plan: index
SELECT o.id, o.number, o.customer_id
  FROM shop.orders o JOIN shop.carts c ON c.id = o.cart_id
 WHERE o.cart_id = $1 AND o.parent_id IS NULL AND (c.token_hash = $2 OR c.customer_id = $3);

-- stmt: orders_unpaid(moment timestamptz, most int4) -> many order_spent
-- plan: index
SELECT p.order_id
  FROM shop.payments p JOIN shop.orders o ON o.id = p.order_id
 WHERE p.expires_at <= $1 AND p.state IN ('created', 'action_needed') AND p.expires_at IS NOT NULL
   AND o.state = 'pending' AND o.payment_state = 'pending'
 ORDER BY p.expires_at, p.id LIMIT $2;
