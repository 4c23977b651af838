-- Keeping the index tables of search in step with the catalogue, a batch of products at a time, by
-- the processes of staff and jobs. One writer a shop at a time: each batch takes the shop's lock
-- first, so that what is read after it is never older than what another one has written.

-- stmt: index_lock(key text) -> one exists
-- role: desk
SELECT pg_advisory_xact_lock(hashtextextended($1, 0)) IS NOT NULL AS yes;

-- What sorts and narrows. Not here = not to be found: not active, deleted, hidden, published no
-- longer. One that is published later has its row and is in no list yet.
-- stmt: index_source(products uuid[], moment timestamptz) -> many index_source
-- row:  product_id uuid, version int4, in_lists bool, in_search bool, price int8, in_stock bool,
-- row:  on_sale bool, rating_sum int8, rating_count int4, popularity int8, listed_us int8, list_rank int8, next_edge int8
-- role: desk
-- plan: index
SELECT p.id AS product_id, p.version,
       p.visibility IN ('visible', 'catalog') AND $2 >= p.publish_from AS in_lists,
       p.visibility IN ('visible', 'search') AND $2 >= p.publish_from AS in_search,
       f.price, f.in_stock, f.on_sale, coalesce(r.rating_sum, 0)::int8 AS rating_sum,
       coalesce(r.rating_count, 0) AS rating_count, coalesce(r.popularity, 0)::int8 AS popularity,
       (extract(epoch FROM p.created_at) * 1000000)::int8 AS listed_us,
       ((CASE WHEN f.in_stock THEN 0 ELSE 1 END)::int8 << 61)
         | ((CASE WHEN p.is_featured THEN 0 ELSE 1 END)::int8 << 60)
         | (least(greatest(p.position, 0), 65535)::int8 << 44)
         | (17592186044415 - least(greatest(extract(epoch FROM p.created_at)::int8, 0), 17592186044415)) AS list_rank,
       coalesce((extract(epoch FROM nullif(least(
           CASE WHEN p.publish_from > $2 THEN p.publish_from END,
           CASE WHEN p.publish_until < 'infinity' THEN p.publish_until END, f.edge), 'infinity')) * 1000000)::int8,
           9223372036854775807) AS next_edge
  FROM shop.products p
  LEFT JOIN shop.product_stats r ON r.product_id = p.id
  JOIN LATERAL (
       SELECT coalesce(min(least(c.sale, c.base)), 9223372036854775807) AS price,
              coalesce(bool_or(c.sale < c.base), false) AS on_sale, min(c.edge) AS edge,
              p.kind = 'external' OR coalesce(bool_or(CASE WHEN p.kind = 'bundle' THEN
                EXISTS (SELECT 1 FROM shop.kit_stock k WHERE k.kit_id = v.id AND (k.always OR k.capacity > 0))
                ELSE v.stock_policy = 'always' OR (v.stock_policy = 'tracked'
                AND EXISTS (SELECT 1 FROM shop.stock_levels l
                             WHERE l.variant_id = v.id AND l.available + l.backorder_limit > 0)) END), false) AS in_stock
         FROM shop.product_variants v
         LEFT JOIN LATERAL (
              SELECT min(a.amount_minor) FILTER (WHERE l.kind = 'base' AND a.open) AS base,
                     min(a.amount_minor) FILTER (WHERE l.kind = 'sale' AND a.open) AS sale, min(a.edge) AS edge
                FROM shop.price_lists l
                JOIN LATERAL (
                     SELECT x.amount_minor,
                            $2 >= greatest(x.valid_from, l.valid_from) AND $2 < least(x.valid_until, l.valid_until) AS open,
                            CASE WHEN greatest(x.valid_from, l.valid_from) > $2 THEN greatest(x.valid_from, l.valid_from)
                                 WHEN least(x.valid_until, l.valid_until) > $2 THEN least(x.valid_until, l.valid_until) END AS edge
                       FROM shop.prices x
                      WHERE x.variant_id = v.id AND x.price_list_id = l.id AND x.min_quantity = 1) a ON true
               WHERE l.code IN ('base', 'sale') AND l.is_active AND l.deleted_at IS NULL) c ON true
        WHERE v.product_id = p.id AND v.is_active AND v.deleted_at IS NULL) f ON true
 WHERE p.id = ANY ($1) AND p.status = 'active' AND p.deleted_at IS NULL AND p.visibility <> 'hidden'
   AND $2 < p.publish_until
 ORDER BY p.id;

-- All words of these products in all languages, with their weight.
-- stmt: index_texts(products uuid[]) -> many index_text
-- row:  product_id uuid, weight text, locale text, value text
-- role: desk
-- plan: index
WITH own AS (SELECT s.locale FROM app.stores s WHERE s.code = 'main'),
label AS (
    SELECT p.id AS product_id, 'brand'::text AS resource, b.id AS ref, b.name AS value
      FROM shop.products p JOIN shop.brands b ON b.id = p.brand_id AND b.deleted_at IS NULL WHERE p.id = ANY ($1)
    UNION
    SELECT pc.product_id, 'category', g.id, g.name
      FROM shop.product_categories pc
      JOIN shop.category_tree x ON x.descendant_id = pc.category_id
      JOIN shop.categories g ON g.id = x.ancestor_id AND g.deleted_at IS NULL
     WHERE pc.product_id = ANY ($1)
    UNION
    SELECT a.product_id, 'attribute_option', o.id, o.value
      FROM shop.product_attribute_values a JOIN shop.attribute_options o ON o.id = a.option_id
     WHERE a.product_id = ANY ($1)
    UNION
    SELECT v.product_id, 'attribute_option', o.id, o.value
      FROM shop.product_variants v
      JOIN shop.variant_attribute_values a ON a.variant_id = v.id
      JOIN shop.attribute_options o ON o.id = a.option_id
     WHERE v.product_id = ANY ($1) AND v.is_active AND v.deleted_at IS NULL)
SELECT t.product_id, t.weight, coalesce(t.locale, (SELECT own.locale FROM own), 'en') AS locale, t.value
  FROM (SELECT p.id AS product_id, w.weight, NULL::text AS locale, w.value
          FROM shop.products p
          CROSS JOIN LATERAL (VALUES ('A', p.name), ('C', p.summary), ('D', left(p.description, 4000))) AS w (weight, value)
         WHERE p.id = ANY ($1) AND w.value <> ''
        UNION ALL
        SELECT l.resource_id, CASE l.field WHEN 'name' THEN 'A' WHEN 'summary' THEN 'C' ELSE 'D' END, l.locale, left(l.value, 4000)
          FROM app.translations l
         WHERE l.resource = 'product' AND l.resource_id = ANY ($1) AND l.field IN ('name', 'summary', 'description')
        UNION ALL
        SELECT b.product_id, 'B', NULL, b.value FROM label b
        UNION ALL
        SELECT a.product_id, 'C', NULL, a.value_text
          FROM shop.product_attribute_values a WHERE a.product_id = ANY ($1) AND a.value_text IS NOT NULL
        UNION ALL
        SELECT b.product_id, 'B', l.locale, l.value
          FROM label b
          JOIN app.translations l ON l.resource = b.resource AND l.resource_id = b.ref AND l.field IN ('name', 'value')
        UNION ALL
        SELECT g.product_id, 'B', NULL, g.tag FROM shop.product_tags g WHERE g.product_id = ANY ($1)) t
 ORDER BY t.product_id, t.weight;

-- What these products can be narrowed by. kind is the group of shop/search_term.h; options name
-- their attribute.
-- stmt: index_refs(products uuid[]) -> many index_ref
-- row:  product_id uuid, kind int4, ref uuid, attribute_id uuid?
-- role: desk
-- plan: index
SELECT p.id AS product_id, 4 AS kind, b.id AS ref, NULL::uuid AS attribute_id
  FROM shop.products p JOIN shop.brands b ON b.id = p.brand_id AND b.deleted_at IS NULL WHERE p.id = ANY ($1)
UNION
SELECT pc.product_id, 3, x.ancestor_id, NULL
  FROM shop.product_categories pc
  JOIN shop.category_tree x ON x.descendant_id = pc.category_id
 WHERE pc.product_id = ANY ($1)
UNION
SELECT a.product_id, 16, a.option_id, a.attribute_id
  FROM shop.product_attribute_values a WHERE a.product_id = ANY ($1) AND a.option_id IS NOT NULL
UNION
SELECT c.entity_id, 16, c.ref, c.field_id
  FROM app.custom_field_values c WHERE c.entity_id = ANY ($1) AND c.ref IS NOT NULL
UNION
SELECT v.product_id, 16, a.option_id, a.attribute_id
  FROM shop.product_variants v JOIN shop.variant_attribute_values a ON a.variant_id = v.id
 WHERE v.product_id = ANY ($1) AND v.is_active AND v.deleted_at IS NULL
UNION
SELECT c.entity_id, 16, c.ref, c.field_id
  FROM app.custom_field_values c WHERE c.entity_id = ANY ($1) AND c.ref IS NOT NULL
 ORDER BY product_id;

-- stmt: index_codes(products uuid[]) -> many index_code
-- row:  product_id uuid, sku text, barcode text?
-- role: desk
-- plan: index
SELECT v.product_id, v.sku, v.barcode FROM shop.product_variants v
 WHERE v.product_id = ANY ($1) AND v.is_active AND v.deleted_at IS NULL
 ORDER BY v.product_id;

-- stmt: terms_have(refs uuid[]) -> many ref_term
-- row:  ref uuid, term int4
-- tenant: $1
-- role: desk
-- plan: index
SELECT t.ref, t.term FROM shop.facet_terms t WHERE t.tenant_id = $1 AND t.ref = ANY ($2);

-- The next free numbers of a group; base is its first term less one. A full group gives none.
-- stmt: terms_add(refs uuid[], base int4) -> many ref_term
-- tenant: $1
-- role: desk
-- writes
INSERT INTO shop.facet_terms (tenant_id, term, ref)
SELECT $1, n.term, n.ref
  FROM (SELECT u.ref, (coalesce((SELECT max(t.term) FROM shop.facet_terms t
                                  WHERE t.tenant_id = $1 AND t.term > $3 AND t.term <= $3 + 65535), $3)
                       + row_number() OVER (ORDER BY u.ref))::int4 AS term
          FROM unnest($2) AS u (ref)) n
 WHERE n.term <= $3 + 65535
ON CONFLICT DO NOTHING
RETURNING ref, term;

-- stmt: index_stems(words text[]) -> many stem
-- row:  word text, stem text?
SELECT u.word, (pg_catalog.ts_lexize('pg_catalog.english_stem', u.word))[1] AS stem FROM unnest($1) AS u (word);

-- The counters of category pages, by the difference between what is and what will be. Run before
-- index_put of the same batch.
-- stmt: index_count(products uuid[], new_products uuid[], new_facets text[], new_lists bool[], category_from int4, category_until int4) -> exec
-- tenant: $1
-- role: desk
-- writes
WITH mine AS (
    SELECT s.facets, -1 AS way FROM shop.product_search s
     WHERE s.tenant_id = $1 AND s.product_id = ANY ($2) AND s.in_lists
    UNION ALL
    SELECT u.facets::int4[], 1 FROM unnest($3, $4, $5) AS u (product_id, facets, in_lists) WHERE u.in_lists),
pair AS (
    SELECT c.term AS category, t.term, sum(mine.way)::int4 AS n
      FROM mine
      CROSS JOIN LATERAL unnest(mine.facets) AS c (term)
      CROSS JOIN LATERAL unnest(mine.facets) AS t (term)
     WHERE c.term >= $6 AND c.term < $7 AND (t.term < $6 OR t.term >= $7)
     GROUP BY c.term, t.term HAVING sum(mine.way) <> 0)
INSERT INTO shop.category_facets AS f (tenant_id, category, term, n)
SELECT $1, pair.category, pair.term, pair.n FROM pair ORDER BY pair.category, pair.term
ON CONFLICT (tenant_id, category, term) DO UPDATE SET n = f.n + excluded.n;

-- stmt: index_put(products uuid[], tsv text[], facets text[], price int8[], in_stock bool[], in_lists bool[], in_search bool[], rating int4[], popularity int8[], listed int8[], name_words int4[], next_edge int8[], list_rank int8[], version int4[]) -> exec
-- tenant: $1
-- role: desk
-- writes
INSERT INTO shop.product_search AS s
       (tenant_id, product_id, tsv, facets, price_minor, in_stock, in_lists, in_search, rating, popularity,
        listed_us, name_words, next_edge, list_rank, version)
SELECT $1, u.product_id, u.tsv::tsvector, u.facets::int4[], u.price, u.in_stock, u.in_lists, u.in_search, u.rating,
       u.popularity, u.listed, u.name_words, u.next_edge, u.list_rank, u.version
  FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
       AS u (product_id, tsv, facets, price, in_stock, in_lists, in_search, rating, popularity, listed, name_words,
             next_edge, list_rank, version)
ON CONFLICT (tenant_id, product_id) DO UPDATE
   SET tsv = excluded.tsv, facets = excluded.facets, price_minor = excluded.price_minor,
       in_stock = excluded.in_stock, in_lists = excluded.in_lists, in_search = excluded.in_search,
       rating = excluded.rating, popularity = excluded.popularity, listed_us = excluded.listed_us,
       name_words = excluded.name_words, next_edge = excluded.next_edge, list_rank = excluded.list_rank,
       version = excluded.version
 WHERE (s.tsv, s.facets, s.price_minor, s.in_stock, s.in_lists, s.in_search, s.rating, s.popularity, s.listed_us,
        s.name_words, s.next_edge, s.list_rank, s.version)
       IS DISTINCT FROM
       (excluded.tsv, excluded.facets, excluded.price_minor, excluded.in_stock, excluded.in_lists,
        excluded.in_search, excluded.rating, excluded.popularity, excluded.listed_us, excluded.name_words,
        excluded.next_edge, excluded.list_rank, excluded.version);

-- stmt: index_forget(products uuid[], keep uuid[]) -> exec
-- tenant: $1
-- role: desk
-- writes
DELETE FROM shop.product_search s
 WHERE s.tenant_id = $1 AND s.product_id = ANY ($2) AND NOT s.product_id = ANY ($3);

-- stmt: index_words(locales text[], words text[], shown text[], stems text[], sounds text[]) -> exec
-- tenant: $1
-- role: desk
-- writes
INSERT INTO shop.search_words (tenant_id, locale, word, shown, stem, sound, n)
SELECT $1, u.locale, u.word, u.shown, u.stem, u.sound, 1
  FROM unnest($2, $3, $4, $5, $6) AS u (locale, word, shown, stem, sound)
ON CONFLICT DO NOTHING;

-- Changes of this shop's products that wait in the outbox: they are indexed along with the one whose
-- turn it is.
-- stmt: index_ahead(most int4) -> many ahead
-- row:  seq int8, object_id uuid
-- role: desk
SELECT o.seq, o.object_id
  FROM (SELECT x.seq, x.object_id, x.topic, x.tenant_id
          FROM app.outbox x
         WHERE (x.xid, x.seq) > (coalesce((SELECT c.xid FROM app.outbox_cursors c WHERE c.consumer = 'jobs'), '0'),
                                 coalesce((SELECT c.seq FROM app.outbox_cursors c WHERE c.consumer = 'jobs'), 0))
         ORDER BY x.xid, x.seq LIMIT 2000) o
 WHERE o.tenant_id = app.tenant()
   AND o.topic IN ('product.changed', 'stock.changed', 'product.rated', 'product.counted')
 ORDER BY o.seq LIMIT $1;

-- ---- upkeep ---------------------------------------------------------------------------------------

-- stmt: index_next(after uuid, most int4) -> many product_id
-- role: desk
-- plan: index
SELECT p.id AS product_id FROM shop.products p WHERE p.id > $1 ORDER BY p.id LIMIT $2;

-- Products of a category and below it, for a change of its name.
-- stmt: index_below(category uuid, after uuid, most int4) -> many product_id
-- role: desk
-- plan: index
SELECT DISTINCT pc.product_id
  FROM shop.category_tree x
  JOIN shop.product_categories pc ON pc.category_id = x.descendant_id
 WHERE x.ancestor_id = $1 AND pc.product_id > $2
 ORDER BY pc.product_id LIMIT $3;

-- Products that a price or publish window changes until an instant.
-- stmt: index_edges(until int8, most int4) -> many product_id
-- tenant: $1
-- role: desk
-- plan: index
SELECT s.product_id FROM shop.product_search s
 WHERE s.tenant_id = $1 AND s.next_edge <= $2 AND s.next_edge < 9223372036854775807
 ORDER BY s.next_edge LIMIT $3;

-- stmt: index_next_edge() -> one edge
-- row:  at int8
-- tenant: $1
-- role: desk
-- plan: index
SELECT coalesce(min(s.next_edge), 9223372036854775807) AS at FROM shop.product_search s
 WHERE s.tenant_id = $1 AND s.next_edge < 9223372036854775807;

-- Rows of products that are not there any more at all.
-- stmt: index_orphans() -> many product_id
-- tenant: $1
-- role: desk
SELECT s.product_id FROM shop.product_search s
 WHERE s.tenant_id = $1 AND NOT EXISTS (SELECT 1 FROM shop.products p WHERE p.id = s.product_id);

-- All counters of category pages anew.
-- stmt: index_counts_clear() -> exec
-- tenant: $1
-- role: desk
-- writes
DELETE FROM shop.category_facets f WHERE f.tenant_id = $1;

-- stmt: index_counts_make(category_from int4, category_until int4) -> exec
-- tenant: $1
-- role: desk
-- writes
INSERT INTO shop.category_facets (tenant_id, category, term, n)
SELECT $1, c.term, t.term, count(*)::int4
  FROM shop.product_search s
  CROSS JOIN LATERAL unnest(s.facets) AS c (term)
  CROSS JOIN LATERAL unnest(s.facets) AS t (term)
 WHERE s.tenant_id = $1 AND s.in_lists AND c.term >= $2 AND c.term < $3 AND (t.term < $2 OR t.term >= $3)
 GROUP BY c.term, t.term;

-- How many products have each word; words of none go.
-- stmt: words_recount() -> exec
-- tenant: $1
-- role: desk
-- writes
WITH found AS (
    SELECT l.lexeme, count(*)::int4 AS n
      FROM shop.product_search s
      CROSS JOIN LATERAL unnest(pg_catalog.tsvector_to_array(s.tsv)) AS l (lexeme)
     WHERE s.tenant_id = $1 AND s.in_search GROUP BY l.lexeme)
UPDATE shop.search_words w SET n = coalesce(f.n, 0)
  FROM shop.search_words o LEFT JOIN found f ON f.lexeme = o.word
 WHERE o.tenant_id = $1 AND w.tenant_id = $1 AND (w.locale, w.word) = (o.locale, o.word) AND w.n <> coalesce(f.n, 0);

-- stmt: words_unused() -> exec
-- tenant: $1
-- role: desk
-- writes
DELETE FROM shop.search_words w WHERE w.tenant_id = $1 AND w.n = 0;

-- stmt: index_mark(rebuilt timestamptz?, counted timestamptz?) -> exec
-- role: desk
-- writes
INSERT INTO shop.search_state AS s (tenant_id, rebuilt_at, counted_at) VALUES (app.tenant(), $1, $2)
ON CONFLICT (tenant_id) DO UPDATE
   SET rebuilt_at = coalesce(excluded.rebuilt_at, s.rebuilt_at), counted_at = coalesce(excluded.counted_at, s.counted_at);

-- stmt: index_state() -> one index_state
-- row:  products int8, words int8, terms int8, rebuilt_at timestamptz?, counted_at timestamptz?
-- tenant: $1
-- role: desk
SELECT (SELECT count(*) FROM shop.product_search s WHERE s.tenant_id = $1) AS products,
       (SELECT count(*) FROM shop.search_words w WHERE w.tenant_id = $1) AS words,
       (SELECT count(*) FROM shop.facet_terms t WHERE t.tenant_id = $1) AS terms,
       (SELECT x.rebuilt_at FROM shop.search_state x) AS rebuilt_at,
       (SELECT x.counted_at FROM shop.search_state x) AS counted_at;

-- ---- synonyms and redirects -----------------------------------------------------------------------

-- stmt: synonym_put(id uuid, term text, term_norm text, means text, means_norm text) -> exec
-- role: desk
-- writes
INSERT INTO shop.search_synonyms (tenant_id, id, term, term_norm, means, means_norm)
VALUES (app.tenant(), $1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, term_norm, means_norm) WHERE deleted_at IS NULL DO NOTHING;

-- stmt: synonym_remove(term_norm text, means_norm text, moment timestamptz) -> exec
-- role: desk
-- writes
UPDATE shop.search_synonyms y SET deleted_at = $3
 WHERE y.term_norm = $1 AND y.means_norm = $2 AND y.deleted_at IS NULL;

-- stmt: synonyms() -> many synonym_row
-- row:  term text, means text
-- role: desk
SELECT y.term, y.means FROM shop.search_synonyms y WHERE y.deleted_at IS NULL ORDER BY y.term_norm, y.means_norm LIMIT 10000;

-- stmt: redirect_put(id uuid, query text, query_norm text, target text) -> exec
-- role: desk
-- writes
INSERT INTO shop.search_redirects AS d (tenant_id, id, query, query_norm, target) VALUES (app.tenant(), $1, $2, $3, $4)
ON CONFLICT (tenant_id, query_norm) WHERE deleted_at IS NULL DO UPDATE
   SET query = excluded.query, target = excluded.target WHERE d.target <> excluded.target OR d.query <> excluded.query;

-- stmt: redirect_remove(query_norm text, moment timestamptz) -> exec
-- role: desk
-- writes
UPDATE shop.search_redirects d SET deleted_at = $2 WHERE d.query_norm = $1 AND d.deleted_at IS NULL;

-- stmt: redirects() -> many redirect_row
-- row:  query text, target text
-- role: desk
SELECT d.query, d.target FROM shop.search_redirects d WHERE d.deleted_at IS NULL ORDER BY d.query_norm LIMIT 10000;

-- Changes of this shop that the index has not seen: events not read yet, or waiting for a retry.
-- stmt: index_waiting() -> one index_waiting
-- row:  n int8, since timestamptz?
-- role: desk
SELECT count(*) AS n, min(x.created_at) AS since
  FROM (SELECT o.created_at FROM app.outbox o
         WHERE (o.xid, o.seq) > (coalesce((SELECT c.xid FROM app.outbox_cursors c WHERE c.consumer = 'jobs'), '0'),
                                 coalesce((SELECT c.seq FROM app.outbox_cursors c WHERE c.consumer = 'jobs'), 0))
           AND o.topic IN ('product.changed', 'category.changed', 'stock.changed', 'product.rated', 'product.counted')
        UNION ALL
        SELECT r.created_at FROM app.outbox_retries r
         WHERE r.consumer IN ('shop:product.changed', 'shop:category.changed', 'shop:stock.changed', 'shop:product.rated',
                             'shop:product.counted')
           AND r.state = 'waiting') x;

-- stmt: search_names(products uuid[]) -> many found_name
-- row:  product_id uuid, sku text, name text
-- role: desk
-- plan: index
SELECT p.id AS product_id, coalesce((SELECT min(v.sku) FROM shop.product_variants v
                                      WHERE v.product_id = p.id AND v.deleted_at IS NULL), '') AS sku, p.name
  FROM shop.products p WHERE p.id = ANY ($1);
