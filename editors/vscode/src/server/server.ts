// The language server: found, started, watched, started again; and the one door through which it is asked.
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, resolve as absolute } from "node:path";
import { createInterface } from "node:readline";
import {
  type Disposable,
  EventEmitter,
  type ExtensionContext,
  ExtensionMode,
  type LogOutputChannel,
  workspace,
} from "vscode";
import {
  CloseAction,
  ErrorAction,
  ExecuteCommandRequest,
  type InitializeResult,
  LanguageClient,
  ResponseError,
  type StaticFeature,
  TransportKind,
} from "vscode-languageclient/node";

import * as config from "../config";
import { said } from "../log";
import { type Commands, type Notifications, PROTOCOL, type Refusal, type SigmaCapability } from "../protocol.gen";
import { type Resolution, resolve } from "./resolve";
import { delayAfter } from "./restarts";
import type { ServerState } from "./state";

/** A request that the server did not carry out; `code` is for programs, the message for people. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

type Handlers = { [M in keyof Notifications]?: (params: Notifications[M]) => void };

export class Server implements Disposable {
  private client: LanguageClient | undefined;
  private queue: Promise<void> = Promise.resolve();
  private restartsWaiting = 0;
  private timer: NodeJS.Timeout | undefined;
  private crashes: number[] = [];
  private lastWords: string[] = [];
  private readonly states = new EventEmitter<ServerState>();
  readonly onDidChangeState = this.states.event;
  state: ServerState = { kind: "idle" };

  constructor(
    private readonly context: ExtensionContext,
    private readonly log: LogOutputChannel,
    private readonly handlers: Handlers,
  ) {}

  /** Starts the server unless it runs; when the promise settles, `state` says how that went. */
  start(): Promise<void> {
    return this.enqueue(async () => {
      if (this.client === undefined) {
        await this.launch();
      }
    });
  }

  /** Stops and starts it. Any number of calls during a restart make one more, not many. */
  restart(): Promise<void> {
    if (this.restartsWaiting > 0) {
      return this.queue;
    }
    this.restartsWaiting += 1;
    return this.enqueue(async () => {
      this.restartsWaiting -= 1;
      this.crashes = [];
      await this.halt();
      await this.launch();
    });
  }

  /** Stops it for good, as when the window closes. */
  stop(): Promise<void> {
    return this.enqueue(async () => {
      await this.halt();
      this.become({ kind: "idle" });
    });
  }

  /**
   * Carries out a command of the server.
   *
   * @throws Refused where the server refuses, or does not run
   */
  async execute<C extends keyof Commands>(command: C, params: Commands[C]["params"]): Promise<Commands[C]["result"]> {
    await this.start();
    if (this.client === undefined || this.state.kind !== "running") {
      throw new Refused("serverStopped", this.state.kind === "stopped" ? this.state.message : "The server is not running.");
    }
    try {
      const answer: unknown = await this.client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [params] });
      return answer as Commands[C]["result"];
    } catch (error) {
      if (error instanceof ResponseError) {
        const data = error.data as Partial<Refusal> | undefined;
        throw new Refused(data?.code ?? "error", error.message);
      }
      throw error;
    }
  }

  async notify<M extends keyof Notifications>(method: M, params: Notifications[M]): Promise<void> {
    if (this.state.kind === "running") {
      await this.client?.sendNotification(method, params);
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.states.dispose();
  }

  // One start or stop at a time, in the order in which they were asked for.
  private enqueue(action: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(action).catch((error: unknown) => {
      this.log.error(`Starting or stopping the server: ${said(error)}`);
    });
    return this.queue;
  }

  private become(state: ServerState): void {
    this.state = state;
    this.states.fire(state);
  }

  private async launch(): Promise<void> {
    clearTimeout(this.timer);
    const found = this.resolve();
    if (found.kind === "missing") {
      this.log.error(found.message);
      this.become({ kind: "stopped", message: found.message, setting: found.setting });
      return;
    }
    this.become({ kind: "starting" });
    this.log.info(`Starting ${[found.command, ...found.args].join(" ")} (${found.because})`);
    this.lastWords = [];
    const client = this.newClient(found);
    this.client = client;
    try {
      await client.start();
      this.checkProtocol(client.initializeResult);
      this.become({ kind: "running" });
    } catch (error) {
      this.client = undefined;
      this.become({ kind: "stopped", message: this.obituary(`could not be started from ${found.because}: ${said(error)}`) });
    }
  }

  private async halt(): Promise<void> {
    clearTimeout(this.timer);
    const client = this.client;
    this.client = undefined;
    try {
      await client?.dispose();
    } catch (error) {
      // It may have died already; then there is nothing left to stop.
      this.log.warn(`Stopping the server: ${said(error)}`);
    }
  }

  private newClient(found: Extract<Resolution, { kind: "found" }>): LanguageClient {
    const client = new LanguageClient(
      "sigma",
      "Sigma Language Server",
      { command: found.command, args: [...found.args], transport: TransportKind.stdio },
      {
        documentSelector: ["yaml", "sigma"].map((language) => ({
          language,
          scheme: "file",
          pattern: "**/sigma.{yaml,yml}",
        })),
        outputChannel: this.log,
        initializationOptions: () => ({ ...config.all(), trusted: workspace.isTrusted }),
        initializationFailedHandler: () => false,
        middleware: {
          workspace: {
            didChangeConfiguration: async (sections, next) => {
              try {
                await next(sections);
              } catch (error) {
                // The same change may be the reason why this server is just being stopped; the next one reads it anew.
                this.log.debug(`Changed settings were not sent: ${said(error)}`);
              }
            },
          },
        },
        synchronize: { configurationSection: config.SECTION },
        stdioOptions: {
          stdout: () => undefined,
          stderr: (input) => {
            createInterface(input).on("line", (line) => {
              this.lastWords = [...this.lastWords.slice(-4), line];
              this.log.info(`server: ${line}`);
            });
          },
        },
        errorHandler: {
          error: (error) => {
            this.log.error(`Speaking with the server: ${said(error)}`);
            return { action: ErrorAction.Continue, handled: true };
          },
          closed: () => {
            this.died(client);
            return { action: CloseAction.DoNotRestart, handled: true };
          },
        },
      },
    );
    client.registerFeature(new SigmaFeature());
    for (const [method, handler] of Object.entries(this.handlers)) {
      client.onNotification(method, handler as (params: unknown) => void);
    }
    return client;
  }

  /** The connection of `client` closed without being asked to. */
  private died(client: LanguageClient): void {
    if (client !== this.client || this.state.kind !== "running") {
      return; // It was being stopped, or never came up: whoever does that reports it.
    }
    this.client = undefined;
    this.crashes.push(Date.now());
    const delay = delayAfter(this.crashes);
    if (delay === undefined) {
      this.become({ kind: "stopped", message: this.obituary(`stopped unexpectedly, ${this.crashes.length} times in a row`) });
      return;
    }
    this.log.warn(this.obituary(`stopped unexpectedly and is started again in ${delay} ms`));
    this.become({ kind: "starting" });
    this.timer = setTimeout(() => void this.start(), delay);
  }

  private obituary(what: string): string {
    const words = this.lastWords.at(-1);
    return `The Sigma language server ${what}.` + (words === undefined ? "" : ` Its last words: ${words}`);
  }

  private checkProtocol(result: InitializeResult | undefined): void {
    const experimental = result?.capabilities.experimental as { sigma?: SigmaCapability } | undefined;
    const theirs = experimental?.sigma?.protocol;
    if (theirs !== PROTOCOL) {
      throw new Error(
        `it speaks version ${theirs ?? "none"} of the Sigma protocol, this extension version ${PROTOCOL}. ` +
          "Install versions of both that belong together",
      );
    }
  }

  private resolve(): Resolution {
    const folders = workspace.isTrusted ? (workspace.workspaceFolders ?? []) : [];
    const developing = this.context.extensionMode === ExtensionMode.Development;
    return resolve(
      {
        serverPath: config.serverPath(),
        interpreter: config.interpreter(),
        folders: folders.filter((folder) => folder.uri.scheme === "file").map((folder) => folder.uri.fsPath),
        repository: developing ? absolute(this.context.extensionPath, "..", "..") : undefined,
        path: (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== ""),
        windows: process.platform === "win32",
      },
      isExecutable,
    );
  }
}

/** Announces that the messages of `docs/protocol.md` are understood. */
class SigmaFeature implements StaticFeature {
  fillClientCapabilities(capabilities: { experimental?: unknown }): void {
    const sigma: SigmaCapability = { protocol: PROTOCOL };
    capabilities.experimental = { ...(capabilities.experimental as object | undefined), sigma };
  }
  initialize(): void {
    // The answer is checked once the server has started.
  }
  getState(): { kind: "static" } {
    return { kind: "static" };
  }
  clear(): void {
    // It holds nothing.
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

