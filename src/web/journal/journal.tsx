import type { ReactElement, ReactNode } from 'react'
import { COMPTE_MAX, decrireAction, type EntreeLue, listerEntrees, type PageJournal } from '#journal'
import { formatInstant, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Bouton,
  CaseACocher,
  Champ,
  ChampDate,
  type Colonne,
  Etiquette,
  Filtres,
  Message,
  Pagination,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import {
  adresseJournal,
  type DemandeJournal,
  lireDemande,
  lireNoms,
  lirePosition,
  listerFiltres,
  type Noms,
  nommer,
  optionsAction,
} from './filtre.ts'

/** References shown on a line; the number says how many more. */
const MONTREES = 3

/** GET /journal: the entries of a search, newest first. Reading it is journalled: filters by id, and how many entries. */
export async function montrerJournal(requete: Requete): Promise<Reponse> {
  const { session, recherche } = requete
  const demande = await lireDemande(requete)
  const resultats: PageJournal =
    demande.erreurs.length > 0
      ? { entrees: [], total: 0, precedente: null, suivante: null }
      : await listerEntrees(session, demande.filtre, { position: lirePosition(recherche) })
  session.consigner({
    action: 'journal.consulter',
    details: { filtre: JSON.parse(JSON.stringify(demande.filtre)), total: resultats.total },
  })
  const dossiers = resultats.entrees.flatMap((entree) => entree.dossiers.slice(0, MONTREES))
  const noms = await lireNoms(session, demande.comptes, dossiers)
  const element = <PageDuJournal requete={requete} demande={demande} resultats={resultats} noms={noms} />
  return page(element, demande.erreurs.length > 0 ? 422 : 200)
}

const ecrireTotal = (total: number): string =>
  total > COMPTE_MAX ? `Plus de ${formatNombre(COMPTE_MAX)} entrées` : pluriel(total, 'entrée', 'entrées')

function Dossiers({ entree, noms }: { entree: EntreeLue; noms: Noms }): ReactNode {
  if (entree.nombre === 0) return null
  const montres = entree.dossiers.slice(0, MONTREES).flatMap((id) => {
    const reference = noms.dossier(id)
    return reference === undefined ? [] : [reference]
  })
  return (
    <>
      {montres.map((reference, rang) => (
        <span key={reference}>
          {rang > 0 && ', '}
          <a className="nb" href={`/journal/dossiers/${reference}`}>
            {reference}
          </a>
        </span>
      ))}
      {entree.nombre > montres.length && (
        <small>
          {montres.length > 0 ? 'et ' : ''}
          {pluriel(entree.nombre - montres.length, 'autre dossier', 'autres dossiers')}
        </small>
      )}
    </>
  )
}

function colonnes(noms: Noms): readonly Colonne<EntreeLue>[] {
  return [
    {
      cle: 'quand',
      titre: 'Quand',
      principale: true,
      rendre: ({ a }) => <span className="nb">{formatInstant(a)}</span>,
    },
    {
      cle: 'qui',
      titre: 'Qui',
      rendre: (entree) => (
        <>
          <span translate="no">{noms.personne(entree)}</span>
          <small>{noms.organisme(entree)}</small>
        </>
      ),
    },
    {
      cle: 'quoi',
      titre: 'Quoi',
      rendre: ({ action, resultat, route }) => (
        <>
          {resultat === 'refuse' && (
            <>
              <Etiquette ton="retard">Refusé</Etiquette>{' '}
            </>
          )}
          {decrireAction(action).libelle}
          {route !== null && <small translate="no">{route}</small>}
        </>
      ),
    },
    { cle: 'dossiers', titre: 'Dossiers', large: true, rendre: (entree) => <Dossiers entree={entree} noms={noms} /> },
  ]
}

function PageDuJournal({
  requete,
  demande,
  resultats,
  noms,
}: {
  requete: Requete
  demande: DemandeJournal
  resultats: PageJournal
  noms: Noms
}): ReactElement {
  const { choix, comptes, reference, erreurs } = demande
  const erreur = (nom: string) => erreurs.find((une) => une.nom === nom)?.message
  return (
    <Cadre
      requete={requete}
      courante="journal"
      titre="Qui a fait quoi"
      chapo="Chaque lecture, recherche, sortie de fichier, changement et refus laisse une entrée. Le journal garde des identifiants, jamais ce que les pages montraient."
      erreur={erreurs.length > 0}
      large
      actions={
        resultats.total > 0 && (
          <Bouton petit fichier icone="import" href={adresseJournal(choix, null, '/journal/export.csv')}>
            Exporter en CSV
          </Bouton>
        )
      }
    >
      {reference !== null && (
        <Message
          action={
            <Bouton petit href={`/journal/dossiers/${reference}`}>
              Qui a consulté ce dossier
            </Bouton>
          }
        >
          <p>Une ligne par personne, avec sa première et sa dernière consultation.</p>
        </Message>
      )}
      <Filtres
        action="/journal"
        libelle="Chercher dans le journal"
        resultat={ecrireTotal(resultats.total)}
        actifs={listerFiltres(demande)}
        toutRetirer="/journal"
        bouton="Chercher"
        plus={
          <>
            <CaseACocher nom="refus" libelle="Refus seulement" cochee={choix.refus !== undefined} />
            <CaseACocher nom="fond" libelle="Travaux de fond compris" cochee={choix.fond !== undefined} />
          </>
        }
      >
        <Champ
          nom="dossier"
          libelle="Référence du dossier"
          libre
          court
          valeur={choix.dossier}
          erreur={erreur('dossier')}
          completion="off"
        />
        <Selection
          nom="compte"
          libelle="Qui"
          libre
          vide="Tout le monde"
          valeur={choix.compte}
          options={[...comptes.values()].map((compte) => ({
            valeur: compte.id,
            libelle: `${nommer(compte)}, ${compte.organismeNom}`,
          }))}
        />
        <Selection nom="action" libelle="Quoi" libre vide="Tout" valeur={choix.action} options={optionsAction} />
        <ChampDate nom="du" libelle="Depuis le" libre valeur={choix.du} erreur={erreur('du')} />
        <ChampDate nom="au" libelle="Jusqu’au" libre valeur={choix.au} erreur={erreur('au')} />
      </Filtres>
      <Tableau<EntreeLue>
        legende="Entrées du journal, la plus récente d’abord"
        dense
        colonnes={colonnes(noms)}
        lignes={resultats.entrees}
        cle={({ id }) => String(id)}
        vide="Aucune entrée ne répond à cette recherche. Retirer un filtre, ou élargir la période."
        apres={
          (resultats.precedente || resultats.suivante) && (
            <Pagination
              libelle="Pages du journal"
              position={`${pluriel(resultats.entrees.length, 'entrée montrée', 'entrées montrées')}`}
              precedents={resultats.precedente ? adresseJournal(choix, resultats.precedente) : undefined}
              suivants={resultats.suivante ? adresseJournal(choix, resultats.suivante) : undefined}
            />
          )
        }
      />
    </Cadre>
  )
}
