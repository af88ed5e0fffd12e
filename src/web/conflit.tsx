import type { ReactElement, ReactNode } from 'react'
import { Conflit } from '#socle/errors'
import { Cadre } from './cadre.tsx'
import { Actions, Bouton, BoutonPost, DeuxVersions, Message, Pile, ResumeErreurs } from './composants/index.ts'
import { lireNavigation } from './navigation.ts'
import { page, type Reponse, type Requete } from './route.ts'

/**
 * What a form and its act share so that two people never overwrite each other unseen. The form carries, for each thing it acts on, the mark of what its reader saw
 * (`champsVus`); the module compares it with what is there, under lock, and throws `Conflit` before it writes; the screen then shows both versions (`pageConflit`),
 * with what was typed kept and a fresh mark, so that the person chooses.
 */
const PREFIXE = 'vu-'

/** Hidden fields of a form: one mark for each thing acted on. */
export function champsVus(versions: Iterable<readonly [string, string]>): Record<string, string> {
  return Object.fromEntries([...versions].map(([cle, version]) => [`${PREFIXE}${cle}`, version]))
}

/** The mark a form carries back for one thing; undefined when the form showed none. */
export function lireVu(requete: Pick<Requete, 'champs'>, cle: string): string | undefined {
  return requete.champs[`${PREFIXE}${cle}`]?.at(-1)
}

/** Runs an act and gives back the conflict it met, journalled like any other refusal. Nothing was written before it was thrown. */
export async function ouConflit<T>(
  requete: Pick<Requete, 'session'>,
  action: string,
  acte: () => Promise<T>,
): Promise<T | Conflit> {
  try {
    return await acte()
  } catch (erreur) {
    if (!(erreur instanceof Conflit)) throw erreur
    requete.session.consigner({ action, resultat: 'refuse', details: { code: erreur.code } })
    return erreur
  }
}

/** One thing two people acted on: what was typed here, what is recorded, by whom. */
export interface VersionsDUneChose {
  readonly cle: string
  readonly libelle: string
  readonly saisie: string | null
  readonly enregistree: string | null
  readonly qui?: string | undefined
}

export interface ProprietesConflit {
  /** What happened, in a sentence: the message of the conflict says it. */
  readonly message: string
  /** What the two versions are about: « Réponses au tableau n° 12 ». */
  readonly quoi: string
  readonly courante: string
  readonly fil: readonly { readonly libelle: string; readonly href?: string }[]
  readonly versions: readonly VersionsDUneChose[]
  /** What each choice does, and what cannot be done from here. */
  readonly conseil: ReactNode
  /** Leaves what is recorded. */
  readonly garder:
    | { readonly libelle: string; readonly href: string }
    | { readonly libelle: string; readonly action: string; readonly champs: ChampsEnvoyes }
  /** Records what was typed after all, with fresh marks; null when it no longer can. */
  readonly remplacer: { readonly libelle: string; readonly action: string; readonly champs: ChampsEnvoyes } | null
  /** A third way, when there is one. */
  readonly autre?: { readonly libelle: string; readonly action: string; readonly champs?: ChampsEnvoyes } | undefined
}
type ChampsEnvoyes = Readonly<Record<string, string | readonly string[]>>

function PageConflit({ requete, conflit }: { requete: Requete; conflit: ProprietesConflit }): ReactElement {
  const { garder, remplacer, autre } = conflit
  const jeton = requete.connecte.jetonFormulaire
  return (
    <Cadre
      requete={requete}
      titre="Quelqu’un est passé avant vous"
      chapo={`${conflit.quoi}. Votre saisie est gardée sur cette page : choisir la version qui reste.`}
      courante={conflit.courante}
      fil={conflit.fil}
      large
      erreur
    >
      <ResumeErreurs titre="Rien n’a été enregistré" erreurs={[{ message: conflit.message }]} />
      <Pile>
        <DeuxVersions
          legende="Les deux versions"
          gauche={{ titre: 'Votre saisie' }}
          droite={{ titre: 'Enregistré maintenant' }}
          champs={conflit.versions.map(({ cle, libelle, saisie, enregistree, qui }) => ({
            cle,
            libelle,
            gauche: saisie,
            droite: enregistree,
            note: qui,
          }))}
        />
        <Message>
          <p>{conflit.conseil}</p>
        </Message>
        <Actions>
          {'href' in garder ? (
            <Bouton genre="principal" href={garder.href}>
              {garder.libelle}
            </Bouton>
          ) : (
            <BoutonPost genre="principal" action={garder.action} champs={garder.champs} jeton={jeton}>
              {garder.libelle}
            </BoutonPost>
          )}
          {remplacer && (
            <BoutonPost action={remplacer.action} champs={remplacer.champs} jeton={jeton}>
              {remplacer.libelle}
            </BoutonPost>
          )}
          {autre && (
            <BoutonPost action={autre.action} champs={autre.champs} jeton={jeton} icone="annuler">
              {autre.libelle}
            </BoutonPost>
          )}
        </Actions>
      </Pile>
    </Cadre>
  )
}

/** Both versions side by side, 409: what was typed, what is recorded, and the ways out. */
export async function pageConflit(requete: Requete, conflit: ProprietesConflit): Promise<Reponse> {
  const navigation = { ...(await lireNavigation(requete.session)), message: null }
  return page(<PageConflit requete={{ ...requete, navigation }} conflit={conflit} />, 409)
}
