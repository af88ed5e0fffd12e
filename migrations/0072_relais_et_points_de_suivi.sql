set local role amont_owner;

-- A relay is a request that asks to take over, by a rule of the charter (REP-21, REP-22): its recipient says it received it, then what it gave, from a closed list.
alter table demande add column relais text;
alter table demande add column suite text;
alter table demande add constraint demande_relais_check check ((relais is not null) = (genre = 'relais'));
alter table demande add constraint demande_suite_check check (suite is null or (relais is not null and etat = 'repondue'));
grant update (suite) on demande to amont_app;
alter table demande_acte drop constraint demande_acte_genre_check;
alter table demande_acte add constraint demande_acte_genre_check
  check (genre in ('repondue', 'refusee', 'retiree', 'relancee', 'lue', 'recue'));
create unique index demande_acte_recue on demande_acte (dept, demande) where genre = 'recue';
-- Who takes over reads the dossier because of it.
alter table participation drop constraint participation_origine_check;
alter table participation add constraint participation_origine_check check (origine in ('invitation', 'demande', 'seance', 'cellule', 'relais'));

-- A support measure after the judgment, whose association tells the secretariat how it goes, at an interval that may be changed (DOS-35).
create table mesure_suivie (
  dept text not null,
  id uuid not null,
  dossier uuid not null,
  nature text not null check (nature in ('asll', 'avdl', 'gestion', 'autre')),
  organisme uuid not null,
  jugement_le date not null,
  debut_le date not null,
  periodicite_jours integer not null check (periodicite_jours between 7 and 366),
  -- When the next point is due; none once the measure has ended.
  prochain_le date,
  terminee_le date,
  issue text check (issue in ('reussie', 'interrompue', 'relais', 'depart')),
  par uuid not null,
  a timestamptz not null,
  -- Drawn with the form: sent twice, followed once.
  envoi uuid not null,
  version integer not null default 1,
  primary key (dept, id),
  unique (dept, par, envoi),
  check ((terminee_le is null) = (issue is null) and (terminee_le is null) <> (prochain_le is null)),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index mesure_suivie_dossier on mesure_suivie (dept, dossier);
create index mesure_suivie_due on mesure_suivie (dept, prochain_le) where terminee_le is null;
-- One measure of a kind at a time, by one organisme.
create unique index mesure_suivie_vivante on mesure_suivie (dept, dossier, organisme, nature) where terminee_le is null;

create table point_suivi (
  dept text not null,
  id uuid not null,
  mesure uuid not null,
  dossier uuid not null,
  le date not null,
  -- The day it was due.
  prevu_le date not null,
  etat text not null check (etat in ('tenue', 'fragile', 'arretee')),
  loyer text check (loyer in ('repris', 'partiel', 'non')),
  texte text not null check (public.est_scelle(texte)),
  organisme uuid not null,
  par uuid not null,
  a timestamptz not null,
  envoi uuid not null,
  primary key (dept, id),
  unique (dept, par, envoi),
  foreign key (dept, mesure) references mesure_suivie (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index point_suivi_mesure on point_suivi (dept, mesure, le);
create index point_suivi_dossier on point_suivi (dept, dossier);
do $$
declare t text;
begin
  foreach t in array array['mesure_suivie', 'point_suivi'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
end $$;

-- Read by the organisme that follows the household, and by the secretariat: the whole département, with the right to follow measures.
create policy lecture on mesure_suivie for select to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('mesure'))
    and ((select public.contexte('portee')) = 'departement' or organisme = (select public.contexte('organisme'))::uuid)
    and exists (select 1 from dossier d where d.dept = mesure_suivie.dept and d.id = mesure_suivie.dossier));
create policy ajout on mesure_suivie for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('mesure')) and par = (select public.contexte('compte'))::uuid
    and ((select public.contexte('portee')) = 'departement' or organisme = (select public.contexte('organisme'))::uuid)
    and exists (select 1 from dossier d where d.dept = mesure_suivie.dept and d.id = mesure_suivie.dossier));
create policy tenue on mesure_suivie for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('mesure')) and terminee_le is null
    and ((select public.contexte('portee')) = 'departement' or organisme = (select public.contexte('organisme'))::uuid)
    and exists (select 1 from dossier d where d.dept = mesure_suivie.dept and d.id = mesure_suivie.dossier))
  with check (dept = (select public.contexte('dept')));
create policy lecture on point_suivi for select to amont_app
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from mesure_suivie m where m.dept = point_suivi.dept and m.id = point_suivi.mesure));
create policy ajout on point_suivi for insert to amont_app
  with check (dept = (select public.contexte('dept')) and par = (select public.contexte('compte'))::uuid
    and organisme = (select public.contexte('organisme'))::uuid
    and exists (select 1 from mesure_suivie m where m.dept = point_suivi.dept and m.id = point_suivi.mesure and m.dossier = point_suivi.dossier));
grant select, insert on mesure_suivie, point_suivi to amont_app;
grant update (periodicite_jours, prochain_le, terminee_le, issue, version) on mesure_suivie to amont_app;
select public.ouvrir_a_la_conservation();
