// What the code lenses on a project say. Knows no VS Code.
import type { Deployment } from "../../protocol.gen";
import { day, look, type Look, NOT_TRUSTED, progress } from "./words";

export interface Lens {
  /** With an icon in front, as code lenses have it. */
  readonly text: string;
  readonly hover: string;
  readonly command: string;
  /** The deployment that it is about, by its id. */
  readonly deployment?: string;
}

export interface Chosen {
  /** Empty: the manifest's first one. */
  readonly stage: string;
  /** Those that the manifest declares. */
  readonly stages: readonly string[];
  readonly sandbox: boolean;
}

const ICONS: Record<Look, string> = {
  question: "$(question)",
  ready: "$(checklist)",
  busy: "$(loading~spin)",
  good: "$(pass)",
  over: "$(circle-slash)",
  bad: "$(error)",
};

/** `deployments` are those of the project, the ones that run first, then the newest first. */
export function lenses(deployments: readonly Deployment[], chosen: Chosen, trusted: boolean): Lens[] {
  // A stage that is selected for a whole workspace means nothing to a project that has none of that name.
  const stage = chosen.stages.includes(chosen.stage) ? chosen.stage : chosen.stages[0];
  const here = deployments.find((each) => each.sandbox === chosen.sandbox && (stage === undefined || each.stage === stage));
  return [
    trusted
      ? {
          text: "$(cloud-upload) Deploy",
          hover: "Lists the changes before anything is changed",
          command: "sigma.deployProject",
        }
      : {
          text: "$(workspace-untrusted) Manage Workspace Trust",
          hover: NOT_TRUSTED,
          command: "sigma.manageTrust",
        },
    ...(stage === undefined
      ? [] // There is nothing to select.
      : [{ text: `stage ${stage}`, hover: "Select the stage to deploy", command: "sigma.selectStage" }]),
    {
      text: chosen.sandbox ? "to the sandbox" : "to the cloud",
      hover: "Select where to deploy to: an account, or the embedded cloud on this machine",
      command: "sigma.selectTarget",
    },
    ...(here === undefined
      ? []
      : [
          {
            text: `${ICONS[look(here)]} ${progress(here)}${here.endedAt === undefined ? "" : ` ${day(here.endedAt)}`}`,
            hover: here.message,
            command: "sigma.showInMonitor",
            deployment: here.id,
          },
        ]),
  ];
}
