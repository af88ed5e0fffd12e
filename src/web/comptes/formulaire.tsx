import type { ReactElement } from 'react'
import { aLeDroit, type DemandeHabilitation, listerOrganismes, type Organisme } from '#acces'
import { libelleTerritoire } from '#referentiel'
import { Refus, refus } from '#socle/errors'
import { CaseACocher, Champ, ChampDate, type OptionChoix, Selection } from '../composants/index.ts'
import { champ, type Reponse, type Requete } from '../route.ts'
import { rolesChoix } from './libelles.ts'

/** What the form offers and what was typed. */
export interface Offre {
  readonly organismes: readonly Organisme[]
  readonly territoires: readonly OptionChoix[]
  /** Name of a territory, for people. */
  readonly nommer: (territoire: string) => string
}

export interface Faute {
  readonly nom: string
  readonly message: string
}

/** Organismes and territories of the département. */
export async function lireOffre(requete: Requete): Promise<Offre> {
  const { session } = requete
  const lieux = session.referentiel.departements.get(session.dept)?.territoires
  const nommer = (territoire: string) => (lieux ? libelleTerritoire(lieux, territoire) : territoire)
  const territoires = (lieux?.territoires ?? []).map(({ id }) => ({ valeur: id, libelle: nommer(id) }))
  return { organismes: await listerOrganismes(session), territoires, nommer }
}

const CHAMPS: Readonly<Record<string, string>> = {
  'compte.courriel': 'courriel',
  'compte.nominatif': 'courriel',
  'compte.existe': 'courriel',
  'compte.courriel-non-regle': 'courriel',
  'compte.nom': 'nom',
  'compte.role': 'role',
  'organisme.inconnu': 'organisme',
  'habilitation.motif': 'motif',
  'habilitation.dates': 'jusqu_au',
  'habilitation.debut': 'du',
}

/** Runs an act; its refusal comes back beside its field. */
export async function tenter(
  acte: () => Promise<Reponse>,
  refuser: (faute: Faute) => Promise<Reponse>,
): Promise<Reponse> {
  try {
    return await acte()
  } catch (erreur) {
    if (!(erreur instanceof Refus)) throw erreur
    return refuser({ nom: CHAMPS[erreur.code] ?? 'motif', message: erreur.message })
  }
}

function lireJour(texte: string, nom: 'debut' | 'dates'): Temporal.PlainDate {
  try {
    return Temporal.PlainDate.from(texte)
  } catch {
    throw refus(`habilitation.${nom}`, 'Cette date n’existe pas. La choisir dans le calendrier.')
  }
}

/** Reads a habilitation typed in the form. */
export function lireHabilitation(requete: Requete): DemandeHabilitation {
  const fin = champ(requete, 'jusqu_au')
  const debut = champ(requete, 'du')
  return {
    organisme: champ(requete, 'organisme'),
    role: champ(requete, 'role'),
    territoires: requete.champs.territoire ?? [],
    motif: champ(requete, 'motif'),
    du: debut === '' ? requete.session.jour : lireJour(debut, 'debut'),
    ...(fin === '' ? {} : { jusquAu: lireJour(fin, 'dates') }),
  }
}

/** Fields of a habilitation. What was typed is kept. */
export function ChampsHabilitation({
  requete,
  offre,
  faute,
}: {
  requete: Requete
  offre: Offre
  faute?: Faute | undefined
}): ReactElement {
  const erreur = (nom: string) => (faute?.nom === nom ? faute.message : undefined)
  const coches = new Set(requete.champs.territoire ?? [])
  return (
    <>
      <Selection
        nom="organisme"
        libelle="Organisme"
        vide="Choisir"
        valeur={champ(requete, 'organisme') || requete.recherche.organisme}
        options={offre.organismes.map(({ code, nom }) => ({ valeur: code, libelle: nom }))}
        erreur={erreur('organisme')}
      />
      {aLeDroit(requete.acteur, 'organisme.gerer') && (
        <p className="note">
          Il n’est pas dans la liste ? <a href="/organismes/nouveau">Ajouter un organisme</a>.
        </p>
      )}
      <Selection
        nom="role"
        libelle="Rôle"
        vide="Choisir"
        valeur={champ(requete, 'role')}
        options={rolesChoix}
        erreur={erreur('role')}
      />
      <p className="note">
        <a href="/acces">Ce que voit chaque rôle</a>, selon l’organisme : à lire avant d’ouvrir un accès.
      </p>
      {offre.territoires.length > 0 && (
        <fieldset className="champ">
          <legend>Territoires</legend>
          <p className="aide">Rien de coché : ceux de l’organisme.</p>
          {offre.territoires.map(({ valeur, libelle }) => (
            <CaseACocher
              key={valeur}
              nom="territoire"
              id={`c-territoire-${valeur}`}
              libelle={libelle}
              valeur={valeur}
              cochee={coches.has(valeur)}
            />
          ))}
        </fieldset>
      )}
      <ChampDate
        nom="du"
        libelle="À partir du"
        valeur={champ(requete, 'du') || requete.session.jour}
        erreur={erreur('du')}
      />
      <ChampDate
        nom="jusqu_au"
        libelle="Jusqu’au"
        facultatif
        valeur={champ(requete, 'jusqu_au') || undefined}
        erreur={erreur('jusqu_au')}
      />
      <Champ
        nom="motif"
        libelle="Motif"
        aide="Pourquoi cette personne a cet accès : poste, convention, remplacement."
        valeur={champ(requete, 'motif')}
        longueurMax={300}
        erreur={erreur('motif')}
      />
    </>
  )
}
