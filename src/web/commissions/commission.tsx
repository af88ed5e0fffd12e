import { randomUUID } from 'node:crypto'
import type { ReactElement } from 'react'
import { aLeDroit, listerOrganismes } from '#acces'
import {
  ajouterMembre,
  type Commission,
  creerSeance,
  ecrireReglement,
  lireCommission,
  listerMembres,
  listerReglements,
  listerRepresentants,
  listerSeances,
  type Membre,
  modifierMembre,
  type PersonneHabilitee as Personne,
  type QualiteMembre,
  qualitesMembre,
  type Reglement,
  reglementAu,
  type SaisieMembre,
  type SaisieReglement,
  type SaisieSeance,
  type VoixMembre,
  voixMembre,
} from '#commission'
import { Conflit, Introuvable } from '#socle/errors'
import { formatDate, pluriel } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  CaseACocher,
  Champ,
  ChampDate,
  EtatVide,
  Etiquette,
  Formulaire,
  ListeDefinition,
  Message,
  Pile,
  Plus,
  ResumeErreurs,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { pageConflit } from '../conflit.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { TableauSeances } from './calendrier.tsx'
import { adresseCommission, adresseSeance, COMMISSIONS, nommerTerritoire } from './commun.tsx'
import { CommissionFermee } from './fermeture.tsx'

const nomDuChamp = (code: string): string => code.replace(/^\w+\./, '')

/** What was typed in one of the forms of the page, when it was refused. */
interface Typee {
  readonly formulaire: 'membre' | 'reglement' | 'seance'
  readonly erreurs: readonly Erreur[]
  readonly valeurs: Readonly<Record<string, string>>
}

const valeursDe = ({ champs }: Requete): Record<string, string> =>
  Object.fromEntries(Object.entries(champs).map(([nom, valeurs]) => [nom, valeurs.at(-1) ?? '']))

function ChampsMembre({
  valeurs,
  erreurs,
  personnes,
}: {
  valeurs: Readonly<Record<string, string>>
  erreurs: readonly Erreur[]
  /** Accounts of the organisme; null until it is known. */
  personnes: readonly Personne[] | null
}): ReactElement {
  const options = (personnes ?? []).map(({ id, nom }) => ({ valeur: id, libelle: nom }))
  return (
    <>
      <Selection
        nom="qualite"
        libelle="En qualité de"
        valeur={valeurs.qualite || 'droit'}
        options={Object.entries(qualitesMembre).map(([valeur, libelle]) => ({ valeur, libelle }))}
        erreur={messageDe(erreurs, 'qualite')}
      />
      <Selection
        nom="voix"
        libelle="Voix"
        libre
        vide="Le règlement ne le dit pas"
        valeur={valeurs.voix || undefined}
        options={Object.entries(voixMembre).map(([valeur, libelle]) => ({ valeur, libelle }))}
      />
      {(['titulaire', 'suppleant'] as const).map((qui) => (
        <fieldset key={qui} className="champ">
          <legend>{qui === 'titulaire' ? 'Titulaire' : 'Suppléant'}</legend>
          {personnes !== null && (
            <Selection
              nom={qui}
              id={`c-${qui}`}
              libelle="Son compte"
              libre
              vide="Aucun compte : ne lira aucune fiche"
              valeur={valeurs[qui] || undefined}
              options={options}
              erreur={messageDe(erreurs, qui)}
            />
          )}
          <Champ
            nom={`${qui}_nom`}
            libelle={personnes === null ? 'Son nom' : 'Ou son nom, sans compte'}
            libre
            longueurMax={120}
            valeur={valeurs[`${qui}_nom`]}
            erreur={messageDe(erreurs, `${qui}_nom`)}
          />
          <Champ
            nom={`${qui}_courriel`}
            libelle="Et son courriel, pour la convocation"
            genre="email"
            libre
            valeur={valeurs[`${qui}_courriel`]}
            erreur={messageDe(erreurs, `${qui}_courriel`)}
          />
        </fieldset>
      ))}
      <ChampDate
        nom="du"
        libelle="Siège depuis le"
        valeur={valeurs.du || undefined}
        erreur={messageDe(erreurs, 'du')}
      />
      <ChampDate
        nom="jusquAu"
        libelle="Jusqu’au"
        facultatif
        valeur={valeurs.jusquAu || undefined}
        erreur={messageDe(erreurs, 'jusquAu')}
      />
    </>
  )
}

const NOMBRES = [
  ['capacite', 'Dossiers par séance, au plus'],
  ['minutes_par_dossier', 'Minutes par dossier'],
  ['quorum', 'Quorum : voix délibératives présentes'],
  ['jours_envoi', 'Jours avant la séance pour envoyer l’ordre du jour'],
  ['jours_apports', 'Jours avant la séance pour apporter les éléments'],
  ['jours_relance', 'Jours avant cette date pour relancer'],
] as const

const direNombre = (nombre: number | null): string => (nombre === null ? 'non fixé' : String(nombre))

function CarteReglement({
  reglement,
  tous,
}: {
  reglement: Reglement | null
  tous: readonly Reglement[]
}): ReactElement {
  return (
    <>
      {reglement === null ? (
        <Message ton="bientot">
          <p>
            Aucun règlement intérieur n’est en vigueur aujourd’hui : ni capacité, ni durée, ni quorum, ni délai ne
            s’appliquent.
          </p>
        </Message>
      ) : (
        <ListeDefinition
          lignes={[
            {
              terme: 'Texte',
              valeur: reglement.reference,
              note: reglement.commission === null ? 'Pour toutes les commissions' : 'Propre à cette commission',
            },
            {
              terme: 'En vigueur',
              valeur: `depuis le ${formatDate(reglement.du)}${reglement.jusqu_au ? `, jusqu’au ${formatDate(reglement.jusqu_au)}` : ''}`,
            },
            ...NOMBRES.map(([nom, libelle]) => ({ terme: libelle, valeur: direNombre(reglement[nom]) })),
          ]}
        />
      )}
      {tous.length > 1 && (
        <Plus libelle={`Les ${tous.length} versions`}>
          <ul>
            {tous.map(({ id, du, jusqu_au, reference, commission }) => (
              <li key={id}>
                {reference} : du {formatDate(du)}
                {jusqu_au ? ` au ${formatDate(jusqu_au)}` : ''}
                {commission === null ? ', toutes les commissions' : ''}
              </li>
            ))}
          </ul>
        </Plus>
      )}
    </>
  )
}

const direPersonnes = ({ titulaire, suppleant }: Membre): ReactElement => (
  <>
    {titulaire.nom || 'titulaire à nommer'}
    <small>
      {suppleant.nom ? `suppléant : ${suppleant.nom}` : 'sans suppléant'}
      {titulaire.compte === null && suppleant.compte === null && ' ; aucun compte'}
    </small>
  </>
)

async function montrer(requete: Requete, commission: Commission, typee: Typee | null): Promise<Reponse> {
  const { session, acteur } = requete
  const annee = session.jour.year
  const tient = aLeDroit(acteur, 'commission.tenir')
  const prepare = aLeDroit(acteur, 'seance.preparer')
  const [membres, reglements, reglement, cetteAnnee, suivante, organismes] = [
    await listerMembres(session, commission.id),
    await listerReglements(session, commission.id),
    await reglementAu(session, commission.id, session.jour),
    await listerSeances(session, annee, commission.id),
    await listerSeances(session, annee + 1, commission.id),
    tient ? await listerOrganismes(session) : [],
  ]
  const seances = [...cetteAnnee, ...suivante]
  const adresse = adresseCommission(commission.id)
  const jeton = requete.connecte.jetonFormulaire
  const de = (formulaire: Typee['formulaire']) =>
    typee?.formulaire === formulaire
      ? typee
      : { erreurs: [] as readonly Erreur[], valeurs: {} as Record<string, string> }
  const actuel = ({ du, jusqu_au }: Membre) =>
    Temporal.PlainDate.compare(du, session.jour) <= 0 &&
    (jusqu_au === null || Temporal.PlainDate.compare(jusqu_au, session.jour) >= 0)
  const siegent = membres.filter(actuel)
  session.consigner({ action: 'seances.lister', objet: 'commission', objetId: commission.id })
  const membre = de('membre')
  const texte = de('reglement')
  const seance = de('seance')
  return page(
    <Cadre
      requete={requete}
      titre={commission.nom}
      chapo={`${commission.territoires.map((un) => nommerTerritoire(requete, un)).join(', ')}. Secrétariat : ${commission.secretariat_nom}.`}
      courante="reunir"
      large
      fil={[{ libelle: 'Commissions', href: COMMISSIONS }, { libelle: commission.nom }]}
      erreur={typee !== null}
      actions={
        tient ? (
          <Actions>
            <Bouton href={`${adresse}/modifier`}>Modifier</Bouton>
            {commission.fermee_le === null && <Bouton href={`${adresse}/fermer`}>Mettre fin</Bouton>}
          </Actions>
        ) : undefined
      }
    >
      {typee && <ResumeErreurs erreurs={typee.erreurs} />}
      <Pile>
        <CommissionFermee requete={requete} commission={commission} />
        <Carte titre="Séances" id="seances" aside={pluriel(seances.length, 'séance', 'séances')}>
          {seances.length === 0 ? (
            <EtatVide titre="Aucune séance n’est fixée" niveau={3}>
              Fixer la première : les membres la recevront dans leur agenda quand ils seront convoqués.
            </EtatVide>
          ) : (
            <TableauSeances seances={seances} legende={`Séances de ${commission.nom}`} avecCommission={false} />
          )}
          {prepare && commission.fermee_le === null && (
            <Plus libelle="Ajouter une séance" ouvert={typee?.formulaire === 'seance' || seances.length === 0}>
              <Formulaire
                action={`${adresse}/seances`}
                jeton={jeton}
                libelle="Ajouter une séance"
                champs={{ envoi: seance.valeurs.envoi || randomUUID() }}
              >
                <ChampDate
                  nom="le"
                  libelle="Jour"
                  min={session.jour}
                  valeur={seance.valeurs.le || undefined}
                  erreur={messageDe(seance.erreurs, 'le')}
                />
                <Champ
                  nom="debut"
                  libelle="Début"
                  aide="Comme 09:00."
                  court
                  valeur={seance.valeurs.debut ?? '09:00'}
                  erreur={messageDe(seance.erreurs, 'debut')}
                />
                <Champ
                  nom="fin"
                  libelle="Fin"
                  court
                  valeur={seance.valeurs.fin ?? '12:30'}
                  erreur={messageDe(seance.erreurs, 'fin')}
                />
                <Champ
                  nom="lieu"
                  libelle="Lieu"
                  facultatif
                  valeur={seance.valeurs.lieu ?? commission.lieu}
                  erreur={messageDe(seance.erreurs, 'lieu')}
                />
                <Actions>
                  <Bouton genre="principal">Ajouter la séance</Bouton>
                </Actions>
              </Formulaire>
            </Plus>
          )}
        </Carte>
        <Carte titre="Membres" id="membres" aside={pluriel(siegent.length, 'siège', 'siègent')}>
          {membres.length === 0 ? (
            <EtatVide titre="Personne ne siège encore" niveau={3}>
              Nommer d’abord la coprésidence de l’État et celle du Département.
            </EtatVide>
          ) : (
            <Tableau
              legende={`Membres de ${commission.nom}`}
              largeur="moyen"
              lignes={membres}
              cle={({ id }) => id}
              colonnes={[
                {
                  cle: 'organisme',
                  titre: 'Organisme',
                  principale: true,
                  rendre: (un) =>
                    tient ? <a href={`${adresse}/membres/${un.id}`}>{un.organisme_nom}</a> : un.organisme_nom,
                },
                {
                  cle: 'qualite',
                  titre: 'Qualité',
                  rendre: ({ qualite, voix }) => (
                    <>
                      {qualitesMembre[qualite]}
                      {voix && <small>voix {voixMembre[voix].toLowerCase()}</small>}
                    </>
                  ),
                },
                { cle: 'qui', titre: 'Représenté par', rendre: direPersonnes },
                {
                  cle: 'dates',
                  titre: 'Siège',
                  rendre: (un) => (
                    <>
                      {actuel(un) ? (
                        `depuis le ${formatDate(un.du)}`
                      ) : (
                        <Etiquette ton="neutre">ne siège pas aujourd’hui</Etiquette>
                      )}
                      {un.jusqu_au && <small>jusqu’au {formatDate(un.jusqu_au)}</small>}
                    </>
                  ),
                },
              ]}
            />
          )}
          {tient && (
            <Plus libelle="Ajouter un membre" ouvert={typee?.formulaire === 'membre' || membres.length === 0}>
              <Formulaire action={`${adresse}/membres`} jeton={jeton} libelle="Ajouter un membre">
                <Selection
                  nom="organisme"
                  libelle="Organisme"
                  vide="Choisir"
                  valeur={membre.valeurs.organisme || undefined}
                  options={organismes.map(({ id, nom }) => ({ valeur: id, libelle: nom }))}
                  erreur={messageDe(membre.erreurs, 'organisme') ?? messageDe(membre.erreurs, 'double')}
                />
                <ChampsMembre
                  valeurs={{ du: session.jour.toString(), ...membre.valeurs }}
                  erreurs={membre.erreurs}
                  personnes={null}
                />
                <Actions>
                  <Bouton genre="principal">Ajouter le membre</Bouton>
                </Actions>
              </Formulaire>
            </Plus>
          )}
        </Carte>
        <Carte titre="Règlement intérieur" id="reglement">
          <CarteReglement reglement={reglement} tous={reglements} />
          {tient && (
            <Plus libelle="Écrire une version du règlement" ouvert={typee?.formulaire === 'reglement'}>
              <Formulaire
                action={`${adresse}/reglement`}
                jeton={jeton}
                libelle="Écrire une version du règlement"
                champs={{ envoi: texte.valeurs.envoi || randomUUID() }}
              >
                <Champ
                  nom="reference"
                  libelle="Texte"
                  aide="Le règlement, sa date, son article ; la cellule technique y est décrite."
                  longueurMax={300}
                  valeur={texte.valeurs.reference}
                  erreur={messageDe(texte.erreurs, 'reference')}
                />
                <ChampDate
                  nom="reglement_du"
                  libelle="En vigueur depuis le"
                  valeur={texte.valeurs.reglement_du || undefined}
                  erreur={messageDe(texte.erreurs, 'reglement_du')}
                />
                <ChampDate
                  nom="jusqu_au"
                  libelle="Jusqu’au"
                  facultatif
                  valeur={texte.valeurs.jusqu_au || undefined}
                  erreur={messageDe(texte.erreurs, 'jusqu_au')}
                />
                {NOMBRES.map(([nom, libelle]) => (
                  <Champ
                    key={nom}
                    nom={nom}
                    libelle={libelle}
                    facultatif
                    court
                    chiffres
                    valeur={texte.valeurs[nom]}
                    erreur={messageDe(texte.erreurs, nom)}
                  />
                ))}
                <CaseACocher
                  nom="pourToutes"
                  libelle="Pour toutes les commissions du département"
                  cochee={texte.valeurs.pourToutes === 'oui'}
                />
                <Actions>
                  <Bouton genre="principal">Enregistrer cette version</Bouton>
                </Actions>
              </Formulaire>
            </Plus>
          )}
        </Carte>
      </Pile>
    </Cadre>,
    typee === null ? undefined : 422,
  )
}

const laCommission = ({ session, parametres }: Requete): Promise<Commission> =>
  lireCommission(session, parametres.commission ?? '')

/** GET /commissions/:commission. */
export const montrerCommission = async (requete: Requete): Promise<Reponse> =>
  montrer(requete, await laCommission(requete), null)

function lireMembre(requete: Requete): SaisieMembre {
  const qualite = champ(requete, 'qualite')
  const voix = champ(requete, 'voix')
  const personne = (qui: string) => ({
    compte: champ(requete, qui) || null,
    nom: champ(requete, `${qui}_nom`),
    courriel: champ(requete, `${qui}_courriel`),
  })
  return {
    organisme: champ(requete, 'organisme'),
    qualite: qualite in qualitesMembre ? (qualite as QualiteMembre) : 'invite',
    voix: voix in voixMembre ? (voix as VoixMembre) : null,
    titulaire: personne('titulaire'),
    suppleant: personne('suppleant'),
    du: lireJourSaisi(champ(requete, 'du')),
    jusquAu: lireJourSaisi(champ(requete, 'jusquAu')),
  }
}

/** POST /commissions/:commission/membres (COM-03, COM-21, COM-27). */
export async function ajouter(requete: Requete): Promise<Reponse> {
  const commission = await laCommission(requete)
  let id = ''
  const erreur = await tenter(requete.session, 'commission.tenir', nomDuChamp, async () => {
    id = await ajouterMembre(requete.session, commission.id, lireMembre(requete))
  })
  if (erreur)
    return montrer(requete, commission, {
      formulaire: 'membre',
      erreurs: [erreur.nom === 'double' ? { ...erreur, nom: 'organisme' } : erreur],
      valeurs: valeursDe(requete),
    })
  return redirection(`${adresseCommission(commission.id)}/membres/${id}`, {
    ton: 'tenu',
    texte: 'Ce membre est ajouté. Choisir ici les comptes qui le représentent : eux seuls liront les fiches.',
  })
}

async function leMembre(requete: Requete, commission: Commission): Promise<Membre> {
  const membre = (await listerMembres(requete.session, commission.id)).find(
    ({ id }) => id === requete.parametres.membre,
  )
  if (!membre) throw new Introuvable()
  return membre
}

const valeursDuMembre = ({ qualite, voix, titulaire, suppleant, du, jusqu_au }: Membre): Record<string, string> => ({
  qualite,
  voix: voix ?? '',
  titulaire: titulaire.compte ?? '',
  titulaire_nom: titulaire.compte === null ? titulaire.nom : '',
  titulaire_courriel: titulaire.compte === null ? titulaire.courriel : '',
  suppleant: suppleant.compte ?? '',
  suppleant_nom: suppleant.compte === null ? suppleant.nom : '',
  suppleant_courriel: suppleant.compte === null ? suppleant.courriel : '',
  du: du.toString(),
  jusquAu: jusqu_au?.toString() ?? '',
})

/** Every field of the form of a member, in words, for both versions of a conflict. */
function direMembre(valeurs: Readonly<Record<string, string>>, personnes: readonly Personne[]) {
  const jour = (texte = '') => {
    const lu = lireJourSaisi(texte)
    return lu === null ? texte || null : formatDate(lu)
  }
  const personne = (qui: 'titulaire' | 'suppleant') => {
    const compte = personnes.find(({ id }) => id === valeurs[qui])
    return (
      [compte ? `${compte.nom}, par son compte` : '', valeurs[`${qui}_nom`], valeurs[`${qui}_courriel`]]
        .filter(Boolean)
        .join(', ') || null
    )
  }
  const mot = (mots: Readonly<Record<string, string>>, code = '') => mots[code] ?? null
  return [
    { cle: 'qualite', libelle: 'Qualité', valeur: mot(qualitesMembre, valeurs.qualite) },
    { cle: 'voix', libelle: 'Voix', valeur: mot(voixMembre, valeurs.voix) ?? 'Le règlement ne le dit pas' },
    { cle: 'titulaire', libelle: 'Titulaire', valeur: personne('titulaire') },
    { cle: 'suppleant', libelle: 'Suppléant', valeur: personne('suppleant') },
    { cle: 'du', libelle: 'Depuis', valeur: jour(valeurs.du) },
    { cle: 'jusquAu', libelle: 'Jusqu’au', valeur: jour(valeurs.jusquAu) },
  ]
}

async function pageMembre(
  requete: Requete,
  commission: Commission,
  membre: Membre,
  valeurs: Readonly<Record<string, string>>,
  vu: string,
  erreurs: readonly Erreur[],
): Promise<Reponse> {
  const adresse = adresseCommission(commission.id)
  return page(
    <Cadre
      requete={requete}
      titre={membre.organisme_nom}
      courante="reunir"
      fil={[
        { libelle: 'Commissions', href: COMMISSIONS },
        { libelle: commission.nom, href: adresse },
        { libelle: membre.organisme_nom },
      ]}
      erreur={erreurs.length > 0}
    >
      <ResumeErreurs erreurs={erreurs} />
      <Formulaire
        action={`${adresse}/membres/${membre.id}`}
        jeton={requete.connecte.jetonFormulaire}
        champs={{ vu }}
        libelle="Modifier ce membre"
      >
        <ChampsMembre
          valeurs={valeurs}
          erreurs={erreurs}
          personnes={await listerRepresentants(requete.session, membre.organisme)}
        />
        <Actions>
          <Bouton genre="principal">Enregistrer</Bouton>
          <Bouton href={`${adresse}#membres`}>Annuler</Bouton>
        </Actions>
      </Formulaire>
    </Cadre>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /commissions/:commission/membres/:membre. */
export async function montrerMembre(requete: Requete): Promise<Reponse> {
  const commission = await laCommission(requete)
  const membre = await leMembre(requete, commission)
  return pageMembre(requete, commission, membre, valeursDuMembre(membre), String(membre.version), [])
}

/** POST /commissions/:commission/membres/:membre. */
export async function changerMembre(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const commission = await laCommission(requete)
  const membre = await leMembre(requete, commission)
  const { organisme: _, ...saisie } = lireMembre(requete)
  const vu = champ(requete, 'vu')
  const adresse = adresseCommission(commission.id)
  try {
    const erreur = await tenter(session, 'commission.tenir', nomDuChamp, () =>
      modifierMembre(session, commission.id, membre.id, Number(vu), saisie),
    )
    if (erreur) return pageMembre(requete, commission, membre, valeursDe(requete), vu, [erreur])
  } catch (erreur) {
    if (!(erreur instanceof Conflit)) throw erreur
    session.consigner({ action: 'commission.tenir', resultat: 'refuse', details: { code: erreur.code } })
    const { _jeton, vu: __, ...champs } = valeursDe(requete)
    const personnes = await listerRepresentants(session, membre.organisme)
    const typee = direMembre(champs, personnes)
    const enregistree = direMembre(valeursDuMembre(membre), personnes)
    return pageConflit(requete, {
      message: erreur.message,
      quoi: `${membre.organisme_nom}, ${commission.nom}`,
      courante: 'reunir',
      fil: [
        { libelle: 'Commissions', href: COMMISSIONS },
        { libelle: commission.nom, href: adresse },
      ],
      versions: typee.map(({ cle, libelle, valeur }, rang) => ({
        cle,
        libelle,
        saisie: valeur,
        enregistree: enregistree[rang]?.valeur ?? null,
      })),
      conseil: 'Garder ce qui est enregistré, ou le remplacer par votre saisie.',
      garder: { libelle: 'Garder ce qui est enregistré', href: `${adresse}#membres` },
      remplacer: {
        libelle: 'Remplacer par ma saisie',
        action: `${adresse}/membres/${membre.id}`,
        champs: { ...champs, vu: String(membre.version) },
      },
    })
  }
  return redirection(`${adresse}#membres`, { ton: 'tenu', texte: 'Ce membre est enregistré.' })
}

/** A whole number, null when nothing is written; NaN when it is none, for the module to refuse. */
const lireNombre = (texte: string): number | null =>
  texte === '' ? null : /^\d{1,4}$/.test(texte) ? Number(texte) : Number.NaN

/** POST /commissions/:commission/reglement (COM-22). */
export async function ajouterReglement(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const commission = await laCommission(requete)
  const nombres = Object.fromEntries(NOMBRES.map(([nom]) => [nom, lireNombre(champ(requete, nom))]))
  const saisie = {
    ...nombres,
    reference: champ(requete, 'reference'),
    du: lireJourSaisi(champ(requete, 'reglement_du')),
    jusqu_au: lireJourSaisi(champ(requete, 'jusqu_au')),
    pourToutes: champ(requete, 'pourToutes') === 'oui',
  } as SaisieReglement
  const erreur = await tenter(
    session,
    'commission.tenir',
    (code) => (code === 'reglement.du' ? 'reglement_du' : nomDuChamp(code)),
    () => ecrireReglement(session, commission.id, saisie, champ(requete, 'envoi')),
  )
  if (erreur)
    return montrer(requete, commission, { formulaire: 'reglement', erreurs: [erreur], valeurs: valeursDe(requete) })
  return redirection(`${adresseCommission(commission.id)}#reglement`, {
    ton: 'tenu',
    texte: 'Cette version du règlement est enregistrée.',
  })
}

/** What the form of a session says. */
export const lireSaisieSeance = (requete: Requete): SaisieSeance => ({
  le: lireJourSaisi(champ(requete, 'le')),
  debut: champ(requete, 'debut'),
  fin: champ(requete, 'fin'),
  lieu: champ(requete, 'lieu'),
})

/** POST /commissions/:commission/seances (COM-03). */
export async function ajouterSeance(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const commission = await laCommission(requete)
  let id = ''
  const erreur = await tenter(session, 'seance.preparer', nomDuChamp, async () => {
    id = await creerSeance(session, commission.id, lireSaisieSeance(requete), champ(requete, 'envoi'))
  })
  if (erreur)
    return montrer(requete, commission, { formulaire: 'seance', erreurs: [erreur], valeurs: valeursDe(requete) })
  return redirection(adresseSeance(id), { ton: 'tenu', texte: 'La séance est au calendrier.' })
}
