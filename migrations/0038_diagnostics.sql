set local role amont_owner;

-- What a contact gave, from the published list. Null for those noted before there was one: their text says it.
alter table tentative_contact add column resultat text;

-- Exchanges with the landlord: a journal of its own, that no count of the household's contacts reads. Texts are sealed by the key of the dossier.
create table echange_bailleur (
  dept text not null,
  id uuid not null,
  dossier uuid not null,
  organisme uuid not null,
  canal text not null,
  le date not null,
  demi_journee text check (demi_journee in ('matin', 'apres_midi')),
  joint boolean not null,
  resultat text not null,
  contenu text not null check (contenu = '' or contenu ~ '^[0-9a-f]{8}\.[\w-]+$'),
  version_bailleur text not null check (version_bailleur = '' or version_bailleur ~ '^[0-9a-f]{8}\.[\w-]+$'),
  accord_menage boolean not null,
  menage_present boolean not null,
  envoi uuid not null,
  a timestamptz not null,
  par uuid,
  retire_a timestamptz,
  retire_par uuid,
  retire_motif text,
  primary key (dept, id),
  unique (dept, par, envoi),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index echange_bailleur_dossier on echange_bailleur (dept, dossier, le);

-- « Le loyer courant est-il entièrement repris ? »: every answer, with its date. The newest one is what is known. Append-only.
create table reprise_loyer (
  dept text not null,
  id uuid not null,
  rang bigint generated always as identity,
  dossier uuid not null,
  reponse text not null check (reponse in ('entiere', 'partielle', 'non', 'inconnue')),
  depuis date,
  le date not null,
  dit_par text not null check (dit_par in ('menage', 'bailleur', 'caisse', 'piece')),
  audience_le date,
  -- The act « loyer repris » this answer recorded in the dossier, from which legal dates are derived.
  acte uuid,
  organisme uuid not null,
  par uuid not null,
  a timestamptz not null,
  envoi uuid not null,
  primary key (dept, id),
  unique (dept, par, envoi),
  check ((reponse = 'entiere') = (depuis is not null)),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index reprise_loyer_dossier on reprise_loyer (dept, dossier, rang desc);


-- One diagnosis of a household: who was asked, when, how far it went. No content here.
create table diagnostic (
  dept text not null,
  id uuid not null,
  dossier uuid not null,
  rang integer not null,
  version integer not null default 1,
  etape text not null check (etape in ('commandement_de_payer', 'assignation', 'autre')),
  origine text not null check (origine in ('cascade', 'assignation', 'demande')),
  etat text not null check (etat in ('demande', 'en_cours', 'relu', 'valide', 'transmis', 'impossible')),
  forme text not null default 'complet' check (forme in ('complet', 'menage_absent')),
  organisme uuid not null,
  saisi_le date not null,
  actualise uuid,
  referent uuid,
  visite text check (visite in ('proposee', 'acceptee', 'refusee', 'faite')),
  visite_motif text,
  visite_le date,
  motif_impossible text,
  relu_a timestamptz,
  relu_par uuid,
  valide_a timestamptz,
  valide_par uuid,
  remis_le date,
  cree_a timestamptz not null,
  cree_par uuid not null,
  primary key (dept, id),
  unique (dept, dossier, rang),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, actualise) references diagnostic (dept, id),
  foreign key (dept, referent) references compte (dept, id),
  foreign key (dept, cree_par) references compte (dept, id)
);
-- One at a time: what is under way is finished, or said impossible, before another begins.
create unique index diagnostic_vivant on diagnostic (dept, dossier) where etat in ('demande', 'en_cours', 'relu', 'valide');
create index diagnostic_etat on diagnostic (dept, etat, saisi_le);

create table diagnostic_entretien (
  dept text not null,
  id uuid not null,
  diagnostic uuid not null,
  dossier uuid not null,
  propose_le date not null,
  canal text not null,
  pour_le date not null,
  demi_journee text check (demi_journee in ('matin', 'apres_midi')),
  lieu text not null check (lieu in ('service', 'domicile', 'telephone', 'visio')),
  issue text check (issue in ('honore', 'absent', 'reporte', 'annule')),
  issue_le date,
  a timestamptz not null,
  par uuid not null,
  primary key (dept, id),
  foreign key (dept, diagnostic) references diagnostic (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index diagnostic_entretien_diagnostic on diagnostic_entretien (dept, diagnostic);

-- One part, by its own service. What is written in it is a form (`formulaire`), sealed.
create table diagnostic_volet (
  dept text not null,
  diagnostic uuid not null,
  dossier uuid not null,
  volet text not null check (volet in ('social', 'financier', 'juridique')),
  organisme uuid not null,
  formulaire uuid,
  termine_a timestamptz,
  termine_par uuid,
  primary key (dept, diagnostic, volet),
  foreign key (dept, diagnostic) references diagnostic (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id)
);
create index diagnostic_volet_dossier on diagnostic_volet (dept, dossier);

-- What the household and the landlord say of it. Sealed, append-only.
create table diagnostic_observation (
  dept text not null,
  id uuid not null,
  diagnostic uuid not null,
  dossier uuid not null,
  de text not null check (de in ('menage', 'bailleur')),
  le date not null,
  texte text not null check (texte ~ '^[0-9a-f]{8}\.[\w-]+$'),
  organisme uuid not null,
  envoi uuid not null,
  a timestamptz not null,
  par uuid not null,
  primary key (dept, id),
  unique (dept, par, envoi),
  foreign key (dept, diagnostic) references diagnostic (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index diagnostic_observation_diagnostic on diagnostic_observation (dept, diagnostic);

-- A validated diagnosis as it left: the exact bytes, sealed, and their print. Append-only.
create table diagnostic_document (
  dept text not null,
  diagnostic uuid not null,
  dossier uuid not null,
  octets text not null check (octets ~ '^[0-9a-f]{8}\.[\w-]+$'),
  -- Fields the allow-list may draw from, as they were signed: sealed too.
  resume text not null check (resume ~ '^[0-9a-f]{8}\.[\w-]+$'),
  empreinte text not null,
  a timestamptz not null,
  par uuid not null,
  primary key (dept, diagnostic),
  foreign key (dept, diagnostic) references diagnostic (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, par) references compte (dept, id)
);

-- What left, to whom, how, and when its receipt came back.
create table diagnostic_envoi (
  dept text not null,
  id uuid not null,
  diagnostic uuid not null,
  dossier uuid not null,
  quoi text not null check (quoi in ('diagnostic', 'synthese')),
  synthese uuid,
  destinataire text not null check (destinataire in ('secretariat', 'ccapex', 'prefet', 'juge', 'bailleur', 'menage')),
  mode text not null check (mode in ('amont', 'main_propre', 'courrier', 'courriel', 'exploc', 'greffe')),
  le date not null,
  recu_le date,
  recu_par uuid,
  organisme uuid not null,
  envoi uuid not null,
  a timestamptz not null,
  par uuid not null,
  primary key (dept, id),
  unique (dept, par, envoi),
  check (quoi = 'synthese' or destinataire in ('secretariat', 'ccapex')),
  check ((quoi = 'synthese') = (synthese is not null)),
  foreign key (dept, diagnostic) references diagnostic (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, synthese) references synthese (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index diagnostic_envoi_diagnostic on diagnostic_envoi (dept, diagnostic);

do $$
declare t text;
begin
  foreach t in array array['echange_bailleur', 'reprise_loyer', 'diagnostic', 'diagnostic_entretien', 'diagnostic_volet', 'diagnostic_observation',
      'diagnostic_document', 'diagnostic_envoi'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
end $$;

-- Seen with the dossier, for those to whom the matrix gives it.
create policy perimetre on echange_bailleur to amont_app
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from dossier d where d.dept = echange_bailleur.dept and d.id = echange_bailleur.dossier))
  with check (dept = (select public.contexte('dept')) and par = (select public.contexte('compte'))::uuid
    and organisme = (select public.contexte('organisme'))::uuid
    and exists (select 1 from dossier d where d.dept = echange_bailleur.dept and d.id = echange_bailleur.dossier));
create policy perimetre on reprise_loyer to amont_app
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from dossier d where d.dept = reprise_loyer.dept and d.id = reprise_loyer.dossier))
  with check (dept = (select public.contexte('dept')) and par = (select public.contexte('compte'))::uuid
    and organisme = (select public.contexte('organisme'))::uuid
    and exists (select 1 from dossier d where d.dept = reprise_loyer.dept and d.id = reprise_loyer.dossier));

-- How far a diagnosis went (`diagnostic`), and what is in it (`diagnostic_lu`), are two circles: whoever sends a synthèse to the judge reads the first only.
-- What is in it is read by the services that fill it and by the secretariat, not by every service that follows the household.
do $$
declare t text;
begin
  foreach t in array array['diagnostic', 'diagnostic_entretien', 'diagnostic_volet', 'diagnostic_envoi'] loop
    execute format($p$create policy perimetre on %1$I to amont_app
      using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('diagnostic'))
        and exists (select 1 from dossier d where d.dept = %1$I.dept and d.id = %1$I.dossier))
      with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('diagnostic'))
        and exists (select 1 from dossier d where d.dept = %1$I.dept and d.id = %1$I.dossier))$p$, t);
  end loop;
  foreach t in array array['diagnostic_observation', 'diagnostic_document'] loop
    execute format($p$create policy lecture on %1$I for select to amont_app
      using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('diagnostic_lu'))
        and ((select public.contexte('portee')) = 'departement' or exists (select 1 from diagnostic_volet v
          where v.dept = %1$I.dept and v.diagnostic = %1$I.diagnostic and v.organisme = (select public.contexte('organisme'))::uuid))
        and exists (select 1 from dossier d where d.dept = %1$I.dept and d.id = %1$I.dossier))$p$, t);
    execute format($p$create policy ecriture on %1$I for insert to amont_app
      with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('diagnostic_lu'))
        and par = (select public.contexte('compte'))::uuid
        and exists (select 1 from dossier d where d.dept = %1$I.dept and d.id = %1$I.dossier))$p$, t);
  end loop;
end $$;

-- The State sends synthèses to the judge: it reads those of the dossiers it sees.
create policy du_diagnostic on synthese for select to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('diagnostic'))
    and exists (select 1 from dossier d where d.dept = synthese.dept and d.id = synthese.dossier));

grant select, insert on echange_bailleur, reprise_loyer, diagnostic, diagnostic_entretien, diagnostic_volet, diagnostic_observation, diagnostic_document,
  diagnostic_envoi to amont_app;
grant update (retire_a, retire_par, retire_motif) on echange_bailleur to amont_app;
grant update (version, etat, forme, organisme, referent, visite, visite_motif, visite_le, motif_impossible, relu_a, relu_par, valide_a, valide_par, remis_le)
  on diagnostic to amont_app;
grant update (issue, issue_le) on diagnostic_entretien to amont_app;
grant update (organisme, formulaire, termine_a, termine_par) on diagnostic_volet to amont_app;
grant update (recu_le, recu_par) on diagnostic_envoi to amont_app;
