-- The rows of imported files, each with what became of it.
CREATE TABLE import_row (
  tenant_id integer NOT NULL,
  import_id uuid NOT NULL,
  line      integer NOT NULL,
  kind      text NOT NULL,
  cells     jsonb NOT NULL,
  state     text NOT NULL CHECK (state IN ('pending', 'imported', 'unchanged', 'refused', 'waiting')),
  field     text NOT NULL DEFAULT '',
  reason    text NOT NULL DEFAULT '',
  number    text NOT NULL DEFAULT '',
  waits_for text,
  PRIMARY KEY (tenant_id, import_id, line)
);
CREATE INDEX import_row_waiting ON import_row (tenant_id, kind, waits_for) WHERE state = 'waiting';
SELECT tenant_table('import_row');
