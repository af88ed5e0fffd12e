import { listerOrganismes, type Session } from '#acces'
import { lireVoletsTermines, type VoletTermine } from '#diagnostics'
import type { Dossier } from '#dossiers'
import { type Reprise, type Reprises, signerFormulaire } from '#formulaires'
import { listerDestinataires, noter } from '#notifications'
import { engagerSurDemande } from '#participations'
import { parametre, trouverDepartement } from '#referentiel'
import type { Keyring } from '#socle/cipher'
import { refus } from '#socle/errors'
import { formatDate } from '#socle/typography'
import { reprisesDeSaisine } from './reprises.ts'

/** The file asked of the housing solidarity fund: the same questions as the referral and the diagnosis, never asked twice (DSF-32). */
export const FORMULAIRE_FSL = 'dossier-fsl'
export const NIVEAU_FSL = 'remise'
/** Why the fund takes part in the dossier, as its readers see it. */
const MOTIF_FSL = 'Demande d’aide remise au fonds'

/** Amounts of the financial part that the file asks as they are. */
const MEMES = [
  'salaires',
  'retraites',
  'chomage',
  'maladie',
  'autres_revenus',
  'rsa',
  'prime_activite',
  'plan_mensualite',
  'plan_duree',
]
/** Those it asks together: each near health is read with the others, nothing names it. */
const ENSEMBLE = {
  prestations_familiales: ['af', 'cf', 'asf'],
  autres_prestations: ['autres_prestations', 'aah'],
} as const

/** Resources and plan, as the finished financial part says them to this reader. */
export function reprendreRessources(volets: readonly VoletTermine[]): Reprises {
  const reprises: Record<string, Reprise> = {}
  for (const { le, valeurs } of volets) {
    const provenance = `diagnostic, volet du ${formatDate(le)}`
    const montant = (code: string): number | null => (typeof valeurs[code] === 'number' ? valeurs[code] : null)
    for (const code of MEMES) {
      const valeur = montant(code)
      if (valeur !== null) reprises[code] = { valeur, provenance }
    }
    for (const [code, parts] of Object.entries(ENSEMBLE)) {
      const donnes = parts.flatMap((part) => montant(part) ?? [])
      if (donnes.length > 0) reprises[code] = { valeur: donnes.reduce((total, un) => total + un, 0), provenance }
    }
    const demande = montant('fsl_demande')
    if (demande !== null) reprises.montant_demande = { valeur: demande, provenance }
  }
  return reprises
}

/** What a file begins with: the dossier and its step, then what the last diagnosis answers, each under its source. */
export async function reprisesDuFsl(session: Session, cles: Keyring, dossier: Dossier): Promise<Reprises> {
  const communes = await reprisesDeSaisine(session, cles, dossier)
  return {
    ...communes,
    ...(dossier.stade === null ? {} : { etape: { valeur: dossier.stade, provenance: 'dossier' } }),
    ...reprendreRessources(await lireVoletsTermines(session, cles, dossier)),
  }
}

/** The yearly ceiling of the fund, as the département set it: recalled at each request (DOS-14). */
export function lirePlafondFsl({ referentiel, dept, jour }: Pick<Session, 'referentiel' | 'dept' | 'jour'>) {
  const departement = trouverDepartement(referentiel, dept)
  if (!departement) throw new Error(`département ${dept} absent from the référentiel`)
  return parametre(departement, 'plafond_fsl_annuel', jour)
}

/**
 * Hands a file over: signed and frozen, the fund reads it from then on, with what the matrix opens to it of the dossier: being asked is its reason to read. Its people
 * are told. What the level asks for must be there.
 */
export async function remettreAuFsl(
  session: Session,
  cles: Keyring,
  dossier: Dossier,
  demande: {
    readonly id: string
    readonly vu: number
    readonly marque: string
    readonly manque: readonly string[]
    readonly entete: readonly { readonly libelle: string; readonly valeur: string }[]
  },
): Promise<void> {
  if (demande.manque.length > 0) throw refus('fsl.manque', `Il manque encore : ${demande.manque.join(' ; ')}.`)
  const fonds = (await listerOrganismes(session)).filter(({ type }) => type === 'fsl').map(({ id }) => id)
  await signerFormulaire(session, cles, dossier, {
    id: demande.id,
    vu: demande.vu,
    marque: demande.marque,
    lecteurs: fonds,
    entete: demande.entete,
  })
  for (const organisme of fonds) await engagerSurDemande(session, dossier.id, { organisme, motif: MOTIF_FSL })
  await noter(session, [
    {
      genre: 'fsl',
      destinataires: await listerDestinataires(session, fonds, 'fsl.consulter'),
      dossier: dossier.id,
      objet: demande.id,
    },
  ])
}
