set local role amont_owner;

-- Consultations of the technical cell, between two sessions of the commission. Whoever is named in one reads it: with the dossier (`lecteurs`), or alone, for a guest that
-- reads no dossier (`invites`). What people write is here only sealed by the key of its dossier.
alter table participation drop constraint participation_origine_check;
alter table participation add constraint participation_origine_check check (origine in ('invitation', 'demande', 'seance', 'cellule'));

create table consultation (
  dept text not null,
  id uuid not null,
  dossier uuid not null,
  -- Why, as the charter names it, in words that say nothing of the household; what makes the situation complex is in `contenu`.
  objet text not null,
  mode text not null check (mode in ('dematerialise', 'reunion')),
  -- Null: the end was chosen by hand.
  urgence text,
  echeance_a timestamptz not null,
  -- What the charter said the day it was opened: delay, decision, silence, each with its source.
  regles jsonb not null,
  contenu text not null check (contenu ~ '^[0-9a-f]{8}\.[\w-]+$'),
  etat text not null check (etat in ('ouverte', 'a_conclure', 'conclue', 'retiree')),
  issue text check (issue in ('accord', 'refus', 'renvoi')),
  organisme uuid not null,
  compte uuid not null,
  ouverte_a timestamptz not null,
  close_a timestamptz,
  lecteurs uuid[] not null,
  invites uuid[] not null default '{}',
  -- The sheet of the meeting, when one was begun.
  fiche uuid,
  version integer not null default 1,
  envoi uuid not null,
  primary key (dept, id),
  unique (dept, compte, envoi),
  check ((etat = 'conclue') = (issue is not null)),
  check ((etat in ('conclue', 'retiree')) = (close_a is not null)),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, fiche) references formulaire (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, compte) references compte (dept, id)
);
create index consultation_dossier on consultation (dept, dossier, ouverte_a);
create index consultation_echeance on consultation (dept, echeance_a) where etat = 'ouverte';
create index consultation_ouverte on consultation (dept, ouverte_a);

-- Who is in a consultation, and why. `auteur` and `secretariat` give no position: one asks, the other records.
create table consultation_membre (
  dept text not null,
  consultation uuid not null,
  organisme uuid not null,
  qualite text not null check (qualite in ('auteur', 'secretariat', 'permanent', 'invite')),
  -- What opened the dossier to it, for the time of the consultation.
  participation uuid,
  primary key (dept, consultation, organisme),
  foreign key (dept, consultation) references consultation (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, participation) references participation (dept, id)
);
create index consultation_membre_organisme on consultation_membre (dept, organisme);

-- What was said and done. Append-only: a position corrected is a new one; `silence` is written at the end, by the server alone.
create table consultation_acte (
  dept text not null,
  id uuid not null,
  rang bigint generated always as identity,
  consultation uuid not null,
  genre text not null check (genre in ('position', 'silence', 'reunion', 'conclusion', 'retrait')),
  organisme uuid not null,
  sens text check (sens in ('favorable', 'defavorable', 'abstention', 'reunion', 'accord', 'refus', 'renvoi')),
  texte text check (texte ~ '^[0-9a-f]{8}\.[\w-]+$'),
  donnees jsonb not null default '{}',
  par uuid,
  a timestamptz not null,
  primary key (dept, id),
  -- The server also takes back what hangs on a closed dossier.
  check (genre in ('silence', 'retrait') or par is not null),
  foreign key (dept, consultation) references consultation (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index consultation_acte_consultation on consultation_acte (dept, consultation, rang);
create unique index consultation_silence on consultation_acte (dept, consultation, organisme) where genre = 'silence';

-- One mail per person and thing that happened; it says that something waits, never what.
create table consultation_avis (
  dept text not null,
  consultation uuid not null,
  compte uuid not null,
  quoi text not null,
  organisme uuid not null,
  cree_a timestamptz not null,
  envoye_a timestamptz,
  primary key (dept, consultation, compte, quoi),
  foreign key (dept, consultation) references consultation (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, compte) references compte (dept, id)
);

-- A decision of the cell is provisional until the next commission of its territory says so (CEL-11).
create table regularisation (
  dept text not null,
  consultation uuid not null,
  dossier uuid not null,
  conclue_le date not null,
  etat text not null default 'attendue' check (etat in ('attendue', 'confirmee', 'infirmee')),
  seance_le date,
  motif text check (motif ~ '^[0-9a-f]{8}\.[\w-]+$'),
  decidee_a timestamptz,
  decidee_par uuid,
  version integer not null default 1,
  primary key (dept, consultation),
  check ((etat = 'attendue') = (seance_le is null)),
  foreign key (dept, consultation) references consultation (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, decidee_par) references compte (dept, id)
);
create index regularisation_attendue on regularisation (dept, conclue_le) where etat = 'attendue';

do $$
declare t text;
begin
  foreach t in array array['consultation', 'consultation_membre', 'consultation_acte', 'consultation_avis', 'regularisation'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
end $$;

-- Whoever reads no dossier reads a consultation while its dossier is open; the landlord that asked, while the household is still its tenant. The policy of `dossier`
-- hides it from them: this asks it as the role of searches, and says nothing else.
create policy recherche on locataire for select to amont_recherche using (true);
grant select (dept, organisme, dossier) on locataire to amont_recherche;
grant select (clos_le) on dossier to amont_recherche;
create policy recherche on inscription for select to amont_recherche using (true);
grant select (dept, seance_id, origine, origine_id, etat) on inscription to amont_recherche;
-- What lets an organisme read may serve several consultations of a dossier, and whoever ends one is not always named in the others.
create policy recherche on consultation for select to amont_recherche using (true);
create policy recherche on consultation_membre for select to amont_recherche using (true);
create policy recherche on regularisation for select to amont_recherche using (true);
grant select (dept, id, dossier, etat) on consultation to amont_recherche;
grant select (dept, consultation, qualite, participation) on consultation_membre to amont_recherche;
grant select (dept, consultation, etat) on regularisation to amont_recherche;
reset role;
grant create on schema public to amont_recherche;
set local role amont_recherche;
create function public.recoit_encore(p_dossier uuid, p_auteur uuid) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, public
  as $$
    select exists (select 1 from public.dossier d where d.dept = public.contexte('dept') and d.id = p_dossier and d.clos_le is null)
      and (p_auteur is distinct from public.contexte('organisme')::uuid
        or exists (select 1 from public.locataire l where l.dept = public.contexte('dept') and l.dossier = p_dossier and l.organisme = p_auteur))
  $$;
-- Participations other consultations of this dossier still need: while they are open, then, but for guests, until the commission has regularised.
create function public.participations_requises(p_dossier uuid, p_sauf uuid) returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, public
  as $$
    select m.participation from public.consultation c
    join public.consultation_membre m on m.dept = c.dept and m.consultation = c.id and m.participation is not null
    where c.dept = public.contexte('dept') and c.dossier = p_dossier and c.id <> p_sauf
      and (c.etat in ('ouverte', 'a_conclure') or (m.qualite <> 'invite'
        and exists (select 1 from public.regularisation r where r.dept = c.dept and r.consultation = c.id and r.etat = 'attendue')))
  $$;
-- Whether a decision was on the agenda of a session: whoever follows it does not always read agendas, and unknown is not « forgotten ».
create function public.decision_inscrite(p_consultation uuid, p_seance uuid) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, public
  as $$
    select exists (select 1 from public.inscription i where i.dept = public.contexte('dept') and i.seance_id = p_seance
      and i.origine = 'cellule' and i.origine_id = p_consultation and i.etat <> 'retire')
  $$;
revoke execute on function public.recoit_encore(uuid, uuid), public.participations_requises(uuid, uuid), public.decision_inscrite(uuid, uuid) from public;
grant execute on function public.recoit_encore(uuid, uuid), public.participations_requises(uuid, uuid), public.decision_inscrite(uuid, uuid) to amont_app;
reset role;
revoke create on schema public from amont_recherche;
set local role amont_owner;

-- The whole département is not enough: no scope opens these rows, only being named in them. Background work counts, ends and sends.
-- A guest without the dossier reads while the consultation and the dossier are open; the landlord that asked reads its answer too.
create policy lecture on consultation for select to amont_app
  using (dept = (select public.contexte('dept'))
    and (((select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null)
      or ((select public.ouvre_cercle('cellule')) and (select public.contexte('organisme'))::uuid = any (lecteurs)
        and exists (select 1 from dossier d where d.dept = consultation.dept and d.id = consultation.dossier))
      or ((select public.ouvre_cercle('cellule_recue')) and (select public.contexte('organisme'))::uuid = any (invites)
        and (etat in ('ouverte', 'a_conclure') or organisme = (select public.contexte('organisme'))::uuid)
        and public.recoit_encore(dossier, organisme))));
create policy ouverture on consultation for insert to amont_app
  with check (dept = (select public.contexte('dept')) and etat = 'ouverte'
    and (select public.ouvre_cercle('cellule')) and compte = (select public.contexte('compte'))::uuid
    and organisme = (select public.contexte('organisme'))::uuid and organisme = any (lecteurs || invites)
    and exists (select 1 from dossier d where d.dept = consultation.dept and d.id = consultation.dossier and d.clos_le is null));
-- What is concluded or withdrawn never changes again.
create policy suite on consultation for update to amont_app
  using (dept = (select public.contexte('dept')) and etat in ('ouverte', 'a_conclure')
    and (((select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null)
      or ((select public.ouvre_cercle('cellule')) and (select public.contexte('organisme'))::uuid = any (lecteurs)
        and exists (select 1 from dossier d where d.dept = consultation.dept and d.id = consultation.dossier))
      or ((select public.ouvre_cercle('cellule_recue')) and (select public.contexte('organisme'))::uuid = any (invites)
        and public.recoit_encore(dossier, organisme))))
  with check (dept = (select public.contexte('dept'))
    and case etat
      when 'conclue' then (select public.ouvre_cercle('cellule_conclusion')) and (select public.contexte('organisme'))::uuid = any (lecteurs)
      when 'retiree' then organisme = (select public.contexte('organisme'))::uuid
        or ((select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null)
        or ((select public.ouvre_cercle('cellule_conclusion')) and (select public.contexte('organisme'))::uuid = any (lecteurs)
          and exists (select 1 from dossier d where d.dept = consultation.dept and d.id = consultation.dossier and d.clos_le is not null))
      else true end);

create policy lecture on consultation_membre for select to amont_app
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from consultation c where c.dept = consultation_membre.dept and c.id = consultation_membre.consultation));
create policy ouverture on consultation_membre for insert to amont_app
  with check (dept = (select public.contexte('dept'))
    and exists (select 1 from consultation c where c.dept = consultation_membre.dept and c.id = consultation_membre.consultation
      and c.etat = 'ouverte' and c.organisme = (select public.contexte('organisme'))::uuid));
create policy suite on consultation_membre for update to amont_app
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from consultation c where c.dept = consultation_membre.dept and c.id = consultation_membre.consultation
      and c.etat in ('ouverte', 'a_conclure')))
  with check (dept = (select public.contexte('dept')));

-- Guests without the dossier read what they said, when and where the cell meets, and how it ended; never what the others think.
create policy lecture on consultation_acte for select to amont_app
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from consultation c where c.dept = consultation_acte.dept and c.id = consultation_acte.consultation
      and (((select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null)
        or ((select public.ouvre_cercle('cellule')) and (select public.contexte('organisme'))::uuid = any (c.lecteurs))
        or consultation_acte.organisme = (select public.contexte('organisme'))::uuid
        or consultation_acte.genre in ('reunion', 'conclusion', 'retrait'))));
create policy ecriture on consultation_acte for insert to amont_app
  with check (dept = (select public.contexte('dept'))
    and case when genre = 'silence' or par is null
        then genre in ('silence', 'retrait') and par is null and (select public.contexte('compte')) is null and (select public.contexte('portee')) = 'departement'
      else par = (select public.contexte('compte'))::uuid and organisme = (select public.contexte('organisme'))::uuid
        and (genre <> 'conclusion' or (select public.ouvre_cercle('cellule_conclusion'))) end
    and exists (select 1 from consultation c where c.dept = consultation_acte.dept and c.id = consultation_acte.consultation
      and c.etat in ('ouverte', 'a_conclure')));

create policy lecture on consultation_avis for select to amont_app
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from consultation c where c.dept = consultation_avis.dept and c.id = consultation_avis.consultation));
create policy ecriture on consultation_avis for insert to amont_app
  with check (dept = (select public.contexte('dept')) and envoye_a is null
    and exists (select 1 from consultation c where c.dept = consultation_avis.dept and c.id = consultation_avis.consultation));
create policy envoi on consultation_avis for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null)
  with check (dept = (select public.contexte('dept')));

create policy lecture on regularisation for select to amont_app
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from consultation c where c.dept = regularisation.dept and c.id = regularisation.consultation));
create policy inscription on regularisation for insert to amont_app
  with check (dept = (select public.contexte('dept')) and etat = 'attendue' and (select public.ouvre_cercle('cellule_conclusion'))
    and exists (select 1 from consultation c where c.dept = regularisation.dept and c.id = regularisation.consultation and c.etat = 'conclue'));
create policy suite on regularisation for update to amont_app
  using (dept = (select public.contexte('dept')) and etat = 'attendue' and (select public.ouvre_cercle('cellule_conclusion'))
    and exists (select 1 from consultation c where c.dept = regularisation.dept and c.id = regularisation.consultation))
  with check (dept = (select public.contexte('dept')) and decidee_par = (select public.contexte('compte'))::uuid);

grant select, insert on consultation, consultation_membre, consultation_acte, consultation_avis, regularisation to amont_app;
grant update (echeance_a, etat, issue, close_a, fiche, version) on consultation to amont_app;
grant update (participation) on consultation_membre to amont_app;
-- A meeting puts off the end of what it lets guests read.
grant update (jusqu_au) on participation to amont_app;
grant update (envoye_a) on consultation_avis to amont_app;
grant update (etat, seance_le, motif, decidee_a, decidee_par, version) on regularisation to amont_app;

-- A document may be shown, by the organisme that brought it, to those it consults.
grant update (destinataires) on piece to amont_app;
