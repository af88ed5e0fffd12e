import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  type ContenuVersion,
  contenuLivre,
  deciderVersionCourrier,
  defaireDecisionCourrier,
  deplacerVersionCourrier,
  ETATS_VERSION_COURRIER,
  enVigueur,
  lireVersionCourrier,
  listerVersionsCourrier,
  livreAChange,
  soumettreVersionCourrier,
  trouverObstacle,
  type VersionCourrier,
} from '#courriers'
import { Refus } from '#socle/errors'
import { formatDate, formatInstant, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  Champ,
  DeuxVersions,
  EtatVide,
  Etiquette,
  Formulaire,
  ListeDefinition,
  Message,
  Pile,
  Section,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { avecNavigation } from '../tableaux/lecture.ts'
import { comparerContenus } from './difference.ts'
import { adresseVersion, nomDe, sujetDe, TONS_VERSION } from './libelles.ts'

/** What differs between two contents, face to face; a sentence when nothing does. */
function Ecarts({
  titre,
  avant,
  apres,
  gauche,
  droite,
}: {
  titre: string
  avant: ContenuVersion
  apres: ContenuVersion
  gauche: string
  droite: string
}): ReactElement {
  const ecarts = comparerContenus(avant, apres)
  return (
    <Section titre={titre} compte={pluriel(ecarts.length, 'différence', 'différences')}>
      {ecarts.length === 0 ? (
        <EtatVide titre="Aucune différence" niveau={3}>
          Les deux disent la même chose.
        </EtatVide>
      ) : (
        <DeuxVersions
          legende={`${gauche}, puis ${droite}`}
          gauche={{ titre: gauche }}
          droite={{ titre: droite }}
          champs={ecarts.map(({ cle, libelle, avant: a, apres: b }) => ({ cle, libelle, gauche: a, droite: b }))}
        />
      )}
    </Section>
  )
}

/** GET /modeles/:id */
export const montrerVersion = (requete: Requete): Promise<Reponse> => montrer(requete)

async function montrer(requete: Requete, refus?: Refus): Promise<Reponse> {
  const { session, acteur, connecte } = requete
  const version = await lireVersionCourrier(session, requete.parametres.id ?? '')
  const toutes = await listerVersionsCourrier(session)
  const livre = contenuLivre(session, version)
  const contenu = 'livre' in version.contenu ? livre : version.contenu
  const actuelle = enVigueur(toutes, version, session.maintenant)
  const contenuActuel = actuelle && actuelle.id !== version.id ? actuelle.contenu : null
  const appliquee = actuelle?.id === version.id
  const obstacle = trouverObstacle(session, version)
  const change = !('livre' in version.contenu) && livreAChange(session, version)
  const jeton = connecte.jetonFormulaire
  const vus = { revision: String(version.revision) }
  const adapter = aLeDroit(acteur, 'modele.adapter')
  const approuver = aLeDroit(acteur, 'modele.approuver')
  const sienne = [version.cree_par, version.modifie_par, version.soumis_par].includes(acteur.compte)
  const avenir = Temporal.PlainDate.compare(version.du, session.jour) > 0
  const poster = (suite: string) => ({ action: adresseVersion(version, suite), jeton, champs: vus, petit: true })
  return page(
    <Cadre
      requete={requete}
      titre={nomDe(session, version)}
      courante="courriers"
      large
      erreur={refus !== undefined}
      fil={[{ libelle: 'Adapter les courriers', href: '/modeles' }, { libelle: nomDe(session, version) }]}
      actions={
        <>
          {contenu && (
            <Bouton petit href={adresseVersion(version, '/essai')}>
              Essayer
            </Bouton>
          )}
          {adapter && version.etat === 'brouillon' && (
            <>
              <Bouton petit icone="crayon" href={adresseVersion(version, '/modifier')}>
                Modifier
              </Bouton>
              {version.motif !== '' && (
                <BoutonPost {...poster('/soumettre')} genre="principal" icone="envoi">
                  Soumettre à un pilote
                </BoutonPost>
              )}
              <BoutonPost {...poster('/retirer')} genre="tertiaire" icone="corbeille">
                Abandonner
              </BoutonPost>
            </>
          )}
          {adapter && (version.etat === 'soumise' || version.etat === 'retiree') && (
            <BoutonPost {...poster('/reprendre')} icone="annuler">
              Reprendre en brouillon
            </BoutonPost>
          )}
          {adapter && appliquee && !('livre' in version.contenu) && (
            <BoutonPost
              petit
              action="/modeles/ouvrir"
              jeton={jeton}
              icone="annuler"
              champs={{ genre: version.genre, modele: version.modele, retour: 'oui' }}
            >
              Revenir au texte livré
            </BoutonPost>
          )}
          {approuver && version.etat === 'approuvee' && avenir && (
            <BoutonPost {...poster('/defaire')} icone="annuler">
              Défaire l’approbation
            </BoutonPost>
          )}
        </>
      }
    >
      <Pile>
        {refus && (
          <Message ton="retard">
            <p>{refus.message}</p>
          </Message>
        )}
        {obstacle !== null && version.etat !== 'refusee' && version.etat !== 'retiree' && (
          <Message ton="retard">
            <p>
              <b>{appliquee ? 'Cette version ne s’applique plus : le texte livré part à sa place.' : 'À corriger.'}</b>{' '}
              {obstacle}
            </p>
          </Message>
        )}
        {change && (
          <Message ton="bientot">
            <p>
              <b>Le texte livré a changé depuis cette version.</b> Elle continue de s’appliquer. Comparer ci-dessous, et
              reprendre dans une nouvelle version ce qui doit l’être.
            </p>
          </Message>
        )}
        <Carte titre="De quoi il s’agit">
          <ListeDefinition
            lignes={[
              {
                terme: 'État',
                valeur: (
                  <Etiquette ton={TONS_VERSION[version.etat]}>
                    {appliquee ? 'S’applique' : ETATS_VERSION_COURRIER[version.etat]}
                  </Etiquette>
                ),
                note: version.decide_motif ?? undefined,
              },
              {
                terme: 'Effet',
                valeur: `à partir du ${formatDate(version.du)}`,
                note: 'pour les courriers préparés à partir de ce jour ; ceux qui le sont déjà gardent leur texte',
              },
              { terme: 'Pourquoi', valeur: version.motif === '' ? <i>à écrire</i> : version.motif },
              {
                terme: 'Écrite par',
                valeur: version.modifie_par_nom,
                note: `ouverte par ${version.cree_par_nom} le ${formatInstant(version.cree_a)}`,
              },
              {
                terme: version.etat === 'refusee' ? 'Refusée par' : 'Approuvée par',
                valeur: version.decide_par_nom,
                note: version.decide_a ? `le ${formatInstant(version.decide_a)}` : undefined,
              },
              {
                terme: 'Contenu',
                valeur: 'livre' in version.contenu ? 'Retour au texte livré avec Amont, quel qu’il devienne' : null,
              },
            ]}
          />
        </Carte>
        {approuver && version.etat === 'soumise' && (
          <Carte titre="Décider" id="decider">
            {sienne ? (
              <p>Une version s’approuve par une autre personne que celle qui l’a écrite.</p>
            ) : (
              <Formulaire action={adresseVersion(version, '/decider')} jeton={jeton} champs={vus} libelle="Décider">
                <Champ
                  nom="motif"
                  libelle="Remarque, ou raison du refus"
                  facultatif
                  lignes={2}
                  longueurMax={500}
                  valeur={champ(requete, 'motif')}
                  erreur={refus?.code === 'modele.refus' ? refus.message : undefined}
                />
                <Actions>
                  <Bouton genre="principal" nom="accord" valeur="oui" icone="ok">
                    Approuver
                  </Bouton>
                  <Bouton nom="accord" valeur="non">
                    Refuser
                  </Bouton>
                </Actions>
              </Formulaire>
            )}
          </Carte>
        )}
        {contenuActuel && contenu && (
          <Ecarts
            titre="Ce qui change"
            avant={'livre' in contenuActuel ? (livre ?? contenuActuel) : contenuActuel}
            apres={contenu}
            gauche="S’applique aujourd’hui"
            droite={`Version ${version.numero}`}
          />
        )}
        {livre && contenu && !('livre' in version.contenu) && (
          <Ecarts
            titre="Comparée à ce qui est livré"
            avant={livre}
            apres={contenu}
            gauche="Livré avec Amont"
            droite={`Version ${version.numero}`}
          />
        )}
        {change && livre && (
          <Ecarts
            titre="Ce qui a changé dans le texte livré"
            avant={version.livre}
            apres={livre}
            gauche="Livré quand elle a été écrite"
            droite="Livré aujourd’hui"
          />
        )}
      </Pile>
    </Cadre>,
    refus?.statut,
  )
}

/** Does an act of the page; when a rule refuses it, the page says why where the person is. */
async function agir(
  requete: Requete,
  acte: (id: string, revision: number) => Promise<void>,
  suite: (version: VersionCourrier) => Parameters<typeof redirection>[1],
): Promise<Reponse> {
  const id = requete.parametres.id ?? ''
  try {
    await acte(id, Number(champ(requete, 'revision')) || 0)
  } catch (erreur) {
    if (!(erreur instanceof Refus)) throw erreur
    requete.session.consigner({
      action: 'modele.decider',
      objet: 'version_courrier',
      objetId: id,
      resultat: 'refuse',
      details: { code: erreur.code },
    })
    return montrer(await avecNavigation(requete), erreur)
  }
  const apres = await lireVersionCourrier(requete.session, id)
  return redirection(adresseVersion({ id }), suite(apres))
}

const defaireAvec = (version: VersionCourrier, suite: string, libelle: string) => ({
  action: adresseVersion(version, suite),
  libelle,
  champs: { revision: String(version.revision) },
})

/** POST /modeles/:id/soumettre */
export const soumettre = (requete: Requete): Promise<Reponse> =>
  agir(
    requete,
    (id, revision) => soumettreVersionCourrier(requete.session, id, revision),
    (version) => ({
      texte: 'Version soumise : un pilote de l’État ou du Département l’approuve ou la refuse.',
      defaire: defaireAvec(version, '/reprendre', 'Reprendre en brouillon'),
    }),
  )

/** POST /modeles/:id/reprendre */
export const reprendre = (requete: Requete): Promise<Reponse> =>
  agir(
    requete,
    (id, revision) => deplacerVersionCourrier(requete.session, id, revision, 'reprendre'),
    () => ({ texte: 'Version reprise en brouillon.' }),
  )

/** POST /modeles/:id/retirer */
export const retirer = (requete: Requete): Promise<Reponse> =>
  agir(
    requete,
    (id, revision) => deplacerVersionCourrier(requete.session, id, revision, 'retirer'),
    (version) => ({
      texte: 'Brouillon abandonné. Il reste dans la liste.',
      defaire: defaireAvec(version, '/reprendre', 'Le reprendre'),
    }),
  )

/** POST /modeles/:id/decider */
export const decider = (requete: Requete): Promise<Reponse> => {
  const accord = champ(requete, 'accord') === 'oui'
  return agir(
    requete,
    (id, revision) => deciderVersionCourrier(requete.session, id, { revision, accord, motif: champ(requete, 'motif') }),
    (version) => ({
      texte: accord
        ? `Version approuvée : elle s’applique aux courriers préparés à partir du ${formatDate(version.du)}.`
        : 'Version refusée.',
      ton: accord ? 'tenu' : 'info',
    }),
  )
}

/** POST /modeles/:id/defaire */
export const defaire = (requete: Requete): Promise<Reponse> =>
  agir(
    requete,
    (id, revision) => defaireDecisionCourrier(requete.session, id, revision),
    (version) => ({
      texte:
        version.etat === 'retiree'
          ? 'Approbation défaite : cette version ne s’appliquera pas. Une autre est en cours d’écriture.'
          : `Approbation défaite : ${sujetDe(requete.session, version)} attend de nouveau une décision.`,
    }),
  )
