/** Writes the OpenAPI document of the server API into the file that is named. */
import { writeFileSync } from "node:fs";
import { openApiDocument } from "../../../../src/api/openapi.ts";

const [, , file = "openapi.json"] = process.argv;
writeFileSync(file, JSON.stringify(openApiDocument()));
