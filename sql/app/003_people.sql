-- Staff of a shop, what they may do, and who is signed in. Permission names come from modules, so
-- nothing references a list of them. Customers are the shop's people (sql/shop).
CREATE TABLE app.users (
    tenant_id      uuid NOT NULL DEFAULT app.tenant(),
    id             uuid NOT NULL DEFAULT app.uuid7(),
    email          text NOT NULL CHECK (email = lower(email) AND char_length(email) BETWEEN 3 AND 254),
    name           text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    password_hash  text,
    totp_sealed    bytea,
    totp_last_step int8,
    epoch          int4 NOT NULL DEFAULT 0,
    locale         text CHECK (locale ~ '^[a-z]{2,3}(-[A-Z]{2})?$'),
    status         text NOT NULL DEFAULT 'active' CHECK (status IN ('invited', 'active', 'disabled')),
    version        int4 NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL DEFAULT app.now(),
    updated_at     timestamptz NOT NULL DEFAULT app.now(),
    deleted_at     timestamptz,
    created_by     uuid,
    updated_by     uuid,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE app.users IS '@class E staff; epoch is copied into sessions and tokens, raising it ends them';
CREATE UNIQUE INDEX users_email ON app.users (tenant_id, email) WHERE deleted_at IS NULL;
SELECT app.protect('app.users');
SELECT app.desk_writes('app.users');

CREATE TABLE app.roles (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    id         uuid NOT NULL DEFAULT app.uuid7(),
    code       text NOT NULL CHECK (code ~ '^[a-z0-9_-]{1,40}$'),
    name       text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    is_system  bool NOT NULL DEFAULT false,
    version    int4 NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    deleted_at timestamptz,
    created_by uuid,
    updated_by uuid,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE app.roles IS '@class E named sets of permissions';
CREATE UNIQUE INDEX roles_code ON app.roles (tenant_id, code) WHERE deleted_at IS NULL;
SELECT app.protect('app.roles');
SELECT app.desk_writes('app.roles');

CREATE TABLE app.role_permissions (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    role_id    uuid NOT NULL,
    permission text NOT NULL CHECK (permission ~ '^[a-z][a-z0-9_.*-]{0,79}$'),
    conditions jsonb CHECK (jsonb_typeof(conditions) = 'object'),
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, role_id, permission),
    FOREIGN KEY (tenant_id, role_id) REFERENCES app.roles (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE app.role_permissions IS '@class C permissions of a role';
SELECT app.protect('app.role_permissions');
SELECT app.desk_writes('app.role_permissions');

CREATE TABLE app.user_roles (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    id         uuid NOT NULL DEFAULT app.uuid7(),
    user_id    uuid NOT NULL,
    role_id    uuid NOT NULL,
    store_id   uuid,
    seller_id  uuid,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE NULLS NOT DISTINCT (tenant_id, user_id, role_id, store_id, seller_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES app.users (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, role_id) REFERENCES app.roles (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, store_id) REFERENCES app.stores (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE app.user_roles IS '@class C roles of a person, in one store or for one seller where given';
CREATE INDEX user_roles_role ON app.user_roles (tenant_id, role_id);
CREATE INDEX user_roles_store ON app.user_roles (tenant_id, store_id) WHERE store_id IS NOT NULL;
SELECT app.protect('app.user_roles');
SELECT app.desk_writes('app.user_roles');

CREATE TABLE app.sessions (
    tenant_id   uuid NOT NULL DEFAULT app.tenant(),
    token_hash  bytea NOT NULL CHECK (octet_length(token_hash) = 32),
    user_id     uuid,
    customer_id uuid,
    epoch       int4 NOT NULL DEFAULT 0,
    ip          text CHECK (char_length(ip) <= 64),
    agent       text CHECK (char_length(agent) <= 400),
    seen_at     timestamptz NOT NULL DEFAULT app.now(),
    expires_at  timestamptz NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT app.now(),
    updated_at  timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, token_hash),
    CHECK (num_nonnulls(user_id, customer_id) <= 1),
    FOREIGN KEY (tenant_id, user_id) REFERENCES app.users (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE app.sessions IS '@class S who is signed in; no owner = guest; valid while epoch = the owner''s';
CREATE INDEX sessions_user ON app.sessions (tenant_id, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX sessions_customer ON app.sessions (tenant_id, customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX sessions_expires ON app.sessions (tenant_id, expires_at);
SELECT app.protect('app.sessions');

CREATE TABLE app.account_tokens (
    tenant_id   uuid NOT NULL DEFAULT app.tenant(),
    token_hash  bytea NOT NULL CHECK (octet_length(token_hash) = 32),
    purpose     text NOT NULL CHECK (purpose IN ('verify', 'reset', 'login', 'invite')),
    user_id     uuid,
    customer_id uuid,
    epoch       int4 NOT NULL DEFAULT 0,
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz,
    created_at  timestamptz NOT NULL DEFAULT app.now(),
    updated_at  timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, token_hash),
    CHECK (num_nonnulls(user_id, customer_id) = 1),
    FOREIGN KEY (tenant_id, user_id) REFERENCES app.users (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE app.account_tokens IS '@class S one-time links; used by UPDATE .. WHERE used_at IS NULL';
CREATE INDEX account_tokens_user ON app.account_tokens (tenant_id, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX account_tokens_customer ON app.account_tokens (tenant_id, customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX account_tokens_expires ON app.account_tokens (tenant_id, expires_at);
SELECT app.protect('app.account_tokens');
