set local role amont_owner;

-- Requests for the use of force: the inquiries the State asks for, what was decided, how the day is prepared and what came of it. Facts are added, never changed;
-- what a list reads of them is kept beside the request. `etat` opens what is for the State alone, `force` the rest, `recu` what is addressed to one's own organisme.

create table requisition (
  dept text not null,
  id uuid not null,
  dossier uuid not null,
  -- The act of procedure it is: the signalement that brought it, or the act entered by hand.
  acte uuid not null,
  recue_le date not null,
  -- What lists read, written again after each fact.
  etat text not null default 'instruction' check (etat in ('instruction', 'sursis', 'refusee', 'accordee', 'annulee', 'executee')),
  decidee_le date,
  executoire_le date,
  prevue_le date,
  refus_le date,
  enquetes_ouvertes smallint not null default 0,
  enquete_avant date,
  sans_solution boolean not null default true,
  depart_le date,
  suivi_avant timestamptz,
  version integer not null default 0,
  organisme uuid not null,
  par uuid not null,
  a timestamptz not null,
  primary key (dept, id),
  unique (dept, dossier, acte),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index requisition_recue on requisition (dept, recue_le, id);
create index requisition_refus on requisition (dept, refus_le, id);
create index requisition_prevue on requisition (dept, prevue_le, id);

create table enquete (
  dept text not null,
  id uuid not null,
  requisition uuid not null,
  dossier uuid not null,
  genre text not null check (genre in ('sociale', 'maire', 'bailleur', 'police', 'siao')),
  -- Null: somebody who has no place here; `aupres` says who, in words.
  organisme uuid,
  aupres text not null,
  moyen text not null check (moyen in ('amont', 'courriel', 'courrier', 'remise')),
  demandee_le date not null,
  avant date,
  -- Where the date comes from, as it was computed the day of the request.
  echeance jsonb,
  par uuid not null,
  a timestamptz not null,
  primary key (dept, id),
  foreign key (dept, requisition) references requisition (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index enquete_requisition on enquete (dept, requisition);
create index enquete_organisme on enquete (dept, organisme) where organisme is not null;

create table requisition_acte (
  dept text not null,
  id uuid not null,
  rang bigint generated always as identity,
  requisition uuid not null,
  dossier uuid not null,
  enquete uuid,
  genre text not null,
  le date not null,
  donnees jsonb not null default '{}',
  -- The fact this one corrects, or takes back when it is a `retrait`.
  remplace uuid,
  -- The act of procedure written with it, which goes with it.
  acte uuid,
  organisme uuid not null,
  par uuid not null,
  a timestamptz not null,
  primary key (dept, id),
  foreign key (dept, requisition) references requisition (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, enquete) references enquete (dept, id),
  foreign key (dept, remplace) references requisition_acte (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index requisition_acte_requisition on requisition_acte (dept, requisition, rang);
create index requisition_acte_enquete on requisition_acte (dept, enquete) where enquete is not null;

-- Free texts, apart from the facts they go with: who knows that an opinion was given does not always read it.
create table requisition_texte (
  dept text not null,
  acte uuid not null,
  dossier uuid not null,
  cercle text not null check (cercle in ('etat', 'force')),
  texte text not null check (texte ~ '^[0-9a-f]{8}\.[\w-]+$'),
  primary key (dept, acte),
  foreign key (dept, acte) references requisition_acte (dept, id),
  foreign key (dept, dossier) references dossier (dept, id)
);

-- What was told to whom, as it was told: the proof of a dissemination.
create table diffusion (
  dept text not null,
  id uuid not null,
  requisition uuid not null,
  dossier uuid not null,
  acte uuid,
  enquete uuid,
  genre text not null check (genre in ('enquete', 'relance', 'decision', 'date', 'treve', 'departs', 'reprise', 'concertation', 'rapport')),
  organisme uuid not null,
  -- Why this organisme: the rule that names it, in words.
  pourquoi text not null,
  contenu jsonb not null,
  par uuid not null,
  a timestamptz not null,
  primary key (dept, id),
  foreign key (dept, requisition) references requisition (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, acte) references requisition_acte (dept, id),
  foreign key (dept, enquete) references enquete (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index diffusion_requisition on diffusion (dept, requisition, a);
create index diffusion_organisme on diffusion (dept, organisme, a);

-- One mail per person and thing told; it says that something waits, never what.
create table diffusion_avis (
  dept text not null,
  diffusion uuid not null,
  compte uuid not null,
  cree_a timestamptz not null,
  envoye_a timestamptz,
  primary key (dept, diffusion, compte),
  foreign key (dept, diffusion) references diffusion (dept, id),
  foreign key (dept, compte) references compte (dept, id)
);

do $$
declare t text;
begin
  foreach t in array array['requisition', 'enquete', 'requisition_acte', 'requisition_texte', 'diffusion', 'diffusion_avis'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
end $$;

create policy perimetre on requisition to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('force'))
    and exists (select 1 from dossier d where d.dept = requisition.dept and d.id = requisition.dossier))
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('force'))
    and exists (select 1 from dossier d where d.dept = requisition.dept and d.id = requisition.dossier));
create policy perimetre on enquete to amont_app
  using (dept = (select public.contexte('dept'))
    and (((select public.ouvre_cercle('force')) and exists (select 1 from dossier d where d.dept = enquete.dept and d.id = enquete.dossier))
      or ((select public.ouvre_cercle('recu')) and organisme = (select public.contexte('organisme'))::uuid)))
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('etat'))
    and exists (select 1 from dossier d where d.dept = enquete.dept and d.id = enquete.dossier));
-- Whoever was asked sees what was done of it; the others, what their circle opens.
create policy perimetre on requisition_acte to amont_app
  using (dept = (select public.contexte('dept'))
    and (((select public.ouvre_cercle('force')) and exists (select 1 from dossier d where d.dept = requisition_acte.dept and d.id = requisition_acte.dossier))
      or ((select public.ouvre_cercle('recu')) and enquete in (select e.id from enquete e
        where e.dept = (select public.contexte('dept')) and e.organisme = (select public.contexte('organisme'))::uuid))))
  with check (dept = (select public.contexte('dept')) and par = (select public.contexte('compte'))::uuid
    and organisme = (select public.contexte('organisme'))::uuid and (select public.ouvre_cercle('force'))
    and exists (select 1 from dossier d where d.dept = requisition_acte.dept and d.id = requisition_acte.dossier));
create policy lecture on requisition_texte for select to amont_app
  using (dept = (select public.contexte('dept')) and public.ouvre_cercle(cercle)
    and exists (select 1 from dossier d where d.dept = requisition_texte.dept and d.id = requisition_texte.dossier));
-- A text may be written by somebody who will not read it again: an opinion given to the State alone.
create policy ecriture on requisition_texte for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('force'))
    and exists (select 1 from dossier d where d.dept = requisition_texte.dept and d.id = requisition_texte.dossier));
create policy perimetre on diffusion to amont_app
  using (dept = (select public.contexte('dept'))
    and (((select public.ouvre_cercle('force')) and exists (select 1 from dossier d where d.dept = diffusion.dept and d.id = diffusion.dossier))
      or ((select public.ouvre_cercle('recu')) and organisme = (select public.contexte('organisme'))::uuid)
      or ((select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null)))
  with check (dept = (select public.contexte('dept')) and par = (select public.contexte('compte'))::uuid and (select public.ouvre_cercle('force'))
    and exists (select 1 from dossier d where d.dept = diffusion.dept and d.id = diffusion.dossier));
create policy perimetre on diffusion_avis to amont_app
  using (dept = (select public.contexte('dept'))
    and (exists (select 1 from diffusion x where x.dept = diffusion_avis.dept and x.id = diffusion_avis.diffusion)))
  with check (dept = (select public.contexte('dept'))
    and (exists (select 1 from diffusion x where x.dept = diffusion_avis.dept and x.id = diffusion_avis.diffusion)));
grant select, insert on requisition, enquete, requisition_acte, requisition_texte, diffusion, diffusion_avis to amont_app;
grant update (etat, decidee_le, executoire_le, prevue_le, refus_le, enquetes_ouvertes, enquete_avant, sans_solution, depart_le, suivi_avant, version)
  on requisition to amont_app;
grant update (envoye_a) on diffusion_avis to amont_app;
