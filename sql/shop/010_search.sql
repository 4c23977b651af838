-- What finding products reads. Index tables (class X) hold no private text and no policy
-- (sql/unprotected): tenant_id = $1 is bound by the generated code, rows are joined back to protected
-- tables. They follow the outbox and can be rebuilt from the truth at any time. Synonyms and
-- redirects are the shop's own words and are kept by staff.

-- One row per product that may be listed or found. A product in several languages is one row: what a
-- shopper types in any of them, on whatever page, finds it, and facets are counted once.
CREATE TABLE shop.product_search (
    tenant_id   uuid NOT NULL,
    product_id  uuid NOT NULL,
    tsv         tsvector NOT NULL,
    facets      int4[] NOT NULL,
    price_minor int8 NOT NULL,
    in_stock    bool NOT NULL,
    in_lists    bool NOT NULL,
    in_search   bool NOT NULL,
    rating      int4 NOT NULL,
    popularity  int8 NOT NULL,
    listed_us   int8 NOT NULL,
    name_words  int4 NOT NULL,
    next_edge   int8 NOT NULL,
    version     int4 NOT NULL,
    PRIMARY KEY (tenant_id, product_id)
) WITH (fillfactor = 90);
COMMENT ON TABLE shop.product_search IS '@class X words, facet terms and sort keys of a product';
COMMENT ON COLUMN shop.product_search.tsv IS 'folded words and their stems (A name, B brand, category, options, tags, C summary, D description); ~s and ~t keys of romanised Sinhala and Tamil; =CODE for SKU and barcode';
COMMENT ON COLUMN shop.product_search.facets IS 'term ids, sorted: group in the upper 16 bits (shop/search_term.h)';
COMMENT ON COLUMN shop.product_search.price_minor IS 'lowest price when it was indexed, the largest int8 without one; sorts and narrows, is never shown';
COMMENT ON COLUMN shop.product_search.in_lists IS 'active, within its publish window and shown in lists when it was indexed';
COMMENT ON COLUMN shop.product_search.rating IS 'average times 100; 0 without ratings';
COMMENT ON COLUMN shop.product_search.next_edge IS 'microseconds since 1970 at which a price or publish window changes this row; the largest int8 = not foreseen';
-- The planner takes the shop and the words (or terms) from one index; no pending list, for it is
-- scanned by every search.
CREATE INDEX product_search_words ON shop.product_search USING gin (tenant_id, tsv, facets)
    WITH (fastupdate = off);
CREATE INDEX product_search_edge ON shop.product_search (tenant_id, next_edge)
    WHERE next_edge < 9223372036854775807;
CREATE INDEX product_search_popular ON shop.product_search (tenant_id, popularity DESC, product_id)
    WHERE in_search AND in_stock;
SELECT app.protect('shop.product_search');

-- Distinct words of a shop, for completion and "did you mean". A word that no product has any more
-- stays until the next recount, which deletes it.
CREATE TABLE shop.search_words (
    tenant_id uuid NOT NULL,
    locale    text NOT NULL,
    word      text COLLATE "C" NOT NULL,
    shown     text NOT NULL,
    stem      text COLLATE "C" NOT NULL,
    sound     text COLLATE "C" NOT NULL,
    n         int4 NOT NULL,
    PRIMARY KEY (tenant_id, locale, word)
);
COMMENT ON TABLE shop.search_words IS '@class X folded words of the catalogue with the way people write them';
COMMENT ON COLUMN shop.search_words.sound IS 'key of the romanised word, empty for words in Latin and Arabic letters';
COMMENT ON COLUMN shop.search_words.n IS 'products with the word at the last recount';
CREATE INDEX search_words_word ON shop.search_words (tenant_id, word);
CREATE INDEX search_words_stem ON shop.search_words (tenant_id, stem);
CREATE INDEX search_words_sound ON shop.search_words (tenant_id, sound) WHERE sound <> '';
CREATE INDEX search_words_trigram ON shop.search_words USING gin (tenant_id, word ext.gin_trgm_ops);
SELECT app.protect('shop.search_words');

-- Small numbers for what can be a facet, so that a product's are one int4 array. A term is never
-- given to another value.
CREATE TABLE shop.facet_terms (
    tenant_id uuid NOT NULL,
    term      int4 NOT NULL,
    ref       uuid NOT NULL,
    PRIMARY KEY (tenant_id, term),
    UNIQUE (tenant_id, ref)
);
COMMENT ON TABLE shop.facet_terms IS '@class X number of a brand, category, attribute or option as a facet';
SELECT app.protect('shop.facet_terms');

-- How many listed products of a category have a term: the facets of a category page without filters.
CREATE TABLE shop.category_facets (
    tenant_id uuid NOT NULL,
    category  int4 NOT NULL,
    term      int4 NOT NULL,
    n         int4 NOT NULL,
    PRIMARY KEY (tenant_id, category, term)
) WITH (fillfactor = 80);
COMMENT ON TABLE shop.category_facets IS '@class X products per category term and facet term, kept by differences';
SELECT app.protect('shop.category_facets');

CREATE TABLE shop.search_synonyms (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    id         uuid NOT NULL DEFAULT app.uuid7(),
    term       text NOT NULL CHECK (char_length(term) BETWEEN 1 AND 100),
    term_norm  text NOT NULL CHECK (char_length(term_norm) BETWEEN 1 AND 200),
    means      text NOT NULL CHECK (char_length(means) BETWEEN 1 AND 100),
    means_norm text NOT NULL CHECK (char_length(means_norm) BETWEEN 1 AND 200),
    version    int4 NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    deleted_at timestamptz,
    created_by uuid,
    updated_by uuid,
    PRIMARY KEY (tenant_id, id),
    CHECK (term_norm <> means_norm)
);
COMMENT ON TABLE shop.search_synonyms IS '@class E who looks for term also finds means; both ways = two rows';
CREATE UNIQUE INDEX search_synonyms_term ON shop.search_synonyms (tenant_id, term_norm, means_norm)
    WHERE deleted_at IS NULL;
SELECT app.protect('shop.search_synonyms');
SELECT app.desk_writes('shop.search_synonyms');

CREATE TABLE shop.search_redirects (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    id         uuid NOT NULL DEFAULT app.uuid7(),
    query      text NOT NULL CHECK (char_length(query) BETWEEN 1 AND 100),
    query_norm text NOT NULL CHECK (char_length(query_norm) BETWEEN 1 AND 200),
    target     text NOT NULL CHECK (target ~ '^/([^/\\]|$)' AND char_length(target) <= 500),
    version    int4 NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    deleted_at timestamptz,
    created_by uuid,
    updated_by uuid,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE shop.search_redirects IS '@class E searches that lead to a page of their own';
CREATE UNIQUE INDEX search_redirects_query ON shop.search_redirects (tenant_id, query_norm)
    WHERE deleted_at IS NULL;
SELECT app.protect('shop.search_redirects');
SELECT app.desk_writes('shop.search_redirects');

-- When the whole index was last made, and the words last counted.
CREATE TABLE shop.search_state (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    rebuilt_at timestamptz,
    counted_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id)
);
COMMENT ON TABLE shop.search_state IS '@class S upkeep of the index tables of a shop';
SELECT app.protect('shop.search_state');
SELECT app.desk_writes('shop.search_state');
