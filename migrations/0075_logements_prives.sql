set local role amont_owner;

-- Agencies and managers who accept to be asked for a dwelling, by sector (ESP-12, CHA-43).
create table agence_reseau (
  dept text not null,
  organisme uuid not null,
  secteurs text[] not null check (secteurs <> '{}' and secteurs <@ array['rural', 'petites_surfaces', 'autres']),
  -- None: the whole département.
  territoires text[] not null,
  joindre text not null,
  accord_le date not null,
  retiree_a timestamptz,
  version integer not null default 1,
  modifiee_a timestamptz not null,
  modifiee_par uuid not null,
  primary key (dept, organisme),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, modifiee_par) references compte (dept, id)
);

-- A need of a dwelling, in closed fields: nobody can name a household there.
create table logement_demande (
  dept text not null,
  id uuid not null,
  organisme uuid not null,
  par uuid not null,
  a timestamptz not null,
  secteur text not null check (secteur in ('rural', 'petites_surfaces', 'autres')),
  territoire text not null,
  -- INSEE code; null: anywhere in the territory.
  commune text,
  pieces smallint not null check (pieces between 1 and 6),
  loyer_max integer not null check (loyer_max > 0),
  accessible boolean not null,
  voulu_le date not null,
  avant date not null,
  issue text check (issue in ('bail', 'aucune')),
  issue_agence uuid,
  issue_le date,
  close_a timestamptz,
  close_par uuid,
  version integer not null default 1,
  envoi uuid not null,
  primary key (dept, id),
  unique (dept, par, envoi),
  check ((issue is null) = (close_a is null) and (issue is null) = (close_par is null) and (issue is null) = (issue_le is null)),
  check (issue_agence is null or issue = 'bail'),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id),
  foreign key (dept, close_par) references compte (dept, id),
  foreign key (dept, issue_agence) references organisme (dept, id)
);
create index logement_demande_organisme on logement_demande (dept, organisme) where issue is null;

-- The dossier it is for, on the side of whoever asks: no agency reads this table.
create table logement_demande_dossier (
  dept text not null,
  demande uuid not null,
  dossier uuid not null,
  organisme uuid not null,
  par uuid not null,
  a timestamptz not null,
  primary key (dept, demande),
  foreign key (dept, demande) references logement_demande (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index logement_demande_dossier_dossier on logement_demande_dossier (dept, dossier);

-- An agency asked, and where it stands.
create table logement_sollicitation (
  dept text not null,
  demande uuid not null,
  agence uuid not null,
  demandeur uuid not null,
  avant date not null,
  etat text not null default 'attendue' check (etat in ('attendue', 'offre', 'rien', 'question')),
  close boolean not null default false,
  relances integer not null default 0,
  relancee_le date,
  version integer not null default 1,
  primary key (dept, demande, agence),
  foreign key (dept, demande) references logement_demande (dept, id),
  foreign key (dept, agence) references organisme (dept, id),
  foreign key (dept, demandeur) references organisme (dept, id)
);
create index logement_sollicitation_agence on logement_sollicitation (dept, agence) where not close;
create index logement_sollicitation_demandeur on logement_sollicitation (dept, demandeur) where not close;

-- What each side said, one after the other; only added to.
create table logement_acte (
  dept text not null,
  id uuid not null,
  demande uuid not null,
  agence uuid not null,
  genre text not null check (genre in ('offre', 'rien', 'question', 'precision', 'visite')),
  texte text not null,
  loyer integer,
  pieces smallint,
  le date,
  par uuid not null,
  organisme uuid not null,
  a timestamptz not null,
  envoi uuid not null,
  primary key (dept, id),
  unique (dept, par, envoi),
  foreign key (dept, demande, agence) references logement_sollicitation (dept, demande, agence),
  foreign key (dept, par) references compte (dept, id),
  foreign key (dept, organisme) references organisme (dept, id)
);
create index logement_acte_demande on logement_acte (dept, demande, agence);

do $$
declare t text;
begin
  foreach t in array array['agence_reseau', 'logement_demande', 'logement_demande_dossier', 'logement_sollicitation', 'logement_acte'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
end $$;

create policy lecture on agence_reseau for select to amont_app
  using (dept = (select public.contexte('dept')) and ((select public.ouvre_cercle('logement_demande')) or (select public.ouvre_cercle('logement_tenu'))
    or ((select public.ouvre_cercle('logement_recu')) and organisme = (select public.contexte('organisme'))::uuid)));
create policy inscription on agence_reseau for insert to amont_app
  with check (dept = (select public.contexte('dept')) and ((select public.ouvre_cercle('logement_tenu'))
    or ((select public.ouvre_cercle('logement_recu')) and organisme = (select public.contexte('organisme'))::uuid)));
create policy tenue on agence_reseau for update to amont_app
  using (dept = (select public.contexte('dept')) and ((select public.ouvre_cercle('logement_tenu'))
    or ((select public.ouvre_cercle('logement_recu')) and organisme = (select public.contexte('organisme'))::uuid)))
  with check (dept = (select public.contexte('dept')));

-- Each side reads its own; those who keep the network read what is asked and what comes of it; background work reminds.
create policy lecture on logement_sollicitation for select to amont_app
  using (dept = (select public.contexte('dept')) and ((select public.ouvre_cercle('logement_tenu')) or (select public.est_systeme())
    or ((select public.ouvre_cercle('logement_demande')) and demandeur = (select public.contexte('organisme'))::uuid)
    or ((select public.ouvre_cercle('logement_recu')) and agence = (select public.contexte('organisme'))::uuid)));
create policy lecture on logement_demande for select to amont_app
  using (dept = (select public.contexte('dept')) and ((select public.ouvre_cercle('logement_tenu'))
    or ((select public.ouvre_cercle('logement_demande')) and organisme = (select public.contexte('organisme'))::uuid)
    or ((select public.ouvre_cercle('logement_recu')) and exists (select 1 from logement_sollicitation s
      where s.dept = logement_demande.dept and s.demande = logement_demande.id and s.agence = (select public.contexte('organisme'))::uuid))));
create policy lecture on logement_acte for select to amont_app
  using (dept = (select public.contexte('dept')) and exists (select 1 from logement_sollicitation s
    where s.dept = logement_acte.dept and s.demande = logement_acte.demande and s.agence = logement_acte.agence));
create policy lecture on logement_demande_dossier for select to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('logement_demande')) and organisme = (select public.contexte('organisme'))::uuid
    and exists (select 1 from dossier d where d.dept = logement_demande_dossier.dept and d.id = logement_demande_dossier.dossier));

create policy envoi on logement_demande for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('logement_demande'))
    and organisme = (select public.contexte('organisme'))::uuid and par = (select public.contexte('compte'))::uuid);
create policy issue on logement_demande for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('logement_demande')) and organisme = (select public.contexte('organisme'))::uuid)
  with check (dept = (select public.contexte('dept')) and organisme = (select public.contexte('organisme'))::uuid);
create policy envoi on logement_demande_dossier for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('logement_demande'))
    and organisme = (select public.contexte('organisme'))::uuid and par = (select public.contexte('compte'))::uuid
    and exists (select 1 from dossier d where d.dept = logement_demande_dossier.dept and d.id = logement_demande_dossier.dossier));
create policy envoi on logement_sollicitation for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('logement_demande')) and demandeur = (select public.contexte('organisme'))::uuid);
create policy suite on logement_sollicitation for update to amont_app
  using (dept = (select public.contexte('dept')) and ((select public.est_systeme())
    or ((select public.ouvre_cercle('logement_demande')) and demandeur = (select public.contexte('organisme'))::uuid)
    or ((select public.ouvre_cercle('logement_recu')) and agence = (select public.contexte('organisme'))::uuid and not close)))
  -- An agency answers; it does not close.
  with check (dept = (select public.contexte('dept')) and ((select public.est_systeme())
    or ((select public.ouvre_cercle('logement_demande')) and demandeur = (select public.contexte('organisme'))::uuid)
    or ((select public.ouvre_cercle('logement_recu')) and agence = (select public.contexte('organisme'))::uuid and not close)));
-- An agency answers for itself; whoever asked writes what it was told by another means, what it adds, and visits.
create policy envoi on logement_acte for insert to amont_app
  with check (dept = (select public.contexte('dept')) and organisme = (select public.contexte('organisme'))::uuid and par = (select public.contexte('compte'))::uuid
    and exists (select 1 from logement_sollicitation s where s.dept = logement_acte.dept and s.demande = logement_acte.demande and s.agence = logement_acte.agence
      and not s.close
      and (((select public.ouvre_cercle('logement_demande')) and s.demandeur = (select public.contexte('organisme'))::uuid)
        or ((select public.ouvre_cercle('logement_recu')) and s.agence = (select public.contexte('organisme'))::uuid and logement_acte.genre in ('offre', 'rien', 'question')))));

grant select, insert on agence_reseau, logement_demande, logement_demande_dossier, logement_sollicitation, logement_acte to amont_app;
grant update (secteurs, territoires, joindre, accord_le, retiree_a, version, modifiee_a, modifiee_par) on agence_reseau to amont_app;
grant update (issue, issue_agence, issue_le, close_a, close_par, version) on logement_demande to amont_app;
grant update (etat, close, relances, relancee_le, version) on logement_sollicitation to amont_app;
select public.ouvrir_a_la_conservation();
