"""Projects built by hand, for tests of one thing at a time."""

from sigma_ls.manifest.model import (
    Api,
    AwsSettings,
    Bucket,
    BucketTrigger,
    Function,
    HttpTrigger,
    ManifestOutput,
    Project,
    Queue,
    Reference,
    Table,
    TableKey,
    Text,
)


def by_id(*things):
    return {thing.id: thing for thing in things}


def project(*things, **more):
    """A project named `app` of functions and resources; an api `api` is there where a trigger needs it."""
    functions = by_id(*(thing for thing in things if isinstance(thing, Function)))
    resources = by_id(*(thing for thing in things if not isinstance(thing, Function)))
    needs_api = any(isinstance(t, HttpTrigger) and t.api == "api" for f in functions.values() for t in f.triggers)
    if needs_api and "api" not in resources:
        resources["api"] = Api(id="api")
    settings = {"name": "app", "stack": "app", "platform": "aws", "aws": AwsSettings(region="eu-west-1"), **more}
    return Project(functions=functions, resources=resources, **settings)


def function(function_id="resize", **more):
    given = {"runtime": "python3.13", "handler": "app.handler", "code": f"src/{function_id}", **more}
    return Function(id=function_id, **given)


def ref(thing_id, attribute):
    return Text((Reference(thing_id, attribute),))


def thumbnailer():
    return project(
        function(
            "upload",
            environment={"IMAGES": ref("images", "name")},
            triggers=(HttpTrigger("POST", "/images"),),
            uses={"images": ("write",)},
        ),
        function(
            "resize",
            memory=512,
            timeout=30,
            dead_letter="failed",
            environment={"THUMBNAILS": ref("thumbnails", "name"), "TABLE": ref("sizes", "name")},
            triggers=(BucketTrigger("images"),),
            uses={"images": ("read",), "thumbnails": ("write",), "sizes": ("write",)},
        ),
        function(
            "list",
            environment={"TABLE": ref("sizes", "name")},
            triggers=(HttpTrigger("GET", "/images"),),
            uses={"sizes": ("read",)},
        ),
        Bucket(id="images"),
        Bucket(id="thumbnails"),
        Table(id="sizes", partition_key=TableKey("key")),
        Queue(id="failed"),
        name="thumbnailer",
        stack="thumbnailer",
        outputs={"Url": ManifestOutput("Url", Text((Reference("api", "url"), "/images")), "POST an image here.")},
    )
