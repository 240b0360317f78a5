"""The part of the tour that walks past what hangs on a message or an event, named by its path."""

from tests.unit.sandbox.graph.conftest import Office


def visit_attachments(office: Office, owner: str) -> None:
    path = f"{owner}/attachments"
    file = {"@odata.type": "#microsoft.graph.fileAttachment", "name": "a", "contentBytes": "aGk="}
    added = office.call("POST", path, file).json()["id"]
    office.get(path)
    office.get(f"{path}/{added}")
    office.get(f"{owner}?$expand=attachments")
    big = {"AttachmentItem": {"attachmentType": "file", "name": "b", "size": 4_000_000}}
    office.call("POST", f"{path}/createUploadSession", big)
    office.call("GET", f"{path}/{added}/$value")
    office.call("DELETE", f"{path}/{added}")


def visit_extensions(office: Office, owner: str) -> None:
    path = f"{owner}/extensions"
    named = {"@odata.type": "microsoft.graph.openTypeExtension", "extensionName": "Test.A", "a": 1}
    office.call("POST", path, named)
    office.get(path)
    office.get(f"{path}/Test.A")
    office.get(f"{owner}?$expand=extensions")
    office.call("PATCH", f"{path}/Test.A", {"b": 2})
    office.call("DELETE", f"{path}/Test.A")
