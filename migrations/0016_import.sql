-- What an import writes, and how often. See docs/decisions/0026.
set local role amont_owner;

-- Signalements whose household is not recognised yet. A row leaves when it is done, instead of a mark that rewrote the whole signalement and its indexes.
-- No foreign key: a row is written in the statement that writes its signalement, and signalements never go.
create table a_reconnaitre (
  dept text not null,
  lot uuid not null,
  ligne integer not null,
  signalement uuid not null,
  primary key (dept, lot, ligne, signalement)
);
-- The owner is under the policies too, and has none: for the time of the copies only, they let it through.
alter table signalement no force row level security;
alter table lot no force row level security;
-- An import stopped between recognition and dispatch goes through both again: what it had attached stays attached.
update lot set rapprochees = 0 where etat = 'rapprochement';
insert into a_reconnaitre (dept, lot, ligne, signalement)
  select s.dept, s.lot, s.ligne, s.id from signalement s join lot l on l.dept = s.dept and l.id = s.lot
  where s.retire_a is null and (not s.rapproche or l.etat = 'rapprochement');
alter table signalement force row level security;
alter table lot force row level security;
alter table a_reconnaitre enable row level security;
alter table a_reconnaitre force row level security;
create policy perimetre on a_reconnaitre to amont_app
  using (dept = (select public.contexte('dept'))) with check (dept = (select public.contexte('dept')));
grant select, insert, delete on a_reconnaitre to amont_app;
drop index signalement_a_rapprocher;
alter table signalement drop column rapproche;

-- The keys of a fiche are kept with it, so that replacing them needs no second index; the fiche, not each of its ten keys, points to the signalement.
alter table fiche add column cles text[] not null default '{}';
alter table fiche no force row level security;
alter table cle_blocage no force row level security;
update fiche f set cles = k.cles
  from (select dept, signalement, array_agg(cle) as cles from cle_blocage group by dept, signalement) k
  where k.dept = f.dept and k.signalement = f.signalement;
-- Read whole and never looked into: kept as written, in the narrow form of src/rapprochement/moteur/tassement.ts.
alter table fiche alter column contenu type json using contenu::json;
alter table fiche force row level security;
alter table cle_blocage force row level security;
alter table cle_blocage drop constraint cle_blocage_dept_signalement_fkey;
drop index cle_blocage_signalement;

-- Read by nobody, written by every import: their columns are reached by other indexes.
drop index dossier_habilites;
drop index rattachement_signalement;
drop index ligne_lot_signalement;
drop index fait_rang;

-- A dossier is a little longer than what PostgreSQL starts to compress and move aside; it is read whole and often.
alter table dossier set (toast_tuple_target = 4080);

create or replace function public.actualiser_statistiques() returns void
  language plpgsql security definer
  set search_path = pg_catalog, public
  as $$
begin
  analyze organisme, lot, signalement, signalement_version, ligne_lot, fiche, cle_blocage, rattachement, doute, dossier, recherche_dossier, fait, affectation,
    liste, ligne_liste;
end $$;
