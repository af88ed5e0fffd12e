import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  type ContactSaisi,
  type ContenuVersion,
  contenuLivre,
  deposerLogo,
  type Essai,
  type ExpediteurSaisi,
  enregistrerVersionCourrier,
  essayerModele,
  type LogoImprime,
  lireDepartementCourriers,
  lireLogo,
  lireVersionCourrier,
  OCTETS_LOGO,
  type Presentation,
  TexteRefuse,
  trouverObstacle,
  type VersionCourrier,
} from '#courriers'
import { BLOCS_COURRIER, type BlocCourrier, ecrireMentions, VARIABLES_COURRIER } from '#referentiel'
import { Conflit, Introuvable, Refus } from '#socle/errors'
import { type Erreur, lireJourSaisi, messageDe } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  CaseACocher,
  Champ,
  ChampDate,
  ChampFichier,
  Formulaire,
  ListeDefinition,
  Message,
  Pile,
  Plus,
  ResumeErreurs,
  Section,
  Selection,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { avecNavigation } from '../tableaux/lecture.ts'
import { LettreEssayee, modeleEssaye } from './essai.tsx'
import { adresseVersion, nomDe, PRESENTATION } from './libelles.ts'

/** What was typed, whatever it is worth: it is shown again. */
interface Saisie {
  readonly du: string
  readonly motif: string
  readonly contenu: ContenuVersion
  readonly dossier: string
  readonly modele: string
}

interface Etat {
  readonly version: VersionCourrier
  readonly saisie: Saisie
  readonly erreurs: readonly Erreur[]
  readonly conflit: boolean
  /** The letter as what is typed would write it; absent until asked. */
  readonly essai?: Essai | null | undefined
}

const saisieDe = ({ du, motif, contenu }: VersionCourrier): Saisie => ({
  du: du.toString(),
  motif,
  contenu,
  dossier: '',
  modele: '',
})

/** GET /modeles/:id/modifier */
export async function modifier(requete: Requete): Promise<Reponse> {
  const version = await lireVersionCourrier(requete.session, requete.parametres.id ?? '')
  if (version.etat !== 'brouillon') return redirection(adresseVersion(version))
  return page(
    <PageModifier requete={requete} etat={{ version, saisie: saisieDe(version), erreurs: [], conflit: false }} />,
  )
}

const lignesDe = (texte: string): string[] =>
  texte
    .split(/\r?\n/)
    .map((ligne) => ligne.trim())
    .filter((ligne) => ligne !== '')
const motsDe = (texte: string): string[] => texte.split(/[\s,;]+/).filter((mot) => mot !== '')
/** Names of courts hold spaces: only commas part them. */
const nomsDe = (texte: string): string[] =>
  texte
    .split(/[,;]/)
    .map((nom) => nom.trim())
    .filter((nom) => nom !== '')

const estBloc = (texte: string): texte is BlocCourrier => Object.hasOwn(BLOCS_COURRIER, texte)

function lirePresentation(requete: Requete, logo: LogoImprime | null): Presentation {
  const nombre = (nom: string) => Math.min(200, Number(champ(requete, nom)) || 0)
  const contacts = Array.from({ length: nombre('contacts') }, (_, rang): ContactSaisi | null => {
    const lire = (nom: string) => champ(requete, `contact-${rang}-${nom}`)
    const bloc = lire('bloc')
    // A contact left without a kind is one taken away, or the empty one never filled.
    if (lire('retirer') !== '' || !estBloc(bloc)) return null
    return {
      bloc,
      titre: lire('titre'),
      lignes: lignesDe(lire('lignes')),
      communes: motsDe(lire('communes')),
      territoires: motsDe(lire('territoires')),
      tribunaux: nomsDe(lire('tribunaux')),
    }
  }).filter((contact) => contact !== null)
  const expediteurs = Array.from({ length: nombre('expediteurs') }, (_, rang): ExpediteurSaisi => {
    const lire = (nom: string) => champ(requete, `expediteur-${rang}-${nom}`)
    return {
      secretariat: lire('secretariat'),
      nom: lire('nom'),
      lignes: lignesDe(lire('lignes')),
      signataire: lire('signataire'),
    }
  })
  return { contacts, expediteurs, logo }
}

/** The logo of the form: the one received, the one that was there, or none. */
async function lireLogoSaisi(requete: Requete): Promise<LogoImprime | null> {
  const texte = champ(requete, 'logo-texte')
  const vu = champ(requete, 'logo-vu')
  const avant = vu === '' ? null : await lireLogo(requete.session, vu)
  const [fichier] = requete.fichiers
  if (fichier && fichier.octets.length > 0) {
    if (texte === '') throw new Refus('modele.logo-texte', 'Écrire ce que le logo représente, pour qui ne le voit pas.')
    return { ...(await deposerLogo(requete.session, fichier.octets)), texte }
  }
  if (avant === null || champ(requete, 'logo-retirer') !== '') return null
  if (texte === '') throw new Refus('modele.logo-texte', 'Écrire ce que le logo représente, pour qui ne le voit pas.')
  return { id: avant.id, genre: avant.genre, texte }
}

const presentationDe = (contenu: ContenuVersion): Presentation | null =>
  'presentation' in contenu ? contenu.presentation : null

function erreursDe(erreur: Refus): Erreur[] {
  if (erreur instanceof TexteRefuse)
    return erreur.fautes.map(({ variante, ligne, colonne, message }) => ({
      nom: variante,
      message: ligne === null ? message : `Ligne ${ligne}, colonne ${colonne} : ${message}`,
    }))
  const [, sorte, rang] = /^modele\.(contact|expediteur)\.(\d+)$/.exec(erreur.code) ?? []
  const champs: Readonly<Record<string, string>> = {
    'modele.du': 'du',
    'modele.motif': 'motif',
    'modele.logo': 'logo',
    'modele.logo-texte': 'logo-texte',
  }
  return [{ nom: sorte ? `${sorte}-${rang}-lignes` : (champs[erreur.code] ?? 'motif'), message: erreur.message }]
}

/** POST /modeles/:id/modifier: saves, or only shows what is typed (`acte=voir`), without writing anything. */
export async function enregistrer(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const version = await lireVersionCourrier(session, requete.parametres.id ?? '')
  const avant = presentationDe(version.contenu)
  const du = lireJourSaisi(champ(requete, 'du'))
  const voir = champ(requete, 'acte') === 'voir'
  const erreurs: Erreur[] = []
  let contenu: ContenuVersion = version.contenu
  if ('texte' in version.contenu)
    contenu = {
      texte: {
        corps: (requete.champs.corps?.[0] ?? '').replaceAll('\r\n', '\n').trimEnd(),
        facile:
          version.contenu.texte.facile === null
            ? null
            : (requete.champs.facile?.[0] ?? '').replaceAll('\r\n', '\n').trimEnd(),
      },
    }
  if (avant) {
    let logo = avant.logo
    try {
      logo = await lireLogoSaisi(requete)
    } catch (erreur) {
      if (!(erreur instanceof Refus)) throw erreur
      erreurs.push(...erreursDe(erreur))
    }
    contenu = { presentation: lirePresentation(requete, logo) }
  }
  const saisie: Saisie = {
    du: champ(requete, 'du'),
    motif: champ(requete, 'motif'),
    contenu,
    dossier: aLeDroit(requete.acteur, 'courrier.consulter') ? champ(requete, 'dossier') : '',
    modele: champ(requete, 'modele'),
  }
  let conflit = false
  let essai: Essai | null | undefined
  if (du === null && !voir) erreurs.push({ nom: 'du', message: 'Écrire la date d’effet.' })
  try {
    if (erreurs.length === 0 && voir) essai = await essayerSaisie(requete, version, saisie)
    if (erreurs.length === 0 && !voir && du !== null)
      await enregistrerVersionCourrier(session, version.id, {
        revision: Number(champ(requete, 'revision')) || 0,
        du,
        motif: saisie.motif,
        contenu: 'livre' in contenu ? null : contenu,
      })
  } catch (erreur) {
    if (erreur instanceof Introuvable) erreurs.push({ nom: 'dossier', message: erreur.message })
    else if (erreur instanceof Conflit) conflit = true
    else if (erreur instanceof Refus) erreurs.push(...erreursDe(erreur))
    else throw erreur
    if (erreur instanceof Refus)
      session.consigner({ action: 'modele.enregistrer', resultat: 'refuse', details: { code: erreur.code } })
  }
  if (erreurs.length === 0 && !conflit && !voir)
    return redirection(adresseVersion(version), {
      texte: 'Brouillon enregistré. Rien ne s’applique tant qu’un pilote ne l’a pas approuvé.',
      ton: 'tenu',
    })
  const maintenant = conflit ? await lireVersionCourrier(session, version.id) : version
  if (maintenant.etat !== 'brouillon')
    return redirection(adresseVersion(version), {
      texte: 'Cette version n’est plus un brouillon : votre saisie n’a pas été enregistrée.',
      ton: 'bientot',
    })
  return page(
    <PageModifier
      requete={await avecNavigation(requete)}
      etat={{ version: maintenant, saisie, erreurs, conflit, essai }}
    />,
    conflit ? 409 : erreurs.length > 0 ? 422 : undefined,
  )
}

/** What is typed, on a dossier or on the example; a text that cannot be read says why. */
async function essayerSaisie(requete: Requete, version: VersionCourrier, saisie: Saisie): Promise<Essai | null> {
  const { session } = requete
  const modele = modeleEssaye(requete, version, saisie.modele)
  const obstacle = trouverObstacle(session, { ...version, contenu: saisie.contenu })
  if (obstacle !== null) throw new Refus('modele.corps', obstacle)
  return essayerModele(session, modele, saisie.contenu, {
    variante: 'courant',
    ...(saisie.dossier === '' ? {} : { dossier: saisie.dossier }),
  })
}

function Textes({ etat }: { etat: Etat }): ReactElement | null {
  const { contenu } = etat.saisie
  if (!('texte' in contenu)) return null
  return (
    <>
      <div className="texte-regles">
        <Champ
          nom="corps"
          libelle="Texte courant"
          lignes={26}
          valeur={contenu.texte.corps}
          erreur={messageDe(etat.erreurs, 'corps')}
          aide="La première ligne, après « # », est l’objet. « ## » pour un titre, « - » ou « 1. » pour une liste, ** autour d’un gras."
        />
      </div>
      {contenu.texte.facile !== null && (
        <div className="texte-regles">
          <Champ
            nom="facile"
            libelle="Texte facile à lire"
            lignes={18}
            valeur={contenu.texte.facile}
            erreur={messageDe(etat.erreurs, 'facile')}
            aide="Des phrases courtes, une idée par phrase, des mots de tous les jours."
          />
        </div>
      )}
    </>
  )
}

function AideTexte({ requete, version }: { requete: Requete; version: VersionCourrier }): ReactElement | null {
  const modele = requete.session.referentiel.courriers.get(version.modele)
  if (!modele) return null
  return (
    <Carte titre="Ce qu’un courrier peut citer">
      <ListeDefinition
        lignes={Object.entries(VARIABLES_COURRIER).map(([nom, { libelle, exemple, facultative }]) => ({
          terme: `{${nom}}`,
          valeur: libelle,
          note: `Exemple : « ${exemple} ». ${facultative ? `Peut manquer : l’écrire entre {si ${nom}} et {fin}.` : ''}`,
        }))}
      />
      <p>
        Contacts, seuls sur leur ligne :{' '}
        {Object.keys(BLOCS_COURRIER)
          .map((bloc) => `{bloc:${bloc}}`)
          .join(', ')}
        .
      </p>
      <p>
        <b>Mentions obligatoires</b>, qui ne se retirent pas : {ecrireMentions(modele, requete.session.dept)}.
      </p>
    </Carte>
  )
}

function ChampsPresentation({ etat, requete }: { etat: Etat; requete: Requete }): ReactElement | null {
  const presentation = presentationDe(etat.saisie.contenu)
  if (!presentation) return null
  const { territoires } = lireDepartementCourriers(requete.session)
  const vide: ContactSaisi & { nouveau: true } = {
    bloc: 'adil',
    titre: '',
    lignes: [],
    communes: [],
    territoires: [],
    tribunaux: [],
    nouveau: true,
  }
  const contacts: readonly (ContactSaisi & { nouveau?: true })[] = [...presentation.contacts, vide]
  const blocs = Object.entries(BLOCS_COURRIER).map(([valeur, libelle]) => ({ valeur, libelle }))
  return (
    <>
      <Section titre="Logo" compte="En haut à droite, au-dessus de la fenêtre de l’enveloppe">
        {presentation.logo && <input type="hidden" name="logo-vu" value={presentation.logo.id} />}
        {presentation.logo && (
          <p>
            <img
              className="logo-courrier"
              src={`/modeles/logos/${presentation.logo.id}`}
              alt={presentation.logo.texte}
            />
          </p>
        )}
        <ChampFichier
          nom="logo"
          libelle={presentation.logo ? 'Remplacer le logo' : 'Logo'}
          formats=".png,.jpg,.jpeg"
          libre
          aide={`Image PNG ou JPEG, ${OCTETS_LOGO / 1000} ko au plus.`}
          erreur={messageDe(etat.erreurs, 'logo')}
        />
        <Champ
          nom="logo-texte"
          libelle="Ce qu’il représente, pour qui ne le voit pas"
          libre
          valeur={champ(requete, 'logo-texte') || (presentation.logo?.texte ?? '')}
          longueurMax={120}
          erreur={messageDe(etat.erreurs, 'logo-texte')}
        />
        {presentation.logo && <CaseACocher nom="logo-retirer" libelle="Retirer le logo" />}
      </Section>
      <Section titre="Qui écrit" compte="En tête de la lettre, et sous le texte">
        <input type="hidden" name="expediteurs" value={presentation.expediteurs.length} />
        {presentation.expediteurs.map(({ secretariat, nom, lignes, signataire }, rang) => (
          <Carte
            key={secretariat}
            niveau={3}
            id={`expediteur-${rang}`}
            titre={
              territoires.secretariats.find(({ id }) => id === secretariat)?.service ?? `Secrétariat ${secretariat}`
            }
          >
            <input type="hidden" name={`expediteur-${rang}-secretariat`} value={secretariat} />
            <Champ nom={`expediteur-${rang}-nom`} libelle="Organisme" valeur={nom} longueurMax={120} />
            <Champ
              nom={`expediteur-${rang}-lignes`}
              libelle="Service, adresse, téléphone, courriel"
              lignes={5}
              valeur={lignes.join('\n')}
              aide="Six lignes au plus."
              erreur={messageDe(etat.erreurs, `expediteur-${rang}-lignes`)}
            />
            <Champ
              nom={`expediteur-${rang}-signataire`}
              libelle="Qui signe"
              libre
              aide="Une fonction, jamais le nom d’une personne : « Le secrétariat de la CCAPEX »."
              valeur={signataire}
              longueurMax={120}
            />
          </Carte>
        ))}
      </Section>
      <Section titre="Contacts" compte="Le premier qui convient au lieu du logement est imprimé">
        <input type="hidden" name="contacts" value={contacts.length} />
        {contacts.map((contact, rang) => {
          const nom = (suite: string) => `contact-${rang}-${suite}`
          const lieux = [contact.communes, contact.territoires, contact.tribunaux].some((un) => un.length > 0)
          return (
            <Carte
              // Contacts have no identity but their place.
              // biome-ignore lint/suspicious/noArrayIndexKey: rendered once, on the server
              key={rang}
              niveau={3}
              id={`contact-${rang}`}
              // Several contacts may bear one name, each for its own places.
              titre={
                contact.nouveau
                  ? 'Ajouter un contact'
                  : `Contact ${rang + 1}${contact.titre ? ` : ${contact.titre}` : ''}`
              }
            >
              <Selection
                nom={nom('bloc')}
                libelle="Contact"
                libre
                valeur={contact.nouveau ? '' : contact.bloc}
                vide={contact.nouveau ? 'Aucun' : undefined}
                options={blocs}
              />
              <Champ
                nom={nom('titre')}
                libelle="Nom"
                libre={contact.nouveau}
                valeur={contact.titre}
                longueurMax={240}
              />
              <Champ
                nom={nom('lignes')}
                libelle="Téléphone, adresse, horaires"
                libre={contact.nouveau}
                lignes={3}
                valeur={contact.lignes.join('\n')}
                erreur={messageDe(etat.erreurs, nom('lignes'))}
              />
              <Plus libelle="Seulement pour certains lieux" ouvert={lieux}>
                <Champ
                  nom={nom('communes')}
                  libelle="Communes (codes Insee)"
                  libre
                  valeur={contact.communes.join(', ')}
                />
                <Champ
                  nom={nom('territoires')}
                  libelle="Territoires"
                  libre
                  valeur={contact.territoires.join(', ')}
                  aide={territoires.territoires.map(({ id }) => id).join(', ')}
                />
                <Champ
                  nom={nom('tribunaux')}
                  libelle="Mots du nom du tribunal"
                  libre
                  valeur={contact.tribunaux.join(', ')}
                  aide="Séparés par des virgules, par exemple : chalon, creusot."
                />
              </Plus>
              {!contact.nouveau && <CaseACocher nom={nom('retirer')} libelle="Retirer ce contact" />}
            </Carte>
          )
        })}
      </Section>
    </>
  )
}

function PageModifier({ requete, etat }: { requete: Requete; etat: Etat }): ReactElement {
  const { version, saisie, erreurs, conflit, essai } = etat
  const { session } = requete
  const retour = 'livre' in saisie.contenu
  const livre = contenuLivre(session, version)
  return (
    <Cadre
      requete={requete}
      titre={`Modifier : ${nomDe(session, version)}`}
      courante="courriers"
      large
      erreur={erreurs.length > 0 || conflit}
      chapo={
        retour
          ? 'Retour au texte livré avec Amont. Il s’applique une fois approuvé par un pilote.'
          : 'Brouillon. Rien ne s’applique tant qu’un pilote de l’État ou du Département ne l’a pas approuvé.'
      }
      fil={[
        { libelle: 'Adapter les courriers', href: '/modeles' },
        { libelle: nomDe(session, version), href: adresseVersion(version) },
        { libelle: 'Modifier' },
      ]}
    >
      <ResumeErreurs erreurs={erreurs} titre="Rien n’a été enregistré" />
      <Pile>
        {conflit && (
          <Message ton="retard">
            <p>
              <b>{version.modifie_par_nom} a enregistré ce brouillon entre-temps.</b> Votre saisie est gardée ci-dessous
              et n’a pas été enregistrée. Enregistrer de nouveau remplace ce qui est écrit maintenant :
            </p>
            <Plus libelle="Ce qui est enregistré">
              <pre className="texte-modele" translate="no">
                {'texte' in version.contenu
                  ? [version.contenu.texte.corps, version.contenu.texte.facile].filter(Boolean).join('\n\n———\n\n')
                  : JSON.stringify(version.contenu, null, 2)}
              </pre>
            </Plus>
          </Message>
        )}
        {essai !== undefined && (
          <Carte
            titre="Ce que cela donne"
            aside={
              saisie.dossier === ''
                ? 'Ménage d’exemple, rien n’est enregistré'
                : `Dossier ${saisie.dossier}, rien n’est enregistré`
            }
          >
            <LettreEssayee essai={essai} />
          </Carte>
        )}
        <Formulaire
          action={adresseVersion(version, '/modifier')}
          jeton={requete.connecte.jetonFormulaire}
          champs={{ revision: String(version.revision) }}
          fichiers={version.genre === 'presentation'}
          libelle="Modifier la version"
        >
          <ChampDate
            nom="du"
            libelle="Date d’effet"
            valeur={lireJourSaisi(saisie.du) ?? undefined}
            min={session.jour}
            aide="Pour les courriers préparés à partir de ce jour."
            erreur={messageDe(erreurs, 'du')}
          />
          <Champ
            nom="motif"
            libelle="Pourquoi ce changement"
            lignes={2}
            longueurMax={500}
            valeur={saisie.motif}
            erreur={messageDe(erreurs, 'motif')}
          />
          <Textes etat={etat} />
          <ChampsPresentation etat={etat} requete={requete} />
          {!retour && (
            <>
              {version.genre === 'presentation' && (
                <Selection
                  nom="modele"
                  libelle="Courrier à montrer"
                  libre
                  valeur={saisie.modele}
                  options={[...session.referentiel.courriers.values()]
                    .filter(({ expediteur }) => expediteur === 'secretariat')
                    .map(({ code, libelle }) => ({ valeur: code, libelle }))}
                />
              )}
              {aLeDroit(requete.acteur, 'courrier.consulter') && (
                <Champ
                  nom="dossier"
                  libelle="Voir sur un dossier réel (référence)"
                  libre
                  court
                  valeur={saisie.dossier}
                  aide="Vide : le ménage d’exemple. La lecture du dossier est journalisée."
                  erreur={messageDe(erreurs, 'dossier')}
                />
              )}
            </>
          )}
          <Actions>
            <Bouton genre="principal" icone="ok">
              Enregistrer
            </Bouton>
            {!retour && (
              <Bouton nom="acte" valeur="voir">
                Voir sans enregistrer
              </Bouton>
            )}
            <Bouton href={adresseVersion(version)}>Revenir sans enregistrer</Bouton>
          </Actions>
        </Formulaire>
        {version.genre === 'texte' && !retour && <AideTexte requete={requete} version={version} />}
        {livre && 'texte' in livre && !retour && (
          <Plus libelle="Le texte livré avec Amont">
            <pre className="texte-modele">{livre.texte.corps}</pre>
          </Plus>
        )}
        {version.genre === 'presentation' && (
          <Message>
            <p>
              « {PRESENTATION} » s’imprime sur tous les courriers du département. L’information sur les données
              personnelles et le pied de page sont ajoutés d’office.
            </p>
          </Message>
        )}
      </Pile>
    </Cadre>
  )
}
