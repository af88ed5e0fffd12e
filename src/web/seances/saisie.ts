import { randomUUID } from 'node:crypto'
import type { Organisme, Session } from '#acces'
import {
  type Ajouts,
  type AvisPossible,
  avisPossibles,
  type CercleNote,
  cerclesNote,
  type Deliberation,
  type Geste,
  type MotifReport,
  motifsReport,
  QUESTIONS,
  type Question,
  type ReponseQuestion,
  reponsesPossibles,
  reponsesQuestion,
  type SaisieDeliberation,
  type SensExpertise,
  sensExpertise,
} from '#commission'
import type { Dossier } from '#dossiers'
import { refus } from '#socle/errors'
import { champ, type Requete } from '../route.ts'

/** What the form of a dossier shows: what is recorded, or what was typed when it comes back. Texts as typed. */
export interface Forme {
  readonly questions: Readonly<Record<Question, string>>
  readonly avis: Readonly<
    Record<string, { readonly sens: string; readonly organisme: string; readonly pouvoir: string }>
  >
  readonly discours: string
  readonly expertise: { readonly sens: string; readonly motif: string }
  readonly rec: {
    readonly code: string
    readonly texte: string
    readonly organisme: string
    readonly destinataire: string
    readonly avant: string
    readonly envoi: string
  }
  readonly note: { readonly cercle: string; readonly texte: string; readonly envoi: string }
  readonly report: { readonly motif: string; readonly precision: string }
}

/** The form of what is recorded. */
export function formeDe({ reponses, prononces, discours, report }: Deliberation): Forme {
  const expertise = prononces.find(({ genre }) => genre === 'expertise')
  return {
    questions: Object.fromEntries(QUESTIONS.map((une) => [une, reponses[une] ?? ''])) as Record<Question, string>,
    avis: Object.fromEntries(
      prononces
        .filter(({ genre }) => genre === 'avis')
        .map((un) => [
          un.code ?? '',
          { sens: un.sens ?? '', organisme: un.organisme ?? '', pouvoir: un.pouvoir ?? '' },
        ]),
    ),
    discours,
    expertise: { sens: expertise?.sens ?? '', motif: expertise?.texte ?? '' },
    rec: { code: '', texte: '', organisme: '', destinataire: '', avant: '', envoi: randomUUID() },
    note: { cercle: 'secretariat', texte: '', envoi: randomUUID() },
    report: { motif: report?.motif ?? '', precision: report?.precision ?? '' },
  }
}

/** The form as it was sent. */
export function lireForme(requete: Requete, possibles: readonly AvisPossible[]): Forme {
  const lire = (nom: string) => champ(requete, nom)
  return {
    questions: Object.fromEntries(QUESTIONS.map((une) => [une, lire(`q-${une}`)])) as Record<Question, string>,
    avis: Object.fromEntries(
      possibles.map(({ id }) => [
        id,
        { sens: lire(`avis-${id}`), organisme: lire(`pour-${id}`), pouvoir: lire(`pouvoir-${id}`) },
      ]),
    ),
    discours: lire('discours'),
    expertise: { sens: lire('expertise'), motif: lire('expertise-motif') },
    rec: {
      code: lire('rec-code'),
      texte: lire('rec-texte'),
      organisme: lire('rec-organisme'),
      destinataire: lire('rec-destinataire'),
      avant: lire('rec-avant'),
      envoi: lire('rec-envoi'),
    },
    note: { cercle: lire('note-cercle'), texte: lire('note-texte'), envoi: lire('note-envoi') },
    report: { motif: lire('report-motif'), precision: lire('report-precision') },
  }
}

const connu = <T extends string>(liste: Readonly<Record<T, string>>, valeur: string): T | null =>
  Object.hasOwn(liste, valeur) ? (valeur as T) : null

/** Bodies of these kinds that work where the dossier is, in the order of the kinds. */
export function destinatairesPour(
  organismes: readonly Organisme[],
  types: readonly string[],
  dossier: { readonly territoire: string | null; readonly code_insee: string | null },
): Organisme[] {
  return types.flatMap((type) =>
    organismes.filter(
      (un) =>
        un.type === type &&
        (un.territoires === null || (dossier.territoire !== null && un.territoires.includes(dossier.territoire))) &&
        (un.communes === null || (dossier.code_insee !== null && un.communes.includes(dossier.code_insee))),
    ),
  )
}

/** What of a dossier says who it has to do with. */
export type DossierAdresse = Pick<Dossier, 'territoire' | 'code_insee' | 'bail' | 'actes' | 'menage' | 'organisme'>

const BAILLEURS: readonly string[] = ['bailleur_social', 'ais_aivs', 'union_bailleurs']
const PAYEURS = { impaye_caf: 'caf', impaye_msa: 'msa' } as const

/** Bodies the dossier itself names: its landlord, who pays its housing aid, the service in charge. */
export function organismesDuDossier(
  organismes: readonly Organisme[],
  dossier: DossierAdresse,
): readonly { readonly lien: 'bailleur' | 'payeur' | 'service'; readonly organisme: Organisme }[] {
  const signales = dossier.actes
    .filter(({ type }) => type === 'impaye_bailleur_social')
    .map(({ organisme }) => organisme)
  const noms = [dossier.bail.bailleurNom ?? '', ...signales].map((nom) => nom.toLocaleLowerCase('fr'))
  const payeur =
    dossier.actes.map(({ type }) => PAYEURS[type as keyof typeof PAYEURS]).find((un) => un !== undefined) ??
    (dossier.menage.numeroAllocataire ? 'caf' : undefined)
  const bailleur = organismes.find(
    ({ type, nom }) => BAILLEURS.includes(type) && noms.includes(nom.toLocaleLowerCase('fr')),
  )
  const caisses = payeur ? destinatairesPour(organismes, [payeur], dossier) : []
  const service = organismes.find(({ id }) => id === dossier.organisme)
  return [
    ...(bailleur ? [{ lien: 'bailleur', organisme: bailleur } as const] : []),
    ...(caisses.length === 1 && caisses[0] ? [{ lien: 'payeur', organisme: caisses[0] } as const] : []),
    ...(service ? [{ lien: 'service', organisme: service } as const] : []),
  ]
}

/** Kinds of body that are one for a dossier: its landlord, who pays its housing aid. */
const FAMILLES = { bailleur: BAILLEURS, payeur: Object.values(PAYEURS) as readonly string[] } as const

/**
 * Who may receive it, when only one may: the only body of these kinds where the dossier is, or, for what goes to landlords or to payers alone, the one of the dossier.
 * Otherwise nobody is picked: sent to the wrong body, it would tell it about a household it does not know.
 */
export function destinatairePropose(
  organismes: readonly Organisme[],
  types: readonly string[],
  dossier: DossierAdresse,
): Organisme | undefined {
  const candidats = destinatairesPour(organismes, types, dossier)
  if (candidats.length === 1) return candidats[0]
  return organismesDuDossier(organismes, dossier).find(
    ({ lien, organisme }) =>
      lien !== 'service' && types.every((type) => FAMILLES[lien].includes(type)) && types.includes(organisme.type),
  )?.organisme
}

/** What a typed form says, for the module. An opinion without a chosen addressee goes to the one proposed, and waits for a choice when there is none. */
export function enSaisie(
  session: Session,
  forme: Forme,
  contexte: {
    readonly le: Temporal.PlainDate
    readonly organismes: readonly Organisme[]
    readonly dossier: DossierAdresse
    readonly expertise: boolean
    /** While it is being typed: an opinion whose addressee is not chosen yet is not kept, instead of refusing the rest. */
    readonly enCours?: boolean
  },
): SaisieDeliberation {
  return {
    reponses: Object.fromEntries(
      QUESTIONS.map((une) => [une, connu(reponsesQuestion, forme.questions[une])]),
    ) as Record<Question, ReponseQuestion | null>,
    discours: forme.discours,
    avis: avisPossibles(session, contexte.le).flatMap(({ id, libelle, destinataires, sens: possibles }) => {
      const typee = forme.avis[id]
      if (typee === undefined || typee.sens === '') return []
      const { sens, organisme, pouvoir } = typee
      const candidats = destinatairesPour(contexte.organismes, destinataires, contexte.dossier)
      const propose = destinatairePropose(contexte.organismes, destinataires, contexte.dossier)
      const aChoisir =
        organisme === '' && propose === undefined && candidats.length > 1 && possibles.some((un) => un.id === sens)
      if (aChoisir && contexte.enCours) return []
      if (aChoisir) throw refus('deliberation.destinataire', `Choisir le destinataire : ${libelle}.`)
      const choisi = organisme || propose?.id
      return [
        {
          code: id,
          sens,
          organisme: choisi ?? null,
          pouvoir: pouvoir === 'avis' || pouvoir === 'decision' ? pouvoir : null,
        },
      ]
    }),
    ...(contexte.expertise
      ? {
          expertise: {
            sens: connu(sensExpertise, forme.expertise.sens) as SensExpertise | null,
            motif: forme.expertise.sens === '' ? '' : forme.expertise.motif,
          },
        }
      : {}),
  }
}

function lireJour(texte: string): Temporal.PlainDate | null {
  if (texte === '') return null
  try {
    return Temporal.PlainDate.from(texte)
  } catch {
    throw refus('recommandation.avant', 'Écrire la date de retour, par exemple 30/11/2026.')
  }
}

/** What was typed to be added, if anything was: nothing typed is lost, whichever button was pressed. */
export function enAjouts(session: Session, { rec, note }: Forme, contexte: Parameters<typeof enSaisie>[2]): Ajouts {
  const code = rec.code === '' ? null : rec.code
  const possible = reponsesPossibles(session, contexte.le)?.recommandations.find(({ id }) => id === code)
  const propose = possible && destinatairePropose(contexte.organismes, possible.destinataires, contexte.dossier)
  return {
    ...(code === null && rec.texte === ''
      ? {}
      : {
          recommandation: {
            code,
            texte: rec.texte,
            organisme: rec.organisme || (rec.destinataire === '' ? propose?.id : undefined) || null,
            destinataire: rec.destinataire,
            avant: lireJour(rec.avant),
            envoi: rec.envoi,
          },
        }),
    ...(note.texte === ''
      ? {}
      : {
          note: {
            cercle: connu(cerclesNote, note.cercle) ?? ('secretariat' satisfies CercleNote),
            texte: note.texte,
            envoi: note.envoi,
          },
        }),
  }
}

/** The button that was pressed. */
export function lireGeste(requete: Requete, { report }: Forme): Geste {
  const [genre = '', id = ''] = champ(requete, 'geste').split(':')
  switch (genre) {
    case 'adopter':
    case 'reprendre':
      return { genre }
    case 'retirer':
      return { genre, prononce: id }
    case 'effacer':
      return { genre, note: id }
    case 'reporter': {
      const motif: MotifReport | null = connu(motifsReport, report.motif)
      if (motif === null) throw refus('report.motif', 'Choisir le motif du report.')
      return { genre, motif, precision: report.precision }
    }
    default:
      return { genre: 'enregistrer' }
  }
}
