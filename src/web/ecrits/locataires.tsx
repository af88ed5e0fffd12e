import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import { LOCATAIRES_PAR_PAGE, type Locataire, listerLocataires, trouverSyntheseDuLocataire } from '#echanges'
import { Introuvable } from '#socle/errors'
import { parisDay } from '#socle/time'
import { formatDate, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import { EtatVide, Tableau } from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import { repondreSynthese } from './synthese.tsx'

const valeur = ({ champs }: Locataire, champ: string): string | null =>
  champs.find((un) => un.champ === champ)?.valeur ?? null

/** Columns that have words of their own; any other field of the allow-list comes after, under its own. */
const CONNUS = new Set([
  'menage.nom',
  'logement.adresse',
  'procedure.etape',
  'procedure.etape_le',
  'accompagnement.contacte',
])

function PageLocataires({
  requete,
  locataires,
  total,
  numero,
}: {
  requete: Requete
  locataires: readonly Locataire[]
  total: number
  numero: number
}): ReactElement {
  const pages = Math.max(1, Math.ceil(total / LOCATAIRES_PAR_PAGE))
  const autres = [
    ...new Map(
      locataires
        .flatMap(({ champs }) => champs)
        .filter(({ champ }) => !CONNUS.has(champ))
        .map(({ champ, libelle }) => [champ, libelle]),
    ),
  ]
  return (
    <Cadre
      requete={requete}
      titre="Mes locataires"
      courante="locataires"
      large
      chapo={`${pluriel(total, 'locataire en procédure', 'locataires en procédure')}. Amont vous dit l’étape, sa date, et si le ménage a été contacté, et quand. Le reste est réservé aux services sociaux.`}
    >
      {total === 0 ? (
        <EtatVide titre="Aucun de vos locataires n’est en procédure">
          Un locataire paraît ici quand vous l’avez signalé, ou quand vous êtes le bailleur de son bail.
        </EtatVide>
      ) : (
        <Tableau
          legende="Vos locataires, l’étape de leur procédure et les synthèses qui vous sont adressées"
          largeur="moyen"
          lignes={locataires}
          cle={({ id }) => id}
          colonnes={[
            {
              cle: 'nom',
              titre: 'Locataire',
              principale: true,
              rendre: (un) => (
                <>
                  {valeur(un, 'menage.nom')}
                  <small>{valeur(un, 'logement.adresse')}</small>
                </>
              ),
            },
            { cle: 'reference', titre: 'Votre référence', rendre: (un) => un.reference_bailleur },
            { cle: 'etape', titre: 'Étape', rendre: (un) => valeur(un, 'procedure.etape') },
            { cle: 'depuis', titre: 'Depuis le', rendre: (un) => valeur(un, 'procedure.etape_le') },
            { cle: 'contact', titre: 'Contact', rendre: (un) => valeur(un, 'accompagnement.contacte') },
            ...autres.map(([champ, libelle]) => ({
              cle: champ,
              titre: libelle,
              rendre: (un: Locataire) => valeur(un, champ),
            })),
            {
              cle: 'synthese',
              titre: 'Synthèse',
              rendre: ({ id, synthese, synthese_a }) =>
                synthese !== null &&
                synthese_a !== null && (
                  <a href={`/locataires/${id}/synthese`}>Synthèse du {formatDate(parisDay(synthese_a))} (PDF)</a>
                ),
            },
            ...(aLeDroit(requete.acteur, 'locataire.saisir')
              ? [
                  {
                    cle: 'saisine',
                    titre: 'Commission',
                    rendre: (un: Locataire) => (
                      <a
                        href={`/locataires/${un.id}/saisine`}
                        aria-label={`Saisir ou suivre : ${valeur(un, 'menage.nom')}`}
                      >
                        Saisir ou suivre
                      </a>
                    ),
                  },
                ]
              : []),
            ...(aLeDroit(requete.acteur, 'cellule.solliciter')
              ? [
                  {
                    cle: 'cellule',
                    titre: 'Cellule technique',
                    rendre: (un: Locataire) => (
                      <a
                        href={`/locataires/${un.id}/cellule`}
                        aria-label={`Consulter la cellule technique pour ${valeur(un, 'menage.nom')}`}
                      >
                        Consulter
                      </a>
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
      {pages > 1 && (
        <p className="mt4">
          Page {numero} sur {pages}. {numero > 1 && <a href={`/locataires?page=${numero - 1}`}>Page précédente</a>}{' '}
          {numero < pages && <a href={`/locataires?page=${numero + 1}`}>Page suivante</a>}
        </p>
      )}
    </Cadre>
  )
}

/** GET /locataires: a social landlord's tenants (ACC-03, ACC-07). */
export async function montrerLocataires(requete: Requete): Promise<Reponse> {
  const demandee = Number(requete.recherche.page ?? '1')
  const numero = Number.isInteger(demandee) && demandee > 0 && demandee < 10_000 ? demandee : 1
  const { locataires, total } = await listerLocataires(requete.session, numero)
  return page(<PageLocataires requete={requete} locataires={locataires} total={total} numero={numero} />)
}

/** GET /locataires/:locataire/synthese. */
export async function telechargerSyntheseLocataire(requete: Requete): Promise<Reponse> {
  const id = requete.parametres.locataire ?? ''
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new Introuvable()
  return repondreSynthese(requete, await trouverSyntheseDuLocataire(requete.session, id))
}
