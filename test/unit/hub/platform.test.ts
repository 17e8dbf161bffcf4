import { scenario, TestHub } from "../../support/node/test-hub.ts";
import { testPlatform } from "../../support/platform-suite.ts";

testPlatform((settings) => new TestHub(settings), scenario);
