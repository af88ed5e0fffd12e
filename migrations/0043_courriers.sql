set local role amont_owner;

-- Production of a batch of letters in the background, and the one document that is printed and franked.
create table lot_courrier (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  organisme uuid not null,
  modele text not null,
  par uuid not null,
  a timestamptz not null,
  total integer not null,
  faits integer not null default 0,
  etat text not null default 'en_cours' check (etat in ('en_cours', 'pret', 'echec')),
  pdf bytea,
  empreinte text,
  -- Drawn with the form: the same form sent twice produces once.
  envoi uuid not null,
  primary key (dept, id),
  unique (dept, par, envoi),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index lot_courrier_organisme on lot_courrier (dept, organisme, a desc);

-- A letter: proposed by its trigger, checked by a person, produced, sent, sometimes returned. What left is kept to the byte.
create table courrier (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  dossier uuid not null,
  -- The secretariat that sends it.
  organisme uuid not null,
  modele text not null,
  variante text not null default 'courant' check (variante in ('courant', 'facile')),
  stade text not null,
  stade_le date not null,
  nom text not null,
  -- Lines under the name; empty when nobody knows the address.
  adresse text[] not null default '{}',
  adresse_corrigee boolean not null default false,
  -- Words the condition of the trigger could not read: a person decides.
  a_verifier text[] not null default '{}',
  etat text not null default 'propose' check (etat in ('propose', 'ecarte', 'a_produire', 'produit', 'envoye', 'revenu')),
  motif text,
  version integer not null default 1,
  propose_a timestamptz not null,
  lot uuid,
  produit_a timestamptz,
  pdf bytea,
  empreinte text,
  envoye_le date,
  envoye_par uuid,
  canal text check (canal in ('courrier', 'main_propre')),
  revenu_le date,
  -- The letter sent before that this one sends again.
  renvoie uuid,
  primary key (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, lot) references lot_courrier (dept, id),
  foreign key (dept, envoye_par) references compte (dept, id),
  foreign key (dept, renvoie) references courrier (dept, id)
);
-- One letter of a kind for one stage of a dossier, unless a person sends it again.
create unique index courrier_unique on courrier (dept, dossier, modele, stade_le) where renvoie is null;
create unique index courrier_renvoi on courrier (dept, renvoie) where renvoie is not null;
create index courrier_file on courrier (dept, organisme, etat, modele, propose_a, id);
create index courrier_dossier on courrier (dept, dossier, propose_a);
create index courrier_lot on courrier (dept, lot);
create index courrier_envoye_par on courrier (dept, envoye_par);

do $$
declare t text;
begin
  foreach t in array array['lot_courrier', 'courrier'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
end $$;
-- Letters are read by the secretariat that sends them, and by those who see the whole département.
create policy perimetre on lot_courrier to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement' or organisme = (select public.contexte('organisme'))::uuid))
  with check (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement' or organisme = (select public.contexte('organisme'))::uuid));
create policy perimetre on courrier to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement' or organisme = (select public.contexte('organisme'))::uuid))
  with check (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement' or organisme = (select public.contexte('organisme'))::uuid));
grant select, insert, update on lot_courrier to amont_app;
grant select, insert, update on courrier to amont_app;
