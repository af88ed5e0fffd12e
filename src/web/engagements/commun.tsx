import { randomUUID } from 'node:crypto'
import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import { ETATS, type EtatTache, type Tache, TOUTE_ETAPE } from '#engagements'
import { decrireEtape, ETAPES, type Etape } from '#procedure'
import { type Charte, PORTAGES_AMONT, PREUVES } from '#referentiel'
import { isUuid } from '#socle/text'
import { pluriel } from '#socle/typography'
import { Etiquette, type NomIcone, PuceEcheance, type Ton } from '../composants/index.ts'
import { champ, type Message, type Requete } from '../route.ts'

export const estId = (texte: string | undefined): texte is string => texte !== undefined && isUuid(texte)

const estEtape = (texte: string): texte is Etape => (ETAPES as readonly string[]).includes(texte)
const HORS_ETAPE: Readonly<Record<string, string>> = { [TOUTE_ETAPE]: 'À toute étape' }
export const nommerEtape = (stade: string): string =>
  estEtape(stade) ? decrireEtape(stade).libelle : (HORS_ETAPE[stade] ?? stade)
export const etapeCourte = (stade: string): string =>
  estEtape(stade) ? decrireEtape(stade).court : (HORS_ETAPE[stade] ?? stade)

const ASPECTS = {
  retard: { ton: 'retard' },
  semaine: { ton: 'bientot' },
  a_faire: { ton: 'neutre' },
  a_apprecier: { ton: 'reserve' },
  a_verifier: { ton: 'reserve' },
  proposee: { ton: 'neutre' },
  hors_amont: { ton: 'neutre' },
  faite: { ton: 'tenu' },
  empechee: { ton: 'info', icone: 'non' },
  sans_objet: { ton: 'neutre', icone: 'non' },
} as const satisfies Record<EtatTache, { ton: Ton; icone?: NomIcone }>

/** The state of a task: a word, an icon, never the colour alone. */
export function EtatEngagement({ etat }: { etat: EtatTache }): ReactElement {
  const aspect: { ton: Ton; icone?: NomIcone } = ASPECTS[etat]
  return (
    <Etiquette ton={aspect.ton} icone={aspect.icone}>
      {ETATS[etat]}
    </Etiquette>
  )
}

/** The term of a task: its date and where it comes from, or the words of the charter. */
export function EcheanceEngagement({ tache, jour }: { tache: Tache; jour: Temporal.PlainDate }): ReactElement {
  const { echeance_le: le, echeance, lu } = tache
  if (le === null) {
    const terme = lu?.echeance
    if (terme === 'etape' || terme === undefined)
      return <>{tache.stade === TOUTE_ETAPE ? 'Sans date' : 'Avant l’étape suivante'}</>
    return <>Dès que le délai court</>
  }
  return (
    <PuceEcheance
      aujourdhui={jour}
      echeance={{
        libelle: echeance?.libelle ?? 'Sans attendre',
        le,
        genre: tache.etat_montre === 'retard' || tache.etat === 'a_faire' ? 'tache' : 'terme',
        ...(tache.etat === 'faite' && tache.fait_le ? { tenueLe: tache.fait_le } : {}),
        depart: echeance?.depart ?? 'Jour où Amont l’a su',
        calcul: echeance?.calcul ?? 'Sans attendre',
        source: echeance?.source ?? 'Charte du département',
        fiabilite: echeance?.fiabilite ?? 'Charte du département',
        ...(echeance?.aVerifier ? { aVerifier: true } : {}),
      }}
    />
  )
}

/** « Engagement 8 du Département ». */
export function nommerTache(tache: Pick<Tache, 'engagement' | 'partenaire'>, charte: Charte | null): string {
  const numero = tache.engagement.split('/').at(-1) ?? ''
  const partenaire =
    charte?.partenaires.find(({ id }) => id === tache.partenaire) ??
    charte?.generaux.find(({ id }) => `generaux/${id}` === tache.partenaire)
  return `Engagement ${numero} ${partenaire?.complement ?? tache.partenaire}`
}

/** What Amont does of an automatic engagement today: never more than it does. */
export function direPortage({ mode, lu, prouvable }: Pick<Tache, 'mode' | 'lu' | 'prouvable'>): string | null {
  if (mode !== 'automatique') return null
  if (lu?.amont === undefined && prouvable) return 'Se clôt seul quand le dossier en porte la preuve.'
  return lu?.amont ? `${PORTAGES_AMONT[lu.amont]}.` : 'À faire hors d’Amont pour l’instant : dire ici quand c’est fait.'
}

/** What is expected as a proof, in words. */
export const direPreuve = (tache: Pick<Tache, 'lu'>): string | null =>
  tache.lu?.preuve === undefined ? null : PREUVES[tache.lu.preuve]

/** Whether the reader may close a task: their own organisme's, or any for the secretariat. */
export const peutTenir = ({ acteur }: Pick<Requete, 'acteur'>, { organisme }: Pick<Tache, 'organisme'>): boolean =>
  aLeDroit(acteur, 'engagement.tenir') && (organisme === acteur.organisme || acteur.role === 'secretariat')

/** A mark drawn with the form: sent twice, it writes once. */
export const nouvelEnvoi = (): string => randomUUID()
export const lireEnvoi = (requete: Requete): string => {
  const lu = champ(requete, 'envoi')
  return estId(lu) ? lu : randomUUID()
}

/** Only pages of this work may follow an act. */
export const lireRetour = (texte: string | undefined): string =>
  texte !== undefined && /^\/(?:engagements|dossiers\/[\w-]+\/engagements)(?:\/[\w-]+)?(?:\?[^#\s]*)?$/.test(texte)
    ? texte
    : '/engagements'

/** What an act did, with the way back. */
export function direFait(
  { taches, envoi }: { readonly taches: number; readonly envoi: string },
  fait: readonly [string, string],
  retour: string,
): Message {
  return {
    texte: `${pluriel(taches, 'engagement', 'engagements')} ${taches < 2 ? fait[0] : fait[1]}.`,
    ton: 'tenu',
    defaire: { action: '/engagements/defaire', libelle: 'Défaire', champs: { envoi, retour } },
  }
}
