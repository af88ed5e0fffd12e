set local role amont_owner;

-- Commissions of the CCAPEX, their members, their rules of procedure and their sessions. Nothing of a household is in these tables but `inscription` and what hangs
-- from it, which ask the dossier, or a sheet addressed to the reader.

create table commission (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  nom text not null,
  niveau text not null check (niveau in ('departementale', 'territoriale')),
  territoires text[] not null,
  secretariat uuid not null,
  lieu text not null default '',
  cree_a timestamptz not null,
  cree_par uuid,
  fermee_le date,
  version integer not null default 1,
  primary key (dept, id),
  unique (dept, nom),
  foreign key (dept, secretariat) references organisme (dept, id),
  foreign key (dept, cree_par) references compte (dept, id)
);

-- An organisme of a commission, from a day until a day, with who represents it. A person without an account is a name and an address.
create table commission_membre (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  commission uuid not null,
  organisme uuid not null,
  qualite text not null check (qualite in ('copresident_etat', 'copresident_departement', 'droit', 'invite', 'maire')),
  voix text check (voix in ('deliberative', 'consultative')),
  titulaire uuid,
  titulaire_nom text not null default '',
  titulaire_courriel text not null default '',
  suppleant uuid,
  suppleant_nom text not null default '',
  suppleant_courriel text not null default '',
  du date not null,
  jusqu_au date,
  version integer not null default 1,
  primary key (dept, id),
  check (jusqu_au is null or jusqu_au >= du),
  foreign key (dept, commission) references commission (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, titulaire) references compte (dept, id),
  foreign key (dept, suppleant) references compte (dept, id)
);
create index commission_membre_commission on commission_membre (dept, commission, du);

-- Rules of procedure, by version: of one commission, or of all of them (`commission` null). What a text does not set is null, and nothing stands in for it. Append-only.
create table commission_reglement (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  commission uuid,
  du date not null,
  jusqu_au date,
  reference text not null,
  capacite integer check (capacite > 0),
  minutes_par_dossier integer check (minutes_par_dossier > 0),
  quorum integer check (quorum > 0),
  jours_envoi integer check (jours_envoi >= 0),
  jours_apports integer check (jours_apports >= 0),
  jours_relance integer check (jours_relance >= 0),
  a timestamptz not null,
  par uuid,
  primary key (dept, id),
  check (jusqu_au is null or jusqu_au >= du),
  foreign key (dept, commission) references commission (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index commission_reglement_du on commission_reglement (dept, commission, du, a);

create table seance (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  commission uuid not null,
  le date not null,
  debut text not null check (debut ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  fin text not null check (fin ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  lieu text not null default '',
  etat text not null check (etat in ('prevue', 'ouverte', 'close', 'annulee')),
  -- Revision of the invitation (iCalendar SEQUENCE), and the reason of a cancellation, of a closed list.
  sequence integer not null default 0,
  annulee_motif text check (annulee_motif in ('quorum', 'indisponibilite', 'peu_de_dossiers', 'regroupee', 'autre')),
  -- Last agenda sent: its number and when; null until then.
  odj_numero integer,
  odj_envoye_a timestamptz,
  convoquee_a timestamptz,
  ouverte_a timestamptz,
  close_a timestamptz,
  cree_a timestamptz not null,
  cree_par uuid,
  -- Mark of the form that made it: sent twice, made once.
  envoi uuid,
  version integer not null default 1,
  primary key (dept, id),
  unique (dept, envoi),
  check (fin > debut),
  check ((etat = 'annulee') = (annulee_motif is not null)),
  foreign key (dept, commission) references commission (dept, id),
  foreign key (dept, cree_par) references compte (dept, id)
);
create index seance_le on seance (dept, le);
create index seance_commission on seance (dept, commission, le);

-- What happened to a session, with what it was before: undoing reads it. Append-only.
create table seance_acte (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  rang bigint generated always as identity,
  seance uuid not null,
  acte text not null check (acte in ('creee', 'deplacee', 'annulee', 'retablie', 'convoquee', 'ordre_envoye')),
  avant jsonb,
  a timestamptz not null,
  par uuid,
  primary key (dept, id),
  foreign key (dept, seance) references seance (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index seance_acte_seance on seance_acte (dept, seance, rang);

-- One member at one session: who came.
create table seance_presence (
  dept text not null,
  seance uuid not null,
  membre uuid not null,
  organisme uuid not null,
  etat text not null check (etat in ('attendu', 'titulaire', 'suppleant', 'excuse', 'absent')),
  version integer not null default 1,
  primary key (dept, seance, membre),
  foreign key (dept, seance) references seance (dept, id),
  foreign key (dept, membre) references commission_membre (dept, id),
  foreign key (dept, organisme) references organisme (dept, id)
);

-- Each person reads the reminder of confidentiality before the sheets of a session. Append-only.
create table seance_rappel (
  dept text not null,
  seance uuid not null,
  compte uuid not null,
  organisme uuid not null,
  a timestamptz not null,
  primary key (dept, seance, compte),
  foreign key (dept, seance) references seance (dept, id),
  foreign key (dept, compte) references compte (dept, id),
  foreign key (dept, organisme) references organisme (dept, id)
);

-- One dossier on one agenda.
create table inscription (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  seance_id uuid not null,
  dossier_id uuid not null,
  origine text not null check (origine in ('saisine', 'auto_saisine', 'cql', 'report', 'retour', 'expertise', 'cellule', 'reexamen', 'secretariat')),
  origine_id uuid,
  rang integer not null check (rang > 0),
  duree_minutes integer check (duree_minutes > 0),
  heure text,
  etat text not null check (etat in ('inscrit', 'retire', 'examine', 'reporte', 'absent')),
  -- Sealed by the key of the dossier: why it was put there by hand, withdrawn or postponed.
  motif text check (motif ~ '^[0-9a-f]{8}\.[\w-]+$'),
  -- Put on the agenda once it had been sent.
  tardive boolean not null default false,
  inscrite_a timestamptz not null,
  inscrite_par uuid,
  version integer not null default 1,
  primary key (dept, id),
  foreign key (dept, seance_id) references seance (dept, id),
  foreign key (dept, dossier_id) references dossier (dept, id),
  foreign key (dept, inscrite_par) references compte (dept, id)
);
create unique index inscription_unique on inscription (dept, seance_id, dossier_id) where etat <> 'retire';
create index inscription_dossier on inscription (dept, dossier_id);
create index inscription_seance on inscription (dept, seance_id, rang);

-- An agenda as it left: identifiers, ranks and times, to say what changed since. Append-only.
create table ordre_envoye (
  dept text not null,
  seance uuid not null,
  numero integer not null,
  lignes jsonb not null,
  a timestamptz not null,
  par uuid not null,
  primary key (dept, seance, numero),
  foreign key (dept, seance) references seance (dept, id),
  foreign key (dept, par) references compte (dept, id)
);

-- The sheet of a dossier of an agenda, as far as one organisme may know it: it never reads the dossier for that. Sealed by the key of the département, because its
-- reader has none of the dossier's. Readable by the people named, from the sending to the end of the session; gone with the file it is about, or with the session.
create table fiche_seance (
  dept text not null,
  inscription uuid not null,
  organisme uuid not null,
  seance uuid not null,
  dossier uuid not null,
  lecteurs uuid[] not null,
  -- Conditions of the access matrix this organisme fulfils on this dossier, asked again when the sheet is read.
  conditions text[] not null,
  -- Last day of the agreements it rests on.
  jusqu_au date,
  contenu text not null check (contenu ~ '^[0-9a-f]{8}\.[\w-]+$'),
  -- Its place in the agenda as it left: what the secretariat changes afterwards is known at the next sending.
  rang integer not null,
  heure text,
  duree_minutes integer,
  tardive boolean not null,
  a timestamptz not null,
  primary key (dept, inscription, organisme),
  foreign key (dept, inscription) references inscription (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, seance) references seance (dept, id),
  foreign key (dept, dossier) references dossier (dept, id)
);
create index fiche_seance_organisme on fiche_seance (dept, organisme, seance);
create index fiche_seance_dossier on fiche_seance (dept, dossier);

-- What an organisme brings on a dossier of the agenda before the session; `rien`: it said it has nothing to bring. Sealed by the key of the département.
create table apport (
  dept text not null,
  id uuid not null default gen_random_uuid(),
  inscription uuid not null,
  organisme uuid not null,
  etat text not null check (etat in ('demande', 'apporte', 'rien')),
  attendu_le date,
  texte text check (texte ~ '^[0-9a-f]{8}\.[\w-]+$'),
  demande_a timestamptz not null,
  relance_le date,
  repondu_a timestamptz,
  repondu_par uuid,
  version integer not null default 1,
  primary key (dept, id),
  unique (dept, inscription, organisme),
  check ((etat = 'apporte') = (texte is not null)),
  check ((etat = 'demande') = (repondu_a is null)),
  foreign key (dept, inscription) references inscription (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, repondu_par) references compte (dept, id)
);
create index apport_organisme on apport (dept, organisme, etat);

do $$
declare t text;
begin
  foreach t in array array['commission', 'commission_membre', 'commission_reglement', 'seance', 'seance_acte', 'seance_presence', 'seance_rappel', 'inscription', 'ordre_envoye',
    'fiche_seance', 'apport'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
end $$;

-- Background work of a département: mails, reminders.
create function public.est_systeme() returns boolean
  language sql stable parallel safe
  return public.contexte('portee') = 'departement' and public.contexte('compte') is null;
revoke execute on function public.est_systeme() from public;
grant execute on function public.est_systeme() to amont_app;

-- Commissions and their calendar hold no household: whoever has the right reads them. Each act has its own.
do $$
declare t text;
begin
  foreach t in array array['commission', 'commission_membre', 'commission_reglement', 'seance'] loop
    execute format($p$create policy lecture on %I for select to amont_app
      using (dept = (select public.contexte('dept')) and ((select public.est_systeme()) or (select public.ouvre_cercle('commission_lue'))))$p$, t);
  end loop;
  foreach t in array array['commission', 'commission_membre', 'commission_reglement'] loop
    execute format($p$create policy creation on %I for insert to amont_app
      with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('commission')))$p$, t);
  end loop;
  foreach t in array array['commission', 'commission_membre'] loop
    execute format($p$create policy ecriture on %I for update to amont_app
      using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('commission')))
      with check (dept = (select public.contexte('dept')))$p$, t);
  end loop;
end $$;
create policy creation on seance for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('seance')) and cree_par = (select public.contexte('compte'))::uuid);
-- A session that is over never changes again; `suites` opens and closes it.
create policy ecriture on seance for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('seance')) and close_a is null)
  with check (dept = (select public.contexte('dept')));
create policy lecture on seance_acte for select to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('seance')));
create policy creation on seance_acte for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('seance')) and par = (select public.contexte('compte'))::uuid);

-- Attendance: kept by the secretariat; a member reads its own line.
create policy lecture on seance_presence for select to amont_app
  using (dept = (select public.contexte('dept')) and ((select public.ouvre_cercle('seance'))
    or ((select public.ouvre_cercle('membre')) and organisme = (select public.contexte('organisme'))::uuid)));
create policy creation on seance_presence for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('seance'))
    and exists (select 1 from seance s where s.dept = seance_presence.dept and s.id = seance_presence.seance and s.close_a is null));
create policy tenue on seance_presence for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('seance'))
    and exists (select 1 from seance s where s.dept = seance_presence.dept and s.id = seance_presence.seance and s.close_a is null))
  with check (dept = (select public.contexte('dept')));
-- The reminder is each person's: whoever has sheets to read says it read it, for itself.
create policy lecture on seance_rappel for select to amont_app
  using (dept = (select public.contexte('dept')) and ((select public.ouvre_cercle('seance')) or compte = (select public.contexte('compte'))::uuid));
create policy creation on seance_rappel for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('membre')) and compte = (select public.contexte('compte'))::uuid
    and organisme = (select public.contexte('organisme'))::uuid
    and exists (select 1 from fiche_seance f where f.dept = seance_rappel.dept and f.seance = seance_rappel.seance and f.organisme = seance_rappel.organisme));

-- A sheet: its named readers, from the sending to the end of the session; whoever prepares the session and sees the dossier.
create policy lecture on fiche_seance for select to amont_app
  using (dept = (select public.contexte('dept')) and (
    ((select public.ouvre_cercle('membre')) and organisme = (select public.contexte('organisme'))::uuid
      and (select public.contexte('compte'))::uuid = any (lecteurs) and (jusqu_au is null or jusqu_au >= (select public.contexte('jour'))::date)
      and exists (select 1 from seance s join commission_membre m on m.dept = s.dept and m.commission = s.commission
        where s.dept = fiche_seance.dept and s.id = fiche_seance.seance and s.odj_envoye_a is not null
          and s.close_a is null and s.etat <> 'annulee' and s.le >= (select public.contexte('jour'))::date
          -- Whoever no longer represents it, or it when it no longer sits, reads no more.
          and m.organisme = fiche_seance.organisme and (select public.contexte('compte'))::uuid in (m.titulaire, m.suppleant)
          and m.du <= s.le and (m.jusqu_au is null or m.jusqu_au >= s.le)))
    or ((select public.ouvre_cercle('seance')) and exists (select 1 from dossier d where d.dept = fiche_seance.dept and d.id = fiche_seance.dossier))));
-- Background work destroys those nobody may read any more, and sees no others.
do $$
declare c text;
begin
  foreach c in array array['select', 'delete'] loop
    execute format($p$create policy destruction_%1$s on fiche_seance for %1$s to amont_app
      using (dept = (select public.contexte('dept')) and (select public.est_systeme()) and exists (select 1 from seance s
        where s.dept = fiche_seance.dept and s.id = fiche_seance.seance
          and (s.close_a is not null or s.etat = 'annulee' or s.le < (select public.contexte('jour'))::date)))$p$, c);
  end loop;
end $$;
create policy tenue on fiche_seance to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('seance'))
    and exists (select 1 from dossier d where d.dept = fiche_seance.dept and d.id = fiche_seance.dossier))
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('seance'))
    and exists (select 1 from dossier d where d.dept = fiche_seance.dept and d.id = fiche_seance.dossier));

-- A dossier of an agenda: whoever prepares and sees the dossier; a member, those it has a sheet for.
create policy lecture on inscription for select to amont_app
  using (dept = (select public.contexte('dept')) and (
    ((select public.ouvre_cercle('seance')) and exists (select 1 from dossier d where d.dept = inscription.dept and d.id = inscription.dossier_id))
    or ((select public.ouvre_cercle('membre')) and exists (select 1 from fiche_seance f where f.dept = inscription.dept and f.inscription = inscription.id))
    or (select public.est_systeme())));
create policy creation on inscription for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('seance')) and inscrite_par = (select public.contexte('compte'))::uuid
    and exists (select 1 from dossier d where d.dept = inscription.dept and d.id = inscription.dossier_id)
    and exists (select 1 from seance s where s.dept = inscription.dept and s.id = inscription.seance_id and s.close_a is null));
create policy ecriture on inscription for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('seance'))
    and exists (select 1 from dossier d where d.dept = inscription.dept and d.id = inscription.dossier_id)
    and exists (select 1 from seance s where s.dept = inscription.dept and s.id = inscription.seance_id and s.close_a is null))
  with check (dept = (select public.contexte('dept')));
create policy lecture on ordre_envoye for select to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('seance')));
create policy creation on ordre_envoye for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('seance')) and par = (select public.contexte('compte'))::uuid);

-- What is brought goes to the secretariat alone: professionals tell instructing services, never all the members (law of 31/05/1990, art. 7-2).
create policy lecture on apport for select to amont_app
  using (dept = (select public.contexte('dept')) and (
    ((select public.ouvre_cercle('membre')) and organisme = (select public.contexte('organisme'))::uuid
      and exists (select 1 from fiche_seance f where f.dept = apport.dept and f.inscription = apport.inscription and f.organisme = apport.organisme))
    or ((select public.ouvre_cercle('seance')) and exists (select 1 from inscription i where i.dept = apport.dept and i.id = apport.inscription))
    or (select public.est_systeme())));
create policy creation on apport for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('seance')) and etat = 'demande'
    and exists (select 1 from inscription i where i.dept = apport.dept and i.id = apport.inscription));
create policy reponse on apport for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('membre')) and organisme = (select public.contexte('organisme'))::uuid
    and exists (select 1 from fiche_seance f where f.dept = apport.dept and f.inscription = apport.inscription and f.organisme = apport.organisme))
  with check (dept = (select public.contexte('dept')) and repondu_par = (select public.contexte('compte'))::uuid);
create policy relance on apport for update to amont_app
  using (dept = (select public.contexte('dept')) and etat = 'demande' and ((select public.est_systeme()) or ((select public.ouvre_cercle('seance'))
    and exists (select 1 from inscription i where i.dept = apport.dept and i.id = apport.inscription))))
  with check (dept = (select public.contexte('dept')) and etat = 'demande');

grant select, insert on commission, commission_membre, commission_reglement, seance, seance_acte, seance_presence, seance_rappel, inscription, ordre_envoye, apport to amont_app;
grant update (nom, niveau, territoires, secretariat, lieu, fermee_le, version) on commission to amont_app;
grant update (qualite, voix, titulaire, titulaire_nom, titulaire_courriel, suppleant, suppleant_nom, suppleant_courriel, du, jusqu_au, version) on commission_membre to amont_app;
grant update (le, debut, fin, lieu, etat, sequence, annulee_motif, odj_numero, odj_envoye_a, convoquee_a, ouverte_a, close_a, version) on seance to amont_app;
grant update (etat, version) on seance_presence to amont_app;
grant update (rang, duree_minutes, heure, etat, motif, tardive, version) on inscription to amont_app;
grant select, insert, delete on fiche_seance to amont_app;
grant update (etat, texte, attendu_le, relance_le, repondu_a, repondu_par, version) on apport to amont_app;

-- A sheet goes as soon as what opened it ceases: an agreement the household takes back, a commune or a territory corrected, an organisme no longer engaged.
create policy fermeture on fiche_seance to amont_owner using (dept = (select public.contexte('dept')));
create function public.fermer_fiches() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, public
  as $$
begin
  if tg_table_name = 'accord' then
    delete from fiche_seance where dept = new.dept and dossier = new.dossier and (new.organisme is null or organisme = new.organisme)
      and case new.objet when 'transmission_adil' then 'accord_adil' when 'action_logement_mds' then 'accord_action_logement'
        when 'mandataire' then 'accord_mandataire' end = any (conditions);
  elsif tg_table_name = 'participation' then
    delete from fiche_seance where dept = new.dept and dossier = new.dossier and organisme = new.organisme and 'engage' = any (conditions);
  else
    delete from fiche_seance where dept = new.dept and dossier = new.id
      and ((new.code_insee is distinct from old.code_insee and 'commune' = any (conditions))
        or (new.territoire is distinct from old.territoire and 'territoire' = any (conditions))
        or ('engage' = any (conditions) and organisme = any (old.organismes_habilites) and not organisme = any (new.organismes_habilites)));
  end if;
  return null;
end $$;
revoke execute on function public.fermer_fiches() from public;
create trigger fermer_fiches after insert on accord for each row when (new.sens <> 'accord') execute function public.fermer_fiches();
create trigger fermer_fiches after update on participation for each row when (new.retiree_a is not null and old.retiree_a is null)
  execute function public.fermer_fiches();
create trigger fermer_fiches after update on dossier for each row
  when (new.code_insee is distinct from old.code_insee or new.territoire is distinct from old.territoire or not (old.organismes_habilites <@ new.organismes_habilites))
  execute function public.fermer_fiches();
