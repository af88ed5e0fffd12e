set local role amont_owner;

-- What partners called a complex situation, for the commission or its technical cell (DOS-27). The criteria may be near health: they are sealed with the reason. One live
-- mark per dossier; lifted, it stays with who lifted it and why.
create table situation_complexe (
  dept text not null,
  id uuid not null,
  dossier uuid not null,
  examen text not null check (examen in ('commission', 'cellule')),
  contenu text not null check (public.est_scelle(contenu)),
  organisme uuid not null,
  par uuid not null,
  a timestamptz not null,
  le date not null,
  -- Drawn with the form: sent twice, marked once.
  envoi uuid not null,
  levee_a timestamptz,
  levee_par uuid,
  levee_motif text check (public.est_scelle(levee_motif)),
  primary key (dept, id),
  unique (dept, par, envoi),
  check ((levee_a is null) = (levee_par is null) and (levee_a is null) = (levee_motif is null)),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id),
  foreign key (dept, levee_par) references compte (dept, id)
);
create unique index situation_complexe_vivante on situation_complexe (dept, dossier) where levee_a is null;
create index situation_complexe_dossier on situation_complexe (dept, dossier);
alter table situation_complexe enable row level security;
alter table situation_complexe force row level security;
create policy lecture on situation_complexe for select to amont_app
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from dossier d where d.dept = situation_complexe.dept and d.id = situation_complexe.dossier));
create policy ajout on situation_complexe for insert to amont_app
  with check (dept = (select public.contexte('dept')) and par = (select public.contexte('compte'))::uuid
    and organisme = (select public.contexte('organisme'))::uuid
    and exists (select 1 from dossier d where d.dept = situation_complexe.dept and d.id = situation_complexe.dossier));
create policy levee on situation_complexe for update to amont_app
  using (dept = (select public.contexte('dept')) and levee_a is null
    and exists (select 1 from dossier d where d.dept = situation_complexe.dept and d.id = situation_complexe.dossier))
  with check (dept = (select public.contexte('dept')) and levee_par = (select public.contexte('compte'))::uuid);
grant select, insert on situation_complexe to amont_app;
grant update (levee_a, levee_par, levee_motif) on situation_complexe to amont_app;

-- An agenda says why a file is on it: this is one more reason.
alter table inscription drop constraint inscription_origine_check;
alter table inscription add constraint inscription_origine_check
  check (origine in ('saisine', 'auto_saisine', 'cql', 'report', 'retour', 'expertise', 'cellule', 'reexamen', 'complexe', 'secretariat'));
select public.ouvrir_a_la_conservation();
