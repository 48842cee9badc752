"""The one error that every outside system raises: what happened, what to do, and whether waiting may help."""


class ServiceError(Exception):
    """An outside system could not do what was asked.

    Attributes:
        transient: True where the same call may work later (time-outs, overload, lost connections); False where
            somebody has to change something first (a key, a name, data).
    """

    def __init__(self, what: str, advice: str, *, transient: bool = False) -> None:
        self.transient = transient
        super().__init__(f"{what} {advice}")
