import type { ReactElement } from 'react'
import type { Organisme } from '#acces'
import { type Dossier, lireDossier } from '#dossiers'
import { SERVICES } from '#referentiel'
import { defaireReaffectation, lireDecisions, reaffecterDossiers } from '#repartition'
import { Conflit } from '#socle/errors'
import { formatInstant, formatMontant, pluriel } from '#socle/typography'
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
import { champsVus, lireVu, ouConflit, pageConflit } from '../conflit.tsx'
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
  const decisions = await lireDecisions(
    requete.session,
    dossiers.map(({ id }) => id),
  )
  // A page shown again with its errors keeps the marks of what its reader saw first.
  const vus = champsVus(
    [...decisions.values()].map(({ dossier, version }) => [dossier, lireVu(requete, dossier) ?? version]),
  )
  return page(
    <PageConfier
      requete={requete}
      dossiers={dossiers}
      organismes={organismes}
      retour={retour}
      saisie={saisie}
      vus={vus}
    />,
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
  vus,
}: {
  requete: Requete
  dossiers: readonly Dossier[]
  organismes: readonly Organisme[]
  retour: string
  saisie: Saisie
  vus: Readonly<Record<string, string>>
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
            champs={{ dossiers: dossiers.map(({ id }) => id).join(','), retour, ...vus }}
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
                tableau du service choisi. Jusque-là, la décision peut être défaite : la décision d’avant revient telle
                quelle.
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
    const vus = new Map(
      ids.flatMap((id) => {
        const vu = lireVu(requete, id)
        return vu === undefined ? [] : [[id, vu] as const]
      }),
    )
    const fait = await ouConflit(requete, 'dossier.reaffecter', () =>
      tenter(session, 'dossier.reaffecter', champDe, () =>
        reaffecterDossiers(session, { dossiers: ids, organisme: organisme.id, motif: saisie.motif, vus }),
      ),
    )
    if (fait instanceof Conflit)
      return comparer(requete, { conflit: fait, dossiers, organisme, retour, saisie: { ...saisie, erreurs: [] } })
    if (fait) erreurs.push(fait)
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

/** Somebody decided otherwise for one of these households: both decisions, and which one stays. */
async function comparer(
  requete: Requete,
  {
    conflit,
    dossiers,
    organisme,
    retour,
    saisie,
  }: {
    conflit: Conflit
    dossiers: readonly Dossier[]
    organisme: Organisme
    retour: string
    saisie: Saisie
  },
): Promise<Reponse> {
  const decisions = await lireDecisions(
    requete.session,
    dossiers.map(({ id }) => id),
  )
  const depasses = dossiers.filter(({ id }) => conflit.cles.includes(id))
  const autres = dossiers.filter(({ id }) => !conflit.cles.includes(id))
  const dejaLa = depasses.every(({ id }) => decisions.get(id)?.organisme_nom === organisme.nom)
  const versEnvoi = (choisis: readonly Dossier[]) => ({
    dossiers: choisis.map(({ id }) => id).join(','),
    organisme: saisie.organisme,
    motif: saisie.motif,
    retour,
    ...champsVus(choisis.map(({ id }) => [id, decisions.get(id)?.version ?? ''])),
  })
  return pageConflit(requete, {
    message: conflit.message,
    quoi: depasses.length === 1 && depasses[0] ? `Service de ${nommerDossier(depasses[0])}` : 'Service de ces ménages',
    courante: 'accompagner',
    fil: [{ libelle: dossiers.length === 1 ? 'Dossier' : 'Dossiers', href: retour }, { libelle: 'Deux décisions' }],
    versions: depasses.map((dossier) => {
      const decision = decisions.get(dossier.id)
      return {
        cle: dossier.id,
        libelle: nommerDossier(dossier),
        saisie: `${organisme.nom}. Motif : ${saisie.motif}`,
        enregistree: decision?.organisme_nom
          ? `${decision.organisme_nom}, ${ecrireCode(libellesEtatService, decision.etat)}. ${decision.libelle ?? ''}`
          : 'Aucun service',
        qui: decision?.a ? `${decision.auteur ?? 'Amont'}, le ${formatInstant(decision.a)}` : undefined,
      }
    }),
    conseil: dejaLa
      ? 'Ce service a déjà le ménage : il n’y a rien à changer.'
      : 'Confier quand même remplace la décision enregistrée ; elle reste dans l’historique du dossier, et « Défaire » la fait revenir.',
    garder:
      autres.length === 0
        ? { libelle: 'Garder ce qui est enregistré', href: retour }
        : {
            libelle: `Garder ce qui est enregistré, et confier ${autres.length === 1 ? 'l’autre ménage' : `les ${autres.length} autres`}`,
            action: '/dossiers/confier',
            champs: versEnvoi(autres),
          },
    remplacer: dejaLa
      ? null
      : {
          libelle: `Confier quand même à ${organisme.nom}`,
          action: '/dossiers/confier',
          champs: versEnvoi(dossiers),
        },
  })
}

/** POST /dossiers/confier/defaire: each dossier has again the decision it had. */
export async function defaireConfier(requete: Requete): Promise<Reponse> {
  const ids = couper(champ(requete, 'dossiers'))
  const { defaits, restes } = await defaireReaffectation(requete.session, ids)
  return redirection(lireRetour(champ(requete, 'retour')), {
    texte: [
      defaits.length === 1
        ? 'Décision défaite : la décision d’avant est revenue.'
        : `${pluriel(defaits.length, 'décision défaite', 'décisions défaites')} : les décisions d’avant sont revenues.`,
      restes.length > 0
        ? `${pluriel(restes.length, 'autre n’a pas pu l’être : elle est partie dans un tableau', 'autres n’ont pas pu l’être : elles sont parties dans un tableau')}, ou une autre l’a remplacée depuis.`
        : '',
    ]
      .filter((phrase) => phrase !== '')
      .join(' '),
    ...(restes.length > 0 ? { ton: 'bientot' as const } : {}),
  })
}
