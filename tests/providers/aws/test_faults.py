import pytest

from sigma_ls.deploy.ports import TemplateFault
from sigma_ls.providers.aws.faults import faults_in, faults_of_events, is_no_change

TEMPLATE = {"Resources": {"Resize": {}, "Images": {}}, "Outputs": {"Url": {}}}


@pytest.mark.parametrize(
    ("reason", "path"),
    [
        ("Template error: instance of Fn::GetAtt references undefined resource Resize", ("Resources", "Resize")),
        ("Template format error: [/Resources/Images/Type/Name] 'x'", ("Resources", "Images", "Type", "Name")),
        ("Unresolved resource dependencies [Gone] in the Resources block of the template", ("Resources",)),
        ("Unresolved resource dependencies [Gone] in the Outputs block of the template", ("Outputs",)),
        ("Circular dependency between resources: [Resize, Images]", ("Resources", "Resize")),
        ("Template error: resource Images does not support attribute type Url", ("Resources", "Images")),
        ("Output 'Url' not found", ("Outputs", "Url")),
        (
            "#/Resources/Images/Properties/Tags/0: expected type: JSONObject",
            ("Resources", "Images", "Properties", "Tags", 0),
        ),
        ("No description", ()),
    ],
)
def test_the_place_that_a_reason_names(reason, path):
    assert faults_in(reason, TEMPLATE) == (TemplateFault(reason, path),)


def test_a_template_that_is_no_data_has_no_places():
    assert faults_in("references undefined resource Resize", "Resources: ...") == (
        TemplateFault("references undefined resource Resize"),
    )


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (
            "The submitted information didn't contain changes. Submit different information to create a change set.",
            True,
        ),
        ("No updates are to be performed.", True),
        ("Transform AWS::Serverless failed. No updates are to be performed.", False),
        ("", False),
    ],
)
def test_want_of_changes_is_told_from_failure_by_the_reason(reason, expected):
    assert is_no_change(reason) is expected


def validation(**more):
    return {"EventType": "VALIDATION_ERROR", "ValidationStatus": "FAILED", "ValidationFailureMode": "FAIL", **more}


def test_failed_validations_are_faults_at_their_paths():
    events = [
        validation(ValidationStatusReason="taken", ValidationPath="/Resources/Images/Properties/BucketName"),
        validation(ValidationName="NAME_CONFLICT_VALIDATION", LogicalResourceId="Images"),
    ]
    assert faults_of_events(events) == (
        TemplateFault("taken", ("Resources", "Images", "Properties", "BucketName")),
        TemplateFault("NAME_CONFLICT_VALIDATION", ("Resources", "Images")),
    )


@pytest.mark.parametrize(
    "event",
    [validation(ValidationFailureMode="WARN"), validation(ValidationStatus="SKIPPED"), {"EventType": "STACK_EVENT"}],
)
def test_warnings_and_other_events_are_no_faults(event):
    assert faults_of_events([event]) == ()
