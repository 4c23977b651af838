-- Cards of products on home, category and product pages. Each statement picks a few ids and reads
-- shop.product_cards for them; the name comes in the first language of the chain that has it.

-- What stands beside a product: the parts of a bundle (sort_key below 1000), what the shop named to go
-- with it, then neighbours in its category. The laterals keep every plan at one look-up by key a card,
-- also in a shop so small that reading all of it seems cheaper.
-- stmt: cards_beside(chain text[], slug text, moment timestamptz, most int4) -> many card
-- row:  product_id uuid, slug text, kind text, name text, listed_at timestamptz, sku text,
-- row:  variants uuid[], always bool, free int8, backorder bool, reorder int4,
-- row:  price_variants uuid[], price_currencies text[], price_kinds text[], price_priorities int4[],
-- row:  price_amounts int8[], price_starts int8[], price_ends int8[],
-- row:  image_paths text[], image_alts text[], image_widths int4[], image_heights int4[], image_looks int4[],
-- row:  swatches text[], swatch_labels text[], rating_sum int8, rating_count int4, sort_key int8
-- tenant: $1
-- plan: index
SELECT c.product_id, c.slug, c.kind,
       /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'product' AND t.resource_id = c.product_id AND t.field = 'name'
                    AND t.locale = ANY ($2) ORDER BY array_position($2, t.locale) LIMIT 1),/*[/frag]*/
                c.name/*[frag tr]*/)/*[/frag]*/ AS name,
       c.listed_at, c.sku, c.variants, c.always, c.free, c.backorder, c.reorder,
       c.price_variants, c.price_currencies, c.price_kinds, c.price_priorities, c.price_amounts,
       c.price_starts, c.price_ends, c.image_paths, c.image_alts, c.image_widths, c.image_heights, c.image_looks,
       c.swatches, c.swatch_labels, c.rating_sum, c.rating_count, k.place AS sort_key
  FROM (SELECT o.id, o.place
          FROM shop.products q
          JOIN shop.product_page_facts f ON f.product_id = q.id
          CROSS JOIN LATERAL (
               SELECT y.id, y.place + CASE WHEN y.place <= cardinality(f.parts) THEN 0 ELSE 1000 END AS place
                 FROM unnest(f.parts || f.named[1:$5]) WITH ORDINALITY AS y (id, place)
                UNION ALL
               SELECT n.product_id, 2000 + row_number() OVER (ORDER BY n.rank, n.product_id)
                 FROM (SELECT cp.product_id, cp.rank
                         FROM shop.category_products cp
                        WHERE cp.tenant_id = $1 AND cp.category_id = q.category_id
                        ORDER BY cp.rank, cp.product_id LIMIT greatest($5 - cardinality(f.named), 0) + 1) n
                WHERE n.product_id <> q.id AND n.product_id <> ALL (f.parts || f.named)) o
          CROSS JOIN LATERAL (
               SELECT
                 FROM shop.products p
                WHERE p.id = o.id AND p.status = 'active' AND p.deleted_at IS NULL
                  AND (o.place < 1000 OR p.visibility IN ('visible', 'catalog'))
                  AND $4 >= p.publish_from AND $4 < p.publish_until
                LIMIT 1) p
         WHERE q.slug = $3 AND q.deleted_at IS NULL) k
  JOIN shop.product_cards c ON c.product_id = k.id
 ORDER BY k.place, c.product_id;
