-- Numbers people see. Those that may have gaps are taken in a transaction of their own, before the one
-- that uses them; the local year and month are for the pattern.

-- stmt: number_next(series text, zone text, moment timestamptz) -> maybe number_taken
-- row:  no int8, pattern text, year int4, month int4
-- writes
UPDATE app.number_series SET next_no = next_no + 1 WHERE series = $1
RETURNING next_no - 1 AS no, pattern, extract(year FROM $3 AT TIME ZONE $2)::int4 AS year,
          extract(month FROM $3 AT TIME ZONE $2)::int4 AS month;
