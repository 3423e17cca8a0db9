"""Bodies in protobuf, as kubectl ≥ 1.32 and helm send them: decoded into the JSON that the same client would have sent."""
