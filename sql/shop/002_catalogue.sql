-- What a shop offers: brands, the category tree with its closure, attributes and their options,
-- products, their variants, pictures, names that redirect. A row holds the text of the shop's first
-- language; other languages are in app.translations (resource = the singular of the table's name).
CREATE TABLE shop.media (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    id         uuid NOT NULL DEFAULT app.uuid7(),
    kind       text NOT NULL DEFAULT 'image' CHECK (kind IN ('image', 'video', 'file')),
    source_url text CHECK (char_length(source_url) <= 2000),
    source_key text NOT NULL CHECK (char_length(source_key) BETWEEN 1 AND 64),
    state      text NOT NULL DEFAULT 'missing' CHECK (state IN ('missing', 'ready')),
    reason     text CHECK (char_length(reason) <= 500),
    path       text CHECK (path ~ '^media/[A-Za-z0-9._/-]{1,200}$' AND path !~ '\.\.'),
    mime       text CHECK (mime ~ '^[a-z]+/[a-z0-9.+-]+$'),
    sha256     text CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    bytes      int8 CHECK (bytes >= 0),
    width      int4 CHECK (width > 0),
    height     int4 CHECK (height > 0),
    alt_text   text NOT NULL DEFAULT '' CHECK (char_length(alt_text) <= 500),
    caption    text CHECK (char_length(caption) <= 500),
    version    int4 NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    deleted_at timestamptz,
    created_by uuid,
    updated_by uuid,
    PRIMARY KEY (tenant_id, id),
    CHECK (state <> 'ready' OR (path IS NOT NULL AND mime IS NOT NULL))
);
COMMENT ON TABLE shop.media IS '@class E pictures and files; missing = only the address is known yet';
COMMENT ON COLUMN shop.media.source_key IS 'what makes the source unique: SHA-256 of its address';
CREATE UNIQUE INDEX media_source ON shop.media (tenant_id, source_key) WHERE deleted_at IS NULL;
SELECT app.protect('shop.media');

CREATE TABLE shop.brands (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    id         uuid NOT NULL DEFAULT app.uuid7(),
    slug       text NOT NULL CHECK (char_length(slug) BETWEEN 1 AND 100),
    name       text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    version    int4 NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    deleted_at timestamptz,
    created_by uuid,
    updated_by uuid,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE shop.brands IS '@class E makers';
CREATE UNIQUE INDEX brands_slug ON shop.brands (tenant_id, slug) WHERE deleted_at IS NULL;
SELECT app.protect('shop.brands');

CREATE TABLE shop.categories (
    tenant_id   uuid NOT NULL DEFAULT app.tenant(),
    id          uuid NOT NULL DEFAULT app.uuid7(),
    parent_id   uuid CHECK (parent_id <> id),
    code        text CHECK (char_length(code) BETWEEN 1 AND 100),
    slug        text NOT NULL CHECK (char_length(slug) BETWEEN 1 AND 100),
    name        text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    name_norm   text NOT NULL CHECK (char_length(name_norm) BETWEEN 1 AND 400),
    description text NOT NULL DEFAULT '' CHECK (char_length(description) <= 5000),
    position    int4 NOT NULL DEFAULT 0,
    is_hidden   bool NOT NULL DEFAULT false,
    media_id    uuid,
    custom      jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(custom) = 'object'),
    version     int4 NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT app.now(),
    updated_at  timestamptz NOT NULL DEFAULT app.now(),
    deleted_at  timestamptz,
    created_by  uuid,
    updated_by  uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, parent_id) REFERENCES shop.categories (tenant_id, id),
    FOREIGN KEY (tenant_id, media_id) REFERENCES shop.media (tenant_id, id)
        ON DELETE SET NULL (media_id)
);
COMMENT ON TABLE shop.categories IS '@class E the category tree; category_tree is its closure';
COMMENT ON COLUMN shop.categories.code IS 'key of the category in the system it came from';
CREATE UNIQUE INDEX categories_slug ON shop.categories (tenant_id, slug) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX categories_code ON shop.categories (tenant_id, code)
    WHERE code IS NOT NULL AND deleted_at IS NULL;
-- One name once below one parent; the roots have the nil UUID as their parent here.
CREATE UNIQUE INDEX categories_name ON shop.categories
    (tenant_id, (coalesce(parent_id, '00000000-0000-0000-0000-000000000000')), name_norm)
    WHERE deleted_at IS NULL AND code IS NULL;
CREATE INDEX categories_parent ON shop.categories (tenant_id, parent_id, position);
CREATE INDEX categories_media ON shop.categories (tenant_id, media_id) WHERE media_id IS NOT NULL;
SELECT app.protect('shop.categories');

CREATE TABLE shop.category_tree (
    tenant_id     uuid NOT NULL DEFAULT app.tenant(),
    ancestor_id   uuid NOT NULL,
    descendant_id uuid NOT NULL,
    depth         int4 NOT NULL CHECK (depth BETWEEN 0 AND 12),
    created_at    timestamptz NOT NULL DEFAULT app.now(),
    updated_at    timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, ancestor_id, descendant_id),
    CHECK ((depth = 0) = (ancestor_id = descendant_id)),
    FOREIGN KEY (tenant_id, ancestor_id) REFERENCES shop.categories (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, descendant_id) REFERENCES shop.categories (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE shop.category_tree IS '@class C closure of categories.parent_id, kept by its trigger';
CREATE INDEX category_tree_descendant ON shop.category_tree (tenant_id, descendant_id, depth);
SELECT app.protect('shop.category_tree');

-- Rewrites the closure rows of a category that came or moved. The branch and its new ancestors are
-- locked in one order, so two opposite moves at once cannot make a ring between them; a move below
-- itself is refused with its own code.
CREATE FUNCTION shop.category_tree_sync() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.parent_id IS NOT DISTINCT FROM OLD.parent_id THEN
            RETURN NULL;
        END IF;
        -- Every move of a shop waits for the one before: a ring needs two of them.
        PERFORM pg_advisory_xact_lock(hashtextextended('shop.category_tree:' || NEW.tenant_id, 0));
        IF EXISTS (SELECT 1 FROM shop.category_tree t
                    WHERE t.tenant_id = NEW.tenant_id AND t.ancestor_id = NEW.id
                      AND t.descendant_id = NEW.parent_id) THEN
            RAISE EXCEPTION 'category % cannot move below itself', NEW.id
                USING ERRCODE = '23514', CONSTRAINT = 'category_tree_cycle';
        END IF;
        DELETE FROM shop.category_tree t
              USING shop.category_tree below, shop.category_tree above
         WHERE below.tenant_id = NEW.tenant_id AND below.ancestor_id = NEW.id
           AND above.tenant_id = NEW.tenant_id AND above.descendant_id = NEW.id AND above.depth > 0
           AND t.tenant_id = NEW.tenant_id AND t.descendant_id = below.descendant_id
           AND t.ancestor_id = above.ancestor_id;
    ELSE
        INSERT INTO shop.category_tree (tenant_id, ancestor_id, descendant_id, depth)
        VALUES (NEW.tenant_id, NEW.id, NEW.id, 0);
    END IF;
    IF NEW.parent_id IS NOT NULL THEN
        INSERT INTO shop.category_tree (tenant_id, ancestor_id, descendant_id, depth)
        SELECT NEW.tenant_id, above.ancestor_id, below.descendant_id, above.depth + below.depth + 1
          FROM shop.category_tree above, shop.category_tree below
         WHERE above.tenant_id = NEW.tenant_id AND above.descendant_id = NEW.parent_id
           AND below.tenant_id = NEW.tenant_id AND below.ancestor_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION shop.category_tree_sync() OWNER TO kade_owner;
CREATE TRIGGER category_tree_sync AFTER INSERT OR UPDATE OF parent_id ON shop.categories
    FOR EACH ROW EXECUTE FUNCTION shop.category_tree_sync();

CREATE TABLE shop.category_stats (
    tenant_id     uuid NOT NULL DEFAULT app.tenant(),
    category_id   uuid NOT NULL,
    product_count int4 NOT NULL DEFAULT 0 CHECK (product_count >= 0),
    created_at    timestamptz NOT NULL DEFAULT app.now(),
    updated_at    timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, category_id),
    FOREIGN KEY (tenant_id, category_id) REFERENCES shop.categories (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE shop.category_stats IS '@class S shown products in a category and below it';
SELECT app.protect('shop.category_stats');

CREATE TABLE shop.product_types (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    id         uuid NOT NULL DEFAULT app.uuid7(),
    code       text NOT NULL CHECK (char_length(code) BETWEEN 1 AND 60),
    name       text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    version    int4 NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    deleted_at timestamptz,
    created_by uuid,
    updated_by uuid,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE shop.product_types IS '@class E which attributes a kind of product has';
CREATE UNIQUE INDEX product_types_code ON shop.product_types (tenant_id, code)
    WHERE deleted_at IS NULL;
SELECT app.protect('shop.product_types');

CREATE TABLE shop.attributes (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    id         uuid NOT NULL DEFAULT app.uuid7(),
    code       text NOT NULL CHECK (char_length(code) BETWEEN 1 AND 100),
    name       text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    input      text NOT NULL DEFAULT 'choice'
               CHECK (input IN ('text', 'number', 'boolean', 'choice', 'colour')),
    unit       text CHECK (char_length(unit) <= 20),
    position   int4 NOT NULL DEFAULT 0,
    version    int4 NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    deleted_at timestamptz,
    created_by uuid,
    updated_by uuid,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE shop.attributes IS '@class E what products say about themselves; code is the folded name';
CREATE UNIQUE INDEX attributes_code ON shop.attributes (tenant_id, code) WHERE deleted_at IS NULL;
SELECT app.protect('shop.attributes');

CREATE TABLE shop.attribute_options (
    tenant_id    uuid NOT NULL DEFAULT app.tenant(),
    id           uuid NOT NULL DEFAULT app.uuid7(),
    attribute_id uuid NOT NULL,
    code         text NOT NULL CHECK (char_length(code) BETWEEN 1 AND 200),
    value        text NOT NULL CHECK (char_length(value) BETWEEN 1 AND 200),
    swatch       text CHECK (swatch ~ '^#[0-9a-f]{6}$'),
    position     int4 NOT NULL DEFAULT 0,
    version      int4 NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL DEFAULT app.now(),
    updated_at   timestamptz NOT NULL DEFAULT app.now(),
    deleted_at   timestamptz,
    created_by   uuid,
    updated_by   uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, attribute_id) REFERENCES shop.attributes (tenant_id, id)
);
COMMENT ON TABLE shop.attribute_options IS '@class E values of a choice; code is the folded value';
CREATE UNIQUE INDEX attribute_options_code ON shop.attribute_options (tenant_id, attribute_id, code)
    WHERE deleted_at IS NULL;
CREATE INDEX attribute_options_attribute ON shop.attribute_options (tenant_id, attribute_id, position);
SELECT app.protect('shop.attribute_options');

CREATE TABLE shop.product_type_attributes (
    tenant_id     uuid NOT NULL DEFAULT app.tenant(),
    type_id       uuid NOT NULL,
    attribute_id  uuid NOT NULL,
    picks_variant bool NOT NULL DEFAULT false,
    position      int4 NOT NULL DEFAULT 0,
    created_at    timestamptz NOT NULL DEFAULT app.now(),
    updated_at    timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, type_id, attribute_id),
    FOREIGN KEY (tenant_id, type_id) REFERENCES shop.product_types (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, attribute_id) REFERENCES shop.attributes (tenant_id, id)
);
COMMENT ON TABLE shop.product_type_attributes IS '@class C attributes of a product type';
CREATE INDEX product_type_attributes_attribute ON shop.product_type_attributes (tenant_id, attribute_id);
SELECT app.protect('shop.product_type_attributes');

CREATE TABLE shop.products (
    tenant_id      uuid NOT NULL DEFAULT app.tenant(),
    id             uuid NOT NULL DEFAULT app.uuid7(),
    kind           text NOT NULL CHECK (kind IN ('simple', 'variable', 'bundle', 'external', 'digital')),
    code           text CHECK (char_length(code) BETWEEN 1 AND 100),
    name           text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 300),
    slug           text NOT NULL CHECK (char_length(slug) BETWEEN 1 AND 100),
    summary        text NOT NULL DEFAULT '' CHECK (char_length(summary) <= 2000),
    description    text NOT NULL DEFAULT '' CHECK (octet_length(description) <= 65536),
    type_id        uuid,
    brand_id       uuid,
    category_id    uuid,
    tax_class      text NOT NULL DEFAULT 'standard' CHECK (char_length(tax_class) BETWEEN 1 AND 60),
    shipping_class text CHECK (char_length(shipping_class) <= 60),
    status         text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'active', 'archived')),
    visibility     text NOT NULL DEFAULT 'visible'
                   CHECK (visibility IN ('visible', 'catalog', 'search', 'hidden')),
    publish_from   timestamptz NOT NULL DEFAULT '-infinity',
    publish_until  timestamptz NOT NULL DEFAULT 'infinity',
    is_featured    bool NOT NULL DEFAULT false,
    allows_reviews bool NOT NULL DEFAULT true,
    position       int4 NOT NULL DEFAULT 0,
    external_url   text CHECK (external_url ~ '^https?://' AND char_length(external_url) <= 2000),
    external_label text CHECK (char_length(external_label) <= 100),
    purchase_note  text CHECK (char_length(purchase_note) <= 2000),
    seo            jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(seo) = 'object'),
    custom         jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(custom) = 'object'),
    version        int4 NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL DEFAULT app.now(),
    updated_at     timestamptz NOT NULL DEFAULT app.now(),
    deleted_at     timestamptz,
    created_by     uuid,
    updated_by     uuid,
    PRIMARY KEY (tenant_id, id),
    CHECK (publish_from < publish_until),
    CHECK (kind <> 'external' OR external_url IS NOT NULL),
    FOREIGN KEY (tenant_id, type_id) REFERENCES shop.product_types (tenant_id, id)
        ON DELETE SET NULL (type_id),
    FOREIGN KEY (tenant_id, brand_id) REFERENCES shop.brands (tenant_id, id)
        ON DELETE SET NULL (brand_id),
    FOREIGN KEY (tenant_id, category_id) REFERENCES shop.categories (tenant_id, id)
        ON DELETE SET NULL (category_id)
);
COMMENT ON TABLE shop.products IS '@class E what is offered; what is sold is its variant, of which each has at least one';
COMMENT ON COLUMN shop.products.code IS 'normalised SKU of a product whose variants have their own, or its key where it came from';
CREATE UNIQUE INDEX products_slug ON shop.products (tenant_id, slug) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX products_code ON shop.products (tenant_id, code)
    WHERE code IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX products_featured ON shop.products (tenant_id, position, id)
    WHERE is_featured AND status = 'active' AND deleted_at IS NULL;
CREATE INDEX products_newest ON shop.products (tenant_id, created_at, id)
    WHERE status = 'active' AND deleted_at IS NULL;
CREATE INDEX products_type ON shop.products (tenant_id, type_id) WHERE type_id IS NOT NULL;
CREATE INDEX products_brand ON shop.products (tenant_id, brand_id) WHERE brand_id IS NOT NULL;
CREATE INDEX products_category ON shop.products (tenant_id, category_id) WHERE category_id IS NOT NULL;
SELECT app.protect('shop.products');

CREATE TABLE shop.product_variants (
    tenant_id      uuid NOT NULL DEFAULT app.tenant(),
    id             uuid NOT NULL DEFAULT app.uuid7(),
    product_id     uuid NOT NULL,
    sku            text NOT NULL CHECK (char_length(sku) BETWEEN 1 AND 100),
    sku_norm       text NOT NULL CHECK (char_length(sku_norm) BETWEEN 1 AND 100),
    barcode        text CHECK (char_length(barcode) <= 60),
    options_key    text NOT NULL DEFAULT '' CHECK (char_length(options_key) <= 1000),
    stock_policy   text NOT NULL DEFAULT 'tracked' CHECK (stock_policy IN ('tracked', 'always', 'never')),
    weight_g       int4 CHECK (weight_g >= 0),
    length_mm      int4 CHECK (length_mm >= 0),
    width_mm       int4 CHECK (width_mm >= 0),
    height_mm      int4 CHECK (height_mm >= 0),
    min_quantity   int4 NOT NULL DEFAULT 1,
    max_quantity   int4 NOT NULL DEFAULT 1000000,
    unit           text NOT NULL DEFAULT 'piece' CHECK (char_length(unit) BETWEEN 1 AND 20),
    price_quantity int4 NOT NULL DEFAULT 1 CHECK (price_quantity BETWEEN 1 AND 1000000),
    is_active      bool NOT NULL DEFAULT true,
    position       int4 NOT NULL DEFAULT 0,
    custom         jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(custom) = 'object'),
    version        int4 NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL DEFAULT app.now(),
    updated_at     timestamptz NOT NULL DEFAULT app.now(),
    deleted_at     timestamptz,
    created_by     uuid,
    updated_by     uuid,
    PRIMARY KEY (tenant_id, id),
    CHECK (1 <= min_quantity AND min_quantity <= max_quantity AND max_quantity <= 1000000),
    FOREIGN KEY (tenant_id, product_id) REFERENCES shop.products (tenant_id, id)
);
COMMENT ON TABLE shop.product_variants IS '@class E what is priced, stocked and sold; sku_norm is the upper case SKU without spaces';
COMMENT ON COLUMN shop.product_variants.stock_policy IS 'tracked: stock_levels decide; always, never: not counted';
CREATE UNIQUE INDEX product_variants_sku ON shop.product_variants (tenant_id, sku_norm)
    WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX product_variants_options ON shop.product_variants (tenant_id, product_id, options_key)
    WHERE deleted_at IS NULL;
CREATE INDEX product_variants_product ON shop.product_variants (tenant_id, product_id, position);
CREATE INDEX product_variants_barcode ON shop.product_variants (tenant_id, barcode)
    WHERE barcode IS NOT NULL;
SELECT app.protect('shop.product_variants');

CREATE TABLE shop.variant_costs (
    tenant_id          uuid NOT NULL DEFAULT app.tenant(),
    variant_id         uuid NOT NULL,
    currency           text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    average_cost_minor int8 CHECK (average_cost_minor >= 0),
    last_cost_minor    int8 CHECK (last_cost_minor >= 0),
    last_purchase_at   timestamptz,
    created_at         timestamptz NOT NULL DEFAULT app.now(),
    updated_at         timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, variant_id),
    FOREIGN KEY (tenant_id, variant_id) REFERENCES shop.product_variants (tenant_id, id)
);
COMMENT ON TABLE shop.variant_costs IS '@class S what a variant costs the shop; hidden from the storefront role';
SELECT app.protect('shop.variant_costs');
REVOKE ALL ON shop.variant_costs FROM kade_rt;
GRANT SELECT, INSERT, UPDATE, DELETE ON shop.variant_costs TO kade_desk;

CREATE TABLE shop.variant_attribute_values (
    tenant_id    uuid NOT NULL DEFAULT app.tenant(),
    variant_id   uuid NOT NULL,
    attribute_id uuid NOT NULL,
    option_id    uuid NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT app.now(),
    updated_at   timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, variant_id, attribute_id),
    FOREIGN KEY (tenant_id, variant_id) REFERENCES shop.product_variants (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, attribute_id) REFERENCES shop.attributes (tenant_id, id),
    FOREIGN KEY (tenant_id, option_id) REFERENCES shop.attribute_options (tenant_id, id)
);
COMMENT ON TABLE shop.variant_attribute_values IS '@class C the options that pick a variant';
CREATE INDEX variant_attribute_values_attribute ON shop.variant_attribute_values (tenant_id, attribute_id);
CREATE INDEX variant_attribute_values_option ON shop.variant_attribute_values (tenant_id, option_id);
SELECT app.protect('shop.variant_attribute_values');

CREATE TABLE shop.product_attribute_values (
    tenant_id    uuid NOT NULL DEFAULT app.tenant(),
    product_id   uuid NOT NULL,
    attribute_id uuid NOT NULL,
    position     int4 NOT NULL DEFAULT 0,
    option_id    uuid NOT NULL,
    is_shown     bool NOT NULL DEFAULT true,
    created_at   timestamptz NOT NULL DEFAULT app.now(),
    updated_at   timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, product_id, attribute_id, position),
    FOREIGN KEY (tenant_id, product_id) REFERENCES shop.products (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, attribute_id) REFERENCES shop.attributes (tenant_id, id),
    FOREIGN KEY (tenant_id, option_id) REFERENCES shop.attribute_options (tenant_id, id)
);
COMMENT ON TABLE shop.product_attribute_values IS '@class C properties of a product, several values in order';
CREATE INDEX product_attribute_values_attribute ON shop.product_attribute_values (tenant_id, attribute_id);
CREATE INDEX product_attribute_values_option ON shop.product_attribute_values (tenant_id, option_id);
SELECT app.protect('shop.product_attribute_values');

CREATE TABLE shop.kit_items (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    kit_id     uuid NOT NULL,
    variant_id uuid NOT NULL,
    quantity   int4 NOT NULL DEFAULT 1 CHECK (quantity > 0),
    position   int4 NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, kit_id, variant_id),
    CHECK (kit_id <> variant_id),
    FOREIGN KEY (tenant_id, kit_id) REFERENCES shop.product_variants (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, variant_id) REFERENCES shop.product_variants (tenant_id, id)
);
COMMENT ON TABLE shop.kit_items IS '@class C parts of a bundle: kit_id is the variant of the bundle';
CREATE INDEX kit_items_variant ON shop.kit_items (tenant_id, variant_id);
SELECT app.protect('shop.kit_items');

CREATE TABLE shop.product_categories (
    tenant_id   uuid NOT NULL DEFAULT app.tenant(),
    product_id  uuid NOT NULL,
    category_id uuid NOT NULL,
    position    int4 NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL DEFAULT app.now(),
    updated_at  timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, product_id, category_id),
    FOREIGN KEY (tenant_id, product_id) REFERENCES shop.products (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, category_id) REFERENCES shop.categories (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE shop.product_categories IS '@class C every category a product is in; products.category_id is the canonical one';
CREATE INDEX product_categories_category ON shop.product_categories (tenant_id, category_id);
SELECT app.protect('shop.product_categories');

CREATE TABLE shop.product_tags (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    product_id uuid NOT NULL,
    tag_norm   text NOT NULL CHECK (char_length(tag_norm) BETWEEN 1 AND 100),
    tag        text NOT NULL CHECK (char_length(tag) BETWEEN 1 AND 100),
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, product_id, tag_norm),
    FOREIGN KEY (tenant_id, product_id) REFERENCES shop.products (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE shop.product_tags IS '@class C free words on a product';
CREATE INDEX product_tags_tag ON shop.product_tags (tenant_id, tag_norm);
SELECT app.protect('shop.product_tags');

CREATE TABLE shop.product_relations (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    product_id uuid NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('related', 'upsell', 'cross')),
    other_id   uuid NOT NULL,
    position   int4 NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, product_id, kind, other_id),
    CHECK (product_id <> other_id),
    FOREIGN KEY (tenant_id, product_id) REFERENCES shop.products (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, other_id) REFERENCES shop.products (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE shop.product_relations IS '@class C what else to look at';
CREATE INDEX product_relations_other ON shop.product_relations (tenant_id, other_id);
SELECT app.protect('shop.product_relations');

CREATE TABLE shop.product_media (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    product_id uuid NOT NULL,
    media_id   uuid NOT NULL,
    variant_id uuid,
    position   int4 NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, product_id, media_id),
    FOREIGN KEY (tenant_id, product_id) REFERENCES shop.products (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, media_id) REFERENCES shop.media (tenant_id, id),
    FOREIGN KEY (tenant_id, variant_id) REFERENCES shop.product_variants (tenant_id, id)
        ON DELETE SET NULL (variant_id)
);
COMMENT ON TABLE shop.product_media IS '@class C pictures of a product in order; variant_id where it shows one variant';
CREATE INDEX product_media_media ON shop.product_media (tenant_id, media_id);
CREATE INDEX product_media_variant ON shop.product_media (tenant_id, variant_id)
    WHERE variant_id IS NOT NULL;
SELECT app.protect('shop.product_media');

CREATE TABLE shop.product_stats (
    tenant_id    uuid NOT NULL DEFAULT app.tenant(),
    product_id   uuid NOT NULL,
    rating_sum   int8 NOT NULL DEFAULT 0 CHECK (rating_sum >= 0),
    rating_count int4 NOT NULL DEFAULT 0 CHECK (rating_count >= 0),
    sold         int8 NOT NULL DEFAULT 0 CHECK (sold >= 0),
    viewed       int8 NOT NULL DEFAULT 0 CHECK (viewed >= 0),
    popularity   int8 NOT NULL DEFAULT 0,
    created_at   timestamptz NOT NULL DEFAULT app.now(),
    updated_at   timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, product_id),
    CHECK (rating_sum BETWEEN rating_count AND rating_count::int8 * 5),
    FOREIGN KEY (tenant_id, product_id) REFERENCES shop.products (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE shop.product_stats IS '@class S counters that do not touch the version of the product';
SELECT app.protect('shop.product_stats');

CREATE TABLE shop.slugs (
    tenant_id   uuid NOT NULL DEFAULT app.tenant(),
    resource    text NOT NULL CHECK (resource IN ('product', 'category', 'brand', 'page', 'post')),
    slug        text NOT NULL CHECK (char_length(slug) BETWEEN 1 AND 100),
    resource_id uuid NOT NULL,
    is_live     bool NOT NULL DEFAULT true,
    created_at  timestamptz NOT NULL DEFAULT app.now(),
    updated_at  timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, resource, slug)
);
COMMENT ON TABLE shop.slugs IS '@class C every name an address ever had; one that redirects is never given away';
CREATE INDEX slugs_resource ON shop.slugs (tenant_id, resource, resource_id);
SELECT app.protect('shop.slugs');
