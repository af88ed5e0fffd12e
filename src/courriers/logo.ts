import { createHash, randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { Introuvable, refus } from '#socle/errors'
import type { RenderingFiles } from '#socle/pdf'
import type { LogoImprime } from './composer.ts'

/** Bytes of a logo: beyond, letters weigh more than they say. */
export const OCTETS_LOGO = 300_000
const COTE_MAX = 4000

/** Name of the image of a logo, beside the template that shows it. */
export const fichierLogo = ({ id, genre }: Pick<LogoImprime, 'id' | 'genre'>): string => `logo-${id}.${genre}`

interface Image {
  readonly genre: 'png' | 'jpg'
  readonly largeur: number
  readonly hauteur: number
}

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** What an image is, by its content and never by its name; null when it is neither a PNG nor a JPEG. */
export function reconnaitreImage(octets: Buffer): Image | null {
  if (octets.subarray(0, 8).equals(PNG))
    return octets.length > 32 && octets.toString('latin1', 12, 16) === 'IHDR'
      ? { genre: 'png', largeur: octets.readUInt32BE(16), hauteur: octets.readUInt32BE(20) }
      : null
  if (octets.length < 4 || octets.readUInt16BE(0) !== 0xffd8) return null
  // Segments up to the one that says the size.
  let lu = 2
  while (lu + 9 < octets.length && octets[lu] === 0xff) {
    const marque = octets[lu + 1] ?? 0
    if (marque >= 0xc0 && marque <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marque))
      return { genre: 'jpg', hauteur: octets.readUInt16BE(lu + 5), largeur: octets.readUInt16BE(lu + 7) }
    lu += 2 + octets.readUInt16BE(lu + 2)
  }
  return null
}

/** Keeps an image; letters print it once a version that names it applies. Returns its id and kind. */
export async function deposerLogo(session: Session, octets: Buffer): Promise<Pick<LogoImprime, 'id' | 'genre'>> {
  if (octets.length > OCTETS_LOGO)
    throw refus('modele.logo', 'Ce logo est trop lourd : 300 ko au plus. L’enregistrer plus petit, ou en JPEG.')
  const image = reconnaitreImage(octets)
  if (!image)
    throw refus(
      'modele.logo',
      'Ce fichier n’est ni une image PNG ni une image JPEG. Un dessin SVG est à convertir en PNG.',
    )
  const { genre, largeur, hauteur } = image
  if (largeur < 1 || hauteur < 1 || largeur > COTE_MAX || hauteur > COTE_MAX)
    throw refus('modele.logo', `Ce logo fait ${largeur} pixels sur ${hauteur} : ${COTE_MAX} au plus de chaque côté.`)
  const id = randomUUID()
  await session.sql`insert into logo_courrier (dept, id, genre, largeur, hauteur, octets, empreinte, par, a)
    values (${session.dept}, ${id}, ${genre}, ${largeur}, ${hauteur}, ${octets}, ${createHash('sha256').update(octets).digest('hex')},
      ${session.acteur.compte}, ${session.maintenant})`
  session.consigner({ action: 'modele.logo', objet: 'logo_courrier', objetId: id, details: { octets: octets.length } })
  return { id, genre }
}

export interface LogoGarde extends Image {
  readonly id: string
  readonly octets: Buffer
}

/** An image kept; another département's does not exist. */
export async function lireLogo(session: Session, id: string): Promise<LogoGarde> {
  const [logo] = await session.sql<LogoGarde>`
    select id, genre, largeur, hauteur, octets from logo_courrier where dept = ${session.dept} and id::text = ${id}`
  if (!logo) throw new Introuvable()
  return logo
}

/** Images these letters show, by the name their template gives them. */
export async function lireLogos(
  session: Session,
  lettres: readonly { readonly logo?: LogoImprime | undefined }[],
): Promise<RenderingFiles> {
  const ids = [...new Set(lettres.flatMap(({ logo }) => (logo ? [logo.id] : [])))]
  if (ids.length === 0) return {}
  const logos = await session.sql<Pick<LogoGarde, 'id' | 'genre' | 'octets'>>`
    select id, genre, octets from logo_courrier where dept = ${session.dept} and id = any (${ids}::uuid[])`
  return Object.fromEntries(logos.map((logo) => [fichierLogo(logo), logo.octets]))
}
