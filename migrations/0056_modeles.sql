set local role amont_owner;

-- Images at the head of letters. What was printed once can be printed again: none is changed nor deleted.
create table logo_courrier (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  genre text not null check (genre in ('png', 'jpg')),
  largeur integer not null check (largeur between 1 and 4000),
  hauteur integer not null check (hauteur between 1 and 4000),
  octets bytea not null check (octet_length(octets) <= 300000),
  empreinte text not null,
  par uuid not null,
  a timestamptz not null,
  primary key (dept, id),
  foreign key (dept, par) references compte (dept, id)
);

-- What a département changed of its letters: the text of one kind, or what all print (contacts, senders, signatures, logo). Beside what is shipped, which is never
-- modified. An approved content never changes.
create table version_courrier (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  genre text not null check (genre in ('texte', 'presentation')),
  -- Code of the kind of letter; empty for what all print.
  modele text not null,
  numero integer not null,
  etat text not null default 'brouillon' check (etat in ('brouillon', 'soumise', 'approuvee', 'refusee', 'retiree')),
  revision integer not null default 1,
  contenu jsonb not null,
  -- What was shipped when it was written: a release that changes it is seen.
  livre jsonb not null,
  du date not null,
  motif text not null default '',
  cree_par uuid not null,
  cree_a timestamptz not null,
  modifie_par uuid not null,
  modifie_a timestamptz not null,
  soumis_par uuid,
  soumis_a timestamptz,
  decide_par uuid,
  decide_a timestamptz,
  decide_motif text,
  primary key (dept, id),
  unique (dept, genre, modele, numero),
  check ((genre = 'presentation') = (modele = '')),
  -- Whoever wrote or submitted it does not decide.
  check (etat not in ('approuvee', 'refusee')
    or (decide_par is not null and decide_a is not null and decide_par <> cree_par and decide_par <> modifie_par and decide_par <> soumis_par)),
  foreign key (dept, cree_par) references compte (dept, id),
  foreign key (dept, modifie_par) references compte (dept, id),
  foreign key (dept, soumis_par) references compte (dept, id),
  foreign key (dept, decide_par) references compte (dept, id)
);
-- Two approved versions cannot take effect on the same day; one is written at a time.
create unique index version_courrier_effet on version_courrier (dept, genre, modele, du) where etat = 'approuvee';
create unique index version_courrier_ouverte on version_courrier (dept, genre, modele) where etat in ('brouillon', 'soumise');
create index version_courrier_cree_par on version_courrier (dept, cree_par);

do $$
declare t text;
begin
  foreach t in array array['logo_courrier', 'version_courrier'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    -- Written for the bodies that keep the commission and pilot the charter; the right itself is the matrix's.
    execute format($p$create policy ecriture on %I for insert to amont_app
      with check (dept = (select public.contexte('dept')) and exists (select 1 from organisme o where o.dept = %I.dept
        and o.id = (select public.contexte('organisme'))::uuid and o.type in ('secretariat', 'prefecture', 'departement')))$p$, t, t);
  end loop;
end $$;
-- A logo is on letters anybody may receive.
create policy lecture on logo_courrier for select to amont_app using (dept = (select public.contexte('dept')));
-- Letters are written under the approved versions; a draft is for those who prepare or decide.
create policy lecture on version_courrier for select to amont_app
  using (dept = (select public.contexte('dept')) and (etat = 'approuvee' or exists (select 1 from organisme o where o.dept = version_courrier.dept
    and o.id = (select public.contexte('organisme'))::uuid and o.type in ('secretariat', 'prefecture', 'departement'))));
create policy modification on version_courrier for update to amont_app
  using (dept = (select public.contexte('dept')) and exists (select 1 from organisme o where o.dept = version_courrier.dept
    and o.id = (select public.contexte('organisme'))::uuid and o.type in ('secretariat', 'prefecture', 'departement')))
  with check (dept = (select public.contexte('dept')));
grant select, insert on logo_courrier to amont_app;
grant select, insert on version_courrier to amont_app;
grant update (etat, revision, contenu, livre, du, motif, modifie_par, modifie_a, soumis_par, soumis_a, decide_par, decide_a, decide_motif) on version_courrier to amont_app;

-- A letter changed in a word processor: these exact bytes are what leaves, instead of what was composed.
create table courrier_modifie (
  dept text not null,
  courrier uuid not null,
  octets bytea not null check (octet_length(octets) <= 2000000),
  empreinte text not null,
  par uuid not null,
  a timestamptz not null,
  primary key (dept, courrier),
  foreign key (dept, courrier) references courrier (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
alter table courrier_modifie enable row level security;
alter table courrier_modifie force row level security;
-- Read and written by whoever reads the letter.
create policy perimetre on courrier_modifie to amont_app
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from courrier c where c.dept = courrier_modifie.dept and c.id = courrier_modifie.courrier))
  with check (dept = (select public.contexte('dept'))
    and exists (select 1 from courrier c where c.dept = courrier_modifie.dept and c.id = courrier_modifie.courrier));
grant select, insert, delete on courrier_modifie to amont_app;

-- Where a letter leaves by mail: the address its household agreed to. Null: on paper.
alter table courrier add column courriel text;
alter table courrier drop constraint courrier_canal_check;
alter table courrier add constraint courrier_canal_check check (canal in ('courrier', 'main_propre', 'courriel'));
