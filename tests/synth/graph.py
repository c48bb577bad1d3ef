"""What a template's resources refer to, worked out independently of the code under test."""

import re


def references(node):
    """Every logical id that a node names by Ref, GetAtt or Sub; pseudo parameters too."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "Ref":
                yield value
            elif key == "Fn::GetAtt":
                yield value[0] if isinstance(value, list) else value.split(".")[0]
            elif key == "Fn::Sub":
                text, bound = value if isinstance(value, list) else (value, {})
                yield from (name for name in re.findall(r"\$\{([^!}.]+)[^}]*\}", text) if name not in bound)
                yield from references(bound)
            else:
                yield from references(value)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)


def dependencies(body):
    """Logical id → the logical ids of the resources that CloudFormation makes before it."""
    resources = body["Resources"]
    return {
        name: {
            found
            for found in (*references(resource.get("Properties", {})), *resource.get("DependsOn", []))
            if found in resources
        }
        for name, resource in resources.items()
    }


def cycle(body):
    """A circular dependency as a list of logical ids, or nothing."""
    graph, done = dependencies(body), set()

    def walk(name, trail):
        if name in trail:
            return [*trail[trail.index(name) :], name]
        if name in done:
            return None
        for following in sorted(graph[name]):
            if found := walk(following, [*trail, name]):
                return found
        done.add(name)
        return None

    return next((found for name in sorted(graph) if (found := walk(name, []))), None)


def dangling(body):
    """Names that are referred to and are neither a resource, a parameter nor a pseudo parameter."""
    known = {*body["Resources"], *body.get("Parameters", {})}
    named = {*references(body), *(name for r in body["Resources"].values() for name in r.get("DependsOn", []))}
    return {name for name in named - known if not name.startswith("AWS::")}


def statements(body, function_id):
    """The statements of a function's role, by what is allowed: resource as written → actions."""
    role = body["Resources"][f"{function_id}Role"]["Properties"]
    return role["Policies"][0]["PolicyDocument"]["Statement"]
