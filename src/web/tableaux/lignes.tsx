import type { ReactElement } from 'react'
import { ecrireMots } from '#referentiel'
import { type LigneListe, libellesReponse, type ReponseLigne } from '#repartition'
import { formatDate, formatDateCourte, formatInstant, formatNombre } from '#socle/typography'
import { Bouton, BoutonPost, type Colonne, Etiquette, ListeDefinition, Plus } from '../composants/index.ts'
import { estAttendue, estRepondable, type ReponseSaisie, type Saisie, type TableauLu } from './lecture.ts'
import { categories, decrireChangements, ecrireDette, reponsesCourtes } from './libelles.ts'

const champReponse = (rang: number): string => `r-${rang}`
const champMotif = (rang: number): string => `m-${rang}`
export const idMotif = (rang: number): string => `c-${champMotif(rang)}`
const LISTE_MOTIFS = 'motifs-refus'

/** Reasons often given; any other may be typed. */
const MOTIFS_COURANTS = [
  'Hors de notre secteur',
  'Hors de notre public',
  'Ménage inconnu de nous',
  'Ménage parti',
  'Suivi par un autre service',
]

/** The reason of a « pas pour nous »: free text, with the usual ones proposed. */
export function ChampMotif({
  ligne,
  valeur,
  erreur,
}: {
  ligne: LigneListe
  valeur: string
  erreur?: string | undefined
}): ReactElement {
  const id = idMotif(ligne.rang)
  return (
    <span className="champ">
      <label className="sr" htmlFor={id}>
        Motif pour {ligne.instantane.titulaire}
      </label>
      <input
        id={id}
        name={champMotif(ligne.rang)}
        type="text"
        list={LISTE_MOTIFS}
        maxLength={300}
        defaultValue={valeur}
        placeholder="Pourquoi pas vous"
        aria-invalid={erreur === undefined ? undefined : true}
        aria-describedby={erreur === undefined ? undefined : `${id}-erreur`}
      />
      {erreur !== undefined && (
        <span className="erreur" id={`${id}-erreur`}>
          {erreur}
        </span>
      )}
    </span>
  )
}

export function MotifsCourants(): ReactElement {
  return (
    <datalist id={LISTE_MOTIFS}>
      {MOTIFS_COURANTS.map((motif) => (
        <option key={motif} value={motif} />
      ))}
    </datalist>
  )
}

function choixDe(ligne: LigneListe): readonly { valeur: ReponseLigne; libelle: string }[] {
  if (ligne.etat === 'prise' && ligne.reponse === null) {
    return [
      { valeur: 'connu', libelle: 'Nous continuons' },
      { valeur: 'pas_pour_nous', libelle: reponsesCourtes.pas_pour_nous },
    ]
  }
  return (Object.entries(reponsesCourtes) as [ReponseLigne, string][]).map(([valeur, libelle]) => ({ valeur, libelle }))
}

/** What the cells of a list share. */
interface ContexteLignes {
  readonly tableau: TableauLu
  readonly saisie: Saisie
  readonly jour: Temporal.PlainDate
  readonly jeton: string
  /** The table is a form: a button of a row posts it elsewhere, since a form cannot hold another. */
  readonly dansFormulaire: boolean
}

/** Takes back the answer of a line. What is typed on the other lines goes along, and comes back. */
function Reprendre({ ligne, contexte }: { ligne: LigneListe; contexte: ContexteLignes }): ReactElement {
  const action = `/tableaux/${contexte.tableau.liste.id}/reprendre`
  const rang = String(ligne.rang)
  const communs = {
    petit: true,
    genre: 'tertiaire',
    icone: 'annuler',
    libelleLu: `Reprendre la réponse pour ${ligne.instantane.titulaire}`,
    children: 'Reprendre',
  } as const
  return contexte.dansFormulaire ? (
    <Bouton {...communs} action={action} nom="rang" valeur={rang} />
  ) : (
    <BoutonPost {...communs} action={action} jeton={contexte.jeton} champs={{ rang }} />
  )
}

function ReponseALigne({
  ligne,
  donnee,
  contexte,
}: {
  ligne: LigneListe
  donnee: ReponseSaisie | undefined
  contexte: ContexteLignes
}): ReactElement {
  return (
    <>
      <fieldset>
        <legend className="sr">Réponse pour {ligne.instantane.titulaire}</legend>
        <div className="rep">
          {choixDe(ligne).map(({ valeur, libelle }) => (
            <label key={valeur}>
              <input
                type="radio"
                name={champReponse(ligne.rang)}
                value={valeur}
                defaultChecked={valeur === donnee?.reponse}
              />
              {libelle}
            </label>
          ))}
          {donnee?.reponse === 'pas_pour_nous' && <ChampMotif ligne={ligne} valeur={donnee.motif} />}
        </div>
      </fieldset>
      <Suite ligne={ligne} contexte={contexte} />
    </>
  )
}

/** Under the answer: what was answered and when, and what is due now. */
function Suite({ ligne, contexte }: { ligne: LigneListe; contexte: ContexteLignes }): ReactElement | null {
  const { instantane, repondu_a, diagnostic_avant } = ligne
  if (ligne.etat !== 'prise' || !ligne.vivante) return null
  return (
    <small>
      {repondu_a === null ? 'Déjà pris en charge. ' : `Répondu le ${formatInstant(repondu_a)}. `}
      {diagnostic_avant && (
        <>
          Diagnostic avant le {formatDate(diagnostic_avant)} :{' '}
          <a href={`/dossiers/${instantane.reference}/diagnostic`}>rendu, ou pas pu se faire</a>
        </>
      )}{' '}
      {ligne.reponse !== null && <Reprendre ligne={ligne} contexte={contexte} />}
    </small>
  )
}

/** Whoever gave a household back does not see whether another rank is left. */
const SINON = ' ou, s’il n’en reste pas, revenu au secrétariat'

/** What became of a line, for whoever does not answer it, or when nothing is left to answer. */
function SortDeLaLigne({ ligne, contexte }: { ligne: LigneListe; contexte: ContexteLignes }): ReactElement {
  const { tableau, jour } = contexte
  const { repondre_avant } = tableau.liste
  const { reponse, motif, repondu_a, repondu_par, etat, issue, diagnostic_fait_le } = ligne
  const depasse = repondre_avant !== null && Temporal.PlainDate.compare(repondre_avant, jour) < 0
  if (diagnostic_fait_le !== null) {
    return (
      <>
        <Etiquette ton="tenu">{issue === 'non_realise' ? 'Diagnostic non réalisé' : 'Diagnostic rendu'}</Etiquette>
        <small>Le {formatDate(diagnostic_fait_le)}</small>
      </>
    )
  }
  if (reponse !== null) {
    const refusee = reponse === 'pas_pour_nous'
    return (
      <>
        <Etiquette ton={refusee ? 'neutre' : 'tenu'} icone={refusee ? 'non' : 'ok'}>
          {libellesReponse[reponse as ReponseLigne]}
        </Etiquette>
        <small>
          {motif !== null && `${motif}. `}
          {repondu_a !== null && `Le ${formatInstant(repondu_a)}${repondu_par === null ? '' : `, ${repondu_par}`}. `}
          {refusee && `Le ménage est passé au rang suivant${SINON}.`}
          {!refusee &&
            ligne.vivante &&
            ligne.diagnostic_avant !== null &&
            `Diagnostic avant le ${formatDate(ligne.diagnostic_avant)}.`}
          {!refusee && !ligne.vivante && 'Le ménage n’est plus confié à ce service.'}
        </small>
        {tableau.peutRepondre && refusee && !ligne.vivante && <Reprendre ligne={ligne} contexte={contexte} />}
      </>
    )
  }
  if (ligne.vivante && etat === 'transmise') {
    return (
      <Etiquette ton={depasse ? 'retard' : 'bientot'}>{depasse ? 'Réponse en retard' : 'Réponse attendue'}</Etiquette>
    )
  }
  if (ligne.vivante) {
    return (
      <>
        <Etiquette ton="tenu">Déjà pris en charge</Etiquette>
        {ligne.diagnostic_avant && <small>Diagnostic avant le {formatDate(ligne.diagnostic_avant)}</small>}
      </>
    )
  }
  return (
    <>
      <Etiquette ton="neutre" icone="fd">
        Plus rien à répondre
      </Etiquette>
      <small>
        {issue === 'sans_reponse' || (issue === null && depasse && repondre_avant)
          ? `Sans réponse le ${formatDate(repondre_avant ?? jour)}, le ménage est passé au rang suivant${SINON}.`
          : 'Ce ménage n’est plus confié à ce service.'}
      </small>
    </>
  )
}

function Pourquoi({ ligne, tableau }: { ligne: LigneListe; tableau: TableauLu }): ReactElement {
  const { instantane, categorie } = ligne
  // A hearing held before the list tells nothing of what is to be done.
  const audience =
    instantane.audience_le !== null && instantane.audience_le >= tableau.liste.date_liste.toString()
      ? `. Audience le ${formatDate(instantane.audience_le)}`
      : ''
  const changements = categorie === 'change' ? decrireChangements(instantane) : []
  const rang = instantane.rang_cascade > 0 ? `Rang ${instantane.rang_cascade} de la cascade` : 'Choisi par une personne'
  return (
    <>
      {categorie === 'change' ? (
        <b>{changements.length > 0 ? changements.join('. ') : 'Un nouveau signalement est arrivé'}</b>
      ) : (
        `${instantane.pourquoi}${audience}`
      )}
      <Plus libelle={`${rang}${instantane.a_verifier.length > 0 ? ', à vérifier' : ''}`}>
        <ListeDefinition
          lignes={[
            { terme: tableau.peutRepondre ? 'Pourquoi vous' : 'Pourquoi ce service', valeur: instantane.pourquoi },
            { terme: 'Source', valeur: instantane.source || null },
            {
              terme: 'À vérifier',
              valeur: instantane.a_verifier.length > 0 ? `il manquait : ${ecrireMots(instantane.a_verifier)}` : null,
            },
            { terme: 'Fiabilité', valeur: instantane.reserve },
            {
              terme: 'Dernière ligne reçue',
              valeur: instantane.precedente
                ? `n° ${instantane.precedente.numero}, le ${formatDate(instantane.precedente.date)}`
                : null,
            },
          ]}
        />
      </Plus>
    </>
  )
}

function Menage({ ligne }: { ligne: LigneListe }): ReactElement {
  const { instantane } = ligne
  const lieu = [instantane.commune, instantane.adresse].filter((part) => part !== '').join(', ')
  return (
    <>
      {!ligne.lisible ? (
        <b>{instantane.titulaire}</b>
      ) : (
        <a href={`/dossiers/${instantane.reference}`}>{instantane.titulaire}</a>
      )}
      <small>{lieu}</small>
      {instantane.telephones.length > 0 && <small className="num">{instantane.telephones.join(', ')}</small>}
    </>
  )
}

/** Columns of a frozen list: what was sent, then the answer, to give or given. */
export function colonnesTableau(contexte: ContexteLignes): readonly Colonne<LigneListe>[] {
  const { tableau, saisie } = contexte
  const { peutRepondre } = tableau
  return [
    { cle: 'n', titre: 'N°', numerique: true, rendre: ({ rang }) => formatNombre(rang) },
    {
      cle: 'depuis',
      titre: 'Depuis',
      note: 'le dernier tableau',
      rendre: (ligne) => {
        const { libelle, ton, icone } = categories[ligne.categorie]
        const avant = ligne.categorie === 'sans_reponse' && estAttendue(ligne) ? ligne.repondre_avant : null
        return (
          <>
            <Etiquette ton={ton} icone={icone}>
              {libelle}
            </Etiquette>
            {avant && <small>à répondre avant le {formatDateCourte(avant)}</small>}
          </>
        )
      },
    },
    { cle: 'menage', titre: 'Ménage', principale: true, rendre: (ligne) => <Menage ligne={ligne} /> },
    {
      cle: 'enfants',
      titre: 'Enfants',
      numerique: true,
      rendre: ({ instantane }) => (instantane.enfants === null ? '?' : formatNombre(instantane.enfants)),
    },
    { cle: 'dette', titre: 'Dette', numerique: true, rendre: ({ instantane }) => ecrireDette(instantane.dette) },
    {
      cle: 'pourquoi',
      titre: peutRepondre ? 'Pourquoi vous' : 'Pourquoi ce service',
      large: true,
      rendre: (ligne) => <Pourquoi ligne={ligne} tableau={tableau} />,
    },
    {
      cle: 'reponse',
      titre: peutRepondre ? 'Votre réponse' : 'Réponse du service',
      rendre: (ligne) =>
        peutRepondre && estRepondable(ligne) ? (
          <ReponseALigne ligne={ligne} donnee={saisie.get(ligne.rang)} contexte={contexte} />
        ) : (
          <SortDeLaLigne ligne={ligne} contexte={contexte} />
        ),
    },
  ]
}
