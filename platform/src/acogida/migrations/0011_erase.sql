-- Erases all rows of the session's tenant, whichever table keeps them, its plugins' included. Refuses where the
-- municipality did not decide to leave or the day has not come. Read by revision 0011; never changed afterwards.
create function core.erase_workspace() returns bigint language plpgsql security definer
    set search_path = core, pg_temp as $$
declare
    leaving uuid := core.tenant();
    gone bigint := 0;
    erased bigint;
    waiting int := -1;
    before int;
    kept record;
    place text;
begin
    if leaving is null or not exists (
        select from core.departure where tenant_id = leaving and erase_on <= (now() at time zone 'America/Santiago')::date
    ) then
        raise exception 'the municipality has not decided to leave by today' using errcode = 'insufficient_privilege';
    end if;
    perform set_config('app.cycle_id', '', true);
    -- What others point at can only go after them: go round until nothing waits.
    loop
        before := waiting;
        waiting := 0;
        for kept in
            select format('%I.%I', n.nspname, c.relname) as name, o.attname as owner
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute o on o.attrelid = c.oid and o.attname in ('tenant_id', 'municipality_id') and not o.attisdropped
            where c.relkind in ('r', 'p') and (n.nspname = 'core' or n.nspname like 'plugin\_%')
              and c.relname <> 'departure'
        loop
            begin
                execute format('delete from %s where %I = $1', kept.name, kept.owner) using leaving;
                get diagnostics erased = row_count;
                gone := gone + erased;
            exception when foreign_key_violation or restrict_violation then
                waiting := waiting + 1;
            end;
        end loop;
        exit when waiting = 0;
        if waiting = before then
            raise exception 'tables of the workspace point at each other';
        end if;
    end loop;
    select cut into place from core.municipality where id = leaving;
    delete from core.claim where cut = place;
    delete from core.departure where tenant_id = leaving;
    delete from core.municipality where id = leaving;
    return gone;
end $$;
revoke all on function core.erase_workspace() from public;
grant execute on function core.erase_workspace() to acogida_worker;
