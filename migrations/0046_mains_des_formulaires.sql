set local role amont_owner;

-- Whose answers a form holds, besides those of the organisme that holds it: copied from theirs, or saved there. What several wrote, each reads as the matrix says.
alter table formulaire add column ecrit_aussi_par uuid[] not null default '{}';
grant update (ecrit_aussi_par) on formulaire to amont_app;

alter table formulaire no force row level security;
alter table diagnostic_volet no force row level security;
alter table organisme no force row level security;
with recursive lignee (dept, id, organisme, ancetre, main) as (
  select f.dept, f.id, f.organisme, a.copie_de, a.organisme from formulaire f join formulaire a on a.dept = f.dept and a.id = f.copie_de
  union
  select l.dept, l.id, l.organisme, a.copie_de, a.organisme from lignee l join formulaire a on a.dept = l.dept and a.id = l.ancetre)
update formulaire f set ecrit_aussi_par = x.mains
  from (select dept, id, array_agg(distinct main) as mains from lignee where main <> organisme group by dept, id) x
  where f.dept = x.dept and f.id = x.id;

-- A part of a diagnosis is read by the services of the diagnosis as they are, not as they were when it was begun. Named with the form: the secretariats alone.
update formulaire f set lecteurs = array(select o.id from organisme o where o.dept = f.dept and o.type = 'secretariat' and o.id = any (f.lecteurs))
  where exists (select 1 from diagnostic_volet v where v.dept = f.dept and v.formulaire = f.id);
alter table formulaire force row level security;
alter table diagnostic_volet force row level security;
alter table organisme force row level security;

create policy du_diagnostic on formulaire for select to amont_app
  using (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('diagnostic_lu'))
    and exists (select 1 from diagnostic_volet v join diagnostic_volet sien on sien.dept = v.dept and sien.diagnostic = v.diagnostic
      where v.dept = formulaire.dept and v.dossier = formulaire.dossier and v.formulaire = formulaire.id
        and sien.organisme = (select public.contexte('organisme'))::uuid)
    and exists (select 1 from dossier d where d.dept = formulaire.dept and d.id = formulaire.dossier));

-- What is said of a diagnosis, and the interviews proposed for it, are written by its services.
alter policy ecriture on diagnostic_observation
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('diagnostic_lu'))
    and par = (select public.contexte('compte'))::uuid and organisme = (select public.contexte('organisme'))::uuid
    and exists (select 1 from diagnostic_volet v where v.dept = diagnostic_observation.dept and v.diagnostic = diagnostic_observation.diagnostic
      and v.organisme = (select public.contexte('organisme'))::uuid)
    and exists (select 1 from dossier d where d.dept = diagnostic_observation.dept and d.id = diagnostic_observation.dossier));
alter policy ecriture on diagnostic_document
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('diagnostic_lu'))
    and par = (select public.contexte('compte'))::uuid
    and exists (select 1 from diagnostic g where g.dept = diagnostic_document.dept and g.id = diagnostic_document.diagnostic
      and g.organisme = (select public.contexte('organisme'))::uuid)
    and exists (select 1 from dossier d where d.dept = diagnostic_document.dept and d.id = diagnostic_document.dossier));
alter policy perimetre on diagnostic_entretien
  with check (dept = (select public.contexte('dept')) and (select public.ouvre_cercle('diagnostic'))
    and exists (select 1 from diagnostic g where g.dept = diagnostic_entretien.dept and g.id = diagnostic_entretien.diagnostic
      and g.organisme = (select public.contexte('organisme'))::uuid)
    and exists (select 1 from dossier d where d.dept = diagnostic_entretien.dept and d.id = diagnostic_entretien.dossier));

-- An exchange with the landlord is noted in one's own name, and withdrawn by any person of the organisme that noted it. Why it is withdrawn is sealed like the rest;
-- what was written in clear before stays readable.
drop policy perimetre on echange_bailleur;
create policy lecture on echange_bailleur for select to amont_app
  using (dept = (select public.contexte('dept'))
    and exists (select 1 from dossier d where d.dept = echange_bailleur.dept and d.id = echange_bailleur.dossier));
create policy ecriture on echange_bailleur for insert to amont_app
  with check (dept = (select public.contexte('dept')) and par = (select public.contexte('compte'))::uuid and retire_par is null
    and organisme = (select public.contexte('organisme'))::uuid
    and exists (select 1 from dossier d where d.dept = echange_bailleur.dept and d.id = echange_bailleur.dossier));
create policy retrait on echange_bailleur for update to amont_app
  using (dept = (select public.contexte('dept')) and organisme = (select public.contexte('organisme'))::uuid and retire_a is null
    and exists (select 1 from dossier d where d.dept = echange_bailleur.dept and d.id = echange_bailleur.dossier))
  with check (dept = (select public.contexte('dept')) and organisme = (select public.contexte('organisme'))::uuid
    and retire_par = (select public.contexte('compte'))::uuid);
create trigger scelle before update of retire_motif on echange_bailleur for each row
  when (new.retire_motif is not null and not public.est_scelle(new.retire_motif)) execute function public.refuser_en_clair();
