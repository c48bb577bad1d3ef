// What the Project Info page and the extension tell each other. Addresses and values never come from the page.
import type { Artifact, Deployment, Failure, Output } from "../../protocol.gen";
import type { Look } from "../deployment/words";

export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** One deployment of the past. */
export interface Past {
  readonly deployment: string;
  readonly when: string;
  readonly what: string;
  readonly result: string;
  readonly look: Look;
  readonly changes: string;
  readonly took: string;
  /** Whether it staged a template that can be looked at. */
  readonly staged: boolean;
}

export interface Last {
  readonly deployment: string;
  readonly title: string;
  readonly result: string;
  readonly look: Look;
  readonly message: string;
  readonly facts: readonly Fact[];
  readonly failures: readonly Failure[];
  /** Without the values of sensitive ones. */
  readonly outputs: readonly Output[];
}

export type Build =
  | { readonly kind: "unknown" }
  | { readonly kind: "building" }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "built"; readonly artifacts: readonly Artifact[] };

/** Everything that the page shows. */
export interface Info {
  readonly project: string;
  readonly name: string;
  readonly trusted: boolean;
  readonly facts: readonly Fact[];
  readonly build: Build;
  /** Absent: nothing was deployed yet. */
  readonly last?: Last;
  readonly history: readonly Past[];
}

export type Done =
  /** The page is there, or there again. */
  | { readonly kind: "ready" }
  | { readonly kind: "deploy" }
  | { readonly kind: "trust" }
  | { readonly kind: "build" }
  | { readonly kind: "template" }
  | { readonly kind: "compare" }
  | { readonly kind: "source" }
  | { readonly kind: "monitor"; readonly deployment: Deployment["id"] }
  | { readonly kind: "logs"; readonly deployment: Deployment["id"] }
  | { readonly kind: "staged"; readonly deployment: Deployment["id"] }
  | { readonly kind: "copyOutput"; readonly output: string }
  | { readonly kind: "openOutput"; readonly output: string };

/** What the page keeps, so that a window that is loaded again shows the same project. */
export interface Kept {
  readonly project: string;
}
