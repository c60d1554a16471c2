/** Something a person has to do before this can go on; shown without a stack. */
export class Complaint extends Error {}

/**
 * Runs a command's main function, which resolves to the exit code.
 * @param {() => Promise<number>} main
 */
export async function command(main) {
  try {
    process.exitCode = await main()
  } catch (error) {
    console.error(error instanceof Complaint ? `\n${error.message}` : error)
    process.exitCode = 1
  }
}
