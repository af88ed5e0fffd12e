import type { ReactElement } from 'react'
import {
  type Ecart,
  type EnvoiPrevu,
  ecarterDu,
  envoyerDus,
  genreDe,
  type LignePrevue,
  LONGUEUR_MOTIF,
  listerEcarts,
  type Preparation,
  prevoirEnvois,
  remettreDu,
} from '#bordereaux'
import { ecrireSourcePartagee } from '#referentiel'
import { Introuvable } from '#socle/errors'
import { formatInstant, formatNombre, pluriel } from '#socle/typography'
import { type Erreur, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  Champ,
  EtatVide,
  Etiquette,
  Formulaire,
  ListeSobre,
  Message,
  Pile,
  ResumeErreurs,
  Section,
  Tableau,
} from '../composants/index.ts'
import { ouConflit } from '../conflit.tsx'
import { marqueEnvoi } from '../requisitions/commun.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseEnvoye, adresseGenre, colonnesDe, lienDossier, REGISTRE, TRANSMETTRE } from './commun.tsx'

const filDe = (libelle: string) => [{ libelle: 'À transmettre', href: TRANSMETTRE }, { libelle }]

/** What one recipient would read, line by line. */
export function CarteEnvoi({
  envoi,
  ecarter,
}: {
  envoi: EnvoiPrevu
  ecarter?: ((ligne: LignePrevue) => string) | undefined
}): ReactElement {
  const { nom, pourquoi, personnes, lignes, retenues, suite } = envoi
  return (
    <Carte
      titre={nom}
      aside={
        personnes === null ? (
          <Etiquette ton="neutre">À imprimer et à remettre</Etiquette>
        ) : personnes === 0 ? (
          <Etiquette ton="bientot">Aucun compte ouvert : prévenir aussi hors d’Amont</Etiquette>
        ) : (
          pluriel(personnes, 'personne lira', 'personnes liront')
        )
      }
    >
      <p className="note">{pourquoi}</p>
      {lignes.length > 0 && (
        <Tableau
          legende={`Ce que lira ${nom}`}
          largeur="moyen"
          lignes={lignes}
          cle={({ dossier, cle }) => `${dossier} ${cle}`}
          colonnes={[
            ...colonnesDe(lignes, lienDossier),
            ...(ecarter
              ? [
                  {
                    cle: 'ecarter',
                    titre: 'Écarter',
                    rendre: (ligne: LignePrevue) => (
                      <a href={ecarter(ligne)}>
                        Écarter<span className="sr"> : {ligne.menage || ligne.reference}</span>
                      </a>
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
      {suite > 0 && (
        <p>
          {pluriel(suite, 'autre ménage suivra', 'autres ménages suivront')} dans le bordereau suivant, à relire
          ensuite.
        </p>
      )}
      {retenues.length > 0 && (
        <Message ton="bientot">
          <p>
            <b>{pluriel(retenues.length, 'ménage retenu', 'ménages retenus')} : il manque quelque chose.</b>
          </p>
          <ul>
            {retenues.map((ligne) => (
              <li key={`${ligne.dossier} ${ligne.cle}`}>
                <a href={lienDossier(ligne) ?? TRANSMETTRE}>{ligne.menage || 'Nom inconnu'}</a>. {ligne.retenu}
              </li>
            ))}
          </ul>
        </Message>
      )}
    </Carte>
  )
}

function PageGenre({
  requete,
  preparation,
  ecarts,
  erreur,
}: {
  requete: Requete
  preparation: Preparation
  ecarts: readonly Ecart[]
  erreur: string | null
}): ReactElement {
  const { genre, envois, empreinte } = preparation
  const jeton = requete.connecte.jetonFormulaire
  const partants = envois.filter(({ lignes }) => lignes.length > 0)
  const total = partants.reduce((n, { lignes }) => n + lignes.length, 0)
  const ecarter = ({ dossier, cle }: LignePrevue) =>
    adresseGenre(genre.code, `/ecarter?${new URLSearchParams({ dossier, cle })}`)
  return (
    <Cadre
      requete={requete}
      titre={genre.libelle}
      courante="transmettre"
      large
      erreur={erreur !== null}
      chapo={`${genre.sens} Source : ${ecrireSourcePartagee(genre.source, requete.session.dept)}${genre.verifie_le === null ? ' (à vérifier)' : ''}.`}
      fil={filDe(genre.libelle)}
    >
      <Pile>
        {erreur !== null && (
          <Message ton="retard">
            <p>{erreur}</p>
          </Message>
        )}
        {envois.length === 0 ? (
          <EtatVide titre="Rien à transmettre" geste={{ href: REGISTRE, libelle: 'Voir le registre des envois' }}>
            Tout ce qui était dû est parti, ou écarté avec son motif.
          </EtatVide>
        ) : (
          <>
            {envois.map((envoi) => (
              <CarteEnvoi key={envoi.destinataire ?? envoi.nom} envoi={envoi} ecarter={ecarter} />
            ))}
            {partants.length > 0 && (
              <Formulaire
                action={adresseGenre(genre.code)}
                jeton={jeton}
                libelle="Envoyer"
                champs={{ empreinte, envoi: marqueEnvoi() }}
              >
                <Message
                  action={
                    <Bouton genre="principal" icone="envoi">
                      {partants.length === 1 ? 'Envoyer' : `Envoyer aux ${formatNombre(partants.length)} destinataires`}
                    </Bouton>
                  }
                >
                  <p>
                    <b>
                      {pluriel(total, 'ligne partira', 'lignes partiront')} vers{' '}
                      {pluriel(partants.length, 'destinataire', 'destinataires')}.
                    </b>{' '}
                    Chacun lit ce qui est écrit ci-dessus, et rien d’autre. Le courriel qui le prévient n’en dit rien.
                  </p>
                </Message>
              </Formulaire>
            )}
          </>
        )}
        {ecarts.length > 0 && (
          <Section titre="Écartés" compte={pluriel(ecarts.length, 'ménage', 'ménages')}>
            <ListeSobre
              lignes={ecarts.map(({ id, reference, titulaire, motif, auteur, a }) => ({
                cle: id,
                titre: <a href={`/dossiers/${reference}`}>{titulaire || 'Nom inconnu'}</a>,
                note: `${motif} (${auteur}, ${formatInstant(a)})`,
                droite: (
                  <BoutonPost
                    petit
                    action={adresseGenre(genre.code, '/remettre')}
                    jeton={jeton}
                    champs={{ ecart: id }}
                    libelleLu={`Remettre à transmettre : ${titulaire || reference}`}
                  >
                    Remettre à transmettre
                  </BoutonPost>
                ),
              }))}
            />
          </Section>
        )}
      </Pile>
    </Cadre>
  )
}

async function montrer(requete: Requete, erreur: string | null = null): Promise<Reponse> {
  const { session, parametres } = requete
  const genre = genreDe(session, parametres.genre ?? '')
  if (genre.lignes === 'dossier') throw new Introuvable()
  const preparation = await prevoirEnvois(session, genre)
  const ecarts = await listerEcarts(session, genre)
  return page(
    <PageGenre requete={requete} preparation={preparation} ecarts={ecarts} erreur={erreur} />,
    erreur === null ? undefined : 409,
  )
}

/** GET /transmettre/:genre: exactly what each recipient would read. */
export const montrerGenre = (requete: Requete): Promise<Reponse> => montrer(requete)

/** Where a person lands once it left: what is to print, or the register. */
export const vers = (bordereaux: readonly string[]): string =>
  bordereaux.length === 1 ? adresseEnvoye(bordereaux[0] ?? '') : REGISTRE

/** POST, same address: sends what was re-read, or nothing. */
export async function envoyerGenre(requete: Requete): Promise<Reponse> {
  const { session, parametres } = requete
  const genre = genreDe(session, parametres.genre ?? '')
  const relu = { empreinte: champ(requete, 'empreinte'), envoi: marqueEnvoi(champ(requete, 'envoi')) }
  const parti = await ouConflit(requete, 'bordereau.envoyer', () => envoyerDus(session, genre, relu))
  if (parti instanceof Error) return montrer(requete, parti.message)
  return redirection(vers(parti.bordereaux), {
    texte: parti.deja
      ? 'Cet envoi était déjà parti : rien n’est parti deux fois.'
      : `${pluriel(parti.bordereaux.length, 'bordereau envoyé', 'bordereaux envoyés')}, ${pluriel(parti.lignes, 'ligne', 'lignes')}.`,
    ton: parti.deja ? 'info' : 'tenu',
  })
}

async function pageEcarter(
  requete: Requete,
  vise: { readonly dossier: string; readonly cle: string },
  motif = '',
  erreurs: readonly Erreur[] = [],
): Promise<Reponse> {
  const { session, parametres } = requete
  const genre = genreDe(session, parametres.genre ?? '')
  const { envois } = await prevoirEnvois(session, genre)
  const ligne = envois
    .flatMap(({ lignes }) => lignes)
    .find(({ dossier, cle }) => dossier === vise.dossier && cle === vise.cle)
  if (!ligne) throw new Introuvable()
  const destinataires = envois
    .filter(({ lignes }) => lignes.some(({ dossier, cle }) => dossier === vise.dossier && cle === vise.cle))
    .map(({ nom }) => nom)
  return page(
    <Cadre
      requete={requete}
      titre={`Écarter ${ligne.menage || ligne.reference}`}
      courante="transmettre"
      erreur={erreurs.length > 0}
      fil={[
        { libelle: 'À transmettre', href: TRANSMETTRE },
        { libelle: genre.libelle, href: adresseGenre(genre.code) },
        { libelle: 'Écarter' },
      ]}
      chapo={`Rien ne sera remis à ${destinataires.join(', ')} à ce sujet, jusqu’à ce que la ligne soit remise.`}
    >
      <ResumeErreurs erreurs={erreurs} />
      <Formulaire
        action={adresseGenre(genre.code, '/ecarter')}
        jeton={requete.connecte.jetonFormulaire}
        libelle="Écarter"
        champs={{ ...vise }}
      >
        <Champ
          nom="motif"
          libelle="Pourquoi"
          valeur={motif}
          longueurMax={LONGUEUR_MOTIF}
          lignes={3}
          aide="Lu par vos collègues. Ni santé, ni vie privée."
          erreur={messageDe(erreurs, 'motif')}
        />
        <Actions>
          <Bouton genre="principal">Écarter</Bouton>
          <Bouton genre="tertiaire" href={adresseGenre(genre.code)}>
            Revenir
          </Bouton>
        </Actions>
      </Formulaire>
    </Cadre>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /transmettre/:genre/ecarter. */
export const proposerEcart = (requete: Requete): Promise<Reponse> =>
  pageEcarter(requete, { dossier: requete.recherche.dossier ?? '', cle: requete.recherche.cle ?? '' })

/** POST, same address. */
export async function ecarter(requete: Requete): Promise<Reponse> {
  const { session, parametres } = requete
  const genre = genreDe(session, parametres.genre ?? '')
  const vise = { dossier: champ(requete, 'dossier'), cle: champ(requete, 'cle') }
  const motif = champ(requete, 'motif')
  let id = ''
  const erreur = await tenter(
    session,
    'bordereau.ecarter',
    () => 'motif',
    async () => {
      id = await ecarterDu(session, genre, { ...vise, motif })
    },
  )
  if (erreur) return pageEcarter(requete, vise, motif, [erreur])
  return redirection(adresseGenre(genre.code), {
    texte: 'Ligne écartée.',
    defaire: {
      action: adresseGenre(genre.code, '/remettre'),
      libelle: 'Remettre à transmettre',
      champs: { ecart: id },
    },
  })
}

/** POST /transmettre/:genre/remettre. */
export async function remettre(requete: Requete): Promise<Reponse> {
  const { session, parametres } = requete
  const genre = genreDe(session, parametres.genre ?? '')
  await remettreDu(session, genre, champ(requete, 'ecart'))
  return redirection(adresseGenre(genre.code), { texte: 'Ligne remise à transmettre.' })
}
