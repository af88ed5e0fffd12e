import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  type ContenuVersion,
  type Essai,
  essayerModele,
  lireLogo,
  lireVersionCourrier,
  rendreContenu,
  type Variante,
  type VersionCourrier,
} from '#courriers'
import type { ModeleCourrier } from '#referentiel'
import { Introuvable } from '#socle/errors'
import { Cadre } from '../cadre.tsx'
import { Bouton, Carte, Champ, Filtres, Message, Pile, Selection } from '../composants/index.ts'
import { Lettre } from '../courriers/lettre.tsx'
import { VARIANTES } from '../courriers/libelles.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import { adresseVersion, nomDe } from './libelles.ts'

interface Choix {
  readonly modele: ModeleCourrier
  readonly variante: Variante
  readonly dossier: string
  readonly complet: boolean
}

/** The kind of letter a version is tried on: its own, or for what all print the one chosen. */
export function modeleEssaye(
  { session }: Pick<Requete, 'session'>,
  { genre, modele }: Pick<VersionCourrier, 'genre' | 'modele'>,
  choisi: string | undefined,
): ModeleCourrier {
  const { courriers } = session.referentiel
  // Heads, signatures and the logo are those of secretariats.
  const trouve =
    courriers.get(genre === 'texte' ? modele : (choisi ?? '')) ??
    [...courriers.values()].find(({ expediteur }) => expediteur === 'secretariat')
  if (!trouve) throw new Introuvable()
  return trouve
}

function lireChoix(requete: Requete, version: VersionCourrier): Choix {
  const { modele, variante, dossier, cas } = requete.recherche
  const choisi = modeleEssaye(requete, version, modele)
  return {
    modele: choisi,
    variante: variante === 'facile' && choisi.facile ? 'facile' : 'courant',
    // A pilot approves words: the address of a household is none of theirs.
    dossier: aLeDroit(requete.acteur, 'courrier.consulter') ? (dossier ?? '').trim() : '',
    complet: cas !== 'rien',
  }
}

const essayerChoix = (requete: Requete, contenu: ContenuVersion, { modele, variante, dossier, complet }: Choix) =>
  essayerModele(requete.session, modele, contenu, {
    variante,
    complet,
    ...(dossier === '' ? {} : { dossier }),
  })

/** A letter as it would be, or why it cannot. */
export function LettreEssayee({ essai }: { essai: Essai | null }): ReactElement {
  return essai ? (
    <Lettre lettre={essai.lettre} />
  ) : (
    <Message ton="bientot">
      <p>Aucun secrétariat de ce territoire n’a d’adresse : ce courrier ne peut pas être composé.</p>
    </Message>
  )
}

/** GET /modeles/:id/essai: the version on the worked example, or on a dossier the reader may see. */
export async function essayer(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const version = await lireVersionCourrier(session, requete.parametres.id ?? '')
  const choix = lireChoix(requete, version)
  let essai: Essai | null = null
  let absent = false
  try {
    essai = await essayerChoix(requete, version.contenu, choix)
  } catch (erreur) {
    if (!(erreur instanceof Introuvable)) throw erreur
    absent = true
  }
  const suite = new URLSearchParams({
    modele: choix.modele.code,
    variante: choix.variante,
    cas: choix.complet ? 'tout' : 'rien',
    ...(choix.dossier === '' ? {} : { dossier: choix.dossier }),
  })
  return page(
    <Cadre
      requete={requete}
      titre={`Essayer : ${nomDe(session, version)}`}
      courante="courriers"
      large
      chapo="Le courrier tel que cette version l’écrirait. Rien n’est préparé ni envoyé."
      fil={[
        { libelle: 'Adapter les courriers', href: '/modeles' },
        { libelle: nomDe(session, version), href: adresseVersion(version) },
        { libelle: 'Essayer' },
      ]}
      actions={
        essai && (
          <Bouton petit fichier icone="impr" href={adresseVersion(version, `/essai.pdf?${suite}`)}>
            Voir le PDF
          </Bouton>
        )
      }
    >
      <Pile>
        <Filtres
          action={adresseVersion(version, '/essai')}
          libelle="Sur quoi l’essayer"
          resultat={choix.dossier === '' ? 'Ménage d’exemple' : `Dossier ${choix.dossier}`}
          bouton="Essayer"
        >
          {version.genre === 'presentation' && (
            <Selection
              nom="modele"
              libelle="Courrier"
              libre
              valeur={choix.modele.code}
              options={[...session.referentiel.courriers.values()].map(({ code, libelle }) => ({
                valeur: code,
                libelle,
              }))}
            />
          )}
          {choix.modele.facile && (
            <Selection
              nom="variante"
              libelle="Version"
              libre
              valeur={choix.variante}
              options={(Object.keys(VARIANTES) as Variante[]).map((valeur) => ({ valeur, libelle: VARIANTES[valeur] }))}
            />
          )}
          <Selection
            nom="cas"
            libelle="Exemple"
            libre
            valeur={choix.complet ? 'tout' : 'rien'}
            options={[
              { valeur: 'tout', libelle: 'Tout est connu' },
              { valeur: 'rien', libelle: 'Ce qui peut manquer manque' },
            ]}
          />
          {aLeDroit(requete.acteur, 'courrier.consulter') && (
            <Champ nom="dossier" libelle="Ou un dossier réel (référence)" libre valeur={choix.dossier} />
          )}
        </Filtres>
        <Carte titre="Le courrier">
          {absent ? (
            <Message ton="bientot">
              <p>Ce dossier n’existe pas, ou n’est pas dans votre périmètre.</p>
            </Message>
          ) : (
            <LettreEssayee essai={essai} />
          )}
        </Carte>
      </Pile>
    </Cadre>,
  )
}

/** GET /modeles/:id/essai.pdf: the same, through the renderer of real letters. */
export async function telechargerEssai(requete: Requete): Promise<Reponse> {
  const version = await lireVersionCourrier(requete.session, requete.parametres.id ?? '')
  const choix = lireChoix(requete, version)
  const essai = await essayerChoix(requete, version.contenu, choix)
  if (!essai) throw new Introuvable()
  return {
    genre: 'fichier',
    nom: `essai-${choix.modele.code}.pdf`,
    type: 'application/pdf',
    octets: await rendreContenu(essai.contenu, essai.logos),
  }
}

/** GET /modeles/logos/:logo */
export async function montrerLogo({ session, parametres }: Requete): Promise<Reponse> {
  const { id, genre, octets } = await lireLogo(session, parametres.logo ?? '')
  return { genre: 'fichier', nom: `logo-${id}.${genre}`, type: genre === 'png' ? 'image/png' : 'image/jpeg', octets }
}
