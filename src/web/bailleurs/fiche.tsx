import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  type Bailleur,
  type FusionBailleurs,
  type LogementDuBailleur,
  lireBailleur,
  lireLogements,
  listerDoublons,
  listerFusions,
  listerGerants,
  listerSansFiche,
  trouverFusionnee,
} from '#rapprochement'
import { Introuvable } from '#socle/errors'
import { formatDate, formatInstant, pluriel } from '#socle/typography'
import { etapeCourte } from '../accompagner/libelles.ts'
import {
  Bouton,
  BoutonPost,
  Carte,
  Champ,
  Filtres,
  Formulaire,
  ListeDefinition,
  ListeSobre,
  Message,
  PiedCadre,
  Section,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseBailleur, CadreBailleurs, compterLogements, decrireBailleur, direAnah } from './commun.tsx'

/** GET /bailleurs/:bailleur. The address of a sheet put aside leads to the one that holds it. */
export async function montrerBailleur(requete: Requete): Promise<Reponse> {
  const { session, recherche, acteur } = requete
  const id = requete.parametres.bailleur ?? ''
  const garde = await trouverFusionnee(session, id)
  if (garde !== null)
    return redirection(adresseBailleur(garde), {
      texte: 'Cette fiche est réunie à celle-ci.',
      ton: 'info',
    })
  const fiche = await lireBailleur(session, id)
  const tient = aLeDroit(acteur, 'bailleur.tenir')
  const texte = (recherche.q ?? '').trim().slice(0, 120)
  const logements = await lireLogements(session, id)
  const fusions = await listerFusions(session, id)
  const doublons = tient ? await listerDoublons(session, id) : []
  const gerants = tient ? await listerGerants(session) : []
  const sansFiche = tient ? await listerSansFiche(session, fiche, texte) : []
  const jeton = requete.connecte.jetonFormulaire
  const siens = logements.filter(({ bailleur }) => bailleur === id)
  const geres = logements.filter(({ gerant }) => gerant === id)
  return page(
    <CadreBailleurs
      requete={requete}
      titre={fiche.nom}
      large
      chapo={`${decrireBailleur(fiche)}. ${compterLogements(fiche)}.`}
      fil={[{ libelle: 'Bailleurs', href: '/bailleurs' }, { libelle: fiche.nom }]}
      actions={
        tient && (
          <>
            <Bouton petit href={adresseBailleur(id, '/reunir')}>
              Réunir à une autre fiche
            </Bouton>
            {fiche.logements === 0 && fiche.geres === 0 && (
              <BoutonPost petit action={adresseBailleur(id, '/retirer')} jeton={jeton}>
                Retirer cette fiche
              </BoutonPost>
            )}
            <Bouton petit genre="principal" href={adresseBailleur(id, '/modifier')}>
              Modifier
            </Bouton>
          </>
        )
      }
    >
      {doublons.length > 0 && (
        <Message ton="bientot">
          <p>
            <b>{pluriel(doublons.length, 'fiche ressemble', 'fiches ressemblent')} à celle-ci</b> par le nom ou le SIRET
            :{' '}
            {doublons.map((un, rang) => (
              <span key={un.id}>
                {rang > 0 && ', '}
                <a href={adresseBailleur(id, `/reunir?avec=${un.id}`)}>comparer avec {un.nom}</a>
              </span>
            ))}
            .
          </p>
        </Message>
      )}
      <Carte titre="Identité">
        <ListeDefinition
          lignes={[
            { terme: 'Nature', valeur: decrireBailleur(fiche) },
            { terme: 'SIRET', valeur: fiche.siret, numerique: true },
            { terme: 'Adresse', valeur: fiche.adresse || null },
            { terme: 'Téléphone', valeur: fiche.telephone || null },
            { terme: 'Courriel', valeur: fiche.courriel || null },
            { terme: 'Conventionné avec l’ANAH', valeur: direAnah(fiche) },
          ]}
        />
      </Carte>
      <Section titre="Logements" compte={pluriel(siens.length, 'logement', 'logements')} id="logements">
        <TableauLogements
          fiche={fiche}
          logements={siens}
          gerants={gerants.filter((un) => un.id !== id)}
          tient={tient}
          jeton={jeton}
        />
      </Section>
      {geres.length > 0 && (
        <Section titre="Gérés pour d’autres" compte={pluriel(geres.length, 'logement', 'logements')} id="geres">
          <ListeSobre
            lignes={geres.map((un) => ({
              cle: un.id,
              titre: `${un.adresse}, ${un.commune}`,
              note: (
                <>
                  Propriétaire : <a href={adresseBailleur(un.bailleur)}>{un.bailleur_nom}</a>
                </>
              ),
              droite: <span className="note">{pluriel(un.dossiers.length, 'dossier', 'dossiers')}</span>,
            }))}
          />
        </Section>
      )}
      {tient && (
        <Section titre="Dossiers à rattacher" id="rattacher">
          <Filtres
            action={adresseBailleur(id)}
            libelle="Chercher un dossier sans fiche"
            bouton="Chercher"
            resultat={pluriel(sansFiche.length, 'dossier', 'dossiers')}
            {...(texte === '' ? {} : { toutRetirer: adresseBailleur(id) })}
          >
            <Champ
              nom="q"
              libelle="Autre nom du bailleur, SIRET ou référence"
              genre="search"
              libre
              valeur={texte}
              longueurMax={120}
            />
          </Filtres>
          <Tableau
            legende={
              texte === ''
                ? 'Dossiers ouverts sans fiche, au même nom de bailleur ou au même SIRET'
                : `Dossiers ouverts sans fiche, pour « ${texte} »`
            }
            legendeMontree
            largeur="moyen"
            lignes={sansFiche}
            cle={(un) => un.id}
            vide="Aucun dossier sans fiche ne porte ce nom de bailleur."
            colonnes={[
              {
                cle: 'dossier',
                titre: 'Dossier',
                principale: true,
                rendre: ({ reference, titulaire }) => (
                  <a href={`/dossiers/${reference}`}>{titulaire === '' ? reference : titulaire}</a>
                ),
              },
              { cle: 'adresse', titre: 'Logement', rendre: ({ adresse, commune }) => `${adresse}, ${commune}` },
              {
                cle: 'bailleur',
                titre: 'Bailleur reçu',
                rendre: ({ bailleur, meme_siret }) => `${bailleur}${meme_siret ? ', même SIRET' : ''}`,
              },
            ]}
            {...(sansFiche.length === 0
              ? {}
              : {
                  selection: {
                    nom: 'dossiers',
                    valeur: (un: { id: string }) => un.id,
                    libelle: (un: { reference: string }) => un.reference,
                  },
                  formulaire: {
                    action: adresseBailleur(id, '/rattacher'),
                    jeton,
                    libelle: 'Rattacher des dossiers à cette fiche',
                  },
                  apres: (
                    <PiedCadre note="Cocher les dossiers de ce bailleur">
                      <Bouton petit genre="principal">
                        Rattacher à cette fiche
                      </Bouton>
                    </PiedCadre>
                  ),
                })}
          />
        </Section>
      )}
      <CarteFusions fusions={fusions} tient={tient} jeton={jeton} />
    </CadreBailleurs>,
  )
}

function TableauLogements({
  fiche,
  logements,
  gerants,
  tient,
  jeton,
}: {
  fiche: Bailleur
  logements: readonly LogementDuBailleur[]
  gerants: readonly { readonly id: string; readonly nom: string }[]
  tient: boolean
  jeton: string
}): ReactElement {
  return (
    <Tableau
      legende={`Logements de ${fiche.nom}`}
      largeur="moyen"
      lignes={logements}
      cle={({ id }) => id}
      vide="Aucun logement : rattacher un dossier l’inscrit ici."
      colonnes={[
        {
          cle: 'adresse',
          titre: 'Logement',
          principale: true,
          rendre: ({ adresse, commune }) => `${adresse}, ${commune}`,
        },
        {
          cle: 'dossiers',
          titre: 'Dossiers',
          large: true,
          rendre: ({ dossiers }) =>
            dossiers.length === 0 ? (
              'Aucun'
            ) : (
              <ul className="liste-sobre">
                {dossiers.map((un) => (
                  <li key={un.lien}>
                    <span>
                      <a href={`/dossiers/${un.reference}`}>{un.titulaire === '' ? un.reference : un.titulaire}</a>
                      <small>
                        {un.clos_le
                          ? `clos le ${formatDate(un.clos_le)}`
                          : un.stade === ''
                            ? un.reference
                            : etapeCourte(un.stade)}
                      </small>
                    </span>
                    {tient && (
                      <BoutonPost
                        petit
                        genre="tertiaire"
                        action={adresseBailleur(fiche.id, '/detacher')}
                        jeton={jeton}
                        champs={{ lien: un.lien }}
                      >
                        Détacher<span className="sr"> {un.reference}</span>
                      </BoutonPost>
                    )}
                  </li>
                ))}
              </ul>
            ),
        },
        {
          cle: 'gerant',
          titre: 'Gérant',
          rendre: ({ id, adresse, gerant, gerant_nom }) =>
            tient && gerants.length > 0 ? (
              <Formulaire action={adresseBailleur(fiche.id, '/gerant')} jeton={jeton} champs={{ logement: id }}>
                <Selection
                  nom="gerant"
                  id={`gerant-${id}`}
                  libelle={`Gérant du ${adresse}`}
                  libelleMuet
                  libre
                  vide="Gère lui-même"
                  valeur={gerant ?? ''}
                  options={gerants.map((un) => ({ valeur: un.id, libelle: un.nom }))}
                />
                <Bouton petit>Noter</Bouton>
              </Formulaire>
            ) : gerant === null ? (
              'Gère lui-même'
            ) : (
              <a href={adresseBailleur(gerant)}>{gerant_nom}</a>
            ),
        },
      ]}
    />
  )
}

function CarteFusions({
  fusions,
  tient,
  jeton,
}: {
  fusions: readonly FusionBailleurs[]
  tient: boolean
  jeton: string
}): ReactElement | null {
  if (fusions.length === 0) return null
  return (
    <Carte titre="Fiches réunies à celle-ci">
      <ListeSobre
        lignes={fusions.map(({ id, absorbe_nom, a, auteur }) => ({
          cle: id,
          titre: absorbe_nom,
          note: `Réunie le ${formatInstant(a)}${auteur === null ? '' : ` par ${auteur}`}`,
          droite: tient ? (
            <BoutonPost petit action={`/bailleurs/fusions/${id}/defaire`} jeton={jeton}>
              Défaire<span className="sr"> la réunion de {absorbe_nom}</span>
            </BoutonPost>
          ) : undefined,
        }))}
      />
    </Carte>
  )
}

/** The sheet an address names; one put aside does not exist for an act. */
export const ouvrirFiche = async (requete: Requete): Promise<Bailleur> => {
  const id = requete.parametres.bailleur ?? ''
  if ((await trouverFusionnee(requete.session, id)) !== null) throw new Introuvable()
  return lireBailleur(requete.session, id)
}
