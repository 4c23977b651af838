-- Proofs that free a customer of tax.

-- stmt: exemption_put(id uuid, customer uuid, kind text, country text, evidence text) -> exec
-- role: desk
-- writes
INSERT INTO shop.tax_exemptions (id, customer_id, kind, country, evidence)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, customer_id, kind, country) WHERE deleted_at IS NULL
DO UPDATE SET evidence = excluded.evidence, valid_from = '-infinity', valid_until = 'infinity';

-- stmt: exemption_end(customer uuid, at timestamptz) -> exec
-- role: desk
-- writes
UPDATE shop.tax_exemptions SET deleted_at = $2 WHERE customer_id = $1 AND deleted_at IS NULL;
