import type { ReactElement, ReactNode } from 'react'
import {
  type ApurementSupportable,
  calculerApurementSupportable,
  calculerBudget,
  type DetteDue,
  dateDuCadre,
  ecrireTerme,
  imputerVersements,
  lireCadre,
  lireReglesImputation,
  ORIGINES_PLAN,
  ORIGINES_VERSEMENT,
  type OriginePlan,
  type OrigineVersement,
  type ResultatBudget,
  type ResultatImputation,
  type Versement,
} from '#calculs'
import { ecrireSource } from '#procedure'
import { formatMontant, pluriel } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonImprimer,
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
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete } from '../route.ts'
import { ChampSuspension, ChampsBudget, lireBudgetSaisi, type NomMontant } from './budget.tsx'
import { lireMontantSaisi, lireTermeSaisi } from './commun.tsx'
import { Echeancier, TONS_REPRISE } from './parties.tsx'

const BUDGET = ['a', 'loyer', 'charges', 'aide', 'autres', 'hors'] as const satisfies readonly NomMontant[]

export function CadreOutil({
  requete,
  titre,
  chapo,
  erreurs,
  children,
}: {
  requete: Requete
  titre: string
  chapo: string
  erreurs: readonly Erreur[]
  children: ReactNode
}): ReactElement {
  return (
    <Cadre
      requete={requete}
      titre={titre}
      courante="accompagner"
      chapo={chapo}
      erreur={erreurs.length > 0}
      fil={[{ libelle: 'Outils de calcul', href: '/outils' }, { libelle: titre }]}
      actions={<BoutonImprimer />}
      papier="portrait"
    >
      <ResumeErreurs erreurs={erreurs} titre="Le calcul n’a pas été fait" />
      <Pile>{children}</Pile>
    </Cadre>
  )
}

export const RIEN_DE_GARDE =
  'Ne nommer personne : rien de ce qui est saisi ici n’est enregistré. Tout disparaît en quittant la page.'

/** GET /outils: the calculators that name nobody. */
export async function montrerOutils(requete: Requete): Promise<Reponse> {
  return page(
    <Cadre
      requete={requete}
      titre="Outils de calcul"
      courante="aide"
      chapo="Pour préparer un échange avec un ménage ou un bailleur. Personne n’est nommé, rien n’est gardé."
      fil={[{ libelle: 'Outils de calcul' }]}
    >
      <Carte titre="Choisir un outil">
        <ListeSobre
          lignes={[
            {
              cle: 'apurement',
              titre: <a href="/outils/apurement">Calculer un apurement supportable</a>,
              note: 'La mensualité la plus forte que le ménage peut tenir, la durée, l’échéancier au centime.',
            },
            {
              cle: 'affectation',
              titre: <a href="/outils/affectation">Affecter des versements</a>,
              note: 'Ce que paie chaque versement, selon le ménage ou selon la loi, et si le loyer courant est repris.',
            },
            {
              cle: 'avis',
              titre: <a href="/outils/avis">Composer un avis d’échéance</a>,
              note: 'Poste par poste, ce qui est demandé, ce qui est payé, ce qui reste : à imprimer et à remettre chaque mois.',
            },
            {
              cle: 'impaye',
              titre: <a href="/outils/impaye">Savoir si l’impayé est constitué pour la caisse</a>,
              note: 'Selon la définition en vigueur à la date de l’impayé, et jusqu’à quand le bailleur doit le signaler.',
            },
            {
              cle: 'desistement',
              titre: <a href="/outils/desistement">Préparer un plan avant l’audience, en vue d’un désistement</a>,
              note: 'Ce qui est acquis, ce qui reste à obtenir, et ce que le ménage peut proposer au bailleur.',
            },
            {
              cle: 'jugement',
              titre: <a href="/outils/jugement">Lire un jugement ensemble</a>,
              note: 'Ce que le juge décide, en mots simples : montants, dates, ce qui arrive si un paiement manque.',
            },
          ]}
        />
      </Carte>
    </Cadre>,
  )
}

const estOrigine = (texte: string): texte is OriginePlan => Object.hasOwn(ORIGINES_PLAN, texte)

function montrerApurement(
  requete: Requete,
  lire: (nom: string) => string,
  erreurs: readonly Erreur[],
  resultat: { apurement: ApurementSupportable; budget: ResultatBudget } | null,
): Reponse {
  return page(
    <CadreOutil
      requete={requete}
      titre="Calculer un apurement supportable"
      chapo={`La mensualité la plus forte que le ménage peut tenir, la durée et l’échéancier. ${RIEN_DE_GARDE}`}
      erreurs={erreurs}
    >
      <Formulaire action="/outils/apurement" jeton={requete.connecte.jetonFormulaire} libelle="Apurement supportable">
        <Pile>
          <Carte titre="La dette">
            <div className="champs">
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
              <Selection
                nom="origine"
                libelle="Cadre"
                libre
                valeur={lire('origine') || 'bailleur'}
                options={Object.entries(ORIGINES_PLAN).map(([valeur, libelle]) => ({ valeur, libelle }))}
              />
              <ChampDate
                nom="date_cadre"
                libelle="Date qui choisit la règle"
                facultatif
                aide="Impayé constitué, jugement ou protocole, selon le cadre"
                valeur={lire('date_cadre') || undefined}
                erreur={messageDe(erreurs, 'date_cadre')}
              />
            </div>
            <CaseACocher
              nom="hlm"
              libelle="Le bailleur est un organisme HLM ou une SEM"
              aide="Un protocole de cohésion sociale n’existe qu’avec eux."
              cochee={lire('hlm') === 'oui'}
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
            <Bouton genre="principal">Calculer</Bouton>
          </Actions>
        </Pile>
      </Formulaire>
      {resultat && <ResultatApurement {...resultat} />}
    </CadreOutil>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

function ResultatApurement({
  apurement,
  budget,
}: {
  apurement: ApurementSupportable
  budget: ResultatBudget
}): ReactElement {
  const { plan } = apurement
  return (
    <Carte titre="Ce que le ménage peut rembourser" id="resultat">
      <Message ton={apurement.etat === 'possible' ? 'tenu' : 'bientot'}>
        <p>
          Mensualité maximale : <b>{formatMontant(apurement.mensualiteMax)}</b>
          {apurement.duree === null ? '' : `, pendant ${apurement.duree} mois`}. {apurement.motifs.join(' ')}
        </p>
      </Message>
      <p>
        Disponible : {budget.disponibleEnMots}. {apurement.explication}
      </p>
      {[...budget.reserves, ...(plan ? [plan.cadre.texte, ...plan.cadre.reserves] : [])].map((reserve) => (
        <p className="note" key={reserve}>
          {reserve}
        </p>
      ))}
      {plan && plan.echeances.length > 0 && (
        <Echeancier
          echeances={plan.echeances}
          legende={`Échéancier : ${pluriel(plan.nombre, 'mensualité', 'mensualités')}`}
        />
      )}
    </Carte>
  )
}

/** GET /outils/apurement. */
export async function proposerApurement(requete: Requete): Promise<Reponse> {
  return montrerApurement(requete, () => '', [], null)
}

/** POST /outils/apurement (OUT-01): computes, keeps nothing. */
export async function calculerApurement(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const lire = (nom: string) => champ(requete, nom)
  const { budget: saisi, erreurs: lues } = lireBudgetSaisi(lire)
  const erreurs = [...lues]
  const dette = lireMontantSaisi(lire('dette'))
  const premiere = lireJourSaisi(lire('premiere'))
  const aGarder = lireMontantSaisi(lire('a_garder'))
  const choisie = lire('origine')
  const origine = estOrigine(choisie) ? choisie : 'bailleur'
  const fait = dateDuCadre(origine)
  const dateCadre = lireJourSaisi(lire('date_cadre'))
  if (lire('date_cadre') !== '' && !dateCadre)
    erreurs.push({ nom: 'date_cadre', message: 'Donner une date existante.' })
  if (!dette) erreurs.push({ nom: 'dette', message: 'Donner la dette à apurer, par exemple 2 000,00.' })
  if (!premiere) erreurs.push({ nom: 'premiere', message: 'Donner la date de la première mensualité.' })
  if (lire('a_garder') !== '' && aGarder === null)
    erreurs.push({ nom: 'a_garder', message: 'Donner un montant, par exemple 8,00.' })
  if (saisi.personnes === null)
    erreurs.push({ nom: 'personnes', message: 'Dire combien de personnes vivent au foyer.' })
  const budget = calculerBudget(saisi)
  const disponible = saisi.aideSuspendue === null ? budget.disponible : budget.disponibleReel
  if (erreurs.length === 0 && disponible === null)
    erreurs.push(
      ...(budget.ressources === null ? [{ nom: 'a', message: 'Donner les ressources du ménage.' }] : []),
      ...(saisi.loyer === null ? [{ nom: 'loyer', message: 'Donner le loyer ou l’indemnité d’occupation.' }] : []),
    )
  if (erreurs.length > 0 || !dette || !premiere || disponible === null || saisi.personnes === null)
    return montrerApurement(requete, lire, erreurs, null)
  const apurement = calculerApurementSupportable({
    dette,
    disponible,
    aGarder: (aGarder ?? 0) * saisi.personnes * premiere.daysInMonth,
    premiere,
    arrondi: 'derniere',
    cadre: lireCadre(
      session.delais,
      origine,
      fait && dateCadre ? { [fait]: dateCadre } : {},
      lire('hlm') === 'oui' ? { bailleur_hlm_ou_sem: true } : {},
    ),
  })
  return montrerApurement(requete, lire, [], { apurement, budget })
}

const MOIS = 6
const VERSEMENTS = 4
/** What a payment says: nothing, or the rent of its month. */
const CHOIX = [{ valeur: 'terme', libelle: 'Le loyer de ce mois' }]

function montrerAffectation(
  requete: Requete,
  lire: (nom: string) => string,
  erreurs: readonly Erreur[],
  resultat: ResultatImputation | 'visale' | null,
): Reponse {
  const rangs = (nombre: number) => Array.from({ length: nombre }, (_, rang) => rang)
  return page(
    <CadreOutil
      requete={requete}
      titre="Affecter des versements"
      chapo={`Ce que chaque versement paie, selon ce que le ménage indique ou selon la loi, et l’effet sur le loyer courant. ${RIEN_DE_GARDE}`}
      erreurs={erreurs}
    >
      <Formulaire
        action="/outils/affectation"
        jeton={requete.connecte.jetonFormulaire}
        libelle="Affectation des versements"
      >
        <Pile>
          <Carte titre="Loyers et charges dus">
            <Pile>
              {rangs(MOIS).map((rang) => (
                <div className="champs" key={rang}>
                  <ChampDate
                    nom={`du-le-${rang}`}
                    libelle={`Exigible le (${rang + 1})`}
                    libre
                    valeur={lire(`du-le-${rang}`) || undefined}
                    erreur={messageDe(erreurs, `du-le-${rang}`)}
                  />
                  <ChampMontant
                    nom={`du-montant-${rang}`}
                    libelle={`Montant dû (${rang + 1})`}
                    libre
                    valeur={lire(`du-montant-${rang}`)}
                    erreur={messageDe(erreurs, `du-montant-${rang}`)}
                  />
                </div>
              ))}
            </Pile>
          </Carte>
          <Carte titre="Versements reçus">
            <Pile>
              {rangs(VERSEMENTS).map((rang) => (
                <div className="champs" key={rang}>
                  <ChampDate
                    nom={`recu-le-${rang}`}
                    libelle={`Reçu le (${rang + 1})`}
                    libre
                    valeur={lire(`recu-le-${rang}`) || undefined}
                    erreur={messageDe(erreurs, `recu-le-${rang}`)}
                  />
                  <ChampMontant
                    nom={`recu-montant-${rang}`}
                    libelle={`Montant reçu (${rang + 1})`}
                    libre
                    valeur={lire(`recu-montant-${rang}`)}
                    erreur={messageDe(erreurs, `recu-montant-${rang}`)}
                  />
                  <Selection
                    nom={`recu-origine-${rang}`}
                    libelle={`De qui (${rang + 1})`}
                    libre
                    valeur={lire(`recu-origine-${rang}`) || 'menage'}
                    options={Object.entries(ORIGINES_VERSEMENT).map(([valeur, libelle]) => ({ valeur, libelle }))}
                  />
                  <Selection
                    nom={`recu-choix-${rang}`}
                    libelle={`Le ménage indique (${rang + 1})`}
                    libre
                    vide="Rien"
                    valeur={lire(`recu-choix-${rang}`)}
                    options={CHOIX}
                  />
                  <Champ
                    nom={`recu-mois-${rang}`}
                    libelle={`Mois payé (${rang + 1})`}
                    libre
                    court
                    aide="11/2026 : pour une aide, ou si le ménage l’indique"
                    valeur={lire(`recu-mois-${rang}`)}
                    erreur={messageDe(erreurs, `recu-mois-${rang}`)}
                  />
                </div>
              ))}
              <CaseACocher
                nom="visale"
                libelle="Le locataire a une garantie Visale"
                aide="La règle d’affectation ne lui est pas conseillée : c’est le garant qui paie l’impayé."
                cochee={lire('visale') === 'oui'}
              />
            </Pile>
          </Carte>
          <Actions>
            <Bouton genre="principal">Affecter</Bouton>
          </Actions>
        </Pile>
      </Formulaire>
      {resultat === 'visale' && (
        <Message ton="bientot">
          <p>
            Garantie Visale : ne pas conseiller au locataire d’affecter ses versements. Le bailleur déclare l’impayé à
            la garantie, qui paie puis convient d’un échéancier avec lui.
          </p>
        </Message>
      )}
      {resultat !== null && resultat !== 'visale' && <ResultatAffectation resultat={resultat} />}
    </CadreOutil>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

function ResultatAffectation({ resultat }: { resultat: ResultatImputation }): ReactElement {
  return (
    <Carte titre="Ce que paient ces versements" id="resultat">
      {resultat.divergent && <p>Ce que le ménage indique change le résultat. Les deux lectures :</p>}
      {resultat.lectures.map(({ nom, libelle, imputations, nonImpute, restant, reprise }) => (
        <Carte titre={libelle} niveau={3} key={nom}>
          <ListeSobre
            lignes={[
              ...imputations.map(({ versement, dette, explication }) => ({
                cle: `${versement}${dette}`,
                titre: versement,
                note: explication,
              })),
              ...nonImpute.map(({ versement, centimes, motif }) => ({
                cle: `non ${versement}`,
                titre: versement,
                note: `${formatMontant(centimes)} non affectés. ${motif}`,
              })),
              {
                cle: 'reste',
                titre: `Reste dû : ${formatMontant(restant)}`,
                note: reprise.phrase,
                droite: (
                  <Etiquette ton={TONS_REPRISE[reprise.etat][0]}>
                    {`loyer courant ${TONS_REPRISE[reprise.etat][1]}`}
                  </Etiquette>
                ),
              },
            ]}
          />
        </Carte>
      ))}
      <p>
        L’aide au logement peut dépendre de la reprise du loyer courant : pour qu’un versement paie le mois en cours, le
        ménage l’écrit au bailleur avec le versement.
      </p>
      <p className="note">
        Règles : {ecrireSource(resultat.source)} ; {ecrireSource(resultat.sourceAide)}. {resultat.reserves.join(' ')}
      </p>
    </Carte>
  )
}

/** GET /outils/affectation. */
export async function proposerAffectation(requete: Requete): Promise<Reponse> {
  return montrerAffectation(requete, () => '', [], null)
}

const estOrigineVersement = (texte: string): texte is OrigineVersement => Object.hasOwn(ORIGINES_VERSEMENT, texte)

/** POST /outils/affectation (OUT-03, OUT-04): computes, keeps nothing. */
export async function calculerAffectation(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const lire = (nom: string) => champ(requete, nom)
  if (lire('visale') === 'oui') return montrerAffectation(requete, lire, [], 'visale')
  const erreurs: Erreur[] = []
  /** A row left empty says nothing; half filled, it says what is missing. */
  const lireRangee = (prefixe: string, rang: number) => {
    const [jour, montant] = [lire(`${prefixe}-le-${rang}`), lire(`${prefixe}-montant-${rang}`)]
    if (jour === '' && montant === '') return null
    const le = lireJourSaisi(jour)
    const centimes = lireMontantSaisi(montant)
    if (!le) erreurs.push({ nom: `${prefixe}-le-${rang}`, message: `Ligne ${rang + 1} : donner une date existante.` })
    if (centimes === null)
      erreurs.push({
        nom: `${prefixe}-montant-${rang}`,
        message: `Ligne ${rang + 1} : donner un montant, par exemple 520,00.`,
      })
    return le && centimes !== null ? { le, centimes } : null
  }
  const dettes = Array.from({ length: MOIS }, (_, rang) => rang).flatMap((rang): readonly DetteDue[] => {
    const ligne = lireRangee('du', rang)
    if (!ligne) return []
    const terme = ligne.le.toPlainYearMonth().toString()
    return [
      {
        id: `du-${rang}`,
        libelle: `Loyer et charges, ${ecrireTerme(terme)}`,
        nature: 'loyer',
        terme,
        echeance: ligne.le,
        centimes: ligne.centimes,
      },
    ]
  })
  const versements = Array.from({ length: VERSEMENTS }, (_, rang) => rang).flatMap((rang): readonly Versement[] => {
    const ligne = lireRangee('recu', rang)
    if (!ligne) return []
    const choisie = lire(`recu-origine-${rang}`)
    const origine = estOrigineVersement(choisie) ? choisie : 'menage'
    const terme = lireTermeSaisi(lire(`recu-mois-${rang}`))
    const parTerme = lire(`recu-choix-${rang}`) === 'terme'
    if (terme === null && (parTerme || origine === 'aide' || origine === 'rls' || lire(`recu-mois-${rang}`) !== ''))
      erreurs.push({ nom: `recu-mois-${rang}`, message: `Versement ${rang + 1} : écrire le mois payé ainsi, 11/2026.` })
    return [
      {
        id: `Versement ${rang + 1}`,
        ...ligne,
        origine,
        terme,
        indique: parTerme ? dettes.filter((dette) => dette.terme === terme).map(({ id }) => id) : [],
      },
    ]
  })
  if (dettes.length === 0 && erreurs.length === 0)
    erreurs.push({ nom: 'du-montant-0', message: 'Donner au moins un loyer dû.' })
  if (versements.length === 0 && erreurs.length === 0)
    erreurs.push({ nom: 'recu-montant-0', message: 'Donner au moins un versement.' })
  if (erreurs.length > 0) return montrerAffectation(requete, lire, erreurs, null)
  const dernier = [...dettes.map(({ echeance }) => echeance), ...versements.map(({ le }) => le)]
    .toSorted(Temporal.PlainDate.compare)
    .at(-1)
  const regles = lireReglesImputation(session.delais, versements, session.jour)
  return montrerAffectation(requete, lire, [], imputerVersements(dettes, versements, dernier ?? session.jour, regles))
}
