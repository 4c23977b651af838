-- Lists without words keep the order of category pages when they are narrowed.
ALTER TABLE shop.product_search ADD COLUMN list_rank int8 NOT NULL DEFAULT 0;
COMMENT ON COLUMN shop.product_search.list_rank IS 'as category_products.rank: sold out last, featured first, then position, then newest first';
UPDATE shop.product_search s SET list_rank = c.rank
  FROM (SELECT DISTINCT ON (cp.tenant_id, cp.product_id) cp.tenant_id, cp.product_id, cp.rank
          FROM shop.category_products cp ORDER BY cp.tenant_id, cp.product_id) c
 WHERE (s.tenant_id, s.product_id) = (c.tenant_id, c.product_id);
