set local role amont_owner;

-- Networks of professionals: social workers and landlords, social workers of employers (ESP-14). General talk, tied to no dossier, moderated by the pilots.
create table reseau (
  dept text not null,
  id uuid not null,
  nom text not null,
  objet text not null,
  cree_a timestamptz not null,
  cree_par uuid not null,
  ferme_a timestamptz,
  version integer not null default 1,
  primary key (dept, id),
  unique (dept, nom),
  foreign key (dept, cree_par) references compte (dept, id)
);

create table reseau_membre (
  dept text not null,
  reseau uuid not null,
  organisme uuid not null,
  depuis timestamptz not null,
  par uuid not null,
  retire_a timestamptz,
  primary key (dept, reseau, organisme),
  foreign key (dept, reseau) references reseau (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);

create table reseau_fil (
  dept text not null,
  id uuid not null,
  reseau uuid not null,
  sujet text not null,
  organisme uuid not null,
  par uuid not null,
  a timestamptz not null,
  clos_a timestamptz,
  clos_par uuid,
  envoi uuid not null,
  primary key (dept, id),
  unique (dept, par, envoi),
  foreign key (dept, reseau) references reseau (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id),
  foreign key (dept, clos_par) references compte (dept, id)
);
create index reseau_fil_reseau on reseau_fil (dept, reseau);

create table reseau_message (
  dept text not null,
  id uuid not null,
  fil uuid not null,
  -- Emptied when a moderator withdraws it: a name written by mistake does not stay.
  texte text not null,
  organisme uuid not null,
  par uuid not null,
  a timestamptz not null,
  retire_a timestamptz,
  retire_par uuid,
  retire_motif text,
  envoi uuid not null,
  primary key (dept, id),
  unique (dept, par, envoi),
  check ((retire_a is null) = (retire_motif is null) and (retire_a is null) = (retire_par is null)),
  check ((retire_a is null) = (texte <> '')),
  foreign key (dept, fil) references reseau_fil (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id),
  foreign key (dept, retire_par) references compte (dept, id)
);
create index reseau_message_fil on reseau_message (dept, fil, a);

-- Until when somebody read a thread.
create table reseau_lu (
  dept text not null,
  fil uuid not null,
  compte uuid not null,
  jusqu_a timestamptz not null,
  primary key (dept, fil, compte),
  foreign key (dept, fil) references reseau_fil (dept, id),
  foreign key (dept, compte) references compte (dept, id)
);

do $$
declare t text;
begin
  foreach t in array array['reseau', 'reseau_membre', 'reseau_fil', 'reseau_message', 'reseau_lu'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
  foreach t in array array['reseau', 'reseau_membre'] loop
    -- That a network exists, and who is in it, is known to those who may be.
    execute format($p$create policy lecture on %I for select to amont_app
      using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('reseau')))$p$, t);
    execute format($p$create policy creation on %I for insert to amont_app
      with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('reseau_modere')))$p$, t);
    execute format($p$create policy tenue on %I for update to amont_app
      using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('reseau_modere')))
      with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('reseau_modere')))$p$, t);
  end loop;
end $$;
create policy lecture on reseau_fil for select to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('reseau')) and ((select public.ouvre_cercle('reseau_modere'))
    or exists (select 1 from reseau_membre m where m.dept = reseau_fil.dept and m.reseau = reseau_fil.reseau
      and m.organisme = (select public.contexte('organisme'))::uuid and m.retire_a is null)));
create policy lecture on reseau_message for select to amont_app
  using (dept = (select public.contexte('dept')) and exists (select 1 from reseau_fil f where f.dept = reseau_message.dept and f.id = reseau_message.fil));
create policy lecture on reseau_lu for select to amont_app
  using (dept = (select public.contexte('dept')) and compte = (select public.contexte('compte'))::uuid);
create policy ecriture on reseau_fil for insert to amont_app
  with check (dept = (select public.contexte('dept')) and organisme = (select public.contexte('organisme'))::uuid and par = (select public.contexte('compte'))::uuid
    and ((select public.ouvre_cercle('reseau_modere')) or exists (select 1 from reseau_membre m where m.dept = reseau_fil.dept and m.reseau = reseau_fil.reseau
      and m.organisme = (select public.contexte('organisme'))::uuid and m.retire_a is null))
    and exists (select 1 from reseau r where r.dept = reseau_fil.dept and r.id = reseau_fil.reseau and r.ferme_a is null));
create policy ecriture on reseau_message for insert to amont_app
  with check (dept = (select public.contexte('dept')) and organisme = (select public.contexte('organisme'))::uuid and par = (select public.contexte('compte'))::uuid
    and exists (select 1 from reseau_fil f where f.dept = reseau_message.dept and f.id = reseau_message.fil and f.clos_a is null));
-- Pilots moderate; whoever wrote takes back their own.
create policy moderation on reseau_fil for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('reseau_modere')))
  with check (dept = (select public.contexte('dept')));
create policy moderation on reseau_message for update to amont_app
  using (dept = (select public.contexte('dept')) and ((select public.ouvre_cercle('reseau_modere')) or par = (select public.contexte('compte'))::uuid))
  with check (dept = (select public.contexte('dept')) and texte = '');
create policy lu on reseau_lu for insert to amont_app
  with check (dept = (select public.contexte('dept')) and compte = (select public.contexte('compte'))::uuid
    and exists (select 1 from reseau_fil f where f.dept = reseau_lu.dept and f.id = reseau_lu.fil));
create policy relu on reseau_lu for update to amont_app
  using (dept = (select public.contexte('dept')) and compte = (select public.contexte('compte'))::uuid)
  with check (dept = (select public.contexte('dept')) and compte = (select public.contexte('compte'))::uuid);
grant select, insert on reseau, reseau_membre, reseau_fil, reseau_message, reseau_lu to amont_app;
grant update (nom, objet, ferme_a, version) on reseau to amont_app;
grant update (depuis, par, retire_a) on reseau_membre to amont_app;
grant update (clos_a, clos_par) on reseau_fil to amont_app;
grant update (texte, retire_a, retire_par, retire_motif) on reseau_message to amont_app;
grant update (jusqu_a) on reseau_lu to amont_app;
