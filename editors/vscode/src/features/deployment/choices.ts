// Where a project is deployed to: its stage, and the cloud or the sandbox. Both are settings, and remembered as such.
import { type QuickPickItem, window } from "vscode";

import * as config from "../../config";
import { chooseManifest } from "../../projects";
import type { Outlines } from "../projects/outlines";

export async function selectStage(called: unknown, outlines: Outlines): Promise<void> {
  const manifest = await chooseManifest(called);
  if (manifest === undefined) {
    return;
  }
  await outlines.read();
  const stages = (outlines.of(manifest)?.stages ?? []).map(({ id }) => id);
  if (stages.length === 0) {
    void window.showInformationMessage("This project has no stages: it is deployed as one whole. Name some under `stages` in sigma.yaml.");
    return;
  }
  const chosen = config.stage(manifest);
  const picked = await window.showQuickPick(
    stages.map((stage, index): QuickPickItem => ({
      label: stage,
      description: [...(index === 0 ? ["the first one"] : []), ...(stage === (chosen === "" ? stages[0] : chosen) ? ["selected"] : [])].join(", "),
    })),
    { title: "Which stage is deployed?" },
  );
  if (picked !== undefined) {
    await config.setStage(picked.label, manifest);
  }
}

export async function selectTarget(called: unknown): Promise<void> {
  const manifest = await chooseManifest(called);
  if (manifest === undefined) {
    return;
  }
  const sandbox = config.sandbox(manifest);
  const item = (label: string, detail: string, value: boolean): QuickPickItem & { value: boolean } => ({
    label,
    detail,
    description: value === sandbox ? "selected" : "",
    value,
  });
  const picked = await window.showQuickPick(
    [
      item("Cloud", "The account that your credentials are for", false),
      item("Sandbox", "The embedded cloud on this machine: functions really run, nothing costs anything", true),
    ],
    { title: "Where is the project deployed to?" },
  );
  if (picked !== undefined) {
    await config.setSandbox(picked.value, manifest);
  }
}
