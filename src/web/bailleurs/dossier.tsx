import { lireDossier } from '#dossiers'
import { lireFicheDuDossier, listerBailleurs, proposerFiches, rattacherAuBailleur } from '#rapprochement'
import { nommerDossier } from '../accompagner/menage.ts'
import { Bouton, BoutonPost, Carte, Champ, EtatVide, Filtres, ListeSobre } from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseBailleur, CadreBailleurs, compterLogements, decrireBailleur } from './commun.tsx'

/** GET /dossiers/:reference/bailleur: the sheet of this dossier, or those it may belong to. */
export async function proposerPourDossier(requete: Requete): Promise<Reponse> {
  const { session, recherche } = requete
  const dossier = await lireDossier(session, requete.parametres.reference ?? '')
  const fiche = await lireFicheDuDossier(session, dossier.id)
  if (fiche) return redirection(adresseBailleur(fiche.id))
  const texte = (recherche.q ?? '').trim().slice(0, 120)
  const nom = dossier.bail.bailleurNom ?? ''
  const trouvees =
    texte === ''
      ? await proposerFiches(session, { nom, siret: dossier.bail.bailleurSiret ?? null })
      : (await listerBailleurs(session, { texte }, { taille: 20 })).lignes
  const adresse = `/dossiers/${dossier.reference}`
  session.consigner({ action: 'bailleurs.lister', dossiers: [dossier.id] })
  return page(
    <CadreBailleurs
      requete={requete}
      titre="Quelle fiche de bailleur pour ce dossier ?"
      chapo={nom === '' ? 'Aucun signal ne nomme le bailleur.' : `Les signaux nomment : ${nom}.`}
      fil={[{ libelle: nommerDossier(dossier), href: adresse }, { libelle: 'Bailleur' }]}
      actions={
        <Bouton petit icone="plus" href={`/bailleurs/ajouter?dossier=${dossier.reference}`}>
          Ouvrir une fiche pour lui
        </Bouton>
      }
    >
      <Filtres
        action={`${adresse}/bailleur`}
        libelle="Chercher dans le référentiel"
        bouton="Chercher"
        resultat={trouvees.length === 0 ? 'Aucune fiche' : `${trouvees.length} à examiner`}
      >
        <Champ nom="q" libelle="Nom, SIRET ou adresse" genre="search" libre valeur={texte} longueurMax={120} />
      </Filtres>
      {trouvees.length === 0 ? (
        <EtatVide titre="Aucune fiche ne lui ressemble">
          Chercher sous un autre nom, ou ouvrir une fiche pour ce bailleur.
        </EtatVide>
      ) : (
        <Carte titre={texte === '' ? 'Même nom ou même SIRET' : 'Fiches trouvées'}>
          <ListeSobre
            lignes={trouvees.map((un) => ({
              cle: un.id,
              titre: <a href={adresseBailleur(un.id)}>{un.nom}</a>,
              note: `${decrireBailleur(un)}, ${compterLogements(un)}`,
              droite: (
                <BoutonPost
                  petit
                  action={`${adresse}/bailleur`}
                  jeton={requete.connecte.jetonFormulaire}
                  champs={{ bailleur: un.id }}
                >
                  C’est lui<span className="sr"> : {un.nom}</span>
                </BoutonPost>
              ),
            }))}
          />
        </Carte>
      )}
    </CadreBailleurs>,
  )
}

/** POST /dossiers/:reference/bailleur. */
export async function rattacherCeDossier(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await lireDossier(session, requete.parametres.reference ?? '')
  const id = champ(requete, 'bailleur')
  await rattacherAuBailleur(session, id, [dossier.id])
  const fiche = await lireFicheDuDossier(session, dossier.id)
  return redirection(`/dossiers/${dossier.reference}#logement`, {
    texte: `Ce logement est inscrit sur la fiche de ${fiche?.nom ?? 'ce bailleur'}.`,
    ...(fiche
      ? {
          defaire: { action: adresseBailleur(fiche.id, '/detacher'), libelle: 'Annuler', champs: { lien: fiche.lien } },
        }
      : {}),
  })
}
