/**
 * Version 1, in which hubs told each other finished JSON: pushes as clients of one codec read them, infos and results as
 * text. Hubs of its first builds leave out what later ones have added.
 */
import type { CallForms } from "../call-forms.ts";
import { deliver } from "./deliver.ts";
import { manage } from "./manage.ts";
import { members, presence } from "./presence.ts";
import { publish } from "./publish.ts";
import { follow, history } from "./reads.ts";

export const version1: CallForms = { publish, follow, history, presence, members, deliver, manage };
