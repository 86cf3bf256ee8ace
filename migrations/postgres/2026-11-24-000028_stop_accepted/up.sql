-- Until when a hard stop that failed is accepted, as part of how a vendor stands: the list names it
-- beside the rating that is counted without it.
ALTER TABLE vendors ADD COLUMN stop_accepted_until DATE;
