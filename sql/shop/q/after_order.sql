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
