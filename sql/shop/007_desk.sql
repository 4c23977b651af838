-- What shoppers only read, the storefront's role may only read: the catalogue and its prices are
-- written by staff and jobs. Stock, customers and counters stay writable: orders move them.
SELECT app.desk_writes(('shop.' || t)::regclass)
  FROM unnest(ARRAY['customer_groups', 'sellers', 'media', 'brands', 'categories', 'category_tree',
                    'category_stats', 'product_types', 'attributes', 'attribute_options',
                    'product_type_attributes', 'products', 'product_variants',
                    'variant_attribute_values', 'product_attribute_values', 'kit_items',
                    'product_categories', 'product_tags', 'product_relations', 'product_media', 'slugs',
                    'price_lists', 'prices', 'price_log', 'warehouses']) AS t;
