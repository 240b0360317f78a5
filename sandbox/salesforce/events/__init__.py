"""Change Data Capture, told over the Pub/Sub API.

capture.py reads a committed transaction; bus.py keeps what it says for three days and counts what is delivered;
avro.py puts it into the binary form; wire.py and service.py are the vendor's gRPC.
"""
