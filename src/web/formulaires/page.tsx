import type { ReactElement, ReactNode } from 'react'
import type { Dossier } from '#dossiers'
import { type Completude, champsDe, completudeDe, direErreur, type Formulaire } from '#formulaires'
import { ecrireReserve } from '#referentiel'
import { enPhrase, formatInstant, pluriel } from '#socle/typography'
import {
  Actions,
  Bouton,
  Carte,
  ChampsCaches,
  Colonnes,
  Etiquette,
  Message,
  Pile,
  ResumeErreurs,
} from '../composants/index.ts'
import { adresseDossier, CadreDossier } from '../espaces.tsx'
import type { Requete } from '../route.ts'
import { conditionEnPage, Question } from './champs.tsx'
import type { EcranFormulaire } from './ecran.ts'
import { VueFormulaire } from './vue.tsx'

export const adresseFormulaire = (ecran: EcranFormulaire, dossier: Dossier, id: string): string =>
  `${adresseDossier(dossier)}/${ecran.espace}/${id}`

/** Shows every group at once. */
export const TOUT = 'tout'

const FORMULAIRE = 'formulaire'

/** Groups of the page asked for: one, or all. */
export function groupesDePage(formulaire: Pick<Formulaire, 'modele'>, demande: string | undefined) {
  const { groupes } = formulaire.modele
  if (demande === TOUT) return groupes
  const choisi = groupes.find(({ code }) => code === demande) ?? groupes[0]
  return choisi ? [choisi] : []
}

/** Table of contents: each line saves what is typed and goes there. */
function Sommaire({
  etat,
  courants,
  adresse,
}: {
  etat: Completude
  courants: readonly string[]
  adresse: string
}): ReactElement {
  return (
    <Carte titre="Sommaire" id="sommaire">
      <ol className="sommaire-formulaire">
        {etat.groupes.map(({ code, titre, remplis, total, invalides, manque, applicable }) => (
          <li key={code}>
            <button
              className="lien"
              type="submit"
              form={FORMULAIRE}
              name="vers"
              value={code}
              aria-current={courants.length === 1 && courants[0] === code ? 'step' : undefined}
            >
              {titre}
            </button>
            <small data-etat={code}>
              {ecrireEtat({ remplis, total, invalides, manque: manque.length, applicable })}
            </small>
          </li>
        ))}
      </ol>
      <p className="note">
        Changer de rubrique enregistre ce qui est écrit.{' '}
        {courants.length === 1 ? (
          <button className="lien" type="submit" form={FORMULAIRE} name="vers" value={TOUT}>
            Tout voir sur une page
          </button>
        ) : (
          <a href={adresse}>Une rubrique par page</a>
        )}
      </p>
    </Carte>
  )
}

/** How far a group is, in a few words. */
export function ecrireEtat({
  remplis,
  total,
  invalides,
  manque,
  applicable,
}: {
  remplis: number
  total: number
  invalides: number
  manque: number
  applicable: boolean
}): string {
  if (!applicable) return 'sans objet'
  const parts = [`${remplis} sur ${total}`]
  if (invalides > 0) parts.push(`${invalides} à corriger`)
  if (manque > 0) parts.push(`${manque} nécessaire${manque > 1 ? 's' : ''}`)
  return parts.join(', ')
}

function Etat({ etat, niveau }: { etat: Completude; niveau: { readonly libelle: string } | undefined }): ReactElement {
  return (
    <Carte titre="Où en est ce formulaire" id="completude">
      <p>
        <b>
          <span data-remplis="">{etat.remplis}</span> réponses sur <span data-total="">{etat.total}</span>
        </b>
        {niveau && (
          <>
            {' '}
            <Etiquette ton={etat.manque.length === 0 ? 'tenu' : 'bientot'}>
              {etat.manque.length === 0
                ? 'L’indispensable y est'
                : `Il manque ${pluriel(etat.manque.length, 'réponse', 'réponses')}`}
            </Etiquette>
          </>
        )}
      </p>
      {etat.manque.length > 0 && (
        <>
          <p className="mt2">Pour {niveau?.libelle} :</p>
          <ul>
            {etat.groupes
              .filter(({ manque }) => manque.length > 0)
              .map(({ code, titre, manque }) => (
                <li key={code}>
                  {titre} : {manque.map(({ libelle }) => enPhrase(libelle)).join(' ; ')}
                </li>
              ))}
          </ul>
        </>
      )}
      <p className="note mt2">
        Une question sans réponse veut dire « pas encore su ». Elle n’empêche jamais d’enregistrer.
      </p>
    </Carte>
  )
}

interface ProprietesPage {
  readonly requete: Requete
  readonly ecran: EcranFormulaire
  readonly dossier: Dossier
  readonly formulaire: Formulaire
  readonly presents: readonly string[]
  /** Mark of what this page saves. */
  readonly marque: string
  /** What can be done with the form now: sign, file, reopen. */
  readonly suite: ReactNode
}

const niveauDe = ({ niveau }: EcranFormulaire, { modele }: Pick<Formulaire, 'modele'>) =>
  modele.niveaux?.find(({ code }) => code === niveau)

function Telecharger({ adresse, formulaire }: { adresse: string; formulaire: Formulaire }): ReactElement {
  return (
    <Carte titre="Sur papier" id="papier">
      <Actions>
        <Bouton href={`${adresse}/pdf`} fichier>
          {formulaire.etat === 'signe' ? 'Télécharger le document signé' : 'Télécharger le brouillon'}
        </Bouton>
        <Bouton genre="tertiaire" href={`${adresse}/vierge`} fichier>
          Formulaire vierge
        </Bouton>
      </Actions>
      {formulaire.partiel && <p className="note mt2">Sans les rubriques réservées à d’autres services.</p>}
      {formulaire.empreinte !== null && formulaire.integral && (
        <p className="note mt2">Empreinte SHA-256 : {formulaire.empreinte.slice(0, 16)}</p>
      )}
      <p className="note mt2">
        {[
          `Formulaire version ${formulaire.modele.version} : ${formulaire.modele.source.titre}`,
          formulaire.modele.source.reference,
          ecrireReserve(formulaire.modele),
        ]
          .filter(Boolean)
          .join(', ')}
      </p>
    </Carte>
  )
}

/** A draft being filled. */
export function PageRemplir({
  requete,
  ecran,
  dossier,
  formulaire,
  presents,
  marque,
  suite,
}: ProprietesPage): ReactElement {
  const adresse = adresseFormulaire(ecran, dossier, formulaire.id)
  const groupes = groupesDePage(formulaire, requete.recherche.groupe)
  const courants = groupes.map(({ code }) => code)
  const niveau = niveauDe(ecran, formulaire)
  const etat = completudeDe(formulaire, niveau?.code)
  const champs = champsDe(groupes)
  const erreurs = Object.entries(formulaire.invalides)
    .filter(([nom]) => champs.some(({ code }) => code === nom.split('.')[0]))
    .map(([nom, texte]) => {
      const champ = champs.find(({ code }) => code === nom.split('.')[0])
      return { nom, message: `${champ?.libelle ?? nom} : ${direErreur(champs, nom, texte)}` }
    })
  const tous = formulaire.modele.groupes
  const suivant = courants.length === 1 ? tous[tous.findIndex(({ code }) => code === courants[0]) + 1] : undefined
  return (
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ecran.espace}
      titre={formulaire.modele.titre}
      acte={formulaire.modele.titre}
      chapo={ecran.chapo}
      large
    >
      <Pile>
        <ResumeErreurs titre="Enregistré, avec des réponses à corriger" erreurs={erreurs} />
        <div data-presents="">
          {presents.length > 0 && (
            <Message ton="bientot">
              <p>
                <b>Ce formulaire est ouvert aussi par {presents.join(', ')}.</b> Chacun peut écrire : une même réponse
                changée par deux personnes vous sera montrée avant d’être remplacée.
              </p>
            </Message>
          )}
        </div>
        <Colonnes genre="dossier">
          <form
            className="formulaire formulaire-long"
            id={FORMULAIRE}
            method="post"
            action={adresse}
            noValidate
            data-formulaire={`${adresse}/auto`}
          >
            <ChampsCaches
              jeton={requete.connecte.jetonFormulaire}
              champs={{
                vu: String(formulaire.version),
                marque,
                groupes: courants,
                page: requete.recherche.groupe === TOUT ? TOUT : '',
              }}
            />
            {groupes.map((groupe) => (
              <div key={groupe.code} {...conditionEnPage(groupe.si)}>
                <Carte titre={groupe.titre} id={`g-${groupe.code}`}>
                  {groupe.aide !== undefined && <p className="note">{groupe.aide}</p>}
                  <div className="questions">
                    {groupe.champs.map((champ) => (
                      <Question key={champ.code} champ={champ} formulaire={formulaire} niveau={niveau} />
                    ))}
                  </div>
                </Carte>
              </div>
            ))}
            <Actions>
              {suivant && (
                <Bouton genre="principal" nom="vers" valeur={suivant.code}>
                  Enregistrer et continuer
                </Bouton>
              )}
              <Bouton genre={suivant ? 'secondaire' : 'principal'}>Enregistrer le brouillon</Bouton>
              <span className="note" role="status" data-enregistre="">
                Enregistré le {formatInstant(formulaire.modifie_a)} par {formulaire.modifie_nom}
              </span>
            </Actions>
          </form>
          <Pile>
            <Sommaire etat={etat} courants={courants} adresse={adresse} />
            <Etat etat={etat} niveau={niveau} />
            {suite}
            <Telecharger adresse={adresse} formulaire={formulaire} />
          </Pile>
        </Colonnes>
      </Pile>
    </CadreDossier>
  )
}

/** A form that is signed, or that this person reads without writing. */
export function PageLire({
  requete,
  ecran,
  dossier,
  formulaire,
  suite,
}: Omit<ProprietesPage, 'presents' | 'marque'>): ReactElement {
  const adresse = adresseFormulaire(ecran, dossier, formulaire.id)
  return (
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ecran.espace}
      titre={formulaire.modele.titre}
      acte={formulaire.modele.titre}
      chapo={
        formulaire.signe_a === null
          ? `Brouillon commencé par ${formulaire.auteur_nom}, ${formulaire.organisme_nom}.`
          : `Signé le ${formatInstant(formulaire.signe_a)} par ${formulaire.signe_nom ?? formulaire.auteur_nom}, ${formulaire.organisme_nom}.`
      }
      large
    >
      <Colonnes genre="dossier">
        <VueFormulaire formulaire={formulaire} />
        <Pile>
          {suite}
          <Telecharger adresse={adresse} formulaire={formulaire} />
        </Pile>
      </Colonnes>
    </CadreDossier>
  )
}
