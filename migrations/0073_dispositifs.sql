set local role amont_owner;

-- Directory of the support schemes of a département (REP-25), from an inventory that is brought up to date. Nobody's data. Withdrawn, never erased.
create table dispositif (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  organisme uuid not null,
  nom text not null check (length(nom) between 1 and 120),
  public_vise text not null check (length(public_vise) between 1 and 300),
  -- Steps of the procedure it serves, and territories; none: all of them.
  etapes text[] not null default '{}',
  territoires text[] not null default '{}',
  places integer check (places between 0 and 100000),
  contact text not null check (length(contact) between 1 and 200),
  precisions text not null default '' check (length(precisions) <= 600),
  -- Day somebody checked that it is so.
  constate_le date not null,
  modifie_a timestamptz not null,
  modifie_par uuid not null,
  version integer not null default 1,
  retire_a timestamptz,
  -- Drawn with the form: sent twice, written once.
  envoi uuid not null,
  primary key (dept, id),
  unique (dept, envoi),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, modifie_par) references compte (dept, id)
);
create index dispositif_organisme on dispositif (dept, organisme) where retire_a is null;
alter table dispositif enable row level security;
alter table dispositif force row level security;
create policy lecture on dispositif for select to amont_app using (dept = (select public.contexte('dept')));
-- Each organisme keeps its own; the Département and the secretariat, who keep the directory, all of them.
create policy ajout on dispositif for insert to amont_app
  with check (dept = (select public.contexte('dept')) and modifie_par = (select public.contexte('compte'))::uuid
    and (organisme = (select public.contexte('organisme'))::uuid or exists (select 1 from organisme o where o.dept = dispositif.dept
      and o.id = (select public.contexte('organisme'))::uuid and o.type in ('departement', 'secretariat'))));
create policy tenue on dispositif for update to amont_app
  using (dept = (select public.contexte('dept')) and (organisme = (select public.contexte('organisme'))::uuid or exists (select 1 from organisme o
    where o.dept = dispositif.dept and o.id = (select public.contexte('organisme'))::uuid and o.type in ('departement', 'secretariat'))))
  with check (dept = (select public.contexte('dept')) and modifie_par = (select public.contexte('compte'))::uuid
    and (organisme = (select public.contexte('organisme'))::uuid or exists (select 1 from organisme o where o.dept = dispositif.dept
      and o.id = (select public.contexte('organisme'))::uuid and o.type in ('departement', 'secretariat'))));
grant select, insert on dispositif to amont_app;
grant update (organisme, nom, public_vise, etapes, territoires, places, contact, precisions, constate_le, modifie_a, modifie_par, version, retire_a) on dispositif to amont_app;
