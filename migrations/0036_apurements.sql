set local role amont_owner;

-- Money of a dossier: what is due, what is paid, plans and how they are kept. Evidence: rows are only added; a correction is a new row that names the one it replaces.

create table dette_ecriture (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  rang bigint generated always as identity,
  dossier uuid not null,
  -- Due: loyer, charges, indemnite, frais, autre. Received: menage, aide, rls, tiers. A row that cancels another one is `annulation`.
  genre text not null check (genre in ('loyer', 'charges', 'indemnite', 'frais', 'autre', 'menage', 'aide', 'rls', 'tiers', 'annulation')),
  -- Due date of what is due, day of what is received.
  le date not null,
  -- Month it is for.
  terme text check (terme ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  centimes integer not null check (centimes >= 0),
  precision_saisie text not null default '' check (length(precision_saisie) <= 200),
  -- What the household said it was paying: a month, the debt of a plan, or nothing.
  choix text not null default 'aucun' check (choix in ('aucun', 'terme', 'plan')),
  choix_terme text check (choix_terme ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  plan uuid,
  corrige uuid,
  motif text not null default '' check (length(motif) <= 500),
  organisme uuid not null,
  par uuid not null,
  a timestamptz not null,
  -- Drawn with the form, and the rank in it: the same form sent twice writes once.
  envoi uuid not null,
  numero smallint not null,
  primary key (dept, id),
  unique (dept, par, envoi, numero),
  check (genre <> 'annulation' or corrige is not null),
  check (genre not in ('aide', 'rls') or terme is not null),
  check (choix <> 'terme' or choix_terme is not null),
  check (choix <> 'plan' or plan is not null),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, corrige) references dette_ecriture (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index dette_ecriture_dossier on dette_ecriture (dept, dossier, le, rang);
-- Two people do not correct the same row: the second sees what the first wrote.
create unique index dette_ecriture_corrige on dette_ecriture (dept, corrige) where corrige is not null;

create table plan_apurement (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  dossier uuid not null,
  origine text not null check (origine in ('bailleur', 'caf', 'juge', 'protocole_1', 'protocole_2', 'surendettement', 'volontaire')),
  conclu_le date not null,
  dette integer not null check (dette > 0),
  premiere date not null,
  jour_du_mois smallint not null check (jour_du_mois between 1 and 31),
  arrondi text not null check (arrondi in ('premiere', 'derniere')),
  mensualite integer not null,
  nombre smallint not null check (nombre > 0),
  -- What the household had left each month, when it was known; above it the plan was made knowingly, with the reason.
  disponible integer,
  motif text not null default '' check (length(motif) <= 500),
  -- Bound of the plan as the law gave it that day.
  cadre jsonb not null,
  organisme uuid not null,
  par uuid not null,
  a timestamptz not null,
  envoi uuid not null,
  primary key (dept, id),
  unique (dept, par, envoi),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index plan_apurement_dossier on plan_apurement (dept, dossier, conclu_le);
alter table dette_ecriture add foreign key (dept, plan) references plan_apurement (dept, id);
create index dette_ecriture_plan on dette_ecriture (dept, plan) where plan is not null;

create table plan_echeance (
  dept text not null,
  plan uuid not null,
  rang smallint not null,
  le date not null,
  centimes integer not null check (centimes > 0),
  primary key (dept, plan, rang),
  foreign key (dept, plan) references plan_apurement (dept, id)
);

-- How a plan ended, once.
create table plan_fin (
  dept text not null,
  plan uuid not null,
  issue text not null check (issue in ('tenu', 'defaillant', 'denonce', 'remplace')),
  le date not null,
  motif text not null check (length(motif) between 1 and 500),
  remplace_par uuid,
  organisme uuid not null,
  par uuid not null,
  a timestamptz not null,
  primary key (dept, plan),
  foreign key (dept, plan) references plan_apurement (dept, id),
  foreign key (dept, remplace_par) references plan_apurement (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);

-- Resources and charges of the household on a day, as told. Read by those who read its resources.
create table budget_menage (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  rang bigint generated always as identity,
  dossier uuid not null,
  le date not null,
  contenu jsonb not null,
  organisme uuid not null,
  par uuid not null,
  a timestamptz not null,
  envoi uuid not null,
  primary key (dept, id),
  unique (dept, par, envoi),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index budget_menage_dossier on budget_menage (dept, dossier, le, rang);

-- Signs of good faith, noted one by one for a collegial appreciation. No score, no total.
create table indice_bonne_foi (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  rang bigint generated always as identity,
  dossier uuid not null,
  indice text not null,
  presence text not null check (presence in ('present', 'absent', 'inconnu')),
  organisme uuid not null,
  par uuid not null,
  a timestamptz not null,
  envoi uuid not null,
  primary key (dept, id),
  unique (dept, par, envoi, indice),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index indice_bonne_foi_dossier on indice_bonne_foi (dept, dossier, indice, rang);

do $$
declare t text;
begin
  foreach t in array array['dette_ecriture', 'plan_apurement', 'plan_echeance', 'plan_fin', 'budget_menage', 'indice_bonne_foi'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('grant select, insert on %I to amont_app', t);
  end loop;
  -- Losing the dossier is losing its money; one writes in the name of one's own organisme.
  foreach t in array array['dette_ecriture', 'plan_apurement', 'budget_menage', 'indice_bonne_foi'] loop
    execute format($p$create policy dossier on %1$I to amont_app
      using (dept = (select public.contexte('dept')) and exists (select 1 from dossier d where d.dept = %1$I.dept and d.id = %1$I.dossier))
      with check (dept = (select public.contexte('dept')) and organisme = (select public.contexte('organisme'))::uuid
        and exists (select 1 from dossier d where d.dept = %1$I.dept and d.id = %1$I.dossier))$p$, t);
  end loop;
end $$;
create policy plan on plan_echeance to amont_app
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from plan_apurement p where p.dept = plan_echeance.dept and p.id = plan_echeance.plan))
  with check (dept = (select public.contexte('dept'))
    and exists (select 1 from plan_apurement p where p.dept = plan_echeance.dept and p.id = plan_echeance.plan));
create policy plan on plan_fin to amont_app
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from plan_apurement p where p.dept = plan_fin.dept and p.id = plan_fin.plan))
  with check (dept = (select public.contexte('dept')) and organisme = (select public.contexte('organisme'))::uuid
    and exists (select 1 from plan_apurement p where p.dept = plan_fin.dept and p.id = plan_fin.plan));
