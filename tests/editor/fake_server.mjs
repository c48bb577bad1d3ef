#!/usr/bin/env node
// A language server that only tells stories: scripted deployments by docs/protocol.md, for tests of the extension alone.
// The file that SIGMA_FAKE_STORY names holds the name of the story that the next deployment tells.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../editors/vscode/package.json", import.meta.url));
const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = require("vscode-jsonrpc/node");

const connection = createMessageConnection(new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout));
const deployments = new Map();
const stories = new Map(); // what each deployment tells
const waiting = new Map(); // what goes on once a person has decided, by deployment
const stopped = new Set(); // those that were told to stop
const texts = new Map(); // of the open manifests
let settings = {};
let manifest = "";

const COMMANDS = ["deploy", "undeploy", "execute", "abort", "stop", "answer", "build", "template", "deployments", "history", "logs"];
const told = () => readFileSync(process.env.SIGMA_FAKE_STORY, "utf8");
/** What outlives this process, for the story that is taken up again by the next one. */
const JOURNAL = `${process.env.SIGMA_FAKE_STORY}.journal`;

connection.onRequest("initialize", ({ initializationOptions, capabilities }) => {
  settings = initializationOptions;
  takeUp();
  if (capabilities.experimental?.sigma?.protocol !== 1) {
    throw new Error("the client does not announce experimental.sigma");
  }
  return {
    serverInfo: { name: "sigma-ls" },
    capabilities: {
      textDocumentSync: 1,
      documentSymbolProvider: true,
      executeCommandProvider: { commands: COMMANDS.map((name) => `sigma.${name}`) },
      experimental: { sigma: { protocol: 1 } },
    },
  };
});
connection.onRequest("shutdown", () => null);
connection.onNotification("exit", () => process.exit(0));
connection.onNotification("workspace/didChangeConfiguration", ({ settings: all }) => {
  settings = all?.sigma ?? settings;
});
connection.onNotification("textDocument/didOpen", ({ textDocument }) => check(textDocument.uri, textDocument.text));
connection.onNotification("textDocument/didChange", ({ textDocument, contentChanges }) =>
  check(textDocument.uri, contentChanges.at(-1).text),
);

/** Keys at the margin, and those below them that are indented by two. */
connection.onRequest("textDocument/documentSymbol", ({ textDocument }) => {
  const found = [];
  (texts.get(textDocument.uri) ?? "").split("\n").forEach((text, line) => {
    const [, indent, name] = /^( {2})?([\w-]+):/.exec(text) ?? [];
    if (name !== undefined) {
      const start = { line, character: indent === undefined ? 0 : 2 };
      const range = { start, end: { line, character: start.character + name.length } };
      const symbol = { name, kind: 20, range, selectionRange: range, children: [] };
      (indent === undefined ? found : (found.at(-1)?.children ?? found)).push(symbol);
    }
  });
  return found;
});

function check(uri, text) {
  manifest = uri;
  texts.set(uri, text);
  const diagnostics = text.split("\n").flatMap((line, index) => {
    const at = line.indexOf("fault");
    const range = { start: { line: index, character: at }, end: { line: index, character: at + 5 } };
    return at < 0 ? [] : [{ range, severity: 1, source: "sigma", code: "SIG000", message: "This is a fault" }];
  });
  void connection.sendNotification("textDocument/publishDiagnostics", { uri, diagnostics });
}

const handlers = {
  "sigma.deploy": ({ project, stage, sandbox, autoExecute }) => begin(project, stage, sandbox, autoExecute),
  "sigma.execute": ({ deployment }) => decide(deployment, "execute"),
  "sigma.abort": ({ deployment }) => decide(deployment, "abort"),
  "sigma.stop": ({ deployment }) => {
    stopped.add(deployment);
    return deployments.get(deployment);
  },
  "sigma.answer": ({ deployment, answer }) => decide(deployment, answer),
  "sigma.deployments": () => [...deployments.values()],
  "sigma.history": ({ project }) =>
    [...deployments.values()].filter((each) => each.project.uri === project && each.phase === "completed").reverse(),
  "sigma.template": ({ format, deployment }) => {
    if (format === "json") {
      return { text: '{"Resources": {}}', languageId: "json", resources: 0 };
    }
    return { text: deployment === undefined ? "Resources: {}\n" : "Resources: {Old: {}}\n", languageId: "yaml", resources: 0 };
  },
  "sigma.build": () => ({
    artifacts: [
      { function: "upload", hash: "a1b2c3d4e5", size: 1234, upToDate: true },
      { function: "resize", hash: "f6a7b8c9d0", size: 4_567_890, upToDate: false },
    ],
  }),
  "sigma.logs": () => [
    { at: "2026-01-01T00:00:00Z", resource: "Images", type: "AWS::S3::Bucket", status: "CREATE_COMPLETE" },
    { at: "2026-01-01T00:00:01Z", resource: "Resize", type: "AWS::Lambda::Function", status: "CREATE_FAILED", reason: "No code" },
  ],
};
connection.onRequest("workspace/executeCommand", ({ command, arguments: [params] }) => handlers[command](params));

function begin(project, stage, sandbox, autoExecute) {
  const id = `d${deployments.size + 1}`;
  const now = new Date().toISOString();
  const uri = project ?? manifest;
  const name = uri.split("/").at(-2);
  stories.set(id, told());
  deployments.set(id, {
    id,
    revision: 0,
    operation: "deploy",
    project: { uri, name },
    stage: /^stages:/m.test(texts.get(uri) ?? "") ? (stage ?? (settings.stage || "dev")) : null,
    sandbox,
    engine: "cloudformation",
    stack: { name: `${name}-dev`, region: "eu-west-1", consoleUrl: "https://console.example/thumbnailer-dev" },
    phase: "initialization",
    message: "Looking at the stack",
    changes: [],
    progress: { done: 0, total: 0, failed: 0 },
    outputs: [],
    failures: [],
    can: { execute: false, abort: true, stop: false },
    autoExecute,
    startedAt: now,
    updatedAt: now,
  });
  void tell(id);
  return deployments.get(id);
}

function decide(id, decision) {
  const go = waiting.get(id);
  waiting.delete(id);
  go?.(decision);
  return deployments.get(id);
}

/** Waits for a decision of a person. */
function decision(id) {
  return new Promise((resolve) => waiting.set(id, resolve));
}

function show(id, fields) {
  const before = deployments.get(id);
  const next = { ...before, ...fields, revision: before.revision + 1, updatedAt: new Date().toISOString() };
  deployments.set(id, next);
  void connection.sendNotification("sigma/deployment/didChange", { deployment: next });
  if (stories.get(id) === "outlives") {
    writeFileSync(JOURNAL, JSON.stringify(next));
  }
}

/** Goes on with what the process before this one was at. */
function takeUp() {
  if (existsSync(JOURNAL)) {
    const left = JSON.parse(readFileSync(JOURNAL, "utf8"));
    deployments.set(left.id, left);
    stories.set(left.id, "outlives");
    if (left.phase === "monitoring") {
      void run(left.id, left.changes);
    }
  }
}

/** The change in the midst of which a story stands still until another one is told. */
const HOLDS_AT = { holds: 2, outlives: 2, updates: 2, crashes: 1 };

/** Waits until another story is told: what is to be seen meanwhile is there for as long as a script needs. */
async function another(story, orElse = () => false) {
  while (told() === story && !orElse()) {
    await pause(50);
  }
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const RESOURCES = [
  ["Images", "AWS::S3::Bucket", "images"],
  ["Thumbnails", "AWS::S3::Bucket", "thumbnails"],
  ["Resize", "AWS::Lambda::Function", "resize"],
  ["Failed", "AWS::SQS::Queue", "failed"],
];
/** Milliseconds that a change takes: enough to see that it is being made. */
const STEP = 250;
/** As many changes as the story `many` has. */
const MANY = 500;
const NOTHING = { execute: false, abort: false, stop: false };

function summaryOf(changes) {
  const of = (action) => changes.filter((change) => change.action === action).length;
  return { add: of("add"), modify: of("modify"), replace: of("replace"), remove: of("remove") };
}

async function tell(id) {
  await pause(50);
  const story = stories.get(id);
  const location = { uri: deployments.get(id).project.uri, range: { start: { line: 2, character: 0 }, end: { line: 2, character: 4 } } };
  const many = Array.from({ length: MANY }, (_, index) => [`Queue${index}`, "AWS::SQS::Queue", `queue-${index}`]);
  let changes = (story === "many" ? many : RESOURCES).map(([logical, type, name]) => ({
    id: logical,
    resource: { type, name },
    action: "add",
    replacement: "never",
    risk: "none",
    causes: [],
    status: "pending",
    location,
  }));
  if (story === "updates") {
    const causes = [
      { property: "MemorySize", before: "128", after: "256", location },
      { property: "Environment.Variables.IMAGES", before: "old-bucket", after: "new-bucket" },
    ];
    changes = changes.map((change) => ({ ...change, action: "modify" }));
    changes[1] = { ...changes[1], action: "replace", replacement: "will", risk: "dataLoss", causes: [{ property: "BucketName", before: "a", after: "b" }] };
    changes[2] = { ...changes[2], replacement: "may", risk: "interruption", causes };
  }
  if (story === "locked-out") {
    const message = "There are no AWS credentials. Run `aws configure`, or name a profile that has some.";
    show(id, { phase: "completed", outcome: "failed", message, code: "credentialsMissing", can: NOTHING, endedAt: new Date().toISOString() });
    return;
  }
  if (story === "has-no-artifact") {
    const reason = "The build artifact dist/resize.zip does not exist. Build it, or correct `code`.";
    const failures = [{ change: "Resize", resource: "resize", reason, rootCause: true, location }];
    show(id, { phase: "build", message: "Packing the code" });
    await pause(50);
    show(id, { phase: "completed", reached: "build", outcome: "failed", message: reason, failures, can: NOTHING, endedAt: new Date().toISOString() });
    return;
  }
  if (story === "commits") {
    const choices = [
      { id: "commit", title: "Commit" },
      { id: "skip", title: "Deploy Without Committing" },
      { id: "abort", title: "Abort" },
    ];
    const values = [{ name: "message", title: "Commit message", secret: false, default: "Deploy thumbnailer (dev)" }];
    const text = "Uncommitted changes: sigma.yaml and src/resize.py (1 new). Commit before deploying?";
    show(id, { question: { id: "commit-1-1", kind: "commit", text, choices, values } });
    const answer = await decision(id);
    if (answer?.message !== "Resize larger images") {
      throw new Error(`unexpected answer ${JSON.stringify(answer)}`);
    }
    const refused = `Nothing was committed. A commit hook refused it: unused import. ${text}`;
    show(id, { question: { id: "commit-1-2", kind: "commit", text: refused, choices, values } });
    if ((await decision(id)) !== "skip") {
      throw new Error("unexpected answer");
    }
    show(id, { question: undefined });
  }
  if (story === "asks") {
    const values = [{ name: "API_KEY", title: "Key of the API", secret: true }];
    show(id, { phase: "preparation", question: { id: "q1", kind: "values", text: "One value is needed.", choices: [], values } });
    const answer = await decision(id);
    if (answer?.API_KEY !== "s3cret") {
      throw new Error(`unexpected answer ${JSON.stringify(answer)}`);
    }
    show(id, { question: undefined });
  }
  if (story === "unrecoverable") {
    const choices = [
      { id: "recreate", title: "Delete and Create Again", destructive: true },
      { id: "abort", title: "Leave It" },
    ];
    const text = "The stack thumbnailer-dev is in state ROLLBACK_COMPLETE, from which it cannot be updated.";
    show(id, { phase: "preparation", question: { id: "q1", kind: "recreateStack", text, choices } });
    if ((await decision(id)) === "abort") {
      show(id, { question: undefined, phase: "completed", outcome: "aborted", message: "Aborted", can: NOTHING });
      return;
    }
    show(id, { question: undefined });
  }
  show(id, { phase: "staging", message: "Listing the changes" });
  await pause(100);
  if (!deployments.get(id).autoExecute) {
    const plan = { id: "p1", summary: summaryOf(changes) };
    const can = { execute: true, abort: true, stop: false };
    show(id, { phase: "staged", message: `${changes.length} changes are ready`, plan, can, ...counted(changes) });
    if ((await decision(id)) === "abort") {
      show(id, { phase: "completed", outcome: "aborted", message: "Aborted", can: NOTHING, endedAt: new Date().toISOString() });
      return;
    }
  }
  await run(id, changes);
}

function counted(changes) {
  const of = (status) => changes.filter((change) => change.status === status).length;
  return { changes, progress: { done: of("succeeded"), total: changes.length, failed: of("failed") } };
}

/** Makes the changes that are still to be made. */
async function run(id, changes) {
  const story = stories.get(id);
  const set = (index, fields) => {
    changes = changes.map((change, at) => (at === index ? { ...change, ...fields } : change));
    return counted(changes);
  };
  const end = (fields) => show(id, { phase: "completed", can: NOTHING, endedAt: new Date().toISOString(), ...fields });
  show(id, { phase: "monitoring", message: "Creating", can: { ...NOTHING, stop: true, stopMeans: "rollback" }, ...counted(changes) });
  for (const index of changes.keys()) {
    if (changes[index].status === "succeeded") {
      continue;
    }
    const startedAt = new Date().toISOString();
    const running = set(index, { status: "inProgress", startedAt });
    show(id, { ...running, progress: { ...running.progress, etaSeconds: Math.ceil(((changes.length - index) * STEP) / 1000) } });
    await pause(story === "many" ? 10 : STEP);
    if (index === (HOLDS_AT[story] ?? -1)) {
      await another(story, () => stopped.has(id));
    }
    if (story === "crashes" && index === 1) {
      process.exit(3);
    }
    if (stopped.has(id)) {
      const reason = "Resource creation cancelled";
      show(id, { phase: "rollingBack", message: "Rolling back", can: NOTHING, ...set(index, { status: "failed", reason, endedAt: new Date().toISOString() }) });
      await another(story);
      for (const [other, { status }] of changes.entries()) {
        if (status === "succeeded") {
          show(id, set(other, { status: "rolledBack" }));
        } else if (status === "pending") {
          show(id, set(other, { status: "cancelled" }));
        }
      }
      end({ outcome: "stopped", message: "Stopped, and rolled back" });
      return;
    }
    if (["fails", "rolls-back"].includes(story) && index === 2) {
      const reason = "The code of resize is not a zip archive.";
      const { location } = changes[index];
      show(id, { phase: "rollingBack", can: NOTHING, ...set(index, { status: "failed", reason, endedAt: new Date().toISOString() }) });
      await (story === "rolls-back" ? another(story) : pause(STEP));
      for (const other of [0, 1]) {
        show(id, set(other, { status: "rolledBack" }));
      }
      const failures = [{ change: "Resize", resource: "resize", reason, rootCause: true, location }];
      end({ outcome: "rolledBack", message: "Rolled back", failures, ...set(3, { status: "cancelled" }) });
      return;
    }
    show(id, set(index, { status: "succeeded", endedAt: new Date().toISOString() }));
  }
  const outputs = [
    { name: "Url", description: "Where images are posted.", value: "http://127.0.0.1:9/images", sensitive: false },
    { name: "Bucket", value: "thumbnailer-dev-thumbnails", sensitive: false },
    { name: "Key", value: "", sensitive: true },
  ];
  end({ outcome: "succeeded", message: "Deployed", outputs });
}

connection.listen();
