import type { Measurement } from './measure.ts'

const COLUMNS = ['server', 'sent', 'delivered', 'acknowledged', 'CPU µs/update', '× peer', 'p50 ms', 'p99 ms']

/** The measurements as text; the ratio is to Hocuspocus where it was measured, else to the first. */
export function table(measurements: readonly Measurement[]): string {
  const peer = measurements.find(({ server }) => server === 'hocuspocus') ?? measurements[0]
  const rows = measurements.map((row) => [
    row.server,
    String(row.sent),
    String(row.delivered),
    String(row.acknowledged),
    row.cpuPerUpdateUs.toFixed(0),
    (row.cpuPerUpdateUs / (peer?.cpuPerUpdateUs ?? Number.NaN)).toFixed(2),
    row.p50Ms.toFixed(1),
    row.p99Ms.toFixed(1),
  ])
  const all = [COLUMNS, ...rows]
  const widths = COLUMNS.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  return all
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0, column))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const pad = (cell: string, width: number, column: number): string =>
  column === 0 ? cell.padEnd(width) : cell.padStart(width)
