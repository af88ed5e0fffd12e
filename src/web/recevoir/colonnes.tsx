import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  COLONNES_DE_BASE,
  COLONNES_IDENTITE,
  type CorrespondanceMemorisee,
  type CorrespondanceProposee,
  colonnesLisibles,
  confirmerCorrespondance,
  type Lot,
  libellesColonnes,
  libellesTypes,
  lireProposition,
  NOMS_COLONNES,
  type NomColonne,
  type Proposition,
  relireAvecColonnes,
  TYPES,
  type TypeSignalement,
} from '#signalements'
import { Conflit, Refus } from '#socle/errors'
import { formatInstant } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  type Colonne,
  Etiquette,
  Formulaire,
  ListeSobre,
  Message,
  type OptionChoix,
  ResumeErreurs,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { champsVus, lireVu, ouConflit, pageConflit } from '../conflit.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseLot, estColonne, estEnCours, nommerColonne, VALEUR_RESERVEE } from './libelles.ts'
import { avecNavigation, ouRefus } from './perimetre.ts'

const VALEURS_MONTREES = 3
const LONGUEUR_MONTREE = 60
/** Thirteen or fifteen digits that read as a social-security number: shown to nobody. */
const COMME_UN_NIR = /^[1-478]\d{4}(?:\d{2}|2[ab])\d{6}(?:\d{2})?$/i

/** One header of the file, with what a person needs to say what it is. */
interface LigneColonne {
  readonly rang: number
  readonly proposition: Proposition
  readonly valeurs: readonly string[]
  readonly choisie: NomColonne | null
  readonly erreur: string | undefined
}

const nomChamp = (rang: number): string => `colonne-${rang}`

interface Choix {
  /** Our column for each header, by rank. */
  readonly colonnes: readonly (NomColonne | null)[]
  readonly type: TypeSignalement | null
}

interface Erreur {
  readonly nom?: string
  readonly message: string
}

/** The choice to start from: what was decided for this file, otherwise for another with the same columns, otherwise what is proposed. */
function proposerChoix(lot: Lot, proposee: CorrespondanceProposee, memorisee: CorrespondanceMemorisee | null): Choix {
  return choixDe(lot.etat === 'a_correspondre' ? (memorisee?.colonnes ?? {}) : lot.correspondance, proposee)
}

function choixDe(mapping: object, { propositions, correspondance }: CorrespondanceProposee): Choix {
  const decidee = mapping as Partial<Decidee>
  const type = { ...correspondance.constantes, ...decidee.constantes }.type
  return {
    colonnes: propositions.map(({ entete, colonne }) => {
      const normal = entete.trim().toLowerCase()
      return decidee.colonnes && Object.hasOwn(decidee.colonnes, normal) ? (decidee.colonnes[normal] ?? null) : colonne
    }),
    type: estType(type) ? type : null,
  }
}

interface Decidee {
  readonly colonnes: Readonly<Record<string, NomColonne | null>>
  readonly constantes: Readonly<Partial<Record<NomColonne, string>>>
}

const estType = (texte: string | undefined): texte is TypeSignalement =>
  texte !== undefined && Object.hasOwn(TYPES, texte)

function lireChoix(requete: Requete, propositions: readonly Proposition[]): Choix {
  const type = champ(requete, 'type_constant')
  return {
    colonnes: propositions.map((_, rang) => {
      const choisie = champ(requete, nomChamp(rang))
      return estColonne(choisie) ? choisie : null
    }),
    type: estType(type) ? type : null,
  }
}

/** Base columns that nothing gives yet; of the two names, one is enough. */
function trouverManquantes({ colonnes, type }: Choix): readonly NomColonne[] {
  const donnees = new Set(colonnes)
  const manquantes: NomColonne[] = COLONNES_DE_BASE.filter(
    (nom) => !donnees.has(nom) && !(nom === 'type' && type !== null),
  )
  if (!COLONNES_IDENTITE.some((nom) => donnees.has(nom))) manquantes.push(COLONNES_IDENTITE[0])
  return manquantes
}

function verifier(choix: Choix): Erreur[] {
  const vues = new Map<NomColonne, number>()
  const doubles: Erreur[] = []
  for (const [rang, colonne] of choix.colonnes.entries()) {
    if (colonne === null) continue
    if (vues.has(colonne))
      doubles.push({
        nom: nomChamp(rang),
        message: `« ${nommerColonne(colonne)} » est choisie deux fois. Garder une seule des deux colonnes.`,
      })
    else vues.set(colonne, rang)
  }
  const manquantes = trouverManquantes(choix).map((nom): Erreur => {
    if (nom === 'type')
      return {
        nom: 'type_constant',
        message: 'Dire quelle colonne donne la nature du signalement, ou choisir une nature pour toutes les lignes.',
      }
    return {
      message: `Dire quelle colonne donne « ${nom === 'nom_usage' ? 'Nom d’usage, ou nom de naissance' : nommerColonne(nom)} ». Sans elle, le fichier ne peut pas être lu.`,
    }
  })
  return [...doubles, ...manquantes]
}

function Origine({ proposition }: { proposition: Proposition }): ReactElement {
  switch (proposition.origine) {
    case 'exacte':
      return <Etiquette ton="tenu">même nom</Etiquette>
    case 'synonyme':
      return <Etiquette ton="info">nom connu</Etiquette>
    case 'ressemblance':
      return (
        <>
          <Etiquette ton="reserve">à confirmer</Etiquette>{' '}
          <span className="note">
            ressemble à « {proposition.suggestion ? nommerColonne(proposition.suggestion) : ''} »
          </span>
        </>
      )
    case 'aucune':
      return (
        <Etiquette ton="neutre" icone="info">
          inconnue
        </Etiquette>
      )
  }
}

const OPTIONS: readonly OptionChoix[] = NOMS_COLONNES.map((nom) => ({ valeur: nom, libelle: libellesColonnes[nom] }))

/** The resemblance comes first in the list: a person still has to choose it. */
function optionsPour({ suggestion }: Proposition): readonly OptionChoix[] {
  if (suggestion === null) return OPTIONS
  return [
    { valeur: suggestion, libelle: `${libellesColonnes[suggestion]} (ressemblance)` },
    ...OPTIONS.filter(({ valeur }) => valeur !== suggestion),
  ]
}

function Valeurs({ valeurs }: { valeurs: readonly string[] }): ReactElement {
  if (valeurs.length === 0) return <span className="note">(vide)</span>
  return (
    <>
      {valeurs.map((valeur, rang) => (
        // Values repeat: their place is their only identity.
        // biome-ignore lint/suspicious/noArrayIndexKey: rendered once, on the server
        <span key={rang}>
          <span className="cell" translate="no">
            {valeur}
          </span>{' '}
        </span>
      ))}
    </>
  )
}

const raccourcir = (texte: string): string =>
  texte.length > LONGUEUR_MONTREE ? `${texte.slice(0, LONGUEUR_MONTREE).toWellFormed()}…` : texte

function extraireValeurs(apercu: readonly (readonly string[])[], rang: number, cachees: boolean): string[] {
  const remplies = apercu.map((ligne) => ligne[rang] ?? '').filter((valeur) => valeur !== '')
  if (cachees) return remplies.length === 0 ? [] : [`(${VALEUR_RESERVEE})`]
  return remplies
    .slice(0, VALEURS_MONTREES)
    .map((valeur) => (COMME_UN_NIR.test(valeur.replace(/\s/g, '')) ? '(numéro masqué)' : raccourcir(valeur)))
}

function NomDansLeFichier({ rang, proposition, valeurs }: LigneColonne): ReactElement {
  return (
    <>
      {proposition.entete === '' ? (
        `Colonne ${rang + 1} (sans nom)`
      ) : (
        <b translate="no">{raccourcir(proposition.entete)}</b>
      )}
      <br />
      <Valeurs valeurs={valeurs} />
    </>
  )
}

/** Two columns, so that the answer stays beside the question on a small screen too. */
const colonnesDe = (modifiable: boolean): readonly Colonne<LigneColonne>[] => [
  {
    cle: 'entete',
    titre: 'Dans le fichier',
    note: 'et ses premières valeurs',
    principale: true,
    rendre: NomDansLeFichier,
  },
  {
    cle: 'choix',
    titre: 'Dans Amont',
    rendre: ({ rang, proposition, choisie, erreur }) =>
      proposition.entete === '' || !modifiable ? (
        choisie === null ? (
          <span className="note">Gardée telle quelle</span>
        ) : (
          nommerColonne(choisie)
        )
      ) : (
        <>
          <Origine proposition={proposition} />
          <div className="mt2">
            <Selection
              nom={nomChamp(rang)}
              libelle={`Colonne d’Amont pour ${raccourcir(proposition.entete)}`}
              libelleMuet
              libre
              vide="Garder telle quelle"
              valeur={choisie ?? ''}
              options={optionsPour(proposition)}
              erreur={erreur}
            />
          </div>
        </>
      ),
  },
]

function Indispensables({ choix, propositions }: { choix: Choix; propositions: readonly Proposition[] }): ReactElement {
  const manquantes = new Set(trouverManquantes(choix))
  const source = (nom: NomColonne): string | undefined => propositions[choix.colonnes.indexOf(nom)]?.entete
  return (
    <Carte titre="Colonnes indispensables">
      <ListeSobre
        lignes={[...COLONNES_DE_BASE, COLONNES_IDENTITE[0]].map((nom) => {
          const trouvee = nom === 'nom_usage' ? (source('nom_usage') ?? source('nom_naissance')) : source(nom)
          return {
            cle: nom,
            titre: nom === 'nom_usage' ? 'Nom d’usage, ou nom de naissance' : nommerColonne(nom),
            note:
              trouvee !== undefined ? (
                <span translate="no">{raccourcir(trouvee)}</span>
              ) : nom === 'type' && choix.type !== null ? (
                `Toutes les lignes : ${libellesTypes[choix.type]}`
              ) : undefined,
            droite: manquantes.has(nom) ? (
              <Etiquette ton="retard">manque</Etiquette>
            ) : (
              <Etiquette ton="tenu">trouvée</Etiquette>
            ),
          }
        })}
      />
    </Carte>
  )
}

/** `indiquer` before the file can be read, `changer` once it is, `lire` for whoever may only look. */
type Mode = 'indiquer' | 'changer' | 'lire'

function choisirMode({ acteur }: Pick<Requete, 'acteur'>, lot: Lot): Mode {
  if (!aLeDroit(acteur, 'lot.deposer')) return 'lire'
  return lot.etat === 'a_correspondre' ? 'indiquer' : lot.etat === 'traite' ? 'changer' : 'lire'
}

const TEXTES = {
  indiquer: {
    titre: 'Dire quelle colonne est laquelle',
    chapo:
      'Votre réponse est gardée : les prochains fichiers de cet organisme avec ces colonnes seront lus directement.',
    bouton: 'Enregistrer et lire le fichier',
  },
  changer: {
    titre: 'Correspondance des colonnes',
    chapo:
      'Changée, la correspondance est gardée pour les prochains fichiers, et celui-ci est relu : ses lignes mettent à jour leurs signalements.',
    bouton: 'Enregistrer et relire le fichier',
  },
  lire: { titre: 'Correspondance des colonnes', chapo: 'Comment les colonnes du fichier ont été lues.', bouton: '' },
} as const satisfies Record<Mode, { titre: string; chapo: string; bouton: string }>

interface Etat {
  readonly lot: Lot
  readonly proposition: CorrespondanceProposee
  readonly apercu: readonly (readonly string[])[]
  readonly choix: Choix
  readonly erreurs: readonly Erreur[]
  /** Mark of the columns as their reader sees them. */
  readonly version: string
  /** Choices typed while the file is being read stay on the page, to be sent again. */
  readonly mode?: Mode
}

function PageColonnes({ requete, etat }: { requete: Requete; etat: Etat }): ReactElement {
  const { lot, proposition, apercu, choix, erreurs } = etat
  const { propositions } = proposition
  const mode = etat.mode ?? choisirMode(requete, lot)
  const lisible = colonnesLisibles(requete.session, lot.organisme)
  const erreur = (nom: string) => erreurs.find((une) => une.nom === nom)?.message
  const lignes: LigneColonne[] = propositions.map((une, rang) => ({
    rang,
    proposition: une,
    valeurs: extraireValeurs(
      apercu,
      rang,
      [une.colonne, une.suggestion, choix.colonnes[rang]].some((nom) => typeof nom === 'string' && !lisible(nom)),
    ),
    choisie: choix.colonnes[rang] ?? null,
    erreur: erreur(nomChamp(rang)),
  }))
  return (
    <Cadre
      requete={requete}
      courante="recevoir"
      titre={TEXTES[mode].titre}
      chapo={
        <>
          <span translate="no">{lot.nom}</span>, {lot.organisme_nom}. {TEXTES[mode].chapo}
        </>
      }
      fil={[
        { libelle: 'Fichiers reçus', href: '/recevoir' },
        { libelle: lot.nom, href: adresseLot(lot.id) },
        { libelle: 'Colonnes' },
      ]}
      erreur={erreurs.length > 0}
    >
      <Formulaire
        action={adresseLot(lot.id, '/colonnes')}
        jeton={requete.connecte.jetonFormulaire}
        champs={champsVus([['colonnes', etat.version]])}
        classe="pile"
      >
        <ResumeErreurs titre="Les colonnes n’ont pas été enregistrées" erreurs={erreurs} />
        {mode === 'indiquer' && propositions.every(({ colonne }) => colonne === null) && (
          <Message ton="bientot">
            <p>
              Aucun nom de colonne n’est connu. Si la première ligne du fichier porte déjà un ménage, il manque la ligne
              d’en-tête : l’ajouter, puis déposer à nouveau.
            </p>
          </Message>
        )}
        <Indispensables choix={choix} propositions={propositions} />
        {mode !== 'lire' && !choix.colonnes.includes('type') && (
          <Selection
            nom="type_constant"
            libelle="Nature du signalement, si aucune colonne ne la donne"
            aide="La même pour toutes les lignes du fichier."
            libre
            vide="Une colonne la donne"
            valeur={choix.type ?? ''}
            options={Object.entries(libellesTypes).map(([valeur, libelle]) => ({ valeur, libelle }))}
            erreur={erreur('type_constant')}
          />
        )}
        <Tableau
          legende="Colonnes du fichier, leurs premières valeurs et la colonne d’Amont"
          colonnes={colonnesDe(mode !== 'lire')}
          lignes={lignes}
          cle={({ rang }) => String(rang)}
          largeur="etroit"
        />
        <Actions>
          {mode !== 'lire' && <Bouton genre="principal">{TEXTES[mode].bouton}</Bouton>}
          <Bouton href={adresseLot(lot.id)}>{mode === 'indiquer' ? 'Plus tard' : 'Revenir au dépôt'}</Bouton>
        </Actions>
      </Formulaire>
    </Cadre>
  )
}

/** GET /recevoir/:lot/colonnes: the mapping screen, before or after the file is read. A file that cannot be read has none. */
export async function montrerColonnes(requete: Requete): Promise<Reponse> {
  const id = requete.parametres.lot ?? ''
  const { lot, proposition, apercu, memorisee, version } = await lireProposition(requete.session, id)
  if (lot.etat === 'refuse' || proposition.propositions.length === 0) return redirection(adresseLot(id))
  const choix = proposerChoix(lot, proposition, memorisee)
  return page(<PageColonnes requete={requete} etat={{ lot, proposition, apercu, choix, erreurs: [], version }} />)
}

type LueACorrespondre = Awaited<ReturnType<typeof lireProposition>>

const TELLE_QUELLE = 'Gardée telle quelle'
const nommerChoix = (nom: NomColonne | null | undefined): string => (nom ? nommerColonne(nom) : TELLE_QUELLE)

/** What two people said of the same columns, for those where they differ. */
function listerDivergences({ proposition, memorisee, lot }: LueACorrespondre, choix: Choix) {
  const theirs = choixDe(memorisee?.colonnes ?? lot.correspondance, proposition)
  const colonnes = proposition.propositions.flatMap(({ entete }, rang) =>
    entete === '' || (choix.colonnes[rang] ?? null) === (theirs.colonnes[rang] ?? null)
      ? []
      : [
          {
            cle: nomChamp(rang),
            libelle: raccourcir(entete),
            saisie: nommerChoix(choix.colonnes[rang]),
            enregistree: nommerChoix(theirs.colonnes[rang]),
          },
        ],
  )
  // A column of the file is worth more than one nature for all lines.
  const nature = ({ colonnes: choisies, type }: Choix): string =>
    type === null || choisies.includes('type') ? 'Une colonne la donne' : libellesTypes[type]
  const [saisie, enregistree] = [nature(choix), nature(theirs)]
  return saisie === enregistree
    ? colonnes
    : [...colonnes, { cle: 'type_constant', libelle: 'Nature du signalement', saisie, enregistree }]
}

/** Somebody said which column is which first: both mappings, and which one stays. */
async function comparer(requete: Requete, lue: LueACorrespondre, choix: Choix, message: string): Promise<Reponse> {
  const { lot, memorisee, version } = lue
  const versions = listerDivergences(lue, choix)
  if (versions.length === 0)
    return redirection(adresseLot(lot.id), {
      texte: 'Ces colonnes sont déjà enregistrées : quelqu’un a fait les mêmes choix.',
      ton: 'info',
    })
  return pageConflit(requete, {
    message,
    quoi: `Colonnes de ${lot.nom}`,
    courante: 'recevoir',
    fil: [
      { libelle: 'Fichiers reçus', href: '/recevoir' },
      { libelle: lot.nom, href: adresseLot(lot.id) },
      { libelle: 'Deux correspondances' },
    ],
    versions: versions.map((une) => ({
      ...une,
      qui: memorisee ? `${memorisee.auteur ?? 'Amont'}, le ${formatInstant(memorisee.memorisee_a)}` : undefined,
    })),
    conseil:
      lot.etat === 'a_correspondre'
        ? 'Seules les colonnes qui diffèrent sont montrées. Enregistrer les vôtres les retient aussi pour les prochains fichiers.'
        : `Seules les colonnes qui diffèrent sont montrées. Le fichier est lu avec celles qui sont enregistrées. Avec les vôtres, il est relu et ses lignes mettent à jour leurs signalements${estEnCours(lot) ? ', une fois la lecture en cours finie' : ''}.`,
    garder: { libelle: 'Garder les colonnes enregistrées', href: adresseLot(lot.id) },
    remplacer: {
      libelle: 'Enregistrer mes colonnes',
      action: adresseLot(lot.id, '/colonnes'),
      champs: {
        ...Object.fromEntries(choix.colonnes.map((colonne, rang) => [nomChamp(rang), colonne ?? ''])),
        type_constant: choix.type ?? '',
        ...champsVus([['colonnes', version]]),
      },
    },
  })
}

/** POST /recevoir/:lot/colonnes: a person's choice is checked, remembered for the organisme, and the file is read with it. */
export async function choisirColonnes(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const id = requete.parametres.lot ?? ''
  const lue = await lireProposition(session, id)
  const { lot, proposition, apercu, version } = lue
  const choix = lireChoix(requete, proposition.propositions)
  const vu = lireVu(requete, 'colonnes')
  const refuser = async (erreurs: readonly Erreur[], mode?: Mode) =>
    page(
      <PageColonnes
        requete={await avecNavigation(requete)}
        etat={{ lot, proposition, apercu, choix, erreurs, version: vu ?? version, ...(mode ? { mode } : {}) }}
      />,
      422,
    )
  if (vu !== undefined && vu !== version)
    return comparer(requete, lue, choix, 'Quelqu’un a dit quelles sont ces colonnes depuis que la page est ouverte.')
  if (estEnCours(lot))
    return refuser(
      [
        {
          message:
            'Ce fichier est en cours de lecture. Attendre la fin, puis enregistrer à nouveau : vos choix restent ici.',
        },
      ],
      'changer',
    )
  if (choisirMode(requete, lot) === 'lire') {
    return redirection(adresseLot(id), {
      texte: 'Les colonnes de ce fichier ne peuvent pas être changées maintenant.',
      ton: 'info',
    })
  }
  const erreurs = verifier(choix)
  if (erreurs.length > 0) return refuser(erreurs)
  const colonnes = Object.fromEntries(
    proposition.propositions.flatMap(({ entete }, rang) =>
      entete === '' ? [] : [[entete, choix.colonnes[rang] ?? null]],
    ),
  )
  const constantes = choix.type === null ? {} : { type: choix.type }
  const appliquer = lot.etat === 'a_correspondre' ? confirmerCorrespondance : relireAvecColonnes
  const fait = await ouConflit(requete, 'lot.correspondre', () =>
    ouRefus(() => appliquer(session, id, colonnes, constantes, vu)),
  )
  if (fait instanceof Conflit) return comparer(requete, await lireProposition(session, id), choix, fait.message)
  if (fait instanceof Refus) return refuser([{ message: fait.message }])
  return redirection(adresseLot(fait.id), {
    texte: 'Colonnes enregistrées. Les prochains fichiers de cet organisme avec ces colonnes seront lus directement.',
  })
}
