// The text for a bug report. Knows no VS Code. Values of outputs, answers and settings that name places are left out.
import type { Deployment } from "./protocol.gen";
import type { ServerState } from "./server/state";

export interface Circumstances {
  readonly extension: string;
  readonly editor: string;
  readonly system: string;
  readonly trusted: boolean;
  readonly server: ServerState;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly deployments: readonly Deployment[];
}

/** Settings whose value says nothing of whose machine or cloud it is; of the others it is told only that they are set. */
const HARMLESS: ReadonlySet<string> = new Set(["autoExecute", "sandbox", "pollInterval", "cfnLint", "commit", "trace"]);

export function diagnosticsText(all: Circumstances): string {
  const settings = Object.entries(all.settings).map(([name, value]) => {
    const shown = HARMLESS.has(name) ? JSON.stringify(value) : value === "" ? "not set" : "set";
    return `- \`sigma.${name}\`: ${shown}`;
  });
  const server = all.server.kind === "stopped" ? `stopped: ${all.server.message}` : all.server.kind;
  return [
    "# Sigma: diagnostics",
    "",
    "Read this before you pass it on: messages of a cloud may name what you would rather keep to yourself.",
    "",
    `- Extension: ${all.extension}`,
    `- Editor: ${all.editor}`,
    `- System: ${all.system}`,
    `- Workspace: ${all.trusted ? "trusted" : "not trusted"}`,
    `- Language server: ${server}`,
    ...settings,
    ...all.deployments.flatMap(section),
    "",
  ].join("\n");
}

export interface Private {
  readonly home: string;
  /** Numbers of cloud accounts. */
  readonly accounts: readonly string[];
}

/** `sigma-diagnostics-2026-01-31-120503.zip`: a second one does not take the place of the first. */
export function fileName(now: Date): string {
  const [date = "", time = ""] = now.toISOString().slice(0, 19).split("T");
  return `sigma-diagnostics-${date}-${time.replaceAll(":", "")}.zip`;
}

/**
 * Without what tells whose machine and account it is, and without the content of messages between editor and server, which is
 * logged where `sigma.trace` says so: of those the names stay. Secrets are in none of these texts: this is a second look at
 * that.
 */
export function redacted(text: string, { home, accounts }: Private): string {
  const known = accounts.reduce((rest, account) => rest.replaceAll(account, "<account>"), home.length > 1 ? text.replaceAll(home, "~") : text);
  return known
    .replaceAll(/((?:from|to) the editor: \S+(?: \(\S+\))?) \{.*/g, "$1 <content>")
    .replaceAll(/(["']answers?["']\s*:\s*)(?:"(?:[^"\\]|\\.)*"|\{[^}]*\})/g, '$1"<hidden>"')
    .replaceAll(/\b(arn:[\w-]+:[\w-]*:[\w-]*:)\d{12}(?=:)/g, "$1<account>")
    .replaceAll(/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, "<access key>")
    .replaceAll(/\b(aws_secret_access_key|aws_session_token|password|secret|token)(["']?\s*[=:]\s*["']?)[^\s"',}]+/gi, "$1$2<hidden>");
}

function section(deployment: Deployment): string[] {
  const { operation, engine, sandbox, phase, outcome, stackStatus, progress, stack, changes, failures } = deployment;
  const without = (text: string): string => (stack.account === undefined ? text : text.replaceAll(stack.account, "<account>"));
  const reason = (text: string | undefined): string => (text === undefined ? "" : `: ${without(text).replaceAll("\n", " ")}`);
  return [
    "",
    `## ${operation}, ${engine}${sandbox ? ", sandbox" : ""}`,
    "",
    `- Phase: ${phase}${outcome === undefined ? "" : `, ${outcome}`}${stackStatus === undefined ? "" : `, ${stackStatus}`}`,
    `- From ${deployment.startedAt} to ${deployment.endedAt ?? deployment.updatedAt}, revision ${deployment.revision}`,
    `- Changes: ${progress.done} of ${progress.total} done, ${progress.failed} failed`,
    `- Message${reason(deployment.message)}`,
    ...failures.map((failure) => `- ${failure.rootCause ? "Root cause" : "Failure"}${reason(failure.reason)}`),
    ...changes.map((change) => `- ${change.resource.type}, ${change.action}, ${change.status}${reason(change.reason)}`),
  ];
}
