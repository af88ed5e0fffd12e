import type { Session } from '#acces'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { decrireGenre, estGenre, type GenreNotification, genres } from './genres.ts'
import { type Horaires, lireReglagesLocaux } from './horaires.ts'

/** Where a kind reaches somebody. */
export const CANAUX = {
  courriel: 'Dans Amont et par courriel',
  application: 'Dans Amont seulement',
  aucun: 'Pas du tout',
} as const
export type Canal = keyof typeof CANAUX

/** Channels a person chooses from for a kind. */
export const canauxPossibles = (genre: GenreNotification): Canal[] =>
  (Object.keys(CANAUX) as Canal[]).filter((canal) => canal !== 'aucun' || !decrireGenre(genre).obligatoire)

/** What a person chose; null and absent follow the département. */
export interface ReglageNotifications extends Horaires {
  readonly courriel: boolean
  readonly canaux: Readonly<Record<GenreNotification, Canal>>
  /** 0: nothing chosen yet. */
  readonly version: number
}

/** A row of choices, as kept. */
export interface LigneReglage extends Horaires {
  readonly courriel: boolean
  readonly sans: readonly string[]
  readonly sans_courriel: readonly string[]
  readonly version: number
}

const canauxDe = ({ sans, sans_courriel }: Pick<LigneReglage, 'sans' | 'sans_courriel'>) =>
  Object.fromEntries(
    genres.map((genre) => [
      genre,
      sans.includes(genre) ? 'aucun' : sans_courriel.includes(genre) ? 'application' : 'courriel',
    ]),
  ) as Record<GenreNotification, Canal>

/** Reads what the person of the session chose. */
export async function lireReglage(session: Session): Promise<ReglageNotifications> {
  const { sql, dept, acteur } = session
  const [ligne] =
    await sql<LigneReglage>`select courriel, jours, heure, de, a, sans, sans_courriel, version from notification_reglage
    where dept = ${dept} and compte = ${acteur.compte}::uuid`
  if (!ligne)
    return {
      courriel: true,
      jours: null,
      heure: null,
      de: null,
      a: null,
      canaux: canauxDe({ sans: [], sans_courriel: [] }),
      version: 0,
    }
  const { sans, sans_courriel, ...choix } = ligne
  return { ...choix, canaux: canauxDe({ sans, sans_courriel }) }
}

/** What is wrong in what somebody chose: field → sentence. What they leave to the département counts as the département set it. */
export function verifierReglage(
  { jours, heure, de, a }: Horaires,
  locaux: Pick<Horaires, 'de' | 'a'> = { de: null, a: null },
): Readonly<Record<string, string>> {
  const [debut, fin] = [de ?? locaux.de, a ?? locaux.a]
  const inverse = (de !== null || a !== null) && debut !== null && fin !== null && fin <= debut
  const heureJuste = (valeur: number | null, max: number) =>
    valeur === null || (Number.isInteger(valeur) && valeur >= 0 && valeur <= max)
  return {
    ...(jours !== null && (jours.length === 0 || jours.some((jour) => !Number.isInteger(jour) || jour < 1 || jour > 7))
      ? { jours: 'Choisir au moins un jour, ou suivre ceux du département.' }
      : {}),
    ...(heureJuste(heure, 23) ? {} : { heure: 'Choisir une heure de la liste.' }),
    ...(heureJuste(de, 23) ? {} : { de: 'Choisir une heure de la liste.' }),
    ...(heureJuste(a, 24) ? {} : { a: 'Choisir une heure de la liste.' }),
    ...(inverse
      ? a === null
        ? { de: `La fin est celle du département, ${fin} h : choisir un début avant, ou une fin après.` }
        : {
            a:
              de === null
                ? `Le début est celui du département, ${debut} h : choisir une fin après, ou un début avant.`
                : 'La fin vient après le début.',
          }
      : {}),
  }
}

/** Keeps the choices of the person of the session. `vu`: the version they read. */
export async function reglerNotifications(
  session: Session,
  { courriel, jours, heure, de, a, canaux }: Omit<ReglageNotifications, 'version'>,
  vu: number,
): Promise<void> {
  const { sql, dept, acteur, maintenant } = session
  if (!acteur.compte) throw new Introuvable()
  const [faute] = Object.values(verifierReglage({ jours, heure, de, a }, lireReglagesLocaux(session)))
  if (faute) throw refus('notification.reglage', faute)
  const interdit = genres.find((genre) => !canauxPossibles(genre).includes(canaux[genre]))
  if (interdit) throw refus('notification.reglage', `« ${decrireGenre(interdit).libelle} » reste au moins dans Amont.`)
  const enCanal = (canal: Canal) => genres.filter((genre) => estGenre(genre) && canaux[genre] === canal)
  const [ecrit] = await sql<{ version: number }>`
    insert into notification_reglage as r (dept, compte, courriel, jours, heure, de, a, sans, sans_courriel, modifie_a)
    select ${dept}, ${acteur.compte}::uuid, ${courriel}, ${jours}::smallint[], ${heure}, ${de}, ${a}, ${enCanal('aucun')}::text[], ${enCanal('application')}::text[],
      ${maintenant}
    where ${vu} = 0 or exists (select 1 from notification_reglage x where x.dept = ${dept} and x.compte = ${acteur.compte}::uuid)
    on conflict (dept, compte) do update set courriel = excluded.courriel, jours = excluded.jours, heure = excluded.heure, de = excluded.de, a = excluded.a,
      sans = excluded.sans, sans_courriel = excluded.sans_courriel, modifie_a = excluded.modifie_a, version = r.version + 1
      where r.version = ${vu}
    returning version`
  if (!ecrit)
    throw new Conflit(
      'notification.reglage-change',
      'Vos réglages ont changé dans une autre fenêtre depuis l’ouverture de cette page : rien n’est enregistré.',
    )
  session.consigner({ action: 'notification.regler', details: { courriel } })
}
