import type { ReactElement } from 'react'
import {
  affecter,
  type Ecriture,
  enVigueur,
  estDu,
  listerEcritures,
  listerPlans,
  type PlanApurement,
  suivrePlan,
} from '#apurements'
import { type AvisEcheance, composerAvisEcheance, duTerme, ecrireTerme, type OriginePlan, termeDe } from '#calculs'
import type { Dossier } from '#dossiers'
import { formatMontant, pluriel } from '#socle/typography'
import { nommerDossier } from '../accompagner/menage.ts'
import { Actions, Bouton, Carte, Filtres, Pile, Selection, Tableau } from '../composants/index.ts'
import { CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { sortir } from '../export.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { adresseArgent, ESPACE, lireTermeSaisi } from './commun.tsx'
import { conseiller, imprimer } from './documents.ts'

/** Which item of the notice an instalment goes to. */
const POSTES: Readonly<Record<OriginePlan, 'delaiJuge' | 'surendettement' | 'delaiNegocie'>> = {
  juge: 'delaiJuge',
  surendettement: 'surendettement',
  bailleur: 'delaiNegocie',
  caf: 'delaiNegocie',
  protocole_1: 'delaiNegocie',
  protocole_2: 'delaiNegocie',
  volontaire: 'delaiNegocie',
}

/**
 * The due notice of a month (OUT-07): what the ledger asks for it, and what of it is paid in the reading that holds, the household's word first; then the
 * instalments of the plans under way, as their follow-up has them. It never says of a payment what the ledger does not.
 */
function composer(
  session: Requete['session'],
  ecritures: readonly Ecriture[],
  plans: readonly PlanApurement[],
  terme: string,
): AvisEcheance {
  const { jour } = session
  const { lectures } = affecter(session.delais, ecritures, plans, jour)
  const [{ imputations, soldes, nonImpute }] = lectures
  const duMois = (le: Temporal.PlainDate) => le.toPlainYearMonth().toString() === terme
  const somme = (choisies: readonly { readonly centimes: number }[]) =>
    choisies.reduce((total, { centimes }) => total + centimes, 0)
  const dues = enVigueur(ecritures).filter(({ genre }) => estDu(genre))
  const termeDu = ({ genre, terme: mois, le }: Ecriture) => termeDe({ nature: genre, terme: mois, echeance: le })
  const concerne = (une: Ecriture) => {
    const mois = termeDu(une)
    return mois === null ? duMois(une.le) : mois === terme
  }
  const duesDuMois = dues.filter(concerne)
  const dus = (genre: Ecriture['genre']) => duesDuMois.filter((une) => une.genre === genre)
  const recu = (genres: readonly Ecriture['genre'][], regles: 'aide' | 'autres') => {
    const ids = new Set(genres.flatMap((genre) => dus(genre).map(({ id }) => id)))
    return somme(
      imputations.filter(({ dette, regle }) => ids.has(dette) && (regle === 'terme_aide') === (regles === 'aide')),
    )
  }
  const premier = Temporal.PlainYearMonth.from(terme).toPlainDate({ day: 1 })
  const anterieures = new Set(
    dues.filter((une) => !concerne(une) && Temporal.PlainDate.compare(une.le, premier) < 0).map(({ id }) => id),
  )
  const mensualites = (poste: (typeof POSTES)[OriginePlan]) => {
    const echeances = plans
      .filter(
        ({ origine, fin }) =>
          POSTES[origine] === poste && (fin === null || Temporal.PlainDate.compare(fin.le, premier) >= 0),
      )
      .flatMap((plan) => suivrePlan(plan, ecritures, jour).echeances.filter(({ le }) => duMois(le)))
    return { demande: somme(echeances), paye: echeances.reduce((total, { paye }) => total + paye, 0) }
  }
  const [juge, surendettement, negocie] = [
    mensualites('delaiJuge'),
    mensualites('surendettement'),
    mensualites('delaiNegocie'),
  ]
  const recusDuMois = new Set(
    ecritures
      .filter(({ genre, le, terme: mois }) => !estDu(genre) && (mois === null ? duMois(le) : mois === terme))
      .map(({ id }) => id),
  )
  const avis = composerAvisEcheance({
    bailResilie: dus('indemnite').length > 0,
    loyer: somme(dus('loyer')) + somme(dus('indemnite')),
    charges: somme(dus('charges')),
    aideVersee: recu(['loyer', 'indemnite', 'charges'], 'aide'),
    delaiJuge: juge.demande,
    surendettement: surendettement.demande,
    delaiNegocie: negocie.demande,
    frais: somme(dus('frais')),
    autre: somme(dus('autre')),
    dette: soldes.filter(({ dette }) => anterieures.has(dette)).reduce((total, { reste }) => total + reste, 0),
    paiements: {
      loyer: recu(['loyer', 'indemnite'], 'autres'),
      charges: recu(['charges'], 'autres'),
      delai_juge: juge.paye,
      surendettement: surendettement.paye,
      delai_negocie: negocie.paye,
      frais: recu(['frais'], 'autres'),
      autre: recu(['autre'], 'autres') + recu(['autre'], 'aide'),
    },
  })
  return { ...avis, enTrop: somme(nonImpute.filter(({ versement }) => recusDuMois.has(versement))) }
}

async function lire(
  requete: Requete,
): Promise<{ dossier: Dossier; termes: readonly string[]; terme: string; avis: AvisEcheance }> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const ecritures = await listerEcritures(session, dossier.id)
  const plans = await listerPlans(session, dossier)
  const courant = session.jour.toPlainYearMonth().toString()
  const termes = [
    ...new Set([
      courant,
      ...enVigueur(ecritures).flatMap(({ genre, terme, le }) => termeDe({ nature: genre, terme, echeance: le }) ?? []),
    ]),
  ]
    .sort()
    .reverse()
  const demande = lireTermeSaisi(requete.recherche.mois ?? '')
  const terme = demande ?? courant
  return {
    dossier,
    termes: termes.includes(terme) ? termes : [terme, ...termes],
    terme,
    avis: composer(session, ecritures, plans, terme),
  }
}

const INFORMATION =
  'La dette antérieure est rappelée pour information : elle n’est pas réclamée en une fois tant qu’un plan l’étale.'

/** What a due notice asks, item by item, on screen and on paper. */
export function PostesDeLAvis({ avis, terme }: { avis: AvisEcheance; terme: string }): ReactElement {
  return (
    <Carte titre="Postes" id="resultat">
      <Tableau
        legende={`Postes de l’avis d’échéance ${duTerme(terme)}`}
        largeur="etroit"
        cle={({ poste }) => poste}
        lignes={avis.lignes}
        vide="Rien n’est saisi pour ce mois."
        colonnes={[
          { cle: 'poste', titre: 'Poste', principale: true, rendre: ({ libelle }) => libelle },
          {
            cle: 'demande',
            titre: 'Demandé',
            numerique: true,
            pied: formatMontant(avis.totalDemande),
            rendre: ({ demande }) => formatMontant(demande),
          },
          {
            cle: 'paye',
            titre: 'Payé',
            numerique: true,
            pied: formatMontant(avis.totalPaye),
            rendre: ({ paye }) => formatMontant(paye),
          },
          {
            cle: 'reste',
            titre: 'Reste',
            numerique: true,
            pied: formatMontant(avis.resteAPayer),
            rendre: ({ reste }) => formatMontant(reste),
          },
        ]}
      />
      {avis.enTrop > 0 && <p>{formatMontant(avis.enTrop)} versés au-delà de ce qui est demandé ce mois.</p>}
      <p>
        Dette antérieure au mois : {formatMontant(avis.dette ?? 0)}. {INFORMATION}
      </p>
      {avis.reserves.map((reserve) => (
        <p className="note" key={reserve}>
          {reserve}
        </p>
      ))}
    </Carte>
  )
}

/** GET /dossiers/:reference/argent/avis?mois=AAAA-MM (OUT-07). */
export async function montrerAvis(requete: Requete): Promise<Reponse> {
  const { dossier, termes, terme, avis } = await lire(requete)
  requete.session.consigner({ action: 'argent.lire', objet: 'dossier', objetId: dossier.id, dossiers: [dossier.id] })
  return page(
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ESPACE}
      titre={`Avis d’échéance, ${ecrireTerme(terme)}`}
      acte="Avis d’échéance"
      chapo="Poste par poste : ce qui est demandé, ce qui est payé, ce qui reste."
      actions={
        <Bouton href={adresseArgent(dossier, `/avis.pdf?mois=${terme}`)} fichier icone="impr">
          Avis en PDF
        </Bouton>
      }
    >
      <Pile>
        <Filtres
          action={adresseArgent(dossier, '/avis')}
          libelle="Choisir le mois"
          resultat={pluriel(avis.lignes.length, 'poste', 'postes')}
          bouton="Voir ce mois"
        >
          <Selection
            nom="mois"
            libelle="Mois"
            libre
            valeur={terme}
            options={termes.map((un) => ({ valeur: un, libelle: ecrireTerme(un) }))}
          />
        </Filtres>
        <PostesDeLAvis avis={avis} terme={terme} />
        <Actions>
          <Bouton genre="tertiaire" href={adresseArgent(dossier)}>
            Revenir à la dette
          </Bouton>
        </Actions>
      </Pile>
    </CadreDossier>,
  )
}

/** GET /dossiers/:reference/argent/avis.pdf?mois=AAAA-MM. */
export async function imprimerAvis(requete: Requete): Promise<Reponse> {
  const { dossier, terme, avis } = await lire(requete)
  requete.session.consigner({
    action: 'argent.imprimer',
    objet: 'dossier',
    objetId: dossier.id,
    dossiers: [dossier.id],
    details: { mois: terme },
  })
  return sortir(requete, {
    nombre: 1,
    filtre: `avis d’échéance ${duTerme(terme)}`,
    construire: async () => ({
      nom: `avis-${terme}-${dossier.reference}.pdf`,
      type: 'application/pdf',
      octets: await imprimer({
        titre: `Avis d’échéance, ${ecrireTerme(terme)}`,
        chapo: `${nommerDossier(dossier)}, dossier ${dossier.reference}.`,
        colonnes: ['Poste', 'Demandé', 'Payé', 'Reste'],
        lignes: avis.lignes.map(({ libelle, demande, paye, reste }) => [
          libelle,
          formatMontant(demande),
          formatMontant(paye),
          formatMontant(reste),
        ]),
        pied: [
          'Total',
          formatMontant(avis.totalDemande),
          formatMontant(avis.totalPaye),
          formatMontant(avis.resteAPayer),
        ],
        notes: [
          ...(avis.enTrop > 0 ? [`${formatMontant(avis.enTrop)} versés au-delà de ce qui est demandé ce mois.`] : []),
          `Dette antérieure au mois : ${formatMontant(avis.dette ?? 0)}. ${INFORMATION}`,
          ...conseiller(
            dossier,
            'dire à chaque versement ce qu’il paie : sans indication, la loi l’affecte d’abord à la dette échue la plus ancienne (code civil, art. 1342-10).',
          ),
          ...avis.reserves,
        ],
      }),
    }),
  })
}
