set local role amont_owner;

-- Acts entered by hand that come near health: their kind and their values are sealed together, in the place of the kind; so are the free words of any correction. Which kinds
-- those are is known to the application alone. What was kept in clear is sealed by a task of the server, the only change these rows ever know.
alter table acte_saisi add constraint acte_scelle_entier check (not public.est_scelle(genre) or contenu = '{}');

create trigger en_clair before insert on acte_saisi for each row
  when (new.precision is not null and not public.est_scelle(new.precision)) execute function public.refuser_en_clair();
create trigger scelle before update on acte_saisi for each row
  when (new.genre is distinct from old.genre and (public.est_scelle(old.genre) or not public.est_scelle(new.genre))
    or new.contenu is distinct from old.contenu and not public.est_scelle(new.genre)
    or new.precision is distinct from old.precision and coalesce(public.est_scelle(old.precision) or not public.est_scelle(new.precision), true))
  execute function public.refuser_en_clair();
create policy scellement on acte_saisi as restrictive for update to amont_app
  using ((select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null);
grant update (genre, contenu, precision) on acte_saisi to amont_app;

-- The chronology names the kind of an act: sealed in its place too. Nothing else of a fait ever changes.
create trigger scelle before update on fait for each row
  when (new.donnees - 'genre' is distinct from old.donnees - 'genre'
    or coalesce(public.est_scelle(old.donnees->>'genre') or not public.est_scelle(new.donnees->>'genre'), true))
  execute function public.refuser_en_clair();
create policy scellement on fait as restrictive for update to amont_app
  using ((select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null);
grant update (donnees) on fait to amont_app;

-- A closed dossier that receives a new signalement stays closed, and waits for somebody to look: since that day. Null for nearly all.
alter table dossier add column signal_depuis_cloture date;
create index dossier_signale_clos on dossier (dept, signal_depuis_cloture) where signal_depuis_cloture is not null;
