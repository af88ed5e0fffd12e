set local role amont_owner;

-- Checks of several update policies of one table add up: each repeats the whole condition of its rows, so that none opens what another closes.

-- What a commission says of each dossier of a session, and what becomes of it. Everything people write is sealed by the key of the département: an addressee reads its
-- part without ever reading the dossier. In clear, only what counts and lists need: neither name nor words.

-- One per dossier of an agenda. `contenu`: the message to hold, the reasons, what the session said, sealed. Frozen once the statement of the session is approved.
create table deliberation (
  dept text not null,
  id uuid not null,
  inscription uuid not null,
  seance uuid not null,
  dossier uuid not null,
  etat text not null check (etat in ('ouverte', 'adoptee', 'reportee')),
  adapte_ressources text check (adapte_ressources in ('oui', 'non', 'a_voir')),
  adapte_taille text check (adapte_taille in ('oui', 'non', 'a_voir')),
  maintien text check (maintien in ('oui', 'non', 'a_voir')),
  contenu text not null check (contenu ~ '^[0-9a-f]{8}\.[\w-]+$'),
  -- Step of the dossier when it was examined: what the year counts.
  stade text not null,
  version integer not null default 1,
  ouverte_a timestamptz not null,
  modifiee_a timestamptz not null,
  modifiee_par uuid not null,
  adoptee_a timestamptz,
  publiee_a timestamptz,
  primary key (dept, id),
  unique (dept, inscription),
  check ((etat = 'ouverte') = (adoptee_a is null)),
  foreign key (dept, inscription) references inscription (dept, id),
  foreign key (dept, seance) references seance (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, modifiee_par) references compte (dept, id)
);
create index deliberation_seance on deliberation (dept, seance);
create index deliberation_dossier on deliberation (dept, dossier);

-- What was pronounced: an opinion of the closed list, a recommendation, the expertise the State asked for. It is told to its addressee when the statement is approved.
create table prononce (
  dept text not null,
  id uuid not null,
  deliberation uuid not null,
  seance uuid not null,
  dossier uuid not null,
  genre text not null check (genre in ('avis', 'recommandation', 'expertise')),
  -- Of the list of the charter; null for a recommendation in other words.
  code text,
  sens text,
  -- On housing aid: what the law makes of it, by the day the commission was seized; null when it leaves two readings and nobody chose.
  pouvoir text check (pouvoir in ('avis', 'decision')),
  cud boolean not null default false,
  avdl boolean not null default false,
  -- What it says in full, who it is for when it is nobody of the directory and, once told, whose household it is about: sealed.
  contenu text not null check (contenu ~ '^[0-9a-f]{8}\.[\w-]+$'),
  organisme uuid,
  -- Return chosen in session; without one, the time limit of the charter counts from the notification.
  avant_choisi date,
  retour_avant date,
  -- Where the date comes from, as computed that day.
  echeance jsonb,
  -- `notifie`: told, with no answer expected (an expertise).
  etat text not null check (etat in ('projet', 'notifie', 'attendu', 'suivi', 'partiel', 'non_suivi')),
  notifie_a timestamptz,
  repondu_a timestamptz,
  relance_le date,
  relances integer not null default 0,
  rang bigint generated always as identity,
  version integer not null default 1,
  primary key (dept, id),
  check ((etat = 'projet') = (notifie_a is null)),
  foreign key (dept, deliberation) references deliberation (dept, id),
  foreign key (dept, seance) references seance (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id)
);
create unique index prononce_avis on prononce (dept, deliberation, genre, code) where genre <> 'recommandation';
create index prononce_deliberation on prononce (dept, deliberation, rang);
create index prononce_organisme on prononce (dept, organisme, etat, retour_avant);
create index prononce_attendu on prononce (dept, retour_avant, id) where etat = 'attendu';
create index prononce_dossier on prononce (dept, dossier);

-- What became of it: told, reminded, answered. Append-only.
create table prononce_acte (
  dept text not null,
  id uuid not null,
  rang bigint generated always as identity,
  prononce uuid not null,
  acte text not null check (acte in ('notifie', 'relance', 'reponse')),
  etat text check (etat in ('suivi', 'partiel', 'non_suivi')),
  texte text check (texte ~ '^[0-9a-f]{8}\.[\w-]+$'),
  a timestamptz not null,
  par uuid,
  organisme uuid,
  primary key (dept, id),
  check ((acte = 'reponse') = (etat is not null)),
  foreign key (dept, prononce) references prononce (dept, id),
  foreign key (dept, par) references compte (dept, id),
  foreign key (dept, organisme) references organisme (dept, id)
);
create index prononce_acte_prononce on prononce_acte (dept, prononce, rang);

-- Notes of the debate, each for its circle: the secretariat of the session alone, or those who follow it too while it lasts.
create table note_debat (
  dept text not null,
  id uuid not null,
  rang bigint generated always as identity,
  deliberation uuid not null,
  dossier uuid not null,
  cercle text not null check (cercle in ('secretariat', 'membres')),
  texte text not null check (texte ~ '^[0-9a-f]{8}\.[\w-]+$'),
  organisme uuid not null,
  par uuid not null,
  a timestamptz not null,
  primary key (dept, id),
  foreign key (dept, deliberation) references deliberation (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index note_debat_deliberation on note_debat (dept, deliberation, rang);

-- Statement of decisions of a session: drawn up once the session is closed, approved by the two co-chairs, then frozen with its document.
create table releve (
  dept text not null,
  id uuid not null,
  seance uuid not null,
  etat text not null check (etat in ('a_approuver', 'approuve')),
  contenu text not null check (contenu ~ '^[0-9a-f]{8}\.[\w-]+$'),
  document bytea not null,
  empreinte text not null,
  -- A decision changed since it was drawn up: to be drawn up again before anybody approves it.
  perime boolean not null default false,
  etabli_a timestamptz not null,
  etabli_par uuid not null,
  etat_a timestamptz,
  etat_par uuid,
  departement_a timestamptz,
  departement_par uuid,
  version integer not null default 1,
  primary key (dept, id),
  unique (dept, seance),
  check ((etat = 'approuve') = (etat_a is not null and departement_a is not null)),
  foreign key (dept, seance) references seance (dept, id),
  foreign key (dept, etabli_par) references compte (dept, id),
  foreign key (dept, etat_par) references compte (dept, id),
  foreign key (dept, departement_par) references compte (dept, id)
);

-- The common position of a dossier: what every partner entitled holds to, until a new fact reopens it.
create table position_commune (
  dept text not null,
  id uuid not null,
  dossier uuid not null,
  deliberation uuid not null,
  seance uuid not null,
  prise_le date not null,
  publiee_a timestamptz not null,
  maintien text check (maintien in ('oui', 'non', 'a_voir')),
  adapte text check (adapte in ('oui', 'non', 'a_voir')),
  discours text not null check (discours ~ '^[0-9a-f]{8}\.[\w-]+$'),
  rouverte_a timestamptz,
  rouverte_par uuid,
  remplacee_a timestamptz,
  primary key (dept, id),
  unique (dept, deliberation),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, deliberation) references deliberation (dept, id),
  foreign key (dept, seance) references seance (dept, id),
  foreign key (dept, rouverte_par) references compte (dept, id)
);
create unique index position_commune_courante on position_commune (dept, dossier) where remplacee_a is null;

-- A change of situation a partner reports: it proposes the dossier for the next agenda.
create table changement (
  dept text not null,
  id uuid not null,
  dossier uuid not null,
  genre text not null,
  precision text check (precision ~ '^[0-9a-f]{8}\.[\w-]+$'),
  organisme uuid not null,
  par uuid not null,
  a timestamptz not null,
  primary key (dept, id),
  foreign key (dept, dossier) references dossier (dept, id),
  foreign key (dept, organisme) references organisme (dept, id),
  foreign key (dept, par) references compte (dept, id)
);
create index changement_dossier on changement (dept, dossier, a);

-- One mail per person and day; it says that something waits, never what.
create table suite_avis (
  dept text not null,
  compte uuid not null,
  jour date not null,
  cree_a timestamptz not null,
  envoye_a timestamptz,
  primary key (dept, compte, jour),
  foreign key (dept, compte) references compte (dept, id)
);

do $$
declare t text;
begin
  foreach t in array array['deliberation', 'prononce', 'prononce_acte', 'note_debat', 'releve', 'position_commune', 'changement', 'suite_avis'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
end $$;

-- The secretariat that holds the session; those who follow it, for what they are shown of the agenda, once the matrix opens them the orientation of a dossier they see;
-- background work.
create policy lecture on deliberation for select to amont_app
  using (dept = (select public.contexte('dept')) and (
    ((select public.ouvre_cercle('deliberation')) and exists (select 1 from dossier d where d.dept = deliberation.dept and d.id = deliberation.dossier))
    or ((select public.ouvre_cercle('membre')) and (select public.ouvre_cercle('orientation'))
      and exists (select 1 from dossier d where d.dept = deliberation.dept and d.id = deliberation.dossier)
      and exists (select 1 from inscription i where i.dept = deliberation.dept and i.id = deliberation.inscription))
    or (select public.est_systeme())));
create policy creation on deliberation for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('deliberation')) and modifiee_par = (select public.contexte('compte'))::uuid
    and exists (select 1 from inscription i join seance s on s.dept = i.dept and s.id = i.seance_id
      where i.dept = deliberation.dept and i.id = deliberation.inscription and i.dossier_id = deliberation.dossier and s.id = deliberation.seance and s.close_a is null));
-- Corrected until a co-chair approves the statement.
create policy tenue on deliberation for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('deliberation')) and publiee_a is null
    and exists (select 1 from dossier d where d.dept = deliberation.dept and d.id = deliberation.dossier)
    and not exists (select 1 from releve r where r.dept = deliberation.dept and r.seance = deliberation.seance and (r.etat_a is not null or r.departement_a is not null)))
  with check (dept = (select public.contexte('dept')) and modifiee_par = (select public.contexte('compte'))::uuid
    and (select public.ouvre_cercle('deliberation')) and publiee_a is null
    and exists (select 1 from dossier d where d.dept = deliberation.dept and d.id = deliberation.dossier)
    and not exists (select 1 from releve r where r.dept = deliberation.dept and r.seance = deliberation.seance and (r.etat_a is not null or r.departement_a is not null)));
-- Told by background work once the two co-chairs approved.
create policy publication on deliberation for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.est_systeme()) and publiee_a is null
    and exists (select 1 from releve r where r.dept = deliberation.dept and r.seance = deliberation.seance and r.etat = 'approuve'))
  with check (dept = (select public.contexte('dept')) and (select public.est_systeme()) and publiee_a is not null
    and exists (select 1 from releve r where r.dept = deliberation.dept and r.seance = deliberation.seance and r.etat = 'approuve'));

-- Who may approve the statement of a session: the people its commission names to chair it, and their substitutes, on the day; each for their own side.
create function public.copreside(p_dept text, p_seance uuid, p_qualite text) returns boolean
  language sql stable
  return exists (select 1 from public.seance s join public.commission_membre m on m.dept = s.dept and m.commission = s.commission
    where s.dept = p_dept and s.id = p_seance and m.qualite = p_qualite
      and public.contexte('compte')::uuid in (m.titulaire, m.suppleant) and m.organisme = public.contexte('organisme')::uuid
      and m.du <= public.contexte('jour')::date and (m.jusqu_au is null or m.jusqu_au >= public.contexte('jour')::date));
revoke execute on function public.copreside(text, uuid, text) from public;
grant execute on function public.copreside(text, uuid, text) to amont_app;

create policy lecture on releve for select to amont_app
  using (dept = (select public.contexte('dept')) and ((select public.ouvre_cercle('deliberation'))
    or ((select public.ouvre_cercle('releve')) and (public.copreside(dept, seance, 'copresident_etat') or public.copreside(dept, seance, 'copresident_departement'))) or (select public.est_systeme())));
create policy creation on releve for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('deliberation')) and etabli_par = (select public.contexte('compte'))::uuid
    and etat = 'a_approuver' and exists (select 1 from seance s where s.dept = releve.dept and s.id = releve.seance and s.close_a is not null));
-- Drawn up again, or said out of date by a colleague, as long as nobody approved it; approved by a co-chair, in the columns of their side; never touched once approved.
create policy refection on releve for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('deliberation')) and etat = 'a_approuver' and etat_a is null and departement_a is null)
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('deliberation')) and etat = 'a_approuver'
    and etat_a is null and etat_par is null and departement_a is null and departement_par is null);
create policy approbation_etat on releve for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('releve')) and etat = 'a_approuver' and not perime and etat_a is null
    and public.copreside(dept, seance, 'copresident_etat'))
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('releve')) and not perime
    and etat_par = (select public.contexte('compte'))::uuid and etat_a is not null and (departement_a is null) = (departement_par is null)
    and public.copreside(dept, seance, 'copresident_etat'));
create policy approbation_departement on releve for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('releve')) and etat = 'a_approuver' and not perime and departement_a is null
    and public.copreside(dept, seance, 'copresident_departement'))
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('releve')) and not perime
    and departement_par = (select public.contexte('compte'))::uuid and departement_a is not null and (etat_a is null) = (etat_par is null)
    and public.copreside(dept, seance, 'copresident_departement'));
-- A policy sees the new row alone: what an approval leaves as it was is held here. One side signs at a time, and signs what was drawn up.
create function public.garder_releve() returns trigger
  language plpgsql as $$
begin
  if new.seance <> old.seance
    or (old.etat_a is not null and (new.etat_a, new.etat_par) is distinct from (old.etat_a, old.etat_par))
    or (old.departement_a is not null and (new.departement_a, new.departement_par) is distinct from (old.departement_a, old.departement_par))
    or (old.etat_a is null and new.etat_a is not null and old.departement_a is null and new.departement_a is not null)
    or ((new.etat_a is not null or new.departement_a is not null)
      and (new.contenu, new.document, new.empreinte) is distinct from (old.contenu, old.document, old.empreinte)) then
    raise exception 'a side approves for itself alone' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger garder before update on releve for each row execute function public.garder_releve();

-- Before it is told: the secretariat, and those who follow the session and may read opinions, never an expertise. Once told: its addressee, its own part; those whom the matrix opens what the
-- commission said of their dossiers; the expertise, the State alone and the secretariat.
create policy lecture on prononce for select to amont_app
  using (dept = (select public.contexte('dept')) and (
    ((select public.ouvre_cercle('deliberation')) and exists (select 1 from dossier d where d.dept = prononce.dept and d.id = prononce.dossier))
    or (notifie_a is null and genre <> 'expertise' and (select public.ouvre_cercle('membre')) and (select public.ouvre_cercle('avis_lu'))
      and exists (select 1 from deliberation x where x.dept = prononce.dept and x.id = prononce.deliberation))
    or (notifie_a is not null and (select public.ouvre_cercle('suite')) and organisme = (select public.contexte('organisme'))::uuid)
    or (notifie_a is not null and (select public.ouvre_cercle('avis_lu')) and (genre <> 'expertise' or (select public.ouvre_cercle('etat')))
      and exists (select 1 from dossier d where d.dept = prononce.dept and d.id = prononce.dossier))
    or (select public.est_systeme())));
create policy creation on prononce for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('deliberation')) and etat = 'projet'
    and exists (select 1 from deliberation x where x.dept = prononce.dept and x.id = prononce.deliberation and x.dossier = prononce.dossier and x.seance = prononce.seance
      and x.publiee_a is null)
    and not exists (select 1 from releve r where r.dept = prononce.dept and r.seance = prononce.seance and (r.etat_a is not null or r.departement_a is not null)));
create policy tenue on prononce for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('deliberation')) and etat = 'projet'
    and exists (select 1 from deliberation x where x.dept = prononce.dept and x.id = prononce.deliberation and x.dossier = prononce.dossier and x.seance = prononce.seance
      and x.publiee_a is null)
    and not exists (select 1 from releve r where r.dept = prononce.dept and r.seance = prononce.seance and (r.etat_a is not null or r.departement_a is not null)))
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('deliberation')) and etat = 'projet'
    and exists (select 1 from deliberation x where x.dept = prononce.dept and x.id = prononce.deliberation and x.dossier = prononce.dossier and x.seance = prononce.seance
      and x.publiee_a is null)
    and not exists (select 1 from releve r where r.dept = prononce.dept and r.seance = prononce.seance and (r.etat_a is not null or r.departement_a is not null)));
create policy retrait on prononce for delete to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('deliberation')) and etat = 'projet'
    and exists (select 1 from deliberation x where x.dept = prononce.dept and x.id = prononce.deliberation and x.dossier = prononce.dossier and x.seance = prononce.seance
      and x.publiee_a is null)
    and not exists (select 1 from releve r where r.dept = prononce.dept and r.seance = prononce.seance and (r.etat_a is not null or r.departement_a is not null)));
create policy notification on prononce for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.est_systeme()) and etat = 'projet'
    and exists (select 1 from releve r where r.dept = prononce.dept and r.seance = prononce.seance and r.etat = 'approuve'))
  with check (dept = (select public.contexte('dept')) and (select public.est_systeme()) and notifie_a is not null
    and exists (select 1 from releve r where r.dept = prononce.dept and r.seance = prononce.seance and r.etat = 'approuve'));
-- Answered by its addressee, or noted by the secretariat for somebody who is not in Amont; reminded by the secretariat and background work, which answer for nobody.
create policy reponse on prononce for update to amont_app
  using (dept = (select public.contexte('dept')) and notifie_a is not null and etat <> 'notifie' and (select public.ouvre_cercle('suite')) and organisme = (select public.contexte('organisme'))::uuid)
  with check (dept = (select public.contexte('dept')) and notifie_a is not null and etat <> 'notifie' and (select public.ouvre_cercle('suite')) and organisme = (select public.contexte('organisme'))::uuid
    and repondu_a is not null and (not (select public.ouvre_cercle('deliberation')) or exists (select 1 from releve r where r.dept = prononce.dept and r.seance = prononce.seance and r.etat = 'approuve')));
create policy transcription on prononce for update to amont_app
  using (dept = (select public.contexte('dept')) and notifie_a is not null and etat <> 'notifie' and (select public.ouvre_cercle('deliberation')) and organisme is null
    and exists (select 1 from dossier d where d.dept = prononce.dept and d.id = prononce.dossier))
  with check (dept = (select public.contexte('dept')) and notifie_a is not null and etat <> 'notifie' and (select public.ouvre_cercle('deliberation')) and organisme is null
    and exists (select 1 from dossier d where d.dept = prononce.dept and d.id = prononce.dossier)
    and exists (select 1 from releve r where r.dept = prononce.dept and r.seance = prononce.seance and r.etat = 'approuve'));
create policy relance on prononce for update to amont_app
  using (dept = (select public.contexte('dept')) and notifie_a is not null and etat = 'attendu' and ((select public.est_systeme())
    or ((select public.ouvre_cercle('deliberation')) and exists (select 1 from dossier d where d.dept = prononce.dept and d.id = prononce.dossier))))
  with check (dept = (select public.contexte('dept')) and notifie_a is not null and etat = 'attendu' and ((select public.est_systeme())
    or ((select public.ouvre_cercle('deliberation')) and exists (select 1 from dossier d where d.dept = prononce.dept and d.id = prononce.dossier)))
    and exists (select 1 from releve r where r.dept = prononce.dept and r.seance = prononce.seance and r.etat = 'approuve'));

create policy lecture on prononce_acte for select to amont_app
  using (dept = (select public.contexte('dept')) and exists (select 1 from prononce p where p.dept = prononce_acte.dept and p.id = prononce_acte.prononce));
create policy creation on prononce_acte for insert to amont_app
  with check (dept = (select public.contexte('dept'))
    and (par = (select public.contexte('compte'))::uuid or ((select public.est_systeme()) and par is null and acte in ('notifie', 'relance')))
    and exists (select 1 from prononce p where p.dept = prononce_acte.dept and p.id = prononce_acte.prononce and p.notifie_a is not null
      and ((p.organisme = (select public.contexte('organisme'))::uuid and (select public.ouvre_cercle('suite')) and acte = 'reponse')
        or ((select public.ouvre_cercle('deliberation')) and (acte = 'relance' or (acte = 'reponse' and p.organisme is null)))
        or (select public.est_systeme()))));

create policy lecture on note_debat for select to amont_app
  using (dept = (select public.contexte('dept')) and (
    ((select public.ouvre_cercle('deliberation')) and exists (select 1 from dossier d where d.dept = note_debat.dept and d.id = note_debat.dossier))
    or (cercle = 'membres' and (select public.ouvre_cercle('membre'))
      and exists (select 1 from deliberation x where x.dept = note_debat.dept and x.id = note_debat.deliberation and x.publiee_a is null))));
create policy creation on note_debat for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('deliberation')) and par = (select public.contexte('compte'))::uuid
    and organisme = (select public.contexte('organisme'))::uuid
    and exists (select 1 from deliberation x where x.dept = note_debat.dept and x.id = note_debat.deliberation and x.dossier = note_debat.dossier and x.publiee_a is null));
create policy retrait on note_debat for delete to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('deliberation')) and par = (select public.contexte('compte'))::uuid
    and exists (select 1 from deliberation x where x.dept = note_debat.dept and x.id = note_debat.deliberation and x.dossier = note_debat.dossier and x.publiee_a is null));

create policy lecture on position_commune for select to amont_app
  using (dept = (select public.contexte('dept')) and (((select public.ouvre_cercle('orientation'))
    and exists (select 1 from dossier d where d.dept = position_commune.dept and d.id = position_commune.dossier)) or (select public.est_systeme())));
create policy publication on position_commune for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.est_systeme())
    and exists (select 1 from releve r where r.dept = position_commune.dept and r.seance = position_commune.seance and r.etat = 'approuve'));
create policy remplacement on position_commune for update to amont_app
  using (dept = (select public.contexte('dept')) and remplacee_a is null and (select public.est_systeme()))
  with check (dept = (select public.contexte('dept')) and (select public.est_systeme()) and remplacee_a is not null);
-- Reopened by whoever reports a change.
create policy reouverture on position_commune for update to amont_app
  using (dept = (select public.contexte('dept')) and remplacee_a is null and rouverte_a is null and (select public.ouvre_cercle('orientation_signalee'))
    and exists (select 1 from dossier d where d.dept = position_commune.dept and d.id = position_commune.dossier))
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('orientation_signalee'))
    and rouverte_par = (select public.contexte('compte'))::uuid and rouverte_a is not null and remplacee_a is null
    and exists (select 1 from dossier d where d.dept = position_commune.dept and d.id = position_commune.dossier));

create policy lecture on changement for select to amont_app
  using (dept = (select public.contexte('dept')) and ((select public.ouvre_cercle('deliberation')) or (select public.ouvre_cercle('orientation')))
    and exists (select 1 from dossier d where d.dept = changement.dept and d.id = changement.dossier));
create policy creation on changement for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('orientation_signalee'))
    and par = (select public.contexte('compte'))::uuid and organisme = (select public.contexte('organisme'))::uuid
    and exists (select 1 from dossier d where d.dept = changement.dept and d.id = changement.dossier));

-- Written by background work and by whoever reminds; read back by background work, which sends.
create policy lecture on suite_avis for select to amont_app using (dept = (select public.contexte('dept')) and (select public.est_systeme()));
create policy creation on suite_avis for insert to amont_app
  with check (dept = (select public.contexte('dept')) and ((select public.ouvre_cercle('deliberation')) or (select public.est_systeme())));
create policy envoi on suite_avis for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.est_systeme())) with check (dept = (select public.contexte('dept')) and (select public.est_systeme()));

grant select, insert on deliberation, prononce, prononce_acte, note_debat, releve, position_commune, changement, suite_avis to amont_app;
grant delete on prononce, note_debat to amont_app;
grant update (etat, adapte_ressources, adapte_taille, maintien, contenu, version, modifiee_a, modifiee_par, adoptee_a, publiee_a) on deliberation to amont_app;
grant update (code, sens, pouvoir, contenu, organisme, avant_choisi, retour_avant, echeance, etat, notifie_a, repondu_a, relance_le, relances, version)
  on prononce to amont_app;
grant update (etat, contenu, document, empreinte, perime, etabli_a, etabli_par, etat_a, etat_par, departement_a, departement_par, version) on releve to amont_app;
grant update (rouverte_a, rouverte_par, remplacee_a) on position_commune to amont_app;
grant update (envoye_a) on suite_avis to amont_app;
