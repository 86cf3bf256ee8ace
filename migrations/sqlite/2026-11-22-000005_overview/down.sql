DROP INDEX letters_to_send;
CREATE INDEX letters_to_send ON letters (try_at) WHERE state IN ('waiting', 'claimed', 'deferred');
DROP INDEX vendors_by_risk;
DROP INDEX vendors_by_standing;
