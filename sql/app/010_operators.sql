-- The platform's operators: people who run the whole installation. They belong to no shop, so there
-- is no policy here (sql/unprotected); shoppers' role and the jobs have no right to either table, and
-- nobody may delete: who has left is disabled. What operators do to the installation, and what is
-- done to them, is told in a ledger of its own, for the audit of a shop is the shop's.
CREATE TABLE app.operators (
    id             uuid PRIMARY KEY DEFAULT app.uuid7(),
    email          text NOT NULL UNIQUE CHECK (email = lower(email) AND char_length(email) BETWEEN 3 AND 254),
    name           text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    password_hash  text,
    totp_sealed    bytea,
    totp_last_step int8,
    epoch          int4 NOT NULL DEFAULT 0,
    locale         text CHECK (locale ~ '^[a-z]{2,3}(-[A-Z]{2})?$'),
    status         text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
    created_at     timestamptz NOT NULL DEFAULT app.now(),
    updated_at     timestamptz NOT NULL DEFAULT app.now()
);
COMMENT ON TABLE app.operators IS 'people who run the installation; platform table, no policy';
COMMENT ON COLUMN app.operators.epoch IS 'copied into sessions and tokens, raising it ends them';
ALTER TABLE app.operators OWNER TO kade_owner;
GRANT SELECT, INSERT, UPDATE ON app.operators TO kade_admin;

CREATE TABLE app.operator_logs (
    id          uuid PRIMARY KEY DEFAULT app.uuid7(),
    operator_id uuid,
    action      text NOT NULL CHECK (char_length(action) BETWEEN 1 AND 80),
    resource    text NOT NULL CHECK (char_length(resource) BETWEEN 1 AND 80),
    resource_id uuid,
    old_values  jsonb,
    new_values  jsonb,
    ip          text CHECK (char_length(ip) <= 64),
    agent       text CHECK (char_length(agent) <= 400),
    request_id  text CHECK (char_length(request_id) <= 64),
    created_at  timestamptz NOT NULL DEFAULT app.now()
);
COMMENT ON TABLE app.operator_logs IS 'who did what to the installation; platform table, no policy';
COMMENT ON COLUMN app.operator_logs.operator_id IS 'null: the command line, as the system user';
CREATE INDEX operator_logs_resource ON app.operator_logs (resource, resource_id, id);
CREATE INDEX operator_logs_operator ON app.operator_logs (operator_id, id);
ALTER TABLE app.operator_logs OWNER TO kade_owner;
GRANT SELECT, INSERT ON app.operator_logs TO kade_admin;
