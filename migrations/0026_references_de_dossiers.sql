-- Whoever watches over the journal has no access to dossiers, and reads their references. Ids and references only, one département only.
set local role amont_owner;
grant select (dept, id, reference) on dossier to amont_recherche;
create policy recherche on dossier for select to amont_recherche using (true);
reset role;
grant create on schema public to amont_recherche;
set local role amont_recherche;
create function public.nommer_dossiers(p_dept text, p_ids uuid[], p_references text[])
  returns table (id uuid, reference text)
  language plpgsql stable security definer
  set search_path = pg_catalog, public
  as $$
begin
  if p_dept is distinct from public.contexte('dept') then
    raise exception 'nommer_dossiers: other département' using errcode = 'insufficient_privilege';
  end if;
  return query
    select d.id, d.reference from public.dossier d where d.dept = p_dept and d.id = any (p_ids)
    union
    select d.id, d.reference from public.dossier d where d.dept = p_dept and d.reference = any (p_references);
end $$;
revoke execute on function public.nommer_dossiers(text, uuid[], text[]) from public;
grant execute on function public.nommer_dossiers(text, uuid[], text[]) to amont_app;
reset role;
revoke create on schema public from amont_recherche;
