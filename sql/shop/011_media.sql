-- Pictures that people send: judged at once, made into sizes by a job. path is what an <img> can show
-- (a drawing, or the largest JPEG size); the original, with what its camera wrote into it, is
-- private.
ALTER TABLE shop.media DROP CONSTRAINT media_state_check;
ALTER TABLE shop.media
    ADD CONSTRAINT media_state_check CHECK (state IN ('missing', 'pending', 'ready', 'refused')),
    ADD COLUMN file_name text CHECK (char_length(file_name) BETWEEN 1 AND 200),
    ADD COLUMN original  text CHECK (original ~ '^private/media/[a-z0-9./-]{1,200}$'),
    ADD COLUMN focal_x   int4 NOT NULL DEFAULT 500 CHECK (focal_x BETWEEN 0 AND 1000),
    ADD COLUMN focal_y   int4 NOT NULL DEFAULT 500 CHECK (focal_y BETWEEN 0 AND 1000),
    ADD COLUMN colour    int4 CHECK (colour BETWEEN 0 AND 63),
    ADD COLUMN sizes     int4 NOT NULL DEFAULT 0 CHECK (sizes BETWEEN 0 AND 127),
    ADD COLUMN recipe    int4 NOT NULL DEFAULT 0 CHECK (recipe >= 0);
COMMENT ON COLUMN shop.media.state IS 'missing: only an address; pending: sizes are being made; refused: reason says why';
COMMENT ON COLUMN shop.media.sizes IS 'bit i: image_widths[i] was made, bit 6: its own width';
COMMENT ON COLUMN shop.media.recipe IS 'IMAGE_RECIPE the sizes were made by, 0 = none yet';
CREATE INDEX media_stale ON shop.media (tenant_id, recipe, id)
    WHERE original IS NOT NULL AND deleted_at IS NULL AND state <> 'refused';
CREATE INDEX media_files ON shop.media (tenant_id, original) WHERE original IS NOT NULL;

CREATE TABLE shop.media_renditions (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    media_id   uuid NOT NULL,
    format     text NOT NULL CHECK (format IN ('avif', 'webp', 'jpeg')),
    width      int4 NOT NULL CHECK (width > 0),
    height     int4 NOT NULL CHECK (height > 0),
    bytes      int8 NOT NULL CHECK (bytes > 0),
    path       text NOT NULL CHECK (path ~ '^media/[a-z0-9./-]{1,200}$'),
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, media_id, format, width),
    FOREIGN KEY (tenant_id, media_id) REFERENCES shop.media (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE shop.media_renditions IS '@class C the sizes made of a picture';
SELECT app.protect('shop.media_renditions');
SELECT app.desk_writes('shop.media_renditions');
