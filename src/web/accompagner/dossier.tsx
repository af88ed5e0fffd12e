import type { ReactElement, ReactNode } from 'react'
import { type Dossier, type Echeance, listerComplexites, type SituationComplexe } from '#dossiers'
import { ISSUES, PHASES } from '#procedure'
import { type GroupeChamps, libelleTerritoire } from '#referentiel'
import { libellesTypes } from '#signalements'
import { formatDate, formatMontant, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Bouton,
  BoutonPost,
  Colonnes,
  ecrireDistance,
  etatEcheance,
  Message,
  type Onglet,
  Pile,
  PuceEcheance,
} from '../composants/index.ts'
import { CarteEchanges, type EchangesDuDossier, lireEchanges } from '../echanges/dossier.tsx'
import { CarteEcrits, type EcritsLus, lireCarteEcrits } from '../ecrits/carte.tsx'
import { CarteEspaces } from '../espaces.tsx'
import { BandeauExceptionnel, CartesPartage } from '../partage/cartes.tsx'
import { lirePartage, type Partage } from '../partage/lecture.ts'
import { BandeauProcedure } from '../procedure/bandeau.tsx'
import { page, type Reponse, type Requete, redirection } from '../route.ts'
import { CartePosition, lirePositionDuDossier, type PositionLue } from '../seances/position.tsx'
import { Chronologie, Contacts } from './chronologie.tsx'
import { CarteComplexe } from './complexe.tsx'
import { CoursDuDossier } from './cours.tsx'
import { adresseListe } from './filtre.ts'
import { type DossierLu, type DroitsDossier, droitsSur, lireTout } from './lecture.ts'
import { ecrireCode, etapeCourte, libellesEtatService } from './libelles.ts'
import { decrireFoyer } from './menage.ts'
import {
  Argent,
  CarteCriteres,
  CarteEcheances,
  CarteLogement,
  CarteMenage,
  loyerCharges,
  PourquoiCeService,
  Reserves,
} from './parties.tsx'
import { CarteSignaux } from './signaux.tsx'

/** GET /dossiers/:reference. The id is understood too: faits hold ids. */
export async function montrerDossier(requete: Requete): Promise<Reponse> {
  const cle = requete.parametres.reference ?? ''
  const lu = await lireTout(requete, cle)
  if (lu.dossier.reference !== cle) {
    return redirection(`/dossiers/${lu.dossier.reference}`, requete.navigation.message ?? undefined)
  }
  const [partage, ecrits, echanges, position, complexites] = await Promise.all([
    lirePartage(requete.session, lu.dossier),
    lireCarteEcrits(requete, lu.dossier),
    lireEchanges(requete, lu.dossier.id),
    lirePositionDuDossier(requete, lu.dossier),
    listerComplexites(requete.session, lu.dossier),
  ])
  return page(
    <PageDossier
      requete={requete}
      lu={lu}
      partage={partage}
      ecrits={ecrits}
      echanges={echanges}
      position={position}
      complexites={complexites}
    />,
  )
}

const ecrireIssue = (code: string | null): string => {
  const issue = code === null ? undefined : (ISSUES as Readonly<Record<string, string>>)[code]
  return issue === undefined ? '' : `Issue : ${issue.toLowerCase()}. `
}

const echeancesDe = ({ echeances, echeances_service }: Dossier): readonly Echeance[] => [
  ...echeances,
  ...echeances_service,
]

function prochaine(dossier: Dossier): Echeance | null {
  const le = dossier.echeance_le?.toString()
  if (le === undefined) return null
  const candidates = echeancesDe(dossier).filter((une) => une.le === le && une.tenueLe === undefined)
  return candidates.find(({ genre }) => genre === 'tache') ?? candidates[0] ?? null
}

function noterDette({ bail, dette, dette_le, dette_en_hausse }: Dossier): string | undefined {
  if (dette === null) return undefined
  const mensuel = loyerCharges(bail)
  return [
    mensuel === null && dette_le ? `au ${formatDate(dette_le)}` : null,
    mensuel === null ? null : `${formatNombre(Math.round((dette / mensuel) * 10) / 10, 1)} mois de loyer et charges`,
    dette_en_hausse ? 'en hausse' : null,
  ]
    .filter((un) => un !== null)
    .join(', ')
}

/** The figures at the head of a dossier. */
export function chiffres(lu: DossierLu, jour: Temporal.PlainDate) {
  const { dossier } = lu
  const suite = prochaine(dossier)
  const audience =
    dossier.audience_le && Temporal.PlainDate.compare(dossier.audience_le, jour) >= 0 ? dossier.audience_le : null
  const phase = (PHASES as Readonly<Record<string, string>>)[dossier.phase]?.toLowerCase()
  const quand = audience
    ? `audience le ${formatDate(audience)}`
    : dossier.stade_le
      ? `depuis le ${formatDate(dossier.stade_le)}`
      : undefined
  const reserve = (groupe: GroupeChamps): boolean => dossier.masques.includes(groupe)
  return [
    {
      terme: 'Étape',
      valeur: reserve('procedure') ? 'Réservée' : etapeCourte(dossier.stade),
      note: [phase, quand].filter((un) => un !== undefined).join(', '),
    },
    {
      terme: 'Dette',
      valeur: reserve('dette') ? 'Réservée' : dossier.dette === null ? 'Non connue' : formatMontant(dossier.dette),
      note: noterDette(dossier),
    },
    {
      terme: 'Qui accompagne',
      valeur: dossier.organisme_nom ?? (reserve('service') ? 'Réservé' : 'Personne'),
      note: [
        ecrireCode(libellesEtatService, dossier.etat_service),
        dossier.service_depuis ? `depuis le ${formatDate(dossier.service_depuis)}` : null,
      ]
        .filter((un) => un !== null)
        .join(', '),
    },
    {
      terme: 'Prochaine échéance',
      valeur: suite ? <PuceEcheance echeance={suite} aujourdhui={jour} /> : 'Aucune',
      note: suite?.libelle,
    },
    {
      terme: 'Signaux',
      valeur: reserve('signaux') ? 'Réservés' : formatNombre(dossier.signaux),
      note: dossier.dernier_signal_le
        ? `le dernier le ${formatDate(dossier.dernier_signal_le)}${dossier.en_serie ? ', en série' : ''}`
        : undefined,
    },
  ]
}

function Presentation({ lu }: { lu: DossierLu }): ReactElement {
  const { dossier, signaux } = lu
  const premier = signaux.at(-1)
  return (
    <>
      Dossier {dossier.reference}, ouvert le {formatDate(dossier.ouvert_le)}
      {premier && ` sur un premier signal (${ecrireCode(libellesTypes, premier.type)}, ${premier.organismeNom})`}.{' '}
      {!dossier.masques.includes('signaux') && `${pluriel(dossier.signaux, 'signal reçu', 'signaux reçus')}.`}{' '}
      {dossier.signaux > 1 && <a href="#signaux">Pourquoi ils sont réunis</a>}
    </>
  )
}

function Boutons({ dossier, droits, jeton }: { dossier: Dossier; droits: DroitsDossier; jeton: string }): ReactNode {
  const adresse = `/dossiers/${dossier.reference}`
  return (
    <>
      {droits.contact && (
        <Bouton petit icone="tel" href={`${adresse}/contact`}>
          Noter un contact
        </Bouton>
      )}
      {droits.confier && (
        <Bouton petit href={`/dossiers/confier?${new URLSearchParams({ dossiers: dossier.id, retour: adresse })}`}>
          Confier à un autre service
        </Bouton>
      )}
      <Bouton petit icone="impr" href={`${adresse}/imprimer`}>
        Imprimer
      </Bouton>
      {droits.rouvrir && (
        <BoutonPost petit icone="annuler" action={`${adresse}/diagnostic/rouvrir`} jeton={jeton}>
          Rouvrir le diagnostic
        </BoutonPost>
      )}
      {droits.diagnostic && (
        <Bouton petit genre="principal" href={`${adresse}/diagnostic`}>
          Clore le diagnostic
        </Bouton>
      )}
    </>
  )
}

/** Said before everything else: the dossier is closed, or its next task is late. */
function Alertes({ lu, jour }: { lu: DossierLu; jour: Temporal.PlainDate }): ReactElement | null {
  const { dossier, faits } = lu
  if (dossier.clos_le) {
    const reunion = faits.find(({ type, donnees }) => type === 'dossiers.reunis' && typeof donnees.dans === 'string')
    return (
      <Message ton="bientot">
        <p>
          <b>Dossier clos le {formatDate(dossier.clos_le)}.</b>{' '}
          {dossier.motif_cloture === 'sans_signalement'
            ? 'Plus aucun signal n’y est rattaché : il se rouvrira si l’un d’eux revient.'
            : `${ecrireIssue(dossier.motif_cloture)}Il ne reçoit plus de décision.`}
          {dossier.signal_depuis_cloture && (
            <>
              {' '}
              <b>Un signal est arrivé depuis, le {formatDate(dossier.signal_depuis_cloture)}.</b>{' '}
              <a href={`/dossiers/${dossier.reference}/procedure#cloture`}>Le rouvrir ou le laisser clos</a>.
            </>
          )}
          {reunion && (
            <>
              {' '}
              <a href={`/dossiers/${String(reunion.donnees.dans)}`}>Voir le dossier qui les a reçus</a>.
            </>
          )}
        </p>
      </Message>
    )
  }
  const suite = prochaine(dossier)
  if (!suite || etatEcheance(suite, jour) !== 'depassee') return null
  return (
    <Message ton="retard" icone="retard">
      <p>
        <b>{suite.libelle} : échéance dépassée.</b> {suite.depart}. Elle s’est achevée {ecrireDistance(suite.le, jour)}.
      </p>
    </Message>
  )
}

function PageDossier({
  requete,
  lu,
  partage,
  ecrits,
  echanges,
  position,
  complexites,
}: {
  requete: Requete
  lu: DossierLu
  partage: Partage
  ecrits: EcritsLus | null
  echanges: EchangesDuDossier | null
  position: PositionLue | null
  complexites: readonly SituationComplexe[]
}): ReactElement {
  const { session, connecte } = requete
  const { dossier } = lu
  const jour = session.jour
  const droits = droitsSur(requete, lu)
  const jeton = connecte.jetonFormulaire
  const nom = decrireFoyer(dossier.menage)
  const departement = session.referentiel.departements.get(session.dept)
  const territoire = departement ? libelleTerritoire(departement.territoires, dossier.territoire) : ''
  const parties: readonly Onglet[] = [
    { href: '#cours', libelle: 'Cours du dossier' },
    { href: '#argent', libelle: 'Argent' },
    { href: '#menage', libelle: 'Ménage et logement' },
    { href: '#signaux', libelle: 'Signaux', compte: formatNombre(lu.signaux.length) },
    {
      href: '#contacts',
      libelle: 'Contacts',
      compte: formatNombre(lu.contacts.filter(({ retiree_a }) => retiree_a === null).length),
    },
    ...(echanges
      ? [
          {
            href: '#echanges',
            libelle: 'Échanges',
            compte: formatNombre(echanges.fils.length + echanges.demandes.length),
          },
        ]
      : []),
    { href: '#echeances', libelle: 'Échéances', compte: formatNombre(echeancesDe(dossier).length) },
    { href: '#partage', libelle: 'Qui voit ce dossier' },
    { href: '#service', libelle: 'Pourquoi ce service' },
    { href: '#chronologie', libelle: 'Chronologie' },
  ]
  return (
    <Cadre
      requete={requete}
      titre={nom}
      chapo={<Presentation lu={lu} />}
      courante="accompagner"
      large
      fil={[
        { libelle: 'Dossiers', href: '/dossiers' },
        ...(dossier.territoire === null
          ? []
          : [{ libelle: territoire, href: adresseListe({ territoire: dossier.territoire }) }]),
        { libelle: dossier.reference },
      ]}
      actions={<Boutons dossier={dossier} droits={droits} jeton={jeton} />}
      cles={chiffres(lu, jour)}
      onglets={{ libelle: 'Parties du dossier', onglets: parties }}
      papier={{
        ailleurs: `Cette page ne s’imprime pas : utiliser le bouton « Imprimer » du dossier ${dossier.reference}. Il met en page les sources et garde une trace.`,
      }}
    >
      <Pile>
        <BandeauExceptionnel requete={requete} dossier={dossier} partage={partage} />
        <Alertes lu={lu} jour={jour} />
        <BandeauProcedure requete={requete} dossier={dossier} />
        <Reserves masques={dossier.masques} />
        <CoursDuDossier lu={lu} jour={jour} calendrier={session.delais.calendrier} nom={nom} />
        <Colonnes genre="dossier">
          <Pile>
            <Argent lu={lu} />
            <Colonnes genre="moities">
              <CarteMenage lu={lu} />
              <CarteLogement lu={lu} annee={jour.year} territoire={territoire} tientBailleurs={droits.bailleur} />
            </Colonnes>
            <CarteEcrits dossier={dossier} lus={ecrits} />
            <CarteSignaux lu={lu} droits={droits} />
            <Contacts lu={lu} noter={droits.contact ? `/dossiers/${dossier.reference}/contact` : null} jeton={jeton} />
          </Pile>
          <Pile>
            <CarteEspaces acteur={requete.acteur} dossier={dossier} />
            <CartePosition requete={requete} dossier={dossier} lue={position} />
            {echanges && <CarteEchanges requete={requete} dossier={dossier} echanges={echanges} />}
            <CarteEcheances lu={lu} aujourdhui={jour} />
            <CartesPartage requete={requete} dossier={dossier} partage={partage} />
            <PourquoiCeService lu={lu} droits={droits} jeton={jeton} />
            <CarteCriteres lu={lu} />
            <CarteComplexe requete={requete} dossier={dossier} marques={complexites} />
            <Chronologie lu={lu} jeton={jeton} peutReunir={droits.reunir} />
          </Pile>
        </Colonnes>
      </Pile>
    </Cadre>
  )
}
