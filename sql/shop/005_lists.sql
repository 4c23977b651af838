-- The index table behind category pages: one row per category (and each of its ancestors) and shown
-- product, with what the page sorts and narrows by. No private text, no policy (sql/unprotected):
-- tenant_id = $1 is bound by the generated code and rows are joined back to protected tables. It is
-- written in the transaction of the change, and can be rebuilt from the truth at any time.
CREATE TABLE shop.category_products (
    tenant_id   uuid NOT NULL,
    category_id uuid NOT NULL,
    rank        int8 NOT NULL,
    product_id  uuid NOT NULL,
    price_minor int8,
    in_stock    bool NOT NULL,
    listed_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, category_id, rank, product_id)
);
COMMENT ON TABLE shop.category_products IS '@class X products of a category and below it in the order of the page';
COMMENT ON COLUMN shop.category_products.rank IS 'sold out last, featured first, then position, then newest first';
CREATE INDEX category_products_price ON shop.category_products (tenant_id, category_id, price_minor, product_id);
CREATE INDEX category_products_newest ON shop.category_products (tenant_id, category_id, listed_at, product_id);
CREATE INDEX category_products_product ON shop.category_products (tenant_id, product_id);
SELECT app.protect('shop.category_products');
