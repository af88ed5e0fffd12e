-- Loads pg_trgm in this session: its setting is unknown, hence refused below, until then.
select extensions.show_limit();

grant create on schema public to amont_recherche;
set local role amont_recherche;

-- `like all (array)` cannot use the trigram index; one `like` a word can, planned with the words known.
create or replace function public.chercher_dossiers(p_dept text, p_texte text, p_limite integer)
  returns table (id uuid, ressemblance real)
  language plpgsql stable security definer
  set search_path = pg_catalog, public
  set pg_trgm.word_similarity_threshold = 0.45
  as $$
declare
  tous_les_mots text := (
    select string_agg(format('d.recherche like %L', '%' || mot || '%'), ' and ')
    from unnest(string_to_array(p_texte, ' ')) as mot where mot <> '');
begin
  if p_dept is distinct from public.contexte('dept') then
    raise exception 'chercher_dossiers: other département' using errcode = 'insufficient_privilege';
  end if;
  if tous_les_mots is null then
    return;
  end if;
  return query execute format(
    'with trouve as materialized (select d.id from public.dossier d where d.dept = $1 and %s)
     select t.id, 1::real from trouve t order by t.id limit $2', tous_les_mots)
    using p_dept, least(p_limite, 1000);
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
