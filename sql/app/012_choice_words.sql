-- The words of a choice in other languages are kept under option_ and its code, and codes have digits
-- and letters of every script.
ALTER TABLE app.translations DROP CONSTRAINT translations_field_check;
ALTER TABLE app.translations ADD CONSTRAINT translations_field_check
    CHECK (field ~ '^[a-z_]{1,60}$' OR (field LIKE 'option\_%' AND char_length(field) BETWEEN 8 AND 200));
