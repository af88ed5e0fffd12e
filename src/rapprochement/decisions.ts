import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { consignerFaits, ouvrirDossiers, rendreActes, reprendreActes } from '#dossiers'
import { remettreARapprocher } from '#signalements'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { versionToken } from '#socle/version'
import { type LigneJointe, listerLignesJointes, quitterLesDoutes, unALaFois } from './attente.ts'
import { deriverDossiers } from './deriver.ts'
import { repartirApres } from './suites.ts'

export type ReponseDoute =
  | { readonly genre: 'meme'; readonly dossier: string }
  | { readonly genre: 'autre'; readonly dossier: string }
  | { readonly genre: 'nouveau' }

interface DouteOuvert {
  readonly id: string
  readonly signalement: string
  readonly candidats: readonly { dossier: string; probabilite: number; raisons?: readonly string[] }[]
  /** Dossiers a person already said are not this household. */
  readonly ecartes: readonly string[]
  readonly reponse: string | null
  readonly repondu_a: Temporal.Instant | null
}

/** Mark of a doubt as a person sees it: its lines, the dossiers to compare, and whether it was answered. */
export function versionDoute(doute: {
  readonly reponse: string | null
  readonly repondu_a: Temporal.Instant | null
  readonly candidats: readonly { readonly dossier: string }[]
  readonly ecartes: readonly string[]
  readonly lignes: readonly { readonly signalement: string }[]
}): string {
  const proposes = doute.candidats.map(({ dossier }) => dossier).filter((dossier) => !doute.ecartes.includes(dossier))
  return versionToken(
    doute.reponse,
    doute.repondu_a,
    proposes.toSorted(),
    doute.lignes.map(({ signalement }) => signalement).toSorted(),
  )
}

async function lireDoutePourEcrire(session: Session, id: string): Promise<DouteOuvert> {
  const [doute] = await session.sql<DouteOuvert>`select id, signalement, candidats, reponse, repondu_a,
      array(select n.dossier::text from non_correspondance n where n.dept = ${session.dept} and n.signalement = doute.signalement) as ecartes
    from doute where dept = ${session.dept} and id = ${id} for update`
  if (!doute) throw new Introuvable()
  return doute
}

async function rattacher(
  session: Session,
  signalements: readonly string[],
  dossier: string,
  lien: { mode: string; score?: number | null; motif?: string | null; doute?: string },
): Promise<void> {
  await session.sql`insert into rattachement (dept, signalement, dossier, mode, score, a, par, motif, details)
    select ${session.dept}, s, ${dossier}, ${lien.mode}, ${lien.score ?? null}, ${session.maintenant}, ${session.acteur.compte}, ${lien.motif ?? null},
      ${JSON.stringify(lien.doute === undefined ? {} : { doute: lien.doute })}::jsonb
    from unnest(${signalements}::uuid[]) as s`
}

async function retenirAutre(
  session: Session,
  signalements: readonly string[],
  dossiers: readonly string[],
): Promise<void> {
  await session.sql`insert into non_correspondance (dept, signalement, dossier, a, par)
    select ${session.dept}, s, d, ${session.maintenant}, ${session.acteur.compte}
    from unnest(${signalements}::uuid[]) as s, unnest(${dossiers}::uuid[]) as d on conflict do nothing`
}

/** The answer no longer meets the doubt its author read: somebody answered, or what is compared changed. */
function verifierVu(doute: DouteOuvert, lignes: readonly LigneJointe[], vu: string | undefined): void {
  if (doute.reponse !== null)
    throw new Conflit('doute.deja-tranche', 'Quelqu’un a déjà répondu à ce doute. Sa réponse peut être défaite.', [
      doute.id,
    ])
  if (vu !== undefined && vu !== versionDoute({ ...doute, lignes }))
    throw new Conflit(
      'doute.change',
      'Ce doute a changé depuis que la page est ouverte : d’autres signaux ou d’autres dossiers proches s’y sont ajoutés, ou l’un d’eux a été écarté.',
      [doute.id],
    )
}

/**
 * A person's answer about a doubt: the same household, not this one, or a new one. « Not this one » is remembered; when no candidate is left, the signalement opens its
 * own dossier. Returns the dossier the signalement now belongs to, or null while candidates remain.
 *
 * Lines that wait with the first go where it goes: those of `avec`, or without it those certainly of the same household. The others are recognised anew; that a
 * certain one was set apart is remembered. `vu` is the mark of the doubt as the person saw it.
 */
export async function trancherDoute(
  session: Session,
  id: string,
  reponse: ReponseDoute,
  options: { avec?: readonly string[] | undefined; vu?: string | undefined } = {},
): Promise<{ dossier: string | null; lignes: number }> {
  await unALaFois(session)
  const doute = await lireDoutePourEcrire(session, id)
  const jointes = await listerLignesJointes(session, id)
  verifierVu(doute, jointes, options.vu)
  const candidats = doute.candidats.filter((candidat) => !doute.ecartes.includes(candidat.dossier))
  const ids = candidats.map((candidat) => candidat.dossier)
  if (reponse.genre !== 'nouveau' && !ids.includes(reponse.dossier)) throw new Introuvable()
  const { avec } = options
  const placees = jointes.filter((ligne) => (avec ? avec.includes(ligne.signalement) : ligne.certain))
  const groupe = [doute.signalement, ...placees.map(({ signalement }) => signalement)]
  let dossier: string | null = null
  if (reponse.genre === 'meme') {
    dossier = reponse.dossier
    const score = candidats.find((candidat) => candidat.dossier === reponse.dossier)?.probabilite ?? null
    await rattacher(session, groupe, dossier, { mode: 'confirme', score, doute: id })
  } else {
    const ecartes = reponse.genre === 'nouveau' ? ids : [reponse.dossier]
    await retenirAutre(session, [doute.signalement], ecartes)
    const restants = candidats.filter((candidat) => !ecartes.includes(candidat.dossier))
    if (restants.length > 0) {
      // The doubt keeps every candidate it had: what was set aside is remembered apart, and can be taken back.
      await session.sql`update doute set meilleur_score = ${restants[0]?.probabilite ?? 0} where dept = ${session.dept} and id = ${id}`
    } else {
      const [ouvert] = await ouvrirDossiers(session, 1)
      dossier = ouvert?.id ?? null
      if (dossier) await rattacher(session, groupe, dossier, { mode: 'nouveau_confirme', doute: id })
      // The whole household is none of these.
      await retenirAutre(
        session,
        groupe,
        [...new Set([...doute.ecartes, ...ids])].filter((un) => estCandidat(doute, un)),
      )
    }
  }
  if (dossier) {
    await session.sql`update doute set reponse = ${reponse.genre}, repondu_a = ${session.maintenant}, repondu_par = ${session.acteur.compte}
      where dept = ${session.dept} and id = ${id}`
    await mettreAPart(
      session,
      jointes.filter((ligne) => !placees.includes(ligne)),
      dossier,
    )
    await consignerFaits(
      session,
      groupe.map((signalement, rang) => ({
        dossier: dossier ?? '',
        type: reponse.genre === 'meme' || rang > 0 ? 'signalement.rattache' : 'dossier.ouvert',
        donnees: { signalement, doute: id },
      })),
    )
    await deriverDossiers(session, [dossier])
    await repartirApres(session, [dossier])
  }
  session.consigner({
    action: 'doute.trancher',
    objet: 'doute',
    objetId: id,
    details: { reponse: reponse.genre, lignes: groupe.length },
  })
  return { dossier, lignes: groupe.length }
}

const estCandidat = (doute: DouteOuvert, dossier: string): boolean =>
  doute.candidats.some((candidat) => candidat.dossier === dossier)

/** Lines not placed with the others leave and are recognised anew. One that was certain was set apart on purpose: it must not come back by itself. */
async function mettreAPart(session: Session, lignes: readonly LigneJointe[], dossier: string): Promise<void> {
  const ids = lignes.map(({ signalement }) => signalement)
  await retenirAutre(
    session,
    lignes.filter(({ certain }) => certain).map(({ signalement }) => signalement),
    [dossier],
  )
  await quitterLesDoutes(session, ids)
  await remettreARapprocher(session, ids)
}

/** Leaves a doubt for later with the question to ask; it stays in the queue, behind the others. */
export async function mettreDeCote(session: Session, id: string, question: string): Promise<void> {
  const doute = await lireDoutePourEcrire(session, id)
  verifierVu(doute, [], undefined)
  await session.sql`update doute set mis_de_cote_a = ${session.maintenant}, question = ${question.trim().slice(0, 300) || null} where dept = ${session.dept} and id = ${id}`
}

async function detacher(session: Session, signalement: string, motif: string): Promise<string | null> {
  const [lien] = await session.sql<{
    dossier: string
  }>`update rattachement set defait_a = ${session.maintenant}, defait_par = ${session.acteur.compte}, defait_motif = ${motif}
    where dept = ${session.dept} and signalement = ${signalement} and defait_a is null returning dossier`
  return lien?.dossier ?? null
}

/**
 * Takes an answer back: the signalement is in doubt again, with every candidate it had, those set aside one by one included, and every line the answer placed with it.
 * Nothing is lost: a line somebody moved since stays where it is. Refused when somebody decided otherwise since for the first. Returns the dossier the signalement
 * left, if any.
 */
export async function defaireReponse(session: Session, id: string): Promise<{ dossier: string | null }> {
  await unALaFois(session)
  const doute = await lireDoutePourEcrire(session, id)
  if (doute.reponse !== null && !['meme', 'autre', 'nouveau'].includes(doute.reponse)) throw new Introuvable()
  if (doute.reponse !== null) {
    const [lien] = await session.sql<{ mode: string }>`select mode from rattachement
      where dept = ${session.dept} and signalement = ${doute.signalement} and defait_a is null for update`
    if (lien && !['confirme', 'nouveau_confirme'].includes(lien.mode)) {
      throw refus(
        'doute.suite',
        'Depuis cette réponse, ce signal a été séparé ou réuni par une autre décision. Défaire d’abord celle-ci, depuis le dossier.',
      )
    }
  }
  const ancien = doute.reponse === null ? null : await detacher(session, doute.signalement, 'réponse défaite')
  const jointes = (await listerLignesJointes(session, id)).map(({ signalement }) => signalement)
  const revenues = await session.sql<{ signalement: string }>`
    update rattachement set defait_a = ${session.maintenant}, defait_par = ${session.acteur.compte}, defait_motif = 'réponse défaite'
    where dept = ${session.dept} and signalement = any (${jointes}::uuid[]) and dossier = ${ancien} and details->>'doute' = ${id} and defait_a is null
    returning signalement`
  const groupe = [doute.signalement, ...revenues.map(({ signalement }) => signalement)]
  if (doute.reponse !== null)
    await quitterLesDoutes(
      session,
      jointes.filter((signalement) => !groupe.includes(signalement)),
    )
  await session.sql`delete from non_correspondance where dept = ${session.dept} and signalement = any (${groupe}::uuid[])
    and dossier = any (${doute.candidats.map((candidat) => candidat.dossier)}::uuid[])`
  await session.sql`update doute set reponse = null, repondu_a = null, repondu_par = null, mis_de_cote_a = null, meilleur_score = ${doute.candidats[0]?.probabilite ?? 0}
    where dept = ${session.dept} and id = ${id}`
  if (ancien) {
    await consignerFaits(
      session,
      groupe.map((signalement) => ({ dossier: ancien, type: 'signalement.detache', donnees: { signalement } })),
    )
    await deriverDossiers(session, [ancien])
    await repartirApres(session, [ancien])
  }
  session.consigner({ action: 'doute.defaire', objet: 'doute', objetId: id })
  return { dossier: ancien }
}

/**
 * Undoes an attachment: the signalement leaves the dossier and opens its own; that it is not the same household is remembered. Returns the new
 * dossier.
 */
export async function defaireRattachement(
  session: Session,
  signalement: string,
  motif: string,
): Promise<{ ancien: string; nouveau: string; reference: string }> {
  if (motif.trim().length < 3)
    throw refus('rattachement.motif', 'Écrire pourquoi ce signal n’est pas du même ménage : le motif est gardé.')
  const ancien = await detacher(session, signalement, motif.trim())
  if (!ancien) throw new Introuvable()
  const [reste] = await session.sql<{
    n: number
  }>`select count(*)::int as n from rattachement where dept = ${session.dept} and dossier = ${ancien} and defait_a is null`
  if ((reste?.n ?? 0) === 0)
    throw refus('rattachement.seul', 'Ce signal est le seul du dossier : il n’y a rien à séparer.')
  await retenirAutre(session, [signalement], [ancien])
  const [ouvert] = await ouvrirDossiers(session, 1)
  if (!ouvert) throw new Error('no dossier opened')
  await rattacher(session, [signalement], ouvert.id, { mode: 'separe', motif: motif.trim() })
  await consignerFaits(session, [
    { dossier: ancien, type: 'signalement.detache', donnees: { signalement, vers: ouvert.id, motif: motif.trim() } },
    { dossier: ouvert.id, type: 'dossier.ouvert', donnees: { signalement, depuis: ancien, motif: motif.trim() } },
  ])
  await deriverDossiers(session, [ancien, ouvert.id])
  await repartirApres(session, [ancien, ouvert.id])
  session.consigner({
    action: 'rattachement.defaire',
    objet: 'dossier',
    objetId: ancien,
    details: { signalement, nouveau: ouvert.id },
  })
  return { ancien, nouveau: ouvert.id, reference: ouvert.reference }
}

/**
 * Puts the signalements of one dossier with another, by a person and with a reason (RAP-12). Links are replaced, never erased: `separerDossiers` brings
 * both back as they were.
 */
export async function reunirDossiers(
  session: Session,
  demande: { garde: string; absorbe: string; motif: string },
): Promise<{ operation: string; signalements: number }> {
  const { garde, absorbe, motif } = demande
  if (garde === absorbe) throw refus('reunion.meme', 'Choisir deux dossiers différents.')
  if (motif.trim().length < 3)
    throw refus('reunion.motif', 'Écrire pourquoi ces deux dossiers sont le même ménage : le motif est gardé.')
  const dossiers = await session.sql<{ id: string; clos: boolean }>`select id, clos_le is not null as clos from dossier
    where dept = ${session.dept} and id = any (${[garde, absorbe]}::uuid[]) order by id for update`
  if (dossiers.length !== 2) throw new Introuvable()
  const operation = randomUUID()
  const liens = await session.sql<{ signalement: string; score: number | null }>`
    update rattachement set defait_a = ${session.maintenant}, defait_par = ${session.acteur.compte}, defait_motif = ${`reunion:${operation}`}
    where dept = ${session.dept} and dossier = ${absorbe} and defait_a is null returning signalement, score`
  if (liens.length === 0) throw refus('reunion.vide', 'Ce dossier n’a plus de signal : il n’y a rien à réunir.')
  // A person now says the contrary of « not the same » about these two.
  await session.sql`delete from non_correspondance where dept = ${session.dept} and dossier = ${garde}
    and signalement = any (${liens.map((lien) => lien.signalement)}::uuid[])`
  await session.sql`insert into rattachement (dept, signalement, dossier, mode, a, par, motif, details)
    select ${session.dept}, s, ${garde}, 'reuni', ${session.maintenant}, ${session.acteur.compte}, ${motif.trim()}, ${JSON.stringify({ operation, depuis: absorbe })}::jsonb
    from unnest(${liens.map((lien) => lien.signalement)}::uuid[]) as s`
  // What was written in it is read from the dossier kept.
  await session.sql`update dossier set reuni_dans = ${garde} where dept = ${session.dept} and id = ${absorbe}`
  await reprendreActes(session, { de: absorbe, vers: garde, reunion: operation })
  await consignerFaits(session, [
    {
      dossier: garde,
      type: 'dossiers.reunis',
      donnees: { operation, avec: absorbe, motif: motif.trim(), signalements: liens.length },
    },
    { dossier: absorbe, type: 'dossiers.reunis', donnees: { operation, dans: garde, motif: motif.trim() } },
  ])
  await deriverDossiers(session, [garde, absorbe])
  await repartirApres(session, [garde, absorbe])
  session.consigner({
    action: 'dossiers.reunir',
    objet: 'dossier',
    objetId: garde,
    details: { operation, absorbe },
  })
  return { operation, signalements: liens.length }
}

/** Undoes a reunion: every link it moved returns to the dossier it came from. */
export async function separerDossiers(session: Session, operation: string): Promise<void> {
  const liens = await session.sql<{ signalement: string; dossier: string; depuis: string }>`
    update rattachement set defait_a = ${session.maintenant}, defait_par = ${session.acteur.compte}, defait_motif = ${`separation:${operation}`}
    where dept = ${session.dept} and details->>'operation' = ${operation} and defait_a is null
    returning signalement, dossier, (details->>'depuis')::uuid as depuis`
  if (liens.length === 0)
    throw refus(
      'reunion.inconnue',
      'Cette réunion a déjà été défaite, ou les signaux ont été rattachés ailleurs depuis.',
    )
  for (const [depuis, siens] of Map.groupBy(liens, (lien) => lien.depuis)) {
    await session.sql`insert into rattachement (dept, signalement, dossier, mode, a, par, motif)
      select ${session.dept}, s, ${depuis}, 'separe', ${session.maintenant}, ${session.acteur.compte}, 'réunion défaite'
      from unnest(${siens.map((lien) => lien.signalement)}::uuid[]) as s`
  }
  await session.sql`update dossier set reuni_dans = null where dept = ${session.dept}
    and id = any (${[...new Set(liens.map((lien) => lien.depuis))]}::uuid[])`
  await rendreActes(session, operation)
  const dossiers = [...new Set(liens.flatMap((lien) => [lien.dossier, lien.depuis]))]
  await consignerFaits(
    session,
    dossiers.map((dossier) => ({ dossier, type: 'dossiers.separes', donnees: { operation } })),
  )
  await deriverDossiers(session, dossiers)
  await repartirApres(session, dossiers)
  session.consigner({ action: 'dossiers.separer', details: { operation, dossiers } })
}
