import { createHash, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { type Application, acteurSysteme, aLeDroit, ouvrirSession, type Session } from '#acces'
import { attendAccordAdil, lireExtraitValide, listerDiagnostics } from '#diagnostics'
import { listerDestinataires, noter } from '#notifications'
import { parametre } from '#referentiel'
import { projectRoot } from '#socle/config'
import { type DocxBlock, writeDocx } from '#socle/docx'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { renderPdf } from '#socle/pdf'
import { enqueue } from '#socle/queue'
import { isUuid } from '#socle/text'
import { parisDay } from '#socle/time'
import { formatDate, formatDateLongue, formatInstant, pluriel, typo } from '#socle/typography'
import {
  attendreSeance,
  type Deliberation,
  lirePoste,
  listerPrononces,
  type MotifReport,
  motifsReport,
  type Poste,
  type Prononce,
  placeCorrection,
  placeDeliberation,
  placePrononce,
  sensExpertise,
} from './deliberations.ts'
import { avisCharte, genresPoint, listerPoints } from './points.ts'
import { lireQuorum, listerPresences } from './presences.ts'
import {
  avisPossibles,
  echeanceDuRetour,
  estAdapte,
  type ReponseQuestion,
  reponsesPossibles,
  reponsesQuestion,
} from './reponses.ts'
import { lireSeance } from './seances.ts'

/** Name of the job that tells what a session decided, once its statement is approved. */
export const TACHE_RELEVE = 'publier-releve'

const MODELE = join(projectRoot, 'src/commission/releve.typ')
export const placeReleve = (id: string) => `releve|contenu|${id}`
export const placeDocument = (id: string) => `releve|document|${id}`

/** A dossier as the statement tells it. Words only: it is read years later, when lists may have changed. */
export interface LigneReleve {
  /** Id of the dossier, for the journal: whoever approves does not see the dossier itself. */
  readonly dossier?: string
  readonly rang: number
  readonly reference: string
  readonly menage: string
  readonly commune: string
  /** Null: it was decided. */
  readonly report: string | null
  /** Neither decided nor put off yet. */
  readonly attente?: boolean
  /** Why it takes the place of what an earlier statement said; absent otherwise. */
  readonly correction?: string
  readonly questions: readonly (readonly [string, string])[]
  readonly discours: string
  readonly prononces: readonly {
    readonly quoi: string
    readonly texte: string
    readonly destinataire: string
    readonly avant: string
  }[]
}

export interface ContenuReleve {
  readonly commission: string
  readonly le: string
  readonly lieu: string
  readonly presents: readonly string[]
  readonly excuses: readonly string[]
  /** How it was held: its hours, its quorum. Absent from what was drawn up before they were kept. */
  readonly tenue?: readonly { readonly terme: string; readonly valeur: string }[]
  /** What it spoke of besides files. */
  readonly points?: readonly { readonly titre: string; readonly avis: string; readonly conclusion: string }[]
  readonly lignes: readonly LigneReleve[]
}

export interface Releve {
  readonly id: string
  readonly seance: string
  /** The first is 1; each one drawn up after an approval, to say a correction, is the next. */
  readonly numero: number
  readonly etat: 'a_approuver' | 'approuve'
  readonly contenu: ContenuReleve
  readonly empreinte: string
  readonly perime: boolean
  readonly etabli_a: Temporal.Instant
  readonly etat_a: Temporal.Instant | null
  readonly etat_nom: string | null
  readonly departement_a: Temporal.Instant | null
  readonly departement_nom: string | null
  readonly version: number
}

const LIBELLES_QUESTIONS = [
  ['maintien', 'Maintien possible'],
  ['adapte', 'Logement adapté'],
] as const

/** Words of something pronounced: what it is, its sense, what the law makes of it. */
export function ecrirePrononce(
  session: Session,
  le: Temporal.PlainDate,
  {
    genre,
    code,
    sens,
    pouvoir,
  }: Pick<Awaited<ReturnType<typeof listerPrononces>>[number], 'genre' | 'code' | 'sens' | 'pouvoir'>,
): string {
  if (genre === 'expertise')
    return `Expertise sur le concours de la force publique : ${sens === 'favorable' ? sensExpertise.favorable : sensExpertise.defavorable}. Un éclairage : le préfet décide.`
  if (genre === 'recommandation')
    return reponsesPossibles(session, le)?.recommandations.find(({ id }) => id === code)?.libelle ?? 'Recommandation'
  const possible = avisPossibles(session, le).find(({ id }) => id === code)
  const dit = possible?.sens.find(({ id }) => id === sens)?.libelle ?? sens ?? ''
  const quoi = possible?.aide
    ? pouvoir === 'decision'
      ? 'Décision'
      : pouvoir === 'avis'
        ? 'Avis'
        : 'Avis ou décision, selon la lecture du droit'
    : 'Avis'
  return `${quoi}, ${possible?.libelle ?? code ?? ''} : ${dit}`
}

const ecrireReponse = (reponse: ReponseQuestion | null): string =>
  reponse === null ? 'sans réponse' : reponsesQuestion[reponse].toLocaleLowerCase('fr')

interface Decidee {
  readonly id: string
  readonly inscription: string
  readonly dossier: string
  readonly etat: Deliberation['etat']
  readonly adapte_ressources: ReponseQuestion | null
  readonly adapte_taille: ReponseQuestion | null
  readonly maintien: ReponseQuestion | null
  readonly contenu: string
  readonly numero: number
  readonly motif: string | null
}

/** What stands of a session: a decision that was corrected is left out, the one in its place is there. */
const lireDecidees = (session: Session, seance: string): Promise<Decidee[]> =>
  session.sql<Decidee>`select id, inscription, dossier, etat, adapte_ressources, adapte_taille, maintien, contenu, numero, motif from deliberation
    where dept = ${session.dept} and seance = ${seance} and remplacee_a is null`

/** The statement as it stands: what is decided so far, dossier by dossier, in the order of the agenda (COM-15). */
export async function composerReleve(session: Session, poste: Poste): Promise<ContenuReleve> {
  const { sql, dept } = session
  const decidees = await lireDecidees(session, poste.id)
  const parInscription = new Map(decidees.map((une) => [une.inscription, une]))
  const prononces = Map.groupBy(
    await listerPrononces(
      session,
      decidees.map(({ id }) => id),
    ),
    ({ deliberation }) => deliberation,
  )
  const presences = await sql<{ nom: string; etat: string }>`
    select o.nom, p.etat from seance_presence p join organisme o on o.dept = ${dept} and o.id = p.organisme
    where p.dept = ${dept} and p.seance = ${poste.id} order by o.nom collate "fr-x-icu"`
  const communes = new Map(
    (
      await sql<{ id: string; commune: string }>`select id, commune from dossier where dept = ${dept}
        and id = any (${poste.lignes.map(({ dossier }) => dossier)}::uuid[])`
    ).map(({ id, commune }) => [id, commune]),
  )
  const coffre = await session.coffre()
  const diagnostics = await direDiagnostics(
    session,
    decidees.filter(({ etat }) => etat !== 'ouverte' && etat !== 'reportee').map(({ dossier }) => dossier),
  )
  const nommer = (...etats: readonly string[]) => [
    ...new Set(presences.filter(({ etat }) => etats.includes(etat)).map(({ nom }) => nom)),
  ]
  return {
    commission: poste.nom,
    le: poste.le.toString(),
    lieu: poste.lieu,
    presents: nommer('titulaire', 'suppleant'),
    excuses: nommer('excuse', 'absent'),
    tenue: await direTenue(session, poste.id),
    points: (await listerPoints(session, poste.id)).map(({ genre, titre, avis, conclusion }) => ({
      titre: `${genresPoint[genre]} : ${titre}`,
      avis: avis === null ? '' : `Avis de la commission : ${avisCharte[avis].toLocaleLowerCase('fr')}`,
      conclusion,
    })),
    lignes: poste.lignes.map((ligne): LigneReleve => {
      const commun = {
        dossier: ligne.dossier,
        rang: ligne.rang,
        reference: ligne.reference ?? '',
        menage: ligne.titulaire ?? '',
        commune: communes.get(ligne.dossier) ?? '',
      }
      const decidee = parInscription.get(ligne.inscription)
      const rien = { ...commun, questions: [], discours: '', prononces: [] }
      if (!decidee || decidee.etat === 'ouverte') return { ...rien, report: 'Pas encore décidé', attente: true }
      const { discours, report } = coffre.ouvrir(decidee.contenu, placeDeliberation(decidee.id)) as Pick<
        Deliberation,
        'discours' | 'report'
      >
      if (decidee.etat === 'reportee')
        return {
          ...rien,
          report: [report ? motifsReport[report.motif] : 'Reporté', report?.precision ?? '']
            .filter(Boolean)
            .join(' : '),
        }
      const reponses = { maintien: decidee.maintien, adapte: estAdapte(decidee) }
      return {
        ...commun,
        report: null,
        // Before anybody approved, what is corrected was never told: the statement says what stands.
        ...(decidee.numero > 1 && decidee.motif !== null
          ? { correction: String(coffre.ouvrir(decidee.motif, placeCorrection(decidee.id))) }
          : {}),
        questions: [
          ...LIBELLES_QUESTIONS.map(([cle, libelle]) => [libelle, ecrireReponse(reponses[cle])] as const),
          ...(diagnostics.get(ligne.dossier) ?? []),
        ],
        discours,
        // Every co-chair reads the statement: of an expertise, only that it was rendered. Its sense and its reason are for the State.
        prononces: (prononces.get(decidee.id) ?? []).map((un) => ({
          quoi: un.genre === 'expertise' ? 'Expertise rendue' : ecrirePrononce(session, poste.le, un),
          texte: un.genre === 'expertise' ? '' : un.texte,
          destinataire: un.organisme_nom ?? (un.destinataire || 'destinataire à préciser'),
          avant: un.avant_choisi ? formatDate(un.avant_choisi) : '',
        })),
      }
    }),
  }
}

/**
 * What the last validated diagnosis says of each dossier, where the commission chose that its statement says it (DSF-32): never typed again. The same allow-list as the
 * synthèse; what the ADIL wrote waits for the household's accord.
 */
async function direDiagnostics(
  session: Session,
  dossiers: readonly string[],
): Promise<ReadonlyMap<string, readonly (readonly [string, string])[]>> {
  const departement = session.referentiel.departements.get(session.dept)
  const retenu = departement && parametre(departement, 'releve_diagnostic', session.jour)
  if (retenu?.etat !== 'valeur' || retenu.valeur !== true) return new Map()
  const dits = new Map<string, readonly (readonly [string, string])[]>()
  for (const dossier of dossiers) {
    const valide = (await listerDiagnostics(session, dossier)).find(
      ({ etat }) => etat === 'valide' || etat === 'transmis',
    )
    if (!valide || (await attendAccordAdil(session, valide))) continue
    const extrait = await lireExtraitValide(session, () => session.cles(), dossier, 'bailleur')
    if (!extrait) continue
    const lignes = [
      ['loyer courant', extrait.reprise],
      ['plan proposé', extrait.plan],
      ['surendettement', extrait.surendettement],
      ['orientation', extrait.orientation],
    ].flatMap(([terme, valeur]) => (valeur ? [`${terme} : ${valeur.toLocaleLowerCase('fr')}`] : []))
    if (lignes.length > 0)
      dits.set(dossier, [
        [`Diagnostic du ${formatDate(Temporal.PlainDate.from(extrait.valideLe))}`, lignes.join(' ; ')],
      ])
  }
  return dits
}

/** How a session was held, for its minutes: when it opened and closed, and what its rules say of the quorum. */
async function direTenue(session: Session, id: string): Promise<{ terme: string; valeur: string }[]> {
  const seance = await lireSeance(session, id)
  const { etat, requis, presents } = await lireQuorum(session, seance, await listerPresences(session, seance))
  const horaires = [
    seance.ouverte_a ? `ouverte le ${formatInstant(seance.ouverte_a)}` : '',
    seance.close_a ? `close le ${formatInstant(seance.close_a)}` : '',
  ].filter(Boolean)
  const quorum = {
    sans_objet: 'le règlement n’en fixe pas',
    atteint: `atteint, ${pluriel(presents, 'voix délibérative présente', 'voix délibératives présentes')} sur ${requis} requises`,
    non_atteint: `non atteint, ${pluriel(presents, 'voix délibérative présente', 'voix délibératives présentes')} sur ${requis} requises`,
    indetermine: 'indéterminé : la voix d’un présent n’est pas dite',
  }[etat]
  return [
    ...(horaires.length > 0 ? [{ terme: 'Séance', valeur: horaires.join(', ') }] : []),
    { terme: 'Quorum', valeur: quorum },
  ]
}

/** Why a dossier has no decision, in a sentence; empty when it has one. */
export const direReport = ({ report, attente }: Pick<LigneReleve, 'report' | 'attente'>): string =>
  report === null ? '' : attente ? `${report}.` : `Reporté. ${report}.`

/** How far a statement has come, as its document says it. */
export interface EtatImprime {
  readonly projet: boolean
  readonly approbations: readonly string[]
  readonly numero?: number
}

/** Its title: a draft, to approve, or approved; rectified from the second on. */
const titrer = ({ projet, approbations, numero = 1 }: EtatImprime): string => {
  const quoi = numero > 1 ? `elevé de décisions rectifié, version ${numero}` : 'elevé de décisions'
  return projet ? `Projet de r${quoi}` : `R${quoi}${approbations.length > 0 ? '' : ', à l’approbation'}`
}

/** The words of a statement, typography done: the same in each form of its document. */
function ecrireTextes(contenu: ContenuReleve, etat: EtatImprime) {
  const le = Temporal.PlainDate.from(contenu.le)
  const liste = (noms: readonly string[]) => (noms.length === 0 ? 'non renseigné' : noms.join(', '))
  const { lignes } = contenu
  const decides = lignes.filter(({ report }) => report === null).length
  const attente = lignes.filter(({ attente: attend }) => attend).length
  return {
    titre: typo(titrer(etat)),
    sous_titre: typo(`${contenu.commission}, séance du ${formatDateLongue(le)}`),
    lignes: [
      { terme: 'Lieu', valeur: contenu.lieu || 'non renseigné' },
      ...(contenu.tenue ?? []),
      { terme: 'Présents', valeur: liste(contenu.presents) },
      { terme: 'Excusés ou absents', valeur: liste(contenu.excuses) },
      {
        terme: 'Dossiers',
        valeur: `${pluriel(decides, 'décidé', 'décidés')}, ${pluriel(lignes.length - decides - attente, 'reporté', 'reportés')}, ${attente} à décider`,
      },
      ...etat.approbations.map((valeur) => ({ terme: 'Approuvé', valeur })),
    ].map(({ terme, valeur }) => ({ terme: typo(terme), valeur: typo(valeur) })),
    points: (contenu.points ?? []).map(({ titre, avis, conclusion }) => ({
      titre: typo(titre),
      avis: typo(avis),
      conclusion: conclusion.split('\n').map(typo),
    })),
    dossiers: lignes.map((ligne) => ({
      titre: typo(`${ligne.rang}. ${ligne.menage}`),
      sous_titre: typo([`Dossier ${ligne.reference}`, ligne.commune].filter(Boolean).join(', ')),
      report: typo(direReport(ligne)),
      correction: typo(ligne.correction === undefined ? '' : `Décision corrigée : ${ligne.correction}`),
      questions: ligne.questions.map(([terme, valeur]) => ({ terme: typo(terme), valeur: typo(valeur) })),
      discours: typo(ligne.discours),
      prononces: ligne.prononces.map(({ quoi, texte, destinataire, avant }) => ({
        quoi: typo([quoi, texte].filter(Boolean).join('. ')),
        destinataire: typo(destinataire),
        avant: typo(avant || 'délai de la charte'),
      })),
    })),
    pied: typo('Membres de la commission et services tenus au secret (loi du 31 mai 1990, art. 7-2).'),
  }
}

/** The statement as a document (PDF/UA). Until both approved it says so; then, who did. */
export const imprimerReleve = (contenu: ContenuReleve, etat: EtatImprime): Promise<Uint8Array> =>
  renderPdf(MODELE, ecrireTextes(contenu, etat))

/**
 * The same for a word processor, for whoever adapts its layout or adds what was said. It says that it is a working copy: what binds is what was approved. `marque`: who took
 * it, at the foot of each page.
 */
export function redigerReleve(
  contenu: ContenuReleve,
  etat: EtatImprime,
  marque: readonly string[],
): Promise<Uint8Array> {
  const { titre, sous_titre, lignes, points, dossiers, pied } = ecrireTextes(contenu, etat)
  const dit = (terme: string, valeur: string): DocxBlock => ({
    kind: 'paragraph',
    runs: [{ text: typo(`${terme} : `), bold: true }, { text: valeur }],
  })
  const texte = (text: string): DocxBlock => ({ kind: 'paragraph', runs: [{ text }] })
  return writeDocx({
    title: `${titre}. ${sous_titre}`,
    footer: [pied, ...marque.map((une) => typo(une))].join(' '),
    blocks: [
      { kind: 'heading', level: 1, runs: [{ text: titre }] },
      texte(sous_titre),
      {
        kind: 'paragraph',
        small: true,
        runs: [
          { text: typo('Copie de travail : seul le relevé approuvé par les deux coprésidents, en PDF, fait foi.') },
        ],
      },
      ...lignes.map(({ terme, valeur }) => dit(terme, valeur)),
      ...points.flatMap((un): DocxBlock[] => [
        { kind: 'heading', level: 2, runs: [{ text: un.titre }] },
        ...[un.avis, ...un.conclusion].filter(Boolean).map(texte),
      ]),
      ...dossiers.flatMap((une): DocxBlock[] => [
        { kind: 'heading', level: 2, runs: [{ text: une.titre }] },
        texte(une.sous_titre),
        ...[une.correction, une.report].filter(Boolean).map(texte),
        ...une.questions.map(({ terme, valeur }) => dit(terme, valeur)),
        ...(une.discours === '' ? [] : [dit('Discours à tenir', une.discours)]),
        ...(une.prononces.length === 0
          ? []
          : [
              {
                kind: 'list',
                ordered: false,
                items: une.prononces.map(({ quoi, destinataire, avant }) => [
                  { text: quoi, bold: true },
                  { text: typo(`. Pour : ${destinataire}. Retour : ${avant}.`) },
                ]),
              } as const,
            ]),
      ]),
    ],
  })
}

/** The statement of a session, the last drawn up unless `numero` names another: undefined before it is closed, or for whoever may not read it. */
export async function lireReleve(
  session: Session,
  seance: string,
  numero: number | null = null,
): Promise<Releve | undefined> {
  const { sql, dept } = session
  const [ligne] = await sql<Omit<Releve, 'contenu'> & { contenu: string }>`
    select r.id, r.seance, r.numero, r.etat, r.contenu, r.empreinte, r.perime, r.etabli_a, r.etat_a, e.prenom || ' ' || e.nom as etat_nom, r.departement_a,
      d.prenom || ' ' || d.nom as departement_nom, r.version
    from releve r left join compte e on e.dept = ${dept} and e.id = r.etat_par left join compte d on d.dept = ${dept} and d.id = r.departement_par
    where r.dept = ${dept} and r.seance = ${seance} and (${numero}::int is null or r.numero = ${numero}::int) order by r.numero desc limit 1`
  if (!ligne) return undefined
  const contenu = (await session.coffre()).ouvrir(ligne.contenu, placeReleve(ligne.id)) as ContenuReleve
  return { ...ligne, contenu }
}

/** Every statement of a session, the newest first: those a rectified one took the place of stay readable. */
export function listerReleves(
  { sql, dept }: Session,
  seance: string,
): Promise<readonly Pick<Releve, 'numero' | 'etat' | 'etabli_a' | 'etat_a' | 'departement_a'>[]> {
  return sql`select numero, etat, etabli_a, etat_a, departement_a from releve where dept = ${dept} and seance = ${seance} order by numero desc`
}

/** The document as it was drawn up: the same bytes each time. */
export async function lireDocument(session: Session, { id }: Pick<Releve, 'id'>): Promise<Uint8Array> {
  const [ligne] = await session.sql<{
    document: Buffer
  }>`select document from releve where dept = ${session.dept} and id = ${id}`
  if (!ligne) throw new Introuvable()
  return (await session.coffre()).ouvrirOctets(ligne.document, placeDocument(id))
}

/** Draws it up: in place as long as nobody approved it; after an approval, as the next one, which says what was corrected. */
async function ecrireReleve(session: Session, poste: Poste): Promise<void> {
  const { sql, dept, acteur, maintenant } = session
  const [dernier] = await sql<{ id: string; numero: number; perime: boolean; approuve: boolean }>`
    select id, numero, perime, etat_a is not null or departement_a is not null as approuve from releve
    where dept = ${dept} and seance = ${poste.id} order by numero desc limit 1`
  if (dernier?.approuve && !dernier.perime)
    throw new Conflit(
      'releve.approuve',
      'Un coprésident a approuvé ce relevé : il ne se refait que si une décision est corrigée.',
    )
  const deja = dernier && !dernier.approuve ? dernier : null
  const numero = dernier ? dernier.numero + (deja ? 0 : 1) : 1
  const contenu = await composerReleve(session, poste)
  const octets = await imprimerReleve(contenu, { projet: false, approbations: [], numero })
  const id = deja?.id ?? randomUUID()
  const coffre = await session.coffre()
  const scelle = coffre.sceller(contenu, placeReleve(id))
  const document = coffre.scellerOctets(octets, placeDocument(id))
  const empreinte = createHash('sha256').update(octets).digest('hex')
  if (deja) {
    const [refait] =
      await sql`update releve set contenu = ${scelle}, document = ${document}, empreinte = ${empreinte}, perime = false,
      etabli_a = ${maintenant}, etabli_par = ${acteur.compte}, version = version + 1
      where dept = ${dept} and id = ${id} and etat_a is null and departement_a is null returning id`
    if (!refait) throw new Conflit('releve.approuve', 'Un coprésident a approuvé ce relevé : il ne se refait plus.')
  } else
    await sql`insert into releve (dept, id, seance, numero, etat, contenu, document, empreinte, etabli_a, etabli_par)
      values (${dept}, ${id}, ${poste.id}, ${numero}, 'a_approuver', ${scelle}, ${document}, ${empreinte}, ${maintenant}, ${acteur.compte})`
  session.consigner({
    action: 'releve.etablir',
    objet: 'releve',
    objetId: id,
    dossiers: poste.lignes.map(({ dossier }) => dossier),
    details: { seance: poste.id, empreinte, numero },
  })
  await prevenirCopresidents(session, poste.id)
}

/** Tells both sides that a statement waits for them: who holds a seat of co-chair today, or stands in for it. */
async function prevenirCopresidents(session: Session, seance: string): Promise<void> {
  const { sql, dept, jour } = session
  const sieges = await sql<{ organisme: string; comptes: string[] }>`
    select m.organisme, array_remove(array[m.titulaire, m.suppleant], null) as comptes from seance s
    join commission_membre m on m.dept = ${dept} and m.commission = s.commission and m.qualite in ('copresident_etat', 'copresident_departement')
    where s.dept = ${dept} and s.id = ${seance} and m.organisme is not null and m.du <= ${jour} and (m.jusqu_au is null or m.jusqu_au >= ${jour})`
  const assis = new Set(sieges.flatMap(({ organisme, comptes }) => comptes.map((compte) => `${organisme} ${compte}`)))
  const destinataires = await listerDestinataires(
    session,
    sieges.map(({ organisme }) => organisme),
    'releve.approuver',
  )
  await noter(session, [
    {
      genre: 'releve',
      destinataires: destinataires.filter(({ organisme, compte }) => assis.has(`${organisme} ${compte}`)),
      dossier: null,
      objet: seance,
    },
  ])
}

/**
 * Closes a session and draws up its statement: dossiers nobody decided are put off « faute de temps ». `restants`: how many the person was shown; when the agenda
 * changed since, nothing is done.
 */
export async function cloreSeance(session: Session, seance: string, restants: number): Promise<void> {
  const { sql, dept, acteur, maintenant, jour } = session
  if (!isUuid(seance)) throw new Introuvable()
  await attendreSeance(session, seance)
  // Whoever changes the agenda holds this row: what they put on it or took off it is read below.
  await sql`select 1 from seance where dept = ${dept} and id = ${seance} for update`
  const poste = await lirePoste(session, seance)
  if (poste.close_a !== null) throw new Conflit('seance.close', 'Cette séance est déjà close.')
  if (poste.etat === 'annulee') throw refus('seance.annulee', 'Cette séance est annulée.')
  if (Temporal.PlainDate.compare(jour, poste.le) < 0)
    throw refus('seance.a_venir', 'Cette séance n’a pas encore eu lieu : elle se clôt le jour venu.')
  const reste = poste.lignes.filter(({ etat }) => etat === 'inscrit')
  if (reste.length !== restants)
    throw new Conflit(
      'seance.restants',
      'L’ordre du jour a changé pendant que la page était ouverte : relire, puis clore.',
    )
  if (reste.some(({ reference }) => reference === null)) throw new Introuvable()
  const coffre = await session.coffre()
  const report = { motif: 'temps' satisfies MotifReport, precision: '' }
  const ids = reste.map(({ inscription }) => inscription)
  const ouvertes = await sql<{ id: string; contenu: string }>`
    select id, contenu from deliberation where dept = ${dept} and inscription = any (${ids}::uuid[]) and etat = 'ouverte'`
  const deja = ouvertes.map(({ id, contenu }) => ({
    id,
    contenu: coffre.sceller(
      { ...(coffre.ouvrir(contenu, placeDeliberation(id)) as object), report },
      placeDeliberation(id),
    ),
  }))
  await sql`update deliberation x set etat = 'reportee', contenu = n.contenu, adoptee_a = ${maintenant}, modifiee_a = ${maintenant}, modifiee_par = ${acteur.compte},
      version = x.version + 1
    from jsonb_to_recordset(${JSON.stringify(deja)}::jsonb) as n(id uuid, contenu text) where x.dept = ${dept} and x.id = n.id`
  const neuves = ids.map((inscription) => {
    const id = randomUUID()
    return { id, inscription, contenu: coffre.sceller({ discours: '', report }, placeDeliberation(id)) }
  })
  await sql`insert into deliberation (dept, id, inscription, seance, dossier, etat, contenu, stade, ouverte_a, modifiee_a, modifiee_par, adoptee_a)
    select ${dept}, n.id, i.id, i.seance_id, i.dossier_id, 'reportee', n.contenu, d.stade, ${maintenant}, ${maintenant}, ${acteur.compte}, ${maintenant}
    from jsonb_to_recordset(${JSON.stringify(neuves)}::jsonb) as n(id uuid, inscription uuid, contenu text)
    join inscription i on i.dept = ${dept} and i.id = n.inscription join dossier d on d.dept = ${dept} and d.id = i.dossier_id
    where not exists (select 1 from deliberation x where x.dept = ${dept} and x.inscription = i.id)`
  await sql`update inscription set etat = 'reporte', version = version + 1 where dept = ${dept} and id = any (${ids}::uuid[]) and etat = 'inscrit'`
  const [close] =
    await sql`update seance set etat = 'close', ouverte_a = coalesce(ouverte_a, ${maintenant}), close_a = ${maintenant}, version = version + 1
    where dept = ${dept} and id = ${seance} and close_a is null returning id`
  if (!close) throw new Introuvable()
  session.consigner({ action: 'seance.clore', objet: 'seance', objetId: seance, details: { reportes: ids.length } })
  await ecrireReleve(session, await lirePoste(session, seance))
}

/** Draws the statement up again, once a decision was corrected: the same, or the next one when a co-chair had approved. */
export async function refaireReleve(session: Session, seance: string): Promise<void> {
  await attendreSeance(session, seance)
  const poste = await lirePoste(session, seance)
  if (poste.close_a === null) throw refus('seance.ouverte', 'Clore d’abord la séance.')
  await ecrireReleve(session, poste)
}

export type CotePresidence = 'etat' | 'departement'

/** The side this person chairs this session for; null for anybody else. A person named on both sides approves for one only, each needing its own organisme. */
export async function coteDePresidence(session: Session, seance: string): Promise<CotePresidence | null> {
  const { sql, dept, acteur, jour } = session
  if (!aLeDroit(acteur, 'releve.approuver') || acteur.compte === null) return null
  const [ligne] = await sql<{ qualite: string }>`
    select m.qualite from seance s join commission_membre m on m.dept = ${dept} and m.commission = s.commission
    where s.dept = ${dept} and s.id = ${seance} and m.qualite in ('copresident_etat', 'copresident_departement')
      and ${acteur.compte}::uuid in (m.titulaire, m.suppleant) and m.organisme = ${acteur.organisme}::uuid
      and m.du <= ${jour} and (m.jusqu_au is null or m.jusqu_au >= ${jour}) order by m.qualite limit 1`
  return ligne ? (ligne.qualite === 'copresident_etat' ? 'etat' : 'departement') : null
}

/** Statements that wait for the approval of this person: sessions their side chairs, and has not approved yet. */
export function listerRelevesAApprouver({
  sql,
  dept,
  acteur,
  jour,
}: Session): Promise<{ readonly seance: string; readonly le: Temporal.PlainDate; readonly nom: string }[]> {
  return sql`select distinct r.seance, s.le, c.nom from releve r join seance s on s.dept = ${dept} and s.id = r.seance
    join commission c on c.dept = ${dept} and c.id = s.commission join commission_membre m on m.dept = ${dept} and m.commission = c.id
    where r.dept = ${dept} and r.etat = 'a_approuver' and not r.perime and ${acteur.compte}::uuid in (m.titulaire, m.suppleant) and m.organisme = ${acteur.organisme}::uuid
      and m.du <= ${jour} and (m.jusqu_au is null or m.jusqu_au >= ${jour})
      and ((m.qualite = 'copresident_etat' and r.etat_a is null) or (m.qualite = 'copresident_departement' and r.departement_a is null)) order by s.le`
}

/**
 * A co-chair approves the statement as they read it (`vu`). The second approval freezes it; background work then tells each addressee its part. Returns whether both
 * approved.
 */
export async function approuverReleve(session: Session, seance: string, vu: number): Promise<boolean> {
  const { sql, dept, acteur, maintenant } = session
  await attendreSeance(session, seance)
  const releve = await lireReleve(session, seance)
  const cote = await coteDePresidence(session, seance)
  if (!releve || cote === null) throw new Introuvable()
  if (releve[`${cote}_a`] !== null) throw new Conflit('releve.deja', 'Votre côté a déjà approuvé ce relevé.')
  if (releve.version !== vu || releve.perime)
    throw new Conflit(
      'releve.change',
      'Ce relevé a changé pendant que la page était ouverte : le relire, puis approuver.',
    )
  const autre = cote === 'etat' ? releve.departement_a : releve.etat_a
  const etat = autre === null ? 'a_approuver' : 'approuve'
  const [fait] = await sql`update releve set etat = ${etat},
      etat_a = case when ${cote} = 'etat' then ${maintenant}::timestamptz else etat_a end, etat_par = case when ${cote} = 'etat' then ${acteur.compte}::uuid else etat_par end,
      departement_a = case when ${cote} = 'departement' then ${maintenant}::timestamptz else departement_a end,
      departement_par = case when ${cote} = 'departement' then ${acteur.compte}::uuid else departement_par end, version = version + 1
    where dept = ${dept} and id = ${releve.id} and etat = 'a_approuver' returning id`
  if (!fait) throw new Introuvable()
  session.consigner({
    action: 'releve.approuver',
    objet: 'releve',
    objetId: releve.id,
    details: { seance, cote, empreinte: releve.empreinte },
  })
  if (etat === 'approuve') await enqueue(session, TACHE_RELEVE, { dept, seance })
  return etat === 'approuve'
}

/**
 * Tells the people of these bodies that a follow-up is expected: one line each for a day, that says neither what nor of whom. Returns how many people it reaches in each
 * body; one that is not there is reached by nobody.
 */
export async function prevenirDesSuites(
  session: Session,
  organismes: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const destinataires = await listerDestinataires(session, organismes, 'suite.repondre')
  await noter(session, [{ genre: 'suite', destinataires, dossier: null, objet: 'suites' }])
  const joints = Map.groupBy(destinataires, ({ organisme }) => organisme)
  return new Map([...joints].map(([organisme, siens]) => [organisme, siens.length]))
}

const memePrononce = ({ genre, code, sens, pouvoir, organisme, destinataire, texte, avant_choisi }: Prononce): string =>
  JSON.stringify([genre, code, sens, pouvoir, organisme, destinataire, texte, avant_choisi?.toString() ?? null])

/**
 * What these decisions say, against what their addressees were told before a correction: what is the same was told, and its answer counts still (it is not told twice);
 * the rest of what had been told falls.
 */
async function comparerAuDit<P extends Prononce & { readonly deliberation: string }>(
  session: Session,
  decidees: readonly Decidee[],
  ecrits: readonly P[],
): Promise<{ readonly prononces: readonly P[]; readonly tombes: readonly string[] }> {
  const { sql, dept } = session
  const avant = await sql<{ id: string; inscription: string }>`
    select x.id, x.inscription from deliberation x where x.dept = ${dept} and x.remplacee_a is not null
      and x.inscription = any (${decidees.map(({ inscription }) => inscription)}::uuid[])`
  const inscriptions = new Map([...avant, ...decidees].map(({ id, inscription }) => [id, inscription]))
  const dits = (
    await listerPrononces(
      session,
      avant.map(({ id }) => id),
    )
  ).filter(({ etat }) => etat !== 'projet' && etat !== 'remplace')
  const restants = new Map(dits.map((un) => [un.id, `${inscriptions.get(un.deliberation)} ${memePrononce(un)}`]))
  const prononces = ecrits.filter((un) => {
    const cherche = `${inscriptions.get(un.deliberation)} ${memePrononce(un)}`
    const deja = [...restants].find(([, dit]) => dit === cherche)
    return !(deja && restants.delete(deja[0]))
  })
  return { prononces, tombes: [...restants.keys()] }
}

/** The orientation of each decision becomes the common position of its dossier, unless a later session has already taken another. */
async function prendrePositions(
  session: Session,
  seance: string,
  le: Temporal.PlainDate,
  decidees: readonly Decidee[],
): Promise<void> {
  const { sql, dept, maintenant } = session
  const coffre = await session.coffre()
  const courantes = new Map(
    (
      await sql<{ dossier: string; prise_le: Temporal.PlainDate; inscription: string }>`
        select p.dossier, p.prise_le, x.inscription from position_commune p join deliberation x on x.dept = ${dept} and x.id = p.deliberation
        where p.dept = ${dept} and p.remplacee_a is null and p.dossier = any (${decidees.map(({ dossier }) => dossier)}::uuid[])`
    ).map((une) => [une.dossier, une]),
  )
  const positions = decidees.flatMap((une) => {
    const adapte = estAdapte(une)
    const { discours } = coffre.ouvrir(une.contenu, placeDeliberation(une.id)) as { discours: string }
    const dit = une.maintien !== null || adapte !== null || discours !== ''
    const courante = courantes.get(une.dossier)
    const sienne = courante?.inscription === une.inscription
    if (courante && !sienne && Temporal.PlainDate.compare(courante.prise_le, le) > 0) return []
    // A session that says nothing of the orientation leaves the one there is; a correction that takes it back takes its own back.
    if (!dit && !sienne) return []
    const id = randomUUID()
    const position = {
      id,
      deliberation: une.id,
      maintien: une.maintien,
      adapte,
      discours: coffre.sceller(discours, placePosition(id)),
    }
    return [{ dossier: une.dossier, position: dit ? position : null }]
  })
  await sql`update position_commune set remplacee_a = ${maintenant} where dept = ${dept} and remplacee_a is null
    and dossier = any (${positions.map(({ dossier }) => dossier)}::uuid[])`
  const prises = positions.flatMap(({ dossier, position }) => (position ? [{ dossier, ...position }] : []))
  await sql`insert into position_commune (dept, id, dossier, deliberation, seance, prise_le, publiee_a, maintien, adapte, discours)
    select ${dept}, n.id, n.dossier, n.deliberation, ${seance}, ${le}, ${maintenant}, n.maintien, n.adapte, n.discours
    from jsonb_to_recordset(${JSON.stringify(prises)}::jsonb) as n(id uuid, dossier uuid, deliberation uuid, maintien text, adapte text, discours text)`
}

/**
 * Job: tells what an approved statement decided (COM-15, COU-44). Each thing pronounced goes to its addressee with the household it is about and its date; the
 * orientation becomes the common position of the dossier. Twice is once.
 */
export async function publierReleve(application: Application, dept: string, seance: string): Promise<void> {
  await ouvrirSession(application, acteurSysteme(dept, 'releve'), 'releve.approuver', async (session) => {
    const { sql, maintenant } = session
    await attendreSeance(session, seance)
    const [approuve] = await sql<{ le: Temporal.PlainDate; nom: string; numero: number }>`
      select s.le, c.nom, r.numero from releve r join seance s on s.dept = ${dept} and s.id = r.seance
      join commission c on c.dept = ${dept} and c.id = s.commission
      where r.dept = ${dept} and r.seance = ${seance} and r.etat = 'approuve' order by r.numero desc limit 1`
    if (!approuve) return
    const decidees = await sql<
      Decidee & { titulaire: string; adresse: string; commune: string; adoptee_a: Temporal.Instant }
    >`
      select x.id, x.inscription, x.dossier, x.etat, x.adapte_ressources, x.adapte_taille, x.maintien, x.contenu, x.numero, x.motif, x.adoptee_a, d.titulaire, d.adresse,
        d.commune
      from deliberation x join dossier d on d.dept = ${dept} and d.id = x.dossier
      where x.dept = ${dept} and x.seance = ${seance} and x.etat = 'adoptee' and x.publiee_a is null and x.remplacee_a is null and x.numero <= ${approuve.numero}`
    if (decidees.length === 0) return
    const parId = new Map(decidees.map((une) => [une.id, une]))
    const coffre = await session.coffre()
    const jour = parisDay(maintenant)
    const ecrits = (
      await listerPrononces(
        session,
        decidees.map(({ id }) => id),
      )
    ).filter(({ etat }) => etat === 'projet')
    const { prononces, tombes } = await comparerAuDit(session, decidees, ecrits)
    const notifies = prononces.map((un) => {
      const de = parId.get(un.deliberation)
      const echeance = echeanceDuRetour(session, jour, un.avant_choisi)
      return {
        id: un.id,
        acte: randomUUID(),
        contenu: coffre.sceller(
          {
            texte: un.texte,
            destinataire: un.destinataire,
            commission: approuve.nom,
            seance_le: approuve.le.toString(),
            menage: de?.titulaire ?? '',
            adresse: [de?.adresse, de?.commune].filter(Boolean).join(', '),
          },
          placePrononce(un.id),
        ),
        // An expertise enlightens the préfet, who answers nobody for it.
        etat: un.genre === 'expertise' ? 'notifie' : 'attendu',
        retour: un.genre === 'expertise' ? null : (echeance?.le ?? null),
        echeance: un.genre === 'expertise' ? null : echeance,
      }
    })
    await sql`update prononce p set etat = n.etat, notifie_a = ${maintenant}, contenu = n.contenu, retour_avant = n.retour, echeance = n.echeance, version = p.version + 1
      from jsonb_to_recordset(${JSON.stringify(notifies)}::jsonb) as n(id uuid, etat text, contenu text, retour date, echeance jsonb) where p.dept = ${dept} and p.id = n.id`
    await sql`insert into prononce_acte (dept, id, prononce, acte, a)
      select ${dept}, n.acte, n.id, 'notifie', ${maintenant} from jsonb_to_recordset(${JSON.stringify(notifies)}::jsonb) as n(id uuid, acte uuid)`
    // What a rectified statement says no more.
    await sql`update prononce set etat = 'remplace', version = version + 1 where dept = ${dept} and id = any (${tombes}::uuid[])`
    await sql`insert into prononce_acte (dept, id, prononce, acte, a)
      select ${dept}, gen_random_uuid(), x, 'remplace', ${maintenant} from unnest(${tombes}::uuid[]) as x`
    await prendrePositions(session, seance, approuve.le, decidees)
    // Examined by this session, whatever it decided; what was reported after it decided waits for the next one.
    await sql`update changement c set examine_a = ${maintenant}
      from jsonb_to_recordset(${JSON.stringify(decidees.map(({ dossier, adoptee_a }) => ({ dossier, a: adoptee_a.toString() })))}::jsonb) as x(dossier uuid, a timestamptz)
      where c.dept = ${dept} and c.dossier = x.dossier and c.a <= x.a and c.examine_a is null`
    await sql`update deliberation set publiee_a = ${maintenant} where dept = ${dept} and id = any (${[...parId.keys()]}::uuid[])`
    await prevenirDesSuites(session, [...new Set(prononces.flatMap(({ organisme }) => organisme ?? []))])
    session.consigner({
      action: 'releve.notifier',
      objet: 'seance',
      objetId: seance,
      dossiers: decidees.map(({ dossier }) => dossier),
      details: { notifies: notifies.length },
    })
  })
}

export const placePosition = (id: string) => `position_commune|discours|${id}`
