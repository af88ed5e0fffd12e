import type { ReactElement } from 'react'
import type { Organisme } from '#acces'
import { type Dossier, lireDossier } from '#dossiers'
import { SERVICES } from '#referentiel'
import { defaireReaffectation, reaffecterDossiers } from '#repartition'
import { formatMontant, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  Champ,
  Formulaire,
  Message,
  Pile,
  ResumeErreurs,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { lireOffre } from './filtre.ts'
import { ecrireCode, etapeCourte, libellesEtatService } from './libelles.ts'
import { nommerDossier } from './menage.ts'
import { type Erreur, lireRetour, messageDe, tenter } from './saisie.ts'

/** As many as a page of the list holds. */
const MAXIMUM = 50

interface Saisie {
  readonly organisme: string
  readonly motif: string
  readonly erreurs: readonly Erreur[]
}

const couper = (texte: string): string[] => [...new Set(texte.split(',').filter((un) => un !== ''))].slice(0, MAXIMUM)

/** Reads the dossiers chosen, each journalled as read. One that is not there, or not the reader's, stops the whole. */
async function lireChoisis(requete: Requete, ids: readonly string[]): Promise<Dossier[]> {
  const dossiers: Dossier[] = []
  for (const id of ids) dossiers.push(await lireDossier(requete.session, id))
  return dossiers
}

/** POST /dossiers/choisis: what to do with the rows ticked. */
export async function choisirDossiers(requete: Requete): Promise<Reponse> {
  const retour = lireRetour(champ(requete, 'retour'))
  const ids = (requete.champs.dossier ?? []).slice(0, MAXIMUM)
  if (ids.length === 0) {
    return redirection(retour, { texte: 'Cocher d’abord un ou plusieurs dossiers dans la liste.', ton: 'info' })
  }
  return redirection(`/dossiers/confier?${new URLSearchParams({ dossiers: ids.join(','), retour })}`)
}

async function montrer(
  requete: Requete,
  dossiers: readonly Dossier[],
  retour: string,
  saisie: Saisie,
): Promise<Reponse> {
  const { organismes } = await lireOffre(requete.session)
  return page(
    <PageConfier requete={requete} dossiers={dossiers} organismes={organismes} retour={retour} saisie={saisie} />,
    saisie.erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /dossiers/confier: the households, the service, the reason, before anything is done. */
export async function relireConfier(requete: Requete): Promise<Reponse> {
  const retour = lireRetour(requete.recherche.retour)
  const dossiers = await lireChoisis(requete, couper(requete.recherche.dossiers ?? ''))
  if (dossiers.length === 0) return redirection(retour, { texte: 'Choisir d’abord des dossiers.', ton: 'info' })
  return montrer(requete, dossiers, retour, { organisme: '', motif: '', erreurs: [] })
}

function PageConfier({
  requete,
  dossiers,
  organismes,
  retour,
  saisie,
}: {
  requete: Requete
  dossiers: readonly Dossier[]
  organismes: readonly Organisme[]
  retour: string
  saisie: Saisie
}): ReactElement {
  const [seul] = dossiers.length === 1 ? dossiers : []
  const titre = seul
    ? `Confier ${nommerDossier(seul)} à un autre service`
    : `Confier ${pluriel(dossiers.length, 'ménage', 'ménages')} à un service`
  return (
    <Cadre
      requete={requete}
      titre={titre}
      courante="accompagner"
      erreur={saisie.erreurs.length > 0}
      fil={[{ libelle: seul ? 'Dossier' : 'Dossiers', href: retour }, { libelle: 'Confier à un service' }]}
    >
      <ResumeErreurs erreurs={saisie.erreurs} />
      <Pile>
        <Tableau
          legende="Ménages à confier"
          largeur="moyen"
          colonnes={[
            {
              cle: 'menage',
              titre: 'Ménage',
              principale: true,
              rendre: ({ titulaire, reference }) => (
                <>
                  <a href={`/dossiers/${reference}`}>{titulaire || 'Nom inconnu'}</a>
                  <small>{reference}</small>
                </>
              ),
            },
            { cle: 'commune', titre: 'Commune', rendre: ({ commune }) => commune },
            { cle: 'etape', titre: 'Étape', rendre: ({ stade }) => etapeCourte(stade) },
            {
              cle: 'dette',
              titre: 'Dette',
              numerique: true,
              rendre: ({ dette }) => (dette === null ? 'non connue' : formatMontant(dette)),
            },
            {
              cle: 'service',
              titre: 'Aujourd’hui',
              rendre: ({ organisme_nom, etat_service }) => (
                <>
                  {organisme_nom ?? 'Personne'}
                  {organisme_nom !== null && <small>{ecrireCode(libellesEtatService, etat_service)}</small>}
                </>
              ),
            },
          ]}
          lignes={dossiers}
          cle={({ id }) => id}
        />
        <Carte titre="Le service et le motif">
          <Formulaire
            action="/dossiers/confier"
            jeton={requete.connecte.jetonFormulaire}
            champs={{ dossiers: dossiers.map(({ id }) => id).join(','), retour }}
          >
            <Selection
              nom="organisme"
              libelle="Service"
              vide="Choisir un service"
              valeur={saisie.organisme}
              erreur={messageDe(saisie.erreurs, 'organisme')}
              options={organismes.map(({ code, nom, type }) => ({
                valeur: code,
                libelle: `${nom} (${(SERVICES as Readonly<Record<string, string>>)[type] ?? type})`,
              }))}
            />
            <Champ
              nom="motif"
              libelle="Motif"
              lignes={3}
              longueurMax={400}
              aide="Gardé avec la décision et lu par le service choisi. N’écrire ni santé, ni violences, ni enfance."
              valeur={saisie.motif}
              erreur={messageDe(saisie.erreurs, 'motif')}
            />
            <Message>
              <p>
                Rien ne part maintenant : {seul ? 'ce ménage entrera' : 'ces ménages entreront'} dans le prochain
                tableau du service choisi. Jusque-là, la décision peut être défaite.
              </p>
            </Message>
            <Actions>
              <Bouton genre="principal">
                {seul ? 'Confier ce ménage' : `Confier ces ${pluriel(dossiers.length, 'ménage', 'ménages')}`}
              </Bouton>
              <Bouton genre="tertiaire" href={retour}>
                Revenir sans rien changer
              </Bouton>
            </Actions>
          </Formulaire>
        </Carte>
      </Pile>
    </Cadre>
  )
}

const champDe = (code: string): string => (code === 'affectation.motif' ? 'motif' : 'organisme')

/** POST /dossiers/confier. Closed dossiers, and those that already are with this service, stop the act with their name. */
export async function confierDossiers(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const retour = lireRetour(champ(requete, 'retour'))
  const saisie = { organisme: champ(requete, 'organisme'), motif: champ(requete, 'motif') }
  const dossiers = await lireChoisis(requete, couper(champ(requete, 'dossiers')))
  if (dossiers.length === 0) return redirection(retour, { texte: 'Choisir d’abord des dossiers.', ton: 'info' })
  const { organismes } = await lireOffre(session)
  const organisme = organismes.find(({ code }) => code === saisie.organisme)
  const erreurs: Erreur[] = []
  if (!organisme) erreurs.push({ nom: 'organisme', message: 'Choisir un service de la liste.' })
  if (saisie.motif.length < 3) {
    erreurs.push({
      nom: 'motif',
      message: 'Écrire pourquoi ce service est choisi : le motif est gardé avec la décision.',
    })
  }
  const clos = dossiers.filter(({ clos_le }) => clos_le !== null)
  if (clos.length > 0) {
    erreurs.push({
      nom: 'organisme',
      message: `Un dossier clos ne se confie plus : ${clos.map(nommerDossier).join(', ')}.`,
    })
  }
  const deja = dossiers.filter((dossier) => dossier.organisme !== null && dossier.organisme === organisme?.id)
  if (organisme && deja.length > 0) {
    const noms = deja.map(nommerDossier).join(', ')
    erreurs.push({ nom: 'organisme', message: `Déjà chez ${organisme.nom} : ${noms}. Choisir un autre service.` })
  }
  const ids = dossiers.map(({ id }) => id)
  if (erreurs.length === 0 && organisme) {
    const refusee = await tenter(session, 'dossier.reaffecter', champDe, () =>
      reaffecterDossiers(session, { dossiers: ids, organisme: organisme.id, motif: saisie.motif }),
    )
    if (refusee) erreurs.push(refusee)
    else {
      const [seul] = ids.length === 1 ? dossiers : []
      const qui = seul ? nommerDossier(seul) : pluriel(ids.length, 'ménage', 'ménages')
      return redirection(retour, {
        texte: `Nouveau service pour ${qui} : ${organisme.nom}.`,
        defaire: {
          action: '/dossiers/confier/defaire',
          libelle: 'Défaire',
          champs: { dossiers: ids.join(','), retour },
        },
      })
    }
  }
  return montrer(requete, dossiers, retour, { ...saisie, erreurs })
}

/** POST /dossiers/confier/defaire: the rules decide again. */
export async function defaireConfier(requete: Requete): Promise<Reponse> {
  const ids = couper(champ(requete, 'dossiers'))
  await defaireReaffectation(requete.session, ids)
  return redirection(lireRetour(champ(requete, 'retour')), {
    texte: 'Décision défaite : la règle choisit à nouveau le service.',
  })
}
