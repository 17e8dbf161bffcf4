import type { Command } from "commander";
import { describeDoctor } from "./doctor.ts";
import { describeHistory } from "./history.ts";
import { describeInit } from "./init.ts";
import { describeChannels, describeInfo } from "./lists.ts";
import { describeLoad } from "./load.ts";
import { describeMigrate } from "./migrate.ts";
import { describePresence } from "./presence.ts";
import { describeProfile } from "./profile.ts";
import { describePublish } from "./publish.ts";
import { describeToken } from "./token.ts";
import { describeTop } from "./top.ts";
import { describeTrace } from "./trace.ts";
import {
  describeBlock,
  describeConnections,
  describeDisconnect,
  describeUnblock,
  describeUnsubscribe,
} from "./users.ts";

export function addCommands(program: Command): void {
  program.description("Starts, checks and operates a Poorwill gateway.");
  program.commandsGroup("For the files of a gateway:");
  describeInit(program.command("init"), "poorwill init");
  describeToken(program.command("token"));
  describeDoctor(program.command("doctor"));
  describeMigrate(program.command("migrate"));
  program.commandsGroup("For a gateway that runs:");
  describeProfile(program.command("profile"));
  describePublish(program.command("publish"));
  describeHistory(program.command("history"));
  describePresence(program.command("presence"));
  describeChannels(program.command("channels"));
  describeInfo(program.command("info"));
  describeConnections(program.command("connections"));
  describeUnsubscribe(program.command("unsubscribe"));
  describeDisconnect(program.command("disconnect"));
  describeBlock(program.command("block"));
  describeUnblock(program.command("unblock"));
  describeTop(program.command("top"));
  describeTrace(program.command("trace"));
  describeLoad(program.command("load"));
}
