-- What every entity may lean on: steered states, numbers, custom fields, translations, words to
-- search people and things by.
CREATE TABLE app.states (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    machine    text NOT NULL CHECK (machine ~ '^[a-z_]{1,40}$'),
    code       text NOT NULL CHECK (code ~ '^[a-z0-9_]{1,40}$'),
    label      text NOT NULL CHECK (char_length(label) BETWEEN 1 AND 80),
    colour     text NOT NULL DEFAULT 'neutral' CHECK (colour ~ '^[a-z]{1,20}$'),
    category   text NOT NULL CHECK (category ~ '^[a-z_]{1,40}$'),
    position   int4 NOT NULL DEFAULT 0,
    is_system  bool NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, machine, code)
);
COMMENT ON TABLE app.states IS '@class S states of a machine; C decides on category, never on a shop''s own code';
SELECT app.protect('app.states');
SELECT app.desk_writes('app.states');

CREATE TABLE app.state_transitions (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    machine    text NOT NULL,
    from_code  text NOT NULL,
    to_code    text NOT NULL,
    permission text,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, machine, from_code, to_code),
    FOREIGN KEY (tenant_id, machine, from_code) REFERENCES app.states (tenant_id, machine, code) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, machine, to_code) REFERENCES app.states (tenant_id, machine, code) ON DELETE CASCADE
);
COMMENT ON TABLE app.state_transitions IS '@class S which state may follow which';
CREATE INDEX state_transitions_to ON app.state_transitions (tenant_id, machine, to_code);
SELECT app.protect('app.state_transitions');
SELECT app.desk_writes('app.state_transitions');

-- BEFORE UPDATE trigger of a steered table: TG_ARGV = machine, column. A pair that is not in
-- app.state_transitions is refused with KD001.
CREATE FUNCTION app.guard_state() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
    was text := to_jsonb(OLD) ->> TG_ARGV[1];
    becomes text := to_jsonb(NEW) ->> TG_ARGV[1];
BEGIN
    IF was IS DISTINCT FROM becomes AND NOT EXISTS (
        SELECT FROM app.state_transitions t
         WHERE t.tenant_id = NEW.tenant_id AND t.machine = TG_ARGV[0]
           AND t.from_code = was AND t.to_code = becomes) THEN
        RAISE EXCEPTION '% may not go from % to %', TG_ARGV[0], was, becomes USING ERRCODE = 'KD001';
    END IF;
    RETURN NEW;
END
$$;
ALTER FUNCTION app.guard_state() OWNER TO kade_owner;

CREATE TABLE app.number_series (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    series     text NOT NULL CHECK (series ~ '^[a-z0-9_.-]{1,60}$'),
    pattern    text NOT NULL CHECK (char_length(pattern) BETWEEN 1 AND 60),
    next_no    int8 NOT NULL DEFAULT 1 CHECK (next_no > 0),
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, series)
);
COMMENT ON TABLE app.number_series IS '@class S numbers people see';
SELECT app.protect('app.number_series');

CREATE TABLE app.custom_fields (
    tenant_id     uuid NOT NULL DEFAULT app.tenant(),
    id            uuid NOT NULL DEFAULT app.uuid7(),
    resource      text NOT NULL CHECK (resource ~ '^[a-z_]{1,60}$'),
    name          text NOT NULL CHECK (name ~ '^[a-z][a-z0-9_]{0,59}$'),
    label         text NOT NULL CHECK (char_length(label) BETWEEN 1 AND 120),
    type          text NOT NULL CHECK (type IN ('text', 'lines', 'markdown', 'int', 'decimal', 'money', 'percent',
                                                'bool', 'choice', 'choices', 'date', 'instant', 'email', 'phone',
                                                'url', 'colour', 'file')),
    options       jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(options) = 'array'),
    is_required   bool NOT NULL DEFAULT false,
    is_filterable bool NOT NULL DEFAULT false,
    rules         jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(rules) = 'object'),
    default_value jsonb,
    position      int4 NOT NULL DEFAULT 0,
    version       int4 NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL DEFAULT app.now(),
    updated_at    timestamptz NOT NULL DEFAULT app.now(),
    deleted_at    timestamptz,
    created_by    uuid,
    updated_by    uuid,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE app.custom_fields IS '@class E fields a shop adds; values are in the row''s custom column';
CREATE UNIQUE INDEX custom_fields_name ON app.custom_fields (tenant_id, resource, name) WHERE deleted_at IS NULL;
SELECT app.protect('app.custom_fields');
SELECT app.desk_writes('app.custom_fields');

CREATE TABLE app.custom_field_values (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    field_id   uuid NOT NULL,
    entity_id  uuid NOT NULL,
    position   int4 NOT NULL DEFAULT 0,
    value_text text COLLATE "C",
    value_int  int8,
    value_at   timestamptz,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, field_id, entity_id, position),
    CHECK (num_nonnulls(value_text, value_int, value_at) = 1),
    FOREIGN KEY (tenant_id, field_id) REFERENCES app.custom_fields (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE app.custom_field_values IS '@class S copies of filterable custom values: an index, not the truth';
CREATE INDEX custom_field_values_entity ON app.custom_field_values (tenant_id, entity_id);
CREATE INDEX custom_field_values_text ON app.custom_field_values (tenant_id, field_id, value_text, entity_id)
    WHERE value_text IS NOT NULL;
CREATE INDEX custom_field_values_int ON app.custom_field_values (tenant_id, field_id, value_int, entity_id)
    WHERE value_int IS NOT NULL;
CREATE INDEX custom_field_values_at ON app.custom_field_values (tenant_id, field_id, value_at, entity_id)
    WHERE value_at IS NOT NULL;
SELECT app.protect('app.custom_field_values');

CREATE TABLE app.translations (
    tenant_id   uuid NOT NULL DEFAULT app.tenant(),
    resource    text NOT NULL CHECK (resource ~ '^[a-z_]{1,60}$'),
    resource_id uuid NOT NULL,
    locale      text NOT NULL CHECK (locale ~ '^[a-z]{2,3}(-[A-Z]{2})?$'),
    field       text NOT NULL CHECK (field ~ '^[a-z_]{1,60}$'),
    value       text NOT NULL,
    source_hash text CHECK (char_length(source_hash) <= 64),
    created_at  timestamptz NOT NULL DEFAULT app.now(),
    updated_at  timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, resource, resource_id, locale, field)
);
COMMENT ON TABLE app.translations IS '@class S texts in the shop''s other languages; the row itself holds the first';
SELECT app.protect('app.translations');
SELECT app.desk_writes('app.translations');

CREATE TABLE app.entity_words (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    resource   text NOT NULL CHECK (resource ~ '^[a-z_]{1,60}$'),
    word       text COLLATE "C" NOT NULL CHECK (char_length(word) BETWEEN 1 AND 120),
    entity_id  uuid NOT NULL,
    weight     int4 NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, resource, word, entity_id)
);
COMMENT ON TABLE app.entity_words IS '@class S folded words, e-mail, digits and reversed digits: prefix search under the policy';
CREATE INDEX entity_words_entity ON app.entity_words (tenant_id, resource, entity_id);
SELECT app.protect('app.entity_words');
