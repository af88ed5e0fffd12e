set local role amont_owner;

-- What one organisme owes is its own business: its colleagues read it, and those who read the whole département. Somebody else engaged on the same dossier does not.
drop policy lecture on engagement_tache;
create policy lecture on engagement_tache for select to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement'
      or (organisme = (select public.contexte('organisme'))::uuid
        and exists (select 1 from dossier d where d.dept = engagement_tache.dept and d.id = engagement_tache.dossier))));
drop policy lecture on engagement_acte;
create policy lecture on engagement_acte for select to amont_app
  using (dept = (select public.contexte('dept'))
    and ((select public.contexte('portee')) = 'departement'
      or exists (select 1 from engagement_tache t where t.dept = engagement_acte.dept and t.id = engagement_acte.tache)));

-- Whether an answer still enlightens a decision: whoever was asked knows that, and nothing else of the request.
alter table enquete add column attendue boolean not null default true;
alter table enquete no force row level security;
alter table requisition no force row level security;
update enquete e set attendue = false from requisition r
  where r.dept = e.dept and r.id = e.requisition and r.etat not in ('instruction', 'sursis');
alter table enquete force row level security;
alter table requisition force row level security;
create policy attente on enquete for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('force'))
    and exists (select 1 from dossier d where d.dept = enquete.dept and d.id = enquete.dossier))
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('force'))
    and exists (select 1 from dossier d where d.dept = enquete.dept and d.id = enquete.dossier));
grant update (attendue) on enquete to amont_app;

-- The day a task was open for its organisme: the day it was made, or opened again. Nobody is late before that day.
alter table engagement_tache add column ouverte_le date;
alter table engagement_tache no force row level security;
update engagement_tache set ouverte_le = cree_le;
alter table engagement_tache force row level security;
alter table engagement_tache alter column ouverte_le set not null;
grant update (ouverte_le) on engagement_tache to amont_app;
