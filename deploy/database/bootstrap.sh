#!/bin/sh
# Runs bootstrap.sql in containers: against the server that PGHOST, PGPORT, PGUSER and
# PGPASSWORD_FILE name, with the password of each role from $KAREZ_SECRETS_DIR/db-<role>.
# Waits for the server; safe to run again.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
: "${KAREZ_SECRETS_DIR:?name the folder with the files db-<role>}"
PGPASSWORD=$(cat "${PGPASSWORD_FILE:?name the file with the password of the superuser}")
export PGPASSWORD

until pg_isready --quiet; do
  echo "waiting for PostgreSQL at ${PGHOST:-this machine}"
  sleep 1
done

roles=$(sed -n 's/^ALTER ROLE \(karez_[a-z_]*\) PASSWORD .*/\1/p' "$here/roles.psql")
for role in $roles; do
  test -s "$KAREZ_SECRETS_DIR/db-$role" || {
    echo "$KAREZ_SECRETS_DIR/db-$role is missing or empty: put the role's password there." >&2
    exit 1
  }
done

{
  # psql reads the files itself, so a password may hold any character and is no argument.
  for role in $roles; do
    printf '\\set password_%s `cat "%s/db-%s"`\n' "$role" "$KAREZ_SECRETS_DIR" "$role"
  done
  printf '\\i %s/bootstrap.sql\n' "$here"
} | PGOPTIONS='-c client_min_messages=warning' \
  psql --no-psqlrc --quiet --tuples-only --set=ON_ERROR_STOP=1 --dbname=postgres
echo "roles and schemas are in place"
