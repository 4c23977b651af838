-- Documents of an order that are its buyer's; a packing slip is the house's own.

-- stmt: papers(ord uuid) -> many paper
-- row:  id uuid, kind text, number text, issued_at timestamptz, path text?
-- plan: index
SELECT d.id, d.kind, d.number, d.issued_at, f.path
  FROM shop.documents d LEFT JOIN shop.document_files f ON f.document_id = d.id
 WHERE d.order_id = $1 AND d.kind IN ('invoice', 'credit_note') ORDER BY d.id;
