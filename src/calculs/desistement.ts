import { ecrireJour } from '#referentiel'
import type { ApurementSupportable } from './plan.ts'

/** What is known of a summoned household before its hearing. null: nobody said. */
export interface AvantAudience {
  readonly jour: Temporal.PlainDate
  readonly audience: Temporal.PlainDate
  readonly premiere: Temporal.PlainDate
  /** The current rent is entirely paid again. */
  readonly loyerRepris: boolean | null
  /** The landlord, or its counsel, accepts to look at a plan. */
  readonly bailleurOuvert: boolean | null
  /** Admitted by the over-indebtedness commission: its debts may not be paid by a plan of one's own. */
  readonly surendettement: boolean
  readonly apurement: ApurementSupportable
}

/** One thing a landlord looks at before it withdraws, and where this household stands. */
export interface PointDesistement {
  readonly id: 'audience' | 'surendettement' | 'loyer' | 'plan' | 'premiere' | 'bailleur'
  readonly etat: 'acquis' | 'a_obtenir' | 'inconnu' | 'contraire'
  readonly texte: string
}

export interface OpportunitePlan {
  /** `opportun`: everything is there; `a_preparer`: something can still be obtained; `inopportun`: something stands in the way. */
  readonly resultat: 'opportun' | 'a_preparer' | 'inopportun'
  readonly points: readonly PointDesistement[]
}

/**
 * Is a plan worth proposing before the hearing so that the landlord withdraws (OUT-23)? Helps two people talk: it neither binds the landlord nor says what the judge
 * would do. What is unknown is to be asked, and never stands for a no.
 */
export function evaluerOpportunite(cas: AvantAudience): OpportunitePlan {
  const avant = Temporal.PlainDate.compare(cas.jour, cas.audience) < 0
  const payeeAvant = Temporal.PlainDate.compare(cas.premiere, cas.audience) < 0
  const { apurement } = cas
  const points: PointDesistement[] = [
    avant
      ? {
          id: 'audience',
          etat: 'acquis',
          texte: `L’audience est le ${ecrireJour(cas.audience)}, dans ${cas.jour.until(cas.audience).days} jours : un plan peut être signé avant.`,
        }
      : {
          id: 'audience',
          etat: 'contraire',
          texte: `L’audience du ${ecrireJour(cas.audience)} n’est plus à venir : un plan se demande au juge, ou se négocie après le jugement.`,
        },
    ...(cas.surendettement
      ? [
          {
            id: 'surendettement',
            etat: 'contraire',
            texte:
              'Le dossier de surendettement est recevable : la dette ne se paie plus par un plan avec le bailleur. Préparer l’audience avec la décision de recevabilité.',
          } as const,
        ]
      : []),
    juger(cas.loyerRepris, 'loyer', {
      oui: 'Le loyer courant est entièrement repris.',
      non: 'Le loyer courant n’est pas repris : le reprendre d’abord, un plan signé sans lui n’est pas tenu.',
      inconnu: 'Demander si le loyer courant est entièrement repris.',
    }),
    apurement.etat === 'possible'
      ? {
          id: 'plan',
          etat: 'acquis',
          texte: 'La dette peut être apurée dans le cadre choisi, avec ce que le ménage peut payer.',
        }
      : apurement.etat === 'trop_long'
        ? {
            id: 'plan',
            etat: 'a_obtenir',
            texte:
              'Le ménage peut payer, mais pas assez vite : chercher une aide qui réduise la dette avant de proposer le plan.',
          }
        : {
            id: 'plan',
            etat: 'contraire',
            texte: `Aucun plan ne tient avec ces ressources. ${apurement.motifs.join(' ')}`.trim(),
          },
    payeeAvant
      ? {
          id: 'premiere',
          etat: 'acquis',
          texte: `La première mensualité, le ${ecrireJour(cas.premiere)}, tombe avant l’audience : sa preuve appuie la demande de désistement.`,
        }
      : {
          id: 'premiere',
          etat: 'a_obtenir',
          texte: `La première mensualité, le ${ecrireJour(cas.premiere)}, tombe le jour de l’audience ou après : avancer sa date donnerait au bailleur une preuve.`,
        },
    juger(cas.bailleurOuvert, 'bailleur', {
      oui: 'Le bailleur accepte d’examiner un plan.',
      non: 'Le bailleur refuse tout plan : préparer l’audience, où le juge peut accorder des délais.',
      inconnu: 'Demander au bailleur, ou à son avocat, s’il examinerait un plan.',
      nonEst: 'contraire',
    }),
  ]
  const resultat = points.some(({ etat }) => etat === 'contraire')
    ? 'inopportun'
    : points.every(({ etat }) => etat === 'acquis')
      ? 'opportun'
      : 'a_preparer'
  return { resultat, points }
}

function juger(
  reponse: boolean | null,
  id: PointDesistement['id'],
  mots: {
    readonly oui: string
    readonly non: string
    readonly inconnu: string
    readonly nonEst?: PointDesistement['etat']
  },
): PointDesistement {
  if (reponse === null) return { id, etat: 'inconnu', texte: mots.inconnu }
  return reponse ? { id, etat: 'acquis', texte: mots.oui } : { id, etat: mots.nonEst ?? 'a_obtenir', texte: mots.non }
}
