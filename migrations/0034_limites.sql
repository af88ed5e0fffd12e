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

-- How many distinct dossiers an account had read on a day when they were last told apart, and up to which entry.
create table consultation_comptee (
  dept text not null,
  compte uuid not null,
  jour date not null,
  entree bigint not null,
  ouverts integer not null,
  vus integer not null,
  exportes integer not null,
  primary key (dept, compte),
  foreign key (dept, compte) references compte (dept, id)
);
alter table consultation_comptee enable row level security;
alter table consultation_comptee force row level security;
create policy limites on consultation_comptee to amont_owner
  using (dept = (select public.contexte('dept')) and compte = (select public.contexte('compte'))::uuid)
  with check (dept = (select public.contexte('dept')) and compte = (select public.contexte('compte'))::uuid);

/*
 * Stops the transaction when the account of the session has read more distinct dossiers since `p_depuis` than its limits. What was last told apart, plus the sum of
 * what each entry touched since, is at least the number of distinct dossiers: they are told apart again only when that is beyond a limit, so an ordinary page
 * reads the few entries since. An alert of the day that was justified lifts its limit until the end of that day.
 */
create function public.verifier_quota(p_dept text, p_compte uuid, p_jour date, p_depuis timestamptz,
    p_ouvertures text[], p_ouverts integer, p_lectures text[], p_vus integer, p_exports text[], p_exportes integer)
  returns void
  language plpgsql security definer
  set search_path = pg_catalog, public
  as $$
declare
  v record;
  c consultation_comptee;
  v_leves text[];
  v_dernier bigint;
  v_compteur text;
begin
  if p_dept is distinct from public.contexte('dept') or p_compte::text is distinct from public.contexte('compte') then
    raise exception 'verifier_quota: other account' using errcode = 'insufficient_privilege';
  end if;
  select * into c from consultation_comptee where dept = p_dept and compte = p_compte and jour = p_jour;
  select coalesce(c.ouverts, 0) + coalesce(sum(cardinality(j.dossiers)) filter (where j.action = any (p_ouvertures)), 0) as ouverts,
      coalesce(c.vus, 0) + coalesce(sum(cardinality(j.dossiers)) filter (where j.action = any (p_lectures)), 0) as vus,
      coalesce(c.exportes, 0) + coalesce(sum(cardinality(j.dossiers)) filter (where j.action = any (p_exports)), 0) as exportes
    into v from journal j where j.dept = p_dept and j.compte = p_compte and j.a >= p_depuis and j.resultat = 'fait' and j.id > coalesce(c.entree, 0);
  if v.ouverts <= p_ouverts and v.vus <= p_vus and v.exportes <= p_exportes then return; end if;
  select coalesce(array_agg(a.mesure->>'compteur'), '{}') into v_leves from alerte_acces a
    where a.dept = p_dept and a.compte = p_compte and a.jour = p_jour and a.regle = 'quota' and a.etat = 'justifiee';
  if (v.ouverts <= p_ouverts or 'ouverts' = any (v_leves)) and (v.vus <= p_vus or 'vus' = any (v_leves))
    and (v.exportes <= p_exportes or 'exportes' = any (v_leves)) then return; end if;
  -- An entry written meanwhile by another page may have a smaller number: the next time they are all told apart again.
  select max(j.id) into v_dernier from journal j where j.dept = p_dept and j.compte = p_compte and j.a >= p_depuis;
  select count(distinct d) filter (where j.action = any (p_ouvertures)) as ouverts,
      count(distinct d) filter (where j.action = any (p_lectures)) as vus,
      count(distinct d) filter (where j.action = any (p_exports)) as exportes
    into v from journal j, unnest(j.dossiers) d where j.dept = p_dept and j.compte = p_compte and j.a >= p_depuis and j.resultat = 'fait';
  insert into consultation_comptee values (p_dept, p_compte, p_jour, v_dernier, v.ouverts, v.vus, v.exportes)
    on conflict (dept, compte) do update set jour = excluded.jour, entree = excluded.entree, ouverts = excluded.ouverts, vus = excluded.vus,
      exportes = excluded.exportes;
  foreach v_compteur in array array[
      case when v.ouverts > p_ouverts then 'ouverts' end, case when v.vus > p_vus then 'vus' end, case when v.exportes > p_exportes then 'exportes' end] loop
    continue when v_compteur is null or v_compteur = any (v_leves);
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
