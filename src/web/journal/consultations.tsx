import type { ReactElement } from 'react'
import { listerComptesHabilites } from '#acces'
import { trouverReference } from '#dossiers'
import { type ConsultationsDe, resumerConsultations } from '#journal'
import { Introuvable } from '#socle/errors'
import { formatInstant, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import { Bouton, type Colonne, EtatVide, Pile, Section, Tableau } from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import { adresseJournal, lireNoms, type Noms } from './filtre.ts'

/** GET /journal/dossiers/:reference: who consulted this dossier, one line a person. Answers the household that asks. */
export async function montrerConsultations(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await trouverReference(session, requete.parametres.reference ?? '')
  if (!dossier) throw new Introuvable()
  const tous = await resumerConsultations(session, dossier.id)
  session.consigner({ action: 'journal.consulter', details: { dossier: dossier.id, total: tous.length } })
  const comptes = new Map((await listerComptesHabilites(session)).map((compte) => [compte.id, compte]))
  const noms = await lireNoms(session, comptes, [])
  return page(<PageConsultations requete={requete} reference={dossier.reference} tous={tous} noms={noms} />)
}

function colonnes(reference: string, noms: Noms): readonly Colonne<ConsultationsDe>[] {
  const nombre = (cle: 'ouvertures' | 'apercus' | 'exports' | 'actes', titre: string, note: string) => ({
    cle,
    titre,
    note,
    numerique: true,
    rendre: (ligne: ConsultationsDe) => formatNombre(ligne[cle]),
  })
  return [
    {
      cle: 'qui',
      titre: 'Qui',
      principale: true,
      rendre: (ligne) => (
        <>
          {ligne.compte === null ? (
            noms.personne(ligne)
          ) : (
            <a href={adresseJournal({ dossier: reference, compte: ligne.compte })} translate="no">
              {noms.personne(ligne)}
            </a>
          )}
          <small>{noms.organisme(ligne)}</small>
        </>
      ),
    },
    nombre('ouvertures', 'Ouvertures', 'le dossier lui-même'),
    nombre('apercus', 'Aperçus', 'dans une liste, une recherche'),
    nombre('exports', 'Sorties', 'fichier, tableau'),
    nombre('actes', 'Changements', 'réponse, contact, décision'),
    { cle: 'premiere', titre: 'Première fois', rendre: ({ premiere }) => formatInstant(premiere) },
    { cle: 'derniere', titre: 'Dernière fois', rendre: ({ derniere }) => formatInstant(derniere) },
  ]
}

function PageConsultations({
  requete,
  reference,
  tous,
  noms,
}: {
  requete: Requete
  reference: string
  tous: readonly ConsultationsDe[]
  noms: Noms
}): ReactElement {
  const personnes = tous.filter(({ compte }) => compte !== null)
  const travaux = tous.filter(({ compte }) => compte === null)
  return (
    <Cadre
      requete={requete}
      courante="journal"
      titre={`Qui a consulté le dossier ${reference}`}
      chapo={`${pluriel(personnes.length, 'personne', 'personnes')}. Ce que le journal garde encore : une entrée est détruite à la fin de sa durée de conservation.`}
      large
      fil={[{ libelle: 'Journal', href: '/journal' }, { libelle: reference }]}
      actions={
        <Bouton petit href={adresseJournal({ dossier: reference, fond: 'oui' })}>
          Toutes les entrées de ce dossier
        </Bouton>
      }
    >
      <Pile>
        {personnes.length === 0 ? (
          <EtatVide titre="Personne n’a consulté ce dossier">
            Le journal ne garde aucune lecture de ce dossier par une personne.
          </EtatVide>
        ) : (
          <Tableau<ConsultationsDe>
            legende="Personnes qui ont consulté ce dossier, la plus récente d’abord"
            colonnes={colonnes(reference, noms)}
            lignes={personnes}
            cle={({ compte, organisme }) => `${compte} ${organisme}`}
          />
        )}
        {travaux.length > 0 && (
          <Section titre="Travaux de fond" compte="Traitements automatiques et lignes de commande">
            <Tableau<ConsultationsDe>
              legende="Traitements qui ont porté sur ce dossier"
              colonnes={colonnes(reference, noms)}
              lignes={travaux}
              cle={({ acteur }) => acteur}
            />
          </Section>
        )}
      </Pile>
    </Cadre>
  )
}
