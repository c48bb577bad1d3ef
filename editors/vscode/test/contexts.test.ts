import { expect, it } from "vitest";

import { contextKeys } from "../src/features/deployment/contexts";
import { deployment, STAGED } from "./sample";

it("nothing can be done without a deployment", () => {
  expect(Object.values(contextKeys([]))).not.toContain(true);
});

it("what one deployment allows can be done", () => {
  const stoppable = deployment({ id: "d2", can: { execute: false, abort: false, stop: true } });
  expect(contextKeys([deployment(STAGED), stoppable])).toEqual({
    "sigma.canExecute": true,
    "sigma.canAbort": true,
    "sigma.canStop": true,
    "sigma.hasQuestion": false,
    "sigma.hasDeployment": true,
    "sigma.inSandbox": false,
    "sigma.inCloud": false,
  });
});

it("the walkthrough's last steps are done by what is deployed, and by nothing less", () => {
  const where = (fields: Parameters<typeof deployment>[0]): boolean[] => {
    const keys = contextKeys([deployment({ phase: "completed", ...fields })]);
    return [keys["sigma.inSandbox"], keys["sigma.inCloud"]];
  };
  expect(where({ sandbox: true, outcome: "succeeded" })).toEqual([true, false]);
  expect(where({ sandbox: false, outcome: "noChanges" })).toEqual([false, true]);
  expect(where({ sandbox: false, outcome: "rolledBack" })).toEqual([false, false]);
  expect(where({ sandbox: true, outcome: "succeeded", operation: "undeploy" })).toEqual([false, false]);
});
