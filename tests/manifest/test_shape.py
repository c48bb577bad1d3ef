"""Family 1: keys and values by the field table."""

from sigma_ls.manifest import check_text
from sigma_ls.syntax.span import START
from tests.support.check import SHELL, check_diagnostics, check_part


def test_empty_manifest():
    for text in ("", "\n\n", "# nothing yet\n", "---\n"):
        (found,) = check_text(text)
        assert (found.code, found.range) == ("SIG103", START)
        assert found.message == "The manifest is empty: it needs at least 'name' and 'platform'."


def test_missing_at_the_top():
    check_diagnostics(
        """\
description: A shop.
#^^^^^^^^^^ error SIG103: The manifest lacks 'name' and 'platform'
"""
    )


def test_missing_block_of_the_platform():
    check_diagnostics(
        """\
name: demo
platform: aws
#^^^^^^^ error SIG103: lacks 'aws' with 'region'
"""
    )


def test_missing_region():
    check_diagnostics(
        """\
name: demo
platform: aws
aws: {profile: work}
#^^ error SIG103: 'aws' lacks 'region'
"""
    )


def test_region_may_come_from_every_stage():
    check_diagnostics(
        """\
name: demo
platform: aws
stages:
  dev: {aws: {region: eu-west-1}}
  prod: {aws: {region: us-east-1}}
"""
    )


def test_region_that_only_some_stages_give():
    check_diagnostics(
        """\
name: demo
platform: aws
aws: {}
#^^ error SIG103: 'aws' lacks 'region', and not every stage gives it
stages:
  dev: {aws: {region: eu-west-1}}
  prod: {}
"""
    )


def test_missing_keys_of_gcp():
    check_diagnostics(
        """\
name: demo
platform: gcp
gcp: {engine: infrastructure-manager}
#^^ error SIG103: 'gcp' lacks 'project', 'region' and 'serviceAccount'
"""
    )


def test_the_older_engine_of_google_cloud():
    check_diagnostics(
        """\
name: demo
platform: gcp
gcp: {project: my-project, region: europe-west1, engine: deployment-manager}
#                                                        ^^^^^^^^^^^^^^^^^^ warning SIG111: use 'infrastructure-manager'
"""
    )


def test_missing_keys_of_a_function():
    check_part(
        """\
functions:
  resize:
# ^^^^^^ error SIG103: 'resize' lacks 'handler' and 'code'
    runtime: python3.13
"""
    )


def test_function_and_resource_without_anything():
    check_part(
        """\
functions:
  resize:
# ^^^^^^ error SIG103: 'resize' lacks 'runtime', 'handler' and 'code'
resources:
  images:
# ^^^^^^ error SIG103: 'images' lacks 'type'
"""
    )


def test_table_without_partition_key():
    check_part(
        """\
resources:
  sizes: {type: table}
# ^^^^^ error SIG103: 'sizes' lacks 'partitionKey'
outputs:
  Sizes: {value: "${sizes.arn}"}
"""
    )


def test_existing_table_needs_no_partition_key():
    check_part(
        """\
resources:
  sizes: {type: table, existing: sizes-of-old}
outputs:
  Sizes: {value: "${sizes.arn}"}
"""
    )


def test_unknown_keys():
    check_part(
        """\
descripton: x
#^^^^^^^^^ error SIG102: did you mean 'description'?
functions:
  resize:
    runtime: python3.13
    handler: app.handler
    code: src/resize
    memroy: 512
#   ^^^^^^ error SIG102: Unknown key 'memroy' in a function: did you mean 'memory'?
    xyzzy: 1
#   ^^^^^ error SIG102: Unknown key 'xyzzy' in a function, which would have no effect
    triggers:
      - http: GET /
        methd: GET
#       ^^^^^ error SIG102: in an http trigger
"""
    )


def test_wrong_types():
    check_part(
        """\
description: 12
#            ^^ error SIG101: put quotes around 12
functions:
  resize:
    runtime: python3.13
    handler: app.handler
    code: [src]
#         ^^^^^ error SIG101: 'code' takes a path relative to the manifest, not a list
    memory: "512"
#           ^^^^^ error SIG101: remove the quotes
    timeout: 1.5
#            ^^^ error SIG101: 'timeout' takes a whole number of seconds, not 1.5
    tracing: yes
#            ^^^ error SIG101: 'tracing' takes true or false, not 'yes'
    layers: arn:x
#           ^^^^^ error SIG101: takes a list
    uses: images
#         ^^^^^^ error SIG101: takes a mapping
    environment:
      AA: [1]
#         ^^^ error SIG101: 'AA' takes a text or a mapping, not a list
resources: jobs
#          ^^^^ error SIG101: 'resources' takes a mapping of resources
"""
    )


def test_section_as_a_list():
    check_part(
        """\
functions:
#^^^^^^^^ error SIG101: 'functions' takes a mapping of functions, not a list
  - runtime: python3.13
    handler: app.handler
"""
    )


def test_key_without_a_value():
    check_part(
        """\
functions:
  resize:
    runtime: python3.13
    handler: app.handler
    code: src/resize
    memory:
#   ^^^^^^ error SIG101: 'memory' has no value
    environment:
    triggers:
    uses:
"""
    )


def test_values_that_yaml_1_2_reads_as_texts():
    check_part(
        """\
functions:
  resize:
    runtime: python3.13
    handler: app.handler
    code: src/resize
    environment: {AA: on, BB: yes, CC: 12:30, DD: 1, EE: true, FF: 0o17}
"""
    )


def test_choices():
    check_part(
        """\
functions:
  resize:
    runtime: python3.31
#            ^^^^^^^^^^ warning SIG306: did you mean 'python3.1
    handler: app.handler
    code: src/resize
    architecture: arm
#                 ^^^ error SIG105: did you mean 'arm64'? It takes x86_64 or arm64
    logRetention: 10
#                 ^^ error SIG105: the nearest of what it takes is 7
    triggers:
      - bucket: images
        events: [create]
#                ^^^^^^ error SIG105: 'create'
resources:
  images: {type: bukket}
#                ^^^^^^ error SIG105: did you mean 'bucket'?
"""
    )


def test_limits():
    check_part(
        """\
functions:
  resize:
    runtime: python3.13
    handler: app.handler
    code: src/resize
    memory: 64
#           ^^ error SIG106: 'memory' cannot be 64: it takes 128 to 10240 MB
    timeout: 901
#            ^^^ error SIG106: 1 to 900 seconds
    ephemeralStorage: 511
#                     ^^^ error SIG106
    concurrency: -1
#                ^^ error SIG106: at least 0
resources:
  jobs: {type: queue, visibilityTimeout: 43201}
#                                        ^^^^^ error SIG106: 0 to 43200 seconds
outputs:
  Jobs: {value: "${jobs.url}"}
"""
    )


def test_malformed_texts():
    check_diagnostics(
        """\
name: my shop
#     ^^^^^^^ error SIG107: 'name' takes letters, digits and hyphens
platform: aws
aws: {region: Ireland, role: me}
#             ^^^^^^^ error SIG107: a region such as eu-west-1
#                            ^^ error SIG107: the ARN of a role
functions:
  my_function:
# ^^^^^^^^^^^ error SIG107: 'my_function' is no name for a function
    runtime: python3.13
    handler: app.handler
    code: src
    environment: {1A: x, B: one letter is refused by Lambda}
#                 ^^ error SIG107: no name for a variable
#                        ^ error SIG107: at least two characters
    triggers:
      - http: images
#             ^^^^^^ error SIG107: 'METHOD /path'
stack: my_stack
#      ^^^^^^^^ error SIG107: letters, digits, hyphens
outputs:
  my-url: {value: x}
# ^^^^^^ error SIG107: letters and digits only
"""
    )


def test_a_variable_of_one_letter_on_google_cloud():
    check_diagnostics(
        """\
name: demo
platform: gcp
gcp: {project: my-project, region: europe-west1, serviceAccount: a@b}
environment: {A: x}
functions:
  one: {runtime: python313, handler: app, code: src, triggers: [http: default], environment: {B: y}}
"""
    )


def test_quotes_are_not_offered_where_they_would_not_help():
    check_diagnostics(
        """\
name: 3
#     ^ error SIG101: 'name' takes letters, digits and hyphens, a letter first, at most 63 characters, not 3
platform: aws
aws: {region: true, profile: 1}
#             ^^^^ error SIG101: 'region' takes a region such as eu-west-1, not true
#                            ^ error SIG101: 'profile' takes a text: put quotes around 1
"""
    )


def test_nodes_of_a_cache():
    check_part(
        """\
resources:
  one: {type: cache, nodes: 7}
#                           ^ error SIG106: 'nodes' cannot be 7: a cache of redis or valkey has at most 6
  two: {type: cache, engine: redis, nodes: 6}
  three: {type: cache, engine: memcached, nodes: 40}
  four: {type: cache, nodes: 900}
#                            ^^^ error SIG106: it takes 1 to 90 nodes
outputs:
  Url: {value: "${one.endpoint} ${two.endpoint} ${three.endpoint} ${four.endpoint}"}
"""
    )


def test_a_runtime_that_is_a_number():
    check_part(
        """\
functions:
  one: {runtime: 3.13, handler: app.handler, code: src}
#                ^^^^ error SIG101: 'runtime' takes a name with a version, not the number 3.13: did you mean 'python3.13'?
  two: {runtime: true, handler: app.handler, code: src}
#                ^^^^ error SIG101: not the boolean true: use python3.14,
  three: {runtime: rust, handler: app.handler, code: src}
#                  ^^^^ warning SIG306: 'rust' is no known runtime: use python3.14,
"""
    )


def test_stack_name_too_long():
    check_part(f"stack: {'x' * 129}\n#      {'^' * 129} error SIG208: at most 128 characters\n")


def test_stack_name_that_is_too_long_in_a_stage():
    check_part(
        f"""\
stack: {"x" * 110}-${{stage}}-${{project}}
#      {"^" * 130} error SIG208: and this one 135 in stage 'a-stage-of-19-chars'
stages: {{dev: {{}}, a-stage-of-19-chars: {{}}}}
"""
    )


def test_stack_name_with_its_stage():
    check_part("stack: ${project}-${stage}-x\nstages: {dev: {}, prod: {}}\n")


def test_trigger_kinds():
    check_part(
        """\
functions:
  list:
    runtime: python3.13
    handler: app.handler
    code: src/list
    triggers:
      - prefix: uploads/
#       ^^^^^^ error SIG108: A trigger needs one of the keys http
      - htpt: GET /
#       ^^^^ error SIG108: did you mean 'http'?
      - http: GET /
        queue: jobs
#       ^^^^^ error SIG108: 'queue' is a second kind beside 'http'
      - GET /
#       ^^^^^ error SIG101: takes a mapping with one of http
    environment:
      AA: {asks: What}
#          ^^^^ error SIG108: did you mean 'ask'?
"""
    )


def test_lengths_of_lists():
    check_part(
        """\
functions:
  list:
    runtime: python3.13
    handler: app.handler
    code: src/list
    layers:
      - arn:aws:lambda:eu-west-1:123456789012:layer:a:1
      - arn:aws:lambda:eu-west-1:123456789012:layer:b:1
      - arn:aws:lambda:eu-west-1:123456789012:layer:c:1
      - arn:aws:lambda:eu-west-1:123456789012:layer:d:1
      - arn:aws:lambda:eu-west-1:123456789012:layer:e:1
      - arn:aws:lambda:eu-west-1:123456789012:layer:f:1
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error SIG110: at most 5 items, and these are 6
    uses: {jobs: []}
#                ^^ error SIG110: at least 1
resources:
  jobs: {type: queue}
"""
    )


def test_keys_of_the_other_platform():
    check_diagnostics(
        """\
name: demo
platform: gcp
gcp: {project: my-project, region: europe-west1, serviceAccount: deployer@my-project.iam.gserviceaccount.com}
aws: {region: eu-west-1}
#^^ error SIG104: 'aws' belongs to AWS
functions:
  hello:
    runtime: python313
    handler: hello
    code: src
    layers: []
#   ^^^^^^ error SIG104: 'layers' belongs to AWS (platform: aws); this project is on Google Cloud (platform: gcp)
    triggers:
      - url: public
#       ^^^ error SIG104: 'url' of a trigger belongs to AWS
resources:
  s: {type: stream}
#           ^^^^^^ error SIG104: The type 'stream' belongs to AWS
# ^ hint SIG207
  q: {type: "AWS::SQS::Queue"}
#           ^^^^^^^^^^^^^^^^^ error SIG104: belongs to AWS
stages:
  prod:
    aws: {region: eu-west-1}
#   ^^^ error SIG104
"""
    )


def test_keys_of_google_cloud_on_aws():
    check_part(
        """\
gcp: {project: my-project, region: europe-west1}
#^^ error SIG104: 'gcp' belongs to Google Cloud
functions:
  hello:
    runtime: python3.13
    handler: app.hello
    code: src
    roles: [roles/viewer]
#   ^^^^^ error SIG104
"""
    )


def test_a_domain_has_a_certificate_or_a_zone():
    check_part(
        """\
resources:
  api: {type: api, domain: {name: a.example.com}}
#                  ^^^^^^ error SIG103: lacks 'certificate'
  http: {type: api, domain: {name: a.example.com, zone: Z0123456789ABC}}
  rest:
    type: api
    kind: rest
    domain: {name: b.example.com, certificate: "arn:aws:acm:eu-west-1:123456789012:certificate/1"}
  wrong: {type: api, domain: {name: A.example, certificate: "arn:aws:s3:::x", zone: zone}}
#                                   ^^^^^^^^^ error SIG107
#                                                           ^^^^^^^^^^^^^^^^ error SIG107
#                                                                                   ^^^^ error SIG107
outputs: {A: {value: "${api.url} ${http.url} ${rest.url} ${wrong.url}"}}
"""
    )


def test_a_raw_type_without_a_property_for_its_name():
    check_part(
        """\
resources:
  cache: {type: "AWS::ElastiCache::CacheCluster", name: x}
  net: {type: "AWS::EC2::VPC", name: x}
#                              ^^^^ error SIG209: has no property for a name
  own: {type: "Custom::Thing", name: x}
#                              ^^^^ error SIG209: has no property for a name
  theirs: {type: "AWS::EC2::VPC", name: x, existing: vpc-1}
"""
    )


def test_gcp_has_everything_in_check():
    check_diagnostics(
        """\
name: demo
platform: gcp
gcp: {project: my-project, region: europe-west1, serviceAccount: deployer@my-project.iam.gserviceaccount.com}
functions:
  hello:
    runtime: python313
    handler: hello
    code: src
    triggers: [http: default]
  nightly:
    runtime: nodejs22
    handler: nightly
    code: src
    triggers: [{schedule: "0 3 * * *", timezone: Europe/Berlin}]
  changed:
    runtime: python313
    handler: changed
    code: src
    triggers: [{document: "users/{user}", events: [created, deleted]}]
    environment: {HELLO: "${hello.url}"}
"""
    )


def test_other_keys_of_the_language():
    check_part(
        """\
description: Everything that can be deployed.
version: 1.0.0
stack: demo-${stage}
stages:
  dev:
  prod:
    aws: {profile: work, tags: {team: media}}
    environment: {LOG_LEVEL: warning}
    functions: {resize: {memory: 1024, description: null}}
environment: {LOG_LEVEL: info}
functions:
  resize:
    description: Resizes one image.
    runtime: python3.13
    handler: app.handler
    code: src/resize
    memory: 512
    timeout: 30
    architecture: arm64
    ephemeralStorage: 512
    concurrency: 10
    logRetention: 14
    tracing: true
    layers: [arn:aws:lambda:eu-west-1:123456789012:layer:x:1]
    vpc: {subnets: [subnet-0a1b2c3d4e5f60718], securityGroups: [sg-0a1b2c3d4e5f60718]}
    deadLetter: failed
    environment:
      THUMBNAILS: ${thumbnails.name}
      STRIPE_KEY: {ask: Stripe API key}
      DB_PASSWORD: {secret: prod/db, key: password}
      LITERAL: $${not.a} reference
      ALL: ${project} ${stage} ${stack} ${region} ${account}
    triggers:
      - bucket: images
        events: created
        prefix: uploads/
        suffix: .jpg
      - http: GET /resize/{id}
        cors: {origins: ["https://example.com"], maxAge: 60}
      - queue: legacy
        batch: 100
        window: 5
        filter: [{body: {kind: [image]}}]
    uses:
      thumbnails: [read, write]
      failed: send
      more: send
      sizes: query
      news: publish
    permissions:
      - {Effect: Allow, Action: [rekognition:DetectLabels], Resource: "*"}
resources:
  images: {type: bucket, cors: true, expireAfterDays: 7}
  thumbnails: {type: bucket, keep: true, versioned: true}
  failed: {type: queue, retention: 1209600}
  legacy: {type: queue, existing: "arn:aws:sqs:eu-west-1:123456789012:legacy"}
  more: {type: queue, deadLetter: {queue: failed, after: 5}}
  news: {type: topic, fifo: true}
  sizes:
    type: table
    partitionKey: id
    sortKey: {name: at, type: number}
    billing: {read: 5, write: 5}
    ttl: expires
    indexes: {byEmail: {partitionKey: email, project: [at]}}
  cache:
    type: AWS::ElastiCache::CacheCluster
    properties: {CacheNodeType: cache.t4g.micro, Engine: redis, NumCacheNodes: 1, Tags: !Sub "${AWS::StackName}"}
outputs:
  ThumbnailBucket: {value: "${thumbnails.name}", description: Where thumbnails are stored}
  Url: {value: "${api.url}"}
template:
  Resources: {}
"""
    )


def test_a_misspelt_type():
    check_part(
        """\
resources:
  images: {Type: bucket}
# ^^^^^^ error SIG103: 'images' lacks 'type'
#          ^^^^ error SIG102: Unknown key 'Type' in a resource: did you mean 'type'?
""",
    )


def test_tags_that_aws_keeps_for_itself():
    check_diagnostics(
        """\
name: demo
platform: aws
aws:
  region: eu-west-1
  tags:
    team: media
    aws:team: media
#   ^^^^^^^^ error SIG107: 'aws:team' is no name for a tag
    owner: [a, b]
#          ^^^^^^ error SIG101: 'owner' takes a text of at most 256 characters, not a list
"""
    )


def test_a_list_where_a_mapping_belongs():
    (found,) = check_text(f"{SHELL}resources:\n  one: {{type: table, partitionKey: id, indexes: [a]}}\n")[1:]
    assert found.message == "'indexes' takes a mapping of indexes, not a list."
