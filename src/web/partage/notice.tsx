import { join } from 'node:path'
import { type Dossier, lireDossier } from '#dossiers'
import { type MoyenAccord, moyensAccord, noterAccord } from '#participations'
import { projectRoot } from '#socle/config'
import { renderPdf } from '#socle/pdf'
import { formatDate, typo } from '#socle/typography'
import { nommerDossier } from '../accompagner/menage.ts'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonImprimer,
  Carte,
  ChampDate,
  Formulaire,
  Message,
  Pile,
  ResumeErreurs,
  Section,
  Selection,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { composerNotice, type Notice } from './contenu-notice.ts'
import { lirePartage } from './lecture.ts'
import { adresseDe, fil } from './libelles.ts'

const MODELE = join(projectRoot, 'src/web/partage/notice.typ')
const OBJET = 'information_saisine'
/** A notice is given in hand, or sent. */
const MOYENS = ['oral', 'courrier'] as const satisfies readonly MoyenAccord[]
const LIBELLES = { oral: 'En main propre', courrier: 'Par courrier' } as const satisfies Record<
  (typeof MOYENS)[number],
  string
>

async function lire(
  requete: Requete,
  forme: 'page' | 'pdf',
): Promise<{ dossier: Dossier; notice: Notice; remise: string | null }> {
  const { session } = requete
  const dossier = await lireDossier(session, requete.parametres.reference ?? '')
  const partage = await lirePartage(session, dossier)
  const derniere = partage.accords.find(({ objet }) => objet.code === OBJET)?.derniere
  session.consigner({
    action: 'notice.imprimer',
    objet: 'dossier',
    objetId: dossier.id,
    dossiers: [dossier.id],
    details: { forme },
  })
  return {
    dossier,
    notice: composerNotice(session, dossier, partage),
    remise: derniere ? `${moyensAccord[derniere.moyen].toLowerCase()}, le ${formatDate(derniere.le)}` : null,
  }
}

async function montrer(
  requete: Requete,
  saisie: { le: string; moyen: string; erreurs: readonly Erreur[] },
): Promise<Reponse> {
  const { dossier, notice, remise } = await lire(requete, 'page')
  const { erreurs } = saisie
  return page(
    <Cadre
      requete={requete}
      titre={notice.titre}
      chapo={notice.chapo}
      courante="accompagner"
      erreur={erreurs.length > 0}
      fil={fil(dossier, 'Notice d’information')}
      actions={
        <>
          <BoutonImprimer />
          <Bouton href={`${adresseDe(dossier)}/notice.pdf`} fichier>
            Télécharger le PDF
          </Bouton>
          <Bouton href={adresseDe(dossier)}>Revenir au dossier</Bouton>
        </>
      }
      papier="portrait"
    >
      <ResumeErreurs erreurs={erreurs} />
      <Pile>
        <div className="sans-impression">
          <Carte titre={`Remise à ${nommerDossier(dossier)}`}>
            <p>
              {remise === null ? 'Aucune remise n’est notée.' : `Dernière remise notée : ${remise}.`} L’impression ne
              compte pas comme une remise.
            </p>
            {notice.manque.map((phrase) => (
              <div key={phrase} className="mt2">
                <Message ton="bientot">
                  <p>{phrase}</p>
                </Message>
              </div>
            ))}
            <div className="mt4">
              <Formulaire action={`${adresseDe(dossier)}/notice/remise`} jeton={requete.connecte.jetonFormulaire}>
                <div className="champs">
                  <ChampDate
                    nom="le"
                    libelle="Remise le"
                    valeur={saisie.le}
                    max={requete.session.jour}
                    erreur={messageDe(erreurs, 'le')}
                  />
                  <Selection
                    nom="moyen"
                    libelle="Comment"
                    vide="Choisir"
                    valeur={saisie.moyen}
                    erreur={messageDe(erreurs, 'moyen')}
                    options={MOYENS.map((valeur) => ({ valeur, libelle: LIBELLES[valeur] }))}
                  />
                </div>
                <Actions>
                  <Bouton genre="principal">Noter la remise</Bouton>
                </Actions>
              </Formulaire>
            </div>
          </Carte>
        </div>
        {notice.parties.map(({ titre, texte, points = [] }) => (
          <Section key={titre} titre={titre}>
            {texte !== undefined && <p>{texte}</p>}
            {points.length > 0 && (
              <ul>
                {points.map(({ fort, suite }) => (
                  <li key={fort}>
                    <b>{fort}</b> {suite}
                  </li>
                ))}
              </ul>
            )}
          </Section>
        ))}
      </Pile>
    </Cadre>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /dossiers/:reference/notice. */
export function montrerNotice(requete: Requete): Promise<Reponse> {
  return montrer(requete, { le: requete.session.jour.toString(), moyen: '', erreurs: [] })
}

/** GET /dossiers/:reference/notice.pdf. */
export async function telechargerNotice(requete: Requete): Promise<Reponse> {
  const { dossier, notice } = await lire(requete, 'pdf')
  const donnees = {
    titre: typo(notice.titre),
    chapo: typo(notice.chapo),
    parties: notice.parties.map(({ titre, texte = '', points = [] }) => ({
      titre: typo(titre),
      texte: typo(texte),
      points: points.map(({ fort, suite }) => ({ fort: typo(fort), suite: typo(suite) })),
    })),
    remise: typo('Remis le ......................  par ........................................'),
  }
  return {
    genre: 'fichier',
    nom: `notice-${dossier.reference}.pdf`,
    type: 'application/pdf',
    octets: await renderPdf(MODELE, donnees),
  }
}

const estMoyen = (texte: string): texte is (typeof MOYENS)[number] => (MOYENS as readonly string[]).includes(texte)

/** POST /dossiers/:reference/notice/remise: the trace that the household was told (ACC-10). */
export async function noterRemise(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const saisie = { le: champ(requete, 'le'), moyen: champ(requete, 'moyen') }
  const le = lireJourSaisi(saisie.le)
  const { moyen } = saisie
  const erreurs: Erreur[] = []
  if (le === null) erreurs.push({ nom: 'le', message: 'Donner la date de la remise, par exemple 20/11/2026.' })
  if (!estMoyen(moyen)) erreurs.push({ nom: 'moyen', message: 'Dire comment la notice a été remise.' })
  if (le !== null && estMoyen(moyen)) {
    const dossier = await lireDossier(session, requete.parametres.reference ?? '')
    const refusee = await tenter(
      session,
      'accord.noter',
      () => 'le',
      () => noterAccord(session, dossier, { objet: OBJET, sens: 'information', le, moyen }),
    )
    if (refusee === null)
      return redirection(`${adresseDe(dossier)}#accords`, { texte: `Notice remise le ${formatDate(le)}.` })
    erreurs.push(refusee)
  }
  return montrer(requete, { ...saisie, erreurs })
}
