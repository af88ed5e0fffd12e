import { nommerDossiers } from '#dossiers'
import { decrireAction, listerEntrees, parcourirEntrees } from '#journal'
import { refus } from '#socle/errors'
import { type Cell, number, text, writeCsv } from '#socle/tableur'
import { parisDateTime } from '#socle/time'
import { direDemande, type Marque, marquer, sortir } from '../export.tsx'
import type { Reponse, Requete } from '../route.ts'
import { lireDemande, lireNoms } from './filtre.ts'

const COLONNES = [
  'Numéro',
  'Date et heure',
  'Qui',
  'Organisme',
  'Action',
  'Code de l’action',
  'Résultat',
  'Adresse',
  'Objet',
  'Identifiant',
  'Nombre de dossiers',
  'Premiers dossiers',
] as const

/** GET /journal/export.csv: every entry of the search, ids and references only. The export is itself journalled. */
export async function exporterJournal(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const { filtre, comptes, erreurs } = await lireDemande(requete)
  if (erreurs[0]) throw refus('journal.recherche', erreurs[0].message)
  const noms = await lireNoms(session, comptes, [])
  let nombre = 0
  async function* lignes(): AsyncGenerator<readonly Cell[]> {
    for await (const lot of parcourirEntrees(session, filtre)) {
      nombre += lot.length
      const references = await nommerDossiers(
        session,
        lot.flatMap(({ dossiers }) => dossiers),
      )
      for (const entree of lot)
        yield [
          number(entree.id),
          text(parisDateTime(entree.a).toString({ smallestUnit: 'second' }).replace('T', ' ')),
          text(noms.personne(entree)),
          text(noms.organisme(entree)),
          text(decrireAction(entree.action).libelle),
          text(entree.action),
          text(entree.resultat === 'fait' ? 'fait' : 'refusé'),
          text(entree.route),
          text(entree.objet),
          text(entree.objet_id),
          number(entree.nombre),
          text(entree.dossiers.flatMap((id) => references.get(id) ?? []).join(' ')),
        ]
    }
  }
  const construire = async (marque: Marque | null) => {
    const octets = await writeCsv({ name: 'Journal', header: COLONNES, rows: lignes(), mark: marquer(marque) })
    session.consigner({
      action: 'journal.exporter',
      details: { filtre: JSON.parse(JSON.stringify(filtre)), nombre },
    })
    return { nom: `journal-${session.jour}.csv`, type: 'text/csv; charset=utf-8', octets }
  }
  const { total } = await listerEntrees(session, filtre, { taille: 1 })
  return sortir(requete, { nombre: total, filtre: direDemande(requete.recherche), construire })
}
