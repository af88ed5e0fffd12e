import type { ReactElement } from 'react'
import { type Ecriture, estDu, nommerEcriture } from '#apurements'
import {
  type EcheancePlan,
  type EcheanceSuivie,
  ETATS_ECHEANCE_PLAN,
  type Lecture,
  ORIGINES_PLAN,
  type ResultatImputation,
} from '#calculs'
import type { Dossier } from '#dossiers'
import { ecrireSource } from '#procedure'
import { formatDate, formatMontant, pluriel } from '#socle/typography'
import { Carte, EtatVide, Etiquette, ListeSobre, Message, Plus, Tableau, type Ton } from '../composants/index.ts'
import { adresseArgent } from './commun.tsx'
import type { PlanSuivi } from './lecture.ts'

/** What is said of current rent, in a word. */
export const TONS_REPRISE = {
  repris: ['tenu', 'repris'],
  non_repris: ['retard', 'non repris'],
  indetermine: ['neutre', 'indéterminé'],
} as const satisfies Record<Lecture['reprise']['etat'], readonly [Ton, string]>

/** A household under Visale is not told to say what its payments pay: the guarantor pays the arrears, then agrees on a schedule. */
export function AvertissementVisale(): ReactElement {
  return (
    <Message ton="bientot">
      <p>
        Garantie Visale : ne pas conseiller au locataire d’affecter ses versements, c’est le garant qui paie l’impayé
        puis convient d’un échéancier avec lui.
      </p>
    </Message>
  )
}

/** Is current rent paid again? Both readings where they differ, each with the way cents went. */
export function CarteReprise({
  affectation,
  ecritures,
}: {
  affectation: ResultatImputation
  ecritures: readonly Ecriture[]
}): ReactElement {
  if (ecritures.length === 0)
    return (
      <Carte titre="Le loyer courant est-il repris ?" id="reprise">
        <p>Aucune ligne n’est saisie : on ne sait pas si le loyer courant est repris.</p>
      </Carte>
    )
  const { lectures, divergent } = affectation
  const montrees = divergent ? lectures : lectures.slice(0, 1)
  const noms = new Map(ecritures.map((ecriture) => [ecriture.id, ecriture]))
  const versement = (id: string) => {
    const ecriture = noms.get(id)
    return ecriture ? `${nommerEcriture(ecriture)}, ${formatDate(ecriture.le)}` : id
  }
  return (
    <Carte titre="Le loyer courant est-il repris ?" id="reprise">
      {divergent && (
        <p>
          Deux lectures possibles, selon que l’on suit ce que le ménage a indiqué ou l’ordre de la loi. La première vaut
          dès que le ménage a dit ce qu’il payait.
        </p>
      )}
      <ListeSobre
        lignes={montrees.map(({ nom, libelle, reprise, restant }) => ({
          cle: nom,
          titre: montrees.length > 1 ? libelle : 'Au vu des lignes saisies',
          note: `${reprise.phrase} Reste dû : ${formatMontant(restant)}.`,
          droite: <Etiquette ton={TONS_REPRISE[reprise.etat][0]}>{TONS_REPRISE[reprise.etat][1]}</Etiquette>,
        }))}
      />
      {montrees.map(({ nom, libelle, imputations, nonImpute }) => (
        <Plus libelle={`Où va chaque centime${montrees.length > 1 ? ` : ${libelle.toLowerCase()}` : ''}`} key={nom}>
          {imputations.length + nonImpute.length === 0 ? (
            <p>Aucun versement à affecter.</p>
          ) : (
            <ul>
              {imputations.map((imputation) => (
                <li key={`${imputation.versement}${imputation.dette}`}>
                  {versement(imputation.versement)} : {imputation.explication}
                </li>
              ))}
              {nonImpute.map(({ versement: id, centimes, motif }) => (
                <li key={`non ${id}`}>
                  {versement(id)} : {formatMontant(centimes)} non affectés. {motif}
                </li>
              ))}
            </ul>
          )}
        </Plus>
      ))}
      <p className="note">
        Règles : {ecrireSource(affectation.source)} ; {ecrireSource(affectation.sourceAide)}.{' '}
        {affectation.reserves.join(' ')}
      </p>
    </Carte>
  )
}

/** The ledger, oldest first, with its running balance; a row that was corrected stays, struck out. */
export function GrandLivre({
  dossier,
  ecritures,
  corrigeable,
}: {
  dossier: Dossier
  ecritures: readonly Ecriture[]
  /** Rows this reader may correct. */
  corrigeable: (ecriture: Ecriture) => boolean
}): ReactElement {
  let solde = 0
  const lignes = ecritures
    .filter(({ annulation }) => !annulation)
    .map((ecriture) => {
      const compte = ecriture.remplacee === null
      if (compte) solde += estDu(ecriture.genre) ? ecriture.centimes : -ecriture.centimes
      return { ecriture, compte, solde, suite: ecritures.find(({ id }) => id === ecriture.remplacee) }
    })
  const barrer = (compte: boolean, texte: string) => (compte ? texte : <s>{texte}</s>)
  return (
    <Tableau
      legende="Lignes de dette et de versement, de la plus ancienne à la plus récente"
      largeur="moyen"
      cle={({ ecriture }) => ecriture.id}
      lignes={lignes}
      vide="Aucune ligne saisie."
      colonnes={[
        { cle: 'le', titre: 'Date', rendre: ({ ecriture, compte }) => barrer(compte, formatDate(ecriture.le)) },
        {
          cle: 'quoi',
          titre: 'Ligne',
          principale: true,
          large: true,
          rendre: ({ ecriture, compte, suite }) => (
            <>
              {barrer(compte, nommerEcriture(ecriture))}
              <small>
                {[
                  ecriture.precision,
                  ecriture.choix === 'terme'
                    ? `indiqué pour le loyer de ${ecriture.choixTerme?.split('-').toReversed().join('/')}`
                    : '',
                  ecriture.choix === 'plan' ? 'indiqué pour le plan' : '',
                  ecriture.corrige ? `corrige une ligne : ${ecriture.motif}` : '',
                  suite ? `${suite.annulation ? 'annulée' : 'corrigée'} par ${suite.auteur} : ${suite.motif}` : '',
                  `saisi par ${ecriture.auteur}, ${ecriture.organisme_nom}`,
                ]
                  .filter((morceau) => morceau !== '')
                  .join('. ')}
              </small>
            </>
          ),
        },
        {
          cle: 'du',
          titre: 'Dû',
          numerique: true,
          rendre: ({ ecriture, compte }) =>
            estDu(ecriture.genre) ? barrer(compte, formatMontant(ecriture.centimes)) : '',
        },
        {
          cle: 'recu',
          titre: 'Reçu',
          numerique: true,
          rendre: ({ ecriture, compte }) =>
            estDu(ecriture.genre) ? '' : barrer(compte, formatMontant(ecriture.centimes)),
        },
        {
          cle: 'solde',
          titre: 'Reste dû',
          numerique: true,
          rendre: ({ compte, solde: reste }) => (compte ? formatMontant(reste) : ''),
        },
        ...(ecritures.some(corrigeable)
          ? [
              {
                cle: 'corriger',
                titre: 'Corriger',
                rendre: ({ ecriture, compte }: { ecriture: Ecriture; compte: boolean }) =>
                  compte && corrigeable(ecriture) ? (
                    <a
                      href={adresseArgent(dossier, `/lignes/${ecriture.id}`)}
                      aria-label={`Corriger : ${nommerEcriture(ecriture)}, ${formatDate(ecriture.le)}`}
                    >
                      Corriger
                    </a>
                  ) : (
                    ''
                  ),
              },
            ]
          : []),
      ]}
    />
  )
}

/** Where a plan stands, in a word. */
export function EtatDePlan({ plan, suivi }: PlanSuivi): ReactElement {
  if (plan.fin) {
    const [ton, texte]: readonly [Ton, string] = (
      {
        tenu: ['tenu', 'tenu'],
        defaillant: ['retard', 'défaillant'],
        denonce: ['bientot', 'dénoncé'],
        remplace: ['neutre', 'remplacé'],
      } as const
    )[plan.fin.issue]
    return <Etiquette ton={ton}>{texte}</Etiquette>
  }
  if (suivi.acheve) return <Etiquette ton="tenu">soldé</Etiquette>
  if (!suivi.respecte) return <Etiquette ton="retard">{`${formatMontant(suivi.retard)} en retard`}</Etiquette>
  return suivi.nombre.respectee > 0 ? (
    <Etiquette ton="tenu">respecté</Etiquette>
  ) : (
    <Etiquette ton="info">à suivre</Etiquette>
  )
}

/** Plans of a dossier, the newest first. */
export function ListePlans({ dossier, plans }: { dossier: Dossier; plans: readonly PlanSuivi[] }): ReactElement {
  if (plans.length === 0)
    return (
      <EtatVide titre="Aucun plan" niveau={3}>
        Préparer un plan montre l’échéancier au centime et le compare à ce que le ménage peut payer.
      </EtatVide>
    )
  return (
    <ListeSobre
      lignes={plans.map(({ plan, suivi }) => ({
        cle: plan.id,
        titre: (
          <a href={adresseArgent(dossier, `/plans/${plan.id}`)}>
            {ORIGINES_PLAN[plan.origine]}, {formatDate(plan.conclu_le)}
          </a>
        ),
        note: `${formatMontant(plan.dette)} en ${pluriel(plan.nombre, 'mensualité', 'mensualités')} de ${formatMontant(plan.mensualite)}. Versé : ${formatMontant(suivi.verse)}.`,
        droite: <EtatDePlan plan={plan} suivi={suivi} />,
      }))}
    />
  )
}

const TONS_ECHEANCE = {
  respectee: 'tenu',
  partielle: 'bientot',
  manquee: 'retard',
  a_venir: 'neutre',
} as const satisfies Record<EcheanceSuivie['etat'], Ton>

/** A schedule, followed or not. */
export function Echeancier({
  echeances,
  legende,
}: {
  echeances: readonly (EcheancePlan & Partial<EcheanceSuivie>)[]
  legende: string
}): ReactElement {
  const total = echeances.reduce((somme, { centimes }) => somme + centimes, 0)
  const suivies = echeances.some(({ etat }) => etat !== undefined)
  return (
    <Tableau
      legende={legende}
      largeur="etroit"
      cle={({ rang }) => String(rang)}
      lignes={echeances}
      colonnes={[
        { cle: 'rang', titre: 'N°', rendre: ({ rang }) => String(rang) },
        { cle: 'le', titre: 'Date', principale: true, rendre: ({ le }) => formatDate(le) },
        {
          cle: 'montant',
          titre: 'Montant',
          numerique: true,
          pied: formatMontant(total),
          rendre: ({ centimes }) => formatMontant(centimes),
        },
        ...(suivies
          ? [
              {
                cle: 'etat',
                titre: 'Suivi',
                rendre: ({ etat, tardive, paye, explication }: Partial<EcheanceSuivie>) =>
                  etat === undefined ? (
                    ''
                  ) : (
                    <>
                      <Etiquette ton={TONS_ECHEANCE[etat]}>
                        {`${ETATS_ECHEANCE_PLAN[etat]}${tardive ? ', en retard' : ''}`}
                      </Etiquette>
                      {(paye ?? 0) > 0 && etat !== 'respectee' && <small> {explication}</small>}
                    </>
                  ),
              },
            ]
          : []),
      ]}
    />
  )
}
