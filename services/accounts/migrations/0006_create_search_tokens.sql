-- What an account is found by: read with = and ^@ only, since other operators do not reach their
-- index under row security. branch_id is the account's, so that scope needs no join.
CREATE TABLE search_token (
  tenant_id  integer NOT NULL,
  token      text COLLATE "C" NOT NULL,
  account_id uuid NOT NULL,
  branch_id  uuid NOT NULL,
  PRIMARY KEY (tenant_id, token, account_id)
);
CREATE INDEX search_token_account ON search_token (tenant_id, account_id);
SELECT tenant_table('search_token');
