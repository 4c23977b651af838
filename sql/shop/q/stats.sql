-- Counters of products: ratings, sold, viewed. They do not touch the product's version.

-- stmt: stats_rows(products uuid[]) -> exec
-- writes
INSERT INTO shop.product_stats (tenant_id, product_id)
SELECT app.tenant(), p.id FROM shop.products p WHERE p.id = ANY ($1) AND p.deleted_at IS NULL ORDER BY p.id
ON CONFLICT DO NOTHING;

-- Adds what is given; several lines of one product count together. Rows are taken in one order. What
-- sells counts twenty times what is looked at.
-- stmt: stats_add(products uuid[], rating_sum int8[], rating_count int8[], sold int8[], viewed int8[], moment timestamptz) -> many stats_row
-- row:  product_id uuid, slug text, rated bool
-- writes
WITH change AS (
    SELECT u.product, sum(u.rating_sum)::int8 AS rating_sum, sum(u.rating_count)::int4 AS rating_count,
           sum(u.sold)::int8 AS sold, sum(u.viewed)::int8 AS viewed
      FROM unnest($1, $2, $3, $4, $5) AS u (product, rating_sum, rating_count, sold, viewed)
     GROUP BY u.product),
held AS MATERIALIZED (
    SELECT s.product_id FROM shop.product_stats s JOIN change c ON c.product = s.product_id
     ORDER BY s.product_id FOR UPDATE OF s)
UPDATE shop.product_stats s
   SET rating_sum = s.rating_sum + c.rating_sum, rating_count = s.rating_count + c.rating_count,
       sold = greatest(s.sold + c.sold, 0), viewed = greatest(s.viewed + c.viewed, 0),
       popularity = greatest(s.sold + c.sold, 0) * 20 + greatest(s.viewed + c.viewed, 0), updated_at = $6
  FROM change c
  JOIN held h ON h.product_id = c.product
  JOIN shop.products p ON p.id = c.product
 WHERE s.product_id = c.product
RETURNING s.product_id, p.slug, (c.rating_sum <> 0 OR c.rating_count <> 0) AS rated;
