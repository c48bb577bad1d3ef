"""Projects of any shape that a manifest can have, for property tests."""

from itertools import pairwise

import attrs
from hypothesis import strategies as st

from sigma_ls.manifest.model import (
    AlexaTrigger,
    Api,
    ApiDomain,
    Ask,
    Bucket,
    BucketTrigger,
    Cache,
    Cors,
    Database,
    EventBus,
    EventTrigger,
    FromSecret,
    HttpTrigger,
    IotTrigger,
    LogGroup,
    LogsTrigger,
    Project,
    Pseudo,
    Queue,
    QueueDeadLetter,
    QueueTrigger,
    Raw,
    Reference,
    ScheduleTrigger,
    Secret,
    StateMachine,
    Stream,
    StreamTrigger,
    Table,
    TableKey,
    TableTrigger,
    Text,
    Topic,
    TopicTrigger,
    UrlTrigger,
    UserPool,
    UserPoolClient,
    UserPoolTrigger,
    Vpc,
    pascal_case,
)
from tests.synth.projects import function, project

# Few ids, of which some clash with companions of others (`a` has a role `ARole`, `a` and `bC` make `ABCPermission`).
IDS = ("a", "aRole", "aB", "b", "bC", "c", "cLogGroup", "d-e", "d-eF", "api", "apiStage", "x-1")

PATHS = ("/", "/images", "/images/{id}", "/images/{id}/size", "/{rest+}", "/a-b", "/aB", "/param", "/v1.2")
METHODS = ("GET", "POST", "ANY")

OPERATIONS = {
    Bucket: ("read", "write", "delete", "admin"),
    Table: ("read", "query", "write", "delete", "admin"),
    Queue: ("send", "receive", "admin"),
    Topic: ("publish", "admin"),
    Api: ("invoke",),
    Cache: (),
    Database: ("connect",),
    EventBus: ("publish", "admin"),
    LogGroup: ("read", "write"),
    Secret: ("read", "write"),
    StateMachine: ("start", "read"),
    Stream: ("read", "write"),
    UserPool: ("read", "write", "admin"),
    "function": ("invoke",),
}

ATTRIBUTES = {
    Bucket: ("name", "arn", "url"),
    Table: ("name", "arn", "streamArn"),
    Queue: ("name", "arn", "url"),
    Topic: ("name", "arn"),
    Api: ("name", "arn", "id", "url"),
    Cache: ("name", "arn", "endpoint", "port"),
    Database: ("name", "arn", "endpoint", "port"),
    EventBus: ("name", "arn"),
    LogGroup: ("name", "arn"),
    Raw: ("ref", "arn"),
    Secret: ("name", "arn"),
    StateMachine: (),
    Stream: ("name", "arn"),
    UserPool: (),
}
"""A pool or a machine that calls the function which names it would be a circle, and is refused."""


@st.composite
def resources(draw, resource_id):
    """A resource of any type that names no other."""
    kind = draw(st.sampled_from(tuple(ATTRIBUTES)))
    common = {"id": resource_id, "keep": draw(st.booleans())}
    match kind:
        case _ if kind is Bucket:
            return Bucket(**common, versioned=draw(st.booleans()), public=draw(st.booleans()))
        case _ if kind is Table:
            return Table(**common, partition_key=TableKey("id"))
        case _ if kind is Api:
            name = f"{resource_id}.example.com"
            certificate = "arn:aws:acm:eu-west-1:123456789012:certificate/1"
            return Api(
                **common,
                kind=draw(st.sampled_from(("http", "rest"))),
                cors=draw(st.sampled_from((None, Cors()))),
                domain=draw(st.sampled_from((None, ApiDomain(name, zone="Z1"), ApiDomain(name, certificate)))),
            )
        case _ if kind is UserPool:
            return UserPool(**common, sign_in=draw(st.sampled_from(((), ("phone",)))), clients=(UserPoolClient("web"),))
        case _ if kind is StateMachine:
            return StateMachine(**common, definition={"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})
        case _ if kind is Raw:
            return Raw(**common, type="AWS::SSM::Parameter", properties={"Type": "String", "Value": "x"})
        case _:
            return kind(**common)


@st.composite
def projects(draw):
    """A project that the manifest's own rules accept, and that has no circular reference of its own making."""
    ids = draw(st.lists(st.sampled_from(IDS), unique=True, max_size=8))
    assert len({pascal_case(name) for name in ids}) == len(ids)
    cut = draw(st.integers(0, len(ids)))
    function_ids, made = ids[:cut], {name: draw(resources(name)) for name in ids[cut:]}
    of_type = lambda kind: [name for name, thing in made.items() if isinstance(thing, kind)]  # noqa: E731

    queues = sorted(of_type(Queue))
    for first, second in pairwise(queues):
        if draw(st.booleans()):
            made[first] = Queue(id=first, dead_letter=QueueDeadLetter(second))

    apis = ["api", *of_type(Api)] if isinstance(made.get("api"), Api | None) and "api" not in function_ids else []
    routes = draw(st.lists(st.tuples(st.sampled_from(METHODS), st.sampled_from(PATHS)), unique=True, max_size=6))
    steps = ["preSignUp", "postConfirmation", "customMessage"]
    functions = []
    for function_id in function_ids:
        triggers = []
        if apis:
            while routes and draw(st.booleans()):
                method, path = routes.pop()
                cors = draw(st.sampled_from((None, Cors(), Cors(origins=("https://a.example",), max_age=5))))
                auth = draw(st.sampled_from(("none", "iam", *of_type(UserPool))))
                triggers.append(HttpTrigger(method, path, api=draw(st.sampled_from(apis)), auth=auth, cors=cors))
        for bucket in of_type(Bucket):
            if draw(st.booleans()):
                events = ("created", "removed:delete")[: draw(st.integers(1, 2))]
                triggers.append(BucketTrigger(bucket, events, suffix=draw(st.sampled_from((None, function_id)))))
        triggers += [QueueTrigger(queue, batch=5) for queue in of_type(Queue) if draw(st.booleans())]
        triggers += [TopicTrigger(topic) for topic in of_type(Topic) if draw(st.booleans())]
        triggers += [StreamTrigger(stream) for stream in of_type(Stream) if draw(st.booleans())]
        triggers += [LogsTrigger(group) for group in (*of_type(LogGroup), "/theirs") if draw(st.booleans())]
        for table in of_type(Table):
            if draw(st.booleans()):
                triggers.append(TableTrigger(table, draw(st.sampled_from(("keys", "new", "old", "both")))))
        for bus in (*of_type(EventBus), "default"):
            triggers += [EventTrigger({"source": (name,)}, bus) for name in "ab" if draw(st.booleans())]
        triggers += [
            trigger
            for trigger in (
                UrlTrigger("public"),
                ScheduleTrigger("rate(1 day)"),
                ScheduleTrigger("rate(2 days)", input={"a": 1}),
                AlexaTrigger("amzn1.ask.skill.1"),
                IotTrigger("SELECT * FROM 'a'"),
            )
            if draw(st.booleans())
        ]
        for pool in of_type(UserPool):
            if steps and draw(st.booleans()):
                triggers.append(UserPoolTrigger(pool, steps.pop()))

        uses = {}
        for used in (*made, *function_ids):
            operations = OPERATIONS.get("function" if used in function_ids else type(made[used]), ())
            if operations and draw(st.booleans()):
                uses[used] = tuple(draw(st.lists(st.sampled_from(operations), unique=True, min_size=1)))
        environment = {}
        for name, thing in made.items():
            if ATTRIBUTES[type(thing)] and draw(st.booleans()):
                reference = Reference(name, draw(st.sampled_from(ATTRIBUTES[type(thing)])))
                environment[f"V_{name.replace('-', '_')}"] = Text(("$x ${", reference, Pseudo("region")))
        for key in ("KEY", "key"):
            if draw(st.booleans()):
                environment[key] = Ask(draw(st.sampled_from(("One", "Other"))))
        if draw(st.booleans()):
            environment["PASSWORD"] = FromSecret("prod/db", draw(st.sampled_from((None, "password"))))
        functions.append(
            function(
                function_id,
                triggers=tuple(triggers),
                uses=uses,
                environment=environment,
                tracing=draw(st.booleans()),
                vpc=draw(st.sampled_from((None, Vpc(("subnet-1",), ("sg-1",))))),
                dead_letter=draw(st.sampled_from((None, *of_type(Queue | Topic)))),
                permissions=({"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::x/*"},),
            )
        )
    return project(*functions, *made.values())


def shuffled(draw, value):
    """The same project with the keys of all its mappings in another order; lists keep theirs."""
    if isinstance(value, dict):
        return {key: shuffled(draw, value[key]) for key in draw(st.permutations(sorted(value)))}
    return value


@st.composite
def two_orders(draw):
    """One project, written in two orders."""
    one = draw(projects())
    functions = {
        name: attrs.evolve(f, uses=shuffled(draw, dict(f.uses)), environment=shuffled(draw, dict(f.environment)))
        for name, f in one.functions.items()
    }
    other: Project = attrs.evolve(
        one, functions=shuffled(draw, functions), resources=shuffled(draw, dict(one.resources))
    )
    return one, other
