import type { ReactElement } from 'react'
import { defaireSituation, situerCommune } from '#rapprochement'
import { type CommuneProposee, libelleTerritoire, normaliserCommune, type Territoires } from '#referentiel'
import {
  type CommuneASituer,
  type CommuneSituee,
  type DossierASituer,
  listerCommunesASituer,
  listerCommunesSituees,
  listerDossiersASituer,
  type Situation,
} from '#signalements'
import { Refus } from '#socle/errors'
import { formatDate, formatInstant, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonPost,
  BoutonsRadio,
  Carte,
  type Colonne,
  EtatVide,
  Etiquettes,
  Formulaire,
  ListeSobre,
  Message,
  Pile,
  ResumeErreurs,
  Section,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { apresRepartition } from '../suites.ts'
import { avecNavigation, ouRefus } from './perimetre.ts'

const ICI = '/recevoir/communes'
const HORS = 'Hors du département'

function territoiresDe({ session }: Pick<Requete, 'session'>): Territoires {
  const departement = session.referentiel.departements.get(session.dept)
  if (!departement) throw new Error(`département ${session.dept} absent from the référentiel`)
  return departement.territoires
}

const nommer = ({ nom, codePostal }: Pick<CommuneASituer, 'nom' | 'codePostal'>): string =>
  codePostal === '' ? nom : `${nom} (${codePostal})`

/** A near commune and the territory it would give. */
function nommerProche(territoires: Territoires, { nom, commune }: CommuneProposee): string {
  const aujourdhui = commune.nomActuel !== null && normaliserCommune(commune.nomActuel) !== normaliserCommune(nom)
  const precision = aujourdhui ? `, aujourd’hui ${commune.nomActuel}` : ''
  return `${nom}${precision} (${libelleTerritoire(territoires, commune.territoire)})`
}

const PROPOSITIONS = 2
const POURQUOI_CONNUE = 'Vraie commune, qu’aucune liste de territoire ne porte, ou que plusieurs portent'

/** What may be answered at once: near communes when the name is unknown, likely territories when it is a true commune. */
function listerPropositions(
  territoires: Territoires,
  { proches, territoires: possibles }: CommuneASituer,
): { valeur: string; libelle: string; bouton: string }[] {
  return [
    ...proches.map((proche) => {
      const libelle = nommerProche(territoires, proche)
      return { valeur: `commune:${proche.nom}`, libelle, bouton: `C’est ${libelle}` }
    }),
    ...possibles.map((territoire) => {
      const libelle = `Territoire : ${libelleTerritoire(territoires, territoire)}`
      return { valeur: `territoire:${territoire}`, libelle, bouton: libelle }
    }),
  ]
}

/** Where a name was placed, in words. */
function nommerLieu(territoires: Territoires, { genre, vers }: Pick<CommuneSituee, 'genre' | 'vers'>): string {
  if (genre === 'hors') return HORS
  return genre === 'territoire' ? `Territoire : ${libelleTerritoire(territoires, vers)}` : vers
}

const adresseSituer = ({ nom, codePostal }: Pick<CommuneASituer, 'nom' | 'codePostal'>): string =>
  `${ICI}/situer?${new URLSearchParams({ nom, ...(codePostal === '' ? {} : { code_postal: codePostal }) })}`

function colonnesASituer(requete: Requete, territoires: Territoires): readonly Colonne<CommuneASituer>[] {
  return [
    {
      cle: 'nom',
      titre: 'Commune écrite',
      principale: true,
      rendre: (commune) => (
        <>
          <a href={adresseSituer(commune)} translate="no">
            {commune.nom}
          </a>
          <small>
            {commune.codePostal === '' ? 'sans code postal' : commune.codePostal}
            {commune.ecritures.length > 0 && `, aussi écrite ${commune.ecritures.join(', ')}`}
          </small>
        </>
      ),
    },
    {
      cle: 'proches',
      titre: 'Propositions',
      large: true,
      rendre: (commune) => {
        const choix = listerPropositions(territoires, commune)
        return choix.length === 0 ? (
          <span className="note">Aucune commune ne ressemble assez</span>
        ) : (
          <>
            <Etiquettes>
              {choix.slice(0, PROPOSITIONS).map(({ valeur, bouton }) => (
                <BoutonPost
                  key={valeur}
                  petit
                  action={ICI}
                  jeton={requete.connecte.jetonFormulaire}
                  champs={{ nom: commune.nom, code_postal: commune.codePostal, lieu: valeur }}
                  libelleLu={`${commune.nom} : ${bouton}`}
                >
                  {bouton}
                </BoutonPost>
              ))}
            </Etiquettes>
            {commune.connue && <small>{POURQUOI_CONNUE}</small>}
          </>
        )
      },
    },
    {
      cle: 'geste',
      titre: 'Geste',
      rendre: (commune) => (
        <Bouton petit href={adresseSituer(commune)} libelleLu={`Situer ${nommer(commune)}`}>
          Autre choix
        </Bouton>
      ),
    },
    {
      cle: 'dossiers',
      titre: 'Dossiers sans territoire',
      numerique: true,
      rendre: ({ dossiers }) => formatNombre(dossiers),
    },
    { cle: 'signaux', titre: 'Signaux', numerique: true, rendre: ({ signalements }) => formatNombre(signalements) },
    { cle: 'dernier', titre: 'Dernier reçu', numerique: true, rendre: ({ dernierLe }) => formatDate(dernierLe) },
  ]
}

function Situees({
  requete,
  territoires,
  situees,
}: {
  requete: Requete
  territoires: Territoires
  situees: readonly CommuneSituee[]
}): ReactElement {
  return (
    <Section titre="Déjà situées" compte="Retenues pour les prochains fichiers. Chacune peut être défaite.">
      <Tableau
        legende="Communes qu’une personne a situées, que l’on peut défaire"
        largeur="moyen"
        colonnes={[
          {
            cle: 'nom',
            titre: 'Commune écrite',
            principale: true,
            rendre: ({ nom, code_postal }) => (
              <span translate="no">
                {nom}
                {code_postal !== '' && <small>{code_postal}</small>}
              </span>
            ),
          },
          { cle: 'lieu', titre: 'Où elle est', rendre: (une) => nommerLieu(territoires, une) },
          {
            cle: 'signaux',
            titre: 'Signaux',
            numerique: true,
            rendre: ({ signalements }) => formatNombre(signalements),
          },
          {
            cle: 'qui',
            titre: 'Par',
            rendre: ({ auteur, a }) => (
              <>
                {auteur ?? 'Amont'}
                <small>{formatInstant(a)}</small>
              </>
            ),
          },
          {
            cle: 'geste',
            titre: 'Geste',
            rendre: ({ id, nom }) => (
              <BoutonPost
                petit
                icone="annuler"
                action={`${ICI}/${id}/defaire`}
                jeton={requete.connecte.jetonFormulaire}
                libelleLu={`Défaire : ${nom}`}
              >
                Défaire
              </BoutonPost>
            ),
          },
        ]}
        lignes={situees}
        cle={({ id }) => id}
      />
    </Section>
  )
}

/** GET /recevoir/communes: names the lists do not place, what each holds up, and what people already said (TER-04). */
export async function montrerCommunes(requete: Requete): Promise<Reponse> {
  const territoires = territoiresDe(requete)
  const communes = await listerCommunesASituer(requete.session)
  const situees = await listerCommunesSituees(requete.session)
  return page(
    <Cadre
      requete={requete}
      courante="recevoir"
      titre={
        communes.length === 0 ? 'Communes à situer' : `${pluriel(communes.length, 'commune', 'communes')} à situer`
      }
      chapo="Une commune que les listes du département ne connaissent pas n’écarte aucun signal : le dossier existe, territoire à déterminer. Dire où elle est place ses dossiers, et sert aux prochains fichiers."
      fil={[{ libelle: 'Fichiers reçus', href: '/recevoir' }, { libelle: 'Communes à situer' }]}
      large
    >
      <Pile>
        {communes.length === 0 ? (
          <EtatVide
            titre="Toutes les communes sont situées"
            geste={{ href: '/recevoir', libelle: 'Revenir aux fichiers reçus' }}
          >
            Chaque signal reçu a son territoire. Un nom inconnu d’un prochain fichier paraîtra ici.
          </EtatVide>
        ) : (
          <Tableau
            legende="Communes inconnues des listes, avec les communes proches"
            colonnes={colonnesASituer(requete, territoires)}
            lignes={communes}
            cle={({ nom, codePostal }) => `${nom} ${codePostal}`}
          />
        )}
        {situees.length > 0 && <Situees requete={requete} territoires={territoires} situees={situees} />}
      </Pile>
    </Cadre>,
  )
}

interface Saisie {
  readonly lieu: string
  readonly commune: string
  readonly territoire: string
  readonly erreurs: readonly { readonly nom: string; readonly message: string }[]
}

/** Communes of the lists that have a territory, by the name of today. */
function listerCommunes(territoires: Territoires): { valeur: string; libelle: string }[] {
  const noms = new Map<string, string>()
  for (const { nomActuel, nomListe, territoire } of territoires.lignes) {
    const nom = nomActuel ?? nomListe
    const autre = noms.get(nom)
    noms.set(nom, autre !== undefined && autre !== territoire ? '' : territoire)
  }
  return [...noms]
    .filter(([, territoire]) => territoire !== '')
    .map(([nom, territoire]) => ({ valeur: nom, libelle: `${nom} (${libelleTerritoire(territoires, territoire)})` }))
    .sort((a, b) => a.libelle.localeCompare(b.libelle, 'fr'))
}

function PageSituer({
  requete,
  commune,
  dossiers,
  saisie,
}: {
  requete: Requete
  commune: CommuneASituer
  dossiers: readonly DossierASituer[]
  saisie: Saisie
}): ReactElement {
  const territoires = territoiresDe(requete)
  const erreur = (nom: string) => saisie.erreurs.find((une) => une.nom === nom)?.message
  return (
    <Cadre
      requete={requete}
      courante="recevoir"
      titre={`Où est ${nommer(commune)} ?`}
      chapo={`${pluriel(commune.signalements, 'signal porte', 'signaux portent')} ce nom ; ${pluriel(commune.dossiers, 'dossier attend', 'dossiers attendent')} un territoire.`}
      fil={[
        { libelle: 'Fichiers reçus', href: '/recevoir' },
        { libelle: 'Communes à situer', href: ICI },
        { libelle: commune.nom },
      ]}
      erreur={saisie.erreurs.length > 0}
    >
      <ResumeErreurs erreurs={saisie.erreurs} />
      <Pile>
        <Carte titre="Où la situer">
          <Formulaire
            action={ICI}
            jeton={requete.connecte.jetonFormulaire}
            champs={{ nom: commune.nom, code_postal: commune.codePostal }}
          >
            <BoutonsRadio
              nom="lieu"
              libelle="Cette commune est"
              valeur={saisie.lieu}
              erreur={erreur('lieu')}
              options={[
                ...listerPropositions(territoires, commune).map(({ valeur, libelle }) => ({ valeur, libelle })),
                { valeur: 'commune', libelle: 'Une autre commune, à choisir dessous' },
                { valeur: 'territoire', libelle: 'Dans un territoire, à choisir dessous' },
                {
                  valeur: 'hors',
                  libelle: HORS,
                  aide: 'Les dossiers restent, sans territoire, et ce nom ne sera plus demandé.',
                },
              ]}
            />
            <div className="champs">
              <Selection
                nom="commune"
                libelle="Commune"
                facultatif
                vide="Choisir une commune"
                valeur={saisie.commune}
                options={listerCommunes(territoires)}
                erreur={erreur('commune')}
              />
              <Selection
                nom="territoire"
                libelle="Territoire"
                facultatif
                vide="Choisir un territoire"
                valeur={saisie.territoire}
                options={territoires.territoires.map(({ id, libelle }) => ({ valeur: id, libelle }))}
                erreur={erreur('territoire')}
              />
            </div>
            <Message>
              <p>
                Retenu pour les prochains fichiers qui écrivent ce nom
                {commune.codePostal === '' ? '' : ' avec ce code postal'}. Les dossiers concernés sont placés aussitôt,
                et leur service est revu. Tout peut être défait.
              </p>
            </Message>
            <Actions>
              <Bouton genre="principal">Situer cette commune</Bouton>
              <Bouton genre="tertiaire" href={ICI}>
                Revenir sans rien changer
              </Bouton>
            </Actions>
          </Formulaire>
        </Carte>
        {dossiers.length > 0 && (
          <Carte
            titre="Dossiers concernés"
            aside={dossiers.length < commune.dossiers ? `${dossiers.length} premiers` : undefined}
          >
            <ListeSobre
              lignes={dossiers.map((dossier) => ({
                cle: dossier.id,
                titre: <a href={`/dossiers/${dossier.reference}`}>{dossier.titulaire || dossier.reference}</a>,
                note: `${dossier.reference}, ${dossier.adresse}, signalé par ${dossier.organisme_nom}`,
              }))}
            />
          </Carte>
        )}
      </Pile>
    </Cadre>
  )
}

/** The name asked for, when it still waits; otherwise null: somebody placed it meanwhile. */
async function trouver(requete: Requete, nom: string, codePostal: string): Promise<CommuneASituer | null> {
  const cle = normaliserCommune(nom)
  const communes = await listerCommunesASituer(requete.session)
  return communes.find((une) => normaliserCommune(une.nom) === cle && une.codePostal === codePostal) ?? null
}

const DEJA_SITUEE = {
  texte: 'Cette commune n’attend plus : quelqu’un l’a déjà située, ou le fichier qui la portait a été retiré.',
  ton: 'info',
} as const

async function montrerSituer(requete: Requete, commune: CommuneASituer, saisie: Saisie): Promise<Reponse> {
  const dossiers = await listerDossiersASituer(requete.session, commune)
  return page(
    <PageSituer requete={requete} commune={commune} dossiers={dossiers} saisie={saisie} />,
    saisie.erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /recevoir/communes/situer?nom=&code_postal=: near communes, any commune, a territory, or outside. */
export async function proposerSituation(requete: Requete): Promise<Reponse> {
  const commune = await trouver(requete, requete.recherche.nom ?? '', requete.recherche.code_postal ?? '')
  if (!commune) return redirection(ICI, DEJA_SITUEE)
  return montrerSituer(requete, commune, { lieu: '', commune: '', territoire: '', erreurs: [] })
}

/** What the form says, or what is missing. */
function lireSituation(requete: Requete): Situation | { nom: string; message: string } {
  const lieu = champ(requete, 'lieu')
  if (lieu.startsWith('commune:')) return { genre: 'commune', vers: lieu.slice('commune:'.length) }
  if (lieu.startsWith('territoire:')) return { genre: 'territoire', vers: lieu.slice('territoire:'.length) }
  if (lieu === 'commune') {
    const vers = champ(requete, 'commune')
    return vers === '' ? { nom: 'commune', message: 'Choisir la commune dans la liste.' } : { genre: 'commune', vers }
  }
  if (lieu === 'territoire') {
    const vers = champ(requete, 'territoire')
    return vers === ''
      ? { nom: 'territoire', message: 'Choisir le territoire dans la liste.' }
      : { genre: 'territoire', vers }
  }
  if (lieu === 'hors') return { genre: 'hors', vers: '' }
  return { nom: 'lieu', message: 'Dire où est cette commune.' }
}

const estErreur = (lue: ReturnType<typeof lireSituation>): lue is { nom: string; message: string } => 'message' in lue

/** POST /recevoir/communes: the answer is remembered, the dossiers are placed, and the whole can be taken back. */
export async function situer(requete: Requete): Promise<Reponse> {
  const [nom, codePostal] = [champ(requete, 'nom'), champ(requete, 'code_postal')]
  const commune = await trouver(requete, nom, codePostal)
  if (!commune) return redirection(ICI, DEJA_SITUEE)
  const lue = lireSituation(requete)
  const refuser = async (erreur: { nom: string; message: string }) =>
    montrerSituer(await avecNavigation(requete), commune, {
      lieu: champ(requete, 'lieu'),
      commune: champ(requete, 'commune'),
      territoire: champ(requete, 'territoire'),
      erreurs: [erreur],
    })
  if (estErreur(lue)) return refuser(lue)
  const fait = await ouRefus(() => situerCommune(requete.session, { nom, codePostal, situation: lue }))
  if (fait instanceof Refus)
    return refuser({ nom: fait.code === 'commune.territoire' ? 'territoire' : 'commune', message: fait.message })
  const territoires = territoiresDe(requete)
  const ou =
    lue.genre === 'hors'
      ? 'hors du département'
      : lue.genre === 'territoire'
        ? `territoire ${libelleTerritoire(territoires, lue.vers)}`
        : lue.vers
  return apresRepartition(
    requete,
    ICI,
    {
      texte: `${nommer(commune)} est située : ${ou}. ${pluriel(fait.dossiers.length, 'dossier revu', 'dossiers revus')} ; retenu pour les prochains fichiers.`,
      defaire: { action: `${ICI}/${fait.alias}/defaire`, libelle: 'Défaire' },
    },
    fait.dossiers,
  )
}

/** POST /recevoir/communes/:id/defaire. */
export async function defaireUneSituation(requete: Requete): Promise<Reponse> {
  const { nom, dossiers } = await defaireSituation(requete.session, requete.parametres.id ?? '')
  return apresRepartition(
    requete,
    ICI,
    {
      texte: `${nom} est de nouveau à situer. ${pluriel(dossiers.length, 'dossier revu', 'dossiers revus')}.`,
      ton: 'info',
    },
    dossiers,
  )
}
