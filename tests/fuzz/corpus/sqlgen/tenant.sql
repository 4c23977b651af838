-- tenant: $2
-- role:
-- stmt: b(x bool[]?) -> maybe wish_
-- tenant: $1
-- tenant: $1
SELECT $99999999999, $0