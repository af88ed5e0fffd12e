set local role amont_owner;

-- Acts and situations entered by hand. Append-only: a correction, a withdrawal or a return is a new row of the same chain (`racine`), whose newest row holds. When the
-- act came with a signalement, the chain bears its id: what a person says of it prevails, and the signalement stays as received.
create table acte_saisi (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  rang bigint generated always as identity,
  dossier uuid not null,
  racine uuid not null,
  nature text not null check (nature in ('consigne', 'corrige', 'annule', 'retabli')),
  genre text not null,
  le date not null,
  contenu jsonb not null default '{}',
  signalement uuid,
  motif text,
  precision text,
  envoi uuid not null,
  -- The reunion of two dossiers that brought this chain here; undone, it withdraws it.
  reunion uuid,
  a timestamptz not null,
  compte uuid,
  organisme uuid,
  primary key (dept, id),
  unique (dept, dossier, envoi),
  check (nature <> 'annule' or motif is not null),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, compte) references compte (dept, id),
  foreign key (dept, organisme) references organisme (dept, id)
);
create index acte_saisi_reunion on acte_saisi (dept, reunion) where reunion is not null;
create index acte_saisi_dossier on acte_saisi (dept, dossier, racine, rang desc);

alter table acte_saisi enable row level security;
alter table acte_saisi force row level security;
create policy perimetre on acte_saisi to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement'
      or exists (select 1 from dossier d where d.dept = acte_saisi.dept and d.id = acte_saisi.dossier)))
  with check (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement'
      or exists (select 1 from dossier d where d.dept = acte_saisi.dept and d.id = acte_saisi.dossier)));
grant select, insert on acte_saisi to amont_app;

-- What acts make of the dossier beyond its step; and what signalements alone say of it, kept only once a person added something.
alter table dossier add column situation jsonb, add column signale jsonb;

-- Documents of an act: the document itself, and who reads it, stay with the exchanges.
create table acte_piece (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  dossier uuid not null,
  acte uuid not null,
  piece uuid not null,
  a timestamptz not null,
  compte uuid,
  retiree_a timestamptz,
  retiree_par uuid,
  primary key (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, compte) references compte (dept, id)
);
create unique index acte_piece_vive on acte_piece (dept, dossier, acte, piece) where retiree_a is null;
alter table acte_piece enable row level security;
alter table acte_piece force row level security;
create policy perimetre on acte_piece to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement'
      or exists (select 1 from dossier d where d.dept = acte_piece.dept and d.id = acte_piece.dossier)))
  with check (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement'
      or exists (select 1 from dossier d where d.dept = acte_piece.dept and d.id = acte_piece.dossier)));
grant select, insert on acte_piece to amont_app;
grant update (retiree_a, retiree_par) on acte_piece to amont_app;
