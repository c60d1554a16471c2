/**
 * How well `text` answers to `query`; undefined where its letters do not come in this order. Beginnings of words and
 * letters that stand together count more.
 */
export function fuzzyScore(query: string, text: string): number | undefined {
  const [wanted, given] = [plain(query).replaceAll(' ', ''), plain(text)]
  let score = 0
  let at = -1
  for (const letter of wanted) {
    const next = bestNext(given, letter, at)
    if (next < 0) return undefined
    const isTogether = next === at + 1
    const isBeginning = next === 0 || given[next - 1] === ' '
    score += isTogether ? 3 : isBeginning ? 2 : 0
    at = next
  }
  // Of two that fit alike the shorter one is meant.
  return score - given.length / 1000
}

/** The letter right behind the last one, else at the beginning of a word, else wherever it comes next. */
function bestNext(text: string, letter: string, after: number): number {
  if (text[after + 1] === letter) return after + 1
  const beginning = text.indexOf(` ${letter}`, Math.max(0, after))
  const next = text.indexOf(letter, after + 1)
  return beginning < 0 ? next : beginning + 1
}

/** Without case and accents. */
const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
