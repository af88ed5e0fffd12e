import { Fragment, type ReactElement } from 'react'
import {
  comparerVolets,
  type Diagnostic,
  lireDiagnostic,
  listerVolets,
  remplitLeVolet,
  siLisible,
  trouverVoletDuFormulaire,
  type VoletDuDiagnostic,
  volets,
} from '#diagnostics'
import type { Dossier } from '#dossiers'
import { exigerCles } from '#echanges'
import { completudeDe, ecrireValeur, type Formulaire, lireFormulaire } from '#formulaires'
import { Actions, Bouton, Carte, Formulaire as Envoi, ListeDefinition, Message } from '../composants/index.ts'
import { adresseDossier } from '../espaces.tsx'
import type { EcranFormulaire } from '../formulaires/ecran.ts'
import type { Requete } from '../route.ts'

/** Heading of a printed part. */
export const enteteDuVolet = (dossier: Dossier) => [
  { libelle: 'Ménage', valeur: dossier.titulaire },
  { libelle: 'Logement', valeur: [dossier.adresse, dossier.commune].filter((un) => un !== '').join(', ') },
  { libelle: 'Dossier', valeur: dossier.reference },
]

/** What changed since the diagnosis this one brings up to date, both versions kept (DSF-02). */
async function lireChangements(
  requete: Requete,
  dossier: Dossier,
  diagnostic: Diagnostic,
  { volet }: VoletDuDiagnostic,
  formulaire: Formulaire,
) {
  if (diagnostic.actualise === null) return null
  const avant = (await listerVolets(requete.session, diagnostic.actualise)).find((un) => un.volet === volet)
  if (!avant?.formulaire) return null
  const cles = exigerCles(requete.application)
  const lu = await siLisible(lireFormulaire(requete.session, cles, dossier, avant.formulaire))
  return lu && comparerVolets(lu, formulaire)
}

function Changements({
  changements,
}: {
  changements: NonNullable<Awaited<ReturnType<typeof lireChangements>>>
}): ReactElement {
  return (
    <Carte titre="Ce qui change depuis le diagnostic d’avant" id="changements">
      {changements.length === 0 ? (
        <p>Rien pour l’instant : toutes les réponses sont celles du diagnostic d’avant.</p>
      ) : (
        <ListeDefinition
          lignes={changements.map(({ champ, avant, apres }) => ({
            terme: champ.libelle,
            valeur: ecrireValeur(champ, apres) || 'Sans réponse',
            note: `Avant : ${ecrireValeur(champ, avant) || 'sans réponse'}`,
          }))}
        />
      )}
    </Carte>
  )
}

async function suite(
  requete: Requete,
  dossier: Dossier,
  formulaire: Formulaire,
  marque: string,
): Promise<ReactElement | null> {
  const trouve = await trouverVoletDuFormulaire(requete.session, dossier.id, formulaire.id)
  if (!trouve) return null
  const { volet } = trouve
  const diagnostic = await lireDiagnostic(requete.session, dossier.id, trouve.diagnostic)
  const changements = await lireChangements(requete, dossier, diagnostic, volet, formulaire)
  const retour = `${adresseDossier(dossier)}/diagnostics`
  const { manque } = completudeDe(formulaire, 'validation')
  return (
    <Fragment>
      <Carte titre="Finir ce volet" id="finir">
        {formulaire.etat === 'signe' ? (
          <p>Ce volet est terminé : il ne change plus.</p>
        ) : remplitLeVolet(requete.session, volet) ? (
          <Envoi
            action={`${adresseDossier(dossier)}/diagnostics/${diagnostic.id}/volets/${volet.volet}/terminer`}
            jeton={requete.connecte.jetonFormulaire}
            champs={{ vu: String(formulaire.version), marque }}
          >
            <p>
              {manque.length === 0
                ? `Terminé, le ${volets[volet.volet].libelle.toLowerCase()} est figé : il ne change plus, même pour vous.`
                : 'Enregistrer d’abord ce qui manque. Un volet se remplit sur plusieurs rendez-vous.'}
            </p>
            <Actions>
              <Bouton>Terminer ce volet</Bouton>
            </Actions>
          </Envoi>
        ) : (
          <Message>
            <p>Ce volet est rempli par {volet.organisme_nom}.</p>
          </Message>
        )}
        <p className="mt2">
          <a href={retour}>Revenir au diagnostic</a>
        </p>
      </Carte>
      {changements && <Changements changements={changements} />}
    </Fragment>
  )
}

/** The three parts, on the engine of long forms. */
export const ecranVolets: EcranFormulaire = {
  espace: 'diagnostics',
  codes: Object.values(volets).map(({ formulaire }) => formulaire),
  droits: { lire: 'diagnostic.lire', ecrire: 'diagnostic.remplir' },
  niveau: 'validation',
  chapo: 'Se remplit sur plusieurs rendez-vous, enregistré au fil de la saisie. Ce qui n’est pas su reste vide.',
  remplit: ({ acteur }, formulaire) => formulaire.organisme === acteur.organisme,
  suite,
  entete: enteteDuVolet,
}
