-- What the tables of 0001 lean on. Read by revision 0001; never changed afterwards.
create function core.tenant() returns uuid language sql stable parallel safe
    as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$;

create function core.person() returns uuid language sql stable parallel safe
    as $$ select nullif(current_setting('app.person_id', true), '')::uuid $$;

create function core.fold(value text) returns text language sql stable parallel safe
    as $$ select lower(public.unaccent(value)) $$;
