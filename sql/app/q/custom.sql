-- Custom fields (src/app/custom.h): definitions, and the copies of values lists are narrowed by.

-- stmt: custom_fields(resource text) -> many custom_field
-- row:  id uuid, version int4, resource text, name text, label text, type text, options jsonb,
-- row:  is_required bool, is_filterable bool, is_shown bool, rules jsonb, default_value jsonb?,
-- row:  help text, position int4
-- plan: index
SELECT f.id, f.version, f.resource, f.name, f.label, f.type, f.options, f.is_required, f.is_filterable,
       f.is_shown, f.rules, f.default_value, f.help, f.position
  FROM app.custom_fields f
 WHERE f.resource = $1 AND f.deleted_at IS NULL
 ORDER BY f.position, f.name LIMIT 200;

-- stmt: custom_field_put(id uuid, resource text, name text, label text, type text, options jsonb, is_required bool, is_filterable bool, is_shown bool, rules jsonb, preset jsonb?, help text, position int4) -> exec
-- role: desk
-- writes
INSERT INTO app.custom_fields AS f (tenant_id, id, resource, name, label, type, options, is_required, is_filterable,
       is_shown, rules, default_value, help, position)
VALUES (app.tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (tenant_id, resource, name) WHERE deleted_at IS NULL DO UPDATE
   SET label = excluded.label, options = excluded.options, is_required = excluded.is_required,
       is_filterable = excluded.is_filterable, is_shown = excluded.is_shown, rules = excluded.rules,
       default_value = excluded.default_value, help = excluded.help, position = excluded.position
 WHERE (f.label, f.options, f.is_required, f.is_filterable, f.is_shown, f.rules, f.default_value, f.help, f.position)
       IS DISTINCT FROM
       (excluded.label, excluded.options, excluded.is_required, excluded.is_filterable, excluded.is_shown,
        excluded.rules, excluded.default_value, excluded.help, excluded.position);

-- stmt: custom_field_remove(resource text, name text, moment timestamptz) -> maybe custom_gone
-- row:  id uuid
-- role: desk
-- writes
UPDATE app.custom_fields f SET deleted_at = $3
 WHERE f.resource = $1 AND f.name = $2 AND f.deleted_at IS NULL
RETURNING id;

-- stmt: custom_copies_forget(field uuid) -> exec
-- writes
DELETE FROM app.custom_field_values v WHERE v.field_id = $1;

-- The copies of one row for these fields: exactly those given. kind: 0 text, 1 number, 2 instant.
-- stmt: custom_copies_put(entity uuid, all_fields uuid[], fields uuid[], places int4[], kinds int4[], texts text[], numbers int8[], refs uuid[]) -> exec
-- writes
WITH want AS (
    SELECT u.field, u.place, CASE WHEN u.kind = 0 THEN u.value END AS value_text,
           CASE WHEN u.kind = 1 THEN u.number END AS value_int,
           CASE WHEN u.kind = 2 THEN timestamptz 'epoch' + u.number * interval '1 microsecond' END AS value_at,
           nullif(u.ref, '00000000-0000-0000-0000-000000000000') AS ref
      FROM unnest($3, $4, $5, $6, $7, $8) AS u (field, place, kind, value, number, ref)),
gone AS (
    DELETE FROM app.custom_field_values v
     WHERE v.entity_id = $1 AND v.field_id = ANY ($2)
       AND NOT EXISTS (SELECT 1 FROM want w WHERE w.field = v.field_id AND w.place = v.position)
    RETURNING 1)
INSERT INTO app.custom_field_values AS v (tenant_id, field_id, entity_id, position, value_text, value_int, value_at, ref)
SELECT app.tenant(), w.field, $1, w.place, w.value_text, w.value_int, w.value_at, w.ref FROM want w
ON CONFLICT (tenant_id, field_id, entity_id, position) DO UPDATE
   SET value_text = excluded.value_text, value_int = excluded.value_int, value_at = excluded.value_at,
       ref = excluded.ref, updated_at = app.now()
 WHERE (v.value_text, v.value_int, v.value_at, v.ref) IS DISTINCT FROM
       (excluded.value_text, excluded.value_int, excluded.value_at, excluded.ref);
