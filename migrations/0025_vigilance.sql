set local role amont_owner;

-- Behaviours to look at, one row each, computed from the journal. `cle` keeps a second computation from raising it again.
create table alerte_acces (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  cle text not null,
  regle text not null,
  compte uuid,
  dossier uuid,
  jour date not null,
  -- What was counted, beyond which value, and where that value comes from: ids and figures only.
  mesure jsonb not null default '{}',
  cree_a timestamptz not null,
  etat text not null default 'nouvelle' check (etat in ('nouvelle', 'vue', 'justifiee', 'retenue')),
  examinee_par uuid,
  examinee_a timestamptz,
  motif text,
  primary key (dept, id),
  unique (dept, cle),
  foreign key (dept, compte) references compte (dept, id)
);
create index alerte_acces_a_examiner on alerte_acces (dept, jour desc, id) where etat = 'nouvelle';
create index alerte_acces_recentes on alerte_acces (dept, jour desc, id);

-- The street somebody who works here lives in, as a hash no other account shares: enough to compare, not to read.
create table voisinage (
  dept text not null,
  compte uuid not null,
  empreinte bytea not null,
  declare_a timestamptz not null,
  primary key (dept, compte),
  foreign key (dept, compte) references compte (dept, id)
);

alter table alerte_acces enable row level security;
alter table alerte_acces force row level security;
alter table voisinage enable row level security;
alter table voisinage force row level security;
-- The data protection officer, and jobs: the people watched do not see how, nor do those who manage their accounts.
create policy vigilance on alerte_acces to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('compte')) is null or (select public.contexte('portee')) = 'vigilance'))
  with check (dept = (select public.contexte('dept'))
    and ((select public.contexte('compte')) is null or (select public.contexte('portee')) = 'vigilance'));
create policy travaux on voisinage to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('compte')) is null)
  with check (dept = (select public.contexte('dept')) and (select public.contexte('compte')) is null);
grant select, insert, update on alerte_acces to amont_app;
grant select, insert, update, delete on voisinage to amont_app;
