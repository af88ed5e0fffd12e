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
