-- The composition of the home page, written as a whole.

-- stmt: home_block_put(id uuid, key text, place int4, kind text, layout text, tone text, media uuid?, rule text?, argument text, most int4, href text, icons text[], title text, body text, label text, lines text, valid_from timestamptz?, valid_until timestamptz?) -> one home_block_id
-- row:  block_id uuid, changed bool
-- role: desk
-- writes
WITH old AS (SELECT b.id FROM shop.home_blocks b WHERE b.key = $2 AND b.deleted_at IS NULL),
put AS (
    UPDATE shop.home_blocks b
       SET position = $3, kind = $4, layout = $5, tone = $6, media_id = $7, rule = $8, argument = $9, most = $10,
           href = $11, icons = $12, title = $13, body = $14, label = $15, lines = $16,
           valid_from = coalesce($17, '-infinity'), valid_until = coalesce($18, 'infinity')
      FROM old
     WHERE b.id = old.id
       AND (b.position, b.kind, b.layout, b.tone, b.media_id, b.rule, b.argument, b.most, b.href, b.icons, b.title,
            b.body, b.label, b.lines, b.valid_from, b.valid_until)
           IS DISTINCT FROM ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
                             coalesce($17, '-infinity'), coalesce($18, 'infinity'))
    RETURNING b.id),
add AS (
    INSERT INTO shop.home_blocks AS b (tenant_id, id, key, position, kind, layout, tone, media_id, rule, argument, most,
                                       href, icons, title, body, label, lines, valid_from, valid_until)
    SELECT app.tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
           coalesce($17, '-infinity'), coalesce($18, 'infinity')
     WHERE NOT EXISTS (SELECT 1 FROM old)
    RETURNING b.id)
SELECT coalesce((SELECT old.id FROM old), (SELECT add.id FROM add)) AS block_id,
       EXISTS (SELECT 1 FROM put) OR EXISTS (SELECT 1 FROM add) AS changed;

-- What the composition no longer names.
-- stmt: home_blocks_keep(keys text[], now timestamptz) -> exec
-- role: desk
-- writes
UPDATE shop.home_blocks b SET deleted_at = $2 WHERE b.deleted_at IS NULL AND NOT b.key = ANY ($1);

-- stmt: home_show(key text, on bool) -> exec
-- role: desk
-- writes
UPDATE shop.home_blocks b SET is_active = $2 WHERE b.key = $1 AND b.deleted_at IS NULL AND b.is_active <> $2;

-- stmt: home_list() -> many home_line
-- row:  key text, place int4, kind text, layout text, tone text, rule text?, argument text, title text,
-- row:  is_active bool, valid_from timestamptz, valid_until timestamptz, locales text
-- plan: index
SELECT b.key, b.position AS place, b.kind, b.layout, b.tone, b.rule, b.argument, b.title, b.is_active,
       greatest(b.valid_from, '1000-01-01Z') AS valid_from, least(b.valid_until, '9999-01-01Z') AS valid_until,
       coalesce((SELECT string_agg(DISTINCT t.locale, ' ') FROM app.translations t
                  WHERE t.resource = 'home_block' AND t.resource_id = b.id), '') AS locales
  FROM shop.home_blocks b WHERE b.deleted_at IS NULL ORDER BY b.position, b.id;
