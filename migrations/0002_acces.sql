set local role amont_owner;

create function public.contexte(cle text) returns text
  language sql stable parallel safe
  set search_path = pg_catalog
  as $$ select nullif(current_setting('app.' || cle, true), '') $$;
revoke execute on function public.contexte(text) from public;
grant execute on function public.contexte(text) to amont_app, amont_recherche;

create table organisme (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  code text not null,
  nom text not null,
  type text not null,
  territoires text[],
  communes text[],
  actif boolean not null default true,
  primary key (dept, id),
  unique (dept, code)
);

create table compte (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  courriel text not null,
  nom text not null,
  prenom text not null,
  mot_de_passe text,
  sujet_externe text,
  cree_a timestamptz not null,
  ferme_a timestamptz,
  primary key (dept, id),
  unique (dept, courriel)
);

create table habilitation (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  compte uuid not null,
  organisme uuid not null,
  role text not null,
  territoires text[],
  du date not null,
  jusqu_au date,
  motif text not null,
  primary key (dept, id),
  foreign key (dept, compte) references compte (dept, id),
  foreign key (dept, organisme) references organisme (dept, id)
);
create index habilitation_compte on habilitation (dept, compte);

create table session_web (
  dept text not null,
  empreinte text not null,
  compte uuid not null,
  cree_a timestamptz not null,
  vue_a timestamptz not null,
  expire_a timestamptz not null,
  revoquee_a timestamptz,
  second_facteur boolean not null default false,
  jeton text not null,
  primary key (dept, empreinte),
  foreign key (dept, compte) references compte (dept, id)
);
create index session_web_compte on session_web (dept, compte);

create table tentative_connexion (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  cle text not null,
  a timestamptz not null,
  primary key (dept, id)
);
create index tentative_connexion_cle on tentative_connexion (dept, cle, a);

-- Who saw, did or was refused what: identifiers, never contents. Append-only.
create table journal (
  dept text not null,
  id bigint generated always as identity,
  a timestamptz not null,
  compte uuid,
  organisme uuid,
  acteur text not null,
  action text not null,
  objet text,
  objet_id text,
  resultat text not null default 'fait',
  details jsonb not null default '{}',
  primary key (dept, id)
);
create index journal_objet on journal (dept, objet_id, id);

do $$
declare t text;
begin
  foreach t in array array['organisme', 'compte', 'habilitation', 'session_web', 'tentative_connexion', 'journal'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format($p$create policy perimetre on %I to amont_app
      using (dept = (select public.contexte('dept'))) with check (dept = (select public.contexte('dept')))$p$, t);
  end loop;
end $$;

grant select, insert, update on organisme, compte, habilitation, session_web to amont_app;
grant select, insert, delete on tentative_connexion to amont_app;
grant select, insert on journal to amont_app;
