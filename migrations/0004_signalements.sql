set local role amont_owner;

create table fichier (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  nom text not null,
  genre text not null,
  taille integer not null,
  empreinte text not null,
  octets bytea not null,
  cree_a timestamptz not null,
  primary key (dept, id)
);

-- One deposit of one file by one organisme.
create table lot (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  organisme uuid not null,
  fichier uuid not null,
  nom text not null,
  empreinte text not null,
  encodage text,
  etat text not null default 'recu',
  motif_fichier text,
  motif_detail text,
  entete jsonb not null default '[]',
  correspondance jsonb not null default '{}',
  colonnes_inconnues jsonb not null default '[]',
  recu_le date not null,
  depose_a timestamptz not null,
  depose_par uuid,
  lignes_total integer,
  lignes_lues integer not null default 0,
  dernier_rang integer not null default 0,
  acceptees integer not null default 0,
  avertissements integer not null default 0,
  rejetees integer not null default 0,
  lignes_vides integer not null default 0,
  a_rapprocher integer not null default 0,
  rapprochees integer not null default 0,
  termine_a timestamptz,
  retire_a timestamptz,
  retire_par uuid,
  corrige_lot uuid,
  primary key (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, fichier) references fichier (dept, id)
);
create index lot_organisme on lot (dept, organisme, depose_a desc);
create index lot_recents on lot (dept, depose_a desc);

-- What a partner reported. `contenu` is the current version; earlier ones stay in signalement_version.
create table signalement (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  organisme uuid not null,
  reference_source text not null,
  type text not null,
  date_signalement date not null,
  date_acte date,
  contenu jsonb not null,
  empreinte text not null,
  version integer not null default 1,
  lot uuid not null,
  ligne integer not null,
  recu_le date not null,
  recu_a timestamptz not null,
  code_insee text,
  commune text not null,
  territoire text,
  retire_a timestamptz,
  rapproche boolean not null default false,
  primary key (dept, id),
  unique (dept, organisme, reference_source),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, lot) references lot (dept, id)
);
create index signalement_lot on signalement (dept, lot, ligne);
create index signalement_a_rapprocher on signalement (dept, lot, ligne) where not rapproche and retire_a is null;

create table signalement_version (
  dept text not null,
  signalement uuid not null,
  version integer not null,
  contenu jsonb not null,
  empreinte text not null,
  lot uuid not null,
  ligne integer not null,
  recu_a timestamptz not null,
  annulee_a timestamptz,
  primary key (dept, signalement, version),
  foreign key (dept, signalement) references signalement (dept, id),
  foreign key (dept, lot) references lot (dept, id)
);
create index signalement_version_lot on signalement_version (dept, lot);

-- Every line as received, its verdict and what it produced. (lot, ligne) is unique: a resumed import cannot double a line.
create table ligne_lot (
  dept text not null,
  lot uuid not null,
  ligne integer not null,
  reference_source text not null,
  brut bytea not null,
  champs jsonb not null,
  verdict text not null,
  effet text not null,
  motifs jsonb not null default '[]',
  signalement uuid,
  corrigee_a timestamptz,
  corrigee_par uuid,
  corrigee_lot uuid,
  primary key (dept, lot, ligne),
  foreign key (dept, lot) references lot (dept, id),
  foreign key (dept, signalement) references signalement (dept, id)
);
create index ligne_lot_rejets on ligne_lot (dept, lot, ligne) where verdict = 'rejetee' and corrigee_a is null;
create index ligne_lot_verdict on ligne_lot (dept, lot, verdict, ligne);
create index ligne_lot_signalement on ligne_lot (dept, signalement);

-- Column names an organisme uses, remembered from the last confirmed mapping.
create table correspondance (
  dept text not null,
  organisme uuid not null,
  signature text not null,
  colonnes jsonb not null,
  memorisee_a timestamptz not null,
  par uuid,
  primary key (dept, organisme, signature),
  foreign key (dept, organisme) references organisme (dept, id)
);

do $$
declare t text;
begin
  foreach t in array array['fichier', 'lot', 'signalement', 'signalement_version', 'ligne_lot', 'correspondance'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
end $$;

create policy perimetre on lot to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement' or (select public.contexte('reception')) = 'oui'
      or organisme = (select public.contexte('organisme'))::uuid))
  with check (dept = (select public.contexte('dept')));
create policy perimetre on fichier to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement' or exists (select 1 from lot l where l.dept = fichier.dept and l.fichier = fichier.id)))
  with check (dept = (select public.contexte('dept')));
create policy perimetre on ligne_lot to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement' or exists (select 1 from lot l where l.dept = ligne_lot.dept and l.id = ligne_lot.lot)))
  with check (dept = (select public.contexte('dept')));
create policy perimetre on correspondance to amont_app
  using (dept = (select public.contexte('dept'))) with check (dept = (select public.contexte('dept')));

grant select, insert, update on lot, ligne_lot, correspondance to amont_app;
grant select, insert on fichier to amont_app;
grant select, insert, update on signalement, signalement_version to amont_app;
