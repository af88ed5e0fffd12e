set local role amont_owner;

-- Need to know: an organisme works on a dossier from a day, until a day, for a reason. Withdrawing is at once (`retiree_a`).
create table participation (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  dossier uuid not null,
  organisme uuid not null,
  origine text not null check (origine in ('invitation', 'demande', 'seance')),
  motif text not null,
  du date not null,
  jusqu_au date,
  cree_a timestamptz not null,
  compte uuid,
  retiree_a timestamptz,
  retiree_par uuid,
  retiree_motif text,
  primary key (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, compte) references compte (dept, id)
);
create index participation_dossier on participation (dept, dossier);
create index participation_organisme on participation (dept, organisme) where retiree_a is null;

-- Break-glass: one person, one dossier, one reason, a day at most. Ended early, never prolonged.
create table acces_exceptionnel (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  dossier uuid not null,
  compte uuid not null,
  organisme uuid not null,
  motif text not null,
  ouvert_a timestamptz not null,
  expire_a timestamptz not null,
  clos_a timestamptz,
  primary key (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, compte) references compte (dept, id),
  foreign key (dept, organisme) references organisme (dept, id)
);
create index acces_exceptionnel_compte on acces_exceptionnel (dept, compte, expire_a);
create index acces_exceptionnel_dossier on acces_exceptionnel (dept, dossier);

-- What the household was told, agreed to, refused or took back: the newest line of an `objet` is in force. Append-only.
create table accord (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  rang bigint generated always as identity,
  dossier uuid not null,
  objet text not null,
  sens text not null check (sens in ('information', 'accord', 'refus', 'retrait')),
  organisme uuid,
  le date not null,
  moyen text not null,
  precision text,
  a timestamptz not null,
  compte uuid,
  primary key (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, compte) references compte (dept, id)
);
create index accord_dossier on accord (dept, dossier, objet, rang);

do $$
declare t text;
begin
  foreach t in array array['participation', 'acces_exceptionnel', 'accord'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
end $$;
-- Read to decide whether a dossier is seen, it cannot ask the dossier: an organisme reads its own, the département all of them.
create policy perimetre on participation to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement' or organisme = (select public.contexte('organisme'))::uuid))
  with check (dept = (select public.contexte('dept')));
create policy perimetre on acces_exceptionnel to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) in ('departement', 'vigilance', 'connexion')
      or compte = (select public.contexte('compte'))::uuid))
  with check (dept = (select public.contexte('dept')));
create policy perimetre on accord to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement'
      or exists (select 1 from dossier d where d.dept = accord.dept and d.id = accord.dossier)))
  with check (dept = (select public.contexte('dept')));
grant select, insert, update on participation, acces_exceptionnel to amont_app;
grant select, insert on accord to amont_app;
