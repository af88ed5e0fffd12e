import { sql as fragment } from '#socle/db'

/** Conditions on the retention `c` and its dossier `d`, each written once: what is proposed, signed and erased follows the same. They have no parameter. */

/**
 * Last contact with the household or about it: closing, signal, act or decision of a person, contact kept. What background work writes is no contact.
 */
export const DERNIER_CONTACT = fragment`greatest(d.clos_le, d.dernier_signal_le, d.signal_depuis_cloture,
  (select max(f.a at time zone 'Europe/Paris')::date from fait f where f.dept = d.dept and f.dossier = d.id and f.compte is not null),
  (select max(t.le) from tentative_contact t where t.dept = d.dept and t.dossier = d.id and t.retiree_a is null))`

/** A dossier joined to another is kept as long as the other is: its writings are read there. */
export const SANS_REUNION = fragment`not exists (select 1 from dossier g where g.dept = d.dept and g.id = d.reuni_dans)`

/** Nothing happened to the dossier since its retention was written: still closed, not opened meanwhile, not met again, joined to no other. */
export const INCHANGE = fragment`(d.clos_le is not null and (c.etat = 'a_archiver' or d.archive_le is not null)
  and ${DERNIER_CONTACT} <= c.dernier_contact_le and ${SANS_REUNION})`

/** Of `g`, a reason not to erase: it is in force today. */
export const GEL_EN_VIGUEUR = fragment`g.dept = c.dept and g.dossier = c.dossier and g.leve_a is null
  and (g.jusqu_au is null or g.jusqu_au >= (select public.contexte('jour'))::date)`

/** The household waits for an answer. */
export const DEMANDE_EN_ATTENTE = fragment`exists (select 1 from demande_menage m where m.dept = c.dept and m.dossier = c.dossier and m.repondue_le is null)`

/** Held, or its household waits: it is not erased. */
export const RETENU = fragment`(exists (select 1 from conservation_gel g where ${GEL_EN_VIGUEUR}) or ${DEMANDE_EN_ATTENTE})`
