import { exigerTenue, lireBudget, litLeBudget, noterBudget } from '#apurements'
import { type Budget, LETTRES_RESSOURCES } from '#calculs'
import type { Dossier } from '#dossiers'
import { Introuvable } from '#socle/errors'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  Carte,
  Champ,
  ChampDate,
  ChampMontant,
  Formulaire,
  Pile,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseArgent, ESPACE, ecrireMontantSaisi, lireEntierSaisi, lireMontantSaisi, marqueEnvoi } from './commun.tsx'

/** Amounts of the budget, with the words and the line of the referral form. */
export const MONTANTS_BUDGET = {
  a: 'Ressources de l’occupant (a)',
  b: 'Ressources du conjoint (b)',
  c: 'Ressources des autres personnes (c)',
  d: 'Autres ressources de l’occupant, hors aide au logement (d)',
  e: 'Autres ressources du conjoint (e)',
  f: 'Autres ressources des autres personnes (f)',
  loyer: 'Loyer ou indemnité d’occupation hors charges (1)',
  charges: 'Charges payées au bailleur (2)',
  aide: 'Aide au logement, même suspendue',
  autres: 'Autres charges de logement (5)',
  energie: 'Dont énergie',
  hors: 'Charges hors logement (7)',
} as const
export type NomMontant = keyof typeof MONTANTS_BUDGET
const NOMS = Object.keys(MONTANTS_BUDGET) as NomMontant[]
const ENTIERS = {
  personnes: 'Personnes au foyer',
  jeunes: 'Dont moins de 14 ans',
  pieces: 'Pièces, hors cuisine',
} as const
type NomEntier = keyof typeof ENTIERS

type Saisie = Readonly<Record<NomMontant | NomEntier | 'le' | 'suspendue', string>>

/** Amounts and answers as typed → a budget; an empty field is unknown. */
export function lireBudgetSaisi(lire: (nom: string) => string): { budget: Budget; erreurs: readonly Erreur[] } {
  const erreurs: Erreur[] = []
  const montant = (nom: NomMontant) => {
    const texte = lire(nom)
    const lu = lireMontantSaisi(texte)
    if (texte !== '' && lu === null)
      erreurs.push({ nom, message: `${MONTANTS_BUDGET[nom]} : donner un montant, par exemple 520,00.` })
    return lu
  }
  const personnes = lireEntierSaisi(lire('personnes'))
  const suspendue = lire('suspendue')
  const energie = montant('energie')
  const [a = null, b = null, c = null, d = null, e = null, f = null] = LETTRES_RESSOURCES.map(montant)
  return {
    budget: {
      ressources: { a, b, c, d, e, f },
      loyer: montant('loyer'),
      chargesBailleur: montant('charges'),
      aide: montant('aide'),
      aideSuspendue: suspendue === 'oui' ? true : suspendue === 'non' ? false : null,
      autresCharges: montant('autres'),
      ...(energie === null ? {} : { energie }),
      chargesHorsLogement: montant('hors'),
      personnes: personnes === 0 ? null : personnes,
    },
    erreurs,
  }
}

/** Fields of a budget, for the dossier and for the tool without a name. */
export function ChampsBudget({
  noms,
  valeur,
  erreurs,
}: {
  noms: readonly NomMontant[]
  valeur: (nom: NomMontant) => string
  erreurs: readonly Erreur[]
}) {
  return (
    <div className="champs">
      {noms.map((nom) => (
        <ChampMontant
          key={nom}
          nom={nom}
          libelle={MONTANTS_BUDGET[nom]}
          libre
          valeur={valeur(nom)}
          erreur={messageDe(erreurs, nom)}
        />
      ))}
    </div>
  )
}

/** Is the payment of the aid suspended? Three answers: unknown is one. */
export function ChampSuspension({ valeur }: { valeur: string }) {
  return (
    <Selection
      nom="suspendue"
      libelle="Paiement de l’aide suspendu"
      libre
      vide="On ne sait pas"
      valeur={valeur}
      options={[
        { valeur: 'oui', libelle: 'Oui' },
        { valeur: 'non', libelle: 'Non' },
      ]}
    />
  )
}

function montrer(
  requete: Requete,
  dossier: Dossier,
  saisie: Saisie,
  envoi: string,
  erreurs: readonly Erreur[],
): Reponse {
  return page(
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ESPACE}
      titre="Budget du ménage"
      acte="Budget du ménage"
      chapo="Par mois. Une case vide n’est pas zéro : ce qui n’est pas donné est dit à côté du résultat."
    >
      <ResumeErreurs erreurs={erreurs} titre="Le budget n’a pas été enregistré" />
      <Formulaire
        action={adresseArgent(dossier, '/budget')}
        jeton={requete.connecte.jetonFormulaire}
        champs={{ envoi }}
        libelle="Budget du ménage"
      >
        <Pile>
          <Carte titre="Ressources">
            <ChampsBudget noms={LETTRES_RESSOURCES} valeur={(nom) => saisie[nom]} erreurs={erreurs} />
          </Carte>
          <Carte titre="Logement">
            <ChampsBudget
              noms={['loyer', 'charges', 'aide', 'autres', 'energie']}
              valeur={(nom) => saisie[nom]}
              erreurs={erreurs}
            />
            <ChampSuspension valeur={saisie.suspendue} />
          </Carte>
          <Carte titre="Autres charges et foyer">
            <ChampsBudget noms={['hors']} valeur={(nom) => saisie[nom]} erreurs={erreurs} />
            <div className="champs">
              {Object.entries(ENTIERS).map(([nom, libelle]) => (
                <Champ
                  key={nom}
                  nom={nom}
                  libelle={libelle}
                  libre
                  chiffres
                  court
                  valeur={saisie[nom as NomEntier]}
                  erreur={messageDe(erreurs, nom)}
                />
              ))}
              <ChampDate
                nom="le"
                libelle="Budget au"
                valeur={saisie.le || undefined}
                erreur={messageDe(erreurs, 'le')}
              />
            </div>
          </Carte>
          <Actions>
            <Bouton genre="principal">Enregistrer le budget</Bouton>
            <Bouton genre="tertiaire" href={adresseArgent(dossier)}>
              Revenir à la dette
            </Bouton>
          </Actions>
        </Pile>
      </Formulaire>
    </CadreDossier>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** Resources are not read here by everybody: for the others this page does not exist. */
async function ouvrir(requete: Requete): Promise<Dossier> {
  const dossier = await ouvrirDossier(requete)
  if (!litLeBudget(dossier)) throw new Introuvable()
  return dossier
}

/** GET /dossiers/:reference/argent/budget: prefilled with the latest one, or what signalements told. */
export async function proposerBudget(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrir(requete)
  exigerTenue(session, dossier)
  const releve = await lireBudget(session, dossier)
  const budget = releve?.budget
  const { bail, menage } = dossier
  return montrer(
    requete,
    dossier,
    {
      a: ecrireMontantSaisi(budget?.ressources.a),
      b: ecrireMontantSaisi(budget?.ressources.b),
      c: ecrireMontantSaisi(budget?.ressources.c),
      d: ecrireMontantSaisi(budget?.ressources.d),
      e: ecrireMontantSaisi(budget?.ressources.e),
      f: ecrireMontantSaisi(budget?.ressources.f),
      loyer: ecrireMontantSaisi(budget?.loyer ?? bail.loyer),
      charges: ecrireMontantSaisi(budget?.chargesBailleur ?? bail.charges),
      aide: ecrireMontantSaisi(budget?.aide ?? menage.montantAide),
      autres: ecrireMontantSaisi(budget?.autresCharges),
      energie: ecrireMontantSaisi(budget?.energie),
      hors: ecrireMontantSaisi(budget?.chargesHorsLogement),
      suspendue: budget?.aideSuspendue == null ? '' : budget.aideSuspendue ? 'oui' : 'non',
      personnes: budget?.personnes == null ? '' : String(budget.personnes),
      jeunes: releve?.jeunesEnfants == null ? '' : String(releve.jeunesEnfants),
      pieces: releve?.pieces == null ? '' : String(releve.pieces),
      le: session.jour.toString(),
    },
    marqueEnvoi(),
    [],
  )
}

/** POST /dossiers/:reference/argent/budget. */
export async function enregistrerBudget(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrir(requete)
  const envoi = champ(requete, 'envoi')
  const { budget, erreurs: lues } = lireBudgetSaisi((nom) => champ(requete, nom))
  const erreurs = [...lues]
  const le = lireJourSaisi(champ(requete, 'le'))
  if (!le || Temporal.PlainDate.compare(le, session.jour) > 0)
    erreurs.push({ nom: 'le', message: 'Donner la date du budget, au plus tard aujourd’hui.' })
  for (const [nom, libelle] of Object.entries(ENTIERS)) {
    if (champ(requete, nom) !== '' && lireEntierSaisi(champ(requete, nom)) === null)
      erreurs.push({ nom, message: `${libelle} : donner un nombre entier.` })
  }
  const jeunesEnfants = lireEntierSaisi(champ(requete, 'jeunes'))
  if (jeunesEnfants !== null && budget.personnes !== null && jeunesEnfants >= budget.personnes)
    erreurs.push({ nom: 'jeunes', message: 'Il y a plus d’enfants que de personnes au foyer, moins une.' })
  if (erreurs.length === 0 && le) {
    const refusee = await tenter(
      session,
      'budget.noter',
      () => 'le',
      () =>
        noterBudget(
          session,
          dossier,
          { le, budget, jeunesEnfants, pieces: lireEntierSaisi(champ(requete, 'pieces')) },
          envoi,
        ),
    )
    if (!refusee) return redirection(`${adresseArgent(dossier)}#adaptation`, { texte: 'Budget enregistré.' })
    erreurs.push(refusee)
  }
  const saisie = Object.fromEntries(
    [...NOMS, ...Object.keys(ENTIERS), 'le', 'suspendue'].map((nom) => [nom, champ(requete, nom)]),
  ) as Saisie
  return montrer(requete, dossier, saisie, marqueEnvoi(envoi), erreurs)
}
