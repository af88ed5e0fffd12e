import type { Session } from '#acces'
import { decrireEtape, ETAPES, type Etape } from '#procedure'
import { parametre } from '#referentiel'
import type { CategorieLigne, Instantane, Liste, ReponseLigne } from '#repartition'
import { formatDate, formatMontant } from '#socle/typography'
import type { EcheanceAffichee, NomIcone, Ton } from '../composants/index.ts'

const estEtape = (code: string): code is Etape => (ETAPES as readonly string[]).includes(code)

/** Short name of a step, as in titles and tabs. A code that is not there is shown as it is. */
export const etapeCourte = (code: string): string => (estEtape(code) ? decrireEtape(code).court : code)

/** Full name of a step. */
export const etapeLongue = (code: string): string => (estEtape(code) ? decrireEtape(code).libelle : code)

/** Why a line is in the list, in the order of the list. */
export const categories = {
  nouveau: { libelle: 'Nouveau', ton: 'info', icone: 'plus' },
  change: { libelle: 'Changé', ton: 'bientot', icone: 'maj' },
  sans_reponse: { libelle: 'Sans réponse', ton: 'retard', icone: 'retard' },
} as const satisfies Record<CategorieLigne, { libelle: string; ton: Ton; icone: NomIcone }>

/** Answers as they are read on a button. */
export const reponsesCourtes = {
  connu: 'Connu, pris',
  a_son_tour: 'Pris à notre tour',
  pas_pour_nous: 'Pas pour nous',
} as const satisfies Record<ReponseLigne, string>

export const estReponse = (valeur: string): valeur is ReponseLigne => Object.hasOwn(reponsesCourtes, valeur)

/** « Tableau n° 12 de 2026 ». */
export const nommerListe = ({ numero, annee }: Pick<Liste, 'numero' | 'annee'>): string =>
  `Tableau n° ${numero} de ${annee}`

/** Delay a service has to answer, on the day of its list, with where it comes from. */
export function lireDelaiReponse(session: Pick<Session, 'referentiel' | 'dept'>, jour: Temporal.PlainDate) {
  const departement = session.referentiel.departements.get(session.dept)
  if (!departement) throw new Error(`département ${session.dept} absent from the référentiel`)
  return parametre(departement, 'reponse_par_rang_delai', jour)
}

/** Day of the week the lists leave, in French; Monday when the département says nothing. */
export function jourDesTableaux(session: Pick<Session, 'referentiel' | 'dept' | 'jour'>): string {
  const departement = session.referentiel.departements.get(session.dept)
  const reponse = departement && parametre(departement, 'tableaux_jour_envoi', session.jour)
  return reponse?.etat === 'valeur' ? reponse.valeur : 'lundi'
}

/** The day an answer is due, with its source; null when the département sets no delay. */
export function echeanceReponse(session: Pick<Session, 'referentiel' | 'dept'>, liste: Liste): EcheanceAffichee | null {
  if (liste.repondre_avant === null) return null
  const delai = lireDelaiReponse(session, liste.date_liste)
  const jours = liste.date_liste.until(liste.repondre_avant, { largestUnit: 'days' }).days
  return {
    libelle: 'Répondre au tableau',
    le: liste.repondre_avant,
    genre: 'tache',
    depart: `Tableau du ${formatDate(liste.date_liste)}`,
    calcul: `${jours} jours pour répondre`,
    source: delai.etat === 'valeur' ? delai.source.titre : 'Délai en vigueur le jour du tableau',
    fiabilite: delai.etat === 'valeur' ? (delai.reserve ?? 'Confirmée') : 'À vérifier',
    aVerifier: delai.etat !== 'valeur' || delai.reserve !== null,
    ...(delai.etat === 'valeur' && delai.reserve !== null ? { reserve: `Délai à vérifier : ${delai.reserve}.` } : {}),
  }
}

/** The debt of a line, in words when nobody gave it. */
export const ecrireDette = (centimes: number | null): string =>
  centimes === null ? 'non connue' : formatMontant(centimes)

/** What changed in a household since the line the service last received, in French sentences. */
export function decrireChangements({ precedente, ...maintenant }: Instantane): string[] {
  if (precedente === null) return []
  const changements: string[] = []
  if (precedente.stade !== maintenant.stade)
    changements.push(`Étape : ${etapeCourte(precedente.stade)}, puis ${etapeCourte(maintenant.stade)}`)
  if (precedente.dette !== maintenant.dette) {
    changements.push(
      precedente.dette === null || maintenant.dette === null
        ? `Dette ${maintenant.dette === null ? 'plus connue' : `connue : ${formatMontant(maintenant.dette)}`}`
        : `Dette passée de ${formatMontant(precedente.dette)} à ${formatMontant(maintenant.dette)}`,
    )
  }
  if (precedente.audience_le !== maintenant.audience_le && maintenant.audience_le !== null) {
    changements.push(
      `Audience ${precedente.audience_le === null ? 'fixée' : 'déplacée'} au ${formatDate(maintenant.audience_le)}`,
    )
  }
  if (precedente.adresse !== maintenant.adresse)
    changements.push(`Nouvelle adresse, avant : ${precedente.adresse || 'non connue'}`)
  if (precedente.titulaire !== maintenant.titulaire) changements.push(`Nom corrigé, avant : ${precedente.titulaire}`)
  return changements
}
