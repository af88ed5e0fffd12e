-- A first large import meets empty statistics, and plans made for empty tables. The application may ask for new ones; it owns no table itself.
create function public.actualiser_statistiques() returns void
  language plpgsql security definer
  set search_path = pg_catalog, public
  as $$
begin
  analyze signalement, signalement_version, ligne_lot, fiche, cle_blocage, rattachement, doute, dossier, fait, affectation;
end $$;
revoke execute on function public.actualiser_statistiques() from public;
alter function public.actualiser_statistiques() owner to amont_owner;
grant execute on function public.actualiser_statistiques() to amont_app;
