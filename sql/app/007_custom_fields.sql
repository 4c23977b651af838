-- Custom fields as shops know them: the seventeen types by the names people read, whether a field is
-- shown to shoppers, and the copies of filterable choices with the id of the choice, so that a list
-- of products narrows by them as it does by the options of an attribute.
ALTER TABLE app.custom_fields DROP CONSTRAINT custom_fields_type_check;
UPDATE app.custom_fields f
   SET type = m.became
  FROM (VALUES ('lines', 'textarea'), ('markdown', 'textarea'), ('int', 'number'), ('money', 'currency'),
               ('percent', 'decimal'), ('bool', 'checkbox'), ('choice', 'dropdown'), ('choices', 'multi_select'),
               ('instant', 'datetime'), ('colour', 'color')) AS m (was, became)
 WHERE f.type = m.was;
ALTER TABLE app.custom_fields
    ADD CONSTRAINT custom_fields_type_check
        CHECK (type IN ('text', 'textarea', 'number', 'decimal', 'currency', 'date', 'datetime', 'time', 'dropdown',
                        'multi_select', 'checkbox', 'url', 'email', 'phone', 'color', 'file', 'image')),
    ADD COLUMN is_shown bool NOT NULL DEFAULT true,
    ADD COLUMN help text NOT NULL DEFAULT '' CHECK (char_length(help) <= 500),
    ADD CONSTRAINT custom_fields_not_filterable
        CHECK (NOT is_filterable OR type NOT IN ('textarea', 'file', 'image'));
COMMENT ON COLUMN app.custom_fields.options IS '[{"id": uuid, "code": text, "label": text}, ...] of dropdown and multi_select; a code never changes';
COMMENT ON COLUMN app.custom_fields.rules IS '{"min", "max", "max_length", "pattern", "message"}';
COMMENT ON COLUMN app.custom_fields.is_shown IS 'shoppers may read it';

ALTER TABLE app.custom_field_values ADD COLUMN ref uuid;
COMMENT ON COLUMN app.custom_field_values.ref IS 'id of the choice in custom_fields.options';

-- The choices of a custom field are translated one by one: field option_CODE.
ALTER TABLE app.translations DROP CONSTRAINT translations_field_check;
ALTER TABLE app.translations ADD CONSTRAINT translations_field_check CHECK (field ~ '^[a-z][a-z0-9_]{0,79}$');
