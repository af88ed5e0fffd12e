import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import { renderPdf, renderPdfs } from './index.ts'

const HEADER =
  '#let d = json(bytes(sys.inputs.data))\n#set document(title: d.title, date: none)\n#set text(lang: "fr")\n'
let folder = ''

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amont-pdf-'))
})
after(() => rm(folder, { recursive: true }))

async function template(name: string, source: string): Promise<string> {
  const path = join(folder, `${name}.typ`)
  await writeFile(path, source)
  return path
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

test('renders a tagged PDF/UA-1 with its title and its language', async () => {
  const path = await template('page', `${HEADER}= #d.title\n#table(columns: 2, table.header[Nom][Dette], ..d.cells)`)
  const pdf = latin1(await renderPdf(path, { title: 'Été', cells: ['Lacombe', '12,00'] }))
  assert.match(pdf, /^%PDF-1\.7/)
  assert.match(pdf, /pdfuaid:part>1</)
  assert.match(pdf, /\/MarkInfo/)
  assert.match(pdf, /\/Lang \(fr\)/)
  assert.match(pdf, /\/S \/TH\b/)
})

test('the same template and data give the same bytes, other data give others', async () => {
  const path = await template('same', `${HEADER}= #d.title`)
  const [first, second, other] = await Promise.all(['A', 'A', 'B'].map((title) => renderPdf(path, { title })))
  assert.ok(first && second && other)
  assert.deepEqual(Buffer.from(first), Buffer.from(second))
  assert.notDeepEqual(Buffer.from(first), Buffer.from(other))
})

test('what a person typed is data, never source', async () => {
  const path = await template('typed', `${HEADER}= Titre\n#d.text`)
  const hostile = '#read("/etc/passwd") #panic() $ * _ = \\ // "'
  assert.ok((await renderPdf(path, { title: 'T', text: hostile })).length > 1000)
})

test('a character no font has is replaced, and does not cost the document', async () => {
  const plain = `${HEADER}#set text(font: "Libertinus Serif", fallback: false)\n= Titre\n#d.text`
  const path = await template('odd', plain)
  const odd = await renderPdf(path, { title: 'T', text: 'Zoé 東京 😀 \u0007 شارع' })
  const replaced = await renderPdf(path, { title: 'T', text: 'Zoé ?? ? ? ????' })
  assert.deepEqual(Buffer.from(odd), Buffer.from(replaced))
})

test('a template reads nothing outside its folder', async () => {
  const path = await template('outside', `${HEADER}#read("/etc/passwd")`)
  await assert.rejects(renderPdf(path, { title: 'T' }), /not found/)
})

test('a template without a title is refused, and the message says what is wrong without the data', async () => {
  const untitled = await template('untitled', '#let d = json(bytes(sys.inputs.data))\n#set text(lang: "fr")\n= A')
  await assert.rejects(
    renderPdf(untitled, { secret: 'LACOMBE' }),
    (error) => error instanceof Error && /title/.test(error.message) && !/LACOMBE/.test(error.message),
  )
  const missing = await template('missing', `${HEADER}#d.absent`)
  await assert.rejects(
    renderPdf(missing, { title: 'LACOMBE' }),
    (error) => error instanceof Error && /absent/.test(error.message) && !/LACOMBE/.test(error.message),
  )
})

test('documents still in the making are rendered in order, each with its own files', async () => {
  const path = await template('stream', `${HEADER}= #d.title\n#image(d.file, alt: "Carré")`)
  const square = (side: number) =>
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"><rect width="${side}" height="${side}"/></svg>`,
    )
  const one = (side: number) => ({
    data: { title: `Côté ${side}`, file: `${side}.svg` },
    files: { [`${side}.svg`]: square(side) },
  })
  const source = async function* () {
    for (const side of [1, 2, 2]) yield await Promise.resolve(one(side))
  }
  const streamed: Buffer[] = []
  for await (const bytes of renderPdfs(path, source(), 'background')) streamed.push(Buffer.from(bytes))
  const alone = await Promise.all([1, 2, 2].map((side) => renderPdf(path, one(side).data, one(side).files)))
  assert.deepEqual(
    streamed,
    alone.map((bytes) => Buffer.from(bytes)),
  )
})

test('what cannot be composed stops the rendering, with its own error, and the next one goes on', async () => {
  const path = await template('stopped', `${HEADER}= #d.title`)
  const source = async function* () {
    yield { data: { title: 'A' } }
    await Promise.reject(new Error('no sender'))
  }
  const read = async () => {
    for await (const bytes of renderPdfs(path, source())) assert.ok(bytes.length > 1000)
  }
  await assert.rejects(read, /no sender/)
  await assert.rejects(read, /no sender/)
  await assert.rejects(read, /no sender/)
  assert.ok((await renderPdf(path, { title: 'A' })).length > 1000)
})
