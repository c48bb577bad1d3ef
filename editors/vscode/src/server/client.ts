// The conversation with one server process, by the language client: most of what is packed, and so a bundle of its own
// (`esbuild.mjs`), which is loaded by `import()` when there is a server to speak with.
import { createInterface } from "node:readline";
import { type LogOutputChannel, workspace } from "vscode";
import {
  CloseAction,
  ErrorAction,
  ErrorCodes,
  ExecuteCommandRequest,
  type InitializeResult,
  LanguageClient,
  ResponseError,
  type StaticFeature,
  TransportKind,
} from "vscode-languageclient/node";

import * as config from "../config";
import { said } from "../log";
import { type Notifications, PROTOCOL, type Refusal, type SigmaCapability } from "../protocol.gen";
import type { Conversation } from "./conversation";

/** What the client itself answers in the place of a server that is gone. */
const GONE: ReadonlySet<unknown> = new Set([
  ErrorCodes.PendingResponseRejected,
  ErrorCodes.ConnectionInactive,
  // Node's own, until the client has seen that the server ended.
  "ERR_STREAM_DESTROYED",
  "ERR_STREAM_WRITE_AFTER_END",
  "EPIPE",
]);

export interface Listeners {
  readonly handlers: { readonly [M in keyof Notifications]?: (params: Notifications[M]) => void };
  /** A line that the server wrote to its standard error. */
  readonly wrote: (line: string) => void;
  /** The connection closed, asked for or not. */
  readonly closed: () => void;
}

export function converse(command: string, args: readonly string[], log: LogOutputChannel, listeners: Listeners): Conversation {
  const client = new QuietClient(
    "sigma",
    "Sigma Language Server",
    { command, args: [...args], transport: TransportKind.stdio },
    {
      documentSelector: ["yaml", "sigma"].map((language) => ({ language, scheme: "file", pattern: "**/sigma.{yaml,yml}" })),
      outputChannel: log,
      initializationOptions: () => ({ ...config.all(), trusted: workspace.isTrusted }),
      initializationFailedHandler: () => false,
      middleware: {
        workspace: {
          didChangeConfiguration: async (sections, next) => {
            try {
              await next(sections);
            } catch (error) {
              // The same change may be the reason why this server is just being stopped; the next one reads it anew.
              log.debug(`Changed settings were not sent: ${said(error)}`);
            }
          },
        },
      },
      synchronize: { configurationSection: config.SECTION },
      stdioOptions: {
        stdout: () => undefined,
        stderr: (input) => {
          createInterface(input).on("line", listeners.wrote);
        },
      },
      errorHandler: {
        error: (error) => {
          log.error(`Speaking with the server: ${said(error)}`);
          return { action: ErrorAction.Continue, handled: true };
        },
        closed: () => {
          // Once the client has cleared away: what is made of it is not the client's to fail at, and to tell.
          setTimeout(listeners.closed, 0);
          return { action: CloseAction.DoNotRestart, handled: true };
        },
      },
    },
  );
  client.registerFeature(new SigmaFeature());
  for (const [method, handler] of Object.entries(listeners.handlers)) {
    client.onNotification(method, handler as (params: unknown) => void);
  }
  return {
    start: async () => {
      await client.start();
      checkProtocol(client.initializeResult);
    },
    execute: async (command, params) => {
      try {
        const result: unknown = await client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [params] });
        return { result };
      } catch (error) {
        if (error instanceof Error && "code" in error && GONE.has(error.code)) {
          return { code: "serverStopped", message: "The Sigma language server ended before it answered." };
        }
        if (error instanceof ResponseError) {
          const data = error.data as Partial<Refusal> | undefined;
          return { code: data?.code ?? "error", message: error.message };
        }
        throw error;
      }
    },
    notify: (method, params) => client.sendNotification(method, params),
    end: () => client.dispose(),
  };
}

function checkProtocol(result: InitializeResult | undefined): void {
  const experimental = result?.capabilities.experimental as { sigma?: SigmaCapability } | undefined;
  const theirs = experimental?.sigma?.protocol;
  if (theirs !== PROTOCOL) {
    throw new Error(
      `it speaks version ${theirs ?? "none"} of the Sigma protocol, this extension version ${PROTOCOL}. ` +
        "Install versions of both that belong together",
    );
  }
}

/** Logs what goes wrong with the connection, and shows no message: `server.ts` tells it, with what to do. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
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
