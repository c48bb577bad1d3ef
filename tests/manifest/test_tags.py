"""Tags: those of CloudFormation stand inside of what goes to it as it is; elsewhere they would be lost in silence."""

from sigma_ls.manifest import check_text
from tests.support.check import SHELL, check_part


def test_functions_of_cloudformation_in_values_of_our_own():
    check_part(
        """\
environment:
  TABLE: !Ref Sizes
#        ^^^^^^^^^^ error SIG101: 'TABLE' takes no tag, and has '!Ref'
functions:
  resize:
    runtime: python3.13
    handler: !Sub app.handler
#            ^^^^^^^^^^^^^^^^ error SIG101: 'handler' takes no tag, and has '!Sub'
    code: src
    layers: [!Ref Layer]
#            ^^^^^^^^^^ error SIG101: 'layers' takes no tag, and has '!Ref'
resources:
  raw:
    type: AWS::S3::Bucket
    properties: !Transform
#   ^^^^^^^^^^ error SIG101: 'properties' takes no tag, and has '!Transform'
      Name: x
outputs:
  Table: {value: !GetAtt Sizes.Arn}
#                ^^^^^^^^^^^^^^^^^ error SIG101: 'value' takes no tag, and has '!GetAtt'
"""
    )


def test_tags_of_yaml_and_functions_where_they_belong():
    text = SHELL + (
        "functions:\n"
        "  resize:\n"
        "    runtime: !!str python3.13\n"
        "    handler: app.handler\n"
        "    code: src\n"
        "    permissions:\n"
        "      - !If [Wide, {Effect: Allow, Action: 's3:ListBucket', Resource: !GetAtt Raw.Arn}, !Ref AWS::NoValue]\n"
        "    triggers: [{schedule: rate(5 minutes), input: {region: !Ref AWS::Region}}]\n"
        "resources:\n"
        "  raw: {type: AWS::S3::Bucket, properties: {BucketName: !Sub '${AWS::StackName}-x'}}\n"
        "template: {Resources: {Raw: {Metadata: !Ref AWS::Region}}}\n"
    )
    assert check_text(text) == []
