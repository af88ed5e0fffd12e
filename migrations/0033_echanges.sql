set local role amont_owner;

-- Conversations, requests and documents of a dossier. Each row names who reads it; losing the dossier is losing the row.

create table fil (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  dossier uuid not null,
  cercle smallint not null check (cercle in (2, 3)),
  sujet text not null,
  organisme uuid not null,
  destinataires uuid[] not null,
  par uuid not null,
  a timestamptz not null,
  -- Drawn with the form: the same form sent twice writes once.
  envoi uuid not null,
  primary key (dept, id),
  unique (dept, par, envoi),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index fil_dossier on fil (dept, dossier, a);
create index fil_organisme on fil (dept, organisme);
create index fil_destinataires on fil using gin (destinataires);

-- Who was let in later, by whom and why. Append-only.
create table fil_ajout (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  fil uuid not null,
  organisme uuid not null,
  motif text not null,
  par uuid not null,
  a timestamptz not null,
  primary key (dept, id),
  foreign key (dept, fil) references fil (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index fil_ajout_fil on fil_ajout (dept, fil);

create table message (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  rang bigint generated always as identity,
  fil uuid not null,
  organisme uuid not null,
  par uuid not null,
  a timestamptz not null,
  texte text not null,
  -- People whose attention is asked for.
  attention uuid[] not null default '{}',
  -- The message of the same author that this one corrects.
  corrige uuid,
  envoi uuid not null,
  retire_a timestamptz,
  retire_motif text,
  primary key (dept, id),
  unique (dept, par, envoi),
  foreign key (dept, fil) references fil (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id),
  foreign key (dept, corrige) references message (dept, id)
);
create index message_fil on message (dept, fil, rang);

create table message_lu (
  dept text not null,
  message uuid not null,
  compte uuid not null,
  fil uuid not null,
  organisme uuid not null,
  a timestamptz not null,
  primary key (dept, message, compte),
  foreign key (dept, message) references message (dept, id),
  foreign key (dept, fil) references fil (dept, id),
  foreign key (dept, compte) references compte (dept, id),
  foreign key (dept, organisme) references organisme (dept, id)
);
create index message_lu_fil on message_lu (dept, fil);

create table demande (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  dossier uuid not null,
  genre text not null,
  texte text not null,
  organisme uuid not null,
  destinataire uuid not null,
  par uuid not null,
  a timestamptz not null,
  avant date not null,
  etat text not null default 'ouverte' check (etat in ('ouverte', 'repondue', 'refusee', 'retiree')),
  relances integer not null default 0,
  close_a timestamptz,
  envoi uuid not null,
  primary key (dept, id),
  unique (dept, par, envoi),
  check (organisme <> destinataire),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, destinataire) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index demande_dossier on demande (dept, dossier);
create index demande_destinataire on demande (dept, destinataire, avant) where etat = 'ouverte';
create index demande_organisme on demande (dept, organisme, avant) where etat = 'ouverte';

-- What was said of a request since: answered, refused, taken back, reminded, read. Append-only.
create table demande_acte (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  rang bigint generated always as identity,
  demande uuid not null,
  genre text not null check (genre in ('repondue', 'refusee', 'retiree', 'relancee', 'lue')),
  texte text not null default '',
  organisme uuid not null,
  par uuid not null,
  a timestamptz not null,
  primary key (dept, id),
  foreign key (dept, demande) references demande (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index demande_acte_demande on demande_acte (dept, demande, rang);

create table piece (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  dossier uuid not null,
  genre text not null,
  nom text not null,
  date_piece date,
  cercle smallint not null check (cercle in (2, 3)),
  organisme uuid not null,
  -- Read by its organisme and these; or, attached, by whoever reads the thread or the request.
  destinataires uuid[] not null,
  fil uuid,
  demande uuid,
  format text not null,
  taille integer not null,
  -- Of the bytes received, to know the same file again; and of those kept, without the hidden data of pictures.
  empreinte_recue bytea not null,
  empreinte bytea not null,
  par uuid not null,
  a timestamptz not null,
  envoi uuid not null,
  retiree_a timestamptz,
  retiree_par uuid,
  retiree_motif text,
  primary key (dept, id),
  unique (dept, par, envoi),
  check (fil is null or demande is null),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, fil) references fil (dept, id),
  foreign key (dept, demande) references demande (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id),
  foreign key (dept, retiree_par) references compte (dept, id)
);
create index piece_dossier on piece (dept, dossier, a);
create index piece_fil on piece (dept, fil) where fil is not null;
create index piece_demande on piece (dept, demande) where demande is not null;

-- Apart from `piece`, so that listing documents never carries their bytes. Kept after a withdrawal, until the purge of the dossier.
create table piece_contenu (
  dept text not null,
  piece uuid not null,
  octets bytea not null,
  primary key (dept, piece),
  foreign key (dept, piece) references piece (dept, id)
);

-- At most one mail per person and day; it says nothing of what awaits them.
create table avis_echange (
  dept text not null,
  compte uuid not null,
  jour date not null,
  cree_a timestamptz not null,
  envoye_a timestamptz,
  primary key (dept, compte, jour),
  foreign key (dept, compte) references compte (dept, id)
);
create table avis_refuse (
  dept text not null,
  compte uuid not null,
  a timestamptz not null,
  primary key (dept, compte),
  foreign key (dept, compte) references compte (dept, id)
);

-- Directory of the people to talk to, kept by their organisme or by the secretariat.
create table interlocuteur (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  organisme uuid not null,
  nom text not null,
  fonction text not null,
  territoires text[] not null default '{}',
  telephone text not null default '',
  courriel text not null default '',
  suppleant uuid,
  retire_a timestamptz,
  version integer not null default 1,
  modifie_a timestamptz not null,
  modifie_par uuid not null,
  primary key (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, suppleant) references interlocuteur (dept, id),
  foreign key (dept, modifie_par) references compte (dept, id)
);
create index interlocuteur_organisme on interlocuteur (dept, organisme);

do $$
declare t text;
begin
  foreach t in array array['fil', 'fil_ajout', 'message', 'message_lu', 'demande', 'demande_acte', 'piece', 'piece_contenu', 'avis_echange',
    'avis_refuse', 'interlocuteur'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
end $$;

-- The whole département is not enough to read what is written to others: no scope opens these rows, only being named in them.
create policy lecteurs on fil to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('organisme'))::uuid = organisme or (select public.contexte('organisme'))::uuid = any (destinataires))
    and exists (select 1 from dossier d where d.dept = fil.dept and d.id = fil.dossier))
  with check (dept = (select public.contexte('dept'))
    and ((select public.contexte('organisme'))::uuid = organisme or (select public.contexte('organisme'))::uuid = any (destinataires))
    and exists (select 1 from dossier d where d.dept = fil.dept and d.id = fil.dossier));
create policy lecteurs on demande to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('organisme'))::uuid in (organisme, destinataire)
    and exists (select 1 from dossier d where d.dept = demande.dept and d.id = demande.dossier))
  with check (dept = (select public.contexte('dept')) and (select public.contexte('organisme'))::uuid in (organisme, destinataire)
    and exists (select 1 from dossier d where d.dept = demande.dept and d.id = demande.dossier));
create policy lecteurs on piece to amont_app
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from dossier d where d.dept = piece.dept and d.id = piece.dossier)
    and case
      when fil is not null then exists (select 1 from fil f where f.dept = piece.dept and f.id = piece.fil)
      when demande is not null then exists (select 1 from demande q where q.dept = piece.dept and q.id = piece.demande)
      else (select public.contexte('organisme'))::uuid = organisme or (select public.contexte('organisme'))::uuid = any (destinataires)
    end)
  with check (dept = (select public.contexte('dept')) and organisme = (select public.contexte('organisme'))::uuid
    and exists (select 1 from dossier d where d.dept = piece.dept and d.id = piece.dossier));
create policy lecteurs on fil_ajout to amont_app
  using (dept = (select public.contexte('dept')) and exists (select 1 from fil f where f.dept = fil_ajout.dept and f.id = fil_ajout.fil))
  with check (dept = (select public.contexte('dept')) and exists (select 1 from fil f where f.dept = fil_ajout.dept and f.id = fil_ajout.fil));
create policy lecteurs on message to amont_app
  using (dept = (select public.contexte('dept')) and exists (select 1 from fil f where f.dept = message.dept and f.id = message.fil))
  with check (dept = (select public.contexte('dept')) and organisme = (select public.contexte('organisme'))::uuid
    and exists (select 1 from fil f where f.dept = message.dept and f.id = message.fil));
create policy lecteurs on message_lu to amont_app
  using (dept = (select public.contexte('dept')) and exists (select 1 from fil f where f.dept = message_lu.dept and f.id = message_lu.fil))
  with check (dept = (select public.contexte('dept')) and compte = (select public.contexte('compte'))::uuid
    and organisme = (select public.contexte('organisme'))::uuid
    and exists (select 1 from fil f where f.dept = message_lu.dept and f.id = message_lu.fil));
create policy lecteurs on demande_acte to amont_app
  using (dept = (select public.contexte('dept')) and exists (select 1 from demande q where q.dept = demande_acte.dept and q.id = demande_acte.demande))
  with check (dept = (select public.contexte('dept')) and organisme = (select public.contexte('organisme'))::uuid
    and exists (select 1 from demande q where q.dept = demande_acte.dept and q.id = demande_acte.demande));
create policy lecteurs on piece_contenu to amont_app
  using (dept = (select public.contexte('dept')) and exists (select 1 from piece p where p.dept = piece_contenu.dept and p.id = piece_contenu.piece))
  with check (dept = (select public.contexte('dept')) and exists (select 1 from piece p where p.dept = piece_contenu.dept and p.id = piece_contenu.piece));

-- Neither holds anything of a household: an account, a day.
create policy perimetre on avis_echange to amont_app
  using (dept = (select public.contexte('dept'))) with check (dept = (select public.contexte('dept')));
create policy perimetre on avis_refuse to amont_app
  using (dept = (select public.contexte('dept')))
  with check (dept = (select public.contexte('dept')) and compte = (select public.contexte('compte'))::uuid);
-- Read by every professional; written by the organisme itself, or by whoever sees the whole département.
create policy perimetre on interlocuteur to amont_app
  using (dept = (select public.contexte('dept')))
  with check (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement' or organisme = (select public.contexte('organisme'))::uuid));

grant select, insert on fil, fil_ajout, message, message_lu, demande, demande_acte, piece, piece_contenu to amont_app;
grant update (destinataires) on fil to amont_app;
grant update (retire_a, retire_motif) on message to amont_app;
grant update (etat, relances, close_a) on demande to amont_app;
grant update (retiree_a, retiree_par, retiree_motif) on piece to amont_app;
grant select, insert on avis_echange to amont_app;
grant update (envoye_a) on avis_echange to amont_app;
grant select, insert, delete on avis_refuse to amont_app;
grant select, insert, update on interlocuteur to amont_app;
