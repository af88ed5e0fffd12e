set local role amont_owner;

-- Long forms begun in a dossier: which model, how far, for whom. What people write is here only sealed by the key of its dossier (`cle_dossier`).
create table formulaire (
  dept text not null,
  id uuid not null,
  dossier uuid not null,
  code text not null,
  modele integer not null,
  etat text not null check (etat in ('brouillon', 'signe', 'abandonne')),
  version integer not null,
  contenu text not null check (contenu ~ '^[0-9a-f]{8}\.[\w-]+$'),
  -- Organismes that read it besides the one that began it; null: whoever sees the dossier.
  lecteurs uuid[],
  copie_de uuid,
  auteur uuid not null,
  organisme uuid not null,
  cree_a timestamptz not null,
  modifie_a timestamptz not null,
  modifie_par uuid not null,
  signe_a timestamptz,
  signe_par uuid,
  document text check (document ~ '^[0-9a-f]{8}\.[\w-]+$'),
  empreinte text,
  primary key (dept, id),
  check ((etat = 'signe') = (signe_a is not null and signe_par is not null and document is not null and empreinte is not null)),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, copie_de) references formulaire (dept, id),
  foreign key (dept, auteur) references compte (dept, id),
  foreign key (dept, modifie_par) references compte (dept, id),
  foreign key (dept, organisme) references organisme (dept, id)
);
create index formulaire_dossier on formulaire (dept, dossier, code);

-- What was there before each hand changed: one row each time somebody saves, or takes over from somebody else. Append-only.
create table formulaire_version (
  dept text not null,
  formulaire uuid not null,
  version integer not null,
  dossier uuid not null,
  contenu text not null check (contenu ~ '^[0-9a-f]{8}\.[\w-]+$'),
  a timestamptz not null,
  par uuid not null,
  primary key (dept, formulaire, version),
  foreign key (dept, formulaire) references formulaire (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, par) references compte (dept, id)
);

-- Who has a draft open, so that two people see each other.
create table formulaire_presence (
  dept text not null,
  formulaire uuid not null,
  compte uuid not null,
  vu_a timestamptz not null,
  primary key (dept, formulaire, compte),
  foreign key (dept, formulaire) references formulaire (dept, id),
  foreign key (dept, compte) references compte (dept, id)
);

do $$
declare t text;
begin
  foreach t in array array['formulaire', 'formulaire_version', 'formulaire_presence'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
end $$;

-- Whoever sees the dossier and is a reader of the form. Whether the session may read this kind of form at all is a right of its route.
create policy lecture on formulaire for select to amont_app
  using (dept = (select public.contexte('dept'))
    and (lecteurs is null or organisme = (select public.contexte('organisme'))::uuid or (select public.contexte('organisme'))::uuid = any (lecteurs))
    and exists (select 1 from dossier d where d.dept = formulaire.dept and d.id = formulaire.dossier));
create policy ouverture on formulaire for insert to amont_app
  with check (dept = (select public.contexte('dept')) and etat = 'brouillon'
    and organisme = (select public.contexte('organisme'))::uuid and auteur = (select public.contexte('compte'))::uuid
    and exists (select 1 from dossier d where d.dept = formulaire.dept and d.id = formulaire.dossier));
-- A signed form never changes again.
create policy ecriture on formulaire for update to amont_app
  using (dept = (select public.contexte('dept')) and etat = 'brouillon'
    and (lecteurs is null or organisme = (select public.contexte('organisme'))::uuid or (select public.contexte('organisme'))::uuid = any (lecteurs))
    and exists (select 1 from dossier d where d.dept = formulaire.dept and d.id = formulaire.dossier))
  with check (dept = (select public.contexte('dept')) and modifie_par = (select public.contexte('compte'))::uuid);
create policy perimetre on formulaire_version to amont_app
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from formulaire f where f.dept = formulaire_version.dept and f.id = formulaire_version.formulaire))
  with check (dept = (select public.contexte('dept')) and par = (select public.contexte('compte'))::uuid
    and exists (select 1 from formulaire f where f.dept = formulaire_version.dept and f.id = formulaire_version.formulaire));
create policy perimetre on formulaire_presence to amont_app
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from formulaire f where f.dept = formulaire_presence.dept and f.id = formulaire_presence.formulaire))
  with check (dept = (select public.contexte('dept')) and compte = (select public.contexte('compte'))::uuid
    and exists (select 1 from formulaire f where f.dept = formulaire_presence.dept and f.id = formulaire_presence.formulaire));

grant select, insert on formulaire, formulaire_version to amont_app;
grant update (etat, version, contenu, lecteurs, modifie_a, modifie_par, signe_a, signe_par, document, empreinte) on formulaire to amont_app;
grant select, insert on formulaire_presence to amont_app;
grant update (vu_a) on formulaire_presence to amont_app;

-- Referrals to the CCAPEX, as they were filed, and what the secretariat does of them. The answers are in the form; here, only what lists and steps need.
create table saisine (
  dept text not null,
  id uuid not null,
  dossier uuid not null,
  formulaire uuid not null,
  origine text not null check (origine in ('partenaire', 'auto', 'libre')),
  etat text not null check (etat in ('recue', 'incomplete', 'complete', 'inscrite', 'classee')),
  seance_le date,
  organisme uuid not null,
  compte uuid not null,
  deposee_a timestamptz not null,
  version integer not null,
  preorientation uuid,
  primary key (dept, id),
  unique (dept, formulaire),
  check (etat <> 'inscrite' or seance_le is not null),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, formulaire) references formulaire (dept, id),
  foreign key (dept, preorientation) references formulaire (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, compte) references compte (dept, id)
);
create index saisine_dossier on saisine (dept, dossier);
create index saisine_etat on saisine (dept, etat, deposee_a);

-- What happened to a referral: filed, asked to be completed, completed, put on a session, closed. Append-only.
create table saisine_acte (
  dept text not null,
  id uuid not null,
  rang bigint generated always as identity,
  saisine uuid not null,
  dossier uuid not null,
  acte text not null check (acte in ('deposee', 'incomplete', 'completee', 'complete', 'inscrite', 'desinscrite', 'classee', 'rouverte')),
  seance_le date,
  -- Sealed by the key of the dossier: what is missing, why it is closed.
  motif text check (motif ~ '^[0-9a-f]{8}\.[\w-]+$'),
  formulaire uuid,
  a timestamptz not null,
  par uuid not null,
  organisme uuid not null,
  primary key (dept, id),
  foreign key (dept, saisine) references saisine (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, formulaire) references formulaire (dept, id),
  foreign key (dept, par) references compte (dept, id),
  foreign key (dept, organisme) references organisme (dept, id)
);
create index saisine_acte_saisine on saisine_acte (dept, saisine, rang);

-- Dossiers the machine proposes to the commission, with the criteria, the values and the version that made it say so, and what the secretariat decided.
create table proposition_saisine (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  dossier uuid not null,
  proposee_le date not null,
  -- Every order to leave never examined: proposed whatever the criteria say.
  cql boolean not null,
  criteres jsonb not null,
  version_criteres text,
  -- `caduque`: the dossier no longer meets what had it proposed, before anybody decided.
  etat text not null check (etat in ('proposee', 'reportee', 'ecartee', 'acceptee', 'caduque')),
  reportee_au date,
  motif text check (motif ~ '^[0-9a-f]{8}\.[\w-]+$'),
  decidee_a timestamptz,
  decidee_par uuid,
  formulaire uuid,
  version integer not null default 1,
  primary key (dept, id),
  unique (dept, dossier),
  check (etat <> 'reportee' or reportee_au is not null),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, formulaire) references formulaire (dept, id),
  foreign key (dept, decidee_par) references compte (dept, id)
);
create index proposition_saisine_etat on proposition_saisine (dept, etat, proposee_le);

do $$
declare t text;
begin
  foreach t in array array['saisine', 'saisine_acte', 'proposition_saisine'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
end $$;

-- Whoever reads the form reads the referral; background work sees that there is one.
create policy perimetre on saisine to amont_app
  using (dept = (select public.contexte('dept'))
    and (((select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null)
      or exists (select 1 from formulaire f where f.dept = saisine.dept and f.id = saisine.formulaire)))
  with check (dept = (select public.contexte('dept'))
    and exists (select 1 from formulaire f where f.dept = saisine.dept and f.id = saisine.formulaire));
create policy perimetre on saisine_acte to amont_app
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from saisine s where s.dept = saisine_acte.dept and s.id = saisine_acte.saisine))
  with check (dept = (select public.contexte('dept')) and par = (select public.contexte('compte'))::uuid
    and organisme = (select public.contexte('organisme'))::uuid
    and exists (select 1 from saisine s where s.dept = saisine_acte.dept and s.id = saisine_acte.saisine));
create policy perimetre on proposition_saisine to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement'
    and exists (select 1 from dossier d where d.dept = proposition_saisine.dept and d.id = proposition_saisine.dossier))
  with check (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement'
    and exists (select 1 from dossier d where d.dept = proposition_saisine.dept and d.id = proposition_saisine.dossier));

grant select, insert on saisine, saisine_acte to amont_app;
grant update (etat, seance_le, formulaire, version, preorientation) on saisine to amont_app;
grant select, insert on proposition_saisine to amont_app;
grant update (proposee_le, cql, criteres, version_criteres, etat, reportee_au, motif, decidee_a, decidee_par, formulaire, version) on proposition_saisine to amont_app;
