import { AUTOMATISMES, type Engagement, ecrireReserve } from '#referentiel'
import { boolean, type Cell, number, text } from '#socle/tableur'
import { enFichier, type FormatExport } from '../export.tsx'
import { ecrireCondition, ecrirePhrase } from '../regles/phrase.ts'
import { ecrireSource, lireurDeParametres } from '../regles/regles.tsx'
import type { Reponse, Requete } from '../route.ts'
import { chercherEngagements, lireChoix, lireOrdre } from './filtre.ts'
import { cleCharte, type LectureCharte, lireCharte } from './lecture.ts'
import { ecrirePublics, MODES_COURTS, nommerEtape } from './libelles.ts'
import { ecrirePreuve, nommerPartenaire } from './liste.tsx'
import { ecrireTerme } from './terme.tsx'

type LireColonne = (engagement: Engagement, contexte: { lecture: LectureCharte; requete: Requete }) => Cell

/** Columns of the exported engagements: what the list shows, then what a sheet says in full. */
const COLONNES: readonly { readonly titre: string; readonly lire: LireColonne }[] = [
  {
    titre: 'Partenaire',
    lire: ({ partenaire }, { lecture }) => text(nommerPartenaire(lecture.charte.partenaires, partenaire)),
  },
  { titre: 'N°', lire: ({ numero }) => number(numero) },
  { titre: 'Engagement', lire: ({ libelle }) => text(libelle) },
  { titre: 'Étape', lire: ({ stade }) => text(nommerEtape(stade)) },
  { titre: 'Pour qui', lire: ({ publics }) => text(ecrirePublics(publics)) },
  { titre: 'Portage prévu', lire: ({ mode }) => text(MODES_COURTS[mode]) },
  {
    titre: 'Produit par Amont',
    lire: ({ automatisme }) => text(automatisme === undefined ? null : AUTOMATISMES[automatisme]),
  },
  {
    titre: 'Terme',
    lire: (engagement, { lecture, requete }) =>
      text(ecrireTerme(requete.session.delais, engagement, lecture.jourUtile)),
  },
  { titre: 'Preuve', lire: (engagement) => text(ecrirePreuve(engagement)) },
  {
    titre: 'Condition',
    lire: ({ si }, { requete }) =>
      text(si ? ecrirePhrase(ecrireCondition(si.texte, lireurDeParametres(requete.session))) : null),
  },
  { titre: 'Appréciation', lire: ({ appreciation }) => text(appreciation) },
  { titre: 'Limite', lire: ({ limite }) => text(limite) },
  { titre: 'Facultatif', lire: ({ facultatif }) => boolean(facultatif === true) },
  { titre: 'Source', lire: ({ source }) => text(ecrireSource(source)) },
  { titre: 'Réserve', lire: (engagement) => text(ecrireReserve(engagement)) },
]

/** GET /charte/engagements/export.<format>: every engagement the list shows under the same address, in the same order. */
export const exporterEngagements =
  (format: FormatExport) =>
  async (requete: Requete): Promise<Reponse> => {
    const lecture = lireCharte(requete)
    const choix = lireChoix(requete.recherche, lecture.charte)
    const engagements = chercherEngagements(lecture.charte, choix, lireOrdre(requete.recherche))
    return enFichier(
      `engagements-${cleCharte(lecture.charte)}`,
      {
        name: 'Engagements',
        header: COLONNES.map(({ titre }) => titre),
        rows: engagements.map((engagement) => COLONNES.map(({ lire }) => lire(engagement, { lecture, requete }))),
      },
      format,
    )
  }
