import pytest
from inline_snapshot import snapshot

from sigma_ls.deploy.snapshot import Cause
from sigma_ls.providers.aws.changes import merged, to_change


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
