import { type Document, isMap, isSeq, parseDocument, type YAMLMap } from 'yaml'
import type { Session } from '#acces'
import type { DepartementCharge, GenreVersion, Referentiel } from '#referentiel'
import { refus } from '#socle/errors'
import { essayerLecture, listerTextesApprouves } from './lecture.ts'
import { cleLocale, cleParametres, ecrireDates, lireDepartement, lireTexteLivre } from './texte.ts'
import type { VersionLocale } from './types.ts'

/** A file ready to be put under `donnees/`: new, or a shipped one that changes. */
export interface FichierExporte {
  readonly chemin: string
  readonly texte: string
  readonly nouveau: boolean
}

/** The document of the département a version belongs to on its day: where its file goes. */
function dossierDuDocument(departement: DepartementCharge, jour: Temporal.PlainDate): string {
  const { chartes } = departement
  const document = chartes.findLast(({ du }) => Temporal.PlainDate.compare(du, jour) <= 0) ?? chartes[0]
  if (!document) throw new Error(`no document in ${departement.dossier}`)
  return document.id
}

/**
 * The files of a version, as the repository would ship it: a file of rules beside the one in force, whose end is brought forward to the day before; or the
 * settings of the département with the new values in their place. What another version approved afterwards changed is left to that one.
 */
export async function exporterVersion(session: Session, version: VersionLocale): Promise<FichierExporte[]> {
  const departement = lireDepartement(session)
  const cle = cleLocale(session.dept, version.genre, version.numero)
  if (essayerLecture(version.genre, version.texte, cle).lue === null)
    throw refus('version.illisible', 'Le texte de cette version a des fautes : les corriger avant de l’exporter.')
  if (version.genre === 'parametres') return [await exporterReglages(session, version)]
  const suite = version.genre === 'repartition' ? departement.repartitions : departement.criteres
  // Once approved, a successor may have brought its end forward.
  const fin = suite.find(({ id }) => id === cle)?.jusqu_au ?? version.jusqu_au
  const texte = version.jusqu_au ? ecrireDates(version.texte, version.du, fin) : version.texte
  const nouveau = {
    chemin: `${dossierDuDocument(departement, version.du)}/${version.genre}-${version.du}.yaml`,
    texte: texte.endsWith('\n') ? texte : `${texte}\n`,
    nouveau: true,
  }
  return [nouveau, ...(await avancerLaFin(session, version.genre, version.du))]
}

/** The shipped file in force until then, when it says an end beyond: two files that overlap stop the start. */
async function avancerLaFin(
  session: Session,
  genre: Exclude<GenreVersion, 'parametres'>,
  du: Temporal.PlainDate,
): Promise<FichierExporte[]> {
  const livre: Referentiel = session.referentiel.livre ?? session.referentiel
  const departement = lireDepartement({ dept: session.dept, referentiel: livre })
  const suite = genre === 'repartition' ? departement.repartitions : departement.criteres
  const precedente = suite.findLast((une) => Temporal.PlainDate.compare(une.du, du) < 0)
  if (!precedente?.jusqu_au || Temporal.PlainDate.compare(precedente.jusqu_au, du) < 0) return []
  const texte = await lireTexteLivre(session, precedente.id)
  return [
    {
      chemin: `${precedente.id}.yaml`,
      texte: ecrireDates(texte, precedente.du, du.subtract({ days: 1 })),
      nouveau: false,
    },
  ]
}

/** The whole file of settings, comments kept: the versions approved up to this one stand after those they follow. */
async function exporterReglages(session: Session, version: VersionLocale): Promise<FichierExporte> {
  const departement = lireDepartement(session)
  const chemin = cleParametres(departement)
  const document = parseDocument(await lireTexteLivre(session, chemin))
  const approuvees = await listerTextesApprouves(session, session.dept)
  const cle = cleLocale(session.dept, version.genre, version.numero)
  const textes = [
    ...approuvees.filter((une) => une.genre === 'parametres' && une.cle !== cle).map(({ texte }) => texte),
    version.texte,
  ]
  for (const texte of textes) ajouterReglages(document, texte, version.du)
  return {
    chemin: `${chemin}.yaml`,
    texte: document.toString({ lineWidth: 0, flowCollectionPadding: true }),
    nouveau: false,
  }
}

const lireJourEcrit = (map: YAMLMap, cle: string): Temporal.PlainDate | null => {
  const valeur = map.get(cle)
  return valeur === undefined || valeur === null ? null : Temporal.PlainDate.from(String(valeur))
}

function ajouterReglages(document: Document, texte: string, jusqua: Temporal.PlainDate): void {
  const source = parseDocument(texte)
  const reglages = source.get('parametres')
  if (!isMap(reglages)) return
  for (const { key, value } of reglages.items) {
    const cle = String(key)
    const versions = isMap(value) ? value.get('versions') : null
    const nouvelle = isSeq(versions) ? versions.items[0] : null
    if (!isMap(nouvelle)) continue
    const du = lireJourEcrit(nouvelle, 'du')
    if (!du || Temporal.PlainDate.compare(du, jusqua) > 0) continue
    const suite = document.getIn(['parametres', cle, 'versions'])
    if (!isSeq(suite)) {
      document.setIn(['parametres', cle], value)
      continue
    }
    const restent = suite.items.filter((item): item is YAMLMap => isMap(item) && !lireJourEcrit(item, 'du')?.equals(du))
    const ordonnees = [...restent, nouvelle].sort((a, b) =>
      Temporal.PlainDate.compare(lireJourEcrit(a, 'du') ?? du, lireJourEcrit(b, 'du') ?? du),
    )
    for (const [rang, item] of ordonnees.entries()) {
      const suivante = ordonnees[rang + 1]
      const veille = suivante && lireJourEcrit(suivante, 'du')?.subtract({ days: 1 })
      const fin = lireJourEcrit(item, 'jusqu_au')
      if (veille && fin && Temporal.PlainDate.compare(fin, veille) > 0) item.set('jusqu_au', veille.toString())
    }
    suite.items = ordonnees
  }
}
