import { join } from 'node:path'
import { projectRoot } from '#socle/config'
import { renderPdf } from '#socle/pdf'
import { formatDateLongue, typo } from '#socle/typography'
import { lireTout } from '../accompagner/lecture.ts'
import { nommerDossier } from '../accompagner/menage.ts'
import { type Erreur, lireJourSaisi, messageDe } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonsRadio,
  Carte,
  ChampDate,
  Formulaire,
  Message,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete } from '../route.ts'
import { composerRemise } from './contenu-remise.ts'
import { lirePartage } from './lecture.ts'
import { adresseDe, fil } from './libelles.ts'

const MODELE = join(projectRoot, 'src/web/partage/droit-acces.typ')

/** How the household asked. Codes: the journal keeps them, and no text somebody typed. */
const DEMANDES = {
  ecrite: 'Demande écrite du ménage',
  sur_place: 'Demande faite sur place, identité vérifiée',
  representant: 'Demande d’un représentant, mandat vérifié',
} as const
const FORMATS = { pdf: 'PDF, à lire et à imprimer', json: 'JSON, à reprendre dans un logiciel' } as const

interface Saisie {
  readonly demande: string
  readonly recue_le: string
  readonly format: string
  readonly erreurs: readonly Erreur[]
}

async function montrer(requete: Requete, saisie: Saisie): Promise<Reponse> {
  const { dossier } = await lireTout(requete, requete.parametres.reference ?? '')
  const { erreurs } = saisie
  return page(
    <Cadre
      requete={requete}
      titre={`Remettre son dossier à ${nommerDossier(dossier)}`}
      chapo="Droit d’accès, article 15 du règlement européen sur la protection des données. Réponse due dans le mois."
      courante="accompagner"
      erreur={erreurs.length > 0}
      fil={fil(dossier, 'Remettre son dossier')}
    >
      <ResumeErreurs erreurs={erreurs} titre="Le document n’a pas été préparé" />
      <Carte titre="La demande">
        <Formulaire action={`${adresseDe(dossier)}/droit-acces`} jeton={requete.connecte.jetonFormulaire}>
          <Selection
            nom="demande"
            libelle="Motif"
            vide="Choisir"
            valeur={saisie.demande}
            erreur={messageDe(erreurs, 'demande')}
            options={Object.entries(DEMANDES).map(([valeur, libelle]) => ({ valeur, libelle }))}
          />
          <ChampDate
            nom="recue_le"
            libelle="Demande reçue le"
            valeur={saisie.recue_le}
            max={requete.session.jour}
            erreur={messageDe(erreurs, 'recue_le')}
          />
          <BoutonsRadio
            nom="format"
            libelle="Format"
            valeur={saisie.format}
            erreur={messageDe(erreurs, 'format')}
            options={Object.entries(FORMATS).map(([valeur, libelle]) => ({ valeur, libelle }))}
          />
          <Message ton="reserve">
            <p>
              <b>À remettre au ménage seulement.</b> Le document liste les organismes qui ont lu le dossier, sans nom
              d’agent, et dit ce qui n’est pas donné et pourquoi. Sa préparation est notée dans le journal.
            </p>
            <p>
              Une erreur à corriger ? <a href={`${adresseDe(dossier)}/demandes-menage`}>Noter la demande du ménage</a>,
              puis corriger la ligne du fichier ou l’acte, ou séparer un signal qui n’est pas le sien.
            </p>
          </Message>
          <Actions>
            <Bouton genre="principal">Préparer le document</Bouton>
            <Bouton genre="tertiaire" href={adresseDe(dossier)}>
              Revenir au dossier
            </Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </Cadre>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /dossiers/:reference/droit-acces. */
export function proposerRemise(requete: Requete): Promise<Reponse> {
  return montrer(requete, { demande: '', recue_le: '', format: 'pdf', erreurs: [] })
}

/** POST /dossiers/:reference/droit-acces (ACC-14): the file itself. */
export async function remettreDossier(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const saisie = {
    demande: champ(requete, 'demande'),
    recue_le: champ(requete, 'recue_le'),
    format: champ(requete, 'format'),
  }
  const recueLe = lireJourSaisi(saisie.recue_le)
  const { demande, format } = saisie
  const erreurs: Erreur[] = []
  if (!Object.hasOwn(DEMANDES, demande)) erreurs.push({ nom: 'demande', message: 'Dire comment le ménage a demandé.' })
  if (recueLe === null || Temporal.PlainDate.compare(recueLe, session.jour) > 0)
    erreurs.push({ nom: 'recue_le', message: 'Donner la date de la demande, aujourd’hui au plus tard.' })
  if (!Object.hasOwn(FORMATS, format)) erreurs.push({ nom: 'format', message: 'Choisir un format.' })
  if (erreurs.length > 0) return montrer(requete, { ...saisie, erreurs })
  const lu = await lireTout(requete, requete.parametres.reference ?? '')
  const { dossier } = lu
  const parties = await composerRemise(requete, lu, await lirePartage(session, dossier))
  session.consigner({
    action: 'droit_acces.exporter',
    objet: 'dossier',
    objetId: dossier.id,
    dossiers: [dossier.id],
    details: { demande, recue_le: saisie.recue_le, format },
  })
  const nom = `dossier-${dossier.reference}.${format}`
  if (format === 'json') {
    const contenu = { schema: 1, reference: dossier.reference, arrete_le: session.jour.toString(), parties }
    return {
      genre: 'fichier',
      nom,
      type: 'application/json; charset=utf-8',
      octets: Buffer.from(`${JSON.stringify(contenu, null, 2)}\n`),
    }
  }
  const donnees = {
    titre: typo(`Votre dossier ${dossier.reference}`),
    chapo: typo(
      `Ce document réunit ce qu’Amont garde sur votre foyer au ${formatDateLongue(session.jour)}. Il vous est remis à votre demande. Vous pouvez faire corriger une erreur en la signalant au service qui vous l’a remis.`,
    ),
    pied: typo(`Dossier ${dossier.reference}, remis au ménage à sa demande`),
    parties: parties.map(({ titre, lignes }) => ({
      titre: typo(titre),
      lignes: lignes.map(({ quoi, valeur }) => ({ quoi: typo(quoi), valeur: typo(valeur) })),
    })),
  }
  return { genre: 'fichier', nom, type: 'application/pdf', octets: await renderPdf(MODELE, donnees) }
}
