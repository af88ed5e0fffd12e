set local role amont_owner;

-- Copy of the act behind a line received (SIG-03): kept with the line, before any dossier is known, sealed by the key of the département. Read by whoever follows the
-- deposit: the organisme that sent it and those who receive the files of all; by nobody else on the dossier.
create table copie_acte (
  dept text not null,
  id uuid not null,
  lot uuid not null,
  ligne integer not null,
  -- Sealed.
  nom text not null,
  format text not null,
  taille integer not null check (taille > 0),
  -- Keyed: tells the same file again, to whoever has the key.
  empreinte text not null,
  octets bytea,
  par uuid not null,
  a timestamptz not null,
  envoi uuid not null,
  retiree_a timestamptz,
  retiree_par uuid,
  primary key (dept, id),
  unique (dept, par, envoi),
  check ((octets is null) = (retiree_a is not null)),
  foreign key (dept, lot, ligne) references ligne_lot (dept, lot, ligne) on delete cascade,
  foreign key (dept, par) references compte (dept, id),
  foreign key (dept, retiree_par) references compte (dept, id)
);
alter table copie_acte alter column octets set storage external;
create unique index copie_acte_fichier on copie_acte (dept, lot, ligne, empreinte) where retiree_a is null;
alter table copie_acte enable row level security;
alter table copie_acte force row level security;
create policy lecture on copie_acte for select to amont_app
  using (dept = (select public.contexte('dept')) and exists (select 1 from lot l where l.dept = copie_acte.dept and l.id = copie_acte.lot
    and (l.organisme = (select public.contexte('organisme'))::uuid or (select public.contexte('reception')) = 'oui')));
create policy depot on copie_acte for insert to amont_app
  with check (dept = (select public.contexte('dept')) and par = (select public.contexte('compte'))::uuid
    and exists (select 1 from lot l where l.dept = copie_acte.dept and l.id = copie_acte.lot
      and (l.organisme = (select public.contexte('organisme'))::uuid or (select public.contexte('reception')) = 'oui')));
-- Withdrawn, it loses its bytes; nothing else of it changes.
create policy retrait on copie_acte for update to amont_app
  using (dept = (select public.contexte('dept')) and retiree_a is null and exists (select 1 from lot l where l.dept = copie_acte.dept and l.id = copie_acte.lot
    and (l.organisme = (select public.contexte('organisme'))::uuid or (select public.contexte('reception')) = 'oui')))
  with check (dept = (select public.contexte('dept')) and octets is null and retiree_par = (select public.contexte('compte'))::uuid);
grant select, insert on copie_acte to amont_app;
grant update (octets, retiree_a, retiree_par) on copie_acte to amont_app;
select public.ouvrir_a_la_conservation();
