set local role amont_owner;

-- Values near health, rows of imports as received, messages and documents are in the database only sealed. The key of the département seals what is received and
-- derived, before any dossier has one; the keys of dossiers seal what people exchange. Both are wrapped by a key that is not in the database.
create table cle_departement (
  dept text not null primary key,
  scellee text not null check (scellee ~ '^[0-9a-f]{8}\.[\w-]+$'),
  cree_a timestamptz not null,
  tournee_a timestamptz
);
alter table cle_departement enable row level security;
alter table cle_departement force row level security;
create policy lecture on cle_departement for select to amont_app using (dept = (select public.contexte('dept')));
create policy creation on cle_departement for insert to amont_app with check (dept = (select public.contexte('dept')));
-- Only background work wraps it again.
create policy rotation on cle_departement for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null)
  with check (dept = (select public.contexte('dept')));
grant select, insert on cle_departement to amont_app;
grant update (scellee, tournee_a) on cle_departement to amont_app;

-- What a dossier says near health: value of the household, words of the rules, criteria met, vulnerability. Null: derived before sealing.
alter table dossier add column scelle text check (scelle ~ '^[0-9a-f]{8}\.[\w-]+$');
create index dossier_a_sceller on dossier (dept, id) where scelle is null;

-- Two rejected lines with the same bytes are known by a keyed fingerprint: their bytes are sealed, each differently.
alter table ligne_lot add column empreinte_brut text;
