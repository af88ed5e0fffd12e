set local role amont_owner;

-- What solicits an organisme about a dossier is no fait of its chronology: a request, what a commission pronounced, a contribution asked before a session, a referral.
-- Those who follow dossiers wait for these too. Ranks below zero: the chronology has none.
create sequence attente_rang increment by -1 minvalue -9223372036854775808 maxvalue -1 start with -1;
grant usage on sequence attente_rang to amont_app;

create function public.attendre_sollicitation() returns trigger
  language plpgsql set search_path = pg_catalog, public
  as $$
begin
  insert into fait_attente (dept, consommateur, rang, dossier)
    select new.dept, c.nom, nextval('public.attente_rang'), new.dossier from (values ('engagements')) c(nom);
  return null;
end $$;
create function public.attendre_apport() returns trigger
  language plpgsql set search_path = pg_catalog, public
  as $$
begin
  insert into fait_attente (dept, consommateur, rang, dossier)
    select i.dept, c.nom, nextval('public.attente_rang'), i.dossier_id from inscription i cross join (values ('engagements')) c(nom)
    where i.dept = new.dept and i.id = new.inscription;
  return null;
end $$;
create function public.attendre_seance() returns trigger
  language plpgsql set search_path = pg_catalog, public
  as $$
begin
  insert into fait_attente (dept, consommateur, rang, dossier)
    select i.dept, c.nom, nextval('public.attente_rang'), i.dossier_id from inscription i cross join (values ('engagements')) c(nom)
    where i.dept = new.dept and i.seance_id = new.id;
  return null;
end $$;
create function public.attendre_rappel() returns trigger
  language plpgsql set search_path = pg_catalog, public
  as $$
begin
  insert into fait_attente (dept, consommateur, rang, dossier)
    select i.dept, c.nom, nextval('public.attente_rang'), i.dossier_id from inscription i cross join (values ('engagements')) c(nom)
    where i.dept = new.dept and i.seance_id = new.seance;
  return null;
end $$;
do $$
declare f text;
begin
  foreach f in array array['attendre_sollicitation', 'attendre_apport', 'attendre_seance', 'attendre_rappel'] loop
    execute format('revoke execute on function public.%I() from public', f);
    execute format('grant execute on function public.%I() to amont_app', f);
  end loop;
end $$;
create trigger attendre_consommateurs after insert or update of etat on demande for each row execute function public.attendre_sollicitation();
create trigger attendre_consommateurs after insert or update of etat on saisine for each row execute function public.attendre_sollicitation();
create trigger attendre_consommateurs after insert on changement for each row execute function public.attendre_sollicitation();
create trigger attendre_consommateurs after update of etat on prononce for each row
  when (old.etat is distinct from new.etat) execute function public.attendre_sollicitation();
create trigger attendre_consommateurs after insert or update of etat on apport for each row execute function public.attendre_apport();
create trigger attendre_consommateurs after insert on seance_rappel for each row execute function public.attendre_rappel();
create trigger attendre_consommateurs after update of etat on seance for each row
  when (old.etat is distinct from new.etat) execute function public.attendre_seance();

-- Background work reads who was solicited, when and by when: the words stay sealed.
create policy travail on demande for select to amont_app
  using (dept = (select public.contexte('dept')) and (select public.est_systeme()));
create policy travail on apport for select to amont_app
  using (dept = (select public.contexte('dept')) and (select public.est_systeme()));
create policy travail on changement for select to amont_app
  using (dept = (select public.contexte('dept')) and (select public.est_systeme()));
create policy travail on seance_presence for select to amont_app
  using (dept = (select public.contexte('dept')) and (select public.est_systeme()));
create policy travail on seance_rappel for select to amont_app
  using (dept = (select public.contexte('dept')) and (select public.est_systeme()));

-- What an organisme did of what it promised outside any dossier: a day, a proof, who was reached. Nobody's data. Withdrawn, never erased.
create table engagement_action (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  charte text not null,
  engagement text not null,
  partenaire text not null,
  organisme uuid not null,
  le date not null,
  quoi text not null check (length(quoi) between 1 and 500),
  preuve text not null check (length(preuve) between 1 and 300),
  public_touche text not null default '' check (length(public_touche) <= 200),
  nombre integer check (nombre >= 0),
  par uuid not null,
  a timestamptz not null,
  retiree_a timestamptz,
  retiree_par uuid,
  -- Mark of the form: sent twice, written once.
  envoi uuid not null,
  primary key (dept, id),
  unique (dept, par, envoi),
  check ((retiree_a is null) = (retiree_par is null)),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id),
  foreign key (dept, retiree_par) references compte (dept, id)
);
create index engagement_action_engagement on engagement_action (dept, charte, engagement, le);
create index engagement_action_organisme on engagement_action (dept, organisme, le);
alter table engagement_action enable row level security;
alter table engagement_action force row level security;
-- Followed by those who follow the charter, and by the organisme that did it.
create policy lecture on engagement_action for select to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement' or organisme = (select public.contexte('organisme'))::uuid));
create policy ajout on engagement_action for insert to amont_app
  with check (dept = (select public.contexte('dept')) and par = (select public.contexte('compte'))::uuid
    and organisme = (select public.contexte('organisme'))::uuid);
create policy retrait on engagement_action for update to amont_app
  using (dept = (select public.contexte('dept')) and organisme = (select public.contexte('organisme'))::uuid)
  with check (dept = (select public.contexte('dept')) and organisme = (select public.contexte('organisme'))::uuid
    and retiree_par = (select public.contexte('compte'))::uuid);
grant select, insert on engagement_action to amont_app;
grant update (retiree_a, retiree_par) on engagement_action to amont_app;
