import { createHash } from 'node:crypto'
import { aLeDroit, type Session } from '#acces'
import { noterRemisesAuJuge } from '#diagnostics'
import { consignerFaits, dansLePerimetre } from '#dossiers'
import {
  type ChoseAdressee,
  listerDestinataires,
  listerOuvertures,
  noter,
  noterOuverture,
  type Ouverture,
} from '#notifications'
import { type Fragment, sql as fragment } from '#socle/db'
import { Introuvable, refus } from '#socle/errors'
import { champsLisibles } from './champs.ts'
import { exigerMotif } from './ecarts.ts'
import { type ContenuLigne, placeLigne, placeOctets } from './envoyer.ts'

const placeRetrait = (id: string): string => `bordereau|retire_motif|${id}`

/** A slip as its sender and its recipient know it; what it says is read apart. */
export interface Bordereau {
  readonly id: string
  readonly annee: number
  readonly numero: number
  readonly genre: string
  readonly expediteur: string
  readonly expediteur_nom: string
  readonly destinataire: string | null
  readonly destinataire_nom: string
  readonly pourquoi: string
  readonly canal: 'amont' | 'remise'
  readonly lignes: number
  readonly empreinte: string
  readonly auteur: string
  readonly a: Temporal.Instant
  readonly rappel_a: Temporal.Instant | null
  readonly recu_le: Temporal.PlainDate | null
  readonly retire_a: Temporal.Instant | null
  readonly retire_auteur: string | null
  readonly retire_motif: string | null
}

function lireEntetes(session: Session, choix: Fragment): Promise<Bordereau[]> {
  const { dept } = session
  return session.sql<Bordereau>`
    select b.id, b.annee, b.numero, b.genre, b.expediteur, e.nom as expediteur_nom, b.destinataire, b.destinataire_nom, b.pourquoi, b.canal, b.lignes, b.empreinte,
      c.prenom || ' ' || c.nom as auteur, b.a, b.rappel_a, b.recu_le, b.retire_a, r.prenom || ' ' || r.nom as retire_auteur, b.retire_motif
    from bordereau b join organisme e on e.dept = ${dept} and e.id = b.expediteur join compte c on c.dept = ${dept} and c.id = b.par
    left join compte r on r.dept = ${dept} and r.id = b.retire_par
    where b.dept = ${dept} and ${choix}`
}

const siens = ({ acteur }: Session): Fragment => fragment`b.expediteur = ${acteur.organisme}::uuid`
const recus = ({ acteur }: Session): Fragment => fragment`b.destinataire = ${acteur.organisme}::uuid`

/** A line as its reader may read it today. */
export interface LigneLue extends ContenuLigne {
  readonly dossier: string
  /** Reference of the dossier for whoever sees it: a way in. */
  readonly lien: string | null
}

async function lireLignes(session: Session, id: string): Promise<(ContenuLigne & { readonly dossier: string })[]> {
  const lues = await session.sql<{ rang: number; dossier: string; contenu: string }>`
    select rang, dossier, contenu from bordereau_ligne where dept = ${session.dept} and bordereau = ${id} order by rang`
  const coffre = await session.coffre()
  return lues.map(({ rang, dossier, contenu }) => ({
    ...(coffre.ouvrir(contenu, placeLigne(id, rang)) as ContenuLigne),
    dossier,
  }))
}

async function avecLiens(
  session: Session,
  lignes: readonly (ContenuLigne & { readonly dossier: string })[],
): Promise<LigneLue[]> {
  const { sql, dept, acteur } = session
  const vus = aLeDroit(acteur, 'dossier.consulter')
    ? await sql<{ id: string; reference: string }>`select d.id, d.reference from dossier d
        where d.dept = ${dept} and d.id = any (${lignes.map(({ dossier }) => dossier)}::uuid[]) and ${dansLePerimetre(session)}`
    : []
  const references = new Map(vus.map(({ id, reference }) => [id, reference]))
  return lignes.map((ligne) => ({ ...ligne, lien: references.get(ligne.dossier) ?? null }))
}

/** One slip of the sender’s register: what it said, who opened it, why it was withdrawn. For another organisme, it does not exist. */
export async function lireEnvoye(
  session: Session,
  id: string,
): Promise<{
  readonly bordereau: Bordereau
  readonly lignes: readonly LigneLue[]
  readonly ouvertures: readonly Ouverture[]
}> {
  const [lu] = await lireEntetes(session, fragment`b.id = ${id}::uuid and ${siens(session)}`)
  if (!lu) throw new Introuvable()
  const lignes = await lireLignes(session, id)
  const coffre = await session.coffre()
  session.consigner({
    action: 'bordereau.lire',
    objet: 'bordereau',
    objetId: id,
    dossiers: [...new Set(lignes.map(({ dossier }) => dossier))],
  })
  return {
    bordereau: {
      ...lu,
      retire_motif: lu.retire_motif === null ? null : String(coffre.ouvrir(lu.retire_motif, placeRetrait(id))),
    },
    lignes: await avecLiens(session, lignes),
    ouvertures: await listerOuvertures(session, 'bordereau', [id]),
  }
}

export const PAR_PAGE = 50

/** Slips addressed to the organisme of the session, newest first, and since when it opened each. */
export async function listerRecusBordereaux(
  session: Session,
  numero = 1,
): Promise<{
  readonly lignes: readonly (Bordereau & { readonly ouvert_a: Temporal.Instant | null })[]
  readonly suite: boolean
}> {
  const page = Math.max(1, numero)
  const lus = await lireEntetes(
    session,
    fragment`${recus(session)} order by b.a desc, b.id limit ${PAR_PAGE + 1} offset ${(page - 1) * PAR_PAGE}`,
  )
  const lignes = lus.slice(0, PAR_PAGE)
  const ouvertures = await listerOuvertures(
    session,
    'bordereau',
    lignes.map(({ id }) => id),
  )
  session.consigner({ action: 'bordereaux.lister', details: { nombre: lignes.length } })
  return {
    lignes: lignes.map((un) => ({ ...un, ouvert_a: ouvertures.find(({ objet }) => objet === un.id)?.a ?? null })),
    suite: lus.length > PAR_PAGE,
  }
}

/** Slips of one’s own organisme that nobody opened yet. */
export const chiffreRecus = (): Fragment => fragment`public.bordereaux_a_ouvrir()`

/** Opens a slip addressed to the organisme of the session, masked by the matrix of today; the first opening of each person is kept. Withdrawn, its content is gone. */
export async function ouvrirRecu(
  session: Session,
  id: string,
): Promise<{ readonly bordereau: Bordereau; readonly lignes: readonly LigneLue[]; readonly entier: boolean }> {
  const [lu] = await lireEntetes(session, fragment`b.id = ${id}::uuid and ${recus(session)}`)
  if (!lu) throw new Introuvable()
  if (lu.retire_a !== null) {
    session.consigner({ action: 'bordereau.lire', objet: 'bordereau', objetId: id, details: { retire: true } })
    return { bordereau: { ...lu, retire_motif: null }, lignes: [], entier: false }
  }
  const lignes = await lireLignes(session, id)
  await noterOuverture(session, 'bordereau', id)
  session.consigner({
    action: 'bordereau.lire',
    objet: 'bordereau',
    objetId: id,
    dossiers: [...new Set(lignes.map(({ dossier }) => dossier))],
  })
  const lisibles = lignes.map((ligne) => ({ ...ligne, champs: champsLisibles(session, ligne.champs) }))
  return {
    bordereau: lu,
    lignes: await avecLiens(session, lisibles),
    entier: lisibles.every(({ champs }, rang) => champs.length === lignes[rang]?.champs.length),
  }
}

/** The exact bytes of a slip, for its sender or its recipient. A recipient who may not read all of it today has its screen, not its bytes. */
export async function lireOctets(
  session: Session,
  id: string,
  pour: 'expediteur' | 'destinataire',
): Promise<{ readonly bordereau: Bordereau; readonly octets: Uint8Array }> {
  const [lu] = await lireEntetes(
    session,
    fragment`b.id = ${id}::uuid and ${pour === 'expediteur' ? siens(session) : recus(session)}`,
  )
  if (!lu || (pour === 'destinataire' && lu.retire_a !== null)) throw new Introuvable()
  const [contenu] = await session.sql<{ octets: Buffer }>`
    select octets from bordereau_contenu where dept = ${session.dept} and bordereau = ${id}`
  if (!contenu) throw new Introuvable()
  const lignes = await lireLignes(session, id)
  if (pour === 'destinataire') {
    if (lignes.some(({ champs }) => champsLisibles(session, champs).length < champs.length)) throw new Introuvable()
    await noterOuverture(session, 'bordereau', id)
  }
  const octets = (await session.coffre()).ouvrirOctets(contenu.octets, placeOctets(id))
  if (createHash('sha256').update(octets).digest('hex') !== lu.empreinte)
    throw refus(
      'bordereau.altere',
      'Ce document ne porte plus son empreinte : il a été modifié. Prévenir l’administrateur.',
    )
  session.consigner({
    action: 'bordereau.imprimer',
    objet: 'bordereau',
    objetId: id,
    dossiers: [...new Set(lignes.map(({ dossier }) => dossier))],
  })
  return { bordereau: lu, octets }
}

/** Withdraws a slip sent by mistake: its recipient reads it no more, the register keeps it with the reason and who had opened it; what it carried is owed again. */
export async function retirerBordereau(session: Session, id: string, motif: string): Promise<void> {
  const { sql, dept, acteur, maintenant } = session
  if (!acteur.compte) throw new Introuvable()
  const net = exigerMotif(motif)
  const [lu] = await lireEntetes(session, fragment`b.id = ${id}::uuid and ${siens(session)} for update of b`)
  if (!lu) throw new Introuvable()
  if (lu.canal === 'remise')
    throw refus(
      'bordereau.remis',
      'Ce bordereau est remis hors d’Amont : il ne se retire pas d’ici. Demander au destinataire de le détruire.',
    )
  if (lu.retire_a !== null) return
  const scelle = (await session.coffre()).sceller(net, placeRetrait(id))
  await sql`update bordereau set retire_a = ${maintenant}, retire_par = ${acteur.compte}, retire_motif = ${scelle} where dept = ${dept} and id = ${id}`
  const lignes = await lireLignes(session, id)
  const dossiers = [...new Set(lignes.map(({ dossier }) => dossier))]
  await consignerFaits(
    session,
    dossiers.map((dossier) => ({
      dossier,
      type: 'bordereau.retire',
      donnees: { bordereau: id, genre: lu.genre, vers: lu.destinataire_nom },
    })),
  )
  session.consigner({ action: 'bordereau.retirer', objet: 'bordereau', objetId: id, dossiers })
}

/** Notes the day a slip handed over outside came back signed, or corrects it. What a court received is noted with its diagnosis: the legal day of delivery (DSF-28). */
export async function noterReception(session: Session, id: string, le: Temporal.PlainDate): Promise<void> {
  const { sql, dept, acteur, jour } = session
  const [lu] = await lireEntetes(session, fragment`b.id = ${id}::uuid and ${siens(session)} and b.canal = 'remise'`)
  if (!lu || !acteur.compte) throw new Introuvable()
  const envoye = lu.a.toZonedDateTimeISO('Europe/Paris').toPlainDate()
  if (Temporal.PlainDate.compare(le, envoye) < 0 || Temporal.PlainDate.compare(le, jour) > 0)
    throw refus('bordereau.recu_le', 'La réception est datée entre le jour de l’envoi et aujourd’hui.')
  await sql`update bordereau set recu_le = ${le}, recu_par = ${acteur.compte} where dept = ${dept} and id = ${id}`
  if (lu.genre === 'tribunal') {
    const lignes = await sql<{
      cle: string
    }>`select cle from bordereau_ligne where dept = ${dept} and bordereau = ${id}`
    const syntheses = lignes.map(({ cle }) => cle.replace('synthese:', ''))
    await noterRemisesAuJuge(session, { remise: id, syntheses, le })
  }
  session.consigner({ action: 'bordereau.recevoir', objet: 'bordereau', objetId: id })
}

/** One row of the register: something handed by an organisme to another, whatever carried it. */
export interface LigneRegistre {
  readonly quoi: ChoseAdressee
  readonly id: string
  readonly genre: string
  /** Number, where there is one. */
  readonly numero: string | null
  readonly vers: string
  readonly lignes: number
  readonly auteur: string | null
  readonly a: Temporal.Instant
  readonly canal: string
  readonly ouvert_a: Temporal.Instant | null
  readonly personnes: number
  readonly rappel_a: Temporal.Instant | null
  readonly recu_le: Temporal.PlainDate | null
  readonly retire_a: Temporal.Instant | null
  /** Dossier and its request, for what was told of a force request. */
  readonly reference: string | null
}

export interface FiltreRegistre {
  readonly quoi?: ChoseAdressee | undefined
  /** Only what nobody opened, and was not withdrawn. */
  readonly fermes?: boolean | undefined
  readonly page?: number | undefined
}

/** Everything the organisme of the session handed to others, newest first: slips, and for those who freeze them, weekly lists; what was told of force requests. */
export async function lireRegistre(
  session: Session,
  { quoi, fermes = false, page = 1 }: FiltreRegistre = {},
): Promise<{ readonly lignes: readonly LigneRegistre[]; readonly suite: boolean }> {
  const { sql, dept, acteur } = session
  const parts = [
    fragment`select 'bordereau' as quoi, b.id, b.genre, b.annee || '-' || b.numero as numero, b.destinataire_nom as vers, b.lignes, b.par, b.a, b.canal,
        b.rappel_a, b.recu_le, b.retire_a, null::uuid as dossier
      from bordereau b where b.dept = ${dept} and ${siens(session)}`,
    ...(aLeDroit(acteur, 'liste.figer')
      ? [
          fragment`select 'liste', l.id, l.stade, l.annee || '-' || l.numero, o.nom, l.lignes, l.figee_par, l.figee_a, 'amont', null, null, null, null
            from liste l join organisme o on o.dept = ${dept} and o.id = l.organisme where l.dept = ${dept}`,
        ]
      : []),
    ...(aLeDroit(acteur, 'requisition.consulter')
      ? [
          fragment`select 'diffusion', x.id, x.genre, null, o.nom, 1, x.par, x.a, 'amont', null, null, null, x.dossier
            from diffusion x join organisme o on o.dept = ${dept} and o.id = x.organisme
            where x.dept = ${dept} and x.organisme <> ${acteur.organisme}::uuid and exists (select 1 from habilitation h
              where h.dept = ${dept} and h.compte = x.par and h.organisme = ${acteur.organisme}::uuid)`,
        ]
      : []),
  ]
  const lues = await sql<LigneRegistre & { readonly dossier: string | null }>`
    select r.quoi, r.id, r.genre, r.numero, r.vers, r.lignes, c.prenom || ' ' || c.nom as auteur, r.a, r.canal, r.rappel_a, r.recu_le, r.retire_a, r.dossier,
      d.reference, u.ouvert_a, coalesce(u.personnes, 0) as personnes
    from (${fragment.join(parts, fragment` union all `)}) r
    left join compte c on c.dept = ${dept} and c.id = r.par
    left join dossier d on d.dept = ${dept} and d.id = r.dossier
    left join lateral (select min(o.a) as ouvert_a, count(*)::int as personnes from ouverture o where o.dept = ${dept} and o.quoi = r.quoi and o.objet = r.id) u on true
    where (${quoi ?? null}::text is null or r.quoi = ${quoi ?? null}) and (${!fermes} or (u.ouvert_a is null and r.retire_a is null and r.recu_le is null))
    order by r.a desc, r.id limit ${PAR_PAGE + 1} offset ${(Math.max(1, page) - 1) * PAR_PAGE}`
  const lignes = lues.slice(0, PAR_PAGE)
  session.consigner({
    action: 'bordereaux.lister',
    dossiers: [...new Set(lignes.flatMap(({ dossier }) => dossier ?? []))],
    details: { nombre: lignes.length },
  })
  return { lignes, suite: lues.length > PAR_PAGE }
}

/** Each morning: what nobody opened in the days set for its kind is told once more. Repeating it the same day adds nothing. */
export async function rappelerBordereaux(session: Session): Promise<number> {
  const { sql, dept, maintenant, jour } = session
  const dormants = await sql<{ id: string; destinataire: string }>`
    select b.id, b.destinataire from bordereau b where b.dept = ${dept} and b.destinataire is not null and b.retire_a is null and b.rappel_a is null
      and (b.a at time zone 'Europe/Paris')::date + b.rappel_jours <= ${jour}
      and not exists (select 1 from ouverture u where u.dept = ${dept} and u.quoi = 'bordereau' and u.objet = b.id) for update of b`
  if (dormants.length === 0) return 0
  const recoivent = await listerDestinataires(
    session,
    dormants.map(({ destinataire }) => destinataire),
    'bordereau.recevoir',
  )
  await noter(
    session,
    dormants.map(({ id, destinataire }) => ({
      genre: 'bordereau' as const,
      destinataires: recoivent.filter(({ organisme }) => organisme === destinataire),
      dossier: null,
      objet: id,
    })),
  )
  await sql`update bordereau set rappel_a = ${maintenant} where dept = ${dept} and id = any (${dormants.map(({ id }) => id)}::uuid[])`
  session.consigner({ action: 'bordereaux.rappeler', details: { nombre: dormants.length } })
  return dormants.length
}
