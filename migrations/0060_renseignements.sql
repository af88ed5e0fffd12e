set local role amont_owner;

-- What the service that leads a diagnosis asks of those who know the household otherwise: its landlord, its guardian, an association (DSF-06, DSF-07). Closed questions;
-- whoever answers reads what it is asked, never the dossier. Answers are sealed by the key of the dossier, and given once.
create table renseignement (
  dept text not null,
  id uuid not null,
  diagnostic uuid not null,
  dossier uuid not null,
  organisme uuid not null,
  destinataire uuid not null,
  questions text[] not null check (cardinality(questions) between 1 and 30),
  avant date not null,
  par uuid not null,
  a timestamptz not null,
  -- Drawn with the form: sent twice, asked once.
  envoi uuid not null,
  etat text not null default 'ouverte' check (etat in ('ouverte', 'repondue', 'refusee', 'retiree')),
  reponses text check (public.est_scelle(reponses)),
  repondu_par uuid,
  repondu_a timestamptz,
  primary key (dept, id),
  unique (dept, par, envoi),
  check ((etat in ('repondue', 'refusee')) = (reponses is not null)),
  check ((reponses is null) = (repondu_par is null) and (reponses is null) = (repondu_a is null)),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, diagnostic) references diagnostic (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, destinataire) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id),
  foreign key (dept, repondu_par) references compte (dept, id)
);
create index renseignement_diagnostic on renseignement (dept, diagnostic);
create index renseignement_dossier on renseignement (dept, dossier);
create index renseignement_attendu on renseignement (dept, destinataire, avant) where etat = 'ouverte';
-- One request at a time to an organisme: the second completes nothing, it waits for the first.
create unique index renseignement_ouvert on renseignement (dept, diagnostic, destinataire) where etat = 'ouverte';
alter table renseignement enable row level security;
alter table renseignement force row level security;

-- Read as what a diagnosis says is, and by the organisme it is addressed to.
create policy lecture on renseignement for select to amont_app
  using (dept = (select public.contexte('dept'))
    and (destinataire = (select public.contexte('organisme'))::uuid
      or ((select public.ouvre_cercle('diagnostic_lu'))
        and ((select public.contexte('portee')) = 'departement' or exists (select 1 from diagnostic_volet v
          where v.dept = renseignement.dept and v.diagnostic = renseignement.diagnostic and v.organisme = (select public.contexte('organisme'))::uuid))
        and exists (select 1 from dossier d where d.dept = renseignement.dept and d.id = renseignement.dossier))));
-- In the archive, what a household was the subject of is closed with its dossier, to those asked too.
create policy archive on renseignement as restrictive for select to amont_app
  using ((select public.contexte('compte')) is null or (select public.ouvre_cercle('archive'))
    or not exists (select 1 from public.dossier_archive a where a.dept = renseignement.dept and a.dossier = renseignement.dossier));
create policy demande on renseignement for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('diagnostic_lu'))
    and par = (select public.contexte('compte'))::uuid and organisme = (select public.contexte('organisme'))::uuid
    and exists (select 1 from dossier d where d.dept = renseignement.dept and d.id = renseignement.dossier));
create policy reponse on renseignement for update to amont_app
  using (dept = (select public.contexte('dept')) and etat = 'ouverte' and destinataire = (select public.contexte('organisme'))::uuid)
  with check (dept = (select public.contexte('dept')) and destinataire = (select public.contexte('organisme'))::uuid
    and repondu_par = (select public.contexte('compte'))::uuid);
create policy retrait on renseignement for update to amont_app
  using (dept = (select public.contexte('dept')) and etat = 'ouverte' and organisme = (select public.contexte('organisme'))::uuid
    and exists (select 1 from dossier d where d.dept = renseignement.dept and d.id = renseignement.dossier))
  with check (dept = (select public.contexte('dept')) and organisme = (select public.contexte('organisme'))::uuid and etat = 'retiree');
grant select, insert on renseignement to amont_app;
grant update (etat, reponses, repondu_par, repondu_a) on renseignement to amont_app;
select public.ouvrir_a_la_conservation();
