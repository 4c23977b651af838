-- A customer's own orders, newest first. What was the last one of a page is named by its number, which is
-- looked up among their own: another's number gives the same as none.

-- stmt: mine(customer uuid, after text?, most int4) -> many brief
-- row:  number text, placed_at timestamptz, state text, label text, payment_state text, total int8,
-- row:  currency text, first_name text?, more int8
-- plan: index
SELECT o.number, o.placed_at, o.state, coalesce(s.label, o.state) AS label, o.payment_state,
       o.total_minor AS total, o.currency, i.first_name, coalesce(i.lines, 1) - 1 AS more
  FROM shop.orders o
  LEFT JOIN app.states s ON s.machine = 'order' AND s.code = o.state
  LEFT JOIN LATERAL (
       SELECT (array_agg(x.name ORDER BY x.position))[1] AS first_name, count(*) AS lines
         FROM shop.order_items x
        WHERE x.order_id = o.id AND x.kind = 'item' AND x.deleted_at IS NULL) i ON true
 WHERE o.customer_id = $1 AND o.deleted_at IS NULL
   AND ($2::text IS NULL OR (o.placed_at, o.id) <
        (SELECT c.placed_at, c.id FROM shop.orders c WHERE c.number = $2 AND c.customer_id = $1))
 ORDER BY o.placed_at DESC, o.id DESC LIMIT $3;
