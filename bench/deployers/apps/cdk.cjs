// The template as a CDK app: included as it stands, with each function's code as an asset.
const path = require("node:path");
const { App, CliCredentialsStackSynthesizer, Stack } = require("aws-cdk-lib");
const { CfnInclude } = require("aws-cdk-lib/cloudformation-include");
const { Asset } = require("aws-cdk-lib/aws-s3-assets");

const app = new App({ analyticsReporting: false });
const stack = new Stack(app, process.env.BENCH_STACK, {
  env: { account: process.env.BENCH_ACCOUNT, region: process.env.AWS_DEFAULT_REGION },
  // The artifact bucket is there, and no bootstrapping with roles is needed: what an expert would do to save time.
  synthesizer: new CliCredentialsStackSynthesizer({ fileAssetsBucketName: process.env.BENCH_BUCKET }),
});
const template = new CfnInclude(stack, "Template", { templateFile: path.resolve("template.json") });
for (const name of ["Upload", "Resize", "List"]) {
  const asset = new Asset(stack, `${name}Asset`, { path: path.resolve("code", name) });
  template.getResource(name).code = { s3Bucket: asset.s3BucketName, s3Key: asset.s3ObjectKey };
}
