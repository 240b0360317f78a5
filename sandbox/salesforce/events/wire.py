"""The messages of the Pub/Sub API, from a table of their fields; a test compares it with the vendor's file."""

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor_pb2 import FieldDescriptorProto as Kind

PACKAGE = "eventbus.v1"
SERVICE = f"{PACKAGE}.PubSub"
_SCALARS = {
    "string": Kind.TYPE_STRING,
    "bytes": Kind.TYPE_BYTES,
    "int32": Kind.TYPE_INT32,
    "int64": Kind.TYPE_INT64,
    "bool": Kind.TYPE_BOOL,
}
ENUMS = {
    "ErrorCode": ("UNKNOWN", "PUBLISH", "COMMIT"),
    "ReplayPreset": ("LATEST", "EARLIEST", "CUSTOM"),
}
MESSAGES = {
    "TopicInfo": "string topic_name, string tenant_guid, bool can_publish, bool can_subscribe, string schema_id, "
    "string rpc_id",
    "TopicRequest": "string topic_name",
    "EventHeader": "string key, bytes value",
    "ProducerEvent": "string id, string schema_id, bytes payload, *EventHeader headers",
    "ConsumerEvent": "ProducerEvent event, bytes replay_id",
    "PublishResult": "bytes replay_id, Error error, string correlation_key",
    "Error": "ErrorCode code, string msg",
    "FetchRequest": "string topic_name, ReplayPreset replay_preset, bytes replay_id, int32 num_requested, "
    "string auth_refresh",
    "FetchResponse": "*ConsumerEvent events, bytes latest_replay_id, string rpc_id, int32 pending_num_requested",
    "SchemaRequest": "string schema_id",
    "SchemaInfo": "string schema_json, string schema_id, string rpc_id",
    "PublishRequest": "string topic_name, *ProducerEvent events, string auth_refresh",
    "PublishResponse": "*PublishResult results, string schema_id, string rpc_id",
    "ManagedFetchRequest": "string subscription_id, string developer_name, int32 num_requested, "
    "string auth_refresh, CommitReplayRequest commit_replay_id_request",
    "ManagedFetchResponse": "*ConsumerEvent events, bytes latest_replay_id, string rpc_id, "
    "int32 pending_num_requested, CommitReplayResponse commit_response",
    "CommitReplayRequest": "string commit_request_id, bytes replay_id",
    "CommitReplayResponse": "string commit_request_id, bytes replay_id, Error error, int64 process_time",
}
"""Fields in the order of their numbers, which begin with 1; `*` is repeated."""
METHODS = {
    "Subscribe": ("*FetchRequest", "*FetchResponse"),
    "GetSchema": ("SchemaRequest", "SchemaInfo"),
    "GetTopic": ("TopicRequest", "TopicInfo"),
    "Publish": ("PublishRequest", "PublishResponse"),
    "PublishStream": ("*PublishRequest", "*PublishResponse"),
    "ManagedSubscribe": ("*ManagedFetchRequest", "*ManagedFetchResponse"),
}
"""Request and answer; `*` is a stream."""


def file_descriptor() -> descriptor_pb2.FileDescriptorProto:
    file = descriptor_pb2.FileDescriptorProto(name="sandbox/pubsub.proto", package=PACKAGE, syntax="proto3")
    for name, values in ENUMS.items():
        enum = file.enum_type.add(name=name)
        for number, value in enumerate(values):
            enum.value.add(name=value, number=number)
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for number, text in enumerate(fields.split(", "), 1):
            _add_field(message, number, text)
    service = file.service.add(name="PubSub")
    for name, (asked, answered) in METHODS.items():
        types = [f".{PACKAGE}.{word.lstrip('*')}" for word in (asked, answered)]
        method = service.method.add(name=name, input_type=types[0], output_type=types[1])
        if asked.startswith("*"):
            method.client_streaming = True
        if answered.startswith("*"):
            method.server_streaming = True
    return file


def _add_field(message: descriptor_pb2.DescriptorProto, number: int, text: str) -> None:
    kind, name = text.split()
    label = Kind.LABEL_REPEATED if kind.startswith("*") else Kind.LABEL_OPTIONAL
    kind = kind.lstrip("*")
    made = message.field.add(name=name, number=number, label=label)
    if kind in _SCALARS:
        made.type = _SCALARS[kind]
    else:
        made.type = Kind.TYPE_ENUM if kind in ENUMS else Kind.TYPE_MESSAGE
        made.type_name = f".{PACKAGE}.{kind}"


_POOL = descriptor_pool.DescriptorPool()
_POOL.Add(file_descriptor())


def message(name: str) -> Any:
    """The class of a message, such as `message("FetchResponse")`."""
    return message_factory.GetMessageClass(_POOL.FindMessageTypeByName(f"{PACKAGE}.{name}"))
