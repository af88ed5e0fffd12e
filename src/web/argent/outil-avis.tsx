import { type AvisEcheance, composerAvisEcheance } from '#calculs'
import { type Erreur, messageDe } from '../accompagner/saisie.ts'
import { Actions, Bouton, Carte, CaseACocher, Champ, ChampMontant, Formulaire, Pile } from '../composants/index.ts'
import { champ, page, type Reponse, type Requete } from '../route.ts'
import { PostesDeLAvis } from './avis.tsx'
import { ecrireTermeSaisi, lireMontantSaisi, lireTermeSaisi } from './commun.tsx'
import { CadreOutil, RIEN_DE_GARDE } from './outils.tsx'

/** What may be asked for a month, and paid. Rent and indemnity are one item: the lease says which. */
const POSTES = [
  ['loyer', 'Loyer, ou indemnité d’occupation'],
  ['charges', 'Charges'],
  ['delai_juge', 'Échéance des délais accordés par le juge'],
  ['surendettement', 'Échéance du plan de surendettement'],
  ['delai_negocie', 'Échéance du délai négocié'],
  ['frais', 'Frais de commissaire de justice'],
  ['autre', 'Autre somme due'],
] as const

function montrer(
  requete: Requete,
  lire: (nom: string) => string,
  erreurs: readonly Erreur[],
  resultat: { readonly terme: string; readonly avis: AvisEcheance } | null,
): Reponse {
  const montant = (nom: string, libelle: string, aide?: string) => (
    <ChampMontant
      key={nom}
      nom={nom}
      libelle={libelle}
      libre
      aide={aide}
      valeur={lire(nom)}
      erreur={messageDe(erreurs, nom)}
    />
  )
  return page(
    <CadreOutil
      requete={requete}
      titre="Composer un avis d’échéance"
      chapo={`Ce qui est demandé pour un mois, ce qui est payé et ce qui reste, poste par poste. ${RIEN_DE_GARDE}`}
      erreurs={erreurs}
    >
      <Formulaire action="/outils/avis" jeton={requete.connecte.jetonFormulaire} libelle="Avis d’échéance">
        <Pile>
          <Carte titre="Le mois">
            <div className="champs">
              <Champ
                nom="mois"
                libelle="Mois"
                court
                aide="11/2026"
                valeur={lire('mois')}
                erreur={messageDe(erreurs, 'mois')}
              />
            </div>
            <CaseACocher
              nom="resilie"
              libelle="Le bail est résilié"
              aide="La somme due pour occuper le logement est alors une indemnité."
              cochee={lire('resilie') === 'oui'}
            />
          </Carte>
          <Carte titre="Ce qui est demandé">
            <div className="champs">
              {POSTES.map(([poste, libelle]) => montant(`demande-${poste}`, libelle))}
              {montant('aide', 'Aide au logement versée au bailleur', 'Elle se déduit du loyer et des charges.')}
              {montant('dette', 'Dette antérieure au mois', 'Rappelée pour information.')}
            </div>
          </Carte>
          <Carte titre="Ce qui est payé">
            <div className="champs">
              {POSTES.map(([poste, libelle]) => montant(`paye-${poste}`, `Payé : ${libelle}`))}
              {montant('paye-sans_precision', 'Payé sans dire quoi', 'Réparti dans l’ordre des postes.')}
            </div>
          </Carte>
          <Actions>
            <Bouton genre="principal">Composer</Bouton>
          </Actions>
        </Pile>
      </Formulaire>
      {resultat && <PostesDeLAvis {...resultat} />}
    </CadreOutil>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /outils/avis. */
export async function proposerAvis(requete: Requete): Promise<Reponse> {
  const mois = ecrireTermeSaisi(requete.session.jour.toPlainYearMonth().toString())
  return montrer(requete, (nom) => (nom === 'mois' ? mois : ''), [], null)
}

/** POST /outils/avis (COU-41, OUT-07): a notice that a landlord or an agency prints each month for a household. Computes, keeps nothing. */
export async function composerAvis(requete: Requete): Promise<Reponse> {
  const lire = (nom: string) => champ(requete, nom)
  const erreurs: Erreur[] = []
  const terme = lireTermeSaisi(lire('mois'))
  if (terme === null) erreurs.push({ nom: 'mois', message: 'Écrire le mois ainsi : 11/2026.' })
  const lireMontant = (nom: string): number => {
    const lu = lire(nom) === '' ? 0 : lireMontantSaisi(lire(nom))
    if (lu === null) erreurs.push({ nom, message: 'Donner un montant, par exemple 520,00.' })
    return lu ?? 0
  }
  const demande = (poste: (typeof POSTES)[number][0]) => lireMontant(`demande-${poste}`)
  const avis = {
    bailResilie: lire('resilie') === 'oui',
    loyer: demande('loyer'),
    charges: demande('charges'),
    delaiJuge: demande('delai_juge'),
    surendettement: demande('surendettement'),
    delaiNegocie: demande('delai_negocie'),
    frais: demande('frais'),
    autre: demande('autre'),
    aideVersee: lireMontant('aide'),
    dette: lireMontant('dette'),
    paiements: Object.fromEntries(
      [...POSTES.map(([poste]) => poste), 'sans_precision'].map((poste) => [poste, lireMontant(`paye-${poste}`)]),
    ),
  }
  if (erreurs.length === 0 && POSTES.every(([poste]) => demande(poste) === 0))
    erreurs.push({ nom: 'demande-loyer', message: 'Donner au moins une somme demandée pour ce mois.' })
  if (erreurs.length > 0 || terme === null) return montrer(requete, lire, erreurs, null)
  return montrer(requete, lire, [], { terme, avis: composerAvisEcheance(avis) })
}
