import type { Command } from "commander";
import { describeDoctor } from "./doctor.ts";
import { describeInit } from "./init.ts";
import { describeMigrate } from "./migrate.ts";
import { describeToken } from "./token.ts";

export function addCommands(program: Command): void {
  program.description("Starts, checks and helps a Poorwill gateway.");
  describeInit(program.command("init"), "poorwill init");
  describeToken(program.command("token"));
  describeDoctor(program.command("doctor"));
  describeMigrate(program.command("migrate"));
}
