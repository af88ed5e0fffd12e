set local role amont_owner;

/*
 * A change of situation that anyone reports at reception calls the orientation of the commission into question (SIG-17): background work writes it beside the changes
 * that partners of the dossier report, under the id of the signalement, so that it is written once. Nobody of the dossier wrote it: its account stays with its deposit.
 */
alter table changement alter column par drop not null;
create policy creation_recue on changement for insert to amont_app
  with check (dept = (select public.contexte('dept')) and (select public.est_systeme()) and par is null and precision is null and exists (
    select 1 from signalement s join rattachement r on r.dept = s.dept and r.signalement = s.id and r.defait_a is null
    where s.dept = changement.dept and s.id = changement.id and s.organisme = changement.organisme and s.type = 'changement_de_situation' and s.retire_a is null
      and r.dossier = changement.dossier));
