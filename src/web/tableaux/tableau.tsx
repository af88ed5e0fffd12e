import type { ReactElement, ReactNode } from 'react'
import { ecrireMots } from '#referentiel'
import { type LigneListe, libellesReponse, type ReponseLigne } from '#repartition'
import { formatDate, formatDateCourte, formatDateLongue, formatInstant, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Barre,
  Bouton,
  ChampFichier,
  type Colonne,
  Etiquette,
  Formulaire,
  ListeDefinition,
  Message,
  Pagination,
  PiedCadre,
  Pile,
  Plus,
  PuceEcheance,
  ResumeErreurs,
  Tableau,
} from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import {
  estAttendue,
  estRepondable,
  lireTableau,
  listerAEnvoyer,
  type ReponseSaisie,
  type Saisie,
  saisieEnregistree,
  TAILLE_PAGE,
  type TableauLu,
} from './lecture.ts'
import {
  categories,
  decrireChangements,
  echeanceReponse,
  ecrireDette,
  etapeCourte,
  etapeLongue,
  nommerListe,
  reponsesCourtes,
} from './libelles.ts'

/** What a page of a list shows besides the list: what is typed and not sent, what is wrong, what was just done. */
export interface EtatTableau {
  readonly saisie: Saisie
  /** Errors by line. */
  readonly erreurs?: ReadonlyMap<number, string>
  readonly refus?: string | undefined
  readonly annonce?: string | undefined
  readonly lot?: { readonly reponse: string; readonly motif: string } | undefined
  /** Rank of the first line shown. */
  readonly debut: number
}

/** Rank the page starts at, as the address or the form gives it. */
export function lireDebut(texte: string | undefined, lignes: readonly LigneListe[]): number {
  const rang = Number(texte)
  if (!Number.isInteger(rang) || rang < 1 || rang > lignes.length) return 1
  return Math.floor((rang - 1) / TAILLE_PAGE) * TAILLE_PAGE + 1
}

/** GET /tableaux/:id. */
export async function montrerTableau(requete: Requete): Promise<Reponse> {
  const tableau = await lireTableau(requete)
  const debut = lireDebut(requete.recherche.depuis, tableau.lignes)
  return page(
    <PageTableau requete={requete} tableau={tableau} etat={{ saisie: saisieEnregistree(tableau.lignes), debut }} />,
  )
}

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

function ReponseALigne({
  ligne,
  donnee,
  erreur,
}: {
  ligne: LigneListe
  donnee: ReponseSaisie | undefined
  erreur: string | undefined
}): ReactElement {
  const refusee = donnee?.reponse === 'pas_pour_nous'
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
          {(refusee || erreur !== undefined) && (
            <ChampMotif ligne={ligne} valeur={donnee?.motif ?? ''} erreur={erreur} />
          )}
        </div>
      </fieldset>
      <Suite ligne={ligne} />
    </>
  )
}

/** Under the answer: what was answered and when, and what is due now. */
function Suite({ ligne }: { ligne: LigneListe }): ReactElement | null {
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
      )}
    </small>
  )
}

/** What became of a line, for whoever does not answer it, or when nothing is left to answer. */
function SortDeLaLigne({
  ligne,
  tableau,
  jour,
}: {
  ligne: LigneListe
  tableau: TableauLu
  jour: Temporal.PlainDate
}): ReactElement {
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
          {refusee && 'Le ménage est passé au rang suivant.'}
          {!refusee &&
            ligne.vivante &&
            ligne.diagnostic_avant !== null &&
            `Diagnostic avant le ${formatDate(ligne.diagnostic_avant)}.`}
          {!refusee && !ligne.vivante && 'Le ménage n’est plus confié à ce service.'}
        </small>
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
          ? `Sans réponse le ${formatDate(repondre_avant ?? jour)}, le ménage est passé au rang suivant.`
          : 'Ce ménage n’est plus confié à ce service.'}
      </small>
    </>
  )
}

function Pourquoi({ ligne, vous }: { ligne: LigneListe; vous: boolean }): ReactElement {
  const { instantane, categorie } = ligne
  const changements = categorie === 'change' ? decrireChangements(instantane) : []
  const rang = instantane.rang_cascade > 0 ? `Rang ${instantane.rang_cascade} de la cascade` : 'Choisi par une personne'
  return (
    <>
      {categorie === 'change' ? (
        <b>{changements.length > 0 ? changements.join('. ') : 'Un nouveau signalement est arrivé'}</b>
      ) : (
        `${instantane.pourquoi}${instantane.audience_le === null ? '' : `. Audience le ${formatDate(instantane.audience_le)}`}`
      )}
      <Plus libelle={`${rang}${instantane.a_verifier.length > 0 ? ', à vérifier' : ''}`}>
        <ListeDefinition
          lignes={[
            { terme: vous ? 'Pourquoi vous' : 'Pourquoi ce service', valeur: instantane.pourquoi },
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
      {ligne.etat === null ? (
        <b>{instantane.titulaire}</b>
      ) : (
        <a href={`/dossiers/${instantane.reference}`}>{instantane.titulaire}</a>
      )}
      <small>{lieu}</small>
      {instantane.telephones.length > 0 && <small className="num">{instantane.telephones.join(', ')}</small>}
    </>
  )
}

function colonnes(tableau: TableauLu, etat: EtatTableau, jour: Temporal.PlainDate): readonly Colonne<LigneListe>[] {
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
      rendre: (ligne) => <Pourquoi ligne={ligne} vous={peutRepondre} />,
    },
    {
      cle: 'reponse',
      titre: peutRepondre ? 'Votre réponse' : 'Réponse du service',
      rendre: (ligne) =>
        peutRepondre && estRepondable(ligne) ? (
          <ReponseALigne ligne={ligne} donnee={etat.saisie.get(ligne.rang)} erreur={etat.erreurs?.get(ligne.rang)} />
        ) : (
          <SortDeLaLigne ligne={ligne} tableau={tableau} jour={jour} />
        ),
    },
  ]
}

function BarreRemplir({ vides, lot }: { vides: number; lot: EtatTableau['lot'] }): ReactElement {
  return (
    <Barre>
      <label htmlFor="c-lot">
        <b>Pour tous les ménages sans réponse</b>
      </label>
      <select className="petit" id="c-lot" name="lot" defaultValue={lot?.reponse ?? ''}>
        <option value="">Choisir</option>
        {Object.entries(reponsesCourtes).map(([valeur, libelle]) => (
          <option key={valeur} value={valeur}>
            {libelle}
          </option>
        ))}
      </select>
      <Bouton petit nom="suite" valeur="remplir">
        {vides === 1 ? 'Remplir la ligne vide' : `Remplir les ${formatNombre(vides)} lignes vides`}
      </Bouton>
      <span className="note">Rien ne part avant « Relire et envoyer ».</span>
    </Barre>
  )
}

function pluriels(tableau: TableauLu): string {
  const { nouveaux, changes, sans_reponse } = tableau.liste
  const parts = [
    nouveaux > 0 ? pluriel(nouveaux, 'nouveau ménage', 'nouveaux ménages') : null,
    changes > 0 ? pluriel(changes, 'changement', 'changements') : null,
    sans_reponse > 0 ? `${formatNombre(sans_reponse)} sans réponse depuis un tableau précédent` : null,
  ].filter((part) => part !== null)
  return parts.length === 0 ? 'Aucun ménage' : parts.join(', ')
}

function Situation({
  requete,
  tableau,
  etat,
}: {
  requete: Requete
  tableau: TableauLu
  etat: EtatTableau
}): ReactElement {
  const { liste, lignes, peutRepondre } = tableau
  const attendues = lignes.filter(estAttendue).length
  const preparees = peutRepondre ? listerAEnvoyer(lignes, etat.saisie).length : 0
  const echeance = echeanceReponse(requete.session, liste)
  return (
    <Message ton={attendues === 0 ? 'tenu' : 'info'}>
      <p>
        <b>
          {preparees > 0
            ? `${pluriel(preparees, 'réponse préparée', 'réponses préparées')}, pas encore ${preparees < 2 ? 'envoyée' : 'envoyées'}. `
            : attendues === 0
              ? 'Toutes les réponses sont là. '
              : `${pluriel(attendues, 'ménage attend', 'ménages attendent')} une réponse. `}
        </b>
        {pluriels(tableau)}.{' '}
        {peutRepondre &&
          'Prendre un ménage ouvre deux mois pour le diagnostic, à partir de la date du tableau, ou moins si l’audience vient avant.'}
        {!peutRepondre &&
          (liste.recue_le === null
            ? 'Le service ne l’a pas encore ouvert.'
            : `Ouvert par le service le ${formatDate(liste.recue_le)}.`)}
      </p>
      {attendues > 0 && echeance && (
        <div>
          Répondre avant : <PuceEcheance echeance={echeance} aujourdhui={requete.session.jour} enPlace />
        </div>
      )}
    </Message>
  )
}

function chapo(tableau: TableauLu): ReactNode {
  const { liste } = tableau
  return (
    <>
      {liste.organisme_nom}, étape « {etapeLongue(liste.stade)} ». Figé le {formatDateLongue(liste.date_liste)}, il ne
      changera plus.{' '}
      {liste.repondre_avant === null ? (
        'Le département n’a pas réglé de délai de réponse.'
      ) : (
        <>
          Sans réponse le <b>{formatDateLongue(liste.repondre_avant)}</b> au soir, un ménage passe au rang suivant.
        </>
      )}
    </>
  )
}

function ReponseParFichier({ requete, tableau }: { requete: Requete; tableau: TableauLu }): ReactElement {
  const { liste } = tableau
  return (
    <Plus libelle="Répondre dans le tableur, puis déposer le fichier">
      <Formulaire
        action={`/tableaux/${liste.id}/fichier`}
        jeton={requete.connecte.jetonFormulaire}
        fichiers
        libelle="Répondre par fichier"
      >
        <p className="texte">
          Télécharger le tableur, écrire la réponse dans la colonne « Réponse » (Connu, pris ; Pris à notre tour ; Pas
          pour nous) et le motif à côté, puis déposer le fichier ici. Les réponses lues se relisent avant de partir.
        </p>
        <ChampFichier
          nom="fichier"
          libelle="Tableau rempli"
          formats=".xlsx,.ods,.csv"
          aide="XLSX, ODS ou CSV : celui de ce tableau, avec ses numéros et ses références."
        />
        <Actions>
          <Bouton icone="import">Lire les réponses</Bouton>
        </Actions>
      </Formulaire>
    </Plus>
  )
}

/** A frozen list: as sent, with the answers beside. The service answers on it; others read. */
export function PageTableau({
  requete,
  tableau,
  etat,
}: {
  requete: Requete
  tableau: TableauLu
  etat: EtatTableau
}): ReactElement {
  const { liste, lignes, memeJour, peutRepondre } = tableau
  const { jour } = requete.session
  const montrees = lignes.slice(etat.debut - 1, etat.debut - 1 + TAILLE_PAGE)
  const vides = montrees.filter((ligne) => estAttendue(ligne) && !etat.saisie.get(ligne.rang)?.reponse).length
  const repondables = peutRepondre && montrees.some(estRepondable)
  const erreurs = [
    ...(etat.refus === undefined ? [] : [{ message: etat.refus }]),
    ...[...(etat.erreurs ?? [])].map(([rang, message]) => ({
      id: idMotif(rang),
      message: `Ligne ${rang} : ${message}`,
    })),
  ]
  const base = `/tableaux/${liste.id}`
  return (
    <Cadre
      requete={requete}
      titre={`Tableau n° ${liste.numero} : qui va vers ${lignes.length === 1 ? 'ce ménage' : `ces ${formatNombre(lignes.length)} ménages`} ?`}
      chapo={chapo(tableau)}
      courante={peutRepondre ? 'repondre' : 'repartir'}
      erreur={erreurs.length > 0}
      large
      fil={[
        { libelle: 'Tableaux hebdomadaires', href: '/tableaux' },
        { libelle: `${liste.organisme_nom}, ${nommerListe(liste)}` },
      ]}
      actions={
        <>
          <Bouton href={`${base}/tableau.pdf`} petit fichier icone="impr">
            PDF tel qu’envoyé
          </Bouton>
          <Bouton href={`${base}/tableau.xlsx`} petit fichier icone="table" libelleLu="Tableur XLSX">
            Tableur
          </Bouton>
          <Bouton href={`${base}/tableau.ods`} petit fichier genre="tertiaire" libelleLu="Tableur ODS">
            ODS
          </Bouton>
          <Bouton href={`${base}/tableau.csv`} petit fichier genre="tertiaire" libelleLu="Fichier CSV">
            CSV
          </Bouton>
        </>
      }
      {...(memeJour.length > 1
        ? {
            vues: {
              libelle: `Tableaux du ${formatDate(liste.date_liste)}, par étape`,
              onglets: memeJour.map((autre) => ({
                href: `/tableaux/${autre.id}`,
                libelle: etapeCourte(autre.stade),
                compte: formatNombre(autre.lignes),
                courant: autre.id === liste.id,
              })),
            },
          }
        : {})}
    >
      <ResumeErreurs erreurs={erreurs} titre="Rien n’est parti : une chose est à corriger" />
      <Pile>
        {etat.annonce !== undefined && (
          <Message ton="tenu">
            <p>{etat.annonce}</p>
          </Message>
        )}
        <Situation requete={requete} tableau={tableau} etat={etat} />
        <Tableau
          legende={`Ménages de ce tableau, avec ${peutRepondre ? 'votre réponse' : 'la réponse du service'}`}
          lignes={montrees}
          cle={({ rang }) => String(rang)}
          colonnes={colonnes(tableau, etat, jour)}
          {...(repondables
            ? {
                formulaire: {
                  action: `${base}/reponses`,
                  jeton: requete.connecte.jetonFormulaire,
                  libelle: 'Réponses au tableau',
                  champs: { depuis: String(etat.debut) },
                },
                avant: vides > 0 ? <BarreRemplir vides={vides} lot={etat.lot} /> : undefined,
              }
            : {})}
          apres={
            <>
              {lignes.length > TAILLE_PAGE && (
                <Pagination
                  libelle="Pages du tableau"
                  position={`Lignes ${formatNombre(etat.debut)} à ${formatNombre(etat.debut + montrees.length - 1)} sur ${formatNombre(lignes.length)}. Envoyer chaque page avant la suivante.`}
                  precedents={etat.debut > 1 ? `${base}?depuis=${etat.debut - TAILLE_PAGE}` : undefined}
                  suivants={
                    etat.debut + TAILLE_PAGE <= lignes.length ? `${base}?depuis=${etat.debut + TAILLE_PAGE}` : undefined
                  }
                />
              )}
              {repondables && (
                <PiedCadre note="Le motif d’un « pas pour nous » est demandé à la relecture. Le ménage part alors au rang suivant ; les autres réponses peuvent encore changer.">
                  <Bouton genre="principal" nom="suite" valeur="relire">
                    Relire et envoyer
                  </Bouton>
                </PiedCadre>
              )}
            </>
          }
        />
        {repondables && <MotifsCourants />}
        {repondables && <ReponseParFichier requete={requete} tableau={tableau} />}
        <p className="note">
          Empreinte du tableau figé : <code>{liste.empreinte.slice(0, 16)}</code>. Les fichiers redonnent toujours les
          mêmes lignes.
        </p>
      </Pile>
    </Cadre>
  )
}
