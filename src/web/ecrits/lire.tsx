import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import type { Dossier } from '#dossiers'
import {
  type Candidats,
  collegues,
  type Ecrit,
  elargirNote,
  exigerCles,
  LONGUEUR_MOTIF,
  lecteursDe,
  lireCandidats,
  lireEcrit,
  lireNoteAElargir,
  verifierElargissement,
} from '#echanges'
import { Introuvable } from '#socle/errors'
import { isUuid } from '#socle/text'
import { parisDay } from '#socle/time'
import { formatDate, formatInstant } from '#socle/typography'
import { type Erreur, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  CaseACocher,
  Champ,
  Formulaire,
  Message,
  Pile,
  ResumeErreurs,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import {
  adresseDe,
  Cercle,
  compterLecteurs,
  ecritsDe,
  empreinteLecteurs,
  fil,
  Lecteurs,
  naturesEcrit,
  ouvrir,
  PAPIER,
  Texte,
  valeurs,
} from './commun.tsx'

/** The id of the address; anything else exists for nobody. */
function ecritDemande(requete: Requete): string {
  const id = requete.parametres.ecrit ?? ''
  if (!isUuid(id)) throw new Introuvable()
  return id
}

function PageEcrit({
  requete,
  dossier,
  ecrit,
  candidats,
}: {
  requete: Requete
  dossier: Dossier
  ecrit: Ecrit
  candidats: Candidats
}): ReactElement {
  const { acteur } = requete
  const lecteurs = lecteursDe(candidats, ecrit.portee)
  const phrase = compterLecteurs(lecteurs, acteur)
  const adresse = adresseDe(dossier)
  const titre = `${naturesEcrit[ecrit.nature]} du ${formatDate(parisDay(ecrit.a))}`
  const sienne = ecrit.auteur_id === acteur.compte
  return (
    <Cadre
      requete={requete}
      titre={titre}
      courante="accompagner"
      chapo={`${ecrit.auteur}, ${ecrit.organisme_nom}, ${formatInstant(ecrit.a)}.`}
      fil={fil(dossier, naturesEcrit[ecrit.nature])}
      papier={PAPIER}
    >
      <Pile>
        <Carte titre="Le texte" aside={<Cercle cercle={ecrit.cercle} />}>
          <Texte texte={ecrit.texte} />
          {ecrit.motif !== null && (
            <p className="mt2">
              <b>Motif :</b> {ecrit.motif}
            </p>
          )}
          {ecrit.repond_a !== null && (
            <p className="mt2">
              <a href={`${adresse}/ecrits/${ecrit.repond_a}`}>La transmission à laquelle cet écrit répond</a>
            </p>
          )}
          {ecrit.note !== null && (
            <p className="mt2">
              <a href={`${adresse}/ecrits/${ecrit.note}`}>La note dont vous l’avez tirée</a> : ses lecteurs n’ont pas
              changé.
            </p>
          )}
        </Carte>
        <Carte titre={`Lecteurs : ${phrase.charAt(0).toLowerCase()}${phrase.slice(1)}`}>
          <Lecteurs lecteurs={lecteurs} moi={acteur} />
          <p className="note mt2">Chaque lecture laisse une trace au journal.</p>
        </Carte>
        <Actions>
          {ecrit.cercle === 'note' && aLeDroit(acteur, 'transmission.faire') && (
            <Bouton genre="principal" href={`${adresse}/ecrits/nouveau?note=${ecrit.id}`}>
              Transmettre le strict nécessaire
            </Bouton>
          )}
          {ecrit.portee.cercle === 'note' && sienne && !ecrit.portee.au_service && (
            <Bouton href={`${adresse}/ecrits/${ecrit.id}/elargir`}>Ouvrir à des collègues</Bouton>
          )}
          {ecrit.cercle === 'transmission' && !sienne && (
            <Bouton genre="principal" href={`${adresse}/ecrits/nouveau?repond=${ecrit.id}`}>
              Répondre
            </Bouton>
          )}
          <Bouton genre="tertiaire" href={ecritsDe(dossier)}>
            Revenir au dossier
          </Bouton>
        </Actions>
      </Pile>
    </Cadre>
  )
}

/** GET /dossiers/:reference/ecrits/:ecrit (ESP-03). */
export async function montrerEcrit(requete: Requete): Promise<Reponse> {
  const id = ecritDemande(requete)
  const dossier = await ouvrir(requete)
  const ecrit = await lireEcrit(requete.session, exigerCles(requete.application), dossier.id, id)
  const candidats = await lireCandidats(requete.session, dossier.id)
  return page(<PageEcrit requete={requete} dossier={dossier} ecrit={ecrit} candidats={candidats} />)
}

async function ouvrirNote(requete: Requete) {
  const id = ecritDemande(requete)
  const dossier = await ouvrir(requete)
  const cles = exigerCles(requete.application)
  const note = await lireNoteAElargir(requete.session, cles, dossier.id, id)
  return { dossier, cles, note, candidats: await lireCandidats(requete.session, dossier.id) }
}
type NoteOuverte = Awaited<ReturnType<typeof ouvrirNote>>

function PageElargir({
  requete,
  ouverte: { dossier, note, candidats },
  comptes,
  motif,
  erreurs,
}: {
  requete: Requete
  ouverte: NoteOuverte
  comptes: readonly string[]
  motif: string
  erreurs: readonly Erreur[]
}): ReactElement {
  const { acteur, connecte } = requete
  const offerts = collegues(candidats, acteur).filter(({ compte }) => !note.portee.equipe.includes(compte))
  const adresse = `${adresseDe(dossier)}/ecrits/${note.id}`
  return (
    <Cadre
      requete={requete}
      titre="Ouvrir cette note à des collègues"
      courante="accompagner"
      erreur={erreurs.length > 0}
      fil={fil(dossier, 'Ouvrir une note')}
      papier={PAPIER}
    >
      <ResumeErreurs erreurs={erreurs} />
      <Carte titre="Qui d’autre la lira ?" aside={<Cercle cercle="note" />}>
        {offerts.length === 0 ? (
          <p>
            Aucun autre collègue de votre service ne suit ce dossier. <a href={adresse}>Revenir à la note</a>
          </p>
        ) : (
          <Formulaire action={`${adresse}/elargir`} jeton={connecte.jetonFormulaire}>
            <fieldset className="champ">
              <legend>Collègues de votre service</legend>
              {offerts.map(({ compte, nom }) => (
                <CaseACocher
                  key={compte}
                  nom="comptes"
                  id={`comptes-${compte}`}
                  libelle={nom}
                  valeur={compte}
                  cochee={comptes.includes(compte)}
                />
              ))}
              {messageDe(erreurs, 'comptes') && <p className="erreur">{messageDe(erreurs, 'comptes')}</p>}
            </fieldset>
            <Champ
              nom="motif"
              libelle="Pourquoi ils doivent la lire"
              lignes={2}
              longueurMax={LONGUEUR_MOTIF}
              valeur={motif}
              erreur={messageDe(erreurs, 'motif')}
            />
            <Message ton="reserve">
              <p>Une note ouverte ne se referme pas : ce qui a été lu l’a été.</p>
            </Message>
            <Actions>
              <Bouton genre="principal">Relire avant d’ouvrir</Bouton>
              <Bouton genre="tertiaire" href={adresse}>
                Revenir à la note
              </Bouton>
            </Actions>
          </Formulaire>
        )}
      </Carte>
    </Cadre>
  )
}

/** GET /dossiers/:reference/ecrits/:ecrit/elargir. */
export async function proposerElargissement(requete: Requete): Promise<Reponse> {
  const ouverte = await ouvrirNote(requete)
  return page(<PageElargir requete={requete} ouverte={ouverte} comptes={[]} motif="" erreurs={[]} />)
}

/** POST /dossiers/:reference/ecrits/:ecrit/elargir: the readers by name, then the act. */
export async function elargirUneNote(requete: Requete): Promise<Reponse> {
  const { session, acteur, connecte } = requete
  const ouverte = await ouvrirNote(requete)
  const { dossier, cles, note, candidats } = ouverte
  const comptes = valeurs(requete, 'comptes')
  const motif = champ(requete, 'motif')
  const refusee = await tenter(
    session,
    'note.elargir',
    (code) => (code === 'ecrit.motif' ? 'motif' : 'comptes'),
    async () => verifierElargissement(session, candidats, { comptes, motif }),
  )
  if (refusee)
    return page(
      <PageElargir requete={requete} ouverte={ouverte} comptes={comptes} motif={motif} erreurs={[refusee]} />,
      422,
    )
  const lecteurs = lecteursDe(candidats, { ...note.portee, equipe: [...note.portee.equipe, ...comptes] })
  if (champ(requete, 'lecteurs') !== empreinteLecteurs(lecteurs)) {
    const phrase = compterLecteurs(lecteurs, acteur)
    return page(
      <Cadre
        requete={requete}
        titre="Qui lira ceci ?"
        courante="accompagner"
        fil={fil(dossier, 'Ouvrir une note')}
        papier={PAPIER}
      >
        <Pile>
          <Carte
            titre={`Seront lecteurs : ${phrase.charAt(0).toLowerCase()}${phrase.slice(1)}`}
            aside={<Cercle cercle="note" />}
          >
            <Lecteurs lecteurs={lecteurs} moi={acteur} />
          </Carte>
          <Carte titre="Le texte qu’ils liront">
            <Texte texte={note.texte} />
            <p className="mt2">
              <b>Motif :</b> {motif}
            </p>
            <Formulaire
              action={`${adresseDe(dossier)}/ecrits/${note.id}/elargir`}
              jeton={connecte.jetonFormulaire}
              champs={{ comptes, motif, lecteurs: empreinteLecteurs(lecteurs) }}
            >
              <Actions>
                <Bouton genre="principal">Ouvrir la note</Bouton>
                <Bouton genre="tertiaire" href={`${adresseDe(dossier)}/ecrits/${note.id}`}>
                  Abandonner
                </Bouton>
              </Actions>
            </Formulaire>
          </Carte>
        </Pile>
      </Cadre>,
    )
  }
  await elargirNote(session, cles, candidats, { dossier: dossier.id, note: note.id, comptes, motif })
  return redirection(`${adresseDe(dossier)}/ecrits/${note.id}`, { texte: 'Note ouverte à vos collègues.' })
}
