-- Accounts of shoppers (src/shop/customer.c). What a person is asked to prove is in app.

-- stmt: customer_by_email(email text) -> maybe customer
-- row:  id uuid, email text?, name text, phone text?, company text?, type text, password_hash text?, epoch int4
-- row:  locale text?, status text, email_verified_at timestamptz?, marketing_opt_in_at timestamptz?
-- row:  erased_at timestamptz?, version int4, created_at timestamptz
-- plan: index
SELECT c.id, c.email, c.name, c.phone, c.company, c.type, c.password_hash, c.epoch, c.locale, c.status,
       c.email_verified_at, c.marketing_opt_in_at, c.erased_at, c.version, c.created_at
  FROM shop.customers c
 WHERE c.email = $1 AND c.deleted_at IS NULL;

-- stmt: customer_by_id(id uuid) -> maybe customer
-- plan: index
SELECT c.id, c.email, c.name, c.phone, c.company, c.type, c.password_hash, c.epoch, c.locale, c.status,
       c.email_verified_at, c.marketing_opt_in_at, c.erased_at, c.version, c.created_at
  FROM shop.customers c
 WHERE c.id = $1 AND c.deleted_at IS NULL;

-- stmt: customer_add(id uuid, email text, name text, password_hash text, locale text, now timestamptz, marketing bool) -> exec
-- writes
INSERT INTO shop.customers (id, email, name, password_hash, locale, email_verified_at, marketing_opt_in_at, created_by, updated_by)
VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN $7 THEN $6 END, $1, $1)
    ON CONFLICT (tenant_id, email) WHERE email IS NOT NULL AND deleted_at IS NULL DO NOTHING;

-- stmt: customer_edit(id uuid, version int4, name text, phone text?, company text?, type text, locale text?) -> exec
-- plan: index
-- writes
UPDATE shop.customers
   SET name = $3, phone = $4, company = $5, type = $6, locale = $7, updated_by = $1,
       phone_verified_at = CASE WHEN phone IS NOT DISTINCT FROM $4 THEN phone_verified_at END
 WHERE id = $1 AND version = $2 AND deleted_at IS NULL;

-- A new password ends every session and link of the person: the epoch they carry is past.
-- stmt: customer_set_password(id uuid, password_hash text) -> maybe customer_epoch
-- row:  epoch int4
-- plan: index
-- writes
UPDATE shop.customers SET password_hash = $2, epoch = epoch + 1, updated_by = $1
 WHERE id = $1 AND deleted_at IS NULL AND status <> 'blocked'
RETURNING epoch;

-- Same password, newer parameters: sessions stay.
-- stmt: customer_rehash(id uuid, old_hash text, new_hash text) -> exec
-- plan: index
-- writes
UPDATE shop.customers SET password_hash = $3 WHERE id = $1 AND password_hash = $2;

-- stmt: customer_set_email(id uuid, email text, now timestamptz) -> maybe customer_epoch
-- plan: index
-- writes
UPDATE shop.customers SET email = $2, email_verified_at = $3, epoch = epoch + 1, updated_by = $1
 WHERE id = $1 AND deleted_at IS NULL
RETURNING epoch;

-- stmt: customer_end_sessions(id uuid) -> maybe customer_epoch
-- plan: index
-- writes
UPDATE shop.customers SET epoch = epoch + 1, updated_by = $1 WHERE id = $1 AND deleted_at IS NULL
RETURNING epoch;

-- stmt: customer_seen(id uuid, now timestamptz) -> exec
-- plan: index
-- writes
UPDATE shop.customers SET last_active_at = $2, email_verified_at = coalesce(email_verified_at, $2) WHERE id = $1;

-- stmt: customer_opt_in(id uuid, at timestamptz?) -> exec
-- plan: index
-- writes
UPDATE shop.customers SET marketing_opt_in_at = $2, updated_by = $1 WHERE id = $1 AND deleted_at IS NULL;

-- Nothing that names the person stays; the row does, because orders and ledgers point at it.
-- stmt: customer_blank(id uuid, now timestamptz) -> exec
-- plan: index
-- writes
UPDATE shop.customers
   SET email = NULL, phone = NULL, name = '', company = NULL, segment = NULL, password_hash = NULL, custom = '{}',
       epoch = epoch + 1, email_verified_at = NULL, phone_verified_at = NULL, marketing_opt_in_at = NULL,
       last_active_at = NULL, preferred_contact = NULL, locale = NULL, number = NULL, status = 'inactive',
       erased_at = $2, deleted_at = $2
 WHERE id = $1 AND erased_at IS NULL;

-- stmt: addresses_blank(customer_id uuid, now timestamptz) -> exec
-- plan: index
-- writes
UPDATE shop.addresses
   SET label = '', name = '', company = '', phone = '', line1 = '', line2 = '', city = '', region = '', postcode = '',
       landmark = '', instructions = '', lat_micro = NULL, lon_micro = NULL, is_default = false, deleted_at = $2
 WHERE customer_id = $1;

-- ---- consents

-- stmt: consent_add(customer_id uuid?, person_hash bytea, purpose text, channel text, given bool, text_version text, source text) -> exec
-- writes
INSERT INTO shop.consents (customer_id, person_hash, purpose, channel, given, text_version, source, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $1);

-- stmt: consents_of(customer_id uuid) -> many consent
-- row:  purpose text, channel text, given bool, text_version text, source text, created_at timestamptz
-- plan: index
SELECT c.purpose, c.channel, c.given, c.text_version, c.source, c.created_at
  FROM shop.consents c
 WHERE c.customer_id = $1
 ORDER BY c.purpose, c.channel, c.id;

-- ---- addresses

-- stmt: addresses_of(customer_id uuid) -> many address_row
-- row:  id uuid, type text, label text, name text, company text, phone text, line1 text, line2 text, city text
-- row:  region text, postcode text, country text, landmark text, instructions text, is_default bool, version int4
-- plan: index
SELECT a.id, a.type, a.label, a.name, a.company, a.phone, a.line1, a.line2, a.city, a.region, a.postcode, a.country,
       a.landmark, a.instructions, a.is_default, a.version
  FROM shop.addresses a
 WHERE a.customer_id = $1 AND a.deleted_at IS NULL
 ORDER BY a.is_default DESC, a.id DESC LIMIT 100;

-- stmt: address_get(customer_id uuid, id uuid) -> maybe address_row
-- plan: index
SELECT a.id, a.type, a.label, a.name, a.company, a.phone, a.line1, a.line2, a.city, a.region, a.postcode, a.country,
       a.landmark, a.instructions, a.is_default, a.version
  FROM shop.addresses a
 WHERE a.id = $2 AND a.customer_id = $1 AND a.deleted_at IS NULL;

-- The first address of a person is their default.
-- stmt: address_add(id uuid, customer_id uuid, type text, label text, name text, company text, phone text, line1 text, line2 text, city text, region text, postcode text, country text, landmark text, instructions text) -> exec
-- writes
INSERT INTO shop.addresses (id, customer_id, type, label, name, company, phone, line1, line2, city, region, postcode,
                            country, landmark, instructions, is_default, created_by, updated_by)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
       NOT EXISTS (SELECT 1 FROM shop.addresses d WHERE d.customer_id = $2 AND d.is_default AND d.deleted_at IS NULL), $2, $2
 WHERE (SELECT count(*) FROM shop.addresses n WHERE n.customer_id = $2 AND n.deleted_at IS NULL) < 100;

-- stmt: address_put(id uuid, version int4, customer_id uuid, type text, label text, name text, company text, phone text, line1 text, line2 text, city text, region text, postcode text, country text, landmark text, instructions text) -> exec
-- plan: index
-- writes
UPDATE shop.addresses
   SET type = $4, label = $5, name = $6, company = $7, phone = $8, line1 = $9, line2 = $10, city = $11, region = $12,
       postcode = $13, country = $14, landmark = $15, instructions = $16, updated_by = $3
 WHERE id = $1 AND version = $2 AND customer_id = $3 AND deleted_at IS NULL;

-- stmt: address_undefault(customer_id uuid) -> exec
-- plan: index
-- writes
UPDATE shop.addresses SET is_default = false, updated_by = $1
 WHERE customer_id = $1 AND is_default AND deleted_at IS NULL;

-- stmt: address_default(customer_id uuid, id uuid) -> exec
-- plan: index
-- writes
UPDATE shop.addresses SET is_default = true, updated_by = $1
 WHERE id = $2 AND customer_id = $1 AND deleted_at IS NULL;

-- stmt: address_remove(customer_id uuid, id uuid, now timestamptz) -> maybe address_removed
-- row:  was_default bool
-- plan: index
-- writes
WITH old AS (
    SELECT a.id, a.is_default FROM shop.addresses a
     WHERE a.id = $2 AND a.customer_id = $1 AND a.deleted_at IS NULL FOR NO KEY UPDATE)
UPDATE shop.addresses a SET deleted_at = $3, is_default = false, updated_by = $1
  FROM old
 WHERE a.id = old.id
RETURNING old.is_default AS was_default;

-- The newest takes the place of a default that went.
-- stmt: address_next_default(customer_id uuid) -> exec
-- plan: index
-- writes
UPDATE shop.addresses SET is_default = true, updated_by = $1
 WHERE customer_id = $1 AND deleted_at IS NULL AND NOT is_default
   AND id = (SELECT n.id FROM shop.addresses n WHERE n.customer_id = $1 AND n.deleted_at IS NULL ORDER BY n.id DESC LIMIT 1);
