import type { ReactElement } from 'react'
import { approuverVersion, refuserVersion } from '#charte'
import { ecrireJour } from '#referentiel'
import { Refus } from '#socle/errors'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  Champ,
  Formulaire,
  ListeDefinition,
  Message,
  Pile,
  ResumeErreurs,
} from '../composants/index.ts'
import { periode } from '../regles/regles.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { avecNavigation } from '../tableaux/lecture.ts'
import { ADRESSE, adresseVersion, cotes, nomDe } from './libelles.ts'
import {
  Avis,
  consignerRefus,
  lireMontree,
  peutDecider,
  SectionDifference,
  SectionSimulation,
  type VersionMontree,
} from './version.tsx'

/** GET /regles/versions/:id/decider: what the decision binds, before it is taken. */
export async function relireDecision(requete: Requete): Promise<Reponse> {
  const montree = await lireMontree(requete)
  if (!peutDecider(montree, requete)) return redirection(adresseVersion(montree.version.id))
  return page(<PageDecider requete={requete} montree={montree} />)
}

/** POST /regles/versions/:id/decider: the text read is the text decided on, or nothing is done. */
export async function decider(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const id = requete.parametres.id ?? ''
  const relue = { revision: Number(champ(requete, 'revision')) || 0, empreinte: champ(requete, 'empreinte') }
  const approuve = champ(requete, 'decision') === 'approuver'
  const motif = champ(requete, 'motif')
  try {
    if (approuve) await approuverVersion(session, id, relue)
    else await refuserVersion(session, id, relue, motif)
  } catch (erreur) {
    if (!(erreur instanceof Refus)) throw erreur
    await consignerRefus(requete, erreur)
    const montree = await lireMontree(requete)
    return page(
      <PageDecider requete={await avecNavigation(requete)} montree={montree} refus={erreur} motif={motif} />,
      erreur.statut,
    )
  }
  if (!approuve) return redirection(adresseVersion(id), { texte: 'Version refusée. Le motif est gardé avec elle.' })
  const { version } = await lireMontree(requete)
  const avenir = Temporal.PlainDate.compare(version.du, session.jour) > 0
  return redirection(adresseVersion(id), {
    texte: avenir
      ? `Version approuvée : elle s’appliquera le ${ecrireJour(version.du)}.`
      : 'Version approuvée : elle s’applique dès maintenant. Les dossiers ouverts sont repris en arrière-plan.',
    ...(avenir ? { defaire: { action: adresseVersion(id, '/defaire'), libelle: 'Défaire l’approbation' } } : {}),
  })
}

function PageDecider({
  requete,
  montree,
  refus,
  motif,
}: {
  requete: Requete
  montree: VersionMontree
  refus?: Refus
  motif?: string
}): ReactElement {
  const { version, controle } = montree
  const jeton = requete.connecte.jetonFormulaire
  const action = adresseVersion(version.id, '/decider')
  const relue = { revision: String(version.revision), empreinte: version.empreinte }
  const ouverte = peutDecider(montree, requete)
  const immediate = version.du.equals(requete.session.jour)
  const duMotif = refus?.code === 'version.motif-refus'
  return (
    <Cadre
      requete={requete}
      titre={`Approuver ou refuser : ${nomDe(version)}`}
      chapo={`Soumise par ${version.approbations.map(({ cote, nom }) => `${nom}, pour ${cotes[cote]}`).join(' et ')}. Votre accord est le second : la version engagera tous les services du département.`}
      large
      erreur={refus !== undefined}
      fil={[
        { libelle: 'Règles et critères', href: '/regles' },
        { libelle: 'Versions', href: ADRESSE },
        { libelle: nomDe(version), href: adresseVersion(version.id) },
        { libelle: 'Décider' },
      ]}
    >
      <ResumeErreurs
        titre="La décision n’a pas été prise"
        erreurs={refus ? [{ nom: duMotif ? 'motif' : undefined, message: refus.message }] : []}
      />
      <Pile>
        <Avis montree={montree} titre="Cette version ne peut pas être approuvée" />
        <Carte titre="Ce qui sera décidé">
          <ListeDefinition
            lignes={[
              { terme: 'Effet', valeur: periode(version) },
              { terme: 'Pourquoi', valeur: version.motif },
              { terme: 'Validée par', valeur: version.reference },
              {
                terme: 'Ensuite',
                valeur: immediate
                  ? 'Elle s’applique dès l’approbation, et ne pourra plus être défaite : seulement remplacée par une autre.'
                  : `Jusqu’au ${ecrireJour(version.du.subtract({ days: 1 }))}, chaque côté peut défaire l’approbation ; ensuite, elle ne peut qu’être remplacée.`,
              },
              {
                terme: 'Décisions déjà prises',
                valeur: 'Elles gardent la version sous laquelle elles l’ont été. Les ménages déjà confiés le restent.',
              },
            ]}
          />
        </Carte>
        <SectionDifference montree={montree} />
        <SectionSimulation requete={requete} montree={montree} />
        {ouverte ? (
          <>
            {controle.blocages.length === 0 && (
              <Formulaire
                action={action}
                jeton={jeton}
                champs={{ ...relue, decision: 'approuver' }}
                libelle="Approuver"
              >
                <Actions>
                  <Bouton genre="principal" icone="ok">
                    {immediate ? 'Approuver : appliquer dès maintenant' : `Approuver pour le ${ecrireJour(version.du)}`}
                  </Bouton>
                  <Bouton href={adresseVersion(version.id)}>Ne pas décider maintenant</Bouton>
                </Actions>
              </Formulaire>
            )}
            <Carte titre="Refuser">
              <Formulaire action={action} jeton={jeton} champs={{ ...relue, decision: 'refuser' }} libelle="Refuser">
                <Champ
                  nom="motif"
                  libelle="Pourquoi"
                  lignes={3}
                  valeur={motif}
                  longueurMax={1000}
                  erreur={duMotif ? refus.message : undefined}
                  aide="Lu par la personne qui a préparé la version."
                />
                <Actions>
                  <Bouton genre="destructeur" icone="non">
                    Refuser cette version
                  </Bouton>
                </Actions>
              </Formulaire>
            </Carte>
          </>
        ) : (
          <Message>
            <p>Cette version n’attend plus de décision de vous.</p>
          </Message>
        )}
      </Pile>
    </Cadre>
  )
}
