export { Board, type BoardProps } from './board.tsx'
export { type BoardStrings, boardStrings } from './strings.ts'
