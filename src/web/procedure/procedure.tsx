import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  type Acte,
  type Dossier,
  genreSignale,
  type HistoriqueActe,
  listerActesSaisis,
  listerPiecesDesActes,
} from '#dossiers'
import { listerPieces } from '#echanges'
import { decrireGenre, type IssueCodee, MOTIFS_DE_SUSPENSION, proposerIssue } from '#procedure'
import { lireAntecedents, lireDemandesFsl, listerConnaissances } from '#rapprochement'
import { libellesTypes } from '#signalements'
import { formatDate, formatInstant, pluriel } from '#socle/typography'
import { ecrireCode, etapeLongue } from '../accompagner/libelles.ts'
import { nommerDossier } from '../accompagner/menage.ts'
import { Reserves } from '../accompagner/parties.tsx'
import {
  Bouton,
  BoutonPost,
  Carte,
  Colonnes,
  Etiquette,
  Etiquettes,
  ListeSobre,
  Message,
  Pile,
  Plus,
  Section,
} from '../composants/index.ts'
import { CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { CarteConnu } from '../reconnaitre/connus.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { CarteAntecedents } from './antecedents.tsx'
import { CarteCloture, ecrireIssue } from './cloture.tsx'
import { CoursDeLaProcedure } from './cours.tsx'
import { BandeauFsl, CarteDemarches } from './demarches.tsx'
import { adresseProcedure, marqueEnvoi } from './formulaire.tsx'
import { nommerActe, resumer, resumerSignale } from './mots.ts'
import { CarteObjectifs } from './objectifs.tsx'
import { lireOuverts } from './saisir.tsx'
import {
  BlocsSituation,
  CarteDates,
  CarteOuEnEstOn,
  direRienNeSuspend,
  lireSuspensions,
  Questions,
} from './situation.tsx'
import { BandeauTerritoire } from './territoire.tsx'

/** Kinds that have their own block: the list of acts keeps to the procedure. */
const dansLaListe = ({ genre }: HistoriqueActe): boolean => {
  const { groupe, famille, horsListe } = decrireGenre(genre)
  return groupe === 'procedure' && famille !== 'relogement' && horsListe !== true
}

const nommerGenre = (acte: Acte): string => decrireGenre(genreSignale(acte)).libelle

interface LigneActe {
  readonly id: string
  readonly le: string
  readonly titre: string
  readonly note: string
  readonly sources: readonly string[]
  readonly corrige: boolean
}

/** Every act of the procedure that counts, newest first, with where it comes from. */
function listerLignes(dossier: Dossier, saisis: readonly HistoriqueActe[]): LigneActe[] {
  const parChaine = new Map(dossier.actes.flatMap((acte) => (acte.saisie ? [[acte.saisie, acte] as const] : [])))
  const signales = dossier.actes
    .filter((acte) => acte.saisie === undefined)
    .map((acte: Acte) => ({
      id: acte.signalement,
      le: acte.le,
      // The kind of an unpaid rent names its sender.
      titre: `${acte.organisme === '' ? nommerGenre(acte) : ecrireCode(libellesTypes, acte.type)}, ${formatDate(acte.le)}`,
      note: resumerSignale(acte),
      sources: acte.organisme === '' ? [] : [`Signal reçu : ${acte.organisme}`],
      corrige: false,
    }))
  const entres = saisis
    .filter((acte) => !acte.retire && (dansLaListe(acte) || decrireGenre(acte.genre).etape !== undefined))
    .map((acte) => {
      const { auteur, organismeNom, a } = acte.versions[0]
      const signale = parChaine.get(acte.racine)?.signalement
      return {
        id: acte.racine,
        le: acte.le.toString(),
        titre: nommerActe(acte),
        note: resumer(acte.genre, acte.contenu),
        sources: [
          `Saisi par ${[auteur ?? 'Amont', organismeNom].filter((un) => un !== null).join(', ')}, le ${formatInstant(a)}`,
          ...(acte.signalement ? ['corrige un signal'] : signale ? ['signalé aussi dans un fichier'] : []),
        ],
        corrige: acte.versions.some(({ nature }) => nature === 'corrige'),
      }
    })
  return [...signales, ...entres].sort((a, b) => b.le.localeCompare(a.le))
}

function CarteActes({
  requete,
  dossier,
  saisis,
  pieces,
  peut,
}: {
  requete: Requete
  dossier: Dossier
  saisis: readonly HistoriqueActe[]
  pieces: ReadonlyMap<string, number>
  peut: boolean
}): ReactElement {
  const lignes = listerLignes(dossier, saisis)
  const retires = saisis.filter(({ retire }) => retire)
  return (
    <Carte titre="Actes" id="actes" aside={pluriel(lignes.length, 'acte', 'actes')}>
      {lignes.length === 0 && <p>Aucun acte n’est connu.</p>}
      <ListeSobre
        lignes={lignes.map((ligne) => ({
          cle: ligne.id,
          titre: ligne.titre,
          note: (
            <>
              {ligne.note !== '' && `${ligne.note}. `}
              {ligne.sources.join(' ; ')}.
            </>
          ),
          droite: (
            <Etiquettes>
              {ligne.corrige && <Etiquette ton="info">Corrigé</Etiquette>}
              {(pieces.get(ligne.id) ?? 0) > 0 && (
                <Etiquette icone="doc">{pluriel(pieces.get(ligne.id) ?? 0, 'pièce', 'pièces')}</Etiquette>
              )}
              {peut && (
                <Bouton
                  petit
                  genre="tertiaire"
                  href={adresseProcedure(dossier, `/actes/${ligne.id}`)}
                  libelleLu={`Ouvrir pour corriger ou joindre une pièce : ${ligne.titre}`}
                >
                  Ouvrir
                </Bouton>
              )}
            </Etiquettes>
          ),
        }))}
      />
      {retires.length > 0 && (
        <div id="retires">
          <Plus libelle={`Actes retirés (${retires.length})`}>
            <ListeSobre
              lignes={retires.map((acte) => ({
                cle: acte.racine,
                titre: <s>{nommerActe(acte)}</s>,
                note: `Retiré le ${formatInstant(acte.versions[0].a)}, ${acte.versions[0].auteur ?? 'Amont'}. Il ne compte plus.`,
                droite: peut ? (
                  <BoutonPost
                    petit
                    genre="tertiaire"
                    icone="annuler"
                    action={adresseProcedure(dossier, `/actes/${acte.racine}/retablir`)}
                    jeton={requete.connecte.jetonFormulaire}
                    champs={{ envoi: marqueEnvoi() }}
                    libelleLu={`Rétablir : ${nommerActe(acte)}`}
                  >
                    Rétablir
                  </BoutonPost>
                ) : undefined,
              }))}
            />
          </Plus>
        </div>
      )}
    </Carte>
  )
}

/** The outcome the newest act suggests, when one does. */
function suggererIssue(saisis: readonly HistoriqueActe[]): { code: IssueCodee; le: string } | null {
  for (const { genre, contenu, le, retire } of saisis) {
    const code = retire ? null : proposerIssue({ genre, contenu })
    if (code) return { code, le: le.toString() }
  }
  return null
}

function Alertes({ dossier }: { dossier: Dossier }): ReactElement | null {
  const avertissements = dossier.situation?.avertissements ?? []
  if (avertissements.length === 0 && !dossier.clos_le) return null
  return (
    <>
      {dossier.clos_le && (
        <Message>
          <p>
            <b>Dossier clos le {formatDate(dossier.clos_le)}.</b>{' '}
            {ecrireIssue(dossier.motif_cloture) && `Issue : ${ecrireIssue(dossier.motif_cloture)?.toLowerCase()}.`}
          </p>
        </Message>
      )}
      {avertissements.length > 0 && (
        <Message ton="bientot">
          <p>
            <b>À vérifier dans les actes.</b> Rien n’est bloqué : corriger l’acte s’il est faux, le laisser s’il est
            vrai.
          </p>
          <ul>
            {avertissements.map(({ code, acte, texte }) => (
              <li key={`${code} ${acte}`}>{texte}</li>
            ))}
          </ul>
        </Message>
      )}
    </>
  )
}

/** GET /dossiers/:reference/procedure: acts, situation, dates, and what to do next. */
export async function montrerProcedure(requete: Requete): Promise<Reponse> {
  const { session, acteur } = requete
  const dossier = await ouvrirDossier(requete)
  const saisis = await listerActesSaisis(session, dossier.id)
  const ouvert = await lireOuverts(requete, dossier)
  const lisibles = new Set(
    aLeDroit(acteur, 'echange.lire')
      ? (await listerPieces(session, dossier.id)).filter(({ retiree_a }) => retiree_a === null).map(({ id }) => id)
      : [],
  )
  const jointes = await listerPiecesDesActes(session, dossier.id)
  const pieces = new Map([...jointes].map(([acte, ids]) => [acte, ids.filter((id) => lisibles.has(id)).length]))
  const peut = aLeDroit(acteur, 'acte.consigner') && dossier.clos_le === null
  const { toutes, vives } = lireSuspensions(requete, dossier)
  const procedure = !dossier.masques.includes('procedure')
  const antecedents = procedure ? await lireAntecedents(session, dossier.id) : null
  const fsl = ouvert('fsl_demande') ? await lireDemandesFsl(session, dossier.id) : null
  const connaissances = aLeDroit(acteur, 'connaissance.demander')
    ? await listerConnaissances(session, dossier.id)
    : null
  const reaffecte = peut && procedure && aLeDroit(acteur, 'dossier.reaffecter')
  return page(
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace="procedure"
      titre={`Procédure de ${nommerDossier(dossier)}`}
      large
      chapo={
        procedure ? (
          <>
            Étape : {etapeLongue(dossier.stade)}.{' '}
            {vives.length > 0
              ? `En vigueur : ${vives.map(({ motif }) => MOTIFS_DE_SUSPENSION[motif].toLowerCase()).join(', ')}.`
              : direRienNeSuspend(dossier)}
          </>
        ) : undefined
      }
      actions={
        peut ? (
          <>
            {reaffecte && <Bouton href={adresseProcedure(dossier, '/territoire')}>Changer de territoire</Bouton>}
            <Bouton genre="principal" icone="plus" href={adresseProcedure(dossier, '/saisir')}>
              Ajouter un acte ou une situation
            </Bouton>
          </>
        ) : undefined
      }
    >
      <Pile>
        <Alertes dossier={dossier} />
        <Reserves masques={dossier.masques} />
        {procedure && <BandeauTerritoire requete={requete} dossier={dossier} saisis={saisis} peut={reaffecte} />}
        {fsl && <BandeauFsl dossier={dossier} fsl={fsl} saisis={saisis} peut={peut && ouvert('fsl_recurrence')} />}
        {procedure && <Questions requete={requete} dossier={dossier} saisis={saisis} peut={peut} />}
        {procedure && (
          <CoursDeLaProcedure
            requete={requete}
            dossier={dossier}
            saisis={saisis}
            suspensions={toutes}
            nom={nommerDossier(dossier)}
          />
        )}
        {procedure && (
          <Colonnes genre="moities">
            <CarteOuEnEstOn dossier={dossier} vives={vives} />
            <CarteDates dossier={dossier} jour={session.jour} />
          </Colonnes>
        )}
        <Colonnes genre="dossier">
          {procedure && <CarteActes requete={requete} dossier={dossier} saisis={saisis} pieces={pieces} peut={peut} />}
          <Pile>
            {antecedents && (
              <CarteAntecedents
                requete={requete}
                dossier={dossier}
                confirmes={antecedents.confirmes}
                proposes={antecedents.proposes}
                tranche={aLeDroit(acteur, 'doute.trancher')}
              />
            )}
            {connaissances && (
              <CarteConnu
                requete={requete}
                dossier={dossier}
                connaissances={connaissances}
                peut={dossier.clos_le === null}
              />
            )}
            <CarteDemarches saisis={saisis} ouvert={ouvert} />
            <CarteObjectifs requete={requete} dossier={dossier} saisis={saisis} peut={peut && ouvert('objectif')} />
            <CarteCloture
              requete={requete}
              dossier={dossier}
              peut={aLeDroit(acteur, 'dossier.clore')}
              issue={suggererIssue(saisis)}
            />
          </Pile>
        </Colonnes>
        <Section titre="Situation du ménage" id="menage">
          <div className="blocs">{BlocsSituation({ dossier, saisis, ouvert, peut })}</div>
        </Section>
      </Pile>
    </CadreDossier>,
  )
}
