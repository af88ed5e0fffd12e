import { randomUUID } from 'node:crypto'
import { estScelle, masqueDe, type Session } from '#acces'
import { conditionsRemplies, consignerFaits, type Dossier, litLesEcritsDe } from '#dossiers'
import { scellementDuDossier } from '#echanges'
import { accordEnVigueur } from '#participations'
import { type Canal, canaux, type DemiJournee, exigencesBailleur, verifierIssue } from '#repartition'
import type { Keyring } from '#socle/cipher'
import { Introuvable, refus } from '#socle/errors'
import { isUuid } from '#socle/text'
import { exigerOrganisme } from './commun.ts'

/** The objet of `donnees/acces/accords.yaml` the household agrees to before its landlord is spoken to. */
export const ACCORD_BAILLEUR = 'echange_bailleur'
export const LONGUEUR_ECHANGE = 800
export const LONGUEUR_RETRAIT = 200

/** An exchange with the landlord of a household. A journal of its own: none of this counts as reaching the household. */
export interface EchangeBailleur {
  readonly id: string
  readonly canal: Canal
  readonly le: Temporal.PlainDate
  readonly demi_journee: string | null
  readonly joint: boolean
  /** What came of it, what was factually exchanged, what the landlord says: null for a reader it is not for. */
  readonly ecrits: { readonly resultat: string; readonly contenu: string; readonly version_bailleur: string } | null
  readonly accord_menage: boolean
  readonly menage_present: boolean
  readonly organisme: string
  readonly organisme_nom: string
  readonly auteur: string | null
  readonly retire_a: Temporal.Instant | null
  readonly retire_motif: string | null
}

/** Whether the household agreed, today, to this organisme speaking with its landlord. */
export const accordBailleur = (session: Session, dossier: string): Promise<boolean> =>
  accordEnVigueur(session, dossier, ACCORD_BAILLEUR, session.acteur.organisme)

/**
 * Notes an exchange with the landlord (DOS-21). Where the engagement of the organisme asks for it, the household has agreed (a noted accord, not a box ticked here) and
 * is there when somebody is reached. Elsewhere both are said, and nobody is refused.
 */
export async function noterEchangeBailleur(
  session: Session,
  cles: Keyring,
  dossier: Pick<Dossier, 'id'>,
  demande: {
    canal: Canal
    le: Temporal.PlainDate
    demiJournee: DemiJournee | null
    resultat: string
    contenu: string
    versionBailleur: string
    menagePresent: boolean
    envoi: string
  },
): Promise<void> {
  const { sql, dept } = session
  if (Temporal.PlainDate.compare(demande.le, session.jour) > 0)
    throw refus('bailleur.futur', 'Un échange ne peut pas être noté à une date à venir.')
  if (!(demande.canal in canaux)) throw refus('bailleur.canal', 'Choisir le moyen de contact.')
  const issue = verifierIssue(session, 'bailleur', demande.canal, demande.resultat)
  const { organisme, compte } = exigerOrganisme(session)
  const accord = await accordBailleur(session, dossier.id)
  const exigence = exigencesBailleur(session)
  if (exigence?.accord && !accord)
    throw refus(
      'bailleur.accord',
      'L’accord du ménage n’est pas noté : votre engagement le demande avant d’échanger avec le bailleur. Le noter d’abord dans « Accords du ménage ».',
    )
  if (exigence?.presence && issue.joint && !demande.menagePresent)
    throw refus(
      'bailleur.presence',
      'Votre engagement demande que le ménage soit présent à l’échange. Sans lui, convenir d’un autre moment.',
    )
  const id = randomUUID()
  const scellement = await scellementDuDossier(session, cles, dossier.id)
  const sceller = (texte: string, colonne: 'contenu' | 'version_bailleur') =>
    texte.trim() === '' ? '' : scellement.sceller(texte.trim(), { table: 'echange_bailleur', colonne, id })
  const ecrites = await sql<{ id: string }>`
    insert into echange_bailleur (dept, id, dossier, organisme, canal, le, demi_journee, joint, resultat, contenu, version_bailleur, accord_menage,
      menage_present, envoi, a, par)
    values (${dept}, ${id}, ${dossier.id}, ${organisme}, ${demande.canal}, ${demande.le}, ${demande.demiJournee}, ${issue.joint}, ${issue.code},
      ${sceller(demande.contenu, 'contenu')}, ${sceller(demande.versionBailleur, 'version_bailleur')}, ${accord}, ${demande.menagePresent},
      ${demande.envoi}, ${session.maintenant}, ${compte})
    on conflict (dept, par, envoi) do nothing returning id`
  if (ecrites.length === 0) return
  await consignerFaits(session, [
    {
      dossier: dossier.id,
      type: 'bailleur.contacte',
      le: demande.le,
      donnees: { echange: id, canal: demande.canal, joint: issue.joint, organisme },
    },
  ])
  session.consigner({ action: 'bailleur.noter', objet: 'dossier', objetId: dossier.id, dossiers: [dossier.id] })
}

/** Exchanges with the landlord this session may read, newest first. What was said is opened for the organisme that noted it and for the secretariat. */
export async function listerEchangesBailleur(
  session: Session,
  cles: Keyring,
  dossier: string,
): Promise<EchangeBailleur[]> {
  const lus = await session.sql<
    Omit<EchangeBailleur, 'ecrits'> & {
      readonly remplies: readonly string[]
      readonly resultat: string
      readonly contenu: string
      readonly version_bailleur: string
    }
  >`
    select e.id, e.canal, e.le, e.demi_journee, e.joint, e.resultat, e.contenu, e.version_bailleur, e.accord_menage, e.menage_present, e.organisme,
      o.nom as organisme_nom, c.prenom || ' ' || c.nom as auteur, e.retire_a, e.retire_motif,
      ${conditionsRemplies(session, { contacts: ['contacts'] })} as remplies
    from echange_bailleur e join dossier d on d.dept = ${session.dept} and d.id = e.dossier
    join organisme o on o.dept = ${session.dept} and o.id = e.organisme
    left join compte c on c.dept = ${session.dept} and c.id = e.par
    where e.dept = ${session.dept} and e.dossier = ${dossier} order by e.le desc, e.a desc`
  const { voit } = masqueDe(session.acteur)
  const visibles = lus.filter(({ remplies }) => voit('contacts', remplies))
  const scelles = visibles.some(
    ({ organisme, contenu, version_bailleur: version, retire_motif: motif }) =>
      litLesEcritsDe(session, organisme) && [contenu, version, motif].some((texte) => texte),
  )
  const scellement = scelles ? await scellementDuDossier(session, cles, dossier) : null
  return visibles.map(({ remplies: _, resultat, contenu, version_bailleur: version, ...echange }) => {
    if (!litLesEcritsDe(session, echange.organisme)) return { ...echange, ecrits: null, retire_motif: null }
    const ouvrir = (scelle: string, colonne: 'contenu' | 'version_bailleur' | 'retire_motif') =>
      scelle === '' ? '' : (scellement?.ouvrir(scelle, { table: 'echange_bailleur', colonne, id: echange.id }) ?? '')
    const { retire_motif: motif } = echange
    return {
      ...echange,
      // Reasons written before they were sealed are read as they are.
      retire_motif: motif && estScelle(motif) ? ouvrir(motif, 'retire_motif') : motif,
      ecrits: {
        resultat,
        contenu: ouvrir(contenu, 'contenu'),
        version_bailleur: ouvrir(version, 'version_bailleur'),
      },
    }
  })
}

/** Withdraws an exchange noted by mistake, by the organisme that noted it: it stays in sight with its reason. */
export async function retirerEchangeBailleur(
  session: Session,
  cles: Keyring,
  dossier: Pick<Dossier, 'id'>,
  demande: { echange: string; motif: string },
): Promise<void> {
  const motif = demande.motif.trim()
  if (motif.length < 3) throw refus('bailleur.motif', 'Écrire pourquoi cet échange est retiré.')
  if (motif.length > LONGUEUR_RETRAIT)
    throw refus('bailleur.motif', `Raccourcir à ${LONGUEUR_RETRAIT} caractères : il y en a ${motif.length}.`)
  if (!isUuid(demande.echange)) throw new Introuvable()
  const scelle = (await scellementDuDossier(session, cles, dossier.id)).sceller(motif, {
    table: 'echange_bailleur',
    colonne: 'retire_motif',
    id: demande.echange,
  })
  const [retire] = await session.sql<{ id: string }>`
    update echange_bailleur set retire_a = ${session.maintenant}, retire_par = ${session.acteur.compte}, retire_motif = ${scelle}
    where dept = ${session.dept} and dossier = ${dossier.id} and id = ${demande.echange} and organisme = ${session.acteur.organisme}
      and retire_a is null returning id`
  if (!retire) throw new Introuvable()
  await consignerFaits(session, [
    { dossier: dossier.id, type: 'bailleur.retire', donnees: { echange: demande.echange } },
  ])
}
