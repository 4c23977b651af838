-- A table for the golden statements; sqlgen only parses it.
CREATE SCHEMA wish;
CREATE TABLE wish.items (tenant_id uuid NOT NULL, id uuid NOT NULL, note text, at timestamptz DEFAULT now(),
                         PRIMARY KEY (tenant_id, id));
