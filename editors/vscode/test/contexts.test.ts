import { expect, it } from "vitest";

import { contextKeys } from "../src/features/deployment/contexts";
import { deployment, STAGED } from "./sample";

it("nothing can be done without a deployment", () => {
  expect(Object.values(contextKeys([]))).toEqual([false, false, false, false, false]);
});

it("what one deployment allows can be done", () => {
  const stoppable = deployment({ id: "d2", can: { execute: false, abort: false, stop: true } });
  expect(contextKeys([deployment(STAGED), stoppable])).toEqual({
    "sigma.canExecute": true,
    "sigma.canAbort": true,
    "sigma.canStop": true,
    "sigma.hasQuestion": false,
    "sigma.hasDeployment": true,
  });
});
