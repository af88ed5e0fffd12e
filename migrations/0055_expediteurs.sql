set local role amont_owner;

-- Letters of every organisme that writes, not of secretariats alone.

-- A letter a person chose from a dossier: the mark drawn with the form, so that sending it twice writes once. Null when a trigger proposed it.
alter table courrier add column demande uuid;
-- Words a person typed on the letter: an appointment, what the commission retained.
alter table courrier add column precisions jsonb not null default '{}';
-- What the letter cites, written when it is proposed: for a landlord, which sends it without ever reading the dossier.
alter table courrier add column cite jsonb;

-- One letter of a kind for one stage of a dossier, unless a person sends it again or asks for it.
drop index courrier_unique;
create unique index courrier_unique on courrier (dept, dossier, modele, stade_le) where renvoie is null and demande is null;
create unique index courrier_demande on courrier (dept, organisme, demande) where demande is not null;
-- The register of what an organisme sent, newest first.
create index courrier_registre on courrier (dept, organisme, envoye_le desc, id) where envoye_le is not null;

-- Who writes, as printed at the head and under the letters of an organisme other than a secretariat. Its people keep it.
create table entete_courrier (
  dept text not null,
  organisme uuid not null,
  nom text not null,
  lignes text[] not null,
  telephone text,
  courriel text,
  signature text,
  version integer not null default 1,
  a timestamptz not null,
  par uuid not null,
  primary key (dept, organisme),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
alter table entete_courrier enable row level security;
alter table entete_courrier force row level security;
create policy lecture on entete_courrier for select to amont_app
  using (dept = (select public.contexte('dept'))
    and (((select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null) or (select public.ouvre_cercle('courrier'))));
create policy ecriture on entete_courrier for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('courrier'))
    and organisme = (select public.contexte('organisme'))::uuid);
create policy correction on entete_courrier for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('courrier'))
    and organisme = (select public.contexte('organisme'))::uuid);
grant select, insert, update on entete_courrier to amont_app;

-- A letter is read by background work and by the organisme that sends it, as long as it works on the dossier; a landlord's never depends on the dossier, which it
-- does not read. Secretariats, who see the whole département, read one another's. Nobody else, not even those who read every dossier.
alter policy perimetre on courrier
  using (dept = (select public.contexte('dept'))
    and (((select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null and (select public.contexte('organisme')) is null)
      or ((select public.ouvre_cercle('courrier')) and (
        (organisme = (select public.contexte('organisme'))::uuid
          and ((select public.contexte('portee')) in ('departement', 'depot')
            or exists (select 1 from dossier d where d.dept = courrier.dept and d.id = courrier.dossier)))
        or ((select public.contexte('portee')) = 'departement'
          and organisme in (select o.id from organisme o where o.dept = (select public.contexte('dept')) and o.type = 'secretariat'))))))
  with check (dept = (select public.contexte('dept'))
    and (((select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null and (select public.contexte('organisme')) is null)
      or ((select public.ouvre_cercle('courrier')) and organisme = (select public.contexte('organisme'))::uuid)));
alter policy perimetre on lot_courrier
  using (dept = (select public.contexte('dept'))
    and (((select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null and (select public.contexte('organisme')) is null)
      or ((select public.ouvre_cercle('courrier')) and organisme = (select public.contexte('organisme'))::uuid)))
  with check (dept = (select public.contexte('dept'))
    and (((select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null and (select public.contexte('organisme')) is null)
      or ((select public.ouvre_cercle('courrier')) and organisme = (select public.contexte('organisme'))::uuid)));
