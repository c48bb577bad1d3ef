"""Long descriptions: functions and their environment."""

from __future__ import annotations

from collections.abc import Mapping

from sigma_ls.manifest.schema.details.detail import Detail

_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/"
_GCP = "https://cloud.google.com/"

DETAILS: Mapping[str, Mapping[str, Detail]] = {
    "a value to ask for": {
        "ask": Detail(
            "The answer is passed as a secret and written nowhere on this machine. It is asked for again at each "
            "deployment that needs it.",
            "ask: Stripe API key",
        ),
    },
    "a secret": {
        "secret": Detail(
            "The deployment template holds only where the secret is, never what it is.",
            "secret: prod/db",
            "https://docs.aws.amazon.com/secretsmanager/latest/userguide/intro.html",
        ),
        "key": Detail("Only for secrets whose value is JSON.", "key: password"),
        "description": Detail("Shown with the secret in the cloud's console.", "description: Password of the database"),
    },
    "a vpc": {
        "subnets": Detail(
            "Take at least two, of different zones. A function in a private network reaches the internet only through a "
            "NAT gateway.",
            "subnets: [subnet-0a1b2c3d4e5f60718]",
            _LAMBDA + "configuration-vpc.html",
        ),
        "securityGroups": Detail(
            "What the function calls must let these groups in.",
            "securityGroups: [sg-0a1b2c3d4e5f60718]",
            _LAMBDA + "configuration-vpc.html",
        ),
    },
    "a function": {
        "description": Detail("Shown in the cloud's console.", "description: Resizes one image."),
        "runtime": Detail(
            "A runtime that is deprecated gets no security updates any more, and later the cloud refuses to update "
            "functions that use it.",
            "runtime: python3.13",
        ),
        "handler": Detail(
            "The module is looked for in the folder that `code` names, and the function in it.", "handler: app.handler"
        ),
        "code": Detail(
            "What its `requirements.txt` or `package.json` asks for is installed when it is built; an archive is taken as it is.",
            "code: src/resize",
            _LAMBDA + "configuration-function-zip.html",
        ),
        "memory": Detail(
            "1769 MB are one whole CPU on AWS. More memory often costs no more, since calls end sooner.", "memory: 512"
        ),
        "timeout": Detail(
            "A queue that triggers the function must hide its messages at least as long; an http trigger waits for 30 "
            "seconds at most.",
            "timeout: 30",
        ),
        "architecture": Detail(
            "Code with compiled parts must be built for it; the build does that for what it installs.",
            "architecture: arm64",
        ),
        "ephemeralStorage": Detail("What is there may still be there at the next call.", "ephemeralStorage: 1024"),
        "concurrency": Detail(
            "Reserved calls are taken from the account's own (1000 unless raised); 0 switches the function off.",
            "concurrency: 10",
        ),
        "logRetention": Detail("Logs that are kept for ever cost more every month.", "logRetention: 14"),
        "tracing": Detail(
            "Traces show how long calls to other services take; they are billed.",
            "tracing: true",
            _LAMBDA + "services-xray.html",
        ),
        "layers": Detail(
            "Later layers win over earlier ones; with the code they may have 250 MB unpacked.",
            "layers: [arn:aws:lambda:eu-west-1:123456789012:layer:tools:1]",
        ),
        "vpc": Detail(
            "Needed for databases and caches that are not on the internet.",
            "vpc:\n  subnets: [subnet-0a1b2c3d4e5f60718]\n  securityGroups: [sg-0a1b2c3d4e5f60718]",
            _LAMBDA + "configuration-vpc.html",
        ),
        "deadLetter": Detail(
            "For calls that nobody waits for: buckets, topics, schedules and events. Queues have a `deadLetter` of their "
            "own.",
            "deadLetter: failed",
        ),
        "environment": Detail(
            "Wins over the manifest's and the stage's. All variables of a function together may have 4 KB on AWS.",
            "environment:\n  TABLE: ${sizes.name}\n  STRIPE_KEY: {ask: Stripe API key}",
            _LAMBDA + "configuration-envvars.html",
        ),
        "triggers": Detail(
            "Each has exactly one key that says of which kind it is. The cloud's permission to call the function is "
            "made with it.",
            "triggers:\n  - bucket: images\n    suffix: .jpg\n  - http: GET /resize/{id}",
            _LAMBDA + "lambda-services.html",
        ),
        "uses": Detail(
            "Each operation becomes the smallest set of permissions on exactly that resource.",
            "uses:\n  thumbnails: [read, write]\n  failed: send",
            _LAMBDA + "lambda-intro-execution-role.html",
        ),
        "permissions": Detail(
            "For what `uses` cannot say. They are merged with the generated ones.",
            'permissions:\n  - {Effect: Allow, Action: ["rekognition:DetectLabels"], Resource: "*"}',
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html",
        ),
        "roles": Detail(
            "Given to the function's service account.",
            "roles: [roles/storage.objectViewer]",
            _GCP + "iam/docs/understanding-roles",
        ),
        "serviceAccount": Detail(
            "Without it, one is made for the function.",
            "serviceAccount: resize@my-project.iam.gserviceaccount.com",
            _GCP + "functions/docs/securing/function-identity",
        ),
        "ingress": Detail(
            "Whether the internet, or only the project's own network, may call.",
            "ingress: internal",
            _GCP + "functions/docs/networking/network-settings",
        ),
        "minInstances": Detail(
            "Instances that wait are billed, and spare their callers the start.",
            "minInstances: 1",
            _GCP + "functions/docs/configuring/min-instances",
        ),
        "maxInstances": Detail(
            "Calls beyond it wait, or are refused.",
            "maxInstances: 10",
            _GCP + "functions/docs/configuring/max-instances",
        ),
    },
}
