set local role amont_owner;

-- The register of landlords (RAP-10): one sheet each, whatever the number of dwellings. Kept by the secretariat, read by the State: the scope of the whole
-- département opens it, nothing narrower. `fusion` is the merge that put a sheet aside: undoing it gives the sheet back.
create table bailleur (
  dept text not null,
  id uuid not null,
  nom text not null check (nom <> ''),
  -- The name without accents or case, and all that is searched, written by the module.
  cle text not null,
  recherche text not null,
  nature text check (nature in ('personne_physique', 'sci_familiale', 'personne_morale', 'bailleur_social', 'commune', 'ais_aivs')),
  gestionnaire boolean not null default false,
  siret text check (siret ~ '^\d{14}$'),
  adresse text not null default '',
  telephone text not null default '',
  courriel text not null default '',
  -- Signed with the ANAH, since when if it is known (ÉTAT 1).
  conventionne_anah boolean not null default false,
  conventionne_anah_le date,
  fusion uuid,
  retire_a timestamptz,
  version integer not null default 1,
  cree_a timestamptz not null,
  cree_par uuid,
  modifie_a timestamptz not null,
  modifie_par uuid,
  -- Drawn with the form: sent twice, created once.
  envoi uuid,
  primary key (dept, id),
  check (conventionne_anah or conventionne_anah_le is null),
  foreign key (dept, cree_par) references compte (dept, id),
  foreign key (dept, modifie_par) references compte (dept, id)
);
create unique index bailleur_envoi on bailleur (dept, envoi) where envoi is not null;
create unique index bailleur_siret on bailleur (dept, siret) where siret is not null and fusion is null and retire_a is null;
create index bailleur_cle on bailleur (dept, cle);
create index bailleur_recherche on bailleur using gin (recherche extensions.gin_trgm_ops);

-- A dwelling of a landlord, and who manages it for them. No household is named here.
create table bailleur_logement (
  dept text not null,
  id uuid not null,
  bailleur uuid not null,
  adresse text not null,
  commune text not null default '',
  -- The address without accents or case: two dossiers of the same dwelling meet there.
  cle text not null,
  gerant uuid,
  retire_a timestamptz,
  primary key (dept, id),
  check (gerant <> bailleur),
  foreign key (dept, bailleur) references bailleur (dept, id),
  foreign key (dept, gerant) references bailleur (dept, id)
);
create index bailleur_logement_bailleur on bailleur_logement (dept, bailleur);
create index bailleur_logement_gerant on bailleur_logement (dept, gerant) where gerant is not null;

-- Which dwelling a dossier is about: one at a time, ended and never erased.
create table bailleur_dossier (
  dept text not null,
  id uuid not null,
  dossier uuid not null,
  logement uuid not null,
  a timestamptz not null,
  par uuid,
  defait_a timestamptz,
  defait_par uuid,
  primary key (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, logement) references bailleur_logement (dept, id),
  foreign key (dept, par) references compte (dept, id),
  foreign key (dept, defait_par) references compte (dept, id)
);
create unique index bailleur_dossier_vivant on bailleur_dossier (dept, dossier) where defait_a is null;
create index bailleur_dossier_logement on bailleur_dossier (dept, logement);

-- Two sheets made one: what moved, so that undoing gives exactly that back.
create table bailleur_fusion (
  dept text not null,
  id uuid not null,
  garde uuid not null,
  absorbe uuid not null,
  -- Dwellings that changed owner or manager, and what the kept sheet was before.
  deplaces jsonb not null,
  a timestamptz not null,
  par uuid,
  defait_a timestamptz,
  defait_par uuid,
  primary key (dept, id),
  check (garde <> absorbe),
  foreign key (dept, garde) references bailleur (dept, id),
  foreign key (dept, absorbe) references bailleur (dept, id),
  foreign key (dept, par) references compte (dept, id),
  foreign key (dept, defait_par) references compte (dept, id)
);
create unique index bailleur_fusion_vivante on bailleur_fusion (dept, absorbe) where defait_a is null;
alter table bailleur add foreign key (dept, fusion) references bailleur_fusion (dept, id);

do $$
declare t text;
begin
  foreach t in array array['bailleur', 'bailleur_logement', 'bailleur_fusion'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy perimetre on %I to amont_app
      using (dept = (select public.contexte(''dept'')) and (select public.contexte(''portee'')) = ''departement'')
      with check (dept = (select public.contexte(''dept'')) and (select public.contexte(''portee'')) = ''departement'')', t);
  end loop;
end $$;
alter table bailleur_dossier enable row level security;
alter table bailleur_dossier force row level security;
create policy perimetre on bailleur_dossier to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement'
    and exists (select 1 from dossier d where d.dept = bailleur_dossier.dept and d.id = bailleur_dossier.dossier))
  with check (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement'
    and exists (select 1 from dossier d where d.dept = bailleur_dossier.dept and d.id = bailleur_dossier.dossier));
grant select, insert on bailleur, bailleur_logement, bailleur_dossier, bailleur_fusion to amont_app;
grant update (nom, cle, recherche, nature, gestionnaire, siret, adresse, telephone, courriel, conventionne_anah, conventionne_anah_le, fusion, retire_a, version, modifie_a, modifie_par)
  on bailleur to amont_app;
grant update (bailleur, gerant, retire_a) on bailleur_logement to amont_app;
grant update (defait_a, defait_par) on bailleur_dossier, bailleur_fusion to amont_app;
select public.ouvrir_a_la_conservation();
