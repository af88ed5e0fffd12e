set local role amont_owner;

-- What a letter printed, as it was composed: the document of the batch is made of it, so that what is printed is what is kept.
alter table courrier add column contenu jsonb;
-- A batch that fails is tried again: it is under way or ready, nothing else.
alter table lot_courrier drop constraint lot_courrier_etat_check;
alter table lot_courrier add constraint lot_courrier_etat_check check (etat in ('en_cours', 'pret'));

-- The file of a secretariat, by kind, state and name: a page of a hundred reads a hundred.
drop index courrier_file;
create index courrier_file on courrier (dept, organisme, modele, etat, nom, id);

-- Documents that wait to be read are looked for on every page.
create index piece_destinataires on piece using gin (destinataires);
