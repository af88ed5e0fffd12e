set local role amont_owner;

-- Where a person said that a name is, when the lists of the département do not: a commune of the lists, directly a territory, or outside the département. Serves the
-- lines already received and the next ones. One live answer per name and postal code; changing one's mind ends it and adds another.
create table alias_commune (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  nom text not null,
  cle text not null,
  code_postal text not null default '',
  genre text not null check (genre in ('commune', 'territoire', 'hors')),
  vers text not null,
  a timestamptz not null,
  par uuid,
  defait_a timestamptz,
  defait_par uuid,
  primary key (dept, id)
);
create unique index alias_commune_vivant on alias_commune (dept, cle, code_postal) where defait_a is null;

alter table alias_commune enable row level security;
alter table alias_commune force row level security;
-- Names of places, no household: whoever deposits a file has its lines placed by them. Only those who see the whole département write them.
create policy lecture on alias_commune for select to amont_app using (dept = (select public.contexte('dept')));
create policy ajout on alias_commune for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement');
create policy fin on alias_commune for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement')
  with check (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement');
grant select, insert on alias_commune to amont_app;
grant update (defait_a, defait_par) on alias_commune to amont_app;

alter table signalement add column alias_commune uuid;
alter table signalement add foreign key (dept, alias_commune) references alias_commune (dept, id);
create index signalement_alias on signalement (dept, alias_commune) where alias_commune is not null;
create index signalement_a_situer on signalement (dept, id) where territoire is null and alias_commune is null and retire_a is null;
