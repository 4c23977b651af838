-- Proofs of who somebody is (src/app/credential.c).

-- An attempt is counted before it is looked at, so that a hundred at once are a hundred. While the
-- lock holds nothing is counted and was_refused says so. free attempts, then base seconds, doubling to
-- most; after a day of quiet the count begins anew.
-- stmt: attempt_take(who_hash bytea, now timestamptz, free int4, base_s int4, most_s int4) -> one attempt
-- row:  failures int4, locked_until timestamptz, was_refused bool
-- writes
INSERT INTO app.login_attempts AS a (who_hash, failures, last_at)
VALUES ($1, 1, $2)
    ON CONFLICT (tenant_id, who_hash) DO UPDATE
   SET was_refused = a.locked_until > $2,
       failures = CASE WHEN a.locked_until > $2 THEN a.failures
                       WHEN a.last_at < $2 - interval '1 day' THEN 1
                       ELSE a.failures + 1 END,
       last_at = CASE WHEN a.locked_until > $2 THEN a.last_at ELSE $2 END,
       locked_until = CASE WHEN a.locked_until > $2 OR a.last_at < $2 - interval '1 day' OR a.failures + 1 < $3
                           THEN a.locked_until
                           ELSE $2 + least($5, $4 * (1::int8 << least(a.failures + 1 - $3, 16))) * interval '1 second' END
RETURNING failures, locked_until, was_refused;

-- The proof was good: of one account everything is forgotten, of an address that one attempt.
-- stmt: attempts_clear(who_hash bytea) -> exec
-- plan: index
-- writes
DELETE FROM app.login_attempts WHERE who_hash = $1;

-- stmt: attempt_undo(who_hash bytea) -> exec
-- plan: index
-- writes
UPDATE app.login_attempts SET failures = greatest(failures - 1, 0), locked_until = '-infinity' WHERE who_hash = $1;

-- stmt: attempts_expire(before timestamptz) -> exec
-- plan: index
-- writes
DELETE FROM app.login_attempts WHERE last_at < $1;

-- stmt: token_add(token_hash bytea, purpose text, user_id uuid?, customer_id uuid?, epoch int4, sealed bytea?, expires_at timestamptz) -> exec
-- writes
INSERT INTO app.account_tokens (token_hash, purpose, user_id, customer_id, epoch, sealed, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- A link counts while it is unused, has not run out, and its owner's epoch has not moved (T31).
-- stmt: token_get(token_hash bytea, purpose text, now timestamptz) -> maybe token
-- row:  user_id uuid?, customer_id uuid?, epoch int4, sealed bytea?, expires_at timestamptz
-- plan: index
SELECT t.user_id, t.customer_id, t.epoch, t.sealed, t.expires_at
  FROM app.account_tokens t
  LEFT JOIN app.users u ON (u.tenant_id, u.id) = (t.tenant_id, t.user_id)
  LEFT JOIN shop.customers c ON (c.tenant_id, c.id) = (t.tenant_id, t.customer_id)
 WHERE t.token_hash = $1 AND t.purpose = $2 AND t.used_at IS NULL AND t.expires_at > $3
   AND (t.user_id IS NULL OR (u.epoch = t.epoch AND u.deleted_at IS NULL))
   AND (t.customer_id IS NULL OR (c.epoch = t.epoch AND c.status <> 'blocked' AND c.deleted_at IS NULL));

-- stmt: token_use(token_hash bytea, purpose text, now timestamptz) -> exec
-- plan: index
-- writes
UPDATE app.account_tokens SET used_at = $3 WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3;

-- A newer link makes older ones of its kind useless.
-- stmt: tokens_drop(purpose text, user_id uuid?, customer_id uuid?) -> exec
-- plan: index
-- writes
DELETE FROM app.account_tokens t
 WHERE t.purpose = $1 AND (t.user_id = $2 OR t.customer_id = $3);

-- stmt: tokens_expire(before timestamptz) -> exec
-- plan: index
-- writes
DELETE FROM app.account_tokens WHERE expires_at < $1;

-- stmt: factor_get(owner_id uuid) -> maybe factor
-- row:  secret_sealed bytea, last_step int8, codes_left int8
-- plan: index
SELECT f.secret_sealed, f.last_step,
       (SELECT count(*) FROM app.recovery_codes c WHERE c.owner_id = f.owner_id AND c.used_at IS NULL) AS codes_left
  FROM app.second_factors f
 WHERE f.owner_id = $1;

-- stmt: factor_put(owner_id uuid, user_id uuid?, customer_id uuid?, secret_sealed bytea, last_step int8) -> exec
-- writes
INSERT INTO app.second_factors (owner_id, user_id, customer_id, secret_sealed, last_step)
VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (tenant_id, owner_id) DO UPDATE SET secret_sealed = excluded.secret_sealed, last_step = excluded.last_step;

-- A step is used once, whoever is faster.
-- stmt: factor_use(owner_id uuid, step int8) -> exec
-- plan: index
-- writes
UPDATE app.second_factors SET last_step = $2 WHERE owner_id = $1 AND last_step < $2;

-- stmt: factor_drop(owner_id uuid) -> exec
-- plan: index
-- writes
DELETE FROM app.second_factors WHERE owner_id = $1;

-- stmt: codes_drop(owner_id uuid) -> exec
-- plan: index
-- writes
DELETE FROM app.recovery_codes WHERE owner_id = $1;

-- stmt: codes_put(owner_id uuid, user_id uuid?, customer_id uuid?, digests text[]) -> exec
-- writes
INSERT INTO app.recovery_codes (owner_id, user_id, customer_id, code_hash)
SELECT $1, $2, $3, decode(d, 'hex') FROM unnest($4) AS x (d);

-- stmt: code_use(owner_id uuid, code_hash bytea, now timestamptz) -> exec
-- plan: index
-- writes
UPDATE app.recovery_codes SET used_at = $3 WHERE owner_id = $1 AND code_hash = $2 AND used_at IS NULL;

-- ---- devices

-- stmt: devices(customer_id uuid) -> many device
-- row:  token_hash bytea, ip text?, agent text?, seen_at timestamptz, created_at timestamptz
-- plan: index
SELECT s.token_hash, s.ip, s.agent, s.seen_at, s.created_at
  FROM app.sessions s
  JOIN shop.customers c ON (c.tenant_id, c.id) = (s.tenant_id, s.customer_id) AND c.epoch = s.epoch
 WHERE s.customer_id = $1 AND s.expires_at > app.now()
 ORDER BY s.seen_at DESC LIMIT 100;

-- stmt: device_end(customer_id uuid, token_hash bytea) -> exec
-- plan: index
-- writes
DELETE FROM app.sessions WHERE token_hash = $2 AND customer_id = $1;

-- stmt: devices_end(customer_id uuid, except_hash bytea) -> exec
-- plan: index
-- writes
DELETE FROM app.sessions WHERE customer_id = $1 AND token_hash <> $2;
