// Builds the parts and joins them; what each does is in its own module. Loaded by `extension.ts` after the activation.
import { commands, type ExtensionContext, type LogOutputChannel, workspace } from "vscode";

import { collectDiagnostics } from "./collect";
import { createProject } from "./features/create";
import { DeploymentFeature } from "./features/deployment";
import { guarded } from "./features/deployment/guarded";
import { LanguageStatus } from "./languageStatus";
import { openDeploymentLog, openServerLog } from "./log";
import { onFirstProject } from "./projects";
import { manageEnvironments } from "./server/environments";
import { explain } from "./server/explain";
import { Refused, Server } from "./server/server";
import { Status } from "./status";

export interface Main {
  /** Carries out a command. */
  run(command: string, args: readonly unknown[]): Promise<void>;
  /** Ends what runs, as when the window closes. */
  stop(): Promise<void>;
}

/** In milliseconds: when loading `main.ts` began, and what the activation took before. */
export interface Times {
  readonly begun: number;
  readonly activated: number;
}

/** Starts all parts; the commands that are `registered` already come by `run`. */
export function start(context: ExtensionContext, registered: readonly string[], { begun, activated }: Times): Main {
  const log = openServerLog();
  const deploymentLog = openDeploymentLog();
  const status = new Status();
  const language = new LanguageStatus();
  const deployments = new DeploymentFeature(() => running, context, deploymentLog, (text) => {
    log.warn(text);
  });
  const running = new Server(context, log, {
    "sigma/deployment/didChange": ({ deployment }) => {
      deployments.didChange(deployment);
    },
    "sigma/deployment/didLog": (events) => {
      deployments.didLog(events);
    },
    "sigma/serverStatus": (said) => {
      language.serverSays(said);
      const { health, message } = said;
      if (health !== "ok" && message !== undefined) {
        log.warn(`server: ${message}`);
      }
    },
  });

  const show = (): void => {
    status.show(running.state, deployments.store.current());
  };
  deployments.onDidChange(show);
  const states = running.onDidChangeState((state) => {
    void commands.executeCommand("setContext", "sigma.serverStopped", state.kind === "stopped");
    deployments.serverIs(state);
    language.serverIs(state);
    show();
    switch (state.kind) {
      case "running":
        void guarded(() => restored(deployments, log));
        break;
      case "stopped":
        void guarded(() => explain(running, log));
        break;
      case "starting":
      case "idle":
        break;
    }
  });

  const all: Record<string, (...args: unknown[]) => Promise<void>> = {
    ...deployments.commands(),
    "sigma.createProject": () => createProject(context.asAbsolutePath("dist/starters")),
    "sigma.getStarted": async () => {
      await commands.executeCommand("workbench.action.openWalkthrough", `${context.extension.id}#start`);
      // VS Code looks at a step's context when the context changes after the walkthrough was first shown: so it does now.
      await commands.executeCommand("setContext", "sigma.gettingStarted", true);
    },
    "sigma.restartServer": () => running.restart(),
    "sigma.showServerLog": () => {
      log.show();
      return Promise.resolve();
    },
    "sigma.manageTrust": async () => {
      await commands.executeCommand("workbench.trust.manage");
    },
    "sigma.collectDiagnostics": () => collectDiagnostics(context, running, deployments.store.all()),
    "sigma.manageEnvironments": () => manageEnvironments(running),
    "sigma.explainServer": () => explain(running, log),
  };
  const run = (name: string, args: readonly unknown[]): Promise<void> =>
    guarded(() => all[name]?.(...args) ?? Promise.reject(new Error(`The command ${name} is not known.`)));
  for (const name of Object.keys(all).filter((each) => !registered.includes(each))) {
    context.subscriptions.push(commands.registerCommand(name, (...args: unknown[]) => run(name, args)));
  }

  context.subscriptions.push(
    log,
    deploymentLog,
    status,
    language,
    deployments,
    running,
    states,
    onFirstProject(() => void running.start()),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("sigma.serverPath") || event.affectsConfiguration("sigma.interpreter")) {
        void running.restart();
      }
    }),
    workspace.onDidGrantWorkspaceTrust(() => {
      tellOfTrust();
      void trusted(running);
    }),
  );
  tellOfTrust();
  log.info(`Activated in ${activated.toFixed(1)} ms`);
  log.info(`Loaded in ${String(Math.round(performance.now() - begun))} ms`);
  return { run, stop: () => running.stop() };
}

/** Shows what the server knows; what one that dies does not tell any more, the next one does. */
async function restored(deployments: DeploymentFeature, log: LogOutputChannel): Promise<void> {
  try {
    await deployments.restore();
  } catch (error) {
    if (!(error instanceof Refused && error.code === "serverStopped")) {
      throw error;
    }
    log.warn(error.message);
  }
}

/** VS Code's own `isWorkspaceTrusted` comes late: what is shown without it would show for a moment in each window. */
function tellOfTrust(): void {
  void commands.executeCommand("setContext", "sigma.notTrusted", !workspace.isTrusted);
}

/** What may run has changed: a server that runs is told, one that was not found may be in the workspace's own .venv. */
async function trusted(running: Server): Promise<void> {
  if (running.state.kind === "running") {
    await running.notify("sigma/workspace/didGrantTrust", undefined);
  } else if (running.state.kind === "stopped") {
    await running.restart();
  }
}
