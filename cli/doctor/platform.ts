import { bindingName } from "../project/options.ts";
import type { Project } from "../project/read-project.ts";
import { COMPATIBILITY_DATE, FLAGS, RATE_LIMITS } from "../requirements.ts";
import { advice, type Finding, right, wrong } from "./finding.ts";

/** How the platform runs the Worker: its date and flags, assets, and limits. */
export function checkPlatform(project: Project): Finding[] {
  return [
    checkDate(project),
    ...checkFlags(project),
    checkNames(project),
    ...checkAssets(project),
    ...checkRates(project),
  ];
}

function checkDate({ config: { compatibility_date: date } }: Project): Finding {
  const about = "compatibility_date";
  const mend = `compatibility_date = "${COMPATIBILITY_DATE}"`;
  if (date === undefined) return wrong(about, "is not there", mend);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return wrong(about, `"${date}" is no date`, mend);
  return date < COMPATIBILITY_DATE
    ? wrong(about, `${date} is older than the gateway: ${COMPATIBILITY_DATE}`, mend)
    : right(about, date);
}

function checkFlags({ config: { compatibility_flags: flags = [] } }: Project): Finding[] {
  const about = "compatibility_flags";
  return FLAGS.map(({ flag, isNeeded, without }) => {
    if (flags.includes(flag)) return right(about, flag);
    const find = isNeeded ? wrong : advice;
    return find(about, `${flag} is not there: ${without}`, `add "${flag}" to ${about}`);
  });
}

function checkNames({ config }: Project): Finding {
  const about = "keep_names";
  if (config.keep_names === false) return right(about, "false");
  return advice(
    about,
    "wrangler names every closure at run time, which makes the gateway slower",
    "keep_names = false",
  );
}

function checkAssets({ config: { assets } }: Project): Finding[] {
  if (assets === undefined) return [];
  const about = "assets.run_worker_first";
  if (assets.run_worker_first === true) return [right(about, "true")];
  const says = Array.isArray(assets.run_worker_first)
    ? "other paths than the listed ones go to the assets first: the gateway's must be among the listed"
    : "assets are served before the gateway is asked: one on a path of the gateway hides it";
  return [advice(about, says, "run_worker_first = true")];
}

function checkRates(project: Project): Finding[] {
  const { config, wranglerFile } = project;
  const limits = config.ratelimits ?? [];
  const numbers = limits.map(({ namespace_id: number }) => String(number));
  const repeated = [...new Set(numbers.filter((number, index) => numbers.indexOf(number) !== index))];
  return [
    ...RATE_LIMITS.map(({ name, bounds }) => {
      const about = `rate limit ${bindingName(project, name)}`;
      return limits.some((limit) => limit.name === bindingName(project, name))
        ? right(about, bounds)
        : advice(about, `is not there: nothing bounds ${bounds}`, `add it to ratelimits of ${wranglerFile}`);
    }),
    ...repeated.map((number) =>
      wrong(
        "ratelimits",
        `two limits have the namespace_id ${number}: they count together`,
        "give each a number of its own",
      ),
    ),
  ];
}
