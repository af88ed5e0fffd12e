import { type Calendrier, trouverTreve } from './calendrier.ts'
import { type CodeGenre, decrireGenre } from './catalogue.ts'
import type { GroupeActe } from './champs-acte.ts'
import { type ActeConsigne, estDUneProcedure, garderCycle, listerConnus, recommence } from './consignes.ts'
import { ecrireJour } from './ecriture.ts'

/** A sequence that the law does not expect. It is said, and never stops an honest record. */
export interface Avertissement {
  readonly code: string
  /** The act it is about. */
  readonly acte: string
  readonly texte: string
  readonly groupe: GroupeActe
}

/** Acts that usually come after another: without it, something is missing or wrong. */
const ATTENDUS: readonly (readonly [genre: CodeGenre, avant: readonly CodeGenre[], phrase: string])[] = [
  [
    'assignation',
    ['commandement_de_payer'],
    'une assignation suit d’ordinaire un commandement de payer : il manque, ou le bail est résilié pour une autre cause',
  ],
  ['audience', ['assignation'], 'une audience suppose une assignation, qui n’est pas connue'],
  ['jugement', ['assignation'], 'un jugement suppose une assignation, qui n’est pas connue'],
  ['jugement_signifie', ['jugement'], 'le jugement signifié n’est pas connu'],
  ['appel', ['jugement'], 'un appel suppose un jugement, qui n’est pas connu'],
  ['delais_respectes', ['jugement'], 'le jugement qui accorde ces délais n’est pas connu'],
  ['delais_non_respectes', ['jugement'], 'le jugement qui accorde ces délais n’est pas connu'],
  [
    'commandement_de_quitter_les_lieux',
    ['jugement'],
    'un commandement de quitter les lieux suppose un jugement, qui n’est pas connu',
  ],
  ['jex_decision', ['jex_saisi'], 'la saisine du juge de l’exécution n’est pas connue'],
  ['protocole_signe', ['jugement'], 'un protocole suppose un bail résilié : le jugement n’est pas connu'],
  ['protocole_elan', ['jugement'], 'un protocole « loi ELAN » suppose un bail résilié : le jugement n’est pas connu'],
  ['protocole_respecte', ['protocole_signe', 'protocole_elan'], 'la signature du protocole n’est pas connue'],
  ['protocole_defaillant', ['protocole_signe', 'protocole_elan'], 'la signature du protocole n’est pas connue'],
  ['protocole_renegocie', ['protocole_signe', 'protocole_elan'], 'la signature du protocole n’est pas connue'],
  ['protocole_denonce', ['protocole_signe', 'protocole_elan'], 'la signature du protocole n’est pas connue'],
  [
    'requisition_force_publique',
    ['commandement_de_quitter_les_lieux'],
    'une réquisition suppose un commandement de quitter les lieux, qui n’est pas connu',
  ],
  ['refus_implicite', ['requisition_force_publique'], 'la réquisition n’est pas connue'],
  ['refus_concours', ['requisition_force_publique'], 'la réquisition n’est pas connue'],
  [
    'concours_force_publique',
    ['requisition_force_publique'],
    'le concours suppose une réquisition, qui n’est pas connue',
  ],
  [
    'tentative_expulsion',
    ['commandement_de_quitter_les_lieux'],
    'une tentative d’expulsion suppose un commandement de quitter les lieux, qui n’est pas connu',
  ],
  [
    'expulsion',
    ['commandement_de_quitter_les_lieux'],
    'une expulsion suppose un commandement de quitter les lieux, qui n’est pas connu',
  ],
  ['surendettement_recevable', ['surendettement_depose'], 'le dépôt du dossier de surendettement n’est pas connu'],
  [
    'surendettement_plan',
    ['surendettement_recevable'],
    'la recevabilité du dossier de surendettement n’est pas connue',
  ],
  [
    'surendettement_moratoire',
    ['surendettement_recevable'],
    'la recevabilité du dossier de surendettement n’est pas connue',
  ],
  [
    'surendettement_retablissement',
    ['surendettement_recevable'],
    'la recevabilité du dossier de surendettement n’est pas connue',
  ],
  ['fsl_decision', ['fsl_demande'], 'la demande au FSL n’est pas connue'],
  ['dalo_decision', ['dalo_saisi'], 'le recours DALO n’est pas connu'],
  ['referent_termine', ['referent_designe'], 'aucun référent n’est connu'],
  [
    'reprise',
    ['suspension', 'jugement', 'protocole_signe', 'surendettement_suspension'],
    'aucune suspension n’est connue',
  ],
]

/** Acts after which an ordinary act of the procedure is a surprise. */
const FINS: readonly CodeGenre[] = ['expulsion', 'deces', 'depart_volontaire']
const SUITES: ReadonlySet<CodeGenre> = new Set([
  'commandement_de_payer',
  'assignation',
  'audience',
  'jugement',
  'commandement_de_quitter_les_lieux',
  'protocole_signe',
  'protocole_elan',
  'requisition_force_publique',
  'concours_force_publique',
  'tentative_expulsion',
  'expulsion',
])

/** Kinds one expects once: the same one twice, close in time, is likely the same act written twice. */
const UNIQUES: ReadonlySet<CodeGenre> = new Set([
  'commandement_de_payer',
  'assignation',
  'jugement',
  'commandement_de_quitter_les_lieux',
  'requisition_force_publique',
  'concours_force_publique',
  'expulsion',
  'deces',
])
const JOURS_PROCHES = 10

/** What looks impossible or doubtful in the acts of a dossier, each with the act concerned. Pure; never a refusal. */
export function verifierCoherence(
  actes: readonly ActeConsigne[],
  jour: Temporal.PlainDate,
  calendrier: Calendrier,
  bailConcluLe: Temporal.PlainDate | null = null,
): readonly Avertissement[] {
  const tous = listerConnus(actes, jour)
  const duCycle = garderCycle(actes, jour)
  return duCycle.flatMap((acte) => {
    // The act a procedure ends with is read with those of the procedure it ends.
    const cycle = recommence(acte) ? tous : duCycle
    const avant = cycle.slice(0, cycle.indexOf(acte))
    const { libelle, groupe } = decrireGenre(acte.genre)
    const dit = `${libelle} du ${ecrireJour(acte.le)}`
    const avertir = (code: string, phrase: string | null | undefined | false): Avertissement[] =>
      phrase ? [{ code, acte: acte.id, texte: `${dit} : ${phrase}.`, groupe }] : []
    const attendu = ATTENDUS.find(([genre]) => genre === acte.genre)
    const connus = new Set(cycle.map(({ genre }) => genre))
    const manque = attendu && !attendu[1].some((genre) => connus.has(genre))
    const inverse = attendu && !manque && cycle.find(({ genre }) => attendu[1].includes(genre))
    const fin = SUITES.has(acte.genre)
      ? avant.find(({ genre, le }) => FINS.includes(genre) && Temporal.PlainDate.compare(le, acte.le) < 0)
      : undefined
    const notifie =
      acte.genre === 'notification_prefet' ? cycle.findLast(({ genre }) => genre === acte.contenu.acte) : undefined
    const proche = UNIQUES.has(acte.genre)
      ? avant.find(({ genre, le }) => genre === acte.genre && le.until(acte.le).days <= JOURS_PROCHES)
      : undefined
    return [
      ...avertir('attendu', manque && attendu[2]),
      ...avertir(
        'ordre',
        inverse &&
          !avant.some(({ genre }) => attendu[1].includes(genre)) &&
          Temporal.PlainDate.compare(inverse.le, acte.le) > 0 &&
          `daté avant « ${decrireGenre(inverse.genre).libelle} » du ${ecrireJour(inverse.le)}, qui devrait le précéder`,
      ),
      ...avertir(
        'notification',
        notifie &&
          Temporal.PlainDate.compare(acte.le, notifie.le) < 0 &&
          `daté avant l’acte notifié, « ${decrireGenre(notifie.genre).libelle} » du ${ecrireJour(notifie.le)}`,
      ),
      ...avertir('apres-fin', fin && `daté après « ${decrireGenre(fin.genre).libelle} » du ${ecrireJour(fin.le)}`),
      ...avertir(
        'doublon',
        proche &&
          `un autre acte de même nature est daté du ${ecrireJour(proche.le)} : si c’est le même, retirer l’un des deux`,
      ),
      ...avertir(
        'bail',
        bailConcluLe &&
          estDUneProcedure(acte.genre) &&
          acte.genre !== 'dette_relevee' &&
          Temporal.PlainDate.compare(acte.le, bailConcluLe) < 0 &&
          `daté avant le bail, conclu le ${ecrireJour(bailConcluLe)}`,
      ),
      ...propres(acte, avant, calendrier).flatMap(([code, phrase]) => avertir(code, phrase)),
    ]
  })
}

const jourDe = (ecrit: unknown): Temporal.PlainDate | null =>
  typeof ecrit === 'string' && ecrit !== '' ? Temporal.PlainDate.from(ecrit) : null

/** What is particular to a kind. */
function propres(
  acte: ActeConsigne,
  avant: readonly ActeConsigne[],
  calendrier: Calendrier,
): readonly (readonly [string, string])[] {
  const { genre, le, contenu } = acte
  const a = (autre: CodeGenre) => avant.findLast((un) => un.genre === autre)
  switch (genre) {
    case 'commandement_de_quitter_les_lieux': {
      const jugement = a('jugement')
      if (jugement?.contenu.decision !== 'delais' || a('delais_non_respectes')) return []
      return [['delais', 'le jugement accorde des délais de paiement : dire s’ils n’ont pas été respectés']]
    }
    case 'assignation': {
      const audience = jourDe(contenu.audience_le)
      if (!audience || Temporal.PlainDate.compare(audience, le) > 0) return []
      return [['audience', `l’audience du ${ecrireJour(audience)} ne vient pas après : vérifier les deux dates`]]
    }
    case 'jugement': {
      const audience = jourDe(a('assignation')?.contenu.audience_le)
      if (!audience || a('audience') || Temporal.PlainDate.compare(le, audience) >= 0) return []
      return [['audience', `daté avant l’audience annoncée pour le ${ecrireJour(audience)}`]]
    }
    case 'concours_force_publique': {
      const prevue = jourDe(contenu.prevue_le)
      const treve = prevue && trouverTreve(calendrier, prevue)
      if (!treve) return []
      return [
        [
          'treve',
          `expulsion prévue le ${ecrireJour(prevue)}, en pleine trêve hivernale (jusqu’au ${ecrireJour(treve.jusquAu)}) : seules deux exceptions le permettent`,
        ],
      ]
    }
    case 'protocole_signe':
      if (contenu.numero !== '2' || avant.some((un) => un.genre === 'protocole_signe' && un.contenu.numero === '1'))
        return []
      return [['premier-protocole', 'un second protocole suppose un premier, qui n’est pas connu']]
    case 'tentative_expulsion':
    case 'expulsion': {
      const concours = a('concours_force_publique')
      const treve = trouverTreve(calendrier, le)
      return [
        ...(concours || genre === 'tentative_expulsion'
          ? []
          : [['sans-concours', 'aucun concours de la force publique n’est connu'] as const]),
        ...(treve && contenu.exception_treve !== true
          ? [
              [
                'treve',
                `en pleine trêve hivernale (jusqu’au ${ecrireJour(treve.jusquAu)}) : seules deux exceptions le permettent`,
              ] as const,
            ]
          : []),
      ]
    }
    case 'refus_implicite': {
      const requisition = a('requisition_force_publique')
      const decide = avant.find((un) => un.genre === 'concours_force_publique' || un.genre === 'refus_concours')
      if (!requisition || !decide || Temporal.PlainDate.compare(decide.le, requisition.le) < 0) return []
      return [['decide', `le préfet a déjà décidé le ${ecrireJour(decide.le)}`]]
    }
    default:
      return []
  }
}
