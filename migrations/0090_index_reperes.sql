-- What is counted of a whole département is read from an index alone. See docs/decisions/0049.

set local role amont_owner;

/*
 * Rows of dossiers are wide, and lists count all those of a partner or of a département: everything such a count narrows by, and everything the rules of rows read,
 * is in one entry of two hundred bytes. Open dossiers stand together; the closed ones are there for the rules of the tables that follow a dossier.
 */
create index dossier_reperes on dossier (dept, clos_le, id) include (archive_le, territoire, organismes_habilites, organisme, service, etat_service, connu_service, stade, stade_rang,
  phase, parc, en_serie, echeance_tri, echeance_le, audience_le, dette_tri, change_le, premier_signal_le);

-- The queues nobody must forget hold few of them, in the order they are shown.
create index dossier_inconnus on dossier (dept, stade_rang desc, id)
  where clos_le is null and phase = 'judiciaire' and stade <> 'expulsion' and not connu_service;
create index dossier_en_serie on dossier (dept, stade_rang desc, id)
  where clos_le is null and en_serie and stade <> 'expulsion' and etat_service <> 'prise';

-- The same for who follows them.
drop index affectation_vivante;
create unique index affectation_vivante on affectation (dept, dossier) include (id, organisme, service, etat, stade, depuis, transmise_le, repondre_avant, diagnostic_avant,
  diagnostic_fait_le) where terminee_a is null;

reset role;
