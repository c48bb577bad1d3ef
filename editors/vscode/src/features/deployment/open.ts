// Takes a person to a place in a manifest, or to an address.
import { env, Range, Uri, window } from "vscode";

import type { Location } from "../../protocol.gen";

export async function revealLocation(location: Location): Promise<void> {
  const { start, end } = location.range;
  await window.showTextDocument(Uri.parse(location.uri), {
    selection: new Range(start.line, start.character, end.line, end.character),
  });
}

export async function openUrl(url: string): Promise<void> {
  await env.openExternal(Uri.parse(url));
}
