import { calculerSolde, type Ecriture, enVigueur, listerEcritures, listerPlans, type PlanApurement } from '#apurements'
import { type AvisEcheance, composerAvisEcheance, ecrireTerme, type OriginePlan } from '#calculs'
import type { Dossier } from '#dossiers'
import { formatMontant, pluriel } from '#socle/typography'
import { nommerDossier } from '../accompagner/menage.ts'
import { Actions, Bouton, Carte, Filtres, Pile, Selection, Tableau } from '../composants/index.ts'
import { CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { sortir } from '../export.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { adresseArgent, ESPACE, lireTermeSaisi } from './commun.tsx'
import { imprimer } from './documents.ts'

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
const NOMS = { delaiJuge: 'delai_juge', surendettement: 'surendettement', delaiNegocie: 'delai_negocie' } as const

/** The due notice of a month, from the ledger and from the plans under way that month (OUT-07). */
function composer(ecritures: readonly Ecriture[], plans: readonly PlanApurement[], terme: string): AvisEcheance {
  const lignes = enVigueur(ecritures)
  const duMois = (jour: Temporal.PlainDate) => jour.toPlainYearMonth().toString() === terme
  const somme = (choisies: readonly { readonly centimes: number }[]) =>
    choisies.reduce((total, { centimes }) => total + centimes, 0)
  const dus = (genre: Ecriture['genre']) => somme(lignes.filter((une) => une.genre === genre && une.terme === terme))
  const premier = Temporal.PlainYearMonth.from(terme).toPlainDate({ day: 1 })
  const ouverts = plans.filter(({ fin }) => fin === null || Temporal.PlainDate.compare(fin.le, premier) >= 0)
  const mensualites = (poste: (typeof POSTES)[OriginePlan]) =>
    somme(
      ouverts
        .filter(({ origine }) => POSTES[origine] === poste)
        .flatMap(({ echeances }) => echeances.filter(({ le }) => duMois(le))),
    )
  const verses = lignes.filter(({ genre, le }) => (genre === 'menage' || genre === 'tiers') && duMois(le))
  const indemnite = dus('indemnite')
  const logement = indemnite > 0 ? 'indemnite' : 'loyer'
  const paiements: Partial<
    Record<'loyer' | 'indemnite' | 'sans_precision' | (typeof NOMS)[keyof typeof NOMS], number>
  > = {}
  for (const { choix, choixTerme, plan, centimes } of verses) {
    const vise = plans.find(({ id }) => id === plan)
    const poste =
      choix === 'plan' && vise
        ? NOMS[POSTES[vise.origine]]
        : choix === 'terme' && choixTerme === terme
          ? logement
          : 'sans_precision'
    paiements[poste] = (paiements[poste] ?? 0) + centimes
  }
  // What was said for the rent of the month pays its charges too.
  const loyer = dus('loyer') + indemnite
  const exces = Math.max(0, (paiements[logement] ?? 0) - Math.max(0, loyer - dus('aide') - dus('rls')))
  if (exces > 0) {
    paiements[logement] = (paiements[logement] ?? 0) - exces
    paiements.sans_precision = (paiements.sans_precision ?? 0) + exces
  }
  return composerAvisEcheance({
    bailResilie: indemnite > 0,
    loyer,
    charges: dus('charges'),
    aideVersee: dus('aide') + dus('rls'),
    delaiJuge: mensualites('delaiJuge'),
    surendettement: mensualites('surendettement'),
    delaiNegocie: mensualites('delaiNegocie'),
    frais: somme(lignes.filter(({ genre, le }) => genre === 'frais' && duMois(le))),
    dette: Math.max(0, calculerSolde(ecritures, premier.subtract({ days: 1 }))),
    paiements,
  })
}

async function lire(
  requete: Requete,
): Promise<{ dossier: Dossier; termes: readonly string[]; terme: string; avis: AvisEcheance }> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const ecritures = await listerEcritures(session, dossier.id)
  const plans = await listerPlans(session, dossier.id)
  const courant = session.jour.toPlainYearMonth().toString()
  const termes = [...new Set([courant, ...enVigueur(ecritures).flatMap(({ terme }) => terme ?? [])])].sort().reverse()
  const demande = lireTermeSaisi(requete.recherche.mois ?? '')
  const terme = demande ?? courant
  return {
    dossier,
    termes: termes.includes(terme) ? termes : [terme, ...termes],
    terme,
    avis: composer(ecritures, plans, terme),
  }
}

const INFORMATION =
  'La dette antérieure est rappelée pour information : elle n’est pas réclamée en une fois tant qu’un plan l’étale.'

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
        <Carte titre="Postes">
          <Tableau
            legende={`Postes de l’avis d’échéance de ${ecrireTerme(terme)}`}
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
    filtre: `avis d’échéance de ${ecrireTerme(terme)}`,
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
          'À chaque versement, dire ce qu’il paie : sans indication, la loi l’affecte d’abord à la dette échue la plus ancienne (code civil, art. 1342-10).',
          ...avis.reserves,
        ],
      }),
    }),
  })
}
