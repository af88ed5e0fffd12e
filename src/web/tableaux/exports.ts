import { join } from 'node:path'
import { libelleTerritoire, type Territoires } from '#referentiel'
import { type LigneListe, type Liste, lireListe } from '#repartition'
import { projectRoot } from '#socle/config'
import { renderPdf } from '#socle/pdf'
import { type Cell, cents, date, number, type Sheet, text, writeCsv, writeOds, writeXlsx } from '#socle/tableur'
import { formatDate, formatDateLongue, formatMontant, formatNombre, pluriel, typo } from '#socle/typography'
import { type Marque, marquer, sortir } from '../export.tsx'
import type { Reponse, Requete } from '../route.ts'
import { categories, decrireChangements, etapeCourte, etapeLongue, nommerListe } from './libelles.ts'

const TYPES = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  csv: 'text/csv; charset=utf-8',
  pdf: 'application/pdf',
} as const
export type FormatExport = keyof typeof TYPES

const libellesParc: Readonly<Record<string, string>> = { public: 'public', prive: 'privé' }
const jour = (texte: string | null): Temporal.PlainDate | null =>
  texte === null ? null : Temporal.PlainDate.from(texte)

/** Columns of the spreadsheet: what was frozen, then two empty ones where the service may answer and send the file back. */
const COLONNES: readonly {
  readonly titre: string
  readonly lire: (ligne: LigneListe, lieux: Territoires | undefined) => Cell
}[] = [
  { titre: 'N°', lire: ({ rang }) => number(rang) },
  { titre: 'Depuis le dernier tableau', lire: ({ categorie }) => text(categories[categorie].libelle) },
  { titre: 'Référence', lire: ({ instantane }) => text(instantane.reference) },
  { titre: 'Ménage', lire: ({ instantane }) => text(instantane.titulaire) },
  { titre: 'Date de naissance', lire: ({ instantane }) => date(jour(instantane.date_naissance)) },
  { titre: 'Enfants à charge', lire: ({ instantane }) => number(instantane.enfants) },
  { titre: 'Adresse', lire: ({ instantane }) => text(instantane.adresse) },
  { titre: 'Commune', lire: ({ instantane }) => text(instantane.commune) },
  {
    titre: 'Territoire',
    lire: ({ instantane }, lieux) =>
      text(instantane.territoire && lieux ? libelleTerritoire(lieux, instantane.territoire) : instantane.territoire),
  },
  { titre: 'Téléphones', lire: ({ instantane }) => text(instantane.telephones.join(', ')) },
  {
    titre: 'Parc',
    lire: ({ instantane }) =>
      text(instantane.parc === null ? null : (libellesParc[instantane.parc] ?? instantane.parc)),
  },
  { titre: 'Bailleur', lire: ({ instantane }) => text(instantane.bailleur) },
  { titre: 'Étape', lire: ({ instantane }) => text(etapeCourte(instantane.stade)) },
  { titre: 'Étape depuis le', lire: ({ instantane }) => date(jour(instantane.stade_le)) },
  { titre: 'Audience', lire: ({ instantane }) => date(jour(instantane.audience_le)) },
  { titre: 'Dette', lire: ({ instantane }) => cents(instantane.dette) },
  {
    titre: 'Changements',
    lire: ({ categorie, instantane }) =>
      text(categorie === 'change' ? decrireChangements(instantane).join(' ; ') : null),
  },
  {
    titre: 'Rang de la cascade',
    lire: ({ instantane }) => (instantane.rang_cascade > 0 ? number(instantane.rang_cascade) : null),
  },
  { titre: 'Pourquoi ce service', lire: ({ instantane }) => text(instantane.pourquoi) },
  { titre: 'Source', lire: ({ instantane }) => text(instantane.source) },
  { titre: 'Diagnostic avant', lire: ({ instantane }) => date(jour(instantane.diagnostic_avant)) },
  { titre: 'Réponse', lire: () => null },
  { titre: 'Motif', lire: () => null },
]

function enFeuille(liste: Liste, lignes: readonly LigneListe[], lieux: Territoires | undefined): Sheet {
  return {
    name: `${etapeCourte(liste.stade)} ${liste.annee}-${liste.numero}`,
    header: COLONNES.map(({ titre }) => titre),
    rows: lignes.map((ligne) => COLONNES.map(({ lire }) => lire(ligne, lieux))),
  }
}

const MODELE = join(projectRoot, 'src/web/tableaux/tableau.typ')

const GROUPES = [
  { categorie: 'nouveau', titre: 'Nouveaux ménages' },
  { categorie: 'change', titre: 'Ménages dont la situation a changé' },
  { categorie: 'sans_reponse', titre: 'Ménages sans réponse depuis un tableau précédent' },
] as const

/** What the PDF prints of one line: already in French, with its spaces. Only what was frozen: no answer, nothing of the day of printing. */
function enLigne({ rang, categorie, instantane }: LigneListe): Record<string, string> {
  const ne = instantane.date_naissance === null ? '' : `, né(e) le ${formatDate(instantane.date_naissance)}`
  const changements = categorie === 'change' ? decrireChangements(instantane) : []
  const situation = [
    etapeCourte(instantane.stade),
    instantane.stade_le === null ? '' : `depuis le ${formatDate(instantane.stade_le)}`,
    instantane.audience_le === null ? '' : `audience le ${formatDate(instantane.audience_le)}`,
  ]
  const bailleur = [
    instantane.parc === null ? '' : `parc ${libellesParc[instantane.parc] ?? instantane.parc}`,
    instantane.bailleur,
  ]
  const rangCascade = instantane.rang_cascade > 0 ? `Rang ${instantane.rang_cascade}` : 'Choisi par une personne'
  const champs = {
    numero: formatNombre(rang),
    menage: instantane.titulaire,
    precisions: `${instantane.reference}${ne}`,
    adresse: instantane.adresse,
    commune: [instantane.commune, instantane.telephones.join(', ')].filter((part) => part !== '').join(' · '),
    enfants: instantane.enfants === null ? '?' : formatNombre(instantane.enfants),
    dette: instantane.dette === null ? 'non connue' : formatMontant(instantane.dette),
    situation: situation.filter((part) => part !== '').join(', '),
    bailleur: bailleur.filter((part) => part !== '').join(', '),
    pourquoi: [...changements, instantane.pourquoi].join('. '),
    rang: `${rangCascade}. ${instantane.source}`,
  }
  return Object.fromEntries(Object.entries(champs).map(([cle, valeur]) => [cle, typo(valeur)]))
}

/** Data of the PDF of a list: its lines as frozen, grouped as in the list. */
export function donneesPdf(liste: Liste, lignes: readonly LigneListe[]): Record<string, unknown> {
  const delai =
    liste.repondre_avant === null
      ? 'Le département n’a pas réglé de délai de réponse.'
      : `Réponse attendue au plus tard le ${formatDateLongue(liste.repondre_avant)}.`
  return {
    titre: typo(`Tableau n° ${liste.numero} de ${liste.annee} : ${liste.organisme_nom}`),
    sous_titre: typo(`Étape « ${etapeLongue(liste.stade)} », ${pluriel(liste.lignes, 'ménage', 'ménages')}`),
    figee: typo(`Figé le ${formatDateLongue(liste.date_liste)}. ${delai}`),
    mention: typo(
      'Données personnelles, réservées au service destinataire. Prendre un ménage ouvre deux mois pour le diagnostic, à partir de la date du tableau.',
    ),
    pied: typo(
      `${nommerListe(liste)}, ${liste.organisme_nom}, ${etapeCourte(liste.stade)}. Empreinte ${liste.empreinte.slice(0, 16)}`,
    ),
    groupes: GROUPES.flatMap(({ categorie, titre }) => {
      const siennes = lignes.filter((ligne) => ligne.categorie === categorie)
      return siennes.length === 0
        ? []
        : [{ titre: typo(`${titre} (${formatNombre(siennes.length)})`), lignes: siennes.map(enLigne) }]
    }),
  }
}

/** GET /tableaux/:id/tableau.<format>: the list exactly as it was frozen, whatever happened since. */
export function exporterListe(format: FormatExport): (requete: Requete) => Promise<Reponse> {
  return async (requete) => {
    const { session, parametres } = requete
    const consultation = { action: 'liste.exporter', details: { format } }
    const { liste, lignes } = await lireListe(session, parametres.id ?? '', consultation)
    const lieux = session.referentiel.departements.get(session.dept)?.territoires
    const construire = async (marque: Marque | null) => {
      const feuille = { ...enFeuille(liste, lignes, lieux), mark: marquer(marque) }
      const ecrire = {
        xlsx: () => writeXlsx(feuille),
        ods: () => writeOds(feuille),
        csv: () => writeCsv(feuille),
        pdf: () => renderPdf(MODELE, { ...donneesPdf(liste, lignes), ...filigrane(marque) }),
      }
      return {
        nom: `tableau-${liste.annee}-${String(liste.numero).padStart(3, '0')}-${liste.stade.replaceAll('_', '-')}.${format}`,
        type: TYPES[format],
        octets: await ecrire[format](),
      }
    }
    return sortir(requete, { nombre: lignes.length, filtre: nommerListe(liste), construire })
  }
}

/** Written across every page of a numbered copy, and in words under its title. */
const filigrane = (marque: Marque | null): Record<string, unknown> =>
  marque ? { filigrane: typo(`Copie n° ${marque.copie}`), copie: marque.lignes } : {}
