/** The functions that compiled messages call: plural forms and numbers by `Intl`. Making a formatter is slow, so each is kept. */

const rules = new Map<string, Intl.PluralRules>();
const formats = new Map<string, Intl.NumberFormat>();

export function plural(language: string, count: number): Intl.LDMLPluralRule {
  return kept(rules, language, () => new Intl.PluralRules(language)).select(count);
}

export function number(language: string, value: number): string {
  return kept(formats, language, () => new Intl.NumberFormat(language)).format(value);
}

function kept<Made>(all: Map<string, Made>, language: string, make: () => Made): Made {
  const found = all.get(language) ?? make();
  all.set(language, found);
  return found;
}
