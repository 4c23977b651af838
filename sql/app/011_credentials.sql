-- How people prove who they are, shoppers and staff alike: failed attempts, second factors, recovery
-- codes, one-time links that carry something. The shoppers' role never touches what is staff's: a
-- restrictive policy stands beside the shop's own.
ALTER TABLE app.sessions ADD COLUMN stays bool NOT NULL DEFAULT true;
COMMENT ON COLUMN app.sessions.stays IS 'the person asked to stay signed in on this device';

ALTER TABLE app.account_tokens DROP CONSTRAINT account_tokens_purpose_check;
ALTER TABLE app.account_tokens ADD CONSTRAINT account_tokens_purpose_check
    CHECK (purpose IN ('verify', 'reset', 'login', 'invite', 'register', 'email', 'second'));
ALTER TABLE app.account_tokens DROP CONSTRAINT account_tokens_check;
ALTER TABLE app.account_tokens ADD CONSTRAINT account_tokens_check
    CHECK (num_nonnulls(user_id, customer_id) = CASE WHEN purpose = 'register' THEN 0 ELSE 1 END);
ALTER TABLE app.account_tokens ADD COLUMN sealed bytea;
COMMENT ON COLUMN app.account_tokens.sealed IS 'what the link will do: a new address, an account to be; sealed for this token';
CREATE POLICY shoppers ON app.account_tokens AS RESTRICTIVE TO kade_web USING (user_id IS NULL);

-- The secret and its last used step live in one place for both kinds of people.
ALTER TABLE app.users DROP COLUMN totp_sealed, DROP COLUMN totp_last_step;

CREATE TABLE app.login_attempts (
    tenant_id    uuid NOT NULL DEFAULT app.tenant(),
    who_hash     bytea NOT NULL CHECK (octet_length(who_hash) = 32),
    failures     int4 NOT NULL DEFAULT 0 CHECK (failures >= 0),
    locked_until timestamptz NOT NULL DEFAULT '-infinity',
    was_refused  bool NOT NULL DEFAULT false,
    last_at      timestamptz NOT NULL DEFAULT app.now(),
    created_at   timestamptz NOT NULL DEFAULT app.now(),
    updated_at   timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, who_hash)
) WITH (fillfactor = 70);
COMMENT ON TABLE app.login_attempts IS '@class S failed proofs per account and per address, under a keyed hash; counted before they are looked at';
CREATE INDEX login_attempts_last ON app.login_attempts (tenant_id, last_at);
SELECT app.protect('app.login_attempts');

CREATE TABLE app.second_factors (
    tenant_id     uuid NOT NULL DEFAULT app.tenant(),
    owner_id      uuid NOT NULL,
    user_id       uuid,
    customer_id   uuid,
    secret_sealed bytea NOT NULL,
    last_step     int8 NOT NULL DEFAULT 0,
    created_at    timestamptz NOT NULL DEFAULT app.now(),
    updated_at    timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, owner_id),
    CHECK (owner_id = coalesce(user_id, customer_id) AND num_nonnulls(user_id, customer_id) = 1),
    FOREIGN KEY (tenant_id, user_id) REFERENCES app.users (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE app.second_factors IS '@class S one-time codes by time (RFC 6238); last_step: a code is used once';
CREATE INDEX second_factors_user ON app.second_factors (tenant_id, user_id) WHERE user_id IS NOT NULL;
SELECT app.protect('app.second_factors');
CREATE POLICY shoppers ON app.second_factors AS RESTRICTIVE TO kade_web USING (user_id IS NULL);

CREATE TABLE app.recovery_codes (
    tenant_id   uuid NOT NULL DEFAULT app.tenant(),
    code_hash   bytea NOT NULL CHECK (octet_length(code_hash) = 32),
    owner_id    uuid NOT NULL,
    user_id     uuid,
    customer_id uuid,
    used_at     timestamptz,
    created_at  timestamptz NOT NULL DEFAULT app.now(),
    updated_at  timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, owner_id, code_hash),
    CHECK (owner_id = coalesce(user_id, customer_id) AND num_nonnulls(user_id, customer_id) = 1),
    FOREIGN KEY (tenant_id, user_id) REFERENCES app.users (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE app.recovery_codes IS '@class S one-time codes on paper, for when the device with the second factor is lost';
CREATE INDEX recovery_codes_user ON app.recovery_codes (tenant_id, user_id) WHERE user_id IS NOT NULL;
SELECT app.protect('app.recovery_codes');
CREATE POLICY shoppers ON app.recovery_codes AS RESTRICTIVE TO kade_web USING (user_id IS NULL);
