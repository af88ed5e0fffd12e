import type { Session } from '#acces'
import type { Dossier } from '#dossiers'
import { libelleTerritoire, listerSecretariats } from '#referentiel'
import { formatDate, formatDateLongue } from '#socle/typography'
import { attendAccord, type Partage } from './lecture.ts'
import { etatEnMots } from './libelles.ts'

/** One part of the notice. The page and the PDF are laid out from the same parts. */
export interface PartieNotice {
  readonly titre: string
  readonly texte?: string
  readonly points?: readonly { readonly fort: string; readonly suite: string }[]
}

export interface Notice {
  readonly titre: string
  readonly chapo: string
  readonly parties: readonly PartieNotice[]
  /** What the data of the département lack: said to the agent, never printed. */
  readonly manque: readonly string[]
}

type Secretariat = ReturnType<typeof listerSecretariats>[number]

function adresses(secretariats: readonly Secretariat[]): { fort: string; suite: string }[] {
  return secretariats.map(({ organisme, service, adresse, telephone, courriel }) => ({
    fort: `${organisme}, ${service}`,
    suite: [adresse.join(', '), telephone, courriel].filter((un) => un !== null && un !== '').join('. '),
  }))
}

/**
 * What a household is told, in plain words: who receives what and why, what depends on its accord, its rights, whom to ask on its territory. Information is not a
 * request for an accord, and the notice says so. One page.
 */
export function composerNotice(session: Session, dossier: Dossier, partage: Partage): Notice {
  const departement = session.referentiel.departements.get(session.dept)
  const lieux = departement?.territoires
  const duTerritoire = lieux && dossier.territoire !== null ? listerSecretariats(lieux, dossier.territoire) : []
  const secretariats = duTerritoire.length > 0 ? duTerritoire : (lieux?.secretariats ?? [])
  const invites = partage.participations.filter(
    (une) => une.en_cours && !attendAccord(une, partage.accords, session.jour),
  )
  return {
    titre: 'Vos informations et vos droits',
    chapo: `Dossier ${dossier.reference}${lieux && dossier.territoire !== null ? ` (${libelleTerritoire(lieux, dossier.territoire)})` : ''}. Document établi le ${formatDateLongue(session.jour)}.`,
    parties: [
      {
        titre: 'Pourquoi ce document',
        texte:
          'Une difficulté de loyer ou de logement vous concernant a été signalée. Des services publics et des associations peuvent vous aider à garder votre logement ou à en trouver un autre. Pour cela, ils utilisent des informations sur votre logement, votre foyer, la dette et la procédure. Ce document vous informe : il ne vous demande pas votre accord et ne vous engage à rien.',
      },
      {
        titre: 'Qui reçoit quoi, et pourquoi',
        points: [
          {
            fort: 'Le secrétariat de la commission de prévention des expulsions, la préfecture et les pilotes de la charte',
            suite:
              'lisent ce qu’il leur faut de votre dossier, sans vos confidences au travailleur social, pour désigner un service et suivre les délais.',
          },
          {
            fort: dossier.organisme_nom ?? 'Le service social qui sera désigné',
            suite: 'lit votre dossier pour vous proposer un rendez-vous. Vous pouvez refuser son accompagnement.',
          },
          ...invites.map(({ organisme_nom, jusqu_au }) => ({
            fort: organisme_nom,
            suite: `lit votre dossier${jusqu_au ? ` jusqu’au ${formatDate(jusqu_au)}` : ''}, pour l’aide que vous avez évoquée ensemble.`,
          })),
          {
            fort: 'Votre bailleur, le juge et le commissaire de justice',
            suite:
              'ne lisent jamais votre dossier ; une synthèse peut leur être remise. Un bailleur social voit l’étape de la procédure et si vous avez été contacté.',
          },
          {
            fort: 'Le maire de votre commune',
            suite: 'peut être entendu en réunion, pour ses administrés seulement.',
          },
        ],
      },
      {
        titre: 'Ce qui dépend de votre accord',
        texte: 'Vous pouvez accepter, refuser, et changer d’avis à tout moment, sans avoir à vous justifier.',
        points: partage.accords
          .filter(({ objet }) => objet.genre === 'accord' && objet.portees === undefined)
          .map((etat) => ({ fort: etat.objet.libelle, suite: `: ${etatEnMots(etat).mot.toLowerCase()}` })),
      },
      {
        titre: 'Vos droits',
        texte:
          'Vous pouvez demander à lire votre dossier et en recevoir une copie, faire corriger une erreur, demander que son usage soit limité, ou vous y opposer pour une raison qui tient à votre situation. Une réponse vous est due dans le mois. Chaque lecture de votre dossier est notée : vous pouvez demander quels organismes l’ont lu. Amont ne demande ni diagnostic médical ni numéro de sécurité sociale. Si la réponse ne vous convient pas : Commission nationale de l’informatique et des libertés, 3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07, www.cnil.fr.',
      },
      { titre: 'À qui demander', points: adresses(secretariats) },
    ],
    manque: secretariats.some(({ telephone, courriel }) => telephone === null && courriel === null)
      ? ['Le téléphone et le courriel du secrétariat manquent dans les données du département : les ajouter à la main.']
      : [],
  }
}
