import type { ReactElement } from 'react'
import { type JugementLu, lireJugement } from '#calculs'
import { DECISIONS } from '#procedure'
import { pluriel } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonsRadio,
  Carte,
  Champ,
  ChampDate,
  ChampMontant,
  Formulaire,
  ListeDefinition,
  Message,
  Pile,
  Selection,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete } from '../route.ts'
import { lireMontantSaisi } from './commun.tsx'
import { CadreOutil, RIEN_DE_GARDE } from './outils.tsx'
import { Echeancier } from './parties.tsx'

type Decision = keyof typeof DECISIONS
const estDecision = (texte: string): texte is Decision => Object.hasOwn(DECISIONS, texte)
const NATURES = [
  { valeur: 'fond', libelle: 'Jugement au fond' },
  { valeur: 'refere', libelle: 'Ordonnance de référé' },
  { valeur: 'inconnu', libelle: 'Je ne sais pas' },
]

function montrer(
  requete: Requete,
  lire: (nom: string) => string,
  erreurs: readonly Erreur[],
  lu: JugementLu | null,
): Reponse {
  const date = (nom: string, libelle: string, facultatif = false) => (
    <ChampDate
      nom={nom}
      libelle={libelle}
      valeur={lire(nom) || undefined}
      erreur={messageDe(erreurs, nom)}
      {...(facultatif ? { facultatif: true } : {})}
    />
  )
  const montant = (nom: string, libelle: string) => (
    <ChampMontant nom={nom} libelle={libelle} facultatif valeur={lire(nom)} erreur={messageDe(erreurs, nom)} />
  )
  return page(
    <CadreOutil
      requete={requete}
      titre="Lire un jugement ensemble"
      chapo={`Ce que le juge écrit, dit en mots simples, les mêmes pour le ménage et pour le bailleur. À recopier du jugement, puis à imprimer. ${RIEN_DE_GARDE}`}
      erreurs={erreurs}
    >
      <Formulaire action="/outils/jugement" jeton={requete.connecte.jetonFormulaire} libelle="Lire un jugement">
        <Pile>
          <Carte titre="Ce que dit le jugement">
            <div className="champs">
              <Selection
                nom="decision"
                libelle="Décision"
                vide="Choisir"
                valeur={lire('decision')}
                options={Object.entries(DECISIONS).map(([valeur, libelle]) => ({ valeur, libelle }))}
                erreur={messageDe(erreurs, 'decision')}
              />
              {date('rendu', 'Rendu le')}
              {date('signifie', 'Signifié le', true)}
              {date('partir_avant', 'Délai pour partir jusqu’au', true)}
            </div>
            <BoutonsRadio
              nom="nature"
              libelle="Nature de la décision"
              valeur={lire('nature') || 'inconnu'}
              options={NATURES}
            />
          </Carte>
          <Carte titre="Si le juge accorde des délais de paiement">
            <div className="champs">
              {montant('somme', 'Somme due selon le juge')}
              {montant('mensualite', 'Mensualité')}
              <Champ
                nom="duree_mois"
                libelle="Nombre de mois"
                chiffres
                court
                facultatif
                valeur={lire('duree_mois')}
                erreur={messageDe(erreurs, 'duree_mois')}
              />
              {date('premiere', 'Première mensualité le', true)}
            </div>
          </Carte>
          <Actions>
            <Bouton genre="principal">Lire</Bouton>
          </Actions>
        </Pile>
      </Formulaire>
      {lu && <Lecture lu={lu} />}
    </CadreOutil>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

function Lecture({ lu }: { lu: JugementLu }): ReactElement {
  return (
    <Carte titre="Ce que cela veut dire, pour le ménage et pour le bailleur" id="resultat">
      {[
        ...lu.ecarts,
        ...(lu.manquants.length > 0 ? [`À relever sur le jugement : ${lu.manquants.join(', ')}.`] : []),
      ].map((phrase) => (
        <Message ton="reserve" key={phrase}>
          <p>{phrase}</p>
        </Message>
      ))}
      <ListeDefinition
        lignes={lu.points.map(({ titre, texte, source, reserve }) => ({
          terme: titre,
          valeur: texte,
          note: [source, reserve].filter(Boolean).join('. ') || undefined,
        }))}
      />
      {lu.echeances.length > 0 && (
        <Echeancier
          echeances={lu.echeances}
          legende={`Échéancier du juge : ${pluriel(lu.echeances.length, 'mensualité', 'mensualités')}`}
        />
      )}
    </Carte>
  )
}

/** GET /outils/jugement. */
export async function proposerJugement(requete: Requete): Promise<Reponse> {
  return montrer(requete, () => '', [], null)
}

/** POST /outils/jugement (OUT-12): a judgment read together. Computes, keeps nothing. */
export async function evaluerJugement(requete: Requete): Promise<Reponse> {
  const lire = (nom: string) => champ(requete, nom)
  const erreurs: Erreur[] = []
  const jour = (nom: string) => {
    const lu = lireJourSaisi(lire(nom))
    if (lire(nom) !== '' && !lu) erreurs.push({ nom, message: 'Donner une date existante.' })
    return lu
  }
  const montant = (nom: string) => {
    const lu = lire(nom) === '' ? null : lireMontantSaisi(lire(nom))
    if (lire(nom) !== '' && lu === null) erreurs.push({ nom, message: 'Donner un montant, par exemple 45,00.' })
    return lu
  }
  const decision = lire('decision')
  if (!estDecision(decision)) erreurs.push({ nom: 'decision', message: 'Choisir ce que le juge décide.' })
  const rendu = jour('rendu')
  if (lire('rendu') === '') erreurs.push({ nom: 'rendu', message: 'Donner la date du jugement.' })
  const [signifie, partirAvant, premiere] = [jour('signifie'), jour('partir_avant'), jour('premiere')]
  if (rendu && signifie && Temporal.PlainDate.compare(signifie, rendu) < 0)
    erreurs.push({ nom: 'signifie', message: 'Un jugement est signifié le jour où il est rendu, ou après.' })
  const [somme, mensualite] = [montant('somme'), montant('mensualite')]
  const mois = lire('duree_mois') === '' ? null : Number(lire('duree_mois'))
  if (mois !== null && (!Number.isSafeInteger(mois) || mois < 1 || mois > 600))
    erreurs.push({ nom: 'duree_mois', message: 'Donner un nombre de mois, par exemple 36.' })
  if (erreurs.length > 0 || !rendu || !estDecision(decision)) return montrer(requete, lire, erreurs, null)
  const nature = lire('nature')
  const lu = lireJugement(
    {
      ...{ decision, rendu, signifie, somme, mensualite, premiere, partirAvant, dureeMois: mois },
      refere: nature === 'refere' ? true : nature === 'fond' ? false : null,
    },
    requete.session.delais,
  )
  return montrer(requete, lire, [], lu)
}
