import type { ReactElement } from 'react'
import { creerVersion, estGenre, listerVersions, nommerVersion, situer, type VersionLocale } from '#charte'
import type { Criteres, GenreVersion, Repartition } from '#referentiel'
import { Introuvable } from '#socle/errors'
import { Cadre } from '../cadre.tsx'
import { Actions, Bouton, BoutonsRadio, Formulaire, type OptionChoix } from '../composants/index.ts'
import { enVigueur, lireDepartement, majuscule, periode } from '../regles/regles.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { ADRESSE, adresseVersion, cleDe, situations, titresGenre } from './libelles.ts'

const DEFAUT = ''

function options(requete: Requete, genre: GenreVersion, locales: readonly VersionLocale[]): OptionChoix[] {
  const { session } = requete
  const compose = lireDepartement(session)
  const livre = session.referentiel.livre?.departements.get(session.dept) ?? compose
  const siennes = locales
    .filter((une) => une.genre === genre)
    .map((une) => ({
      valeur: cleDe(session.dept, une),
      libelle: `Version n° ${une.numero} (${situations[situer(une, session.jour)].mot})`,
      aide: `${periode(une)}. ${une.motif}`,
    }))
  if (genre === 'parametres') {
    const vide = {
      valeur: DEFAUT,
      libelle: 'Les valeurs en vigueur',
      aide: 'Seules celles que vous changez seront écrites.',
    }
    return [vide, ...siennes]
  }
  const suite: readonly (Repartition | Criteres)[] = genre === 'repartition' ? compose.repartitions : compose.criteres
  const presente = enVigueur(suite, session.jour)
  const livrees = (genre === 'repartition' ? livre.repartitions : livre.criteres).map((une) => ({
    valeur: une.id,
    libelle: majuscule(nommerVersion(une.id, une.du).replace(/^la /, '')),
    aide: une.libelle,
  }))
  return [
    {
      valeur: DEFAUT,
      libelle: presente ? 'La version en vigueur' : 'La dernière version connue',
      aide: presente ? `${majuscule(nommerVersion(presente.id, presente.du))}, inchangée à part sa date.` : undefined,
    },
    ...siennes,
    ...livrees,
  ]
}

/** GET /regles/versions/nouvelle: from which text to start. */
export async function proposerVersion(requete: Requete): Promise<Reponse> {
  const { genre } = requete.recherche
  if (!estGenre(genre)) throw new Introuvable()
  const locales = await listerVersions(requete.session)
  return page(<PageNouvelle requete={requete} genre={genre} choix={options(requete, genre, locales)} />)
}

/** POST /regles/versions/nouvelle. */
export async function ouvrirVersion(requete: Requete): Promise<Reponse> {
  const genre = champ(requete, 'genre')
  if (!estGenre(genre)) throw new Introuvable()
  const depart = champ(requete, 'depart')
  const id = await creerVersion(requete.session, { genre, ...(depart === DEFAUT ? {} : { depart }) })
  return redirection(adresseVersion(id, '/modifier'), {
    texte: 'Brouillon ouvert : rien ne s’applique tant qu’il n’est pas approuvé par les deux pilotes.',
  })
}

function PageNouvelle({
  requete,
  genre,
  choix,
}: {
  requete: Requete
  genre: GenreVersion
  choix: readonly OptionChoix[]
}): ReactElement {
  return (
    <Cadre
      requete={requete}
      titre={`Préparer une version : ${titresGenre[genre].toLowerCase()}`}
      chapo="Le brouillon part d’un texte existant, que vous modifiez ensuite. Ce texte-là n’est pas touché."
      fil={[
        { libelle: 'Règles et critères', href: '/regles' },
        { libelle: 'Versions', href: ADRESSE },
        { libelle: 'Préparer' },
      ]}
    >
      <Formulaire
        action={`${ADRESSE}/nouvelle`}
        jeton={requete.connecte.jetonFormulaire}
        champs={{ genre }}
        libelle="Préparer une version"
      >
        <BoutonsRadio nom="depart" libelle="Partir de" valeur={DEFAUT} options={choix} />
        <Actions>
          <Bouton genre="principal" icone="crayon">
            Ouvrir le brouillon
          </Bouton>
          <Bouton href={ADRESSE}>Revenir aux versions</Bouton>
        </Actions>
      </Formulaire>
    </Cadre>
  )
}
