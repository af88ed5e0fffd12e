set local role amont_owner;

-- Every answer a service gave to a line of its lists, as given. The line shows the one that stands; `avant` is what the line and the affectation were just
-- before, so that taking an answer back gives exactly that back. Answers sent together share `envoi`.
create table reponse_liste (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  ordre bigint generated always as identity,
  envoi uuid not null,
  liste uuid not null,
  rang integer not null,
  affectation uuid not null,
  reponse text not null,
  motif text,
  a timestamptz not null,
  par uuid,
  avant jsonb not null,
  reprise_a timestamptz,
  reprise_par uuid,
  primary key (dept, id),
  foreign key (dept, liste, rang) references ligne_liste (dept, liste, rang),
  foreign key (dept, affectation) references affectation (dept, id)
);
create index reponse_liste_affectation on reponse_liste (dept, affectation, ordre) where reprise_a is null;
create index reponse_liste_envoi on reponse_liste (dept, liste, envoi);

alter table reponse_liste enable row level security;
alter table reponse_liste force row level security;
create policy perimetre on reponse_liste to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement'
      or exists (select 1 from liste l where l.dept = reponse_liste.dept and l.id = reponse_liste.liste)))
  with check (dept = (select public.contexte('dept')));
grant select, insert on reponse_liste to amont_app;
grant update (reprise_a, reprise_par) on reponse_liste to amont_app;

-- The decision a person's choice replaced: undoing the choice gives it back.
alter table affectation add column remplace uuid;
alter table affectation add foreign key (dept, remplace) references affectation (dept, id);

-- A contact noted by mistake is withdrawn, never erased.
alter table tentative_contact add column retiree_a timestamptz, add column retiree_par uuid, add column retiree_motif text;
grant update (retiree_a, retiree_par, retiree_motif) on tentative_contact to amont_app;

-- What a person typed to correct a rejected line: shown to whoever corrects it at the same time, or again.
alter table ligne_lot add column correction jsonb;
