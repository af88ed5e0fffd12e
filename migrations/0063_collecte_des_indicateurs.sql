set local role amont_owner;

-- Once a year, those who pilot the charter ask partners for the figures they alone hold (COU-48). No household: figures and sentences about a service.
create table collecte (
  dept text not null,
  id uuid not null,
  -- The year the figures are about.
  annee smallint not null,
  avant date not null,
  mot text not null,
  organisme uuid not null,
  ouverte_a timestamptz not null,
  ouverte_par uuid not null,
  close_a timestamptz,
  close_par uuid,
  version integer not null default 1,
  primary key (dept, id),
  unique (dept, annee),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, ouverte_par) references compte (dept, id),
  foreign key (dept, close_par) references compte (dept, id)
);

create table collecte_demande (
  dept text not null,
  id uuid not null,
  collecte uuid not null,
  -- Null: a producer that has no place here; the name says who, and a pilot writes what it answered.
  organisme uuid,
  nom text not null,
  indicateurs text[] not null check (indicateurs <> '{}'),
  -- Of each indicator, what was given.
  reponses jsonb not null default '{}',
  rendue_a timestamptz,
  rendue_par uuid,
  relances integer not null default 0,
  relancee_le date,
  version integer not null default 1,
  primary key (dept, id),
  unique (dept, collecte, organisme),
  foreign key (dept, collecte) references collecte (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, rendue_par) references compte (dept, id)
);
create index collecte_demande_organisme on collecte_demande (dept, organisme) where rendue_a is null;

do $$
declare t text;
begin
  foreach t in array array['collecte', 'collecte_demande'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format($p$create policy ouverture on %I for insert to amont_app
      with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('collecte')))$p$, t);
  end loop;
end $$;
-- That figures are asked for, and by when, is known to all.
create policy lecture on collecte for select to amont_app using (dept = (select public.contexte('dept')));
create policy conduite on collecte for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('collecte')))
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('collecte')));
-- What is asked of an organisme is for its people and for those who lead the request; background work reminds.
create policy lecture on collecte_demande for select to amont_app
  using (dept = (select public.contexte('dept')) and (organisme = (select public.contexte('organisme'))::uuid
    or (select public.ouvre_cercle('collecte')) or (select public.est_systeme())));
-- Each answers for itself; whoever leads writes what was answered by those who have no place here.
create policy reponse on collecte_demande for update to amont_app
  using (dept = (select public.contexte('dept')) and (organisme = (select public.contexte('organisme'))::uuid
    or (organisme is null and (select public.ouvre_cercle('collecte')))))
  with check (dept = (select public.contexte('dept')) and (rendue_par is null or rendue_par = (select public.contexte('compte'))::uuid)
    and (organisme = (select public.contexte('organisme'))::uuid or (organisme is null and (select public.ouvre_cercle('collecte')))));
-- A reminder is of the day, of what was not given.
create policy relance on collecte_demande for update to amont_app
  using (dept = (select public.contexte('dept')) and rendue_a is null and ((select public.ouvre_cercle('collecte')) or (select public.est_systeme())))
  with check (dept = (select public.contexte('dept')) and rendue_a is null and relancee_le = (select public.contexte('jour'))::date
    and ((select public.ouvre_cercle('collecte')) or (select public.est_systeme())));
grant select, insert on collecte, collecte_demande to amont_app;
grant update (avant, close_a, close_par, version) on collecte to amont_app;
grant update (reponses, rendue_a, rendue_par, relances, relancee_le, version) on collecte_demande to amont_app;
