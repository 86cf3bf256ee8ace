-- What an invitation calls the person: the inviter's word, until the person says their own.
ALTER TABLE sign_in_links ADD COLUMN name TEXT NOT NULL DEFAULT '';
