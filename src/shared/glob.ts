/**
 * Whether a name matches a pattern: `*` stands for any characters, none included, `?` for one, and `\` takes away the
 * meaning of what follows it. Takes time in proportion to the product of both lengths at most: patterns come from
 * outside.
 */
export function matchesGlob(name: string, pattern: string): boolean {
  const tokens = tokensOf(pattern);
  const characters = [...name];
  let at = 0;
  let token = 0;
  let starToken = -1;
  let starAt = 0;
  while (at < characters.length) {
    const expected = tokens[token];
    if (expected === ANYTHING) {
      starToken = token;
      starAt = at;
      token += 1;
    } else if (expected === ANY_ONE || (expected !== undefined && expected === characters[at])) {
      at += 1;
      token += 1;
    } else if (starToken !== -1) {
      token = starToken + 1;
      starAt += 1;
      at = starAt;
    } else return false;
  }
  return tokens.slice(token).every((rest) => rest === ANYTHING);
}

const ANYTHING = Symbol("any characters");
const ANY_ONE = Symbol("any one character");

function tokensOf(pattern: string): (string | symbol)[] {
  const tokens: (string | symbol)[] = [];
  let isEscaped = false;
  for (const character of pattern) {
    if (!isEscaped && character === "\\") {
      isEscaped = true;
      continue;
    }
    if (isEscaped) tokens.push(character);
    else if (character === "*") tokens.push(ANYTHING);
    else tokens.push(character === "?" ? ANY_ONE : character);
    isEscaped = false;
  }
  return tokens;
}
