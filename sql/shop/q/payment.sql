-- Payments: attempts, what happened to them, money going back. Amounts are never added up by hand: each
-- statement that follows an event computes the sums anew from all events, under the order's lock, so
-- that order and repetition of what gateways tell do not matter.

-- stmt: payment_read(id uuid) -> maybe payment_row
-- row:  id uuid, order_id uuid, method_id uuid, provider text, provider_ref text?, currency text, state text,
-- row:  problem text, order_number text, order_email text?, order_state text, locale text, method_code text,
-- row:  method_name text, instructions text, config jsonb, sealed bytea?, amount int8, authorized int8,
-- row:  captured int8, refund_pending int8, refunded int8, order_due int8, expires_at timestamptz?,
-- row:  created_at timestamptz, action_url text, told_ref text, told_at timestamptz?
-- plan: index
SELECT p.id, p.order_id, p.method_id, p.provider, p.provider_ref, p.currency, p.state, p.problem,
       o.number AS order_number, o.email AS order_email, o.state AS order_state, o.locale, m.code AS method_code,
       m.name AS method_name, m.instructions, m.config, m.config_sealed AS sealed, p.amount_minor AS amount,
       p.authorized_minor AS authorized, p.captured_minor AS captured, p.refund_pending_minor AS refund_pending,
       p.refunded_minor AS refunded, o.due_minor AS order_due, p.expires_at, p.created_at,
       p.action_url, p.told_ref, p.told_at
  FROM shop.payments p
  JOIN shop.orders o ON o.id = p.order_id
  JOIN shop.payment_methods m ON m.id = p.method_id
 WHERE p.id = $1;

-- stmt: payment_by_ref(provider text, ref text) -> maybe payment_row
-- plan: index
SELECT p.id, p.order_id, p.method_id, p.provider, p.provider_ref, p.currency, p.state, p.problem,
       o.number AS order_number, o.email AS order_email, o.state AS order_state, o.locale, m.code AS method_code,
       m.name AS method_name, m.instructions, m.config, m.config_sealed AS sealed, p.amount_minor AS amount,
       p.authorized_minor AS authorized, p.captured_minor AS captured, p.refund_pending_minor AS refund_pending,
       p.refunded_minor AS refunded, o.due_minor AS order_due, p.expires_at, p.created_at,
       p.action_url, p.told_ref, p.told_at
  FROM shop.payments p
  JOIN shop.orders o ON o.id = p.order_id
  JOIN shop.payment_methods m ON m.id = p.method_id
 WHERE p.provider = $1 AND p.provider_ref = $2;

-- The attempts for an order, the one that counts first: the last one made.
-- stmt: payments_of_order(ord uuid) -> many payment_row
-- plan: index
SELECT p.id, p.order_id, p.method_id, p.provider, p.provider_ref, p.currency, p.state, p.problem,
       o.number AS order_number, o.email AS order_email, o.state AS order_state, o.locale, m.code AS method_code,
       m.name AS method_name, m.instructions, m.config, m.config_sealed AS sealed, p.amount_minor AS amount,
       p.authorized_minor AS authorized, p.captured_minor AS captured, p.refund_pending_minor AS refund_pending,
       p.refunded_minor AS refunded, o.due_minor AS order_due, p.expires_at, p.created_at,
       p.action_url, p.told_ref, p.told_at
  FROM shop.payments p
  JOIN shop.orders o ON o.id = p.order_id
  JOIN shop.payment_methods m ON m.id = p.method_id
 WHERE p.order_id = $1 AND p.deleted_at IS NULL
 ORDER BY p.created_at DESC, p.id DESC LIMIT 100;

-- The order of an attempt, locked: everything that moves its money waits here.
-- stmt: payment_lock(payment uuid) -> maybe payment_locked
-- row:  order_id uuid, number text, state text, payment_state text, currency text, locale text, method text,
-- row:  surplus int8
-- writes
SELECT o.id AS order_id, o.number, o.state, o.payment_state, o.currency, o.locale,
       (SELECT m.code FROM shop.payments p JOIN shop.payment_methods m ON m.id = p.method_id WHERE p.id = $1) AS method,
       o.surplus_minor AS surplus
  FROM shop.orders o
 WHERE o.id = (SELECT p.order_id FROM shop.payments p WHERE p.id = $1) FOR NO KEY UPDATE OF o;

-- stmt: payment_event_add(id uuid, payment uuid, kind text, ref text, amount int8, source text, detail jsonb, at timestamptz) -> exec
-- writes
INSERT INTO shop.payment_events (id, payment_id, kind, provider_ref, amount_minor, source, detail, occurred_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (tenant_id, payment_id, kind, provider_ref) DO NOTHING;

-- stmt: payment_sum(payment uuid, problem text?) -> maybe payment_sums
-- row:  state text, captured int8, refunded int8, pending int8
-- writes
UPDATE shop.payments p
   SET authorized_minor = greatest(e.authorized - e.voided, 0),
       captured_minor = e.captured,
       refunded_minor = e.refunded,
       refund_pending_minor = e.pending,
       disputed_minor = greatest(e.disputed - e.won, 0),
       state = CASE WHEN e.captured > 0 THEN 'captured'
                    WHEN e.voids > 0 AND e.voided >= e.authorized THEN 'voided'
                    WHEN e.authorized > 0 THEN 'authorized'
                    WHEN e.fails > 0 THEN 'failed'
                    ELSE p.state END,
       problem = CASE WHEN e.captured > 0 THEN '' ELSE coalesce($2, p.problem) END
  FROM (SELECT coalesce(sum(x.amount_minor) FILTER (WHERE x.kind = 'authorize'), 0)::int8 AS authorized,
               coalesce(sum(x.amount_minor) FILTER (WHERE x.kind = 'capture'), 0)::int8 AS captured,
               coalesce(sum(x.amount_minor) FILTER (WHERE x.kind = 'refund'), 0)::int8 AS refunded,
               coalesce(sum(x.amount_minor) FILTER (WHERE x.kind = 'void'), 0)::int8 AS voided,
               coalesce(sum(x.amount_minor) FILTER (WHERE x.kind = 'dispute'), 0)::int8 AS disputed,
               coalesce(sum(x.amount_minor) FILTER (WHERE x.kind = 'dispute_won'), 0)::int8 AS won,
               count(*) FILTER (WHERE x.kind = 'void') AS voids,
               count(*) FILTER (WHERE x.kind = 'fail') AS fails,
               (SELECT coalesce(sum(r.amount_minor), 0)::int8 FROM shop.refunds r
                 WHERE r.payment_id = $1 AND r.state IN ('pending', 'sent', 'failed')) AS pending
          FROM shop.payment_events x WHERE x.payment_id = $1) e
 WHERE p.id = $1
RETURNING p.state, p.captured_minor AS captured, p.refunded_minor AS refunded, p.refund_pending_minor AS pending;

-- stmt: payment_order_sum(ord uuid) -> maybe payment_order_sums
-- row:  payment_state text, state text, paid int8, refunded int8, due int8, surplus int8
-- writes
UPDATE shop.orders o
   SET paid_minor = s.captured, refunded_minor = s.refunded,
       payment_state = CASE WHEN s.captured > 0 AND s.refunded >= s.captured THEN 'refunded'
                            WHEN s.refunded > 0 THEN 'partially_refunded'
                            WHEN s.captured > 0 AND s.captured >= o.total_minor - o.cancelled_minor THEN 'paid'
                            WHEN s.captured > 0 THEN 'partial'
                            WHEN s.authorized > 0 AND s.authorized >= o.total_minor - o.cancelled_minor THEN 'authorized'
                            ELSE 'pending' END
  FROM (SELECT coalesce(sum(p.captured_minor), 0)::int8 AS captured,
               coalesce(sum(p.refunded_minor), 0)::int8 AS refunded,
               coalesce(sum(p.authorized_minor), 0)::int8 AS authorized
          FROM shop.payments p WHERE p.order_id = $1) s
 WHERE o.id = $1
RETURNING o.payment_state, o.state, o.paid_minor AS paid, o.refunded_minor AS refunded, o.due_minor AS due,
          o.surplus_minor AS surplus;

-- stmt: payment_set_ref(id uuid, ref text) -> exec
-- writes
UPDATE shop.payments SET provider_ref = $2
 WHERE id = $1 AND (provider_ref IS NULL OR provider_ref = $2);

-- What a gateway said when it was asked to begin: where the buyer goes on, and its name for it.
-- stmt: payment_begun(id uuid, ref text, url text) -> exec
-- writes
UPDATE shop.payments
   SET provider_ref = $2, action_url = $3,
       state = CASE WHEN state IN ('created', 'failed') THEN 'action_needed' ELSE state END
 WHERE id = $1 AND (provider_ref IS NULL OR provider_ref = $2);

-- The buyer says it is paid: somebody looks at it before anything ends the order.
-- stmt: payment_told(id uuid, ref text, moment timestamptz) -> maybe payment_told
-- row:  order_id uuid, number text, currency text, locale text, amount int8
-- writes
WITH p AS (
     UPDATE shop.payments x
        SET told_ref = CASE WHEN $2 <> '' THEN $2 ELSE x.told_ref END, told_at = $3, expires_at = NULL,
            state = CASE WHEN x.state = 'created' THEN 'action_needed' ELSE x.state END
      WHERE x.id = $1 AND x.captured_minor = 0
  RETURNING x.order_id, x.amount_minor)
SELECT o.id AS order_id, o.number, o.currency, o.locale, p.amount_minor AS amount
  FROM p JOIN shop.orders o ON o.id = p.order_id;

-- stmt: payment_slip_add(id uuid, payment uuid, path text, mime text, sha256 text, bytes int8) -> exec
-- writes
INSERT INTO shop.payment_slips (id, payment_id, path, mime, sha256, bytes)
SELECT $1, $2, $3, $4, $5, $6
 WHERE (SELECT count(*) FROM shop.payment_slips s WHERE s.payment_id = $2) < 10
ON CONFLICT (tenant_id, payment_id, sha256) DO NOTHING;

-- stmt: payment_slips(payment uuid) -> many payment_slip
-- row:  id uuid, path text, mime text, bytes int8, created_at timestamptz
-- plan: index
SELECT s.id, s.path, s.mime, s.bytes, s.created_at FROM shop.payment_slips s WHERE s.payment_id = $1
 ORDER BY s.created_at, s.id LIMIT 20;

-- ---- a further attempt ----
-- stmt: payment_by_key(attempt_key text) -> maybe payment_key
-- row:  id uuid, order_id uuid
-- plan: index
SELECT p.id, p.order_id FROM shop.payments p WHERE p.attempt_key = $1;

-- What an order may be paid with as it stands: by amount, currency, country of the address, group.
-- stmt: payment_methods_of_order(ord uuid) -> many payment_choice
-- row:  id uuid, code text, provider text, name text, instructions text, hold_minutes int4?, due int8,
-- row:  currency text, state text, fee int8
-- plan: index
SELECT m.id, m.code, m.provider, m.name, m.instructions, m.hold_minutes, o.due_minor AS due, o.currency, o.state,
       m.fee_minor AS fee
  FROM shop.orders o
  LEFT JOIN shop.order_addresses a ON a.order_id = o.id AND a.kind = 'shipping'
  LEFT JOIN shop.customers u ON u.id = o.customer_id
  JOIN shop.payment_methods m ON m.tenant_id = o.tenant_id AND m.is_active AND m.deleted_at IS NULL
   AND (m.currencies = '{}' OR o.currency = ANY (m.currencies))
   AND (m.countries = '{}' OR coalesce(a.country, '') = ANY (m.countries))
   AND (m.group_id IS NULL OR m.group_id = u.group_id)
   AND (m.fee_minor = 0 OR m.code = o.payment_method)
   AND o.due_minor >= m.min_minor AND o.due_minor <= coalesce(m.max_minor, 9223372036854775807)
 WHERE o.id = $1
 ORDER BY m.position, m.id LIMIT 50;

-- The deadline is that of the last attempt: earlier ones no longer end the order.
-- stmt: payment_supersede(ord uuid) -> exec
-- writes
UPDATE shop.payments SET expires_at = NULL
 WHERE order_id = $1 AND expires_at IS NOT NULL AND state IN ('created', 'action_needed', 'failed');

-- stmt: payment_method_chosen(ord uuid, code text) -> exec
-- writes
UPDATE shop.orders SET payment_method = $2 WHERE id = $1 AND payment_method <> $2;

-- ---- deliveries ----
-- stmt: payment_door(code text) -> maybe payment_door
-- row:  provider text, sealed bytea?
-- plan: index
SELECT m.provider, m.config_sealed AS sealed FROM shop.payment_methods m WHERE m.code = $1 AND m.deleted_at IS NULL;

-- stmt: gateway_event_add(provider text, ref text, body text) -> maybe gateway_event_row
-- row:  id uuid
-- writes
INSERT INTO shop.gateway_events AS g (provider, event_ref, body) VALUES ($1, $2, $3)
ON CONFLICT (tenant_id, provider, event_ref) DO UPDATE SET received_at = excluded.received_at
 WHERE g.applied_at IS NULL
RETURNING g.id;

-- stmt: gateway_event_done(provider text, ref text, problem text, moment timestamptz?) -> exec
-- writes
UPDATE shop.gateway_events SET applied_at = $4, problem = left($3, 500)
 WHERE provider = $1 AND event_ref = $2 AND applied_at IS NULL;

-- ---- money going back; staff and jobs alone ----
-- stmt: refund_by_key(attempt_key text) -> maybe refund_key
-- row:  id uuid, payment_id uuid, amount int8
-- plan: index
-- role: desk
SELECT r.id, r.payment_id, r.amount_minor AS amount FROM shop.refunds r WHERE r.attempt_key = $1;

-- stmt: refund_read(id uuid) -> maybe refund_row
-- row:  id uuid, order_id uuid, payment_id uuid, number text, amount int8, method text, state text,
-- row:  provider_ref text?, reason text, problem text, currency text, order_number text, created_at timestamptz
-- plan: index
-- role: desk
SELECT r.id, r.order_id, r.payment_id, r.number, r.amount_minor AS amount, r.method, r.state, r.provider_ref,
       r.reason, r.problem, o.currency, o.number AS order_number, r.created_at
  FROM shop.refunds r JOIN shop.orders o ON o.id = r.order_id WHERE r.id = $1;

-- The guard is the free amount as it is under the order's lock, the CHECK of the table behind it.
-- stmt: refund_add(id uuid, number text, ord uuid, payment uuid, amount int8, reason text, method text, attempt_key text) -> exec
-- writes
-- role: desk
INSERT INTO shop.refunds (id, number, order_id, payment_id, amount_minor, reason, method, attempt_key)
SELECT $1, $2, p.order_id, p.id, $5, $6, $7, $8
  FROM shop.payments p
 WHERE p.id = $4 AND p.order_id = $3 AND p.captured_minor - p.refunded_minor - p.refund_pending_minor >= $5;

-- stmt: refund_lines_add(refund uuid, items uuid[], quantities int4[], amounts int8[], dispositions text[]) -> exec
-- writes
-- role: desk
INSERT INTO shop.refund_items (refund_id, order_item_id, quantity, amount_minor, tax_minor, disposition)
SELECT $1, x.item, x.quantity, x.amount,
       CASE WHEN i.total_minor + i.tax_added_minor = 0 THEN 0
            ELSE round(i.tax_minor::numeric * x.amount / (i.total_minor + i.tax_added_minor))::int8 END,
       x.disposition
  FROM unnest($2::uuid[], $3::int4[], $4::int8[], $5::text[]) AS x (item, quantity, amount, disposition)
  JOIN shop.refunds r ON r.id = $1
  JOIN shop.order_items i ON i.id = x.item AND i.order_id = r.order_id;

-- Both directions: what refunds of a line hold is what stands on the line.
-- stmt: refund_lines_sum(refund uuid) -> exec
-- writes
-- role: desk
UPDATE shop.order_items i SET refunded_minor = coalesce(s.refunded, 0)
  FROM (SELECT x.order_item_id AS id, sum(y.amount_minor) FILTER (WHERE r.state <> 'closed') AS refunded
          FROM shop.refund_items x
          JOIN shop.refund_items y ON y.order_item_id = x.order_item_id
          JOIN shop.refunds r ON r.id = y.refund_id
         WHERE x.refund_id = $1 GROUP BY 1) s
 WHERE i.id = s.id AND i.refunded_minor IS DISTINCT FROM coalesce(s.refunded, 0);

-- stmt: refund_state_set(id uuid, state text, provider_ref text?, problem text) -> exec
-- writes
-- role: desk
UPDATE shop.refunds SET state = $2, provider_ref = coalesce($3, provider_ref), problem = left($4, 500)
 WHERE id = $1 AND state IN ('pending', 'sent', 'failed');

-- Begun at the gateway by somebody else: it has no ask of ours.
-- stmt: refund_told(id uuid, number text, payment uuid, amount int8, attempt_key text, ref text) -> exec
-- writes
-- role: desk
INSERT INTO shop.refunds (id, number, order_id, payment_id, amount_minor, attempt_key, provider_ref, state)
SELECT $1, $2, p.order_id, p.id, $4, $5, $6, 'done' FROM shop.payments p WHERE p.id = $3
ON CONFLICT (tenant_id, attempt_key) DO NOTHING;

-- Money of an order that nobody owes any more, and the attempts it can go back through, last one first.
-- stmt: refund_sources(ord uuid) -> many refund_source
-- row:  id uuid, provider text, captured int8, free int8, surplus int8, pending int8
-- plan: index
SELECT p.id, p.provider, p.captured_minor AS captured, p.captured_minor - p.refunded_minor - p.refund_pending_minor AS free,
       o.surplus_minor AS surplus,
       (SELECT coalesce(sum(q.refund_pending_minor), 0)::int8 FROM shop.payments q WHERE q.order_id = o.id) AS pending
  FROM shop.orders o JOIN shop.payments p ON p.order_id = o.id
 WHERE o.id = $1 AND p.captured_minor > p.refunded_minor + p.refund_pending_minor
 ORDER BY p.created_at DESC, p.id DESC;

-- ---- checks ----
-- stmt: doctor_payments() -> many doctor_problem
-- role: desk
SELECT 'payment is not the sum of its events' AS what, p.id::text AS id,
       format('order %s: captured %s, told %s; refunded %s, told %s; pending %s, refunds %s', o.number,
              p.captured_minor, e.captured, p.refunded_minor, e.refunded, p.refund_pending_minor, r.pending) AS detail
  FROM shop.payments p
  JOIN shop.orders o ON o.id = p.order_id
  JOIN LATERAL (SELECT coalesce(sum(x.amount_minor) FILTER (WHERE x.kind = 'capture'), 0) AS captured,
                       coalesce(sum(x.amount_minor) FILTER (WHERE x.kind = 'refund'), 0) AS refunded
                  FROM shop.payment_events x WHERE x.payment_id = p.id) e ON true
  JOIN LATERAL (SELECT coalesce(sum(y.amount_minor), 0) AS pending FROM shop.refunds y
                 WHERE y.payment_id = p.id AND y.state IN ('pending', 'sent', 'failed')) r ON true
 WHERE (p.captured_minor, p.refunded_minor, p.refund_pending_minor) IS DISTINCT FROM
       (e.captured, e.refunded, r.pending)
 UNION ALL
SELECT 'refund without its event', r.id::text, format('%s of order %s', r.number, o.number)
  FROM shop.refunds r JOIN shop.orders o ON o.id = r.order_id
 WHERE r.state = 'done'
   AND NOT EXISTS (SELECT 1 FROM shop.payment_events x WHERE x.payment_id = r.payment_id AND x.kind = 'refund'
                      AND x.provider_ref = r.id::text);

-- ---- jobs ----
-- stmt: gateway_event_body(provider text, ref text) -> maybe gateway_body
-- row:  body text
-- plan: index
SELECT g.body FROM shop.gateway_events g WHERE g.provider = $1 AND g.event_ref = $2 AND g.applied_at IS NULL;

-- stmt: gateway_events_left(before timestamptz, most int4) -> many gateway_left
-- row:  provider text, event_ref text
-- plan: index
SELECT g.provider, g.event_ref FROM shop.gateway_events g
 WHERE g.applied_at IS NULL AND g.received_at < $1 ORDER BY g.received_at LIMIT $2;

-- stmt: payments_waiting(since timestamptz, before timestamptz, most int4) -> many payment_waiting
-- row:  id uuid
-- plan: index
SELECT p.id FROM shop.payments p
 WHERE p.state IN ('created', 'action_needed', 'authorized') AND p.created_at >= $1 AND p.created_at < $2
   AND p.provider_ref IS NOT NULL
 ORDER BY p.created_at DESC LIMIT $3;

-- stmt: refunds_left(before timestamptz, most int4) -> many refund_left
-- row:  id uuid
-- plan: index
-- role: desk
SELECT r.id FROM shop.refunds r
 WHERE r.state IN ('pending', 'sent', 'failed') AND r.state = 'pending' AND r.created_at < $1
 ORDER BY r.created_at LIMIT $2;

-- stmt: payment_gateways() -> many payment_gateway
-- row:  code text, provider text, sealed bytea?
-- plan: index
SELECT m.code, m.provider, m.config_sealed AS sealed FROM shop.payment_methods m
 WHERE m.deleted_at IS NULL AND m.config_sealed IS NOT NULL ORDER BY m.code;

-- The charge that took the money, as its gateway names it.
-- stmt: payment_capture(payment uuid) -> maybe payment_capture
-- row:  ref text
-- plan: index
SELECT x.provider_ref AS ref FROM shop.payment_events x WHERE x.payment_id = $1 AND x.kind = 'capture'
 ORDER BY x.id LIMIT 1;

-- stmt: payment_of_capture(provider text, ref text) -> maybe payment_of_event
-- row:  payment_id uuid
-- plan: index
SELECT x.payment_id FROM shop.payment_events x JOIN shop.payments p ON p.id = x.payment_id
 WHERE p.provider = $1 AND x.provider_ref = $2 AND x.kind = 'capture' ORDER BY x.id LIMIT 1;

-- An order that went on although nobody paid and its way to pay is no promise at the door.
-- stmt: orders_without_payment() -> many order_without_payment
-- row:  what text, id text, detail text
-- role: desk
SELECT 'order without payment' AS what, o.id::text AS id,
       format('order %s is %s, %s is due', o.number, o.state, o.due_minor) AS detail
  FROM shop.orders o
  LEFT JOIN app.states s ON s.machine = 'order' AND s.code = o.state
 WHERE o.due_minor > 0 AND o.payment_state = 'pending' AND o.deleted_at IS NULL
   AND coalesce(s.category, 'open') NOT IN ('draft', 'cancelled') AND o.state <> 'pending'
   AND EXISTS (SELECT 1 FROM shop.payments p WHERE p.order_id = o.id)
   AND NOT EXISTS (SELECT 1 FROM shop.payments p WHERE p.order_id = o.id AND p.provider = 'cod');

-- ---- staff ----
-- A gateway's method: made when there is none of this code, its secrets put in any case.
-- stmt: payment_secrets_put(code text, provider text, name text, sealed bytea) -> exec
-- writes
-- role: desk
WITH known AS (
     UPDATE shop.payment_methods SET config_sealed = $4, is_active = true
      WHERE code = $1 AND provider = $2 AND deleted_at IS NULL RETURNING id)
INSERT INTO shop.payment_methods (code, provider, name, config_sealed, hold_minutes, position)
SELECT $1, $2, $3, $4, 60, 3
 WHERE NOT EXISTS (SELECT 1 FROM known)
   AND NOT EXISTS (SELECT 1 FROM shop.payment_methods m WHERE m.code = $1 AND m.deleted_at IS NULL);

-- stmt: payments_recent(most int4) -> many payment_brief
-- row:  id uuid, order_number text, method text, state text, currency text, amount int8, captured int8,
-- row:  refunded int8, pending int8, told_ref text, slips int8, created_at timestamptz
-- plan: index
-- role: desk
SELECT p.id, o.number AS order_number, m.code AS method, p.state, p.currency, p.amount_minor AS amount,
       p.captured_minor AS captured, p.refunded_minor AS refunded, p.refund_pending_minor AS pending, p.told_ref,
       (SELECT count(*) FROM shop.payment_slips s WHERE s.payment_id = p.id) AS slips, p.created_at
  FROM shop.orders o
  JOIN shop.payments p ON p.order_id = o.id
  JOIN shop.payment_methods m ON m.id = p.method_id
 WHERE o.deleted_at IS NULL ORDER BY o.placed_at DESC, p.id DESC LIMIT $1;

-- stmt: refunds_open(most int4) -> many refund_brief
-- row:  id uuid, number text, order_number text, state text, currency text, amount int8, method text,
-- row:  problem text, created_at timestamptz
-- plan: index
-- role: desk
SELECT r.id, r.number, o.number AS order_number, r.state, o.currency, r.amount_minor AS amount, r.method,
       r.problem, r.created_at
  FROM shop.refunds r JOIN shop.orders o ON o.id = r.order_id
 WHERE r.state IN ('pending', 'sent', 'failed') ORDER BY r.created_at LIMIT $1;

-- stmt: refund_by_number(number text) -> maybe refund_found
-- row:  id uuid
-- plan: index
-- role: desk
SELECT r.id FROM shop.refunds r WHERE r.number = $1;
