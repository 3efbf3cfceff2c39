-- Who is asking and for which workspace, in one round trip. They run with the caller's rights, inside the wall.
create function core.authenticate(p_session bytea, p_slug text, p_now timestamptz)
returns table (
    person_id uuid, person_name text, email text, platform_roles text[], seen_at timestamptz,
    tenant_id uuid, tenant_name text, cut text, demo boolean, cycle_id uuid, roles text[], unit text
) language plpgsql volatile as $$
declare
    who uuid;
    seen timestamptz;
begin
    select s.person_id, s.seen_at into who, seen
    from core.web_session s where s.id_hash = p_session and s.expires_at > p_now;
    perform set_config('app.person_id', coalesce(who::text, ''), true);
    return query
        select p.id, p.name, p.email, p.platform_roles, seen,
               m.id, m.name, m.cut::text, m.demo, m.current_cycle_id, mb.roles, mb.unit
        from (select 1) as one
        left join core.person p on p.id = who and p.disabled_at is null
        left join core.municipality m on m.slug = p_slug
        left join core.membership mb on mb.tenant_id = m.id and mb.person_id = p.id
            and mb.since <= p_now::date + 1 and (mb.until is null or mb.until >= p_now::date);
end $$;

create function core.authenticate_token(p_token bytea, p_slug text, p_now timestamptz)
returns table (
    person_id uuid, person_name text, email text, token_id uuid,
    tenant_id uuid, tenant_name text, cut text, demo boolean, cycle_id uuid, roles text[], unit text
) language plpgsql volatile as $$
declare
    place core.municipality;
begin
    select * into place from core.municipality m where m.slug = p_slug;
    perform set_config('app.tenant_id', coalesce(place.id::text, ''), true);
    return query
        select p.id, p.name, p.email, t.id, place.id, place.name, place.cut::text, place.demo, place.current_cycle_id, mb.roles, mb.unit
        from core.api_token t
        join core.person p on p.id = t.person_id and p.disabled_at is null
        join core.membership mb on mb.tenant_id = t.tenant_id and mb.person_id = p.id
            and mb.since <= p_now::date + 1 and (mb.until is null or mb.until >= p_now::date)
        where t.tenant_id = place.id and t.token_hash = p_token and t.revoked_at is null and t.expires_at > p_now;
end $$;
