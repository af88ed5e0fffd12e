set local role amont_owner;

-- Whether another dossier is about the same household (RAP-03): said by a person, never by the names alone. Ended, never erased. The two dossiers are kept apart:
-- each is a household and a dwelling.
create table menage_lien (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  dossier uuid not null,
  autre uuid not null,
  reponse text not null check (reponse in ('meme', 'different')),
  a timestamptz not null,
  par uuid,
  defait_a timestamptz,
  defait_par uuid,
  primary key (dept, id),
  -- One row for two dossiers, whichever was open on screen.
  check (dossier < autre),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, autre) references dossier (dept, id),
  foreign key (dept, par) references compte (dept, id),
  foreign key (dept, defait_par) references compte (dept, id)
);
create unique index menage_lien_vivant on menage_lien (dept, dossier, autre) where defait_a is null;
create index menage_lien_autre on menage_lien (dept, autre) where defait_a is null;
alter table menage_lien enable row level security;
alter table menage_lien force row level security;
create policy perimetre on menage_lien to amont_app
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from dossier d where d.dept = menage_lien.dept and d.id = menage_lien.dossier)
    and exists (select 1 from dossier d where d.dept = menage_lien.dept and d.id = menage_lien.autre))
  with check (dept = (select public.contexte('dept'))
    and exists (select 1 from dossier d where d.dept = menage_lien.dept and d.id = menage_lien.dossier)
    and exists (select 1 from dossier d where d.dept = menage_lien.dept and d.id = menage_lien.autre));
grant select, insert on menage_lien to amont_app;
grant update (defait_a, defait_par) on menage_lien to amont_app;
select public.ouvrir_a_la_conservation();
