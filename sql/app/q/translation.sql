-- Texts of business rows in other languages (data-model.md 1.16): what src/app/translation.h writes.

-- stmt: translation_put(resource text, id uuid, locale text, field text, value text, source_hash text) -> exec
-- writes
INSERT INTO app.translations AS t (tenant_id, resource, resource_id, locale, field, value, source_hash)
VALUES (app.tenant(), $1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, resource, resource_id, locale, field) DO UPDATE
   SET value = excluded.value, source_hash = excluded.source_hash, updated_at = app.now()
 WHERE (t.value, t.source_hash) IS DISTINCT FROM (excluded.value, excluded.source_hash);

-- Many at once, of one kind of row and field: for bulk loads.
-- stmt: translations_put(resource text, field text, ids uuid[], locales text[], texts text[]) -> exec
-- writes
INSERT INTO app.translations AS t (tenant_id, resource, resource_id, locale, field, value, source_hash)
SELECT app.tenant(), $1, u.id, u.locale, $2, u.value, '' FROM unnest($3, $4, $5) AS u (id, locale, value)
ON CONFLICT (tenant_id, resource, resource_id, locale, field) DO UPDATE
   SET value = excluded.value, source_hash = excluded.source_hash, updated_at = app.now()
 WHERE (t.value, t.source_hash) IS DISTINCT FROM (excluded.value, excluded.source_hash);

-- Texts of one row in several languages; "" is passed over here and taken away by translations_drop.
-- stmt: translations_set(resource text, id uuid, locales text[], fields text[], texts text[]) -> exec
-- writes
INSERT INTO app.translations AS t (tenant_id, resource, resource_id, locale, field, value, source_hash)
SELECT app.tenant(), $1, $2, u.locale, u.field, u.value, '' FROM unnest($3, $4, $5) AS u (locale, field, value)
 WHERE u.value <> ''
ON CONFLICT (tenant_id, resource, resource_id, locale, field) DO UPDATE
   SET value = excluded.value, source_hash = '', updated_at = app.now() WHERE t.value <> excluded.value;

-- stmt: translations_drop(resource text, id uuid, locales text[], fields text[], texts text[]) -> exec
-- writes
DELETE FROM app.translations t
 USING unnest($3, $4, $5) AS u (locale, field, value)
 WHERE t.resource = $1 AND t.resource_id = $2 AND t.locale = u.locale AND t.field = u.field AND u.value = '';

-- stmt: translation_remove(resource text, id uuid, locale text, field text) -> exec
-- writes
DELETE FROM app.translations t
 WHERE t.resource = $1 AND t.resource_id = $2 AND t.locale = $3 AND t.field = $4;
