import pytest
from inline_snapshot import snapshot

from sigma_ls.deploy.snapshot import Cause
from sigma_ls.providers.aws.changes import effective, merged, to_change


def resource(logical_id="Images", action="Modify", **more):
    return {"LogicalResourceId": logical_id, "ResourceType": "AWS::S3::Bucket", "Action": action, **more}


def item(change):
    return {"Type": "Resource", "ResourceChange": change}


def detail(name, source="DirectModification", entity=None, attribute="Properties", **target):
    found = {"Target": {"Attribute": attribute, "Name": name, **target}, "ChangeSource": source}
    return found | ({"CausingEntity": entity} if entity else {})


def kind_of(change):
    return f"{change.action} / {change.replacement}"


def test_actions_and_replacements():
    cases = [
        resource(action="Add"),
        resource(action="Remove"),
        resource(action="Import"),
        resource(action="Dynamic"),
        resource(action="SyncWithActual"),
        resource(),
        resource(Replacement="False"),
        resource(Replacement="Conditional"),
        resource(Replacement="True"),
        resource(action="Remove", Replacement="True"),
        resource(action="SomethingNew"),
    ]
    assert [kind_of(to_change(case)) for case in cases] == snapshot(
        [
            "add / never",
            "remove / never",
            "import / never",
            "modify / may",
            "modify / never",
            "modify / never",
            "modify / never",
            "modify / may",
            "replace / will",
            "remove / never",
            "modify / never",
        ]
    )


def test_a_change_names_its_resource():
    change = to_change(resource("Images", PhysicalResourceId="app-images-1"))
    assert (change.id, change.resource.type, change.resource.name, change.resource.physical_id) == (
        "Images",
        "AWS::S3::Bucket",
        "Images",
        "app-images-1",
    )


def test_a_resource_that_is_not_there_yet_has_no_physical_id():
    assert to_change(resource(action="Add", PhysicalResourceId="")).resource.physical_id is None


def test_causes_name_the_property_down_to_its_path():
    details = [
        detail("Code", Path="/Properties/Code/S3Key", BeforeValue="a.zip", AfterValue="b.zip"),
        detail("MemorySize", BeforeValue="128", AfterValue="256"),
        detail(None, attribute="Tags"),
        detail(None, attribute="DeletionPolicy", Path="/DeletionPolicy", BeforeValue="Delete", AfterValue="Retain"),
    ]
    assert to_change(resource(Details=details)).causes == (
        Cause("Code.S3Key", "a.zip", "b.zip"),
        Cause("MemorySize", "128", "256"),
        Cause("Tags"),
        Cause("DeletionPolicy", "Delete", "Retain"),
    )


def test_a_property_that_changes_for_several_reasons_is_one_cause_with_its_values():
    details = [
        detail("Role", source="ResourceAttribute", entity="Role.Arn"),
        detail("Role", BeforeValue="x", AfterValue="y"),
        detail("Role", source="ParameterReference", entity="P"),
    ]
    assert to_change(resource(Details=details)).causes == (Cause("Role", "x", "y"),)


def test_values_are_added_to_the_plain_description():
    plain = [item(resource("A", Details=[detail("Name")])), item(resource("B"))]
    valued = [item(resource("A", Details=[detail("Name", BeforeValue="x", AfterValue="y")])), item(resource("B"))]
    assert [to_change(change).causes for change in merged(plain, valued)] == [(Cause("Name", "x", "y"),), ()]


def test_one_plain_detail_may_stand_for_several_paths():
    plain = [item(resource(Details=[detail("Code")]))]
    paths = [detail("Code", Path=f"/Properties/Code/{key}", BeforeValue="1") for key in ("S3Key", "S3Bucket")]
    (change,) = merged(plain, [item(resource(Details=paths))])
    assert [cause.property for cause in to_change(change).causes] == ["Code.S3Key", "Code.S3Bucket"]


def test_a_resource_that_only_one_description_lists_is_not_lost():
    plain = [item(resource("Json")), item(resource("Both"))]
    valued = [item(resource("Both")), item(resource("ValuesOnly"))]
    assert [change["LogicalResourceId"] for change in merged(plain, valued)] == ["Json", "Both", "ValuesOnly"]


def test_a_detail_that_only_one_description_lists_is_not_lost():
    plain = [item(resource(Details=[detail("A"), detail("B")]))]
    valued = [item(resource(Details=[detail("B", BeforeValue="1"), detail("C")]))]
    (change,) = merged(plain, valued)
    assert [cause.property for cause in to_change(change).causes] == ["A", "B", "C"]


def test_hooks_in_the_list_are_no_changes():
    assert merged([{"Type": "Hook"}], []) == []


@pytest.mark.parametrize(
    ("action", "policy", "status"),
    [
        ("Remove", "Retain", "retained"),
        ("Remove", "Snapshot", "pending"),
        ("Remove", "Delete", "pending"),
        ("Modify", "ReplaceAndRetain", "pending"),
    ],
)
def test_what_is_only_taken_out_of_the_stack_is_kept(action, policy, status):
    assert to_change(resource(action=action, PolicyAction=policy)).status == status


def referring(logical_id, entity, *details, replacement="Conditional", source="ResourceAttribute", **more):
    """A change that is listed since it refers to `entity`."""
    reference = detail("Ref", source, entity, RequiresRecreation="Conditionally") | {"Evaluation": "Dynamic"}
    return resource(logical_id, Replacement=replacement, Details=[reference, *details], **more)


MORE_MEMORY = resource(
    "Function",
    Replacement="False",
    Details=[detail("MemorySize", RequiresRecreation="Never") | {"Evaluation": "Static"}],
)
NEW_NAME = resource(
    "Function",
    Replacement="True",
    Details=[detail("FunctionName", RequiresRecreation="Always") | {"Evaluation": "Static"}],
)


@pytest.mark.parametrize("entity", ["Function", "Function.Arn"])
def test_what_refers_to_a_resource_that_is_changed_in_place_does_not_change(entity):
    assert effective([referring("Images", entity), MORE_MEMORY]) == [MORE_MEMORY]


def test_what_refers_to_something_that_does_not_change_does_not_change_either():
    chain = [referring("Third", "Second"), referring("Second", "First"), referring("First", "Function"), MORE_MEMORY]
    assert effective(chain) == [MORE_MEMORY]


@pytest.mark.parametrize(
    "changes",
    [
        [referring("Images", "Function.Arn"), NEW_NAME],
        [referring("Images", "Function.Version"), MORE_MEMORY],
        [referring("Images", "Elsewhere.Arn"), MORE_MEMORY],
        [referring("Images", "Function.Arn", source="ParameterReference"), MORE_MEMORY],
        [referring("Images", "Function.Arn", action="Remove"), MORE_MEMORY],
        [referring("Images", "Function.Arn"), resource("Function", "Add")],
        [referring("Images", "Function.Arn"), referring("Function", "P", source="ParameterReference")],
        [resource("Images", Replacement="True", Details=[])],
    ],
)
def test_what_may_change_stays_in_the_list(changes):
    assert effective(changes) == changes


def test_of_what_changes_anyway_only_the_real_causes_count():
    own = detail("Versioning", RequiresRecreation="Never") | {"Evaluation": "Static"}
    changes = effective([referring("Images", "Function.Arn", own), MORE_MEMORY])
    assert [(kind_of(change), [cause.property for cause in change.causes]) for change in map(to_change, changes)] == [
        ("modify / never", ["Versioning"]),
        ("modify / never", ["MemorySize"]),
    ]


def test_a_replacement_for_a_reason_of_its_own_stays_one():
    own = detail("BucketName", RequiresRecreation="Always") | {"Evaluation": "Static"}
    images, _ = effective([referring("Images", "Function.Arn", own, replacement="True"), MORE_MEMORY])
    assert kind_of(to_change(images)) == "replace / will"
