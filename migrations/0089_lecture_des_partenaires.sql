-- What a partner reads. See docs/decisions/0048.

set local role amont_owner;

/*
 * Rows of dossiers have grown to more than half a page: most of a scan then reads empty space, and every version of a row takes a page. The sealed value moves aside,
 * uncompressed since it does not compress; the rest keeps to two kilobytes as PostgreSQL does by default.
 */
alter table dossier reset (toast_tuple_target);
alter table dossier alter column scelle set storage external;
cluster dossier using dossier_pkey;
alter table dossier set without cluster;

-- Dossiers an organisme is entitled to. Its condition, in the rules of rows, cannot use an index: the functions below do, and the rules then read those rows only.
create index dossier_habilites on dossier using gin (organismes_habilites);
grant select (organismes_habilites, nom_tri, menage) on dossier to amont_recherche;
reset role;
grant create on schema public to amont_recherche;
set local role amont_recherche;

/*
 * Ids of all the dossiers the session may read, when its rights stop at its organisme and they are `p_max` at most; null otherwise: reading the table is then as
 * quick. Ids only: whoever asks reads the rows again under the rules.
 */
create function public.dossiers_de_l_organisme(p_max integer) returns uuid[]
  language plpgsql stable security definer
  set search_path = pg_catalog, public
  as $$
declare
  v_dept text := public.contexte('dept');
  v_organisme uuid := nullif(public.contexte('organisme'), '')::uuid;
  v_ids uuid[];
begin
  if public.contexte('portee') is distinct from 'organisme' or coalesce(public.contexte('territoires'), '') <> '' or v_organisme is null then
    return null;
  end if;
  select array_agg(x.id) into v_ids
    from (select d.id from dossier d where d.dept = v_dept and d.organismes_habilites @> array[v_organisme] limit p_max + 1) x;
  if cardinality(v_ids) > p_max then return null; end if;
  select array_agg(x.id) into v_ids from (
    select unnest(v_ids) as id
    union select public.dossiers_participes()
    union select unnest(string_to_array(public.contexte('exceptionnels'), ',')::uuid[])) x;
  if cardinality(v_ids) > p_max then return null; end if;
  return coalesce(v_ids, '{}');
end $$;
revoke execute on function public.dossiers_de_l_organisme(integer) from public;
grant execute on function public.dossiers_de_l_organisme(integer) to amont_app;

-- Other dossiers of the same name and birth date, or of the same number of allocataire, as a dossier: ids only, which the caller reads again under the rules.
create function public.dossiers_de_meme_identite(p_dossier uuid) returns setof uuid
  language sql stable security definer rows 5
  set search_path = pg_catalog, public
  as $$
    with d as materialized (
      select x.dept, x.nom_tri, x.menage->'titulaire'->>'dateNaissance' as naissance, x.menage->>'numeroAllocataire' as numero
      from public.dossier x where x.dept = public.contexte('dept') and x.id = p_dossier)
    select x.id from d join public.dossier x on x.dept = d.dept and x.clos_le is null and x.nom_tri collate "C" = d.nom_tri
      where x.menage->'titulaire'->>'dateNaissance' = d.naissance
    union select x.id from d join public.dossier x on x.dept = d.dept and x.clos_le is not null and x.nom_tri collate "C" = d.nom_tri
      where x.menage->'titulaire'->>'dateNaissance' = d.naissance
    union select x.id from d join public.dossier x on x.dept = d.dept and x.menage->>'numeroAllocataire' = d.numero
  $$;
revoke execute on function public.dossiers_de_meme_identite(uuid) from public;
grant execute on function public.dossiers_de_meme_identite(uuid) to amont_app;
reset role;
revoke create on schema public from amont_recherche;
