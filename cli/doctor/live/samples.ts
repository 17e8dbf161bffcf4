/** One number of a metric. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads the text of `GET /metrics`. Lines that are none of it are left out. */
export function parseMetrics(text: string): Sample[] {
  return text.split("\n").flatMap((line) => {
    const [, name, labels = "", value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    return name === undefined ? [] : { name, labels: labelsOf(labels), value: Number(value) };
  });
}

function labelsOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
  return Object.fromEntries(
    pairs.map(([, name = "", value = ""]) => [name, value.replaceAll(/\\(.)/g, "$1")]),
  );
}

/** The sum of a metric, of one kind of rooms where that is given. */
export function totalOf(samples: readonly Sample[], name: string, kind?: string): number {
  return samples
    .filter((sample) => sample.name === name && sample.labels.kind === kind)
    .reduce((sum, { value }) => sum + value, 0);
}

/** A metric by its cause, the largest first. */
export function byCause(
  samples: readonly Sample[],
  name: string,
  kind?: string,
): [cause: string, value: number][] {
  return samples
    .filter((sample) => sample.name === name && sample.labels.kind === kind)
    .map(({ labels, value }): [string, number] => [labels.cause ?? "", value])
    .sort(([, one], [, other]) => other - one);
}

/** A metric by the values of one of its labels. */
export function valuesOf(
  samples: readonly Sample[],
  name: string,
  label: string,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    samples.filter((sample) => sample.name === name).map(({ labels, value }) => [labels[label] ?? "", value]),
  );
}
