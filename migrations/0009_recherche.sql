set local role amont_owner;

-- Names apart from the rest of what may be searched: a short column keeps a tolerant search selective.
alter table dossier add column noms text not null default '';
update dossier set noms = nom_tri;
create index dossier_noms on dossier using gin (noms extensions.gin_trgm_ops);
create index dossier_audience on dossier (dept, audience_le) where clos_le is null and audience_le is not null;
create index dossier_etape on dossier (dept, territoire, stade, echeance_tri, id) where clos_le is null;
grant select (noms) on dossier to amont_recherche;

reset role;
grant create on schema public to amont_recherche;
set local role amont_recherche;

-- Every word as written, anywhere, first: most searches end there. Then near names, then near anything (address, landlord).
create or replace function public.chercher_dossiers(p_dept text, p_texte text, p_limite integer)
  returns table (id uuid, ressemblance real)
  language plpgsql stable security definer
  set search_path = pg_catalog, public
  set pg_trgm.word_similarity_threshold = 0.45
  as $$
declare
  motifs text[] := (select array_agg('%' || mot || '%') from unnest(string_to_array(p_texte, ' ')) as mot where mot <> '');
begin
  if p_dept is distinct from public.contexte('dept') then
    raise exception 'chercher_dossiers: other département' using errcode = 'insufficient_privilege';
  end if;
  if motifs is null then
    return;
  end if;
  return query
    select d.id, 1::real from public.dossier d
    where d.dept = p_dept and d.recherche like all (motifs)
    order by d.id limit least(p_limite, 1000);
  if found then
    return;
  end if;
  return query
    select d.id, extensions.word_similarity(p_texte, d.noms) as ressemblance from public.dossier d
    where d.dept = p_dept and p_texte operator(extensions.<%) d.noms
    order by 2 desc, d.id limit least(p_limite, 200);
  if found then
    return;
  end if;
  return query
    select d.id, extensions.word_similarity(p_texte, d.recherche) as ressemblance from public.dossier d
    where d.dept = p_dept and p_texte operator(extensions.<%) d.recherche
    order by 2 desc, d.id limit least(p_limite, 100);
end $$;
reset role;
revoke create on schema public from amont_recherche;
