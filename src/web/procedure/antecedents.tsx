import type { ReactElement } from 'react'
import type { Acte, Dossier } from '#dossiers'
import { champsDe, ETAPES, type Etape, estGenreActe, ordreEtape } from '#procedure'
import { type DossierAnterieur, direMemeMenage, reprendreMemeMenage } from '#rapprochement'
import { libellesTypes } from '#signalements'
import { formatDate } from '#socle/typography'
import { ecrireCode, etapeCourte } from '../accompagner/libelles.ts'
import { BoutonPost, Carte, ListeSobre, Message } from '../composants/index.ts'
import { ouvrirDossier } from '../espaces.tsx'
import { champ, type Reponse, type Requete, redirection } from '../route.ts'
import { ecrireIssue } from './cloture.tsx'
import { adresseProcedure } from './formulaire.tsx'

const estEtape = (code: string): code is Etape => (ETAPES as readonly string[]).includes(code)

type ActeBref = Pick<Acte, 'type' | 'le'> & { readonly decision?: string | undefined | null }

/** « Assignation, 04/03/2022 ; Jugement, 10/06/2022 (délais accordés) ». */
const direActes = (actes: readonly ActeBref[]): string =>
  actes
    .toSorted((a, b) => a.le.localeCompare(b.le))
    .map(({ type, le, decision }) => {
      const sens = decision && estGenreActe('jugement') ? champsDe('jugement').decision?.choix?.[decision] : undefined
      return `${ecrireCode(libellesTypes, type)}, ${formatDate(le)}${sens ? ` (${sens.toLowerCase()})` : ''}`
    })
    .join(' ; ')

/** Judicial acts of this dossier before the summons of today. */
export function actesAnterieurs({ actes }: Pick<Dossier, 'actes'>): readonly Acte[] {
  const judiciaires = actes.filter(
    ({ type }) => estEtape(type) && ordreEtape(type) >= ordreEtape('assignation') && type !== 'audience',
  )
  const actuelle = judiciaires
    .filter(({ type }) => type === 'assignation')
    .map(({ le }) => le)
    .toSorted()
    .at(-1)
  return actuelle === undefined ? [] : judiciaires.filter(({ le }) => le < actuelle)
}

/** Whether the judge is, or may be, before this dossier. */
const devantLeJuge = ({ stade }: Pick<Dossier, 'stade'>): boolean =>
  estEtape(stade) && ordreEtape(stade) >= ordreEtape('assignation')

function UnDossier({ un }: { un: DossierAnterieur }): ReactElement {
  const actes = direActes(un.actes)
  return (
    <>
      {un.commune}, ouvert le {formatDate(un.ouvert_le)}
      {un.clos_le === null
        ? `, en cours (${etapeCourte(un.stade)})`
        : `, clos le ${formatDate(un.clos_le)}${ecrireIssue(un.motif_cloture) ? `, ${ecrireIssue(un.motif_cloture)?.toLowerCase()}` : ''}`}
      . {actes === '' ? 'Aucun acte connu.' : `${actes}.`}
    </>
  )
}

/** Former procedures of the household: kept, and shown for the information of the judge from the summons on (RAP-03). */
export function CarteAntecedents({
  requete,
  dossier,
  confirmes,
  proposes,
  tranche,
}: {
  requete: Requete
  dossier: Dossier
  confirmes: readonly DossierAnterieur[]
  proposes: readonly DossierAnterieur[]
  tranche: boolean
}): ReactElement | null {
  const anterieurs = actesAnterieurs(dossier)
  const aDire = tranche ? proposes : []
  if (!devantLeJuge(dossier) && aDire.length === 0 && confirmes.length === 0) return null
  const jeton = requete.connecte.jetonFormulaire
  const action = adresseProcedure(dossier, '/antecedents')
  return (
    <Carte titre="Procédures antérieures du ménage" id="antecedents">
      {devantLeJuge(dossier) && (
        <p className="note">Pour l’information du juge : elles partent avec le bordereau au tribunal.</p>
      )}
      {anterieurs.length === 0 && confirmes.length === 0 ? (
        <p>Aucune connue.</p>
      ) : (
        <ListeSobre
          lignes={[
            ...(anterieurs.length === 0
              ? []
              : [{ cle: 'ici', titre: 'Dans ce logement', note: `${direActes(anterieurs)}.` }]),
            ...confirmes.map((un) => ({
              cle: un.id,
              titre: <a href={`/dossiers/${un.reference}`}>{un.reference}</a>,
              note: <UnDossier un={un} />,
              droite: tranche ? (
                <BoutonPost
                  petit
                  genre="tertiaire"
                  action={action}
                  jeton={jeton}
                  champs={{ autre: un.id, reponse: 'reprise' }}
                >
                  Ce n’est pas lui<span className="sr"> : {un.reference}</span>
                </BoutonPost>
              ) : undefined,
            })),
          ]}
        />
      )}
      {aDire.length > 0 && (
        <>
          <Message ton="bientot">
            <p>
              <b>Est-ce le même ménage ?</b> Même nom et même naissance, ou même numéro d’allocataire. Rien ne part au
              juge sans réponse.
            </p>
          </Message>
          <ListeSobre
            lignes={aDire.map((un) => ({
              cle: un.id,
              titre: <a href={`/dossiers/${un.reference}`}>{`${un.titulaire}, ${un.reference}`}</a>,
              note: <UnDossier un={un} />,
              droite: (
                <>
                  <BoutonPost petit action={action} jeton={jeton} champs={{ autre: un.id, reponse: 'meme' }}>
                    Même ménage<span className="sr"> : {un.reference}</span>
                  </BoutonPost>
                  <BoutonPost
                    petit
                    genre="tertiaire"
                    action={action}
                    jeton={jeton}
                    champs={{ autre: un.id, reponse: 'different' }}
                  >
                    Autre ménage<span className="sr"> : {un.reference}</span>
                  </BoutonPost>
                </>
              ),
            }))}
          />
        </>
      )}
    </Carte>
  )
}

/** POST /dossiers/:reference/procedure/antecedents: the same household, another one, or the answer taken back. */
export async function direAntecedent(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const autre = champ(requete, 'autre')
  const reponse = champ(requete, 'reponse')
  const retour = adresseProcedure(dossier, '#antecedents')
  const action = adresseProcedure(dossier, '/antecedents')
  if (reponse !== 'meme' && reponse !== 'different') {
    await reprendreMemeMenage(requete.session, dossier.id, autre)
    return redirection(retour, { texte: 'Réponse retirée : ce dossier est proposé de nouveau.' })
  }
  await direMemeMenage(requete.session, dossier.id, autre, reponse)
  return redirection(retour, {
    texte:
      reponse === 'meme'
        ? 'Cette procédure est rattachée au ménage.'
        : 'Ce dossier est d’un autre ménage : il n’est plus proposé.',
    defaire: { action, libelle: 'Annuler', champs: { autre, reponse: 'reprise' } },
  })
}
