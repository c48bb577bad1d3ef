// What there is to say to a server that runs. Knows neither VS Code nor the language client.

/** A conversation with one server process; `client.ts` has the real one. */
export interface Conversation {
  /** @throws where the process does not start, or is none that this extension can speak with */
  start(): Promise<void>;
  execute(command: string, params: unknown): Promise<Answer>;
  notify(method: string, params: unknown): Promise<void>;
  end(): Promise<void>;
}

/** A refusal is no exception here: `client.ts` is a bundle of its own, and so would be its classes. */
export type Answer = { readonly result: unknown } | { readonly code: string; readonly message: string };

/** A request that the server did not carry out; `code` is for programs, the message for people. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
