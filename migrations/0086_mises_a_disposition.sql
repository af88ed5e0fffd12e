set local role amont_owner;

/*
 * Offers to meet sent to households between two days, by organisme and step (REP-20): letters produced by Amont of the models that make one (`p_modeles`), and letters
 * that a service noted among its contacts with an outcome that makes one (`p_issues`), at the step the household had been given to it for. Numbers, for those who pilot
 * the charter: a letter is read by nobody but the organisme that sends it.
 */
create policy recherche on courrier for select to amont_recherche using (true);
create policy recherche on tentative_contact for select to amont_recherche using (true);
create policy recherche on affectation for select to amont_recherche using (true);
grant select (dept, dossier, organisme, modele, stade, etat, envoye_le, renvoie) on courrier to amont_recherche;
grant select (dept, dossier, organisme, canal, le, resultat, retiree_a) on tentative_contact to amont_recherche;
grant select (dept, dossier, organisme, stade, depuis) on affectation to amont_recherche;
grant select (stade) on dossier to amont_recherche;
reset role;
grant create on schema public to amont_recherche;
set local role amont_recherche;
create function public.mises_a_disposition(p_du date, p_au date, p_modeles text[], p_issues text[])
  returns table (organisme uuid, stade text, courriers integer, contacts integer)
  language sql stable security definer
  set search_path = pg_catalog, public
  as $$
  select x.organisme, x.stade, sum(x.courriers)::integer, sum(x.contacts)::integer from (
    select c.organisme, c.stade, c.dossier, 1 as courriers, 0 as contacts from courrier c
      where c.dept = public.contexte('dept') and c.envoye_le between p_du and p_au and c.etat in ('envoye', 'revenu') and c.renvoie is null and c.modele = any (p_modeles)
    union all
    select t.organisme, coalesce((select a.stade from affectation a where a.dept = t.dept and a.dossier = t.dossier and a.organisme = t.organisme and a.depuis <= t.le
        order by a.depuis desc limit 1), (select d.stade from dossier d where d.dept = t.dept and d.id = t.dossier)), t.dossier, 0, 1
      from tentative_contact t
      where t.dept = public.contexte('dept') and t.le between p_du and p_au and t.canal = 'courrier' and t.retiree_a is null and t.resultat = any (p_issues)
  ) x join dossier d on d.dept = public.contexte('dept') and d.id = x.dossier
  where public.ouvre_cercle('pilotage')
    or (public.ouvre_cercle('pilotage_territoire') and d.territoire = any (string_to_array(public.contexte('territoires'), ',')))
  group by x.organisme, x.stade
$$;
revoke execute on function public.mises_a_disposition(date, date, text[], text[]) from public;
grant execute on function public.mises_a_disposition(date, date, text[], text[]) to amont_app;
reset role;
revoke create on schema public from amont_recherche;
