#!/usr/bin/env node
// A language server that only tells stories: scripted deployments by docs/protocol.md, for tests of the extension alone.
// The file that SIGMA_FAKE_STORY names holds the name of the story; it becomes the stage.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../editors/vscode/package.json", import.meta.url));
const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = require("vscode-jsonrpc/node");

const connection = createMessageConnection(new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout));
const deployments = new Map();
const waiting = new Map(); // what goes on once a person has decided, by deployment
let settings = {};
let manifest = "";

const COMMANDS = ["deploy", "undeploy", "execute", "abort", "stop", "answer", "build", "template", "deployments", "logs"];

connection.onRequest("initialize", ({ initializationOptions, capabilities }) => {
  settings = initializationOptions;
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

connection.onRequest("textDocument/documentSymbol", () => {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 4 } };
  const symbol = (name, children = []) => ({ name, kind: 20, range, selectionRange: range, children });
  return [symbol("stages", [symbol("dev"), symbol("prod")])];
});

function check(uri, text) {
  manifest = uri;
  const diagnostics = text.split("\n").flatMap((line, index) => {
    const at = line.indexOf("fault");
    const range = { start: { line: index, character: at }, end: { line: index, character: at + 5 } };
    return at < 0 ? [] : [{ range, severity: 1, source: "sigma", code: "SIG000", message: "This is a fault" }];
  });
  void connection.sendNotification("textDocument/publishDiagnostics", { uri, diagnostics });
}

const handlers = {
  "sigma.deploy": ({ project, autoExecute }) => begin(project, autoExecute),
  "sigma.execute": ({ deployment }) => decide(deployment, "execute"),
  "sigma.abort": ({ deployment }) => decide(deployment, "abort"),
  "sigma.stop": ({ deployment }) => decide(deployment, "stop"),
  "sigma.answer": ({ deployment, answer }) => decide(deployment, answer),
  "sigma.deployments": () => [...deployments.values()],
  "sigma.template": ({ format }) =>
    format === "json"
      ? { text: '{"Resources": {}}', languageId: "json", resources: 0 }
      : { text: "Resources: {}\n", languageId: "yaml", resources: 0 },
  "sigma.logs": () => [
    { at: "2026-01-01T00:00:00Z", resource: "Images", type: "AWS::S3::Bucket", status: "CREATE_COMPLETE" },
    { at: "2026-01-01T00:00:01Z", resource: "Resize", type: "AWS::Lambda::Function", status: "CREATE_FAILED", reason: "No code" },
  ],
};
connection.onRequest("workspace/executeCommand", ({ command, arguments: [params] }) => handlers[command](params));

function begin(project, autoExecute) {
  const id = `d${deployments.size + 1}`;
  const now = new Date().toISOString();
  deployments.set(id, {
    id,
    revision: 0,
    operation: "deploy",
    project: { uri: project ?? manifest, name: "thumbnailer" },
    stage: readFileSync(process.env.SIGMA_FAKE_STORY, "utf8"),
    sandbox: settings.sandbox === true,
    engine: "cloudformation",
    stack: { name: "thumbnailer-dev", region: "eu-west-1", consoleUrl: "https://console.example/thumbnailer-dev" },
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
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const RESOURCES = [
  ["Images", "AWS::S3::Bucket", "images"],
  ["Thumbnails", "AWS::S3::Bucket", "thumbnails"],
  ["Resize", "AWS::Lambda::Function", "resize"],
  ["Failed", "AWS::SQS::Queue", "failed"],
];
/** As many changes as the story `many` has. */
const MANY = 500;
const NOTHING = { execute: false, abort: false, stop: false };

function summaryOf(changes) {
  const of = (action) => changes.filter((change) => change.action === action).length;
  return { add: of("add"), modify: of("modify"), replace: of("replace"), remove: of("remove") };
}

async function tell(id) {
  await pause(50);
  const story = deployments.get(id).stage;
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
  const set = (index, fields) => {
    changes = changes.map((change, at) => (at === index ? { ...change, ...fields } : change));
    const done = changes.filter((change) => change.status === "succeeded").length;
    const failed = changes.filter((change) => change.status === "failed").length;
    return { changes, progress: { done, total: changes.length, failed } };
  };
  if (story === "commits") {
    const choices = [
      { id: "commit", title: "Commit and Deploy" },
      { id: "skip", title: "Deploy Without Commit" },
    ];
    show(id, { question: { id: "q0", kind: "commit", text: "2 files are not committed.", choices } });
    await decision(id);
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
    show(id, { phase: "staged", message: `${changes.length} changes are ready`, plan, can, ...set(-1, {}) });
    if ((await decision(id)) === "abort") {
      show(id, { phase: "completed", outcome: "aborted", message: "Aborted", can: NOTHING, endedAt: new Date().toISOString() });
      return;
    }
  }
  show(id, { phase: "monitoring", message: "Creating", can: { ...NOTHING, stop: true, stopMeans: "delete" }, ...set(-1, {}) });
  for (const index of changes.keys()) {
    const startedAt = new Date().toISOString();
    const running = set(index, { status: "inProgress", startedAt });
    show(id, { ...running, progress: { ...running.progress, etaSeconds: Math.ceil((changes.length - index) * 0.4) } });
    await pause(story === "many" ? 10 : 400);
    while (story === "holds" && index === 2 && readFileSync(process.env.SIGMA_FAKE_STORY, "utf8") === story) {
      await pause(50); // Until another story is told.
    }
    if (story === "crashes" && index === 1) {
      process.exit(3);
    }
    if (story === "fails" && index === 2) {
      const reason = "The code of resize is not a zip archive.";
      show(id, { phase: "rollingBack", can: NOTHING, ...set(index, { status: "failed", reason, endedAt: new Date().toISOString() }) });
      await pause(600);
      for (const other of [0, 1]) {
        show(id, set(other, { status: "rolledBack" }));
      }
      const failures = [{ change: "Resize", resource: "resize", reason, rootCause: true, location }];
      const endedAt = new Date().toISOString();
      show(id, { phase: "completed", outcome: "rolledBack", message: "Rolled back", failures, endedAt, ...set(3, { status: "cancelled" }) });
      return;
    }
    show(id, set(index, { status: "succeeded", endedAt: new Date().toISOString() }));
  }
  const outputs = [
    { name: "Url", description: "Where images are posted.", value: "http://127.0.0.1:9/images", sensitive: false },
    { name: "Bucket", value: "thumbnailer-dev-thumbnails", sensitive: false },
    { name: "Key", value: "", sensitive: true },
  ];
  const endedAt = new Date().toISOString();
  show(id, { phase: "completed", outcome: "succeeded", message: "Deployed", outputs, endedAt, can: NOTHING });
}

connection.listen();
