// What helps whose credentials do not do: the cloud's own page for it, by the server's code. Knows no VS Code.
import type { Deployment, Engine } from "../../protocol.gen";

export interface Help {
  readonly title: string;
  readonly url: string;
  /** The command that usually does it; empty where the server's own line names it, or one that fits this machine better. */
  readonly command: string;
  /** Whether the sandbox, which needs no credentials, is another way. */
  readonly sandbox: boolean;
}

type Pages = Readonly<Record<"credentials" | "session" | "permissions" | "command", string>>;

const AWS: Pages = {
  credentials: "https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-authentication.html",
  session: "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html",
  permissions: "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html",
  command: "",
};

const GOOGLE: Pages = {
  credentials: "https://cloud.google.com/docs/authentication/set-up-adc-local-dev-environment",
  session: "https://cloud.google.com/docs/authentication/set-up-adc-local-dev-environment",
  permissions: "https://cloud.google.com/iam/docs/permission-error-messages",
  command: "gcloud auth application-default login",
};

const PAGES: Record<Engine, Pages> = { cloudformation: AWS, "infrastructure-manager": GOOGLE, "deployment-manager": GOOGLE };

/** Undefined: what is wrong is not for credentials to mend. */
export function helpFor({ code, engine, message, sandbox: local }: Deployment): Help | undefined {
  const { credentials, session, permissions, command: usual } = PAGES[engine];
  const command = message.includes(usual) ? "" : usual;
  const sandbox = engine === "cloudformation"; // It is a cloud of AWS's kind.
  if (local) {
    return undefined;
  }
  switch (code) {
    case "credentialsMissing":
    case "notAuthenticated":
      return { title: "How to Get Credentials", url: credentials, command, sandbox };
    case "credentialsExpired":
      return { title: "How to Sign In Again", url: session, command, sandbox: false };
    case "notAllowed":
      return { title: "How Permissions Are Given", url: permissions, command: "", sandbox: false };
    default:
      return undefined;
  }
}
