set local role amont_owner;

-- What is written in a dossier, in four circles. Free texts of circles 1 to 3 are here only sealed by the key of their dossier, itself sealed by a key
-- that is not in the database. `app.cercles` says which circles the role of the session may open; the rest of each policy says whose they are.

-- One key per dossier, wrapped. Destroying the row makes its texts unreadable for good.
create table cle_dossier (
  dept text not null,
  dossier uuid not null,
  scellee text not null check (scellee ~ '^[0-9a-f]{8}\.[\w-]+$'),
  cree_a timestamptz not null,
  tournee_a timestamptz,
  primary key (dept, dossier),
  foreign key (dept, dossier) references dossier (dept, id)
);
-- Rotation goes through them in order, and finds where it stopped.
create index cle_dossier_cle on cle_dossier (dept, (split_part(scellee, '.', 1)), dossier);

-- Circle 1. Its author, and named colleagues; or the whole social service of the author's organisme (reserved page of a report).
create table note_professionnelle (
  dept text not null,
  id uuid not null,
  dossier uuid not null,
  auteur uuid not null,
  organisme uuid not null,
  nature text not null check (nature in ('note', 'page_reservee')),
  equipe uuid[] not null default '{}',
  au_service boolean not null default false,
  texte text not null check (texte ~ '^[0-9a-f]{8}\.[\w-]+$'),
  motif text check (motif ~ '^[0-9a-f]{8}\.[\w-]+$'),
  a timestamptz not null,
  primary key (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, auteur) references compte (dept, id),
  foreign key (dept, organisme) references organisme (dept, id)
);
create index note_professionnelle_dossier on note_professionnelle (dept, dossier);

-- A note never changes; its team widens, by an act with a reason. Append-only.
create table note_elargie (
  dept text not null,
  id uuid not null,
  note uuid not null,
  dossier uuid not null,
  comptes uuid[] not null,
  motif text not null check (motif ~ '^[0-9a-f]{8}\.[\w-]+$'),
  a timestamptz not null,
  par uuid not null,
  primary key (dept, id),
  foreign key (dept, note) references note_professionnelle (dept, id),
  foreign key (dept, dossier) references dossier (dept, id)
);
create index note_elargie_note on note_elargie (dept, note);

-- Circle 2. A copy chosen by a professional for instructing services; an answer is another act. Append-only.
create table transmission (
  dept text not null,
  id uuid not null,
  dossier uuid not null,
  auteur uuid not null,
  organisme uuid not null,
  note uuid,
  repond_a uuid,
  organismes uuid[] not null,
  comptes uuid[] not null default '{}',
  texte text not null check (texte ~ '^[0-9a-f]{8}\.[\w-]+$'),
  motif text not null check (motif ~ '^[0-9a-f]{8}\.[\w-]+$'),
  a timestamptz not null,
  primary key (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, auteur) references compte (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, note) references note_professionnelle (dept, id),
  foreign key (dept, repond_a) references transmission (dept, id)
);
create index transmission_dossier on transmission (dept, dossier);

-- Circle 3. Append-only.
create table suivi_partage (
  dept text not null,
  id uuid not null,
  dossier uuid not null,
  auteur uuid not null,
  organisme uuid not null,
  texte text not null check (texte ~ '^[0-9a-f]{8}\.[\w-]+$'),
  motif text not null check (motif ~ '^[0-9a-f]{8}\.[\w-]+$'),
  a timestamptz not null,
  primary key (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, auteur) references compte (dept, id),
  foreign key (dept, organisme) references organisme (dept, id)
);
create index suivi_partage_dossier on suivi_partage (dept, dossier);

-- Circle 4. The fields of the allow-list and the bytes as they left. Withdrawn by the next version only. Append-only.
create table synthese (
  dept text not null,
  id uuid not null,
  dossier uuid not null,
  destinataire text not null,
  version integer not null,
  organisme uuid,
  organisme_nom text not null,
  champs jsonb not null,
  liste text not null,
  octets bytea not null,
  empreinte text not null,
  motif text not null check (motif ~ '^[0-9a-f]{8}\.[\w-]+$'),
  auteur uuid not null,
  auteur_organisme uuid not null,
  a timestamptz not null,
  primary key (dept, id),
  unique (dept, dossier, destinataire, version),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, auteur) references compte (dept, id)
);
create index synthese_organisme on synthese (dept, organisme) where organisme is not null;

-- What a social landlord sees of its tenants: the fields of the allow-list, copied by a background task. It never reads a dossier.
create table locataire (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  organisme uuid not null,
  dossier uuid not null,
  champs jsonb not null,
  nom_tri text not null,
  reference_bailleur text not null default '',
  maj_a timestamptz not null,
  primary key (dept, id),
  unique (dept, organisme, dossier),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, dossier) references dossier (dept, id)
);
create index locataire_ordre on locataire (dept, organisme, nom_tri, id);

do $$
declare t text;
begin
  foreach t in array array['cle_dossier', 'note_professionnelle', 'note_elargie', 'transmission', 'suivi_partage', 'synthese', 'locataire'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
end $$;

create function public.ouvre_cercle(cercle text) returns boolean
  language sql stable parallel safe
  return coalesce(cercle = any (string_to_array(public.contexte('cercles'), ',')), false);
revoke execute on function public.ouvre_cercle(text) from public;
grant execute on function public.ouvre_cercle(text) to amont_app;

-- Background work wraps keys again; it holds no circle.
create policy perimetre on cle_dossier to amont_app
  using (dept = (select public.contexte('dept'))
    and (((select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null)
      or ((select public.contexte('cercles')) is not null
        and exists (select 1 from dossier d where d.dept = cle_dossier.dept and d.id = cle_dossier.dossier))))
  with check (dept = (select public.contexte('dept')));

create policy lecture on note_professionnelle for select to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('note'))
    and organisme = (select public.contexte('organisme'))::uuid
    and (au_service or auteur = (select public.contexte('compte'))::uuid or (select public.contexte('compte'))::uuid = any (equipe))
    and exists (select 1 from dossier d where d.dept = note_professionnelle.dept and d.id = note_professionnelle.dossier));
create policy ecriture on note_professionnelle for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('note'))
    and organisme = (select public.contexte('organisme'))::uuid and auteur = (select public.contexte('compte'))::uuid
    and exists (select 1 from dossier d where d.dept = note_professionnelle.dept and d.id = note_professionnelle.dossier));
create policy elargissement on note_professionnelle for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('note'))
    and organisme = (select public.contexte('organisme'))::uuid and auteur = (select public.contexte('compte'))::uuid)
  with check (dept = (select public.contexte('dept')) and auteur = (select public.contexte('compte'))::uuid);
create policy perimetre on note_elargie to amont_app
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from note_professionnelle n where n.dept = note_elargie.dept and n.id = note_elargie.note))
  with check (dept = (select public.contexte('dept')) and par = (select public.contexte('compte'))::uuid
    and exists (select 1 from note_professionnelle n where n.dept = note_elargie.dept and n.id = note_elargie.note and n.auteur = note_elargie.par));

create policy lecture on transmission for select to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('transmission'))
    and (auteur = (select public.contexte('compte'))::uuid or (select public.contexte('compte'))::uuid = any (comptes)
      or (select public.contexte('organisme'))::uuid = any (organismes))
    and exists (select 1 from dossier d where d.dept = transmission.dept and d.id = transmission.dossier));
create policy ecriture on transmission for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('transmission'))
    and organisme = (select public.contexte('organisme'))::uuid and auteur = (select public.contexte('compte'))::uuid
    and exists (select 1 from dossier d where d.dept = transmission.dept and d.id = transmission.dossier));

create policy lecture on suivi_partage for select to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('suivi'))
    and exists (select 1 from dossier d where d.dept = suivi_partage.dept and d.id = suivi_partage.dossier));
create policy ecriture on suivi_partage for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('suivi'))
    and organisme = (select public.contexte('organisme'))::uuid and auteur = (select public.contexte('compte'))::uuid
    and exists (select 1 from dossier d where d.dept = suivi_partage.dept and d.id = suivi_partage.dossier));

create policy lecture on synthese for select to amont_app
  using (dept = (select public.contexte('dept'))
    and (((select public.ouvre_cercle('synthese'))
        and exists (select 1 from dossier d where d.dept = synthese.dept and d.id = synthese.dossier))
      or ((select public.ouvre_cercle('locataire')) and organisme = (select public.contexte('organisme'))::uuid)));
create policy ecriture on synthese for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('synthese'))
    and auteur = (select public.contexte('compte'))::uuid and auteur_organisme = (select public.contexte('organisme'))::uuid
    and exists (select 1 from dossier d where d.dept = synthese.dept and d.id = synthese.dossier));

create policy du_bailleur on locataire for select to amont_app
  using (dept = (select public.contexte('dept'))
    and (((select public.ouvre_cercle('locataire')) and organisme = (select public.contexte('organisme'))::uuid)
      or ((select public.ouvre_cercle('synthese'))
        and exists (select 1 from dossier d where d.dept = locataire.dept and d.id = locataire.dossier))));
create policy tenue on locataire to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null)
  with check (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null);

grant select, insert, update on cle_dossier to amont_app;
grant select, insert on note_professionnelle, note_elargie, transmission, suivi_partage, synthese to amont_app;
grant update (equipe) on note_professionnelle to amont_app;
grant select, insert, update, delete on locataire to amont_app;

-- Whether each of several perimeters sees a dossier: the policy of `dossier` itself answers, under each in turn. In one statement, so that nothing else of the
-- session runs under a perimeter that is not its own; an error takes the whole transaction back.
create function public.voient_dossier(p_dossier uuid, p_perimetres jsonb) returns boolean[]
  language plpgsql volatile
  set search_path = pg_catalog, public
  as $$
declare
  v_avant constant text[] := array[current_setting('app.portee', true), current_setting('app.organisme', true), current_setting('app.compte', true),
    current_setting('app.territoires', true), current_setting('app.reception', true), current_setting('app.cercles', true),
    current_setting('app.exceptionnels', true)];
  v_un jsonb;
  v_vus boolean[] := '{}';
begin
  perform set_config('app.compte', '', true), set_config('app.reception', '', true), set_config('app.cercles', '', true),
    set_config('app.exceptionnels', '', true);
  for v_un in select value from jsonb_array_elements(p_perimetres) loop
    perform set_config('app.portee', v_un->>'portee', true), set_config('app.organisme', v_un->>'organisme', true),
      set_config('app.territoires', v_un->>'territoires', true);
    v_vus := v_vus || exists (select 1 from dossier d where d.dept = public.contexte('dept') and d.id = p_dossier);
  end loop;
  perform set_config('app.portee', coalesce(v_avant[1], ''), true), set_config('app.organisme', coalesce(v_avant[2], ''), true),
    set_config('app.compte', coalesce(v_avant[3], ''), true), set_config('app.territoires', coalesce(v_avant[4], ''), true),
    set_config('app.reception', coalesce(v_avant[5], ''), true), set_config('app.cercles', coalesce(v_avant[6], ''), true),
    set_config('app.exceptionnels', coalesce(v_avant[7], ''), true);
  return v_vus;
end $$;
revoke execute on function public.voient_dossier(uuid, jsonb) from public;
grant execute on function public.voient_dossier(uuid, jsonb) to amont_app;
