set local role amont_owner;

-- Secrets are sealed by a key kept outside the database; `totp_pas` is the last step accepted, so that a code works once.
alter table compte
  add column totp_secret text,
  add column totp_attente text,
  add column totp_attente_a timestamptz,
  add column totp_actif_a timestamptz,
  add column totp_pas bigint,
  add column engagement_a timestamptz,
  add column engagement_version text,
  add column ferme_motif text;
create unique index compte_sujet_externe on compte (dept, sujet_externe);

-- How and with what somebody came in. Neither place nor full description of the device.
alter table session_web
  add column id uuid not null default gen_random_uuid(),
  add column methode text not null default 'mot_de_passe',
  add column amr text[],
  add column appareil text not null default '',
  add column jeton_identite text;
create unique index session_web_id on session_web (dept, id);

-- Invitations and new passwords. The token is drawn when the mail leaves and only its hash is kept.
create table lien_compte (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  compte uuid not null,
  genre text not null check (genre in ('invitation', 'reinitialisation')),
  empreinte text,
  cree_a timestamptz not null,
  expire_a timestamptz not null,
  envoye_a timestamptz,
  utilise_a timestamptz,
  primary key (dept, id),
  foreign key (dept, compte) references compte (dept, id)
);
create unique index lien_compte_empreinte on lien_compte (dept, empreinte);
create index lien_compte_compte on lien_compte (dept, compte);

create table code_secours (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  compte uuid not null,
  empreinte text not null,
  cree_a timestamptz not null,
  utilise_a timestamptz,
  annule_a timestamptz,
  primary key (dept, id),
  foreign key (dept, compte) references compte (dept, id)
);
create index code_secours_compte on code_secours (dept, compte);

do $$
declare t text;
begin
  foreach t in array array['lien_compte', 'code_secours'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format($p$create policy perimetre on %I to amont_app
      using (dept = (select public.contexte('dept'))) with check (dept = (select public.contexte('dept')))$p$, t);
  end loop;
end $$;
grant select, insert, update on lien_compte, code_secours to amont_app;
