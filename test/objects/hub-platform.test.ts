import { testPlatform } from "../support/platform-suite.ts";
import { scenario, TestHub } from "./test-hub.ts";

testPlatform((settings) => new TestHub(settings), scenario);
