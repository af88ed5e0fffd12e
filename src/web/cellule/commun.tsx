import type { ReactElement } from 'react'
import {
  type ActeConsultation,
  type Consultation,
  type ConsultationLue,
  cadreDeLaCellule,
  compterPositions,
  ecrireDelai,
  etatsConsultation,
  issuesConsultation,
  modesConsultation,
  positionsEnVigueur,
  type RegleFigee,
  type ReglesFigees,
  sensPosition,
  silencesEnVigueur,
  voixDe,
} from '#commission'
import type { Dossier } from '#dossiers'
import { formatDateLongue, formatHeure, formatInstant, formatNombre, pluriel } from '#socle/typography'
import {
  Carte,
  Etiquette,
  Etiquettes,
  type LigneDefinition,
  ListeDefinition,
  ListeSobre,
  type Ton,
} from '../composants/index.ts'
import { adresseDossier } from '../espaces.tsx'
import type { Requete } from '../route.ts'

export const ESPACE = 'cellule'

/** Page of the cell in a dossier, and of what hangs below it. */
export const adresseDe = (dossier: Pick<Dossier, 'reference'>, suite = ''): string =>
  `${adresseDossier(dossier)}/${ESPACE}${suite}`

export const adresseConsultation = (dossier: Pick<Dossier, 'reference'>, id: string, suite = ''): string =>
  adresseDe(dossier, `/consultations/${id}${suite}`)

const TONS: Readonly<Record<Consultation['etat'], Ton>> = {
  ouverte: 'info',
  a_conclure: 'bientot',
  conclue: 'tenu',
  retiree: 'neutre',
}

const SUITES = { attendue: 'provisoire', confirmee: 'confirmé', infirmee: 'non confirmé' } as const

/** « Accord, provisoire ». */
export const direIssue = ({ issue, regularisation }: Pick<Consultation, 'issue' | 'regularisation'>): string =>
  issue === null ? '' : `${issuesConsultation[issue]}, ${SUITES[regularisation ?? 'attendue']}`

/** Where a consultation stands, and what it gave. */
export const EtatDeConsultation = (consultation: Consultation): ReactElement => (
  <Etiquettes>
    <Etiquette ton={TONS[consultation.etat]}>
      {consultation.issue === null ? etatsConsultation[consultation.etat] : direIssue(consultation)}
    </Etiquette>
    {consultation.a_repondre && <Etiquette ton="bientot">Votre position est attendue</Etiquette>}
  </Etiquettes>
)

export const NON_FIXE = 'Non fixé par la charte en vigueur'

const noter = (regle: RegleFigee | null): string | undefined =>
  regle === null ? undefined : [regle.source, regle.reserve].filter(Boolean).join(' ; ') || undefined

/** The rules of a consultation, each with its source and what must be said beside it; what is not set says so. */
export const lignesDesRegles = ({ urgence, decision, silence }: ReglesFigees): readonly LigneDefinition[] => [
  { terme: 'Délai de réponse', valeur: urgence?.libelle ?? 'Choisi à la main', note: noter(urgence) },
  { terme: 'Règle de décision', valeur: decision?.libelle ?? NON_FIXE, note: noter(decision) },
  { terme: 'Sans réponse à l’échéance', valeur: silence?.libelle ?? NON_FIXE, note: noter(silence) },
]

const ecrireReserves = (reserve: string | null | undefined, source: string): string =>
  [source, reserve].filter(Boolean).join(' ; ')

/** What the charter in force says of the cell (CEL-01 to CEL-03, CEL-13). */
export function CarteCharte({ requete }: { requete: Requete }): ReactElement {
  const { cellule, charte } = cadreDeLaCellule(requete.session)
  if (!cellule)
    return (
      <Carte titre="Ce que dit la charte" id="charte">
        <p>
          {charte === null
            ? 'Aucune charte en vigueur aujourd’hui.'
            : `« ${charte} » ne décrit pas la cellule technique.`}{' '}
          Motifs, membres permanents, délais, règle de décision et effet du silence : {NON_FIXE.toLowerCase()}. La
          consultation reste possible : ses membres et son échéance se choisissent à chaque fois.
        </p>
      </Carte>
    )
  const source = [cellule.source.titre, cellule.source.reference].filter(Boolean).join(', ')
  const aVerifier = cellule.verifie_le === null ? 'non vérifié par un juriste' : null
  const parDefaut = cellule.urgences.some(({ fiabilite }) => fiabilite === 'defaut')
  return (
    <Carte titre="Ce que dit la charte" id="charte">
      <ListeDefinition
        lignes={[
          { terme: 'Pilotes', valeur: cellule.pilotes.join(', ') },
          { terme: 'Toujours consultés', valeur: cellule.permanents.map(({ libelle }) => libelle).join(' ; ') },
          { terme: 'Selon la situation', valeur: cellule.invites.map(({ libelle }) => libelle).join(', ') },
          {
            terme: 'Délais',
            valeur:
              cellule.urgences.length === 0
                ? NON_FIXE
                : cellule.urgences.map(({ libelle, delai }) => `${libelle} : ${ecrireDelai(delai)}`).join(' ; '),
            note: parDefaut ? 'Valeur par défaut d’Amont, à compléter par le département' : undefined,
          },
          {
            terme: 'Décision',
            valeur: cellule.decision?.precision ?? cellule.decision?.regle ?? NON_FIXE,
            note: cellule.decision && cellule.decision.fiabilite !== 'C' ? 'À vérifier' : undefined,
          },
          {
            terme: 'Silence',
            valeur: cellule.silence?.precision ?? cellule.silence?.vaut ?? NON_FIXE,
            note: cellule.silence && cellule.silence.fiabilite !== 'C' ? 'À vérifier' : undefined,
          },
          {
            terme: 'Suite',
            valeur: 'Toute décision passe à la commission suivante du territoire, pour régularisation',
          },
        ]}
      />
      <p className="note mt2">{ecrireReserves(aVerifier, source)}</p>
    </Carte>
  )
}

const tonDe = (sens: string | null): Ton =>
  sens === 'favorable' ? 'tenu' : sens === 'defavorable' ? 'retard' : sens === 'reunion' ? 'bientot' : 'neutre'

const libelleSens = (sens: string | null): string =>
  sens !== null && Object.hasOwn(sensPosition, sens) ? sensPosition[sens as keyof typeof sensPosition] : ''

/** « 3 réponses sur 5 : 2 favorables, 1 défavorable ». */
export function direDecompte(lue: Pick<ConsultationLue, 'membres' | 'actes'>): string {
  const compte = compterPositions(voixDe(lue))
  const dits = [
    ...(compte.favorable > 0 ? [pluriel(compte.favorable, 'favorable', 'favorables')] : []),
    ...(compte.defavorable > 0 ? [pluriel(compte.defavorable, 'défavorable', 'défavorables')] : []),
    ...(compte.abstention > 0 ? [`${formatNombre(compte.abstention)} sans avis`] : []),
    ...(compte.reunion > 0 ? [pluriel(compte.reunion, 'demande de réunion', 'demandes de réunion')] : []),
  ]
  return `${pluriel(compte.repondus, 'réponse', 'réponses')} sur ${formatNombre(compte.attendus)}${dits.length > 0 ? ` : ${dits.join(', ')}` : ''}`
}

const QUALITES = { auteur: '', secretariat: '', permanent: 'membre permanent', invite: 'invité' } as const

/** Each member asked, with its position and its reason, or its silence. */
export function Positions({ lue }: { lue: ConsultationLue }): ReactElement {
  const positions = positionsEnVigueur(lue.actes)
  const silences = silencesEnVigueur(lue.consultation, lue.actes)
  return (
    <ListeSobre
      lignes={lue.membres
        .filter(({ qualite }) => qualite === 'permanent' || qualite === 'invite')
        .map(({ organisme, nom, qualite }) => {
          const position = positions.get(organisme)
          const versions = lue.actes.filter((acte) => acte.genre === 'position' && acte.organisme === organisme).length
          return {
            cle: organisme,
            titre: `${nom}, ${QUALITES[qualite]}`,
            note: position ? (
              <>
                {position.texte}
                <br />
                {position.auteur}, {formatInstant(position.a)}
                {position.donnees.tardive === true && ', après l’échéance'}
                {versions > 1 && `, version ${formatNombre(versions)}`}
              </>
            ) : undefined,
            droite: position ? (
              <Etiquette ton={tonDe(position.sens)}>{libelleSens(position.sens)}</Etiquette>
            ) : (
              <Etiquette>{silences.has(organisme) ? 'Sans réponse à l’échéance' : 'Pas encore de réponse'}</Etiquette>
            ),
          }
        })}
    />
  )
}

/** « mercredi 18 novembre 2026 à 14 h 30, 45 minutes ». */
export const direReunion = ({ donnees }: Pick<ActeConsultation, 'donnees'>): string =>
  `${formatDateLongue(donnees.le ?? '')} à ${formatHeure(donnees.heure ?? '00:00')}, ${pluriel(donnees.minutes ?? 0, 'minute', 'minutes')}`

const TITRES = {
  position: 'Position donnée',
  position_retiree: 'Position retirée',
  silence: 'Sans réponse à l’échéance',
  reunion: 'Réunion fixée',
  conclusion: 'Consultation conclue',
  retrait: 'Consultation retirée',
} as const

/** Everything that happened, newest first: positions corrected stay readable. */
export function Histoire({ actes }: { actes: readonly ActeConsultation[] }): ReactElement {
  return (
    <ListeSobre
      lignes={actes.toReversed().map((acte) => ({
        cle: acte.id,
        titre:
          acte.genre === 'position'
            ? `${acte.organisme_nom} : ${libelleSens(acte.sens).toLowerCase()}`
            : acte.genre === 'silence'
              ? `${acte.organisme_nom} : sans réponse à l’échéance`
              : acte.genre === 'reunion' && acte.donnees.annulee === true
                ? 'Réunion annulée'
                : acte.genre === 'reunion'
                  ? `${TITRES.reunion} : ${direReunion(acte)}`
                  : acte.donnees.clos === true
                    ? `${TITRES[acte.genre]} : dossier clos`
                    : TITRES[acte.genre],
        note: `${formatInstant(acte.a)}${acte.auteur === null ? '' : `, ${acte.auteur}, ${acte.organisme_nom}`}${acte.texte === null ? '' : ` : ${acte.texte}`}`,
      }))}
    />
  )
}

/** What a consultation is, without what it asks. */
export const lignesDeConsultation = (consultation: Consultation): readonly LigneDefinition[] => [
  { terme: 'Pourquoi', valeur: consultation.regles.objet.libelle, note: noter(consultation.regles.objet) },
  { terme: 'Comment', valeur: modesConsultation[consultation.mode] },
  {
    terme: 'Consultée par',
    valeur: `${consultation.auteur}, ${consultation.organisme_nom}`,
    note: formatInstant(consultation.ouverte_a),
  },
  { terme: 'Répondre avant', valeur: formatInstant(consultation.echeance_a) },
]
