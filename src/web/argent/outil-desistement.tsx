import type { ReactElement } from 'react'
import {
  type ApurementSupportable,
  calculerApurementSupportable,
  calculerBudget,
  evaluerOpportunite,
  lireCadre,
  type OpportunitePlan,
  type PointDesistement,
} from '#calculs'
import { formatMontant, pluriel } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonsRadio,
  Carte,
  CaseACocher,
  Champ,
  ChampDate,
  ChampMontant,
  Etiquette,
  Formulaire,
  ListeSobre,
  Message,
  Pile,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete } from '../route.ts'
import { ChampSuspension, ChampsBudget, lireBudgetSaisi, type NomMontant } from './budget.tsx'
import { lireMontantSaisi } from './commun.tsx'
import { CadreOutil, RIEN_DE_GARDE } from './outils.tsx'
import { Echeancier } from './parties.tsx'

const BUDGET = ['a', 'loyer', 'charges', 'aide', 'autres', 'hors'] as const satisfies readonly NomMontant[]
const REPONSES = [
  { valeur: 'oui', libelle: 'Oui' },
  { valeur: 'non', libelle: 'Non' },
  { valeur: 'inconnu', libelle: 'Je ne sais pas' },
]

interface Resultat {
  readonly opportunite: OpportunitePlan
  readonly apurement: ApurementSupportable
}

function montrer(
  requete: Requete,
  lire: (nom: string) => string,
  erreurs: readonly Erreur[],
  resultat: Resultat | null,
): Reponse {
  return page(
    <CadreOutil
      requete={requete}
      titre="Préparer un plan avant l’audience, en vue d’un désistement"
      chapo={`Ce que le bailleur regardera avant de retirer sa demande, et ce que le ménage peut proposer. Le bailleur reste libre, et le juge aussi. ${RIEN_DE_GARDE}`}
      erreurs={erreurs}
    >
      <Formulaire action="/outils/desistement" jeton={requete.connecte.jetonFormulaire} libelle="Plan avant l’audience">
        <Pile>
          <Carte titre="L’audience et la dette">
            <div className="champs">
              <ChampDate
                nom="audience"
                libelle="Audience le"
                valeur={lire('audience') || undefined}
                erreur={messageDe(erreurs, 'audience')}
              />
              <ChampDate
                nom="constitue"
                libelle="Impayé constitué le"
                facultatif
                aide="Choisit la durée maximale d’un plan."
                valeur={lire('constitue') || undefined}
                erreur={messageDe(erreurs, 'constitue')}
              />
              <ChampMontant
                nom="dette"
                libelle="Dette à apurer"
                valeur={lire('dette')}
                erreur={messageDe(erreurs, 'dette')}
              />
              <ChampDate
                nom="premiere"
                libelle="Première mensualité le"
                valeur={lire('premiere') || undefined}
                erreur={messageDe(erreurs, 'premiere')}
              />
            </div>
            <BoutonsRadio
              nom="repris"
              libelle="Le loyer courant est-il entièrement repris ?"
              valeur={lire('repris') || 'inconnu'}
              options={REPONSES}
            />
            <BoutonsRadio
              nom="bailleur"
              libelle="Le bailleur accepte-t-il d’examiner un plan ?"
              valeur={lire('bailleur') || 'inconnu'}
              options={REPONSES}
            />
            <CaseACocher
              nom="surendettement"
              libelle="Un dossier de surendettement est recevable"
              cochee={lire('surendettement') === 'oui'}
            />
          </Carte>
          <Carte titre="Le budget, par mois">
            <ChampsBudget noms={BUDGET} valeur={lire} erreurs={erreurs} />
            <div className="champs">
              <ChampSuspension valeur={lire('suspendue')} />
              <Champ
                nom="personnes"
                libelle="Personnes au foyer"
                chiffres
                court
                valeur={lire('personnes')}
                erreur={messageDe(erreurs, 'personnes')}
              />
              <ChampMontant
                nom="a_garder"
                libelle="À garder pour vivre, par personne et par jour"
                libre
                valeur={lire('a_garder')}
                aide="En plus des charges déjà saisies. Vide : rien."
                erreur={messageDe(erreurs, 'a_garder')}
              />
            </div>
          </Carte>
          <Actions>
            <Bouton genre="principal">Évaluer</Bouton>
          </Actions>
        </Pile>
      </Formulaire>
      {resultat && <CartesResultat {...resultat} />}
    </CadreOutil>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

const VERDICTS = {
  opportun: ['tenu', 'Un plan est opportun : le proposer au bailleur maintenant, par écrit.'],
  a_preparer: ['bientot', 'Un plan peut devenir opportun : obtenir d’abord ce qui manque.'],
  inopportun: ['reserve', 'Un plan avant l’audience ne paraît pas opportun : préparer l’audience.'],
} as const
const ETATS = {
  acquis: ['tenu', 'Acquis'],
  a_obtenir: ['bientot', 'À obtenir'],
  inconnu: ['info', 'À demander'],
  contraire: ['retard', 'S’y oppose'],
} as const satisfies Record<PointDesistement['etat'], readonly [string, string]>
const POINTS = {
  audience: 'Audience',
  surendettement: 'Surendettement',
  loyer: 'Loyer courant',
  plan: 'Plan tenable',
  premiere: 'Première mensualité',
  bailleur: 'Bailleur',
} as const satisfies Record<PointDesistement['id'], string>

function CartesResultat({ opportunite, apurement }: Resultat): ReactElement {
  const [ton, phrase] = VERDICTS[opportunite.resultat]
  const { plan } = apurement
  return (
    <>
      <Carte titre="Un plan est-il opportun ?" id="resultat">
        <Message ton={ton}>
          <p>
            <b>{phrase}</b>
          </p>
        </Message>
        <ListeSobre
          lignes={opportunite.points.map(({ id, etat, texte }) => ({
            cle: id,
            titre: POINTS[id],
            note: texte,
            droite: <Etiquette ton={ETATS[etat][0]}>{ETATS[etat][1]}</Etiquette>,
          }))}
        />
        {opportunite.resultat !== 'inopportun' && (
          <p className="note">
            Un désistement se demande par écrit au bailleur ou à son avocat, plan signé et preuve de paiement à l’appui.
            Tant qu’il n’est pas prononcé, le ménage va à l’audience.
          </p>
        )}
      </Carte>
      <Carte titre="Ce que le ménage peut proposer">
        <p>
          Mensualité maximale : <b>{formatMontant(apurement.mensualiteMax)}</b>
          {apurement.duree === null ? '' : `, pendant ${apurement.duree} mois`}. {apurement.explication}{' '}
          {apurement.motifs.join(' ')}
        </p>
        {plan && (
          <p className="note">
            {plan.cadre.texte} {plan.cadre.reserves.join(' ')}
          </p>
        )}
        {plan && plan.echeances.length > 0 && (
          <Echeancier
            echeances={plan.echeances}
            legende={`Échéancier : ${pluriel(plan.nombre, 'mensualité', 'mensualités')}`}
          />
        )}
      </Carte>
    </>
  )
}

/** GET /outils/desistement. */
export async function proposerDesistement(requete: Requete): Promise<Reponse> {
  return montrer(requete, () => '', [], null)
}

const lireReponse = (texte: string): boolean | null => (texte === 'oui' ? true : texte === 'non' ? false : null)

/** POST /outils/desistement (OUT-23): is a plan worth proposing before the hearing. Computes, keeps nothing. */
export async function evaluerDesistement(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const lire = (nom: string) => champ(requete, nom)
  const { budget: saisi, erreurs: lues } = lireBudgetSaisi(lire)
  const erreurs = [...lues]
  const dette = lireMontantSaisi(lire('dette'))
  const audience = lireJourSaisi(lire('audience'))
  const premiere = lireJourSaisi(lire('premiere'))
  const constitue = lireJourSaisi(lire('constitue'))
  const aGarder = lireMontantSaisi(lire('a_garder'))
  if (!audience) erreurs.push({ nom: 'audience', message: 'Donner la date de l’audience.' })
  if (!dette) erreurs.push({ nom: 'dette', message: 'Donner la dette à apurer, par exemple 2 000,00.' })
  if (!premiere) erreurs.push({ nom: 'premiere', message: 'Donner la date de la première mensualité.' })
  if (lire('constitue') !== '' && !constitue) erreurs.push({ nom: 'constitue', message: 'Donner une date existante.' })
  if (lire('a_garder') !== '' && aGarder === null)
    erreurs.push({ nom: 'a_garder', message: 'Donner un montant, par exemple 8,00.' })
  if (saisi.personnes === null)
    erreurs.push({ nom: 'personnes', message: 'Dire combien de personnes vivent au foyer.' })
  const budget = calculerBudget(saisi)
  const disponible = saisi.aideSuspendue === null ? budget.disponible : budget.disponibleReel
  if (erreurs.length === 0 && disponible === null)
    erreurs.push(
      ...(budget.ressources === null ? [{ nom: 'a', message: 'Donner les ressources du ménage.' }] : []),
      ...(saisi.loyer === null ? [{ nom: 'loyer', message: 'Donner le loyer.' }] : []),
    )
  if (erreurs.length > 0 || !dette || !audience || !premiere || disponible === null || saisi.personnes === null)
    return montrer(requete, lire, erreurs, null)
  const apurement = calculerApurementSupportable({
    dette,
    disponible,
    aGarder: (aGarder ?? 0) * saisi.personnes * premiere.daysInMonth,
    premiere,
    arrondi: 'derniere',
    cadre: lireCadre(session.delais, 'bailleur', constitue ? { 'impaye.constitue': constitue } : {}),
  })
  const opportunite = evaluerOpportunite({
    jour: session.jour,
    audience,
    premiere,
    loyerRepris: lireReponse(lire('repris')),
    bailleurOuvert: lireReponse(lire('bailleur')),
    surendettement: lire('surendettement') === 'oui',
    apurement,
  })
  return montrer(requete, lire, [], { opportunite, apurement })
}
