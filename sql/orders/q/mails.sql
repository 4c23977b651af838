-- What the mails of an order tell besides the order itself. Each row is a cause of its own: its id makes
-- its mail once, however often and in which order the events arrive.

-- stmt: captures(ord uuid) -> many capture
-- row:  id uuid, amount int8
-- plan: index
SELECT e.id, e.amount_minor AS amount
  FROM shop.payments p JOIN shop.payment_events e ON e.payment_id = p.id
 WHERE p.order_id = $1 AND e.kind = 'capture' AND e.amount_minor > 0 ORDER BY e.id;

-- stmt: refunds(ord uuid) -> many refund
-- row:  id uuid, number text, amount int8, reason text
-- plan: index
SELECT r.id, r.number, r.amount_minor AS amount, r.reason
  FROM shop.refunds r WHERE r.order_id = $1 AND r.state = 'done' AND r.deleted_at IS NULL ORDER BY r.id;

-- stmt: parcels(ord uuid) -> many parcel
-- row:  id uuid, number text, carrier text, tracking_number text?, tracking_url text
-- plan: index
SELECT f.id, f.number, coalesce(s.carrier, '') AS carrier, s.tracking_number,
       coalesce(s.tracking_url, '') AS tracking_url
  FROM shop.fulfilments f LEFT JOIN shop.shipments s ON s.fulfilment_id = f.id
 WHERE f.order_id = $1 AND f.deleted_at IS NULL AND f.state IN ('handed_over', 'delivered') ORDER BY f.id;

-- stmt: parcel_lines(ord uuid) -> many parcel_line
-- row:  fulfilment_id uuid, name text, options text, quantity int8
-- plan: index
SELECT x.fulfilment_id, i.name, i.options, sum(x.quantity) AS quantity
  FROM shop.fulfilments f
  JOIN shop.fulfilment_items x ON x.fulfilment_id = f.id
  JOIN shop.order_items i ON i.id = x.order_item_id
 WHERE f.order_id = $1 AND f.deleted_at IS NULL
 GROUP BY x.fulfilment_id, i.id, i.name, i.options, i.position ORDER BY x.fulfilment_id, i.position;
