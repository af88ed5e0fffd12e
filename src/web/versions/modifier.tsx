import type { ReactElement } from 'react'
import {
  cleLocale,
  enregistrerVersion,
  essayerLecture,
  lireReglesSans,
  lireVersionLocale,
  nommerVersion,
  type VersionLocale,
} from '#charte'
import {
  CLES_PARAMETRES,
  type CleParametre,
  type DepartementCharge,
  definitionParametre,
  ecrireValeur,
  type Probleme,
} from '#referentiel'
import { Refus } from '#socle/errors'
import { formatDate, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  CaseACocher,
  Champ,
  ChampDate,
  ChampFichier,
  ChampMontant,
  Formulaire,
  Message,
  Pile,
  Plus,
  ResumeErreurs,
  Section,
  Selection,
} from '../composants/index.ts'
import { nommerMois } from '../regles/mois.ts'
import { ecrireReglage, majuscule } from '../regles/regles.tsx'
import { Problemes } from '../regles/simulation.tsx'
import { page, type Reponse, type Requete, redirection } from '../route.ts'
import { avecNavigation } from '../tableaux/lecture.ts'
import { ADRESSE, adresseVersion, nomDe } from './libelles.ts'
import { type Brut, brutDe, type ErreurSaisie, lireFormulaire, reglageAvant } from './saisie.ts'

interface Etat {
  readonly version: VersionLocale
  readonly sans: DepartementCharge
  readonly brut: Brut
  readonly erreurs: readonly ErreurSaisie[]
  readonly problemes: readonly Probleme[]
  /** Somebody saved another text meanwhile. */
  readonly conflit: boolean
}

/** GET /regles/versions/:id/modifier. Only a draft is written; any other is read. */
export async function modifierVersion(requete: Requete): Promise<Reponse> {
  const version = await lireVersionLocale(requete.session, requete.parametres.id ?? '')
  if (version.etat !== 'brouillon') return redirection(adresseVersion(version.id))
  const sans = await lireReglesSans(requete.session, version)
  const etat: Etat = {
    version,
    sans,
    brut: brutDe(version, sans),
    erreurs: [],
    problemes: listerProblemes(requete, version, version.texte),
    conflit: false,
  }
  return page(<PageModifier requete={requete} etat={etat} />)
}

/** Faults of a text, as the person sees it. A draft of settings that changes nothing yet has none to show. */
function listerProblemes(requete: Requete, version: VersionLocale, texte: string): readonly Probleme[] {
  if (version.genre === 'parametres') return []
  return essayerLecture(version.genre, texte, cleLocale(requete.session.dept, version.genre, version.numero)).problemes
}

/** POST /regles/versions/:id/modifier. A text with faults is kept: a draft is never lost, it only cannot be submitted. */
export async function enregistrer(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const version = await lireVersionLocale(session, requete.parametres.id ?? '')
  const sans = await lireReglesSans(session, version)
  const { brut, erreurs, saisie } = lireFormulaire(requete, version, sans)
  const montrer = async (suite: Partial<Etat>, statut: number) =>
    page(
      <PageModifier
        requete={await avecNavigation(requete)}
        etat={{ version, sans, brut, erreurs, problemes: [], conflit: false, ...suite }}
      />,
      statut,
    )
  if (!saisie) return montrer({}, 422)
  try {
    await enregistrerVersion(session, version.id, saisie)
  } catch (erreur) {
    if (!(erreur instanceof Refus) || erreur.code !== 'version.modifiee') throw erreur
    return montrer({ conflit: true }, erreur.statut)
  }
  const problemes = listerProblemes(requete, version, saisie.texte)
  if (problemes.length === 0) return redirection(adresseVersion(version.id), { texte: 'Brouillon enregistré.' })
  return redirection(adresseVersion(version.id, '/modifier'), {
    texte: `Brouillon enregistré, mais son texte a ${pluriel(problemes.length, 'faute', 'fautes')} : il ne peut pas être soumis tel quel.`,
    ton: 'bientot',
  })
}

function Cadrage({ brut, erreurs, jour }: { brut: Brut; erreurs: readonly ErreurSaisie[]; jour: Temporal.PlainDate }) {
  const erreur = (nom: string) => erreurs.find((une) => une.nom === nom)?.message
  return (
    <>
      <div className="champs">
        <ChampDate
          nom="du"
          libelle="Date d’effet"
          valeur={brut.du}
          min={jour}
          erreur={erreur('du')}
          aide="Le premier jour où la version s’applique : aujourd’hui au plus tôt."
        />
        <ChampDate
          nom="jusqu_au"
          libelle="Dernier jour"
          facultatif
          valeur={brut.jusqu_au}
          erreur={erreur('jusqu_au')}
          aide="Sans date, elle vaut jusqu’à la version suivante."
        />
      </div>
      <Champ
        nom="motif"
        libelle="Pourquoi ce changement"
        lignes={3}
        libre
        valeur={brut.motif}
        longueurMax={2000}
        aide="Lu par l’autre pilote, puis par les partenaires. Aucun nom de ménage."
      />
      <div className="champs">
        <Champ
          nom="reference"
          libelle="Où il a été validé"
          libre
          valeur={brut.reference}
          longueurMax={300}
          aide="Comité responsable du plan, commission, avenant : le document qui fait foi."
        />
        <ChampDate
          nom="reference_le"
          libelle="Date de cette validation"
          facultatif
          valeur={brut.reference_le}
          erreur={erreur('reference_le')}
        />
      </div>
    </>
  )
}

function ChampReglage({
  cle,
  valeur,
  erreur,
}: {
  cle: CleParametre
  valeur: string
  erreur: string | undefined
}): ReactElement {
  const { type, unite, valeurs, sens } = definitionParametre(cle)
  const communs = { nom: `valeur-${cle}`, libelle: `Nouvelle valeur : ${sens}`, libelleMuet: true, libre: true, erreur }
  if (type === 'bool') {
    const options = [
      { valeur: 'oui', libelle: 'Oui' },
      { valeur: 'non', libelle: 'Non' },
    ]
    return <Selection {...communs} vide="À compléter" valeur={valeur} options={options} />
  }
  if (valeurs) {
    const options = valeurs.map((une) => ({ valeur: une, libelle: majuscule(ecrireValeur(`parametre.${cle}`, une)) }))
    return <Selection {...communs} vide="À compléter" valeur={valeur} options={options} />
  }
  if (unite === 'numero_de_mois') {
    const options = Array.from({ length: 12 }, (_, rang) => ({
      valeur: String(rang + 1),
      libelle: majuscule(nommerMois(rang + 1)),
    }))
    return <Selection {...communs} vide="À compléter" valeur={valeur} options={options} />
  }
  if (unite === 'centimes') return <ChampMontant {...communs} valeur={valeur} />
  if (unite === 'mois_jour') return <Champ {...communs} court valeur={valeur} aide="Jour et mois, par exemple 15/10." />
  return <Champ {...communs} court chiffres valeur={valeur} aide={unite ? UNITES[unite] : undefined} />
}

const UNITES: Readonly<Record<string, string>> = {
  annees: 'en années',
  jours: 'en jours',
  heures: 'en heures',
  pour_cent: 'en pour cent',
}

function Reglages({ etat }: { etat: Etat }): ReactElement {
  const { brut, sans, version, erreurs } = etat
  return (
    <Section
      titre="Valeurs"
      compte="Changer celles qui changent ; vider une valeur la rend « à compléter », et ce qui en dépend « à vérifier »."
      id="valeurs"
    >
      <ul className="reglages">
        {CLES_PARAMETRES.map((cle) => {
          const saisi = brut.reglages.get(cle)
          const actuel = reglageAvant(sans, cle, version.du)
          const fini = actuel?.jusqu_au && Temporal.PlainDate.compare(actuel.jusqu_au, version.du) < 0
          return (
            <li key={cle}>
              <p>
                <b>{majuscule(definitionParametre(cle).sens)}</b>
                <small>
                  {actuel === null || actuel.valeur === null
                    ? 'Non donnée jusqu’ici.'
                    : `Jusqu’ici : ${ecrireReglage(cle, actuel.valeur)}${actuel.jusqu_au ? `, jusqu’au ${formatDate(actuel.jusqu_au)}` : ''}.`}
                  {fini && ' Elle ne vaudra plus à la date d’effet.'}
                </small>
              </p>
              <ChampReglage
                cle={cle}
                valeur={saisi?.valeur ?? ''}
                erreur={erreurs.find(({ nom }) => nom === `valeur-${cle}`)?.message}
              />
              <div>
                {actuel !== null && (
                  <CaseACocher
                    nom={`reconduire-${cle}`}
                    libelle="La garder avec ces dates et ce document"
                    cochee={saisi?.reconduire}
                  />
                )}
                <Plus
                  libelle="Référence et remarque"
                  ouvert={(saisi?.reference ?? '') !== '' || (saisi?.remarque ?? '') !== ''}
                >
                  <Champ
                    nom={`reference-${cle}`}
                    libelle="Article ou paragraphe"
                    facultatif
                    valeur={saisi?.reference}
                    longueurMax={200}
                  />
                  <Champ
                    nom={`remarque-${cle}`}
                    libelle="Remarque"
                    facultatif
                    valeur={saisi?.remarque}
                    longueurMax={500}
                  />
                </Plus>
              </div>
            </li>
          )
        })}
      </ul>
      <CaseACocher
        nom="reconduire"
        libelle="Garder toutes les valeurs connues avec ces dates et ce document"
        aide="Pour un renouvellement de la charte : celles que vous n’avez pas changées sont reprises telles quelles."
      />
    </Section>
  )
}

function PageModifier({ requete, etat }: { requete: Requete; etat: Etat }): ReactElement {
  const { version, brut, erreurs, conflit } = etat
  // A text pasted from elsewhere may have thousands: the first ones are enough to start.
  const problemes = etat.problemes.slice(0, 30)
  const parametres = version.genre === 'parametres'
  const dansLeTexte = erreurs.find(({ nom }) => nom === 'texte')?.message
  const premier =
    problemes[0] && `Ligne ${problemes[0].ligne}, colonne ${problemes[0].colonne} : ${problemes[0].message}`
  return (
    <Cadre
      requete={requete}
      titre={`Modifier : ${nomDe(version)}`}
      chapo={
        version.depart === null
          ? 'Brouillon. Rien ne s’applique tant que les deux pilotes ne l’ont pas approuvé.'
          : `Brouillon parti de ${nommerVersion(version.depart)}. Rien ne s’applique tant que les deux pilotes ne l’ont pas approuvé.`
      }
      large
      erreur={erreurs.length > 0 || problemes.length > 0 || conflit}
      fil={[
        { libelle: 'Règles et critères', href: '/regles' },
        { libelle: 'Versions', href: ADRESSE },
        { libelle: nomDe(version), href: adresseVersion(version.id) },
        { libelle: 'Modifier' },
      ]}
    >
      <ResumeErreurs erreurs={erreurs} titre="Le brouillon n’a pas été enregistré" />
      {erreurs.length === 0 && (
        <ResumeErreurs
          erreurs={problemes.map(({ ligne, colonne, message }) => ({
            nom: 'texte',
            message: `Ligne ${ligne}, colonne ${colonne} : ${message}`,
          }))}
          titre={`Ce texte ne peut pas encore être lu : ${pluriel(etat.problemes.length, 'faute', 'fautes')}`}
        />
      )}
      <Pile>
        {conflit && (
          <Message ton="retard">
            <p>
              <b>Ce brouillon a été enregistré par {version.modifie_par_nom ?? 'quelqu’un d’autre'} entre-temps.</b>{' '}
              Votre saisie est gardée ci-dessous et n’a pas été enregistrée. Enregistrer de nouveau remplace ce qui est
              écrit maintenant :
            </p>
            <Plus libelle="Le texte enregistré">
              <div className="texte-exact">
                <pre translate="no">{version.texte}</pre>
              </div>
            </Plus>
          </Message>
        )}
        <Problemes texte={brut.texte} problemes={problemes} />
        <Formulaire
          action={adresseVersion(version.id, '/modifier')}
          jeton={requete.connecte.jetonFormulaire}
          champs={{ revision: String(version.revision) }}
          fichiers={!parametres}
          libelle="Modifier la version"
        >
          <Cadrage brut={brut} erreurs={erreurs} jour={requete.session.jour} />
          {parametres ? (
            <>
              <Champ
                nom="titre"
                libelle="Document qui fixe ces valeurs"
                libre
                valeur={brut.titre}
                longueurMax={300}
                erreur={erreurs.find(({ nom }) => nom === 'titre')?.message}
                aide="Il sera montré à côté de chaque valeur, partout où elle sert."
              />
              <Reglages etat={etat} />
            </>
          ) : (
            <>
              <ChampFichier
                nom="fichier"
                libelle="Fichier"
                formats=".yaml,.yml"
                libre
                aide="S’il est choisi, il remplace le texte ci-dessous."
              />
              <div className="texte-regles">
                <Champ
                  nom="texte"
                  libelle="Texte"
                  lignes={30}
                  valeur={brut.texte}
                  libre
                  erreur={dansLeTexte ?? premier}
                  aide={
                    <>
                      Les dates écrites plus haut remplacent celles du texte. Les mots admis dans les conditions sont
                      dans <a href="/regles#mots">Mots des règles</a>. Chaque règle se montre par un exemple, sous la
                      clé « exemples ».
                    </>
                  }
                />
              </div>
            </>
          )}
          <Actions>
            <Bouton genre="principal" icone="ok">
              Enregistrer et vérifier
            </Bouton>
            <Bouton href={adresseVersion(version.id)}>Revenir sans enregistrer</Bouton>
          </Actions>
        </Formulaire>
      </Pile>
    </Cadre>
  )
}
