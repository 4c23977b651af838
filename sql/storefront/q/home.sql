-- The home page: its blocks, and in one statement the products of all of them (sort_key is 1000 times the
-- block's position and the place in it), so that the page needs one trip whatever a shop composed.

-- stmt: home_blocks(chain text[]) -> many home_block
-- row:  block_id uuid, place int4, kind text, layout text, tone text, rule text?, argument text, href text,
-- row:  icons text[], title text, body text, label text, lines text,
-- row:  image_path text?, image_alt text, image_width int4, image_height int4, image_look int4,
-- row:  valid_from timestamptz, valid_until timestamptz
-- plan: index
SELECT b.id AS block_id, b.position AS place, b.kind, b.layout, b.tone, b.rule, b.argument, b.href, b.icons,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'home_block' AND t.resource_id = b.id AND t.field = 'title'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), nullif(b.title, ''),
                (SELECT t.value FROM app.translations t
                  WHERE t.resource = 'collection' AND t.resource_id = k.id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), k.name, '') AS title,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'home_block' AND t.resource_id = b.id AND t.field = 'body'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), b.body) AS body,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'home_block' AND t.resource_id = b.id AND t.field = 'label'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), b.label) AS label,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'home_block' AND t.resource_id = b.id AND t.field = 'lines'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), b.lines) AS lines,
       m.path AS image_path, coalesce(m.alt_text, '') AS image_alt, coalesce(m.width, 0) AS image_width,
       coalesce(m.height, 0) AS image_height, coalesce(m.look, 0) AS image_look,
       greatest(b.valid_from, k.valid_from, '1000-01-01Z') AS valid_from,
       least(b.valid_until, k.valid_until, '9999-01-01Z') AS valid_until
  FROM shop.home_shown b
  LEFT JOIN shop.collections k ON b.rule = 'collection' AND k.slug = b.argument AND k.is_active AND k.deleted_at IS NULL
  LEFT JOIN shop.media m ON m.id = b.media_id AND m.state = 'ready' AND m.deleted_at IS NULL
 ORDER BY b.position, b.id LIMIT 40;

-- stmt: cards_home(chain text[], moment timestamptz, currency text) -> many card
-- tenant: $1
-- plan: index
SELECT c.product_id, c.slug, c.kind,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'product' AND t.resource_id = c.product_id AND t.field = 'name'
                    AND t.locale = ANY ($2) ORDER BY array_position($2, t.locale) LIMIT 1),
                c.name) AS name,
       c.listed_at, c.sku, c.variants, c.always, c.free, c.backorder, c.reorder,
       c.price_variants, c.price_currencies, c.price_kinds, c.price_priorities, c.price_amounts,
       c.price_starts, c.price_ends, c.image_paths, c.image_alts, c.image_widths, c.image_heights, c.image_looks,
       c.swatches, c.swatch_labels, c.rating_sum, c.rating_count, k.place AS sort_key
  FROM (SELECT b.position * 1000::int8 + x.place AS place, x.id
          FROM shop.home_shown b
         CROSS JOIN LATERAL (
               (SELECT f.id, row_number() OVER () AS place
                  FROM (SELECT p.id FROM shop.products p
                         WHERE b.rule = 'featured' AND p.is_featured AND p.status = 'active' AND p.deleted_at IS NULL AND p.visibility IN ('visible', 'catalog')
                AND $3 >= p.publish_from AND $3 < p.publish_until
                         ORDER BY p.position, p.id LIMIT b.most) f)
               UNION ALL
               (SELECT f.id, row_number() OVER () AS place
                  FROM (SELECT p.id FROM shop.products p
                         WHERE b.rule = 'newest' AND p.status = 'active' AND p.deleted_at IS NULL AND p.visibility IN ('visible', 'catalog')
                AND $3 >= p.publish_from AND $3 < p.publish_until
                         ORDER BY p.created_at DESC, p.id DESC LIMIT b.most) f)
               UNION ALL
               (SELECT f.id, row_number() OVER () AS place
                  FROM (SELECT p.id, min(s.valid_until) AS ends
                          FROM shop.price_lists l
                          JOIN LATERAL (SELECT a.variant_id, a.amount_minor, a.valid_until
                                          FROM shop.prices a
                                         WHERE a.price_list_id = l.id AND a.valid_until > $3 AND a.valid_from <= $3
                                           AND a.min_quantity = 1
                                         ORDER BY a.valid_until LIMIT 200) s ON true
                          JOIN shop.product_variants v ON v.id = s.variant_id AND v.is_active AND v.deleted_at IS NULL
                          JOIN shop.products p ON p.id = v.product_id
                         WHERE b.rule = 'deals' AND l.kind = 'sale' AND l.currency = $4 AND l.is_active
                           AND l.deleted_at IS NULL AND $3 >= l.valid_from AND $3 < l.valid_until
                           AND p.status = 'active' AND p.deleted_at IS NULL AND p.visibility IN ('visible', 'catalog')
                AND $3 >= p.publish_from AND $3 < p.publish_until
                           AND EXISTS (SELECT 1 FROM shop.prices q
                                         JOIN shop.price_lists ql ON ql.id = q.price_list_id
                                        WHERE q.variant_id = v.id AND ql.kind = 'base' AND ql.currency = l.currency
                                          AND q.min_quantity = 1 AND $3 >= q.valid_from AND $3 < q.valid_until
                                          AND q.amount_minor > s.amount_minor)
                         GROUP BY p.id ORDER BY ends, p.id LIMIT b.most) f)
               UNION ALL
               (SELECT f.id, row_number() OVER () AS place
                  FROM (SELECT p.id
                          FROM shop.category_products cp
                          JOIN shop.products p ON p.id = cp.product_id
                         WHERE b.rule = 'category' AND cp.tenant_id = $1
                           AND cp.category_id = (SELECT g.id FROM shop.categories g
                                                  WHERE g.slug = b.argument AND g.deleted_at IS NULL)
                           AND p.status = 'active' AND p.deleted_at IS NULL AND p.visibility IN ('visible', 'catalog')
                AND $3 >= p.publish_from AND $3 < p.publish_until
                         ORDER BY cp.rank, cp.product_id LIMIT b.most) f)
               UNION ALL
               (SELECT p.id, o.position::int8 AS place
                  FROM shop.collections k
                  JOIN shop.collection_products o ON o.collection_id = k.id
                  JOIN shop.products p ON p.id = o.product_id
                 WHERE b.rule = 'collection' AND k.slug = b.argument AND k.by_hand AND k.is_active AND k.deleted_at IS NULL
                   AND p.status = 'active' AND p.deleted_at IS NULL AND p.visibility IN ('visible', 'catalog')
                AND $3 >= p.publish_from AND $3 < p.publish_until
                 ORDER BY o.position LIMIT b.most)
               UNION ALL
               (SELECT f.id, row_number() OVER () AS place
                  FROM (SELECT s.product_id AS id
                          FROM (SELECT k.rule, k.sort,
                                       (SELECT w.terms FROM shop.collection_terms w WHERE w.collection_id = k.id
                                         ORDER BY cardinality(w.terms), w.key LIMIT 1) AS narrow,
                                       ARRAY(SELECT w.terms::text FROM shop.collection_terms w WHERE w.collection_id = k.id
                                              ORDER BY cardinality(w.terms), w.key OFFSET 1) AS others
                                  FROM shop.collections k
                                 WHERE b.rule = 'collection' AND k.slug = b.argument AND NOT k.by_hand AND k.is_active
                                   AND k.deleted_at IS NULL) k
                          JOIN shop.product_search s ON s.tenant_id = $1 AND s.in_lists AND s.facets && k.narrow
                         WHERE s.price_minor >= coalesce((k.rule ->> 'price_min_minor')::int8, 0)
                           AND s.price_minor <= coalesce((k.rule ->> 'price_max_minor')::int8, 9223372036854775807)
                           AND NOT EXISTS (SELECT 1 FROM unnest(k.others) AS u (terms) WHERE NOT s.facets && u.terms::int4[])
                         ORDER BY CASE k.sort WHEN 'new' THEN - s.listed_us WHEN 'cheap' THEN s.price_minor
                                              WHEN 'dear' THEN - nullif(s.price_minor, 9223372036854775807)
                                              WHEN 'rated' THEN - s.rating::int8 WHEN 'popular' THEN - s.popularity
                                              ELSE s.list_rank END, s.product_id LIMIT b.most) f)
               UNION ALL
               (SELECT p.id, min(w.n) AS place
                  FROM unnest(string_to_array(CASE WHEN b.rule = 'chosen' THEN b.argument ELSE '' END, ' '))
                       WITH ORDINALITY AS w (sku, n)
                  JOIN shop.product_variants v ON v.sku_norm = w.sku AND v.deleted_at IS NULL
                  JOIN shop.products p ON p.id = v.product_id
                 WHERE p.status = 'active' AND p.deleted_at IS NULL AND p.visibility IN ('visible', 'catalog')
                AND $3 >= p.publish_from AND $3 < p.publish_until
                 GROUP BY p.id)) x
         WHERE b.kind = 'products' AND $3 >= b.valid_from AND $3 < b.valid_until) k
  JOIN shop.product_cards c ON c.product_id = k.id
 ORDER BY k.place, c.product_id;

-- stmt: home_brands(chain text[], most int4) -> many home_brand
-- row:  slug text, name text, image_path text?, image_alt text, image_width int4, image_height int4, image_look int4
-- plan: index
SELECT b.slug,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'brand' AND t.resource_id = b.id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), b.name) AS name, m.path AS image_path, coalesce(m.alt_text, '') AS image_alt, coalesce(m.width, 0) AS image_width,
       coalesce(m.height, 0) AS image_height, coalesce(m.look, 0) AS image_look
  FROM shop.brands b
  LEFT JOIN shop.media m ON m.id = b.media_id AND m.state = 'ready' AND m.deleted_at IS NULL
 WHERE b.deleted_at IS NULL
 ORDER BY b.position, name, b.id LIMIT $2;
