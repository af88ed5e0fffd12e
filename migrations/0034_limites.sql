set local role amont_owner;

-- Copies of large exports are numbered: the number is in the file and in the journal.
create sequence public.copie_numero;
grant usage on sequence public.copie_numero to amont_app;

-- When the person last proved who they are in this session: large exports ask again after a while.
alter table session_web add column confirmee_a timestamptz;

-- The owner raises the alerts of limits on behalf of the person stopped, who cannot read them.
create policy limites on alerte_acces to amont_owner
  using (dept = (select public.contexte('dept')) and regle in ('quota', 'export'))
  with check (dept = (select public.contexte('dept')) and regle in ('quota', 'export'));

/*
 * Stops the transaction when the account of the session has read more distinct dossiers since `p_depuis` than its limits. The sum of what each entry
 * touched is at least the number of distinct dossiers: they are told apart only when the sum is beyond a limit, so an ordinary page reads a few hundred
 * short rows by an index. An alert of the day that was justified lifts its limit until the end of that day.
 */
create function public.verifier_quota(p_dept text, p_compte uuid, p_jour date, p_depuis timestamptz,
    p_ouvertures text[], p_ouverts integer, p_lectures text[], p_vus integer, p_exports text[], p_exportes integer)
  returns void
  language plpgsql security definer
  set search_path = pg_catalog, public
  as $$
declare
  v record;
  v_compteur text;
begin
  if p_dept is distinct from public.contexte('dept') or p_compte::text is distinct from public.contexte('compte') then
    raise exception 'verifier_quota: other account' using errcode = 'insufficient_privilege';
  end if;
  select coalesce(sum(cardinality(j.dossiers)) filter (where j.action = any (p_ouvertures)), 0) as ouverts,
      coalesce(sum(cardinality(j.dossiers)) filter (where j.action = any (p_lectures)), 0) as vus,
      coalesce(sum(cardinality(j.dossiers)) filter (where j.action = any (p_exports)), 0) as exportes
    into v from journal j where j.dept = p_dept and j.compte = p_compte and j.a >= p_depuis and j.resultat = 'fait';
  if v.ouverts <= p_ouverts and v.vus <= p_vus and v.exportes <= p_exportes then return; end if;
  select count(distinct d) filter (where j.action = any (p_ouvertures)) as ouverts,
      count(distinct d) filter (where j.action = any (p_lectures)) as vus,
      count(distinct d) filter (where j.action = any (p_exports)) as exportes
    into v from journal j, unnest(j.dossiers) d where j.dept = p_dept and j.compte = p_compte and j.a >= p_depuis and j.resultat = 'fait';
  foreach v_compteur in array array[
      case when v.ouverts > p_ouverts then 'ouverts' end, case when v.vus > p_vus then 'vus' end, case when v.exportes > p_exportes then 'exportes' end] loop
    continue when v_compteur is null or exists (select from alerte_acces a where a.dept = p_dept and a.compte = p_compte and a.jour = p_jour
      and a.regle = 'quota' and a.etat = 'justifiee' and a.mesure->>'compteur' = v_compteur);
    raise exception 'quota %', v_compteur using errcode = 'AM001';
  end loop;
end $$;
revoke execute on function public.verifier_quota(text, uuid, date, timestamptz, text[], integer, text[], integer, text[], integer) from public;
grant execute on function public.verifier_quota(text, uuid, date, timestamptz, text[], integer, text[], integer, text[], integer) to amont_app;

-- Raises an alert about the account of the session. Raising it again changes nothing.
create function public.lever_alerte_limite(p_dept text, p_compte uuid, p_cle text, p_regle text, p_jour date, p_mesure jsonb, p_a timestamptz)
  returns void
  language plpgsql security definer
  set search_path = pg_catalog, public
  as $$
begin
  if p_dept is distinct from public.contexte('dept') or p_compte::text is distinct from public.contexte('compte') then
    raise exception 'lever_alerte_limite: other account' using errcode = 'insufficient_privilege';
  end if;
  insert into alerte_acces (dept, cle, regle, compte, jour, mesure, cree_a) values (p_dept, p_cle, p_regle, p_compte, p_jour, p_mesure, p_a)
    on conflict (dept, cle) do nothing;
end $$;
revoke execute on function public.lever_alerte_limite(text, uuid, text, text, date, jsonb, timestamptz) from public;
grant execute on function public.lever_alerte_limite(text, uuid, text, text, date, jsonb, timestamptz) to amont_app;
