-- The module's own schema and its one table. A module writes only here.
CREATE SCHEMA IF NOT EXISTS skeleton AUTHORIZATION kade_owner;
GRANT USAGE ON SCHEMA skeleton TO kade_rt;

CREATE TABLE skeleton.notes (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    id         uuid NOT NULL,
    body       text NOT NULL CHECK (char_length(body) BETWEEN 1 AND 500),
    version    int4 NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    deleted_at timestamptz,
    created_by uuid,
    updated_by uuid,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE skeleton.notes IS '@class E notes of the staff';
SELECT app.protect('skeleton.notes');
