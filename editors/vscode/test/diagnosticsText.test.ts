import { expect, it } from "vitest";

import { diagnosticsText, fileName, redacted } from "../src/diagnosticsText";
import { change, deployment } from "./sample";

const CIRCUMSTANCES = {
  extension: "0.1.0",
  editor: "1.96.0",
  system: "linux x64, Node.js 20",
  trusted: true,
  server: { kind: "running" },
  settings: { sandbox: true, endpointUrl: "https://inner.example/", stage: "" },
  deployments: [],
} as const;

it("says what runs, and of settings that name places only whether they are set", () => {
  expect(diagnosticsText(CIRCUMSTANCES).split("\n").slice(4)).toEqual([
    "- Extension: 0.1.0",
    "- Editor: 1.96.0",
    "- System: linux x64, Node.js 20",
    "- Workspace: trusted",
    "- Language server: running",
    "- `sigma.sandbox`: true",
    "- `sigma.endpointUrl`: set",
    "- `sigma.stage`: not set",
    "",
  ]);
});

it("tells of a deployment without its outputs, its names and its account", () => {
  const told = diagnosticsText({
    ...CIRCUMSTANCES,
    deployments: [
      deployment({
        outputs: [{ name: "Url", value: "https://secret.example/", sensitive: false }],
        message: "Creating arn:aws:iam::123456789012:role/x",
        changes: [change("Images", { status: "failed", reason: "Taken" })],
        failures: [{ resource: "images", reason: "Taken", rootCause: true }],
      }),
    ],
  });
  expect(told).toContain("- Message: Creating arn:aws:iam::<account>:role/x");
  expect(told).toContain("- Root cause: Taken\n- AWS::S3::Bucket, add, failed: Taken");
  expect(told).not.toMatch(/secret\.example|123456789012|thumbnailer|inner\.example/);
});

it("hides whose machine and account a log is about", () => {
  const log = [
    "reading /home/me/.aws/config",
    "arn:aws:iam::123456789012:role/x in arn:aws-cn:lambda:cn-north-1:999999999999:function:f of account 123456789012",
    "key AKIAIOSFODNN7EXAMPLE, aws_secret_access_key = wJalrXUtnFEMI/K7MDENG, {\"token\": \"abc\"}",
  ].join("\n");
  expect(redacted(log, { home: "/home/me", accounts: ["123456789012"] }).split("\n")).toEqual([
    "reading ~/.aws/config",
    "arn:aws:iam::<account>:role/x in arn:aws-cn:lambda:cn-north-1:<account>:function:f of account <account>",
    "key <access key>, aws_secret_access_key = <hidden>, {\"token\": \"<hidden>\"}",
  ]);
});

it("leaves out what messages carry, and what was answered to a question", () => {
  const log = [
    'from the editor: textDocument/didOpen {"params": {"text": "environment: {KEY: abc}"}}',
    'to the editor: answer (3) {"result": {"value": "abc"}}',
    "from the editor: sigma.deploy (id-4)",
    '"arguments": [{"deployment": "d1", "answer": {"KEY": "abc"}}], "answers": "a\\"bc"',
  ].join("\n");
  expect(redacted(log, { home: "/home/me", accounts: [] }).split("\n")).toEqual([
    "from the editor: textDocument/didOpen <content>",
    "to the editor: answer (3) <content>",
    "from the editor: sigma.deploy (id-4)",
    '"arguments": [{"deployment": "d1", "answer": "<hidden>"}], "answers": "<hidden>"',
  ]);
});

it("is named by the time, so that none replaces another", () => {
  expect(fileName(new Date("2026-01-31T12:05:03Z"))).toBe("sigma-diagnostics-2026-01-31-120503.zip");
});
