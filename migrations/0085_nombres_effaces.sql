set local role amont_owner;

-- Numbers kept of erased dossiers are read by whoever follows retention, the data protection officer first: they hold no household.
drop policy lecture on statistique_effacee;
create policy lecture on statistique_effacee for select to amont_app
  using (dept = (select public.contexte('dept')) and ((select public.ouvre_cercle('conservation')) or (select public.est_systeme())));
