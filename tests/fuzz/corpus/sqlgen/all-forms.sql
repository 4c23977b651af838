-- Statements of every form that sqlgen writes; tests/tools/sqlgen.test compares the result byte for
-- byte and calls the generated functions.

-- stmt: items(customer uuid, since timestamptz?, words text[], page int4) -> many wish_item
-- row:  product_id uuid, name text, notes text?, added_at timestamptz,
-- row:  price_minor int8?, is_new bool, day date?, raw bytea?, extra jsonb?, tags text[]?
-- plan: index
-- Newest first; the second piece sorts by price instead.
SELECT w.product_id, p.name, w.notes, w.added_at, /* minor units */ p.price_minor, p.is_new,
       w.day, w.raw, w.extra, p.tags -- "quoted" ; $9
  FROM wish.items w
  JOIN shop.products p ON (p.tenant_id, p.id) = (w.tenant_id, w.product_id)
 WHERE w.customer_id = $1 AND p.word = ANY ($3) AND p.name <> 'it''s -- no comment ?? "q" \ ;'
 /*[frag since]*/ AND w.added_at >= $2 /*[/frag]*/
 ORDER BY /*[frag by_price]*/ p.price_minor, /*[/frag]*/ w.id
 LIMIT $4;

-- stmt: add(customer uuid, note text?, amount int8?, count int4?, is_gift bool?, raw bytea?, day date?, ids uuid[]) -> exec
-- writes
INSERT INTO wish.items (customer_id, note, amount, n, gift, raw, day, ids)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT DO NOTHING;

-- stmt: first(word text) -> maybe item
-- tenant: $1
-- role: desk
WITH x AS (SELECT i.product_id FROM wish.item_index i WHERE i.tenant_id = $1 AND i.word = $2)
SELECT x.product_id, 'a' AS name, NULL::text AS notes, '-infinity'::timestamptz AS added_at,
       1::int8 AS price_minor, true AS is_new, NULL::date AS day, E'\\x01'::bytea AS raw,
       $tag$it's {}$tag$::jsonb AS extra, NULL::text[] AS tags
  FROM x;

-- stmt: number() -> one count
-- row:  n int8
SELECT count(*) AS n FROM wish.items;

-- stmt: take(id uuid) -> one count
-- writes
UPDATE wish.items SET n = n - 1 WHERE id = $1 RETURNING n;

-- stmt: lock(id uuid) -> maybe count
-- writes
SELECT w.n FROM wish.items w WHERE w.id = $1 FOR NO KEY UPDATE OF w
