// What a person chose in Microsoft's Python extension, where that is installed.
import { type Extension, extensions, type Uri, workspace } from "vscode";

/** Milliseconds for that extension to start and answer (a guess); the PATH is taken then, since any Python will do. */
const PATIENCE = 3000;

/** The part of its interface that is used, https://github.com/microsoft/vscode-python/wiki/Python-Environment-APIs. */
interface PythonApi {
  readonly environments?: {
    getActiveEnvironmentPath(resource?: Uri): { readonly path: string };
    resolveEnvironment(environment: {
      readonly path: string;
    }): Promise<{ readonly executable: { readonly uri?: Uri } } | undefined>;
  };
}

export async function chosenInterpreter(): Promise<string | undefined> {
  const extension = extensions.getExtension<PythonApi>("ms-python.python");
  if (extension === undefined) {
    return undefined;
  }
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<undefined>((done) => {
    timer = setTimeout(done, PATIENCE, undefined);
  });
  // Whatever is wrong there, it is that extension's to tell.
  const answer = await Promise.race([ask(extension).catch(() => undefined), tooLate]);
  clearTimeout(timer);
  return answer;
}

async function ask(extension: Extension<PythonApi>): Promise<string | undefined> {
  const { environments } = await extension.activate();
  const active = environments?.getActiveEnvironmentPath(workspace.workspaceFolders?.[0]?.uri);
  return active && (await environments?.resolveEnvironment(active))?.executable.uri?.fsPath;
}
