import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { ServerKnowledge } from '../documents/server-knowledge.ts'
import { element, letters, read, scene, text } from '../testing/prose.ts'
import { type NewDrawerEntry, textOfEntry } from './entry.ts'
import { putBack } from './put-back.ts'
import { type TakenOut, takeOut, takeOvertaken } from './take-out.ts'

const KEY = 'abcdefghijkl'

/** A document as the server has it, and a copy on which somebody works. */
function pair(build: (doc: Y.Doc) => void) {
  const server = new Y.Doc()
  server.clientID = 1
  server.transact(() => build(server))
  const knowledge = new ServerKnowledge()
  const mine = new Y.Doc()
  mine.clientID = 2
  const hear = () => {
    const update = Y.encodeStateAsUpdate(server, Y.encodeStateVector(mine))
    knowledge.heardUpdate(update)
    Y.applyUpdate(mine, update)
  }
  hear()
  return { server, mine, knowledge, hear }
}

const entriesOf = (mine: Y.Doc, knowledge: ServerKnowledge): NewDrawerEntry[] =>
  takeOut(mine, knowledge).map((taken) => ({
    beatId: 7,
    ...taken,
    code: 'beat_locked',
    message: 'no',
    at: 0,
  }))

/** What comes back when all entries are inserted into the server's own document. */
function insertAll(server: Y.Doc, entries: readonly NewDrawerEntry[], keys = [KEY]): boolean[] {
  return entries.map((entry, id) => putBack(server, { ...entry, id }, keys))
}

const texts = (entries: readonly NewDrawerEntry[]) => entries.map(textOfEntry)

describe('a card field', () => {
  test('inserted words, each passage with what stood before it', () => {
    const { mine, knowledge } = pair((doc) => doc.getText('goal').insert(0, 'The sea is near.'))
    mine.getText('goal').insert(15, ' here, not')
    mine.getText('goal').insert(4, 'cold ')
    const [entry] = entriesOf(mine, knowledge)
    expect(entry?.place).toEqual({ kind: 'card', field: 'goal' })
    expect(entry?.passages.map((passage) => [passage.before, passage.text])).toEqual([
      ['The ', 'cold '],
      ['The sea is near', ' here, not'],
    ])
  })

  test('what was deleted again is gone, and a deletion of the server’s words keeps nothing', () => {
    const { mine, knowledge } = pair((doc) => doc.getText('goal').insert(0, 'The sea.'))
    mine.getText('goal').insert(4, 'cold ')
    mine.getText('goal').delete(0, 9)
    expect(entriesOf(mine, knowledge)).toEqual([])
  })

  test('a replacement keeps the new words alone, at the place of the old ones', () => {
    const { server, mine, knowledge } = pair((doc) => doc.getText('goal').insert(0, 'The warm sea.'))
    mine.getText('goal').delete(4, 4)
    mine.getText('goal').insert(4, 'cold')
    const entries = entriesOf(mine, knowledge)
    expect(texts(entries)).toEqual(['cold'])
    insertAll(server, entries)
    expect(['The warmcold sea.', 'The coldwarm sea.']).toContain(server.getText('goal').toString())
  })

  test('a word of which the server has the beginning keeps its end', () => {
    const { server, mine, knowledge } = pair(() => {})
    mine.getText('goal').insert(0, 'har')
    Y.applyUpdate(server, Y.encodeStateAsUpdate(mine))
    knowledge.heardVector(Y.encodeStateVector(server))
    mine.getText('goal').insert(3, 'bour')
    const entries = entriesOf(mine, knowledge)
    expect(texts(entries)).toEqual(['bour'])
    insertAll(server, entries)
    expect(server.getText('goal').toString()).toBe('harbour')
  })

  test('back in its place though others have written before and behind it', () => {
    const { server, mine, knowledge, hear } = pair((doc) => doc.getText('goal').insert(0, 'The sea.'))
    mine.getText('goal').insert(4, 'cold ')
    server.getText('goal').insert(0, 'Now: ')
    hear()
    server.getText('goal').insert(12, ' breeze')
    insertAll(server, entriesOf(mine, knowledge))
    expect(server.getText('goal').toString()).toBe('Now: The cold sea breeze.')
  })

  test('in an empty field, and in several at once', () => {
    const { server, mine, knowledge } = pair(() => {})
    mine.getText('title').insert(0, 'Harbour')
    mine.getText('goal').insert(0, 'To leave')
    const entries = entriesOf(mine, knowledge)
    insertAll(server, entries)
    expect([server.getText('title').toString(), server.getText('goal').toString()]).toEqual([
      'Harbour',
      'To leave',
    ])
  })
})

describe('a scene', () => {
  const build = (doc: Y.Doc) =>
    scene(doc, KEY, element('paragraph', text('The sea is near.')), element('paragraph', text('Gulls.')))

  test('words in a paragraph, with their marks', () => {
    const { server, mine, knowledge } = pair(build)
    letters(mine, KEY, 0).insert(7, ' so', {})
    letters(mine, KEY, 0).insert(10, ' cold', { bold: {} })
    const entries = entriesOf(mine, knowledge)
    expect(entries[0]?.passages).toMatchObject([
      {
        before: 'The sea',
        text: ' so cold',
        content: [{ text: ' so' }, { text: ' cold', marks: { bold: {} } }],
      },
    ])
    insertAll(server, entries)
    expect(read(server, KEY)).toBe(
      '<paragraph>The sea so<bold> cold</bold> is near.</paragraph><paragraph>Gulls.</paragraph>',
    )
  })

  test('blocks with all that is in them stand where they stood', () => {
    const { server, mine, knowledge } = pair(build)
    const list = element('bulletList', element('listItem', element('paragraph', text('Boats'))))
    mine.getXmlFragment(`scene/${KEY}`).insert(1, [element('heading', { level: 2 }, text('Noon')), list])
    const entries = entriesOf(mine, knowledge)
    expect(entries.map(({ passages }) => passages.map((passage) => [passage.before, passage.text]))).toEqual([
      [['The sea is near.\n', 'Noon\nBoats']],
    ])
    insertAll(server, entries)
    expect(read(server, KEY)).toBe(read(mine, KEY))
  })

  test('the first words of an empty paragraph, with a hard break', () => {
    const { server, mine, knowledge } = pair((doc) => scene(doc, KEY, element('paragraph')))
    const paragraph = mine.getXmlFragment(`scene/${KEY}`).get(0) as Y.XmlElement
    paragraph.insert(0, [text('Dawn'), element('hardBreak'), text('and dusk')])
    const entries = entriesOf(mine, knowledge)
    expect(texts(entries)).toEqual(['Dawn\nand dusk'])
    insertAll(server, entries)
    expect(read(server, KEY)).toBe('<paragraph>Dawn<hardBreak></hardBreak>and dusk</paragraph>')
  })

  test('its paragraph is gone: at the end of the scene, as a paragraph of its own', () => {
    const { server, mine, knowledge } = pair(build)
    letters(mine, KEY, 0).insert(0, 'Here ')
    const entries = entriesOf(mine, knowledge)
    server.getXmlFragment(`scene/${KEY}`).delete(0, 1)
    insertAll(server, entries)
    expect(read(server, KEY)).toBe('<paragraph>Gulls.</paragraph><paragraph>Here </paragraph>')
  })

  test('an item whose list is gone gets a list of its own', () => {
    const list = () => element('bulletList', element('listItem', element('paragraph', text('One'))))
    const { server, mine, knowledge } = pair((doc) => scene(doc, KEY, list()))
    const mineList = mine.getXmlFragment(`scene/${KEY}`).get(0) as Y.XmlElement
    mineList.insert(1, [element('listItem', element('paragraph', text('Two')))])
    const entries = entriesOf(mine, knowledge)
    server.getXmlFragment(`scene/${KEY}`).delete(0, 1)
    insertAll(server, entries)
    expect(read(server, KEY)).toBe('<bulletList><listItem><paragraph>Two</paragraph></listItem></bulletList>')
  })

  test('the scene is gone: at the end of the beat’s last scene; without any, nowhere', () => {
    const { server, mine, knowledge } = pair(build)
    letters(mine, KEY, 1).insert(6, ' And terns.')
    const entries = entriesOf(mine, knowledge)
    scene(server, 'mnopqrstuvwx', element('paragraph', text('Last.')))
    expect(insertAll(server, entries, [])).toEqual([false])
    expect(insertAll(server, entries, ['mnopqrstuvwx'])).toEqual([true])
    expect(read(server, 'mnopqrstuvwx')).toBe(
      '<paragraph>Last.</paragraph><paragraph> And terns.</paragraph>',
    )
  })

  test('an empty paragraph and formatting are no words', () => {
    const { mine, knowledge } = pair(build)
    mine.getXmlFragment(`scene/${KEY}`).insert(1, [element('paragraph')])
    letters(mine, KEY, 0).format(0, 3, { italic: {} })
    expect(entriesOf(mine, knowledge)).toEqual([])
  })
})

test('words that are in the drawer already are not taken out again', () => {
  const { mine, knowledge } = pair((doc) => scene(doc, KEY, element('paragraph', text('The sea.'))))
  letters(mine, KEY, 0).insert(0, 'Oh ')
  mine.getXmlFragment(`scene/${KEY}`).insert(1, [element('paragraph', text('New block'))])
  const spans = takeOut(mine, knowledge).flatMap((taken) => taken.spans)
  expect(takeOut(mine, knowledge, spans)).toEqual([])
  letters(mine, KEY, 0).insert(3, 'dear ')
  letters(mine, KEY, 1).insert(9, ' grows')
  expect(takeOut(mine, knowledge, spans).flatMap(({ passages }) => passages.map((one) => one.text))).toEqual([
    'dear ',
    ' grows',
  ])
})

describe('overtaken: words in what somebody deletes without having seen them', () => {
  const build = (doc: Y.Doc) =>
    scene(doc, KEY, element('paragraph', text('The sea is near.')), element('paragraph', text('Gulls.')))

  /** What is taken out when the server's deletion arrives. */
  function overtaken(change: (mine: Y.Doc) => void, deletion: (server: Y.Doc) => void) {
    const { server, mine, knowledge } = pair(build)
    change(mine)
    deletion(server)
    const taken: TakenOut[] = []
    mine.on('afterTransaction', (transaction: Y.Transaction) =>
      taken.push(...takeOvertaken(transaction, knowledge)),
    )
    Y.applyUpdate(mine, Y.encodeStateAsUpdate(server, Y.encodeStateVector(mine)))
    const entries = taken.map((words) => ({
      beatId: 7,
      ...words,
      code: 'conflict' as const,
      message: '',
      at: 0,
    }))
    return { server, mine, entries }
  }

  const deleteBlock = (block: number) => (doc: Y.Doc) => doc.getXmlFragment(`scene/${KEY}`).delete(block, 1)

  test('are taken out, with their marks and what stood before them; what the server had is not', () => {
    const { server, entries } = overtaken((mine) => {
      letters(mine, KEY, 0).insert(7, ' so', {})
      letters(mine, KEY, 0).insert(10, ' cold', { bold: {} })
    }, deleteBlock(0))
    expect(entries.map(({ place, passages }) => [place, passages])).toMatchObject([
      [
        { kind: 'scene', key: KEY },
        [
          {
            before: 'The sea',
            text: ' so cold',
            content: [{ text: ' so' }, { text: ' cold', marks: { bold: {} } }],
          },
        ],
      ],
    ])
    insertAll(server, entries)
    expect(read(server, KEY)).toBe(
      '<paragraph>Gulls.</paragraph><paragraph> so<bold> cold</bold></paragraph>',
    )
  })

  test('words elsewhere stay where they are, and are not taken', () => {
    const { mine, entries } = overtaken(
      (mine) => letters(mine, KEY, 1).insert(5, ' and terns'),
      deleteBlock(0),
    )
    expect(entries).toEqual([])
    expect(read(mine, KEY)).toBe('<paragraph>Gulls and terns.</paragraph>')
  })

  test('what their writer had deleted before is not among them', () => {
    const { entries } = overtaken((mine) => {
      letters(mine, KEY, 0).insert(7, ' so cold')
      letters(mine, KEY, 0).delete(7, 3)
    }, deleteBlock(0))
    expect(texts(entries)).toEqual([' cold'])
  })

  test('a list item with its words, when the list goes', () => {
    const { server, mine, knowledge } = pair((doc) =>
      scene(doc, KEY, element('bulletList', element('listItem', element('paragraph', text('one'))))),
    )
    const list = mine.getXmlFragment(`scene/${KEY}`).get(0) as Y.XmlElement
    list.push([element('listItem', element('paragraph', text('two')))])
    deleteBlock(0)(server)
    const taken: TakenOut[] = []
    mine.on('afterTransaction', (transaction: Y.Transaction) =>
      taken.push(...takeOvertaken(transaction, knowledge)),
    )
    Y.applyUpdate(mine, Y.encodeStateAsUpdate(server, Y.encodeStateVector(mine)))
    expect(taken.flatMap(({ passages }) => passages)).toMatchObject([
      {
        text: 'two',
        content: [{ element: 'listItem', children: [{ element: 'paragraph', children: [{ text: 'two' }] }] }],
      },
    ])
  })
})
