"""What the openai SDK raises, said as ServiceError: one wording for every client of OpenAI's protocol."""

from collections.abc import Iterator
from contextlib import contextmanager
from json import JSONDecodeError

from resources.errors import ServiceError

# What OpenAI, Azure, vLLM and llama.cpp say where it is one request's content that they do not take.
_ABOUT_CONTENT = {
    "content_filter": "stopped by the provider's content filter",
    "content_policy_violation": "stopped by the provider's content filter",
    "invalid_prompt": "stopped by the provider's content filter",
    "context_length_exceeded": "too long for the model",
    "string_above_max_length": "too long for the model",
    "exceed_context_size_error": "too long for the model",
    "maximum context length": "too long for the model",
    "exceeds the available context": "too long for the model",
}
_OF_ONE_REQUEST = (400, 413, 422)
REQUEST_TIMEOUT = 408


def about_content(error: ServiceError) -> str | None:
    """Why a provider does not take what is in one request, short enough to count by; None where that is not why."""
    import openai

    rejected = error.__cause__
    if not isinstance(rejected, openai.APIStatusError) or rejected.status_code not in _OF_ONE_REQUEST:
        return None
    said = f"{rejected.code} {rejected.type} {rejected.message}".lower()
    known = next((reason for words, reason in _ABOUT_CONTENT.items() if words in said), None)
    return known or ("too long for the model" if rejected.status_code == 413 else None)


def is_of_one_request(error: ServiceError) -> bool:
    """Whether a provider turned down a request, rather than whoever sends it: the next one may fare better."""
    return getattr(error.__cause__, "status_code", None) in _OF_ONE_REQUEST


@contextmanager
def clear_errors(address: str, section: str = "generation") -> Iterator[None]:
    """Turn the SDK's errors into ServiceError, with the SDK's own as its cause.

    `address` names the provider for people; `section` is the part of the settings that shaped the request.
    """
    import openai  # half a second to import: only runs that ask a provider pay for it

    try:
        yield
    except openai.AuthenticationError as error:
        raise ServiceError(f"{address} refused the key.", "Set a valid OPENAI_API_KEY.") from error
    except openai.PermissionDeniedError as error:
        raise ServiceError(
            f"{address} denied access: {error.message}.", "Check OPENAI_API_KEY and OPENAI_ORG."
        ) from error
    except openai.RateLimitError as error:
        spent = error.code == "insufficient_quota"
        slower = (
            "Lower generation.concurrency, or run it again later." if section == "generation" else "Run it again later."
        )
        advice = "Add credit to the account." if spent else slower
        raise ServiceError(f"{address} limits requests: {error.message}.", advice, transient=not spent) from error
    except openai.APIConnectionError as error:
        if isinstance(error, openai.APITimeoutError) and not _lost(error):
            raise ServiceError(
                f"{address} did not answer in time.",
                "Run it again, or raise generation.timeout_seconds.",
                transient=True,
            ) from error
        raise ServiceError(
            f"No connection to the model at {address}.",
            "Start it (`make up` starts the embedded one), or correct OPENAI_BASE_URL.",
            transient=True,
        ) from error
    except (openai.InternalServerError, openai.ConflictError) as error:
        raise ServiceError(f"{address} failed ({error.status_code}).", "Run it again later.", transient=True) from error
    except openai.APIStatusError as error:
        if error.status_code == REQUEST_TIMEOUT:
            raise ServiceError(f"{address} failed (408).", "Run it again later.", transient=True) from error
        raise ServiceError(
            f"{address} rejected the request ({error.status_code}): {error.message}.",
            f"Correct the settings under `{section}`.",
        ) from error
    except (openai.APIResponseValidationError, JSONDecodeError) as error:
        raise ServiceError(
            f"{address} answered with something that is not the OpenAI protocol.",
            "Check that OPENAI_BASE_URL ends in the API's path, usually /v1.",
        ) from error


def _lost(error: Exception) -> bool:
    """Whether a time-out is none: the aiohttp transport calls refused and cut connections so too (openai 3.54)."""
    cause = error.__cause__
    root = (cause.__cause__ or cause.__context__) if cause else None
    return type(cause).__name__ == "ConnectTimeout" and root is not None and not isinstance(root, TimeoutError)
