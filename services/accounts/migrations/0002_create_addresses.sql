-- The tree of standard addresses. The id is derived from the path, so two writers of one address
-- write the same row.
CREATE TABLE address (
  tenant_id integer NOT NULL,
  id        uuid NOT NULL,
  parent_id uuid,
  level     smallint NOT NULL CHECK (level BETWEEN 1 AND 5),
  name      text NOT NULL,
  path      text COLLATE "C" NOT NULL,
  full_text text NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, path),
  FOREIGN KEY (tenant_id, parent_id) REFERENCES address (tenant_id, id)
);
CREATE INDEX address_children ON address (tenant_id, parent_id, name COLLATE "C", id);
SELECT tenant_table('address');
