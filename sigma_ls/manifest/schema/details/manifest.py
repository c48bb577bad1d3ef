"""Long descriptions: the top level, the blocks of the platforms, stages and outputs."""

from __future__ import annotations

from collections.abc import Mapping

from sigma_ls.manifest.schema.details.detail import Detail

_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/"
_CFN = "https://docs.aws.amazon.com/AWSCloudFormation/latest/"
_GCP = "https://cloud.google.com/"

DETAILS: Mapping[str, Mapping[str, Detail]] = {
    "a manifest": {
        "name": Detail(
            "Names the stack, and through it whatever is made; renaming a project makes a new one beside the old.",
            "name: thumbnailer",
        ),
        "description": Detail(
            "Shown with the stack in the cloud's console.", "description: Makes thumbnails of images."
        ),
        "version": Detail("For people: it is not compared with what is deployed.", "version: 1.0.0"),
        "platform": Detail(
            "Decides which keys, triggers and types there are; the block of the same name says where to deploy.",
            "platform: aws",
        ),
        "aws": Detail(
            "Only with `platform: aws`. What every stage gives need not stand here.",
            "aws:\n  region: eu-west-1\n  profile: work",
        ),
        "gcp": Detail(
            "Only with `platform: gcp`. What every stage gives need not stand here.",
            "gcp:\n  project: my-project\n  region: europe-west1",
        ),
        "stages": Detail(
            "A stage overrides `aws`/`gcp`, `environment`, `functions.<id>` and `resources.<id>`: mappings are merged, "
            "lists and values replaced, `null` removes a key. `dev:` alone means `{}`.",
            "stages:\n  dev:\n  prod:\n    environment: {LOG_LEVEL: warning}",
        ),
        "stack": Detail(
            "May hold `${project}` and `${stage}`. A stack that has another name is another stack: the old one stays.",
            "stack: thumbnailer-${stage}",
        ),
        "environment": Detail(
            "Values are texts, numbers or booleans as YAML writes them, texts with `${id.attribute}`, values to ask for "
            "at deployment, or secrets. Weakest first: this, the stage's, the function's, the stage's for that function.",
            "environment:\n  LOG_LEVEL: info",
            _LAMBDA + "configuration-envvars.html",
        ),
        "functions": Detail(
            "Functions and resources share one namespace of ids.",
            "functions:\n  resize:\n    runtime: python3.13\n    handler: app.handler\n    code: src/resize",
            _LAMBDA + "concepts-basics.html",
        ),
        "resources": Detail(
            "A resource of a named type that nothing refers to is left out of the deployment.",
            "resources:\n  images: {type: bucket}",
            _CFN + "TemplateReference/aws-template-resource-type-ref.html",
        ),
        "outputs": Detail(
            "Shown when a deployment is done, and kept with the stack.",
            'outputs:\n  Bucket: {value: "${images.name}", description: Where images are stored}',
            _CFN + "UserGuide/outputs-section-structure.html",
        ),
        "template": Detail(
            "For what the manifest cannot say. Mappings are merged, lists and values replaced, `null` removes a key.",
            "template:\n  Resources:\n    Images:\n      Properties: {ObjectLockEnabled: true}",
            _CFN + "UserGuide/template-anatomy.html",
        ),
    },
    "the aws block": {
        "region": Detail(
            "A deployment in another region is another one: the old one stays where it is.",
            "region: eu-west-1",
            "https://docs.aws.amazon.com/general/latest/gr/lambda-service.html",
        ),
        "profile": Detail(
            "Without it, the credentials that AWS's own tools would take: variables of the environment, the default "
            "profile, single sign-on.",
            "profile: work",
            "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html",
        ),
        "artifacts": Detail(
            "It must be in the same region. The one that is made keeps what deployments need, and no more.",
            "artifacts: my-artifact-bucket",
            _LAMBDA + "configuration-function-zip.html",
        ),
        "role": Detail(
            "With it, who deploys needs the right to pass this role, and no right to what is made.",
            "role: arn:aws:iam::123456789012:role/deployer",
        ),
        "tags": Detail(
            "CloudFormation hands them on to every resource that takes tags.",
            "tags: {team: media}",
            _CFN + "TemplateReference/aws-properties-resource-tags.html",
        ),
    },
    "the gcp block": {
        "project": Detail(
            "The project's id, not its name or number.",
            "project: my-project",
            _GCP + "resource-manager/docs/creating-managing-projects",
        ),
        "region": Detail(
            "A deployment in another region is another one: the old one stays where it is.",
            "region: europe-west1",
            _GCP + "functions/docs/locations",
        ),
        "engine": Detail(
            "Infrastructure Manager runs Terraform at Google. Deployment Manager is without support since 2026-03-31.",
            "engine: infrastructure-manager",
            _GCP + "infrastructure-manager/docs/overview",
        ),
        "serviceAccount": Detail(
            "Infrastructure Manager deploys as this account: it needs the rights to make what the manifest declares.",
            "serviceAccount: deployer@my-project.iam.gserviceaccount.com",
            _GCP + "infrastructure-manager/docs/configure-service-account",
        ),
        "artifacts": Detail(
            "The one that is made keeps what deployments need, and no more.",
            "artifacts: my-artifact-bucket",
            _GCP + "functions/docs/deploy",
        ),
        "labels": Detail(
            "Put on everything that takes labels.",
            "labels: {team: media}",
            _GCP + "resource-manager/docs/creating-managing-labels",
        ),
    },
    "a stage": {
        "aws": Detail("Merged over the manifest's own `aws`.", "aws: {profile: work-prod}"),
        "gcp": Detail("Merged over the manifest's own `gcp`.", "gcp: {project: my-project-prod}"),
        "environment": Detail("Merged over the manifest's own `environment`.", "environment: {LOG_LEVEL: warning}"),
        "functions": Detail(
            "Merged over the functions of the same ids; `null` leaves one out.", "functions:\n  resize: {memory: 1024}"
        ),
        "resources": Detail(
            "Merged over the resources of the same ids; `null` leaves one out.", "resources:\n  images: {keep: true}"
        ),
    },
    "an output": {
        "value": Detail(
            "A text with any number of references, or a number.",
            'value: "${api.url}/images"',
            _CFN + "UserGuide/outputs-section-structure.html",
        ),
        "description": Detail("Shown beside the value.", "description: POST an image here."),
    },
}
