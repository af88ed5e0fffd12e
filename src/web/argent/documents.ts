import { join } from 'node:path'
import { enVigueur, estDu, listerEcritures, nommerEcriture, suivrePlan } from '#apurements'
import { ORIGINES_PLAN } from '#calculs'
import type { Dossier } from '#dossiers'
import { projectRoot } from '#socle/config'
import { renderPdf } from '#socle/pdf'
import { cents, date, text } from '#socle/tableur'
import { formatDate, formatMontant, typo } from '#socle/typography'
import { nommerDossier } from '../accompagner/menage.ts'
import { ouvrirDossier } from '../espaces.tsx'
import { ecrireFichier, type FormatExport, marquer, sortir } from '../export.tsx'
import type { Reponse, Requete } from '../route.ts'
import { lirePlan } from './plans.tsx'

const MODELE = join(projectRoot, 'src/web/argent/document.typ')

/** What a printed document of this folder says. */
interface Document {
  readonly titre: string
  readonly chapo: string
  readonly colonnes: readonly string[]
  readonly lignes: readonly (readonly string[])[]
  readonly pied: readonly string[]
  readonly notes: readonly string[]
}

export async function imprimer({ titre, chapo, colonnes, lignes, pied, notes }: Document): Promise<Uint8Array> {
  const data = {
    titre: typo(titre),
    chapo: typo(chapo),
    colonnes: colonnes.map(typo),
    lignes: lignes.map((ligne) => ligne.map(typo)),
    pied: pied.map(typo),
    notes: notes.map(typo),
  }
  return renderPdf(MODELE, data)
}

/**
 * An advice on what payments pay, as far as it may be given: a household under Visale is not told to choose (OUT-04). Nobody said whether it is, or this reader
 * does not read it: the exception is said.
 */
export function conseiller({ menage }: Pick<Dossier, 'menage'>, conseil: string): readonly string[] {
  if (menage.garantieVisale) return []
  return [
    menage.garantieVisale === false
      ? conseil.replace(/^./, (lettre) => lettre.toUpperCase())
      : `Sauf garantie Visale, ${conseil}`,
  ]
}

/** GET /dossiers/:reference/argent/plans/:plan/echeancier.pdf: the schedule, to give to the household and to the landlord (OUT-08). */
export async function imprimerEcheancier(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const plan = await lirePlan(requete, dossier)
  const suivi = suivrePlan(plan, await listerEcritures(session, dossier.id), session.jour)
  session.consigner({ action: 'argent.imprimer', objet: 'plan', objetId: plan.id, dossiers: [dossier.id] })
  return sortir(requete, {
    nombre: 1,
    filtre: `échéancier du plan du ${formatDate(plan.conclu_le)}`,
    construire: async () => ({
      nom: `echeancier-${dossier.reference}.pdf`,
      type: 'application/pdf',
      octets: await imprimer({
        titre: 'Échéancier du plan d’apurement',
        chapo: `${nommerDossier(dossier)}, dossier ${dossier.reference}. ${ORIGINES_PLAN[plan.origine]}, ${formatDate(plan.conclu_le)}. Dette de ${formatMontant(plan.dette)}, état au ${formatDate(session.jour)}.`,
        colonnes: ['À payer le', 'Montant', 'Payé', 'Reste'],
        lignes: suivi.echeances.map(({ rang, le, centimes, paye, reste }) => [
          `${rang}. ${formatDate(le)}`,
          formatMontant(centimes),
          formatMontant(paye),
          formatMontant(reste),
        ]),
        pied: ['Total', formatMontant(plan.dette), formatMontant(suivi.verse), formatMontant(suivi.restant)],
        notes: [
          'Le loyer et les charges de chaque mois restent dus, en plus de ces mensualités.',
          ...conseiller(dossier, 'dire à chaque versement ce qu’il paie : le loyer du mois, ou la mensualité du plan.'),
          plan.cadre.texte,
          ...plan.cadre.reserves,
        ],
      }),
    }),
  })
}

/** GET /dossiers/:reference/argent/releve.xlsx|ods|csv: the ledger, through the gate. */
async function exporter(requete: Requete, format: FormatExport): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const ecritures = enVigueur(await listerEcritures(session, dossier.id))
  session.consigner({
    action: 'argent.exporter',
    objet: 'dossier',
    objetId: dossier.id,
    dossiers: [dossier.id],
    details: { format, lignes: ecritures.length },
  })
  return sortir(requete, {
    nombre: ecritures.length,
    filtre: `dette et versements du dossier ${dossier.reference}`,
    construire: (marque) => {
      let solde = 0
      const rows = ecritures.map((ecriture) => {
        const du = estDu(ecriture.genre)
        solde += du ? ecriture.centimes : -ecriture.centimes
        return [
          date(ecriture.le),
          text(nommerEcriture(ecriture)),
          text(ecriture.precision),
          cents(du ? ecriture.centimes : null),
          cents(du ? null : ecriture.centimes),
          cents(solde),
          text(ecriture.organisme_nom),
        ]
      })
      const mark = marquer(marque)
      return ecrireFichier(
        `dette-${dossier.reference}`,
        {
          name: 'Dette',
          header: ['Date', 'Ligne', 'Précision', 'Dû', 'Reçu', 'Reste dû', 'Saisi par'],
          rows,
          ...(mark ? { mark } : {}),
        },
        format,
      )
    },
  })
}

export const exporterReleve =
  (format: FormatExport) =>
  (requete: Requete): Promise<Reponse> =>
    exporter(requete, format)
