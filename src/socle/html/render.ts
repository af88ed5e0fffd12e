import { Fragment, type ReactElement, type ReactNode } from 'react'

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '))

/** Elements that have no end tag. */
const VOID = words('area base br col embed hr img input link meta source track wbr')
/** Elements whose text is copied as it stands: typed by a person, read by a machine, or quoted to the letter. */
const VERBATIM = words('code kbd pre samp script style textarea')
/** Elements whose first line break the browser drops: it is written twice. */
const FIRST_LINE_LOST = words('listing pre textarea')

const BUTTON = ['name', 'formAction', 'formEncType', 'formMethod', 'formTarget']
/** Attributes React writes after the others. The same order gives the same text. */
const LAST: Readonly<Record<string, readonly string[]>> = {
  form: ['action', 'encType', 'method', 'target'],
  button: BUTTON,
  input: [...BUTTON, 'checked', 'value'],
}

/** How an element is written, decided by its name once for all. */
interface Tag {
  readonly start: string
  /** Empty for an element without end tag. */
  readonly end: string
  readonly verbatim: boolean
  readonly firstLineLost: boolean
  readonly last: readonly string[] | undefined
}

const tags = new Map<string, Tag>()

function describeTag(name: string): Tag {
  const tag = {
    start: `<${name}`,
    end: VOID.has(name) ? '' : `</${name}>`,
    verbatim: VERBATIM.has(name),
    firstLineLost: FIRST_LINE_LOST.has(name),
    last: LAST[name],
  }
  tags.set(name, tag)
  return tag
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
}

/** A text as HTML, in an element or in a quoted attribute. */
function escapeHtml(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character) : text
}

/** How an attribute is written, decided by its name once for all. */
interface Attribute {
  /** ` name="`. */
  readonly start: string
  readonly kind:
    | 'value'
    /** Present or absent. */
    | 'flag'
    /** Present alone when true, with a value otherwise. */
    | 'flagOrValue'
    /** `true` and `false` are written in full. */
    | 'words'
    /** Shown or read to people: composed like a text. */
    | 'spoken'
    /** Where the browser goes: never a script. */
    | 'address'
    /** Written elsewhere, or not at all. */
    | 'none'
}

/** Names of React that are not those of HTML. */
const NAMES: Readonly<Record<string, string>> = {
  acceptCharset: 'accept-charset',
  className: 'class',
  crossOrigin: 'crossorigin',
  htmlFor: 'for',
  httpEquiv: 'http-equiv',
  tabIndex: 'tabindex',
  autoFocus: 'autofocus',
}

/** Attributes of SVG that React writes in one word and SVG with a hyphen. */
const HYPHENATED =
  /^(?:clip(?:Path|Rule)|dominantBaseline|fill(?:Opacity|Rule)|font(?:Family|Size|Style|Weight)|letterSpacing|marker(?:End|Mid|Start)|stop(?:Color|Opacity)|stroke(?:Dasharray|Dashoffset|Linecap|Linejoin|Miterlimit|Opacity|Width)|textAnchor|vectorEffect)$/

const KINDS: Readonly<Record<string, Attribute['kind']>> = {
  children: 'none',
  defaultChecked: 'none',
  defaultValue: 'none',
  selected: 'none',
  action: 'address',
  formAction: 'address',
  href: 'address',
  src: 'address',
  download: 'flagOrValue',
  contentEditable: 'words',
  draggable: 'words',
  focusable: 'words',
  spellCheck: 'words',
  'aria-label': 'spoken',
  'aria-description': 'spoken',
  'data-annonce': 'spoken',
  'data-t': 'spoken',
  alt: 'spoken',
  placeholder: 'spoken',
  title: 'spoken',
  async: 'flag',
  checked: 'flag',
  autoFocus: 'flag',
  defer: 'flag',
  disabled: 'flag',
  formNoValidate: 'flag',
  hidden: 'flag',
  inert: 'flag',
  multiple: 'flag',
  noModule: 'flag',
  noValidate: 'flag',
  open: 'flag',
  readOnly: 'flag',
  required: 'flag',
  reversed: 'flag',
}

/** An address that would run a script: browsers skip controls in front of the scheme and inside it. */
const SCRIPT =
  /^[\u0000-\u0020]*j[\r\n\t]*a[\r\n\t]*v[\r\n\t]*a[\r\n\t]*s[\r\n\t]*c[\r\n\t]*r[\r\n\t]*i[\r\n\t]*p[\r\n\t]*t[\r\n\t]*:/i

const attributes = new Map<string, Attribute>()

function describeAttribute(property: string): Attribute {
  if (property === 'dangerouslySetInnerHTML' || property === 'style') {
    throw new TypeError(`The attribute ${property} is refused: a page carries neither raw HTML nor inline style.`)
  }
  const name =
    NAMES[property] ??
    (HYPHENATED.test(property) ? property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) : property)
  const kind = KINDS[property] ?? (/^(?:aria|data)-/.test(property) ? 'words' : 'value')
  const attribute = { start: ` ${name}="`, kind }
  attributes.set(property, attribute)
  return attribute
}

type Properties = Readonly<Record<string, unknown>>

/** Text of the children of an option, or of a text area. */
function flatten(children: unknown): string {
  if (Array.isArray(children)) return children.map(flatten).join('')
  return typeof children === 'string' || typeof children === 'number' ? String(children) : ''
}

/**
 * A part of a page that is the same whenever `by` is: written once, then kept. `by` says everything the part is made of, readers' rights included. Stands between two
 * elements, never inside a text.
 */
export function Kept({ children }: { readonly by: string; readonly children: () => ReactNode }): ReactNode {
  return children()
}

/** A tree as text. */
export interface Written {
  readonly html: string
  /** Where its drawings point (`use href`). */
  readonly drawings: ReadonlySet<string>
}

/** Characters kept at most, keys included: 2 to 4 MB, two or three thousand rows of a table. */
const SHELF = 2_000_000

/** Parts by what they are made of, forgotten by halves: those met since the last half was full stay. */
function createShelf(): { get(key: string): Written | undefined; set(key: string, part: Written): void } {
  let recent = new Map<string, Written>()
  let older = new Map<string, Written>()
  let size = 0
  const set = (key: string, part: Written): void => {
    size += key.length + part.html.length
    if (size > SHELF / 2) {
      older = recent
      recent = new Map()
      size = key.length + part.html.length
    }
    recent.set(key, part)
  }
  return {
    get(key) {
      const known = recent.get(key)
      if (known !== undefined) return known
      const found = older.get(key)
      if (found !== undefined) set(key, found)
      return found
    },
    set(key, part) {
      // Searched through, a text made of pieces becomes one piece: it is copied as such ever after, and its pieces are forgotten.
      part.html.includes('\0')
      set(key, part)
    },
  }
}

/**
 * Makes the function that writes a tree of React elements as HTML. `compose` sets the texts people read: those of elements, each taken whole between two
 * tags, and those of spoken attributes; it is not given what is quoted to the letter (`code`, `pre`, `kbd`, `textarea`…, or anything under
 * `translate="no"`).
 *
 * Takes what static pages are made of: elements, fragments, functions of their properties, texts, arrays. Hooks, contexts, classes, promises, inline style
 * and raw HTML are refused. Everything is escaped, and an address never runs a script.
 */
export function createRenderer(compose: (text: string) => string): (node: ReactNode) => Written {
  // Texts already composed and escaped, by what they were: a page is made of the same labels, dates and sources as the one before. Emptied when full, so that
  // it stays small and keeps nothing for long.
  const composed = new Map<string, string>()
  const MEMORY = 4000

  const kept = createShelf()
  let html = ''
  let drawings = new Set<string>()
  /** Text met since the last tag: composed whole, whatever pieces it came in. */
  let text = ''
  let verbatim = false
  /** Value of the `select` being written. */
  let selected: string | undefined

  function spoken(written: string): string {
    const known = composed.get(written)
    if (known !== undefined) return known
    const done = escapeHtml(compose(written))
    if (written.length <= 300) {
      if (composed.size >= MEMORY) composed.clear()
      composed.set(written, done)
    }
    return done
  }

  function endText(): void {
    if (text === '') return
    html += verbatim ? escapeHtml(text) : spoken(text)
    text = ''
  }

  function writeAttribute(property: string, value: unknown): void {
    const { start, kind } = attributes.get(property) ?? describeAttribute(property)
    if (typeof value === 'string') {
      if (kind === 'value' || kind === 'words') html += `${start}${escapeHtml(value)}"`
      else if (kind === 'spoken') html += `${start}${verbatim ? escapeHtml(value) : spoken(value)}"`
      else if (kind === 'address') {
        if (SCRIPT.test(value)) throw new TypeError(`The attribute ${property} holds a script.`)
        html += `${start}${escapeHtml(value)}"`
      } else if (kind === 'flagOrValue') html += `${start}${escapeHtml(value)}"`
      else if (kind === 'flag' && value !== '') html += `${start}"`
    } else if (typeof value === 'number') {
      if (kind !== 'none' && kind !== 'flag') html += `${start}${value}"`
    } else if (typeof value === 'boolean') {
      if (kind === 'words') html += `${start}${value}"`
      else if (value && (kind === 'flag' || kind === 'flagOrValue')) html += `${start}"`
    } else if (kind !== 'none') throw new TypeError(`The attribute ${property} holds neither a text nor a number.`)
  }

  function writeAttributes(properties: Properties, last: readonly string[] | undefined): void {
    for (const property in properties) {
      const value = properties[property]
      if (value === undefined || value === null || property === 'children') continue
      if (last === undefined || !last.includes(property)) writeAttribute(property, value)
    }
    if (last === undefined) return
    for (const property of last) {
      let value = properties[property]
      if (property === 'checked') value ??= properties.defaultChecked
      else if (property === 'value') value ??= properties.defaultValue
      if (value !== undefined && value !== null) writeAttribute(property, value)
    }
  }

  function writeContent(type: string, properties: Properties, tag: Tag): void {
    let { children } = properties
    if (type === 'select' || type === 'textarea') {
      const { value, defaultValue } = properties
      if (value !== undefined) throw new TypeError(`A static ${type} takes defaultValue.`)
      if (type === 'textarea') children = defaultValue
      else selected = typeof defaultValue === 'string' ? defaultValue : undefined
    }
    if (tag.firstLineLost && flatten(children).startsWith('\n')) html += '\n'
    write(children)
    endText()
  }

  function writeElement(type: string, properties: Properties): void {
    endText()
    const tag = tags.get(type) ?? describeTag(type)
    const verbatimAround = verbatim
    const selectedAround = selected
    if (tag.verbatim || properties.translate === 'no') verbatim = true
    html += tag.start
    writeAttributes(properties, tag.last)
    if (type === 'option' && selected !== undefined) {
      const { value = flatten(properties.children) } = properties
      if (String(value) === selected) html += ' selected=""'
    } else if (type === 'use' && typeof properties.href === 'string') drawings.add(properties.href)
    if (tag.end === '') html += '/>'
    else {
      html += '>'
      writeContent(type, properties, tag)
      html += tag.end
    }
    verbatim = verbatimAround
    selected = selectedAround
  }

  function writeKept(properties: Parameters<typeof Kept>[0]): void {
    endText()
    let part = kept.get(properties.by)
    if (part === undefined) {
      const before = { html, drawings }
      html = ''
      drawings = new Set()
      write(properties.children())
      endText()
      part = { html, drawings }
      kept.set(properties.by, part)
      ;({ html, drawings } = before)
    }
    html += part.html
    for (const drawing of part.drawings) drawings.add(drawing)
  }

  function write(node: unknown): void {
    if (typeof node === 'string') text += node
    else if (typeof node === 'number') text += String(node)
    else if (node === null || node === undefined || typeof node === 'boolean') return
    else if (Array.isArray(node)) for (const one of node) write(one)
    else if (typeof node === 'object' && 'props' in node) {
      const { type, props } = node as ReactElement<Properties>
      if (typeof type === 'string') writeElement(type, props)
      // Inside a quotation or a list of choices, the same part is written otherwise.
      else if (type === Kept && !verbatim && selected === undefined) writeKept(props as Parameters<typeof Kept>[0])
      else if (typeof type === 'function') write((type as (properties: Properties) => unknown)(props))
      else if (type === Fragment) write(props.children)
      else throw new TypeError('A page is made of elements, fragments and functions only.')
    } else throw new TypeError(`A page cannot show this: ${typeof node}.`)
  }

  return (node) => {
    html = ''
    drawings = new Set()
    text = ''
    verbatim = false
    selected = undefined
    write(node)
    endText()
    return { html, drawings }
  }
}
