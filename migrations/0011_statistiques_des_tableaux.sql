set local role amont_owner;

create or replace function public.actualiser_statistiques() returns void
  language plpgsql security definer
  set search_path = pg_catalog, public
  as $$
begin
  analyze signalement, signalement_version, ligne_lot, fiche, cle_blocage, rattachement, doute, dossier, fait, affectation, liste, ligne_liste;
end $$;
