set local role amont_owner;

-- What partners share to work the same way: sheets, supports, common wording, forms, good practices (ESP-13). Nobody's household: written by those who pilot, read by
-- kinds of organismes, or by everybody signed in.
create table document (
  dept text not null,
  id uuid not null,
  genre text not null check (genre in ('fiche', 'support', 'langage', 'formulaire', 'pratique')),
  theme text not null,
  -- Steps of the procedure it is for; none: all of them.
  stades text[] not null,
  titre text not null,
  resume text not null,
  ouvert boolean not null,
  -- Kinds of organismes that read it when it is not open to all.
  types text[] not null,
  cree_a timestamptz not null,
  cree_par uuid not null,
  retire_a timestamptz,
  retire_par uuid,
  retire_motif text,
  version integer not null default 1,
  envoi uuid not null,
  primary key (dept, id),
  unique (dept, cree_par, envoi),
  check (ouvert or types <> '{}'),
  check ((retire_a is null) = (retire_par is null) and (retire_a is null) = (retire_motif is null)),
  foreign key (dept, cree_par) references compte (dept, id),
  foreign key (dept, retire_par) references compte (dept, id)
);

-- Each version stays: what partners worked with on a day can be found again.
create table document_version (
  dept text not null,
  document uuid not null,
  numero integer not null,
  -- What it says when it is read on the screen; a file otherwise, or both.
  texte text not null,
  quoi text not null,
  nom text,
  format text,
  taille integer,
  empreinte bytea,
  organisme uuid not null,
  publiee_par uuid not null,
  publiee_a timestamptz not null,
  envoi uuid not null,
  primary key (dept, document, numero),
  unique (dept, publiee_par, envoi),
  check (texte <> '' or nom is not null),
  check ((nom is null) = (format is null) and (nom is null) = (taille is null) and (nom is null) = (empreinte is null)),
  foreign key (dept, document) references document (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, publiee_par) references compte (dept, id)
);

create table document_contenu (
  dept text not null,
  document uuid not null,
  numero integer not null,
  octets bytea not null,
  primary key (dept, document, numero),
  foreign key (dept, document, numero) references document_version (dept, document, numero)
);

do $$
declare t text;
begin
  foreach t in array array['document', 'document_version', 'document_contenu'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format($p$create policy publication on %I for insert to amont_app
      with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('document')))$p$, t);
  end loop;
end $$;
-- A kind of organisme reads what is for it; those who publish read everything, what was withdrawn included.
create policy lecture on document for select to amont_app
  using (dept = (select public.contexte('dept')) and ((select public.ouvre_cercle('document'))
    or (retire_a is null and (select public.contexte('compte')) is not null and (ouvert
      or exists (select 1 from organisme o where o.dept = document.dept and o.id = (select public.contexte('organisme'))::uuid and o.type = any (document.types))))));
create policy tenue on document for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('document')))
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('document')));
create policy lecture on document_version for select to amont_app
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from document d where d.dept = document_version.dept and d.id = document_version.document));
create policy lecture on document_contenu for select to amont_app
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from document d where d.dept = document_contenu.dept and d.id = document_contenu.document));
grant select, insert on document, document_version, document_contenu to amont_app;
grant update (genre, theme, stades, titre, resume, ouvert, types, retire_a, retire_par, retire_motif, version) on document to amont_app;
