set local role amont_owner;

-- One row per household and dwelling. The columns below `cree_par` are derived from the attached signalements and the
-- affectation: they are recomputed, never edited, so that undoing an attachment is recomputing.
create table dossier (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  reference text not null,
  numero integer not null,
  annee integer not null,
  ouvert_le date not null,
  clos_le date,
  motif_cloture text,
  version integer not null default 1,

  titulaire text not null default '',
  nom_tri text not null default '',
  recherche text not null default '',
  adresse text not null default '',
  commune text not null default '',
  code_insee text,
  territoire text,
  parc text,
  bailleur text not null default '',
  stade text not null default 'impaye',
  stade_rang smallint not null default 1,
  stade_le date,
  phase text not null default 'amiable',
  audience_le date,
  dette bigint,
  dette_le date,
  dette_en_hausse boolean not null default false,
  premier_signal_le date,
  dernier_signal_le date,
  signaux integer not null default 0,
  sources_6_mois integer not null default 0,
  en_serie boolean not null default false,
  recurrence boolean not null default false,
  criteres text[] not null default '{}',
  criteres_detail jsonb not null default '[]',
  vulnerable boolean,
  seuil jsonb,
  menage jsonb not null default '{}',
  logement jsonb not null default '{}',
  bail jsonb not null default '{}',
  actes jsonb not null default '[]',
  faits jsonb not null default '{}',
  connu_service boolean not null default false,

  service text,
  organisme uuid,
  etat_service text not null default 'sans_preneur',
  service_depuis date,
  organismes_habilites uuid[] not null default '{}',
  echeance_le date,
  echeance_cle text,
  echeance_libelle text,
  echeances jsonb not null default '[]',
  echeances_service jsonb not null default '[]',
  derive_a timestamptz,
  -- Last day something a service must know changed: a new list shows it again.
  change_le date,
  -- Sort keys without null, so that keyset pages compare rows with one operator.
  echeance_tri date not null generated always as (coalesce(echeance_le, date '9999-12-31')) stored,
  dette_tri bigint not null generated always as (coalesce(dette, -1)) stored,
  signal_tri date not null generated always as (coalesce(dernier_signal_le, date '0001-01-01')) stored,
  primary key (dept, id),
  unique (dept, reference),
  foreign key (dept, organisme) references organisme (dept, id)
);
create index dossier_echeance on dossier (dept, echeance_tri, id) where clos_le is null;
create index dossier_nom on dossier (dept, nom_tri collate "C", id) where clos_le is null;
create index dossier_dette on dossier (dept, dette_tri, id) where clos_le is null;
create index dossier_stade on dossier (dept, stade_rang, id) where clos_le is null;
create index dossier_signal on dossier (dept, signal_tri, id) where clos_le is null;
create index dossier_territoire on dossier (dept, territoire, echeance_tri, id) where clos_le is null;
create index dossier_organisme on dossier (dept, organisme, echeance_tri, id) where clos_le is null;
create index dossier_sans_preneur on dossier (dept, stade_rang desc, id) where clos_le is null and etat_service = 'sans_preneur';
create index dossier_recherche on dossier using gin (recherche extensions.gin_trgm_ops);
create index dossier_habilites on dossier using gin (organismes_habilites);

-- Exact counts of what the list filters most, kept by the same statement that changes a dossier: added rows, never a contended counter.
-- Summing the rows of a filter costs the number of combinations, not the number of dossiers. A job folds the rows from time to time.
create table dossier_compte (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  ouvert boolean not null,
  territoire text,
  parc text,
  stade text not null,
  phase text not null,
  service text,
  organisme uuid,
  etat_service text not null,
  connu_service boolean not null,
  en_serie boolean not null,
  n integer not null,
  primary key (dept, id)
);
create index dossier_compte_somme on dossier_compte (dept, ouvert)
  include (territoire, parc, stade, phase, service, organisme, etat_service, connu_service, en_serie, n);

create function public.compter_dossiers() returns trigger
  language plpgsql set search_path = pg_catalog, public
  as $$
begin
  if tg_op = 'INSERT' then
    insert into dossier_compte (dept, ouvert, territoire, parc, stade, phase, service, organisme, etat_service, connu_service, en_serie, n)
      select dept, clos_le is null, territoire, parc, stade, phase, service, organisme, etat_service, connu_service, en_serie, count(*)
      from apres group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11;
  else
    insert into dossier_compte (dept, ouvert, territoire, parc, stade, phase, service, organisme, etat_service, connu_service, en_serie, n)
      select dept, ouvert, territoire, parc, stade, phase, service, organisme, etat_service, connu_service, en_serie, sum(n)
      from (
        select dept, clos_le is null as ouvert, territoire, parc, stade, phase, service, organisme, etat_service, connu_service, en_serie, 1 as n from apres
        union all
        select dept, clos_le is null, territoire, parc, stade, phase, service, organisme, etat_service, connu_service, en_serie, -1 from avant
      ) delta
      group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 having sum(n) <> 0;
  end if;
  return null;
end $$;
revoke execute on function public.compter_dossiers() from public;
grant execute on function public.compter_dossiers() to amont_app;
create trigger compter_ajouts after insert on dossier referencing new table as apres
  for each statement execute function public.compter_dossiers();
create trigger compter_changements after update on dossier referencing new table as apres old table as avant
  for each statement execute function public.compter_dossiers();

alter table dossier_compte enable row level security;
alter table dossier_compte force row level security;
create policy somme on dossier_compte for select to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement');
create policy ajout on dossier_compte for insert to amont_app with check (dept = (select public.contexte('dept')));
create policy pliage on dossier_compte for delete to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement');
grant select, insert, delete on dossier_compte to amont_app;

-- Chronology: what happened, in order, append-only. A correction is a new fait.
create table fait (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  rang bigint generated always as identity,
  dossier uuid not null,
  type text not null,
  le date not null,
  a timestamptz not null,
  compte uuid,
  organisme uuid,
  donnees jsonb not null default '{}',
  primary key (dept, id),
  foreign key (dept, dossier) references dossier (dept, id)
);
create index fait_dossier on fait (dept, dossier, rang);
create index fait_rang on fait (dept, rang);

create table vue_enregistree (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  compte uuid not null,
  nom text not null,
  requete text not null,
  cree_a timestamptz not null,
  primary key (dept, id),
  unique (dept, compte, nom),
  foreign key (dept, compte) references compte (dept, id)
);

create table compteur (
  dept text not null,
  cle text not null,
  valeur integer not null,
  primary key (dept, cle)
);

alter table dossier enable row level security;
alter table dossier force row level security;
create policy perimetre on dossier to amont_app
  using (
    dept = (select public.contexte('dept'))
    and (
      (select public.contexte('portee')) = 'departement'
      or territoire = any ((select string_to_array(public.contexte('territoires'), ','))::text[])
      or (select public.contexte('organisme'))::uuid = any (organismes_habilites)
    )
  )
  with check (dept = (select public.contexte('dept')));
-- The fuzzy search functions run as this role only; they repeat the département themselves.
create policy recherche on dossier for select to amont_recherche using (true);
grant select (dept, id, recherche) on dossier to amont_recherche;

alter table fait enable row level security;
alter table fait force row level security;
create policy perimetre on fait to amont_app
  using (
    dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement'
      or exists (select 1 from dossier d where d.dept = fait.dept and d.id = fait.dossier))
  )
  with check (dept = (select public.contexte('dept')));

do $$
declare t text;
begin
  foreach t in array array['vue_enregistree', 'compteur'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
end $$;
create policy perimetre on vue_enregistree to amont_app
  using (dept = (select public.contexte('dept')) and compte = (select public.contexte('compte'))::uuid)
  with check (dept = (select public.contexte('dept')) and compte = (select public.contexte('compte'))::uuid);
create policy perimetre on compteur to amont_app
  using (dept = (select public.contexte('dept'))) with check (dept = (select public.contexte('dept')));

grant select, insert, update on dossier to amont_app;
grant select, insert on fait to amont_app;
grant select, insert, delete on vue_enregistree to amont_app;
grant select, insert, update on compteur to amont_app;

-- Tolerant search: ids only, one département only; the caller reads the rows again under its own policies.
create function public.chercher_dossiers(p_dept text, p_texte text, p_limite integer)
  returns table (id uuid, ressemblance real)
  language plpgsql stable security definer
  set search_path = pg_catalog, public
  set pg_trgm.word_similarity_threshold = 0.45
  as $$
begin
  if p_dept is distinct from public.contexte('dept') then
    raise exception 'chercher_dossiers: other département' using errcode = 'insufficient_privilege';
  end if;
  return query
    select d.id, extensions.word_similarity(p_texte, d.recherche) as ressemblance
    from public.dossier d
    where d.dept = p_dept and p_texte operator(extensions.<%) d.recherche
    order by 2 desc, d.id
    limit least(p_limite, 2000);
end $$;
revoke execute on function public.chercher_dossiers(text, text, integer) from public;
reset role;
grant create on schema public to amont_recherche;
alter function public.chercher_dossiers(text, text, integer) owner to amont_recherche;
revoke create on schema public from amont_recherche;
grant execute on function public.chercher_dossiers(text, text, integer) to amont_app;
