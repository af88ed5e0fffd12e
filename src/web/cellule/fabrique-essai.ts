import assert from 'node:assert/strict'
import { acteurSysteme, ouvrirSession } from '#acces'
import { tenirLocataires } from '#echanges'
import { type Compte, type EssaiDesCercles, type Lue, ouvrirEssaiDesCercles } from '#tests/ecrits'

type Champs = Readonly<Record<string, string | readonly string[]>>

/** Hidden field of a page, or of one of its forms. */
export const cache = ({ html }: Pick<Lue, 'html'>, nom: string, formulaire?: string): string => {
  const morceau =
    formulaire === undefined
      ? html
      : (html.split('<form').find((part) => part.includes(`aria-label="${formulaire}"`)) ?? '')
  return new RegExp(`name="${nom}" value="([^"]*)"`).exec(morceau)?.[1] ?? ''
}

/** Id of a consultation, from its address. */
export const idDe = (adresse: string): string => adresse.split('/').at(-1) ?? ''

/** The département of the circles, where the cell is consulted for its household. */
export interface EssaiDeCellule {
  readonly essai: EssaiDesCercles
  /** Page of the cell in the dossier. */
  readonly dossier: string
  /** A form of consultation, filled. */
  demande(plus?: Champs): Champs
  /** Reads again, then confirms; returns the address of the consultation. */
  consulter(compte: Compte, plus?: Champs, adresse?: string): Promise<string>
  /** Gives a position from the page of the consultation. */
  repondre(compte: Compte, adresse: string, sens: string, motif?: string): Promise<Lue>
  /** Where the landlord consults for its tenant. */
  adresseDuLocataire(): Promise<string>
  sql(requete: string, valeurs?: unknown[]): Promise<Record<string, unknown>[]>
}

export async function ouvrirEssaiDeCellule(
  question = 'Le bailleur peut-il signer un second protocole ?',
): Promise<EssaiDeCellule> {
  const essai = await ouvrirEssaiDesCercles()
  const dossier = `/dossiers/${essai.dossier.reference}/cellule`
  const demande = (plus: Champs = {}): Champs => ({
    objet: 'second-protocole',
    question,
    mode: 'dematerialise',
    urgence: 'urgent',
    envoi: crypto.randomUUID(),
    ...plus,
  })
  return {
    essai,
    dossier,
    demande,
    async consulter(compte, plus = {}, adresse = `${dossier}/nouvelle`) {
      const champs = demande(plus)
      const relue = await essai.poster(compte, adresse, { ...champs, etape: 'relire' })
      assert.equal(relue.statut, 200, relue.texte)
      const faite = await essai.poster(compte, adresse, {
        ...champs,
        etape: 'confirmer',
        marque: cache(relue, 'marque'),
      })
      assert.equal(faite.statut, 303, faite.texte)
      return faite.vers
    },
    async repondre(compte, adresse, sens, motif = 'Dette réduite de moitié.') {
      const lue = await essai.lire(compte, adresse)
      assert.equal(lue.statut, 200)
      return essai.poster(compte, `${adresse}/position`, {
        sens,
        motif,
        envoi: cache(lue, 'envoi', 'Position'),
        vu: cache(lue, 'vu', 'Position'),
      })
    },
    async adresseDuLocataire() {
      await ouvrirSession(essai.application, acteurSysteme('71', 'essai'), 'dossier.consulter', tenirLocataires)
      return /href="(\/locataires\/[^"]+\/cellule)"/.exec((await essai.lire('bailleur', '/locataires')).html)?.[1] ?? ''
    },
    sql: async (requete, valeurs = []) => (await essai.application.base.pool.query(requete, valeurs)).rows,
  }
}
