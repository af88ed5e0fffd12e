set local role amont_owner;

/*
 * What waits outside dossiers, asked by the banner at each page like the figures of 0077 (decision 0045): the two functions read the tables by what their rules of rows
 * come to for the organisme and the account of the session. Numbers only: no column that says a need, a subject or a word is granted.
 */
do $$
declare t text;
begin
  foreach t in array array['logement_sollicitation', 'reseau', 'reseau_membre', 'reseau_fil', 'reseau_message', 'reseau_lu'] loop
    execute format('create policy recherche on %I for select to amont_recherche using (true)', t);
  end loop;
end $$;
grant select (dept, agence, demandeur, etat, close) on logement_sollicitation to amont_recherche;
grant select (dept, id, ferme_a) on reseau to amont_recherche;
grant select (dept, reseau, organisme, retire_a) on reseau_membre to amont_recherche;
grant select (dept, id, reseau) on reseau_fil to amont_recherche;
grant select (dept, fil, par, a, retire_a) on reseau_message to amont_recherche;
grant select (dept, fil, compte, jusqu_a) on reseau_lu to amont_recherche;
reset role;
grant create on schema public to amont_recherche;
set local role amont_recherche;

-- Requests of a dwelling that the organisme of the session answers, offers and questions made to it.
create function public.logements_attendus() returns integer
  language plpgsql stable security definer
  set search_path = pg_catalog, public
  as $$
declare
  v_dept text := public.contexte('dept');
  v_organisme uuid := public.contexte('organisme')::uuid;
  v_tenu boolean := public.ouvre_cercle('logement_tenu');
  v_n integer := 0;
begin
  if v_tenu or public.ouvre_cercle('logement_recu') then
    v_n := v_n + (select count(*) from logement_sollicitation s where s.dept = v_dept and s.agence = v_organisme and not s.close and s.etat = 'attendue');
  end if;
  if v_tenu or public.ouvre_cercle('logement_demande') then
    v_n := v_n + (select count(*) from logement_sollicitation s
      where s.dept = v_dept and s.demandeur = v_organisme and not s.close and s.etat in ('offre', 'question'));
  end if;
  return v_n;
end $$;
revoke execute on function public.logements_attendus() from public;
grant execute on function public.logements_attendus() to amont_app;

-- Threads with a word the account of the session has not read, in the open networks its organisme is in.
create function public.reseaux_a_lire() returns integer
  language plpgsql stable security definer
  set search_path = pg_catalog, public
  as $$
declare
  v_dept text := public.contexte('dept');
  v_organisme uuid := public.contexte('organisme')::uuid;
  v_compte uuid := public.contexte('compte')::uuid;
begin
  if not public.ouvre_cercle('reseau') then return 0; end if;
  return (select count(*) from reseau_membre b
    join reseau r on r.dept = v_dept and r.id = b.reseau and r.ferme_a is null
    join reseau_fil f on f.dept = v_dept and f.reseau = b.reseau
    left join reseau_lu l on l.dept = v_dept and l.fil = f.id and l.compte = v_compte
    where b.dept = v_dept and b.organisme = v_organisme and b.retire_a is null
      and exists (select 1 from reseau_message m where m.dept = v_dept and m.fil = f.id and m.par <> v_compte and m.retire_a is null
        and (l.jusqu_a is null or m.a > l.jusqu_a)));
end $$;
revoke execute on function public.reseaux_a_lire() from public;
grant execute on function public.reseaux_a_lire() to amont_app;
reset role;
revoke create on schema public from amont_recherche;
