-- What a group of customers pays for one piece: beside the prices everybody sees, for shop/price.h.

-- stmt: own_prices(price_group uuid, products uuid[], currency text) -> many own_price
-- row:  variant_id uuid, priority int4, amount_minor int8, valid_from timestamptz, valid_until timestamptz
-- plan: index
SELECT a.variant_id, l.priority, a.amount_minor, greatest(a.valid_from, l.valid_from) AS valid_from,
       least(a.valid_until, l.valid_until) AS valid_until
  FROM shop.product_variants v
  JOIN shop.prices a ON a.variant_id = v.id AND a.min_quantity = 1
  JOIN shop.price_lists l ON l.id = a.price_list_id AND l.kind = 'group' AND l.group_id = $1 AND l.currency = $3
                         AND l.is_active AND l.deleted_at IS NULL
 WHERE v.product_id = ANY ($2) AND v.is_active AND v.deleted_at IS NULL;
