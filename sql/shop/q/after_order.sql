-- What follows an order by itself.

-- Its pieces, given out once: whoever counts them does it in the same transaction.
-- stmt: order_sold(ord uuid, moment timestamptz) -> many order_sold_row
-- row:  product_id uuid, quantity int8
-- writes
WITH o AS (
     UPDATE shop.orders SET counted_at = $2 WHERE id = $1 AND counted_at IS NULL RETURNING id)
SELECT i.product_id, sum(i.quantity) AS quantity
  FROM o JOIN shop.order_items i ON i.order_id = o.id
 WHERE i.kind = 'item' AND i.product_id IS NOT NULL AND i.deleted_at IS NULL
 GROUP BY i.product_id;

-- ---- a customer's two rights over their orders ----
-- Sums, country, region and postcode stay (books, statistics); who it was goes.
-- stmt: orders_forget(customer uuid, moment timestamptz) -> exec
-- writes
WITH o AS (
     UPDATE shop.orders SET email = NULL, phone = NULL, customer_note = '', erased_at = $2
      WHERE customer_id = $1 AND erased_at IS NULL
  RETURNING tenant_id, id),
a AS (
     UPDATE shop.order_addresses d
        SET name = '', phone = '', company = '', line1 = '', line2 = '', city = '', landmark = '', instructions = ''
       FROM o WHERE (d.tenant_id, d.order_id) = (o.tenant_id, o.id)),
t AS (
     DELETE FROM shop.order_access_tokens x USING o WHERE (x.tenant_id, x.order_id) = (o.tenant_id, o.id))
DELETE FROM shop.checkouts k USING shop.carts c
 WHERE (c.tenant_id, c.id) = (k.tenant_id, k.cart_id) AND c.customer_id = $1;

-- stmt: orders_export(customer uuid) -> one order_export
-- row:  doc jsonb
-- plan: index
SELECT coalesce(jsonb_agg(jsonb_build_object(
       'number', o.number, 'placed_at', o.placed_at, 'state', o.state, 'payment', o.payment_state,
       'currency', o.currency, 'total_minor', o.total_minor, 'email', o.email, 'phone', o.phone,
       'note', o.customer_note,
       'addresses', (SELECT coalesce(jsonb_agg(to_jsonb(a) - 'tenant_id' - 'order_id'), '[]')
                       FROM shop.order_addresses a WHERE a.order_id = o.id),
       'lines', (SELECT coalesce(jsonb_agg(jsonb_build_object('sku', i.sku, 'name', i.name, 'options', i.options,
                        'quantity', i.quantity, 'total_minor', i.total_minor) ORDER BY i.position), '[]')
                   FROM shop.order_items i WHERE i.order_id = o.id AND i.deleted_at IS NULL))
       ORDER BY o.placed_at), '[]') AS doc
  FROM shop.orders o WHERE o.customer_id = $1;

-- Parcels on their way, by their own number or their order's.
-- stmt: under_way(number text) -> many under_way
-- row:  id uuid
-- plan: index
SELECT f.id FROM shop.fulfilments f
 WHERE f.number = $1 AND f.state = 'handed_over' AND f.deleted_at IS NULL
 UNION
SELECT f.id FROM shop.orders o JOIN shop.fulfilments f ON f.order_id = o.id
 WHERE o.number = $1 AND f.state = 'handed_over' AND f.deleted_at IS NULL;
