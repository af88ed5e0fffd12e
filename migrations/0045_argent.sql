set local role amont_owner;

-- Budgets of a household: those of one's own organisme, and those of the others where the matrix gives resources otherwise than to whoever wrote them
-- (`budget` in `app.cercles`).
drop policy dossier on budget_menage;
create policy lecture on budget_menage for select to amont_app
  using (dept = (select public.contexte('dept'))
    and (organisme = (select public.contexte('organisme'))::uuid or (select public.ouvre_cercle('budget')))
    and exists (select 1 from dossier d where d.dept = budget_menage.dept and d.id = budget_menage.dossier));
create policy ecriture on budget_menage for insert to amont_app
  with check (dept = (select public.contexte('dept')) and organisme = (select public.contexte('organisme'))::uuid
    and exists (select 1 from dossier d where d.dept = budget_menage.dept and d.id = budget_menage.dossier));

-- Instalments are written with their plan, by the organisme that makes it: nobody adds one to the plan of another.
drop policy plan on plan_echeance;
create policy lecture on plan_echeance for select to amont_app
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from plan_apurement p where p.dept = plan_echeance.dept and p.id = plan_echeance.plan));
create policy ecriture on plan_echeance for insert to amont_app
  with check (dept = (select public.contexte('dept'))
    and exists (select 1 from plan_apurement p where p.dept = plan_echeance.dept and p.id = plan_echeance.plan
      and p.organisme = (select public.contexte('organisme'))::uuid));

-- Money follows two dossiers made one, as long as they are: read with the dossier that keeps, and where it was when the reunion is undone. Nothing is moved.
-- Links say it: those a reunion made, alive or ended by a further reunion. The policy of `dossier` decides which dossiers are seen; these functions only name some.
create index rattachement_reuni on rattachement (dept, (details ->> 'depuis')) where mode = 'reuni';
create policy recherche on rattachement for select to amont_recherche using (true);
grant select (dept, dossier, mode, details, defait_a, defait_motif) on rattachement to amont_recherche;
reset role;
grant create on schema public to amont_recherche;
set local role amont_recherche;
create function public.dossiers_reunis(p_dossier uuid) returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, public
  as $$
    with recursive reunis(id) as (
      select p_dossier
      union
      select (r.details ->> 'depuis')::uuid from reunis d
      join public.rattachement r on r.dept = public.contexte('dept') and r.dossier = d.id and r.mode = 'reuni'
        and (r.defait_a is null or r.defait_motif like 'reunion:%')
    )
    select id from reunis
  $$;
create function public.dossiers_qui_gardent(p_dossier uuid) returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, public
  as $$
    with recursive gardent(id) as (
      select p_dossier
      union
      select r.dossier from gardent d
      join public.rattachement r on r.dept = public.contexte('dept') and r.mode = 'reuni' and r.details ->> 'depuis' = d.id::text
        and (r.defait_a is null or r.defait_motif like 'reunion:%')
    )
    select id from gardent
  $$;
revoke execute on function public.dossiers_reunis(uuid), public.dossiers_qui_gardent(uuid) from public;
grant execute on function public.dossiers_reunis(uuid), public.dossiers_qui_gardent(uuid) to amont_app;
reset role;
revoke create on schema public from amont_recherche;
set local role amont_owner;

do $$
declare
  t text;
  vu constant text := '(exists (select 1 from dossier d where d.dept = %1$I.dept and d.id = %1$I.dossier)
    or exists (select 1 from dossier d where d.dept = %1$I.dept and d.id in (select public.dossiers_qui_gardent(%1$I.dossier))))';
begin
  foreach t in array array['dette_ecriture', 'plan_apurement', 'indice_bonne_foi'] loop
    execute format('alter policy dossier on %1$I
      using (dept = (select public.contexte(''dept'')) and ' || vu || ')
      with check (dept = (select public.contexte(''dept'')) and organisme = (select public.contexte(''organisme''))::uuid and ' || vu || ')', t);
  end loop;
  execute format('alter policy lecture on %1$I using (dept = (select public.contexte(''dept''))
    and (organisme = (select public.contexte(''organisme''))::uuid or (select public.ouvre_cercle(''budget''))) and ' || vu || ')', 'budget_menage');
end $$;
