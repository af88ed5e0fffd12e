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
