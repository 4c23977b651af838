-- Cards of products on home, category and product pages. Each statement picks a few ids and reads
-- shop.product_cards for them; the name comes in the first language of the chain that has it.

-- stmt: cards_featured(chain text[], moment timestamptz, most int4) -> many card
-- row:  product_id uuid, slug text, kind text, name text, listed_at timestamptz, sku text,
-- row:  variants uuid[], always bool, free int8, backorder bool, reorder int4,
-- row:  price_variants uuid[], price_currencies text[], price_kinds text[], price_priorities int4[],
-- row:  price_amounts int8[], price_starts int8[], price_ends int8[],
-- row:  image_paths text[], image_alts text[], image_widths int4[], image_heights int4[], image_looks int4[],
-- row:  swatches text[], swatch_labels text[], rating_sum int8, rating_count int4, sort_key int8
-- plan: index
SELECT c.product_id, c.slug, c.kind,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'product' AND t.resource_id = c.product_id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),
                c.name) AS name,
       c.listed_at, c.sku, c.variants, c.always, c.free, c.backorder, c.reorder,
       c.price_variants, c.price_currencies, c.price_kinds, c.price_priorities, c.price_amounts,
       c.price_starts, c.price_ends, c.image_paths, c.image_alts, c.image_widths, c.image_heights, c.image_looks,
       c.swatches, c.swatch_labels, c.rating_sum, c.rating_count, k.sort_key
  FROM (SELECT p.id, p.position::int8 AS sort_key
          FROM shop.products p
         WHERE p.is_featured AND p.status = 'active' AND p.deleted_at IS NULL
           AND p.visibility IN ('visible', 'catalog')
           AND $2 >= p.publish_from AND $2 < p.publish_until
         ORDER BY p.position, p.id LIMIT $3) k
  JOIN shop.product_cards c ON c.product_id = k.id
 ORDER BY k.sort_key, c.product_id;

-- stmt: cards_newest(chain text[], moment timestamptz, most int4) -> many card
-- plan: index
SELECT c.product_id, c.slug, c.kind,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'product' AND t.resource_id = c.product_id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),
                c.name) AS name,
       c.listed_at, c.sku, c.variants, c.always, c.free, c.backorder, c.reorder,
       c.price_variants, c.price_currencies, c.price_kinds, c.price_priorities, c.price_amounts,
       c.price_starts, c.price_ends, c.image_paths, c.image_alts, c.image_widths, c.image_heights, c.image_looks,
       c.swatches, c.swatch_labels, c.rating_sum, c.rating_count, 0::int8 AS sort_key
  FROM (SELECT p.id
          FROM shop.products p
         WHERE p.status = 'active' AND p.deleted_at IS NULL
           AND p.visibility IN ('visible', 'catalog')
           AND $2 >= p.publish_from AND $2 < p.publish_until
         ORDER BY p.created_at DESC, p.id DESC LIMIT $3) k
  JOIN shop.product_cards c ON c.product_id = k.id
 ORDER BY c.listed_at DESC, c.product_id DESC;

-- Products with a sale that runs now and is below the base price; the sale that ends first leads.
-- stmt: cards_deals(chain text[], moment timestamptz, most int4, currency text) -> many card
-- plan: index
SELECT c.product_id, c.slug, c.kind,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'product' AND t.resource_id = c.product_id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),
                c.name) AS name,
       c.listed_at, c.sku, c.variants, c.always, c.free, c.backorder, c.reorder,
       c.price_variants, c.price_currencies, c.price_kinds, c.price_priorities, c.price_amounts,
       c.price_starts, c.price_ends, c.image_paths, c.image_alts, c.image_widths, c.image_heights, c.image_looks,
       c.swatches, c.swatch_labels, c.rating_sum, c.rating_count, 0::int8 AS sort_key
  FROM (SELECT p.id, min(s.valid_until) AS ends
          FROM shop.price_lists l
          JOIN LATERAL (SELECT a.variant_id, a.amount_minor, a.valid_until
                          FROM shop.prices a
                         WHERE a.price_list_id = l.id AND a.valid_until > $2 AND a.valid_from <= $2
                           AND a.min_quantity = 1
                         ORDER BY a.valid_until LIMIT 200) s ON true
          JOIN shop.product_variants v ON v.id = s.variant_id AND v.is_active AND v.deleted_at IS NULL
          JOIN shop.products p ON p.id = v.product_id
         WHERE l.kind = 'sale' AND l.currency = $4 AND l.is_active AND l.deleted_at IS NULL
           AND $2 >= l.valid_from AND $2 < l.valid_until
           AND p.status = 'active' AND p.deleted_at IS NULL AND p.visibility IN ('visible', 'catalog')
           AND $2 >= p.publish_from AND $2 < p.publish_until
           AND EXISTS (SELECT 1 FROM shop.prices b
                         JOIN shop.price_lists bl ON bl.id = b.price_list_id
                        WHERE b.variant_id = v.id AND bl.kind = 'base' AND bl.currency = l.currency
                          AND b.min_quantity = 1 AND $2 >= b.valid_from AND $2 < b.valid_until
                          AND b.amount_minor > s.amount_minor)
         GROUP BY p.id ORDER BY ends, p.id LIMIT $3) k
  JOIN shop.product_cards c ON c.product_id = k.id
 ORDER BY k.ends, c.product_id;

-- What else to look at: what the shop named, then neighbours of the same category.
-- stmt: cards_related(chain text[], slug text, moment timestamptz, most int4) -> many card
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
  FROM (SELECT o.id, min(o.place) AS place
          FROM (SELECT y.other_id AS id,
                       (CASE y.kind WHEN 'upsell' THEN 0 WHEN 'related' THEN 100 ELSE 200 END + y.position)::int8 AS place
                  FROM shop.product_relations y
                 WHERE y.product_id = (SELECT q.id FROM shop.products q WHERE q.slug = $3 AND q.deleted_at IS NULL)
                UNION ALL
                SELECT n.product_id, 1000 + n.no
                  FROM (SELECT cp.product_id, row_number() OVER (ORDER BY cp.rank, cp.product_id) AS no
                          FROM shop.category_products cp
                         WHERE cp.tenant_id = $1
                           AND cp.category_id = (SELECT q.category_id FROM shop.products q
                                                  WHERE q.slug = $3 AND q.deleted_at IS NULL)
                         ORDER BY cp.rank, cp.product_id LIMIT $5 + 1) n) o
          JOIN shop.products p ON p.id = o.id
         WHERE p.slug <> $3 AND p.status = 'active' AND p.deleted_at IS NULL
           AND p.visibility IN ('visible', 'catalog')
           AND $4 >= p.publish_from AND $4 < p.publish_until
         GROUP BY o.id ORDER BY place, o.id LIMIT $5) k
  JOIN shop.product_cards c ON c.product_id = k.id
 ORDER BY k.place, c.product_id;

-- The products a set is made of.
-- stmt: cards_parts(chain text[], slug text, moment timestamptz) -> many card
-- plan: index
SELECT c.product_id, c.slug, c.kind,
       /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'product' AND t.resource_id = c.product_id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),/*[/frag]*/
                c.name/*[frag tr]*/)/*[/frag]*/ AS name,
       c.listed_at, c.sku, c.variants, c.always, c.free, c.backorder, c.reorder,
       c.price_variants, c.price_currencies, c.price_kinds, c.price_priorities, c.price_amounts,
       c.price_starts, c.price_ends, c.image_paths, c.image_alts, c.image_widths, c.image_heights, c.image_looks,
       c.swatches, c.swatch_labels, c.rating_sum, c.rating_count, k.place AS sort_key
  FROM (SELECT part.product_id AS id, min(i.position)::int8 AS place
          FROM shop.products p
          JOIN shop.product_variants kit ON kit.product_id = p.id AND kit.deleted_at IS NULL
          JOIN shop.kit_items i ON i.kit_id = kit.id
          JOIN shop.product_variants part ON part.id = i.variant_id AND part.deleted_at IS NULL
          JOIN shop.products pp ON pp.id = part.product_id
         WHERE p.slug = $2 AND p.deleted_at IS NULL AND p.kind = 'bundle'
           AND pp.status = 'active' AND pp.deleted_at IS NULL
           AND $3 >= pp.publish_from AND $3 < pp.publish_until
         GROUP BY part.product_id ORDER BY place LIMIT 24) k
  JOIN shop.product_cards c ON c.product_id = k.id
 ORDER BY k.place, c.product_id;
