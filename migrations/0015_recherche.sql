-- What may be searched leaves the dossier for a narrow table, whose rows change only when a name or an address does: updating a dossier no longer touches
-- trigram indexes, and a search reads a few pages of short rows. See docs/decisions/0026.

-- Loads pg_trgm in this session: its setting is unknown, hence refused below, until then.
select extensions.show_limit();
set local role amont_owner;

create table recherche_dossier (
  dept text not null,
  dossier uuid not null,
  noms text not null,
  -- Names and all the rest: address, commune, landlord, numbers.
  texte text not null,
  -- Each word of the names and its neighbours (src/dossiers/recherche.ts): two words one slip apart share a key.
  approches text[] not null,
  primary key (dept, dossier),
  foreign key (dept, dossier) references dossier (dept, id)
);

-- The owner is under the policies too, and has none: for the time of the copy only, they let it through.
alter table dossier no force row level security;
insert into recherche_dossier (dept, dossier, noms, texte, approches)
  select d.dept, d.id, n.noms, d.recherche, array(
    select distinct c.cle from unnest(string_to_array(n.noms, ' ')) as mot
    cross join lateral (
      select mot as cle
      union all
      select substr(mot, 1, i - 1) || substr(mot, i + 1) from generate_series(1, length(mot)) as i where length(mot) between 4 and 24
    ) c where mot <> '')
  from dossier d cross join lateral (select case when d.noms = '' then d.nom_tri else d.noms end as noms) n;
alter table dossier force row level security;

create index recherche_dossier_texte on recherche_dossier using gin (texte extensions.gin_trgm_ops);
create index recherche_dossier_noms on recherche_dossier using gin (noms extensions.gin_trgm_ops);
create index recherche_dossier_approches on recherche_dossier using gin (approches);

alter table recherche_dossier enable row level security;
alter table recherche_dossier force row level security;
create policy perimetre on recherche_dossier to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement'
      or exists (select 1 from dossier d where d.dept = recherche_dossier.dept and d.id = recherche_dossier.dossier)))
  with check (dept = (select public.contexte('dept')));
grant select, insert, update on recherche_dossier to amont_app;
-- The search runs as this role only; it repeats the département itself. It no longer reads anything of the dossier.
create policy recherche on recherche_dossier for select to amont_recherche using (true);
grant select on recherche_dossier to amont_recherche;
drop policy recherche on dossier;
revoke select on dossier from amont_recherche;

reset role;
drop function public.chercher_dossiers(text, text, integer);
set local role amont_owner;
alter table dossier drop column recherche, drop column noms;

-- Entries wait in a list that every search reads through: merging them at the end of an import is cheaper than one by one, and than leaving them there.
create function public.ranger_recherche() returns void
  language plpgsql security definer
  set search_path = pg_catalog, public
  as $$
begin
  perform gin_clean_pending_list('recherche_dossier_texte'::regclass);
  perform gin_clean_pending_list('recherche_dossier_noms'::regclass);
  perform gin_clean_pending_list('recherche_dossier_approches'::regclass);
end $$;
revoke execute on function public.ranger_recherche() from public;
grant execute on function public.ranger_recherche() to amont_app;

reset role;
grant create on schema public to amont_recherche;
set local role amont_recherche;

-- Tolerant search: ids only, of one département only, best first; the caller reads the rows again under its own policies. Four ways, from the surest; the
-- first that finds anything answers.
--   1. Every word as written, anywhere. Whole words of the name rank before the beginning of one, then the rest of the dossier.
--   2. Every word one slip away from a word of the names (`p_proches`: for each word, its keys, separated by spaces).
--   3. Names that resemble the whole text. 4. Anything that resembles it.
create function public.chercher_dossiers(p_dept text, p_mots text[], p_proches text[], p_limite integer)
  returns table (id uuid, ressemblance real)
  language plpgsql stable security definer
  set search_path = pg_catalog, public
  set pg_trgm.word_similarity_threshold = 0.45
  as $$
declare
  cherche text := array_to_string(p_mots, ' ');
  conditions text;
  points text;
begin
  if p_dept is distinct from public.contexte('dept') then
    raise exception 'chercher_dossiers: other département' using errcode = 'insufficient_privilege';
  end if;
  if cherche = '' then
    return;
  end if;
  -- One `like` a word, planned with the words known: `like all (array)` cannot use the trigram index.
  select string_agg(format('r.texte like %L', '%' || mot || '%'), ' and '),
    string_agg(format(
      'case when starts_with(r.noms || '' '', %L) then 1.0 when strpos('' '' || r.noms || '' '', %L) > 0 then 0.95 when strpos('' '' || r.noms, %L) > 0 then 0.9
        when strpos('' '' || r.texte || '' '', %L) > 0 then 0.8 else 0.7 end',
      mot || ' ', ' ' || mot || ' ', ' ' || mot, ' ' || mot || ' '), ' + ')
    into conditions, points
    from unnest(p_mots) as mot;
  return query execute format(
    'select r.dossier, ((%s) / %s)::real as ressemblance from public.recherche_dossier r where r.dept = $1 and %s
      order by ressemblance desc, r.noms collate "C", r.dossier limit $2', points, cardinality(p_mots), conditions)
    using p_dept, least(p_limite, 1000);
  if found then
    return;
  end if;
  select string_agg(format('r.approches && %L::text[]', string_to_array(proche, ' ')), ' and ') into conditions from unnest(p_proches) as proche;
  if conditions is not null then
    return query execute format(
      'select r.dossier, extensions.word_similarity($2, r.noms) as ressemblance from public.recherche_dossier r where r.dept = $1 and %s
        order by ressemblance desc, r.noms collate "C", r.dossier limit $3', conditions)
      using p_dept, cherche, least(p_limite, 200);
    if found then
      return;
    end if;
  end if;
  return query
    select r.dossier, extensions.word_similarity(cherche, r.noms) as ressemblance from public.recherche_dossier r
    where r.dept = p_dept and cherche operator(extensions.<%) r.noms
    order by ressemblance desc, r.noms collate "C", r.dossier limit least(p_limite, 200);
  if found then
    return;
  end if;
  return query
    select r.dossier, extensions.word_similarity(cherche, r.texte) as ressemblance from public.recherche_dossier r
    where r.dept = p_dept and cherche operator(extensions.<%) r.texte
    order by ressemblance desc, r.noms collate "C", r.dossier limit least(p_limite, 100);
end $$;
reset role;
revoke create on schema public from amont_recherche;
revoke execute on function public.chercher_dossiers(text, text[], text[], integer) from public;
grant execute on function public.chercher_dossiers(text, text[], text[], integer) to amont_app;
