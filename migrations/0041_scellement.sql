set local role amont_owner;

-- Values near health, rows of imports as received, messages and documents are in the database only sealed. The key of the département seals what is received and
-- derived, before any dossier has one; the keys of dossiers seal what people exchange. Both are wrapped by a key that is not in the database.
create table cle_departement (
  dept text not null primary key,
  scellee text not null check (scellee ~ '^[0-9a-f]{8}\.[\w-]+$'),
  cree_a timestamptz not null,
  tournee_a timestamptz
);
alter table cle_departement enable row level security;
alter table cle_departement force row level security;
create policy lecture on cle_departement for select to amont_app using (dept = (select public.contexte('dept')));
create policy creation on cle_departement for insert to amont_app with check (dept = (select public.contexte('dept')));
-- Only background work wraps it again.
create policy rotation on cle_departement for update to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null)
  with check (dept = (select public.contexte('dept')));
grant select, insert on cle_departement to amont_app;
grant update (scellee, tournee_a) on cle_departement to amont_app;

-- What a dossier says near health: value of the household, words of the rules, criteria met, vulnerability. Null: derived before sealing.
alter table dossier add column scelle text check (scelle ~ '^[0-9a-f]{8}\.[\w-]+$');
create index dossier_a_sceller on dossier (dept, id) where scelle is null;

-- Two rejected lines with the same bytes are known by a keyed fingerprint: their bytes are sealed, each differently.
alter table ligne_lot add column empreinte_brut text;

-- What was kept in clear until now is sealed by a task of the server, step by step: only it has the keys.
grant update (octets) on fichier to amont_app;
grant update (issue) on tentative_contact to amont_app;

-- What people exchange: texts, names of documents and their bytes are sealed by the key of their dossier. Whoever sees a dossier may fetch its wrapped key, which opens
-- nothing by itself; each text keeps its own readers.
alter policy perimetre on cle_dossier
  using (dept = (select public.contexte('dept'))
    and (((select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null)
      or exists (select 1 from dossier d where d.dept = cle_dossier.dept and d.id = cle_dossier.dossier)))
  with check (dept = (select public.contexte('dept'))
    and (((select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null)
      or exists (select 1 from dossier d where d.dept = cle_dossier.dept and d.id = cle_dossier.dossier)));

create function public.est_scelle(texte text) returns boolean
  language sql immutable parallel safe
  return texte ~ '^[0-9a-f]{8}\.[\w-]{38,}$';
create function public.refuser_en_clair() returns trigger
  language plpgsql set search_path = pg_catalog, public
  as $$ begin raise exception 'a text in clear, or sealed twice, in %', tg_table_name using errcode = '23514'; end $$;
revoke execute on function public.est_scelle(text), public.refuser_en_clair() from public;
grant execute on function public.est_scelle(text), public.refuser_en_clair() to amont_app;

-- Nothing enters in clear; what is sealed never changes. Empty stays empty.
create trigger en_clair before insert on fil for each row when (not public.est_scelle(new.sujet)) execute function public.refuser_en_clair();
create trigger scelle before update of sujet on fil for each row
  when (public.est_scelle(old.sujet) or not public.est_scelle(new.sujet)) execute function public.refuser_en_clair();
create trigger en_clair before insert on fil_ajout for each row when (not public.est_scelle(new.motif)) execute function public.refuser_en_clair();
create trigger scelle before update of motif on fil_ajout for each row
  when (public.est_scelle(old.motif) or not public.est_scelle(new.motif)) execute function public.refuser_en_clair();
create trigger en_clair before insert on message for each row when (not public.est_scelle(new.texte)) execute function public.refuser_en_clair();
create trigger scelle before update of texte on message for each row
  when (public.est_scelle(old.texte) or not public.est_scelle(new.texte)) execute function public.refuser_en_clair();
create trigger motif_scelle before update of retire_motif on message for each row
  when (not public.est_scelle(new.retire_motif)) execute function public.refuser_en_clair();
create trigger en_clair before insert on demande for each row when (not public.est_scelle(new.texte)) execute function public.refuser_en_clair();
create trigger scelle before update of texte on demande for each row
  when (public.est_scelle(old.texte) or not public.est_scelle(new.texte)) execute function public.refuser_en_clair();
create trigger en_clair before insert on demande_acte for each row
  when (new.texte <> '' and not public.est_scelle(new.texte)) execute function public.refuser_en_clair();
create trigger scelle before update of texte on demande_acte for each row
  when (public.est_scelle(old.texte) or not public.est_scelle(new.texte)) execute function public.refuser_en_clair();
create trigger en_clair before insert on piece for each row when (not public.est_scelle(new.nom)) execute function public.refuser_en_clair();
create trigger scelle before update of nom on piece for each row
  when (public.est_scelle(old.nom) or not public.est_scelle(new.nom)) execute function public.refuser_en_clair();
create trigger motif_scelle before update of retiree_motif on piece for each row
  when (not public.est_scelle(new.retiree_motif)) execute function public.refuser_en_clair();
create trigger en_clair before insert on piece_contenu for each row
  when (substr(new.octets, 1, 4) <> 'AMS1'::bytea) execute function public.refuser_en_clair();
create trigger scelle before update of octets on piece_contenu for each row
  when (substr(old.octets, 1, 4) = 'AMS1'::bytea or substr(new.octets, 1, 4) <> 'AMS1'::bytea) execute function public.refuser_en_clair();

-- Background work sees what is still in clear, to seal it, and nothing once it is, but the row it is sealing: a thread, a request or a document is sealed after what
-- hangs from it.
create policy scellement on fil to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null
    and (not public.est_scelle(sujet) or id::text = (select public.contexte('scellement'))))
  with check (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null);
create policy scellement on demande to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null
    and (not public.est_scelle(texte) or id::text = (select public.contexte('scellement'))))
  with check (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null);
create policy scellement on piece to amont_app
  using (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null
    and (not public.est_scelle(nom) or id::text = (select public.contexte('scellement'))))
  with check (dept = (select public.contexte('dept')) and (select public.contexte('portee')) = 'departement' and (select public.contexte('compte')) is null);
-- The others follow: their policies ask for the thread, the request or the document, which background work sees as long as it is in clear.
create policy scellement on message for update to amont_app
  using (dept = (select public.contexte('dept')) and exists (select 1 from fil f where f.dept = message.dept and f.id = message.fil))
  with check (dept = (select public.contexte('dept')) and (select public.contexte('compte')) is null);
create policy scellement on demande_acte for update to amont_app
  using (dept = (select public.contexte('dept')) and exists (select 1 from demande q where q.dept = demande_acte.dept and q.id = demande_acte.demande))
  with check (dept = (select public.contexte('dept')) and (select public.contexte('compte')) is null);
grant update (sujet) on fil to amont_app;
grant update (motif) on fil_ajout to amont_app;
grant update (texte) on message, demande, demande_acte to amont_app;
grant update (nom) on piece to amont_app;
grant update (octets) on piece_contenu to amont_app;
