set local role amont_owner;

-- Which service follows which dossier, and why. One live row per dossier.
create table affectation (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  dossier uuid not null,
  service text not null,
  organisme uuid,
  rang integer not null,
  stade text not null,
  regle text,
  libelle text not null,
  valeurs jsonb not null default '{}',
  source jsonb not null default '{}',
  version_regles text,
  origine text not null,
  etat text not null default 'proposee',
  depuis date not null,
  transmise_le date,
  repondre_avant date,
  prise_le date,
  diagnostic_avant date,
  diagnostic_fait_le date,
  issue text,
  motif text,
  a timestamptz not null,
  par uuid,
  terminee_a timestamptz,
  primary key (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id)
);
create unique index affectation_vivante on affectation (dept, dossier) where terminee_a is null;
create index affectation_dossier on affectation (dept, dossier, a);
create index affectation_organisme on affectation (dept, organisme, stade) where terminee_a is null;
create index affectation_reponse on affectation (dept, repondre_avant) where terminee_a is null and etat = 'transmise';

-- A numbered, frozen weekly list for one service and one stade.
create table liste (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  organisme uuid not null,
  service text not null,
  stade text not null,
  annee integer not null,
  numero integer not null,
  date_liste date not null,
  figee_a timestamptz not null,
  figee_par uuid,
  repondre_avant date,
  lignes integer not null,
  empreinte text not null,
  recue_le date,
  primary key (dept, id),
  unique (dept, organisme, annee, numero),
  foreign key (dept, organisme) references organisme (dept, id)
);
create unique index liste_du_jour on liste (dept, organisme, stade, date_liste);
create index liste_recentes on liste (dept, date_liste desc, id);

create table ligne_liste (
  dept text not null,
  liste uuid not null,
  rang integer not null,
  dossier uuid not null,
  affectation uuid not null,
  categorie text not null,
  instantane jsonb not null,
  reponse text,
  motif text,
  repondu_a timestamptz,
  repondu_par uuid,
  primary key (dept, liste, rang),
  unique (dept, liste, dossier),
  foreign key (dept, liste) references liste (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, affectation) references affectation (dept, id)
);
create index ligne_liste_dossier on ligne_liste (dept, dossier);
create index ligne_liste_affectation on ligne_liste (dept, affectation);

create table tentative_contact (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  dossier uuid not null,
  organisme uuid not null,
  canal text not null,
  le date not null,
  demi_journee text,
  aboutie boolean not null,
  issue text not null,
  a timestamptz not null,
  par uuid,
  primary key (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id)
);
create index tentative_contact_dossier on tentative_contact (dept, dossier, le);

do $$
declare t text;
begin
  foreach t in array array['affectation', 'liste', 'ligne_liste', 'tentative_contact'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
end $$;

create policy perimetre on liste to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement' or organisme = (select public.contexte('organisme'))::uuid))
  with check (dept = (select public.contexte('dept')));
create policy perimetre on ligne_liste to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement'
      or exists (select 1 from liste l where l.dept = ligne_liste.dept and l.id = ligne_liste.liste)))
  with check (dept = (select public.contexte('dept')));
do $$
declare t text;
begin
  foreach t in array array['affectation', 'tentative_contact'] loop
    execute format($p$create policy perimetre on %1$I to amont_app
      using (dept = (select public.contexte('dept'))
        and ((select public.contexte('portee')) = 'departement'
          or exists (select 1 from dossier d where d.dept = %1$I.dept and d.id = %1$I.dossier)))
      with check (dept = (select public.contexte('dept')))$p$, t);
  end loop;
end $$;

grant select, insert, update on affectation, liste, ligne_liste to amont_app;
grant select, insert on tentative_contact to amont_app;
