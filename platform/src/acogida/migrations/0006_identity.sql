-- Who is asking, with the offices they substitute, what they were given and how they proved who they are.
-- Read by revision 0006. Both functions run with the caller's rights, inside the wall of the workspace asked for.
drop function core.authenticate(bytea, text, timestamptz);
drop function core.authenticate_token(bytea, text, timestamptz);

-- The calendar day of a commune: an office is held from one local day to another.
create function core.local_day(p_cut text, p_now timestamptz) returns date language sql stable parallel safe as $$
    select (p_now at time zone case
        when p_cut = '05201' then 'Pacific/Easter'
        when p_cut like '12%' then 'America/Punta_Arenas'
        else 'America/Santiago' end)::date
$$;

-- A person's place in the workspace whose wall is up. Who substitutes an office has its role; its holder rests meanwhile.
create function core.place_of(p_person uuid, p_tenant uuid, p_cut text, p_now timestamptz)
returns table (roles text[], unit text, scope text[], areas text[], acting_for text)
language sql stable as $$
    with today as (select core.local_day(p_cut, p_now) as day),
    exercised as (
        select t.office, t.gives_role, t.person_id,
               (select h.name || ', ' || h.title from core.office_term h
                where h.tenant_id = p_tenant and h.office = t.office and h.kind = 'holder'
                  and h.since <= today.day and (h.until is null or h.until >= today.day)
                order by h.since desc limit 1) as whose
        from core.office_term t, today
        where t.tenant_id = p_tenant and t.kind = 'substitute'
          and t.since <= today.day and (t.until is null or t.until >= today.day)
    ),
    resting as (
        select h.gives_role from core.office_term h, today
        where h.tenant_id = p_tenant and h.kind = 'holder' and h.person_id = p_person
          and h.since <= today.day and (h.until is null or h.until >= today.day)
          and exists (select from exercised e where e.office = h.office and e.person_id is distinct from p_person)
    )
    select
        array(
            select distinct r from (
                select unnest(mb.roles) as r
                union all
                select e.gives_role from exercised e where e.person_id = p_person and e.gives_role <> ''
            ) held
            where r not in (select gives_role from resting)
        ),
        mb.unit, mb.scope, mb.areas,
        (select string_agg(e.whose, '; ') from exercised e where e.person_id = p_person)
    from core.membership mb
    where mb.tenant_id = p_tenant and mb.person_id = p_person
      and mb.since <= p_now::date + 1 and (mb.until is null or mb.until >= p_now::date)
      and (mb.expires_at is null or mb.expires_at > p_now)
$$;

create function core.authenticate(p_session bytea, p_slug text, p_now timestamptz)
returns table (
    person_id uuid, person_name text, email text, platform_roles text[], region_code text,
    seen_at timestamptz, strong_at timestamptz, renew boolean,
    tenant_id uuid, tenant_name text, cut text, demo boolean, cycle_id uuid,
    roles text[], unit text, scope text[], areas text[], acting_for text
) language plpgsql volatile as $$
declare
    door core.web_session;
    place core.municipality;
begin
    select * into door from core.web_session s where s.id_hash = p_session and s.expires_at > p_now;
    select * into place from core.municipality m where m.slug = p_slug;
    perform set_config('app.person_id', coalesce(door.person_id::text, ''), true),
            set_config('app.tenant_id', coalesce(place.id::text, ''), true);
    return query
        select p.id, p.name, p.email, p.platform_roles, p.region_code, door.seen_at, door.strong_at, door.renew,
               place.id, place.name, place.cut::text, place.demo, place.current_cycle_id,
               here.roles, here.unit, here.scope, here.areas, here.acting_for
        from (select 1) as one
        left join core.person p on p.id = door.person_id and p.disabled_at is null
        left join lateral core.place_of(p.id, place.id, place.cut::text, p_now) as here on true;
end $$;

create function core.authenticate_token(p_token bytea, p_slug text, p_now timestamptz)
returns table (
    person_id uuid, person_name text, email text, token_id uuid,
    tenant_id uuid, tenant_name text, cut text, demo boolean, cycle_id uuid,
    roles text[], unit text, scope text[], areas text[], acting_for text
) language plpgsql volatile as $$
declare
    place core.municipality;
begin
    select * into place from core.municipality m where m.slug = p_slug;
    perform set_config('app.tenant_id', coalesce(place.id::text, ''), true);
    return query
        select p.id, p.name, p.email, t.id, place.id, place.name, place.cut::text, place.demo, place.current_cycle_id,
               here.roles, here.unit, here.scope, here.areas, here.acting_for
        from core.api_token t
        join core.person p on p.id = t.person_id and p.disabled_at is null
        join lateral core.place_of(p.id, place.id, place.cut::text, p_now) as here on true
        where t.tenant_id = place.id and t.token_hash = p_token and t.revoked_at is null and t.expires_at > p_now;
end $$;
