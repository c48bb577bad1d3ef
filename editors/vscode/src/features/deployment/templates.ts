// Deployment templates: shown in an editor that cannot be written to, or saved to a file.
import { type Disposable, EventEmitter, languages, Uri, window, workspace } from "vscode";

import type { StageParams } from "../../protocol.gen";
import type { Server } from "../../server/server";

const SCHEME = "sigma-template";

export class Templates implements Disposable {
  private readonly changes = new EventEmitter<Uri>();
  private readonly registration: Disposable;

  constructor(private readonly server: () => Server) {
    this.registration = workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: this.changes.event,
      provideTextDocumentContent: async (uri) => {
        const { project, stage } = JSON.parse(uri.query) as StageParams;
        return (await this.server().execute("sigma.template", { project, stage })).text;
      },
    });
  }

  dispose(): void {
    this.registration.dispose();
    this.changes.dispose();
  }

  /** Shows the template as it is now. */
  async show(project: Uri, stage?: string): Promise<void> {
    const uri = Uri.from({ scheme: SCHEME, path: `/${fileName(project)}`, query: JSON.stringify({ project: project.toString(), stage }) });
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

/** `thumbnailer.template.yaml` for the manifest of the folder `thumbnailer`. */
function fileName(manifest: Uri): string {
  const folder = manifest.path.split("/").at(-2) ?? "";
  return `${folder === "" ? "sigma" : folder}.template.yaml`;
}
