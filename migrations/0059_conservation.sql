-- Retention (decision 0044). Only this role erases: whole dossiers, archived and on a signed list, and what has a time of its own. Shared by every database of the cluster.
do $$
begin
  if not exists (select 1 from pg_roles where rolname = 'amont_conservation') then
    create role amont_conservation nologin;
  end if;
  if not pg_has_role(current_user, 'amont_conservation', 'usage') then
    execute format('grant amont_conservation to current_user');
  end if;
end $$;
grant usage on schema public to amont_conservation;
set local role amont_owner;
grant execute on function public.contexte(text) to amont_conservation;

-- Intermediate archive: out of lists and counts, read by few until it is erased or comes back.
alter table dossier add column archive_le date;
create function public.sortir_de_l_archive() returns trigger
  language plpgsql set search_path = pg_catalog, public
  as $$ begin new.archive_le := null; return new; end $$;
revoke execute on function public.sortir_de_l_archive() from public;
grant execute on function public.sortir_de_l_archive() to amont_app;
-- Opened again, by a person or by a signal that comes back, it is in no archive.
create trigger sortir_de_l_archive before update on dossier for each row
  when (new.clos_le is null and new.archive_le is not null) execute function public.sortir_de_l_archive();

-- Which dossiers are in archive, and nothing else: tables read without asking their dossier are closed by one probe of it, however many there are.
create table dossier_archive (
  dept text not null,
  dossier uuid not null,
  primary key (dept, dossier),
  foreign key (dept, dossier) references dossier (dept, id)
);
alter table dossier_archive enable row level security;
alter table dossier_archive force row level security;
create policy lecture on dossier_archive for select to amont_app using (dept = (select public.contexte('dept')));
-- Written by the trigger alone.
create policy entree on dossier_archive for insert to amont_app with check (dept = (select public.contexte('dept')) and pg_trigger_depth() > 0);
create policy sortie on dossier_archive for delete to amont_app using (dept = (select public.contexte('dept')) and pg_trigger_depth() > 0);
grant select, insert, delete on dossier_archive to amont_app;
create function public.suivre_l_archive() returns trigger
  language plpgsql set search_path = pg_catalog, public
  as $$
begin
  if new.archive_le is null then
    delete from dossier_archive where dept = new.dept and dossier = new.id;
  else
    insert into dossier_archive (dept, dossier) values (new.dept, new.id);
  end if;
  return null;
end $$;
revoke execute on function public.suivre_l_archive() from public;
grant execute on function public.suivre_l_archive() to amont_app;
create trigger suivre_l_archive after update on dossier for each row
  when ((old.archive_le is null) <> (new.archive_le is null)) execute function public.suivre_l_archive();
create policy archive on dossier as restrictive for select to amont_app
  using (archive_le is null or (select public.contexte('compte')) is null or (select public.ouvre_cercle('archive')));

create or replace function public.compter_dossiers() returns trigger
  language plpgsql set search_path = pg_catalog, public
  as $$
begin
  if tg_op = 'INSERT' then
    insert into dossier_compte (dept, ouvert, territoire, parc, stade, phase, service, organisme, etat_service, connu_service, en_serie, n)
      select dept, clos_le is null, territoire, parc, stade, phase, service, organisme, etat_service, connu_service, en_serie, count(*)
      from apres where archive_le is null group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11;
    insert into dossier_compte_jour (dept, genre, jour, territoire, n)
      select dept, genre, jour, territoire, count(*)
      from apres, lateral (values ('echeance', echeance_le), ('audience', audience_le)) as j(genre, jour)
      where clos_le is null and jour is not null group by 1, 2, 3, 4;
  else
    insert into dossier_compte (dept, ouvert, territoire, parc, stade, phase, service, organisme, etat_service, connu_service, en_serie, n)
      select dept, ouvert, territoire, parc, stade, phase, service, organisme, etat_service, connu_service, en_serie, sum(n)
      from (
        select dept, clos_le is null as ouvert, territoire, parc, stade, phase, service, organisme, etat_service, connu_service, en_serie, 1 as n from apres
          where archive_le is null
        union all
        select dept, clos_le is null, territoire, parc, stade, phase, service, organisme, etat_service, connu_service, en_serie, -1 from avant
          where archive_le is null
      ) delta
      group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 having sum(n) <> 0;
    insert into dossier_compte_jour (dept, genre, jour, territoire, n)
      select dept, genre, jour, territoire, sum(n)
      from (
        select dept, clos_le, territoire, echeance_le, audience_le, 1 as n from apres
        union all
        select dept, clos_le, territoire, echeance_le, audience_le, -1 from avant
      ) delta, lateral (values ('echeance', echeance_le), ('audience', audience_le)) as j(genre, jour)
      where clos_le is null and jour is not null group by 1, 2, 3, 4 having sum(n) <> 0;
  end if;
  return null;
end $$;

-- A signed list of eliminations. It stays: it is the proof, without any name.
create table bordereau_elimination (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  numero integer not null,
  motif text not null,
  -- Visa of the Archives départementales: what they answered, and when.
  visa_archives text not null,
  visa_archives_le date not null,
  vise_a timestamptz not null,
  vise_par uuid not null,
  organisme uuid not null,
  -- From that day the list is carried out; until then it is undone.
  executable_le date not null,
  retire_a timestamptz,
  retire_par uuid,
  execute_a timestamptz,
  primary key (dept, id),
  unique (dept, numero),
  foreign key (dept, vise_par) references compte (dept, id),
  foreign key (dept, retire_par) references compte (dept, id),
  foreign key (dept, organisme) references organisme (dept, id)
);

-- Where a closed dossier stands in its retention. No name, and no link: the row outlives the dossier, as its proof of erasure.
create table conservation_dossier (
  dept text not null,
  dossier uuid not null,
  reference text not null,
  territoire text,
  clos_le date not null,
  issue text,
  dernier_contact_le date not null,
  archivable_le date not null,
  archive_le date,
  archive_par uuid,
  eliminable_le date,
  etat text not null check (etat in ('a_archiver', 'archive', 'a_eliminer', 'vise', 'effacement', 'efface')),
  bordereau uuid,
  efface_a timestamptz,
  -- Rows erased, by table.
  rangees jsonb,
  prouve_a timestamptz,
  primary key (dept, dossier),
  foreign key (dept, archive_par) references compte (dept, id),
  foreign key (dept, bordereau) references bordereau_elimination (dept, id),
  check ((etat in ('vise', 'effacement', 'efface')) = (bordereau is not null)),
  check (etat = 'a_archiver' or (archive_le is not null and eliminable_le is not null))
);
create index conservation_dossier_etat on conservation_dossier (dept, etat, eliminable_le, dossier);
create index conservation_dossier_bordereau on conservation_dossier (dept, bordereau) where bordereau is not null;

-- What stops the erasure of a dossier: a dispute, a complaint. With its reason, until it is lifted.
create table conservation_gel (
  dept text not null,
  id uuid not null,
  dossier uuid not null,
  raison text not null,
  -- Sealed by the key of the département.
  precision text check (precision ~ '^[0-9a-f]{8}\.[\w-]+$'),
  jusqu_au date,
  a timestamptz not null,
  par uuid not null,
  organisme uuid not null,
  leve_a timestamptz,
  leve_par uuid,
  primary key (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, par) references compte (dept, id),
  foreign key (dept, leve_par) references compte (dept, id),
  foreign key (dept, organisme) references organisme (dept, id)
);
create index conservation_gel_dossier on conservation_gel (dept, dossier) where leve_a is null;

-- What a household asked about its data, and what it was answered. While one waits, nothing of the dossier is erased.
create table demande_menage (
  dept text not null,
  id uuid not null,
  dossier uuid not null,
  droit text not null,
  recue_le date not null,
  canal text not null,
  -- Sealed by the key of the département: what is wrong, what was put right or why it was not.
  objet text not null check (objet ~ '^[0-9a-f]{8}\.[\w-]+$'),
  repondre_avant date not null,
  reponse text,
  reponse_texte text check (reponse_texte ~ '^[0-9a-f]{8}\.[\w-]+$'),
  repondue_le date,
  repondue_par uuid,
  a timestamptz not null,
  par uuid not null,
  organisme uuid not null,
  -- Drawn with the form: the same form sent twice writes once.
  envoi uuid not null,
  primary key (dept, id),
  unique (dept, envoi),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, par) references compte (dept, id),
  foreign key (dept, repondue_par) references compte (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  check ((reponse is null) = (repondue_le is null))
);
create index demande_menage_dossier on demande_menage (dept, dossier);

-- What was counted of the dossiers erased: numbers by year, no household.
create table statistique_effacee (
  dept text not null,
  annee smallint not null,
  mesure text not null,
  detail text not null,
  territoire text not null,
  parc text not null,
  nombre integer not null,
  primary key (dept, annee, mesure, detail, territoire, parc)
);

do $$
declare t text;
begin
  foreach t in array array['bordereau_elimination', 'conservation_dossier', 'conservation_gel', 'demande_menage', 'statistique_effacee'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
  foreach t in array array['bordereau_elimination', 'conservation_dossier', 'conservation_gel'] loop
    execute format($p$create policy conservation_tenue on %I to amont_app
      using (dept = (select public.contexte('dept')) and ((select public.ouvre_cercle('conservation')) or (select public.est_systeme())))
      with check (dept = (select public.contexte('dept')) and ((select public.ouvre_cercle('conservation')) or (select public.est_systeme())))$p$, t);
  end loop;
end $$;
-- Whoever signs lists must know that one waits: its words stay sealed, and their page asks for the dossier.
create policy lecteurs on demande_menage for select to amont_app
  using (dept = (select public.contexte('dept')) and ((select public.est_systeme()) or (select public.ouvre_cercle('conservation'))
    or exists (select 1 from dossier d where d.dept = demande_menage.dept and d.id = demande_menage.dossier)));
create policy note on demande_menage for insert to amont_app
  with check (dept = (select public.contexte('dept')) and organisme = (select public.contexte('organisme'))::uuid
    and exists (select 1 from dossier d where d.dept = demande_menage.dept and d.id = demande_menage.dossier));
-- Answered by whoever works on the dossier, in whatever organisme it was noted.
create policy reponse on demande_menage for update to amont_app
  using (dept = (select public.contexte('dept')) and exists (select 1 from dossier d where d.dept = demande_menage.dept and d.id = demande_menage.dossier))
  with check (dept = (select public.contexte('dept')) and repondue_par = (select public.contexte('compte'))::uuid
    and exists (select 1 from dossier d where d.dept = demande_menage.dept and d.id = demande_menage.dossier));
create policy lecture on statistique_effacee for select to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement');

grant select, insert on bordereau_elimination, conservation_gel, demande_menage to amont_app;
grant update (retire_a, retire_par) on bordereau_elimination to amont_app;
grant select, insert, update, delete on conservation_dossier to amont_app;
-- What was erased is proof: the application neither changes nor forgets it. « effacement » lives only inside the transaction that erases.
create policy preuve on conservation_dossier as restrictive for update to amont_app
  using (etat not in ('effacement', 'efface') or ((select public.est_systeme()) and etat = 'efface' and prouve_a is null))
  with check (etat not in ('effacement', 'efface') or ((select public.est_systeme()) and etat = 'efface' and prouve_a is not null));
create policy preuve_gardee on conservation_dossier as restrictive for delete to amont_app using (etat in ('a_archiver', 'archive', 'a_eliminer'));
grant update (leve_a, leve_par) on conservation_gel to amont_app;
grant update (reponse, reponse_texte, repondue_le, repondue_par) on demande_menage to amont_app;
grant select on statistique_effacee to amont_app;

create policy effacement on bordereau_elimination to amont_conservation
  using (dept = (select public.contexte('dept'))) with check (dept = (select public.contexte('dept')));
create policy effacement on conservation_dossier to amont_conservation
  using (dept = (select public.contexte('dept'))) with check (dept = (select public.contexte('dept')));
create policy effacement on statistique_effacee to amont_conservation
  using (dept = (select public.contexte('dept'))) with check (dept = (select public.contexte('dept')));
grant select, update (execute_a) on bordereau_elimination to amont_conservation;
grant select, update (etat, efface_a, rangees) on conservation_dossier to amont_conservation;
grant select, insert, update on statistique_effacee to amont_conservation;

/*
 * Lets the role of retention read and erase rows of households: whatever hangs, near or far, from a dossier, a signalement or a file received, and what has a time of
 * its own. Run again by a migration that adds such a table; running it again changes nothing. `donnees/conservation/tables.csv` says what is erased and when.
 */
create function public.ouvrir_a_la_conservation() returns void
  language plpgsql
  set search_path = pg_catalog, public
  as $$
declare t text;
begin
  for t in
    with recursive liees as (
      select c.oid from pg_class c where c.relnamespace = 'public'::regnamespace and c.relname in ('dossier', 'signalement', 'lot')
      union
      select k.conrelid from pg_constraint k join liees on k.confrelid = liees.oid where k.contype = 'f'
    )
    select c.relname from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and (c.oid in (select oid from liees) or c.relname in ('fait_attente', 'a_reconnaitre', 'cle_blocage', 'fichier', 'lot_courrier', 'releve', 'session_web',
        'lien_compte', 'code_secours', 'consultation_comptee', 'notification_envoi', 'calendrier_adresse', 'calendrier_evenement', 'alerte_acces',
        'vue_enregistree', 'compte', 'voisinage', 'bordereau_contenu'))
      and not exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polname = 'conservation')
    order by 1
  loop
    execute format($p$create policy conservation on %I to amont_conservation
      using (dept = (select public.contexte('dept'))) with check (dept = (select public.contexte('dept')))$p$, t);
    execute format('grant select, delete on %I to amont_conservation', t);
  end loop;
end $$;
revoke execute on function public.ouvrir_a_la_conservation() from public;
select public.ouvrir_a_la_conservation();
-- Accounts are read, to know which are closed; never erased: authors of what is still kept.
revoke delete on compte from amont_conservation;
-- Bytes that hold several households, or are no longer needed, are emptied; their row says what they were.
grant update (octets, nom) on fichier to amont_conservation;
grant update (entete) on lot to amont_conservation;
grant update (pdf) on lot_courrier to amont_conservation;
grant update (contenu, document, empreinte) on releve to amont_conservation;

-- The second lock: this role itself erases a dossier, and destroys its key, only once its list is signed and inside its erasure.
create policy liste_visee on dossier as restrictive for delete to amont_conservation
  using (archive_le is not null and clos_le is not null and exists (select 1 from conservation_dossier c
    where c.dept = dossier.dept and c.dossier = dossier.id and c.etat = 'effacement'));
create policy liste_visee on cle_dossier as restrictive for delete to amont_conservation
  using (exists (select 1 from conservation_dossier c join dossier d on d.dept = c.dept and d.id = c.dossier
    where c.dept = cle_dossier.dept and c.dossier = cle_dossier.dossier and c.etat = 'effacement' and d.archive_le is not null and d.clos_le is not null));
-- It holds a dossier while it reads again what allows its erasure; it writes nothing there.
grant update (archive_le) on dossier to amont_conservation;
create policy tenu on dossier as restrictive for update to amont_conservation using (dept = (select public.contexte('dept'))) with check (false);
-- A statement names several households: the part of one that is erased leaves it, once approved too. Nobody else may.
drop trigger garder on releve;
create trigger garder before update on releve for each row when (current_user <> 'amont_conservation') execute function public.garder_releve();

-- A dossier joined to another says which: what was written in it is read from the other, by those who read the other, each writing keeping its own readers.
alter table dossier add column reuni_dans uuid;
create index dossier_reuni on dossier (dept, reuni_dans) where reuni_dans is not null;
alter table dossier no force row level security;
alter table fait no force row level security;
update dossier d set reuni_dans = (f.donnees->>'dans')::uuid from fait f
  where f.dept = d.dept and f.dossier = d.id and f.type = 'dossiers.reunis' and f.donnees ? 'dans'
    and not exists (select 1 from fait s where s.dept = f.dept and s.dossier = d.id and s.type = 'dossiers.separes' and s.donnees->>'operation' = f.donnees->>'operation');
alter table dossier force row level security;
alter table fait force row level security;

-- Its organismes are those of the other, and move with them.
create function public.suivre_la_reunion() returns trigger
  language plpgsql set search_path = pg_catalog, public
  as $$
declare v uuid[];
begin
  if tg_when = 'BEFORE' then
    select organismes_habilites into v from dossier where dept = new.dept and id = new.reuni_dans;
    new.organismes_habilites := coalesce(v, new.organismes_habilites);
    return new;
  end if;
  update dossier set organismes_habilites = new.organismes_habilites where dept = new.dept and reuni_dans = new.id;
  return null;
end $$;
revoke execute on function public.suivre_la_reunion() from public;
grant execute on function public.suivre_la_reunion() to amont_app;
create trigger suivre_la_reunion before update on dossier for each row when (new.reuni_dans is not null) execute function public.suivre_la_reunion();
-- Also when they moved because it was itself joined: what was joined to it follows, and so on.
create trigger mener_la_reunion after update on dossier for each row
  when (new.organismes_habilites is distinct from old.organismes_habilites) execute function public.suivre_la_reunion();
-- Those joined before.
alter table dossier no force row level security;
update dossier set reuni_dans = reuni_dans where reuni_dans is not null;
alter table dossier force row level security;

-- Guests of the other too: what they take part in, and what was joined to it.
grant select (reuni_dans) on dossier to amont_recherche;
reset role;
grant create on schema public to amont_recherche;
set local role amont_recherche;
create or replace function public.dossiers_participes() returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, public
  as $$
    with recursive siens as (
      select p.dossier
      from public.participation p
      cross join (select public.contexte('jour')::date as jour) j
      where p.dept = public.contexte('dept') and p.organisme = public.contexte('organisme')::uuid
        and p.retiree_a is null and p.du <= j.jour and (p.jusqu_au is null or p.jusqu_au >= j.jour)
        and (p.accord is null or coalesce((
          select a.sens = 'accord' and (a.jusqu_au is null or a.jusqu_au >= j.jour)
          from public.accord a
          where a.dept = p.dept and a.dossier = p.dossier and a.objet = p.accord and (a.organisme is null or a.organisme = p.organisme)
          order by a.rang desc limit 1), false))),
    lus(id) as (
      select dossier from siens
      union
      select d.id from lus join public.dossier d on d.dept = public.contexte('dept') and d.reuni_dans = lus.id)
    select id from lus
  $$;
reset role;
revoke create on schema public from amont_recherche;

-- What is read of a household without asking its dossier is closed with it: letters of a sender, what an organisme received, what those of the whole département read.
-- Documents of several households, statements and slips, stay with those they were addressed to; so do tasks, which the charter counts and which name nobody.
set local role amont_owner;
do $$
declare t text;
begin
  foreach t in array array['accord', 'acte_piece', 'acte_saisi', 'courrier', 'diffusion', 'engagement_acte', 'enquete', 'fait', 'ligne_liste', 'locataire', 'prononce', 'rattachement', 'recherche_dossier',
    'requisition_acte', 'synthese', 'tentative_contact'] loop
    execute format($p$create policy archive on %1$I as restrictive for select to amont_app
      using (dossier is null or (select public.contexte('compte')) is null or (select public.ouvre_cercle('archive'))
        or not exists (select 1 from public.dossier_archive a where a.dept = %1$I.dept and a.dossier = %1$I.dossier))$p$, t);
  end loop;
end $$;
reset role;
