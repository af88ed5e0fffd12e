-- A change noted from a signalement (0088) leaves with it, as long as no session examined it.
set local role amont_owner;
create policy retrait_recu on changement for delete to amont_app
  using (dept = (select public.contexte('dept')) and (select public.est_systeme()) and par is null and examine_a is null);
grant delete on changement to amont_app;
