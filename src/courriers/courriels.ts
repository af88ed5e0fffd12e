import type { Session } from '#acces'
import { consignerFaits } from '#dossiers'
import { filtrerParAccord } from '#participations'
import type { ModeleCourrier } from '#referentiel'
import { Conflit, refus } from '#socle/errors'
import { failureOf, type Mailer, refusalOf } from '#socle/mail'
import { enqueue } from '#socle/queue'
import { typo } from '#socle/typography'
import { type Courrier, lireContenu, lireCourrier, lireLot, lireModele, peutAgirSur, relancerLot } from './courriers.ts'

/** The objet of `donnees/acces/accords.yaml` without which no letter leaves by mail. */
export const ACCORD_COURRIEL = 'courrier_electronique'
/** Job that sends the letters of a batch that leave by mail. */
export const TACHE_COURRIER_COURRIEL = 'envoyer-courriers-par-courriel'

/** Whether a letter may leave by mail, and where to. */
export interface CourrielPossible {
  /** The household agreed, and still does. */
  readonly accord: boolean
  /** Addresses the dossier knows. */
  readonly adresses: readonly string[]
}

/** Households agree that the secretariat writes to them by mail: nobody else does, and nobody but a household could agree. */
export const admetCourriel = (
  modele: Pick<ModeleCourrier, 'destinataire' | 'forme' | 'expediteur'> | undefined,
): boolean => modele?.destinataire === 'menage' && modele.forme === 'lettre' && modele.expediteur === 'secretariat'

/** Null when no agreement covers this letter. */
export async function lireCourrielPossible(session: Session, courrier: Courrier): Promise<CourrielPossible | null> {
  if (!admetCourriel(session.referentiel.courriers.get(courrier.modele))) return null
  const [lu] = await session.sql<{ courriels: string[] | null }>`
    select menage -> 'courriels' as courriels from dossier where dept = ${session.dept} and id = ${courrier.dossier}`
  const accord = await filtrerParAccord(session, [courrier.dossier], ACCORD_COURRIEL)
  return { accord: accord.has(courrier.dossier), adresses: lu?.courriels ?? [] }
}

const ADRESSE = /^[^\s@<>,;"]{1,64}@[^\s@<>,;"]{1,190}\.[a-z]{2,}$/i

/** Chooses how a letter leaves: by mail to an address its household gave, or on paper (null). Before it leaves, and only with the agreement of the household. */
export async function choisirCanal(
  session: Session,
  { id, version }: { readonly id: string; readonly version: number },
  courriel: string | null,
): Promise<Courrier> {
  const [sous] = await session.sql`select id from courrier where dept = ${session.dept} and id = ${id} for update`
  const courrier = await lireCourrier(session, id)
  const modifiable = courrier.etat === 'propose' || courrier.etat === 'produit'
  if (!sous || !peutAgirSur(session, courrier) || courrier.version !== version || !modifiable)
    throw new Conflit(
      'courrier.change',
      'Ce courrier a changé depuis que la page a été ouverte : le relire avant de recommencer.',
      [id],
    )
  if (courriel !== null) {
    const possible = await lireCourrielPossible(session, courrier)
    if (!possible?.accord)
      throw refus(
        'courrier.accord',
        'Le ménage n’a pas donné son accord, ou l’a retiré : ce courrier part sur papier. L’accord se note dans « Accords du ménage ».',
      )
    if (!ADRESSE.test(courriel))
      throw refus('courrier.courriel', 'Écrire l’adresse de courriel que le ménage a donnée.')
  }
  await session.sql`update courrier set courriel = ${courriel}, version = version + 1 where dept = ${session.dept} and id = ${id}`
  if (courrier.etat === 'produit' && courrier.lot !== null) await relancerLot(session, courrier.lot)
  session.consigner({
    action: 'courrier.canal',
    objet: 'courrier',
    objetId: id,
    dossiers: [courrier.dossier],
    details: { courriel: courriel !== null },
  })
  return courrier
}

/** Letters of a batch that leave by mail, how many have, and how many that should have are back on paper. */
export async function compterCourriels(
  { sql, dept }: Session,
  lot: string,
): Promise<{ readonly aEnvoyer: number; readonly envoyes: number; readonly revenus: number; readonly papier: number }> {
  const [compte] = await sql<{ aEnvoyer: number; envoyes: number; revenus: number; papier: number }>`
    select (count(*) filter (where courriel is not null and etat = 'produit'))::int as "aEnvoyer",
      (count(*) filter (where courriel is not null and etat = 'envoye'))::int as envoyes,
      (count(*) filter (where courriel is not null and etat = 'revenu'))::int as revenus,
      (count(*) filter (where courriel is null and etat = 'produit' and motif is not null))::int as papier
    from courrier where dept = ${dept} and lot = ${lot}`
  return compte ?? { aEnvoyer: 0, envoyes: 0, revenus: 0, papier: 0 }
}

/** A person says that the mails of a batch leave: the queue sends them. */
export async function demanderCourriels(session: Session, lot: string): Promise<number> {
  const { etat } = await lireLot(session, lot)
  if (etat !== 'pret')
    throw refus('courrier.lot_en_cours', 'Ce lot n’est pas encore prêt : attendre la fin de la production.')
  const { aEnvoyer } = await compterCourriels(session, lot)
  if (aEnvoyer === 0) return 0
  // Who asked is who sends: the register says it.
  await session.sql`update courrier set envoye_par = ${session.acteur.compte} where dept = ${session.dept} and lot = ${lot} and courriel is not null and etat = 'produit'`
  await enqueue(session, TACHE_COURRIER_COURRIEL, { dept: session.dept, lot }, `courriels:${lot}`)
  session.consigner({
    action: 'courriers.courriels',
    objet: 'lot_courrier',
    objetId: lot,
    details: { courriels: aEnvoyer },
  })
  return aEnvoyer
}

/** Letters of a batch that a person asked to send by mail and that have not left. */
export async function listerCourriels({ sql, dept }: Session, lot: string): Promise<readonly string[]> {
  const lignes = await sql<{ id: string }>`
    select id from courrier where dept = ${dept} and lot = ${lot} and etat = 'produit' and courriel is not null and envoye_par is not null order by nom, id`
  return lignes.map(({ id }) => id)
}

/**
 * Sends one letter by mail, its PDF attached: to a household that agreed, at the address it gave, with not a word of the letter in the mail itself. An agreement
 * withdrawn since puts the letter back on paper; an address refused for good is a letter that came back. Refused today (a full mailbox, a policy): nothing is written, the
 * caller knows whether everybody is. Throws when the server does not answer, or asks to wait: nothing is written either.
 */
export async function envoyerCourriel(
  session: Session,
  mailer: Mailer,
  id: string,
): Promise<'parti' | 'revenu' | 'papier' | 'refuse' | 'rien'> {
  const { sql, dept, jour } = session
  const [lu] = await sql<{ pdf: Buffer | null }>`
    select coalesce(m.octets, c.pdf) as pdf from courrier c left join courrier_modifie m on m.dept = c.dept and m.courrier = c.id
    where c.dept = ${dept} and c.id = ${id} and c.etat = 'produit' and c.courriel is not null for update of c skip locked`
  if (!lu?.pdf) return 'rien'
  const courrier = await lireCourrier(session, id)
  const { courriel, dossier, organisme, modele } = courrier
  if (courriel === null) return 'rien'
  const admis = admetCourriel(session.referentiel.courriers.get(modele))
  if (!admis || !(await filtrerParAccord(session, [dossier], ACCORD_COURRIEL)).has(dossier)) {
    await remettreSurPapier(session, courrier, 'Sans l’accord du ménage aux courriels : sur papier.')
    return 'papier'
  }
  const modifie =
    (await sql`select courrier from courrier_modifie where dept = ${dept} and courrier = ${id}`).length > 0
  const expediteur = (await lireContenu(session, id))?.lettres[0]?.expediteur.nom ?? 'Le secrétariat'
  let refuse = false
  try {
    await mailer.send({
      to: courriel,
      subject: `Un courrier pour vous, de ${expediteur}`,
      text: typo(
        `Bonjour,\n\nVous avez accepté de recevoir nos courriers par courriel. Celui-ci est en pièce jointe : l’ouvrir pour le lire.\n\nNos coordonnées sont en tête du courrier. Pour ne plus en recevoir de cette façon, nous appeler ou nous écrire : les prochains partiront sur papier.\n\n${expediteur}\n`,
      ),
      attachment: modifie
        ? {
            name: 'courrier.docx',
            type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
            bytes: lu.pdf,
          }
        : { name: 'courrier.pdf', type: 'application/pdf', bytes: lu.pdf },
      id: `<courrier.${id}@amont.invalid>`,
    })
  } catch (erreur) {
    if (refusalOf(erreur) === null) {
      if (failureOf(erreur) !== 'refused') throw erreur
      return 'refuse'
    }
    refuse = true
  }
  await sql`
    update courrier set etat = ${refuse ? 'revenu' : 'envoye'}, envoye_le = ${jour}, canal = 'courriel', version = version + 1,
      revenu_le = ${refuse ? jour : null}, motif = ${refuse ? 'Adresse de courriel refusée par son serveur.' : null}
    where dept = ${dept} and id = ${id}`
  await consignerFaits(session, [
    { dossier, type: 'courrier.envoye', le: jour, donnees: { courrier: id, modele, canal: 'courriel', organisme } },
    ...(refuse ? [{ dossier, type: 'courrier.revenu', le: jour, donnees: { courrier: id, modele } }] : []),
  ])
  session.consigner({
    action: 'courriers.courriels',
    objet: 'courrier',
    objetId: id,
    dossiers: [dossier],
    details: { parti: !refuse },
  })
  return refuse ? 'revenu' : 'parti'
}

/** Puts on paper the letters whose mail was refused today, unless they changed since. */
export async function remettreRefuses(session: Session, ids: readonly string[]): Promise<void> {
  const { sql, dept } = session
  const restes = await sql<{ id: string }>`
    select id from courrier where dept = ${dept} and id = any (${[...ids]}::uuid[]) and etat = 'produit' and courriel is not null order by id for update`
  for (const { id } of restes)
    await remettreSurPapier(
      session,
      await lireCourrier(session, id),
      'Courriel refusé aujourd’hui par le serveur du destinataire : sur papier.',
    )
}

async function remettreSurPapier(session: Session, { id, dossier, lot }: Courrier, motif: string): Promise<void> {
  await session.sql`update courrier set courriel = null, envoye_par = null, motif = ${motif}, version = version + 1 where dept = ${session.dept} and id = ${id}`
  if (lot !== null) await relancerLot(session, lot)
  session.consigner({
    action: 'courrier.canal',
    objet: 'courrier',
    objetId: id,
    dossiers: [dossier],
    details: { courriel: false },
  })
}

/** Households of a kind of letter that agreed and whose one address is known: the channel of all their proposed letters at once. Returns how many. */
export async function choisirCourrielPourTous(session: Session, modele: string): Promise<number> {
  const { sql, dept, acteur } = session
  if (!admetCourriel(lireModele(session, modele))) return 0
  const candidats = await sql<{ id: string; dossier: string; courriel: string }>`
    select c.id, c.dossier, d.menage -> 'courriels' ->> 0 as courriel from courrier c join dossier d on d.dept = ${dept} and d.id = c.dossier
    where c.dept = ${dept} and c.modele = ${modele} and c.etat = 'propose' and c.courriel is null
      and c.organisme = ${acteur.organisme}::uuid
      and jsonb_array_length(coalesce(d.menage -> 'courriels', '[]')) = 1`
  const accords = await filtrerParAccord(
    session,
    candidats.map(({ dossier }) => dossier),
    ACCORD_COURRIEL,
  )
  const choisis = candidats.filter(({ dossier, courriel }) => accords.has(dossier) && ADRESSE.test(courriel))
  if (choisis.length === 0) return 0
  await sql`update courrier c set courriel = x.courriel, version = c.version + 1
    from unnest(${choisis.map(({ id }) => id)}::uuid[], ${choisis.map(({ courriel }) => courriel)}::text[]) as x(id, courriel)
    where c.dept = ${dept} and c.id = x.id`
  session.consigner({
    action: 'courrier.canal',
    objet: 'courrier',
    dossiers: choisis.map(({ dossier }) => dossier),
    details: { courriel: true, courriers: choisis.length },
  })
  return choisis.length
}
