import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { dureeAu, dureesDe } from './durees.ts'

/** What a household may ask about its data. Codes: the journal keeps them, and no text somebody typed. */
export const DROITS_MENAGE = {
  rectification: 'Corriger une donnée',
  acces: 'Recevoir ses données',
  effacement: 'Effacer ses données',
  limitation: 'Ne plus employer une donnée contestée',
  opposition: 'S’opposer à l’emploi de ses données',
} as const
export type DroitMenage = keyof typeof DROITS_MENAGE

export const CANAUX_DEMANDE = {
  ecrite: 'Par écrit',
  sur_place: 'Sur place, identité vérifiée',
  representant: 'Par un représentant, mandat vérifié',
} as const
export type CanalDemande = keyof typeof CANAUX_DEMANDE

export const REPONSES_DEMANDE = {
  faite: 'Faite',
  partielle: 'Faite en partie',
  refusee: 'Refusée',
} as const
export type ReponseDemande = keyof typeof REPONSES_DEMANDE

export const LONGUEUR_DEMANDE = 2000

export interface DemandeMenage {
  readonly id: string
  readonly droit: DroitMenage
  readonly canal: CanalDemande
  readonly recue_le: Temporal.PlainDate
  readonly repondre_avant: Temporal.PlainDate
  readonly objet: string
  readonly reponse: ReponseDemande | null
  readonly reponse_texte: string
  readonly repondue_le: Temporal.PlainDate | null
  readonly organisme_nom: string
}

const place = (colonne: 'objet' | 'reponse_texte', id: string) => `demande_menage|${colonne}|${id}`

/** What the household of a dossier asked about its data, newest first. */
export async function listerDemandesMenage(session: Session, dossier: string): Promise<DemandeMenage[]> {
  const { sql, dept } = session
  const lignes = await sql<Omit<DemandeMenage, 'reponse_texte'> & { reponse_texte: string | null }>`
    select m.id, m.droit, m.canal, m.recue_le, m.repondre_avant, m.objet, m.reponse, m.reponse_texte, m.repondue_le, o.nom as organisme_nom
    from demande_menage m join organisme o on o.dept = ${dept} and o.id = m.organisme
    where m.dept = ${dept} and m.dossier = ${dossier} order by m.recue_le desc, m.a desc, m.id`
  const coffre = await session.coffre()
  return lignes.map((ligne) => ({
    ...ligne,
    objet: coffre.ouvrir(ligne.objet, place('objet', ligne.id)) as string,
    reponse_texte:
      ligne.reponse_texte === null
        ? ''
        : (coffre.ouvrir(ligne.reponse_texte, place('reponse_texte', ligne.id)) as string),
  }))
}

/** Notes what the household asked, with the day by which it is answered (RGPD, art. 12). While it waits, nothing of the dossier is erased. */
export async function noterDemandeMenage(
  session: Session,
  demande: {
    readonly dossier: string
    readonly droit: string
    readonly canal: string
    readonly recueLe: Temporal.PlainDate | null
    readonly objet: string
    readonly envoi: string
  },
): Promise<void> {
  const { sql, dept, jour, maintenant, acteur } = session
  if (!Object.hasOwn(DROITS_MENAGE, demande.droit))
    throw refus('demande-menage.droit', 'Dire ce que le ménage demande.')
  if (!Object.hasOwn(CANAUX_DEMANDE, demande.canal))
    throw refus('demande-menage.canal', 'Dire comment le ménage a demandé.')
  const recue = demande.recueLe
  if (recue === null || Temporal.PlainDate.compare(recue, jour) > 0)
    throw refus('demande-menage.recue-le', 'Donner la date de la demande, aujourd’hui au plus tard.')
  const objet = demande.objet.trim()
  if (objet === '')
    throw refus('demande-menage.objet', 'Écrire ce qui est demandé : la donnée, et ce qu’elle devrait être.')
  if (objet.length > LONGUEUR_DEMANDE)
    throw refus('demande-menage.objet', `Raccourcir à ${LONGUEUR_DEMANDE} caractères.`)
  const duree = dureeAu(dureesDe(session.referentiel.racine), 'reponse_menage', recue)
  const id = randomUUID()
  const scelle = (await session.coffre()).sceller(objet, place('objet', id))
  const [ecrite] = await sql`
    insert into demande_menage (dept, id, dossier, droit, recue_le, canal, objet, repondre_avant, a, par, organisme, envoi)
    values (${dept}, ${id}, ${demande.dossier}, ${demande.droit}, ${recue}, ${demande.canal}, ${scelle}, ${recue.add(duree ?? { months: 1 })}, ${maintenant},
      ${acteur.compte}, ${acteur.organisme}, ${demande.envoi})
    on conflict (dept, envoi) do nothing returning id`
  if (ecrite)
    session.consigner({
      action: 'demande_menage.noter',
      objet: 'demande_menage',
      objetId: id,
      dossiers: [demande.dossier],
      details: { droit: demande.droit, canal: demande.canal, recue_le: recue.toString() },
    })
}

/** Answers the household: done, done in part, refused, always with words. Answered once. */
export async function repondreDemandeMenage(
  session: Session,
  reponse: { readonly dossier: string; readonly demande: string; readonly reponse: string; readonly texte: string },
): Promise<void> {
  const { sql, dept, jour, acteur } = session
  if (!Object.hasOwn(REPONSES_DEMANDE, reponse.reponse))
    throw refus('demande-menage.reponse', 'Dire ce qui est répondu au ménage.')
  const texte = reponse.texte.trim()
  if (texte === '')
    throw refus(
      'demande-menage.texte',
      'Écrire ce qui a été corrigé et où, ou pourquoi cela ne l’est pas : le ménage y a droit.',
    )
  if (texte.length > LONGUEUR_DEMANDE)
    throw refus('demande-menage.texte', `Raccourcir à ${LONGUEUR_DEMANDE} caractères.`)
  const scelle = (await session.coffre()).sceller(texte, place('reponse_texte', reponse.demande))
  const [faite] = await sql<{ droit: string }>`
    update demande_menage set reponse = ${reponse.reponse}, reponse_texte = ${scelle}, repondue_le = ${jour}, repondue_par = ${acteur.compte}
    where dept = ${dept} and dossier = ${reponse.dossier} and id = ${reponse.demande} and repondue_le is null returning droit`
  if (!faite) {
    const [connue] =
      await sql`select 1 from demande_menage where dept = ${dept} and dossier = ${reponse.dossier} and id = ${reponse.demande}`
    if (!connue) throw new Introuvable()
    throw new Conflit('demande-menage.deja', 'Une autre personne a déjà répondu à cette demande.')
  }
  session.consigner({
    action: 'demande_menage.repondre',
    objet: 'demande_menage',
    objetId: reponse.demande,
    dossiers: [reponse.dossier],
    details: { droit: faite.droit, reponse: reponse.reponse },
  })
}
