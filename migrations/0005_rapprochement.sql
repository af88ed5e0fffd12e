set local role amont_owner;

-- Comparable form of a signalement, and the keys under which candidates are found.
create table fiche (
  dept text not null,
  signalement uuid not null,
  contenu jsonb not null,
  primary key (dept, signalement),
  foreign key (dept, signalement) references signalement (dept, id)
);
create table cle_blocage (
  dept text not null,
  cle text not null,
  signalement uuid not null,
  primary key (dept, cle, signalement),
  foreign key (dept, signalement) references signalement (dept, id)
);
create index cle_blocage_signalement on cle_blocage (dept, signalement);

-- A reversible link. Nothing is merged: a dossier is what its live links say.
create table rattachement (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  signalement uuid not null,
  dossier uuid not null,
  mode text not null,
  score double precision,
  details jsonb not null default '{}',
  parametres text,
  a timestamptz not null,
  par uuid,
  motif text,
  defait_a timestamptz,
  defait_par uuid,
  defait_motif text,
  primary key (dept, id),
  foreign key (dept, signalement) references signalement (dept, id),
  foreign key (dept, dossier) references dossier (dept, id)
);
create unique index rattachement_vivant on rattachement (dept, signalement) where defait_a is null;
create index rattachement_dossier on rattachement (dept, dossier) where defait_a is null;
create index rattachement_signalement on rattachement (dept, signalement, a);

-- A signalement whose household is not certain: waits for a person.
create table doute (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  rang bigint generated always as identity,
  signalement uuid not null,
  candidats jsonb not null,
  meilleur_score double precision not null,
  cree_a timestamptz not null,
  reponse text,
  repondu_a timestamptz,
  repondu_par uuid,
  mis_de_cote_a timestamptz,
  question text,
  primary key (dept, id),
  foreign key (dept, signalement) references signalement (dept, id)
);
create unique index doute_ouvert on doute (dept, signalement) where reponse is null;
create index doute_file on doute (dept, rang) where reponse is null;

-- "Not the same", said by a person and remembered.
create table non_correspondance (
  dept text not null,
  signalement uuid not null,
  dossier uuid not null,
  a timestamptz not null,
  par uuid,
  primary key (dept, signalement, dossier),
  foreign key (dept, signalement) references signalement (dept, id),
  foreign key (dept, dossier) references dossier (dept, id)
);

create table parametres_rapprochement (
  dept text not null,
  version text not null,
  contenu jsonb not null,
  estime_a timestamptz not null,
  actif boolean not null default false,
  primary key (dept, version)
);

do $$
declare t text;
begin
  foreach t in array array['fiche', 'cle_blocage', 'rattachement', 'doute', 'non_correspondance', 'parametres_rapprochement'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
end $$;

create policy perimetre on rattachement to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement'
      or exists (select 1 from dossier d where d.dept = rattachement.dept and d.id = rattachement.dossier)))
  with check (dept = (select public.contexte('dept')));
create policy perimetre on signalement to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement'
      or organisme = (select public.contexte('organisme'))::uuid
      or exists (select 1 from rattachement r where r.dept = signalement.dept and r.signalement = signalement.id and r.defait_a is null)))
  with check (dept = (select public.contexte('dept')));
create policy perimetre on signalement_version to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement'
      or exists (select 1 from signalement s where s.dept = signalement_version.dept and s.id = signalement_version.signalement)))
  with check (dept = (select public.contexte('dept')));
-- Recognition compares across the whole département: only département-wide sessions may read what it stores.
do $$
declare t text;
begin
  foreach t in array array['fiche', 'cle_blocage', 'doute', 'non_correspondance', 'parametres_rapprochement'] loop
    execute format($p$create policy perimetre on %I to amont_app
      using (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement')
      with check (dept = (select public.contexte('dept')))$p$, t);
  end loop;
end $$;

grant select, insert, update on rattachement, doute to amont_app;
grant select, insert, update, delete on fiche, cle_blocage, parametres_rapprochement to amont_app;
grant select, insert, delete on non_correspondance to amont_app;
