-- Documents: numbered without a hole, frozen, drawn once.

-- stmt: document_of(kind text, ord uuid, refund uuid?, fulfilment uuid?) -> maybe document_found
-- row:  id uuid, number text
-- plan: index
SELECT d.id, d.number FROM shop.documents d
 WHERE d.order_id = $2 AND d.kind = $1 AND d.refund_id IS NOT DISTINCT FROM $3
   AND d.fulfilment_id IS NOT DISTINCT FROM $4 ORDER BY d.id LIMIT 1;

-- Number, row and tax in one statement, the last of its transaction.
-- stmt: document_issue(id uuid, kind text, series text, ord uuid, refund uuid?, corrects uuid?, fulfilment uuid?, currency text, total int8, tax int8, content jsonb, zone text, moment timestamptz, taxes jsonb) -> one document_issued
-- row:  number text
-- writes
-- role: desk
WITH d AS (
     INSERT INTO shop.documents (id, kind, series, number_no, number, order_id, refund_id, corrects_id,
            fulfilment_id, currency, total_minor, tax_minor, issued_at, content)
     SELECT $1, $2, $3, s.no, s.number, $4, $5, $6, $7, $8, $9, $10, $13, $11
       FROM shop.number_take($3, $12, $13) AS s
  RETURNING tenant_id, id, number),
t AS (
     INSERT INTO shop.tax_ledger_entries (tenant_id, document_id, name, country, region, rate_ppm, reason,
            base_minor, amount_minor, period)
     SELECT d.tenant_id, d.id, x.name, x.country, x.region, x.ppm, x.reason, x.base, x.amount,
            date_trunc('month', $13 AT TIME ZONE $12)::date
       FROM d, jsonb_to_recordset($14) AS x (name text, country text, region text, ppm int4, reason text,
                                            base int8, amount int8)
  RETURNING 1)
SELECT d.number FROM d WHERE (SELECT count(*) FROM t) >= 0;

-- stmt: document_taxes(ord uuid) -> many document_tax
-- row:  name text, country text, region text, ppm int4, reason text, evidence text, base int8, amount int8
-- plan: index
SELECT t.name, t.country, t.region, t.rate_ppm AS ppm, t.reason, max(t.evidence) AS evidence,
       sum(t.base_minor)::int8 AS base, sum(t.amount_minor)::int8 AS amount
  FROM shop.order_item_taxes t WHERE t.order_id = $1
 GROUP BY t.name, t.country, t.region, t.rate_ppm, t.reason ORDER BY t.rate_ppm DESC, t.name;

-- stmt: refunds_to_credit(ord uuid) -> many refund_to_credit
-- row:  id uuid, number text, amount int8, reason text
-- plan: index
SELECT r.id, r.number, r.amount_minor AS amount, r.reason
  FROM shop.refunds r
 WHERE r.order_id = $1 AND r.state = 'done' AND r.deleted_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM shop.documents d WHERE d.refund_id = r.id AND d.kind = 'credit_note')
 ORDER BY r.id;

-- stmt: refund_lines(refund uuid) -> many refund_line_row
-- row:  name text, options text, quantity int4, amount int8, tax int8
-- plan: index
SELECT i.name, i.options, x.quantity, x.amount_minor AS amount, x.tax_minor AS tax
  FROM shop.refund_items x JOIN shop.order_items i ON i.id = x.order_item_id
 WHERE x.refund_id = $1 AND x.amount_minor > 0 ORDER BY i.position;

-- stmt: parcels_to_slip(ord uuid) -> many parcel_to_slip
-- row:  id uuid, number text
-- plan: index
SELECT f.id, f.number FROM shop.fulfilments f
 WHERE f.order_id = $1 AND f.deleted_at IS NULL AND f.state IN ('handed_over', 'delivered')
   AND NOT EXISTS (SELECT 1 FROM shop.documents d WHERE d.fulfilment_id = f.id)
 ORDER BY f.id;

-- stmt: slip_lines(fulfilment uuid) -> many slip_line
-- row:  name text, options text, sku text, quantity int8
-- plan: index
SELECT i.name, i.options, i.sku, sum(x.quantity) AS quantity
  FROM shop.fulfilment_items x JOIN shop.order_items i ON i.id = x.order_item_id
 WHERE x.fulfilment_id = $1 GROUP BY i.id, i.name, i.options, i.sku, i.position ORDER BY i.position;

-- ---- drawing ----
-- stmt: document_to_draw(id uuid) -> maybe document_full
-- row:  id uuid, kind text, number text, currency text, total int8, tax int8, issued_at timestamptz,
-- row:  content jsonb, is_drawn bool
-- plan: index
SELECT d.id, d.kind, d.number, d.currency, d.total_minor AS total, d.tax_minor AS tax, d.issued_at, d.content,
       EXISTS (SELECT 1 FROM shop.document_files f WHERE f.document_id = d.id) AS is_drawn
  FROM shop.documents d WHERE d.id = $1;

-- The first drawing stays: another one is left alone.
-- stmt: document_file_add(document uuid, locale text, path text, sha256 text, bytes int8) -> exec
-- writes
-- role: desk
INSERT INTO shop.document_files (document_id, locale, path, sha256, bytes) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING;

-- For staff: all of them.
-- stmt: papers(ord uuid) -> many paper
-- row:  kind text, number text, issued_at timestamptz, path text?
-- plan: index
SELECT d.kind, d.number, d.issued_at, f.path
  FROM shop.documents d LEFT JOIN shop.document_files f ON f.document_id = d.id
 WHERE d.order_id = $1 ORDER BY d.id;

-- ---- kade doctor ----
-- stmt: doctor_documents() -> many doctor_problem
-- role: desk
SELECT 'numbers of documents have a hole' AS what, d.series AS id,
       format('%s documents, numbers %s to %s, next %s', count(*), min(d.number_no), max(d.number_no),
              max(s.next_no)) AS detail
  FROM shop.documents d LEFT JOIN app.number_series s ON s.series = d.series
 GROUP BY d.series
HAVING count(*) <> max(d.number_no) OR min(d.number_no) <> 1 OR max(d.number_no) + 1 IS DISTINCT FROM max(s.next_no)
 UNION ALL
SELECT 'document not drawn', d.id::text, d.kind || ' ' || d.number || ' of ' || d.issued_at
  FROM shop.documents d
 WHERE d.issued_at < app.now() - interval '1 hour'
   AND NOT EXISTS (SELECT 1 FROM shop.document_files f WHERE f.document_id = d.id)
 UNION ALL
SELECT 'tax of a document is not in the ledger', d.id::text,
       format('%s %s: tax %s, ledger %s', d.kind, d.number, d.tax_minor, coalesce(l.amount, 0))
  FROM shop.documents d
  LEFT JOIN LATERAL (SELECT abs(sum(e.amount_minor)) AS amount FROM shop.tax_ledger_entries e
                      WHERE e.document_id = d.id) l ON true
 WHERE d.kind IN ('invoice', 'credit_note') AND d.tax_minor <> coalesce(l.amount, 0);
