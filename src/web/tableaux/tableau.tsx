import type { ReactElement, ReactNode } from 'react'
import type { LigneListe } from '#repartition'
import { formatDate, formatDateLongue, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Barre,
  Bouton,
  ChampFichier,
  Formulaire,
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
  champsVusDe,
  estAttendue,
  estRepondable,
  lireTableau,
  listerAEnvoyer,
  type Saisie,
  saisieEnregistree,
  TAILLE_PAGE,
  type TableauLu,
} from './lecture.ts'
import { echeanceReponse, etapeCourte, etapeLongue, nommerListe, reponsesCourtes } from './libelles.ts'
import { colonnesTableau, MotifsCourants } from './lignes.tsx'

/** What a page of a list shows besides the list: what is typed and not sent, what is wrong, what was just done. */
export interface EtatTableau {
  readonly saisie: Saisie
  readonly refus?: string | undefined
  readonly annonce?: string | undefined
  /** Answer last chosen for the empty lines. */
  readonly lot?: string | undefined
  /** Marks the form carried, when the page is shown again with what was typed: what the reader saw is still that. */
  readonly vus?: Readonly<Record<string, string>> | undefined
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

function BarreRemplir({ vides, lot }: { vides: number; lot: EtatTableau['lot'] }): ReactElement {
  return (
    <Barre>
      <label htmlFor="c-lot">
        <b>Pour tous les ménages sans réponse</b>
      </label>
      <select className="petit" id="c-lot" name="lot" defaultValue={lot ?? ''}>
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
              ? 'Plus aucune réponse n’est attendue. '
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
          Sans réponse le <b>{formatDateLongue(liste.repondre_avant)}</b> au soir, un ménage passe au rang suivant, s’il
          en reste un.
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
  const erreurs = etat.refus === undefined ? [] : [{ message: etat.refus }]
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
      <ResumeErreurs erreurs={erreurs} titre="Rien n’est parti : à corriger d’abord" />
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
          colonnes={colonnesTableau({
            tableau,
            saisie: etat.saisie,
            jour,
            jeton: requete.connecte.jetonFormulaire,
            dansFormulaire: repondables,
          })}
          {...(repondables
            ? {
                formulaire: {
                  action: `${base}/reponses`,
                  jeton: requete.connecte.jetonFormulaire,
                  libelle: 'Réponses au tableau',
                  champs: { depuis: String(etat.debut), ...champsVusDe(montrees.filter(estRepondable)), ...etat.vus },
                  defaut: { nom: 'suite', valeur: 'relire' },
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
                <PiedCadre note="Le motif d’un « pas pour nous » est demandé à la relecture. Le ménage part alors au rang suivant. Une réponse se reprend tant que le rang suivant n’a pas répondu.">
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
