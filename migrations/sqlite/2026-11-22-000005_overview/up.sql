-- The overview counts and ranks a practice's own vendors from these alone, without reading
-- the wide rows behind them.
CREATE INDEX vendors_by_standing ON vendors (practice_id, status, rating);
CREATE INDEX vendors_by_risk ON vendors (practice_id, assured, residual);
-- Delivery asks by state and time every half minute; the partial index of before cannot be
-- used with bound states.
DROP INDEX letters_to_send;
CREATE INDEX letters_to_send ON letters (state, try_at);
-- Judging a vendor looks at the newest letter to it.
CREATE INDEX letters_by_vendor ON letters (practice_id, vendor_id, written_at);
