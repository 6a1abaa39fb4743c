/** The output of the commands: results on stdout, one line for each failure on stderr. Each returns an exit code. */

const EXIT_USAGE = 2;

export function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

export function complain(line: string): number {
  process.stderr.write(`wetink-relay: ${line}\n`);
  return 1;
}

/** Complains of an error in one line. @param mask Made by `createMask`. */
export function complainOf(error: unknown, mask: (text: string) => string): number {
  return complain(mask(oneLine(messageOf(error))));
}

/** For mistakes of the command line and the environment. */
export function complainAbout(mistakes: readonly string[]): number {
  for (const mistake of mistakes) complain(mistake);
  complain('see wetink-relay --help');
  return EXIT_USAGE;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
