CREATE TABLE role (
  tenant_id   integer NOT NULL,
  id          uuid NOT NULL,
  name        text NOT NULL,
  permissions text[] NOT NULL,
  built_in    boolean NOT NULL,
  version     bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name)
);
SELECT tenant_table('role');

CREATE TABLE staff (
  tenant_id     integer NOT NULL,
  id            uuid NOT NULL,
  name          text NOT NULL,
  display_name  text NOT NULL,
  password_hash text NOT NULL,
  active        boolean NOT NULL,
  all_branches  boolean NOT NULL,
  branch_ids    uuid[] NOT NULL,
  version       bigint NOT NULL,
  created_at    timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name)
);
SELECT tenant_table('staff');

CREATE TABLE staff_role (
  tenant_id integer NOT NULL,
  staff_id  uuid NOT NULL,
  role_id   uuid NOT NULL,
  PRIMARY KEY (tenant_id, staff_id, role_id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id),
  FOREIGN KEY (tenant_id, role_id) REFERENCES role (tenant_id, id)
);
SELECT tenant_table('staff_role');
