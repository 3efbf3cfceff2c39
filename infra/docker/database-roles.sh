#!/bin/sh
# Runs once, when the database volume is empty: makes the three roles with the passwords of the environment.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  -v owner_password="$(cat /run/secrets/owner_password)" \
  -v app_password="$(cat /run/secrets/app_password)" \
  -v worker_password="$(cat /run/secrets/worker_password)" \
  -f /roles/roles.sql
