set local role amont_owner;

-- A commission comes to an end on a day, for a reason of a closed list.
alter table commission add column fermee_motif text check (fermee_motif in ('regroupement', 'territoires', 'arrete', 'erreur', 'autre'));
alter table commission add constraint commission_fermee check ((fermee_le is null) = (fermee_motif is null));
grant update (fermee_motif) on commission to amont_app;

-- A file withdrawn from an agenda and put back is the same row: what members brought hangs from it.
grant update (origine, origine_id, inscrite_a, inscrite_par) on inscription to amont_app;

-- A sheet asks again, when it is read, where its organisme works: a commune or a territory taken from it closes the sheets that rested on it.
alter table fiche_seance add column code_insee text, add column territoire text;
drop policy lecture on fiche_seance;
create policy lecture on fiche_seance for select to amont_app
  using (dept = (select public.contexte('dept')) and (
    ((select public.ouvre_cercle('membre')) and organisme = (select public.contexte('organisme'))::uuid
      and (select public.contexte('compte'))::uuid = any (lecteurs) and (jusqu_au is null or jusqu_au >= (select public.contexte('jour'))::date)
      and exists (select 1 from organisme o where o.dept = fiche_seance.dept and o.id = fiche_seance.organisme and o.actif
        and (not 'commune' = any (conditions) or fiche_seance.code_insee = any (o.communes))
        and (not 'territoire' = any (conditions) or fiche_seance.territoire = any (o.territoires)))
      and exists (select 1 from seance s join commission_membre m on m.dept = s.dept and m.commission = s.commission
        where s.dept = fiche_seance.dept and s.id = fiche_seance.seance and s.odj_envoye_a is not null
          and s.close_a is null and s.etat <> 'annulee' and s.le >= (select public.contexte('jour'))::date
          and m.organisme = fiche_seance.organisme and (select public.contexte('compte'))::uuid in (m.titulaire, m.suppleant)
          and m.du <= s.le and (m.jusqu_au is null or m.jusqu_au >= s.le)))
    or ((select public.ouvre_cercle('seance')) and exists (select 1 from dossier d where d.dept = fiche_seance.dept and d.id = fiche_seance.dossier))));

-- A participation given an earlier end closes with it the sheets that rested on it.
create or replace function public.fermer_fiches() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, public
  as $$
begin
  if tg_table_name = 'accord' then
    delete from fiche_seance where dept = new.dept and dossier = new.dossier and (new.organisme is null or organisme = new.organisme)
      and case new.objet when 'transmission_adil' then 'accord_adil' when 'action_logement_mds' then 'accord_action_logement'
        when 'mandataire' then 'accord_mandataire' end = any (conditions);
  elsif tg_table_name = 'participation' then
    if new.retiree_a is not null then
      delete from fiche_seance where dept = new.dept and dossier = new.dossier and organisme = new.organisme and 'engage' = any (conditions);
    else
      update fiche_seance set jusqu_au = least(jusqu_au, new.jusqu_au)
        where dept = new.dept and dossier = new.dossier and organisme = new.organisme and 'engage' = any (conditions);
    end if;
  else
    delete from fiche_seance where dept = new.dept and dossier = new.id
      and ((new.code_insee is distinct from old.code_insee and 'commune' = any (conditions))
        or (new.territoire is distinct from old.territoire and 'territoire' = any (conditions))
        or ('engage' = any (conditions) and organisme = any (old.organismes_habilites) and not organisme = any (new.organismes_habilites)));
  end if;
  return null;
end $$;
drop trigger fermer_fiches on participation;
create trigger fermer_fiches after update on participation for each row
  when ((new.retiree_a is not null and old.retiree_a is null) or new.jusqu_au < coalesce(old.jusqu_au, 'infinity'::date))
  execute function public.fermer_fiches();

-- Nothing of a session that is over changes: neither its sheets, nor what was sent, nor what happened to it.
drop policy tenue on fiche_seance;
create policy envoi on fiche_seance for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('seance'))
    and exists (select 1 from dossier d where d.dept = fiche_seance.dept and d.id = fiche_seance.dossier)
    and exists (select 1 from seance s where s.dept = fiche_seance.dept and s.id = fiche_seance.seance
      and s.etat = 'prevue' and s.close_a is null and s.le >= (select public.contexte('jour'))::date));
create policy retrait on fiche_seance for delete to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('seance'))
    and exists (select 1 from dossier d where d.dept = fiche_seance.dept and d.id = fiche_seance.dossier)
    and exists (select 1 from seance s where s.dept = fiche_seance.dept and s.id = fiche_seance.seance and s.close_a is null));
drop policy creation on seance_acte;
create policy creation on seance_acte for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('seance')) and par = (select public.contexte('compte'))::uuid
    and exists (select 1 from seance s where s.dept = seance_acte.dept and s.id = seance_acte.seance and s.close_a is null));
drop policy creation on ordre_envoye;
create policy creation on ordre_envoye for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('seance')) and par = (select public.contexte('compte'))::uuid
    and exists (select 1 from seance s where s.dept = ordre_envoye.dept and s.id = ordre_envoye.seance and s.etat = 'prevue' and s.close_a is null));

-- A contribution is asked for, answered and reminded while its session is not over; a policy sees the new row alone, so what each may change is held by a trigger.
drop policy creation on apport;
create policy creation on apport for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('seance')) and etat = 'demande'
    and exists (select 1 from inscription i join seance s on s.dept = i.dept and s.id = i.seance_id
      where i.dept = apport.dept and i.id = apport.inscription and s.close_a is null));
drop policy relance on apport;
create policy relance on apport for update to amont_app
  using (dept = (select public.contexte('dept')) and etat = 'demande'
    and exists (select 1 from inscription i join seance s on s.dept = i.dept and s.id = i.seance_id
      where i.dept = apport.dept and i.id = apport.inscription and s.close_a is null)
    and ((select public.est_systeme()) or (select public.ouvre_cercle('seance'))))
  with check (dept = (select public.contexte('dept')) and etat = 'demande'
    and ((select public.est_systeme()) or (select public.ouvre_cercle('seance'))));
create function public.garder_apport() returns trigger
  language plpgsql as $$
begin
  if new.etat = 'demande' and (new.texte, new.repondu_a, new.repondu_par) is distinct from (old.texte, old.repondu_a, old.repondu_par)
    or new.etat <> 'demande' and (new.attendu_le, new.relance_le) is distinct from (old.attendu_le, old.relance_le)
    or old.etat <> 'demande' and new.etat = 'demande' then
    raise exception 'a reminder answers for nobody, an answer moves no date' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger garder before update on apport for each row execute function public.garder_apport();

-- What was pronounced and told stays as it was told: an answer says what became of it, a reminder that somebody was asked again, and neither touches the other.
create function public.garder_prononce() returns trigger
  language plpgsql as $$
begin
  if old.notifie_a is not null and (
    (new.code, new.sens, new.pouvoir, new.contenu, new.organisme, new.avant_choisi, new.retour_avant, new.echeance, new.notifie_a)
      is distinct from (old.code, old.sens, old.pouvoir, old.contenu, old.organisme, old.avant_choisi, old.retour_avant, old.echeance, old.notifie_a)
    or ((new.etat, new.repondu_a) is distinct from (old.etat, old.repondu_a)
      and (new.relance_le, new.relances) is distinct from (old.relance_le, old.relances))
    or (new.relances <> old.relances and new.relances <> old.relances + 1)) then
    raise exception 'what was told does not change' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger garder before update on prononce for each row execute function public.garder_prononce();

-- What somebody who follows a session has already been journalled as reading: one row for each file it opened.
create table seance_suivi (
  dept text not null,
  seance uuid not null,
  compte uuid not null,
  inscription uuid not null,
  ordre text not null,
  vue text not null,
  a timestamptz not null,
  primary key (dept, seance, compte, inscription),
  foreign key (dept, seance) references seance (dept, id),
  foreign key (dept, compte) references compte (dept, id),
  foreign key (dept, inscription) references inscription (dept, id)
);
alter table seance_suivi enable row level security;
alter table seance_suivi force row level security;
create policy sienne on seance_suivi to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('membre')) and compte = (select public.contexte('compte'))::uuid)
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('membre')) and compte = (select public.contexte('compte'))::uuid);
grant select, insert on seance_suivi to amont_app;
grant update (ordre, vue, a) on seance_suivi to amont_app;

-- Corrections: once a session is closed, a decision corrected is a new row in the place of the one before, and the statement that says it is the next one. What had been
-- decided, drawn up and approved stays.
alter table releve add column numero integer not null default 1 check (numero > 0);
alter table releve drop constraint releve_dept_seance_key;
alter table releve add unique (dept, seance, numero);

alter table deliberation add column numero integer not null default 1 check (numero > 0);
alter table deliberation add column remplace uuid;
alter table deliberation add column remplacee_a timestamptz;
-- Why it takes the place of the one before, sealed by the key of the département.
alter table deliberation add column motif text check (motif ~ '^[0-9a-f]{8}\.[\w-]+$');
alter table deliberation add constraint deliberation_corrige check ((remplace is null) = (motif is null));
alter table deliberation add foreign key (dept, remplace) references deliberation (dept, id);
alter table deliberation drop constraint deliberation_dept_inscription_key;
create unique index deliberation_courante on deliberation (dept, inscription) where remplacee_a is null;
create unique index deliberation_remplace on deliberation (dept, remplace) where remplace is not null;
create index deliberation_inscription on deliberation (dept, inscription);
grant update (remplacee_a) on deliberation to amont_app;

alter table prononce add column numero integer not null default 1 check (numero > 0);
-- `remplace`: told, then left out by a rectified statement.
alter table prononce drop constraint prononce_etat_check;
alter table prononce add constraint prononce_etat_check check (etat in ('projet', 'notifie', 'attendu', 'suivi', 'partiel', 'non_suivi', 'remplace'));
alter table prononce_acte drop constraint prononce_acte_acte_check;
alter table prononce_acte add constraint prononce_acte_acte_check check (acte in ('notifie', 'relance', 'reponse', 'remplace'));
-- People a reminder reached: none, and it is to be passed on by hand.
alter table prononce_acte add column joints integer check (joints >= 0);
alter table prononce_acte add constraint prononce_acte_joints check (joints is null or acte = 'relance');

-- Whether a co-chair approved a statement that says what goes into this one.
create function public.releve_approuve(p_dept text, p_seance uuid, p_numero integer) returns boolean
  language sql stable
  return exists (select 1 from public.releve r where r.dept = p_dept and r.seance = p_seance and r.numero >= p_numero
    and (r.etat_a is not null or r.departement_a is not null));
-- Whether both did.
create function public.releve_publie(p_dept text, p_seance uuid, p_numero integer) returns boolean
  language sql stable
  return exists (select 1 from public.releve r where r.dept = p_dept and r.seance = p_seance and r.numero >= p_numero and r.etat = 'approuve');
revoke execute on function public.releve_approuve(text, uuid, integer), public.releve_publie(text, uuid, integer) from public;
grant execute on function public.releve_approuve(text, uuid, integer), public.releve_publie(text, uuid, integer) to amont_app;

drop policy creation on deliberation;
create policy creation on deliberation for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('deliberation')) and modifiee_par = (select public.contexte('compte'))::uuid
    and publiee_a is null and remplacee_a is null and not public.releve_approuve(dept, seance, numero)
    and exists (select 1 from inscription i join seance s on s.dept = i.dept and s.id = i.seance_id
      where i.dept = deliberation.dept and i.id = deliberation.inscription and i.dossier_id = deliberation.dossier and s.id = deliberation.seance
        and (s.close_a is null) = (deliberation.remplace is null)));
drop policy tenue on deliberation;
create policy tenue on deliberation for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('deliberation')) and publiee_a is null and remplacee_a is null
    and exists (select 1 from dossier d where d.dept = deliberation.dept and d.id = deliberation.dossier)
    and not public.releve_approuve(dept, seance, numero))
  with check (dept = (select public.contexte('dept')) and modifiee_par = (select public.contexte('compte'))::uuid
    and (select public.ouvre_cercle('deliberation')) and publiee_a is null and remplacee_a is null
    and exists (select 1 from dossier d where d.dept = deliberation.dept and d.id = deliberation.dossier)
    and not public.releve_approuve(dept, seance, numero));
-- A decision gives its place to its correction, once its session is closed.
create policy remplacement on deliberation for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('deliberation')) and etat = 'adoptee' and remplacee_a is null
    and exists (select 1 from dossier d where d.dept = deliberation.dept and d.id = deliberation.dossier)
    and exists (select 1 from seance s where s.dept = deliberation.dept and s.id = deliberation.seance and s.close_a is not null))
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('deliberation')) and remplacee_a is not null);
drop policy publication on deliberation;
create policy publication on deliberation for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.est_systeme()) and publiee_a is null and public.releve_publie(dept, seance, numero))
  with check (dept = (select public.contexte('dept')) and (select public.est_systeme()) and publiee_a is not null and public.releve_publie(dept, seance, numero));
create function public.garder_deliberation() returns trigger
  language plpgsql as $$
begin
  if old.remplacee_a is not null
    or (new.remplacee_a is not null
      and (new.etat, new.adapte_ressources, new.adapte_taille, new.maintien, new.contenu, new.version, new.modifiee_a, new.modifiee_par, new.adoptee_a, new.publiee_a)
        is distinct from (old.etat, old.adapte_ressources, old.adapte_taille, old.maintien, old.contenu, old.version, old.modifiee_a, old.modifiee_par, old.adoptee_a, old.publiee_a)) then
    raise exception 'a decision that was corrected stays as it was' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger garder before update on deliberation for each row execute function public.garder_deliberation();

-- A statement somebody approved says it is out of date as soon as a decision of it is opened to correction, and says so for good.
create policy peremption on releve for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('deliberation')) and not perime)
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('deliberation')) and perime);
create or replace function public.garder_releve() returns trigger
  language plpgsql as $$
begin
  if new.seance <> old.seance or new.numero <> old.numero
    or (old.etat_a is not null and (new.etat_a, new.etat_par) is distinct from (old.etat_a, old.etat_par))
    or (old.departement_a is not null and (new.departement_a, new.departement_par) is distinct from (old.departement_a, old.departement_par))
    or (old.etat_a is null and new.etat_a is not null and old.departement_a is null and new.departement_a is not null)
    or (old.perime and (old.etat_a is not null or old.departement_a is not null))
    or (new.perime and (new.etat_a, new.departement_a) is distinct from (old.etat_a, old.departement_a))
    or ((new.etat_a is not null or new.departement_a is not null)
      and (new.contenu, new.document, new.empreinte, new.etabli_a, new.etabli_par)
        is distinct from (old.contenu, old.document, old.empreinte, old.etabli_a, old.etabli_par)) then
    raise exception 'a side approves for itself alone' using errcode = '42501';
  end if;
  return new;
end $$;

drop policy creation on prononce;
create policy creation on prononce for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('deliberation')) and etat = 'projet'
    and exists (select 1 from deliberation x where x.dept = prononce.dept and x.id = prononce.deliberation and x.dossier = prononce.dossier and x.seance = prononce.seance
      and x.numero = prononce.numero and x.publiee_a is null and x.remplacee_a is null)
    and not public.releve_approuve(dept, seance, numero));
drop policy tenue on prononce;
create policy tenue on prononce for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('deliberation')) and etat = 'projet'
    and exists (select 1 from deliberation x where x.dept = prononce.dept and x.id = prononce.deliberation and x.dossier = prononce.dossier and x.seance = prononce.seance
      and x.publiee_a is null and x.remplacee_a is null)
    and not public.releve_approuve(dept, seance, numero))
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('deliberation')) and etat = 'projet'
    and exists (select 1 from deliberation x where x.dept = prononce.dept and x.id = prononce.deliberation and x.dossier = prononce.dossier and x.seance = prononce.seance
      and x.publiee_a is null and x.remplacee_a is null)
    and not public.releve_approuve(dept, seance, numero));
drop policy retrait on prononce;
create policy retrait on prononce for delete to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('deliberation')) and etat = 'projet'
    and exists (select 1 from deliberation x where x.dept = prononce.dept and x.id = prononce.deliberation and x.dossier = prononce.dossier and x.seance = prononce.seance
      and x.publiee_a is null and x.remplacee_a is null)
    and not public.releve_approuve(dept, seance, numero));
drop policy notification on prononce;
create policy notification on prononce for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.est_systeme()) and etat = 'projet' and public.releve_publie(dept, seance, numero))
  with check (dept = (select public.contexte('dept')) and (select public.est_systeme()) and notifie_a is not null and public.releve_publie(dept, seance, numero));
-- Told by one statement, left out by the next once both co-chairs approved it.
create policy remplacement on prononce for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.est_systeme()) and notifie_a is not null and etat <> 'remplace'
    and public.releve_publie(dept, seance, numero + 1))
  with check (dept = (select public.contexte('dept')) and (select public.est_systeme()) and etat = 'remplace');
drop policy reponse on prononce;
create policy reponse on prononce for update to amont_app
  using (dept = (select public.contexte('dept')) and notifie_a is not null and etat in ('attendu', 'suivi', 'partiel', 'non_suivi')
    and (select public.ouvre_cercle('suite')) and organisme = (select public.contexte('organisme'))::uuid)
  with check (dept = (select public.contexte('dept')) and notifie_a is not null and etat in ('suivi', 'partiel', 'non_suivi')
    and (select public.ouvre_cercle('suite')) and organisme = (select public.contexte('organisme'))::uuid and repondu_a is not null
    and (not (select public.ouvre_cercle('deliberation')) or public.releve_publie(dept, seance, numero)));
drop policy transcription on prononce;
create policy transcription on prononce for update to amont_app
  using (dept = (select public.contexte('dept')) and notifie_a is not null and etat in ('attendu', 'suivi', 'partiel', 'non_suivi')
    and (select public.ouvre_cercle('deliberation')) and organisme is null
    and exists (select 1 from dossier d where d.dept = prononce.dept and d.id = prononce.dossier))
  with check (dept = (select public.contexte('dept')) and notifie_a is not null and etat in ('suivi', 'partiel', 'non_suivi')
    and (select public.ouvre_cercle('deliberation')) and organisme is null and repondu_a is not null
    and exists (select 1 from dossier d where d.dept = prononce.dept and d.id = prononce.dossier) and public.releve_publie(dept, seance, numero));
drop policy creation on prononce_acte;
create policy creation on prononce_acte for insert to amont_app
  with check (dept = (select public.contexte('dept'))
    and (par = (select public.contexte('compte'))::uuid or ((select public.est_systeme()) and par is null and acte in ('notifie', 'relance', 'remplace')))
    and exists (select 1 from prononce p where p.dept = prononce_acte.dept and p.id = prononce_acte.prononce and p.notifie_a is not null
      and ((p.organisme = (select public.contexte('organisme'))::uuid and (select public.ouvre_cercle('suite')) and acte = 'reponse')
        or ((select public.ouvre_cercle('deliberation')) and (acte = 'relance' or (acte = 'reponse' and p.organisme is null)))
        or (select public.est_systeme()))));

-- Examined by a session, whatever it decided: a change reported to it no longer waits.
alter table changement add column examine_a timestamptz;
create index changement_attend on changement (dept, dossier) where examine_a is null;
create policy lecture_systeme on changement for select to amont_app using (dept = (select public.contexte('dept')) and (select public.est_systeme()));
create policy examen on changement for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.est_systeme()) and examine_a is null)
  with check (dept = (select public.contexte('dept')) and (select public.est_systeme()) and examine_a is not null);
grant update (examine_a) on changement to amont_app;

-- An expertise rendered in session is noted in the force request by background work, once told: under its own id, without its reason, which it cannot seal. It reads the
-- facts that say whether one is asked for, and no other.
create policy expertises on requisition_acte for select to amont_app
  using (dept = (select public.contexte('dept')) and (select public.est_systeme()) and genre in ('expertise_demandee', 'expertise_rendue', 'retrait'));
create policy expertise_rendue on requisition_acte for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.est_systeme()) and genre = 'expertise_rendue'
    and exists (select 1 from prononce p where p.dept = requisition_acte.dept and p.id = requisition_acte.id and p.dossier = requisition_acte.dossier
      and p.genre = 'expertise' and p.notifie_a is not null));

-- What a session speaks of besides files: results of the year, working groups, an opinion on the charter. About no household; what was said is sealed all the same.
create table seance_point (
  dept text not null,
  id uuid not null,
  rang bigint generated always as identity,
  seance uuid not null,
  genre text not null check (genre in ('bilan', 'groupe', 'pratiques', 'actualite', 'charte', 'autre')),
  titre text not null,
  avis text check (avis in ('favorable', 'reserves', 'defavorable')),
  conclusion text check (conclusion ~ '^[0-9a-f]{8}\.[\w-]+$'),
  cree_a timestamptz not null,
  cree_par uuid not null,
  version integer not null default 1,
  primary key (dept, id),
  check (avis is null or genre = 'charte'),
  foreign key (dept, seance) references seance (dept, id),
  foreign key (dept, cree_par) references compte (dept, id)
);
create index seance_point_seance on seance_point (dept, seance, rang);
alter table seance_point enable row level security;
alter table seance_point force row level security;
create policy lecture on seance_point for select to amont_app
  using (dept = (select public.contexte('dept')) and ((select public.est_systeme()) or (select public.ouvre_cercle('commission_lue'))));
create policy creation on seance_point for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('seance')) and cree_par = (select public.contexte('compte'))::uuid
    and exists (select 1 from seance s where s.dept = seance_point.dept and s.id = seance_point.seance and s.close_a is null));
create policy tenue on seance_point for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('seance'))
    and exists (select 1 from seance s where s.dept = seance_point.dept and s.id = seance_point.seance and s.close_a is null))
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('seance')));
create policy retrait on seance_point for delete to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('seance'))
    and exists (select 1 from seance s where s.dept = seance_point.dept and s.id = seance_point.seance and s.close_a is null));
grant select, insert, delete on seance_point to amont_app;
grant update (genre, titre, avis, conclusion, version) on seance_point to amont_app;
