// Carries out what a person did in the monitor to one deployment.
import { env, Uri } from "vscode";

import type { Deployment } from "../../protocol.gen";
import { helpFor } from "../deployment/help";
import { openUrl, revealLocation } from "../deployment/open";
import type { Requests } from "../deployment/requests";
import type { Templates } from "../deployment/templates";
import type { Done } from "./messages";
import { placeOf } from "./place";

export interface Means {
  readonly requests: Requests;
  readonly templates: Templates;
  readonly showLog: (deployment: Deployment) => Promise<void>;
  readonly trySandbox: (deployment: Deployment) => Promise<void>;
}

export async function carryOut(
  deployment: Deployment,
  done: Extract<Done, { deployment: string }>,
  { requests, templates, showLog, trySandbox }: Means,
): Promise<void> {
  switch (done.kind) {
    case "execute":
      return requests.execute(deployment, done.plan);
    case "abort":
      return requests.abort(deployment);
    case "stop":
      return requests.stop(deployment);
    case "answer":
      return requests.answer(deployment, done.question, done.answer);
    case "template":
      return templates.save(Uri.parse(deployment.project.uri), deployment.stage ?? undefined);
    case "logs":
      return showLog(deployment);
    case "console":
      return deployment.stack.consoleUrl === undefined ? undefined : openUrl(deployment.stack.consoleUrl);
    case "help": {
      const help = helpFor(deployment);
      return help === undefined ? undefined : openUrl(help.url);
    }
    case "trySandbox":
      return trySandbox(deployment);
    case "reveal": {
      const location = placeOf(deployment, done.place);
      return location === undefined ? undefined : revealLocation(location);
    }
    case "copyOutput":
    case "openOutput": {
      const output = deployment.outputs.find((each) => each.name === done.output && !each.sensitive);
      if (output === undefined) {
        return;
      }
      return done.kind === "copyOutput" ? env.clipboard.writeText(output.value) : openUrl(output.value);
    }
    case "select":
      return; // The monitor's own affair.
  }
}
