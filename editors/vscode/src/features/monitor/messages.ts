// What the Deployment Monitor's page and the extension tell each other. Places and addresses never come from the page:
// it names what a person clicked, and the extension looks up what that is.
import type { Deployment } from "../../protocol.gen";

/** A deployment that can be looked at. */
export interface Listed {
  readonly id: string;
  readonly label: string;
}

/** From the extension: everything that the page shows, each time. */
export interface Shown {
  readonly kind: "show";
  readonly server: "starting" | "running" | "stopped";
  /** Whether the workspace is: else nothing of it is deployed. */
  readonly trusted: boolean;
  readonly autoExecute: boolean;
  /** How often this page's check box was pressed when that was so: the page knows better until all of its presses are heard. */
  readonly presses: number;
  readonly listed: readonly Listed[];
  /** Grows with each answer to the open question, so that one whose answer was refused can be answered again. */
  readonly answers: number;
  /** Absent: nothing is deployed yet. */
  readonly deployment?: Deployment;
}

export type Answer = string | Readonly<Record<string, string>>;

/** Something of a deployment that has a place in the manifest. */
export type Place =
  | { readonly kind: "change"; readonly change: string }
  | { readonly kind: "cause"; readonly change: string; readonly index: number }
  | { readonly kind: "failure"; readonly index: number };

/** From the page: what a person did there. */
export type Done =
  /** The page is there, or there again; `selected` is what it showed before. */
  | { readonly kind: "ready"; readonly selected: string | undefined }
  | { readonly kind: "deployProject" }
  | { readonly kind: "manageTrust" }
  | { readonly kind: "restartServer" }
  | { readonly kind: "explainServer" }
  | { readonly kind: "select"; readonly deployment: string }
  | { readonly kind: "autoExecute"; readonly value: boolean }
  /** `plan` is the one that was on the screen. */
  | { readonly kind: "execute"; readonly deployment: string; readonly plan: string | undefined }
  | { readonly kind: "abort"; readonly deployment: string }
  | { readonly kind: "stop"; readonly deployment: string }
  | { readonly kind: "template"; readonly deployment: string }
  | { readonly kind: "logs"; readonly deployment: string }
  | { readonly kind: "console"; readonly deployment: string }
  | { readonly kind: "help"; readonly deployment: string }
  | { readonly kind: "trySandbox"; readonly deployment: string }
  | { readonly kind: "answer"; readonly deployment: string; readonly question: string; readonly answer: Answer }
  | { readonly kind: "reveal"; readonly deployment: string; readonly place: Place }
  | { readonly kind: "copyOutput"; readonly deployment: string; readonly output: string }
  | { readonly kind: "openOutput"; readonly deployment: string; readonly output: string };
