set local role amont_owner;

-- Pilotage of the commissions: what a year of them did, counted. Whoever pilots reads neither deliberations nor opinions, sealed or not: these functions give the facts
-- that are counted, of the commissions the session pilots, and nothing people wrote. The expertise on the use of force, the State's alone, is not among them.

-- Step of the dossier the day it was referred: what the year counts. Referrals filed before this column do not know it, which is not a step.
alter table saisine add column stade text;
create function public.dater_saisine() returns trigger
  language plpgsql
  set search_path = pg_catalog, public
  as $$
begin
  select d.stade into new.stade from public.dossier d where d.dept = new.dept and d.id = new.dossier;
  return new;
end $$;
create trigger dater before insert on saisine for each row execute function public.dater_saisine();

do $$
declare t text;
begin
  foreach t in array array['commission', 'commission_membre', 'seance', 'seance_presence', 'deliberation', 'prononce', 'saisine', 'reprise_loyer'] loop
    execute format('create policy recherche on %I for select to amont_recherche using (true)', t);
  end loop;
end $$;
grant select (dept, id, nom, territoires) on commission to amont_recherche;
grant select (dept, id, commission, organisme, qualite, suppleant, suppleant_nom, du, jusqu_au) on commission_membre to amont_recherche;
grant select (dept, id, commission, le, etat, annulee_motif, close_a) on seance to amont_recherche;
grant select (dept, seance, membre, etat) on seance_presence to amont_recherche;
grant select (dept, id, inscription, seance, dossier, etat, stade, maintien, remplacee_a) on deliberation to amont_recherche;
grant select (dept, id, deliberation, seance, dossier, genre, code, sens, cud, avdl, etat, organisme, notifie_a, repondu_a, retour_avant) on prononce to amont_recherche;
grant select (dept, id, dossier, stade, deposee_a) on saisine to amont_recherche;
grant select (dept, dossier, rang, reponse, le) on reprise_loyer to amont_recherche;
grant select (id, dossier_id) on inscription to amont_recherche;
grant select (parc, territoire) on dossier to amont_recherche;
grant execute on function public.ouvre_cercle(text), public.est_systeme() to amont_recherche;
reset role;
grant create on schema public to amont_recherche;
set local role amont_recherche;

-- Commissions this session pilots: of the whole département, of its territories, or those where its organisme sits, as the matrix says. Nobody else has any.
create function public.commissions_pilotees() returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, public
  as $$
    select k.id from public.commission k where k.dept = public.contexte('dept')
      and (public.est_systeme() or public.ouvre_cercle('pilotage')
        or (public.ouvre_cercle('pilotage_territoire') and k.territoires && string_to_array(public.contexte('territoires'), ','))
        or (public.ouvre_cercle('pilotage_membre') and exists (select 1 from public.commission_membre m where m.dept = k.dept and m.commission = k.id
          and m.organisme = public.contexte('organisme')::uuid and m.du <= public.contexte('jour')::date
          and (m.jusqu_au is null or m.jusqu_au >= public.contexte('jour')::date))))
  $$;

-- Sessions of these commissions in a period, held or not.
create function public.seances_pilotees(p_du date, p_au date)
  returns table (seance uuid, commission uuid, le date, etat text, annulee_motif text, tenue boolean)
  language sql stable security definer rows 60
  set search_path = pg_catalog, public
  as $$
    select s.id, s.commission, s.le, s.etat, s.annulee_motif, s.close_a is not null from public.seance s
    where s.dept = public.contexte('dept') and s.le between p_du and p_au and s.commission in (select public.commissions_pilotees())
  $$;

-- One row for each dossier taken up in a session that was held: where it stood, when it had been referred and at which step, whether its rent was paid again that day.
-- A kind of landlord or a rent that nobody knows is « inconnu ».
create function public.examens_pilotes(p_du date, p_au date)
  returns table (deliberation uuid, dossier uuid, commission uuid, seance uuid, le date, etat text, stade text, parc text, territoire text, loyer text,
    origine text, saisie_le date, stade_saisine text, maintien text)
  language sql stable security definer rows 1500
  set search_path = pg_catalog, public
  as $$
    select x.id, x.dossier, s.commission, s.seance, s.le, x.etat, x.stade, coalesce(d.parc, 'inconnu'), d.territoire,
      case when l.reponse is null or l.reponse = 'inconnue' then 'inconnu' else l.reponse end, i.origine,
      (n.deposee_a at time zone 'Europe/Paris')::date, n.stade, x.maintien
    from public.seances_pilotees(p_du, p_au) s
    join public.deliberation x on x.dept = public.contexte('dept') and x.seance = s.seance and x.etat <> 'ouverte'
      -- A decision corrected since counts as its correction says.
      and x.remplacee_a is null
    join public.dossier d on d.dept = x.dept and d.id = x.dossier
    join public.inscription i on i.dept = x.dept and i.id = x.inscription
    left join lateral (select r.reponse from public.reprise_loyer r where r.dept = x.dept and r.dossier = x.dossier and r.le <= s.le
      order by r.le desc, r.rang desc limit 1) l on true
    -- The referral the agenda names; without one, the last filed before the session.
    left join lateral (select a.deposee_a, a.stade from public.saisine a where a.dept = x.dept and a.dossier = x.dossier
      and (a.deposee_a at time zone 'Europe/Paris')::date <= s.le
      order by (a.id = i.origine_id) desc nulls last, a.deposee_a desc limit 1) n on true
    where s.tenue
  $$;

-- One row for each opinion or recommendation told to its addressee, of the same sessions; `retard`: nothing came back and its date is past. What a correction left as it
-- was is not told again and stays where it was told: it is of the decision that stands.
create function public.prononces_pilotes(p_du date, p_au date)
  returns table (prononce uuid, deliberation uuid, dossier uuid, commission uuid, le date, genre text, code text, sens text, cud boolean, avdl boolean, etat text,
    retard boolean, notifie_le date, repondu_le date)
  language sql stable security definer rows 3000
  set search_path = pg_catalog, public
  as $$
    select p.id, x.id, p.dossier, s.commission, s.le, p.genre, p.code, p.sens, p.cud, p.avdl, p.etat,
      p.etat = 'attendu' and p.retour_avant is not null and p.retour_avant < public.contexte('jour')::date,
      (p.notifie_a at time zone 'Europe/Paris')::date, (p.repondu_a at time zone 'Europe/Paris')::date
    from public.seances_pilotees(p_du, p_au) s
    join public.prononce p on p.dept = public.contexte('dept') and p.seance = s.seance and p.genre in ('avis', 'recommandation') and p.notifie_a is not null
      and p.etat <> 'remplace'
    join public.deliberation y on y.dept = p.dept and y.id = p.deliberation
    join public.deliberation x on x.dept = y.dept and x.inscription = y.inscription and x.remplacee_a is null
    where s.tenue
  $$;

-- Each seat at each session held while it was theirs: who came, or null when nobody noted it.
create function public.presences_pilotees(p_du date, p_au date)
  returns table (commission uuid, seance uuid, organisme uuid, qualite text, supplee boolean, etat text)
  language sql stable security definer rows 500
  set search_path = pg_catalog, public
  as $$
    select s.commission, s.seance, m.organisme, m.qualite, m.suppleant is not null or m.suppleant_nom <> '', nullif(p.etat, 'attendu')
    from public.seances_pilotees(p_du, p_au) s
    join public.commission_membre m on m.dept = public.contexte('dept') and m.commission = s.commission and m.du <= s.le and (m.jusqu_au is null or m.jusqu_au >= s.le)
    left join public.seance_presence p on p.dept = m.dept and p.seance = s.seance and p.membre = m.id
    where s.tenue
  $$;

revoke execute on function public.commissions_pilotees(), public.seances_pilotees(date, date), public.examens_pilotes(date, date),
  public.prononces_pilotes(date, date), public.presences_pilotees(date, date) from public;
grant execute on function public.commissions_pilotees(), public.seances_pilotees(date, date), public.examens_pilotes(date, date),
  public.prononces_pilotes(date, date), public.presences_pilotees(date, date) to amont_app;
reset role;
revoke create on schema public from amont_recherche;
set local role amont_owner;

-- The technical cell.

-- Whoever concludes past the end writes first the silences background work had not written yet; never before the end. A silence is of one end: a meeting held later
-- puts the end off, and what was silent then may still answer.
drop index consultation_silence;
create unique index consultation_silence on consultation_acte (dept, consultation, organisme, (donnees ->> 'echeance')) where genre = 'silence';
-- An organisme may take its position back: `sens` null, the former ones stay.
alter table consultation_acte drop constraint consultation_acte_genre_check;
alter table consultation_acte add constraint consultation_acte_genre_check
  check (genre in ('position', 'position_retiree', 'silence', 'reunion', 'conclusion', 'retrait'));
drop policy ecriture on consultation_acte;
create policy ecriture on consultation_acte for insert to amont_app
  with check (dept = (select public.contexte('dept'))
    and case when genre = 'silence' or par is null
        then genre in ('silence', 'retrait') and par is null
          and ((select public.est_systeme()) or (genre = 'silence' and (select public.ouvre_cercle('cellule_conclusion'))))
      else par = (select public.contexte('compte'))::uuid and organisme = (select public.contexte('organisme'))::uuid
        and (genre <> 'conclusion' or (select public.ouvre_cercle('cellule_conclusion'))) end
    and exists (select 1 from consultation c where c.dept = consultation_acte.dept and c.id = consultation_acte.consultation
      and c.etat in ('ouverte', 'a_conclure') and (consultation_acte.genre <> 'silence' or c.echeance_a <= consultation_acte.a)));

-- Nothing changes who is in a consultation once it is open.
drop policy suite on consultation_membre;
revoke update (participation) on consultation_membre from amont_app;

-- A decision was taken up by a session as soon as its dossier was on the agenda, whatever put it there: a referral, a postponement.
reset role;
grant create on schema public to amont_recherche;
set local role amont_recherche;
create or replace function public.decision_inscrite(p_consultation uuid, p_seance uuid) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, public
  as $$
    select exists (select 1 from public.consultation c join public.inscription i on i.dept = c.dept and i.dossier_id = c.dossier
      where c.dept = public.contexte('dept') and c.id = p_consultation and i.seance_id = p_seance and i.etat <> 'retire')
  $$;
reset role;
revoke create on schema public from amont_recherche;
set local role amont_owner;
