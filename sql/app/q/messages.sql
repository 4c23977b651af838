-- Mail: queued by whoever commits its cause, taken to the server by the jobs process (src/app/mail.c).
-- stmt: message_add(id uuid, event_id uuid, recipient_hash bytea, template text, locale text, is_marketing bool, payload_sealed bytea, not_after timestamptz) -> exec
-- writes
INSERT INTO app.messages (id, event_id, recipient_hash, template, locale, is_marketing, payload_sealed, not_after)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (tenant_id, event_id, recipient_hash, template, channel) DO NOTHING;

-- stmt: message_get(id uuid) -> maybe message
-- row:  id uuid, template text, locale text, is_marketing bool, payload_sealed bytea?, state text
-- row:  not_after timestamptz, created_at timestamptz
-- plan: index
SELECT m.id, m.template, m.locale, m.is_marketing, m.payload_sealed, m.state, m.not_after, m.created_at
  FROM app.messages m
 WHERE m.id = $1;

-- What was sent is nobody's any more but the recipient's; what failed keeps it for another try.
-- stmt: message_end(id uuid, state text, error text?, now timestamptz) -> exec
-- plan: index
-- role: desk
-- writes
UPDATE app.messages
   SET state = $2, last_error = $3, ended_at = $4, attempts = attempts + 1,
       payload_sealed = CASE WHEN $2 IN ('sent', 'dropped') THEN NULL ELSE payload_sealed END
 WHERE id = $1 AND state = 'waiting';

-- stmt: message_tried(id uuid, error text) -> exec
-- plan: index
-- role: desk
-- writes
UPDATE app.messages SET attempts = attempts + 1, last_error = $2 WHERE id = $1 AND state = 'waiting';

-- Somebody is erased: nothing waits for them, nothing names them.
-- stmt: messages_forget(recipient_hash bytea, before timestamptz) -> exec
-- plan: index
-- role: desk
-- writes
DELETE FROM app.messages WHERE recipient_hash = $1 AND created_at < $2;

-- Retention, in one shop at a time.
-- stmt: messages_expire(before timestamptz) -> exec
-- plan: index
-- role: desk
-- writes
DELETE FROM app.messages WHERE ended_at < $1;

-- Where links in mails lead: the shop's own host, never one that a request named.
-- stmt: shop_host(tenant uuid) -> maybe shop_host
-- row:  host text
-- role: desk
SELECT d.host FROM app.tenant_domains d
 WHERE d.tenant_id = $1
 ORDER BY d.is_primary DESC, d.host LIMIT 1;
