import type { ReactElement } from 'react'
import { aLeDroit, listerOrganismes, type Organisme } from '#acces'
import { type Dossier, lireDossier } from '#dossiers'
import {
  listerAccords,
  type MoyenAccord,
  moyensAccord,
  noterAccord,
  objetsAccord,
  type SensAccord,
  sensAccord,
  sensPermis,
} from '#participations'
import { nommerDossier } from '../accompagner/menage.ts'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonsRadio,
  Carte,
  CaseACocher,
  Champ,
  ChampDate,
  Formulaire,
  Message,
  Pile,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { HistoriqueAccords, ListeAccords } from './cartes.tsx'
import { type EtatAccord, etatsAccords } from './lecture.ts'
import { adresseDe, fil } from './libelles.ts'

interface Saisie {
  readonly objet: string
  readonly sens: string
  readonly le: string
  readonly moyen: string
  readonly organisme: string
  readonly portees: readonly string[]
  readonly precision: string
  readonly erreurs: readonly Erreur[]
}

function FormulaireAccord({
  requete,
  dossier,
  saisie,
  organismes,
}: {
  requete: Requete
  dossier: Dossier
  saisie: Saisie
  organismes: readonly Organisme[]
}): ReactElement {
  const { erreurs } = saisie
  const objets = objetsAccord(requete.session)
  return (
    <Carte titre="Noter une réponse du ménage">
      <Formulaire action={`${adresseDe(dossier)}/accords`} jeton={requete.connecte.jetonFormulaire}>
        <Selection
          nom="objet"
          libelle="Ce qui a été dit ou demandé"
          vide="Choisir"
          valeur={saisie.objet}
          erreur={messageDe(erreurs, 'objet')}
          options={objets.map(({ code, libelle }) => ({ valeur: code, libelle }))}
        />
        <BoutonsRadio
          nom="sens"
          libelle="Réponse"
          valeur={saisie.sens}
          erreur={messageDe(erreurs, 'sens')}
          options={[
            { valeur: 'information', libelle: sensAccord.information, aide: 'Informer n’est pas demander un accord.' },
            { valeur: 'accord', libelle: 'Le ménage accepte' },
            { valeur: 'refus', libelle: 'Le ménage refuse', aide: 'Il peut changer d’avis à tout moment.' },
            { valeur: 'retrait', libelle: 'Le ménage retire son accord', aide: 'Compte dès la page suivante.' },
          ]}
        />
        <div className="champs">
          <ChampDate
            nom="le"
            libelle="Date"
            valeur={saisie.le}
            max={requete.session.jour}
            erreur={messageDe(erreurs, 'le')}
          />
          <Selection
            nom="moyen"
            libelle="Moyen"
            vide="Choisir un moyen"
            valeur={saisie.moyen}
            erreur={messageDe(erreurs, 'moyen')}
            options={Object.entries(moyensAccord).map(([valeur, libelle]) => ({ valeur, libelle }))}
          />
          <Selection
            nom="organisme"
            libelle="Pour un organisme seulement"
            facultatif
            vide="Pour tous"
            valeur={saisie.organisme}
            options={organismes.map(({ code, nom }) => ({ valeur: code, libelle: nom }))}
          />
        </div>
        {objets
          .filter(({ portees }) => portees !== undefined)
          .map(({ code, libelle, portees = [] }) => (
            <fieldset key={code} className="champ">
              <legend>{libelle} (si c’est ce qui est noté)</legend>
              {portees.map((portee, rang) => (
                <CaseACocher
                  key={portee.code}
                  id={rang === 0 ? 'c-portees' : `c-portees-${portee.code}`}
                  nom="portees"
                  libelle={portee.libelle}
                  valeur={portee.code}
                  cochee={saisie.portees.includes(portee.code)}
                  erreur={rang === 0 ? messageDe(erreurs, 'portees') : undefined}
                />
              ))}
            </fieldset>
          ))}
        <Champ
          nom="precision"
          libelle="Précision"
          facultatif
          lignes={2}
          longueurMax={300}
          aide="Les mots du ménage, s’ils précisent sa réponse. Ni santé, ni violences, ni enfance."
          valeur={saisie.precision}
        />
        <Message ton="reserve">
          <p>
            <b>Qui lira ceci ?</b> Tous ceux qui voient ce dossier. Une ligne ne s’efface pas : une nouvelle réponse la
            remplace.
          </p>
        </Message>
        <Actions>
          <Bouton genre="principal">Noter cette réponse</Bouton>
          <Bouton genre="tertiaire" href={adresseDe(dossier)}>
            Revenir au dossier
          </Bouton>
        </Actions>
      </Formulaire>
    </Carte>
  )
}

async function montrer(requete: Requete, dossier: Dossier, saisie: Saisie): Promise<Reponse> {
  const { session, acteur } = requete
  const accords: EtatAccord[] = etatsAccords(session, await listerAccords(session, dossier.id))
  const peutNoter = aLeDroit(acteur, 'accord.noter') && !acteur.exceptionnels?.includes(dossier.id)
  const organismes = peutNoter ? await listerOrganismes(session) : []
  const connus = accords.filter(({ derniere }) => derniere !== null)
  return page(
    <Cadre
      requete={requete}
      titre={`Accords et information : ${nommerDossier(dossier)}`}
      courante="accompagner"
      erreur={saisie.erreurs.length > 0}
      fil={fil(dossier, 'Accords du ménage')}
    >
      <ResumeErreurs erreurs={saisie.erreurs} />
      <Pile>
        <Carte titre="Où en sont les accords">
          <ListeAccords accords={accords} />
        </Carte>
        {peutNoter && <FormulaireAccord requete={requete} dossier={dossier} saisie={saisie} organismes={organismes} />}
        <Carte titre="Tout ce qui a été noté">
          {connus.length === 0 ? <p>Rien n’a encore été noté.</p> : <HistoriqueAccords accords={connus} />}
        </Carte>
      </Pile>
    </Cadre>,
    saisie.erreurs.length > 0 ? 422 : undefined,
  )
}

const ouvrir = (requete: Requete): Promise<Dossier> => lireDossier(requete.session, requete.parametres.reference ?? '')

/** GET /dossiers/:reference/accords. */
export async function montrerAccords(requete: Requete): Promise<Reponse> {
  return montrer(requete, await ouvrir(requete), {
    objet: '',
    sens: '',
    le: requete.session.jour.toString(),
    moyen: '',
    organisme: '',
    portees: [],
    precision: '',
    erreurs: [],
  })
}

const CHAMPS: Readonly<Record<string, string>> = {
  'accord.objet': 'objet',
  'accord.sens': 'sens',
  'accord.le': 'le',
  'accord.portees': 'portees',
}
const estSens = (texte: string): texte is SensAccord => Object.hasOwn(sensAccord, texte)
const estMoyen = (texte: string): texte is MoyenAccord => Object.hasOwn(moyensAccord, texte)

/** POST /dossiers/:reference/accords (ACC-09, ACC-10, ACC-11). */
export async function noterUnAccord(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrir(requete)
  const saisie = {
    objet: champ(requete, 'objet'),
    sens: champ(requete, 'sens'),
    le: champ(requete, 'le'),
    moyen: champ(requete, 'moyen'),
    organisme: champ(requete, 'organisme'),
    portees: requete.champs.portees ?? [],
    precision: champ(requete, 'precision'),
  }
  const objet = objetsAccord(session).find(({ code }) => code === saisie.objet)
  const organisme =
    saisie.organisme === '' ? null : (await listerOrganismes(session)).find(({ code }) => code === saisie.organisme)?.id
  const le = lireJourSaisi(saisie.le)
  const { sens, moyen } = saisie
  const erreurs: Erreur[] = []
  if (!objet) erreurs.push({ nom: 'objet', message: 'Choisir ce qui a été dit ou demandé au ménage.' })
  if (!estSens(sens)) erreurs.push({ nom: 'sens', message: 'Dire ce que le ménage a répondu.' })
  else if (objet && !sensPermis(objet).includes(sens))
    erreurs.push({
      nom: 'sens',
      message:
        objet.genre === 'information'
          ? 'Une information se donne : choisir « Information donnée ».'
          : 'C’est un accord : le ménage l’accepte, le refuse ou le retire.',
    })
  if (le === null) erreurs.push({ nom: 'le', message: 'Donner la date de la réponse, par exemple 20/11/2026.' })
  if (!estMoyen(moyen)) erreurs.push({ nom: 'moyen', message: 'Choisir comment le ménage a répondu.' })
  if (organisme === undefined) erreurs.push({ nom: 'organisme', message: 'Choisir un organisme de la liste.' })
  if (erreurs.length === 0 && objet && estSens(sens) && estMoyen(moyen) && le && organisme !== undefined) {
    const refusee = await tenter(
      session,
      'accord.noter',
      (code) => CHAMPS[code] ?? 'objet',
      () =>
        noterAccord(session, dossier, {
          objet: objet.code,
          sens,
          le,
          moyen,
          organisme,
          portees: saisie.portees,
          precision: saisie.precision,
        }),
    )
    if (refusee === null) return redirection(`${adresseDe(dossier)}#accords`, { texte: `Noté : ${objet.libelle}.` })
    erreurs.push(refusee)
  }
  return montrer(requete, dossier, { ...saisie, erreurs })
}
