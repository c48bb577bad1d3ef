// What there is on this machine to start a server with.
import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { delimiter, resolve as absolute } from "node:path";
import { type ExtensionContext, ExtensionMode, workspace } from "vscode";

import * as config from "../config";
import { chosenInterpreter } from "./pythonExtension";
import { type Resolution, resolve } from "./resolve";

/** Milliseconds for an interpreter to say its version: it takes twenty, and more on a machine that does much else. */
const PATIENCE = 10_000;

/** The server for this window, as the settings, the workspace and the machine are now. */
export function findServer(context: ExtensionContext): Promise<Resolution> {
  const folders = workspace.isTrusted ? (workspace.workspaceFolders ?? []) : [];
  const bundled = context.asAbsolutePath("bundled/start.py");
  const developing = context.extensionMode === ExtensionMode.Development;
  return resolve(
    {
      serverPath: config.serverPath(),
      interpreter: config.interpreter(),
      folders: folders.filter((folder) => folder.uri.scheme === "file").map((folder) => folder.uri.fsPath),
      repository: developing ? absolute(context.extensionPath, "..", "..") : undefined,
      bundled: existsSync(bundled) ? bundled : undefined,
      // What is chosen for a workspace that is not trusted may be its own.
      chosen: () => (workspace.isTrusted ? chosenInterpreter() : Promise.resolve(undefined)),
      path: (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== ""),
      platform: process.platform,
    },
    { isExecutable, versionOf },
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function versionOf(interpreter: string): Promise<string | undefined> {
  const program = "import sys; print('.'.join(map(str, sys.version_info[:3])))";
  return new Promise((done) => {
    execFile(interpreter, ["-I", "-S", "-c", program], { timeout: PATIENCE }, (error, stdout) => {
      const said = stdout.trim();
      done(error === null && /^\d+\.\d+\.\d+$/.test(said) ? said : undefined);
    });
  });
}
