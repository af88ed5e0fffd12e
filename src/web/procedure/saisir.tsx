import type { ReactElement } from 'react'
import { consignerActe, type Dossier, genresOuverts, prevoirActe, trouverEnvoi } from '#dossiers'
import {
  type Avertissement,
  type CodeGenre,
  champsDe,
  decrireGenre,
  estGenreActe,
  FAMILLES_ACTE,
  GENRES_ACTE,
  ISSUES,
  proposerIssue,
} from '#procedure'
import { Introuvable } from '#socle/errors'
import { etapeCourte } from '../accompagner/libelles.ts'
import { Actions, Bouton, Carte, Formulaire, Message, Pile, ResumeErreurs } from '../composants/index.ts'
import { CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import {
  adresseProcedure,
  ChampsDuGenre,
  lireFormulaire,
  lirePrefixe,
  marqueEnvoi,
  type SaisieFormulaire,
} from './formulaire.tsx'

const CODES = Object.keys(GENRES_ACTE).filter(estGenreActe)

/** Kinds chosen from the list, by family, those of hidden groups left out. */
function parFamille(ouvert: (genre: CodeGenre) => boolean) {
  const genres = CODES.filter((genre) => decrireGenre(genre).horsListe !== true && ouvert(genre))
  return Object.entries(FAMILLES_ACTE).flatMap(([famille, libelle]) => {
    const siens = genres.filter((genre) => decrireGenre(genre).famille === famille)
    return siens.length === 0 ? [] : [{ famille, libelle, genres: siens }]
  })
}

function PageChoix({
  requete,
  dossier,
  ouvert,
}: {
  requete: Requete
  dossier: Dossier
  ouvert: (genre: CodeGenre) => boolean
}): ReactElement {
  return (
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace="procedure"
      titre="Ajouter un acte ou une situation"
      acte="Ajouter"
      large
      chapo="Choisir ce qui s’est passé : le formulaire qui suit ne demande que ce qui le concerne."
    >
      <div className="familles">
        {parFamille(ouvert).map(({ famille, libelle, genres }) => (
          <Carte key={famille} titre={libelle}>
            <ul>
              {genres.map((genre) => (
                <li key={genre}>
                  <a href={adresseProcedure(dossier, `/saisir?genre=${genre}`)}>{decrireGenre(genre).libelle}</a>
                </li>
              ))}
            </ul>
          </Carte>
        ))}
      </div>
    </CadreDossier>
  )
}

/** What looks impossible, said before it is saved; nothing is refused for it. */
export function Avertissements({ liste }: { liste: readonly Avertissement[] }): ReactElement | null {
  if (liste.length === 0) return null
  return (
    <Message ton="bientot">
      <p>
        <b>À relire avant d’enregistrer.</b> Rien n’est encore enregistré. Si c’est bien ce qui s’est passé, confirmer.
      </p>
      <ul>
        {liste.map(({ code, texte }) => (
          <li key={code}>{texte}</li>
        ))}
      </ul>
    </Message>
  )
}

function PageSaisie({
  requete,
  dossier,
  genre,
  caches,
  saisie,
  envoi,
  avertissements,
}: {
  requete: Requete
  dossier: Dossier
  genre: CodeGenre
  caches: readonly string[]
  saisie: SaisieFormulaire
  envoi: string
  avertissements: readonly Avertissement[]
}): ReactElement {
  const { libelle } = decrireGenre(genre)
  return (
    <CadreDossier requete={requete} dossier={dossier} espace="procedure" titre={libelle} acte="Ajouter">
      <Pile>
        <ResumeErreurs erreurs={saisie.erreurs} />
        <Avertissements liste={avertissements} />
        <Carte
          titre="Ce qui est connu"
          aside={<a href={adresseProcedure(dossier, '/saisir')}>Choisir un autre acte</a>}
        >
          <Formulaire
            action={adresseProcedure(dossier, '/saisir')}
            jeton={requete.connecte.jetonFormulaire}
            champs={{ genre, envoi, ...(avertissements.length > 0 ? { confirme: 'oui' } : {}) }}
          >
            <ChampsDuGenre genre={genre} caches={caches} saisie={saisie} jour={requete.session.jour} />
            <p className="note">
              Ce qui n’est pas connu reste vide. Un acte enregistré se corrige et se retire : rien ne s’efface.
            </p>
            <Actions>
              <Bouton genre="principal">
                {avertissements.length > 0 ? 'Enregistrer malgré tout' : 'Enregistrer cet acte'}
              </Bouton>
              <Bouton genre="tertiaire" href={adresseProcedure(dossier)}>
                Revenir à la procédure
              </Bouton>
            </Actions>
          </Formulaire>
        </Carte>
      </Pile>
    </CadreDossier>
  )
}

/** Kinds a person may enter here; another one does not exist. */
export async function lireOuverts(
  requete: Requete,
  dossier: Dossier,
): Promise<(genre: CodeGenre, champ?: string) => boolean> {
  return genresOuverts(requete.session, dossier.id)
}

async function exigerGenre(
  requete: Requete,
  dossier: Dossier,
  code: string,
): Promise<{ readonly genre: CodeGenre; readonly caches: readonly string[] }> {
  if (!estGenreActe(code)) throw new Introuvable()
  const ouvert = await lireOuverts(requete, dossier)
  if (!ouvert(code)) throw new Introuvable()
  return { genre: code, caches: Object.keys(champsDe(code)).filter((nom) => !ouvert(code, nom)) }
}

/** GET /dossiers/:reference/procedure/saisir: the list of kinds, or the form of one (`genre`). */
export async function proposerSaisie(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const code = requete.recherche.genre ?? ''
  if (code === '')
    return page(<PageChoix requete={requete} dossier={dossier} ouvert={await lireOuverts(requete, dossier)} />)
  const { genre, caches } = await exigerGenre(requete, dossier, code)
  return page(
    <PageSaisie
      requete={requete}
      dossier={dossier}
      genre={genre}
      caches={caches}
      saisie={{ le: requete.recherche.le ?? '', champs: lirePrefixe(genre, requete.recherche), erreurs: [] }}
      envoi={marqueEnvoi()}
      avertissements={[]}
    />,
  )
}

/** POST /dossiers/:reference/procedure/saisir (DOS-05). */
export async function saisirActe(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const { genre, caches } = await exigerGenre(requete, dossier, champ(requete, 'genre'))
  const envoi = marqueEnvoi(champ(requete, 'envoi'))
  const { acte, ...saisie } = lireFormulaire(requete, genre, caches)
  const montrer = (avertissements: readonly Avertissement[]): Reponse =>
    page(
      <PageSaisie
        requete={requete}
        dossier={dossier}
        genre={genre}
        caches={caches}
        saisie={saisie}
        envoi={envoi}
        avertissements={avertissements}
      />,
      422,
    )
  if (acte === null) return montrer([])
  // Sent again, it is written: there is nothing left to warn of.
  const deja = (await trouverEnvoi(session, dossier.id, envoi)) !== null
  const prevu = await prevoirActe(session, { dossier: dossier.id, genre, ...acte })
  if (!deja && prevu.avertissements.length > 0 && champ(requete, 'confirme') !== 'oui')
    return montrer(prevu.avertissements)
  const { acte: racine } = await consignerActe(session, { dossier: dossier.id, genre, ...acte, envoi })
  const issue = proposerIssue({ genre, contenu: acte.contenu })
  return redirection(adresseProcedure(dossier, '#actes'), {
    texte: [
      `${decrireGenre(genre).libelle} : enregistré.`,
      deja || prevu.apres === prevu.avant ? null : `Étape : ${etapeCourte(prevu.apres)}.`,
      issue === null ? null : `Le dossier peut être clos : « ${ISSUES[issue]} ».`,
    ]
      .filter((un) => un !== null)
      .join(' '),
    defaire: {
      action: adresseProcedure(dossier, `/actes/${racine}/retirer`),
      libelle: 'Défaire',
      champs: { motif: 'erreur_de_saisie', envoi: marqueEnvoi() },
    },
  })
}
