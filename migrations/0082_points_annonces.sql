set local role amont_owner;

-- Each morning, background work tells of the points of follow-up that come (DOS-35): it reads which measure is due, when, and who holds it. What a point says stays sealed.
create policy annonce on mesure_suivie for select to amont_app using (dept = (select public.contexte('dept')) and (select public.est_systeme()));
