import type { ReactElement } from 'react'
import {
  type Courrier,
  type CourrierModifie,
  choisirCanal,
  deposerModifie,
  ecrireDocxCourrier,
  lireCourrielPossible,
  lireCourrier,
  lireModifie,
  lireOctetsModifies,
  retirerModifie,
} from '#courriers'
import { Introuvable, Refus } from '#socle/errors'
import { formatInstant } from '#socle/typography'
import { type Erreur, messageDe } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonPost,
  BoutonsRadio,
  Carte,
  Champ,
  ChampFichier,
  Formulaire,
  Message,
} from '../composants/index.ts'
import { champ, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseCourrier } from './libelles.ts'

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/** What the cards of this file show of a letter. */
export interface Depart {
  readonly modifie: CourrierModifie | null
  readonly courriel: Awaited<ReturnType<typeof lireCourrielPossible>>
}

export async function lireDepart({ session }: Requete, courrier: Courrier): Promise<Depart> {
  return { modifie: await lireModifie(session, courrier.id), courriel: await lireCourrielPossible(session, courrier) }
}

/** How a letter leaves: on paper or by mail; as composed, or as changed in a word processor. */
export function CartesDepart({
  requete,
  courrier,
  depart,
  agir,
  erreurs,
}: {
  requete: Requete
  courrier: Courrier
  depart: Depart
  agir: boolean
  erreurs: readonly Erreur[]
}): ReactElement | null {
  const ici = adresseCourrier(courrier)
  const jeton = requete.connecte.jetonFormulaire
  const champs = { version: String(courrier.version) }
  const { modifie, courriel } = depart
  const avant = courrier.etat === 'propose' || courrier.etat === 'produit'
  return (
    <>
      {agir && avant && courriel && (
        <Carte titre="Comment il part">
          {courriel.accord ? (
            <Formulaire action={`${ici}/canal`} jeton={jeton} champs={champs} libelle="Comment il part">
              <BoutonsRadio
                nom="canal"
                libelle="Canal"
                valeur={courrier.courriel === null ? 'papier' : 'courriel'}
                options={[
                  { valeur: 'papier', libelle: 'Sur papier' },
                  {
                    valeur: 'courriel',
                    libelle: 'Par courriel, le PDF en pièce jointe',
                    aide: 'Le ménage l’a accepté. Le courriel lui-même ne dit rien du courrier.',
                  },
                ]}
              />
              <Champ
                nom="courriel"
                libelle="Adresse de courriel donnée par le ménage"
                genre="email"
                libre
                valeur={champ(requete, 'courriel') || (courrier.courriel ?? courriel.adresses[0] ?? '')}
                aide={courriel.adresses.length > 1 ? `Connues : ${courriel.adresses.join(', ')}` : undefined}
                erreur={messageDe(erreurs, 'courriel')}
              />
              <Actions>
                <Bouton>Choisir</Bouton>
              </Actions>
            </Formulaire>
          ) : (
            <p>
              Sur papier. Par courriel seulement si le ménage l’accepte
              {courrier.reference !== '' && (
                <>
                  {' '}
                  : le noter dans <a href={`/dossiers/${courrier.reference}/accords`}>Accords du ménage</a>
                </>
              )}
              .
            </p>
          )}
        </Carte>
      )}
      {(modifie || (agir && courrier.etat === 'produit')) && (
        <Carte titre="Traitement de texte">
          {modifie ? (
            <>
              <Message ton="bientot">
                <p>
                  <b>{avant ? 'C’est le document modifié qui partira.' : 'C’est le document modifié qui est parti.'}</b>{' '}
                  Déposé par {modifie.par_nom} le {formatInstant(modifie.a)}. Ses octets exacts sont gardés ; il n’est
                  pas dans le document à imprimer du lot.
                </p>
              </Message>
              <Actions>
                <Bouton petit fichier href={`${ici}/modifie.docx`}>
                  Télécharger le document modifié
                </Bouton>
                {agir && courrier.etat === 'produit' && (
                  <BoutonPost petit action={`${ici}/recomposer`} jeton={jeton} champs={champs} icone="annuler">
                    Revenir au courrier composé
                  </BoutonPost>
                )}
              </Actions>
            </>
          ) : (
            <p>
              <a href={`${ici}/courrier.docx`} download="">
                Télécharger en DOCX
              </a>{' '}
              : une copie de travail. Tant qu’elle n’est pas déposée ici, c’est le PDF qui part.
            </p>
          )}
          {agir && courrier.etat === 'produit' && (
            <Formulaire
              action={`${ici}/modifie`}
              jeton={jeton}
              champs={champs}
              fichiers
              libelle="Déposer le document modifié"
            >
              <ChampFichier
                nom="fichier"
                libelle={modifie ? 'Le remplacer' : 'Déposer le document modifié, tel qu’il partira'}
                formats=".docx"
                aide="DOCX, 2 Mo au plus. Les mentions obligatoires doivent y être."
                erreur={messageDe(erreurs, 'fichier')}
              />
              <Actions>
                <Bouton>Déposer</Bouton>
              </Actions>
            </Formulaire>
          )}
        </Carte>
      )}
    </>
  )
}

type Montrer = (requete: Requete, erreur: Erreur) => Promise<Reponse>

/** Acts of these cards; a refusal is shown beside its field by `montrer`, the page of the letter. */
export function actesDepart(montrer: Montrer) {
  async function agir(
    requete: Requete,
    action: string,
    nom: string,
    acte: (vise: { id: string; version: number }) => Promise<Courrier>,
    texte: string,
  ): Promise<Reponse> {
    try {
      const vise = { id: requete.parametres.id ?? '', version: Number(champ(requete, 'version')) || 0 }
      return redirection(adresseCourrier(await acte(vise)), { texte, ton: 'tenu' })
    } catch (erreur) {
      if (!(erreur instanceof Refus)) throw erreur
      requete.session.consigner({ action, resultat: 'refuse', details: { code: erreur.code } })
      return montrer(requete, { nom, message: erreur.message })
    }
  }
  return {
    /** POST /courriers/:id/canal */
    choisir: (requete: Requete): Promise<Reponse> => {
      const parCourriel = champ(requete, 'canal') === 'courriel'
      return agir(
        requete,
        'courrier.canal',
        'courriel',
        (vise) => choisirCanal(requete.session, vise, parCourriel ? champ(requete, 'courriel') : null),
        parCourriel ? 'Ce courrier partira par courriel.' : 'Ce courrier partira sur papier.',
      )
    },
    /** POST /courriers/:id/modifie */
    deposer: (requete: Requete): Promise<Reponse> => {
      const octets = requete.fichiers[0]?.octets
      if (!octets || octets.length === 0)
        return montrer(requete, { nom: 'fichier', message: 'Choisir le document modifié.' })
      return agir(
        requete,
        'courrier.modifier',
        'fichier',
        (vise) => deposerModifie(requete.session, vise, octets),
        'Document déposé : c’est lui qui partira. Le document à imprimer du lot est refait sans ce courrier.',
      )
    },
    /** POST /courriers/:id/recomposer */
    recomposer: (requete: Requete): Promise<Reponse> =>
      agir(
        requete,
        'courrier.recomposer',
        'fichier',
        (vise) => retirerModifie(requete.session, vise),
        'Le courrier composé partira. Le document à imprimer du lot est refait.',
      ),
  }
}

/** GET /courriers/:id/courrier.docx: the letter to edit. */
export async function telechargerDocx(requete: Requete): Promise<Reponse> {
  const courrier = await lireCourrier(requete.session, requete.parametres.id ?? '')
  const octets = await ecrireDocxCourrier(requete.session, courrier)
  if (!octets) throw new Introuvable()
  return { genre: 'fichier', nom: `${courrier.modele}-${courrier.reference}.docx`, type: DOCX, octets }
}

/** GET /courriers/:id/modifie.docx: the exact bytes that leave. */
export async function telechargerModifie(requete: Requete): Promise<Reponse> {
  const courrier = await lireCourrier(requete.session, requete.parametres.id ?? '')
  const octets = await lireOctetsModifies(requete.session, courrier)
  return { genre: 'fichier', nom: `${courrier.modele}-${courrier.reference}-modifie.docx`, type: DOCX, octets }
}
