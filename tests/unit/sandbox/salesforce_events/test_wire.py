"""The messages and methods are those of the vendor's own file."""

import pytest
from google.protobuf import descriptor_pb2

from sandbox.salesforce.events.wire import file_descriptor
from tests.unit.sandbox.salesforce_events.conftest import Generated

pytestmark = pytest.mark.shared


def test_messages_enums_and_methods_are_the_vendors(generated: Generated) -> None:
    theirs = descriptor_pb2.FileDescriptorProto()
    generated.messages.DESCRIPTOR.CopyToProto(theirs)
    ours = file_descriptor()
    assert ours.package == theirs.package
    assert {one.name: _fields(one) for one in ours.message_type} == {
        one.name: _fields(one) for one in theirs.message_type
    }
    for kind in ("enum_type", "service"):
        mine, other = (sorted(map(str, getattr(file, kind))) for file in (ours, theirs))
        assert mine == other


def _fields(message: descriptor_pb2.DescriptorProto) -> list[tuple[object, ...]]:
    return [(one.number, one.name, one.type, one.label, one.type_name) for one in message.field]
