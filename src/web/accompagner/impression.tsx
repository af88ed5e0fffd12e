import type { ReactElement } from 'react'
import { libelleTerritoire } from '#referentiel'
import { formatDate, formatDateLongue, formatInstant, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Bouton,
  BoutonImprimer,
  Carte,
  type EtatEcheance,
  etatEcheance,
  Message,
  Pile,
  PuceCercle,
  Tableau,
} from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import { Chronologie, Contacts } from './chronologie.tsx'
import { chiffres } from './dossier.tsx'
import { type DossierLu, type DroitsDossier, lireTout } from './lecture.ts'
import { decrireFoyer } from './menage.ts'
import {
  Argent,
  CarteCriteres,
  CarteLogement,
  CarteMenage,
  PourquoiCeService,
  Reserves,
  trierEcheances,
} from './parties.tsx'
import { CarteSignaux } from './signaux.tsx'

/** On paper nothing is pressed. */
const AUCUN: DroitsDossier = {
  contact: false,
  confier: false,
  defaireConfier: false,
  diagnostic: false,
  rouvrir: false,
  separer: false,
  reunir: false,
  lots: false,
  bailleur: false,
}

/**
 * Who may read the sheet. A dossier is shared follow-up; with health-adjacent data it stays between social services. Landlord and judge get a summary, never this
 * (ACC-03).
 */
function Cercle({ sante }: { sante: boolean }): ReactElement {
  return (
    <Message ton="reserve">
      <p>
        <PuceCercle rang={sante ? 2 : 3} libelle={sante ? 'Transmission' : 'Suivi partagé'} />{' '}
        {sante
          ? 'Réservé aux services sociaux qui suivent ce ménage : ce document peut porter des données proches de la santé.'
          : 'Réservé aux services qui suivent ce ménage.'}{' '}
        Ne se remet ni au bailleur, ni au juge. À détruire après usage.
      </p>
    </Message>
  )
}

const ETATS = {
  depassee: 'dépassée',
  aujourdhui: 'aujourd’hui',
  bientot: 'dans les sept jours',
  plus_tard: 'à venir',
  tenue: 'tenue',
  tardive: 'tenue trop tard',
  passee: 'passée',
  sans_preuve: 'passée, sans preuve connue',
  deux_lectures: 'deux lectures, à vérifier',
} as const satisfies Record<EtatEcheance, string>

/** Deadlines in full: on paper a source is not one click away (interface §9). */
function EcheancesSourcees({ lu, jour }: { lu: DossierLu; jour: Temporal.PlainDate }): ReactElement {
  const echeances = trierEcheances([...lu.dossier.echeances, ...lu.dossier.echeances_service], jour)
  return (
    <Carte titre="Échéances et leur source">
      <Tableau
        legende="Échéances, avec leur départ, leur calcul, leur source et leur fiabilité"
        largeur="etroit"
        vide="Aucun délai ne court."
        lignes={echeances}
        cle={({ cle, le }) => `${cle} ${le}`}
        colonnes={[
          {
            cle: 'quoi',
            titre: 'Échéance',
            principale: true,
            rendre: (echeance) => (
              <>
                {echeance.libelle}
                <small>{ETATS[etatEcheance(echeance, jour)]}</small>
              </>
            ),
          },
          {
            cle: 'le',
            titre: 'Date',
            rendre: ({ le, autreLe, tenueLe, retard }) => (
              <>
                <span className="nb">{formatDate(le)}</span>
                {autreLe !== undefined && <small>autre lecture : {formatDate(autreLe)}</small>}
                {tenueLe !== undefined && (
                  <small>
                    {retard === undefined ? 'tenue' : `${pluriel(retard, 'jour', 'jours')} trop tard,`} le{' '}
                    {formatDate(tenueLe)}
                  </small>
                )}
              </>
            ),
          },
          {
            cle: 'calcul',
            titre: 'Départ et calcul',
            rendre: ({ depart, calcul }) => (
              <>
                {depart}
                <small>{calcul}</small>
              </>
            ),
          },
          {
            cle: 'source',
            titre: 'Source et fiabilité',
            rendre: ({ source, fiabilite, aVerifier, reserve }) => (
              <>
                {source}
                <small>
                  {fiabilite}
                  {aVerifier && ', à vérifier'}
                  {reserve !== undefined && `. ${reserve}`}
                </small>
              </>
            ),
          },
        ]}
      />
    </Carte>
  )
}

function PageImpression({ requete, lu }: { requete: Requete; lu: DossierLu }): ReactElement {
  const { session, connecte, acteur } = requete
  const { dossier } = lu
  const { jour } = session
  const departement = session.referentiel.departements.get(session.dept)
  const territoire = departement ? libelleTerritoire(departement.territoires, dossier.territoire) : ''
  const surPapier: DossierLu = { ...lu, peutRetirer: () => false }
  return (
    <Cadre
      requete={requete}
      titre={`${decrireFoyer(dossier.menage)}, dossier ${dossier.reference}`}
      chapo={`Arrêté au ${formatDateLongue(jour)}. Imprimé le ${formatInstant(session.maintenant)} par ${connecte.nom}, ${acteur.organismeNom}.`}
      courante="accompagner"
      fil={[
        { libelle: 'Dossiers', href: '/dossiers' },
        { libelle: dossier.reference, href: `/dossiers/${dossier.reference}` },
        { libelle: 'Imprimer' },
      ]}
      actions={
        <>
          <BoutonImprimer />
          <Bouton href={`/dossiers/${dossier.reference}`}>Revenir au dossier</Bouton>
        </>
      }
      cles={chiffres(lu, jour)}
      papier="portrait"
    >
      <Pile>
        <p className="note sans-impression">
          L’impression est notée dans le journal, avec votre nom et l’heure. Sans script, imprimer avec le menu du
          navigateur.
        </p>
        <Cercle sante={lu.sante} />
        <Reserves masques={dossier.masques} />
        <EcheancesSourcees lu={lu} jour={jour} />
        <CarteMenage lu={lu} />
        <CarteLogement lu={lu} annee={jour.year} territoire={territoire} />
        <Argent lu={lu} />
        <PourquoiCeService lu={lu} droits={AUCUN} jeton="" tout />
        <CarteCriteres lu={lu} />
        <Contacts lu={surPapier} noter={null} jeton="" />
        <CarteSignaux lu={lu} droits={AUCUN} />
        <Chronologie lu={lu} jeton="" peutReunir={false} tout />
      </Pile>
    </Cadre>
  )
}

/** GET /dossiers/:reference/imprimer: the dossier laid out for paper. Every printing is journalled. */
export async function imprimerDossier(requete: Requete): Promise<Reponse> {
  const lu = await lireTout(requete, requete.parametres.reference ?? '')
  requete.session.consigner({ action: 'dossier.imprimer', objet: 'dossier', objetId: lu.dossier.id })
  return page(<PageImpression requete={requete} lu={lu} />)
}
