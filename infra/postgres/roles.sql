-- The three roles of Acogida. Run once, as a superuser, on the database that will hold it.
-- owner migrates; app answers requests; worker runs the queue. None of app and worker owns a table or skips the wall.
-- Passwords come as psql variables: psql -v owner_password=… -v app_password=… -v worker_password=… -f roles.sql

select format('create role acogida_owner login nosuperuser nocreatedb nocreaterole nobypassrls password %L', :'owner_password')
where not exists (select from pg_roles where rolname = 'acogida_owner') \gexec
select format('create role acogida_app login nosuperuser nocreatedb nocreaterole nobypassrls password %L', :'app_password')
where not exists (select from pg_roles where rolname = 'acogida_app') \gexec
select format('create role acogida_worker login nosuperuser nocreatedb nocreaterole nobypassrls password %L', :'worker_password')
where not exists (select from pg_roles where rolname = 'acogida_worker') \gexec

create extension if not exists unaccent;
create extension if not exists pg_trgm;
create extension if not exists fuzzystrmatch;

select format('grant create on database %I to acogida_owner', current_database()) \gexec
revoke create on schema public from public;
