-- Finding products. First what is known about the words (one trip), then which products, in what
-- order, and how many for each facet (one trip). Words come in folded and quoted by shop/search.c;
-- queries are text that is cast, so that the planner sees a value and not a function.

-- Typos are looked for further away than the extension's own 0.3; for this transaction.
-- stmt: search_typo_limit(limit text) -> one setting
-- row:  value text
SELECT set_config('pg_trgm.similarity_threshold', $1, true) AS value;

-- What the shop knows about each word. upper is the end of the word's range as a prefix.
-- stmt: search_known(words text[], uppers text[], sinhala text[], sinhala_uppers text[], tamil text[], tamil_uppers text[]) -> many known_word
-- row:  place int8, stem text, is_stop bool, is_known bool, is_stem bool, is_prefix bool, is_sound bool
-- tenant: $1
-- plan: index
SELECT q.place, coalesce(x.stem[1], q.word) AS stem, coalesce(cardinality(x.stem) = 0, false) AS is_stop,
       EXISTS (SELECT 1 FROM shop.search_words w WHERE w.tenant_id = $1 AND w.word = q.word) AS is_known,
       EXISTS (SELECT 1 FROM shop.search_words w
                WHERE w.tenant_id = $1 AND w.stem = coalesce(x.stem[1], q.word)) AS is_stem,
       EXISTS (SELECT 1 FROM shop.search_words w
                WHERE w.tenant_id = $1 AND w.word >= q.word AND w.word < q.upper) AS is_prefix,
       EXISTS (SELECT 1 FROM shop.search_words w
                WHERE w.tenant_id = $1 AND w.sound >= q.sinhala AND w.sound < q.sinhala_upper AND w.sound <> '')
       OR EXISTS (SELECT 1 FROM shop.search_words w
                WHERE w.tenant_id = $1 AND w.sound >= q.tamil AND w.sound < q.tamil_upper AND w.sound <> '') AS is_sound
  FROM unnest($2, $3, $4, $5, $6, $7) WITH ORDINALITY
       AS q (word, upper, sinhala, sinhala_upper, tamil, tamil_upper, place)
  CROSS JOIN LATERAL (SELECT pg_catalog.ts_lexize('pg_catalog.english_stem', q.word) AS stem) x
 ORDER BY q.place;

-- Which of these are words of the shop: joined neighbours, halves of a word.
-- stmt: search_have(words text[]) -> many have_word
-- row:  word text
-- tenant: $1
-- plan: index
SELECT DISTINCT w.word FROM shop.search_words w WHERE w.tenant_id = $1 AND w.word = ANY ($2);

-- Words that look like those nobody uses here.
-- stmt: search_typos(words text[], uppers text[]) -> many typo
-- row:  place int8, word text, shown text, locale text, n int4
-- tenant: $1
-- plan: index
SELECT q.place, t.word, t.shown, t.locale, t.n
  FROM unnest($2, $3) WITH ORDINALITY AS q (word, upper, place)
  CROSS JOIN LATERAL (
       SELECT w.word, w.shown, w.locale, w.n
         FROM shop.search_words w
        WHERE w.tenant_id = $1 AND w.word OPERATOR(ext.%) q.word
        ORDER BY w.word OPERATOR(ext.<->) q.word, w.n DESC, w.word LIMIT 24) t
 WHERE NOT EXISTS (SELECT 1 FROM shop.search_words k
                    WHERE k.tenant_id = $1 AND k.word >= q.word AND k.word < q.upper)
 ORDER BY q.place;

-- Words of the shop among those a finger away from a word nobody uses here (places: of which word).
-- stmt: search_edits(words text[], uppers text[], places int8[], edits text[]) -> many typo
-- tenant: $1
-- plan: index
SELECT e.place, w.word, w.shown, w.locale, w.n
  FROM (SELECT q.place
          FROM unnest($2, $3) WITH ORDINALITY AS q (word, upper, place)
         WHERE NOT EXISTS (SELECT 1 FROM shop.search_words k
                            WHERE k.tenant_id = $1 AND k.word >= q.word AND k.word < q.upper)) u
  JOIN unnest($4, $5) AS e (place, edit) ON e.place = u.place
  JOIN shop.search_words w ON w.tenant_id = $1 AND w.word = e.edit;

-- stmt: search_synonyms_of(phrases text[]) -> many synonym
-- row:  term_norm text, means_norm text
-- plan: index
SELECT y.term_norm, y.means_norm FROM shop.search_synonyms y
 WHERE y.term_norm = ANY ($1) AND y.deleted_at IS NULL
 ORDER BY y.term_norm, y.id LIMIT 60;

-- stmt: search_redirect_of(query_norm text) -> maybe redirect
-- row:  target text
-- plan: index
SELECT d.target FROM shop.search_redirects d WHERE d.query_norm = $1 AND d.deleted_at IS NULL;

-- Filters of an address to their terms. kind is the group of shop/search_term.h, 16 for the options
-- of an attribute, whose code is the key.
-- stmt: search_terms(kinds int4[], keys text[], vals text[]) -> many named_term
-- row:  place int8, term int4
-- tenant: $1
-- plan: index
SELECT q.place, t.term
  FROM unnest($2, $3, $4) WITH ORDINALITY AS q (kind, key, val, place)
  CROSS JOIN LATERAL (
       SELECT b.id FROM shop.brands b WHERE q.kind = 4 AND b.slug = q.val AND b.deleted_at IS NULL
       UNION ALL
       SELECT g.id FROM shop.categories g
        WHERE q.kind = 3 AND g.slug = q.val AND g.deleted_at IS NULL AND NOT g.is_hidden
       UNION ALL
       SELECT o.id
         FROM shop.attributes a
         JOIN shop.attribute_options o ON o.attribute_id = a.id AND o.deleted_at IS NULL
        WHERE q.kind = 16 AND a.code = q.key AND a.deleted_at IS NULL AND o.code = q.val
       UNION ALL
       SELECT (c.value ->> 'id')::uuid
         FROM app.custom_fields f
         CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(f.options) AS c (value)
        WHERE q.kind = 16 AND f.resource = 'product' AND f.name = q.key AND f.is_filterable
          AND f.deleted_at IS NULL AND c.value ->> 'code' = q.val) x
  JOIN shop.facet_terms t ON t.tenant_id = $1 AND t.ref = x.id
 ORDER BY q.place;

-- Which products, and how many for each facet term. A product that passes all filters counts
-- everywhere; one that fails in a single group counts only for the terms of that group, so each
-- facet is counted against the other filters. fails is a set of bits, one a group of filters (g1 =
-- 1, g2 = 2, ...), 256 the price. Three kinds of rows: term NULL and product NULL = totals of one
-- value of fails; with a term = its count; with a product = a hit in order of key. chosen and ruled:
-- the list is a collection's.
-- stmt: search_hits(query text, name_query text, exact_query text, near_query text, code_query text, category text, any_of int4[], g1 int4[], g2 int4[], g3 int4[], g4 int4[], g5 int4[], g6 int4[], g7 int4[], g8 int4[], price_min int8, price_max int8, sort int4, after_key int8, after_id uuid, most int4, skip int4, within int4[], collection uuid, narrow int4[], others text[], bound_min int8, bound_max int8) -> many search_fact
-- row:  fails int4, term int4?, n int8, low int8?, high int8?, product_id uuid?, sort_key int8?
-- tenant: $1
-- plan: index
WITH hit AS MATERIALIZED (
    SELECT s.product_id, s.facets, s.price_minor, s.in_stock, s.rating, s.popularity, s.listed_us,
           coalesce(/*[frag chosen]*/ o.position::int8, /*[/frag]*/ s.list_rank) AS list_rank, 0::int8 /*[frag words]*/
           + CASE WHEN s.tsv @@ (SELECT $6::tsquery) THEN 4
                  WHEN s.tsv @@ (SELECT $4::tsquery) THEN 3
                  WHEN s.tsv @@ (SELECT $3::tsquery) THEN 2
                  WHEN s.tsv @@ (SELECT $5::tsquery) THEN 1 ELSE 0 END /*[/frag]*/ AS tier, s.name_words,
           0 /*[frag g1]*/ + CASE WHEN s.facets && $9 THEN 0 ELSE 1 END /*[/frag]*/
             /*[frag g2]*/ + CASE WHEN s.facets && $10 THEN 0 ELSE 2 END /*[/frag]*/
             /*[frag g3]*/ + CASE WHEN s.facets && $11 THEN 0 ELSE 4 END /*[/frag]*/
             /*[frag g4]*/ + CASE WHEN s.facets && $12 THEN 0 ELSE 8 END /*[/frag]*/
             /*[frag g5]*/ + CASE WHEN s.facets && $13 THEN 0 ELSE 16 END /*[/frag]*/
             /*[frag g6]*/ + CASE WHEN s.facets && $14 THEN 0 ELSE 32 END /*[/frag]*/
             /*[frag g7]*/ + CASE WHEN s.facets && $15 THEN 0 ELSE 64 END /*[/frag]*/
             /*[frag g8]*/ + CASE WHEN s.facets && $16 THEN 0 ELSE 128 END /*[/frag]*/
             /*[frag price]*/ + CASE WHEN s.price_minor >= $17 AND s.price_minor <= $18 THEN 0 ELSE 256 END /*[/frag]*/
           AS fails
      FROM shop.product_search s
           /*[frag chosen]*/ JOIN shop.collection_products o ON o.collection_id = $25 AND o.product_id = s.product_id /*[/frag]*/
     WHERE s.tenant_id = $1
           /*[frag ruled]*/ AND s.facets && $26 AND s.price_minor >= $28 AND s.price_minor <= $29
           AND NOT EXISTS (SELECT 1 FROM unnest($27) AS u (terms) WHERE NOT s.facets && u.terms::int4[]) /*[/frag]*/
           /*[frag words]*/ AND s.in_search AND s.tsv @@ $2::tsquery /*[/frag]*/
           /*[frag lists]*/ AND s.in_lists /*[/frag]*/
           /*[frag category]*/ AND s.facets @> ARRAY[(SELECT t.term FROM shop.facet_terms t
                                      JOIN shop.categories g ON g.id = t.ref
                                     WHERE t.tenant_id = $1 AND g.slug = $7 AND g.deleted_at IS NULL)] /*[/frag]*/
           /*[frag within]*/ AND s.facets @> $24 /*[/frag]*/
           /*[frag narrowed]*/ AND s.facets && $8 /*[/frag]*/),
near AS (
    SELECT h.product_id, h.facets, h.price_minor, h.fails FROM hit h WHERE h.fails & (h.fails - 1) = 0)
SELECT x.fails, NULL::int4 AS term, count(*) AS n,
       min(x.price_minor) FILTER (WHERE x.price_minor < 9223372036854775807) AS low,
       max(x.price_minor) FILTER (WHERE x.price_minor < 9223372036854775807) AS high,
       NULL::uuid AS product_id, NULL::int8 AS sort_key
  FROM near x GROUP BY x.fails
/*[frag count]*/ UNION ALL
SELECT x.fails, t.term, count(*), NULL, NULL, NULL, NULL
  FROM near x CROSS JOIN LATERAL unnest(x.facets) AS t (term) GROUP BY x.fails, t.term /*[/frag]*/
UNION ALL
SELECT 0, NULL, 1, NULL, NULL, p.product_id, p.sort_key
  FROM (SELECT o.product_id, o.sort_key
          FROM (SELECT h.product_id,
                       CASE $19 WHEN 0 THEN (h.tier << 40) | (h.in_stock::int4::int8 << 39)
                                            | (least(h.popularity, 4194303) << 16)
                                            | (65535 - least(h.name_words, 65535))
                                WHEN 1 THEN h.listed_us
                                WHEN 2 THEN - h.price_minor
                                WHEN 3 THEN CASE WHEN h.price_minor = 9223372036854775807 THEN -1 ELSE h.price_minor END
                                WHEN 4 THEN (h.rating::int8 << 32) | least(h.popularity, 4294967295)
                                WHEN 5 THEN h.popularity
                                ELSE - h.list_rank END AS sort_key
                  FROM hit h WHERE h.fails = 0) o
         /*[frag after]*/ WHERE (o.sort_key, o.product_id) < ($20, $21) /*[/frag]*/
         ORDER BY o.sort_key DESC, o.product_id DESC LIMIT $22 OFFSET $23) p;

-- When no product has all words: those that have most of them. Asked together with search_hits and
-- empty when that finds something. Common words have thousands of products, so no more than `looks`
-- are looked at: of those that lack one word, then of those with any, then of the best sellers.
-- stmt: search_near(query text, most_query text, any_query text, groups text[], most int4, looks int4) -> many near_hit
-- row:  product_id uuid, matched int8
-- tenant: $1
-- plan: index
WITH nearly AS MATERIALIZED (
    SELECT s.product_id, s.in_stock, s.popularity,
           (SELECT count(*) FROM unnest($5) AS g (q) WHERE s.tsv @@ g.q::tsquery) AS matched
      FROM shop.product_search s
     WHERE s.tenant_id = $1 AND s.in_search AND s.tsv @@ $3::tsquery
       AND NOT EXISTS (SELECT 1 FROM shop.product_search f
                        WHERE f.tenant_id = $1 AND f.in_search AND f.tsv @@ $2::tsquery) LIMIT $7),
partly AS MATERIALIZED (
    SELECT s.product_id, s.in_stock, s.popularity,
           (SELECT count(*) FROM unnest($5) AS g (q) WHERE s.tsv @@ g.q::tsquery) AS matched
      FROM shop.product_search s
     WHERE s.tenant_id = $1 AND s.in_search AND s.tsv @@ $4::tsquery
       AND (SELECT count(*) FROM nearly) < $6
       AND NOT EXISTS (SELECT 1 FROM shop.product_search f
                        WHERE f.tenant_id = $1 AND f.in_search AND f.tsv @@ $2::tsquery) LIMIT $7),
popular AS MATERIALIZED (
    SELECT b.product_id, b.in_stock, b.popularity,
           (SELECT count(*) FROM unnest($5) AS g (q) WHERE b.tsv @@ g.q::tsquery) AS matched
      FROM (SELECT s.product_id, s.in_stock, s.popularity, s.tsv
              FROM shop.product_search s
             WHERE s.tenant_id = $1 AND s.in_search AND s.in_stock
               AND (SELECT count(*) FROM partly) = $7
             ORDER BY s.popularity DESC, s.product_id LIMIT $7) b
     WHERE b.tsv @@ (SELECT $4::tsquery))
SELECT x.product_id, x.matched
  FROM (SELECT n.product_id, n.in_stock, n.popularity, n.matched FROM nearly n
        UNION
        SELECT n.product_id, n.in_stock, n.popularity, n.matched FROM partly n
        UNION
        SELECT n.product_id, n.in_stock, n.popularity, n.matched FROM popular n) x
 ORDER BY x.matched DESC, x.in_stock DESC, x.popularity DESC, x.product_id DESC LIMIT $6;

-- A category without filters: its products in order, from the index of its page.
-- stmt: search_category(slug text, after_key int8, after_id uuid, most int4, skip int4) -> many category_hit
-- row:  product_id uuid, sort_key int8
-- tenant: $1
-- plan: index
SELECT cp.product_id,
       coalesce(/*[frag newest]*/ cp.listed_us, /*[/frag]*/ /*[frag cheapest]*/ cp.price_minor, /*[/frag]*/
                /*[frag dearest]*/ cp.price_minor, /*[/frag]*/ cp.rank) AS sort_key
  FROM shop.category_products cp
 WHERE cp.tenant_id = $1
   AND cp.category_id = (SELECT g.id FROM shop.categories g WHERE g.slug = $2 AND g.deleted_at IS NULL)
       /*[frag after]*/ AND (cp.rank, cp.product_id) > ($3, $4) /*[/frag]*/
       /*[frag after_newest]*/ AND (cp.listed_us, cp.product_id) < ($3, $4) /*[/frag]*/
       /*[frag after_cheapest]*/ AND (cp.price_minor, cp.product_id) > ($3, $4) /*[/frag]*/
       /*[frag after_dearest]*/ AND (cp.price_minor, cp.product_id) < ($3, $4) /*[/frag]*/
 ORDER BY /*[frag newest]*/ cp.listed_us DESC, cp.product_id DESC, /*[/frag]*/
          /*[frag cheapest]*/ cp.price_minor, cp.product_id, /*[/frag]*/
          /*[frag dearest]*/ cp.price_minor DESC, cp.product_id DESC, /*[/frag]*/ cp.rank, cp.product_id
 LIMIT $5 OFFSET $6;

-- stmt: search_category_span(slug text) -> one category_span
-- row:  n int8, low int8?, high int8?
-- tenant: $1
-- plan: index
SELECT coalesce((SELECT t.product_count FROM shop.category_stats t WHERE t.category_id = c.id), 0)::int8 AS n,
       (SELECT min(x.price_minor) FROM shop.category_products x
         WHERE x.tenant_id = $1 AND x.category_id = c.id AND x.price_minor < 9223372036854775807) AS low,
       (SELECT max(x.price_minor) FROM shop.category_products x
         WHERE x.tenant_id = $1 AND x.category_id = c.id AND x.price_minor < 9223372036854775807) AS high
  FROM (SELECT (SELECT g.id FROM shop.categories g WHERE g.slug = $2 AND g.deleted_at IS NULL) AS id) c;

-- Facets of a category page without filters.
-- stmt: category_facets_of(slug text) -> many category_facet
-- row:  term int4, n int4
-- tenant: $1
-- plan: index
SELECT f.term, f.n
  FROM shop.category_facets f
 WHERE f.tenant_id = $1 AND f.n > 0
   AND f.category = (SELECT t.term FROM shop.facet_terms t
                       JOIN shop.categories g ON g.id = t.ref
                      WHERE t.tenant_id = $1 AND g.slug = $2 AND g.deleted_at IS NULL);

-- Facet term of a category, a brand ... by its row.
-- stmt: facet_term_of(ref uuid) -> maybe facet_term
-- row:  term int4
-- tenant: $1
-- plan: index
SELECT t.term FROM shop.facet_terms t WHERE t.tenant_id = $1 AND t.ref = $2;

-- ---- suggestions ----------------------------------------------------------------------------------

-- Words that begin so, the frequent ones first; those of the page's language before others.
-- stmt: search_completions(prefix text, upper text, locale text, most int4) -> many completion
-- row:  word text, shown text, n int4
-- tenant: $1
-- plan: index
SELECT c.word, c.shown, c.n
  FROM (SELECT DISTINCT ON (w.word) w.word, w.shown, w.n, w.locale
          FROM shop.search_words w
         WHERE w.tenant_id = $1 AND w.word >= $2 AND w.word < $3
         ORDER BY w.word, (w.locale = $4) DESC) c
 ORDER BY (c.locale = $4) DESC, c.n DESC, c.word LIMIT $5;

-- The best few products for what is typed so far, and the categories most hits are in. A short
-- prefix has thousands of hits, so no more than `most` are looked at, and when there are more, the
-- best sellers are looked through for it as well.
-- stmt: search_suggest(query text, name_query text, most int4, products int4, categories int4, category_from int4, category_until int4) -> many suggestion
-- row:  term int4?, n int8, product_id uuid?
-- tenant: $1
-- plan: index
WITH early AS MATERIALIZED (
    SELECT s.product_id, s.facets, s.in_stock, s.popularity, s.name_words,
           CASE WHEN s.tsv @@ (SELECT $3::tsquery) THEN 1 ELSE 0 END AS tier
      FROM shop.product_search s
     WHERE s.tenant_id = $1 AND s.in_search AND s.tsv @@ $2::tsquery LIMIT $4),
popular AS MATERIALIZED (
    SELECT b.product_id, b.facets, b.in_stock, b.popularity, b.name_words,
           CASE WHEN b.tsv @@ (SELECT $3::tsquery) THEN 1 ELSE 0 END AS tier
      FROM (SELECT s.product_id, s.facets, s.in_stock, s.popularity, s.name_words, s.tsv
              FROM shop.product_search s
             WHERE s.tenant_id = $1 AND s.in_search AND s.in_stock
               AND (SELECT count(*) FROM early) = $4
             ORDER BY s.popularity DESC, s.product_id LIMIT $4) b
     WHERE b.tsv @@ (SELECT $2::tsquery)),
hit AS (SELECT h.product_id, h.facets, h.in_stock, h.popularity, h.name_words, h.tier FROM early h
        UNION
        SELECT h.product_id, h.facets, h.in_stock, h.popularity, h.name_words, h.tier FROM popular h)
SELECT NULL::int4 AS term, 0::int8 AS n, p.product_id
  FROM (SELECT h.product_id FROM hit h
         ORDER BY h.tier DESC, h.in_stock DESC, h.popularity DESC, h.name_words, h.product_id LIMIT $5) p
UNION ALL
SELECT c.term, c.n, NULL::uuid
  FROM (SELECT t.term, count(*) AS n FROM hit h CROSS JOIN LATERAL unnest(h.facets) AS t (term)
         WHERE t.term >= $7 AND t.term < $8 GROUP BY t.term ORDER BY n DESC, t.term LIMIT $6) c;
