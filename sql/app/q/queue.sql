-- Events and their outbox, jobs and their schedules (data-model.md 1.20, 1.21). Statements of the
-- jobs process run without a tenant: the queue policy lets kade_jobs see every shop's rows.

-- An event is written in the transaction that made it true. With wake the jobs process is told at
-- commit; without a job subscriber nobody needs to wake up.
-- stmt: event_add(id uuid, topic text, object_id uuid, object_version int8, payload jsonb, wake bool) -> one event_added
-- row:  woken bool
-- writes
WITH added AS (
    INSERT INTO app.outbox (tenant_id, id, topic, object_id, object_version, payload, created_at)
    VALUES (app.tenant(), $1, $2, $3, $4, $5, app.now())
    RETURNING id)
SELECT count(CASE WHEN $6 THEN pg_notify('kade_work', '')::text END) > 0 AS woken
  FROM added;

-- The reader's place. One process at a time reads for a consumer: it holds the row by a lease, which
-- another process may take once it has run out or its holder is known to be dead. tries counts the
-- takings since the place last moved, so an event that kills its reader is noticed.
-- stmt: outbox_take(consumer text, me text, dead text[], now timestamptz, until timestamptz) -> maybe outbox_place
-- row:  xid int8, seq int8, tries int4
-- role: desk
-- writes
INSERT INTO app.outbox_cursors AS c (consumer, xid, seq, updated_at, tries, locked_by, locked_until)
VALUES ($1, '0', 0, $4, 1, $2, $5)
ON CONFLICT (consumer) DO UPDATE
   SET tries = c.tries + 1, locked_by = $2, locked_until = $5, updated_at = $4
 WHERE c.locked_by IS NULL OR c.locked_by = $2 OR c.locked_by = ANY ($3) OR c.locked_until < $4
RETURNING c.xid::text::int8 AS xid, c.seq, c.tries;

-- Rows of transactions that may still be running are left for later: a sequence number alone would
-- overtake them and they would be lost.
-- stmt: outbox_batch(xid int8, seq int8, most int4) -> many outbox_event
-- row:  tenant_id uuid, seq int8, xid int8, topic text, object_id uuid, object_version int8, payload jsonb
-- plan: index
-- role: desk
SELECT o.tenant_id, o.seq, o.xid::text::int8 AS xid, o.topic, o.object_id, o.object_version, o.payload
  FROM app.outbox o
 WHERE (o.xid, o.seq) > ($1::int8::text::xid8, $2)
   AND o.xid < pg_snapshot_xmin(pg_current_snapshot())
 ORDER BY o.xid, o.seq
 LIMIT $3;

-- stmt: outbox_move(consumer text, me text, xid int8, seq int8, now timestamptz, until timestamptz) -> exec
-- role: desk
-- writes
UPDATE app.outbox_cursors
   SET xid = $3::int8::text::xid8, seq = $4, tries = 0, updated_at = $5, locked_until = $6
 WHERE consumer = $1 AND locked_by = $2;

-- stmt: outbox_leave(consumer text, me text) -> exec
-- role: desk
-- writes
UPDATE app.outbox_cursors SET locked_by = NULL, locked_until = NULL, tries = 0
 WHERE consumer = $1 AND locked_by = $2;

-- Something to read? Asked before taking the place, so that an idle installation writes nothing.
-- stmt: outbox_waiting(consumer text) -> one outbox_more
-- row:  more bool
-- role: desk
SELECT EXISTS (
    SELECT 1 FROM app.outbox o
     WHERE (o.xid, o.seq) > (coalesce((SELECT c.xid FROM app.outbox_cursors c WHERE c.consumer = $1), '0'),
                             coalesce((SELECT c.seq FROM app.outbox_cursors c WHERE c.consumer = $1), 0))
       AND o.xid < pg_snapshot_xmin(pg_current_snapshot())) AS more;

-- An earlier event of the same object waits for this consumer: the new one must wait behind it.
-- stmt: retry_blocks(tenant uuid, consumer text, object_id uuid) -> one retry_blocked
-- row:  blocked bool
-- plan: index
-- role: desk
SELECT EXISTS (
    SELECT 1 FROM app.outbox_retries r
     WHERE r.tenant_id = $1 AND r.consumer = $2 AND r.object_id = $3 AND r.state = 'waiting') AS blocked;

-- stmt: retry_park(tenant uuid, consumer text, seq int8, topic text, object_id uuid, object_version int8, payload jsonb, attempts int4, next_at timestamptz, state text, error text?) -> exec
-- role: desk
-- writes
INSERT INTO app.outbox_retries (tenant_id, consumer, seq, topic, object_id, object_version, payload,
                                attempts, next_at, state, last_error)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (tenant_id, consumer, seq) DO NOTHING;

-- The next parked event whose time has come and that is the first of its object (nil = about no one object). next_at
-- becomes the end of the lease: should the process die, it is tried again then, and the attempt counts.
-- stmt: retry_take(consumers text[], now timestamptz, until timestamptz) -> maybe retry_taken
-- row:  tenant_id uuid, consumer text, seq int8, topic text, object_id uuid, object_version int8, payload jsonb, attempts int4
-- role: desk
-- writes
WITH one AS (
    SELECT w.tenant_id, w.consumer, w.seq
      FROM app.outbox_retries w
     WHERE w.state = 'waiting' AND w.consumer = ANY ($1) AND w.next_at <= $2
       AND (w.object_id = '00000000-0000-0000-0000-000000000000' OR NOT EXISTS (
           SELECT 1 FROM app.outbox_retries e
            WHERE (e.tenant_id, e.consumer, e.object_id) = (w.tenant_id, w.consumer, w.object_id)
              AND e.state = 'waiting' AND e.seq < w.seq))
     ORDER BY w.next_at, w.seq
     LIMIT 1
       FOR NO KEY UPDATE SKIP LOCKED)
UPDATE app.outbox_retries r
   SET attempts = r.attempts + 1, next_at = $3
  FROM one
 WHERE (r.tenant_id, r.consumer, r.seq) = (one.tenant_id, one.consumer, one.seq)
RETURNING r.tenant_id, r.consumer, r.seq, r.topic, r.object_id, r.object_version, r.payload, r.attempts;

-- stmt: retry_done(tenant uuid, consumer text, seq int8) -> exec
-- role: desk
-- writes
DELETE FROM app.outbox_retries WHERE tenant_id = $1 AND consumer = $2 AND seq = $3;

-- stmt: retry_failed(tenant uuid, consumer text, seq int8, next_at timestamptz, state text, error text) -> exec
-- role: desk
-- writes
UPDATE app.outbox_retries SET next_at = $4, state = $5, last_error = $6
 WHERE tenant_id = $1 AND consumer = $2 AND seq = $3;

-- stmt: job_add(id uuid, name text, priority int4, run_at timestamptz, once_key text?, payload jsonb) -> one job_added
-- row:  added bool
-- writes
WITH added AS (
    INSERT INTO app.jobs (tenant_id, id, name, priority, run_at, once_key, payload)
    VALUES (app.tenant(), $1, $2, $3, $4, $5, $6)
    ON CONFLICT (tenant_id, name, once_key) DO NOTHING
    RETURNING id)
SELECT count(pg_notify('kade_work', '')::text) > 0 AS added
  FROM added;

-- names and leases go in pairs: how long a job of that name may be held, in seconds.
-- stmt: job_take(names text[], leases int4[], me text, now timestamptz) -> maybe job_taken
-- row:  tenant_id uuid, id uuid, name text, payload jsonb, attempts int4
-- role: desk
-- writes
WITH one AS (
    SELECT w.tenant_id, w.id
      FROM app.jobs w
     WHERE w.state = 'ready' AND w.run_at <= $4 AND w.name = ANY ($1)
     ORDER BY w.priority DESC, w.run_at, w.id
     LIMIT 1
       FOR NO KEY UPDATE SKIP LOCKED)
UPDATE app.jobs j
   SET state = 'running', attempts = j.attempts + 1, locked_by = $3,
       locked_until = $4 + (SELECT max(s.lease) FROM unnest($1, $2) AS s (name, lease)
                             WHERE s.name = j.name) * interval '1 second'
  FROM one
 WHERE (j.tenant_id, j.id) = (one.tenant_id, one.id)
RETURNING j.tenant_id, j.id, j.name, j.payload, j.attempts;

-- Only the holder may end its attempt: 0 rows = the lease was lost and somebody else has the job.
-- stmt: job_end(tenant uuid, id uuid, me text, state text, run_at timestamptz?, error text?, back int4, now timestamptz) -> exec
-- role: desk
-- writes
UPDATE app.jobs
   SET state = $4, run_at = coalesce($5, run_at), last_error = $6, attempts = attempts - $7,
       locked_by = NULL, locked_until = NULL,
       finished_at = CASE WHEN $4 IN ('done', 'dead') THEN $8 END
 WHERE tenant_id = $1 AND id = $2 AND locked_by = $3 AND state = 'running';

-- stmt: job_holders() -> many job_holder
-- row:  holder text
-- role: desk
SELECT DISTINCT j.locked_by AS holder FROM app.jobs j
 WHERE j.state = 'running' AND j.locked_by IS NOT NULL
 UNION
SELECT c.locked_by FROM app.outbox_cursors c WHERE c.locked_by IS NOT NULL;

-- stmt: job_orphans(dead text[], now timestamptz) -> many job_orphan
-- row:  tenant_id uuid, id uuid, name text, attempts int4, holder text
-- role: desk
SELECT j.tenant_id, j.id, j.name, j.attempts, j.locked_by AS holder
  FROM app.jobs j
 WHERE j.state = 'running' AND (j.locked_until < $2 OR j.locked_by = ANY ($1))
 ORDER BY j.run_at, j.id
 LIMIT 1000;

-- A schedule is a job whose once_key is its period: every process may try, one row comes of it.
-- stmt: job_add_periods(names text[], keys text[], now timestamptz) -> exec
-- role: desk
-- writes
INSERT INTO app.jobs (tenant_id, id, name, priority, run_at, once_key)
SELECT t.id, app.uuid7(), s.name, 0, $3, s.key
  FROM app.tenants t
 CROSS JOIN unnest($1, $2) AS s (name, key)
 WHERE t.status = 'active'
ON CONFLICT (tenant_id, name, once_key) DO NOTHING;

-- When the next job that now waits for its time is due; none = null.
-- stmt: job_next(names text[], consumers text[]) -> one job_due
-- row:  at timestamptz?
-- role: desk
SELECT least((SELECT min(j.run_at) FROM app.jobs j WHERE j.state = 'ready' AND j.name = ANY ($1)),
             (SELECT min(r.next_at) FROM app.outbox_retries r
               WHERE r.state = 'waiting' AND r.consumer = ANY ($2))) AS at;

-- What /metrics and `kade jobs status` tell. The outbox is counted up to 100,000.
-- stmt: queue_depth(consumer text, now timestamptz) -> one queue_depths
-- row:  ready int8, running int8, dead int8, age_s int8, lag int8, lag_ms int8, waiting int8, dead_events int8
-- role: desk
SELECT (SELECT count(*) FROM app.jobs j WHERE j.state = 'ready' AND j.run_at <= $2) AS ready,
       (SELECT count(*) FROM app.jobs j WHERE j.state = 'running') AS running,
       (SELECT count(*) FROM app.jobs j WHERE j.state = 'dead') AS dead,
       (SELECT coalesce(extract(epoch FROM $2 - min(j.run_at)), 0)::int8
          FROM app.jobs j WHERE j.state = 'ready' AND j.run_at <= $2) AS age_s,
       (SELECT count(*) FROM (
            SELECT 1 FROM app.outbox o
             WHERE (o.xid, o.seq) > (coalesce((SELECT c.xid FROM app.outbox_cursors c WHERE c.consumer = $1), '0'),
                                     coalesce((SELECT c.seq FROM app.outbox_cursors c WHERE c.consumer = $1), 0))
             LIMIT 100000) x) AS lag,
       (SELECT coalesce(extract(epoch FROM $2 - min(x.created_at)) * 1000, 0)::int8
          FROM (SELECT o.created_at FROM app.outbox o
                 WHERE (o.xid, o.seq) > (coalesce((SELECT c.xid FROM app.outbox_cursors c WHERE c.consumer = $1), '0'),
                                         coalesce((SELECT c.seq FROM app.outbox_cursors c WHERE c.consumer = $1), 0))
                 ORDER BY o.xid, o.seq LIMIT 1000) x) AS lag_ms,
       (SELECT count(*) FROM app.outbox_retries r WHERE r.state = 'waiting') AS waiting,
       (SELECT count(*) FROM app.outbox_retries r WHERE r.state = 'dead') AS dead_events;

-- Finished work is kept for a while, so that once_key still means once.
-- stmt: queue_forget(jobs_before timestamptz, events_before timestamptz) -> exec
-- role: desk
-- writes
WITH gone AS (
    DELETE FROM app.outbox_retries r WHERE r.state = 'dead' AND r.next_at < $2)
DELETE FROM app.jobs j
 WHERE j.state IN ('done', 'dead') AND j.finished_at < $1;

-- Whole months at once; app.outbox keeps 30 days.
-- stmt: outbox_drop(before timestamptz) -> one outbox_dropped
-- row:  dropped int4
-- role: desk
-- writes
SELECT app.drop_partitions('app.outbox', $1) AS dropped;
