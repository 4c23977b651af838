-- Stock. Levels are locked in one sorted order, checked and changed in one statement; no row changed
-- means refused, and the caller rolls back. Holds come before levels in the order of locks.

-- Holds instead of what the cart held: the old ones are let go, the new ones taken, all or nothing.
-- stmt: hold_take(cart uuid, variants uuid[], warehouses uuid[], quantities int4[], expires timestamptz) -> exec
-- writes
WITH old AS (
     UPDATE shop.stock_holds SET state = 'released' WHERE cart_id = $1 AND state = 'live'
  RETURNING variant_id AS v, warehouse_id AS w, quantity AS q),
delta AS (
     SELECT v, w, sum(q)::int4 AS q, sum(was)::int4 AS was
       FROM (SELECT v, w, q, 0 AS was FROM unnest($2::uuid[], $3::uuid[], $4::int4[]) AS x (v, w, q)
             UNION ALL SELECT v, w, 0, q FROM old) y GROUP BY 1, 2),
lvl AS MATERIALIZED (
     SELECT s.tenant_id, s.variant_id, s.warehouse_id, d.q, d.was,
            s.on_hand::int8 + s.backorder_limit - s.held - s.allocated + d.was AS free
       FROM shop.stock_levels s JOIN delta d ON (s.variant_id, s.warehouse_id) = (d.v, d.w)
      ORDER BY s.variant_id, s.warehouse_id FOR NO KEY UPDATE OF s),
moved AS (
     UPDATE shop.stock_levels s SET held = s.held + l.q - l.was FROM lvl l
      WHERE (s.tenant_id, s.variant_id, s.warehouse_id) = (l.tenant_id, l.variant_id, l.warehouse_id)
        AND (SELECT count(*) = (SELECT count(*) FROM delta) AND bool_and(free >= q) FROM lvl)
  RETURNING s.tenant_id, s.variant_id, s.warehouse_id, l.q)
INSERT INTO shop.stock_holds (id, cart_id, variant_id, warehouse_id, quantity, expires_at)
SELECT app.uuid7(), $1, m.variant_id, m.warehouse_id, m.q, $5 FROM moved m WHERE m.q > 0;

-- stmt: hold_release(cart uuid) -> exec
-- writes
WITH old AS (
     UPDATE shop.stock_holds SET state = 'released' WHERE cart_id = $1 AND state = 'live'
  RETURNING variant_id AS v, warehouse_id AS w, quantity AS q),
lvl AS MATERIALIZED (
     SELECT s.tenant_id, s.variant_id, s.warehouse_id, d.q
       FROM shop.stock_levels s
       JOIN (SELECT v, w, sum(q)::int4 AS q FROM old GROUP BY 1, 2) d ON (s.variant_id, s.warehouse_id) = (d.v, d.w)
      ORDER BY s.variant_id, s.warehouse_id FOR NO KEY UPDATE OF s)
UPDATE shop.stock_levels s SET held = s.held - l.q FROM lvl l
 WHERE (s.tenant_id, s.variant_id, s.warehouse_id) = (l.tenant_id, l.variant_id, l.warehouse_id);

-- stmt: holds_sweep(moment timestamptz, most int4) -> one swept
-- row:  ended int8
-- writes
WITH due AS (
     SELECT h.tenant_id, h.id FROM shop.stock_holds h
      WHERE h.state = 'live' AND h.expires_at <= $1
      ORDER BY h.expires_at, h.id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED),
old AS (
     UPDATE shop.stock_holds h SET state = 'expired' FROM due d WHERE (h.tenant_id, h.id) = (d.tenant_id, d.id)
  RETURNING h.variant_id AS v, h.warehouse_id AS w, h.quantity AS q),
lvl AS MATERIALIZED (
     SELECT s.tenant_id, s.variant_id, s.warehouse_id, d.q
       FROM shop.stock_levels s
       JOIN (SELECT v, w, sum(q)::int4 AS q FROM old GROUP BY 1, 2) d ON (s.variant_id, s.warehouse_id) = (d.v, d.w)
      ORDER BY s.variant_id, s.warehouse_id FOR NO KEY UPDATE OF s),
moved AS (
     UPDATE shop.stock_levels s SET held = s.held - l.q FROM lvl l
      WHERE (s.tenant_id, s.variant_id, s.warehouse_id) = (l.tenant_id, l.variant_id, l.warehouse_id)
  RETURNING 1)
SELECT (SELECT count(*) FROM old)::int8 AS ended FROM (SELECT count(*) FROM moved) AS levels;

-- Placing: what the cart holds and is still live becomes allocated, the rest is taken from what is free.
-- stmt: stock_allocate(cart uuid, moment timestamptz, variants uuid[], warehouses uuid[], quantities int4[]) -> exec
-- writes
WITH old AS (
     UPDATE shop.stock_holds SET state = 'converted'
      WHERE cart_id = $1 AND state = 'live' AND expires_at > $2
  RETURNING variant_id AS v, warehouse_id AS w, quantity AS q),
delta AS (
     SELECT v, w, sum(q)::int4 AS q, sum(was)::int4 AS was
       FROM (SELECT v, w, q, 0 AS was FROM unnest($3::uuid[], $4::uuid[], $5::int4[]) AS x (v, w, q)
             UNION ALL SELECT v, w, 0, q FROM old) y GROUP BY 1, 2),
lvl AS MATERIALIZED (
     SELECT s.tenant_id, s.variant_id, s.warehouse_id, d.q, d.was,
            s.on_hand::int8 + s.backorder_limit - s.held - s.allocated + d.was AS free
       FROM shop.stock_levels s JOIN delta d ON (s.variant_id, s.warehouse_id) = (d.v, d.w)
      ORDER BY s.variant_id, s.warehouse_id FOR NO KEY UPDATE OF s)
UPDATE shop.stock_levels s SET held = s.held - l.was, allocated = s.allocated + l.q FROM lvl l
 WHERE (s.tenant_id, s.variant_id, s.warehouse_id) = (l.tenant_id, l.variant_id, l.warehouse_id)
   AND (SELECT count(*) = (SELECT count(*) FROM delta) AND bool_and(free >= q) FROM lvl);

-- Marks crossed, each once: low = at or below the reorder point, out = nothing can be sold.
-- stmt: stock_marks(variants uuid[], at timestamptz) -> many stock_mark
-- row:  variant_id uuid, product_id uuid, kind text, is_on bool, free int8, crossings int4
-- writes
WITH s AS (
     SELECT v.id AS variant_id, v.product_id, sum(greatest(l.available, 0))::int8 AS free,
            sum(greatest(l.available + l.backorder_limit, 0))::int8 AS capacity, max(l.reorder_point) AS mark
       FROM shop.product_variants v JOIN shop.stock_levels l ON l.variant_id = v.id
      WHERE v.id = ANY ($1) AND v.stock_policy = 'tracked'
      GROUP BY v.id, v.product_id),
now_on AS (
     SELECT variant_id, product_id, free, 'low'::text AS kind, free <= mark AS is_on FROM s WHERE mark IS NOT NULL
     UNION ALL
     SELECT variant_id, product_id, free, 'out', capacity <= 0 FROM s),
put AS (
     INSERT INTO shop.stock_alerts AS a (variant_id, kind, is_on, crossed_at)
     SELECT n.variant_id, n.kind, n.is_on, $2 FROM now_on n
      WHERE n.is_on OR EXISTS (SELECT 1 FROM shop.stock_alerts b WHERE b.variant_id = n.variant_id AND b.kind = n.kind)
      ORDER BY n.variant_id, n.kind
     ON CONFLICT (tenant_id, variant_id, kind) DO UPDATE
        SET is_on = excluded.is_on, crossed_at = excluded.crossed_at, crossings = a.crossings + 1
      WHERE a.is_on <> excluded.is_on
  RETURNING a.variant_id, a.kind, a.is_on, a.crossings)
SELECT n.variant_id, n.product_id, p.kind, p.is_on, n.free, p.crossings
  FROM put p JOIN now_on n ON (n.variant_id, n.kind) = (p.variant_id, p.kind);

-- stmt: doctor_stock_movements() -> many doctor_problem
-- role: desk
SELECT 'on hand is not the sum of movements' AS what, l.variant_id::text AS id,
       format('warehouse %s: on hand %s, movements %s', l.warehouse_id, l.on_hand, coalesce(m.sum, 0)) AS detail
  FROM shop.stock_levels l
  LEFT JOIN (SELECT variant_id, warehouse_id, sum(quantity) AS sum FROM shop.inventory_movements GROUP BY 1, 2) m
    ON (m.variant_id, m.warehouse_id) = (l.variant_id, l.warehouse_id)
 WHERE l.on_hand <> coalesce(m.sum, 0);

-- stmt: doctor_stock_reserved() -> many doctor_problem
-- role: desk
SELECT 'reserved is not the sum of open allocations and live holds' AS what, l.variant_id::text AS id,
       format('warehouse %s: allocated %s, open %s; held %s, live %s', l.warehouse_id, l.allocated,
              coalesce(a.sum, 0), l.held, coalesce(h.sum, 0)) AS detail
  FROM shop.stock_levels l
  LEFT JOIN (SELECT variant_id, warehouse_id, sum(open) AS sum FROM shop.stock_allocations GROUP BY 1, 2) a
    ON (a.variant_id, a.warehouse_id) = (l.variant_id, l.warehouse_id)
  LEFT JOIN (SELECT variant_id, warehouse_id, sum(quantity) AS sum FROM shop.stock_holds WHERE state = 'live' GROUP BY 1, 2) h
    ON (h.variant_id, h.warehouse_id) = (l.variant_id, l.warehouse_id)
 WHERE l.allocated <> coalesce(a.sum, 0) OR l.held <> coalesce(h.sum, 0);

-- stmt: doctor_order_lines() -> many doctor_problem
-- role: desk
SELECT 'line and its allocations disagree' AS what, i.id::text AS id,
       format('order %s: sent %s and cancelled %s of %s, allocations sent %s, released %s of %s', o.number,
              i.qty_sent, i.qty_cancelled, i.quantity, a.sent, a.released, a.quantity) AS detail
  FROM shop.order_items i
  JOIN shop.orders o ON o.id = i.order_id
  JOIN (SELECT order_item_id, sum(sent) AS sent, sum(released) AS released, sum(quantity) AS quantity
          FROM shop.stock_allocations GROUP BY 1) a ON a.order_item_id = i.id
 WHERE a.sent <> i.qty_sent OR a.released <> i.qty_cancelled OR a.quantity <> i.quantity;

-- stmt: doctor_orders() -> many doctor_problem
-- role: desk
SELECT 'order is not the sum of its payments' AS what, o.id::text AS id,
       format('order %s: paid %s, captured %s; refunded %s, given back %s', o.number, o.paid_minor,
              coalesce(p.captured, 0), o.refunded_minor, coalesce(p.refunded, 0)) AS detail
  FROM shop.orders o
  LEFT JOIN (SELECT order_id, sum(captured_minor) AS captured, sum(refunded_minor) AS refunded
               FROM shop.payments GROUP BY 1) p ON p.order_id = o.id
 WHERE o.paid_minor <> coalesce(p.captured, 0) OR o.refunded_minor <> coalesce(p.refunded, 0);

-- stmt: doctor_coupons() -> many doctor_problem
-- role: desk
SELECT 'coupon is not the sum of its uses' AS what, c.id::text AS id,
       format('%s: used %s, uses %s', c.name, c.used_count, coalesce(u.n, 0)) AS detail
  FROM shop.coupons c
  LEFT JOIN (SELECT coupon_id, count(*) AS n FROM shop.coupon_usage WHERE returned_at IS NULL GROUP BY 1) u
    ON u.coupon_id = c.id
 WHERE c.used_count <> coalesce(u.n, 0);
