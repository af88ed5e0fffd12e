-- What a list reads, kept ready by the statement that writes.
set local role amont_owner;

-- The échéance a list shows, beside its date: finding it again in the two lists, which are long and kept apart from the row, cost more than reading
-- the row. PostgreSQL keeps it in step whatever writes the lists.

-- The text of a date depends on a setting, its parts do not: a generated column may use these only.
alter table dossier add column echeance jsonb generated always as (
  jsonb_path_query_first(
    echeances || echeances_service,
    '$[*] ? (@.cle == $cle && @.le == $le)',
    jsonb_object(array['cle', echeance_cle, 'le',
      lpad(extract(year from echeance_le)::integer::text, 4, '0') || '-' || lpad(extract(month from echeance_le)::integer::text, 2, '0') || '-'
        || lpad(extract(day from echeance_le)::integer::text, 2, '0')])
  )
) stored;
-- In the row itself, whatever its length.
alter table dossier alter column echeance set storage main;

-- Exact counts by day of what the list and the watch ask by day, kept like `dossier_compte` by the statement that changes a dossier: summing the days of a
-- filter costs the number of days, not of dossiers. Open dossiers only.
create table dossier_compte_jour (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  genre text not null check (genre in ('echeance', 'audience')),
  jour date not null,
  territoire text,
  n integer not null,
  primary key (dept, id)
);
create index dossier_compte_jour_somme on dossier_compte_jour (dept, genre, jour) include (territoire, n);

create or replace function public.compter_dossiers() returns trigger
  language plpgsql set search_path = pg_catalog, public
  as $$
begin
  if tg_op = 'INSERT' then
    insert into dossier_compte (dept, ouvert, territoire, parc, stade, phase, service, organisme, etat_service, connu_service, en_serie, n)
      select dept, clos_le is null, territoire, parc, stade, phase, service, organisme, etat_service, connu_service, en_serie, count(*)
      from apres group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11;
    insert into dossier_compte_jour (dept, genre, jour, territoire, n)
      select dept, genre, jour, territoire, count(*)
      from apres, lateral (values ('echeance', echeance_le), ('audience', audience_le)) as j(genre, jour)
      where clos_le is null and jour is not null group by 1, 2, 3, 4;
  else
    insert into dossier_compte (dept, ouvert, territoire, parc, stade, phase, service, organisme, etat_service, connu_service, en_serie, n)
      select dept, ouvert, territoire, parc, stade, phase, service, organisme, etat_service, connu_service, en_serie, sum(n)
      from (
        select dept, clos_le is null as ouvert, territoire, parc, stade, phase, service, organisme, etat_service, connu_service, en_serie, 1 as n from apres
        union all
        select dept, clos_le is null, territoire, parc, stade, phase, service, organisme, etat_service, connu_service, en_serie, -1 from avant
      ) delta
      group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 having sum(n) <> 0;
    insert into dossier_compte_jour (dept, genre, jour, territoire, n)
      select dept, genre, jour, territoire, sum(n)
      from (
        select dept, clos_le, territoire, echeance_le, audience_le, 1 as n from apres
        union all
        select dept, clos_le, territoire, echeance_le, audience_le, -1 from avant
      ) delta, lateral (values ('echeance', echeance_le), ('audience', audience_le)) as j(genre, jour)
      where clos_le is null and jour is not null group by 1, 2, 3, 4 having sum(n) <> 0;
  end if;
  return null;
end $$;

-- The owner is under the policies too, and has none: for the time of the copy only, they let it through.
alter table dossier no force row level security;
insert into dossier_compte_jour (dept, genre, jour, territoire, n)
  select dept, genre, jour, territoire, count(*)
  from dossier, lateral (values ('echeance', echeance_le), ('audience', audience_le)) as j(genre, jour)
  where clos_le is null and jour is not null group by 1, 2, 3, 4;
alter table dossier force row level security;

alter table dossier_compte_jour enable row level security;
alter table dossier_compte_jour force row level security;
create policy somme on dossier_compte_jour for select to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement');
create policy ajout on dossier_compte_jour for insert to amont_app with check (dept = (select public.contexte('dept')));
create policy pliage on dossier_compte_jour for delete to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement');
grant select, insert, delete on dossier_compte_jour to amont_app;
