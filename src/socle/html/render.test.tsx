import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createElement, Fragment, type ReactElement, type ReactNode, StrictMode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { typo } from '#socle/typography'
import { createRenderer, Kept } from './index.ts'

const plainly = createRenderer((text) => text)
const plain = (node: ReactNode): string => plainly(node).html
const inFrench = createRenderer(typo)
const french = (node: ReactNode): string => inFrench(node).html

/** Shows no-break spaces: `_` for U+00A0, `~` for U+202F. */
const show = (html: string): string => html.replaceAll('\u00a0', '_').replaceAll('\u202f', '~')

const Row = ({ label, children }: { label: string; children?: ReactNode }): ReactElement => (
  <>
    <th scope="row">{label}</th>
    <td>{children}</td>
  </>
)

const Days = ({ n }: { n: number }): ReactElement => <>{n}</>

const SAMPLES: Readonly<Record<string, ReactElement>> = {
  'texts, numbers and nothing': (
    <p>
      a{1}
      {null}
      {undefined}
      {false}
      {true}
      {''}
      {0} b
    </p>
  ),
  'functions, fragments and lists': (
    <table>
      <tbody>
        {['x', 'y'].map((label) => (
          <tr key={label}>
            <Row label={label}>
              {[1, 2, <b key="b">3</b>]}
              <Fragment key="f">{label}</Fragment>
            </Row>
          </tr>
        ))}
      </tbody>
    </table>
  ),
  'names of attributes': (
    <form
      className="a b"
      acceptCharset="utf-8"
      encType="multipart/form-data"
      noValidate
      autoComplete="off"
      action="/x?a=1&b=2"
    >
      <label htmlFor="i">é</label>
      <input
        id="i"
        name="i"
        maxLength={3}
        readOnly
        tabIndex={-1}
        inputMode="numeric"
        aria-hidden={true}
        data-x={false}
      />
      <button type="submit" formAction="/y" disabled aria-describedby="i" title="" hidden={false}>
        {'"ok" & \'<so>\''}
      </button>
    </form>
  ),
  'values of controls': (
    <form>
      <input defaultValue="L'Orme" required />
      <input type="checkbox" value="oui" defaultChecked />
      <input type="radio" value="non" defaultChecked={false} multiple={undefined} />
      <select defaultValue="b" multiple={false}>
        <option value="a">A</option>
        <option value="b">B</option>
        <option>b</option>
      </select>
      <select>
        <option value="">Tous</option>
      </select>
      <textarea defaultValue={'\n a : b <'} rows={3} />
      <textarea />
    </form>
  ),
  'links and files': (
    <p>
      <a href="/x" download="" rel="noreferrer">
        x
      </a>
      <a href="/y" download>
        y
      </a>
      <br />
    </p>
  ),
  drawings: (
    <svg viewBox="0 0 10 10" aria-hidden="true" focusable="false">
      <path d="M0 0" strokeWidth={2} strokeLinecap="round" fillRule="evenodd" />
      <text textAnchor="middle" x="1">
        a
      </text>
      <use href="#i-ok" />
    </svg>
  ),
  'boxes that open': (
    <details open>
      <summary>a</summary>
      <ol start={3} reversed>
        <li value={4}>b</li>
      </ol>
    </details>
  ),
}

describe('writing HTML', () => {
  for (const [name, element] of Object.entries(SAMPLES)) {
    test(`writes what React writes: ${name}`, () => {
      assert.equal(plain(element), renderToStaticMarkup(element))
    })
  }

  test('writes what React writes, whatever the texts and the nesting', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', ' ', '<', '>', '&', '"', "'", '\n', '😀'), maxLength: 6 })
    const { tree } = fc.letrec<{ tree: ReactNode; element: ReactNode }>((tie) => ({
      tree: fc.oneof({ maxDepth: 4 }, text, fc.integer(), fc.constant(null), fc.constant(false), tie('element')),
      element: fc
        .record({
          type: fc.constantFrom('div', 'p', 'span', 'td', 'code', 'Fragment'),
          title: fc.option(text, { nil: undefined }),
          id: fc.option(text, { nil: undefined }),
          children: fc.array(tie('tree'), { maxLength: 4 }),
        })
        .map(({ type, title, id, children }) =>
          type === 'Fragment'
            ? createElement(Fragment, null, ...children)
            : createElement(type, { title, id }, ...children),
        ),
    }))
    fc.assert(
      fc.property(tree, (node) =>
        assert.equal(plain(node), renderToStaticMarkup(createElement('div', null, node)).slice(5, -6)),
      ),
      { numRuns: 1000 },
    )
  })

  test('refuses a script in an address, inline style, raw HTML, and what a static page cannot be', () => {
    const refused: readonly ReactNode[] = [
      createElement('a', { href: ' java\nscript:alert(1)' }, 'x'),
      createElement('form', { action: 'JavaScript:alert(1)' }),
      createElement('p', { style: { color: 'red' } }),
      // biome-ignore lint/security/noDangerouslySetInnerHtml: shows that it is refused
      createElement('p', { dangerouslySetInnerHTML: { __html: '<b>' } }),
      createElement('p', { onClick: () => {} }),
      createElement(StrictMode, { key: 's' }),
      [Promise.resolve('x')] as unknown as ReactNode,
    ]
    for (const node of refused) assert.throws(() => plain(node), TypeError)
    assert.equal(
      plain(<p>after a refusal, the next page is whole</p>),
      '<p>after a refusal, the next page is whole</p>',
    )
  })
})

describe('composing what is written', () => {
  test('composes texts and spoken attributes, then escapes them', () => {
    assert.equal(
      show(french(<p title="Quoi ?">{"L'avis : 3 < 5 & plus"}</p>)),
      '<p title="Quoi~?">L’avis_: 3 &lt; 5 &amp; plus</p>',
    )
  })

  test('a text in pieces is composed whole', () => {
    assert.equal(
      show(
        french(
          <p>
            Dans <Days n={3} /> jours {'?'}
          </p>,
        ),
      ),
      '<p>Dans 3_jours~?</p>',
    )
    assert.equal(
      show(
        french(
          <p>
            3<b> jours</b>
          </p>,
        ),
      ),
      '<p>3<b> jours</b></p>',
    )
  })

  test('leaves what is quoted to the letter or goes back to the server', () => {
    const element = (
      <div>
        <input value="a : b" readOnly />
        <textarea defaultValue="oui ?" />
        <code>
          a ? <b title="c ?">b !</b>
        </code>
        <span translate="no">
          SCI l'Orme
          <br /> : x
        </span>
        <select defaultValue="a ?">
          <option value="a ?">a ?</option>
        </select>
        <p>fin ?</p>
      </div>
    )
    assert.equal(
      show(french(element)),
      '<div><input readOnly="" value="a : b"/><textarea>oui ?</textarea><code>a ? <b title="c ?">b !</b></code>' +
        '<span translate="no">SCI l&#x27;Orme<br/> : x</span><select><option value="a ?" selected="">a~?</option></select><p>fin~?</p></div>',
    )
  })

  test('a text that looks like markup stays a text', () => {
    assert.equal(french(<p>{"<script>alert('a')</script> ?"}</p>).includes('<script'), false)
  })
})

describe('keeping what is written', () => {
  const draw = <use href="#i-ok" />
  const row = (by: string, written: string[]) => (
    <Kept by={by}>
      {() => {
        written.push(by)
        return (
          <li title="Quoi ?">
            {by} : <svg>{draw}</svg>
          </li>
        )
      }}
    </Kept>
  )

  test('a part is written once, whatever page it stands in, with its drawings', () => {
    const written: string[] = []
    const french = createRenderer((text) => text.replaceAll(' ', '_'))
    const once = french(<ul>{row('a', written)}</ul>)
    const again = french(
      <main>
        <p>Tout</p>
        {row('a', written)}
        {row('b', written)}
      </main>,
    )
    assert.equal(once.html, '<ul><li title="Quoi_?">a_:_<svg><use href="#i-ok"></use></svg></li></ul>')
    assert.equal(
      again.html,
      `<main><p>Tout</p>${once.html.slice(4, -5)}${once.html.slice(4, -5).replace('a_:', 'b_:')}</main>`,
    )
    assert.deepEqual([...once.drawings], ['#i-ok'])
    assert.deepEqual([...again.drawings], ['#i-ok'])
    assert.deepEqual(written, ['a', 'b'])
  })

  test('inside a quotation, a part kept elsewhere is written to the letter', () => {
    const french = createRenderer((text) => text.replaceAll(' ', '_'))
    french(<ul>{row('a', [])}</ul>)
    assert.equal(
      french(<div translate="no">{row('a', [])}</div>).html,
      '<div translate="no"><li title="Quoi ?">a : <svg><use href="#i-ok"></use></svg></li></div>',
    )
  })

  test('a part refused halfway is not kept', () => {
    const french = createRenderer((text) => text)
    const refused = <Kept by="a">{() => [<b key="1">a</b>, Promise.resolve('x')] as unknown as ReactNode}</Kept>
    for (let i = 0; i < 2; i += 1) assert.throws(() => french(<p>{refused}</p>), TypeError)
    assert.equal(french(<p>b</p>).html, '<p>b</p>')
  })

  test('what nobody looks at any more is forgotten, what is looked at stays', () => {
    const french = createRenderer((text) => text)
    const written: string[] = []
    const big = (by: string) => (
      <Kept by={by}>
        {() => {
          written.push(by)
          return <b>{'x'.repeat(100_000)}</b>
        }}
      </Kept>
    )
    french(big('forgotten'))
    for (let i = 0; i < 30; i += 1) {
      french(big('seen'))
      french(big(`other ${i}`))
    }
    french(big('forgotten'))
    assert.equal(written.filter((by) => by === 'seen').length, 1)
    assert.equal(written.filter((by) => by === 'forgotten').length, 2)
  })
})
