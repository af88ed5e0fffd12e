set local role amont_owner;

-- Who else is, or was, this household; which dossiers name this landlord: asked by a page, answered without reading every dossier. Partial, so that imports pay little.
create index dossier_nom_clos on dossier (dept, nom_tri collate "C") where clos_le is not null;
create index dossier_allocataire on dossier (dept, (menage->>'numeroAllocataire')) where menage->>'numeroAllocataire' is not null;
create index dossier_siret on dossier (dept, (bail->>'bailleurSiret')) where bail->>'bailleurSiret' is not null;

-- What an account reads in a day is added up as it goes; `entree`, the last entry told apart, is asked no more.
alter table consultation_comptee drop column entree;

drop function public.verifier_quota(text, uuid, date, timestamptz, text[], integer, text[], integer, text[], integer);
/*
 * Adds what an act has just shown to the account of the session (`p_montre`: opened, seen, exported), and stops its transaction beyond a limit (`p_max`, same order).
 * The sum is at least the number of distinct dossiers: they are told apart, in the journal since `p_depuis`, only when it is beyond a limit or on the first act of
 * the day, so that an ordinary page writes one row. An alert of the day that was justified lifts its limit until the end of that day.
 */
create function public.verifier_quota(p_dept text, p_compte uuid, p_jour date, p_depuis timestamptz, p_montre integer[], p_max integer[],
    p_ouvertures text[], p_lectures text[], p_exports text[])
  returns void
  language plpgsql security definer
  set search_path = pg_catalog, public
  as $$
declare
  c consultation_comptee;
  v_leves text[];
  v_compteur text;
begin
  if p_dept is distinct from public.contexte('dept') or p_compte::text is distinct from public.contexte('compte') then
    raise exception 'verifier_quota: other account' using errcode = 'insufficient_privilege';
  end if;
  -- The row is held until the commit: two acts at once add up.
  update consultation_comptee set ouverts = ouverts + p_montre[1], vus = vus + p_montre[2], exportes = exportes + p_montre[3]
    where dept = p_dept and compte = p_compte and jour = p_jour returning * into c;
  if found and c.ouverts <= p_max[1] and c.vus <= p_max[2] and c.exportes <= p_max[3] then return; end if;
  select coalesce(array_agg(a.mesure->>'compteur'), '{}') into v_leves from alerte_acces a
    where a.dept = p_dept and a.compte = p_compte and a.jour = p_jour and a.regle = 'quota' and a.etat = 'justifiee';
  if c.compte is not null and (c.ouverts <= p_max[1] or 'ouverts' = any (v_leves)) and (c.vus <= p_max[2] or 'vus' = any (v_leves))
    and (c.exportes <= p_max[3] or 'exportes' = any (v_leves)) then return; end if;
  -- No row to hold on the first act of a day: one at a time counts, and sees what the one before has written.
  perform pg_advisory_xact_lock(hashtextextended('consultation ' || p_dept || p_compte, 0));
  select count(*) filter (where x.ouvert), count(*) filter (where x.vu), count(*) filter (where x.exporte) into c.ouverts, c.vus, c.exportes
    from (select bool_or(j.action = any (p_ouvertures)) as ouvert, bool_or(j.action = any (p_lectures)) as vu, bool_or(j.action = any (p_exports)) as exporte
      from journal j, unnest(j.dossiers) d where j.dept = p_dept and j.compte = p_compte and j.a >= p_depuis and j.resultat = 'fait' group by d) x;
  insert into consultation_comptee (dept, compte, jour, ouverts, vus, exportes) values (p_dept, p_compte, p_jour, c.ouverts, c.vus, c.exportes)
    on conflict (dept, compte) do update set jour = excluded.jour, ouverts = excluded.ouverts, vus = excluded.vus, exportes = excluded.exportes;
  foreach v_compteur in array array[
      case when c.ouverts > p_max[1] then 'ouverts' end, case when c.vus > p_max[2] then 'vus' end, case when c.exportes > p_max[3] then 'exportes' end] loop
    continue when v_compteur is null or v_compteur = any (v_leves);
    raise exception 'quota %', v_compteur using errcode = 'AM001';
  end loop;
end $$;
revoke execute on function public.verifier_quota(text, uuid, date, timestamptz, integer[], integer[], text[], text[], text[]) from public;
grant execute on function public.verifier_quota(text, uuid, date, timestamptz, integer[], integer[], text[], text[], text[]) to amont_app;

/*
 * Figures of the banner, asked at each page. Behind the rules of rows, each table read makes a plan of a hundred pieces that PostgreSQL sets up again at each run,
 * even over nothing: these three functions read the tables themselves, by what their rules come to for the addressee, and leave the dossier to the rules of dossiers.
 */
do $$
declare t text;
begin
  foreach t in array array['demande', 'fil', 'message', 'message_lu', 'piece', 'piece_lue', 'dossier_archive', 'ouverture'] loop
    execute format('create policy recherche on %I for select to amont_recherche using (true)', t);
  end loop;
end $$;
grant select (dept, dossier, destinataire, etat, avant) on demande to amont_recherche;
grant select (dept, id, dossier, organisme, destinataires) on fil to amont_recherche;
grant select (dept, id, fil, par, retire_a) on message to amont_recherche;
grant select (dept, message, compte) on message_lu to amont_recherche;
grant select (dept, id, dossier, organisme, destinataires, fil, demande, par, retiree_a, visible_jusqu_au) on piece to amont_recherche;
grant select (dept, piece, compte) on piece_lue to amont_recherche;
grant select (dept, dossier) on dossier_archive to amont_recherche;
grant select (dept, quoi, objet) on ouverture to amont_recherche;
reset role;
grant create on schema public to amont_recherche;
set local role amont_recherche;

-- What waits, in exchanges, for the organisme and the account of the session: `demandes` and those late, `fils` with something unread, `pieces`, by dossier. The caller
-- counts those whose dossier it may read.
create function public.echanges_attendus() returns table (dossier uuid, demandes integer, retards integer, fils integer, pieces integer)
  language plpgsql stable security definer
  set search_path = pg_catalog, public
  as $$
#variable_conflict use_column
declare
  v_dept text := public.contexte('dept');
  v_organisme uuid := public.contexte('organisme')::uuid;
  v_compte uuid := public.contexte('compte')::uuid;
  v_jour date := public.contexte('jour')::date;
begin
  return query
    select x.dossier, sum(x.demandes)::integer, sum(x.retards)::integer, sum(x.fils)::integer, sum(x.pieces)::integer from (
      select q.dossier, 1 as demandes, (case when q.avant < v_jour then 1 else 0 end) as retards, 0 as fils, 0 as pieces from demande q
        where q.dept = v_dept and q.destinataire = v_organisme and q.etat = 'ouverte'
      union all
      select f.dossier, 0, 0, 1, 0 from fil f
        where f.dept = v_dept and (f.organisme = v_organisme or f.destinataires @> array[v_organisme]) and exists (
          select 1 from message m where m.dept = v_dept and m.fil = f.id and m.retire_a is null and m.par <> v_compte
            and not exists (select 1 from message_lu l where l.dept = v_dept and l.message = m.id and l.compte = v_compte))
      union all
      select p.dossier, 0, 0, 0, 1 from piece p
        where p.dept = v_dept and p.fil is null and p.demande is null and p.retiree_a is null and p.destinataires @> array[v_organisme] and p.par <> v_compte
          and (p.visible_jusqu_au is null or p.visible_jusqu_au >= v_jour or p.organisme = v_organisme)
          and not exists (select 1 from piece_lue l where l.dept = v_dept and l.piece = p.id and l.compte = v_compte)
    ) x group by x.dossier;
end $$;
revoke execute on function public.echanges_attendus() from public;
grant execute on function public.echanges_attendus() to amont_app;

-- How many answers the commission awaits from the organisme of the session.
create function public.suites_attendues() returns integer
  language plpgsql stable security definer
  set search_path = pg_catalog, public
  as $$
begin
  if not public.ouvre_cercle('suite') then return 0; end if;
  return (select count(*) from prononce p
    where p.dept = public.contexte('dept') and p.organisme = public.contexte('organisme')::uuid and p.notifie_a is not null and p.etat = 'attendu'
      and (public.ouvre_cercle('archive') or not exists (select 1 from dossier_archive a where a.dept = p.dept and a.dossier = p.dossier)));
end $$;
revoke execute on function public.suites_attendues() from public;
grant execute on function public.suites_attendues() to amont_app;

-- How many slips addressed to the organisme of the session nobody has opened.
create function public.bordereaux_a_ouvrir() returns integer
  language plpgsql stable security definer
  set search_path = pg_catalog, public
  as $$
begin
  if not public.ouvre_cercle('bordereau_recu') then return 0; end if;
  return (select count(*) from bordereau b
    where b.dept = public.contexte('dept') and b.destinataire = public.contexte('organisme')::uuid and b.retire_a is null
      and not exists (select 1 from ouverture u where u.dept = b.dept and u.quoi = 'bordereau' and u.objet = b.id));
end $$;
revoke execute on function public.bordereaux_a_ouvrir() from public;
grant execute on function public.bordereaux_a_ouvrir() to amont_app;
reset role;
revoke create on schema public from amont_recherche;
