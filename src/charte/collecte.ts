import { randomUUID } from 'node:crypto'
import { aLeDroit, listerOrganismes, type Session } from '#acces'
import { listerDestinataires, noter } from '#notifications'
import { AUTRES_PRODUCTEURS, type IndicateurSuivi, LIBELLES_TYPES_ORGANISME, type Producteur } from '#referentiel'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { bearsHouseholdNumber, NUMBER_REFUSED } from '#socle/text'

/** A yearly request for the figures that partners alone hold. */
export interface Collecte {
  readonly id: string
  readonly annee: number
  readonly avant: Temporal.PlainDate
  readonly mot: string
  readonly ouverte_a: Temporal.Instant
  readonly ouverte_par_nom: string
  readonly close_a: Temporal.Instant | null
  readonly version: number
}

/** What one organisme is asked, and what it gave. */
export interface DemandeIndicateurs {
  readonly id: string
  readonly collecte: string
  /** Null: it has no place here, a pilot writes what it answered. */
  readonly organisme: string | null
  readonly nom: string
  readonly indicateurs: readonly string[]
  readonly reponses: Readonly<Record<string, string>>
  readonly rendue_a: Temporal.Instant | null
  readonly rendue_par_nom: string | null
  readonly relances: number
  readonly relancee_le: Temporal.PlainDate | null
  readonly version: number
}

export const LONGUEURS_COLLECTE = { mot: 1000, reponse: 2000 } as const

function nommer(producteur: Producteur): string {
  const nom = { ...LIBELLES_TYPES_ORGANISME, ...AUTRES_PRODUCTEURS }[producteur]
  return nom.charAt(0).toLocaleUpperCase('fr') + nom.slice(1)
}

/** Indicators of the charter of the day that a producer gives each year, by number; Amont counts the others. */
function listerAFournir({ referentiel, dept, jour }: Session): readonly IndicateurSuivi[] {
  const charte = referentiel.departements
    .get(dept)
    ?.chartes.findLast(({ du }) => Temporal.PlainDate.compare(du, jour) <= 0)
  return (charte?.indicateurs ?? [])
    .filter(({ indicateur }) => indicateur.production === 'saisie')
    .toSorted((un, autre) => un.numero - autre.numero)
}

/** What was typed, as it is kept and counted: browsers end lines with two characters. */
const propre = (texte: string): string => texte.replace(/\r\n/g, '\n').trim()

type DemandePrevue = Pick<DemandeIndicateurs, 'organisme' | 'nom' | 'indicateurs'>

/** Who would be asked, and what: each organisme of a kind that gives a figure; a kind nobody represents here, by its name. */
export async function prevoirCollecte(session: Session): Promise<readonly DemandePrevue[]> {
  const organismes = await listerOrganismes(session)
  const parType = new Map<Producteur, string[]>()
  for (const { producteurs, indicateur } of listerAFournir(session))
    for (const producteur of producteurs)
      if (producteur !== 'amont')
        parType.set(producteur, [...new Set([...(parType.get(producteur) ?? []), indicateur.id])])
  return [...parType].flatMap(([producteur, indicateurs]): DemandePrevue[] => {
    const siens = organismes.filter(({ type }) => type === producteur)
    return siens.length > 0
      ? siens.map(({ id, nom }) => ({ organisme: id, nom, indicateurs }))
      : [{ organisme: null, nom: nommer(producteur), indicateurs }]
  })
}

async function prevenir(session: Session, demandes: readonly DemandeIndicateurs[], avant: Temporal.PlainDate) {
  const organismes = demandes.flatMap(({ organisme }) => organisme ?? [])
  const personnes = Map.groupBy(
    await listerDestinataires(session, organismes, 'collecte.repondre'),
    ({ organisme }) => organisme,
  )
  await noter(
    session,
    demandes.flatMap(({ id, organisme }) =>
      organisme === null
        ? []
        : [
            {
              genre: 'collecte' as const,
              destinataires: personnes.get(organisme) ?? [],
              dossier: null,
              objet: id,
              avant,
            },
          ],
    ),
  )
}

/** Yearly requests, newest first. */
export const listerCollectes = ({ sql, dept }: Session): Promise<Collecte[]> => sql<Collecte>`
  select c.id, c.annee, c.avant, c.mot, c.ouverte_a, p.prenom || ' ' || p.nom as ouverte_par_nom, c.close_a, c.version
  from collecte c join compte p on p.dept = ${dept} and p.id = c.ouverte_par where c.dept = ${dept} order by c.annee desc`

/** What is asked in these requests: of everybody for those who lead them, of one's own organisme for the others (row-level security). */
export const listerDemandesIndicateurs = (
  { sql, dept }: Session,
  collectes: readonly string[],
): Promise<DemandeIndicateurs[]> =>
  sql<DemandeIndicateurs>`
    select d.id, d.collecte, d.organisme, d.nom, d.indicateurs, d.reponses, d.rendue_a, p.prenom || ' ' || p.nom as rendue_par_nom, d.relances, d.relancee_le, d.version
    from collecte_demande d left join compte p on p.dept = ${dept} and p.id = d.rendue_par
    where d.dept = ${dept} and d.collecte = any (${[...collectes]}::uuid[]) order by (d.rendue_a is null) desc, d.nom collate "fr-x-icu", d.id`

/** One of them, with its request. */
export async function lireDemandeIndicateurs(
  session: Session,
  id: string,
): Promise<{ readonly collecte: Collecte; readonly demande: DemandeIndicateurs }> {
  const [lue] = await session.sql<{ collecte: string }>`
    select collecte from collecte_demande where dept = ${session.dept} and id = ${id}::uuid`
  const collecte = (await listerCollectes(session)).find((une) => une.id === lue?.collecte)
  const demande = collecte && (await listerDemandesIndicateurs(session, [collecte.id])).find((une) => une.id === id)
  if (!collecte || !demande) throw new Introuvable()
  return { collecte, demande }
}

/** Asks every producer for its figures of a year, by a day. One request a year. Returns how many are asked. */
export async function ouvrirCollecte(
  session: Session,
  { annee, avant, mot }: { readonly annee: number; readonly avant: Temporal.PlainDate | null; readonly mot: string },
): Promise<number> {
  const { sql, dept, acteur, maintenant, jour } = session
  if (acteur.compte === null || acteur.organisme === null) throw new Introuvable()
  if (annee < 2000 || annee > jour.year) throw refus('collecte.annee', 'Choisir l’année des chiffres, déjà commencée.')
  if (avant === null || Temporal.PlainDate.compare(avant, jour) <= 0)
    throw refus('collecte.avant', 'Choisir un jour à venir.')
  const motPropre = propre(mot)
  if (motPropre.length > LONGUEURS_COLLECTE.mot)
    throw refus('collecte.mot', `Raccourcir à ${LONGUEURS_COLLECTE.mot} caractères : il y en a ${motPropre.length}.`)
  if (bearsHouseholdNumber(motPropre)) throw refus('collecte.mot', NUMBER_REFUSED)
  const prevues = await prevoirCollecte(session)
  if (prevues.length === 0)
    throw refus('collecte.annee', 'Le document de ce département ne demande de chiffre à aucun partenaire.')
  const id = randomUUID()
  const [ouverte] = await sql`
    insert into collecte (dept, id, annee, avant, mot, organisme, ouverte_a, ouverte_par)
    values (${dept}, ${id}, ${annee}, ${avant}, ${motPropre}, ${acteur.organisme}, ${maintenant}, ${acteur.compte})
    on conflict (dept, annee) do nothing returning id`
  if (!ouverte) throw refus('collecte.annee', `Les chiffres de ${annee} sont déjà demandés.`)
  await sql`
    insert into collecte_demande (dept, id, collecte, organisme, nom, indicateurs)
    select ${dept}, gen_random_uuid(), ${id}, x.organisme, x.nom, array(select jsonb_array_elements_text(x.indicateurs))
    from jsonb_to_recordset(${JSON.stringify(prevues)}::jsonb) as x(organisme uuid, nom text, indicateurs jsonb)`
  await prevenir(session, await listerDemandesIndicateurs(session, [id]), avant)
  session.consigner({
    action: 'collecte.ouvrir',
    objet: 'collecte',
    objetId: id,
    details: { annee, demandes: prevues.length },
  })
  return prevues.length
}

/** Two people answered for one organisme: nothing is written, both versions are shown. */
const CHANGEE = 'Quelqu’un a répondu pendant que la page était ouverte : comparer, puis enregistrer ce qui convient.'

/**
 * Keeps what an organisme gives; `rendue` says that it is all. For a producer that has no place here, whoever leads the request writes it. It may be corrected until the
 * request is closed.
 */
export async function repondreCollecte(
  session: Session,
  id: string,
  saisie: {
    readonly version: number
    readonly reponses: Readonly<Record<string, string>>
    readonly rendue: boolean
  },
): Promise<void> {
  const { sql, dept, acteur, maintenant } = session
  const { collecte, demande } = await lireDemandeIndicateurs(session, id)
  const sienne =
    demande.organisme === null ? aLeDroit(acteur, 'collecte.conduire') : demande.organisme === acteur.organisme
  if (!sienne || acteur.compte === null) throw new Introuvable()
  if (collecte.close_a !== null)
    throw refus('collecte.close', 'Cette collecte est close : ceux qui la conduisent peuvent la rouvrir.')
  const reponses = Object.fromEntries(
    demande.indicateurs.flatMap((indicateur) => {
      const texte = propre(saisie.reponses[indicateur] ?? '')
      return texte === '' ? [] : [[indicateur, texte]]
    }),
  )
  const longue = Object.values(reponses).find((texte) => texte.length > LONGUEURS_COLLECTE.reponse)
  if (longue !== undefined)
    throw refus(
      'collecte.longueur',
      `Raccourcir à ${LONGUEURS_COLLECTE.reponse} caractères : il y en a ${longue.length}.`,
    )
  if (Object.values(reponses).some(bearsHouseholdNumber)) throw refus('collecte.numero', NUMBER_REFUSED)
  if (saisie.rendue && Object.keys(reponses).length < demande.indicateurs.length)
    throw refus(
      'collecte.reponses',
      'Un chiffre manque : le donner, ou écrire « indisponible » et pourquoi. « Garder sans rendre » garde ce qui est écrit.',
    )
  const [ecrite] = await sql`
    update collecte_demande set reponses = ${JSON.stringify(reponses)}::jsonb, rendue_a = ${saisie.rendue ? maintenant : null}::timestamptz,
      rendue_par = ${saisie.rendue ? acteur.compte : null}::uuid, version = version + 1
    where dept = ${dept} and id = ${id} and version = ${saisie.version} returning id`
  if (!ecrite) throw new Conflit('collecte.change', CHANGEE, [id])
  session.consigner({
    action: 'collecte.repondre',
    objet: 'collecte_demande',
    objetId: id,
    details: { rendue: saisie.rendue, chiffres: Object.keys(reponses).length },
  })
}

async function relancer(
  session: Session,
  collecte: Collecte,
  jamaisRelancees: boolean,
): Promise<readonly DemandeIndicateurs[]> {
  const { sql, dept, jour } = session
  const relancees = await sql<{ id: string }>`
    update collecte_demande set relances = relances + 1, relancee_le = ${jour}
    where dept = ${dept} and collecte = ${collecte.id} and rendue_a is null and (relancee_le is null or relancee_le < ${jour})
      and (not ${jamaisRelancees} or relancee_le is null or relancee_le <= ${collecte.avant}) returning id`
  const ids = new Set(relancees.map(({ id }) => id))
  const demandes = (await listerDemandesIndicateurs(session, [collecte.id])).filter(({ id }) => ids.has(id))
  await prevenir(session, demandes, collecte.avant)
  if (demandes.length > 0)
    session.consigner({
      action: 'collecte.relancer',
      objet: 'collecte',
      objetId: collecte.id,
      details: { demandes: demandes.length },
    })
  return demandes
}

async function exiger(session: Session, id: string): Promise<Collecte> {
  const collecte = (await listerCollectes(session)).find((une) => une.id === id)
  if (!collecte) throw new Introuvable()
  return collecte
}

/** Reminds whoever has not answered, once a day. Returns those reminded; the ones that have no place here are to be reminded by hand. */
export async function relancerCollecte(session: Session, id: string): Promise<readonly DemandeIndicateurs[]> {
  const collecte = await exiger(session, id)
  if (collecte.close_a !== null) throw refus('collecte.close', 'Cette collecte est close : rien n’est plus attendu.')
  return relancer(session, collecte, false)
}

/** Job: the day after the one that was set, whoever has not answered is reminded, once. Returns how many. */
export async function rappelerCollectes(session: Session): Promise<number> {
  let total = 0
  for (const collecte of await listerCollectes(session))
    if (collecte.close_a === null && Temporal.PlainDate.compare(collecte.avant, session.jour) < 0)
      total += (await relancer(session, collecte, true)).length
  return total
}

/** Closes a request, or opens it again: nothing more is expected, and what was given stays. */
export async function cloreCollecte(session: Session, id: string, version: number, close: boolean): Promise<void> {
  const { sql, dept, acteur, maintenant } = session
  await exiger(session, id)
  const [faite] = await sql`
    update collecte set close_a = ${close ? maintenant : null}::timestamptz, close_par = ${close ? acteur.compte : null}::uuid, version = version + 1
    where dept = ${dept} and id = ${id} and version = ${version} and (close_a is null) = ${close} returning id`
  if (!faite) throw new Conflit('collecte.change', 'Cette collecte a changé depuis que la page a été ouverte.', [id])
  session.consigner({ action: 'collecte.clore', objet: 'collecte', objetId: id, details: { close } })
}
