// Deployment templates: shown in an editor that cannot be written to, or saved to a file.
import { commands, type Disposable, EventEmitter, languages, Uri, window, workspace } from "vscode";

import type { Deployment, TemplateParams } from "../../protocol.gen";
import type { Server } from "../../server/server";
import { title } from "./words";

/** Not that of the server's own template documents, which the language client provides. */
const SCHEME = "sigma-shown-template";

export class Templates implements Disposable {
  private readonly changes = new EventEmitter<Uri>();
  private readonly registration: Disposable;

  constructor(private readonly server: () => Server) {
    this.registration = workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: this.changes.event,
      provideTextDocumentContent: async (uri) => {
        return (await this.server().execute("sigma.template", JSON.parse(uri.query) as TemplateParams)).text;
      },
    });
  }

  dispose(): void {
    this.registration.dispose();
    this.changes.dispose();
  }

  /** Shows the template as it is now. */
  async show(project: Uri, stage?: string): Promise<void> {
    await this.open(address(project, { project: project.toString(), ...(stage === undefined ? {} : { stage }) }));
  }

  /** Shows the template that a deployment staged. */
  async staged(project: Uri, deployment: string): Promise<void> {
    await this.open(address(project, { project: project.toString(), deployment }));
  }

  /** Shows what the template of now would change in what is deployed; archives of code are left out of both. */
  async compare(project: Uri, deployed: Deployment, stage: string | undefined): Promise<void> {
    const both = { project: project.toString(), comparable: true };
    const before = address(project, { ...both, deployment: deployed.id });
    const after = address(project, { ...both, ...(stage === undefined ? {} : { stage }) });
    this.changes.fire(after);
    for (const uri of [before, after]) {
      await languages.setTextDocumentLanguage(await workspace.openTextDocument(uri), "yaml");
    }
    await commands.executeCommand("vscode.diff", before, after, `${title(deployed)}: deployed \u2194 now`);
  }

  private async open(uri: Uri): Promise<void> {
    this.changes.fire(uri);
    const document = await workspace.openTextDocument(uri);
    await window.showTextDocument(await languages.setTextDocumentLanguage(document, "yaml"), { preview: true });
  }

  async save(project: Uri, stage?: string): Promise<void> {
    // Asked for first: a manifest with faults has none, and then there is nothing to choose a name for.
    const yaml = await this.server().execute("sigma.template", { project: project.toString(), stage });
    const target = await window.showSaveDialog({
      title: "Save Template",
      defaultUri: Uri.joinPath(project, "..", fileName(project)),
      filters: { YAML: ["yaml", "yml"], JSON: ["json"] },
    });
    if (target === undefined) {
      return;
    }
    const { text } = target.path.endsWith(".json")
      ? await this.server().execute("sigma.template", { project: project.toString(), stage, format: "json" })
      : yaml;
    await workspace.fs.writeFile(target, new TextEncoder().encode(text));
    const open = "Open";
    if ((await window.showInformationMessage(`The template was saved to ${workspace.asRelativePath(target)}.`, open)) === open) {
      await window.showTextDocument(target);
    }
  }
}

function address(project: Uri, params: TemplateParams): Uri {
  return Uri.from({ scheme: SCHEME, path: `/${fileName(project)}`, query: JSON.stringify(params) });
}

/** `thumbnailer.template.yaml` for the manifest of the folder `thumbnailer`. */
function fileName(manifest: Uri): string {
  const folder = manifest.path.split("/").at(-2) ?? "";
  return `${folder === "" ? "sigma" : folder}.template.yaml`;
}
