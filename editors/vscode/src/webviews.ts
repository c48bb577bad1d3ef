// The HTML of a webview's page: a script and its styles; everything else is made by the script.
import { randomBytes } from "node:crypto";

import { Uri, type Webview } from "vscode";

/** Where `esbuild.mjs` puts the pages. */
export function webviewFolder(extension: Uri): Uri {
  return Uri.joinPath(extension, "dist", "webview");
}

/** The picture on an editor's tab. */
export function tabIcon(extension: Uri): { readonly light: Uri; readonly dark: Uri } {
  return { light: Uri.joinPath(extension, "media", "sigma-light.svg"), dark: Uri.joinPath(extension, "media", "sigma-dark.svg") };
}

/** `name` is that of the page's script and styles. */
export function page(webview: Webview, folder: Uri, name: string, title: string): string {
  const nonce = randomBytes(16).toString("base64");
  const uri = (file: string): string => webview.asWebviewUri(Uri.joinPath(folder, file)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${uri(`${name}.css`)}">
<title>${title}</title>
</head>
<body>
<script nonce="${nonce}" src="${uri(`${name}.js`)}"></script>
</body>
</html>`;
}
