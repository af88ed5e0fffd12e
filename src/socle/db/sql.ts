/** A piece of SQL with its parameters. Made by the tag below only: nothing read from outside the program can pass for one. */
export interface Fragment {
  readonly strings: readonly string[]
  readonly values: readonly unknown[]
}

/** A whole statement: text with `$1`, `$2`… and what they stand for. */
export interface Statement {
  readonly text: string
  readonly parameters: readonly unknown[]
}

const fragments = new WeakSet<object>()

function fragment(strings: readonly string[], values: readonly unknown[]): Fragment {
  const made = { strings, values }
  fragments.add(made)
  return made
}

const isFragment = (value: unknown): value is Fragment =>
  typeof value === 'object' && value !== null && fragments.has(value)

/** Text of the templates that hold no fragment: it is the same at each run. */
const texts = new WeakMap<readonly string[], string>()

/** Days and instants travel as text; the rest as the driver writes it. */
function toParameter(value: unknown): unknown {
  if (value instanceof Temporal.PlainDate || value instanceof Temporal.Instant) return value.toString()
  return value
}

function append(strings: readonly string[], values: readonly unknown[], parameters: unknown[]): string {
  let text = strings[0] ?? ''
  for (const [rank, value] of values.entries()) {
    if (isFragment(value)) text += append(value.strings, value.values, parameters)
    else {
      parameters.push(toParameter(value))
      text += `$${parameters.length}`
    }
    text += strings[rank + 1] ?? ''
  }
  return text
}

/** Numbers the parameters of a template. */
export function compile(strings: readonly string[], values: readonly unknown[]): Statement {
  const plain = !values.some(isFragment)
  const known = plain ? texts.get(strings) : undefined
  if (known !== undefined) return { text: known, parameters: values.map(toParameter) }
  const parameters: unknown[] = []
  const text = append(strings, values, parameters)
  if (plain) texts.set(strings, text)
  return { text, parameters }
}

function tag(strings: TemplateStringsArray, ...values: readonly unknown[]): Fragment {
  return fragment(strings, values)
}

const text = (written: string): Fragment => fragment([written], [])

/** A fragment of SQL: every `${}` is a bound parameter or another fragment, never text. */
export const sql = Object.assign(tag, {
  /** Fragments one after the other, with a separator between them. */
  join(parts: readonly Fragment[], separator: Fragment = text(', ')): Fragment {
    const values = parts.flatMap((part, rank) => (rank === 0 ? [part] : [separator, part]))
    return fragment(Array<string>(values.length + 1).fill(''), values)
  },
  /** A name of column or table, quoted; a dot separates a table from its column. */
  ref: (name: string): Fragment =>
    text(
      name
        .split('.')
        .map((part) => `"${part.replaceAll('"', '""')}"`)
        .join('.'),
    ),
  /** A whole number written in the text, for what a plan depends on. */
  lit(number: number): Fragment {
    if (!Number.isSafeInteger(number)) throw new RangeError('a whole number is expected')
    return text(String(number))
  },
})
