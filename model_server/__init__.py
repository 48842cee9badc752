"""An OpenAI-compatible server on this machine: the same API that the openai SDK speaks, without a key or a network.

Knows HTTP, the API's shapes and its errors; what an answer says is decided in `tailoring`, the only package of ours
that may be imported here. Run it with `python -m model_server`.
"""
