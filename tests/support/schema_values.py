"""Manifests that the JSON Schema describes, drawn at random from the schema itself; and such with one thing changed."""

import json
import re

WORDS = (
    "",
    "a",
    "ab",
    "a b",
    "x/y",
    "on",
    "12:30",
    "512",
    "é",
    "images",
    "my-project",
    "a@b",
    "a.b.c",
    "eu-west-1",
    "GET /a/{id}",
    "rate(5 minutes)",
    "* * * * *",
    "Z123",
    "SELECT * FROM 'x'",
    "roles/x.y",
    "sg-0a1b",
    "subnet-0a1b",
    "AWS::S3::Bucket",
    "google_x",
    "amzn1.ask.skill.12-ab",
    "arn:aws:iam::123456789012:role/x",
    "arn:aws:lambda:eu-west-1:123456789012:layer:x:1",
    "arn:aws:acm:eu-west-1:123456789012:certificate/x",
    "arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/1",
)
VALUES = (None, True, 0, 1.5, -1, 10**12, "", "ab", [], ["ab"], [None], {}, {"ab": 1}, {"ab": None})
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


class Drawing:
    """Draws values of a schema's parts."""

    def __init__(self, schema, random):
        self.schema = schema
        self.random = random

    def value(self, of):
        """A value as `of` asks."""
        while "$ref" in of:
            of = self.schema["$defs"][of["$ref"].removeprefix("#/$defs/")]
        if "const" in of:
            return of["const"]
        for several in ("enum", "anyOf"):
            if several in of:
                chosen = self.random.choice(of[several])
                return self.value(chosen) if several == "anyOf" else chosen
        kind = of.get("type")
        kind = self.random.choice(kind) if isinstance(kind, list) else kind
        return _DRAW[kind](self, of) if kind else self.random.choice(VALUES)

    def text(self, of):
        """A word of the list that has the form."""
        return self.random.choice([word for word in WORDS if re.search(of.get("pattern", ""), word)])

    def whole(self, of):
        low = of.get("minimum", -5)
        high = of.get("maximum", low + 100_000)
        return self.random.choice([low, high])

    def items(self, of):
        least = of.get("minItems", 0)
        most = min(of.get("maxItems", 2), 2)
        return [self.value(of["items"]) for _ in range(self.random.randint(least, max(least, most)))]

    def mapping(self, of):
        found = {}
        for key, said in of.get("properties", {}).items():
            if key in of.get("required", ()) or self.random.random() < 0.25:
                found[key] = self.value(said)
        more = of.get("additionalProperties")
        for _ in range(self.random.randint(0, 2) if isinstance(more, dict) else 0):
            found[self.text(of.get("propertyNames", {}))] = self.value(more)
        return found


def spoil(value, random):
    """Change one thing somewhere in a mapping: a value, a key that goes, or one that comes."""
    places = list(_mappings_and_lists(value))
    at = random.choice(places)
    keys = list(at) if isinstance(at, dict) else list(range(len(at)))
    what = random.choice(["change", "change", "change", "remove", "add"]) if keys else "add"
    if what == "add" and isinstance(at, list):
        at.append(random.choice(VALUES))
    elif what == "add":
        at[random.choice(["memroy", *WORDS])] = random.choice(VALUES)
    elif what == "remove":
        del at[random.choice(keys)]
    else:
        at[random.choice(keys)] = random.choice([*VALUES, *WORDS])


def _mappings_and_lists(value):
    """All that are in a value, but for empty lists."""
    if isinstance(value, dict) or (isinstance(value, list) and value):
        yield value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _mappings_and_lists(inner)


_DRAW = {
    "null": lambda draw, of: None,
    "boolean": lambda draw, of: draw.random.random() < 0.5,
    "number": lambda draw, of: draw.random.choice([1, 1.5, 0, -3]),
    "integer": lambda draw, of: draw.whole(of),
    "string": lambda draw, of: draw.text(of),
    "array": Drawing.items,
    "object": Drawing.mapping,
}


def yaml_of(value, indent=""):
    """A mapping as people write one: keys on lines of their own, and what stands in lists in flow style."""
    lines = []
    for key, inner in value.items():
        name = key if _PLAIN.fullmatch(key) else json.dumps(key)
        if isinstance(inner, dict) and inner:
            lines += [f"{indent}{name}:", yaml_of(inner, f"{indent}  ")]
        elif isinstance(inner, list) and inner:
            lines += [f"{indent}{name}:", *(f"{indent}  - {json.dumps(item)}" for item in inner)]
        else:
            lines.append(f"{indent}{name}: {json.dumps(inner)}")
    return "\n".join(lines)
