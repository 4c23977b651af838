-- What happened and what is to be done: audit, outbox, jobs. The big append-only ones are cut by
-- month on their version 7 key (app.make_partitions); whatever must happen once is not.
CREATE TABLE app.audit_logs (
    tenant_id   uuid NOT NULL DEFAULT app.tenant(),
    id          uuid NOT NULL DEFAULT app.uuid7(),
    actor_kind  text NOT NULL CHECK (actor_kind IN ('nobody', 'customer', 'user', 'operator', 'key', 'system')),
    actor_id    uuid,
    acting_as   uuid,
    action      text NOT NULL CHECK (char_length(action) BETWEEN 1 AND 80),
    resource    text NOT NULL CHECK (char_length(resource) BETWEEN 1 AND 80),
    resource_id uuid,
    old_values  jsonb,
    new_values  jsonb,
    ip          text CHECK (char_length(ip) <= 64),
    agent       text CHECK (char_length(agent) <= 400),
    country     text CHECK (country ~ '^[A-Z]{2}$'),
    risk        int4 NOT NULL DEFAULT 0 CHECK (risk BETWEEN 0 AND 100),
    flagged     bool NOT NULL DEFAULT false,
    request_id  text CHECK (char_length(request_id) <= 64),
    created_at  timestamptz NOT NULL DEFAULT app.now(),
    created_by  uuid,
    PRIMARY KEY (tenant_id, id)
) PARTITION BY RANGE (id);
COMMENT ON TABLE app.audit_logs IS '@class L who changed what from what to what; changed fields only';
CREATE INDEX audit_logs_resource ON app.audit_logs (tenant_id, resource, resource_id, id);
CREATE INDEX audit_logs_actor ON app.audit_logs (tenant_id, actor_id, id);
SELECT app.protect('app.audit_logs');

CREATE SEQUENCE app.outbox_seq;
ALTER SEQUENCE app.outbox_seq OWNER TO kade_owner;
GRANT USAGE ON SEQUENCE app.outbox_seq TO kade_rt;

-- Readers go by (xid, seq) and stop at the oldest transaction still open, so an event that commits
-- late is never skipped; by seq alone they would lose it.
CREATE TABLE app.outbox (
    tenant_id      uuid NOT NULL DEFAULT app.tenant(),
    id             uuid NOT NULL DEFAULT app.uuid7(),
    topic          text NOT NULL CHECK (topic ~ '^[a-z_]+(\.[a-z_]+)+$' AND char_length(topic) <= 80),
    object_id      uuid NOT NULL,
    object_version int8 NOT NULL DEFAULT 0,
    payload        jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(payload) = 'object'),
    seq            int8 NOT NULL DEFAULT nextval('app.outbox_seq'),
    xid            xid8 NOT NULL DEFAULT pg_current_xact_id(),
    created_at     timestamptz NOT NULL DEFAULT app.now(),
    created_by     uuid,
    PRIMARY KEY (tenant_id, id)
) PARTITION BY RANGE (id);
COMMENT ON TABLE app.outbox IS '@class L events, written in the transaction in which they happened';
CREATE INDEX outbox_order ON app.outbox (xid, seq);
CREATE INDEX outbox_object ON app.outbox (tenant_id, object_id, id);
SELECT app.protect('app.outbox');
CREATE POLICY queue ON app.outbox TO kade_jobs USING (true);

CREATE TABLE app.outbox_cursors (
    consumer     text PRIMARY KEY,
    xid          xid8 NOT NULL,
    seq          int8 NOT NULL,
    tries        int4 NOT NULL DEFAULT 0 CHECK (tries >= 0),
    locked_by    text,
    locked_until timestamptz,
    created_at   timestamptz NOT NULL DEFAULT app.now(),
    updated_at   timestamptz NOT NULL DEFAULT app.now()
);
COMMENT ON TABLE app.outbox_cursors IS 'how far a consumer has read, over all shops; platform table, no policy';
ALTER TABLE app.outbox_cursors OWNER TO kade_owner;
GRANT SELECT ON app.outbox_cursors TO kade_rt;
GRANT INSERT, UPDATE, DELETE ON app.outbox_cursors TO kade_jobs;

CREATE TABLE app.outbox_retries (
    tenant_id      uuid NOT NULL DEFAULT app.tenant(),
    consumer       text NOT NULL,
    seq            int8 NOT NULL,
    topic          text NOT NULL,
    object_id      uuid NOT NULL,
    object_version int8 NOT NULL DEFAULT 0,
    payload        jsonb NOT NULL DEFAULT '{}',
    attempts       int4 NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    next_at        timestamptz NOT NULL,
    state          text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'dead')),
    last_error     text,
    created_at     timestamptz NOT NULL DEFAULT app.now(),
    updated_at     timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, consumer, seq)
);
COMMENT ON TABLE app.outbox_retries IS '@class Q events whose handler failed: tried again, then dead';
CREATE INDEX outbox_retries_next ON app.outbox_retries (consumer, next_at) WHERE state = 'waiting';
CREATE INDEX outbox_retries_object ON app.outbox_retries (tenant_id, consumer, object_id, seq) WHERE state = 'waiting';
SELECT app.protect('app.outbox_retries');
REVOKE INSERT ON app.outbox_retries FROM kade_rt;

CREATE TABLE app.jobs (
    tenant_id    uuid NOT NULL DEFAULT app.tenant(),
    id           uuid NOT NULL DEFAULT app.uuid7(),
    name         text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 80),
    priority     int4 NOT NULL DEFAULT 50,
    state        text NOT NULL DEFAULT 'ready' CHECK (state IN ('ready', 'running', 'done', 'dead')),
    run_at       timestamptz NOT NULL DEFAULT app.now(),
    attempts     int4 NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    once_key     text CHECK (char_length(once_key) <= 200),
    payload      jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(payload) = 'object'),
    locked_by    text,
    locked_until timestamptz,
    last_error   text,
    created_at   timestamptz NOT NULL DEFAULT app.now(),
    updated_at   timestamptz NOT NULL DEFAULT app.now(),
    finished_at  timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name, once_key)
) WITH (fillfactor = 70);
COMMENT ON TABLE app.jobs IS '@class Q work for later, claimed with SKIP LOCKED';
CREATE INDEX jobs_ready ON app.jobs (priority DESC, run_at, id) WHERE state = 'ready';
CREATE INDEX jobs_running ON app.jobs (locked_until) WHERE state = 'running';
CREATE INDEX jobs_finished ON app.jobs (finished_at) WHERE state IN ('done', 'dead');
SELECT app.protect('app.jobs');

CREATE TABLE app.job_runs (
    tenant_id   uuid NOT NULL DEFAULT app.tenant(),
    id          uuid NOT NULL DEFAULT app.uuid7(),
    job_id      uuid NOT NULL,
    name        text NOT NULL,
    attempt     int4 NOT NULL,
    outcome     text NOT NULL CHECK (outcome IN ('done', 'failed', 'dead', 'lost')),
    started_at  timestamptz NOT NULL,
    finished_at timestamptz NOT NULL,
    error       text,
    worker      text,
    created_at  timestamptz NOT NULL DEFAULT app.now(),
    created_by  uuid,
    PRIMARY KEY (tenant_id, id)
) PARTITION BY RANGE (id);
COMMENT ON TABLE app.job_runs IS '@class L each run of a job and how it ended';
CREATE INDEX job_runs_job ON app.job_runs (tenant_id, job_id, id);
SELECT app.protect('app.job_runs');

CREATE TABLE app.workers (
    name       text PRIMARY KEY,
    pool       text NOT NULL,
    host       text NOT NULL,
    pid        int4 NOT NULL,
    build_id   text,
    started_at timestamptz NOT NULL DEFAULT app.now(),
    seen_at    timestamptz NOT NULL DEFAULT app.now()
);
COMMENT ON TABLE app.workers IS 'processes that claim jobs, for the operator; platform table, no policy';
ALTER TABLE app.workers OWNER TO kade_owner;
GRANT SELECT ON app.workers TO kade_desk;
GRANT INSERT, UPDATE, DELETE ON app.workers TO kade_jobs;

-- As kade_owner, for what it makes must belong to it.
SET LOCAL ROLE kade_owner;
SELECT app.make_partitions();
RESET ROLE;
