set local role amont_owner;

-- Versions of a département's criteria, dispatch or settings written and approved in the application, beside the files shipped. The text of an
-- approved version never changes; what happened to it is in evenement_version.
create table version_locale (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  genre text not null check (genre in ('criteres', 'repartition', 'parametres')),
  numero integer not null,
  etat text not null default 'brouillon' check (etat in ('brouillon', 'soumise', 'approuvee', 'refusee', 'retiree')),
  revision integer not null default 1,
  depart text,
  texte text not null,
  empreinte text not null,
  du date not null,
  jusqu_au date,
  motif text not null default '',
  reference text not null default '',
  reference_le date,
  simulation jsonb,
  cree_a timestamptz not null,
  cree_par uuid,
  modifie_a timestamptz not null,
  modifie_par uuid,
  primary key (dept, id),
  unique (dept, genre, numero),
  foreign key (dept, cree_par) references compte (dept, id),
  foreign key (dept, modifie_par) references compte (dept, id)
);
-- Two approved versions cannot take effect on the same day.
create unique index version_locale_effet on version_locale (dept, genre, du) where etat = 'approuvee';

-- One approval per side, each by another person, of one exact text.
create table approbation_version (
  dept text not null,
  version uuid not null,
  rang bigint generated always as identity,
  cote text not null check (cote in ('etat', 'departement')),
  compte uuid not null,
  organisme uuid not null,
  empreinte text not null,
  a timestamptz not null,
  primary key (dept, version, cote),
  unique (dept, version, compte),
  foreign key (dept, version) references version_locale (dept, id),
  foreign key (dept, compte) references compte (dept, id),
  foreign key (dept, organisme) references organisme (dept, id)
);

-- What happened to a version, shipped or local, append-only. `regles`: from this event on, the rules of the département are others.
create table evenement_version (
  dept text not null,
  id bigint generated always as identity,
  version text not null,
  type text not null,
  regles boolean not null default false,
  a timestamptz not null,
  compte uuid,
  organisme uuid,
  details jsonb not null default '{}',
  primary key (dept, id),
  foreign key (dept, compte) references compte (dept, id),
  foreign key (dept, organisme) references organisme (dept, id)
);
create index evenement_version_suite on evenement_version (dept, version, id);
create index evenement_version_regles on evenement_version (dept, id) where regles;

do $$
declare t text;
begin
  foreach t in array array['version_locale', 'approbation_version', 'evenement_version'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    -- Writing belongs to roles that see the whole département.
    execute format($p$create policy ecriture on %I for insert to amont_app
      with check (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement')$p$, t);
  end loop;
end $$;
-- Everybody works under the approved versions; a draft is for those who prepare it.
create policy lecture on version_locale for select to amont_app
  using (dept = (select public.contexte('dept')) and (etat = 'approuvee' or (select public.contexte('portee')) = 'departement'));
create policy modification on version_locale for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement')
  with check (dept = (select public.contexte('dept')));
create policy lecture on approbation_version for select to amont_app
  using (dept = (select public.contexte('dept')) and exists (select 1 from version_locale v
    where v.dept = approbation_version.dept and v.id = approbation_version.version));
create policy retrait on approbation_version for delete to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement');
create policy lecture on evenement_version for select to amont_app
  using (dept = (select public.contexte('dept')) and (regles or type = 'envoyer' or (select public.contexte('portee')) = 'departement'));

grant select, insert, update on version_locale to amont_app;
grant select, insert, delete on approbation_version to amont_app;
grant select, insert on evenement_version to amont_app;

-- Moves when the rules of a département change: a node reads it with the settings of each transaction, and reads the versions again only then.
create function public.estampille_regles(p_dept text) returns bigint
  language sql stable parallel safe
  set search_path = pg_catalog, public
  as $$ select coalesce(max(id), 0) from evenement_version where dept = p_dept and regles $$;
revoke execute on function public.estampille_regles(text) from public;
grant execute on function public.estampille_regles(text) to amont_app;
