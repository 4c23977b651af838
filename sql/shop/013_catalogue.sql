-- The rest of what a catalogue says: typed values of attributes, what a product type allows,
-- collections by rule, texts for search engines, downloads, bundles whose availability is that of
-- their scarcest part.

-- Values. Choices, colours, switches and numbers are shared options (a number carries its value, so
-- that 10 comes after 9); free text stays with the product.
ALTER TABLE shop.attribute_options ADD COLUMN number_micro int8;
COMMENT ON COLUMN shop.attribute_options.number_micro IS 'value of an option of a number attribute in millionths of its unit';
ALTER TABLE shop.product_attribute_values
    ALTER COLUMN option_id DROP NOT NULL,
    ADD COLUMN value_text text CHECK (char_length(value_text) BETWEEN 1 AND 2000),
    ADD COLUMN is_default bool NOT NULL DEFAULT false,
    ADD CONSTRAINT product_attribute_values_one CHECK (num_nonnulls(option_id, value_text) = 1),
    ADD CONSTRAINT product_attribute_values_default CHECK (NOT is_default OR option_id IS NOT NULL);
COMMENT ON COLUMN shop.product_attribute_values.is_default IS 'the option of the variant that is shown first';

-- Only what can be picked from picks a variant, and only what the product's type lets pick.
CREATE FUNCTION shop.picks_variant_check() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF TG_TABLE_NAME = 'product_type_attributes' AND NOT NEW.picks_variant THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM shop.attributes a
                    WHERE a.tenant_id = NEW.tenant_id AND a.id = NEW.attribute_id
                      AND a.input IN ('choice', 'colour', 'boolean')) THEN
        RAISE EXCEPTION 'attribute % cannot pick a variant', NEW.attribute_id
            USING ERRCODE = '23514', CONSTRAINT = 'attribute_cannot_pick';
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION shop.picks_variant_check() OWNER TO kade_owner;
CREATE TRIGGER picks_variant_check BEFORE INSERT OR UPDATE ON shop.product_type_attributes
    FOR EACH ROW EXECUTE FUNCTION shop.picks_variant_check();

CREATE FUNCTION shop.variant_value_check() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM shop.attributes a
                WHERE a.tenant_id = NEW.tenant_id AND a.id = NEW.attribute_id
                  AND a.input NOT IN ('choice', 'colour', 'boolean')) THEN
        RAISE EXCEPTION 'attribute % cannot pick a variant', NEW.attribute_id
            USING ERRCODE = '23514', CONSTRAINT = 'attribute_cannot_pick';
    END IF;
    IF EXISTS (SELECT 1
                 FROM shop.product_variants v
                 JOIN shop.products p ON p.tenant_id = v.tenant_id AND p.id = v.product_id
                WHERE v.tenant_id = NEW.tenant_id AND v.id = NEW.variant_id AND p.type_id IS NOT NULL
                  AND NOT EXISTS (SELECT 1 FROM shop.product_type_attributes t
                                   WHERE t.tenant_id = p.tenant_id AND t.type_id = p.type_id
                                     AND t.attribute_id = NEW.attribute_id AND t.picks_variant)) THEN
        RAISE EXCEPTION 'the type of the product does not let attribute % pick', NEW.attribute_id
            USING ERRCODE = '23514', CONSTRAINT = 'type_does_not_pick';
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION shop.variant_value_check() OWNER TO kade_owner;
CREATE TRIGGER variant_value_check BEFORE INSERT OR UPDATE ON shop.variant_attribute_values
    FOR EACH ROW EXECUTE FUNCTION shop.variant_value_check();

-- Texts for search engines, faces of brands.
ALTER TABLE shop.brands
    ADD COLUMN description text NOT NULL DEFAULT '' CHECK (char_length(description) <= 5000),
    ADD COLUMN media_id uuid,
    ADD COLUMN position int4 NOT NULL DEFAULT 0,
    ADD COLUMN seo jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(seo) = 'object'),
    ADD FOREIGN KEY (tenant_id, media_id) REFERENCES shop.media (tenant_id, id) ON DELETE SET NULL (media_id);
CREATE INDEX brands_media ON shop.brands (tenant_id, media_id) WHERE media_id IS NOT NULL;
ALTER TABLE shop.categories ADD COLUMN seo jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(seo) = 'object');
COMMENT ON COLUMN shop.products.seo IS '{"title", "description"}: what search engines are told instead of name and summary';

-- Every address has its history; brands had none yet.
INSERT INTO shop.slugs (tenant_id, resource, slug, resource_id)
SELECT b.tenant_id, 'brand', b.slug, b.id FROM shop.brands b WHERE b.deleted_at IS NULL
ON CONFLICT DO NOTHING;
ALTER TABLE shop.slugs DROP CONSTRAINT slugs_resource_check;
ALTER TABLE shop.slugs ADD CONSTRAINT slugs_resource_check
    CHECK (resource IN ('product', 'category', 'brand', 'collection', 'page', 'post'));

-- A saved filter with a name and an address: what is in it is asked of the listing index each time.
CREATE TABLE shop.collections (
    tenant_id   uuid NOT NULL DEFAULT app.tenant(),
    id          uuid NOT NULL DEFAULT app.uuid7(),
    slug        text NOT NULL CHECK (char_length(slug) BETWEEN 1 AND 100),
    name        text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    description text NOT NULL DEFAULT '' CHECK (char_length(description) <= 5000),
    rule        jsonb NOT NULL CHECK (jsonb_typeof(rule) = 'object' AND octet_length(rule::text) <= 8000),
    sort        text NOT NULL DEFAULT 'best' CHECK (sort IN ('best', 'new', 'cheap', 'dear', 'rated', 'popular')),
    position    int4 NOT NULL DEFAULT 0,
    is_active   bool NOT NULL DEFAULT true,
    valid_from  timestamptz NOT NULL DEFAULT '-infinity',
    valid_until timestamptz NOT NULL DEFAULT 'infinity',
    media_id    uuid,
    seo         jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(seo) = 'object'),
    version     int4 NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT app.now(),
    updated_at  timestamptz NOT NULL DEFAULT app.now(),
    deleted_at  timestamptz,
    created_by  uuid,
    updated_by  uuid,
    PRIMARY KEY (tenant_id, id),
    CHECK (valid_from < valid_until),
    FOREIGN KEY (tenant_id, media_id) REFERENCES shop.media (tenant_id, id) ON DELETE SET NULL (media_id)
);
COMMENT ON TABLE shop.collections IS '@class E lists of products by rule';
COMMENT ON COLUMN shop.collections.rule IS '{"query", "category": slug, "brands": [slug], "options": {attribute code: [option code]}, "price_min_minor", "price_max_minor", "in_stock", "on_sale", "rating"}';
CREATE UNIQUE INDEX collections_slug ON shop.collections (tenant_id, slug) WHERE deleted_at IS NULL;
CREATE INDEX collections_media ON shop.collections (tenant_id, media_id) WHERE media_id IS NOT NULL;
SELECT app.protect('shop.collections');
SELECT app.desk_writes('shop.collections');

-- What a digital product hands over once it is paid.
CREATE TABLE shop.product_downloads (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    product_id uuid NOT NULL,
    position   int4 NOT NULL,
    name       text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    url        text NOT NULL CHECK (char_length(url) BETWEEN 1 AND 2000),
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, product_id, position),
    FOREIGN KEY (tenant_id, product_id) REFERENCES shop.products (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE shop.product_downloads IS '@class C files of a digital product; their addresses are not for shoppers before they paid';
SELECT app.protect('shop.product_downloads');
REVOKE ALL ON shop.product_downloads FROM kade_rt;
GRANT SELECT, INSERT, UPDATE, DELETE ON shop.product_downloads TO kade_desk;
ALTER TABLE shop.products
    ADD COLUMN download_limit int4 CHECK (download_limit > 0),
    ADD COLUMN download_days  int4 CHECK (download_days > 0);

-- Edges of publish windows: which products come or go by the clock.
CREATE INDEX products_from ON shop.products (tenant_id, publish_from) WHERE publish_from > '-infinity';
CREATE INDEX products_until ON shop.products (tenant_id, publish_until) WHERE publish_until < 'infinity';

-- Parts are held and sold, never bundles of bundles.
CREATE FUNCTION shop.kit_item_check() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM shop.product_variants v
                 JOIN shop.products p ON p.tenant_id = v.tenant_id AND p.id = v.product_id
                WHERE v.tenant_id = NEW.tenant_id AND v.id = NEW.variant_id AND p.kind = 'bundle') THEN
        RAISE EXCEPTION 'variant % is a bundle itself', NEW.variant_id
            USING ERRCODE = '23514', CONSTRAINT = 'kit_part_is_kit';
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION shop.kit_item_check() OWNER TO kade_owner;
CREATE TRIGGER kit_item_check BEFORE INSERT OR UPDATE OF variant_id ON shop.kit_items
    FOR EACH ROW EXECUTE FUNCTION shop.kit_item_check();

-- How many of a bundle there are: the scarcest part decides. capacity counts what may be ordered
-- beyond the stock. A part that is not sold any more makes the bundle unavailable.
CREATE VIEW shop.kit_stock WITH (security_invoker = true) AS
SELECT k.tenant_id, k.kit_id,
       bool_and(v.stock_policy = 'always' AND v.is_active AND v.deleted_at IS NULL AND p.status = 'active'
                AND p.deleted_at IS NULL) AS always,
       coalesce(min(CASE WHEN NOT v.is_active OR v.deleted_at IS NOT NULL OR p.status <> 'active'
                           OR p.deleted_at IS NOT NULL OR v.stock_policy = 'never' THEN 0
                         WHEN v.stock_policy = 'tracked' THEN coalesce(s.free, 0) / k.quantity END), 0)::int8 AS free,
       coalesce(min(CASE WHEN NOT v.is_active OR v.deleted_at IS NOT NULL OR p.status <> 'active'
                           OR p.deleted_at IS NOT NULL OR v.stock_policy = 'never' THEN 0
                         WHEN v.stock_policy = 'tracked' THEN coalesce(s.capacity, 0) / k.quantity END),
                1000000)::int8 AS capacity
  FROM shop.kit_items k
  JOIN shop.product_variants v ON (v.tenant_id, v.id) = (k.tenant_id, k.variant_id)
  JOIN shop.products p ON (p.tenant_id, p.id) = (v.tenant_id, v.product_id)
  LEFT JOIN LATERAL (
       SELECT sum(greatest(l.available, 0))::int8 AS free,
              sum(greatest(l.available + l.backorder_limit, 0))::int8 AS capacity
         FROM shop.stock_levels l
        WHERE (l.tenant_id, l.variant_id) = (v.tenant_id, v.id)) s ON v.stock_policy = 'tracked'
 GROUP BY k.tenant_id, k.kit_id;
COMMENT ON VIEW shop.kit_stock IS 'whole bundles that can be sold, by the scarcest part; ask by kit_id';
ALTER VIEW shop.kit_stock OWNER TO kade_owner;
GRANT SELECT ON shop.kit_stock TO kade_rt;

CREATE OR REPLACE VIEW shop.product_cards WITH (security_invoker = true) AS
SELECT f.tenant_id, f.product_id, f.slug, f.kind, f.name, f.listed_at, f.sku, f.variants,
       CASE WHEN f.kind = 'bundle' THEN coalesce(k.always, false) ELSE f.always END AS always,
       CASE WHEN f.kind = 'bundle' THEN coalesce(k.free, 0) ELSE coalesce(s.free, 0)::int8 END AS free,
       CASE WHEN f.kind = 'bundle' THEN coalesce(k.capacity > k.free, false)
            ELSE coalesce(s.backorder, false) END AS backorder,
       coalesce(s.reorder, -1)::int4 AS reorder,
       f.price_variants, f.price_currencies, f.price_kinds, f.price_priorities, f.price_amounts,
       f.price_starts, f.price_ends, f.image_paths, f.image_alts, f.image_widths, f.image_heights,
       f.swatches, f.swatch_labels,
       coalesce(r.rating_sum, 0)::int8 AS rating_sum, coalesce(r.rating_count, 0) AS rating_count,
       f.image_looks
  FROM shop.product_card_facts f
  LEFT JOIN shop.product_stats r ON (r.tenant_id, r.product_id) = (f.tenant_id, f.product_id)
  LEFT JOIN LATERAL (
       SELECT sum(greatest(l.available, 0)) AS free, max(l.reorder_point) AS reorder,
              bool_or(l.available + l.backorder_limit > 0 AND l.backorder_limit > 0) AS backorder
         FROM shop.stock_levels l
        WHERE l.tenant_id = f.tenant_id AND l.variant_id = ANY (f.tracked)) s ON f.kind <> 'bundle'
  LEFT JOIN LATERAL (
       SELECT bool_or(x.always) AS always, max(x.free) AS free, max(x.capacity) AS capacity
         FROM shop.kit_stock x
        WHERE x.tenant_id = f.tenant_id AND x.kit_id = ANY (f.variants)) k ON f.kind = 'bundle';

-- What a list can be narrowed by, with its words: options of attributes and choices of custom fields.
CREATE VIEW shop.facet_values WITH (security_invoker = true) AS
SELECT o.tenant_id, o.id AS ref, a.id AS group_id, a.name AS group_name, a.unit, o.value, o.swatch,
       a.position AS group_position, o.position, o.number_micro, 'attribute_option'::text AS resource,
       a.code AS group_code, o.code
  FROM shop.attribute_options o
  JOIN shop.attributes a ON (a.tenant_id, a.id) = (o.tenant_id, o.attribute_id)
UNION ALL
SELECT f.tenant_id, (c.value ->> 'id')::uuid, f.id, f.label, NULL, c.value ->> 'label', NULL,
       f.position, c.ordinality::int4, NULL, 'custom_field', f.name, c.value ->> 'code'
  FROM app.custom_fields f
  CROSS JOIN LATERAL jsonb_array_elements(f.options) WITH ORDINALITY AS c (value, ordinality)
 WHERE f.resource = 'product' AND f.is_filterable AND f.deleted_at IS NULL;
COMMENT ON VIEW shop.facet_values IS 'words of what lists are narrowed by; ref is what shop.facet_terms knows';
ALTER VIEW shop.facet_values OWNER TO kade_owner;
GRANT SELECT ON shop.facet_values TO kade_rt;
