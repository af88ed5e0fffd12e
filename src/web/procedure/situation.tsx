import type { ReactElement } from 'react'
import type { Dossier, Echeance, HistoriqueActe } from '#dossiers'
import {
  type CodeGenre,
  decrireGenre,
  ETAPES,
  ETATS_SURENDETTEMENT,
  type Etape,
  MOTIFS_DE_SUSPENSION,
  PHASES,
  type Suspension,
  suspendreParTreve,
  suspensionsEnVigueur,
} from '#procedure'
import { formatDate, formatMontant } from '#socle/typography'
import { ecrireCode, etapeCourte, etapeLongue, libellesNatureBailleur } from '../accompagner/libelles.ts'
import {
  Carte,
  Etiquette,
  estRevolue,
  etatEcheance,
  type LigneDefinition,
  ListeDefinition,
  ListeSobre,
  Message,
  Pile,
  Plus,
  PuceEcheance,
} from '../composants/index.ts'
import type { Requete } from '../route.ts'
import { adresseProcedure } from './formulaire.tsx'
import { resumer } from './mots.ts'
import { listerObjectifs } from './objectifs.tsx'

const estEtape = (code: string): code is Etape => (ETAPES as readonly string[]).includes(code)

/** Legal dates of the dossier, those of an over-indebtedness procedure included for who reads them. */
export const echeancesDe = ({ echeances, echeances_service, situation }: Dossier): readonly Echeance[] => [
  ...echeances,
  ...(situation?.echeancesDette ?? []),
  ...echeances_service,
]

/** Every suspension the reader sees, past ones included, and the truce of the day. */
export function lireSuspensions(requete: Requete, dossier: Dossier) {
  const { jour, delais } = requete.session
  const toutes: readonly Suspension[] = [
    ...(dossier.situation?.suspensions ?? []),
    ...(dossier.situation?.suspensionsDette ?? []),
  ]
  const treve = estEtape(dossier.stade) ? suspendreParTreve(dossier.stade, delais, jour) : null
  return { toutes, vives: [...suspensionsEnVigueur(toutes, jour), ...(treve ? [treve] : [])] }
}

/** Nothing holds the procedure, as far as the reader may know: over-indebtedness is read with the debt. */
export const direRienNeSuspend = ({ masques }: Pick<Dossier, 'masques'>): string =>
  masques.includes('dette')
    ? 'Aucune suspension dans ce que vous pouvez lire.'
    : 'Rien ne suspend la procédure à ce jour, d’après ce qui est connu.'

/** Where the procedure stands today: step, phase, and what holds it, until when and why. */
export function CarteOuEnEstOn({ dossier, vives }: { dossier: Dossier; vives: readonly Suspension[] }): ReactElement {
  const phase = (PHASES as Readonly<Record<string, string>>)[dossier.phase]
  return (
    <Carte titre="Où en est la procédure" id="situation">
      <ListeDefinition
        lignes={[
          {
            terme: 'Étape',
            valeur: etapeLongue(dossier.stade),
            note: dossier.stade_le ? `depuis le ${formatDate(dossier.stade_le)}` : undefined,
          },
          { terme: 'Phase', valeur: phase },
          { terme: 'Audience', valeur: dossier.audience_le ? formatDate(dossier.audience_le) : null },
        ]}
      />
      {vives.length === 0 ? (
        <p>{direRienNeSuspend(dossier)}</p>
      ) : (
        <Pile>
          {vives.map((une) => (
            <Message key={`${une.motif} ${une.du}`} ton="info">
              <p>
                <b>
                  {MOTIFS_DE_SUSPENSION[une.motif]}
                  {une.jusquAu === null ? ', sans date de fin connue' : ` jusqu’au ${formatDate(une.jusquAu)}`}.
                </b>{' '}
                {une.pourquoi} <small>Source : {une.source}.</small>
                {une.reserve && (
                  <>
                    {' '}
                    <Etiquette ton="reserve">À vérifier</Etiquette> {une.reserve}
                  </>
                )}
              </p>
            </Message>
          ))}
        </Pile>
      )}
    </Carte>
  )
}

/** The dates that count, most pressing first; each opens on its start, computation, article and reserve (DOS-31). */
export function CarteDates({ dossier, jour }: { dossier: Dossier; jour: Temporal.PlainDate }): ReactElement {
  const toutes = echeancesDe(dossier).toSorted((a, b) => a.le.localeCompare(b.le))
  // What was kept too late may cost the procedure: it stays in sight.
  const passees = toutes.filter((une) => une.retard === undefined && estRevolue(etatEcheance(une, jour)))
  const vives = toutes.filter((une) => !passees.includes(une))
  const lignes = (liste: readonly Echeance[]) =>
    liste.map((une) => ({
      cle: `${une.cle} ${une.le}`,
      titre: une.libelle,
      note: une.depart,
      droite: <PuceEcheance echeance={une} aujourdhui={jour} />,
    }))
  return (
    <Carte titre="Dates" id="dates" aside="Ouvrir une date pour son article">
      {vives.length === 0 ? <p>Aucun délai ne court pour l’instant.</p> : <ListeSobre lignes={lignes(vives)} />}
      {passees.length > 0 && (
        <Plus libelle={`Dates passées ou tenues (${passees.length})`}>
          <ListeSobre lignes={lignes(passees)} />
        </Plus>
      )}
    </Carte>
  )
}

/** What of a household's situation is shown together: the kinds it is made of, and what to add. */
interface Bloc {
  readonly titre: string
  readonly id: string
  readonly genres: readonly CodeGenre[]
  readonly vide: string
}

const BLOCS: readonly Bloc[] = [
  {
    titre: 'Dette',
    id: 'dette',
    genres: ['dette_relevee', 'loyer_repris', 'dette_soldee'],
    vide: 'Aucun montant noté à la main : celui du dossier vient des signaux reçus.',
  },
  { titre: 'Aide au logement', id: 'aide', genres: ['aide_logement'], vide: 'Rien n’est noté sur l’aide au logement.' },
  { titre: 'FSL', id: 'fsl', genres: ['fsl_demande', 'fsl_decision', 'fsl_recurrence'], vide: 'Aucune demande notée.' },
  {
    titre: 'Surendettement',
    id: 'surendettement',
    genres: [
      'surendettement_en_depot',
      'surendettement_depose',
      'surendettement_recevable',
      'surendettement_irrecevable',
      'surendettement_oriente',
      'surendettement_plan',
      'surendettement_moratoire',
      'surendettement_retablissement',
      'surendettement_suspension',
    ],
    vide: 'Aucun dossier de surendettement connu.',
  },
  {
    titre: 'Relogement et DALO',
    id: 'relogement',
    genres: [
      'logement_social_demande',
      'contingent_prefectoral',
      'siao_demande',
      'logement_propose',
      'solution_hors_maintien',
      'relogement',
      'dalo_saisi',
      'dalo_decision',
    ],
    vide: 'Aucune démarche de relogement notée.',
  },
  {
    titre: 'Référent et accompagnement',
    id: 'referent',
    genres: ['referent_designe', 'referent_termine', 'organisme_rencontre', 'asll', 'avdl'],
    vide: 'Aucun référent de parcours désigné.',
  },
  { titre: 'Garantie', id: 'garantie', genres: ['garantie'], vide: 'Aucune garantie connue.' },
  {
    titre: 'Mesure de protection et difficultés',
    id: 'protection',
    genres: ['mesure_protection', 'problematique'],
    vide: 'Rien n’est noté.',
  },
  {
    titre: 'Qui est le ménage',
    id: 'menage',
    genres: ['menage_qualifie'],
    vide: 'Rien de noté à la main : ce qui est connu vient des signaux reçus.',
  },
  {
    titre: 'Qui est le bailleur',
    id: 'bailleur',
    genres: ['bailleur_qualifie', 'difficulte_bailleur'],
    vide: 'Rien de noté à la main : ce qui est connu vient des signaux reçus.',
  },
]

/** The only active referent: the latest designated, unless one was ended since (DOS-23). */
function trouverReferent(saisis: readonly HistoriqueActe[]): HistoriqueActe | null {
  const suite = saisis
    .filter(({ genre, retire }) => !retire && (genre === 'referent_designe' || genre === 'referent_termine'))
    .toSorted(
      (a, b) =>
        Temporal.PlainDate.compare(b.le, a.le) || b.versions[0].a.epochMilliseconds - a.versions[0].a.epochMilliseconds,
    )
  const [dernier] = suite
  return dernier?.genre === 'referent_designe' ? dernier : null
}

/** What holds today, said first. */
function direEtat(bloc: Bloc, dossier: Dossier, saisis: readonly HistoriqueActe[]): LigneDefinition[] {
  switch (bloc.id) {
    case 'dette':
      return [
        {
          terme: 'Montant connu',
          valeur: dossier.dette === null ? 'non connu' : formatMontant(dossier.dette),
          note: dossier.dette_le ? `au ${formatDate(dossier.dette_le)}` : undefined,
        },
      ]
    case 'surendettement': {
      const etat = dossier.situation?.surendettement
      if (!etat) return []
      return [
        {
          terme: 'Aujourd’hui',
          valeur: `${ETATS_SURENDETTEMENT[etat.etat]}, ${formatDate(etat.le)}`,
          note: etat.paiementInterdit
            ? 'Payer les dettes antérieures est interdit (C. conso., art. L. 722-5) : un plan sur l’arriéré attend ; le loyer courant reste dû.'
            : undefined,
        },
        {
          terme: 'Toutes les dettes déclarées',
          valeur: etat.toutesDettes === undefined ? null : etat.toutesDettes ? 'oui' : 'non',
        },
      ]
    }
    case 'referent': {
      const referent = trouverReferent(saisis)
      return [
        {
          terme: 'Référent actif',
          valeur: referent
            ? [referent.contenu.nom, referent.contenu.organisme].filter((un) => un !== undefined).join(', ')
            : 'aucun',
          note: referent ? `depuis le ${formatDate(referent.le)}` : undefined,
        },
      ]
    }
    case 'bailleur': {
      const { bailleurNature, bailleurGestionDirecte, bailleurAnneeNaissance, conventionneAnah } = dossier.bail
      const lignes: readonly (readonly [terme: string, valeur: string | null])[] = [
        ['Bailleur', bailleurNature === undefined ? null : ecrireCode(libellesNatureBailleur, bailleurNature)],
        [
          'Gestion',
          bailleurGestionDirecte === undefined
            ? null
            : bailleurGestionDirecte
              ? 'directe'
              : 'par un gérant ou un mandataire',
        ],
        ['Année de naissance', bailleurAnneeNaissance === undefined ? null : String(bailleurAnneeNaissance)],
        ['Conventionné avec l’ANAH', conventionneAnah === undefined ? null : conventionneAnah ? 'oui' : 'non'],
      ]
      return lignes.flatMap(([terme, valeur]) => (valeur === null ? [] : [{ terme, valeur }]))
    }
    default:
      return []
  }
}

/** The situation of the household, block by block, each with its history and what to add. Blocks the reader may not see are not there. */
export function BlocsSituation({
  dossier,
  saisis,
  ouvert,
  peut,
}: {
  dossier: Dossier
  saisis: readonly HistoriqueActe[]
  ouvert: (genre: CodeGenre) => boolean
  peut: boolean
}): ReactElement[] {
  return BLOCS.flatMap((bloc) => {
    const genres = bloc.genres.filter(ouvert)
    if (genres.length === 0) return []
    const siens = saisis.filter(({ genre, retire }) => !retire && bloc.genres.includes(genre))
    const etat = direEtat(bloc, dossier, saisis)
    return [
      <Carte key={bloc.id} titre={bloc.titre} id={`bloc-${bloc.id}`}>
        {etat.length > 0 && <ListeDefinition lignes={etat} />}
        {siens.length === 0 ? (
          <p className="note">{bloc.vide}</p>
        ) : (
          <ListeSobre
            lignes={siens.map((acte) => ({
              cle: acte.racine,
              titre: peut ? (
                <a href={adresseProcedure(dossier, `/actes/${acte.racine}`)}>
                  {decrireGenre(acte.genre).libelle}, {formatDate(acte.le)}
                </a>
              ) : (
                `${decrireGenre(acte.genre).libelle}, ${formatDate(acte.le)}`
              ),
              note: resumer(acte.genre, acte.contenu) || undefined,
            }))}
          />
        )}
        {peut && (
          <Plus libelle={`Ajouter dans « ${bloc.titre} »`}>
            <ul>
              {genres.map((genre) => (
                <li key={genre}>
                  <a href={adresseProcedure(dossier, `/saisir?genre=${genre}`)}>{decrireGenre(genre).libelle}</a>
                </li>
              ))}
            </ul>
          </Plus>
        )}
      </Carte>,
    ]
  })
}

/** Questions the charter of the day asks at this step, for this park, until they are answered (DOS-25, DOS-26). */
export function Questions({
  requete,
  dossier,
  saisis,
  peut,
}: {
  requete: Requete
  dossier: Dossier
  saisis: readonly HistoriqueActe[]
  peut: boolean
}): ReactElement | null {
  const { stade } = dossier
  const { objectifs, reference } = listerObjectifs(requete, dossier)
  if (!peut) return null
  const vifs = saisis.filter(({ retire }) => !retire)
  const echoue = vifs.some(
    ({ genre, contenu }) =>
      (genre === 'protocole_defaillant' || genre === 'protocole_denonce') && contenu.numero === '2',
  )
  const demande = (question: 'protocole' | 'hors_maintien') =>
    objectifs.some(
      (un) =>
        un.question === question &&
        // A park nobody knows is not one the charter names.
        (un.si === undefined ? un.parc === undefined || dossier.logement.parc !== undefined : echoue),
    )
  const protocole =
    demande('protocole') &&
    !vifs.some(({ genre, contenu }) => genre === 'opportunite_protocole' && contenu.stade === stade)
  const horsMaintien = demande('hors_maintien') && !vifs.some(({ genre }) => genre === 'solution_hors_maintien')
  if (!protocole && !horsMaintien) return null
  const lien = (genre: CodeGenre, suite: Readonly<Record<string, string>> = {}) =>
    adresseProcedure(dossier, `/saisir?${new URLSearchParams({ genre, ...suite })}`)
  return (
    <Message ton="bientot">
      {protocole && (
        <p>
          <b>Un protocole est-il opportun ?</b> La question se pose à l’étape « {etapeCourte(stade)} ».{' '}
          <a href={lien('opportunite_protocole', { 'f-stade': stade })}>Répondre</a>
        </p>
      )}
      {horsMaintien && (
        <p>
          <b>Travailler une solution hors maintien.</b>{' '}
          {echoue ? 'Le second protocole a échoué.' : `La charte le demande à cette étape (${reference}).`}{' '}
          <a href={lien('solution_hors_maintien', { 'f-pourquoi': echoue ? 'second_protocole' : 'parc_prive' })}>
            Noter une piste
          </a>
        </p>
      )}
    </Message>
  )
}
