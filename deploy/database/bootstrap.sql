-- Prepares a PostgreSQL 15 (or a Citus coordinator) for Karez: roles, database, schemas, grants.
--
-- A psql script, run by a superuser, connected to any database; safe to run again. It needs a
-- password for each role as a psql variable `password_<role>`; give them on stdin (\set), never as
-- arguments, which every user of the machine can read. `database` defaults to karez.
-- On Citus the database must exist on every node, with the extension, before this runs.
\set ON_ERROR_STOP on
\if :{?database} \else \set database karez \endif

SELECT format('CREATE DATABASE %I ENCODING ''UTF8'' LC_COLLATE ''C.UTF-8'' LC_CTYPE ''C.UTF-8'' '
              'TEMPLATE template0', :'database')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database')
\gexec

-- Roles after connecting: Citus passes them on to the workers from its own databases only.
\connect :"database"
\ir roles.psql
\ir schemas.psql
