-- Identity holds the truth about tenants and branches, so it keeps more of them than the others.
CREATE TABLE tenant_group (
  code text PRIMARY KEY
);
SELECT platform_table('tenant_group', 'A group stands above its tenants.');

ALTER TABLE tenant ADD COLUMN group_code text REFERENCES tenant_group (code);
ALTER TABLE tenant ADD COLUMN created_at timestamptz;
ALTER TABLE branch ADD COLUMN parent_id uuid;
ALTER TABLE branch ADD FOREIGN KEY (tenant_id, parent_id) REFERENCES branch (tenant_id, id);
