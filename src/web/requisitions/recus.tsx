import type { ReactElement } from 'react'
import { lireDossier } from '#dossiers'
import { exigerCles } from '#echanges'
import {
  ajouterActe,
  type GenreDiffusion,
  genresEnquete,
  lireRecu,
  listerRecus,
  RECUS_PAR_PAGE,
  type Recu,
  signalerDepart,
} from '#requisitions'
import { formatDate, formatInstant, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  EtatVide,
  Etiquette,
  Formulaire,
  ListeDefinition,
  Message,
  Pagination,
  Pile,
  PuceEcheance,
  ResumeErreurs,
  Tableau,
} from '../composants/index.ts'
import { avecToutLeDepartement } from '../perimetre.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { identifiant, marqueEnvoi } from './commun.tsx'
import { ChampsDepart, lireDepart, type SaisieDepart } from './depart.tsx'
import { FormulairesIssue, lireIssue, type SaisieIssue } from './enquete.tsx'

const TITRES: Readonly<Record<GenreDiffusion, string>> = {
  enquete: 'Enquête',
  relance: 'Relance',
  decision: 'Concours de la force publique accordé',
  date: 'Concours accordé, date prévue',
  treve: 'Concours accordé à l’approche de la trêve',
  departs: 'Le ménage est parti',
  reprise: 'L’annulation est défaite',
  concertation: 'Concertation',
  rapport: 'Rapport social remis',
}

const titrer = (recu: Recu): string =>
  recu.enquete_genre ? genresEnquete[recu.enquete_genre].libelle : TITRES[recu.genre]

const CHAPO =
  'Les enquêtes que les services de l’État vous demandent, et ce qu’ils vous communiquent. Vous lisez ce qui vous est adressé, rien d’autre du dossier.'

function Etat({ recu, jour }: { recu: Recu; jour: Temporal.PlainDate }): ReactElement {
  if (!recu.enquete) return <Etiquette ton="info">À savoir</Etiquette>
  if (recu.repondue_le)
    return (
      <Etiquette ton="tenu" icone="ok">
        Répondue le {formatDate(recu.repondue_le)}
      </Etiquette>
    )
  if (!recu.attendue) return <Etiquette>Plus attendue</Etiquette>
  if (recu.echeance) return <PuceEcheance aujourdhui={jour} echeance={{ ...recu.echeance, genre: 'tache' }} />
  return <Etiquette ton="bientot">À répondre</Etiquette>
}

/** GET /sollicitations: what the State asks and tells the reader's organisme. */
export async function montrerSollicitations(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const numero = Math.max(1, Math.trunc(Number(requete.recherche.page)) || 1)
  const { recus, total, attendus } = await listerRecus(session, { page: numero })
  const pages = Math.max(1, Math.ceil(total / RECUS_PAR_PAGE))
  return page(
    <Cadre
      requete={requete}
      titre={
        attendus === 0
          ? 'Sollicitations de l’État'
          : `Sollicitations de l’État : ${pluriel(attendus, 'réponse attendue', 'réponses attendues')}`
      }
      courante="sollicitations"
      chapo={CHAPO}
      large
    >
      {recus.length === 0 ? (
        <EtatVide titre="Rien ne vous est adressé">
          Une enquête, un concours accordé ou un départ paraît ici quand les services de l’État vous l’adressent.
        </EtatVide>
      ) : (
        <Tableau
          legende="Ce qui est adressé à votre organisme"
          largeur="moyen"
          lignes={recus}
          cle={({ id }) => id}
          colonnes={[
            {
              cle: 'menage',
              titre: 'Ménage',
              principale: true,
              rendre: (recu) => (
                <>
                  <a href={`/sollicitations/${recu.id}`}>{recu.contenu.menage || 'Nom inconnu'}</a>
                  <small>{recu.contenu.adresse}</small>
                </>
              ),
            },
            { cle: 'quoi', titre: 'Quoi', rendre: titrer },
            { cle: 'le', titre: 'Adressé le', rendre: (recu) => formatInstant(recu.a) },
            { cle: 'etat', titre: 'Attendu', rendre: (recu) => <Etat recu={recu} jour={session.jour} /> },
          ]}
          apres={
            pages > 1 ? (
              <Pagination
                libelle="Pages des sollicitations"
                position={`Page ${numero} sur ${pages}`}
                {...(numero > 1 ? { precedents: `/sollicitations?page=${numero - 1}` } : {})}
                {...(numero < pages ? { suivants: `/sollicitations?page=${numero + 1}` } : {})}
              />
            ) : undefined
          }
        />
      )}
    </Cadre>,
  )
}

interface Saisies {
  readonly issue: SaisieIssue
  readonly depart: SaisieDepart
}

const saisiesVides = (): Saisies => ({
  issue: { issue: '', le: '', valeurs: {}, envoi: marqueEnvoi(), erreurs: [] },
  depart: { le: '', valeurs: {}, envoi: marqueEnvoi(), erreurs: [] },
})

function PageSollicitation({
  requete,
  recu,
  saisies: { issue, depart },
}: {
  requete: Requete
  recu: Recu
  saisies: Saisies
}): ReactElement {
  const action = `/sollicitations/${recu.id}`
  const jeton = requete.connecte.jetonFormulaire
  const erreurs = [...issue.erreurs.map((une) => ({ ...une, id: `c-${une.nom}-${issue.issue}` })), ...depart.erreurs]
  return (
    <Cadre
      requete={requete}
      titre={`${titrer(recu)} : ${recu.contenu.menage}`}
      courante="sollicitations"
      erreur={erreurs.length > 0}
      fil={[{ libelle: 'Sollicitations de l’État', href: '/sollicitations' }, { libelle: titrer(recu) }]}
    >
      <ResumeErreurs erreurs={erreurs} />
      <Pile>
        <Carte titre="Ce qui vous est adressé" aside={<Etat recu={recu} jour={requete.session.jour} />}>
          <ListeDefinition
            lignes={[
              { terme: 'Ménage', valeur: recu.contenu.menage, note: recu.contenu.adresse },
              ...recu.contenu.lignes.map(([terme, valeur]) => ({
                terme,
                valeur: valeur.includes('\n') ? <span className="texte-libre">{valeur}</span> : valeur,
              })),
              { terme: 'Adressé le', valeur: formatInstant(recu.a), note: recu.pourquoi },
            ]}
          />
        </Carte>
        {recu.enquete && !recu.repondue_le && !recu.attendue && (
          <Message>
            <p>Le préfet a décidé, ou la demande est close : cette réponse n’est plus attendue.</p>
          </Message>
        )}
        {recu.attendue && recu.enquete_genre && (
          <>
            {recu.enquete_genre === 'sociale' && (
              <Message>
                <p>Le rapport social se rédige dans le dossier du ménage, onglet « Force publique ».</p>
              </Message>
            )}
            <FormulairesIssue
              requete={requete}
              enquete={{ genre: recu.enquete_genre }}
              action={action}
              saisie={issue}
              issues={recu.enquete_genre === 'sociale' ? ['non_realisee'] : ['reponse', 'non_realisee']}
            />
          </>
        )}
        {recu.genre !== 'departs' && (
          <Carte titre="Le ménage est parti ?">
            <Formulaire
              action={action}
              jeton={jeton}
              libelle="Signaler un départ"
              champs={{ acte: 'depart', envoi: depart.envoi }}
            >
              <ChampsDepart requete={requete} saisie={depart} />
              <Actions>
                <Bouton>Signaler le départ à la préfecture</Bouton>
              </Actions>
            </Formulaire>
          </Carte>
        )}
      </Pile>
    </Cadre>
  )
}

/** GET /sollicitations/:sollicitation. */
export async function montrerSollicitation(requete: Requete): Promise<Reponse> {
  const recu = await lireRecu(requete.session, identifiant(requete, 'sollicitation'))
  return page(<PageSollicitation requete={requete} recu={recu} saisies={saisiesVides()} />)
}

/**
 * POST, same address: answers an inquiry, says that it could not be done, or that the household has left. The organisme does not read the dossier: what it says is
 * written under the whole département, in its name.
 */
export async function repondreSollicitation(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const recu = await lireRecu(session, identifiant(requete, 'sollicitation'))
  const cles = exigerCles(application)
  const vides = saisiesVides()
  const requisition = { id: recu.requisition, dossier: recu.dossier }
  if (champ(requete, 'acte') === 'depart') {
    const { saisie, le } = lireDepart(requete)
    if (saisie.erreurs.length > 0 || le === null)
      return page(<PageSollicitation requete={requete} recu={recu} saisies={{ ...vides, depart: saisie }} />, 422)
    await avecToutLeDepartement(requete, 'requisition.recevoir', async (large) =>
      signalerDepart(large, cles, await lireDossier(large, recu.dossier), recu.requisition, {
        envoi: saisie.envoi,
        le,
        cles: saisie.valeurs.cles ?? '',
        source: saisie.valeurs.source ?? '',
      }),
    )
    return redirection('/sollicitations', { texte: `Départ du ${formatDate(le)} signalé à la préfecture.` })
  }
  const lue = recu.enquete_genre ? lireIssue(requete, { genre: recu.enquete_genre }) : null
  if (!lue || !recu.enquete) return page(<PageSollicitation requete={requete} recu={recu} saisies={vides} />, 422)
  if (recu.repondue_le)
    return redirection('/sollicitations', { texte: 'Cette enquête a déjà sa réponse.', ton: 'bientot' })
  if (!recu.attendue)
    return redirection('/sollicitations', {
      texte: 'Cette réponse n’est plus attendue : rien n’a été enregistré.',
      ton: 'bientot',
    })
  const { genre, le, saisie } = lue
  if (saisie.erreurs.length > 0 || le === null)
    return page(<PageSollicitation requete={requete} recu={recu} saisies={{ ...vides, issue: saisie }} />, 422)
  await avecToutLeDepartement(requete, 'requisition.recevoir', (large) =>
    ajouterActe(large, cles, requisition, {
      envoi: saisie.envoi,
      genre,
      le,
      valeurs: saisie.valeurs,
      enquete: recu.enquete,
    }),
  )
  return redirection('/sollicitations', { texte: 'Réponse envoyée aux services de l’État.' })
}
