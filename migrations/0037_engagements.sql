set local role amont_owner;

-- Who pulls the chronology: named in the function below. What each has not seen yet waits here: a row appears with the fait's own commit, so that nothing steps
-- over a transaction still open, and goes in the transaction of the work done for it, so that a process killed anywhere loses and repeats nothing.
create table fait_attente (
  dept text not null,
  consommateur text not null,
  rang bigint not null,
  dossier uuid not null,
  primary key (dept, consommateur, rang)
);

create function public.attendre_consommateurs() returns trigger
  language plpgsql set search_path = pg_catalog, public
  as $$
begin
  insert into fait_attente (dept, consommateur, rang, dossier)
    select e.dept, c.nom, max(e.rang), e.dossier from ecrits e cross join (values ('engagements')) c(nom) group by e.dept, c.nom, e.dossier;
  return null;
end $$;
revoke execute on function public.attendre_consommateurs() from public;
grant execute on function public.attendre_consommateurs() to amont_app;
create trigger attendre_consommateurs after insert on fait referencing new table as ecrits
  for each statement execute function public.attendre_consommateurs();

-- The chronology written before anybody pulled it waits like the rest.
alter table fait no force row level security;
insert into fait_attente (dept, consommateur, rang, dossier)
  select dept, 'engagements', max(rang), dossier from fait group by dept, dossier;
alter table fait force row level security;

-- A dossier at a step of the charter: its tasks keep the version of the charter they were made under.
create table engagement_passage (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  dossier uuid not null,
  stade text not null,
  charte text not null,
  entree_le date not null,
  cree_le date not null,
  sortie_le date,
  sortie_motif text check (sortie_motif in ('etape', 'cloture')),
  primary key (dept, id),
  check ((sortie_le is null) = (sortie_motif is null)),
  foreign key (dept, dossier) references dossier (dept, id)
);
create index engagement_passage_dossier on engagement_passage (dept, dossier);
create unique index engagement_passage_vivant on engagement_passage (dept, dossier, stade) where sortie_le is null;

-- What one organisme owes for one dossier at one step.
create table engagement_tache (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  passage uuid not null,
  dossier uuid not null,
  organisme uuid not null,
  engagement text not null,
  partenaire text not null,
  stade text not null,
  mode text not null check (mode in ('tache', 'automatique')),
  -- An organisme that did not sign is proposed the engagement: never counted as missed.
  signataire boolean not null,
  -- « As far as possible »: never counted as missed either.
  facultatif boolean not null,
  -- The organisme reads the dossier. Otherwise it can prove nothing here, and is never counted late.
  acces boolean not null,
  certitude text not null check (certitude in ('applicable', 'a_apprecier', 'a_verifier')),
  -- A person said that it applies: a condition read again does not take that back.
  confirmee boolean not null default false,
  -- Words the condition lacked.
  manquants text[] not null default '{}',
  echeance_le date,
  echeance jsonb,
  etat text not null default 'a_faire' check (etat in ('a_faire', 'faite', 'empechee', 'sans_objet')),
  -- Who closed it: a fait of the chronology, Amont itself, a person, the step that passed, the dossier that closed, the condition that no longer holds.
  cause text check (cause in ('fait', 'amont', 'personne', 'etape', 'cloture', 'condition')),
  fait uuid,
  fait_le date,
  agent uuid,
  version integer not null default 1,
  cree_le date not null,
  echeance_tri date not null generated always as (coalesce(echeance_le, date '9999-12-31')) stored,
  primary key (dept, id),
  unique (dept, passage, engagement, organisme),
  check ((etat = 'a_faire') = (cause is null)),
  foreign key (dept, passage) references engagement_passage (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, fait) references fait (dept, id),
  foreign key (dept, agent) references compte (dept, id)
);
create index engagement_tache_dossier on engagement_tache (dept, dossier);
create index engagement_tache_file on engagement_tache (dept, organisme, echeance_tri, id) where etat = 'a_faire';
create index engagement_tache_agent on engagement_tache (dept, agent, echeance_tri, id) where etat = 'a_faire' and agent is not null;
create index engagement_tache_cloture on engagement_tache (dept, organisme, fait_le) where etat <> 'a_faire';

-- What people did to tasks, and what stood before: undoing puts it back. Append-only; `texte` is sealed with the key of the dossier.
create table engagement_acte (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  rang bigint generated always as identity,
  tache uuid not null,
  dossier uuid not null,
  genre text not null check (genre in ('faite', 'empechee', 'sans_objet', 'confirmee', 'attribuee', 'defaite')),
  le date not null,
  motif text,
  texte text,
  piece uuid,
  agent uuid,
  avant jsonb not null,
  -- Acts of one form, undone together. Drawn with the form: sent twice, it writes once.
  envoi uuid not null,
  organisme uuid not null,
  par uuid not null,
  a timestamptz not null,
  primary key (dept, id),
  unique (dept, par, envoi, tache, genre),
  foreign key (dept, tache) references engagement_tache (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, piece) references piece (dept, id),
  foreign key (dept, agent) references compte (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index engagement_acte_tache on engagement_acte (dept, tache, rang);
create index engagement_acte_envoi on engagement_acte (dept, par, envoi);

-- Who stands in for whom, until a day.
create table engagement_absence (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  organisme uuid not null,
  compte uuid not null,
  remplacant uuid not null,
  du date not null,
  jusqu_au date not null,
  declaree_par uuid not null,
  a timestamptz not null,
  retiree_a timestamptz,
  primary key (dept, id),
  check (compte <> remplacant and jusqu_au >= du),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, compte) references compte (dept, id),
  foreign key (dept, remplacant) references compte (dept, id),
  foreign key (dept, declaree_par) references compte (dept, id)
);
create index engagement_absence_remplacant on engagement_absence (dept, remplacant, jusqu_au) where retiree_a is null;
create index engagement_absence_compte on engagement_absence (dept, compte, jusqu_au) where retiree_a is null;

-- How engagements are kept, counted each morning: figures without anybody's name, read by every account.
create table engagement_mesure (
  dept text not null,
  charte text not null,
  annee smallint not null,
  territoire text not null,
  engagement text not null,
  partenaire text not null,
  signataire boolean not null,
  tenus integer not null,
  tenus_apres integer not null,
  empeches integer not null,
  en_retard integer not null,
  en_cours integer not null,
  sans_objet integer not null,
  a_verifier integer not null,
  le date not null,
  primary key (dept, charte, annee, territoire, engagement, partenaire, signataire)
);

do $$
declare t text;
begin
  foreach t in array array['fait_attente', 'engagement_passage', 'engagement_tache', 'engagement_acte', 'engagement_absence', 'engagement_mesure'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
end $$;

create policy ajout on fait_attente for insert to amont_app with check (dept = (select public.contexte('dept')));
create policy travail on fait_attente to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null);

-- Losing the dossier is losing its engagements.
create policy perimetre on engagement_passage to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement'
      or exists (select 1 from dossier d where d.dept = engagement_passage.dept and d.id = engagement_passage.dossier)))
  with check (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null);
create policy lecture on engagement_tache for select to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement'
      or exists (select 1 from dossier d where d.dept = engagement_tache.dept and d.id = engagement_tache.dossier)));
create policy tenue on engagement_tache for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null);
-- Changed by background work, by the organisme that owes it, or by whoever sees the whole département.
create policy changement on engagement_tache for update to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement'
      or (organisme = (select public.contexte('organisme'))::uuid
        and exists (select 1 from dossier d where d.dept = engagement_tache.dept and d.id = engagement_tache.dossier))))
  with check (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement' or organisme = (select public.contexte('organisme'))::uuid));
create policy lecture on engagement_acte for select to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement'
      or exists (select 1 from dossier d where d.dept = engagement_acte.dept and d.id = engagement_acte.dossier)));
create policy ecriture on engagement_acte for insert to amont_app
  with check (dept = (select public.contexte('dept')) and par = (select public.contexte('compte'))::uuid
    and organisme = (select public.contexte('organisme'))::uuid
    and exists (select 1 from dossier d where d.dept = engagement_acte.dept and d.id = engagement_acte.dossier));
-- Colleagues see who stands in for whom.
create policy perimetre on engagement_absence to amont_app
  using (dept = (select public.contexte('dept')) and organisme = (select public.contexte('organisme'))::uuid)
  with check (dept = (select public.contexte('dept')) and organisme = (select public.contexte('organisme'))::uuid);
create policy lecture on engagement_mesure for select to amont_app using (dept = (select public.contexte('dept')));
create policy tenue on engagement_mesure to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null)
  with check (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null);

grant select, insert, delete on fait_attente to amont_app;
grant select, insert on engagement_passage, engagement_tache, engagement_acte, engagement_absence to amont_app;
grant update (sortie_le, sortie_motif) on engagement_passage to amont_app;
grant update (signataire, facultatif, acces, certitude, confirmee, manquants, echeance_le, echeance, etat, cause, fait, fait_le, agent, version) on engagement_tache to amont_app;
grant update (retiree_a) on engagement_absence to amont_app;
grant select, insert, delete on engagement_mesure to amont_app;
