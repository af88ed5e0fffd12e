set local role amont_owner;

-- Whether a service knows a household, asked of each at a step of the procedure (RAP-06). Each answers alone: a row is read by the organisme it is addressed to, and
-- by who sees the whole département; never by another service.
create table connaissance (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  dossier uuid not null,
  destinataire uuid not null,
  stade text not null,
  a timestamptz not null,
  par uuid,
  reponse text check (reponse in ('connu', 'non_connu', 'accompagne')),
  repondu_a timestamptz,
  repondu_par uuid,
  primary key (dept, id),
  -- Asked once at each step.
  unique (dept, dossier, destinataire, stade),
  check ((reponse is null) = (repondu_a is null)),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, destinataire) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id),
  foreign key (dept, repondu_par) references compte (dept, id)
);
create index connaissance_destinataire on connaissance (dept, destinataire, a);
alter table connaissance enable row level security;
alter table connaissance force row level security;
create policy lecture on connaissance for select to amont_app
  using (dept = (select public.contexte('dept')) and (destinataire = (select public.contexte('organisme'))::uuid
    or ((select public.contexte('portee')) = 'departement'
      and exists (select 1 from dossier d where d.dept = connaissance.dept and d.id = connaissance.dossier))));
-- In the archive, what a household was the subject of is closed with its dossier, to those asked too.
create policy archive on connaissance as restrictive for select to amont_app
  using ((select public.contexte('compte')) is null or (select public.ouvre_cercle('archive'))
    or not exists (select 1 from public.dossier_archive a where a.dept = connaissance.dept and a.dossier = connaissance.dossier));
create policy demande on connaissance for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement'
    and exists (select 1 from dossier d where d.dept = connaissance.dept and d.id = connaissance.dossier));
create policy reponse on connaissance for update to amont_app
  using (dept = (select public.contexte('dept')) and destinataire = (select public.contexte('organisme'))::uuid)
  with check (dept = (select public.contexte('dept')) and destinataire = (select public.contexte('organisme'))::uuid);
grant select, insert on connaissance to amont_app;
grant update (reponse, repondu_a, repondu_par) on connaissance to amont_app;
select public.ouvrir_a_la_conservation();
