import { DeliveryScene, fill } from "../delivery-scene.ts";
import { TestHub } from "./test-hub.ts";

export { dataOf, FATES, Gate, pushesTo, untilSettled } from "../delivery-scene.ts";

/** A channel, its home, hubs that follow it, and what they say to each other. No call is given up until a test says so. */
export class Scene extends DeliveryScene<TestHub> {
  constructor(namespace: string, edges: number) {
    super((settings) => new TestHub(settings), namespace, edges);
  }
}

/** A scene with one edge, somebody there who reads, and somebody at the home who writes. */
export const openScene = (namespace: string) => fill(new Scene(namespace, 1));
