import type { ReactElement, ReactNode } from 'react'
import { type Acteur, aLeDroit } from '#acces'
import { type LigneLot, type Lot, porteUnActe } from '#signalements'
import { formatNombre } from '#socle/typography'
import {
  Bouton,
  type Colonne,
  Etiquettes,
  EtiquetteVerdict,
  type LigneDefinition,
  ListeDefinition,
  PiedCadre,
  Plus,
  Tableau,
} from '../composants/index.ts'
import {
  adresseLot,
  type Effet,
  effets,
  nommerColonne,
  nommerLigne,
  separerRemede,
  VALEUR_RESERVEE,
} from './libelles.ts'
import { peutLireDossiers } from './perimetre.ts'

/** One reason: the column, what was read there, what is wrong, what to do. */
function Raison({ motif, reservee }: { motif: LigneLot['motifs'][number]; reservee: boolean }): ReactElement {
  const { raison, remede } = separerRemede(motif.message)
  return (
    <li>
      <b>{nommerColonne(motif.colonne)}</b>{' '}
      {motif.colonne !== '' && !reservee && (
        <span className="cell" translate="no">
          {motif.valeur === '' ? '(vide)' : motif.valeur}
        </span>
      )}
      {reservee && <span className="note">({VALEUR_RESERVEE})</span>} {raison}
      {remede !== null && (
        <>
          {' '}
          <span className="fort">{remede}</span>
        </>
      )}
    </li>
  )
}

/** Every reason of a line, in the order of its verdict. */
export function Raisons({ ligne }: { ligne: Pick<LigneLot, 'motifs' | 'reservees'> }): ReactElement {
  if (ligne.motifs.length === 0) return <span className="note">Rien à signaler.</span>
  return (
    <ul>
      {ligne.motifs.map((motif) => (
        <Raison
          key={`${motif.code} ${motif.colonne}`}
          motif={motif}
          reservee={ligne.reservees.includes(motif.colonne)}
        />
      ))}
    </ul>
  )
}

/** The line as received, empty fields left out. */
export function LigneOrigine({
  champs,
  reservees = [],
}: {
  champs: LigneLot['champs']
  /** Columns that are filled and hidden to the reader. */
  reservees?: LigneLot['reservees']
}): ReactElement {
  const lignes: LigneDefinition[] = [
    ...Object.entries(champs)
      .filter(([, valeur]) => valeur !== '')
      .map(([nom, valeur]) => ({ terme: nommerColonne(nom), valeur: <span translate="no">{valeur}</span> })),
    ...reservees.map((nom) => ({ terme: nommerColonne(nom), valeur: <span className="note">{VALEUR_RESERVEE}</span> })),
  ]
  return lignes.length === 0 ? <p className="note">Aucun champ lu.</p> : <ListeDefinition lignes={lignes} />
}

/** The verdict, and the effect when it says more. */
export function VerdictDeLigne({ ligne }: { ligne: Pick<LigneLot, 'verdict' | 'effet'> }): ReactElement {
  return (
    <Etiquettes>
      <EtiquetteVerdict verdict={ligne.verdict} />
      {ligne.effet === 'mis_a_jour' && <EtiquetteVerdict verdict="mise_a_jour" />}
      {ligne.effet === 'deja_connu' && <EtiquetteVerdict verdict="inchangee" />}
    </Etiquettes>
  )
}

export const nommerEffet = (effet: string): string => effets[effet as Effet]?.singulier ?? effet

export interface ContexteLignes {
  readonly acteur: Acteur
  readonly lot: Pick<Lot, 'id' | 'etat'>
  /** Doubt of a signalement, when one waits for a person. */
  readonly doutes: ReadonlyMap<string, string>
  /** Copies of acts attached, by line. */
  readonly copies?: ReadonlyMap<number, number>
}

function suiteRejetee(ligne: LigneLot, { acteur, lot }: ContexteLignes): ReactNode {
  if (ligne.corrigee_lot !== null) return <a href={adresseLot(ligne.corrigee_lot)}>Reprise dans un autre dépôt</a>
  if (ligne.corrigee_a !== null) return 'Corrigée à l’écran'
  if (lot.etat === 'retire' || !aLeDroit(acteur, 'lot.corriger')) return null
  return <a href={adresseLot(lot.id, `/lignes/${ligne.ligne}`)}>Corriger</a>
}

/** The copy of the act a line reports: attached, or to attach. */
function CopieDeLigne({ ligne, contexte }: { ligne: LigneLot; contexte: ContexteLignes }): ReactElement | null {
  const { lot, acteur, copies } = contexte
  const jointes = copies?.get(ligne.ligne) ?? 0
  if (!porteUnActe(ligne.champs) || (jointes === 0 && (lot.etat === 'retire' || !aLeDroit(acteur, 'lot.deposer'))))
    return null
  return (
    <p className="mt2 note">
      <a href={adresseLot(lot.id, `/lignes/${ligne.ligne}/copie`)}>
        {jointes === 0 ? 'Joindre la copie de l’acte' : 'Copie de l’acte jointe'}
        <span className="sr">, ligne {ligne.ligne}</span>
      </a>
    </p>
  )
}

/** What became of a line, and the next gesture. Nothing here tells an organisme what Amont knows of its household. */
export function suiteDeLigne(ligne: LigneLot, contexte: ContexteLignes): ReactNode {
  const { acteur, lot, doutes } = contexte
  const corrigee = ligne.verdict === 'rejetee' ? suiteRejetee(ligne, contexte) : null
  if (!peutLireDossiers(acteur) || ligne.signalement === null || lot.etat === 'retire') return corrigee
  const doute = doutes.get(ligne.signalement)
  const dossier =
    ligne.dossier_reference !== null ? (
      <a className="nb" href={`/dossiers/${ligne.dossier_reference}`}>
        <span className="sr">Dossier </span>
        {ligne.dossier_reference}
      </a>
    ) : doute !== undefined ? (
      <a href={`/reconnaitre/${doute}`}>À reconnaître</a>
    ) : (
      'Ménage à reconnaître'
    )
  return corrigee === null ? (
    dossier
  ) : (
    <>
      {corrigee} {dossier}
    </>
  )
}

/** Lines of a deposit: rank, who, verdict, effect, reasons with their remedy, and what follows. */
export function TableauLignes({
  contexte,
  lignes,
  total,
  debut,
  suivants,
}: {
  contexte: ContexteLignes
  lignes: readonly LigneLot[]
  /** How many lines the filter keeps. */
  total: number
  /** Address of the first page, when this is not it. */
  debut: string | null
  suivants: string | null
}): ReactElement {
  const colonnes: readonly Colonne<LigneLot>[] = [
    { cle: 'ligne', titre: 'Ligne', numerique: true, rendre: ({ ligne }) => formatNombre(ligne) },
    { cle: 'verdict', titre: 'Verdict', rendre: (ligne) => <VerdictDeLigne ligne={ligne} /> },
    { cle: 'effet', titre: 'Effet', rendre: ({ effet }) => nommerEffet(effet) },
    {
      cle: 'menage',
      titre: 'Ménage et référence',
      principale: true,
      rendre: ({ champs, reference_source }) => (
        <span translate="no">
          {nommerLigne(champs) || '(sans nom)'}
          <small>{reference_source || '(sans référence)'}</small>
        </span>
      ),
    },
    {
      cle: 'raisons',
      titre: 'Raisons, et que faire',
      large: true,
      rendre: (ligne) => (
        <>
          <Raisons ligne={ligne} />
          <Plus libelle={`Ligne ${ligne.ligne} telle que reçue`}>
            <LigneOrigine champs={ligne.champs} reservees={ligne.reservees} />
          </Plus>
        </>
      ),
    },
    {
      cle: 'suite',
      titre: 'Suite',
      rendre: (ligne) => (
        <>
          {suiteDeLigne(ligne, contexte)}
          <CopieDeLigne ligne={ligne} contexte={contexte} />
        </>
      ),
    },
  ]
  const [premiere, derniere] = [lignes[0], lignes.at(-1)]
  const position =
    premiere && derniere && lignes.length < total
      ? `Lignes ${formatNombre(premiere.ligne)} à ${formatNombre(derniere.ligne)} du fichier`
      : undefined
  return (
    <Tableau
      legende="Lignes du fichier avec leur verdict, leur effet, les raisons et le remède"
      colonnes={colonnes}
      lignes={lignes}
      cle={({ ligne }) => String(ligne)}
      vide="Aucune ligne de ce genre."
      apres={
        debut !== null || suivants !== null ? (
          <PiedCadre note={position}>
            {debut !== null && (
              <Bouton href={debut} petit icone="fg">
                Revenir au début
              </Bouton>
            )}
            {suivants !== null && (
              <Bouton href={suivants} petit iconeApres="fd">
                Lignes suivantes
              </Bouton>
            )}
          </PiedCadre>
        ) : undefined
      }
    />
  )
}
