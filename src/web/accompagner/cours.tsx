import type { ReactElement } from 'react'
import type { Dossier, Fait } from '#dossiers'
import {
  type ActeDeProcedure,
  type Calendrier,
  calculerStade,
  type Decision,
  TYPES_ACTE,
  type TypeActe,
} from '#procedure'
import { formatDate, formatDateLongue, formatMontant } from '#socle/typography'
import { Carte, type EcheanceFrise, estRevolue, etatEcheance, Frise, type RepereFrise } from '../composants/index.ts'
import type { DossierLu } from './lecture.ts'
import { ecrireCode, etapeCourte, etapeLongue, libellesCanal } from './libelles.ts'

const estTypeActe = (type: string): type is TypeActe => Object.hasOwn(TYPES_ACTE, type)

/** Signalements that are no act date the arrears. */
const typeActe = (type: string): TypeActe => (estTypeActe(type) ? type : 'impaye')

function enProcedure(dossier: Dossier): ActeDeProcedure[] {
  return dossier.actes.map((acte) => ({
    id: acte.signalement,
    type: typeActe(acte.type),
    le: Temporal.PlainDate.from(acte.le),
    ...(acte.decision ? { decision: acte.decision as Decision } : {}),
  }))
}

/** The steps the dossier went through, each from the act that dates it (DOS-01). */
export function listerEtapes(
  dossier: Dossier,
  jour: Temporal.PlainDate,
): { readonly libelle: string; readonly du: Temporal.PlainDate; readonly courante: boolean }[] {
  const actes = enProcedure(dossier)
  const etapes: { etape: string; du: Temporal.PlainDate }[] = []
  const jours = [...new Set(actes.map(({ le }) => le.toString()))].sort().map((le) => Temporal.PlainDate.from(le))
  for (const le of jours.filter((un) => Temporal.PlainDate.compare(un, jour) <= 0)) {
    const { etape } = calculerStade(actes, le)
    if (etape !== etapes.at(-1)?.etape) etapes.push({ etape, du: le })
  }
  return etapes.map(({ etape, du }, rang) => ({
    libelle: etapeCourte(etape),
    du,
    courante: rang === etapes.length - 1,
  }))
}

function listerActes(dossier: Dossier, jour: Temporal.PlainDate): RepereFrise[] {
  const actes = dossier.actes.map((acte): RepereFrise => {
    const type = typeActe(acte.type)
    const montant = acte.montant === undefined ? undefined : `dette de ${formatMontant(acte.montant)}`
    return {
      le: acte.le,
      libelle: type === 'impaye' ? 'Impayé signalé' : etapeCourte(type),
      detail: type === 'impaye' ? acte.organisme || undefined : (acte.tribunal ?? montant),
    }
  })
  const audience = dossier.audience_le
  if (!audience || Temporal.PlainDate.compare(audience, jour) < 0) return actes
  if (dossier.actes.some((acte) => acte.type === 'audience' && acte.le === audience.toString())) return actes
  const tribunal = dossier.actes.findLast((acte) => acte.audienceLe === audience.toString())?.tribunal
  return [...actes, { le: audience, libelle: 'Audience', detail: tribunal }]
}

/** Faits that still hold, in the order they came: what a person took back since is not drawn. The chronology keeps both. */
function quiTiennent(faits: readonly Fait[]): Fait[] {
  const tenus: Fait[] = []
  const retirer = (defait: (fait: Fait) => boolean) => {
    const rang = tenus.findLastIndex(defait)
    if (rang >= 0) tenus.splice(rang, 1)
  }
  for (const fait of faits.toSorted((a, b) => a.rang - b.rang)) {
    const { liste, rang } = fait.donnees
    if (fait.type === 'dossier.reaffectation_defaite') retirer(({ type }) => type === 'dossier.reaffecte')
    else if (fait.type === 'diagnostic.rouvert') retirer(({ type }) => type.startsWith('diagnostic.'))
    else if (fait.type === 'tableau.reponse_reprise')
      retirer(
        ({ type, donnees }) => type === 'menage.pris_en_charge' && donnees.liste === liste && donnees.rang === rang,
      )
    else tenus.push(fait)
  }
  return tenus
}

/** What partners did: contacts, lists sent and answered, decisions on the service. Below the line, as tributaries. */
function listerActions({ faits: tous, contacts, nomOrganisme }: DossierLu): RepereFrise[] {
  const faits = quiTiennent(tous)
  const service = ({ donnees }: Fait) => nomOrganisme(donnees.organisme) ?? undefined
  const cle = ({ le, donnees }: Fait): string => `${le} ${donnees.organisme}`
  const transmis = new Set(faits.filter(({ type }) => type === 'tableau.transmis').map(cle))
  const pris = new Set(faits.filter(({ type }) => type === 'menage.pris_en_charge').map(cle))
  const decrire = (fait: Fait): Omit<RepereFrise, 'le'> | null => {
    switch (fait.type) {
      case 'tableau.transmis':
        return {
          libelle: `Tableau n° ${fait.donnees.numero ?? '?'}${pris.has(cle(fait)) ? ', pris en charge' : ''}`,
          detail: service(fait),
        }
      case 'menage.pris_en_charge':
        // Answered the day the list was sent: one mark says both.
        if (transmis.has(cle(fait))) return null
        return { libelle: 'Pris en charge', detail: service(fait) }
      case 'diagnostic.transmis':
        return { libelle: 'Diagnostic transmis', detail: service(fait) }
      case 'diagnostic.non_realise':
        return { libelle: 'Diagnostic non réalisé', detail: service(fait) }
      case 'dossier.reaffecte':
        return { libelle: 'Autre service', detail: service(fait) }
      default:
        return null
    }
  }
  return [
    ...faits.flatMap((fait) => {
      const action = decrire(fait)
      return action ? [{ le: fait.le, ...action }] : []
    }),
    ...contacts
      .filter(({ retiree_a }) => retiree_a === null)
      .map(({ le, canal, aboutie, organisme_nom }) => ({
        le,
        libelle: `${ecrireCode(libellesCanal, canal)}${aboutie ? '' : ' sans suite'}`,
        detail: organisme_nom,
      })),
  ]
}

/** Dates still to be kept: what was kept shows as the act that kept it, and a term that is past has nothing to draw. */
function listerEcheances({ echeances, echeances_service }: Dossier, jour: Temporal.PlainDate): EcheanceFrise[] {
  return [...echeances, ...echeances_service]
    .filter((une) => !estRevolue(etatEcheance(une, jour)))
    .map(({ le, libelle, genre, calcul }) => ({ le, libelle, detail: calcul.split(',')[0], genre }))
}

function listerTreves(calendrier: Calendrier, debut: Temporal.PlainDate, fin: Temporal.PlainDate) {
  return calendrier.treves
    .filter(
      ({ du, jusquAu }) => Temporal.PlainDate.compare(du, fin) <= 0 && Temporal.PlainDate.compare(jusquAu, debut) >= 0,
    )
    .map(({ du, jusquAu }) => ({ libelle: `Trêve hivernale jusqu’au ${formatDate(jusquAu)}`, du, au: jusquAu }))
}

/** The course of a dossier, drawn from its acts, what partners did, its deadlines and the winter truce; null when nothing is dated. */
export function CoursDuDossier({
  lu,
  jour,
  calendrier,
  nom,
}: {
  lu: DossierLu
  jour: Temporal.PlainDate
  calendrier: Calendrier
  nom: string
}): ReactElement | null {
  const { dossier } = lu
  const etapes = listerEtapes(dossier, jour)
  const actes = listerActes(dossier, jour)
  const actions = listerActions(lu)
  const echeances = listerEcheances(dossier, jour)
  const jours = [...actes, ...actions, ...echeances]
    .map(({ le }) => (typeof le === 'string' ? Temporal.PlainDate.from(le) : le))
    .concat(jour)
    .toSorted(Temporal.PlainDate.compare)
  const [debut, fin] = [jours[0] ?? jour, jours.at(-1) ?? jour]
  if (actes.length === 0 && actions.length === 0) return null
  const suite = dossier.echeance_le ? ` Prochaine échéance le ${formatDate(dossier.echeance_le)}.` : ''
  return (
    <Carte
      titre="Le cours du dossier"
      id="cours"
      aside="Au-dessus, les actes de la procédure. Au-dessous, ce que les partenaires ont fait, et les échéances."
    >
      <Frise
        id="frise"
        titre={`Frise de la procédure, ${nom}`}
        description={`Du ${formatDate(debut)} au ${formatDate(fin)}. Au ${formatDateLongue(jour)}, étape : ${etapeLongue(dossier.stade)}.${suite} La liste complète suit la frise.`}
        aujourdhui={jour}
        etapes={etapes}
        actes={actes}
        actions={actions}
        echeances={echeances}
        periodes={listerTreves(calendrier, debut, fin)}
      />
    </Carte>
  )
}
