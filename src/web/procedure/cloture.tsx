import type { ReactElement } from 'react'
import {
  cloreDossier,
  DIT_ISSUE_ANCIENNE,
  type Dossier,
  estIssueAncienne,
  MOTIFS_REOUVERTURE,
  type MotifReouverture,
  rouvrirDossier,
} from '#dossiers'
import { ISSUES, type IssueCodee } from '#procedure'
import { deriverDossiers } from '#rapprochement'
import { Conflit } from '#socle/errors'
import { formatDate } from '#socle/typography'
import { nommerDossier } from '../accompagner/menage.ts'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  ChampDate,
  Formulaire,
  Message,
  Pile,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { ouConflit } from '../conflit.tsx'
import { CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseProcedure } from './formulaire.tsx'

const estIssue = (code: string): code is IssueCodee => Object.hasOwn(ISSUES, code)
const estMotif = (code: string): code is MotifReouverture => Object.hasOwn(MOTIFS_REOUVERTURE, code)

/** The outcome of a closed dossier, in words. */
export const ecrireIssue = (code: string | null): string | null =>
  code !== null && estIssue(code) ? ISSUES[code] : null

interface SaisieCloture {
  readonly issue: string
  readonly le: string
  readonly erreurs: readonly Erreur[]
}

function PageClore({
  requete,
  dossier,
  saisie,
}: {
  requete: Requete
  dossier: Dossier
  saisie: SaisieCloture
}): ReactElement {
  return (
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace="procedure"
      titre={`Clore le dossier de ${nommerDossier(dossier)}`}
      acte="Clore"
    >
      <Pile>
        <ResumeErreurs erreurs={saisie.erreurs} titre="Le dossier n’a pas été clos" />
        <Carte titre="L’issue">
          <Formulaire action={adresseProcedure(dossier, '/clore')} jeton={requete.connecte.jetonFormulaire}>
            <div className="champs">
              <Selection
                nom="issue"
                libelle="Comment la situation s’est dénouée"
                vide="Choisir"
                valeur={saisie.issue}
                erreur={messageDe(saisie.erreurs, 'issue')}
                options={Object.entries(ISSUES).map(([valeur, libelle]) => ({ valeur, libelle }))}
              />
              <ChampDate
                nom="le"
                libelle="Depuis le"
                valeur={saisie.le || undefined}
                max={requete.session.jour}
                erreur={messageDe(saisie.erreurs, 'le')}
              />
            </div>
            <Message>
              <p>
                Le dossier sort des tableaux et des files. Tout ce qu’il contient reste lisible, et il peut être rouvert
                avec un motif.
              </p>
            </Message>
            <Actions>
              <Bouton genre="principal">Clore ce dossier</Bouton>
              <Bouton genre="tertiaire" href={adresseProcedure(dossier)}>
                Revenir à la procédure
              </Bouton>
            </Actions>
          </Formulaire>
        </Carte>
      </Pile>
    </CadreDossier>
  )
}

/** GET /dossiers/:reference/procedure/clore; `issue` comes from the act that suggests it. */
export async function proposerCloture(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  if (dossier.clos_le) return redirection(adresseProcedure(dossier, '#cloture'))
  const saisie = { issue: requete.recherche.issue ?? '', le: requete.recherche.le ?? '', erreurs: [] }
  return page(<PageClore requete={requete} dossier={dossier} saisie={saisie} />)
}

/** POST /dossiers/:reference/procedure/clore (DOS-30). */
export async function cloreUnDossier(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const issue = champ(requete, 'issue')
  const saisi = champ(requete, 'le')
  const le = lireJourSaisi(saisi)
  const erreurs: Erreur[] = [
    ...(estIssue(issue) ? [] : [{ nom: 'issue', message: 'Choisir l’issue dans la liste.' }]),
    ...(le === null
      ? [{ nom: 'le', message: 'Donner la date de l’issue, par exemple 20/11/2026.' }]
      : Temporal.PlainDate.compare(le, session.jour) > 0
        ? [{ nom: 'le', message: 'La date de l’issue ne peut pas être à venir.' }]
        : estIssueAncienne(dossier, le)
          ? [{ nom: 'le', message: DIT_ISSUE_ANCIENNE }]
          : []),
  ]
  if (!estIssue(issue) || le === null || erreurs.length > 0)
    return page(<PageClore requete={requete} dossier={dossier} saisie={{ issue, le: saisi, erreurs }} />, 422)
  const fait = await ouConflit(requete, 'dossier.clore', () =>
    cloreDossier(session, { dossier: dossier.id, issue, le }),
  )
  if (fait instanceof Conflit)
    return redirection(adresseProcedure(dossier, '#cloture'), { texte: fait.message, ton: 'bientot' })
  return redirection(adresseProcedure(dossier, '#cloture'), {
    texte: `Dossier clos : ${ISSUES[issue].toLowerCase()}.`,
    defaire: {
      action: adresseProcedure(dossier, '/rouvrir'),
      libelle: 'Défaire',
      champs: { motif: 'erreur' },
    },
  })
}

/** POST /dossiers/:reference/procedure/rouvrir (DOS-04): the reason is chosen on the page of the procedure. */
export async function rouvrirUnDossier(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const motif = champ(requete, 'motif')
  const retour = adresseProcedure(dossier, '#cloture')
  if (!estMotif(motif))
    return redirection(retour, {
      texte: 'Dire pourquoi ce dossier est rouvert : le motif reste dans la chronologie.',
      ton: 'bientot',
    })
  const refusee = await tenter(
    requete.session,
    'dossier.rouvrir',
    () => 'motif',
    async () => {
      await rouvrirDossier(requete.session, { dossier: dossier.id, motif })
      // Closed, it was derived no more: rules and days went by.
      await deriverDossiers(requete.session, [dossier.id])
    },
  )
  if (refusee) return redirection(retour, { texte: refusee.message, ton: 'bientot' })
  return redirection(retour, { texte: `Dossier rouvert : ${MOTIFS_REOUVERTURE[motif].toLowerCase()}.` })
}

/** Closing, or what it was closed with and how to open it again. */
export function CarteCloture({
  requete,
  dossier,
  peut,
  issue,
}: {
  requete: Requete
  dossier: Dossier
  peut: boolean
  /** Suggested by an act. */
  issue: { readonly code: IssueCodee; readonly le: string } | null
}): ReactElement | null {
  const { clos_le, motif_cloture, signal_depuis_cloture } = dossier
  if (clos_le) {
    return (
      <Carte titre="Dossier clos" id="cloture">
        <p>
          Clos le {formatDate(clos_le)}. Issue :{' '}
          {ecrireIssue(motif_cloture)?.toLowerCase() ?? 'plus aucun signal rattaché'}.
        </p>
        {signal_depuis_cloture && (
          <Message ton="bientot">
            <p>
              <b>Un signal est arrivé le {formatDate(signal_depuis_cloture)}, depuis la clôture.</b> Rouvrir le dossier
              si la situation reprend.
            </p>
            {peut && motif_cloture !== null && (
              <BoutonPost
                petit
                action={adresseProcedure(dossier, '/clore')}
                jeton={requete.connecte.jetonFormulaire}
                champs={{ issue: motif_cloture, le: clos_le.toString() }}
              >
                Le laisser clos
              </BoutonPost>
            )}
          </Message>
        )}
        {peut && ecrireIssue(motif_cloture) !== null && (
          <Formulaire
            action={adresseProcedure(dossier, '/rouvrir')}
            jeton={requete.connecte.jetonFormulaire}
            libelle="Rouvrir le dossier"
          >
            <Selection
              nom="motif"
              libelle="Pourquoi le rouvrir"
              vide="Choisir"
              options={Object.entries(MOTIFS_REOUVERTURE).map(([valeur, libelle]) => ({ valeur, libelle }))}
            />
            <Actions>
              <Bouton>Rouvrir ce dossier</Bouton>
            </Actions>
          </Formulaire>
        )}
      </Carte>
    )
  }
  if (!peut) return null
  return (
    <Carte titre="Clôture" id="cloture">
      {issue && (
        <p>
          Un acte le permet : « {ISSUES[issue.code]} », {formatDate(issue.le)}.
        </p>
      )}
      <Actions>
        <Bouton
          href={adresseProcedure(
            dossier,
            `/clore${issue ? `?${new URLSearchParams({ issue: issue.code, le: issue.le })}` : ''}`,
          )}
        >
          Clore ce dossier
        </Bouton>
      </Actions>
    </Carte>
  )
}
