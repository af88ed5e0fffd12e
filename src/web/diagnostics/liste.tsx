import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  etatsDiagnostic,
  formesDiagnostic,
  type LigneDiagnostic,
  type LoyerAVerifier,
  listerDiagnosticsEnCours,
  listerLoyersAVerifier,
  type PageTravail,
  reponsesReprise,
} from '#diagnostics'
import { formatDate, formatNombre, pluriel } from '#socle/typography'
import { choisirLieux } from '../a-faire/territoire.ts'
import { Cadre } from '../cadre.tsx'
import {
  Bouton,
  EtatVide,
  Filtres,
  Pagination,
  Pile,
  PuceEcheance,
  Section,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'

/** Pages of the two lists, each kept while the other is turned, and the territory asked for. */
interface Pages {
  readonly territoire: string | undefined
  readonly loyers: number
  readonly diagnostics: number
}

type Liste = 'loyers' | 'diagnostics'

function adresse({ territoire, loyers, diagnostics }: Pages, liste: Liste): string {
  const demandes = new URLSearchParams([
    ...(territoire ? [['territoire', territoire]] : []),
    ...(loyers > 1 ? [['page', String(loyers)]] : []),
    ...(diagnostics > 1 ? [['page_diagnostics', String(diagnostics)]] : []),
  ])
  return `/diagnostics${demandes.size > 0 ? `?${demandes}` : ''}#${liste}`
}

function SuiteDeListe({
  libelle,
  liste,
  pages,
  vue: { lignes, total, page: courante, pages: dernieres, premier },
}: {
  libelle: string
  liste: Liste
  pages: Pages
  vue: PageTravail<unknown>
}): ReactElement {
  return (
    <Pagination
      libelle={libelle}
      position={`${formatNombre(premier)} à ${formatNombre(premier + lignes.length - 1)} sur ${formatNombre(total)}`}
      precedents={courante > 1 ? adresse({ ...pages, [liste]: courante - 1 }, liste) : undefined}
      suivants={courante < dernieres ? adresse({ ...pages, [liste]: courante + 1 }, liste) : undefined}
    />
  )
}

function TableauLoyers({
  requete,
  pages,
  vue,
}: {
  requete: Requete
  pages: Pages
  vue: PageTravail<LoyerAVerifier>
}): ReactElement {
  const repond = aLeDroit(requete.acteur, 'contact.noter')
  return (
    <Tableau
      legende="Ménages à qui demander si le loyer courant est repris"
      lignes={vue.lignes}
      cle={({ id }) => id}
      apres={
        vue.pages > 1 && (
          <SuiteDeListe
            libelle="Autres ménages à qui demander si le loyer est repris"
            liste="loyers"
            pages={pages}
            vue={vue}
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
  pages,
  vue,
}: {
  requete: Requete
  pages: Pages
  vue: PageTravail<LigneDiagnostic>
}): ReactElement {
  return (
    <Tableau
      legende="Diagnostics qui attendent quelque chose"
      lignes={vue.lignes}
      cle={({ id }) => id}
      apres={
        vue.pages > 1 && (
          <SuiteDeListe libelle="Autres diagnostics en cours" liste="diagnostics" pages={pages} vue={vue} />
        )
      }
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

function lirePage(demandee: string | undefined): number {
  const page = Number(demandee ?? 1)
  return Number.isInteger(page) && page > 0 ? page : 1
}

/** GET /diagnostics: what waits, in the reader's perimeter. */
export async function montrerTravail(requete: Requete): Promise<Reponse> {
  const { page: pageLoyers, page_diagnostics: pageDiagnostics, territoire } = requete.recherche
  const { lieux, options } = choisirLieux(requete.session, requete.acteur, territoire)
  const [loyers, diagnostics] = await Promise.all([
    listerLoyersAVerifier(requete.session, lirePage(pageLoyers), lieux.territoires),
    listerDiagnosticsEnCours(requete.session, lirePage(pageDiagnostics), lieux.territoires),
  ])
  const pages = { territoire: territoire && lieux.cle, loyers: loyers.page, diagnostics: diagnostics.page }
  return page(
    <Cadre
      requete={requete}
      titre="Diagnostics et loyers à vérifier"
      courante="a-faire"
      chapo="Le plus pressé d’abord. Les dates viennent du droit et des audiences connues."
      fil={[{ libelle: 'À faire', href: '/a-faire' }, { libelle: 'Diagnostics et loyers' }]}
      large
    >
      <Filtres action="/diagnostics" libelle="Choisir le territoire" resultat={lieux.libelle} bouton="Voir">
        <Selection nom="territoire" libelle="Territoire" libre valeur={lieux.cle} options={options} />
      </Filtres>
      <Pile>
        <Section
          titre="Le loyer courant est-il entièrement repris ?"
          id="loyers"
          compte={pluriel(loyers.total, 'ménage', 'ménages')}
        >
          {loyers.total === 0 ? (
            <EtatVide titre="Aucune réponse attendue" niveau={3}>
              La question revient avant chaque audience ; une réponse « oui, entièrement » la clôt.
            </EtatVide>
          ) : (
            <TableauLoyers requete={requete} pages={pages} vue={loyers} />
          )}
        </Section>
        <Section
          titre="Diagnostics en cours"
          id="diagnostics"
          compte={pluriel(diagnostics.total, 'diagnostic', 'diagnostics')}
        >
          {diagnostics.total === 0 ? (
            <EtatVide titre="Aucun diagnostic en cours" niveau={3}>
              Un diagnostic se demande depuis le dossier, place « Diagnostic ».
              {aLeDroit(requete.acteur, 'liste.consulter') && (
                <>
                  {' '}
                  Les ménages pris en charge dans un tableau, dont le diagnostic est à rendre, sont comptés dans{' '}
                  <a href="/tableaux">les tableaux hebdomadaires</a>.
                </>
              )}
            </EtatVide>
          ) : (
            <TableauDiagnostics requete={requete} pages={pages} vue={diagnostics} />
          )}
        </Section>
      </Pile>
    </Cadre>,
  )
}
