-- Forms received, for a day: the same one sent twice (a double click, the Back button) is done once and answered the same way.
create table envoi_recu (
  dept text not null,
  compte uuid not null,
  -- Digest of the mark of the form and of all it holds.
  cle text not null,
  a timestamptz not null,
  -- Where its answer leads, with its message; null while it is being done.
  reponse jsonb,
  primary key (dept, compte, cle),
  foreign key (dept, compte) references compte (dept, id)
);
alter table envoi_recu enable row level security;
alter table envoi_recu force row level security;
create policy perimetre on envoi_recu to amont_app
  using (dept = (select public.contexte('dept')) and compte = (select public.contexte('compte'))::uuid)
  with check (dept = (select public.contexte('dept')) and compte = (select public.contexte('compte'))::uuid);
grant select, insert, delete on envoi_recu to amont_app;
grant update (reponse) on envoi_recu to amont_app;
