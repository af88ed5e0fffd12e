import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  etatsDiagnostic,
  formesDiagnostic,
  type LigneDiagnostic,
  type LoyerAVerifier,
  listerDiagnosticsEnCours,
  listerLoyersAVerifier,
  type PageLoyers,
  reponsesReprise,
} from '#diagnostics'
import { formatDate, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import { Bouton, EtatVide, Pagination, Pile, PuceEcheance, Section, Tableau } from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'

const adresseLoyers = (page: number): string =>
  page === 1 ? '/diagnostics#loyers' : `/diagnostics?page=${page}#loyers`

function TableauLoyers({
  requete,
  vue: { loyers, total, page: courante, pages, premier },
}: {
  requete: Requete
  vue: PageLoyers
}): ReactElement {
  const repond = aLeDroit(requete.acteur, 'contact.noter')
  return (
    <Tableau
      legende="Ménages à qui demander si le loyer courant est repris"
      lignes={loyers}
      cle={({ id }) => id}
      apres={
        pages > 1 && (
          <Pagination
            libelle="Autres ménages à qui demander si le loyer est repris"
            position={`${formatNombre(premier)} à ${formatNombre(premier + loyers.length - 1)} sur ${formatNombre(total)}`}
            precedents={courante > 1 ? adresseLoyers(courante - 1) : undefined}
            suivants={courante < pages ? adresseLoyers(courante + 1) : undefined}
          />
        )
      }
      colonnes={[
        {
          cle: 'menage',
          titre: 'Ménage',
          principale: true,
          rendre: ({ reference, titulaire, commune }) => (
            <>
              <a href={`/dossiers/${reference}/diagnostics#loyer`}>{titulaire}</a>
              <small>{commune}</small>
            </>
          ),
        },
        { cle: 'audience', titre: 'Audience', rendre: ({ audience_le }) => formatDate(audience_le) },
        {
          cle: 'alerte',
          titre: 'À demander depuis',
          rendre: ({ alerte }) => (
            <PuceEcheance echeance={{ ...alerte, genre: 'terme' }} aujourdhui={requete.session.jour} />
          ),
        },
        {
          cle: 'derniere',
          titre: 'Dernière réponse',
          rendre: ({ derniere }) =>
            derniere ? `${reponsesReprise[derniere.reponse]}, le ${formatDate(derniere.le)}` : 'Aucune',
        },
        { cle: 'service', titre: 'Service', rendre: ({ organisme_nom }) => organisme_nom ?? 'Aucun' },
        ...(repond
          ? [
              {
                cle: 'geste',
                titre: 'Répondre',
                rendre: ({ reference, titulaire }: LoyerAVerifier) => (
                  <Bouton
                    petit
                    href={`/dossiers/${reference}/diagnostics/loyer`}
                    libelleLu={`Répondre pour ${titulaire}`}
                  >
                    Répondre
                  </Bouton>
                ),
              },
            ]
          : []),
      ]}
    />
  )
}

function TableauDiagnostics({
  requete,
  diagnostics,
}: {
  requete: Requete
  diagnostics: readonly LigneDiagnostic[]
}): ReactElement {
  return (
    <Tableau
      legende="Diagnostics qui attendent quelque chose"
      lignes={diagnostics}
      cle={({ id }) => id}
      colonnes={[
        {
          cle: 'menage',
          titre: 'Ménage',
          principale: true,
          rendre: ({ reference, titulaire, commune }) => (
            <>
              <a href={`/dossiers/${reference}/diagnostics`}>{titulaire}</a>
              <small>{commune}</small>
            </>
          ),
        },
        {
          cle: 'etat',
          titre: 'Étape',
          rendre: ({ etat, forme }) =>
            forme === 'menage_absent'
              ? `${etatsDiagnostic[etat]} : ${formesDiagnostic[forme].toLowerCase()}`
              : etatsDiagnostic[etat],
        },
        { cle: 'service', titre: 'Mené par', rendre: ({ organisme_nom }) => organisme_nom },
        {
          cle: 'audience',
          titre: 'Audience',
          rendre: ({ audience_le }) => (audience_le ? formatDate(audience_le) : 'Aucune connue'),
        },
        {
          cle: 'echeance',
          titre: 'Prochaine échéance',
          rendre: ({ echeance }) =>
            echeance ? (
              <>
                {echeance.libelle} <PuceEcheance echeance={echeance} aujourdhui={requete.session.jour} />
              </>
            ) : (
              'Celle du tableau'
            ),
        },
      ]}
    />
  )
}

/** GET /diagnostics: what waits, in the reader's perimeter. */
export async function montrerTravail(requete: Requete): Promise<Reponse> {
  const demandee = Number(requete.recherche.page ?? 1)
  const [vue, diagnostics] = await Promise.all([
    listerLoyersAVerifier(requete.session, Number.isInteger(demandee) && demandee > 0 ? demandee : 1),
    listerDiagnosticsEnCours(requete.session),
  ])
  return page(
    <Cadre
      requete={requete}
      titre="Diagnostics et loyers à vérifier"
      courante="a-faire"
      chapo="Le plus pressé d’abord. Les dates viennent du droit et des audiences connues."
      fil={[{ libelle: 'À faire', href: '/a-faire' }, { libelle: 'Diagnostics et loyers' }]}
      large
    >
      <Pile>
        <Section
          titre="Le loyer courant est-il entièrement repris ?"
          id="loyers"
          compte={pluriel(vue.total, 'ménage', 'ménages')}
        >
          {vue.total === 0 ? (
            <EtatVide titre="Aucune réponse attendue" niveau={3}>
              La question revient avant chaque audience ; une réponse « oui, entièrement » la clôt.
            </EtatVide>
          ) : (
            <TableauLoyers requete={requete} vue={vue} />
          )}
        </Section>
        <Section
          titre="Diagnostics en cours"
          id="diagnostics"
          compte={pluriel(diagnostics.length, 'diagnostic', 'diagnostics')}
        >
          {diagnostics.length === 0 ? (
            <EtatVide titre="Aucun diagnostic en cours" niveau={3}>
              Un diagnostic se demande depuis le dossier, place « Diagnostic ».
            </EtatVide>
          ) : (
            <TableauDiagnostics requete={requete} diagnostics={diagnostics} />
          )}
        </Section>
      </Pile>
    </Cadre>,
  )
}
